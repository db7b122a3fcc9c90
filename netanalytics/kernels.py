"""Algorithms over sparse matrices that more than one chapter of the analysis needs.

People are known by their number here, row and column of a matrix; ties are known by the position
of their pair. Memory stays bounded whatever the degrees: work is cut into blocks.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    import scipy.sparse

    Matrix = scipy.sparse.csr_array[Any, Any]

BLOCK = 1 << 20
"""Candidates looked at in one go: some 60 MB, and already past the overhead of a numpy call."""

WALK_ERROR = 1e-15
"""A walk stops when all shares together move by less."""


def entry_rows(matrix: Matrix) -> np.ndarray:
    """Return the row of every stored entry, in the order of ``matrix.indices``."""
    return np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))


def entry_places(matrix: Matrix, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Return where the entries (row, column) are stored; every one of them must exist.

    Parameters
    ----------
    matrix : scipy.sparse.csr_array
        With sorted indices.
    rows, columns : numpy.ndarray
        The entries wanted.

    Returns
    -------
    numpy.ndarray
        Positions in ``matrix.indices`` and ``matrix.data``.
    """
    return np.searchsorted(_keys(matrix), _key(matrix, rows, columns))


def shared_contacts(
    matrix: Matrix, first: np.ndarray, second: np.ndarray, *, block: int = BLOCK
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Go through everybody to whom both ends of a pair are tied, for many pairs.

    The contacts of the end that has fewer are looked up among those of the other, so that hubs
    cost little: the work is Σ over pairs of the smaller degree.

    Parameters
    ----------
    matrix : scipy.sparse.csr_array
        Symmetric, with sorted indices and an empty diagonal.
    first, second : numpy.ndarray
        The two ends of every pair.
    block : int
        Candidates in one block.

    Yields
    ------
    tuple of three numpy.ndarray
        For every pair and contact: the number of the pair, and where the entries
        (first, contact) and (second, contact) are stored.
    """
    if not len(matrix.indices):
        return
    degree = np.diff(matrix.indptr)
    swap = degree[second] < degree[first]
    fewer, more = np.where(swap, second, first), np.where(swap, first, second)
    keys = _keys(matrix)
    for start, stop in _blocks(degree[fewer], block):
        ends = fewer[start:stop]
        pair = np.repeat(np.arange(start, stop), degree[ends])
        before = np.cumsum(degree[ends]) - degree[ends]
        own = np.arange(len(pair)) + np.repeat(matrix.indptr[ends] - before, degree[ends])
        wanted = _key(matrix, more[pair], matrix.indices[own])
        other = np.searchsorted(keys, wanted)
        other[other == len(keys)] = 0
        both = keys[other] == wanted
        pair, own, other = pair[both], own[both], other[both]
        yield pair, np.where(swap[pair], other, own), np.where(swap[pair], own, other)


def count_shared_contacts(matrix: Matrix, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return for every pair how many people both ends are tied to."""
    counts = np.zeros(len(first), dtype=np.int64)
    for pair, _, _ in shared_contacts(matrix, first, second):
        counts += np.bincount(pair, minlength=len(first))
    return counts


def shortest_detour(neighbours: list[set[int]], first: int, second: int) -> float:
    """Return the number of steps between the ends of a tie without using the tie.

    Two searches grow towards each other, always the one with the smaller front. It stops at the
    first meeting, mostly after two or three steps.

    Parameters
    ----------
    neighbours : list of set of int
        Contacts of everybody.
    first, second : int
        Ends of a tie.

    Returns
    -------
    float
        2 or more; inf when nothing else connects them.
    """
    fronts = [neighbours[first] - {second}, neighbours[second] - {first}]
    if not fronts[0].isdisjoint(fronts[1]):
        return 2.0
    seen = [fronts[0] | {first}, fronts[1] | {second}]
    steps = 2
    while fronts[0] and fronts[1]:
        near = 0 if len(fronts[0]) <= len(fronts[1]) else 1
        far_front = fronts[1 - near]
        steps += 1
        if not all(far_front.isdisjoint(neighbours[person]) for person in fronts[near]):
            return float(steps)
        grown = set().union(*(neighbours[person] for person in fronts[near]))
        fronts[near] = grown - seen[near]
        seen[near] |= grown
    return float("inf")


def random_walk(matrix: Matrix, *, damping: float) -> np.ndarray:
    """Return the share of time that a walk with restarts spends at every node.

    A walk goes from row to column in proportion to the entries, with probability ``damping``;
    otherwise, and where there is no way on, it starts again anywhere. All sums run in one thread
    and a fixed order, so that the same matrix gives the same bits.

    Parameters
    ----------
    matrix : scipy.sparse.csr_array
        Strength of the way from row to column.
    damping : float
        Between 0 and 1.

    Returns
    -------
    numpy.ndarray
        Shares that add up to 1.
    """
    size = matrix.shape[0]
    total = np.bincount(entry_rows(matrix), weights=matrix.data, minlength=size)
    stuck = total == 0
    shares = matrix.copy()
    shares.data = matrix.data / total[entry_rows(matrix)]
    into = shares.T.tocsr()
    share = np.full(size, 1 / size)
    # Each step shrinks the error by the damping: this many leave nothing that a double can hold.
    for _ in range(int(np.log(WALK_ERROR) / np.log(damping)) + 1):
        before = share
        share = damping * (into @ before + before[stuck].sum() / size) + (1 - damping) / size
        if np.abs(share - before).sum() < WALK_ERROR:
            break
    walked: np.ndarray = share / share.sum()
    return walked


def neighbour_sets(matrix: Matrix) -> list[set[int]]:
    """Return the contacts of everybody as sets."""
    columns, starts = matrix.indices.tolist(), matrix.indptr.tolist()
    return [set(columns[start:stop]) for start, stop in pairwise(starts)]


def _keys(matrix: Matrix) -> np.ndarray:
    """Return one number for each stored entry; they rise, because rows and columns are sorted."""
    return _key(matrix, entry_rows(matrix), matrix.indices)


def _key(matrix: Matrix, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    keys: np.ndarray = np.asarray(rows, dtype=np.int64) * matrix.shape[1] + columns
    return keys


def _blocks(sizes: np.ndarray, most: int) -> Iterator[tuple[int, int]]:
    """Cut a list of sizes into runs that add up to at most ``most``, or are one item long."""
    ends = np.cumsum(sizes, dtype=np.int64)
    start = 0
    while start < len(sizes):
        limit = (ends[start - 1] if start else 0) + most
        stop = max(start + 1, int(np.searchsorted(ends, limit, side="right")))
        yield start, stop
        start = stop
