"""Mattermost bulk exports: JSON Lines, alone or in the zip or folder that the export made.

Read line by line with the standard library, because a line is a post with all of its replies, and
the format is Mattermost's own: no package reads it.

A reply answers whoever wrote the post; whoever wrote the post answers the last other person under
it. ``@name`` mentions those who are listed as users, ``@all``, ``@channel`` and ``@here`` call the
members of the channel. In direct conversations a post also answers the last one by somebody else
within a day. A reaction answers what it stands under, at the time that the export gives for it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from netanalytics import registry, schema
from netanalytics.errors import LoaderError
from netanalytics.loaders import Batch
from netanalytics.loaders._archive import Archive, DamagedError, is_zip, zip_names
from netanalytics.loaders._chat import DAY, NOBODY, Message, Talk, react, write
from netanalytics.loaders._known import Known, id_of
from netanalytics.loaders._progress import opened
from netanalytics.loaders._rows import Rows
from netanalytics.loaders._streams import lines, text_of, value_of

if TYPE_CHECKING:
    from netanalytics.engine import Engine
    from netanalytics.loaders import Options

_HEAD = 4_096
_SUFFIXES = (".jsonl", ".json", ".ndjson")
_VERSION = re.compile(rb'^(?:\xef\xbb\xbf)?\s*\{\s*"type"\s*:\s*"version"\s*,\s*"version"\s*:\s*\d')
_MENTION = re.compile(r"(?<![\w@])@([a-z0-9][a-z0-9._-]{0,63})", re.IGNORECASE)
_EVERYBODY = ("all", "channel", "here")
_EARLIEST, _LATEST = 0, 4_102_444_800_000  # 1970 and 2100, in milliseconds
_LINE_KINDS = ("version", "emoji", "role", "scheme", "team", "channel", "bot", "direct_channel")


def recognises(path: Any) -> bool:
    """Say whether the first line of a file, or of a file in a zip or folder, gives the version."""
    if not isinstance(path, Path):
        return False
    try:
        if path.is_dir():
            return any(_is_export(file) for file in _files_of(path))
        if is_zip(path):
            names = [name for name in zip_names(path) if _named_so(name)]
            return bool(names) and bool(_exports_in(path, names))
        return _is_export(path)
    except (OSError, ValueError):
        return False


def _files_of(folder: Path) -> list[Path]:
    """Return the JSON Lines files of a folder that an export with attachments was unpacked to."""
    if not (folder / "data").is_dir():
        return []
    return [file for file in folder.glob("*.jsonl") if not file.is_symlink()][:5]


def _is_export(path: Path) -> bool:
    if path.suffix.lower() not in _SUFFIXES or not path.is_file():
        return False
    with path.open("rb") as file:
        return _VERSION.match(file.read(_HEAD)) is not None


def _named_so(name: str) -> bool:
    return "/" not in name and name.lower().endswith(_SUFFIXES)


def _exports_in(path: Path, names: list[str]) -> list[str]:
    with Archive(path) as archive:
        return [name for name in names[:20] if _VERSION.match(archive.head(name, _HEAD))]


@registry.loader(
    "mattermost",
    unit="message",
    read="a Mattermost bulk export (JSON Lines, zip or folder): posts, replies, reactions",
    recognises=recognises,
)
def read(source: Path, options: Options, engine: Engine) -> list[Batch]:
    """Read a bulk export of Mattermost.

    Parameters
    ----------
    source : Path
        The file, the zip or the folder.
    options : Options
        Not needed: Mattermost states times in UTC.
    engine : Engine
        Where the rows go.

    Returns
    -------
    list of Batch
        The messages, the people, and what was not read.

    Raises
    ------
    LoaderError
        If no file begins with the version of the format, or a zip unpacks to absurd sizes.
    """
    export = _Export(Rows(engine))
    if source.is_file() and not is_zip(source):
        if not _is_export(source):
            raise _unknown(source.name)
        with opened(source, options) as file:
            export.read(file, source.name)
        return export.batches()
    with Archive(source, options.progress) as archive:
        names = [name for name in archive.names if _named_so(name)]
        names = [name for name in names if _VERSION.match(archive.head(name, _HEAD))]
        if not names:
            raise _unknown(archive.label)
        for name in names:
            with archive.open(name) as file:
                export.read(file, name)
        others = [name for name in archive.names if name not in names]
        export.unread["not read: holds no messages"] += len(others)
        export.unread.update({f"not read: {why}": n for why, n in archive.refused.items()})
    return export.batches()


def _unknown(label: str) -> LoaderError:
    return LoaderError(f"{label}: does not begin with the version of a Mattermost bulk export")


@dataclass
class _Export:
    rows: Rows
    people: Known = field(default_factory=Known)
    users: Counter[str] = field(default_factory=Counter)
    other: Counter[str] = field(default_factory=Counter)
    unread: Counter[str] = field(default_factory=Counter)
    members: dict[tuple[str | None, str | None], set[str]] = field(default_factory=dict)
    talk: Talk = field(default_factory=lambda: Talk(within=DAY))

    def read(self, file: IO[bytes], name: str) -> None:
        try:
            for line in lines(text_of(file, name)):
                if line is None or line.strip():
                    self._line(value_of(line) if line else None)
        except DamagedError:
            self.unread["not read to its end: damaged"] += 1

    def _line(self, record: Any) -> None:
        kind = record.get("type") if isinstance(record, Mapping) else None
        content = record.get(kind) if isinstance(kind, str) else None
        if kind in ("post", "direct_post") and isinstance(content, Mapping):
            self._post(content, direct=kind == "direct_post")
        elif kind == "user" and isinstance(content, Mapping):
            self._user(content)
        elif kind in _LINE_KINDS:
            self.other[f"not read: describes a {str(kind).replace('_', ' ')}"] += 1
            self._bot(kind, content)
        else:
            self.other["unreadable or unknown line"] += 1

    def _user(self, user: Mapping[str, Any]) -> None:
        person = _person(user.get("username"))
        self.users["kept" if person else "no name of a user"] += 1
        if person is None:
            return
        names = [_text(user.get("first_name")), _text(user.get("last_name"))]
        self.people.add(
            person,
            name=" ".join(name for name in names if name) or user.get("nickname"),
            addresses=user.get("email"),
            title=user.get("position"),
        )
        for team in _list(user.get("teams")):
            for channel in _list(team.get("channels")):
                place = (id_of(team.get("name")), id_of(channel.get("name")))
                self.members.setdefault(place, set()).add(person)

    def _bot(self, kind: Any, content: Any) -> None:
        person = _person(content.get("username")) if isinstance(content, Mapping) else None
        if kind == "bot" and person is not None and isinstance(content, Mapping):
            self.people.add(person, name=content.get("display_name"), is_bot=True)

    def _post(self, post: Mapping[str, Any], *, direct: bool) -> None:
        """Take in a post and what stands under it."""
        place, others = self._place(post, direct=direct)
        under = Talk()
        message = self._message(post, (place, others), under)
        for reply in _list(post.get("replies")):
            self._message(reply, (place, others), under, (message,))

    def _place(self, post: Mapping[str, Any], *, direct: bool) -> tuple[Any, _Others]:
        if direct:
            listed = post.get("channel_members")
            told = map(_person, listed if isinstance(listed, list) else ())
            members = tuple(sorted({one for one in told if one is not None}))
            return members, _Others(members, None)
        place = (id_of(post.get("team")), id_of(post.get("channel")))
        members_of = self.members.get(place, set())
        few = 0 < len(members_of) <= schema.LARGEST_EVENT
        return place, _Others((), tuple(sorted(members_of)) if few else None)

    def _message(
        self,
        post: Mapping[str, Any],
        where: tuple[Any, _Others],
        under: Talk,
        above: tuple[Message | None, ...] = (),
    ) -> Message | None:
        """Count a post, or a reply to the one above, and add its contacts; None if it is none."""
        place, others = where
        self.rows.record()
        author, time = _person(post.get("user")), _micros(post.get("create_at"))
        reason = _no_message(post, author, time)
        if reason is not None or author is None or time is None:
            self.rows.skip(reason or "")
            return None
        event = f"mattermost {time} of {author}"
        answered, reply_to = under.answers(None, author, time, event)
        opener = above[0] if above else None
        if opener is not None and opener.author != author:
            answered, reply_to = opener.author, opener.event
        elif not above and others.direct:
            _, reply_to = self.talk.answers(place, author, time, event)
        text = _text(post.get("message"))
        named = [name.casefold().rstrip(".-_") for name in _MENTION.findall(text)]
        message = Message(
            time,
            author,
            event,
            direct=others.direct,
            answered=answered if not others.direct or len(others.direct) > 2 else None,
            reply_to=reply_to,
            named=[] if others.direct else [name for name in named if name in self.people],
            members=others.members,
            everybody=any(name in _EVERYBODY for name in named),
        )
        some = write(self.rows, message)
        if not self._reactions(post, message) and not some:
            self.rows.skip("message to oneself" if others.direct else NOBODY)
        return message

    def _reactions(self, post: Mapping[str, Any], message: Message) -> bool:
        people: dict[str, int | None] = {}
        for reaction in _list(post.get("reactions")):
            person, time = _person(reaction.get("user")), _micros(reaction.get("create_at"))
            if person is not None:
                people.setdefault(person, time)
        return react(self.rows, message, people)

    def batches(self) -> list[Batch]:
        made = [self.rows.batch()]
        if self.users or len(self.people):
            counted = tuple(sorted(self.users.items()))
            made.append(
                Batch(None, counted, people=self.people.frame(), label="users", unit="person")
            )
        for label, unit, counts in (
            ("other lines", "line", self.other),
            ("other files", "file", self.unread),
        ):
            if counts.total():
                found = tuple((reason, n) for reason, n in sorted(counts.items()) if n)
                made.append(Batch(None, found, label=label, unit=unit))
        return made


@dataclass(frozen=True)
class _Others:
    """Who else is in a direct conversation, or subscribes to a channel."""

    direct: tuple[str, ...]
    members: tuple[str, ...] | None


def _no_message(post: Mapping[str, Any], author: str | None, time: int | None) -> str | None:
    props = post.get("props")
    props = props if isinstance(props, Mapping) else {}
    if _text(post.get("type")).startswith("system_"):
        return "not written by a person to people: system message"
    if str(props.get("from_webhook")).casefold() == "true":
        return "message of a bot"
    if author is None:
        return "no author"
    return "no readable time" if time is None else None


def _person(value: Any) -> str | None:
    """Return the id of a user: the name, which Mattermost keeps in lower case."""
    return id_of(value.casefold()) if isinstance(value, str) else None


def _micros(value: Any) -> int | None:
    """Return the microseconds of a number of milliseconds since 1970, or None."""
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value * 1_000 if _EARLIEST < value < _LATEST else None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _list(value: Any) -> Iterator[Mapping[str, Any]]:
    return (one for one in (value if isinstance(value, list) else ()) if isinstance(one, Mapping))
