"""Tables of people, and which of their addresses stand in a log.

This first part joins only what a people table states in its column ``addresses``.
"""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netanalytics import schema
from netanalytics.errors import MissingFileError, OptionError, SchemaError

if TYPE_CHECKING:
    import pandas as pd


_NO_TABLES = {
    ".vcf": "no table but contact cards: export them as CSV with a column 'person'",
    ".xlsx": "a workbook: save the sheet as CSV",
    ".ods": "a workbook: save the sheet as CSV",
}
"""What people take for a table, and what to do with it."""


def read_table(path: str | Path, table: str) -> pd.DataFrame:
    """Read a small table of facts, all cells as text: CSV, TSV, JSON Lines or Parquet.

    Parameters
    ----------
    path : str or Path
        The file; the delimiter of a text file is found from its first line.
    table : str
        Name of the table, for messages.

    Returns
    -------
    pandas.DataFrame

    Raises
    ------
    MissingFileError
        If there is no such file.
    SchemaError
        If it cannot be read as a table.
    """
    import pandas as pd

    path = Path(path)
    if not path.is_file():
        raise MissingFileError(f"{path.name}: there is no such file (for the {table} table)")
    suffixes = [suffix.lower() for suffix in path.suffixes]
    for suffix, what in _NO_TABLES.items():
        if suffix in suffixes:
            raise SchemaError(
                table, [f"{path.name} is {what}; or name the file beside the log, as a source"]
            )
    try:
        if ".parquet" in suffixes or ".pq" in suffixes:
            return pd.read_parquet(path)
        if ".jsonl" in suffixes or ".ndjson" in suffixes:
            return pd.read_json(path, lines=True, dtype=False, convert_dates=False)
        return _read_text(path)
    except (ValueError, OSError, ImportError, pd.errors.ParserError) as error:
        line = str(error).strip().splitlines()[0][:160]
        raise SchemaError(table, [f"{path.name} cannot be read as a table ({line})"]) from None


def _read_text(path: Path) -> pd.DataFrame:
    import pandas as pd

    try:
        return _read_csv(path, "utf-8-sig")
    except UnicodeDecodeError:
        return _read_csv(path, "cp1252")
    except pd.errors.EmptyDataError:
        raise ValueError("it is empty") from None


def _read_csv(path: Path, encoding: str) -> pd.DataFrame:
    import pandas as pd

    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding=encoding) as file:
        first = next((line for line in file if line.strip()), "")
    if not first:
        raise ValueError("it is empty")
    delimiter = max(",;\t|", key=first.count)
    return pd.read_csv(path, encoding=encoding, sep=delimiter, dtype="str", skipinitialspace=True)


def people_of(people: Any) -> pd.DataFrame | None:
    """Return a checked people table from a path, a frame or None."""
    frame = read_people(people)
    with schema.of_file(people, "people"):
        return None if frame is None else schema.people_table(person_column(frame))


def read_people(people: Any) -> pd.DataFrame | None:
    """Return what an argument ``people`` gives, unchecked: a frame, that of a path, or None.

    Raises
    ------
    OptionError
        If it is something else.
    """
    import pandas as pd

    if isinstance(people, str | Path):
        return read_table(people, "people")
    if people is not None and not isinstance(people, pd.DataFrame):
        raise OptionError(f"people is a {type(people).__name__}; give a table, or the path of one")
    return people


ADDRESSES = frozenset(
    [
        "email",
        "mail",
        "address",
        "emailaddress",
        "mailaddress",
        "emailadresse",
        "mailadresse",
        "adressemail",
        "correo",
    ]
)
IDS = ADDRESSES | frozenset(["id", "user", "userid", "personid", "employee", "employeeid"])
"""Usual names of the column of ids, without signs; the first are those of mail addresses."""


def person_column(frame: pd.DataFrame) -> pd.DataFrame:
    """Call the column of ids ``person`` where it has another usual name, and that of names so."""
    bare = {column: re.sub(r"[\W_]", "", str(column).casefold()) for column in frame.columns}
    for name, usual in (("name", {"name"}), ("person", {"person"}), ("person", IDS)):
        if name in frame.columns or frame.index.name == name:
            continue
        found = [column for column, text in bare.items() if text in usual]
        frame = frame.rename(columns={found[0]: name}) if len(found) == 1 else frame
    return frame


def address_book(people: pd.DataFrame | None) -> dict[str, str]:
    """Return which person each address of a people table belongs to.

    Parameters
    ----------
    people : pandas.DataFrame, optional
        Index ``person``; column ``addresses`` joined by semicolons.

    Returns
    -------
    dict of str to str
        Address (in lower case) to person; ids themselves are not in it.

    Raises
    ------
    SchemaError
        If two people claim one address.
    """
    book: dict[str, str] = {}
    if people is None or "addresses" not in people.columns:
        return book
    clashes = []
    for person, cell in people["addresses"].dropna().astype(str).items():
        for address in (part.strip().casefold() for part in cell.split(";")):
            if not address:
                continue
            owner = book.setdefault(address, str(person))
            if owner != person:
                clashes.append(f"address {address!r} belongs to both {owner!r} and {person!r}")
    if clashes:
        raise SchemaError("people", clashes)
    return book


def person_of_each(ids: pd.Index, people: pd.DataFrame | None) -> pd.Series:
    """Return which person each id in a log is: itself, or the owner of that address."""
    import pandas as pd

    book = address_book(people)
    known = set() if people is None else set(people.index)
    owners = [name if name in known else book.get(name.casefold(), name) for name in map(str, ids)]
    return pd.Series(owners, index=ids, dtype="str", name="person")
