"""Files that hold several tables: each is a log, a table of people, or named as not read."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from netanalytics import schema
from netanalytics.errors import LoaderError, SchemaError
from netanalytics.loaders import Batch
from netanalytics.loaders._delimited import simple
from netanalytics.loaders._table import contacts_of, match_columns
from netanalytics.loaders._times import Table

if TYPE_CHECKING:
    import pandas as pd

    from netanalytics.engine import Engine
    from netanalytics.loaders import Options

BATCH = 50_000
"""Rows held in Python before they go to the engine."""

LARGEST_PEOPLE = 1_000_000
NO_TABLE = "not read: neither the columns of a log nor of people"
_IDS = (
    "person", "email", "e-mail", "mail", "email address", "address", "id", "user", "user_id",
    "user id", "person_id", "person id", "employee", "employee_id", "employee id",
)  # fmt: skip
_ATTRIBUTES = frozenset(
    ["name", "full name", "display name", "first name", "last name", "team", "department",
     "organisation", "organization", "company", "title", "job title", "level", "location",
     "office", "manager", "addresses", "is_bot"]
)  # fmt: skip


def register_rows(rows: Iterable[Sequence[Any]], types: dict[str, str], engine: Engine) -> str:
    """Put rows into the engine batch by batch and return the query that gives them, numbered.

    Parameters
    ----------
    rows : iterable of sequence
        Cells in the order of the columns.
    types : dict of str to str
        Columns and their pandas types.
    engine : Engine
        Where they go.

    Returns
    -------
    str
        With a column ``record`` that numbers the rows from 1.
    """
    import pandas as pd

    tables: list[str] = []
    source, done = iter(rows), 0
    while True:
        chunk = list(itertools.islice(source, BATCH))
        if not chunk and tables:
            return " UNION ALL ".join(f"SELECT * FROM {table}" for table in tables)
        frame = pd.DataFrame(chunk, columns=list(types), dtype="object").astype(types)
        frame.insert(0, "record", range(done + 1, done + len(frame) + 1))
        frame["record"] = frame["record"].astype("int64")
        tables.append(engine.register(frame))
        done += len(chunk)


def distinct(names: Iterable[Any]) -> list[str]:
    """Give every column a name of its own, also beside the number of the record."""
    taken, told = {"record"}, []
    for place, name in enumerate(names, start=1):
        wanted = str(name or "").strip()[:200] or f"column_{place}"
        while wanted.casefold() in taken:
            wanted += "_2"
        taken.add(wanted.casefold())
        told.append(wanted)
    return told


def is_log(columns: Sequence[str], options: Options) -> bool:
    """Say whether columns are those of a log."""
    try:
        match_columns(columns, options.mapping, "")
    except LoaderError:
        return False
    return True


def id_column(columns: Sequence[str]) -> str | None:
    """Return the column of ids if columns are those of a table of people, or None."""
    plain = {simple(name): name for name in columns}
    found = next((plain[name] for name in _IDS if name in plain), None)
    others = set(plain) - ({simple(found)} if found else set())
    return found if others & _ATTRIBUTES else None


def part_of(table: Table, part: str, options: Options, engine: Engine) -> Batch:
    """Return what one table of a file holds.

    Parameters
    ----------
    table : Table
        In the engine, with a column ``record``; its label is for messages.
    part : str
        Name of the table inside the file.
    options : Options
        What the user said about it.
    engine : Engine
        Where it is.

    Returns
    -------
    Batch
        Contacts, people, or a count of what is not read.

    Raises
    ------
    LoaderError
        If it is a log whose times cannot be read.
    """
    columns = [name for name in table.types if name != "record"]
    if is_log(columns, options):
        return replace(contacts_of(table, options, engine), label=part)
    ids = id_column(columns)
    rows = engine.size(f"SELECT record FROM {table.name}")
    if ids is not None and rows <= LARGEST_PEOPLE:
        return _people(engine.query(f"SELECT * FROM {table.name} ORDER BY record"), ids, part)
    return Batch(None, skipped=((NO_TABLE, rows),), label=part)


def _people(frame: pd.DataFrame, ids: str, part: str) -> Batch:
    """Return the people of a table; what one cell says wrongly costs that cell only."""
    frame = frame.drop(columns="record").rename(columns=_renamed(frame.columns, ids))
    frame["person"] = schema.text_ids(frame["person"])
    empty = frame["person"].isna()
    again = frame["person"].duplicated() & ~empty
    people = frame[~(empty | again)].reset_index(drop=True)
    notes: tuple[str, ...] = ()
    try:
        schema.people_table(people)
    except SchemaError:
        people = people.drop(columns="is_bot", errors="ignore")
        notes = (f"{part}: is_bot is neither true nor false somewhere, and was left out",)
    counts = (
        ("kept", len(people)),
        ("no id", int(empty.sum())),
        ("another row of the same person", int(again.sum())),
    )
    return Batch(
        None,
        skipped=tuple(count for count in counts if count[1]),
        notes=notes,
        people=people if len(people) else None,
        label=part,
        unit="person",
    )


def _renamed(columns: Iterable[str], ids: str) -> dict[str, str]:
    """Name the columns as people tables do; a second column of a name keeps its own."""
    usual = {
        "organization": "organisation",
        "company": "organisation",
        "job title": "title",
        "full name": "name",
        "display name": "name",
    }
    told = {ids: "person"}
    for name in columns:
        wanted = usual.get(simple(str(name)), simple(str(name)).replace(" ", "_"))
        if name not in told and wanted not in told.values() and wanted != "record":
            told[name] = wanted
    return told


def finished(parts: Iterator[Batch], label: str) -> list[Batch]:
    """Return all parts, or refuse a file none of whose tables can be read.

    Raises
    ------
    LoaderError
        If there is no log and nobody in it.
    """
    batches = list(parts)
    if all(batch.query is None and batch.people is None for batch in batches):
        found = ", ".join((batch.label or "")[:40] for batch in batches[:8]) or "none"
        reason = next((r for b in batches for r, _ in b.skipped if r != NO_TABLE), None)
        raise LoaderError(
            f"{label}: no table in it is a log or a list of people (its tables: {found})"
            + (f"; {reason}" if reason else "")
        )
    return batches
