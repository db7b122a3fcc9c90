"""Who changed employer, department or team, and when: found in directories and in addresses."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netanalytics.identity import address_book, person_of_each, read_people
from netanalytics.identity.addresses import FREE_MAIL
from netanalytics.moments import micros, moments
from netanalytics.periods import ATTRIBUTES, entries_of, folded

if TYPE_CHECKING:
    import pandas as pd

    from netanalytics.interactions import Interactions

MOVE_COLUMNS = (
    "person",
    "attribute",
    "before",
    "after",
    "month",
    "last_before",
    "first_after",
    "because",
)

OVERLAP_DAYS = 31
"""An old address may still be written from for so many days after the new one is first seen."""

FEWEST_USES = 3
"""Contacts that an address must have before it counts as evidence."""

SAME_MOVE_DAYS = 92
"""Two sources that tell of one change within so many days tell of the same move."""

SURE_ENOUGH = 0.98
"""Proposals that are at least this sure show moves of people who are not decided to be one."""


@dataclass(frozen=True)
class _Seen:
    """That a source saw somebody somewhere, from one day to another."""

    name: str
    first: pd.Timestamp
    last: pd.Timestamp | None


def moves(
    log: Interactions | None = None,
    *,
    people: pd.DataFrame | str | Path | None = None,
    directories: Iterable[pd.DataFrame | str | Path] = (),
    proposals: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Find who changed employer, department or team, and in which month.

    Parameters
    ----------
    log : Interactions, optional
        Where addresses are used: one that falls silent while another, at a different domain,
        takes over is a change of employer.
    people : pandas.DataFrame, str or Path, optional
        Whose ``addresses`` make several ids one person; with ``since`` also a directory.
    directories : iterable of pandas.DataFrame, str or Path
        Tables with ``person`` (an id or address) and ``organisation``, ``department`` or
        ``team``, and either ``since`` (and ``until``): when it was so; or ``seen``: the day on
        which a profile, a contact card or a snapshot said so.
    proposals : pandas.DataFrame, optional
        Columns a, b and confidence: which ids may be one person, though nobody has decided it. What
        is at least 98 % sure shows changes of employer too, and the row says on what it rests.

    Returns
    -------
    pandas.DataFrame
        Columns person, attribute, before, after, month (text, ``2026-03``: when the later is
        first known), last_before, first_after (the days between which it changed), because.

    Notes
    -----
    Not a move: another spelling, a return to the same place after a leave, a second address in use
    at the same time, private mail. Two sources that tell of one change are one row.

    Examples
    --------
    >>> import pandas as pd
    >>> entries = {"person": "ada", "team": ["Oak", "Elm"], "since": ["2024-01-01", "2026-03-01"]}
    >>> moves(directories=[pd.DataFrame(entries)])[["person", "before", "after", "month"]].values
    array([['ada', 'Oak', 'Elm', '2026-03']], dtype=object)
    """
    import pandas as pd

    table = read_people(people)
    if table is not None and "person" in table.columns:
        table = table.set_index("person")
    book = address_book(table)
    periods = [] if table is None or "since" not in table.columns else [table.reset_index()]
    entries = [entries_of(directory, book) for directory in [*periods, *directories]]
    found = [row for told in entries for row in _in_directory(told)]
    uses = None if log is None else _placed(_uses(log), table)
    firms = _firms(table)
    found += [] if uses is None else _in_addresses(uses, firms)
    for perhaps in _undecided(proposals, table):
        told = [row for row in found if row[0] in perhaps.persons]
        found += [
            row
            for row in _if_one(perhaps, entries, uses, firms)
            if not any(_same_move(one[:6], (one[0], row[1], row[3], row[5])) for one in told)
        ]
    rows = pd.DataFrame(_once(found), columns=list(MOVE_COLUMNS))
    return rows.sort_values(["person", "attribute", "first_after"], ignore_index=True)


def _in_directory(entries: Mapping[str, pd.DataFrame]) -> list[tuple[Any, ...]]:
    """Compare what a directory says of each person from entry to entry."""
    found = []
    for attribute, filled in entries.items():
        for person, mine in filled.groupby("person", sort=True):
            seen_only = (mine["dated"] == "seen").all()
            word = "two dated entries differ" if seen_only else "a directory says so"
            found += _changes(str(person), attribute, _seen(mine), word)
    return found


def _seen(entries: pd.DataFrame) -> list[_Seen]:
    """Return where a source saw somebody; of an entry that is still open, the end is not known."""
    import pandas as pd

    return [
        _Seen(
            row.value,
            row.since,
            row.since if row.dated == "seen" else (None if pd.isna(row.until) else row.until),
        )
        for row in _rows(entries)
    ]


def _changes(person: str, attribute: str, seen: Sequence[_Seen], why: str) -> list[tuple[Any, ...]]:
    import pandas as pd

    found = []
    for one, other in pairwise(seen):
        if folded(one.name) == folded(other.name):
            continue
        last = one.last if one.last is not None else other.first - pd.Timedelta(days=1)
        last = min(last, other.first)
        found.append((person, attribute, one.name, other.name, last, other.first, why))
    return found


def _placed(used: pd.DataFrame, people: pd.DataFrame | None) -> pd.DataFrame:
    """Return the uses of addresses that may say for whom somebody works, with their persons."""
    used = used.assign(
        person=person_of_each(used.index, people), domain=[_domain(name) for name in used.index]
    )
    placed: pd.DataFrame = used[used["domain"] != ""]
    return placed


def _in_addresses(used: pd.DataFrame, firms: Mapping[str, str]) -> list[tuple[Any, ...]]:
    """Find persons whose address at one domain gave way to one at another."""
    several = used.groupby("person")["domain"].transform("nunique") > 1
    found = []
    for person, mine in used[several].groupby("person", sort=True):
        by = mine.groupby("domain").agg(
            first=("first", "min"), last=("last", "max"), n=("n", "sum")
        )
        by = by[by["n"] >= FEWEST_USES].sort_values(["first", "last"], kind="stable")
        rows: list[Any] = list(by.itertuples())
        for one, other in pairwise(rows):
            gap = (other.first - one.last) / 86_400_000_000
            if gap < -OVERLAP_DAYS or other.last < one.last or _same_domain(one[0], other[0]):
                continue
            last, first = (
                moments(_series([x])).iloc[0].floor("D") for x in (one.last, other.first)
            )
            names = [firms.get(str(row[0]), str(row[0])) for row in (one, other)]
            why = f"{one[0]} gave way to {other[0]}"
            found.append((str(person), "organisation", *names, min(last, first), first, why))
    return found


# ---- moves of people who are not yet decided to be one -----------------------------------------


@dataclass(frozen=True)
class _Perhaps:
    """Persons who may be one: who stands for them, who they are, and on what that rests."""

    person: str
    persons: frozenset[str]
    rests_on: str


def _undecided(proposals: pd.DataFrame | None, people: pd.DataFrame | None) -> list[_Perhaps]:
    """Return the persons that sure proposals would join."""
    if proposals is None:
        return []
    sure = proposals[proposals["confidence"] >= SURE_ENOUGH].sort_values(["a", "b"])
    book = address_book(people)
    known = {} if people is None else dict(people.notna().sum(axis=1))
    told: dict[str, list[tuple[str, str, float]]] = {}
    group: dict[str, set[str]] = {}
    for a, b, confidence in sure[["a", "b", "confidence"]].itertuples(index=False, name=None):
        one, other = (name if name in known else book.get(name.casefold(), name) for name in (a, b))
        if one == other:
            continue
        mine = group.get(one, {one}) | group.get(other, {other})
        rows = [*told.pop(min(group.get(one, {one})), []), (a, b, confidence)]
        rows += told.pop(min(group.get(other, {other})), [])
        told[min(mine)] = rows
        group |= dict.fromkeys(mine, mine)
    found = []
    for first, rows in sorted(told.items()):
        # Of whom most is known stands for the others: the row of a table before a bare address.
        person = min(group[first], key=lambda name: (-known.get(name, 0), name))
        sides = [
            f"{a} and {b} are one person ({math.floor(100 * p) / 100:.2f} sure)"
            for a, b, p in sorted(rows)
        ]
        text = f"if {' and '.join(sides)}, which is not decided"
        found.append(_Perhaps(person, frozenset(group[first]), text))
    return found


def _if_one(
    perhaps: _Perhaps,
    entries: Sequence[Mapping[str, pd.DataFrame]],
    uses: pd.DataFrame | None,
    firms: Mapping[str, str],
) -> list[tuple[Any, ...]]:
    """Find changes of employer that show only if several persons are one."""
    found: list[tuple[Any, ...]] = []
    if uses is not None:
        mine = uses[uses["person"].isin(perhaps.persons)]
        if mine["person"].nunique() > 1:
            found += _in_addresses(mine.assign(person=perhaps.person), firms)
    for told in entries:
        filled = told.get("organisation")
        if filled is None:
            continue
        mine = filled[filled["person"].isin(perhaps.persons)].sort_values("since", kind="stable")
        seen = _seen(mine)
        places = [folded(one.name) for one in seen]
        runs = 1 + sum(one != other for one, other in pairwise(places))
        ended = all(
            one.last is not None and one.last <= other.first for one, other in pairwise(seen)
        )
        # Back and forth, or at two places at once, are rather two people than one who moves.
        if mine["person"].nunique() > 1 and runs == len(set(places)) and ended:
            found += _changes(perhaps.person, "organisation", seen, "two dated entries differ")
    return [(*row[:-1], f"{row[-1]}, {perhaps.rests_on}") for row in found]


def _rows(frame: pd.DataFrame) -> Iterable[Any]:
    return frame.itertuples(index=False)


def _series(values: Sequence[int]) -> pd.Series:
    import pandas as pd

    return pd.Series(values)


def _uses(log: Interactions) -> pd.DataFrame:
    """Return, an id: when it was first seen, last used by its owner, and how often seen.

    Others may go on writing to an address that is no longer used.
    """
    rows = log.engine.query(
        "SELECT id, min(time) AS first, max(CASE WHEN own THEN time END) AS own_last, "
        "max(time) AS any_last, count(*) AS n FROM ("
        f"SELECT source AS id, time, true AS own FROM ({log.query}) AS a UNION ALL "
        f"SELECT target AS id, time, NOT directed AS own FROM ({log.query}) AS b"
        ") AS used GROUP BY id ORDER BY id"
    )
    last = rows["own_last"].where(rows["own_last"].notna(), rows["any_last"])
    table = rows[["first", "n"]].assign(last=last.astype("int64")).astype("int64")
    return table.set_index(rows["id"].astype("str"))


def _domain(name: str) -> str:
    """Return the domain of an address that may say for whom somebody works."""
    _, sign, domain = name.casefold().rpartition("@")
    return domain if sign and domain not in FREE_MAIL else ""


def _same_domain(one: str, other: str) -> bool:
    """Say whether one is a part of the other: ``mail.lumen.example`` of ``lumen.example``."""
    return one.endswith(f".{other}") or other.endswith(f".{one}")


def _firms(people: pd.DataFrame | None) -> dict[str, str]:
    """Return the organisation that each domain stands for, where a people table tells."""
    if people is None:
        return {}
    column = next((name for name in ATTRIBUTES["organisation"] if name in people.columns), None)
    if column is None:
        return {}
    names = sorted({str(name) for name in people[column].dropna()})
    by_label = {folded(name).replace(" ", ""): name for name in names}
    firms: dict[str, dict[str, int]] = {}
    for person, name in people[column].dropna().items():
        domain = _domain(str(person))
        if domain:
            counts = firms.setdefault(domain, {})
            counts[str(name)] = counts.get(str(name), 0) + 1
    told = {domain: max(sorted(counts), key=counts.__getitem__) for domain, counts in firms.items()}
    cells: Iterable[Any] = people["addresses"].dropna() if "addresses" in people.columns else ()
    for address in (part.strip() for cell in cells for part in str(cell).split(";")):
        domain = _domain(address)
        label = domain.split(".", maxsplit=1)[0].replace("-", "")
        if domain and label in by_label:
            told.setdefault(domain, by_label[label])
    return told


def _once(found: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Join what several sources tell of one change; the narrowest span of days is kept."""
    kept: list[list[Any]] = []
    for person, attribute, before, after, last, first, why in sorted(
        found, key=lambda row: (row[0], row[1], micros(row[5]), row[6])
    ):
        twin = next(
            (row for row in kept if _same_move(row, (person, attribute, after, first))), None
        )
        if twin is None:
            kept.append([person, attribute, before, after, last, first, [why]])
            continue
        if first - last < twin[5] - twin[4]:
            twin[4:6] = [last, first]
        twin[6] += [why] * (why not in twin[6])
    return [(*row[:4], f"{row[5]:%Y-%m}", row[4], row[5], "; ".join(row[6])) for row in kept]


def _same_move(row: Sequence[Any], other: tuple[Any, ...]) -> bool:
    person, attribute, after, first = other
    near = abs((row[5] - first).days) <= SAME_MOVE_DAYS
    return bool(
        row[0] == person and row[1] == attribute and near and folded(row[3]) == folded(after)
    )
