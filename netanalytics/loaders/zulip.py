"""Zulip: exports of an organisation, archives of public streams, and answers of its message API.

All three are JSON, read with the standard library one message at a time; no package reads any of
them, except the server that wrote them. An export of an organisation is a folder or a zip with
``realm.json`` and ``messages-000001.json`` and so on, or the ``.tar.gz`` that Zulip hands out; an
archive has ``stream_index.json`` and a file a topic; an answer of the API is a list of messages, or
holds one under ``messages``.

Zulip has topics instead of threads: a message answers the one that it quotes, and without a quote
the one before it by somebody else in its topic or direct conversation, within a day. Mentions
(``@**Name**``) reach those named; what answers nobody and names nobody reaches the subscribers of
the stream if they are known. Quiet mentions reach nobody. Times of reactions are not in the data:
they have the time of the message and answer nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netanalytics import registry
from netanalytics.errors import LoaderError
from netanalytics.loaders import Batch
from netanalytics.loaders._archive import Archive, DamagedError, Files, zip_names
from netanalytics.loaders._chat import DAY, NOBODY, Message, Talk, react, write
from netanalytics.loaders._rows import Rows
from netanalytics.loaders._streams import items
from netanalytics.loaders._tar import Held, first_names, is_tar
from netanalytics.loaders._zulip import ApiReader, ExportReader, Reader, said_in

if TYPE_CHECKING:
    from netanalytics.engine import Engine
    from netanalytics.loaders import Options

REALM = "realm.json"
INDEX = "stream_index.json"

_MESSAGES = re.compile(r"messages-\d{4,}\.json")
_TARRED = re.compile(r"zulip-export-[^/]+/|[^/]+/(?:realm|messages-\d{4,}|stream_index)\.json$")
_HEAD = 65_536
_API = re.compile(
    rb'^(?:\xef\xbb\xbf)?\s*(?:\[\s*\{|\{.{0,2000}?"messages"\s*:\s*\[\s*\{).*"sender_full_name"',
    re.DOTALL,
)


def recognises(path: Any) -> bool:
    """Say whether this is an export, an archive, or a file of messages."""
    if not isinstance(path, Path):
        return False
    try:
        if path.is_dir():
            return _is_folder(path)
        if path.suffix.lower() == ".json":
            with path.open("rb") as file:
                return _is_messages(file.read(_HEAD))
        return _kind(zip_names(path)) is not None or any(map(_TARRED.match, first_names(path)))
    except (OSError, ValueError):
        return False


def _is_folder(path: Path) -> bool:
    if (path / INDEX).is_file():
        return True
    return (path / REALM).is_file() and any(
        _MESSAGES.fullmatch(file.name) for file in path.iterdir()
    )


def _is_messages(head: bytes) -> bool:
    return b'"timestamp"' in head and _API.match(head) is not None


def _kind(names: tuple[str, ...]) -> str | None:
    if REALM in names and any(_MESSAGES.fullmatch(name) for name in names):
        return "export"
    return "archive" if INDEX in names else None


@registry.loader(
    "zulip",
    unit="message",
    read="Zulip: an organisation's export, an archive of streams, or messages of the API",
    recognises=recognises,
)
def read(source: Path, options: Options, engine: Engine) -> list[Batch]:
    """Read messages of Zulip.

    Parameters
    ----------
    source : Path
        A folder, a zip, a tar packed with gzip or not, or a file of messages.
    options : Options
        Not needed: Zulip states times in UTC.
    engine : Engine
        Where the rows go.

    Returns
    -------
    list of Batch
        The messages, and what was not read.

    Raises
    ------
    LoaderError
        If it is none of the three, or unpacks to absurd sizes.
    """
    if source.is_file() and source.suffix.lower() == ".json":
        return _one_file(source, engine)
    if is_tar(source):
        return _whole(Held(source, _is_json, options.progress), engine)
    with Archive(source, options.progress) as archive:
        return _whole(archive, engine)


def _is_json(name: str) -> bool:
    return name.lower().endswith(".json") and "/uploads/" not in name


def _whole(archive: Archive | Held, engine: Engine) -> list[Batch]:
    kind = _kind(archive.names)
    if kind is None:
        raise LoaderError(f"{archive.label}: holds neither {REALM} with messages nor {INDEX}")
    export = _Source(archive, Rows(engine))
    if kind == "export":
        export.read_export()
    else:
        export.read_archive()
    return export.batches()


def _one_file(source: Path, engine: Engine) -> list[Batch]:
    try:
        with source.open("rb") as file:
            if not _is_messages(file.read(_HEAD)):
                raise LoaderError(f"{source.name}: this is no list of Zulip messages")
    except OSError as error:
        raise LoaderError(f"{source.name}: cannot be read ({error.strerror})") from None
    export = _Source(Files(source.parent, [source.name]), Rows(engine))
    export.read_archive()
    return export.batches()


@dataclass
class _Source:
    archive: Archive | Files | Held
    rows: Rows
    talk: Talk = field(default_factory=lambda: Talk(within=DAY))
    unread: dict[str, Counter[str]] = field(default_factory=dict)
    reader: Reader = field(default_factory=ApiReader)

    def read_export(self) -> None:
        reader = ExportReader()
        self.reader = reader
        for key, record in self._items(REALM):
            reader.learn(key, record)
        for name in self.archive.names:
            if _MESSAGES.fullmatch(name):
                for key, record in self._items(name):
                    if key == "zerver_message":
                        self._take(record)
            elif name != REALM:
                self._other(name)

    def read_archive(self) -> None:
        """Read the messages twice: somebody may be named before they have written."""
        names = [name for name in self.archive.names if name.lower().endswith(".json")]
        names = [name for name in names if name != INDEX]
        for name in names:
            for key, record in self._items(name, quietly=True):
                self.reader.learn(key, record)
        for name in names:
            for key, record in self._items(name):
                if key in (None, "messages"):
                    self._take(record, place=name)
        for name in self.archive.names:
            if name not in names and name != INDEX:
                self._other(name)

    def _other(self, name: str) -> None:
        """Count a file without messages: those of an export by name, uploads together."""
        label = name if "/" not in name and name.endswith(".json") else "other files"
        self._missed(label, "not read: holds no messages")

    def _missed(self, label: str, reason: str) -> None:
        self.unread.setdefault(label, Counter())[reason] += 1

    def _items(self, name: str, *, quietly: bool = False) -> Iterator[tuple[str | None, Any]]:
        try:
            with self.archive.open(name) as file:
                yield from items(file)
        except (DamagedError, OSError):
            if not quietly:
                self._missed(name, "not read to its end: damaged")

    def _take(self, record: Any, place: str = "") -> None:
        """Count a message, and add its contacts."""
        rows = self.rows
        rows.record()
        said = self.reader.said(record, place)
        if isinstance(said, str):
            rows.skip(said)
            return
        before, before_event = self.talk.answers(said.place, said.author, said.time, said.event)
        quoted, quoted_event, named, everybody = said_in(said.text, self.reader)
        if quoted is not None and quoted != said.author:
            before, before_event = quoted, quoted_event
        message = Message(
            said.time,
            said.author,
            said.event,
            direct=said.direct,
            answered=None if said.direct else before,
            reply_to=before_event,
            named=() if said.direct else named,
            members=said.members,
            everybody=everybody,
        )
        some = write(rows, message)
        if not react(rows, message, dict.fromkeys(said.reactors)) and not some:
            rows.skip(NOBODY if said.in_stream else "message to oneself, or to nobody known")

    def batches(self) -> list[Batch]:
        made = [self.rows.batch(people=self.reader.people.frame())]
        refused = {f"not read: {why}": n for why, n in self.archive.refused.items()}
        if refused:
            self.unread.setdefault("other files", Counter()).update(refused)
        made += [
            Batch(None, skipped=tuple(sorted(reasons.items())), label=label, unit="file")
            for label, reasons in sorted(self.unread.items())
        ]
        return made
