"""Who is tied to whom by group, and the numbers of it, as functions of plain arrays.

People are numbers, a group is a code (−1 for none). A test that gives the codes to other people at
random calls the same functions again.
"""

from __future__ import annotations

import numpy as np

ALIKE = np.zeros(0, np.int64)
"""No weights: every pair counts alike, and is counted in whole numbers."""


def mixing_matrix(  # noqa: PLR0917
    codes: np.ndarray,
    groups: int,
    first: np.ndarray,
    second: np.ndarray,
    weight: np.ndarray | None,
) -> np.ndarray:
    """Return how much goes from people of each group (rows) to people of each (columns).

    Parameters
    ----------
    codes : numpy.ndarray
        Group of each person; pairs with a person without one (−1) are left out.
    groups : int
        Number of groups.
    first, second : numpy.ndarray
        The two ends of every arc, or of every tie once from each side.
    weight : numpy.ndarray, optional
        What each counts; 1 if not given.

    Returns
    -------
    numpy.ndarray
        Of shape (groups, groups).
    """
    from netanalytics.kernels.groups import mixed

    return mixed(codes, groups, first, second, ALIKE if weight is None else weight)


def assortativity_of(mixing: np.ndarray) -> float:
    """Return Newman's coefficient of a mixing matrix; NaN with all in one group or nothing."""
    total = mixing.sum()
    if not total > 0:
        return float("nan")
    share = mixing / total
    chance = float((share.sum(axis=0) * share.sum(axis=1)).sum())
    return (float(np.trace(share)) - chance) / (1 - chance) if chance < 1 - 1e-12 else float("nan")


def numeric_assortativity_of(
    values: np.ndarray, first: np.ndarray, second: np.ndarray, weight: np.ndarray
) -> float:
    """Return the correlation of a number across the ends of every pair; NaN where all are equal."""
    one, other = values[first], values[second]
    known = np.isfinite(one) & np.isfinite(other)
    one, other, weight = one[known], other[known], weight[known]
    total = weight.sum()
    if not total > 0:
        return float("nan")
    one, other = one - (weight * one).sum() / total, other - (weight * other).sum() / total
    spread = np.sqrt((weight * one**2).sum() * (weight * other**2).sum())
    scale = float(weight.sum() * max(np.abs(values[np.isfinite(values)]).max(), 1e-300) ** 2)
    return float((weight * one * other).sum() / spread) if spread > 1e-14 * scale else float("nan")


def coleman_expected(mixing: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Return what would go inside each group if everybody chose among all others at random."""
    others = max(int(sizes.sum()) - 1, 1)
    expected: np.ndarray = mixing.sum(axis=1) * (sizes - 1) / others
    return expected


def coleman_of(mixing: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Return Coleman's index of each group; NaN where nobody else is in it or nothing is sent."""
    inside, sent = np.diag(mixing), mixing.sum(axis=1)
    expected = coleman_expected(mixing, sizes)
    room = np.where(inside >= expected, sent - expected, expected)
    index = np.full(len(sizes), np.nan)
    np.divide(inside - expected, room, out=index, where=(expected > 0) & (room > 0))
    return index


def adjusted_rand(one: np.ndarray, other: np.ndarray) -> float:
    """Return how far two divisions agree: 1 for the same, 0 for what chance would give.

    Parameters
    ----------
    one, other : numpy.ndarray
        Codes of the groups of the same people, none of them missing.

    Returns
    -------
    float
        Hubert and Arabie's adjusted index; 1 where both have everybody together or all alone,
        NaN without people.
    """
    if not len(one):
        return float("nan")
    _, rows = np.unique(one, return_inverse=True)
    _, columns = np.unique(other, return_inverse=True)
    cell = rows.astype(np.int64) * (int(columns.max()) + 1) + columns
    _, together = np.unique(cell, return_counts=True)

    def pairs(sizes: np.ndarray) -> float:
        return float((sizes.astype(float) * (sizes - 1) / 2).sum())

    both, a, b = pairs(together), pairs(np.bincount(rows)), pairs(np.bincount(columns))
    total = len(one) * (len(one) - 1) / 2
    chance, most = a * b / total if total else 0.0, (a + b) / 2
    return (both - chance) / (most - chance) if most != chance else 1.0
