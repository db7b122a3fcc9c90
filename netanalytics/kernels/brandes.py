"""Compiled searches for betweenness: how many of the people whom s reaches are reached through v.

After Brandes: a search from s counts the shortest ways; going back over it adds up, for everybody,
the shares of the ways to those behind them. After Geisberger, Sanders and Schultes a way from s to
t counts for v only by how far along it v lies, d(s, v)/d(s, t): from t's side it counts the rest,
so nobody looks important because one of their neighbours happened to be drawn. Arcs lead from the
row to the contacts.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from netanalytics.kernels.compiled import compiled

SAME_LENGTH = 1e-14
"""Two ways are equally long when they differ by less than twice this share.

Rounding of ninety steps stays below it, and a tie of 10^13 times the strength of another still
counts beside it. igraph adds 1 to every length and calls equal what differs by 1e-10: with numbers
of bytes for strengths it finds other ways than there are.
"""

NEARER, FARTHER = 1 - 2 * SAME_LENGTH, 1 + 2 * SAME_LENGTH


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
def lift(  # noqa: PLR0917
    heap: np.ndarray, key: np.ndarray, spot: np.ndarray, at: Any, person: Any, length: float
) -> None:
    """Put a person with a length into a heap, or closer to its top, from this place upwards."""
    one = np.uint32(1)
    while at:
        above = (at - one) >> one
        if key[above] <= length:
            break
        heap[at], key[at] = heap[above], key[above]
        spot[heap[at]] = at
        at = above
    heap[at], key[at], spot[person] = person, length, at


@compiled
def pop(heap: np.ndarray, key: np.ndarray, spot: np.ndarray, count: Any) -> Any:
    """Take the nearest out of a heap of so many people."""
    one = np.uint32(1)
    first, end = heap[0], count - one
    last, length = heap[end], key[end]
    at, below = np.uint32(0), one
    while below < end:
        if below + one < end and key[below + one] < key[below]:
            below += one
        if key[below] >= length:
            break
        heap[at], key[at] = heap[below], key[below]
        spot[heap[at]] = at
        at, below = below, (below << one) + one
    heap[at], key[at], spot[last] = last, length, at
    return first


@compiled
def search(  # noqa: PLR0917
    starts: np.ndarray,
    contacts: np.ndarray,
    lengths: np.ndarray,
    source: int,
    reach: np.ndarray,
    people: np.ndarray,
    links: np.ndarray,
) -> int:
    """Find how far and by how many shortest ways everybody is reached from one person.

    Returns how many are reached. Rows 0 and 1 of ``reach`` are how far everybody is (inf before)
    and by how many ways. Row 0 of ``people`` has those reached, the nearest first; row 1 the last
    link that leads to each person. The other rows are for the heap. Of each link, from 1, row 0 of
    ``links`` holds who it comes from, row 1 its entry, and row 2 the link before it that leads to
    the same person, or 0.
    """
    far, ways, key = reach
    order, linked, heap, spot = people
    none, one = np.uint32(0), np.uint32(1)
    far[source], ways[source], linked[source] = 0.0, 1.0, none
    lift(heap, key, spot, none, np.uint32(source), 0.0)
    count, tail, link = one, 0, none
    while count:
        person = pop(heap, key, spot, count)
        count -= one
        length = far[person]
        order[tail] = person
        tail += 1
        for entry in range(starts[person], starts[person + one]):
            other = contacts[entry]
            through, known = length + lengths[entry], far[other]
            if through > known * FARTHER or known <= length:
                continue
            link += one
            links[0, link], links[1, link], links[2, link] = person, entry, linked[other]
            if through < known * NEARER:
                at = spot[other]
                if known == np.inf:
                    at = count
                    count += one
                lift(heap, key, spot, at, other, through)
                far[other], ways[other], links[2, link] = through, ways[person], none
            else:
                ways[other] += ways[person]
            linked[other] = link
    return tail


@compiled
def by_length(
    starts: np.ndarray, contacts: np.ndarray, lengths: np.ndarray, sources: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the same where every tie is as long as it is."""
    size = len(starts) - 1
    total, squares = np.zeros(size), np.zeros(size)
    reach, behind = np.full((3, size), np.inf), np.zeros(size)
    far, ways, _ = reach
    people, links = np.empty((4, size), np.uint32), np.empty((3, len(contacts) + 1), np.uint32)
    for source in sources:
        tail = search(starts, contacts, lengths, source, reach, people, links)
        for at in range(tail - 1, 0, -1):
            person = people[0, at]
            passing = behind[person] * ways[person]
            share = (1.0 / far[person] + passing) / ways[person]
            link = people[1, person]
            while link:
                behind[links[0, link]] += share
                link = links[2, link]
            passing *= far[person]
            total[person] += passing
            squares[person] += passing * passing
        for at in range(tail):
            far[people[0, at]], behind[people[0, at]] = np.inf, 0.0
    return total, squares


@compiled
def shares_by_length(
    starts: np.ndarray, contacts: np.ndarray, lengths: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return for how many ordered pairs everybody, and every entry, lies on the shortest way.

    A pair with several shortest ways counts for each its share; its own ends do not lie on it.
    """
    size = len(starts) - 1
    total, used = np.zeros(size), np.zeros(len(contacts))
    reach, behind = np.full((3, size), np.inf), np.zeros(size)
    far, ways, _ = reach
    people, links = np.empty((4, size), np.uint32), np.empty((3, len(contacts) + 1), np.uint32)
    for source in range(size):
        tail = search(starts, contacts, lengths, source, reach, people, links)
        for at in range(tail - 1, 0, -1):
            person = people[0, at]
            share = (1.0 + behind[person]) / ways[person]
            total[person] += behind[person]
            link = people[1, person]
            while link:
                before = links[0, link]
                used[links[1, link]] += share * ways[before]
                behind[before] += share * ways[before]
                link = links[2, link]
        for at in range(tail):
            far[people[0, at]], behind[people[0, at]] = np.inf, 0.0
    return total, used
