"""Who says what in the two forms in which Zulip writes a message: its export and its API."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from netanalytics import schema
from netanalytics.loaders._chat import micros_of_seconds
from netanalytics.loaders._known import Known, id_of

_EVERYBODY = ("all", "everyone", "channel", "stream", "topic")
_ONE, _GROUP = 1, 3

# Markdown: @**Name** or @**Name|11**, quiet with an underscore. HTML: a span of a class.
_MARKDOWN = re.compile(r"@(_?)\*\*([^*|\n]{1,120})(?:\|(\d{1,18}))?\*\*")
_SPAN = re.compile(
    r'<span class="user-mention( silent)?[^">]{0,80}"[^>]{0,300}?data-user-id="(\d{1,18}|\*)"'
    r"[^>]{0,80}>@?([^<]{1,120})<"
)
_SAID = re.compile(r"\s*(?:\[[^\]\n]{1,80}\]\(|<a href=\")[^)\"\s]{0,2000}?/near/(\d{1,18})")


@dataclass(frozen=True, slots=True)
class Said:
    """One message, whoever wrote it down."""

    time: int
    author: str
    event: str
    place: Any
    text: str
    in_stream: bool
    direct: tuple[str, ...] = ()
    members: tuple[str, ...] | None = None
    reactors: tuple[str, ...] = ()


class Reader(Protocol):
    """Knows the people of a source, and takes its messages apart."""

    people: Known

    def learn(self, key: str | None, record: Any) -> None:
        """Take in what a record says about people and places."""

    def said(self, record: Any, place: str) -> Said | str:
        """Return a message, or the reason why a record is none."""

    def person(self, number: str | None, name: str) -> str | None:
        """Return the id of somebody whom a message names, or None if nobody is known by that."""


def said_in(text: str, reader: Reader) -> tuple[str | None, str | None, list[str], bool]:
    """Return whom a text quotes and the id of that message, whom it names, and if everybody.

    Parameters
    ----------
    text : str
        In Markdown or HTML; nothing of it is kept.
    reader : Reader
        Who knows the people.

    Returns
    -------
    tuple of (str or None, str or None, list of str, bool)
    """
    quoted, quoted_event, everybody = None, None, False
    named: dict[str, None] = {}
    for quiet, number, name, end in _mentions(text):
        if number == "*" or (not number and name in _EVERYBODY):
            everybody = everybody or not quiet
            continue
        person = reader.person(number, name)
        if person is not None and not quiet:
            named[person] = None
        said = _SAID.match(text, end) if quiet and quoted is None else None
        if said and person is not None:
            quoted, quoted_event = person, f"zulip {said[1]}"
    return quoted, quoted_event, list(named), everybody


def _mentions(text: str) -> list[tuple[bool, str | None, str, int]]:
    """Return quiet or not, number, name, and where the mention ends."""
    found = [(bool(m[1]), m[3], m[2].strip(), m.end()) for m in _MARKDOWN.finditer(text)]
    for m in _SPAN.finditer(text):
        end = m.end() + (len("/span>") if text.startswith("/span>", m.end()) else 0)
        found.append((bool(m[1]), m[2], html.unescape(m[3]).strip(), end))
    return found


def _event(number: Any, time: int, author: str) -> str:
    """Return the id of a message in the log."""
    whole = _whole(number)
    return f"zulip {time} of {author}" if whole is None else f"zulip {whole}"


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _is_bot_address(address: Any) -> bool:
    """Say whether an address is one that Zulip gives to bots: they end in ``-bot``."""
    return isinstance(address, str) and "-bot@" in address.casefold()


class ExportReader:
    """Messages of an organisation's export: people and places are numbers in ``realm.json``."""

    def __init__(self) -> None:
        self.people = Known()
        self._people: dict[int, str] = {}
        self._names: dict[str, str | None] = {}
        self._places: dict[int, tuple[int, int]] = {}
        self._members: dict[int, set[int]] = {}
        self._reactors: dict[int, tuple[int, ...]] = {}
        self._few: dict[int, tuple[str, ...] | None] = {}

    def learn(self, key: str | None, record: Any) -> None:
        """Take in a row of ``realm.json``."""
        if not isinstance(record, Mapping) or key is None:
            return
        number = _whole(record.get("id"))
        if key.startswith("zerver_userprofile") and number is not None:
            self._add_person(record, number)
        elif key == "zerver_recipient" and number is not None:
            kind, of = _whole(record.get("type")), _whole(record.get("type_id"))
            if kind is not None and of is not None:
                self._places[number] = (kind, of)
        elif key == "zerver_subscription":
            who, place = _whole(record.get("user_profile")), _whole(record.get("recipient"))
            if who is not None and place is not None and record.get("active") is not False:
                self._members.setdefault(place, set()).add(who)
        elif key == "zerver_reaction":
            who, message = _whole(record.get("user_profile")), _whole(record.get("message"))
            if who is not None and message is not None:
                self._reactors[message] = (*self._reactors.get(message, ()), who)

    def _add_person(self, record: Mapping[str, Any], number: int) -> None:
        address = _text(record.get("delivery_email")) or _text(record.get("email"))
        name = id_of(record.get("full_name"))
        person = id_of(address.casefold()) if "@" in address else name
        self._people[number] = person = person or f"zulip user {number}"
        bot = record.get("is_bot") is True or _is_bot_address(address)
        self.people.add(person, name=name, addresses=address, is_bot=bot)
        if name is not None:
            # A name that two people have names neither.
            self._names[name] = person if self._names.get(name, person) == person else None

    def person(self, number: str | None, name: str) -> str | None:
        """Return somebody by number or by a name that only one has."""
        return self._people.get(int(number)) if number else self._names.get(name)

    def said(self, record: Any, place: str) -> Said | str:
        """Return a message, or the reason why a row of ``zerver_message`` is none."""
        if not isinstance(record, Mapping):
            return "unreadable record"
        time = micros_of_seconds(record.get("date_sent", record.get("pub_date")))
        sender = _whole(record.get("sender"))
        if time is None:
            return "no readable time"
        if sender is None:
            return "no author"
        number = record.get("id")
        recipient = _whole(record.get("recipient")) or -1
        kind, of = self._places.get(recipient, (0, 0))
        in_stream = kind not in (_ONE, _GROUP)
        told = {of} if kind == _ONE else self._members.get(recipient, set())
        author = self._person_of(sender)
        reactors = self._reactors.pop(_whole(number) or -1, ())
        topic = hash(_text(record.get("subject")))  # of a topic only whether it is the same
        return Said(
            time,
            author,
            _event(number, time, author),
            frozenset((sender, of)) if kind == _ONE else (recipient, topic if in_stream else 0),
            _text(record.get("content")),
            in_stream,
            direct=() if in_stream else tuple(sorted(self._person_of(one) for one in told)),
            members=self._subscribers(recipient) if in_stream else None,
            reactors=tuple(dict.fromkeys(self._person_of(one) for one in reactors)),
        )

    def _person_of(self, number: int) -> str:
        person = self._people.get(number)
        if person is None:
            person = self._people[number] = f"zulip user {number}"
        return person

    def _subscribers(self, recipient: int) -> tuple[str, ...] | None:
        """Return the subscribers of a stream, or None if they are an audience or unknown."""
        if recipient not in self._few:
            members = self._members.get(recipient)
            few = members is not None and len(members) <= schema.LARGEST_EVENT
            self._few[recipient] = (
                tuple(sorted(self._person_of(one) for one in members or ())) if few else None
            )
        return self._few[recipient]


class ApiReader:
    """Messages as the API gives them, and as archives keep them with few fields."""

    def __init__(self) -> None:
        self.people = Known()
        self._numbers: dict[str, str] = {}
        self._names: dict[str, str | None] = {}

    def learn(self, key: str | None, record: Any) -> None:
        """Take in who wrote a message, and whom a direct one is for."""
        if key not in (None, "messages") or not isinstance(record, Mapping):
            return
        self._meet(
            record.get("sender_id"), record.get("sender_email"), record.get("sender_full_name")
        )
        recipients = record.get("display_recipient")
        for one in recipients if isinstance(recipients, list) else ():
            if isinstance(one, Mapping):
                self._meet(one.get("id"), one.get("email"), one.get("full_name"))

    def _meet(self, number: Any, address: Any, name: Any) -> str | None:
        person = _api_person(address, name)
        if person is None:
            return None
        known = id_of(name)
        self.people.add(
            person, name=known, addresses=address, is_bot=True if _is_bot_address(address) else None
        )
        if number is not None:
            self._numbers.setdefault(str(number), person)
        if known is not None:
            self._names[known] = person if self._names.get(known, person) == person else None
        return person

    def person(self, number: str | None, name: str) -> str | None:
        """Return somebody by number, or by a name that only one has."""
        if number in self._numbers:
            return self._numbers[number]
        return self._names.get(name)

    def said(self, record: Any, place: str) -> Said | str:
        """Return a message, or the reason why an element of a file is none."""
        if not isinstance(record, Mapping) or "sender_full_name" not in record:
            return "unreadable record"
        time = micros_of_seconds(record.get("timestamp"))
        author = _api_person(record.get("sender_email"), record.get("sender_full_name"))
        if time is None:
            return "no readable time"
        if author is None:
            return "no author"
        recipients = record.get("display_recipient")
        direct: set[str] = set()
        for one in recipients if isinstance(recipients, list) else ():
            person = isinstance(one, Mapping) and _api_person(
                one.get("email"), one.get("full_name")
            )
            if person:
                direct.add(person)
        in_stream = not isinstance(recipients, list)
        topic = hash(_text(record.get("subject")))  # of a topic only whether it is the same
        stream = record.get("stream_id", _text(recipients))
        return Said(
            time,
            author,
            _event(record.get("id"), time, author),
            (place, str(stream), topic) if in_stream else frozenset(direct | {author}),
            _text(record.get("content")),
            in_stream,
            direct=tuple(sorted(direct - {author})),
            reactors=self._reactors(record),
        )

    def _reactors(self, record: Mapping[str, Any]) -> tuple[str, ...]:
        reactions = record.get("reactions")
        people: dict[str, None] = {}
        for one in reactions if isinstance(reactions, list) else ():
            if not isinstance(one, Mapping):
                continue
            user = one.get("user")
            user = user if isinstance(user, Mapping) else {}
            person = self._numbers.get(str(one.get("user_id", user.get("id")))) or _api_person(
                user.get("email"), user.get("full_name")
            )
            if person is not None:
                people[person] = None
        return tuple(people)


def _api_person(address: Any, name: Any) -> str | None:
    """Return the id of somebody in the API: their address, or their name."""
    if isinstance(address, str) and "@" in address:
        return id_of(address.casefold())
    return id_of(name)
