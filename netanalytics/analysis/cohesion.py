"""How much contact there is inside and between groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from netanalytics.network import Network


def group_density(net: Network, groups: pd.Series) -> pd.DataFrame:
    """Return how many of the possible pairs of two groups have a tie.

    Parameters
    ----------
    net : Network
        The network.
    groups : pandas.Series
        Group of each person, by person; people without one are left out.

    Returns
    -------
    pandas.DataFrame
        One row an unordered pair of groups, a group with itself included, sorted. Columns source,
        target (groups), ties, pairs (how many are possible), per_100 (ties per 100 possible
        pairs; NaN where no pair is possible) and people (distinct people in these ties).

    Notes
    -----
    per_100 = 100 · ties / pairs, with pairs = a · b between groups of a and b people and
    a · (a − 1) / 2 inside one. It is a share of pairs, not of messages: 14 means that of a hundred
    pairs that could be in contact, fourteen are.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> net = Network.from_ties(pd.DataFrame({"source": ["a", "a"], "target": ["b", "c"]}))
    >>> groups = pd.Series({"a": "x", "b": "x", "c": "y"})
    >>> group_density(net, groups)[["source", "target", "per_100"]].values.tolist()
    [['x', 'x', 100.0], ['x', 'y', 50.0], ['y', 'y', nan]]
    """
    known = groups.reindex(net.people.index)
    names = sorted(known.dropna().astype(str).unique())
    codes = pd.Index(names).get_indexer(known.astype("object")) if names else np.array([], int)
    sizes = np.bincount(codes[codes >= 0], minlength=len(names))
    first, second = net.ends
    low, high = np.minimum(codes[first], codes[second]), np.maximum(codes[first], codes[second])
    placed = low >= 0
    cell = low[placed].astype(np.int64) * len(names) + high[placed]
    counts = pd.Series(cell).value_counts()
    members = _members(cell, first[placed], second[placed])
    rows = [
        (
            names[a],
            names[b],
            int(counts.get(a * len(names) + b, 0)),
            int(sizes[a] * (sizes[a] - 1) // 2 if a == b else sizes[a] * sizes[b]),
            int(members.get(a * len(names) + b, 0)),
        )
        for a in range(len(names))
        for b in range(a, len(names))
    ]
    table = pd.DataFrame(rows, columns=["source", "target", "ties", "pairs", "people"])
    possible = table["pairs"].where(table["pairs"] > 0).astype(float)
    table.insert(4, "per_100", 100.0 * table["ties"] / possible)
    return table


def _members(cell: np.ndarray, first: np.ndarray, second: np.ndarray) -> pd.Series:
    """Count the distinct people in the ties of each pair of groups."""
    both = pd.DataFrame(
        {"cell": np.concatenate([cell, cell]), "person": np.concatenate([first, second])}
    )
    return both.drop_duplicates()["cell"].value_counts()
