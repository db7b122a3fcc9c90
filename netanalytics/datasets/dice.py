"""Chance in an office: streams of random numbers that are the same on every platform."""

from __future__ import annotations

import hashlib
import math
import random
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

_T = TypeVar("_T")


class Dice:
    """One stream of uniform numbers, and what is made of them."""

    def __init__(self, seed: int, stream: str) -> None:
        digest = hashlib.sha256(f"{seed}:{stream}".encode()).digest()
        self.draw = random.Random(int.from_bytes(digest[:8], "big")).random

    def between(self, low: float, high: float) -> float:
        """Draw a number between two."""
        return low + (high - low) * self.draw()

    def chance(self, probability: float) -> bool:
        """Tell whether something happens that has this probability."""
        return self.draw() < probability

    def shuffled(self, items: Iterable[_T]) -> list[_T]:
        """Return the items in an order that is drawn."""
        return [item for _, _, item in sorted((self.draw(), i, x) for i, x in enumerate(items))]

    # Both are rounded: the last bit of a logarithm differs between platforms, the bytes must not.
    def wait(self) -> float:
        """Draw a waiting time whose mean is 1."""
        return round(-math.log(1 - self.draw()), 6)

    def lognormal(self, sigma: float) -> float:
        """Draw a factor around 1, whose logarithm has this deviation."""
        radius = math.sqrt(-2 * math.log(1 - self.draw()))
        return round(math.exp(sigma * radius * math.cos(2 * math.pi * self.draw())), 6)
