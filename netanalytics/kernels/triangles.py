"""Compiled sums over triangles: everything that two people share through a third.

Ties are stored from both ends, row by row: ``starts`` and ``contacts`` as in a CSR matrix with
sorted rows, and ``twin``, where the same tie is stored from its other end. Each triangle is found
once, from the end of smallest degree, so that hubs cost little: the work is at most m^1.5. For this
``begin``, ``contact`` and ``entry`` hold every tie once, as :func:`upward` returns them.
"""

from __future__ import annotations

import numpy as np

from netanalytics.kernels.compiled import compiled


@compiled
def twins(starts: np.ndarray, contacts: np.ndarray) -> np.ndarray:
    """Return where every entry (i, j) of a symmetric matrix is stored as (j, i)."""
    place = starts[:-1].copy()
    twin = np.empty(len(contacts), np.int32)
    for person in range(len(place)):
        for entry in range(starts[person], starts[person + 1]):
            other = contacts[entry]
            twin[entry] = place[other]
            place[other] += 1
    return twin


@compiled
def upward(starts: np.ndarray, contacts: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the entries that lead to a contact of larger degree: starts, contacts, entries."""
    size = len(starts) - 1
    begin = np.zeros(size + 1, np.int64)
    contact = np.empty(len(contacts) // 2, np.int32)
    entry = np.empty(len(contacts) // 2, np.int32)
    count = 0
    for person in range(size):
        degree = starts[person + 1] - starts[person]
        for place in range(starts[person], starts[person + 1]):
            other = contacts[place]
            degree_other = starts[other + 1] - starts[other]
            if degree < degree_other or (degree == degree_other and person < other):
                contact[count] = other
                entry[count] = place
                count += 1
        begin[person + 1] = count
    return begin, contact, entry


@compiled
def through(  # noqa: PLR0917
    begin: np.ndarray,
    contact: np.ndarray,
    entry: np.ndarray,
    twin: np.ndarray,
    near: np.ndarray,
    far: np.ndarray,
) -> np.ndarray:
    """Return Σ_q near(i, q) · far(q, j) for every entry (i, j), over the q tied to both."""
    mark = np.full(len(begin) - 1, -1, np.int32)
    total = np.zeros(len(twin))
    for u in range(len(begin) - 1):
        if begin[u + 1] - begin[u] < 2:
            continue
        for at in range(begin[u], begin[u + 1]):
            mark[contact[at]] = entry[at]
        for at in range(begin[u], begin[u + 1]):
            v = contact[at]
            uv = entry[at]
            vu = twin[uv]
            for then in range(begin[v], begin[v + 1]):
                uw = mark[contact[then]]
                if uw < 0:
                    continue
                vw = entry[then]
                wv = twin[vw]
                wu = twin[uw]
                total[uv] += near[uw] * far[wv]
                total[vu] += near[vw] * far[wu]
                total[vw] += near[vu] * far[uw]
                total[wv] += near[wu] * far[uv]
                total[uw] += near[uv] * far[vw]
                total[wu] += near[wv] * far[vu]
        for at in range(begin[u], begin[u + 1]):
            mark[contact[at]] = -1
    return total


@compiled
def redundancy(  # noqa: PLR0917
    begin: np.ndarray,
    contact: np.ndarray,
    strength: np.ndarray,
    total: np.ndarray,
    most: np.ndarray,
) -> np.ndarray:
    """Return Σ_j Σ_q p_iq m_jq for everybody i, p = strength / total_i, m = strength / most_j.

    The strengths are those of the ties in the order of ``contact``. Each triangle adds two terms to
    each of its three people, and nothing is kept for every tie.
    """
    mark = np.full(len(begin) - 1, -1, np.int32)
    again = np.zeros(len(begin) - 1)
    for u in range(len(begin) - 1):
        if begin[u + 1] - begin[u] < 2:
            continue
        for at in range(begin[u], begin[u + 1]):
            mark[contact[at]] = at
        for at in range(begin[u], begin[u + 1]):
            v = contact[at]
            uv = strength[at]
            for then in range(begin[v], begin[v + 1]):
                w = contact[then]
                there = mark[w]
                if there < 0:
                    continue
                uw, vw = strength[there], strength[then]
                # Divided before they meet: the product of two small strengths would be lost.
                again[u] += uw / total[u] * (vw / most[v]) + uv / total[u] * (vw / most[w])
                again[v] += vw / total[v] * (uw / most[u]) + uv / total[v] * (uw / most[w])
                again[w] += vw / total[w] * (uv / most[u]) + uw / total[w] * (uv / most[v])
        for at in range(begin[u], begin[u + 1]):
            mark[contact[at]] = -1
    return again


@compiled
def strongest_through(  # noqa: PLR0917
    begin: np.ndarray,
    contact: np.ndarray,
    entry: np.ndarray,
    twin: np.ndarray,
    strength: np.ndarray,
) -> np.ndarray:
    """Return the strongest tie of j to somebody tied to both, for every entry (i, j), or 0."""
    mark = np.full(len(begin) - 1, -1, np.int32)
    best = np.zeros(len(twin))
    for u in range(len(begin) - 1):
        for at in range(begin[u], begin[u + 1]):
            mark[contact[at]] = entry[at]
        for at in range(begin[u], begin[u + 1]):
            uv = entry[at]
            v = contact[at]
            for then in range(begin[v], begin[v + 1]):
                uw = mark[contact[then]]
                if uw < 0:
                    continue
                vw = entry[then]
                best[uv] = max(best[uv], strength[vw])
                best[twin[uv]] = max(best[twin[uv]], strength[uw])
                best[vw] = max(best[vw], strength[uw])
                best[twin[vw]] = max(best[twin[vw]], strength[uv])
                best[uw] = max(best[uw], strength[vw])
                best[twin[uw]] = max(best[twin[uw]], strength[uv])
        for at in range(begin[u], begin[u + 1]):
            mark[contact[at]] = -1
    return best


@compiled
def shared(
    begin: np.ndarray, contact: np.ndarray, entry: np.ndarray, twin: np.ndarray
) -> np.ndarray:
    """Return for every entry (i, j) how many people are tied to both."""
    mark = np.full(len(begin) - 1, -1, np.int32)
    count = np.zeros(len(twin), np.int32)
    for u in range(len(begin) - 1):
        if begin[u + 1] - begin[u] < 2:
            continue
        for at in range(begin[u], begin[u + 1]):
            mark[contact[at]] = entry[at]
        for at in range(begin[u], begin[u + 1]):
            found = 0
            for then in range(begin[contact[at]], begin[contact[at] + 1]):
                uw = mark[contact[then]]
                if uw >= 0:
                    count[uw] += 1
                    count[entry[then]] += 1
                    found += 1
            count[entry[at]] += found
        for at in range(begin[u], begin[u + 1]):
            mark[contact[at]] = -1
    for place in range(len(twin)):  # counted where the triangle was found: now both ways
        count[place] = max(count[place], count[twin[place]])
    return count
