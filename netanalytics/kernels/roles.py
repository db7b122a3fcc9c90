"""Compiled counts of the brokerage roles of Gould and Fernandez.

Ties are stored from both ends as in :mod:`netanalytics.kernels.triangles`; ``arc`` says for every
entry (i, j) whether i reaches j. The columns of a result are the roles in the order of ``ROLES``.
All numbers are whole, so that no order of adding matters.
"""

from __future__ import annotations

import numpy as np

from netanalytics.kernels.compiled import compiled
from netanalytics.kernels.triangles import upward

ROLES = ("coordinator", "itinerant", "representative", "gatekeeper", "liaison")


@compiled
def role_of(source: int, broker: int, target: int) -> int:
    """Return the number of the role that three groups make."""
    if source == target:
        return 0 if source == broker else 1
    if source == broker:
        return 2
    return 3 if target == broker else 4


@compiled
def two_paths(  # noqa: PLR0917
    starts: np.ndarray,
    contacts: np.ndarray,
    twin: np.ndarray,
    arc: np.ndarray,
    group: np.ndarray,
    groups: int,
) -> np.ndarray:
    """Count by role the ways a → person → b, open or closed, from the groups of contacts."""
    counts = np.zeros((len(starts) - 1, 5), np.int64)
    come = np.zeros(groups, np.int64)
    go = np.zeros(groups, np.int64)
    for person in range(len(starts) - 1):
        own = group[person]
        all_in, all_out, both_own, both_else = 0, 0, 0, 0
        for entry in range(starts[person], starts[person + 1]):
            other = group[contacts[entry]]
            out, back = arc[entry], arc[twin[entry]]
            go[other] += out
            come[other] += back
            all_out += out
            all_in += back
            if out and back:
                both_own += other == own
                both_else += other != own
        same = 0  # ways from a group other than the person's into that same group
        for entry in range(starts[person], starts[person + 1]):
            other = group[contacts[entry]]
            if other != own:
                same += come[other] * go[other]
                come[other] = 0
                go[other] = 0
        in_own, out_own = come[own], go[own]
        come[own] = 0
        go[own] = 0
        in_else, out_else = all_in - in_own, all_out - out_own
        counts[person, 0] = in_own * out_own - both_own
        counts[person, 1] = same - both_else
        counts[person, 2] = in_own * out_else
        counts[person, 3] = in_else * out_own
        counts[person, 4] = in_else * out_else - same
    return counts


@compiled
def closed_two_paths(  # noqa: C901, PLR0917
    starts: np.ndarray, contacts: np.ndarray, twin: np.ndarray, arc: np.ndarray, group: np.ndarray
) -> np.ndarray:
    """Count by role the ways a → person → b where a reaches b as well."""
    counts = np.zeros((len(starts) - 1, 5), np.int64)
    begin, contact, entry = upward(starts, contacts)
    mark = np.full(len(starts) - 1, -1, np.int32)
    for u in range(len(starts) - 1):
        for at in range(begin[u], begin[u + 1]):
            mark[contact[at]] = entry[at]
        for at in range(begin[u], begin[u + 1]):
            v = contact[at]
            for then in range(begin[v], begin[v + 1]):
                w = contact[then]
                if mark[w] < 0:
                    continue
                uv, vu = arc[entry[at]], arc[twin[entry[at]]]
                vw, wv = arc[entry[then]], arc[twin[entry[then]]]
                uw, wu = arc[mark[w]], arc[twin[mark[w]]]
                one, two, three = group[u], group[v], group[w]
                if vu and uw and vw:
                    counts[u, role_of(two, one, three)] += 1
                if wu and uv and wv:
                    counts[u, role_of(three, one, two)] += 1
                if uv and vw and uw:
                    counts[v, role_of(one, two, three)] += 1
                if wv and vu and wu:
                    counts[v, role_of(three, two, one)] += 1
                if uw and wv and uv:
                    counts[w, role_of(one, three, two)] += 1
                if vw and wu and vu:
                    counts[w, role_of(two, three, one)] += 1
        for at in range(begin[u], begin[u + 1]):
            mark[contact[at]] = -1
    return counts
