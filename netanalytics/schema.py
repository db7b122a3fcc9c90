"""Names, types and rules of the tables that cross a door of the package.

The doors are :func:`netanalytics.load`, :func:`netanalytics.build_network` and the constructors of
:class:`netanalytics.network.Network`. What passed a door is trusted inside.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netanalytics.errors import SchemaError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

CONTACT_COLUMNS: tuple[str, ...] = (
    "time",
    "source",
    "target",
    "channel",
    "event",
    "size",
    "directed",
    "role",
    "reply_to",
    "origin",
)
"""Columns of ``interactions``; one row is one person reaching one other person once."""

CARD_COLUMNS: tuple[str, ...] = ("file", "kind", "unit", "reason", "n")
"""Columns of an import card; the numbers of one file and unit add up to what was read."""

RELATION_COLUMNS: tuple[str, ...] = ("source", "target", "kind", "since", "until")
"""Columns of ``relations``: facts that the user declares."""

JOURNAL = "journal"
"""Channel of what somebody wrote down by hand: it is never called ended, it can be written on."""

CONNECTION = "connection"
"""Channel of the day on which two people connected on a platform: a fact, once, and no habit. It is
never called ended, and makes no pause and no contact day of a pair that has any other contact."""

NEVER_ENDED: tuple[str, ...] = (JOURNAL, CONNECTION)
"""Channels whose silence says nothing about whether somebody was looking."""

KEPT = "kept"
"""The reason in a card for what was not dropped."""

LARGEST_EVENT = 50
"""Events of more people than this are set apart: a mass mail is about nobody in particular."""


def require_columns(frame: pd.DataFrame, table: str, columns: Iterable[str]) -> None:
    """Raise one :class:`SchemaError` naming every missing column.

    Parameters
    ----------
    frame : pandas.DataFrame
        The table.
    table : str
        Its name, for the message.
    columns : iterable of str
        Columns that it must have.

    Raises
    ------
    SchemaError
        If one is missing.
    """
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        has = ", ".join(map(str, frame.columns)) or "none"
        raise SchemaError(
            table, [f"column {name!r} is missing (it has: {has})" for name in missing]
        )


def first_rows(frame: pd.DataFrame, bad: pd.Series, most: int = 3) -> str:
    """Name the first offending rows, counted from 1: ``rows 2, 5, 9 and 4 more``.

    Whole numbers in the index are places in the table as it was read, of which rows may have been
    taken out since.
    """
    import numpy as np
    import pandas as pd

    at = np.flatnonzero(bad.to_numpy())[:most]
    read = pd.api.types.is_integer_dtype(frame.index.dtype)
    places = [str(int(place) + 1) for place in (frame.index[at] if read else at)]
    more = int(bad.sum()) - len(places)
    word = "row" if len(places) == 1 and not more else "rows"
    return f"{word} {', '.join(places)}" + (f" and {more} more" if more else "")


_WITH_FLOATS = ("floating", "mixed-integer-float", "mixed-integer", "mixed")
"""Kinds of columns, as pandas calls them, that may hold a float."""


@contextmanager
def of_file(source: Any, table: str) -> Iterator[None]:
    """Name the file of a table in what is said to be wrong in it; a frame has none."""
    try:
        yield
    except SchemaError as error:
        name = Path(source).name if isinstance(source, str | Path) else ""
        if not name or error.table != table or name in str(error):
            raise
        raise SchemaError(table, error.violations, name) from None


def text_ids(values: pd.Series) -> pd.Series:
    """Return ids as stripped text, with missing and empty ones as missing.

    Whole numbers read as floats (because their column had a gap) lose the ``.0`` again, each by
    itself, so that the same person has the same id in every column and file.
    """
    import pandas as pd

    if pd.api.types.infer_dtype(values, skipna=True) in _WITH_FLOATS:
        cells = [whole_number(cell) for cell in values.astype(object)]
        values = pd.Series(cells, index=values.index, name=values.name, dtype=object)
    text = values.astype("string").str.strip()
    return text.where(text != "")


def whole_number(cell: object) -> object:
    """Return a float that is a whole number as an integer, and anything else as it is."""
    import numpy as np

    # Beyond 2^53 a float cannot tell neighbouring numbers apart: it stays as it is.
    if isinstance(cell, float | np.floating):
        number = float(cell)
        if number.is_integer() and abs(number) < 2.0**53:
            return int(number)
    return cell


def group_codes(values: pd.Series) -> tuple[np.ndarray, list[str]]:
    """Return a number for the group of each row, −1 where it is missing, and the groups, sorted.

    Groups are named as :func:`text_ids` names ids.
    """
    import numpy as np
    import pandas as pd

    if isinstance(values.dtype, pd.StringDtype):
        # Few groups have many people: clean what a group is called, not what everybody's is.
        held, called = values.array.factorize()
        names = [str(name).strip() for name in called]
        groups = sorted(set(names) - {""})
        place = {name: at for at, name in enumerate(groups)}
        codes = np.array([*(place.get(name, -1) for name in names), -1], dtype=np.int32)
        return codes.take(held, mode="wrap"), groups
    numbers, found = pd.factorize(text_ids(values), sort=True)
    return np.asarray(numbers, dtype=np.int32), [str(name) for name in found]


def combined(columns: Sequence[tuple[np.ndarray, list[str]]]) -> tuple[np.ndarray, list[str]]:
    """Return the combinations of several groupings that occur, as one grouping.

    Parameters
    ----------
    columns : sequence of (numpy.ndarray, list of str)
        What :func:`group_codes` returns, for each column.

    Returns
    -------
    (numpy.ndarray, list of str)
        The same of the combinations, named as ``sales / senior``; −1 where one part is missing.
        Where two would be called the same, parts with a slash stand in quotation marks.
    """
    import numpy as np

    if len(columns) == 1:
        return columns[0]
    rows = np.stack([codes for codes, _ in columns])
    there = (rows >= 0).all(axis=0)
    found, place = np.unique(rows[:, there], axis=1, return_inverse=True)
    parts = [
        [called[code] for code, (_, called) in zip(one, columns, strict=True)] for one in found.T
    ]
    told = [" / ".join(one) for one in parts]
    if len(set(told)) < len(told):
        told = [" / ".join(map(_quoted, one)) for one in parts]
    order = sorted(range(len(told)), key=told.__getitem__)
    rank = np.empty(len(told), dtype=np.int32)
    rank[order] = np.arange(len(told), dtype=np.int32)
    codes = np.full(rows.shape[1], -1, dtype=np.int32)
    codes[there] = rank[place.reshape(-1)]
    return codes, [told[at] for at in order]


def _quoted(part: str) -> str:
    """Write a part of a name so that no two lists of parts read the same."""
    if "/" not in part and '"' not in part:
        return part
    doubled = part.replace('"', '""')
    return f'"{doubled}"'


def people_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a people table indexed by ``person``, sorted, after checking it.

    Parameters
    ----------
    frame : pandas.DataFrame
        With a column or index ``person`` and any attribute columns. ``addresses`` (joined by
        semicolons) and ``is_bot`` are honoured where present.

    Returns
    -------
    pandas.DataFrame
        A new frame, index ``person`` (text, unique, sorted).

    Raises
    ------
    SchemaError
        If ``person`` is missing, empty somewhere or repeated, or ``is_bot`` is not a boolean.
    """
    table = frame.reset_index() if frame.index.name == "person" else frame.copy()
    require_columns(table, "people", ["person"])
    table["person"] = text_ids(table["person"])
    violations = _people_violations(table)
    if "is_bot" in table.columns:
        flags, bad = _booleans(table["is_bot"])
        if bad.any():
            at = first_rows(table, bad)
            violations.append(f"column 'is_bot' is neither true nor false in {at}: use true, false")
        table["is_bot"] = flags
    if violations:
        raise SchemaError("people", violations)
    table["person"] = table["person"].astype("str")
    return table.set_index("person").sort_index()


def _people_violations(table: pd.DataFrame) -> list[str]:
    violations = []
    empty = table["person"].isna()
    if empty.any():
        violations.append(f"column 'person' is empty in {first_rows(table, empty)}: give an id")
    repeated = table["person"].duplicated() & ~empty
    if repeated.any():
        names = ", ".join(sorted(set(table.loc[repeated, "person"]))[:3])
        at = first_rows(table, repeated)
        violations.append(f"column 'person' repeats {names} in {at}: one row a person")
    return violations


_TRUE = {"true", "1", "yes", "y", "t", "1.0"}
_FALSE = {"false", "0", "no", "n", "f", "0.0", ""}


def _booleans(values: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Read a column of flags; return it and where it is unreadable."""
    text = values.astype("string").str.strip().str.casefold().fillna("")
    flags = text.isin(_TRUE)
    return flags.astype(bool), ~(flags | text.isin(_FALSE))


def relations_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a relations table with all of its columns, after checking it.

    Parameters
    ----------
    frame : pandas.DataFrame
        With ``source``, ``target`` and ``kind``; ``since`` and ``until`` may be left out.

    Returns
    -------
    pandas.DataFrame
        A new frame with the columns of :data:`RELATION_COLUMNS`; days as timestamps in UTC.

    Raises
    ------
    SchemaError
        If a column is missing, an entry of the first three is empty, a day cannot be read, or a
        relation ends before it begins.
    """
    require_columns(frame, "relations", RELATION_COLUMNS[:3])
    table = frame.reindex(columns=list(RELATION_COLUMNS))
    violations = []
    for column in RELATION_COLUMNS[:3]:
        table[column] = text_ids(table[column])
        empty = table[column].isna()
        if empty.any():
            violations.append(f"column {column!r} is empty in {first_rows(table, empty)}: fill it")
    if violations:
        raise SchemaError("relations", violations)
    return with_periods(table, "relations").drop_duplicates(ignore_index=True)


def with_periods(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    """Return a table with ``since`` and ``until`` as days in UTC, missing where open.

    A month or a year without a day is its first day in ``since`` and its last in ``until``.

    Raises
    ------
    SchemaError
        If a day cannot be read or a period ends before it begins.
    """
    import pandas as pd

    frame, violations = frame.copy(), []
    for column in ("since", "until"):
        cells = frame[column] if column in frame.columns else pd.Series(None, index=frame.index)
        text = text_ids(cells)
        days = pd.to_datetime(text, format="ISO8601", errors="coerce", utc=True)
        days = days.astype("datetime64[us, UTC]")
        if (days.isna() & text.notna()).any():
            at = first_rows(frame, days.isna() & text.notna())
            violations.append(f"column {column!r} is no day in {at}: write it as 2026-06-30")
        if column == "until":
            for shape, length in ((r"\d{4}", {"years": 1}), (r"\d{4}-\d{2}", {"months": 1})):
                coarse = text.str.fullmatch(shape).fillna(False).astype(bool)
                last = days + pd.DateOffset(**length) - pd.Timedelta(days=1)  # type: ignore[arg-type]
                days = days.mask(coarse, last)
        frame[column] = days
    turned = frame["until"] < frame["since"]
    if turned.any():
        violations.append(f"'until' is before 'since' in {first_rows(frame, turned)}")
    if violations:
        raise SchemaError(table, violations)
    return frame


def one_of(name: str, value: str, allowed: Sequence[str]) -> str:
    """Return ``value`` if it is allowed; otherwise say which are."""
    from netanalytics.errors import OptionError

    if value not in allowed:
        raise OptionError(f"{name} is {value!r}; it can be {', '.join(allowed)}")
    return value
