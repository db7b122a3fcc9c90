"""Columns of a table that is held until it is read to its end, a few bytes a row."""

from __future__ import annotations

import datetime as dt
import re
from array import array
from collections.abc import Hashable
from typing import Generic, TypeVar

from netanalytics.loaders._orders import DayOrder, micros_in, numbers_in

FOUNDED = 2003
"""The year of LinkedIn: no date in an export is earlier."""

_NEVER = -(1 << 62)
_ZONED = re.compile(r"(UTC|GMT|Z)\s*$", re.IGNORECASE)


class Dates:
    """The dates of a table, eight bytes each; those in an open order wait for the last one.

    Parameters
    ----------
    zone : datetime.tzinfo, optional
        Of times that name none; UTC without it.
    told : str, optional
        The order of day and month that the user says.
    otherwise : str, optional
        The order where the table leaves it open.
    """

    def __init__(self, zone: dt.tzinfo | None, told: str | None, otherwise: str | None) -> None:
        self._zone, self._told, self._otherwise = zone, told, otherwise
        self._micros = array("q")
        self._waiting: dict[int, str] = {}
        self._order = DayOrder(FOUNDED, chronological=False)
        self.local = False

    def add(self, text: str) -> None:
        """Take in the date of the next row."""
        self.local = self.local or _ZONED.search(text) is None
        numbers = numbers_in(text)
        if numbers is not None and len(numbers[0]) < 4:
            self._order.add(*numbers)
            self._waiting[len(self._micros)] = text
            self._micros.append(_NEVER)
            return
        micros = micros_in(text, "ymd", self._zone, FOUNDED)
        self._micros.append(_NEVER if micros is None else micros)

    def settle(self, label: str) -> None:
        """Read the dates that waited; see :meth:`DayOrder.found` for what may be raised."""
        if not self._waiting:
            return
        order = self._order.found(self._told, label, self._otherwise)
        for place, text in self._waiting.items():
            micros = micros_in(text, order, self._zone, FOUNDED)
            self._micros[place] = _NEVER if micros is None else micros
        self._waiting.clear()

    def __getitem__(self, place: int) -> int | None:
        """Return the microseconds since 1970 of a row, or None."""
        micros = self._micros[place]
        return None if micros == _NEVER else micros


Key = TypeVar("Key", bound=Hashable)


class Numbers(Generic[Key]):
    """A column of values of which few differ, four bytes a row."""

    def __init__(self) -> None:
        self.keys: list[Key] = []
        self.rows = array("i")
        self._places: dict[Key, int] = {}

    def add(self, key: Key) -> None:
        """Take in the value of the next row."""
        place = self._places.setdefault(key, len(self.keys))
        if place == len(self.keys):
            self.keys.append(key)
        self.rows.append(place)
