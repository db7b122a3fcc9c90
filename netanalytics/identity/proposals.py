"""What is proposed to be one person: which pairs, in which order, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from netanalytics.identity import words
from netanalytics.identity.features import everywhere

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from netanalytics.identity.features import Evidence
    from netanalytics.identity.profiles import Profiles

SURE = 0.98
"""From here on a proposal may be accepted unread; what it already joins is not proposed again."""

NEARLY_SURE, RESTING = 0.95, 0.985
"""What is so sure by itself may become sure by other proposals, and then no surer than this."""

LIKELY = 0.5
"""From here on a proposal is likely enough that what it implies need not be read beside it."""

FLOOR = 0.03
UNSURE_PER_1000, ALL_PER_1000, ALWAYS = 145, 500, 20
"""Nobody reads more proposals than this; a small place may have :data:`ALWAYS` of them."""

FEW_SURE_PER_1000, LEFT_PER_1000 = 60, 145
"""With so few sure ones, most have been accepted: then no more than this are left in all."""

PROPOSAL_COLUMNS = ("a", "b", "confidence", "because")


def raised(
    first: tuple[Evidence, Any],
    later: tuple[Evidence, Any],
    cluster: Any,
    parted: set[tuple[int, int]],
) -> Any:
    """Return how sure each pair is, where one that is nearly sure rests on sure ones too.

    Two addresses of one person know different people: once both are seen as one, a third finds in
    them all the contacts it shares. Only what is nearly sure by itself is raised: the model was not
    fitted on persons put together, and below that its figures would mean less.

    Parameters
    ----------
    first : tuple of (Evidence, numpy.ndarray)
        Pairs, and how sure each is by itself.
    later : tuple of (Evidence, numpy.ndarray)
        The same once what is sure is joined.
    cluster : numpy.ndarray
        Cluster of each identity then.
    parted : set of (int, int)
        Pairs of those clusters that must not be joined.

    Returns
    -------
    numpy.ndarray
    """
    (found, sure), (after, again) = first, later
    size = int(cluster.max(initial=0)) + 1
    ends = np.sort(cluster[found.through], axis=1)
    asked = np.flatnonzero((sure >= NEARLY_SURE) & (sure < SURE) & (ends[:, 0] != ends[:, 1]))
    barred = np.array(sorted(one * size + other for one, other in parted), dtype=np.int64)
    key = ends[asked, 0] * size + ends[asked, 1]
    asked, key = asked[~np.isin(key, barred)], key[~np.isin(key, barred)]
    place = np.searchsorted(after.pairs[:, 0] * size + after.pairs[:, 1], key)
    judged = sure.copy()
    better = again[place] >= SURE
    judged[asked[better]] = np.minimum(again[place[better]], RESTING)
    return judged


def chosen(found: Evidence, sure: Any, parted: set[tuple[int, int]], size: int) -> tuple[Any, int]:
    """Choose what to propose: no pair that surer ones imply, and no more than somebody reads.

    Parameters
    ----------
    found : Evidence
        The pairs.
    sure : numpy.ndarray
        How sure each is.
    parted : set of (int, int)
        Pairs of clusters that must not be joined.
    size : int
        How many identities there are.

    Returns
    -------
    (numpy.ndarray, int)
        Which pairs to list, and how many are left out.
    """
    pairs = found.pairs
    order = np.lexsort((pairs[:, 1], pairs[:, 0], -sure))
    order = order[sure[order] >= FLOOR]
    if parted:
        allowed = [tuple(pair) not in parted for pair in pairs[order].tolist()]
        order = order[np.array(allowed, dtype=bool)]
    certain, unsure = _unimplied(pairs[order].tolist(), sure[order].tolist())
    certain, unsure = order[certain].tolist(), order[unsure].tolist()
    most = max(ALWAYS, size * ALL_PER_1000 // 1000)
    if len(certain) * 1000 <= size * FEW_SURE_PER_1000:
        most = max(ALWAYS, size * LEFT_PER_1000 // 1000)
    room = min(max(ALWAYS, size * UNSURE_PER_1000 // 1000), max(0, most - len(certain)))
    listed = [*certain[:most], *_most(unsure, sure, room)]
    return np.array(sorted(listed), dtype=np.int64), len(order) - len(listed)


def _unimplied(pairs: Sequence[Sequence[int]], sure: Sequence[float]) -> tuple[Any, Any]:
    """Return which pairs, the surest first, say what surer ones do not: sure ones, and others.

    Who confirms two sides of a triangle has confirmed the third. Among equals nothing is implied,
    since which of them came first would depend on ids.
    """
    root: dict[int, int] = {}

    def find(place: int) -> int:
        while (above := root.get(place, place)) != place:
            root[place] = root.get(above, above)
            place = above
        return place

    certain: list[int] = []
    unsure: list[int] = []
    waiting: list[tuple[int, int]] = []
    for number, ((a, b), p) in enumerate(zip(pairs, sure, strict=True)):
        if waiting and p < sure[number - 1]:
            for x, y in waiting:
                root[find(y)] = find(x)
            waiting = []
        one, other = find(a), find(b)
        if one == other:
            continue
        if p >= SURE:
            root[other] = one
            certain.append(number)
        else:
            unsure.append(number)
            if p >= LIKELY:
                waiting.append((a, b))
    return np.array(certain, dtype=np.int64), np.array(unsure, dtype=np.int64)


def _most(numbers: list[int], sure: Any, most: int) -> list[int]:
    """Return the surest, without those that are as sure as the first left out.

    Which of equals is shown must not depend on their ids.
    """
    if len(numbers) <= most:
        return numbers
    return [number for number in numbers[:most] if sure[number] > sure[numbers[most]]]


def listing(
    known: Profiles,
    cluster: Any,
    owner: Sequence[str],
    judged: tuple[Evidence, Any, Any],
) -> pd.DataFrame:
    """Return the proposals, the most consequential first: sure, and of people with contacts.

    Parameters
    ----------
    known : Profiles
        All identities.
    cluster : numpy.ndarray
        Cluster of each identity.
    owner : sequence of str
        Who stands for each cluster.
    judged : tuple of (Evidence, numpy.ndarray, numpy.ndarray)
        The pairs, how sure each is, and which to list.

    Returns
    -------
    pandas.DataFrame
        Columns a, b, confidence, because.
    """
    import pandas as pd

    found, sure, listed = judged
    ends = [sorted((owner[a], owner[b])) for a, b in found.pairs[listed].tolist()]
    columns = {name: values[listed] for name, values in found.columns.items()}
    common = _common(known, cluster, found.pairs[listed])
    table = pd.DataFrame(
        {
            "a": pd.Series([a for a, _ in ends], dtype="str"),
            "b": pd.Series([b for _, b in ends], dtype="str"),
            "confidence": sure[listed],
            "because": pd.Series(_because(columns, common), dtype="str"),
            "weight": sure[listed] * (1 + columns["contacts"]),
        }
    )
    ordered = table.sort_values(["weight", "a", "b"], ascending=[False, True, True])
    return ordered[list(PROPOSAL_COLUMNS)].reset_index(drop=True)


def _common(known: Profiles, cluster: Any, pairs: Any) -> Any:
    """Count the contacts that two clusters share."""
    from scipy import sparse

    contacts = known.contacts.tocoo()
    size = int(cluster.max(initial=0)) + 1
    ends = (cluster[contacts.row], cluster[contacts.col])
    telling = ~everywhere(*ends, size)[ends[1]]
    ends = (ends[0][telling], ends[1][telling])
    matrix = sparse.csr_array((np.ones(len(ends[0])), ends), shape=(size, size))
    matrix.sum_duplicates()
    matrix.data[:] = 1
    if not len(pairs):
        return np.zeros(0)
    return np.asarray(matrix[pairs[:, 0]].multiply(matrix[pairs[:, 1]]).sum(axis=1)).ravel()


_FIRST = {
    words.EXACT: "same given name",
    words.NICKNAME: "a short form of the given name",
    words.TYPO: "nearly the same given name",
    words.INITIAL: "the initial of the given name",
    words.CONFLICT: "another given name",
}
_LAST = {
    words.EXACT: "same family name",
    words.NICKNAME: "a form of the family name",
    words.PART: "one family name in common",
    words.TYPO: "nearly the same family name",
    words.INITIAL: "the initial of the family name",
    words.CONFLICT: "another family name",
}
_LOCAL = {4: "the address spells the name", 3: "the address is initial and family name"}
_LOCAL |= {2: "the address is family name and initial", 1: "the address is a given name"}


def _because(columns: dict[str, Any], common: Any) -> list[str]:
    """Say for each pair what speaks for it and what against."""
    said_of = []
    rows = zip(
        *(columns[name].tolist() for name in ("first", "last", "same_local", "local")),
        *(columns[name].tolist() for name in ("organisation", "often", "contacts")),
        common.tolist(),
        strict=True,
    )
    for first, last, same_local, local, place, often, contacts, shared in rows:
        parts = _called(first, last)
        if same_local:
            parts.append("same address but for the domain" if same_local == 2 else "like addresses")
        elif local:
            parts.append(_LOCAL[local])
        if place:
            parts.append("same organisation" if place > 0 else "other organisations")
        if shared:
            parts.append(f"{int(shared)} contact{'s' * (shared > 1)} in common")
        elif contacts:
            parts.append("no contact in common")
        namesakes = round(float(np.expm1(often)))
        if namesakes > 2 and first >= words.NICKNAME and last >= words.PART:
            parts.append(f"{namesakes} have this name")
        said_of.append("; ".join(parts))
    return said_of


def _called(first: int, last: int) -> list[str]:
    if first == words.EXACT and last == words.EXACT:
        return ["same name"]
    return [text for text in (_FIRST.get(first), _LAST.get(last)) if text]
