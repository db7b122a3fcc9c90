"""Who is who in a log: what the sources and the user's own table know, resolved together.

The one place where a log, a table of people and a file of decisions meet; what comes out of it is
the table that :func:`netanalytics.build_network` takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netanalytics import schema
from netanalytics.identity import address_book, people_of, read_people
from netanalytics.identity.decisions import Decisions, read_decisions
from netanalytics.identity.resolution import Resolution, merged_people, resolve
from netanalytics.interactions import contact_counts, last_contact
from netanalytics.moments import end_of_day
from netanalytics.periods import ATTRIBUTES, entries_of, folded, in_force, people_at

if TYPE_CHECKING:
    import pandas as pd

    from netanalytics.interactions import Interactions


def identify(
    log: Interactions,
    *,
    people: pd.DataFrame | str | Path | None = None,
    decisions: Decisions | str | Path | None = None,
    as_of: Any = None,
    propose: bool = True,
) -> Resolution:
    """Find out which addresses, handles and profiles of a log are one person.

    Parameters
    ----------
    log : Interactions
        The contacts, and what their sources know about people.
    people : pandas.DataFrame, str or Path, optional
        Table of people; it is believed before the sources, and its ids stand for their persons.
    decisions : Decisions, str or Path, optional
        What the user decided, as a file; it always wins.
    as_of : date, timestamp or text, optional
        Which day's teams and employers ``table`` shows, where ``people`` has periods; the last
        contact by default.
    propose : bool
        Whether to look for proposals too, which takes most of the time.

    Returns
    -------
    Resolution
        ``table`` is for ``build_network(log, people=…)``: one row a person with all addresses;
        roles, lists and machines are set apart in it.

    Examples
    --------
    >>> import pandas as pd
    >>> import netanalytics as na
    >>> rows = [("2026-01-05", "ada@x.org", "ben@x.org"), ("2026-01-06", "ben@x.org", "Ada@X.org")]
    >>> log = na.load(pd.DataFrame(rows, columns=["time", "source", "target"]))
    >>> found = na.identify(log)
    >>> na.build_network(log, people=found.table)
    Network(2 people, 1 ties, as of 2026-01-06)
    """
    stated = _stated(log, people, as_of)
    if isinstance(decisions, str | Path):
        decisions = read_decisions(decisions)
    if decisions is not None:
        decisions = decisions.without(log.hidden.hides)
    counts = contact_counts(log)
    whole = _both(stated, log.people)
    found = resolve(
        whole,
        counts,
        decisions=decisions,
        propose=propose,
        standing=None if stated is None else frozenset(map(str, stated.index)),
    )
    table = merged_people(whole, found)
    if stated is not None:
        # Whom only a card or a profile knows is nobody in a network that has a table of its own.
        wanted = {*map(str, stated.index), *counts["source"], *counts["target"]}
        owners = found.people.loc[found.people["identity"].isin(wanted), "person"]
        table = table[table.index.isin(set(owners))]
    return found.with_table(table)


def at_the_time(
    people: pd.DataFrame, directories: Iterable[pd.DataFrame | str | Path], when: pd.Timestamp
) -> pd.DataFrame:
    """Return a table of people with the teams and employers that directories say of a day.

    Parameters
    ----------
    people : pandas.DataFrame
        Index ``person``; what it says stands for whoever is in no directory.
    directories : iterable of pandas.DataFrame, str or Path
        As for :func:`netanalytics.moves`: ``person`` (an id or address), attributes, and ``since``
        with ``until``, or ``seen``, which holds until the next time that somebody was seen.
    when : pandas.Timestamp
        The day.

    Returns
    -------
    pandas.DataFrame
        In the spelling of ``people`` where it knows the value. Missing where a directory knows
        somebody, but not on that day.

    Examples
    --------
    >>> import pandas as pd
    >>> people = pd.DataFrame({"team": ["Elm", "Elm"]}, index=pd.Index(["a", "b"], name="person"))
    >>> entries = {"person": "a", "team": ["OAK", "Elm"], "since": ["2024-01-01", "2026-03-01"]}
    >>> at_the_time(people, [pd.DataFrame(entries)], pd.Timestamp("2025-01-01", tz="UTC"))["team"]
    person
    a    OAK
    b    Elm
    Name: team, dtype: str
    """
    whole = people.copy()
    book = address_book(people) | {str(person).casefold(): str(person) for person in people.index}
    for directory in directories:
        for attribute, entries in entries_of(directory, book).items():
            told = entries[entries["person"].isin(whole.index)]
            column = next(
                (name for name in whole.columns if str(name).casefold() in ATTRIBUTES[attribute]),
                attribute,
            )
            spelt = {folded(str(value)): value for value in _values(whole, column)}
            holds = told[in_force(told, when)].drop_duplicates("person", keep="last")
            values = {
                person: spelt.setdefault(folded(value), value)
                for person, value in zip(holds["person"], holds["value"], strict=True)
            }
            column_now = whole[column] if column in whole.columns else None
            known = set(told["person"])
            whole[column] = [
                values.get(person)
                if person in known
                else (None if column_now is None else column_now[person])
                for person in whole.index
            ]
            whole[column] = whole[column].astype("str")
    return whole


def _values(people: pd.DataFrame, column: str) -> list[str]:
    """Return the values of a column, the usual spelling of each last."""
    if column not in people.columns:
        return []
    counts = people[column].dropna().astype(str).value_counts()
    return sorted(counts.index, key=lambda value: (counts[value], value))


def _stated(log: Interactions, people: Any, as_of: Any) -> pd.DataFrame | None:
    """Return the user's table as it was at a day."""
    frame = read_people(people)
    if frame is None:
        return None
    with schema.of_file(people, "people"):
        if {"since", "until"} & set(frame.columns):
            frame = people_at(frame, end_of_day(as_of) if as_of is not None else last_contact(log))
        return people_of(frame)


def _both(stated: pd.DataFrame | None, found: pd.DataFrame | None) -> pd.DataFrame | None:
    """Return what the user's table says, and beside it what the sources know."""
    if stated is None or found is None:
        return found if stated is None else stated
    whole = stated.combine_first(found)
    if "addresses" in stated.columns and "addresses" in found.columns:
        # Both lists hold: one does not stand for the other.
        cells: Sequence[Any] = [stated["addresses"], found["addresses"]]
        lists = [cell.reindex(whole.index).fillna("").astype(str) for cell in cells]
        book = address_book(stated)
        theirs = [
            ";".join(
                part
                for part in cell.split(";")
                if book.get(part.strip().casefold(), person) == person
            )
            for person, cell in lists[1].items()
        ]
        joined = [f"{one};{two}".strip(";") for one, two in zip(lists[0], theirs, strict=True)]
        whole["addresses"] = [cell or None for cell in joined]
    return whole
