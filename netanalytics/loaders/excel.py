"""Excel: every sheet of a workbook that has the columns of a log or of people.

python-calamine reads the workbook: it is ten times as fast as openpyxl, expands no entities, and
tells dates from numbers. Because it holds a sheet as a full rectangle, the workbook is measured
first (``_workbook``). Of the older forms (.xls, .xlsb) the size cannot be told before: these are
refused with a word on what to do.
"""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netanalytics import registry
from netanalytics.errors import LoaderError
from netanalytics.loaders import Batch
from netanalytics.loaders._delimited import simple
from netanalytics.loaders._parts import (
    NO_TABLE,
    distinct,
    finished,
    id_column,
    is_log,
    part_of,
    register_rows,
)
from netanalytics.loaders._table import USUAL_NAMES
from netanalytics.loaders._times import Table
from netanalytics.loaders._workbook import check

if TYPE_CHECKING:
    from netanalytics.engine import Engine
    from netanalytics.loaders import Options

_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TOP = 12
_DAY_ZERO = dt.datetime(1899, 12, 30)
_SERIAL = (20_000, 80_000)
"""Days since 1900 that a time column may hold where it was not formatted as dates: 1954 to 2119."""

_EXACT = 1 << 53
"""Numbers below are exact; a larger one is an id that Excel has spoiled, or nothing."""

Row = Sequence[Any]


def recognises(path: Path) -> bool:
    """Say whether a file is a workbook of Excel, by what is in it."""
    return _form(path) is not None


def _form(path: Path) -> str | None:
    try:
        if not isinstance(path, Path) or not path.is_file():
            return None
        with path.open("rb") as file:
            head = file.read(8)
        if head == _COMPOUND:
            return "xls" if path.suffix.lower() == ".xls" else None
        if not head.startswith(b"PK"):
            return None
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError):
        return None
    if "xl/workbook.bin" in names:
        return "xlsb"
    return "xlsx" if "xl/workbook.xml" in names else None


@registry.loader(
    "excel",
    unit="row",
    read="an Excel workbook (.xlsx, .xlsm): each sheet with a time, a source and a target column",
    recognises=recognises,
)
def read(source: Path, options: Options, engine: Engine) -> list[Batch]:
    """Read the sheets of a workbook.

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
    list of Batch
        One a sheet.

    Raises
    ------
    LoaderError
        If it is no workbook, unpacks to too much, or no sheet is a log or a list of people.
    """
    form = _form(source) if isinstance(source, Path) else None
    if form is None:
        label = source.name if isinstance(source, Path) else "DataFrame"
        raise LoaderError(f"{label}: this is no Excel workbook")
    if form != "xlsx":
        raise LoaderError(f"{source.name}: an older form of workbook: save it as .xlsx")
    check(source)
    return finished(_sheets(source, options, engine), source.name)


def _sheets(path: Path, options: Options, engine: Engine) -> Iterator[Batch]:
    import python_calamine as calamine

    try:
        with calamine.CalamineWorkbook.from_path(path) as book:
            for name in book.sheet_names:
                yield _part(book, path, name, (options, engine))
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise LoaderError(f"{path.name}: cannot be read as a workbook ({_line(error)})") from None


def _part(book: Any, path: Path, name: str, into: tuple[Options, Engine]) -> Batch:
    """Read one sheet; what is wrong with one says nothing of the others."""
    import python_calamine as calamine

    options, engine = into
    try:
        sheet = book.get_sheet_by_name(name)
        return _sheet(sheet.iter_rows, (f"{path.name}/{name}", name), options, engine)
    except (calamine.CalamineError, LoaderError, ValueError) as error:
        return Batch(None, skipped=((f"not read: {_line(error)}", 1),), label=name, unit="sheet")


def _line(error: Exception) -> str:
    return (str(error).strip().splitlines() or ["no reason given"])[0][:200]


def _sheet(
    rows: Callable[[], Iterator[Row]], names: tuple[str, str], options: Options, engine: Engine
) -> Batch:
    """Find the header, then the type of each column, then read the rows."""
    label, part = names
    place, columns = _header(rows(), options)
    if not columns:
        return Batch(None, skipped=(("not read: an empty sheet", 1),), label=part, unit="sheet")
    if not (is_log(columns, options) or id_column(columns)):
        filled = sum(1 for row in _below(rows(), place))
        return Batch(None, skipped=((NO_TABLE, filled),), label=part)
    types = _types(_below(rows(), place), columns)
    serial = {
        column: kind
        for column, kind in types.items()
        if kind == "float64" and _is_time(column, options)
    }
    types |= _serial_days(_below(rows(), place), columns, serial)
    cells = (
        [_cell(cell, types[column]) for column, cell in _pairs(columns, row)]
        for row in _below(rows(), place)
    )
    stored = {c: "datetime64[us]" if kind == "serial" else kind for c, kind in types.items()}
    held = engine.materialise(register_rows(cells, stored, engine))
    return part_of(Table(held, label, 0, engine.types(held)), part, options, engine)


def _header(rows: Iterator[Row], options: Options) -> tuple[int, list[str]]:
    """Return which of the first rows names the columns, and the names."""
    first: tuple[int, list[str]] | None = None
    for place, row in zip(range(_TOP), rows, strict=False):
        if not any(cell not in ("", None) for cell in row):
            continue
        names = distinct(row)
        if is_log(names, options) or id_column(names):
            return place, names
        first = first or (place, names)
    return first or (0, [])


def _below(rows: Iterator[Row], place: int) -> Iterator[Row]:
    """Yield the rows below the header that hold something."""
    for number, row in enumerate(rows):
        if number > place and any(cell not in ("", None) for cell in row):
            yield row


def _pairs(columns: Sequence[str], row: Row) -> Iterator[tuple[str, Any]]:
    padded = [*row, *[None] * (len(columns) - len(row))]
    return zip(columns, padded, strict=False)


def _types(rows: Iterator[Row], columns: Sequence[str]) -> dict[str, str]:
    """Return the type of each column: dates, numbers, or text where they are mixed."""
    kinds: dict[str, set[str]] = {column: set() for column in columns}
    for row in rows:
        for column, cell in _pairs(columns, row):
            if cell not in ("", None):
                kinds[column].add(_kind(cell))
    told = {frozenset(["date"]): "datetime64[us]", frozenset(["number"]): "float64"}
    return {column: told.get(frozenset(kind), "string") for column, kind in kinds.items()}


def _kind(cell: Any) -> str:
    if isinstance(cell, dt.date):  # a datetime is one too
        return "date" if 1900 <= cell.year <= 2200 else "text"
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return "text"
    return "number" if abs(cell) < _EXACT else "text"


def _is_time(column: str, options: Options) -> bool:
    plain = simple(column).replace(" ", "").replace("_", "")
    return options.mapping.get("time") == column or plain in USUAL_NAMES["time"]


def _serial_days(
    rows: Iterator[Row], columns: Sequence[str], asked: dict[str, str]
) -> dict[str, str]:
    """Find times that were left as numbers of days: in a workbook, 46023.4 is a date."""
    low, high = _SERIAL
    found = dict.fromkeys(asked, "serial")
    for row in rows if found else ():
        for column, cell in _pairs(columns, row):
            if column in found and cell not in ("", None) and not low < cell < high:
                del found[column]
    return found


def _cell(cell: Any, kind: str) -> Any:
    if cell in ("", None):
        return None
    if kind == "serial":
        return _DAY_ZERO + dt.timedelta(seconds=round(cell * 86_400))
    if kind != "string":
        return cell
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat(sep=" ") if isinstance(cell, dt.datetime) else str(cell)
