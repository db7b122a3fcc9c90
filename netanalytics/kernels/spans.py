"""Compiled search for the way round many ties of one person at once.

A tie's span is found where what is near its one end, reached by another contact, meets what is near
the other. Whoever has many local bridges is searched from once for all of them: people within two,
then three steps, with a note of who is reached by more than one contact. The rest of each way is
short. What would take longer like this is left to the search from both ends (kernels.paths).
"""

from __future__ import annotations

import numpy as np

from netanalytics.kernels.compiled import compiled

HERE, ONE, TWO, OWN = 1, 2, 4, 8
"""Marks: reached by the contact at work, by some contact, by two of them; end of a tie wanted."""


def owners(first: np.ndarray, second: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Choose an end to search from for each tie, so that few people have to be searched from."""
    count = np.bincount(first, minlength=size) + np.bincount(second, minlength=size)
    for _ in range(3):  # who has many ties draws more of them
        swap = count[second] > count[first]
        own = np.where(swap, second, first)
        count = np.bincount(own, minlength=size)
    return own, np.where(swap, first, second)


@compiled
def two_steps(starts: np.ndarray, contacts: np.ndarray) -> np.ndarray:
    """Return how many ways of two steps lead on from everybody: Σ degree over the contacts."""
    ways = np.zeros(len(starts) - 1, np.int64)
    for person in range(len(ways)):
        for entry in range(starts[person], starts[person + 1]):
            other = contacts[entry]
            ways[person] += starts[other + 1] - starts[other]
    return ways


@compiled
def reach(  # noqa: PLR0917
    starts: np.ndarray,
    contacts: np.ndarray,
    state: np.ndarray,
    found: np.ndarray,
    span: tuple[int, int],
) -> int:
    """Add to found who is one step from found[begin:end]; return where they end.

    Written without branches: whether somebody is new is a matter of chance to a processor too.
    """
    begin, end = span
    count = end
    for at in range(begin, end):
        person = found[at]
        for entry in range(starts[person], starts[person + 1]):
            other = contacts[entry]
            before = state[other]
            state[other] = before | HERE
            found[count] = other
            count += 1 - (before & HERE)
    return count


@compiled
def degrees(starts: np.ndarray, found: np.ndarray, begin: int, end: int) -> int:
    """Return how many steps lead on from found[begin:end]."""
    total: int = 0
    for at in range(begin, end):
        total += starts[found[at] + 1] - starts[found[at]]
    return total


@compiled
def mark(state: np.ndarray, found: np.ndarray, begin: int, end: int) -> None:
    """Note that these are reached by the contact at work."""
    for at in range(begin, end):
        state[found[at]] |= HERE


@compiled
def forget(state: np.ndarray, found: np.ndarray, end: int) -> None:
    """Take all marks away from found[:end]."""
    for at in range(end):
        state[found[at]] = 0


@compiled
def settle(state: np.ndarray, found: np.ndarray, begin: int, end: int) -> None:
    """Count everybody found as reached by one contact more."""
    for at in range(begin, end):
        before = state[found[at]] & (ONE | TWO | OWN)
        state[found[at]] = before | ONE | ((before & ONE) << 1)


@compiled
def unmark(state: np.ndarray, found: np.ndarray, begin: int, end: int) -> None:
    """Forget that these were reached by the contact at work."""
    for at in range(begin, end):
        state[found[at]] &= ONE | TWO | OWN


@compiled
def some(  # noqa: PLR0917
    state: np.ndarray, found: np.ndarray, begin: int, end: int, wanted: int
) -> bool:
    """Say whether one of found[begin:end] has a mark."""
    seen = 0
    for at in range(begin, end):
        seen |= state[found[at]]
    return (seen & wanted) != 0


@compiled
def from_others(  # noqa: PLR0917
    starts: np.ndarray,
    contacts: np.ndarray,
    state: np.ndarray,
    found: np.ndarray,
    source: int,
    steps: int,
) -> tuple[int, int]:
    """Reach from a person by contacts that are no end of a tie wanted; where the last step is."""
    count = 0
    for entry in range(starts[source], starts[source + 1]):
        other = contacts[entry]
        if not state[other] & OWN:
            state[other] |= HERE
            found[count] = other
            count += 1
    begin = 0
    for _ in range(1, steps):
        end = count
        count = reach(starts, contacts, state, found, (begin, end))
        begin = end
    settle(state, found, 0, count)
    return begin, count


@compiled
def met(  # noqa: PLR0917
    starts: np.ndarray,
    contacts: np.ndarray,
    state: np.ndarray,
    found: np.ndarray,
    begin: int,
    end: int,
) -> bool:
    """Say whether a step from found[begin:end] leads to somebody reached, but not from here."""
    for at in range(begin, end):
        person = found[at]
        for entry in range(starts[person], starts[person + 1]):
            if state[contacts[entry]] & (ONE | HERE) == ONE:
                return True
    return False


@compiled
def within_two(  # noqa: PLR0917
    starts: np.ndarray,
    contacts: np.ndarray,
    state: np.ndarray,
    others: np.ndarray,
    balls: np.ndarray,
    ball: np.ndarray,
    source: int,
    end: np.ndarray,
) -> tuple[int, int]:
    """Mark who is within two steps of a person, by contact: each end of a tie, and all others.

    ``ball`` gets where the people by each end begin in ``balls``, where their last step begins,
    and where they stop. Returns how many there are by others, and the ways that lead on.
    """
    state[source] = HERE
    for at in range(len(end)):
        state[end[at]] |= OWN
    begin, count = from_others(starts, contacts, state, others, source, 2)
    ways = degrees(starts, others, begin, count)
    place = 0
    for at in range(len(end)):
        balls[place] = end[at]
        mark(state, balls, place, place + 1)
        stop = reach(starts, contacts, state, balls, (place, place + 1))
        settle(state, balls, place, stop)
        ways += degrees(starts, balls, place + 1, stop)
        ball[at] = place, place + 1, stop
        place = stop
    return count, ways


@compiled
def three_or_four(  # noqa: PLR0917
    starts: np.ndarray,
    contacts: np.ndarray,
    state: np.ndarray,
    balls: np.ndarray,
    near: np.ndarray,
    ball: np.ndarray,
    steps: np.ndarray,
) -> int:
    """Find the spans from 2 to 4 among the ties of a person; return how many are left.

    It is 2 where the other end is reached by two contacts, 3 where one of its contacts is, and 4
    where a contact's contact is reached at all. For the others these are put in ``balls``, one
    after the other.
    """
    place, left = 0, 0
    for at in range(len(steps)):
        begin, middle, stop = ball[at]
        if state[near[begin]] & TWO:
            steps[at] = 2
            continue
        if some(state, near, middle, stop, TWO):
            steps[at] = 3
            continue
        first = place + 1
        middle = place + stop - begin
        balls[place:middle] = near[begin:stop]
        mark(state, balls, place, middle)
        stop = reach(starts, contacts, state, balls, (first, middle))
        unmark(state, balls, place, stop)
        if some(state, balls, middle, stop, ONE):
            steps[at] = 4
            continue
        ball[left] = place, middle, stop
        place = stop
        left += 1
    return left


@compiled
def meet(  # noqa: PLR0917
    starts: np.ndarray,
    contacts: np.ndarray,
    state: np.ndarray,
    balls: np.ndarray,
    ball: np.ndarray,
    steps: np.ndarray,
    reached: int,
) -> None:
    """Find the ties left where one step more leads to somebody reached within so many steps."""
    at = 0
    for tie in range(len(steps)):
        if not np.isnan(steps[tie]):
            continue
        begin, middle, stop = ball[at]
        at += 1
        if reached == 3 and some(state, balls, middle, stop, TWO):
            steps[tie] = 5
            continue
        mark(state, balls, begin, stop)
        if met(starts, contacts, state, balls, middle, stop):
            steps[tie] = reached + 3
        unmark(state, balls, begin, stop)


@compiled
def near_spans(
    starts: np.ndarray, contacts: np.ndarray, own: np.ndarray, end: np.ndarray
) -> np.ndarray:
    """Return the span of each tie where it is from 2 to 6 and soon found, otherwise NaN.

    Parameters
    ----------
    starts, contacts : numpy.ndarray
        Ties stored from both ends.
    own, end : numpy.ndarray
        The two ends of each tie wanted, in order of ``own``.
    """
    size = len(starts) - 1
    usual = len(contacts) / max(size, 1)
    ways = two_steps(starts, contacts)
    state = np.zeros(size, np.uint8)
    others = np.empty(size + 1, np.int32)
    balls = np.empty(1 << 12, np.int32)
    steps = np.full(len(own), np.nan)
    last = 0
    while last < len(own):
        tie, source = last, own[last]
        room, work = 1, 0
        while last < len(own) and own[last] == source:
            room += 1 + starts[end[last] + 1] - starts[end[last]] + ways[end[last]]
            work += ways[end[last]]
            last += 1
        if ways[source] > 2 * work:
            continue
        if room > len(balls):
            balls = np.empty(2 * room, np.int32)
        mine, far = steps[tie:last], end[tie:last]
        ball = np.empty((len(mine), 3), np.int64)
        reached = (starts, contacts, state, others)
        count, on = within_two(*reached, balls, ball, source, far)
        near = balls[: ball[-1, 2]].copy()
        left = three_or_four(starts, contacts, state, balls, near, ball, mine)
        filled = ball[left - 1, 2] if left else 0
        # How many steps until one hits somebody within two: if that is clearly less, look at once.
        soon = 3 * left * size < on * (count + len(near))
        if soon:
            meet(starts, contacts, state, balls, ball, mine, 2)
        forget(state, others, count)
        forget(state, near, len(near))
        if left and not soon and on <= 2 * usual * filled:
            for at in range(len(mine)):
                if np.isnan(mine[at]):
                    state[far[at]] = OWN
            _, count = from_others(*reached, source, 3)
            for at in range(left):
                settle(state, balls, ball[at, 0], ball[at, 2])
            meet(starts, contacts, state, balls, ball, mine, 3)
            forget(state, others, count)
            forget(state, balls, filled)
        state[source] = 0
    return steps
