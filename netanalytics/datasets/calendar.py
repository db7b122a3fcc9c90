"""When things happen in an office: its eighteen months, working hours, holidays, summer time."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import accumulate

FIRST_DAY, LAST_DAY = date(2025, 1, 1), date(2026, 6, 30)
"""The eighteen months that an office is watched. Inside this package days are counted from 0."""

DAYS = (LAST_DAY - FIRST_DAY).days + 1
RECENT = DAYS - 45  # a tie that began in these last days is new

# The weight of each hour from seven: less over lunch, hardly anything in the evening.
HOURS = tuple(accumulate((10, 50, 95, 110, 100, 50, 75, 100, 95, 60, 30, 8, 5, 5, 4, 2)))
HOLIDAYS = ("2025-04-21", "2025-05-01", "2025-12-31", "2026-01-01", "2026-04-06", "2026-05-01")


def day_of(when: str) -> int:
    """Count the days from the first to one."""
    return (date.fromisoformat(when) - FIRST_DAY).days


def date_of(day: int) -> date:
    """Return the date of a day that is counted from the first."""
    return FIRST_DAY + timedelta(days=day)


SUMMER_TIME = {
    *range(day_of("2025-03-30"), day_of("2025-10-26")),
    *range(day_of("2026-03-29"), DAYS),
}
