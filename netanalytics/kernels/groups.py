"""Compiled sums over the contacts of everybody by the group they are in.

A group is a code, −1 for none. Weights are an array with a value for each entry, or an empty one
where every contact counts alike; an empty one of whole numbers is quicker to count with.
"""

from __future__ import annotations

import numpy as np

from netanalytics.kernels.compiled import compiled


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
        count += sums[other] == 0
        sums[other] += weight[entry] if len(weight) else 1
    sums[-1] = 0
    total = sums[-1]
    for at in range(count):
        total += sums[met[at]]
    return count, total


@compiled
def group_spread(  # noqa: PLR0917
    starts: np.ndarray, contacts: np.ndarray, weight: np.ndarray, group: np.ndarray, groups: int
) -> np.ndarray:
    """Return the entropy in nats over the groups of everybody's contacts; NaN without any."""
    result = np.full(len(starts) - 1, np.nan)
    sums, met = np.zeros(groups + 1, weight.dtype), np.empty(groups + 2, np.int32)
    most = 0
    for person in range(len(result)):
        most = max(most, starts[person + 1] - starts[person])
    logs = np.log(np.maximum(np.arange(most + 1), 1))
    for person in range(len(result)):
        count, total = tally(starts, contacts, weight, group, sums, met, person)
        if total == 0:
            continue
        found = 0.0
        for at in range(count):
            amount = sums[met[at]]
            sums[met[at]] = 0
            if len(weight) == 0:
                found += amount * (logs[int(total)] - logs[int(amount)])
            elif amount / total > 0.0:  # a tie may be nothing beside a strong one, and 0 ln 0 is 0
                found -= amount * np.log(amount / total)
        result[person] = found / total
    return result


@compiled
def group_repeats(  # noqa: PLR0917
    starts: np.ndarray, contacts: np.ndarray, weight: np.ndarray, group: np.ndarray, groups: int
) -> np.ndarray:
    """Return Σ p² over the groups of everybody's contacts; NaN without any."""
    result = np.full(len(starts) - 1, np.nan)
    sums, met = np.zeros(groups + 1, weight.dtype), np.empty(groups + 2, np.int32)
    for person in range(len(result)):
        count, total = tally(starts, contacts, weight, group, sums, met, person)
        if total == 0:
            continue
        found = 0.0
        for at in range(count):
            found += (sums[met[at]] / total) ** 2
            sums[met[at]] = 0
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
    nothing = np.zeros(1, weight.dtype)[0]
    for person in range(len(inside)):
        own = group[person]
        if own < 0:
            continue
        near = far = nothing
        for entry in range(starts[person], starts[person + 1]):
            other = group[contacts[entry]]
            amount = weight[entry] if len(weight) else 1
            near += amount * (other == own)
            far += amount * (other != own and other >= 0)
        inside[person], outside[person] = near, far
    return inside, outside


@compiled
def mixed(  # noqa: PLR0917
    codes: np.ndarray, groups: int, first: np.ndarray, second: np.ndarray, weight: np.ndarray
) -> np.ndarray:
    """Add up the weights of pairs by the group of the first (rows) and of the second (columns)."""
    sums = np.zeros((groups + 1, groups + 1), weight.dtype)  # the last is of those without a group
    for at in range(len(first)):
        sums[codes[first[at]], codes[second[at]]] += weight[at] if len(weight) else 1
    return sums[:groups, :groups].astype(np.float64)
