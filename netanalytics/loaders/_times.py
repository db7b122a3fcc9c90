"""How a column of a table states a time: found from the whole column, refused where it is open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netanalytics.engine import OFFSET, TimeFormat
from netanalytics.errors import LoaderError

if TYPE_CHECKING:
    from netanalytics.engine import Engine
    from netanalytics.loaders import Options

UNREADABLE_SHARE = 0.1
"""With this share of unreadable times the column is not a time, and reading stops."""

FEW_UNREADABLE = 3
"""So many unreadable times, if they are less than half, do not make a small column anything else:
they are skipped and counted, unless they are times that are written in another way."""


@dataclass(frozen=True)
class Table:
    """A table in the engine: its name there, what to call it, and what was rejected."""

    name: str
    label: str
    rejected: int
    types: Mapping[str, str]


_HOURS = ("", " %H:%M:%S", " %H:%M", " %I:%M:%S %p", " %I:%M %p", " %H:%M:%S.%f")
_ORDERS = {"dmy": "%d/%m/{}", "mdy": "%m/%d/{}", "ymd": "{}/%m/%d"}
_WORDS = tuple(
    day + hour
    for day in (
        "%d %b %Y",
        "%d %B %Y",
        "%b %d %Y",
        "%B %d %Y",
        "%d/%b/%Y",
        "%b %d, %Y",
        "%B %d, %Y",
    )
    for hour in (*_HOURS, ", %H:%M", ", %I:%M %p")
)
_MAIL = tuple(f"{day}%d %b %Y %H:%M:%S %z" for day in ("%a, ", ""))
_DAYS = (30_000, 60_000)  # a spreadsheet's numbers of 1982 and 2064
_EARLIEST, _LATEST = -2_208_988_800_000_000, 7_258_118_400_000_000  # 1900 and 2200


def _numeric_formats(order: str) -> tuple[str, ...]:
    """Two digits first: a four-digit year would be read from two digits as the year 26."""
    return tuple(_ORDERS[order].format(year) + hour for year in ("%y", "%Y") for hour in _HOURS)


def time_of(
    table: Table, column: str, options: Options, engine: Engine
) -> tuple[str, tuple[str, ...]]:
    """Return the expression of the time column and what to note about it."""
    kind = table.types[column]
    if kind == "number":
        how = _number(table, column, engine)
    elif kind in ("timestamp", "moment"):
        how = TimeFormat("timestamp", zone=options.zone if kind == "timestamp" else None)
    else:
        how = _text_time(table, column, options, engine)
    expression = _bounded(engine.micros(column, how))
    _refuse_unreadable(table, column, expression, engine)
    return expression, _time_notes(table, column, how, engine)


def _bounded(expression: str) -> str:
    """Take absurd times for unreadable ones."""
    return f"CASE WHEN ({expression}) BETWEEN {_EARLIEST} AND {_LATEST} THEN ({expression}) END"


def _number(table: Table, column: str, engine: Engine) -> TimeFormat:
    """Tell seconds from milli-, micro- and nanoseconds by their size."""
    cell = f"abs(try_cast({quoted(column)} AS double))"
    found = engine.query(
        f"SELECT median({cell}) AS middle, min({cell}) AS least, max({cell}) AS most "
        f"FROM {table.name}"
    ).iloc[0]
    if found["least"] > _DAYS[0] and found["most"] < _DAYS[1]:
        day = dt.date(1899, 12, 30) + dt.timedelta(days=int(found["least"]))
        raise LoaderError(
            f"{table.label}: column {column!r} holds day numbers of a spreadsheet "
            f"({int(found['least'])} would be {day}), or seconds of one day in 1970: show the "
            f"column as dates there and export again, or write times like 2026-06-30 14:05"
        )
    largest = found["middle"]
    for limit, per_second in ((1e11, 1), (1e14, 1_000), (1e17, 1_000_000)):
        if not largest > limit:
            return TimeFormat("number", per_second=per_second)
    return TimeFormat("number", per_second=1_000_000_000)


def _text_time(table: Table, column: str, options: Options, engine: Engine) -> TimeFormat:
    cell = f"trim(cast({quoted(column)} AS string))"
    counts = engine.query(
        f"SELECT count(*) FILTER (WHERE {cell} <> '') AS filled, "
        f"count(*) FILTER (WHERE regexp_matches({cell}, '^[+-]?[0-9]+([.][0-9]+)?$')) AS numbers, "
        f"count(*) FILTER (WHERE regexp_matches({cell}, '^[12][0-9]{{7}}$')) AS compact "
        f"FROM {table.name}"
    ).iloc[0]
    zone = options.zone
    if counts["compact"] and counts["compact"] == counts["filled"]:
        compact = TimeFormat("text", formats=("%Y%m%d",), zone=zone)
        if _read_by(table, column, compact, engine) == counts["filled"]:
            return compact
    if counts["numbers"] > (1 - UNREADABLE_SHARE) * counts["filled"]:
        return _number(table, column, engine)
    plain = [
        TimeFormat("iso", zone=zone),
        TimeFormat("text", formats=_numeric_formats("ymd")[len(_HOURS) :], zone=zone),
        TimeFormat("text", formats=_WORDS, zone=zone),
        TimeFormat("text", formats=_MAIL),
    ]
    best, most = plain[0], -1
    for how in plain:
        n = _read_by(table, column, how, engine)
        if n > most:
            best, most = how, n
        if n == counts["filled"]:
            break  # No other way reads more, and trying them all is most of the work.
    if most >= (1 - UNREADABLE_SHARE) * counts["filled"]:
        return best
    ordered = _day_order(table, column, options, engine)
    return ordered if ordered and _read_by(table, column, ordered, engine) > most else best


def _read_by(table: Table, column: str, how: TimeFormat, engine: Engine) -> int:
    expression = _bounded(engine.micros(column, how))
    return int(engine.query(f"SELECT count({expression}) AS n FROM {table.name}")["n"].iloc[0])


def _day_order(table: Table, column: str, options: Options, engine: Engine) -> TimeFormat | None:
    """Find the order of day and month from the whole file; ask where it leaves it open."""
    orders = (options.date_order,) if options.date_order else ("dmy", "mdy")
    ways = {
        order: TimeFormat("text", formats=_numeric_formats(order), zone=options.zone)
        for order in orders
    }
    counts = {order: _read_by(table, column, how, engine) for order, how in ways.items()}
    most = max(counts.values())
    if not most:
        return None
    best = [order for order, n in counts.items() if n == most]
    if len(best) == 1:
        return ways[best[0]]
    one, other = (engine.micros(column, ways[order]) for order in best)
    differing = f"SELECT 1 AS one FROM {table.name} WHERE ({one}) <> ({other}) LIMIT 1"
    if engine.size(differing):
        raise LoaderError(
            f"{table.label}: column {column!r} leaves open whether day or month comes first: "
            f"say --date-order dmy or --date-order mdy"
        )
    return ways[best[0]]


def _refuse_unreadable(table: Table, column: str, expression: str, engine: Engine) -> None:
    cell = f"trim(cast({quoted(column)} AS string))"
    bad = f"({expression}) IS NULL AND coalesce({cell}, '') <> ''"
    counts = engine.query(
        f"SELECT count(*) FILTER (WHERE coalesce({cell}, '') <> '') AS filled, "
        f"count(*) FILTER (WHERE {bad}) AS bad, min(record) FILTER (WHERE {bad}) AS first, "
        f"count(*) AS every FROM {table.name}"
    ).iloc[0]
    if counts["every"] and not counts["filled"]:
        raise LoaderError(f"{table.label}: the time column {column!r} is empty")
    if not counts["bad"] or counts["bad"] < UNREADABLE_SHARE * counts["filled"]:
        return
    few = counts["bad"] <= FEW_UNREADABLE and 2 * counts["bad"] < counts["filled"]
    if few and not _written_otherwise(table, column, bad, engine):
        return
    first = int(counts["first"])
    value = engine.query(f"SELECT {cell} AS v FROM {table.name} WHERE record = {first}")["v"].iloc[
        0
    ]
    # Where malformed rows were passed over, the count of rows is not the file's.
    row = "" if table.rejected else f", row {first}"
    raise LoaderError(
        f"{table.label}{row}: {value[:60]!r} in column {column!r} is no date or time "
        f"({int(counts['bad']):,} of {int(counts['filled']):,} rows); write times like "
        f"2026-06-30 14:05, or name another column with --map time=COLUMN"
    )


def _written_otherwise(table: Table, column: str, bad: str, engine: Engine) -> bool:
    """Say whether a cell that was not read is a time in another way of writing: two are mixed."""
    ways = [TimeFormat("iso"), *(TimeFormat("text", formats=each) for each in (_WORDS, _MAIL))]
    ways += [TimeFormat("text", formats=_numeric_formats(order)) for order in _ORDERS]
    read = " OR ".join(f"({_bounded(engine.micros(column, how))}) IS NOT NULL" for how in ways)
    return bool(engine.size(f"SELECT 1 AS one FROM {table.name} WHERE {bad} AND ({read}) LIMIT 1"))


def _time_notes(table: Table, column: str, how: TimeFormat, engine: Engine) -> tuple[str, ...]:
    if how.kind == "number":
        unit = {1: "seconds", 1_000: "milliseconds", 1_000_000: "microseconds"}.get(
            how.per_second, "nanoseconds"
        )
        return (f"times are {unit} since 1970, in UTC",)
    if table.types[column] == "moment" or how.formats == _MAIL:
        return ()
    if how.kind == "iso":
        cell = f"trim(cast({quoted(column)} AS string))"
        naive = (
            f"SELECT 1 AS one FROM {table.name} "
            f"WHERE {cell} <> '' AND NOT regexp_matches({cell}, '{OFFSET}') LIMIT 1"
        )
        if not engine.size(naive):
            return ()
    zone = how.zone or "UTC (no zone was named; --zone changes it)"
    return (f"times without a zone are read as {zone}",)


def quoted(column: str) -> str:
    """Quote the name of a column for a query."""
    return '"' + column.replace('"', '""') + '"'
