"""How a map's data is written into its page: columns, short numbers, no character that acts.

The viewer reads one JSON object. People and ties are columns, not records; texts that repeat are
written once and pointed at; positions are whole tenths. A field is a column that the details card
and the table show, with the label that it has there.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from netanalytics.maps.style import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

Field = dict[str, Any]
Data = dict[str, Any]


def tenths(values: np.ndarray) -> list[int]:
    """Return numbers as whole tenths.

    Examples
    --------
    >>> tenths(np.array([1.25, -0.31]))
    [12, -3]
    """
    return [int(value) for value in np.round(np.asarray(values, dtype=float) * 10)]


def words(label: str, values: Iterable[object]) -> Field:
    """Return a field of texts that repeat; missing and empty ones are -1.

    Examples
    --------
    >>> words("Team", ["blue", None, "blue"])
    {'label': 'Team', 'words': ['blue'], 'codes': [0, -1, 0]}
    """
    texts = [_text(value) for value in values]
    known = sorted({text for text in texts if text})
    places = {text: place for place, text in enumerate(known)}
    return {"label": label, "words": known, "codes": [places.get(text, -1) for text in texts]}


def texts(label: str, values: Iterable[object]) -> Field:
    """Return a field of texts that are mostly different."""
    return {"label": label, "texts": [_text(value) for value in values]}


def numbers(label: str, values: Iterable[float]) -> Field:
    """Return a field of numbers with four significant digits; NaN is null.

    Examples
    --------
    >>> numbers("Ties", [3, 0.123456, float("nan")])
    {'label': 'Ties', 'numbers': [3, 0.1235, None]}
    """
    return {"label": label, "numbers": [_number(value) for value in values]}


def days(label: str, values: pd.Series) -> Field:
    """Return a field of dates, as days since 1970; missing ones are null.

    Examples
    --------
    >>> days("Last seen", pd.Series(pd.to_datetime(["1970-01-03", None], utc=True)))
    {'label': 'Last seen', 'days': [2, None]}
    """
    whole = (pd.to_datetime(values, utc=True) - pd.Timestamp(0, tz="UTC")) // pd.Timedelta(days=1)
    return {"label": label, "days": [None if pd.isna(day) else int(day) for day in whole]}


def columns(frame: pd.DataFrame | None, index: pd.Index, skip: Iterable[str] = ()) -> list[Field]:
    """Return every column of a frame as a field, in the order of ``index``."""
    if frame is None:
        return []
    table = frame.reindex(index)
    left_out = set(skip)
    fields = []
    for name in table.columns:
        if name in left_out:
            continue
        column = table[name]
        label = sentence(str(name))
        if pd.api.types.is_datetime64_any_dtype(column):
            fields.append(days(label, column))
        elif pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
            fields.append(numbers(label, column))
        else:
            fields.append(words(label, column))
    return fields


def sentence(name: str) -> str:
    """Return the name of a column as words that begin with a capital.

    Examples
    --------
    >>> sentence("effective_size")
    'Effective size'
    """
    text = plain(name.replace("_", " "))
    return text[:1].upper() + text[1:]


def to_json(data: Data) -> str:
    r"""Return the data as JSON that no HTML parser can take for anything else.

    Examples
    --------
    >>> to_json({"name": "</script>"})
    '{"name":"\\u003c/script\\u003e"}'
    """
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def _text(value: object) -> str:
    return "" if value is None or value is pd.NA or value != value else plain(value)  # noqa: PLR0124


def _number(value: float) -> float | int | None:
    if pd.isna(value) or not np.isfinite(value):
        return None
    short = float(f"{float(value):.4g}")
    return int(short) if short == int(short) else short
