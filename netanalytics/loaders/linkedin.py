"""The export of a LinkedIn account: a folder, the zip, or single tables of it.

Read with the standard library's ``csv``, row by row. DuckDB's reader finds the header below the
notes as well, but here columns are found by their names in seven languages, people by whatever of
profile and name a row has, and answers by conversation, which no table by itself tells.

A person's id is the profile's name (``linkedin.com/in/NAME``), or the name as written where no
table tells the profile. Whose account it is, is found from who takes part in every message, else
from the direction of invitations, else from the name in ``Profile.csv``; else the id is ``me``.
A connection is an undirected contact on the day of connecting; invitations, recommendations and
endorsements reach whom they are for. A message reaches everybody that it is addressed to and
answers the last one by somebody else in its conversation. Texts, subjects, titles of conversations
and headlines are not read. A single table is read with a look at those beside it, for whose it is.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from netanalytics import registry
from netanalytics.errors import LoaderError
from netanalytics.loaders import Batch
from netanalytics.loaders._archive import Archive, DamagedError, Files, zip_names
from netanalytics.loaders._delimited import MALFORMED, cells_in, encoding_of
from netanalytics.loaders._linkedin import (
    CONNECTIONS,
    ENDORSED,
    ENDORSED_BY,
    GIVEN,
    HEADER_LINES,
    INVITATIONS,
    MESSAGES,
    PROFILE,
    PROGRAM,
    RECEIVED,
    Names,
    Owner,
    Table,
    full_name,
    table_in,
)
from netanalytics.loaders._linkedin_parts import (
    Connections,
    Gifts,
    Invitations,
    Messages,
    Part,
    Setting,
)
from netanalytics.loaders._rows import Rows
from netanalytics.loaders._streams import lines, text_of

if TYPE_CHECKING:
    from netanalytics.engine import Engine
    from netanalytics.loaders import Options

_HEAD = 65_536
_MOST_FILES = 400

NOTHING = "not read: nothing in it says who reached whom"
_ORDER = (
    PROFILE,
    PROGRAM,
    CONNECTIONS,
    MESSAGES,
    INVITATIONS,
    GIVEN,
    RECEIVED,
    ENDORSED,
    ENDORSED_BY,
)

# What else stands beside these tables in an export, by the beginning of its name.
_BESIDE = (
    "ad targeting",
    "ads clicked",
    "articles",
    "causes you care about",
    "certifications",
    "comments",
    "company follows",
    "courses",
    "creator",
    "education",
    "email addresses",
    "events",
    "guide messages",
    "hashtag follows",
    "honors",
    "imported contacts",
    "importedcontacts",
    "inferences",
    "instant reposts",
    "instantreposts",
    "job",
    "lan ads",
    "languages",
    "learning",
    "logins",
    "media",
    "member follows",
    "organizations",
    "patents",
    "phone numbers",
    "phonenumbers",
    "positions",
    "posts",
    "private identity",
    "profile summary",
    "projects",
    "publications",
    "reactions",
    "receipts",
    "registration",
    "rich media",
    "saved",
    "search queries",
    "searchqueries",
    "security challenges",
    "services marketplace",
    "shares",
    "skills",
    "test scores",
    "testscores",
    "verification",
    "volunteer",
    "votes",
    "whatsapp",
)
_NO_LOG = (".html", ".htm", ".pdf", ".jpg", ".jpeg", ".png", ".gif", ".md")


def recognises(path: Any) -> bool:
    """Say whether this is a table of the export, or a folder or zip of such tables.

    A folder that also holds something else is not: its tables are then recognised one by one, so
    that the rest is left to other loaders.
    """
    if not isinstance(path, Path):
        return False
    try:
        if path.is_dir():
            return _is_export(path)
        if path.suffix.lower() == ".csv":
            return _table_of(path) is not None
        names = [name for name in zip_names(path) if "/" not in name and _is_csv(name)]
        return bool(names) and _in_zip(path, names[:_MOST_FILES])
    except (OSError, ValueError):
        return False


def _is_csv(name: str) -> bool:
    return name.lower().endswith(".csv")


def _is_export(folder: Path) -> bool:
    entries = list(itertools.islice(folder.iterdir(), _MOST_FILES + 1))
    if len(entries) > _MOST_FILES:
        return False
    found, beside = Counter[str](), False
    for entry in entries:
        if entry.name.startswith(".") or entry.is_symlink():
            continue
        table = _table_of(entry) if _is_csv(entry.name) else None
        if table is not None:
            found[table.part] += 1
        elif not _is_beside(entry):
            return False
        else:
            beside = True
    # Many tables of an export have names that anybody gives to a table.
    return bool(found) and (not beside or PROFILE in found or len(found) > 2)


def _is_beside(path: Path) -> bool:
    name = path.name.casefold().replace("_", " ")
    known = name.startswith(_BESIDE)
    return (known and (path.is_dir() or _is_csv(name))) or name.endswith(_NO_LOG)


def _table_of(path: Path) -> Table | None:
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return _table_in_head(file.read(_HEAD), path.name)


def _table_in_head(head: bytes, name: str) -> Table | None:
    encoding = encoding_of(head)
    if encoding is None:
        return None
    text = head.decode(encoding, errors="replace")
    return table_in(re.split("\r\n|\r|\n", text)[:HEADER_LINES], name)


def _in_zip(path: Path, names: list[str]) -> bool:
    with Archive(path) as archive:
        tables = (_table_in_head(archive.head(name, _HEAD), name) for name in names)
        return any(table is not None and table.part not in (PROFILE, PROGRAM) for table in tables)


@registry.loader(
    "linkedin",
    unit="row",
    read="a LinkedIn export (folder, zip or single tables): connections, messages, invitations, "
    "recommendations, endorsements",
    recognises=recognises,
)
def read(source: Path, options: Options, engine: Engine) -> list[Batch]:
    """Read an export of LinkedIn.

    Parameters
    ----------
    source : Path
        The folder, the zip, or one table.
    options : Options
        ``date_order`` where a table leaves it open; ``zone`` of times that name none.
    engine : Engine
        Where the rows go.

    Returns
    -------
    list of Batch
        One a table: what was read of it, or that it was not read.

    Raises
    ------
    LoaderError
        If it holds no table of the export, or a table leaves open whether day or month comes
        first.
    """
    if source.is_file() and _is_csv(source.name):
        beside = Files(source.parent, _beside(source))
        return _Export(beside, options).batches(engine, only=source.name)
    with Archive(source, options.progress) as archive:
        return _Export(archive, options).batches(engine)


def _beside(source: Path) -> list[str]:
    """Return the tables of the export in the folder of one of them."""
    names = []
    for path in itertools.islice(source.parent.iterdir(), _MOST_FILES):
        if path != source and _is_csv(path.name) and not path.is_symlink():
            try:
                if _table_of(path) is not None:
                    names.append(path.name)
            except OSError:
                continue
    return [source.name, *names]


class _Export:
    """All tables of one account."""

    def __init__(self, archive: Archive | Files, options: Options) -> None:
        self._archive = archive
        self._zone = ZoneInfo(options.zone) if options.zone else None
        self._setting = Setting(Names(), Owner(), self._zone, options.date_order)
        self._parts: list[tuple[str, Part]] = []
        self._unread: list[tuple[str, str]] = []

    def batches(self, engine: Engine, only: str | None = None) -> list[Batch]:
        tables = self._tables()
        if not tables or (only is not None and all(name != only for name, _ in tables)):
            raise LoaderError(f"{self._archive.label}: holds no table of a LinkedIn export")
        for name, table in sorted(tables, key=lambda one: (_ORDER.index(one[1].part), one[0])):
            self._read(name, table)
        owner, notes = self._setting.owner.found(self._setting.names)
        made = []
        for name, part in self._parts:
            if only in (None, name):
                made.append(part.batch(Rows(engine), owner, None if only else name))
        made += self._rest() if only is None else []
        if not made:
            reason = next((reason for name, reason in self._unread if name == only), NOTHING)
            made = [Batch(None, ((reason, 1),), unit="file")]
        return [_noted(batch, notes) if not n else batch for n, batch in enumerate(made)]

    def _tables(self) -> list[tuple[str, Table]]:
        found = []
        for name in self._archive.names:
            table = self._table(name) if _is_csv(name) and "/" not in name else None
            if table is not None:
                found.append((name, table))
            else:
                self._unread.append((name, NOTHING))
        return found

    def _table(self, name: str) -> Table | None:
        try:
            with self._archive.open(name) as file:
                return _table_in_head(file.read(_HEAD), name)
        except DamagedError:
            return None

    def _read(self, name: str, table: Table) -> None:
        setting = self._setting
        if table.part == PROGRAM:
            self._unread.append((name, "not read: a conversation with a program"))
            return
        if table.part == PROFILE:
            for row in self._rows(name, table, None):
                first, last = table.cell(row, "first"), table.cell(row, "last")
                setting.owner.called = setting.owner.called or full_name(first, last)
            self._unread.append((name, "read for the name of whose export it is"))
            return
        kinds: dict[str, type[Part]] = {
            CONNECTIONS: Connections,
            MESSAGES: Messages,
            INVITATIONS: Invitations,
        }
        part = kinds.get(table.part, Gifts)(table, f"{self._archive.label}/{name}", setting)
        for row in self._rows(name, table, part):
            part.take(row)
        self._parts.append((name, part))

    def _rows(self, name: str, table: Table, part: Part | None) -> Iterator[tuple[str, ...]]:
        """Yield the rows below the header; what is none is counted."""
        skipped = part.skipped if part else Counter[str]()
        try:
            with self._archive.open(name) as file:
                text = self._bounded(lines(text_of(file, name)), skipped)
                for _ in range(table.line + 1):
                    next(text, None)
                for row in cells_in(text, table.delimiter):
                    if row is MALFORMED:
                        skipped["unreadable row"] += 1
                    elif any(row):
                        yield tuple(row)
        except DamagedError:
            self._unread.append((name, "not read to its end: damaged"))

    @staticmethod
    def _bounded(text: Iterator[str | None], skipped: Counter[str]) -> Iterator[str]:
        for line in text:
            if line is None:
                skipped["line of more than 1,000,000 characters"] += 1
            else:
                yield line

    def _rest(self) -> list[Batch]:
        """Return what was not read: tables by name, everything else together."""
        made, other = [], Counter[str]()
        for name, reason in self._unread:
            if _is_csv(name):
                made.append(Batch(None, ((reason, 1),), label=name, unit="file"))
            else:
                other[reason] += 1
        other.update({f"not read: {why}": n for why, n in self._archive.refused.items()})
        if other:
            made.append(Batch(None, tuple(sorted(other.items())), label="other files", unit="file"))
        return made


def _noted(batch: Batch, notes: list[str]) -> Batch:
    from dataclasses import replace

    return replace(batch, notes=(*batch.notes, *notes))
