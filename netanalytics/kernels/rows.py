"""Compiled sums over the contacts of everybody, one row after the other, and the cores.

Ties are stored from both ends, row by row, as in :mod:`netanalytics.kernels.triangles`.
"""

from __future__ import annotations

import numpy as np

from netanalytics.kernels.compiled import compiled


@compiled
def spread(starts: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return the entropy in nats of the weights of every row; NaN where there are none."""
    result = np.full(len(starts) - 1, np.nan)
    for person in range(len(result)):
        total = 0.0
        for entry in range(starts[person], starts[person + 1]):
            total += weight[entry]
        if total == 0.0:
            continue
        found = 0.0
        for entry in range(starts[person], starts[person + 1]):
            share = weight[entry] / total
            if share > 0.0:  # a tie may be nothing beside a strong one, and 0 ln 0 is 0
                found -= share * np.log(share)
        result[person] = found
    return result


@compiled
def tally(  # noqa: PLR0917
    starts: np.ndarray,
    contacts: np.ndarray,
    weight: np.ndarray,
    group: np.ndarray,
    sums: np.ndarray,
    met: np.ndarray,
    person: int,
) -> tuple[int, float]:
    """Add up the weights of a person's contacts by group: groups met, and all with a group.

    Without weights (an empty array) each contact counts 1. The last place of ``sums`` is for
    contacts without a group (−1). Written without branches: which group comes next is a matter of
    chance to a processor too.
    """
    count = 0
    for entry in range(starts[person], starts[person + 1]):
        other = group[contacts[entry]]
        met[count] = other
        count += sums[other] == 0.0
        sums[other] += weight[entry] if len(weight) else 1.0
    sums[-1] = 0.0
    total = 0.0
    for at in range(count):
        total += sums[met[at]]
    return count, total


@compiled
def group_spread(  # noqa: PLR0917
    starts: np.ndarray, contacts: np.ndarray, weight: np.ndarray, group: np.ndarray, groups: int
) -> np.ndarray:
    """Return the entropy in nats over the groups of everybody's contacts; NaN without any."""
    result = np.full(len(starts) - 1, np.nan)
    sums, met = np.zeros(groups + 1), np.empty(groups + 2, np.int32)
    most = 0
    for person in range(len(result)):
        most = max(most, starts[person + 1] - starts[person])
    logs = np.log(np.maximum(np.arange(most + 1), 1))
    for person in range(len(result)):
        count, total = tally(starts, contacts, weight, group, sums, met, person)
        if total == 0.0:
            continue
        found = 0.0
        for at in range(count):
            amount = sums[met[at]]
            sums[met[at]] = 0.0
            share = amount / total
            if len(weight) == 0:
                found += share * (logs[int(total)] - logs[int(amount)])
            elif share > 0.0:
                found -= share * np.log(share)
        result[person] = found
    return result


@compiled
def group_repeats(  # noqa: PLR0917
    starts: np.ndarray, contacts: np.ndarray, weight: np.ndarray, group: np.ndarray, groups: int
) -> np.ndarray:
    """Return Σ p² over the groups of everybody's contacts; NaN without any."""
    result = np.full(len(starts) - 1, np.nan)
    sums, met = np.zeros(groups + 1), np.empty(groups + 2, np.int32)
    for person in range(len(result)):
        count, total = tally(starts, contacts, weight, group, sums, met, person)
        if total == 0.0:
            continue
        found = 0.0
        for at in range(count):
            found += (sums[met[at]] / total) ** 2
            sums[met[at]] = 0.0
        result[person] = found
    return result


@compiled
def inside_outside(
    starts: np.ndarray, contacts: np.ndarray, weight: np.ndarray, group: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Add up the weights of everybody's contacts inside and outside the own group.

    Without weights (an empty array) each contact counts 1; who has no group (−1) counts nowhere.
    """
    inside, outside = np.zeros(len(starts) - 1), np.zeros(len(starts) - 1)
    for person in range(len(inside)):
        own = group[person]
        if own < 0:
            continue
        for entry in range(starts[person], starts[person + 1]):
            other = group[contacts[entry]]
            amount = weight[entry] if len(weight) else 1.0
            inside[person] += amount * (other == own)
            outside[person] += amount * (other != own and other >= 0)
    return inside, outside


@compiled
def cores(starts: np.ndarray, contacts: np.ndarray) -> np.ndarray:
    """Return the largest k of everybody such that they are in the k-core.

    People lie in order of the ties they have left. The first of the order is taken away; each of
    its contacts with more ties changes places with the first of those that have as many, and has
    one less.
    """
    size = len(starts) - 1
    left = np.empty(size, np.int32)
    for person in range(size):
        left[person] = starts[person + 1] - starts[person]
    most = left.max() if size else 0
    begin = np.zeros(most + 2, np.int32)  # where those with so many ties begin
    for person in range(size):
        begin[left[person] + 1] += 1
    for ties in range(most + 1):
        begin[ties + 1] += begin[ties]
    order, place = np.empty(size, np.int32), np.empty(size, np.int32)
    free = begin.copy()
    for person in range(size):
        place[person] = free[left[person]]
        order[place[person]] = person
        free[left[person]] += 1
    for at in range(size):
        person = order[at]
        for entry in range(starts[person], starts[person + 1]):
            other = contacts[entry]
            if left[other] <= left[person]:
                continue
            first = begin[left[other]]
            before = order[first]
            order[place[other]], place[before] = before, place[other]
            order[first], place[other] = other, first
            begin[left[other]] += 1
            left[other] -= 1
    return left
