"""How much contact there is inside and between groups, and between a core and the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netanalytics import schema

if TYPE_CHECKING:
    from netanalytics.network import Network


def group_density(net: Network, groups: pd.Series) -> pd.DataFrame:
    """Return how many of the possible pairs of two groups have a tie.

    Parameters
    ----------
    net : Network
        The network.
    groups : pandas.Series
        Group of each person, by person: text, numbers, flags or a mix of them, which are named as
        text; people without one are left out, and where nobody has one the table has no row.

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
    codes, names = schema.group_codes(groups.reindex(net.people.index))
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
    table = table.astype({"ties": "int64", "pairs": "int64", "people": "int64"})
    possible = table["pairs"].where(table["pairs"] > 0).astype(float)
    table.insert(4, "per_100", 100.0 * table["ties"] / possible)
    return table


def _members(cell: np.ndarray, first: np.ndarray, second: np.ndarray) -> pd.Series:
    """Count the distinct people in the ties of each pair of groups."""
    both = pd.DataFrame(
        {"cell": np.concatenate([cell, cell]), "person": np.concatenate([first, second])}
    )
    return both.drop_duplicates()["cell"].value_counts()


def core_periphery(net: Network) -> pd.DataFrame:
    """Divide the people into a core, all in touch with one another, and a periphery that is not.

    Method: Lip's exact solution for Borgatti and Everett's discrete model. Of all divisions in
    which people of equal degree stay together it takes the one with the fewest errors, an error
    being a missing tie inside the core or a tie inside the periphery; of equally good ones that
    with the larger core. Ties between core and periphery are no errors either way.

    How to read it: every network has some best division. Whether it means anything says
    :func:`core_periphery_fit`: above .5 the network has a core, near 0 or NaN it has none.

    Parameters
    ----------
    net : Network
        The network.

    Returns
    -------
    pandas.DataFrame
        By person: is_core, and ties_to_core, the number of contacts in the core.

    References
    ----------
    Borgatti and Everett (2000), Models of core/periphery structures, Social Networks 21;
    Lip (2011), A fast algorithm for the discrete core/periphery bipartitioning problem.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": list("aabccb"), "target": list("bccdef")})
    >>> core_periphery(Network.from_ties(ties))["is_core"].to_dict()
    {'a': True, 'b': True, 'c': True, 'd': False, 'e': False, 'f': False}
    """
    first, second = net.ends
    size = len(net.people)
    degree = np.bincount(np.concatenate([first, second]), minlength=size)
    falling = np.sort(degree)[::-1]
    number = np.arange(size + 1)
    errors = number * (number - 1) // 2 - np.concatenate([[0], np.cumsum(falling)])
    # A cut between people of the same degree would rest on the order of their names.
    inner = np.concatenate([[False], falling[:-1] == falling[1:], [False]])
    errors[inner] = np.iinfo(np.int64).max
    count = size - int(np.argmin(errors[::-1]))
    core = degree >= falling[count - 1] if count else np.zeros(size, dtype=bool)
    to_core = np.bincount(first, core[second], size) + np.bincount(second, core[first], size)
    return pd.DataFrame(
        {"is_core": core, "ties_to_core": to_core.astype(np.int64)}, index=net.people.index
    )


def core_periphery_fit(net: Network, core: pd.Series | None = None) -> float:
    """Return how well the ties follow the pattern of a core and a periphery, at most 1.

    How to read it: 1 where all in the core are in touch with one another and none of the
    periphery are; 0 where the division says nothing about who is in touch.

    Formula: correlation, over the pairs inside the core and inside the periphery, of being tied
    with being in the core; pairs between the two are left out.

    Parameters
    ----------
    net : Network
        The network.
    core : pandas.Series, optional
        By person, who is in the core; that of :func:`core_periphery` if not given. Of whom it says
        nothing (not in it, or missing) is left out, in neither part.

    Returns
    -------
    float
        From −1 to 1; NaN without a pair inside either part, or if all or no pairs are tied.

    References
    ----------
    Borgatti and Everett (2000), Social Networks 21.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": list("aabccb"), "target": list("bccdef")})
    >>> core_periphery_fit(Network.from_ties(ties))
    1.0
    """
    chosen = core_periphery(net)["is_core"] if core is None else core.reindex(net.people.index)
    known = chosen.notna().to_numpy()
    inside = np.zeros(len(known), dtype=bool)
    inside[known] = chosen[known].astype(bool)
    outside = known & ~inside
    first, second = net.ends
    number = np.array([inside.sum(), outside.sum()], dtype=float)
    pairs = number * (number - 1) / 2
    tied = np.array([(part[first] & part[second]).sum() for part in (inside, outside)])
    open_, all_ = pairs - tied, pairs.sum()
    spread = tied.sum() * open_.sum() * pairs[0] * pairs[1]
    if not spread > 0:
        return float("nan")
    return float((tied[0] * open_[1] - tied[1] * open_[0]) / np.sqrt(spread)) if all_ else np.nan
