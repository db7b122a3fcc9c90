"""The journal: what no other log sees, one line an act, written by hand or by ``note``.

A text file in the form of CSV. Its first line says whose it is, its second names the columns:

    # journal of ada@x.org
    date,person,kind,words
    2026-06-03,ben@x.org,coffee,about his new team

The private words are for its owner alone: they are never read into a table of contacts.
"""

from __future__ import annotations

import csv
import datetime as dt
import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from netanalytics import registry, schema
from netanalytics.errors import LoaderError
from netanalytics.loaders._rows import Rows, micros_of

if TYPE_CHECKING:
    from netanalytics.engine import Engine
    from netanalytics.loaders import Batch, Options

HEAD = "# journal of "
COLUMNS = ("date", "person", "kind", "words")
EMPTY = "date,person,kind,words\n"

TOGETHER = frozenset(
    ["coffee", "tea", "lunch", "dinner", "breakfast", "drink", "walk", "met", "meeting", "visit"]
) | {"call", "called", "talked", "favour"}
"""Kinds in which neither reached the other."""

FROM_ME = frozenset(["thanked", "helped", "asked", "done", "wrote", "introduced", "gave"])
"""Kinds in which I reached them; ``done`` is done with a suggestion."""

NO_CONTACT = frozenset(["declined", "snooze"])
"""What was decided about a suggestion, and is no contact; ``snooze`` puts it off, for two weeks or
as its words say (``until 2026-07-01``, ``6 weeks``)."""

KINDS = TOGETHER | FROM_ME | NO_CONTACT

NOON = 12


@dataclass(frozen=True)
class Entry:
    """One line of a journal.

    Parameters
    ----------
    line : int
        Number of the line in the file, from 1.
    date : str
        The day as it stands there.
    person, kind : str
        With whom, and what.
    words : str
        Private words; nobody but the owner sees them.
    """

    line: int
    date: str
    person: str
    kind: str
    words: str = ""

    @property
    def day(self) -> dt.date | None:
        """The day, or None if it cannot be read."""
        try:
            return dt.date.fromisoformat(self.date)
        except ValueError:
            return None


def recognises(path: Path) -> bool:
    """Say whether a file begins as a journal does."""
    if path.is_dir() or path.suffix.casefold() not in (".csv", ".txt"):
        return False
    try:
        with path.open("rb") as file:
            start = file.read(len(HEAD) + 3)
    except OSError:
        return False
    return start.removeprefix(b"\xef\xbb\xbf").startswith(HEAD.encode())


def read_journal(path: Path) -> tuple[str, list[Entry]]:
    r"""Return whose journal a file is, and its entries, with the private words.

    Raises
    ------
    LoaderError
        If its first line does not say whose it is.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "journal.csv"
    >>> _ = path.write_text("# journal of ada\ndate,person,kind,words\n2026-06-03,ben,coffee,\n")
    >>> read_journal(path)[1][0].kind
    'coffee'
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise LoaderError(f"{path.name}: the journal cannot be read ({error})") from None
    head, _, rest = text.partition("\n")
    if not head.startswith(HEAD) or not head[len(HEAD) :].strip():
        raise LoaderError(f"{path.name}: the first line must say whose it is: {HEAD}YOU")
    return head[len(HEAD) :].strip(), list(_entries(rest.splitlines()))


def _entries(lines: Sequence[str]) -> list[Entry]:
    found = []
    for number, line in enumerate(lines, start=2):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        cells = [cell.strip() for cell in next(csv.reader([line]), [])]
        if [cell.casefold() for cell in cells[:3]] == list(COLUMNS[:3]):
            continue
        cells += [""] * (4 - len(cells))
        found.append(Entry(number, cells[0], cells[1], cells[2].casefold(), ",".join(cells[3:])))
    return found


def line_of(entry: Entry) -> str:
    """Return an entry as a line of the file."""
    import io

    target = io.StringIO()
    words = " ".join(entry.words.split())
    csv.writer(target, lineterminator="\n").writerow([entry.date, entry.person, entry.kind, words])
    return target.getvalue()


def like(kind: str) -> str | None:
    """Return the usual kind that a word might be meant for, or None if it is one or none.

    Examples
    --------
    >>> like("cofee"), like("coffee"), like("chess")
    ('coffee', None, None)
    """
    if kind in KINDS:
        return None
    return next(iter(difflib.get_close_matches(kind, sorted(KINDS), n=1, cutoff=0.8)), None)


@registry.loader(
    schema.JOURNAL,
    unit="entry",
    read="the journal of one person: date, person, kind; the private words stay in it",
    recognises=recognises,
)
def read(path: Path, options: Options, engine: Engine) -> Batch:
    """Read a journal as contacts of its owner, in the channel ``journal``.

    Parameters
    ----------
    path : Path
        The file.
    options : Options
        Not needed: days have no zone; an entry counts at noon, UTC.
    engine : Engine
        Where the rows go.

    Returns
    -------
    Batch
        The kind of each entry is its role.
    """
    owner, entries = read_journal(path)
    rows = Rows(engine)
    for entry in entries:
        rows.record()
        if entry.kind in NO_CONTACT:
            rows.skip("no contact, a decision")
            continue
        rows.contact(
            _noon(entry.day),
            owner,
            entry.person,
            channel=schema.JOURNAL,
            event=f"journal {entry.date} {entry.kind} {entry.person}",
            size=2,
            directed=entry.kind in FROM_ME,
            role=entry.kind,
        )
    return rows.batch()


def _noon(day: dt.date | None) -> int | None:
    if day is None:
        return None
    return micros_of(dt.datetime(day.year, day.month, day.day, NOON, tzinfo=dt.UTC))
