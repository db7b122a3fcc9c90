"""What a project file may say: its keys, and what each value has to be."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from netanalytics import schema

ANSWERS = ("yes", "no", "not asked")

UNIT_DAYS = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25}

Check = Callable[[Any], Any]


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("write it as text in quotes")
    return value.strip()


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError('write a list, as ["a", "b"]')
    return tuple(_text(one) for one in value)


def _mapping(value: Any) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise ValueError('write it as { target = "recipient" }')
    return {str(key): _text(one) for key, one in value.items()}


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("write true or false")
    return value


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("write a whole number")
    return value


def _above_0(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
        raise ValueError("write a number of days above 0")
    return float(value)


def _day(value: Any) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    return dt.date.fromisoformat(_text(value)).isoformat()


def _answer(value: Any) -> str:
    return schema.one_of("may_use", _text(value).casefold(), ANSWERS)


def _order(value: Any) -> str:
    return schema.one_of("date_order", _text(value), ("dmy", "mdy", "ymd"))


def every(value: Any) -> float:
    """Return the days of ``"6 weeks"``, ``"2 months"``, ``"day"``, or of a number of days.

    Examples
    --------
    >>> every("6 weeks"), every("week"), every(10)
    (42.0, 7.0, 10.0)
    """
    if isinstance(value, str):
        match = re.fullmatch(
            r"(?:every\s+)?(\d+)?\s*(day|week|month|year)s?", value.strip().casefold()
        )
        if match is None or match[1] == "0":
            raise ValueError('write it as "10 days", "6 weeks", "2 months" or "1 year"')
        return int(match[1] or 1) * UNIT_DAYS[match[2]]
    return _above_0(value)


def _tables(value: Any) -> Sequence[Any]:
    if not isinstance(value, list):
        raise ValueError("write each as a table of its own, under [[…]]")
    return value


KEYS: Mapping[str, Check] = {
    "me": _text,
    "people": _text,
    "relations": _text,
    "directories": _texts,
    "decisions": _text,
    "journal": _text,
    "half_life_days": _above_0,
    "zone": _text,
    "as_of": _day,
    "by": _text,
    "seed": _whole,
    "out": _text,
    "do_not_map": _texts,
    "sources": _tables,
    "wishes": _tables,
}
SOURCE_KEYS: Mapping[str, Check] = {
    "path": _text,
    "kind": _text,
    "zone": _text,
    "date_order": _order,
    "columns": _texts,
    "map": _mapping,
    "undirected": _flag,
    "may_use": _answer,
}
WISH_KEYS: Mapping[str, Check] = {
    "person": _text,
    "role": lambda value: _text(value).casefold(),
    "every": every,
    "keep": _flag,
    "let_rest": _flag,
}
