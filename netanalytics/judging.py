"""From what loaders read to a log: what is no contact is dropped and counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from netanalytics import schema, sql
from netanalytics.interactions import Interactions
from netanalytics.moments import moments

if TYPE_CHECKING:
    import pandas as pd

    from netanalytics.engine import Engine

FAULTS: Mapping[int, str] = {
    0: schema.KEPT,
    1: "unreadable time",
    2: "no source or target",
    3: "self-contact",
    4: "repeat",
    5: f"event of more than {schema.LARGEST_EVENT} people",
}
"""What the numbers in the column ``fault`` of the queries mean."""

SLICE = 40_000
"""Contacts judged at once, unless one day holds more."""

MOST_SLICES = 10
"""Each slice looks through the whole log: a large one is cut into larger slices."""


def from_raw(
    engine: Engine,
    raw: str,
    *,
    files: Sequence[tuple[str, str, str]],
    skipped: Sequence[tuple[int, str, int]] = (),
    people: pd.DataFrame | None = None,
    relations: pd.DataFrame | None = None,
    exported: Mapping[str, int] | None = None,
    notes: Sequence[str] = (),
) -> Interactions:
    """Turn what loaders read into a log: drop what is no contact, and count it.

    Parameters
    ----------
    engine : Engine
        Where the table is.
    raw : str
        Query that gives file (its number), record and the columns of
        :data:`netanalytics.schema.CONTACT_COLUMNS`; it runs several times.
    files : sequence of (str, str, str)
        File name, kind and unit for each file number.
    skipped : sequence of (int, str, int)
        File number, reason and how many records a loader skipped before.
    people, relations : pandas.DataFrame, optional
        What the sources know about people.
    exported : mapping of str to int, optional
        When an origin was exported, in microseconds since 1970; its later rows are planned.
    notes : sequence of str
        What a reader should know.

    Returns
    -------
    Interactions
    """
    judged = _judge(engine, raw)
    marked = " UNION ALL ".join(f"SELECT file, record, fault FROM {table}" for table in judged)
    card = _card(engine.query(sql.text_with_log("card", marked)), files, skipped)
    coverage = engine.query(sql.text_with_log("coverage", raw))
    exported = dict(exported or {})
    looked = coverage["origin"].map(exported).fillna(coverage["last"])
    coverage["last"] = coverage["last"].where(coverage["last"] <= looked, looked.astype("int64"))
    coverage = coverage.assign(first=moments(coverage["first"]), last=moments(coverage["last"]))
    return Interactions(
        engine=engine,
        query=" UNION ALL ".join(sql.text("kept", judged=table) for table in judged),
        card=card,
        coverage=coverage,
        people=people,
        relations=relations,
        exported=exported,
        notes=tuple(notes),
    )


def _judge(engine: Engine, raw: str) -> list[str]:
    """Return the tables of all contacts with what became of each.

    Whether a contact is a repeat, and how many people its event has, rests on rows of the same
    time only. So the log is judged in slices of time: memory is that of a slice.
    """
    judged = []
    for test in _slices(engine, raw):
        # Read once here, since the query below reads it three times.
        part = engine.materialise(f"SELECT * FROM ({raw}) AS whole WHERE {test}")
        sized = sql.text("sized", raw=part)
        text = sql.text_with_log("judged", sized, largest_event=schema.LARGEST_EVENT)
        judged.append(engine.materialise(text))
        engine.drop(part)
    return judged


def _slices(engine: Engine, raw: str) -> list[str]:
    """Return tests of the time that cut a log into slices of whole days."""
    days = engine.query(
        "SELECT floor(cast(time AS double) / 8.64e10) AS day, count(*) AS n "
        f"FROM ({raw}) AS whole WHERE time IS NOT NULL GROUP BY 1 ORDER BY 1"
    )
    most = max(SLICE, int(days["n"].sum()) // MOST_SLICES)
    cuts: list[int] = []
    filled = 0
    for day, n in zip(days["day"], days["n"], strict=True):
        if filled and filled + int(n) > most:
            cuts.append(int(day) * 86_400_000_000)
            filled = 0
        filled += int(n)
    if not cuts:
        return ["true"]
    between = [f"time >= {start} AND time < {end}" for start, end in pairwise(cuts)]
    return [f"(time IS NULL OR time < {cuts[0]})", *between, f"time >= {cuts[-1]}"]


def _card(
    counts: pd.DataFrame,
    files: Sequence[tuple[str, str, str]],
    skipped: Sequence[tuple[int, str, int]],
) -> pd.DataFrame:
    """Return the card: records first; contacts too where a record holds several."""
    import pandas as pd

    rows = []
    for number, (file, kind, unit) in enumerate(files):
        mine = counts[counts["file"] == number]
        records, contacts = (mine[mine["unit"] == name] for name in ("record", "contact"))
        reasons = dict(_reasons(records))
        for place, reason, n in skipped:
            if place == number and n:
                reasons[reason] = reasons.get(reason, 0) + n
        if unit == "file":
            reasons.pop(schema.KEPT)
        rows += [(file, kind, unit, reason, n) for reason, n in reasons.items()]
        if contacts["n"].sum() != records["n"].sum():
            rows += [(file, kind, "contact", reason, n) for reason, n in _reasons(contacts)]
    return pd.DataFrame(rows, columns=list(schema.CARD_COLUMNS))


def _reasons(counts: pd.DataFrame) -> list[tuple[str, int]]:
    found = {int(fault): int(n) for fault, n in zip(counts["fault"], counts["n"], strict=True)}
    found.setdefault(0, 0)
    return [(FAULTS[fault], n) for fault, n in sorted(found.items())]
