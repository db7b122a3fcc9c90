"""The lines of a calendar file, cut into its components; only those that a meeting needs.

Titles, descriptions, places and attachments are dropped here, before anything parses them. One
component is in memory at a time, and a broken one spoils no other.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING

from netanalytics.loaders._progress import opened

if TYPE_CHECKING:
    from netanalytics.loaders import Options
    from netanalytics.loaders._members import Member

LONGEST_LINE = 1_000_000
"""Characters of one line, or of one property with all its continuations."""

MOST_LINES = 100_000
"""Properties of one component that are kept."""

EVENT, ZONE = "VEVENT", "VTIMEZONE"
_STRUCTURE = ("VCALENDAR", "STANDARD", "DAYLIGHT", "VALARM")

DEEPEST = 50

_WANTED = {
    EVENT: {
        *("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"),
        *("UID", "SEQUENCE", "STATUS", "ATTENDEE", "ORGANIZER"),
        *("DTSTAMP", "CREATED", "LAST-MODIFIED", "X-MICROSOFT-CDO-ALLDAYEVENT"),
    },
    ZONE: {
        *("BEGIN", "END", "TZID", "X-LIC-LOCATION"),
        *("DTSTART", "RRULE", "RDATE", "TZOFFSETFROM", "TZOFFSETTO"),
    },
    "VCALENDAR": {"X-WR-TIMEZONE", "METHOD"},
}


@dataclass
class Component:
    """A component of a calendar file.

    Parameters
    ----------
    name : str
        ``VEVENT``, ``VTIMEZONE``, or another in capitals.
    calendar : int
        Number of the calendar in the file that it stands in.
    lines : list of str
        Its properties that are wanted, unfolded, without BEGIN and END of its own.
    whole : bool
        Whether it was closed and none of its lines was too long.
    """

    name: str
    calendar: int
    lines: list[str] = field(default_factory=list)
    whole: bool = True

    def values(self, *names: str) -> list[str]:
        """Return the values of properties, as they stand in the file."""
        found = (line for line in self.lines if property_of(line) in names)
        return [line.partition(":")[2] for line in found]


_NAME = re.compile(r"\s*([A-Za-z0-9-]+)\s*(?=[:;])")


def property_of(line: str) -> str:
    """Return the name of a line's property in capitals, or an empty text."""
    match = _NAME.match(line)
    return match.group(1).upper() if match else ""


def components(path: Path | Member, options: Options | None = None) -> Iterator[Component]:
    """Go through a calendar file.

    Parameters
    ----------
    path : Path or Member
        The file: UTF-8, UTF-16 or Latin-1, with any line ends.
    options : Options, optional
        Who wants to know how far it is read.

    Yields
    ------
    Component
        Each event, time zone, task and so on, and each calendar when it ends or the next begins.
    """
    with path.open("rb") as raw:
        wide = raw.read(2) in (b"\xff\xfe", b"\xfe\xff")
    encoding, errors = ("utf-16", "replace") if wide else ("utf-8-sig", "surrogateescape")
    stream = opened(path, options) if options else path.open("rb")
    with io.TextIOWrapper(stream, encoding=encoding, errors=errors) as file:
        yield from _Reader().read(file)


class _Reader:
    """Cuts lines into components; knows which one is open."""

    def __init__(self) -> None:
        self._open: list[str] = []
        self._calendar = 0
        self._properties = Component("VCALENDAR", 0)
        self._current: Component | None = None
        self._depth = 0

    def read(self, file: IO[str]) -> Iterator[Component]:
        for line in _lines(file, self._wants):
            if line is None:
                if self._current is not None:
                    self._current.whole = False
                continue
            name = property_of(line)
            if name == "BEGIN":
                yield from self._begin(line.partition(":")[2].strip().upper())
            elif name == "END":
                yield from self._end(line.partition(":")[2].strip().upper())
            else:
                self._keep(line)
        yield from self._broken_off()
        yield self._properties

    def _wants(self, name: str) -> bool:
        """Say whether a property is wanted where the reader stands; BEGIN and END always are."""
        if name in ("BEGIN", "END"):
            return True
        return self._open != [] and name in self._kept_here()

    def _kept_here(self) -> set[str]:
        if self._current is None:
            return _WANTED["VCALENDAR"] if self._open[-1] == "VCALENDAR" else set()
        if self._current.name == EVENT and len(self._open) > self._depth:
            return set()  # an alarm has attendees of its own
        return _WANTED.get(self._current.name, set())

    def _keep(self, line: str) -> None:
        component = self._current or self._properties
        if len(component.lines) < MOST_LINES:
            component.lines.append(line)
        else:
            component.whole = False

    def _begin(self, name: str) -> Iterator[Component]:
        if name == "VCALENDAR":
            yield from self._broken_off()
            self._open = []
            if self._calendar:
                yield self._properties
            self._calendar += 1
            self._properties = Component(name, self._calendar)
        elif name == EVENT:
            yield from self._broken_off()
        if len(self._open) == DEEPEST:
            return
        self._open.append(name)
        if self._current is not None:
            if self._current.name == ZONE:
                self._keep(f"BEGIN:{name}")
        elif name not in _STRUCTURE:
            self._current = Component(name, self._calendar)
            self._depth = len(self._open)

    def _broken_off(self) -> Iterator[Component]:
        """Give up the component that is open where another begins or the file ends."""
        if self._current is not None:
            self._current.whole = False
            yield self._current
            self._current = None
            self._open = self._open[: self._depth - 1]

    def _end(self, name: str) -> Iterator[Component]:
        if name not in self._open:
            return
        while self._open:
            closed = self._open.pop()
            if self._current is not None and len(self._open) < self._depth:
                self._current.whole &= closed == name
                yield self._current
                self._current = None
            elif self._current is not None and self._current.name == ZONE:
                self._keep(f"END:{closed}")
            if closed == name:
                return


def _lines(file: IO[str], wants: Callable[[str], bool]) -> Iterator[str | None]:
    """Unfold the properties that are wanted when their turn comes; None for one too long."""
    parts: list[str] = []
    size = 0
    for line in _physical(file):
        if line is not None and line[:1] in (" ", "\t"):
            size += len(line)
            if parts and size > LONGEST_LINE:
                parts = []
                yield None
            elif parts:
                parts.append(line[1:])
            continue
        if parts:
            yield _text(parts)
        parts = []
        if line is None:
            yield None
        elif wants(property_of(line)):
            parts, size = [line], len(line)
    if parts:
        yield _text(parts)


def _text(parts: list[str]) -> str:
    """Join a property; one that is not UTF-8 is Latin-1."""
    whole = "".join(parts)
    try:
        whole.encode("utf-8")
    except UnicodeEncodeError:
        whole = whole.encode("utf-8", "surrogateescape").decode("latin-1")
    return whole


def _physical(file: IO[str]) -> Iterator[str | None]:
    """Give the lines of a file without their ends; None for one that is too long."""
    while line := file.readline(LONGEST_LINE):
        if line.endswith("\n") or len(line) < LONGEST_LINE:
            yield line.rstrip("\n")
            continue
        while (rest := file.readline(LONGEST_LINE)) and not rest.endswith("\n"):
            pass
        yield None
