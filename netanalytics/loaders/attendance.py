"""Attendance of online meetings: the lists that Teams, Zoom and Meet hand out.

Read by the standard library's ``csv`` over text decoded here: these lists are small, come in
UTF-16 with or without a mark, have several blocks in one file and headers in the language of
whoever saved them. No published reader takes more than one of the three, or any language but
English.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from netanalytics import registry
from netanalytics.errors import LoaderError
from netanalytics.loaders._dates import moment, order_of, zone_note
from netanalytics.loaders._delimited import head_of
from netanalytics.loaders._lists import Line, kind_of, lines_in
from netanalytics.loaders._persons import People, address_in, tidy
from netanalytics.loaders._presence import Presence, add_meeting
from netanalytics.loaders._rows import Rows, micros_of

if TYPE_CHECKING:
    from netanalytics.engine import Engine
    from netanalytics.loaders import Batch, Options

MOST_ROWS = 500_000
_BRACKETED = re.compile(r"^(.*?)\s*[(（]([^()（）]*)[)）]$")
_PRONOUNS = re.compile(r"^[a-zé]{1,6}(/[a-zé]{1,6})+$", re.IGNORECASE)
_DEVICE = re.compile(
    r"^(guest\s+)?(\w+['’]s\s+)?(iphone|ipad|android|galaxy|pixel|huawei|xiaomi|redmi|oppo|"
    r"sm-|laptop|desktop|macbook|pc|zoom (room|user)|call[- ]in user|phone user)\b[\w .-]*$|"
    r"^[+()\d\s*.-]{5,}$",
    re.IGNORECASE,
)


def recognises(path: Path) -> bool:
    """Say whether a file is a list of attendance, by its blocks or its header."""
    return kind_of(head_of(path)) is not None


@registry.loader(
    "attendance",
    unit="attendance row",
    read="lists of attendance of Teams, Zoom and Google Meet: who was present when",
    recognises=recognises,
)
def read(source: Path, options: Options, engine: Engine) -> Batch:
    """Read a list of attendance.

    Two people met where their presence, rejoins merged, overlaps by a minute or more; the time is
    the beginning of the overlap. Whoever shows no address is known by name, a device by nothing.

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
    Batch

    Raises
    ------
    LoaderError
        If it is no such list, or its dates leave open whether day or month comes first.
    """
    if not isinstance(source, Path):
        raise LoaderError("a list of attendance is read from a file")
    kind = kind_of(head_of(source))
    if kind is None:
        raise LoaderError(f"{source.name}: this is no list of attendance of Teams, Zoom or Meet")
    lines = _few(lines_in(source, kind), source.name)
    dates = [one for line in lines for one in (line.joined, line.left) if one is not None]
    order = order_of(dates, options.date_order, source.name)
    people = People()
    rows = Rows(engine)
    meetings: dict[str, list[Presence]] = defaultdict(list)
    for line, person in zip(lines, _who(lines, people), strict=True):
        meetings[line.meeting].append(_presence(line, person, order, options.zone))
    for present in meetings.values():
        add_meeting(rows, present)
    notes = [zone_note(options.zone)] if any(one.offset is None for one in dates) else []
    if lines and not dates:
        notes.append("a list without times says nothing: export it with joining and leaving")
    return rows.batch(notes=[*notes, *people.notes()], people=people.frame())


def _few(lines: Iterator[Line], label: str) -> list[Line]:
    held = []
    for line in lines:
        held.append(line)
        if len(held) > MOST_ROWS:
            raise LoaderError(f"{label}: more than {MOST_ROWS:,} rows: divide the file")
    return held


# ---- who ---------------------------------------------------------------------------------------


def _who(lines: Sequence[Line], people: People) -> list[str | None]:
    """Return the id of each row's person; whoever shows an address somewhere is known by it."""
    shown: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        mails = _mails(line)
        for name in _names(line) if mails else ():
            shown[name.casefold()].add(mails[0])
    ids = []
    for line in lines:
        names, mails = _names(line), _mails(line)
        if not mails:
            known = [shown[name.casefold()] for name in names if name.casefold() in shown]
            mails = sorted(known[0]) if known and len(known[0]) == 1 else []
        ids.append(_person(people, names, mails))
    return ids


def _person(people: People, names: Sequence[str], mails: Sequence[str]) -> str | None:
    known = people.known(names[0]) if names and not mails else None
    if known is not None:
        return known
    added = people.add(names[0] if names else None, mails)
    return added[0] if added else None


def _mails(line: Line) -> list[str]:
    return [one for one in map(address_in, line.mail.split(";")) if one]


def _names(line: Line) -> list[str]:
    """Return the names that a shown name holds, the best first; none for a device.

    Zoom writes the name of the account in brackets after the shown one: "iPhone (Brian Smith)".
    Teams writes there whether somebody is a guest, and people write how to speak of them.
    """
    shown = tidy(line.name) or ""
    parts = [shown]
    found = _BRACKETED.match(shown)
    if found:
        outside, inside = found.groups()
        account = line.account and inside and not _PRONOUNS.match(inside)
        parts = [inside, outside] if account else [outside]
    told = []
    for part in parts:
        inner = _BRACKETED.match(part)
        name = (inner.group(1) if inner else part).strip()
        if name and not _DEVICE.match(name):
            told.append(name)
    return told


def _presence(line: Line, person: str | None, order: str, zone: str | None) -> Presence:
    if line.skip is not None:
        return Presence(skip=line.skip)
    if person is None:
        return Presence(skip="a device or telephone, no person named")
    end = moment(line.left, order, zone) if line.left else None
    start = moment(line.joined, order, zone) if line.joined else None
    if end is not None and line.seconds is not None:
        start = end - dt.timedelta(seconds=line.seconds)
    if start is None or end is None:
        return Presence(skip="unreadable time")
    if end < start:
        return Presence(skip="left before joining")
    return Presence(person, micros_of(start), micros_of(end), line.organiser)
