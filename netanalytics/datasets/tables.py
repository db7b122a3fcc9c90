"""What an office leaves behind: its tables, as frames and as files."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from netanalytics.datasets.calendar import DAYS, FIRST_DAY
from netanalytics.schema import CONTACT_COLUMNS, RELATION_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from netanalytics.datasets.people import World

_PEOPLE = ("person", "name", "department", "team", "site", "level", "organisation", "is_bot")
_TRUTH = ("kind", "person", "source", "target", "when")
_DIRECTORY = ("person", "team", "organisation", "since", "until")


@dataclass(frozen=True, eq=False)
class Office:
    """An invented workplace, as plain tables.

    Parameters
    ----------
    interactions : pandas.DataFrame
        The log in order of time, with the columns that :func:`netanalytics.load` gives except
        ``origin``. What a contact does not have (a role, an answered event) is missing.
    people : pandas.DataFrame
        Colleagues, external contacts and bots: person, name, department, team, site, level (1 to
        5), organisation, is_bot. Second addresses are not in it: they stand in ``truth``.
    relations : pandas.DataFrame
        Declared supervisors, peers, mentors, sponsors, friends and clients: source, target, kind,
        since, until. Several may hold of one pair.
    truth : pandas.DataFrame
        What was planted: kind, person, source, target, when. Where direction does not matter,
        source < target.
    directory : pandas.DataFrame
        Who was in which team when: person, team, organisation, since, until. A new row is no
        move if it says the same again, in another spelling or after a leave.
    """

    interactions: pd.DataFrame
    people: pd.DataFrame
    relations: pd.DataFrame
    truth: pd.DataFrame
    directory: pd.DataFrame

    def __repr__(self) -> str:
        """Say how large it is."""
        contacts, people = len(self.interactions), len(self.people)
        return f"Office({contacts:,} contacts, {people:,} people)"


def tables_of(world: World) -> Office:
    """Return what has been written down in an office as its tables."""
    # An answer may fall after the last day; an event is unique with its source and target.
    log = [row for row in world.contacts if row[0] < DAYS * 86_400]
    log.sort(key=lambda row: (row[0], row[4], row[1], row[2]))
    return Office(
        _frame(log, CONTACT_COLUMNS[:-1]),
        _frame(sorted(world.people, key=lambda row: str(row[0])), _PEOPLE),
        _frame(world.relations, RELATION_COLUMNS),
        _frame([(*row, *[None] * (5 - len(row))) for row in world.truth], _TRUTH),
        _frame(sorted(world.directory, key=lambda row: (str(row[0]), str(row[3]))), _DIRECTORY),
    )


def _frame(rows: Sequence[tuple[object, ...]], columns: Sequence[str]) -> pd.DataFrame:
    import pandas as pd

    table = pd.DataFrame(rows, columns=list(columns))
    for column in table.columns:
        if column == "time":
            table[column] = pd.Timestamp(FIRST_DAY, tz="UTC") + pd.to_timedelta(table[column], "s")
        if column in ("time", "since", "until", "when"):
            table[column] = pd.to_datetime(table[column], utc=True).astype("datetime64[us, UTC]")
        elif column not in ("size", "directed", "is_bot"):
            table[column] = table[column].astype("Int64" if column == "level" else "str")
    return table


def write_files(place: Office, folder: Path) -> None:
    """Write the tables as CSV files, the same bytes on every platform."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in (field.name for field in fields(place)):
        table: pd.DataFrame = getattr(place, name).copy()
        for column in table.select_dtypes("bool"):
            table[column] = table[column].map({True: "true", False: "false"})
        stamp = "%Y-%m-%dT%H:%M:%SZ" if name == "interactions" else "%Y-%m-%d"
        text = table.to_csv(index=False, lineterminator="\n", date_format=stamp)
        (folder / f"{name}.csv").write_bytes(text.encode())
