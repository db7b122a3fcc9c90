"""One table of people from all sources: who shares an address is one person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from netanalytics import schema
from netanalytics.identity.keys import joins

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
        every address that a source states, and every other id of that person. None if no source
        knows anybody.

    Notes
    -----
    Two rows are one person when an id or address of one is an id or address of the other, without
    regard to case; not by an address of a role, a list or a machine, nor where the names that the
    two show are plainly other people's: such an address is then nobody's (the same rule as in
    :mod:`netanalytics.identity`). The id that stays is a mail address where there is one, otherwise
    the first in the order of text, so that the order of the files changes nothing.
    """
    import pandas as pd

    checked = [schema.people_table(table) for table in tables if len(table)]
    if not checked:
        return None
    rows = pd.concat([table.reset_index() for table in checked], ignore_index=True)
    rows["addresses"] = _undisputed(rows)
    owner = _owners(rows)
    cells = list(_cells(rows))
    rows["stated"] = [";".join(_parts(cell)) for cell in cells]
    rows["other"] = [
        person if person != one else "" for person, one in zip(rows["person"], owner, strict=True)
    ]
    rows["person"] = owner
    flagged = rows["is_bot"].eq(True) if "is_bot" in rows.columns else None
    extra = ["stated", "other", "addresses"]
    whole = rows.drop(columns=extra, errors="ignore").groupby("person").first()
    if flagged is not None:
        # A list that one source knows as such is one in all of them.
        whole["is_bot"] = flagged.groupby(rows["person"]).any()
    addresses = [
        _each_once([*group["stated"], *group["other"]]) for _, group in rows.groupby("person")
    ]
    if any(addresses):
        column = pd.Series(addresses, index=whole.index, dtype="object")
        whole["addresses"] = column.where(column != "")
    whole.index = pd.Index(whole.index, dtype="str", name="person")
    return whole.sort_index()


def _cells(rows: pd.DataFrame) -> Iterable[str]:
    if "addresses" not in rows.columns:
        return [""] * len(rows)
    cells: list[str] = rows["addresses"].fillna("").astype(str).tolist()
    return cells


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def _undisputed(rows: pd.DataFrame) -> list[str]:
    """Return the addresses of each row without those that cannot be one person's."""
    ids = [str(person).casefold() for person in rows["person"]]
    parts = [_parts(cell) for cell in _cells(rows)]
    holders: dict[str, set[int]] = {}
    for number, (person, mine) in enumerate(zip(ids, parts, strict=True)):
        for text in {person, *(part.casefold() for part in mine)}:
            holders.setdefault(text, set()).add(number)
    names = schema.text_ids(rows["name"]).fillna("") if "name" in rows.columns else [""] * len(rows)
    shown = dict(enumerate(names))
    disputed = {
        text
        for text, who in holders.items()
        if len(who) > 1 and len({ids[n] for n in who}) > 1 and not joins(text, map(shown.get, who))
    }
    return [
        ";".join(part for part in mine if part.casefold() not in disputed - {person})
        for person, mine in zip(ids, parts, strict=True)
    ]


def _each_once(cells: Iterable[str]) -> str:
    """Join addresses in the order in which they were stated, each once without regard to case."""
    seen: dict[str, str] = {}
    for cell in cells:
        for part in _parts(cell):
            seen.setdefault(part.casefold(), part)
    return ";".join(seen.values())


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
        first = person.casefold()
        root(first)
        for other in _parts(cell):
            parent[root(other.casefold())] = root(first)
    best: dict[str, str] = {}
    for person in sorted(set(ids), key=lambda name: ("@" not in name, name)):
        best.setdefault(root(person.casefold()), person)
    return [best[root(person.casefold())] for person in ids]
