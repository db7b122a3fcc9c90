"""One table of people from all sources: who shares an address is one person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from netanalytics import schema

if TYPE_CHECKING:
    import pandas as pd


def joined_people(tables: Sequence[pd.DataFrame]) -> pd.DataFrame | None:
    """Join what the sources know about people.

    Parameters
    ----------
    tables : sequence of pandas.DataFrame
        One a source, with ``person`` and any attributes, in the order of the sources.

    Returns
    -------
    pandas.DataFrame or None
        One row a person. The first source that states a value is believed; ``addresses`` holds
        every other id and address of that person. None if no source knows anybody.

    Notes
    -----
    Two rows are one person when an id or address of one is an id or address of the other, without
    regard to case. The id that stays is a mail address where there is one, otherwise the first in
    the order of text, so that the order of the files changes nothing.
    """
    import pandas as pd

    checked = [schema.people_table(table) for table in tables if len(table)]
    if not checked:
        return None
    rows = pd.concat([table.reset_index() for table in checked], ignore_index=True)
    owner = _owners(rows)
    rows["address"] = [
        ";".join(_names(person, cell))
        for person, cell in zip(rows["person"], _cells(rows), strict=True)
    ]
    rows["person"] = owner
    flagged = rows["is_bot"].eq(True) if "is_bot" in rows.columns else None
    whole = rows.drop(columns=["address", "addresses"], errors="ignore").groupby("person").first()
    if flagged is not None:
        # A list that one source knows as such is one in all of them.
        whole["is_bot"] = flagged.groupby(rows["person"]).any()
    addresses = rows.groupby("person")["address"].agg(";".join)
    others = [_others(str(person), cell) for person, cell in addresses.items()]
    if any(others):
        whole["addresses"] = pd.Series(others, index=addresses.index).where(lambda cell: cell != "")
    whole.index = pd.Index(whole.index, dtype="str", name="person")
    return whole.sort_index()


def _cells(rows: pd.DataFrame) -> Iterable[str]:
    if "addresses" not in rows.columns:
        return [""] * len(rows)
    cells: list[str] = rows["addresses"].fillna("").astype(str).tolist()
    return cells


def _names(person: str, cell: str) -> list[str]:
    return [person, *(part.strip() for part in cell.split(";") if part.strip())]


def _others(person: str, cell: str) -> str:
    """Return the ids and addresses of a person besides the id, each once, sorted."""
    seen = {name.casefold(): name for name in sorted(cell.split(";"), reverse=True)}
    seen.pop(person.casefold(), None)
    return ";".join(sorted(seen.values()))


def _owners(rows: pd.DataFrame) -> list[str]:
    """Return the id under which each row's person stands."""
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent.setdefault(name, name) != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    ids = [str(person) for person in rows["person"]]
    for person, cell in zip(ids, _cells(rows), strict=True):
        first, *rest = (name.casefold() for name in _names(person, cell))
        for other in rest:
            parent[root(other)] = root(first)
    best: dict[str, str] = {}
    for person in sorted(set(ids), key=lambda name: ("@" not in name, name)):
        best.setdefault(root(person.casefold()), person)
    return [best[root(person.casefold())] for person in ids]
