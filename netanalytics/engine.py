"""Where SQL runs: a small port, and DuckDB, embedded, behind it.

What a second engine would have to spell differently is here and nowhere else: reading files, and
turning what files call a time into microseconds.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from netanalytics.errors import LoaderError, NetAnalyticsError

if TYPE_CHECKING:
    import duckdb
    import pandas as pd


@dataclass(frozen=True)
class TextFile:
    """How a text file is laid out.

    Parameters
    ----------
    columns : tuple of str
        Names of its columns, in order.
    delimiter : str
        One character; empty for JSON Lines.
    skip : int
        Lines before the first record.
    encoding : str
        ``utf-8``, ``utf-16`` or ``latin-1``.
    """

    columns: tuple[str, ...]
    delimiter: str
    skip: int = 0
    encoding: str = "utf-8"


@dataclass(frozen=True)
class TimeFormat:
    """How a column states a time.

    Parameters
    ----------
    kind : {"iso", "number", "timestamp", "text"}
        ISO 8601 text, a count since 1970, a typed column, or text in ``formats``.
    per_second : int
        For numbers: how many of them make a second.
    formats : tuple of str
        For text: ``strptime`` formats, tried in order; separators of the day are slashes.
    zone : str, optional
        Zone of times that name none; UTC without it.
    """

    kind: str
    per_second: int = 1
    formats: tuple[str, ...] = ()
    zone: str | None = None


@runtime_checkable
class Engine(Protocol):
    """What the package asks of a place where SQL runs."""

    def register(self, frame: pd.DataFrame) -> str:
        """Take a frame in as a table and return the name of that table."""

    def register_text(self, path: Path, layout: TextFile) -> tuple[str, int]:
        """Read a text file once, all columns as text; return the table and how many lines failed.

        The table has one more column, ``record``: the number of the record in the file, from 1.
        """

    def register_parquet(self, path: Path) -> str:
        """Take a Parquet file in without reading it; the relation has a column ``record``."""

    def query(self, sql: str) -> pd.DataFrame:
        """Run a query and return its rows."""

    def materialise(self, sql: str) -> str:
        """Run a query once, keep its rows, and return the name of the table."""

    def drop(self, table: str) -> None:
        """Forget a table that is no longer needed."""

    def size(self, sql: str) -> int:
        """Return how many rows a query gives."""

    def types(self, table: str) -> dict[str, str]:
        """Return the type of each column: text, number, timestamp, moment (with a zone), other."""

    def micros(self, column: str, how: TimeFormat) -> str:
        """Return the expression that reads a time column as microseconds since 1970, or null."""


FEW, MANY = 10_000, 40_000
"""Rows after which memory is tidied, and after which tables are packed.

A log of mails takes a tenth of its memory once it is packed.
"""


class DuckDBEngine:
    """DuckDB in this process.

    Parameters
    ----------
    threads : int, optional
        How many threads it may use; all cores by default. Results do not depend on it.

    Examples
    --------
    >>> engine = DuckDBEngine(threads=1)
    >>> int(engine.query("SELECT 1 + 1 AS two")["two"].iloc[0])
    2
    """

    def __init__(self, *, threads: int | None = None) -> None:
        import duckdb

        self._connection: duckdb.DuckDBPyConnection = duckdb.connect(":memory:")
        # One lock for one connection: threads that share it mix up each other's results.
        self._lock = threading.RLock()
        self._names = (f"t{number}" for number in itertools.count())
        self._loose: dict[str, int] = {}
        self._packed = 0
        limit = self._connection.execute("SELECT current_setting('memory_limit')").fetchone()
        self._limit = str(limit[0]) if limit else "80%"
        self._views: set[str] = set()
        for setting in ("TimeZone = 'UTC'", "autoinstall_known_extensions = false"):
            self._connection.execute(f"SET {setting}")
        # Only where it is on: in a notebook without widgets it is off, and saying so is an error.
        bar = "SELECT current_setting('enable_progress_bar')"
        if self._connection.execute(bar).fetchall() != [(False,)]:
            self._connection.execute("SET enable_progress_bar = false")
        if threads is not None:
            self._connection.execute(f"SET threads = {int(threads)}")

    def register(self, frame: pd.DataFrame) -> str:
        """Take a frame in as a table and return the name of that table."""
        with self._lock:
            self._connection.register("incoming", frame)
            try:
                name = self._create("SELECT * FROM incoming")
            finally:
                self._connection.unregister("incoming")
            self._pack()
        return name

    def _create(self, sql: str) -> str:
        name = next(self._names)
        added = self._connection.execute(f"CREATE TABLE {name} AS {sql}").fetchone()
        self._loose[name] = int(added[0]) if added else 0
        if self._loose[name] >= FEW:
            self._trim()
        return name

    def _pack(self) -> None:
        """Compress new tables: they are held as they come until a checkpoint packs them."""
        new = sum(self._loose.values())
        # Each checkpoint looks at all tables: in a large log more is left to the next.
        if new >= max(MANY, self._packed // 32):
            self._connection.execute("CHECKPOINT")
            self._packed += new
            self._loose.clear()
            self._trim()

    def _trim(self) -> None:
        """Give freed memory back to the system, which setting a limit does: to what it is."""
        self._connection.execute(f"SET memory_limit = '{self._limit}'")

    def register_text(self, path: Path, layout: TextFile) -> tuple[str, int]:
        """Read a text file once, all columns as text; return the table and how many lines failed.

        Raises
        ------
        LoaderError
            If the file cannot be read at all.
        """
        name = next(self._names)
        reader = _json_reader(layout) if not layout.delimiter else _csv_reader(layout)
        sql = f"CREATE TABLE {name} AS SELECT row_number() OVER () AS record, * FROM {reader}"
        rejected = self._read(sql, path, csv=bool(layout.delimiter))
        return name, rejected if layout.delimiter else self._without_empty(name, layout.columns)

    def _without_empty(self, name: str, columns: Sequence[str]) -> int:
        """Take out the lines of JSON that could not be read: they come as rows of nothing."""
        empty = " AND ".join(f"{_identifier(column)} IS NULL" for column in columns)
        with self._lock:
            done = self._connection.execute(f"DELETE FROM {name} WHERE {empty}").fetchone()
        return int(done[0]) if done else 0

    def _read(self, sql: str, path: Path, *, csv: bool) -> int:
        import duckdb

        with self._lock:
            try:
                self._connection.execute(sql, [_literal_path(path)])
                if not csv:
                    return 0
                # A line that is short of two columns is rejected twice.
                count = self._connection.execute(
                    "SELECT count(DISTINCT line) FROM reject_errors"
                ).fetchone()
                self._connection.execute("DELETE FROM reject_errors; DELETE FROM reject_scans")
            except duckdb.Error as error:
                raise LoaderError(
                    f"{path.name}: cannot be read as text ({_first(error)})"
                ) from None
        return int(count[0]) if count else 0

    def register_parquet(self, path: Path) -> str:
        """Take a Parquet file in without reading it; the relation has a column ``record``.

        Raises
        ------
        LoaderError
            If the file is not Parquet.
        """
        import duckdb

        name = next(self._names)
        literal = _literal_path(path).replace("'", "''")
        with self._lock:
            try:
                self._connection.execute(
                    f"CREATE VIEW {name} AS SELECT file_row_number + 1 AS record, "
                    f"* EXCLUDE (file_row_number) "
                    f"FROM read_parquet('{literal}', file_row_number = true)"
                )
            except duckdb.Error as error:
                raise LoaderError(
                    f"{path.name}: cannot be read as Parquet ({_first(error)})"
                ) from None
        self._views.add(name)
        return name

    def query(self, sql: str) -> pd.DataFrame:
        """Run a query and return its rows."""
        with self._lock:
            return self._connection.execute(sql).df()

    def materialise(self, sql: str) -> str:
        """Run a query once, keep its rows, and return the name of the table."""
        import duckdb

        with self._lock:
            try:
                return self._create(sql)
            except duckdb.OutOfMemoryException as error:
                raise NetAnalyticsError(
                    f"not enough memory for this log ({_first(error)})"
                ) from None
            except duckdb.InterruptException:
                raise KeyboardInterrupt from None
            except duckdb.Error as error:
                raise LoaderError(f"the log cannot be read ({_first(error)})") from None

    def drop(self, table: str) -> None:
        """Forget a table that is no longer needed."""
        kind = "VIEW" if table in self._views else "TABLE"
        with self._lock:
            self._connection.execute(f"DROP {kind} {table}")
            self._loose.pop(table, None)
            self._pack()

    def size(self, sql: str) -> int:
        """Return how many rows a query gives."""
        return int(self.query(f"SELECT count(*) AS n FROM ({sql}) AS counted")["n"].iloc[0])

    def types(self, table: str) -> dict[str, str]:
        """Return the type of each column: text, number, timestamp, moment (with a zone), other."""
        described = self.query(f"DESCRIBE {table}")
        return {
            name: _kind(kind)
            for name, kind in zip(described["column_name"], described["column_type"], strict=True)
        }

    def micros(self, column: str, how: TimeFormat) -> str:
        """Return the expression that reads a time column as microseconds since 1970, or null."""
        cell = f'"{column.replace(chr(34), chr(34) * 2)}"'
        if how.kind == "number":
            factor = f"{1e6 / how.per_second:.17e}"
            return f"try_cast(round(try_cast({cell} AS double) * {factor}) AS bigint)"
        if how.kind == "timestamp":
            return self._typed(cell, how)
        text = f"trim(cast({cell} AS varchar))"
        if how.kind == "iso":
            return _local_or_offset(text, f"try_cast({text} AS timestamp)", how.zone)
        slashes = f"regexp_replace({text}, '{_DAY}', '\\1/\\2/\\3 ')"
        formats = ", ".join(_quoted(form) for form in how.formats)
        moment = f"try_strptime({slashes}, [{formats}])"
        return _local(f"cast({moment} AS timestamp)", how.zone)

    def _typed(self, cell: str, how: TimeFormat) -> str:
        moment = f"cast({cell} AS timestamp)"
        return _local(moment, how.zone)


_DAY = r"^(\d{1,4})[./-](\d{1,2})[./-](\d{1,4}),?\s*"
OFFSET = r"(:\d{2}|[Tt]\d{4,6})([.,]\d+)?\s*(Z|z|UTC|GMT|[+-]\d{2}(:?\d{2})?)$"
"""What ends a time that names its zone; the day alone, as in 2026-02-03, names none."""


def _local(moment: str, zone: str | None) -> str:
    """Return the microseconds of a time without a zone."""
    if zone is None:
        return f"epoch_us({moment})"
    return f"epoch_us(timezone({_quoted(zone)}, {moment}))"


def _local_or_offset(text: str, moment: str, zone: str | None) -> str:
    aware = f"epoch_us(try_cast({text} AS timestamptz))"
    return (
        f"CASE WHEN regexp_matches({text}, {_quoted(OFFSET)}) THEN {aware} "
        f"ELSE {_local(moment, zone)} END"
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _identifier(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _struct(columns: Sequence[str]) -> str:
    return "{" + ", ".join(f"{_quoted(column)}: 'VARCHAR'" for column in columns) + "}"


def _options(options: Mapping[str, str]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in options.items())


def _csv_reader(layout: TextFile) -> str:
    options = {
        "columns": _struct(layout.columns),
        "delim": _quoted(layout.delimiter),
        "quote": "'\"'",
        "escape": "'\"'",
        "header": "false",
        "skip": str(layout.skip),
        "auto_detect": "false",
        "encoding": _quoted(layout.encoding),
        "null_padding": "false",
        "max_line_size": "4000000",
        "ignore_errors": "true",
        "store_rejects": "true",
        "rejects_limit": "0",
    }
    return f"read_csv(?, {_options(options)})"


def _json_reader(layout: TextFile) -> str:
    options = {
        "columns": _struct(layout.columns),
        "format": "'newline_delimited'",
        "ignore_errors": "true",
        "maximum_object_size": "4000000",
    }
    return f"read_json(?, {_options(options)})"


def _literal_path(path: Path) -> str:
    """Return a path that names one file: brackets and stars would be a pattern."""
    text = path.absolute().as_posix()
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in text)


def _kind(name: str) -> str:
    if name in ("VARCHAR", "JSON"):
        return "text"
    if name == "TIMESTAMP WITH TIME ZONE":
        return "moment"
    if name.startswith(("TIMESTAMP", "DATE")):
        return "timestamp"
    numbers = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE", "DECIMAL")
    if name.startswith((*numbers, "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT")):
        return "number"
    return "other"


def _first(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:200]
