"""WhatsApp chats exported as text, alone or in the zip with their media.

Read line by line with the standard library. The one published reader that knows all layouts,
whatstk, takes a date that can be read in two ways month first and says nothing; here the order of
day and month is found from the whole file (no month above 12, no jumps back in time) and asked for
where it stays open. So a file is read twice: once for its layout, its dates and who writes in it.

A chat does not list its members. A message reaches (role to) everybody else who wrote anything in
the file, before or after; with two of them it is one to one. It answers the last message by
somebody else within a day. Names are ids as they are written; whose phone it was is not in the
file. A clock without seconds makes what one person writes in a minute one contact.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from netanalytics import registry, schema
from netanalytics.errors import LoaderError
from netanalytics.loaders import Batch
from netanalytics.loaders._archive import Archive, DamagedError, is_zip, zip_names
from netanalytics.loaders._chat import CHANNEL, DAY, Talk
from netanalytics.loaders._delimited import encoding_of
from netanalytics.loaders._known import Known, id_of
from netanalytics.loaders._orders import DayOrder, day_of, hour_of, micros_on
from netanalytics.loaders._progress import opened
from netanalytics.loaders._rows import Rows
from netanalytics.loaders._streams import lines, text_of

if TYPE_CHECKING:
    import datetime as dt

    from netanalytics.engine import Engine
    from netanalytics.loaders import Options

FOUNDED = 2009
"""The year of WhatsApp: no chat is older."""

_HEAD = 16_384
_LONGEST_START = 400
# Marks of direction, and byte order marks inside the text; narrow and hard spaces become plain.
_MARKS = dict.fromkeys([0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF])
_PLAIN = {**_MARKS, 0x00A0: " ", 0x202F: " ", 0x2009: " ", 0x2007: " "}

_HALF = r"[ap]\.?\s?m\.?|上午|下午|午前|午後|오전|오후|ص|م|π\.?\s?μ\.?|μ\.?\s?μ\.?|vorm\.|nachm\."
_AFTERNOON = ("p", "下", "午後", "오후", "م", "μ", "n")
_DATE = r"(\d{1,4})\.?\s?[./-]\s?(\d{1,2})\s?[./-]\s?(\d{1,4})\.?"
_TIME = rf"({_HALF})?\s?(\d{{1,2}})[:.](\d{{2}})(?:[:.](\d{{2}}))?\s?({_HALF})?"
_STAMP = rf"{_DATE}(?:[,،]\s?|\s)(?:à |um |at |kl\.? |klo |om |às |alle |a las )?{_TIME}"
_BRACKETS = re.compile(rf"\[{_STAMP}\]\s?(.*)", re.IGNORECASE | re.DOTALL)
_DASH = re.compile(rf"{_STAMP}\s?[-–—]\s(.*)", re.IGNORECASE | re.DOTALL)

# The first line of a chat, by whoever it is: encryption. In brackets it stands under a name.
_NOTICE = re.compile(
    r"end-to-end|ende-zu-ende|extremo a extremo|bout en bout|ponta a ponta|eind-tot-eind",
    re.IGNORECASE,
)
_QUOTATION = ('"', "„“”", "«»", "「」")
"""Marks that come in pairs: German opens with „ and closes with what English opens with."""

_NOTICE_START = re.compile(
    r"messages (and calls|to this|you send)|nachrichten|los mensajes|les messages|as mensagens|"
    r"i messaggi|berichten",
    re.IGNORECASE,
)


def recognises(path: Any) -> bool:
    """Say whether a text, or one in a zip, begins as a chat does."""
    if not isinstance(path, Path):
        return False
    try:
        if path.is_dir():
            return False
        if path.suffix.lower() == ".txt":
            with path.open("rb") as file:
                return _is_chat(file.read(_HEAD))
        texts = [name for name in zip_names(path) if name.lower().endswith(".txt")]
        return bool(texts) and bool(_chats_in(path, texts[:20]))
    except (OSError, ValueError):
        return False


def _chats_in(path: Path, names: list[str]) -> list[str]:
    with Archive(path) as archive:
        return [name for name in names if _is_chat(archive.head(name, _HEAD))]


def _is_chat(head: bytes) -> bool:
    """Say whether the first line that is not empty is one of a chat."""
    encoding = encoding_of(head)
    if encoding is None:
        return False
    text = head.decode(encoding, errors="replace")
    first = next((line for line in re.split("\r\n|\r|\n", text) if line.strip()), "")
    return _start(first) is not None


@registry.loader(
    "whatsapp",
    unit="message",
    read="a WhatsApp chat exported as text, or the zip around it",
    recognises=recognises,
)
def read(source: Path, options: Options, engine: Engine) -> list[Batch]:
    """Read a chat of WhatsApp.

    Parameters
    ----------
    source : Path
        The text or the zip.
    options : Options
        ``date_order`` where the file leaves it open; ``zone`` of the phone.
    engine : Engine
        Where the rows go.

    Returns
    -------
    list of Batch
        One a chat, and what was not read.

    Raises
    ------
    LoaderError
        If it is no chat, or leaves open whether day or month comes first.
    """
    if not is_zip(source):
        if not recognises(source):
            raise LoaderError(f"{source.name}: does not begin as a WhatsApp chat does")
        return [_Chat(source.name, lambda: opened(source, options)).read(options, engine)]
    with Archive(source, options.progress) as archive:
        texts = [name for name in archive.names if name.lower().endswith(".txt")]
        chats = [name for name in texts if _is_chat(archive.head(name, _HEAD))]
        if not chats:
            raise LoaderError(f"{archive.label}: holds no WhatsApp chat")
        made = [
            _Chat(
                f"{archive.label}/{name}",
                lambda name=name: archive.open(name),  # type: ignore[misc]
                name if len(chats) > 1 else None,
            ).read(options, engine)
            for name in chats
        ]
        unread = Counter({f"not read: {why}": n for why, n in archive.refused.items()})
        unread["not read: media"] += len(archive.names) - len(chats)
    found = tuple((reason, n) for reason, n in sorted(unread.items()) if n)
    return [*made, Batch(None, found, label="other files", unit="file")] if found else made


@dataclass(frozen=True, slots=True)
class _Start:
    """The first line of a message, or a line of the system."""

    brackets: bool
    date: tuple[str, str, str]
    clock: tuple[int, int, int]
    seconds: bool
    name: str | None
    plain: bool
    notice: bool


def _start(line: str) -> _Start | None:
    """Take the beginning of a line apart; None for a line that goes on with a message."""
    head = line[:_LONGEST_START].rstrip("\r\n")
    shown = head if head.isascii() else head.translate(_PLAIN)
    shown = shown.lstrip()
    brackets = shown.startswith("[")
    if not brackets and not shown[:1].isdigit():
        return None
    found = (_BRACKETS if brackets else _DASH).match(shown)
    if found is None:
        return None
    first, second, third, before, hour, minute, second_, after, rest = found.groups()
    half = (before or after or "").lower()
    half = half and ("p" if half.startswith(_AFTERNOON) else "a")
    name, text = _divided(rest)
    at = head.find(": ")  # a clock has no space after its colon
    marked = name is not None and head[at + 2 : at + 3] == "\u200e"
    return _Start(
        brackets,
        (first, second, third),
        (hour_of(int(hour), half), int(minute), int(second_ or 0)),
        second_ is not None,
        name,
        not marked,
        name is None or _is_notice(name, text, marked=marked),
    )


def _is_notice(name: str, text: str, *, marked: bool) -> bool:
    """Say whether the system speaks under a name: of encryption, or of what that person did."""
    if marked and text.startswith(f"{name} "):
        return True
    return _NOTICE.search(text) is not None and (marked or _NOTICE_START.match(text) is not None)


def _divided(rest: str) -> tuple[str | None, str]:
    """Return the name in front of a message, or None for a line of the system."""
    name, colon, text = rest.partition(": ")
    if not colon:
        name, colon, text = (rest[:-1], ":", "") if rest.rstrip().endswith(":") else (rest, "", "")
    # A system line about a new subject with a colon in it is cut inside quotation marks.
    cut = any(sum(map(name.count, marks)) % 2 for marks in _QUOTATION)
    person = id_of(name.lstrip("~ ")) if colon and not cut else None
    return (person, text) if person is not None else (None, rest)


@dataclass
class _Layout:
    """What the lines of one layout say together."""

    order: DayOrder = field(default_factory=lambda: DayOrder(FOUNDED, chronological=True))
    lines: int = 0
    seconds: bool = False
    people: dict[str, bool] = field(default_factory=dict)
    announced: set[str] = field(default_factory=set)

    def add(self, start: _Start) -> None:
        self.lines += 1
        self.seconds = self.seconds or start.seconds
        self.order.add(*start.date)
        if start.name is None:
            return
        if start.notice:
            self.announced.add(start.name)
        else:
            self.people[start.name] = self.people.get(start.name, False) or start.plain

    def writers(self) -> list[str]:
        """Return who wrote: a group under whose name only the system speaks did not."""
        return sorted(
            name for name, plain in self.people.items() if plain or name not in self.announced
        )


class _Chat:
    """One chat."""

    def __init__(
        self, label: str, opener: Callable[[], IO[bytes]], part: str | None = None
    ) -> None:
        self._label, self._open, self._part = label, opener, part

    def _starts(self) -> Iterator[_Start | bool]:
        """Yield the beginnings of messages; for other lines, whether they hold text."""
        try:
            with self._open() as file:
                for line in lines(text_of(file, self._label)):
                    yield (_start(line) or bool(line.strip())) if line is not None else True
        except OSError as error:
            raise DamagedError(f"{self._label}: cannot be read ({error.strerror})") from None

    def read(self, options: Options, engine: Engine) -> Batch:
        layouts = (_Layout(), _Layout())
        for start in self._starts():
            if isinstance(start, _Start):
                layouts[start.brackets].add(start)
        brackets = layouts[True].lines > layouts[False].lines
        layout = layouts[brackets]
        order = layout.order.found(options.date_order, self._label)
        writer = _Writer(Rows(engine), layout.writers(), order, _zone(options.zone))
        for start in self._starts():
            if isinstance(start, _Start) and start.brackets == brackets:
                writer.take(start)
            elif start and not writer.begun:
                writer.rows.skip("text before the first message")
        return writer.rows.batch(
            people=writer.people(), notes=_notes(options, layout), label=self._part
        )


def _zone(name: str | None) -> dt.tzinfo | None:
    from zoneinfo import ZoneInfo

    return ZoneInfo(name) if name else None


def _notes(options: Options, layout: _Layout) -> list[str]:
    zone = options.zone or "UTC (no zone was named; --zone changes it)"
    notes = [f"times without a zone are read as {zone}"]
    if not layout.seconds and layout.lines:
        notes.append(
            "the clock of a chat shows no seconds: what one person wrote in a minute is one contact"
        )
    return notes


class _Writer:
    """Turns the messages of a chat into contacts."""

    def __init__(self, rows: Rows, writers: list[str], order: str, zone: dt.tzinfo | None) -> None:
        self.rows, self._writers, self._order, self._zone = rows, writers, order, zone
        self._known = set(writers)
        # The same people in two exports of one chat give the same ids.
        self._place = hashlib.blake2b("\n".join(writers).encode(), digest_size=8)
        self._talk = Talk(within=DAY)
        self.begun = False

    def people(self) -> Any:
        known = Known()
        for name in self._writers:
            known.add(name, name=name)
        return known.frame()

    def take(self, start: _Start) -> None:
        self.begun = True
        self.rows.record()
        name = start.name
        if name is None or start.notice or name not in self._known:
            self.rows.skip("line of the system")
            return
        day = day_of(start.date, self._order, FOUNDED)
        time = None if day is None else micros_on(day, start.clock, self._zone)
        if time is None:
            self.rows.skip("no readable time")
            return
        self._contacts(time, name)

    def _contacts(self, time: int, name: str) -> None:
        event = self._event(time, name)
        _, reply_to = self._talk.answers(None, name, time, event)
        others = [person for person in self._writers if person != name]
        if not others:
            self.rows.skip("nobody else wrote in this chat")
        if len(self._writers) > schema.LARGEST_EVENT:
            others = others[:1]  # set apart by its size, so one of them stands for all
        for person in others:
            self.rows.contact(
                time,
                name,
                person,
                channel=CHANNEL,
                event=event,
                size=len(self._writers),
                role="to",
                reply_to=reply_to,
            )

    def _event(self, time: int, name: str) -> str:
        """Return one id for all that somebody wrote at one time by the clock of the chat."""
        digest = self._place.copy()
        digest.update(f"\n{time}\n{name}".encode())
        return digest.hexdigest()
