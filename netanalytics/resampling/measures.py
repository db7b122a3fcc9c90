"""Measures of many resampled networks at once: one column a resample, one row a pair or person.

All resamples share one set of pairs; what differs is the weight of each pair, and a pair of weight
0 is no tie. Who is tied to whom, and in which triangles, is worked out once. Every sum runs in one
thread and a fixed order, so the same weights give the same bits.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    import scipy.sparse

    Matrix = scipy.sparse.csr_array[Any, Any]

BLOCK = 1 << 20
"""Pairs of contacts looked at in one go when triangles are listed."""

WALK_ERROR = 1e-9
"""A walk stops when its shares together move by less: far below what resamples differ by."""


@dataclass(frozen=True, eq=False)
class Pairs:
    """The pairs that some resample may hold as ties.

    Parameters
    ----------
    size : int
        Number of people.
    first, second : numpy.ndarray
        The two ends of every pair, first < second, sorted by both.
    """

    size: int
    first: np.ndarray
    second: np.ndarray

    @cached_property
    def incidence(self) -> Matrix:
        """People × pairs, 1 where the person is an end."""
        return _ones(
            np.concatenate([self.first, self.second]),
            np.tile(np.arange(len(self.first)), 2),
            (self.size, len(self.first)),
        )

    @cached_property
    def rows(self) -> np.ndarray:
        """The person of every entry of ``incidence``."""
        return np.repeat(np.arange(self.size), np.diff(self.incidence.indptr))

    @cached_property
    def others(self) -> np.ndarray:
        """The other end of every entry of ``incidence``."""
        pair = self.incidence.indices
        others: np.ndarray = self.first[pair] + self.second[pair] - self.rows
        return others

    @cached_property
    def corners(self) -> tuple[Matrix, np.ndarray, np.ndarray, np.ndarray]:
        """Every triangle from each of its sides.

        A matrix that adds up over the triangles of a side, then for every triangle and side the
        two other sides and the person between them.
        """
        found = list(_triangles(self))
        sides = np.concatenate(found, axis=1) if found else np.zeros((3, 0), dtype=np.int64)
        side = sides.ravel()
        one = sides[[1, 0, 0]].ravel()
        other = sides[[2, 2, 1]].ravel()
        # The person between two sides is the end that both have: the ends of all three sides add
        # up to twice the corners, so taking the ends of the third side away leaves it twice.
        ends = self.first + self.second
        between = (ends[one] + ends[other] - ends[side]) // 2
        adds = _ones(side, np.arange(len(side)), (len(self.first), len(side)))
        return adds, one, other, between

    def per_person(self, values: np.ndarray) -> np.ndarray:
        """Add up values given for every entry of ``incidence`` over each person."""
        indptr = self.incidence.indptr
        return _reduced(np.add, values, indptr)

    def largest(self, weights: np.ndarray) -> np.ndarray:
        """Return the largest weight of each person, 0 without a pair."""
        incidence = self.incidence
        return _reduced(np.maximum, weights[incidence.indices], incidence.indptr)


def strength(pairs: Pairs, weights: np.ndarray) -> np.ndarray:
    """Return the sum of weights of every person (people × resamples)."""
    sums: np.ndarray = pairs.incidence @ weights
    return sums


def degree(pairs: Pairs, weights: np.ndarray) -> np.ndarray:
    """Return the number of pairs with weight of every person."""
    return strength(pairs, (weights > 0).astype(float))


def constraint(pairs: Pairs, weights: np.ndarray) -> np.ndarray:
    """Return Burt's constraint of every person, NaN without ties.

    The two ways round a tie share Σ_q w_iq w_qj / w_q, so each triangle is looked at once a side.
    """
    total = strength(pairs, weights)
    adds, one, other, between = pairs.corners
    through = adds @ (weights[one] * (weights[other] * _inverse(total)[between]))
    reached = np.where(weights > 0, weights + through, 0.0)
    share = reached[pairs.incidence.indices] * _inverse(total)[pairs.rows]
    return _where_tied(total, pairs.per_person(share**2))


def effective_size(pairs: Pairs, weights: np.ndarray) -> np.ndarray:
    """Return Burt's effective size of every person, NaN without ties."""
    total, best = strength(pairs, weights), pairs.largest(weights)
    adds, one, other, _ = pairs.corners
    common = adds @ (weights[one] * weights[other])
    pair = pairs.incidence.indices
    redundant = common[pair] * _inverse(total)[pairs.rows] * _inverse(best)[pairs.others]
    return _where_tied(total, pairs.per_person(np.where(weights[pair] > 0, 1.0 - redundant, 0.0)))


def entropy(pairs: Pairs, weights: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Return the entropy over the groups of contacts of every person, in nats.

    Parameters
    ----------
    pairs : Pairs
        The pairs.
    weights : numpy.ndarray
        Pairs × resamples.
    groups : numpy.ndarray
        Number of everybody's group, −1 where it is not known.

    Returns
    -------
    numpy.ndarray
        People × resamples; NaN without a contact whose group is known.
    """
    known = groups[pairs.others] >= 0
    kinds = int(groups.max(initial=0)) + 1
    cell = pairs.rows[known] * np.int64(kinds) + groups[pairs.others[known]]
    cells, place = np.unique(cell, return_inverse=True)
    amounts = _ones(place, pairs.incidence.indices[known], (len(cells), len(pairs.first))) @ weights
    person = cells // kinds
    by_person = _ones(person, np.arange(len(cells)), (pairs.size, len(cells)))
    total = by_person @ amounts
    share = amounts * _inverse(total)[person]
    terms = share * np.log(share, out=np.zeros_like(share), where=share > 0)
    return _where_tied(total, np.maximum(-(by_person @ terms), 0.0))


def pagerank(pairs: Pairs, weights: np.ndarray, *, damping: float = 0.85) -> np.ndarray:
    """Return the share of time that a walk with restarts spends at every person."""
    from scipy import sparse

    total = strength(pairs, weights)
    flow = weights[pairs.incidence.indices] * _inverse(total)[pairs.others]
    walked = np.empty_like(total)
    shape = (pairs.size, pairs.size)
    for column in range(weights.shape[1]):
        entries = np.ascontiguousarray(flow[:, column])
        into = sparse.csr_array((entries, pairs.others, pairs.incidence.indptr), shape=shape)
        walked[:, column] = _walk(into, total[:, column], damping)
    return walked


def _walk(into: Matrix, total: np.ndarray, damping: float) -> np.ndarray:
    """Walk from near the end: without restarts the shares would be those of strength."""
    size, whole = len(total), total.sum()
    stuck = total == 0
    share = np.full(size, 1 / size)
    if whole:
        share = damping * total / whole + (1 - damping) / size
    for _ in range(int(np.log(WALK_ERROR) / np.log(damping)) + 1):
        before = share
        share = damping * (into @ before + before[stuck].sum() / size) + (1 - damping) / size
        if np.abs(share - before).sum() < WALK_ERROR:
            break
    walked: np.ndarray = share / share.sum()
    return walked


def _triangles(pairs: Pairs) -> Iterator[np.ndarray]:
    """List every triangle once, as three pairs: found at the end with the fewest ties."""
    size, first, second = pairs.size, pairs.first, pairs.second
    if not len(first):
        return
    keys = first.astype(np.int64) * size + second
    counts = np.diff(pairs.incidence.indptr)
    rank = np.empty(size, dtype=np.int64)
    rank[np.lexsort((np.arange(size), counts))] = np.arange(size)
    turned = rank[first] > rank[second]
    low, high = np.where(turned, second, first), np.where(turned, first, second)
    order = np.argsort(low, kind="stable")
    ends = np.searchsorted(low[order], low[order], side="right")
    later = ends - np.arange(len(order)) - 1
    for start, stop in _blocks(later, BLOCK):
        one = np.repeat(np.arange(start, stop), later[start:stop])
        before = np.cumsum(later[start:stop]) - later[start:stop]
        other = one + 1 + np.arange(len(one)) - np.repeat(before, later[start:stop])
        here, there = high[order[one]], high[order[other]]
        wanted = np.minimum(here, there).astype(np.int64) * size + np.maximum(here, there)
        place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        closed = keys[place] == wanted
        yield np.stack([place[closed], order[one[closed]], order[other[closed]]])


def _blocks(sizes: np.ndarray, most: int) -> Iterator[tuple[int, int]]:
    """Cut a list of sizes into runs that add up to about ``most``, or are one item long."""
    ends = np.cumsum(sizes)
    start = 0
    while start < len(sizes):
        limit = (ends[start - 1] if start else 0) + most
        stop = max(start + 1, int(np.searchsorted(ends, limit, side="right")))
        yield start, stop
        start = stop


def _ones(rows: np.ndarray, columns: np.ndarray, shape: tuple[int, int]) -> Matrix:
    from scipy import sparse

    matrix = sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)
    matrix.sort_indices()
    return matrix


def _reduced(how: np.ufunc, values: np.ndarray, indptr: np.ndarray) -> np.ndarray:
    """Reduce runs of rows; an empty run gives 0 (``reduceat`` alone would give its neighbour)."""
    result = np.zeros((len(indptr) - 1, values.shape[1]))
    filled = np.diff(indptr) > 0
    if filled.any():
        result[filled] = how.reduceat(values, indptr[:-1][filled], axis=0)
    return result


def _inverse(values: np.ndarray) -> np.ndarray:
    """Return 1/x, and 0 for 0: what it multiplies is 0 there as well."""
    inverse: np.ndarray = np.divide(1.0, values, out=np.zeros_like(values), where=values > 0)
    return inverse


def _where_tied(total: np.ndarray, values: np.ndarray) -> np.ndarray:
    return np.where(total > 0, values, np.nan)
