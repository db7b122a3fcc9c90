"""What held of people only for a time: teams, employers, relations.

A period has both of its days: ``since`` 2025-03-01 and ``until`` 2025-06-30 is four months. An
empty end is open.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from netanalytics import schema
from netanalytics.errors import SchemaError
from netanalytics.identity import read_people, read_table

if TYPE_CHECKING:
    import pandas as pd

ATTRIBUTES: Mapping[str, tuple[str, ...]] = {
    "organisation": ("organisation", "organization", "company", "employer", "firm"),
    "department": ("department", "division", "unit"),
    "team": ("team", "group"),
}
"""Attributes whose changes are moves, and the usual names of their columns."""

_BOUND = frozenset(name for usual in ATTRIBUTES.values() for name in usual)

_LEGAL = frozenset(
    [
        "ltd", "limited", "inc", "llc", "llp", "plc", "gmbh", "ag", "kg", "bv", "nv", "sa",
        "sas", "sarl", "srl", "oy", "ab", "as", "aps",
    ]
)  # fmt: skip


def folded(name: str) -> str:
    """Return a name as it is compared: without case, accents, signs and legal form.

    Examples
    --------
    >>> folded("  Société  LUMEN GmbH ")
    'societe lumen'
    """
    text = unicodedata.normalize("NFKD", name.casefold())
    words = re.findall(
        r"[^\W_]+", "".join(sign for sign in text if not unicodedata.combining(sign))
    )
    kept = [word for word in words if word not in _LEGAL]
    return " ".join(kept or words)


def in_force(table: pd.DataFrame, when: pd.Timestamp) -> pd.Series:
    """Return which rows of a table with ``since`` and ``until`` hold at a moment.

    Parameters
    ----------
    table : pandas.DataFrame
        Both columns as timestamps in UTC, missing where open.
    when : pandas.Timestamp
        The moment.
    """
    day = when.floor("D")
    begun = table["since"].isna() | (table["since"].dt.floor("D") <= day)
    holds: pd.Series = begun & (table["until"].isna() | (table["until"].dt.floor("D") >= day))
    return holds


def relations_at(relations: pd.DataFrame, when: pd.Timestamp | None) -> pd.DataFrame:
    """Return the declared relations that hold at a moment; all of them without one.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame(
    ...     {"source": "ada", "target": "ben", "kind": ["mentor", "friend"],
    ...      "until": ["2025-06-30", None]}
    ... )
    >>> when = pd.Timestamp("2025-07-01", tz="UTC")
    >>> relations_at(schema.relations_table(rows), when)["kind"].tolist()
    ['friend']
    """
    return relations if when is None else relations[in_force(relations, when)]


def people_at(people: Any, when: pd.Timestamp) -> Any:
    """Return a people table as it was at a moment.

    Parameters
    ----------
    people : pandas.DataFrame, str, Path or None
        A people table. With ``since`` or ``until`` it may have several rows a person, one a
        period; without, it is returned as it is.
    when : pandas.Timestamp
        The moment.

    Returns
    -------
    pandas.DataFrame or None
        One row a person. Teams and employers, and whatever changes for anybody, are those of the
        row in force (the latest, if several are), or missing; the rest holds at any time.

    Raises
    ------
    SchemaError
        If a date cannot be read, a period ends before it begins, or two rows of a person begin
        on the same day.
    """
    frame = read_people(people)
    if frame is None or not {"since", "until"} & set(frame.columns):
        return frame
    import pandas as pd

    table = frame.reset_index() if frame.index.name == "person" else frame.copy()
    schema.require_columns(table, "people", ["person"])
    table["person"] = schema.text_ids(table["person"])
    table = schema.with_periods(table, "people")
    _refuse_two_at_once(table)
    rest = [name for name in table.columns if name not in ("person", "since", "until")]
    holds = table[in_force(table, when)].sort_values("since", kind="stable", na_position="first")
    now = holds.drop_duplicates("person", keep="last").set_index("person")[rest]
    whole = now.reindex(pd.Index(table["person"].dropna().unique(), name="person").sort_values())
    for name in rest:
        by = table.groupby("person")[name]
        if str(name).casefold() not in _BOUND and by.nunique().max() <= 1:
            whole[name] = by.first().reindex(whole.index)
    if "addresses" in rest:
        whole["addresses"] = table.groupby("person")["addresses"].agg(_all_addresses)
    return whole


def _refuse_two_at_once(table: pd.DataFrame) -> None:
    twice = table.duplicated(["person", "since"], keep=False) & table["person"].notna()
    if twice.any():
        names = ", ".join(sorted(set(table.loc[twice, "person"]))[:3])
        at = schema.first_rows(table, twice)
        raise SchemaError(
            "people", [f"two rows of {names} begin on the same day in {at}: say since when each is"]
        )


def _all_addresses(values: pd.Series) -> str | None:
    parts = [part.strip() for cell in values.dropna().astype(str) for part in cell.split(";")]
    return ";".join(dict.fromkeys(part for part in parts if part)) or None


def entries_of(directory: Any, book: Mapping[str, str]) -> dict[str, pd.DataFrame]:
    """Read a directory.

    Parameters
    ----------
    directory : pandas.DataFrame, str or Path
        See :func:`netanalytics.moves`.
    book : mapping of str to str
        Address to person.

    Returns
    -------
    dict of str to pandas.DataFrame
        Attribute to columns person, value, since, until and dated, in the order of persons and
        days. Of what was only ``seen`` on a day, ``since`` is that day and ``until`` open.
    """
    import pandas as pd

    frame = read_table(directory, "directory") if not hasattr(directory, "columns") else directory
    names = {str(name).casefold(): name for name in frame.columns}
    columns = {
        attribute: next(names[name] for name in usual if name in names)
        for attribute, usual in ATTRIBUTES.items()
        if any(name in names for name in usual)
    }
    dated = "since" if "since" in frame.columns else "seen"
    with schema.of_file(directory, "directory"):
        schema.require_columns(frame, "directory", ["person", dated])
    table = frame.reindex(columns=["person", dated, "until", *columns.values()])
    table = table.rename(columns={dated: "since"})
    with schema.of_file(directory, "directory"):
        table = schema.with_periods(table, "directory")
    if dated == "seen":
        table["until"] = table["since"].mask(table["since"].notna())
    table["person"] = [
        book.get(str(name).casefold(), name) for name in schema.text_ids(table["person"])
    ]
    table = table.dropna(subset=["person", "since"]).sort_values(["person", "since"], kind="stable")
    found = {}
    for attribute, column in columns.items():
        filled = table.assign(value=schema.text_ids(table[column])).dropna(subset=["value"])
        value = [" ".join(str(text).split()) for text in filled["value"]]
        filled = filled.assign(value=pd.Series(value, index=filled.index, dtype="str"), dated=dated)
        found[attribute] = filled[["person", "value", "since", "until", "dated"]]
    return found
