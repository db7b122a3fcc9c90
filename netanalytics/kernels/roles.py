"""Compiled counts of the brokerage roles of Gould and Fernandez.

Ties are stored from both ends as in :mod:`netanalytics.kernels.triangles`; ``ways`` says for every
entry (i, j) whether i reaches j (1), j reaches i (2) or both (3). Whoever has no group (−1) is left
out. The columns of a result are the roles in the order of ``ROLES``. All numbers are whole, so that
no order of adding matters.
"""

from __future__ import annotations

import numpy as np

from netanalytics.kernels.compiled import compiled

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
    starts: np.ndarray, contacts: np.ndarray, ways: np.ndarray, group: np.ndarray, groups: int
) -> np.ndarray:
    """Count by role the ways a → person → b, open or closed, from the groups of contacts."""
    counts = np.zeros((len(starts) - 1, 5), np.int64)
    # The last place is for those without a group: quicker than to ask everybody.
    come = np.zeros(groups + 1, np.int64)
    go = np.zeros(groups + 1, np.int64)
    both = np.zeros(groups + 1, np.int64)
    for person in range(len(starts) - 1):
        own = group[person]
        if own < 0:
            continue
        for entry in range(starts[person], starts[person + 1]):
            way = np.int64(ways[entry])
            other = group[contacts[entry]]
            go[other] += way & 1
            come[other] += way >> 1
            both[other] += way == 3
        in_own, out_own, both_own = come[own], go[own], both[own]
        come[own] = go[own] = both[own] = 0
        in_else, out_else, both_else, same = 0, 0, 0, 0
        for other in range(groups):
            in_else += come[other]
            out_else += go[other]
            both_else += both[other]
            same += come[other] * go[other]  # ways from another group into that same group
            come[other] = go[other] = both[other] = 0
        counts[person, 0] = in_own * out_own - both_own
        counts[person, 1] = same - both_else
        counts[person, 2] = in_own * out_else
        counts[person, 3] = in_else * out_own
        counts[person, 4] = in_else * out_else - same
    return counts


@compiled
def closed_two_paths(  # noqa: C901, PLR0912
    begin: np.ndarray, contact: np.ndarray, ways: np.ndarray, group: np.ndarray
) -> np.ndarray:
    """Count by role the ways a → person → b where a reaches b as well.

    ``begin`` and ``contact`` hold every tie once, ``ways`` in the order of ``contact``.
    """
    counts = np.zeros((len(begin) - 1, 5), np.int64)
    mark = np.full(len(begin) - 1, -1, np.int32)
    for u in range(len(begin) - 1):
        if begin[u + 1] - begin[u] < 2:
            continue
        for at in range(begin[u], begin[u + 1]):
            mark[contact[at]] = at
        for at in range(begin[u], begin[u + 1]):
            v = contact[at]
            for then in range(begin[v], begin[v + 1]):
                w = contact[then]
                if mark[w] < 0:
                    continue
                one, two, three = group[u], group[v], group[w]
                if one < 0 or two < 0 or three < 0:
                    continue
                uv, uw, vw = ways[at], ways[mark[w]], ways[then]
                if uv & 2 and uw & 1 and vw & 1:
                    counts[u, role_of(two, one, three)] += 1
                if uw & 2 and uv & 1 and vw & 2:
                    counts[u, role_of(three, one, two)] += 1
                if uv & 1 and vw & 1 and uw & 1:
                    counts[v, role_of(one, two, three)] += 1
                if vw & 2 and uv & 2 and uw & 2:
                    counts[v, role_of(three, two, one)] += 1
                if uw & 1 and vw & 2 and uv & 1:
                    counts[w, role_of(one, three, two)] += 1
                if vw & 1 and uw & 2 and uv & 2:
                    counts[w, role_of(two, three, one)] += 1
        for at in range(begin[u], begin[u + 1]):
            mark[contact[at]] = -1
    return counts
