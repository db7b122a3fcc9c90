"""Databases: every table and view of an SQLite file that has the columns of a log or of people.

SQLite is read by the standard library, which carries the reference implementation: read-only and
immutable, so that not even a lock is written beside the file. Any other database comes in through
its ADBC driver with :func:`from_adbc`, whose result goes to ``load``.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from netanalytics import registry
from netanalytics.errors import LoaderError
from netanalytics.loaders import Batch
from netanalytics.loaders._parts import (
    BATCH,
    NO_TABLE,
    distinct,
    finished,
    id_column,
    is_log,
    part_of,
    register_rows,
)
from netanalytics.loaders._times import Table, quoted

if TYPE_CHECKING:
    from netanalytics.engine import Engine
    from netanalytics.loaders import Options

MAGIC = b"SQLite format 3\x00"
LONGEST_CELL = 4_000_000
VIEW_SECONDS = 60
"""How long a view may work: it is a program of whoever made the file."""

MOST_VIEW_ROWS = 20_000_000
_STEPS = 100_000
_READ_ONLY = (
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
)


def recognises(path: Path) -> bool:
    """Say whether a file is an SQLite database, by its first bytes."""
    try:
        if not isinstance(path, Path) or not path.is_file():
            return False
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return False


@registry.loader(
    "sqlite",
    unit="row",
    read="an SQLite database: each table or view with a time, a source and a target column",
    recognises=recognises,
)
def read(source: Path, options: Options, engine: Engine) -> list[Batch]:
    """Read the tables and views of an SQLite database.

    Parameters
    ----------
    source : Path
        The file; it is never written to.
    options : Options
        What the user said about it.
    engine : Engine
        Where the rows go.

    Returns
    -------
    list of Batch
        One a table.

    Raises
    ------
    LoaderError
        If it is no database, is damaged, or no table in it is a log or a list of people.
    """
    if not isinstance(source, Path) or not recognises(source):
        label = source.name if isinstance(source, Path) else "DataFrame"
        raise LoaderError(f"{label}: this is no SQLite database")
    try:
        with contextlib.closing(_opened(source)) as database:
            names = _tables(database)
            parts = (_part(database, source, name, (options, engine)) for name in names)
            batches = finished(parts, source.name)
    except (sqlite3.Error, OverflowError, UnicodeError) as error:
        raise LoaderError(f"{source.name}: cannot be read as SQLite ({_line(error)})") from None
    return [*batches, *_unwritten(source)]


def _opened(path: Path) -> sqlite3.Connection:
    """Open a database read-only, without trusting the programs inside it."""
    address = f"file:{quote(path.absolute().as_posix())}?mode=ro&immutable=1"
    database = sqlite3.connect(address, uri=True, timeout=0)
    database.text_factory = lambda raw: raw.decode("utf-8", errors="replace")
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_CELL)
    database.execute("PRAGMA trusted_schema = OFF")
    database.execute("PRAGMA cell_size_check = ON")
    database.execute("PRAGMA mmap_size = 0")
    database.set_authorizer(_allowed)
    return database


def _allowed(action: int, *_: Any) -> int:
    return sqlite3.SQLITE_OK if action in _READ_ONLY else sqlite3.SQLITE_DENY


def _tables(database: sqlite3.Connection) -> list[tuple[str, bool]]:
    """Return the names of tables and views, and which are views."""
    rows = database.execute(
        "SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name"
    ).fetchmany(10_000)
    return [
        (str(name), kind == "view") for name, kind in rows if not str(name).startswith("sqlite_")
    ]


def _part(
    database: sqlite3.Connection,
    path: Path,
    name: tuple[str, bool],
    into: tuple[Options, Engine],
) -> Batch:
    """Read one table or view; what is wrong with one says nothing of the others."""
    options, engine = into
    table, is_view = name
    clock = time.monotonic() + VIEW_SECONDS
    late = (lambda: int(time.monotonic() > clock)) if is_view else None
    database.set_progress_handler(late, _STEPS)
    try:
        cursor = database.execute(f"SELECT * FROM {quoted(table)}")
        columns = distinct(column[0] for column in cursor.description)
        if not (is_log(columns, options) or id_column(columns)):
            return Batch(None, skipped=((NO_TABLE, _size(database, table, is_view)),), label=table)
        rows = _rows(cursor, MOST_VIEW_ROWS if is_view else None)
        query = register_rows(rows, dict.fromkeys(columns, "string"), engine)
        held = engine.materialise(query)
        told = Table(held, f"{path.name}/{table}", 0, engine.types(held))
        return part_of(told, table, options, engine)
    except (sqlite3.Error, OverflowError, LoaderError) as error:
        reason = _line(error)
        if reason == "interrupted":
            reason = f"a view that works for more than {VIEW_SECONDS} seconds"
        return Batch(None, skipped=((f"not read: {reason}", 1),), label=table, unit="table")
    finally:
        database.set_progress_handler(None, 0)


def _size(database: sqlite3.Connection, table: str, is_view: bool) -> int:
    """Return how many rows are not read; of a view that is not worth running it."""
    if is_view:
        return 1
    return int(database.execute(f"SELECT count(*) FROM {quoted(table)}").fetchone()[0])


def _rows(cursor: sqlite3.Cursor, most: int | None) -> Iterator[Sequence[str | None]]:
    done = 0
    while rows := cursor.fetchmany(BATCH):
        done += len(rows)
        if most is not None and done > most:
            raise LoaderError(f"a view of more than {most:,} rows")
        for row in rows:
            yield [_text(cell) for cell in row]


def _text(cell: Any) -> str | None:
    """Return a cell as text: SQLite has a type a cell, not a type a column."""
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, bytes):
        return cell.decode("utf-8", errors="replace")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _unwritten(path: Path) -> list[Batch]:
    """Name what another program wrote but has not yet put into the file."""
    beside = path.with_name(path.name + "-wal")
    try:
        waiting = beside.is_file() and beside.stat().st_size > 0
    except OSError:
        waiting = False
    if not waiting:
        return []
    reason = "not read: changes that wait beside the file; close the program that writes it"
    return [Batch(None, skipped=((reason, 1),), label=beside.name, unit="file")]


def _line(error: Exception) -> str:
    return (str(error).strip().splitlines() or ["no reason given"])[0][:200]


def from_adbc(driver: str, uri: str, query: str) -> Any:
    """Run a query in any database that has an ADBC driver.

    Parameters
    ----------
    driver : str
        The driver's Python package, such as ``adbc_driver_postgresql`` or
        ``adbc_driver_snowflake``; it has to be installed, and pyarrow with it.
    uri : str
        Where the database is, as its driver writes it.
    query : str
        The rows of a log: a time, a source and a target column.

    Returns
    -------
    pyarrow.Table
        For :func:`netanalytics.load`.

    Raises
    ------
    LoaderError
        If the driver is not installed, or the database refuses.

    Examples
    --------
    >>> rows = from_adbc("adbc_driver_sqlite", ":memory:", "SELECT 1 AS one")  # doctest: +SKIP
    >>> netanalytics.load(rows)  # doctest: +SKIP
    """
    import importlib
    import re

    if not re.fullmatch(r"adbc_driver_[a-z0-9_]+", driver):
        raise LoaderError(f"{driver!r} is no ADBC driver: give its package, adbc_driver_…")
    try:
        dbapi = importlib.import_module(f"{driver}.dbapi")
    except ImportError:
        raise LoaderError(
            f"the ADBC driver {driver!r} is not installed, or pyarrow is not"
        ) from None
    try:
        with dbapi.connect(uri) as connection, connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetch_arrow_table()
    except dbapi.Error as error:
        # The address of a database may hold a password: it is not repeated.
        line = _line(error).replace(uri, "the database")
        raise LoaderError(f"the database cannot be read ({line})") from None
