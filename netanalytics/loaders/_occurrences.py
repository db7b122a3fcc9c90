"""When the events of a calendar take place.

icalendar reads the properties and recurring-ical-events expands recurrences: of the kept libraries
they are the pair that knows exceptions, moved and cancelled occurrences, RANGE=THISANDFUTURE and
the names that Windows gives to time zones (vobject leaves those without a zone, ics expands
nothing). Both are told to use a number of steps that is bounded, because a rule may be valid and
never come ("every 30 February") or come every second.
"""

from __future__ import annotations

import datetime as dt
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import islice
from typing import Any

MOST_STEPS = 40_000
"""Steps of one rule: a daily one for a century."""

MOST_OCCURRENCES = 20_000
"""Occurrences of one event."""

MOST_TIMES_A_DAY = 96

_PLACE = "X-PLACE"


class TooManyError(Exception):
    """An event recurs more often than a meeting does, or its rule never comes."""


@contextmanager
def quietly() -> Iterator[None]:
    """Keep the warnings of the two libraries about odd properties to themselves."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def parse(lines: Sequence[str]) -> Any:
    """Return an icalendar event.

    Parameters
    ----------
    lines : sequence of str
        Its properties, unfolded.

    Raises
    ------
    Exception
        Whatever the library raises on a broken property.
    """
    from icalendar import Event

    text = "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT", ""])
    return Event.from_ical(text)


def expand(
    events: Sequence[Any], zone: str | None, until: dt.datetime
) -> list[tuple[int, dt.datetime]]:
    """Return when the events of one UID take place.

    Parameters
    ----------
    events : sequence of icalendar.Event
        The recurring event and its exceptions, in any order.
    zone : str, optional
        The zone of the calendar (X-WR-TIMEZONE): times in UTC recur by its clock.
    until : datetime
        Later occurrences are left out.

    Returns
    -------
    list of (int, datetime)
        Place of the event in the sequence that describes the occurrence, and when it begins.

    Raises
    ------
    TooManyError
        If there is no end to it.
    Exception
        Whatever the library raises on a broken rule.
    """
    import recurring_ical_events  # type: ignore[import-untyped]
    from icalendar import Calendar

    calendar = Calendar()
    if zone:
        calendar.add("X-WR-TIMEZONE", zone)
    for place, event in enumerate(events):
        _check_rules(event)
        event[_PLACE] = place
        calendar.add_component(event)
    found: list[tuple[int, dt.datetime]] = []
    query = recurring_ical_events.of(calendar, components=[_selection()])
    start = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    for series in query.series:
        found += islice(series.between(start, until), MOST_OCCURRENCES + 1 - len(found))
    if len(found) > MOST_OCCURRENCES:
        raise TooManyError
    return found


def _check_rules(event: Any) -> None:
    """Refuse a rule whose times of one day alone are too many."""
    rules = event.get("RRULE", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        times = 1
        for part in ("BYHOUR", "BYMINUTE", "BYSECOND"):
            times *= max(1, len(rule.get(part, [])))
        if times > MOST_TIMES_A_DAY:
            raise TooManyError


class _Steps(int):
    """The interval of a rule, which counts how often it is added.

    dateutil, which the rules rest on, looks for the next occurrence in a loop that nothing else
    can stop before the year 9999.
    """

    left = MOST_STEPS

    def _count(self) -> int:
        self.left -= 1
        if self.left < 0:
            raise TooManyError
        return int(self)

    def __radd__(self, other: int) -> int:
        return other + self._count()

    def __mul__(self, other: int) -> int:
        return self._count() * other


@cache
def _selection() -> Any:
    """Build the classes by which recurring-ical-events lets itself be extended."""
    from recurring_ical_events.adapters.event import EventAdapter  # type: ignore[import-untyped]
    from recurring_ical_events.selection.name import (  # type: ignore[import-untyped]
        ComponentsWithName,
    )
    from recurring_ical_events.series import Series  # type: ignore[import-untyped]

    class Adapter(EventAdapter):  # type: ignore[misc]
        def __init__(self, component: Any) -> None:
            super().__init__(component)
            self.place = int(component[_PLACE])

    class Rules(Series.RecurrenceRules):  # type: ignore[misc]
        def rrulestr(self, rule_string: str) -> Any:
            rule = super().rrulestr(rule_string)
            interval = re.search(r"INTERVAL=(\d+)", rule_string)
            steps = _Steps(interval.group(1) if interval else 1)
            counted = rule.replace(interval=steps)
            counted.string, counted.until = rule.string, rule.until
            return counted

    class Occurrences(Series):  # type: ignore[misc]
        RecurrenceRules = Rules

        def occurrence(self, adapter: Any, start: Any = None, end: Any = None) -> Any:
            found = super().occurrence(adapter, start, end)
            found.place = adapter.place
            return found

        def between(self, span_start: Any, span_stop: Any) -> Iterator[tuple[int, Any]]:
            for found in super().between(span_start, span_stop):
                yield found.place, found.start

    return ComponentsWithName("VEVENT", adapter=Adapter, series=Occurrences)
