"""Text files read record by record: any encoding, quoted cells over several lines, bounded memory.

Tables of contacts go through the engine; what is here serves exports that are no table: several
blocks in one file, cards, lists of attendance.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import IO, TYPE_CHECKING

from netanalytics.errors import LoaderError
from netanalytics.loaders._members import Member, is_file

if TYPE_CHECKING:
    import pandas as pd

HEAD = 65_536
"""Bytes on which a file is recognised."""

LONGEST_LINE = 1_000_000
"""Characters; a longer line is no line of an export and would be held in memory whole."""

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")

MALFORMED: list[str] = []
"""What :func:`cells` yields for a record that cannot be cut into cells."""


def head_of(path: Path | Member) -> str:
    """Return the beginning of a text file, or an empty text for anything else.

    Parameters
    ----------
    path : Path
        Any path, or any other object: nothing is raised.

    Returns
    -------
    str
        Without a byte order mark.
    """
    try:
        if not is_file(path):
            return ""
        if isinstance(path, Member):
            return _beginning(path)
        state = path.stat()
        return _head(path, state.st_mtime_ns, state.st_size)
    except (OSError, ValueError):
        return ""


@lru_cache(maxsize=16)  # every loader asks for the same file in turn
def _head(path: Path, _changed: int, _size: int) -> str:
    return _beginning(path)


def _beginning(path: Path | Member) -> str:
    with path.open("rb") as file:
        head = file.read(HEAD)
    encoding = encoding_of(head)
    return head.decode(encoding, errors="replace").removeprefix("\ufeff") if encoding else ""


def encoding_of(head: bytes) -> str | None:
    r"""Return the encoding of a text by its first bytes, or None for a binary file.

    Parameters
    ----------
    head : bytes
        Its beginning.

    Returns
    -------
    str or None
        A name for :func:`open`; UTF-16 is found with and without a byte order mark.

    Examples
    --------
    >>> encoding_of("Name\\tBeitritt".encode("utf-16-le"))
    'utf-16-le'
    """
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if b"\x00" in head:
        return _without_mark(head)
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4:
            return "cp1252"
    return "utf-8-sig"


def _without_mark(head: bytes) -> str | None:
    """Tell UTF-16 by where the zero bytes are: a binary file has them anywhere."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) <= len(head) / 5 or (even and odd):
        return None
    encoding = "utf-16-le" if odd else "utf-16-be"
    return None if _CONTROL.search(head.decode(encoding, errors="replace")) else encoding


def lines_of(path: Path | Member) -> Iterator[str]:
    """Yield the lines of a text file with their ends.

    Raises
    ------
    LoaderError
        If it is binary, cannot be read, or has a line of more than a million characters.
    """
    try:
        with path.open("rb") as file:
            encoding = encoding_of(file.read(HEAD))
        if encoding is None:
            raise LoaderError(f"{path.name}: this is a binary file, not text")
        with io.TextIOWrapper(
            path.open("rb"), encoding=encoding, errors="replace", newline=""
        ) as text:
            yield from _bounded(text, path.name)
    except (OSError, UnicodeError) as error:
        raise LoaderError(f"{path.name}: cannot be read ({_first(error)})") from None


def _bounded(text: IO[str], label: str) -> Iterator[str]:
    number = 0
    while line := text.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE and not line.endswith(("\n", "\r")):
            raise LoaderError(
                f"{label}, line {number}: longer than {LONGEST_LINE:,} characters: "
                "this is no export of this kind"
            )
        yield line


def _first(error: Exception) -> str:
    return (str(error).strip().splitlines() or ["no reason given"])[0][:120]


def cells(path: Path | Member, delimiter: str) -> Iterator[Sequence[str]]:
    """Yield the cells of each record, without the spaces around them; empty lines too.

    A record that cannot be cut (a cell of more than 131,072 characters: a quote that nobody
    closed) is yielded as :data:`MALFORMED`; the next one begins after it.

    Raises
    ------
    LoaderError
        As :func:`lines_of`.
    """
    return cells_in(lines_of(path), delimiter)


def cells_in(lines: Iterable[str], delimiter: str) -> Iterator[Sequence[str]]:
    """Cut lines into cells; see :func:`cells`."""
    source = iter(lines)
    while True:
        reader = csv.reader(source, delimiter=delimiter)
        try:
            for row in reader:
                yield tuple(cell.strip().strip("\ufeff") for cell in row)
            return
        except csv.Error:
            yield MALFORMED


def table_of(path: Path) -> tuple[pd.DataFrame, int]:
    """Read a small table of facts whole, all cells as text, empty ones as missing.

    Parameters
    ----------
    path : Path
        CSV, TSV or text with another usual delimiter, and a header.

    Returns
    -------
    table : pandas.DataFrame
        Columns of equal names are told apart.
    malformed : int
        Rows that have more cells than the header, or cannot be cut.

    Raises
    ------
    LoaderError
        If it is binary or empty.
    """
    import pandas as pd

    first = next((line for line in head_of(path).splitlines() if line.strip()), "")
    records = (row for row in cells(path, delimiter_of(first)) if row is MALFORMED or any(row))
    names: list[str] = []
    for name in next(records, ()):
        wanted = name or f"column_{len(names) + 1}"
        while wanted in names:
            wanted += "_2"
        names.append(wanted)
    if not names:
        raise LoaderError(f"{path.name}: the file is empty")
    rows, malformed = [], 0
    for row in records:
        if row is MALFORMED or any(row[len(names) :]):
            malformed += 1
        else:
            rows.append([*row[: len(names)], *[""] * (len(names) - len(row))])
    table = pd.DataFrame(rows, columns=names, dtype="str")
    return table.mask(table == ""), malformed


def simple(name: str) -> str:
    """Return a header for comparing: lower case, single spaces, no mark around it."""
    return " ".join(name.replace("\ufeff", "").split()).casefold()


def delimiter_of(line: str) -> str:
    """Return the sign that most likely divides the cells of a header line."""
    return max(",;\t|", key=line.count)
