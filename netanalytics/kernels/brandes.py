"""Compiled searches for betweenness: how many of the people whom s reaches are reached through v.

After Brandes: a search from s counts the shortest ways; going back over it adds up, for everybody,
the shares of the ways to those behind them. After Geisberger, Sanders and Schultes a way from s to
t counts for v only by how far along it v lies, d(s, v)/d(s, t): from t's side it counts the rest,
so nobody looks important because one of their neighbours happened to be drawn. Arcs lead from the
row to the contacts.
"""

from __future__ import annotations

import numpy as np

from netanalytics.kernels.compiled import compiled

SAME_LENGTH = 1e-10
"""Two lengths are equal when they differ by less than this share of their sum, as in igraph."""


@compiled
def by_steps(
    starts: np.ndarray, contacts: np.ndarray, sources: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return for everybody v Σ δ and Σ δ² over the sources s, every tie one step.

    δ = Σ_t (share of the shortest ways from s to t that pass v) · d(s, v)/d(s, t).
    """
    size = len(starts) - 1
    total, squares = np.zeros(size), np.zeros(size)
    far = np.full(size, -1, np.int32)
    ways, behind = np.zeros(size), np.zeros(size)
    order = np.empty(size, np.int32)
    for source in sources:
        far[source], ways[source], order[0] = 0, 1.0, source
        head, tail = 0, 1
        while head < tail:
            person = order[head]
            head += 1
            step, here = far[person] + 1, ways[person]
            for entry in range(starts[person], starts[person + 1]):
                other = contacts[entry]
                if far[other] < 0:
                    far[other], ways[other], order[tail] = step, here, other
                    tail += 1
                elif far[other] == step:
                    ways[other] += here
        for at in range(tail - 1, 0, -1):
            person = order[at]
            step, passing = far[person] + 1, 0.0
            for entry in range(starts[person], starts[person + 1]):
                if far[contacts[entry]] == step:
                    passing += behind[contacts[entry]]
            passing *= ways[person]
            behind[person] = (1.0 / far[person] + passing) / ways[person]
            passing *= far[person]
            total[person] += passing
            squares[person] += passing * passing
        for at in range(tail):
            far[order[at]] = -1
    return total, squares


@compiled
def longer(one: float, other: float) -> int:
    """Compare two lengths: 1 if the first is longer, −1 if it is shorter, 0 if they are equal."""
    if other == np.inf:
        return -1
    if abs(one - other) <= SAME_LENGTH * (one + other):
        return 0
    return 1 if one > other else -1


@compiled
def push(heap: np.ndarray, key: np.ndarray, count: int, item: tuple[int, float]) -> None:
    """Put a person with a length into a heap of so many entries; there must be room."""
    at = count
    while at > 0:
        above = (at - 1) // 2
        if key[above] <= item[1]:
            break
        heap[at], key[at] = heap[above], key[above]
        at = above
    heap[at], key[at] = item


@compiled
def pop(heap: np.ndarray, key: np.ndarray, count: int) -> tuple[int, float]:
    """Take the nearest out of a heap of so many entries."""
    first = heap[0], key[0]
    last, length = heap[count - 1], key[count - 1]
    at = 0
    while True:
        below = 2 * at + 1
        if below >= count - 1:
            break
        if below + 1 < count - 1 and key[below + 1] < key[below]:
            below += 1
        if key[below] >= length:
            break
        heap[at], key[at] = heap[below], key[below]
        at = below
    heap[at], key[at] = last, length
    return first


@compiled
def by_length(  # noqa: C901
    starts: np.ndarray, contacts: np.ndarray, lengths: np.ndarray, sources: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the same where every tie is as long as it is."""
    size = len(starts) - 1
    total, squares = np.zeros(size), np.zeros(size)
    far, place = np.full(size, np.inf), np.full(size, -1, np.int32)
    ways, behind = np.zeros(size), np.zeros(size)
    order = np.empty(size, np.int32)
    heap, key = np.empty(len(contacts) + 1, np.int32), np.empty(len(contacts) + 1)
    for source in sources:
        far[source], ways[source] = 0.0, 1.0
        push(heap, key, 0, (source, 0.0))
        count, tail = 1, 0
        while count:
            person, length = pop(heap, key, count)
            count -= 1
            if place[person] >= 0:
                continue
            order[tail], place[person] = person, tail
            tail += 1
            for entry in range(starts[person], starts[person + 1]):
                other = contacts[entry]
                if place[other] >= 0:
                    continue
                through = length + lengths[entry]
                against = longer(through, far[other])
                if against < 0:
                    far[other], ways[other] = through, ways[person]
                    push(heap, key, count, (other, through))
                    count += 1
                elif against == 0:
                    ways[other] += ways[person]
        for at in range(tail - 1, 0, -1):
            person = order[at]
            passing = 0.0
            for entry in range(starts[person], starts[person + 1]):
                other = contacts[entry]
                if place[other] > at and longer(far[person] + lengths[entry], far[other]) == 0:
                    passing += behind[other]
            passing *= ways[person]
            behind[person] = (1.0 / far[person] + passing) / ways[person]
            passing *= far[person]
            total[person] += passing
            squares[person] += passing * passing
        for at in range(tail):
            far[order[at]], place[order[at]] = np.inf, -1
    return total, squares
