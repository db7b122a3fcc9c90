"""Whom a person might meet, and which contact in common could introduce them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from netanalytics.advice import reasons
from netanalytics.arguments import whole
from netanalytics.network.naming import called

if TYPE_CHECKING:
    from netanalytics.network import Network

COLUMNS = ("rank", "person", "target", "via", "score", "because")

BLOCK = 4_000_000
"""How many two-step paths are held at once."""

MOST_NAMESAKES = 5
"""More people than this of one name are several people."""

DIGITS = 12
"""Scores are compared to this many significant digits: the rest is noise of their sums."""


def introductions(net: Network, *, person: str | None = None, n: int | None = 10) -> pd.DataFrame:
    """Suggest new ties, each with the contact in common who could make the introduction.

    Parameters
    ----------
    net : Network
        A network with strengths.
    person : str, optional
        Id of the person to suggest for; everybody without it.
    n : int, optional
        How many suggestions a person; None for all.

    Returns
    -------
    pandas.DataFrame
        Columns rank (1 is first, a person), person, target, via (tied to both), score, because.
        Empty where nobody has an untied contact of a contact.

    Raises
    ------
    UnknownPersonError
        If there is no such person.
    OptionError
        If ``n`` is below 1.

    Notes
    -----
    Resource allocation on ties that fade:
    score(u, v) = Σ_z W_uz W_zv / (1 + Σ_y W_zy) over contacts z of both, W = ln(1 + strength).
    A high score says that many contacts in common, who do not know everybody, are in recent touch
    with both; it says nothing about what would come of it. People with a meeting already planned
    are left out.

    References
    ----------
    Zhou, Lü & Zhang (2009), Predicting missing links via local information.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> net = Network.from_ties(pd.DataFrame({"source": ["a", "b"], "target": ["b", "c"]}))
    >>> introductions(net, person="a")[["rank", "person", "target", "via"]].values.tolist()
    [[1, 'a', 'c', 'b']]
    """
    if n is not None:
        whole("n", n, least=1, also=", or None for all")
    rows = np.arange(len(net.people))
    if person is not None:
        rows = np.array([net.people.index.get_loc(net.find(person))])
    weights = net.adjacency()
    weights.data = np.log1p(weights.data)
    blocked = _blocked_pairs(net)
    found = [_best(_scores(weights, block), block, n, blocked) for block in _blocks(weights, rows)]
    table = pd.DataFrame(np.concatenate(found), columns=["person", "target", "score"])
    via, shared = _between(weights, table)
    return _told(net, table, via, shared)


def _blocked_pairs(net: Network) -> np.ndarray:
    """Return pairs that need no introduction, as sorted numbers row × people + column."""
    size = len(net.people)
    first, second = (ends.astype(np.int64) for ends in net.ends)
    planned = [
        net.people.index.get_indexer(pd.Index(net.planned[column])).astype(np.int64)
        for column in ("source", "target")
    ]
    first, second = np.concatenate([first, planned[0]]), np.concatenate([second, planned[1]])
    selves = np.arange(size, dtype=np.int64) * (size + 1)
    one, other = _of_one_name(net)
    pairs = [first * size + second, second * size + first, selves, one * size + other]
    return np.unique(np.concatenate(pairs))


def _of_one_name(net: Network) -> tuple[np.ndarray, np.ndarray]:
    """Return the pairs of people of one name, both ways: they may be one, and need no introduction.

    A name that many bear is no sign of that.
    """
    names = pd.factorize(called(net.people).astype(str).str.casefold())[0]
    few = np.flatnonzero((counts := np.bincount(names)[names]) > 1)
    few = few[counts[few] <= MOST_NAMESAKES]
    rows = pd.DataFrame({"name": names[few], "at": few.astype(np.int64)})
    pairs = rows.merge(rows, on="name")
    return pairs["at_x"].to_numpy(), pairs["at_y"].to_numpy()


def _blocks(weights: Any, rows: np.ndarray) -> Iterator[np.ndarray]:
    """Cut rows into blocks whose two-step paths fit in memory."""
    degree = np.diff(weights.indptr)
    paths = np.cumsum((weights.astype(bool) @ degree)[rows])
    if not len(paths):
        return
    cuts = np.searchsorted(paths, np.arange(BLOCK, paths[-1], BLOCK))
    yield from (block for block in np.split(rows, np.unique(cuts)) if len(block))


def _scores(weights: Any, block: np.ndarray) -> Any:
    from scipy import sparse

    given = sparse.diags_array(1.0 / (1.0 + weights.sum(axis=1)))
    return (weights[block] @ given @ weights).tocoo()


def _best(scores: Any, block: np.ndarray, n: int | None, blocked: np.ndarray) -> np.ndarray:
    """Return the first n rows (person, target, score) of each person of a block."""
    rows = block[scores.coords[0]].astype(np.int64)
    columns = scores.coords[1].astype(np.int64)
    free = ~np.isin(rows * scores.shape[1] + columns, blocked)
    rows, columns, values = rows[free], columns[free], _rounded(scores.data[free])
    order = np.lexsort((columns, -values, rows))
    rows, columns, values = rows[order], columns[order], values[order]
    if n is not None:
        starts = np.searchsorted(rows, rows)
        keep = np.arange(len(rows)) - starts < n
        rows, columns, values = rows[keep], columns[keep], values[keep]
    return np.column_stack([rows, columns, values])


def _rounded(values: np.ndarray) -> np.ndarray:
    """Round to significant digits, so that equal scores are equal whatever order they add up in."""
    with np.errstate(divide="ignore"):
        scale = 10.0 ** (DIGITS - 1 - np.floor(np.log10(np.maximum(values, 1e-300))))
    rounded: np.ndarray = np.round(values * scale) / scale
    return rounded


def _between(weights: Any, table: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return, a pair, the contact in common with the largest term, and how many there are."""
    size = weights.shape[0]
    rows = np.repeat(np.arange(size, dtype=np.int64), np.diff(weights.indptr))
    keys = rows * size + weights.indices
    given = 1.0 / (1.0 + weights.sum(axis=1))
    people = table["person"].to_numpy(dtype=np.int64)
    targets = table["target"].to_numpy(dtype=np.int64)
    via = np.zeros(len(table), dtype=np.int64)
    shared = np.zeros(len(table), dtype=np.int64)
    lengths = np.diff(weights.indptr)[people]
    for chunk in _chunks(lengths):
        pair = np.repeat(chunk, lengths[chunk])
        offset = np.arange(len(pair)) - np.repeat(
            np.cumsum(lengths[chunk]) - lengths[chunk], lengths[chunk]
        )
        first = weights.indptr[people[pair]] + offset
        middle = weights.indices[first].astype(np.int64)
        wanted = middle * size + targets[pair]
        second = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        hit = keys[second] == wanted
        pair, middle = pair[hit], middle[hit]
        term = _rounded(weights.data[first[hit]] * weights.data[second[hit]] * given[middle])
        order = np.lexsort((middle, -term, pair))
        top, starts, counts = np.unique(pair[order], return_index=True, return_counts=True)
        via[top], shared[top] = middle[order][starts], counts
    return via, shared


def _chunks(lengths: np.ndarray) -> Iterator[np.ndarray]:
    total = np.cumsum(lengths)
    if not len(total):
        return
    cuts = np.searchsorted(total, np.arange(BLOCK, total[-1], BLOCK))
    places = np.split(np.arange(len(lengths)), np.unique(cuts))
    yield from (chunk for chunk in places if len(chunk))


def _told(net: Network, table: pd.DataFrame, via: np.ndarray, shared: np.ndarray) -> pd.DataFrame:
    ids = net.people.index
    people = table["person"].to_numpy(dtype=np.int64)
    told = pd.DataFrame(
        {
            "rank": table.groupby("person").cumcount().to_numpy(dtype=np.int64) + 1,
            "person": ids[people],
            "target": ids[table["target"].to_numpy(dtype=np.int64)],
            "via": ids[via],
            "score": table["score"].to_numpy(dtype=float),
        }
    )
    labels = net.labels.to_numpy(dtype=object)
    ties = _dated_ties(net, people, via)
    told["because"] = pd.Series(
        [
            reasons.introduction(*facts)
            for facts in zip(labels[people], labels[via], shared, ties, strict=True)
        ],
        dtype="str",
    )
    return told[list(COLUMNS)]


def _dated_ties(net: Network, people: np.ndarray, via: np.ndarray) -> list[Any]:
    if net.as_of is None or "days" not in net.ties.columns:
        return [None] * len(people)
    ids = net.people.index
    low, high = np.minimum(people, via), np.maximum(people, via)
    pairs = pd.MultiIndex.from_arrays([ids[low], ids[high]], names=["source", "target"])
    return list(net.ties[["days", "last"]].reindex(pairs).itertuples(index=False))
