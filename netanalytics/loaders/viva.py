"""Viva Insights: person-to-person queries hold ties, not contacts, so they are not a log.

Read by the standard library's ``csv``: the query is one plain CSV whose header names itself.
:func:`netanalytics.graph_files.load_network` makes a network of it.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from netanalytics import registry
from netanalytics.errors import LoaderError
from netanalytics.loaders import Batch
from netanalytics.loaders._delimited import cells, cells_in, head_of, simple, table_of

if TYPE_CHECKING:
    import pandas as pd

    from netanalytics.engine import Engine
    from netanalytics.loaders import Options

_PRIMARY, _SECONDARY = "primarycollaborator_", "secondarycollaborator_"
_ENDS = (f"{_PRIMARY}personid", f"{_SECONDARY}personid")
SCORE = "Strong_tie_score"


def recognises(path: Path) -> bool:
    """Say whether a file is a query of Viva Insights, by its header."""
    return query_of(path) is not None


def query_of(path: Path) -> str | None:
    """Return which query a file is: ``person-to-person``, ``meeting``, ``person`` or None."""
    names = _header(path)
    if names.issuperset(_ENDS):
        return "person-to-person"
    if "meetingid" in names and any(name.startswith("number_of_attendees") for name in names):
        return "meeting"
    return "person" if {"personid", "metricdate"} <= names else None


def _header(path: Path) -> set[str]:
    first = head_of(path).split("\n", 1)[0]
    return {simple(cell) for cell in next(cells_in([first], ","), ())}


@registry.loader(
    "viva",
    unit="row",
    read="queries of Viva Insights: person-to-person holds ties without a day (load_network)",
    recognises=recognises,
)
def read(source: Path, options: Options, engine: Engine) -> Batch:
    """Refuse ties without a day, and count what holds no ties.

    Parameters
    ----------
    source : Path
        The file.
    options : Options
        Not used.
    engine : Engine
        Not used.

    Returns
    -------
    Batch
        Without contacts.

    Raises
    ------
    LoaderError
        If it is a person-to-person query: ``load_network`` reads it.
    """
    query = query_of(source) if isinstance(source, Path) else None
    if query is None:
        label = source.name if isinstance(source, Path) else "DataFrame"
        raise LoaderError(f"{label}: this is no query of Viva Insights")
    if query == "person-to-person":
        raise LoaderError(
            f"{source.name}: a Viva person-to-person query holds ties of a month, not contacts: "
            "read it with load_network"
        )
    rows = sum(1 for row in cells(source, ",") if any(row) or not row) - 1
    return Batch(None, skipped=((f"not read: a {query} query says nothing of who met whom", rows),))


def ties_in(path: Path, score: str | None = None) -> tuple[pd.DataFrame, Counter[str], list[str]]:
    """Return the ties of a person-to-person query, with the counts of its rows.

    Parameters
    ----------
    path : Path
        The file.
    score : str, optional
        Column with the strength; ``Strong_tie_score`` by default.

    Returns
    -------
    ties : pandas.DataFrame
        Columns source, target, strength: the scores of several months are averaged, as are the
        two scores of a pair that the query names in both orders.
    counted : Counter
        Rows kept, and skipped by reason.
    notes : list of str

    Raises
    ------
    LoaderError
        If there is no such column.
    """
    import pandas as pd

    table, malformed = table_of(path)
    names = {simple(str(name)): name for name in table.columns}
    column = names.get(simple(score or SCORE))
    if column is None:
        raise LoaderError(f"{path.name}: there is no column {score or SCORE!r} to take as strength")
    rows = pd.DataFrame({"source": table[names[_ENDS[0]]], "target": table[names[_ENDS[1]]]})
    rows["strength"] = pd.to_numeric(table[column], errors="coerce")
    rows["month"] = table[names["metricdate"]].fillna("") if "metricdate" in names else ""
    empty = rows[["source", "target"]].isna().any(axis=1)
    self = (rows["source"] == rows["target"]) & ~empty
    weak = ~(rows["strength"] > 0) & ~empty & ~self
    counted = Counter(
        {
            "no source or target": int(empty.sum()),
            "malformed row": malformed,
            "self-contact": int(self.sum()),
            "no strength above 0": int(weak.sum()),
        }
    )
    rows = rows[~(empty | self | weak)]
    counted["kept"] = len(rows)
    months = max(rows["month"].nunique(), 1)
    ends = rows[["source", "target"]]
    rows = rows.assign(source=ends.min(axis=1), target=ends.max(axis=1))
    mean = rows.groupby(["source", "target", "month"])["strength"].mean()
    ties = (mean.groupby(["source", "target"]).sum() / months).reset_index()
    notes = [f"strength is {column}, averaged over {months} months"] if months > 1 else []
    return ties, counted, notes or [f"strength is {column}"]


def people_in(path: Path) -> pd.DataFrame | None:
    """Return the attributes of people that a person-to-person query states, or None."""
    import pandas as pd

    table, _ = table_of(path)
    sides = []
    for side in (_PRIMARY, _SECONDARY):
        mine = {
            str(name): simple(str(name)).removeprefix(side)
            for name in table.columns
            if simple(str(name)).startswith(side)
        }
        sides.append(table[list(mine)].rename(columns=mine))
    people = pd.concat(sides).rename(columns={"personid": "person"}).dropna(subset=["person"])
    if people.shape[1] < 2:
        return None
    return people.groupby("person", as_index=False).first()
