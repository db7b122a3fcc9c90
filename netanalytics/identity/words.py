"""How alike two words of names are: the same, a nickname, an initial, a slip of the keyboard."""

from __future__ import annotations

from typing import Any

import numpy as np

from netanalytics.identity.nicknames import GROUPS

MISSING, CONFLICT, INITIAL, TYPO, PART, NICKNAME, EXACT = range(7)
"""How two parts of a name compare, from knowing nothing to being the same."""

LONGEST = 16


class Comparison:
    """Compare words given by their numbers, each distinct pair once."""

    def __init__(self, words: list[str]) -> None:
        self.words = words
        self.length = np.array([*map(len, words), 0], dtype=np.int64)
        self.initial = np.array([*(ord(word[0]) for word in words), 0], dtype=np.int64)
        self.signs = np.zeros((LONGEST, len(words) + 1), dtype=np.int32)
        for place in range(LONGEST):
            self.signs[place, :-1] = [
                ord(word[place]) if len(word) > place else 0 for word in words
            ]

    def __call__(self, one: Any, other: Any) -> Any:
        """Compare pairs of words, each of which may be missing (−1)."""
        packed = one.astype(np.int64) * (len(self.words) + 1) + other
        known = (one >= 0) & (other >= 0)
        level = np.full(len(one), MISSING, dtype=np.int8)
        distinct, place = np.unique(packed[known], return_inverse=True)
        x, y = distinct // (len(self.words) + 1), distinct % (len(self.words) + 1)
        level[known] = self.levels(x, y)[place]
        return level

    def levels(self, x: Any, y: Any) -> Any:
        """Compare pairs of words that are there."""
        level = np.full(len(x), CONFLICT, dtype=np.int8)
        short = np.minimum(self.length[x], self.length[y])
        level[(short == 1) & (self.initial[x] == self.initial[y])] = INITIAL
        near = (short > 3) & (np.abs(self.length[x] - self.length[y]) <= 2) & (x != y)
        place = np.flatnonzero(near)
        distance = distance_of(self.signs[:, x[place]], self.signs[:, y[place]])
        close = distance <= np.where(short[place] > 7, 2, 1)
        level[place[close]] = TYPO
        begins = np.minimum(short, LONGEST) > 3
        place = np.flatnonzero(begins & (level == CONFLICT))
        level[place[self.prefix(x[place], y[place])]] = TYPO
        for number in np.flatnonzero(x != y).tolist():
            mine = GROUPS.get(self.words[x[number]])
            if mine and set(mine) & set(GROUPS.get(self.words[y[number]], ())):
                level[number] = NICKNAME
        level[x == y] = np.where(self.length[x[x == y]] == 1, INITIAL, EXACT)
        return level

    def prefix(self, x: Any, y: Any) -> Any:
        """Tell where the shorter word begins the longer one: a name that was cut."""
        one, other = self.signs[:, x], self.signs[:, y]
        return ((one == other) | (one == 0) | (other == 0)).all(axis=0)


def distance_of(one: Any, other: Any) -> Any:
    """Return how many letters are to be changed, left out, added or swapped with the next."""
    count = one.shape[1]
    ends, width = (one != 0).sum(axis=0), (other != 0).sum(axis=0)
    found = np.minimum(width, 99) * (ends == 0)
    rows = [np.full((LONGEST + 1, count), 99, dtype=np.int8) for _ in range(3)]
    before, last, now = rows
    last[:] = np.arange(LONGEST + 1, dtype=np.int8)[:, None]
    for i in range(1, LONGEST + 1):
        now[0] = i
        for j in range(max(1, i - 3), min(LONGEST, i + 3) + 1):
            same = one[i - 1] == other[j - 1]
            best = np.minimum(last[j - 1] + ~same, last[j] + 1)
            if j > i - 3:
                best = np.minimum(best, now[j - 1] + 1)
            if i > 1 and j > 1:
                swap = (one[i - 1] == other[j - 2]) & (one[i - 2] == other[j - 1])
                best = np.where(swap, np.minimum(best, before[j - 2] + 1), best)
            now[j] = best
        if i > 3:
            now[: i - 3] = 99
        now[i + 4 :] = 99
        done = np.flatnonzero(ends == i)
        found[done] = now[width[done], done]
        before, last, now = last, now, before
    return found
