"""Graphs of igraph and sparse matrices of a network, and what igraph draws by chance."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from netanalytics.arguments import whole

if TYPE_CHECKING:
    import igraph
    import scipy.sparse

_igraph_random = threading.Lock()


def graph_of(size: int, ends: tuple[np.ndarray, np.ndarray], *, directed: bool) -> igraph.Graph:
    """Return the igraph graph of so many people and the ends of ties or arcs."""
    import igraph

    return igraph.Graph(n=size, edges=np.column_stack(ends), directed=directed)


def matrix_of(
    size: int, rows: np.ndarray, columns: np.ndarray, values: np.ndarray
) -> scipy.sparse.csr_array[Any, Any]:
    """Return a sorted matrix that cannot be written to."""
    from scipy import sparse

    matrix = sparse.csr_array((values, (rows, columns)), shape=(size, size))
    matrix.sort_indices()
    for array in (matrix.data, matrix.indices, matrix.indptr):
        array.flags.writeable = False
    return matrix


def seeded_leiden(
    graph: igraph.Graph, weights: Sequence[float] | None, *, resolution: float, seed: int
) -> list[int]:
    """Return the community of each vertex by Leiden on modularity, from a seed of its own.

    igraph draws on one generator for the whole process; it is swapped under a lock and put back.
    """
    with _seeded(seed):
        clustering = graph.community_leiden(
            objective_function="modularity",
            weights=weights,
            resolution=resolution,
            n_iterations=-1,
        )
    return list(clustering.membership)


def seeded_layout(graph: igraph.Graph, kind: str, *, seed: int, **options: Any) -> np.ndarray:
    """Return the positions that an igraph layout gives, an array of shape (vertices, 2)."""
    with _seeded(seed):
        return np.asarray(graph.layout(kind, **options).coords, dtype=float).reshape(-1, 2)


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    import igraph

    with _igraph_random:
        igraph.set_random_number_generator(random.Random(whole("seed", seed)))
        try:
            yield
        finally:
            igraph.set_random_number_generator(random)
