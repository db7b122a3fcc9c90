"""Days on which a word comes naturally: birthdays and work anniversaries."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netanalytics.network import Network

_DAY_OF_YEAR = re.compile(r"(?:\d{4}|-)-(\d\d)-(\d\d)(?!\d)")


def occasions(net: Network, contacts: Sequence[str] | pd.Index, weeks: int) -> list[object]:
    """Return the next birthday or work anniversary of each contact, where cards give one.

    Parameters
    ----------
    net : Network
        The network; its people may have the columns birthday and work_anniversary.
    contacts : sequence of str
        Whose.
    weeks : int
        How far ahead of the end of observation it may be.

    Returns
    -------
    list
        For each contact the day and what it is, or None.
    """
    assert net.as_of is not None
    today = net.as_of.floor("D")
    found: list[object] = []
    for contact in contacts:
        best: tuple[pd.Timestamp, str] | None = None
        for column in ("birthday", "work_anniversary"):
            cell = net.people[column].get(contact) if column in net.people.columns else None
            yearly = _yearly(cell)
            if yearly is None:
                continue
            day = _next(*yearly, today)
            if (day - today).days <= 7 * weeks and (best is None or day < best[0]):
                best = day, column.replace("_", " ")
        found.append(best)
    return found


def _yearly(cell: object) -> tuple[int, int] | None:
    """Return month and day of a date; None for what is no date: a card may hold anything.

    Address books know many birthdays without a year: ``--04-12``.
    """
    found = _DAY_OF_YEAR.match(str(cell))
    if found is None:
        return None
    month, day = map(int, found.groups())
    try:
        dt.date(2000, month, day)
    except ValueError:
        return None
    return month, day


def _next(month: int, day: int, today: pd.Timestamp) -> pd.Timestamp:
    """Return the next return of a day after today; 29 February is kept on the 28th."""
    leap = month == 2 and day == 29
    for year in (today.year, today.year + 1):
        returns = today.replace(year=year, month=month, day=28 if leap else day)
        if returns > today:
            return returns
    return today
