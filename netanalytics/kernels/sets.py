"""Compiled searches for the set of people that matters most, after Borgatti's key players."""

from __future__ import annotations

import numpy as np

from netanalytics.kernels.compiled import compiled
from netanalytics.kernels.paths import cut_pairs, nearness

ALIKE = 1e-12
"""Sets whose values differ by less are equally good."""


@compiled
def next_set(chosen: np.ndarray, size: int) -> bool:
    """Move to the next set in the order of the alphabet; False after the last one."""
    place = len(chosen) - 1
    while place >= 0 and chosen[place] == size - len(chosen) + place:
        place -= 1
    if place < 0:
        return False
    chosen[place] += 1
    for later in range(place + 1, len(chosen)):
        chosen[later] = chosen[later - 1] + 1
    return True


@compiled
def best_cuts(  # noqa: PLR0917
    starts: np.ndarray, contacts: np.ndarray, count: int, by_distance: bool, most: int
) -> tuple[float, np.ndarray]:
    """Try every set of so many people; return the least nearness left, and the sets that give it.

    The number of remaining people is the same for all sets, so the least is the best.
    """
    size = len(starts) - 1
    gone = np.zeros(size, np.bool_)
    chosen = np.arange(count)
    sets = np.empty((most, count), np.int64)
    found = 0
    best = np.inf
    more = True
    while more:
        for person in chosen:
            gone[person] = True
        value = nearness(starts, contacts, gone, by_distance)
        for person in chosen:
            gone[person] = False
        if value < best - ALIKE * max(1.0, abs(best)) or found == 0:
            best = value
            found = 0
        if value <= best + ALIKE * max(1.0, best) and found < most:
            sets[found] = chosen
            found += 1
        more = next_set(chosen, size)
    return best, sets[:found]


@compiled
def best_reaches(near: np.ndarray, count: int, most: int) -> tuple[float, np.ndarray]:
    """Try every set of so many rows; return the largest Σ_j max of the rows, and these sets."""
    size = len(near)
    chosen = np.arange(count)
    sets = np.empty((most, count), np.int64)
    found = 0
    best = -1.0
    more = True
    while more:
        value = 0.0
        for other in range(size):
            closest = 0.0
            for person in chosen:
                closest = max(closest, near[person, other])
            value += closest
        if value > best + ALIKE * max(1.0, best):
            best = value
            found = 0
        if value >= best - ALIKE * max(1.0, best) and found < most:
            sets[found] = chosen
            found += 1
        more = next_set(chosen, size)
    return best, sets[:found]


@compiled
def reach_from(  # noqa: PLR0917
    starts: np.ndarray,
    contacts: np.ndarray,
    source: int,
    steps: int,
    covered: np.ndarray,
    far: np.ndarray,
    queue: np.ndarray,
    keep: bool,
) -> float:
    """Return what a person adds to the reach of those chosen, and note it down if asked to.

    With ``steps`` above 0 everybody within so many steps counts 1, otherwise 1/distance.
    """
    far[source] = 0
    queue[0] = source
    head, tail = 0, 1
    gain = 0.0
    while head < tail:
        person = queue[head]
        head += 1
        value = 1.0 if steps > 0 or far[person] == 0 else 1.0 / far[person]
        if value > covered[person]:
            gain += value - covered[person]
            if keep:
                covered[person] = value
        if steps > 0 and far[person] == steps:
            continue
        for entry in range(starts[person], starts[person + 1]):
            other = contacts[entry]
            if far[other] < 0:
                far[other] = far[person] + 1
                queue[tail] = other
                tail += 1
    for at in range(tail):
        far[queue[at]] = -1
    return gain


@compiled
def greedy_reach(starts: np.ndarray, contacts: np.ndarray, count: int, steps: int) -> np.ndarray:
    """Choose one after the other who adds most to the reach of those chosen already.

    What a person adds can only shrink as others are chosen, so only those whose last known gain
    could still be the largest are looked at again.
    """
    size = len(starts) - 1
    covered = np.zeros(size)
    far = np.full(size, -1, np.int64)
    queue = np.empty(size, np.int32)
    gain = np.empty(size)
    for person in range(size):
        gain[person] = reach_from(starts, contacts, person, steps, covered, far, queue, False)
    chosen = np.empty(count, np.int64)
    for turn in range(count):
        fresh = np.zeros(size, np.bool_)
        person = int(np.argmax(gain))
        while turn > 0 and not fresh[person]:
            gain[person] = reach_from(starts, contacts, person, steps, covered, far, queue, False)
            fresh[person] = True
            person = int(np.argmax(gain))
        chosen[turn] = person
        reach_from(starts, contacts, person, steps, covered, far, queue, True)
        gain[person] = -1.0
    return chosen


@compiled
def greedy_cuts(  # noqa: PLR0917
    starts: np.ndarray,
    contacts: np.ndarray,
    candidates: np.ndarray,
    count: int,
    by_distance: bool,
) -> np.ndarray:
    """Choose one after the other whose leaving lowers the nearness most, then try swaps.

    A person of the set is exchanged for a candidate outside as long as that lowers it further.
    """
    gone = np.zeros(len(starts) - 1, np.bool_)
    chosen = np.empty(count, np.int64)
    best = np.inf
    for turn in range(count):
        best = np.inf
        for person in candidates:
            if not gone[person]:
                gone[person] = True
                value = nearness(starts, contacts, gone, by_distance)
                gone[person] = False
                if value < best - ALIKE * max(1.0, value):
                    best = value
                    chosen[turn] = person
        gone[chosen[turn]] = True
    better = count > 1
    while better:
        better = False
        for place in range(count):
            for person in candidates:
                if gone[person]:
                    continue
                gone[chosen[place]] = False
                gone[person] = True
                value = nearness(starts, contacts, gone, by_distance)
                if value < best - ALIKE * max(1.0, value):
                    best = value
                    chosen[place] = person
                    better = True
                else:
                    gone[person] = False
                    gone[chosen[place]] = True
    return chosen


@compiled
def without(
    starts: np.ndarray, contacts: np.ndarray, gone: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the ties without those of the people who are gone, who stay as isolates."""
    left = np.zeros(len(starts), np.int64)
    kept = np.empty(len(contacts), np.int32)
    count = 0
    for person in range(len(starts) - 1):
        if not gone[person]:
            for entry in range(starts[person], starts[person + 1]):
                if not gone[contacts[entry]]:
                    kept[count] = contacts[entry]
                    count += 1
        left[person + 1] = count
    return left, kept[:count]


@compiled
def greedy_pair_cuts(starts: np.ndarray, contacts: np.ndarray, count: int) -> np.ndarray:
    """Choose one after the other who leaves fewest pairs a way; one search in depth a turn."""
    gone = np.zeros(len(starts) - 1, np.bool_)
    chosen = np.empty(count, np.int64)
    for turn in range(count):
        left, kept = without(starts, contacts, gone)
        cut, _, _, others = cut_pairs(left, kept)
        lost = cut + others
        for person in range(len(gone)):
            if gone[person]:
                lost[person] = -1
        chosen[turn] = np.argmax(lost)
        gone[chosen[turn]] = True
    return chosen


@compiled
def nearness_from(
    starts: np.ndarray, contacts: np.ndarray, sources: np.ndarray, steps: int
) -> np.ndarray:
    """Return a row for each source: 1/distance to everybody, or 1 within so many steps."""
    size = len(starts) - 1
    near = np.zeros((len(sources), size))
    far = np.full(size, -1, np.int64)
    queue = np.empty(size, np.int32)
    for row in range(len(sources)):
        reach_from(starts, contacts, sources[row], steps, near[row], far, queue, True)
    return near
