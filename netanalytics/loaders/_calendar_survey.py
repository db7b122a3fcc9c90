"""What must be known of a calendar file before its events can be read."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netanalytics.loaders._calendar_lines import EVENT, ZONE, Component
from netanalytics.loaders._rows import micros_of

if TYPE_CHECKING:
    from netanalytics.loaders import Batch

_EARLIEST, _LATEST = 0, 4_102_444_800_000_000  # 1970 and 2100

_OTHERS = {
    "VTODO": "not read: task",
    "VJOURNAL": "not read: journal entry",
    "VFREEBUSY": "not read: free and busy times",
    "VAVAILABILITY": "not read: free and busy times",
}

_STAMP = re.compile(r"\s*(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d))?")


def _stamp(text: str) -> int | None:
    """Return the microseconds of a time as it stands in a file, taken as UTC."""
    match = _STAMP.match(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
    try:
        moment = dt.datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None
    return in_range(micros_of(moment))


def in_range(micros: int) -> int | None:
    """Take an absurd time for none."""
    return micros if _EARLIEST <= micros < _LATEST else None


@dataclass
class Survey:
    """What must be known of a file before its events can be read.

    ``groups`` counts the events of each UID. The last time at which an event was written or
    changed is ``stamped``; ``plain`` is the last beginning of one that does not recur, and
    ``begun`` of any.
    """

    seen: int = 0
    groups: Counter[int] = field(default_factory=Counter)
    zones: dict[tuple[int, str], tuple[str, ...]] = field(default_factory=dict)
    zones_by_name: dict[str, tuple[str, ...]] = field(default_factory=dict)
    calendars: dict[int, Component] = field(default_factory=dict)
    others: Counter[str] = field(default_factory=Counter)
    stamped: int | None = None
    plain: int | None = None
    begun: int | None = None

    def take(self, component: Component) -> None:
        """Take note of a component."""
        if component.name == EVENT:
            self._event(component)
        elif component.name == ZONE:
            self._zone(component)
        elif component.name == "VCALENDAR":
            if component.lines:
                self.calendars[component.calendar] = component
            self.seen += component.calendar > 0
            return
        else:
            self.others[_OTHERS.get(component.name, "not read: another component")] += 1
        self.seen += 1

    def _zone(self, component: Component) -> None:
        """Keep the definition of a zone; a calendar that repeats that of another adds nothing."""
        for name in component.values("TZID")[:1]:
            lines = tuple(component.lines)
            first = self.zones_by_name.setdefault(name.strip(), lines)
            if lines != first:
                self.zones.setdefault((component.calendar, name.strip()), lines)

    def _event(self, component: Component) -> None:
        group = group_of(component)
        if group is not None:
            self.groups[group] += 1
        for text in component.values("DTSTAMP", "CREATED", "LAST-MODIFIED"):
            self.stamped = later(self.stamped, _stamp(text))
        for text in component.values("DTSTART")[:1]:
            self.begun = later(self.begun, _stamp(text))
            if not recurs(component):
                self.plain = later(self.plain, _stamp(text))

    def calendar_value(self, calendar: int, name: str) -> str:
        """Return a property of a calendar, or an empty text."""
        component = self.calendars.get(calendar)
        values = component.values(name) if component else []
        return values[0].strip() if values else ""

    def rest(self) -> list[Batch]:
        """Return what else the file holds."""
        from netanalytics.loaders import Batch

        if not self.others:
            return []
        skipped = tuple(sorted(self.others.items()))
        return [Batch(None, skipped=skipped, label="other components", unit="component")]


def later(one: int | None, other: int | None) -> int | None:
    """Return the later of two times, either of which may be missing."""
    return max((moment for moment in (one, other) if moment is not None), default=None)


def group_of(component: Component) -> int | None:
    """Return a number for the calendar and UID of an event; None where it has no UID."""
    uids = [uid for uid in map(str.strip, component.values("UID")) if uid]
    return hash((component.calendar, uids[0])) if uids else None


def recurs(component: Component) -> bool:
    """Say whether an event has a rule by which it recurs."""
    return bool(component.values("RRULE", "RDATE"))
