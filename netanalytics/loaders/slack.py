"""Slack workspace exports, as the folder or the zip that Slack hands out.

Read with the standard library, one record at a time: the published tools for this format render or
convert a whole export in memory, and none says who reached whom. A channel's files of days are read
in order, because a thread's replies stand on the day they were written.

Who is reached, and in which role, is what :mod:`netanalytics.loaders._chat` says of every chat. A
reply in a thread answers whoever opened it; whoever opened it answers the last other person in it.
In direct conversations a message also answers the last one by somebody else within a day. Times of
reactions are not in the export: they have the time of the message and answer nothing.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netanalytics import registry
from netanalytics.loaders import Batch
from netanalytics.loaders._archive import Archive, DamagedError, zip_names
from netanalytics.loaders._chat import (
    DAY,
    NOBODY,
    Message,
    Talk,
    micros_of_seconds,
    react,
    write,
)
from netanalytics.loaders._known import Known, id_of
from netanalytics.loaders._rows import Rows
from netanalytics.loaders._streams import items

if TYPE_CHECKING:
    from netanalytics.engine import Engine
    from netanalytics.loaders import Options

USERS = ("users.json", "org_users.json")
PLACES = {
    "channels.json": "channel",
    "groups.json": "channel",
    "dms.json": "direct",
    "mpims.json": "direct",
}
SLACKBOT = "USLACKBOT"

_WRITTEN = (None, "me_message", "file_share", "file_comment", "thread_broadcast")
_DAY_FILE = re.compile(r"[^/]+/\d{4}-\d{2}-\d{2}\.json")
_MENTION = re.compile(r"<@([A-Z0-9]{2,30})(?:\|[^>]{0,200})?>")
_EVERYBODY = re.compile(r"<!(?:here|channel|everyone)(?:\|[^>]{0,200})?>")
_SUBTYPE = re.compile(r"[a-z_]{3,40}")
_FOLDERS_LOOKED_AT = 200


def recognises(path: Any) -> bool:
    """Say whether this is a folder or a zip with lists of users or channels and files of days."""
    if not isinstance(path, Path):
        return False
    try:
        if not path.is_dir():
            names = zip_names(path)
            listed = any(name in names for name in (*USERS, *PLACES))
            return listed and any(_DAY_FILE.fullmatch(name) for name in names)
        if not any((path / name).is_file() for name in (*USERS, *PLACES)):
            return False
        return _has_days(path)
    except (OSError, ValueError):
        return False


def _has_days(path: Path) -> bool:
    for number, folder in enumerate(path.iterdir()):
        if number > _FOLDERS_LOOKED_AT:
            return False
        if folder.is_symlink() or not folder.is_dir():
            continue
        if any(_DAY_FILE.fullmatch(f"{folder.name}/{file.name}") for file in folder.iterdir()):
            return True
    return False


@registry.loader(
    "slack",
    unit="message",
    read="a Slack export (folder or zip): messages, threads, mentions, reactions",
    recognises=recognises,
)
def read(source: Path, options: Options, engine: Engine) -> list[Batch]:
    """Read a Slack export.

    Parameters
    ----------
    source : Path
        The folder or the zip.
    options : Options
        Not needed: Slack states times in UTC.
    engine : Engine
        Where the rows go.

    Returns
    -------
    list of Batch
        The messages, the people, and what was not read.

    Raises
    ------
    LoaderError
        If it is no folder or zip, or unpacks to absurd sizes.
    """
    with Archive(source, options.progress) as archive:
        export = _Export(archive, Rows(engine))
        export.read()
    return export.batches()


@dataclass(frozen=True)
class _Place:
    """A channel or a direct conversation."""

    id: str
    kind: str
    members: tuple[str, ...] | None


@dataclass
class _Export:
    archive: Archive
    rows: Rows
    people: Known = field(default_factory=Known)
    met: Known = field(default_factory=Known)
    places: dict[str, _Place] = field(default_factory=dict)
    handles: dict[str, str] = field(default_factory=dict)
    users: Counter[str] = field(default_factory=Counter)
    unread: dict[str, Counter[str]] = field(default_factory=dict)

    def read(self) -> None:
        names = self.archive.names
        for name in (*USERS, *PLACES):
            if name in names:
                self._listed(name)
        folder, reader = "", _Reader(self, _Place("", "channel", None))
        for name in names:
            if not _DAY_FILE.fullmatch(name):
                self._other(name)
                continue
            if name.split("/")[0] != folder:
                folder = name.split("/")[0]
                reader = _Reader(self, self._place(folder))
            for record in self._records(name):
                reader.take(record)

    def _other(self, name: str) -> None:
        if name not in USERS and name not in PLACES:
            label = name if "/" not in name and name.endswith(".json") else "other files"
            self._missed(label, "not read: holds no messages")

    def _missed(self, label: str, reason: str) -> None:
        self.unread.setdefault(label, Counter())[reason] += 1

    def _records(self, name: str) -> Iterator[Any]:
        """Yield the elements of a list; what comes after damage is counted as not read."""
        try:
            with self.archive.open(name) as file:
                for _, record in items(file):
                    yield record
        except DamagedError:
            self._missed(name, "not read to its end: damaged")

    def _listed(self, name: str) -> None:
        for record in self._records(name):
            person = id_of(record.get("id")) if isinstance(record, Mapping) else None
            if name not in USERS:
                if person is not None:
                    self._add_place(record, person, PLACES[name])
                continue
            if person is None:
                self.users["no id"] += 1
                continue
            self.users["listed twice" if person in self.people else "kept"] += 1
            self._add_user(record, person)

    def _add_user(self, record: Mapping[str, Any], person: str) -> None:
        profile = _mapping(record.get("profile"))
        handle = id_of(record.get("name"))
        if handle:
            self.handles.setdefault(handle, person)
        self.people.add(
            person,
            name=_first(profile.get("real_name"), record.get("real_name"), handle),
            addresses=profile.get("email"),
            title=profile.get("title"),
            is_bot=record.get("is_bot") is True or person == SLACKBOT,
        )

    def _add_place(self, record: Mapping[str, Any], place: str, kind: str) -> None:
        listed = record.get("members")
        members = None
        if isinstance(listed, list):
            members = tuple(sorted({one for one in map(id_of, listed) if one}))
            if SLACKBOT in members:
                self.met.add(SLACKBOT, name="Slackbot", is_bot=True)
        for folder in dict.fromkeys((place, id_of(record.get("name")) or place)):
            self.places.setdefault(folder, _Place(place, kind, members))

    def _place(self, folder: str) -> _Place:
        """Return what a folder is; one that no list names by the form of its name."""
        if folder in self.places:
            return self.places[folder]
        group = re.fullmatch(r"mpdm-(.+)-\d+", folder)
        if group:
            found = [self.handles.get(handle) for handle in group[1].split("--")]
            members = tuple(sorted({one for one in found if one}))
            return _Place(_hash(folder), "direct", members if None not in found else None)
        kind = "direct" if re.fullmatch(r"D[A-Z0-9]{7,}", folder) else "channel"
        return _Place(_hash(folder), kind, None)

    def batches(self) -> list[Batch]:
        made = [self.rows.batch(people=self.met.frame())]
        if self.users:
            made.append(
                Batch(
                    None,
                    skipped=tuple(sorted(self.users.items())),
                    people=self.people.frame(),
                    label="users",
                    unit="person",
                )
            )
        refused = {f"not read: {why}": n for why, n in self.archive.refused.items()}
        if refused:
            self.unread.setdefault("other files", Counter()).update(refused)
        made += [
            Batch(None, skipped=tuple(sorted(reasons.items())), label=label, unit="file")
            for label, reasons in sorted(self.unread.items())
        ]
        return made


class _Reader:
    """Reads the messages of one channel or conversation in order."""

    def __init__(self, export: _Export, place: _Place) -> None:
        self._export, self._rows, self._place = export, export.rows, place
        self._openers: dict[str, str] = {}
        self._threads = Talk()
        self._talk = Talk(within=DAY)

    def take(self, record: Any) -> None:
        """Count a record, and add its contacts."""
        self._rows.record()
        reason = _no_message(record)
        author = None if reason else _author(record)
        time = None if reason else micros_of_seconds(record.get("ts"))
        if reason is None and author is None:
            bot = record.get("bot_id") or record.get("username")
            reason = "message of a bot" if bot else "no author"
        if reason is None and time is None:
            reason = "no readable time"
        if reason is not None or author is None or time is None:
            self._rows.skip(reason or "")
            return
        self._meet(record, author)
        message = self._message(record, author, time)
        some = write(self._rows, message)
        if not react(self._rows, message, _reactors(record)) and not some:
            self._rows.skip(self._nobody())

    def _nobody(self) -> str:
        if self._place.kind == "channel":
            return NOBODY
        if self._place.members is None:
            return "direct message, its recipient is not in the export"
        return "message to oneself"

    def _message(self, record: Mapping[str, Any], author: str, time: int) -> Message:
        place = self._place
        event = f"{place.id} {record['ts']}"
        text = record.get("text") if isinstance(record.get("text"), str) else ""
        thread = record.get("thread_ts")
        answered, reply_to = None, None
        if place.kind == "direct":
            _, reply_to = self._talk.answers(None, author, time, event)
        if micros_of_seconds(thread) is not None:
            answered, reply_to = self._in_thread(record, str(thread), (author, time, event))
        if place.kind == "direct":
            members = place.members or ()
            in_group = len(members) > 2 and answered in members
            return Message(
                time,
                author,
                event,
                direct=members,
                answered=answered if in_group else None,
                reply_to=reply_to,
            )
        return Message(
            time,
            author,
            event,
            answered=answered,
            reply_to=reply_to,
            named=_MENTION.findall(text or ""),
            members=place.members,
            everybody=bool(_EVERYBODY.search(text or "")),
        )

    def _in_thread(
        self, record: Mapping[str, Any], thread: str, said: tuple[str, int, str]
    ) -> tuple[str | None, str | None]:
        """Return whom a message in a thread answers: who opened it, or who wrote last in it."""
        author, time, event = said
        before, before_event = self._threads.answers(thread, author, time, event)
        if thread == record.get("ts"):
            self._openers[thread] = author
            return None, None
        opener = self._openers.get(thread) or id_of(record.get("parent_user_id"))
        if opener is None:
            return before, f"{self._place.id} {thread}"
        if opener == author:
            return before, before_event
        return opener, f"{self._place.id} {thread}"

    def _meet(self, record: Mapping[str, Any], author: str) -> None:
        """Note what a message says about an author whom the list of users does not hold."""
        export = self._export
        if author in export.people or author in export.met:
            return
        if author == SLACKBOT:
            export.met.add(SLACKBOT, name="Slackbot", is_bot=True)
            return
        profile = _mapping(record.get("user_profile"))
        export.met.add(
            author,
            name=_first(profile.get("real_name"), profile.get("name")),
            is_bot=bool(record.get("bot_id")),
        )


def _no_message(record: Any) -> str | None:
    """Say why a record is no message between people, or return None."""
    if not isinstance(record, Mapping):
        return "unreadable record"
    if record.get("type", "message") != "message":
        return "not a message"
    subtype = record.get("subtype")
    if subtype in _WRITTEN:
        return None
    if isinstance(subtype, str) and _SUBTYPE.fullmatch(subtype):
        return f"not written by a person to people: {subtype}"
    return "not written by a person to people: another subtype"


def _author(record: Mapping[str, Any]) -> str | None:
    for holder in (record, record.get("comment"), record.get("file")):
        author = id_of(_mapping(holder).get("user"))
        if author is not None:
            return author
    return None


def _reactors(record: Mapping[str, Any]) -> dict[str, None]:
    """Return who reacted to a message, each once."""
    reactions = record.get("reactions")
    people: dict[str, None] = {}
    for reaction in reactions if isinstance(reactions, list) else ():
        users = _mapping(reaction).get("users")
        for user in users if isinstance(users, list) else ():
            person = id_of(user)
            if person is not None:
                people[person] = None
    return people


def _hash(name: str) -> str:
    return hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=8).hexdigest()


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _first(*values: Any) -> str | None:
    return next((value for value in values if isinstance(value, str) and value.strip()), None)
