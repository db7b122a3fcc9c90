"""What people are called, and who is meant by what they are called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from netanalytics import schema
from netanalytics.arguments import shortened
from netanalytics.errors import UnknownPersonError
from netanalytics.identity.names import spoken
from netanalytics.registry import nearest


def labels_of(people: pd.DataFrame) -> pd.Series:
    """Return what to call people, namesakes told apart by their ids: see ``Network.labels``."""
    ids = pd.Series(people.index, index=people.index, dtype="object")
    if "name" in people.columns:
        names = _spoken_names(people)
        names = names.where(~names.duplicated(keep=False), names + " (" + ids + ")")
        ids = names.where(names.notna(), ids)
    return ids.rename("label")


def called(people: pd.DataFrame) -> pd.Series:
    """Return what to call people: the name, also where two share it, otherwise the id."""
    ids = pd.Series(people.index, index=people.index, dtype="object")
    if "name" not in people.columns:
        return ids
    names = _spoken_names(people)
    return names.where(names.notna(), ids)


def _spoken_names(people: pd.DataFrame) -> pd.Series:
    names: pd.Series = schema.text_ids(people["name"]).astype("object")
    return names.map(spoken, na_action="ignore")


def namesakes_of(people: pd.DataFrame, person: str) -> list[str]:
    """Return the others who are called like somebody: see ``Network.namesakes``."""
    names = called(people).astype(str).str.casefold()
    return [str(other) for other in names.index[names == names[person]] if other != person]


def answering(people: pd.DataFrame, query: str) -> list[str]:
    """Return everybody whose id this is, else, without regard to case, address, name or id."""
    if query in people.index:
        return [query]
    wanted = query.strip().casefold()
    for column in ("addresses", "name", "id"):
        found = [
            person
            for person, cell in _cells(people, column)
            if wanted in {part.strip().casefold() for part in cell}
        ]
        if found:
            return found
    return []


def _cells(people: pd.DataFrame, column: str) -> Iterator[tuple[str, list[str]]]:
    if column == "id":
        yield from ((str(person), [str(person)]) for person in people.index)
    if column not in people.columns:
        return
    for person, cell in people[column].dropna().astype(str).items():
        yield str(person), cell.split(";") if column == "addresses" else [cell, spoken(cell)]


def the_one(people: pd.DataFrame, query: str) -> str:
    """Return the id of the one person that a text means: see ``Network.find``."""
    found = answering(people, query)
    if len(found) == 1:
        return found[0]
    if not found:
        raise _nobody(query, [*people.index, *labels_of(people).astype(str)])
    raise UnknownPersonError(
        f"{query!r} means {len(found)} people ({', '.join(found[:5])}"
        f"{', …' if len(found) > 5 else ''}): give the id"
    )


def need_known(people: pd.DataFrame, ids: Iterable[str]) -> None:
    """Raise :class:`UnknownPersonError` if one of these is no text, or nobody's id."""
    ids = list(ids)
    for one in ids:
        if not isinstance(one, str):
            raise UnknownPersonError(
                f"ids are text, and {shortened(one)} is of type {type(one).__name__}: "
                f"give {shortened(str(one))}"
            )
    known = set(people.index)
    strange = sorted(one for one in ids if one not in known)
    if strange:
        raise _nobody(strange[0], people.index)


def _nobody(query: str, names: Iterable[str]) -> UnknownPersonError:
    return UnknownPersonError(f"nobody is called {query!r}{nearest(query, names)}")
