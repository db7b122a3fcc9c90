"""Moments in UTC: from what a user writes, to microseconds since 1970 and back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from netanalytics.errors import OptionError

if TYPE_CHECKING:
    import pandas as pd

DAY = 86_400_000_000
"""Microseconds a day."""

_DATED = re.compile(
    r"\s*(\d{4}-\d{1,2}-\d{1,2}|\d{4}/\d{1,2}/\d{1,2}|\d{8}"
    r"|\d{1,2}\.? ?[A-Za-z]{3,9}\.?,? \d{4}|[A-Za-z]{3,9}\.? \d{1,2},? \d{4})(?!\d)"
)


def moments(values: pd.Series) -> pd.Series:
    """Return microseconds since 1970 as timestamps in UTC (microsecond resolution)."""
    import numpy as np
    import pandas as pd

    numbers = pd.to_numeric(values, errors="coerce").to_numpy()
    missing = np.isnan(numbers.astype(float))
    whole = np.where(missing, 0, numbers).astype("int64")
    stamps = pd.Series(whole.view("datetime64[us]"), index=values.index, name=values.name)
    return stamps.mask(missing).dt.tz_localize("UTC") if missing.any() else _utc(stamps)


def _utc(stamps: pd.Series) -> pd.Series:
    aware: pd.Series = stamps.dt.tz_localize("UTC")
    return aware


def instant(value: Any, name: str = "time") -> pd.Timestamp:
    """Return a moment in UTC; a time without a zone is taken as UTC.

    A text begins with year, month and day, or names the month: whether 03/04/2026 is in March or in
    April is not guessed, a month alone names no day, and "today" would be another day tomorrow.

    Raises
    ------
    OptionError
        If it is no date or time.
    """
    import pandas as pd

    if isinstance(value, str) and not _DATED.match(value):
        raise OptionError(f"{name} is {value!r}: give a date such as 2026-06-30")
    try:
        stamp = pd.Timestamp(value)
        missing = bool(pd.isna(stamp))
    except (ValueError, TypeError, OverflowError):
        missing = True
    if missing:
        raise OptionError(f"{name} is {value!r}: give a date such as 2026-06-30")
    stamp = stamp.tz_localize("UTC") if stamp.tzinfo is None else stamp.tz_convert("UTC")
    return stamp.as_unit("us")


def end_of_day(value: Any, name: str = "as_of") -> pd.Timestamp:
    """Return a moment in UTC; a date means the last microsecond of that day."""
    import datetime as dt

    import pandas as pd

    stamp = instant(value, name)
    is_date = (isinstance(value, dt.date) and not isinstance(value, dt.datetime)) or (
        isinstance(value, str) and ":" not in value and stamp == stamp.normalize()
    )
    return stamp + pd.Timedelta(days=1) - pd.Timedelta(microseconds=1) if is_date else stamp


def micros(stamp: pd.Timestamp) -> int:
    """Return the microseconds of a moment since 1970."""
    import pandas as pd

    return int((stamp - pd.Timestamp(0, tz="UTC")) // pd.Timedelta(microseconds=1))
