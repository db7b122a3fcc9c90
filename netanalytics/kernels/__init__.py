"""Algorithms over sparse matrices that more than one chapter of the analysis needs.

People are known by their number here, row and column of a matrix; ties are known by the position
of their pair. Memory grows with the ties, whatever the degrees. Where neither numpy nor igraph has
an algorithm it is compiled (:mod:`netanalytics.kernels.compiled`); those modules are imported by
the functions here that need them, so that numba loads on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from netanalytics.kernels.circle import Circle, circle_of
from netanalytics.kernels.mixing import (
    adjusted_rand,
    assortativity_of,
    coleman_expected,
    coleman_of,
    mixing_matrix,
    numeric_assortativity_of,
)

if TYPE_CHECKING:
    import scipy.sparse

    Matrix = scipy.sparse.csr_array[Any, Any]

__all__ = [
    "Circle",
    "adjusted_rand",
    "assortativity_of",
    "attenuated_walks",
    "best_cuts",
    "best_reaches",
    "broker_roles",
    "circle_of",
    "coleman_expected",
    "coleman_of",
    "cores",
    "dependencies",
    "entry_rows",
    "fragmentation_of",
    "greedy_cuts",
    "greedy_pair_cuts",
    "greedy_reach",
    "group_repeats",
    "group_spread",
    "inside_outside",
    "mixing_matrix",
    "numeric_assortativity_of",
    "path_shares",
    "pieces_without",
    "principal_vector",
    "random_walk",
    "reach_of",
    "tie_spread",
]

MOST_SETS = 100
"""Sets of people that are equally good are shown up to this number."""

BASIS = 24
"""Vectors that the search for an eigenvector keeps before it starts again from the best."""

ALIKE = np.zeros(0, np.int32)
"""No weights: everybody's contacts are counted, of which nobody has two thousand million."""

WALK_ERROR = 1e-15
"""A walk stops when all shares together move by less."""


def entry_rows(matrix: Matrix) -> np.ndarray:
    """Return the row of every stored entry, in the order of ``matrix.indices``."""
    return np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))


def random_walk(into: Matrix, total: np.ndarray, *, damping: float) -> np.ndarray:
    """Return the share of time that a walk with restarts spends at every node.

    A walk goes from node to node in proportion to the entries, with probability ``damping``;
    otherwise, and where there is no way on, it starts again anywhere. All sums run in one thread
    and a fixed order, so that the same matrix gives the same bits.

    Parameters
    ----------
    into : scipy.sparse.csr_array
        Strength of the way to the row from the column.
    total : numpy.ndarray
        Strength of all ways from a node, the sum of its column.
    damping : float
        Between 0 and 1.

    Returns
    -------
    numpy.ndarray
        Shares that add up to 1.
    """
    size, away = len(total), np.flatnonzero(total == 0)
    shares = into.copy()
    shares.data = damping * into.data / total[into.indices]
    stay = (1 - damping) / size
    share = np.full(size, 1 / size)
    # Each step shrinks the error by the damping: this many leave nothing that a double can hold.
    for step in range(int(np.log(WALK_ERROR) / np.log(damping)) + 1):
        before = share
        share = shares @ before
        share += stay + damping * before[away].sum() / size if len(away) else stay
        # To look costs a third of a step in a small network: every fourth time will do.
        if step % 4 == 3 and np.abs(share - before).sum() < WALK_ERROR:
            break
    walked: np.ndarray = share / share.sum()
    return walked


def attenuated_walks(matrix: Matrix, alpha: float) -> np.ndarray:
    """Return x = alpha · matrix · x + 1, for an alpha below 1 over the largest eigenvalue.

    Solved by adding up walks of growing length, until what the next length adds is lost in the
    last digit of the sum.
    """
    value = np.ones(matrix.shape[0])
    for _ in range(100_000):
        before = value
        value = alpha * (matrix @ before) + 1.0
        if np.abs(value - before).max() <= WALK_ERROR * np.abs(value).max():
            break
    walked: np.ndarray = value
    return walked


def principal_vector(matrix: Matrix) -> tuple[np.ndarray, float]:
    """Return the eigenvector of the largest eigenvalue, largest entry 1, and the eigenvalue.

    Arnoldi's method, started from the sums of the rows and again from its best answer. No sum is
    left to a library with threads, so that the same matrix gives the same bits.

    Parameters
    ----------
    matrix : scipy.sparse.csr_array
        Without negative entries, and with some circle of entries.

    Returns
    -------
    numpy.ndarray, float
        Entries from 0 to 1; what rounding leaves of 0 is 0.
    """
    scale = float(matrix.data.max())
    matrix = matrix.copy()
    matrix.data = matrix.data / scale
    vector = np.asarray(matrix.sum(axis=1), dtype=float).ravel()
    largest = 0.0
    for _ in range(1000):
        vector, largest, error = _arnoldi(matrix, vector)
        if error <= 1e-15 * largest:
            break
    vector = np.abs(vector)
    vector /= vector.max()
    vector[vector < 1e-14] = 0.0
    return vector, largest * scale


def _arnoldi(matrix: Matrix, start: np.ndarray) -> tuple[np.ndarray, float, float]:
    """Return the best vector in the space that a start spans, its value, and how far it is off."""
    most = min(BASIS, len(start))
    basis = np.zeros((most + 1, len(start)))
    inner = np.zeros((most + 1, most))
    basis[0] = start / np.sqrt((start * start).sum())
    used, left = 0, 0.0
    for step in range(most):
        grown = matrix @ basis[step]
        left = float(np.sqrt((grown * grown).sum()))
        for _ in range(2):  # twice is enough to be at right angles to all before
            along = np.einsum("ij,j->i", basis[: step + 1], grown)
            grown = grown - np.einsum("i,ij->j", along, basis[: step + 1])
            inner[: step + 1, step] += along
            before, left = left, float(np.sqrt((grown * grown).sum()))
            if left > before / 2:  # and once where little was taken away
                break
        used = step + 1
        if left <= 1e-15 * np.abs(inner[: step + 1, step]).max():
            break
        inner[step + 1, step] = left
        basis[step + 1] = grown / left
    values, vectors = np.linalg.eig(inner[:used, :used])
    best = int(np.argmax(values.real))
    weights = vectors[:, best].real
    found = np.einsum("i,ij->j", weights, basis[:used])
    return found, float(values[best].real), left * float(abs(weights[-1]))


def broker_roles(circle: Circle, ways: np.ndarray, group: np.ndarray, groups: int) -> np.ndarray:
    """Count the open ways a → person → b by role: coordinator to liaison, as in kernels.roles.

    Parameters
    ----------
    circle : Circle
        Ties in either direction.
    ways : numpy.ndarray
        For every entry (i, j), small whole numbers: 1 if i reaches j, 2 if j reaches i, 3 if both.
    group : numpy.ndarray
        Group of everybody, from 0; −1 for those to leave out with their ties.
    groups : int
        Number of groups.

    Returns
    -------
    numpy.ndarray
        Whole numbers of shape (people, 5), 0 for those left out.
    """
    from netanalytics.kernels.roles import closed_two_paths, two_paths

    begin, contact, entry = circle.upward
    counts: np.ndarray = two_paths(circle.starts, circle.contacts, ways, group, groups)
    counts -= closed_two_paths(begin, contact, ways[entry], group)
    return counts


def dependencies(
    matrix: Matrix, sources: np.ndarray, *, lengths: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Return Σ δ and Σ δ² over the sources s, for everybody v.

    Parameters
    ----------
    matrix : scipy.sparse.csr_array
        Strength of the way from the row to the column, sorted.
    sources : numpy.ndarray
        From whom to start.
    lengths : bool
        Whether a way is 1/strength long instead of one step.

    Returns
    -------
    tuple of two numpy.ndarray
        δ = Σ_t (share of the shortest ways from s to t that pass v) · d(s, v)/d(s, t). Over all
        sources Σ δ is the betweenness of a symmetric matrix, each pair once; in general its
        sum with that of the transposed matrix is.
    """
    from netanalytics.kernels.brandes import by_length, by_steps

    if lengths and len(matrix.data):
        return by_length(*_unsigned(matrix), _lengths(matrix), sources)
    return by_steps(*_unsigned(matrix), sources)


def path_shares(matrix: Matrix) -> tuple[np.ndarray, np.ndarray]:
    """Return for how many ordered pairs people and ways lie on the shortest path, by length.

    Parameters
    ----------
    matrix : scipy.sparse.csr_array
        Strength of the way from the row to the column, sorted; a way is 1/strength long.

    Returns
    -------
    tuple of two numpy.ndarray
        By person, the ends of a path left out, and by entry of the matrix.
    """
    from netanalytics.kernels.brandes import shares_by_length

    return shares_by_length(*_unsigned(matrix), _lengths(matrix))


def _unsigned(matrix: Matrix) -> tuple[np.ndarray, np.ndarray]:
    """Return starts and contacts without a sign: no function need ask whether one is negative."""
    return matrix.indptr.astype(np.uint64), matrix.indices.view(np.uint32)


def _lengths(matrix: Matrix) -> np.ndarray:
    """Return 1/strength in a unit in which no sum overflows."""
    lengths: np.ndarray = matrix.data.min(initial=np.inf) / matrix.data
    return lengths


def tie_spread(circle: Circle, weight: np.ndarray) -> np.ndarray:
    """Return the entropy in nats of the weights of everybody's entries; NaN without any."""
    from netanalytics.kernels.rows import spread

    return spread(circle.starts, weight)


def group_spread(circle: Circle, group: np.ndarray, groups: int, *, weighted: bool) -> np.ndarray:
    """Return the entropy in nats over the groups of everybody's contacts; NaN without any.

    Contacts count by strength or alike; those without a group (−1) do not.
    """
    from netanalytics.kernels.groups import group_spread

    weight = circle.strength if weighted else ALIKE
    return group_spread(circle.starts, circle.contacts, weight, group, groups)


def group_repeats(circle: Circle, group: np.ndarray, groups: int, *, weighted: bool) -> np.ndarray:
    """Return Σ p² of the shares p of the groups of everybody's contacts; NaN without any."""
    from netanalytics.kernels.groups import group_repeats

    weight = circle.strength if weighted else ALIKE
    return group_repeats(circle.starts, circle.contacts, weight, group, groups)


def inside_outside(
    circle: Circle, group: np.ndarray, *, weighted: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Add up everybody's contacts inside and outside the own group, by strength or alike.

    Who has no group (−1) counts nowhere.
    """
    from netanalytics.kernels.groups import inside_outside

    weight = circle.strength if weighted else ALIKE
    return inside_outside(circle.starts, circle.contacts, weight, group)


def cores(circle: Circle) -> np.ndarray:
    """Return the largest k of everybody such that they are in the k-core."""
    from netanalytics.kernels.rows import cores

    return cores(circle.starts.view(np.uint64), circle.contacts.view(np.uint32))


def pieces_without(circle: Circle) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return what is left of everybody's component without them.

    Returns
    -------
    tuple of four numpy.ndarray
        Pairs of others that are cut, pieces, people in the largest piece, people in all.
    """
    from netanalytics.kernels.paths import cut_pairs

    return cut_pairs(circle.starts, circle.contacts)


def fragmentation_of(circle: Circle, gone: np.ndarray, *, by_distance: bool) -> float:
    """Return Borgatti's fragmentation of the people who are left: 0 connected, 1 all alone."""
    from netanalytics.kernels.paths import nearness

    away = np.zeros(len(circle.degree), dtype=bool)
    away[gone] = True
    left = len(away) - len(gone)
    return 1 - nearness(circle.starts, circle.contacts, away, by_distance) / (left * (left - 1))


def reach_of(circle: Circle, chosen: np.ndarray, *, steps: int) -> float:
    """Return the share of people that a set reaches, by 1/distance or within so many steps."""
    near = _nearness_from(circle, chosen, steps)
    return float(near.max(axis=0).sum() / near.shape[1])


def best_cuts(circle: Circle, size: int, by_distance: bool) -> list[np.ndarray]:
    """Return every set whose leaving fragments the rest most, at most 100 of them."""
    from netanalytics.kernels.sets import best_cuts

    _, sets = best_cuts(circle.starts, circle.contacts, size, by_distance, MOST_SETS)
    return list(sets)


def best_reaches(circle: Circle, size: int, steps: int) -> list[np.ndarray]:
    """Return every set that reaches most, at most 100 of them."""
    from netanalytics.kernels.sets import best_reaches

    everybody = np.arange(len(circle.degree))
    _, sets = best_reaches(_nearness_from(circle, everybody, steps), size, MOST_SETS)
    return list(sets)


def greedy_reach(circle: Circle, size: int, steps: int) -> np.ndarray:
    """Return the set that takes the person who adds most to reach, one after the other."""
    from netanalytics.kernels.sets import greedy_reach

    return greedy_reach(circle.starts, circle.contacts, size, steps)


def greedy_cuts(
    circle: Circle, candidates: np.ndarray, size: int, *, by_distance: bool
) -> np.ndarray:
    """Return the set whose leaving fragments the rest most, greedily and by swaps."""
    from netanalytics.kernels.sets import greedy_cuts

    return greedy_cuts(circle.starts, circle.contacts, candidates, size, by_distance)


def greedy_pair_cuts(circle: Circle, size: int) -> np.ndarray:
    """Return the set that leaves fewest pairs a way, one after the other.

    A person takes along the pairs that they are part of as well as those that only they connect.
    """
    from netanalytics.kernels.sets import greedy_pair_cuts

    return greedy_pair_cuts(circle.starts, circle.contacts, size)


def _nearness_from(circle: Circle, sources: np.ndarray, steps: int) -> np.ndarray:
    """Return 1/distance from sources to all, 1 to themselves; or 1 within so many steps."""
    from netanalytics.kernels.sets import nearness_from

    return nearness_from(circle.starts, circle.contacts, sources, steps)
