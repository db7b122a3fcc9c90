"""Compiled searches: the way round a tie, and what falls apart without a person."""

from __future__ import annotations

import numpy as np

from netanalytics.kernels.compiled import compiled


@compiled
def detours(  # noqa: C901  # numba gains nothing from functions in a loop
    starts: np.ndarray, contacts: np.ndarray, first: np.ndarray, second: np.ndarray
) -> np.ndarray:
    """Return the steps between the ends of each tie without using the tie; inf without a way.

    Two searches grow towards each other, always the one with the smaller front.
    """
    size = len(starts) - 1
    seen = np.full((size, 2), -1, np.int32)  # both sides of a person lie side by side
    front = np.empty((2, size), np.int32)
    grown = np.empty(size, np.int32)
    steps = np.full(len(first), np.inf)
    count = np.zeros(2, np.int64)
    for tie in range(len(first)):
        ends = (first[tie], second[tie])
        for side in range(2):
            seen[ends[side], side] = tie
            front[side, 0] = ends[side]
            count[side] = 1
        taken = 0
        met = False
        while not met and count[0] > 0 and count[1] > 0:
            near = 0 if count[0] <= count[1] else 1
            taken += 1
            new = 0
            for at in range(count[near]):
                person = front[near, at]
                for entry in range(starts[person], starts[person + 1]):
                    other = contacts[entry]
                    if person == ends[near] and other == ends[1 - near]:
                        continue
                    if seen[other, 1 - near] == tie:
                        met = True
                        break
                    if seen[other, near] != tie:
                        seen[other, near] = tie
                        grown[new] = other
                        new += 1
                if met:
                    break
            front[near, :new] = grown[:new]
            count[near] = new
        if met:
            steps[tie] = taken
    return steps


@compiled
def cut_pairs(  # noqa: C901, PLR0915  # one search without recursion
    starts: np.ndarray, contacts: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return what falls apart without each person, from one search in depth.

    Returns
    -------
    tuple of four numpy.ndarray
        For each person: pairs of others that could not reach each other any more, pieces that
        are left of the person's component, people in the largest of these, and in all.
    """
    size = len(starts) - 1
    order = np.full(size, -1, np.int64)
    low = np.zeros(size, np.int64)
    below = np.ones(size, np.int64)  # people in the branch that begins here
    parent = np.full(size, -1, np.int64)
    after = starts[:-1].copy()
    stack = np.empty(size, np.int64)
    cut_off = np.zeros(size, np.int64)  # people in branches that hang on this person alone
    squares = np.zeros(size, np.int64)
    pieces = np.zeros(size, np.int64)
    largest = np.zeros(size, np.int64)
    cut = np.zeros(size, np.int64)
    others = np.zeros(size, np.int64)
    members = np.empty(size, np.int64)
    clock = 0
    for root in range(size):
        if order[root] >= 0:
            continue
        begin = clock
        order[root] = low[root] = clock
        members[clock] = root
        clock += 1
        depth = 1
        stack[0] = root
        while depth:
            person = stack[depth - 1]
            if after[person] < starts[person + 1]:
                other = contacts[after[person]]
                after[person] += 1
                if order[other] < 0:
                    parent[other] = person
                    order[other] = low[other] = clock
                    members[clock] = other
                    clock += 1
                    stack[depth] = other
                    depth += 1
                elif other != parent[person]:
                    low[person] = min(low[person], order[other])
                continue
            depth -= 1
            above = parent[person]
            if above < 0:
                continue
            low[above] = min(low[above], low[person])
            below[above] += below[person]
            if low[person] >= order[above]:
                cut_off[above] += below[person]
                squares[above] += below[person] ** 2
                pieces[above] += 1
                largest[above] = max(largest[above], below[person])
        whole = clock - begin
        for at in range(begin, clock):
            person = members[at]
            rest = whole - 1 - cut_off[person]
            if rest > 0:
                squares[person] += rest**2
                pieces[person] += 1
                largest[person] = max(largest[person], rest)
            others[person] = whole - 1
            cut[person] = ((whole - 1) ** 2 - squares[person]) // 2
    return cut, pieces, largest, others


@compiled
def nearness(
    starts: np.ndarray, contacts: np.ndarray, gone: np.ndarray, by_distance: bool
) -> float:
    """Return Σ 1/distance over ordered pairs of who is not gone, or how many have a way."""
    size = len(starts) - 1
    far = np.full(size, -1, np.int64)
    queue = np.empty(size, np.int32)
    reached = np.zeros(size, np.int64)  # pairs at each distance
    pairs = 0
    done = np.zeros(size, np.bool_)
    for source in range(size):
        if gone[source] or done[source]:
            continue
        far[source] = 0
        queue[0] = source
        head, tail = 0, 1
        while head < tail:
            person = queue[head]
            head += 1
            reached[far[person]] += 1
            for entry in range(starts[person], starts[person + 1]):
                other = contacts[entry]
                if far[other] < 0 and not gone[other]:
                    far[other] = far[person] + 1
                    queue[tail] = other
                    tail += 1
        pairs += tail * (tail - 1)
        for at in range(tail):
            far[queue[at]] = -1
            if not by_distance:
                done[queue[at]] = True
    if not by_distance:
        return float(pairs)
    total = 0.0
    for steps in range(1, size):
        total += reached[steps] / steps
    return total
