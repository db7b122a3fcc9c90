"""Calendars (.ics): meetings, with recurrence, exceptions, cancellations and time zones.

icalendar and recurring-ical-events read the events (``_occurrences`` says why these two). The file
is gone through twice, line by line: first for time zones, which may be defined after their use,
and for when it was exported; then for the events, of which only those of one UID are in memory.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netanalytics import registry, schema
from netanalytics.errors import LoaderError
from netanalytics.loaders._addresses import Names
from netanalytics.loaders._calendar_lines import EVENT, Component, components
from netanalytics.loaders._calendar_survey import Survey, group_of, later, recurs
from netanalytics.loaders._calendar_zones import Zones
from netanalytics.loaders._meetings import MALFORMED, NO_DATE, Meeting, meeting_of
from netanalytics.loaders._members import Member, is_file
from netanalytics.loaders._occurrences import TooManyError, expand, parse, quietly
from netanalytics.loaders._rows import Rows

if TYPE_CHECKING:
    from netanalytics.engine import Engine
    from netanalytics.loaders import Batch, Options

SUFFIXES = (".ics", ".ical", ".icalendar", ".ifb")
AHEAD_DAYS = 90
"""How long after the export recurring meetings are followed."""

MOST_ROWS = 1_000_000
"""Pairs of one event, all its occurrences together."""

MOST_VERSIONS = 5_000
"""Events of one UID: a recurring meeting and its exceptions."""

LONGEST_UID = 200

ENDLESS = "recurs without end"


def recognises(path: Any) -> bool:
    """Say whether a file begins like a calendar, or has the name of one."""
    if not is_file(path):
        return False
    if path.suffix.lower() in SUFFIXES:
        return True
    try:
        with path.open("rb") as file:
            head = file.read(200)
    except OSError:
        return False
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = head.decode("utf-16" if wide else "utf-8-sig", errors="replace")
    return bool(re.match(r"\s*BEGIN:(VCALENDAR|VEVENT)\s", text, re.IGNORECASE))


@registry.loader(
    "calendar",
    unit="event",
    read="a calendar (.ics): meetings of two people and more, recurring ones until 90 days after "
    "the export",
    recognises=recognises,
)
def read(source: Path | Member, options: Options, engine: Engine) -> list[Batch]:
    """Read the meetings of a calendar.

    Parameters
    ----------
    source : Path or Member
        The file.
    options : Options
        What the user said about it.
    engine : Engine
        Where the rows go.

    Returns
    -------
    list of Batch
        The events; and, where there are any, what else the calendar holds, which is not read.

    Raises
    ------
    LoaderError
        If the file cannot be read or holds no calendar.
    """
    try:
        survey = Survey()
        for component in components(source):
            survey.take(component)
        if not survey.seen:
            raise LoaderError(f"{source.name}: there is no calendar in this file")
        events = _Events(survey, options, engine)
        for component in components(source, options):
            if component.name == EVENT:
                events.take(component)
    except OSError as error:
        raise LoaderError(f"{source.name}: cannot be read ({error})") from None
    except UnicodeError as error:
        raise LoaderError(f"{source.name}: is no text ({error})") from None
    return [events.batch(), *survey.rest()]


class _Events:
    """Collects the meetings of a file.

    Parameters
    ----------
    survey : Survey
        What holds for the whole file.
    options : Options
        What the user said about it.
    engine : Engine
        Where the rows go.
    """

    def __init__(self, survey: Survey, options: Options, engine: Engine) -> None:
        self._survey = survey
        self._zones = Zones(survey, options.zone)
        self._rows = Rows(engine)
        self._people = Names()
        self._waiting: dict[int, list[Component]] = {}
        self._counted: Counter[str] = Counter()
        self._last_plain: int | None = None
        exported = survey.stamped or survey.plain or survey.begun or 0
        self._bound = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(
            microseconds=exported, days=AHEAD_DAYS
        )

    def take(self, component: Component) -> None:
        """Take an event; those of one UID are read together when the last of them has come."""
        group = group_of(component)
        versions = 1 if group is None else self._survey.groups[group]
        if group is None or versions == 1:
            self._read([component])
            return
        if versions > MOST_VERSIONS:
            self._rows.skip("too many events of one id")
            return
        waiting = self._waiting.setdefault(group, [])
        waiting.append(component)
        if len(waiting) == versions:
            self._read(self._waiting.pop(group))

    def _read(self, versions: list[Component]) -> None:
        """Read the events of one UID: one that may recur, and its exceptions."""
        events, meetings = [], []
        for component in versions:
            try:
                with quietly():
                    event = parse(self._zones.translated(component)) if component.whole else None
                    meeting = self._judged(event, component)
            except Exception:  # a broken property may fail anywhere in the library
                meeting = Meeting("", reason=MALFORMED)
            if meeting.reason == MALFORMED:
                self._rows.skip(MALFORMED)
            else:
                events.append(event)
                meetings.append(meeting)
        if any(meeting.reason is None for meeting in meetings):
            recurring = len(meetings) > 1 or recurs(versions[0])
            self._take_place(events, meetings, versions[0].calendar, recurring=recurring)
        else:
            for meeting in meetings:
                self._rows.skip(str(meeting.reason))

    def _judged(self, event: Any, component: Component) -> Meeting:
        if event is None:
            return Meeting("", reason=MALFORMED)
        method = self._survey.calendar_value(component.calendar, "METHOD")
        meeting = meeting_of(event, cancelled=method.upper() == "CANCEL")
        if not recurs(component) and isinstance(meeting.start, dt.datetime):
            plain = self._zones.micros(meeting.start, component.calendar)
            self._last_plain = later(self._last_plain, plain)
        return meeting

    def _take_place(
        self, events: list[Any], meetings: list[Meeting], calendar: int, *, recurring: bool
    ) -> None:
        """Find when the events of one UID take place, and write that down."""
        starts: list[tuple[int, Any]] = [(0, meetings[0].start)]
        if recurring:
            try:
                with quietly():
                    starts = expand(events, self._zones.of_calendar(calendar), self._bound)
            except TooManyError:
                self._give_up(meetings, ENDLESS)
                return
            except Exception:  # a broken rule may fail anywhere in the libraries
                self._give_up(meetings, MALFORMED)
                return
            self._counted["recurring"] += 1
        for place, meeting in enumerate(meetings):
            mine = [start for at, start in starts if at == place]
            if meeting.reason is not None:
                self._rows.skip(meeting.reason)
            elif not mine:
                self._rows.skip("replaced, or takes place at no time that is looked at")
            else:
                self._write(meeting, mine, calendar)

    def _give_up(self, meetings: list[Meeting], reason: str) -> None:
        for meeting in meetings:
            self._rows.skip(meeting.reason or reason)

    def _write(self, meeting: Meeting, starts: list[Any], calendar: int) -> None:
        """Write the contacts of a meeting, at each time that it took place."""
        pairs = meeting.pairs()
        found = {self._zones.micros(start, calendar) for start in starts}
        times = sorted(time for time in found if time is not None)
        if not times or len(times) * len(pairs) > MOST_ROWS:
            self._rows.skip(ENDLESS if times else NO_DATE)
            return
        self._rows.record()
        for time in times:
            event = _event_id(meeting, time)
            for source, target, role in pairs:
                self._rows.contact(
                    time,
                    source,
                    target,
                    channel="meeting",
                    event=event,
                    size=meeting.size,
                    directed=False,
                    role=role,
                )
        self._counted["nameless"] += meeting.nameless
        if meeting.size <= schema.LARGEST_EVENT:
            for address, name in meeting.people.items():
                self._people.add(address, name)

    # -- the end

    def batch(self) -> Batch:
        """Hand everything over."""
        exported = self._survey.stamped or self._last_plain
        if exported is None and self._survey.begun is not None:
            exported = self._survey.begun + 86_400_000_000
        return self._rows.batch(people=self._people.frame(), notes=self._notes(), until=exported)

    def _notes(self) -> list[str]:
        notes = self._zones.notes()
        if self._counted["recurring"]:
            notes.append(
                f"recurring meetings are followed up to {self._bound:%Y-%m-%d}, {AHEAD_DAYS} days "
                f"after the last change in the calendar"
            )
        if self._counted["nameless"]:
            notes.append(f"invited without an address: {self._counted['nameless']:,}")
        return notes


def _event_id(meeting: Meeting, time: int) -> str:
    """Return the id of an occurrence: the same in the calendar of everybody who was there."""
    uid = meeting.uid or _hashed(sorted(meeting.people))
    moment = dt.datetime.fromtimestamp(time // 1_000_000, tz=dt.UTC)
    return f"{uid if len(uid) <= LONGEST_UID else _hashed([uid])} {moment:%Y%m%dT%H%M%SZ}"


def _hashed(texts: Iterable[str]) -> str:
    return hashlib.blake2b("\n".join(texts).encode("utf-8", "replace"), digest_size=8).hexdigest()
