"""Monica 4.x: the JSON export of a personal relationship manager.

Read by the standard library's ``json``: the export is one small document whose parts point at one
another by uuid, so that it has to be held whole, and no published reader exists. What was written
(notes, contents, summaries) is never looked at.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netanalytics import registry
from netanalytics.errors import LoaderError
from netanalytics.loaders import Batch
from netanalytics.loaders._dates import iso_birthday, micros_at, zone_note
from netanalytics.loaders._delimited import head_of
from netanalytics.loaders._persons import People, address_in, tidy
from netanalytics.loaders._rows import Rows

if TYPE_CHECKING:
    from netanalytics.engine import Engine
    from netanalytics.loaders import Options

LARGEST = 300_000_000
"""Bytes; the document is held in memory."""

_READ = frozenset(["user", "contact", "relationship", "activity"])
_READ_INSIDE = frozenset(["call", "conversation", "contact_field", "activity"])
Record = Mapping[str, Any]


def recognises(path: Path) -> bool:
    """Say whether a file is an export of Monica, by the first names in it."""
    head = head_of(path)[:4_000]
    return (
        head.lstrip().startswith("{")
        and '"account"' in head
        and ('"app_version"' in head or '"exported_by"' in head)
    )


@registry.loader(
    "monica",
    unit="card",
    read="the JSON export of Monica: people, meetings, conversations, calls and relations",
    recognises=recognises,
)
def read(source: Path, options: Options, engine: Engine) -> list[Batch]:
    """Read an export of Monica.

    Parameters
    ----------
    source : Path
        The file.
    options : Options
        What the user said about it.
    engine : Engine
        Where the rows go.

    Returns
    -------
    list of Batch
        Cards, activities, messages, calls, relations and what is not read, each in its own unit.
        The owner of the account is known by their address, or as ``me``.

    Raises
    ------
    LoaderError
        If it is no such export.
    """
    if not isinstance(source, Path):
        raise LoaderError("an export of Monica is read from a file")
    document = _document(source)
    book = _Book(options.zone)
    account = _mapping(document.get("account"))
    for user in _values(account, "user"):
        book.add_owner(user)
    contacts = list(_values(account, "contact"))
    for contact in contacts:
        book.add(contact)
    until = micros_at(_string(document.get("export_date") or document.get("exported_at")))
    parts = [_activities(account, contacts, book, engine)]
    parts += _inside(contacts, book, engine)
    return [
        book.batch(),
        *(rows.batch(label=name, unit=unit, until=until) for name, unit, rows in parts),
        _relations(account, book),
        _unread(account, contacts),
    ]


def _document(path: Path) -> Record:
    try:
        if path.stat().st_size > LARGEST:
            raise LoaderError(f"{path.name}: larger than {LARGEST // 1_000_000} MB, too large")
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            document = json.load(file)
    except LoaderError:
        raise
    except (OSError, ValueError, RecursionError) as error:
        line = (str(error).splitlines() or [""])[0][:100]
        raise LoaderError(f"{path.name}: cannot be read as JSON ({line})") from None
    if not isinstance(document, dict) or not isinstance(document.get("account"), dict):
        raise LoaderError(f"{path.name}: this is no export of Monica (it has no account)")
    return document


# ---- what the document is made of: nothing is taken for granted --------------------------------


def _mapping(value: Any) -> Record:
    return value if isinstance(value, dict) else {}


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _listed(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _groups_of(record: Record) -> Iterator[tuple[str, list[Any]]]:
    """Yield the kinds of things that a record holds, each with its list."""
    for group in map(_mapping, _listed(record.get("data"))):
        yield _string(group.get("type")), _listed(group.get("values"))


def _values(record: Record, kind: str) -> Iterator[Record]:
    for name, values in _groups_of(record):
        if name == kind:
            yield from map(_mapping, values)


def _stated(record: Record) -> Record:
    return _mapping(record.get("properties"))


# ---- people ------------------------------------------------------------------------------------


@dataclass
class _Book:
    """The people of an export by uuid, and who owns it."""

    zone: str | None
    people: People = field(default_factory=People)
    ids: dict[str, str] = field(default_factory=dict)
    counted: Counter[str] = field(default_factory=Counter)
    me: str | None = None
    my_card: str | None = None

    def add_owner(self, user: Record) -> None:
        """Take the first user of the account as its owner."""
        if self.me is not None:
            return
        name = f"{_string(user.get('first_name'))} {_string(user.get('last_name'))}"
        self.my_card = _string(_stated(user).get("me_contact")) or None
        added = None
        if address_in(_string(user.get("email"))):
            added = self.people.add(name, [_string(user.get("email"))])
        self.me = added[0] if added else "me"

    def owner(self) -> str:
        """Return the id of the owner."""
        return self.me or "me"

    def add(self, contact: Record) -> None:
        """Add one card and count it."""
        uuid, told = _string(contact.get("uuid")), _stated(contact)
        if uuid and uuid == self.my_card:
            self.ids[uuid] = self.owner()
            self.counted["the owner's own card"] += 1
            return
        birthdate = _mapping(told.get("birthdate"))
        birthday = iso_birthday(_string(birthdate.get("date"))[:10])
        if birthday and birthdate.get("is_year_unknown"):
            birthday = "-" + birthday[4:]
        often = told.get("stay_in_touch_frequency")
        names = [tidy(told.get(key)) for key in ("first_name", "middle_name", "last_name")]
        added = self.people.add(
            " ".join(name for name in names if name) or tidy(told.get("nickname")),
            [_string(_stated(one).get("data")) for one in _values(contact, "contact_field")],
            {
                "organisation": tidy(told.get("company")),
                "title": tidy(told.get("job")),
                "birthday": None if birthdate.get("is_age_based") else birthday,
                "groups": ";".join(filter(None, map(tidy, _listed(told.get("tags"))))) or None,
                "stay_in_touch_days": often if isinstance(often, int) and often > 0 else None,
                "is_dead": True if told.get("is_dead") else None,
            },
        )
        if added is None:
            self.counted["no name and no address"] += 1
            return
        self.ids.setdefault(uuid, added[0])
        self.counted["kept" if added[1] else "another card of the same person"] += 1

    def batch(self) -> Batch:
        """Return the people."""
        return Batch(
            None,
            skipped=tuple(sorted(self.counted.items())),
            notes=(zone_note(self.zone), *self.people.notes()),
            people=self.people.frame(),
            label="contacts",
        )


# ---- contacts ----------------------------------------------------------------------------------

_Part = tuple[str, str, Rows]


def _event(kind: str, *parts: str) -> str:
    """Return an id without any text of the export in it, were it put where a uuid belongs."""
    text = "\n".join([kind, *parts])
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()


def _activities(account: Record, contacts: list[Record], book: _Book, engine: Engine) -> _Part:
    """Read what was done together: the owner and everybody whose card points at it were there."""
    present: dict[str, set[str]] = {}
    for contact in contacts:
        person = book.ids.get(_string(contact.get("uuid")))
        for name, values in _groups_of(contact):
            for uuid in values if name == "activity" and person else ():
                present.setdefault(_string(uuid), set()).add(person or "")
    rows = Rows(engine)
    for activity in _values(account, "activity"):
        rows.record()
        uuid = _string(activity.get("uuid"))
        people = sorted({book.owner(), *present.get(uuid, ())})
        time = micros_at(_string(_stated(activity).get("happened_at")), book.zone)
        if time is None:
            rows.skip("no date")
        elif len(people) < 2:
            rows.skip("nobody else took part")
        else:
            _met(rows, people, time, _event("activity", uuid, str(time)))
    return "activities", "activity", rows


def _met(rows: Rows, people: list[str], time: int, event: str) -> None:
    from netanalytics.schema import LARGEST_EVENT

    if len(people) > LARGEST_EVENT:
        pairs = [(people[0], people[1])]
    else:
        pairs = [(one, other) for n, one in enumerate(people) for other in people[n + 1 :]]
    for one, other in pairs:
        rows.contact(
            time, one, other, channel="meeting", event=event, size=len(people), directed=False
        )


def _inside(contacts: list[Record], book: _Book, engine: Engine) -> list[_Part]:
    """Read the calls and messages that stand inside the card of the other person."""
    calls, messages = Rows(engine), Rows(engine)
    for contact in contacts:
        person = book.ids.get(_string(contact.get("uuid")))
        for call in _values(contact, "call"):
            told = _stated(call)
            _between(calls, book, (person, told.get("called_at"), not told.get("contact_called")))
        for conversation in _values(contact, "conversation"):
            _messages(messages, book, person, _stated(conversation))
    return [("messages", "message", messages), ("calls", "call", calls)]


def _messages(rows: Rows, book: _Book, person: str | None, conversation: Record) -> None:
    for message in map(_mapping, _listed(conversation.get("messages"))):
        told = _stated(message) or message
        when = told.get("written_at") or conversation.get("happened_at")
        _between(rows, book, (person, when, bool(told.get("written_by_me"))), channel="message")


def _between(
    rows: Rows, book: _Book, what: tuple[str | None, Any, bool], channel: str = "call"
) -> None:
    """Add one call or message between the owner and somebody."""
    person, when, mine = what
    rows.record()
    time = micros_at(_string(when), book.zone)
    if person is None:
        rows.skip("nobody it could be with")
    elif time is None:
        rows.skip("no date")
    else:
        source, target = (book.owner(), person) if mine else (person, book.owner())
        rows.contact(time, source, target, channel=channel, size=2, role="to")


# ---- relations and the rest --------------------------------------------------------------------


def _relations(account: Record, book: _Book) -> Batch:
    """Read who is what to whom: ``contact_is`` is the ``type`` of ``of_contact``."""
    import pandas as pd

    counted: Counter[str] = Counter()
    found = []
    for relation in _values(account, "relationship"):
        told = _stated(relation)
        source = book.ids.get(_string(told.get("contact_is")))
        target = book.ids.get(_string(told.get("of_contact")))
        kind = tidy(_string(told.get("type")))
        if source is None or target is None or kind is None or source == target:
            counted["between people who are not in the export"] += 1
            continue
        counted["kept"] += 1
        found.append((source, target, re.sub(r"\s+", "_", kind)[:60]))
    table = pd.DataFrame(found, columns=["source", "target", "kind"]) if found else None
    return Batch(
        None,
        skipped=tuple(sorted(counted.items())),
        relations=table,
        label="relations",
        unit="relation",
    )


def _unread(account: Record, contacts: list[Record]) -> Batch:
    """Count everything else that the export holds."""
    counted: Counter[str] = Counter()
    for name, values in _groups_of(account):
        if name not in _READ:
            counted[name] += len(values)
    for contact in contacts:
        for name, values in _groups_of(contact):
            if name not in _READ_INSIDE:
                counted[name] += len(values)
    reasons = Counter[str]()
    for name, n in counted.items():
        known = re.fullmatch(r"[a-z_]{1,40}", name)
        reasons[f"not read: {name.replace('_', ' ') if known else 'something else'}"] += n
    return Batch(None, skipped=tuple(sorted(reasons.items())), label="other", unit="record")
