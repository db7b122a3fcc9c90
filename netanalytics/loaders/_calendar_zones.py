"""Time zones of a calendar file: by the names of IANA, of Windows, or as the file defines them."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from netanalytics.loaders._calendar_lines import Component, property_of
from netanalytics.loaders._calendar_survey import Survey, in_range
from netanalytics.loaders._occurrences import quietly
from netanalytics.loaders._rows import micros_of


@lru_cache(maxsize=1_000)
def known_zone(name: str) -> str | None:
    """Return the usual name of a zone, also from Windows' name or a vendor's path to it.

    Examples
    --------
    >>> known_zone("W. Europe Standard Time"), known_zone("/x.org/20070129_1/Europe/Berlin")
    ('Europe/Berlin', 'Europe/Berlin')
    """
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    clean = name.strip().strip('"').strip("/ ")
    parts = clean.split("/")[-4:]
    endings = ["/".join(parts[start:]) for start in range(len(parts))]
    for candidate in (clean, WINDOWS_TO_OLSON.get(clean), *endings):
        if candidate in _zones():
            return candidate
    return None


@cache
def _zones() -> frozenset[str]:
    from zoneinfo import available_timezones

    return frozenset(available_timezones())


_SAFE_RULE = re.compile(
    r"(?:(?:FREQ=YEARLY|INTERVAL=1|COUNT=\d{1,3}|UNTIL=\w{8,16}|WKST=\w\w|BYMONTH=\d\d?"
    r"|BYDAY=[+-]?\d?[A-Z]{2}|BYMONTHDAY=-?[\d,-]{1,30}|BYHOUR=\d\d?|BYMINUTE=\d\d?"
    r"|BYSECOND=\d\d?);?)+",
    re.IGNORECASE,
)


@lru_cache(maxsize=1_000)
def define_zone(name: str, lines: tuple[str, ...]) -> bool:
    """Let icalendar know a zone that a file defines; say whether it could be read.

    Parameters
    ----------
    name : str
        A name that belongs to these lines alone, since the library keeps what it has learnt.
    lines : tuple of str
        The properties of its VTIMEZONE, unfolded.
    """
    from icalendar import Timezone
    from icalendar.timezone import tzp

    rest = [line for line in lines if not line.upper().startswith("TZID")]
    rules = [line.partition(":")[2] for line in rest if line.upper().startswith("RRULE")]
    if not all(_SAFE_RULE.fullmatch(rule.strip()) for rule in rules):
        return False
    text = "\r\n".join(["BEGIN:VTIMEZONE", f"TZID:{name}", *rest, "END:VTIMEZONE", ""])
    try:
        with quietly():
            Timezone.from_ical(text)
            moment = dt.datetime(2020, 7, 1, tzinfo=tzp.timezone(name))
            return moment.utcoffset() is not None
    except Exception:  # a broken definition may fail anywhere; its times then have no zone
        return False


_TZID = re.compile(r';\s*TZID\s*=\s*("[^"]*"|[^;]*)', re.IGNORECASE)
_DATED = ("DTSTART", "DTEND", "RDATE", "EXDATE", "RECURRENCE-ID")


class Zones:
    """Reads the times of a file.

    Parameters
    ----------
    survey : Survey
        With the zones that the file defines.
    zone : str, optional
        Zone of times that name none, where their calendar has none either.
    """

    def __init__(self, survey: Survey, zone: str | None) -> None:
        self._survey = survey
        self._zone = zone
        self._named: dict[tuple[int, str], str | None] = {}
        self._floating = 0

    def micros(self, start: Any, calendar: int) -> int | None:
        """Return microseconds since 1970; a time without a zone is read in its calendar's."""
        if not isinstance(start, dt.datetime):
            return None
        if start.tzinfo is None:
            zone = self.of_calendar(calendar)
            self._floating += zone is None
            zone = zone or self._zone
            start = start.replace(tzinfo=ZoneInfo(zone) if zone else dt.UTC)
        return in_range(micros_of(start))

    def of_calendar(self, calendar: int) -> str | None:
        """Return the zone of a calendar (X-WR-TIMEZONE)."""
        name = self._survey.calendar_value(calendar, "X-WR-TIMEZONE")
        return known_zone(name) if name else None

    def translated(self, component: Component) -> list[str]:
        """Return the properties of an event as the libraries understand them.

        Zones have names that they know; a rule has no spaces and a list of dates is not empty.
        """
        lines = []
        for line in component.lines:
            name = property_of(line)
            if name == "RRULE":
                lines.append(line.replace(" ", ""))
            elif name not in ("RDATE", "EXDATE") or line.rpartition(":")[2].strip():
                lines.append(self._line(component.calendar, line) if name in _DATED else line)
        return lines

    def _line(self, calendar: int, line: str) -> str:
        head, colon, value = line.rpartition(":")
        match = _TZID.search(head)
        if match is None:
            return line
        zone = self._find(calendar, match.group(1).strip('"'))
        named = f";TZID={zone}" if zone else ""
        return head[: match.start()] + named + head[match.end() :] + colon + value

    def _find(self, calendar: int, name: str) -> str | None:
        key = (calendar, name)
        if key not in self._named:
            self._named[key] = known_zone(name) or self._defined(key)
        return self._named[key]

    def _defined(self, key: tuple[int, str]) -> str | None:
        """Return a name for a zone as this file defines it; another may define it otherwise."""
        lines = self._survey.zones.get(key) or self._survey.zones_by_name.get(key[1])
        if lines is None:
            return None
        for line in lines:
            if line.upper().startswith("X-LIC-LOCATION"):
                return known_zone(line.partition(":")[2])
        whole = "\n".join(lines).encode("utf-8", "replace")
        name = f"defined-{hashlib.blake2b(whole, digest_size=8).hexdigest()}"
        return name if define_zone(name, lines) else None

    def notes(self) -> list[str]:
        """Say which zones had to be assumed."""
        notes = []
        if self._floating:
            zone = self._zone or "UTC (no zone was named; --zone changes it)"
            notes.append(f"times without a zone are read as {zone}")
        undefined = sum(zone is None for zone in self._named.values())
        if undefined:
            notes.append(f"time zones that are not defined: {undefined:,}")
        return notes
