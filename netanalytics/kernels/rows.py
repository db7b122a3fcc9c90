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
def cores(starts: np.ndarray, contacts: np.ndarray) -> np.ndarray:
    """Return the largest k of everybody such that they are in the k-core; all without a sign.

    People lie in order of the ties they have left. The first of the order is taken away; each of
    its contacts with more ties changes places with the first of those that have as many, and has
    one less.
    """
    size, one = len(starts) - 1, np.uint32(1)
    left = np.empty(size, np.uint32)
    for person in range(size):
        left[person] = starts[person + 1] - starts[person]
    most = left.max() if size else one
    begin = np.zeros(most + 2, np.uint32)  # where those with so many ties begin
    for person in range(size):
        begin[left[person] + 1] += one
    for ties in range(most + 1):
        begin[ties + 1] += begin[ties]
    order, place = np.empty(size, np.uint32), np.empty(size, np.uint32)
    free = begin.copy()
    for person in range(size):
        place[person] = free[left[person]]
        order[place[person]] = person
        free[left[person]] += one
    for at in range(size):
        person = order[at]
        for entry in range(starts[person], starts[person + one]):
            other = contacts[entry]
            ties = left[other]
            if ties <= left[person]:
                continue
            first, here = begin[ties], place[other]
            order[here], place[order[first]] = order[first], here
            order[first], place[other] = other, first
            begin[ties] = first + one
            left[other] = ties - one
    return left
