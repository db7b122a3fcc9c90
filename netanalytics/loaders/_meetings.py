"""Who was in the events of a calendar, and which of these are meetings."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any

from netanalytics import schema
from netanalytics.loaders._addresses import address_of, plain_name

MALFORMED = "malformed event"
NO_DATE = "no readable date"

_NOT_PEOPLE = ("ROOM", "RESOURCE", "GROUP")
_ABSENT = ("DECLINED", "DELEGATED")
_RESOURCES = ("@resource.calendar.google.com", "@group.calendar.google.com")
_NEEDED = ("DTSTART", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID")


@dataclass
class Meeting:
    """An event: who is present, or why it is no meeting.

    Parameters
    ----------
    uid : str
        The id that all copies of it share.
    start : date or datetime or None
        When it begins.
    reason : str or None
        Why it is no meeting.
    people : dict of str to str
        Address and name of those present.
    organiser : str or None
        Who called it, where present.
    nameless : int
        People present without an address.
    """

    uid: str
    start: Any = None
    reason: str | None = None
    people: dict[str, str] = field(default_factory=dict)
    organiser: str | None = None
    nameless: int = 0

    @property
    def size(self) -> int:
        """Return how many people are present; those without an address are people too."""
        return len(self.people) + self.nameless

    def pairs(self) -> list[tuple[str, str, str | None]]:
        """Return every pair in its order, with the role; one pair where there are too many."""
        present = sorted(self.people)
        if self.size > schema.LARGEST_EVENT:
            return [(present[0], present[1], None)]
        return [
            (one, other, self._role(one, other))
            for place, one in enumerate(present)
            for other in present[place + 1 :]
        ]

    def _role(self, source: str, target: str) -> str | None:
        if self.organiser == target:
            return "organiser"
        return "attendee" if self.organiser == source else None


def meeting_of(event: Any, *, cancelled: bool) -> Meeting:
    """Judge an event.

    Parameters
    ----------
    event : icalendar.Event
        The event.
    cancelled : bool
        Whether its calendar is a notice that it does not take place.
    """
    meeting = Meeting(_uid(event))
    broken = {str(name or "DTSTART").upper() for name, _ in event.errors}
    if "DTSTART" not in event and not broken:
        meeting.reason = NO_DATE
        return meeting
    start = getattr(event.get("DTSTART"), "dt", None)
    if not isinstance(start, dt.date) or broken.intersection(_NEEDED):
        meeting.reason = MALFORMED
        return meeting
    meeting.start = start
    _invite(meeting, event)
    if cancelled or str(event.get("STATUS", "")).strip().upper() == "CANCELLED":
        meeting.reason = "cancelled"
    elif _is_all_day(event, start):
        meeting.reason = "all-day event"
    elif meeting.size < 2:
        meeting.reason = "one-person event"
    elif len(meeting.people) < 2:
        meeting.reason = "people without an address"
    return meeting


_UNFIT = re.compile(r"[\x00-\x1f\x7f]+")


def _uid(event: Any) -> str:
    return _UNFIT.sub("", str(event.get("UID", ""))).strip()


def _is_all_day(event: Any, start: dt.date) -> bool:
    """Say whether an event is about days: its type, Outlook's mark, or midnight to midnight."""
    if not isinstance(start, dt.datetime):
        return True
    if str(event.get("X-MICROSOFT-CDO-ALLDAYEVENT", "")).strip().upper() == "TRUE":
        return True
    end = getattr(event.get("DTEND"), "dt", None)
    length = getattr(event.get("DURATION"), "dt", None)
    if end is None and isinstance(length, dt.timedelta):
        end = start + length
    if not isinstance(end, dt.datetime) or start.time() != dt.time() or end.time() != dt.time():
        return False
    return end.date() > start.date()


# ---- people ------------------------------------------------------------------------------------


def _invite(meeting: Meeting, event: Any) -> None:
    """Find who is present: the organiser and everybody who was asked and did not decline."""
    absent = set()
    for value in _listed(event.get("ATTENDEE")):
        address, parameters = _person(value)
        if _is_no_person(address, parameters):
            continue
        if _is_absent(parameters):
            absent.add(address)
        elif address is None:
            meeting.nameless += 1
        else:
            meeting.people.setdefault(address, _name(parameters))
    for value in _listed(event.get("ORGANIZER"))[:1]:
        address, parameters = _person(value)
        if address and address not in absent and not _is_no_person(address, parameters):
            name = meeting.people.get(address) or _name(parameters)
            meeting.people[address] = name
            meeting.organiser = address


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _person(value: Any) -> tuple[str | None, dict[str, str]]:
    """Return address and parameters: the value, EMAIL= or a name that is an address."""
    parameters = {
        str(name).upper(): " ".join(text) if isinstance(text, list) else str(text)
        for name, text in dict(getattr(value, "params", {})).items()
    }
    stated = (str(value), parameters.get("EMAIL", ""), parameters.get("CN", ""))
    return next((found for text in stated if (found := address_of(text))), None), parameters


def _is_no_person(address: str | None, parameters: dict[str, str]) -> bool:
    return parameters.get("CUTYPE", "").upper() in _NOT_PEOPLE or (
        address is not None and address.endswith(_RESOURCES)
    )


def _is_absent(parameters: dict[str, str]) -> bool:
    return (
        parameters.get("PARTSTAT", "").upper() in _ABSENT
        or parameters.get("ROLE", "").upper() == "NON-PARTICIPANT"
    )


def _name(parameters: dict[str, str]) -> str:
    return plain_name(parameters.get("CN", ""))
