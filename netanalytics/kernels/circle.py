"""Ties stored from both ends, as compiled functions read them, prepared once for each network."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

if TYPE_CHECKING:
    import scipy.sparse

    from netanalytics.network import Network


class Upward(NamedTuple):
    """The ties that lead to a contact of larger degree: starts, contacts, and their entries.

    The numbers have no sign: a compiled function that need not ask whether an index counts from the
    end finds triangles in half of the time.
    """

    starts: np.ndarray
    contacts: np.ndarray
    entries: np.ndarray


@dataclass(frozen=True)
class Circle:
    """Ties stored from both ends, row by row.

    ``starts`` and ``contacts`` are those of the matrix, ``strength`` is the value of every entry.
    No array can be written to: a network hands the same ones to every measure.
    """

    starts: np.ndarray
    contacts: np.ndarray
    strength: np.ndarray

    @classmethod
    def of(cls, matrix: scipy.sparse.csr_array[Any, Any]) -> Circle:
        """Take in a symmetric matrix with sorted indices and an empty diagonal."""
        starts = matrix.indptr.astype(np.int64)
        contacts = matrix.indices.astype(np.int32, copy=False)
        strength = np.asarray(matrix.data, dtype=float)
        return cls(*(_held(array) for array in (starts, contacts, strength)))

    @cached_property
    def twin(self) -> np.ndarray:
        """Where every entry (i, j) is stored as (j, i)."""
        from netanalytics.kernels.triangles import twins

        return _held(twins(self.starts, self.contacts))

    @cached_property
    def upward(self) -> Upward:
        """Every tie once, from the end of smaller degree: so hubs have short rows."""
        from netanalytics.kernels.triangles import upward

        starts, contacts, entries = upward(self.starts, self.contacts)
        unsigned = starts.view(np.uint64), contacts.view(np.uint32), entries.view(np.uint32)
        return Upward(*(_held(array) for array in unsigned))

    @property
    def degree(self) -> np.ndarray:
        """Number of contacts of everybody."""
        return np.diff(self.starts)

    @property
    def rows(self) -> np.ndarray:
        """Row of every entry."""
        return np.repeat(np.arange(len(self.starts) - 1, dtype=np.int32), self.degree)

    def per_row(self, values: np.ndarray) -> np.ndarray:
        """Add up the values of every row."""
        sums: np.ndarray = np.bincount(self.rows, weights=values, minlength=len(self.starts) - 1)
        return sums

    def through(self, near: np.ndarray, far: np.ndarray) -> np.ndarray:
        """Return Σ_q near(i, q) · far(q, j) for every entry (i, j), over the q tied to both."""
        from netanalytics.kernels.triangles import through

        return through(*self.upward, self.twin, near, far)

    def redundancy(self, strength: np.ndarray, total: np.ndarray, most: np.ndarray) -> np.ndarray:
        """Return Σ_j Σ_q p_iq m_jq for everybody, p = strength / total_i, m = strength / most_j."""
        from netanalytics.kernels.triangles import redundancy

        starts, contacts, entries = self.upward
        return redundancy(starts, contacts, strength[entries], total, most)

    def strongest_through(self, strength: np.ndarray) -> np.ndarray:
        """Return for every entry (i, j) the strongest tie of j to somebody tied to both, or 0."""
        from netanalytics.kernels.triangles import strongest_through

        return strongest_through(*self.upward, self.twin, strength)

    def shared(self) -> np.ndarray:
        """Return for every entry (i, j) how many people are tied to both."""
        from netanalytics.kernels.triangles import shared

        return shared(*self.upward, self.twin)

    def detours(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Return the steps between the ends of each tie without it; inf without another way."""
        from netanalytics.kernels.paths import detours
        from netanalytics.kernels.spans import near_spans, owners

        own, end = owners(first, second, len(self.degree))
        order = np.argsort(own, kind="stable")
        steps = np.empty(len(own))
        steps[order] = near_spans(self.starts, self.contacts, own[order], end[order])
        rest = np.flatnonzero(np.isnan(steps))
        steps[rest] = detours(self.starts, self.contacts, first[rest], second[rest])
        return steps

    def upper(self) -> np.ndarray:
        """Return the places of the entries (i, j) with i < j: ties in the order of a network."""
        return np.flatnonzero(self.rows < self.contacts)


def circle_of(net: Network) -> Circle:
    """Return the ties of a network from both ends, always the same object for one network."""
    circle = _circles.get(net)
    if circle is None:
        circle = _circles[net] = Circle.of(net.matrix)
    return circle


_circles: WeakKeyDictionary[Network, Circle] = WeakKeyDictionary()


def _held(array: np.ndarray) -> np.ndarray:
    view = array.view()
    view.flags.writeable = False
    return view
