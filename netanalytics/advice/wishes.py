"""My own wishes and what I noted, which outrank any model.

How often to be in touch, whom to keep, whom to let rest; and from the journal, what is done and
what is put off.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from netanalytics.advice import reasons
from netanalytics.errors import OptionError, UnknownPersonError
from netanalytics.moments import instant
from netanalytics.project.wishes import SNOOZE_DAYS
from netanalytics.schema import JOURNAL, require_columns

if TYPE_CHECKING:
    from netanalytics.network import Network

FEWEST_DAYS_TO_KEEP = 3
"""Contact days; below, a tie to keep has no longest pause yet, and a half-life stands for it."""


@dataclass(frozen=True)
class Mine:
    """Wishes and journal by contact.

    Parameters
    ----------
    every : mapping of str to float
        Days after which I want to be in touch again.
    keep, let_rest : frozenset of str
        Whom I want to keep, and whom I do not want to be asked about.
    done : mapping of str to pandas.Timestamp
        When I last ticked somebody off: a contact that no log saw.
    snoozed : mapping of str to pandas.Timestamp
        Until when (that day not included) I do not want to be asked.
    """

    every: Mapping[str, float] = field(default_factory=dict)
    keep: frozenset[str] = frozenset()
    let_rest: frozenset[str] = frozenset()
    done: Mapping[str, pd.Timestamp] = field(default_factory=dict)
    snoozed: Mapping[str, pd.Timestamp] = field(default_factory=dict)

    def silent(self, contact: str, day: pd.Timestamp) -> bool:
        """Say whether I asked not to be reminded of a contact on a day."""
        until = self.snoozed.get(contact)
        return contact in self.let_rest or (until is not None and day < until)

    def last_day(self, contact: str, last: pd.Timestamp | None) -> pd.Timestamp | None:
        """Return the last day with contact, in any channel or by the journal; None without one."""
        seen = None if last is None or pd.isna(last) else last.floor("D")
        done = self.done.get(contact)
        days = [day for day in (seen, done) if day is not None]
        return max(days) if days else None


# ---- reading -----------------------------------------------------------------------------------


def mine(
    net: Network,
    wishes: pd.DataFrame | None = None,
    journal: pd.DataFrame | None = None,
    *,
    me: str | None = None,
) -> Mine:
    """Read wishes and journal.

    Parameters
    ----------
    net : Network
        Whose people they name.
    wishes : pandas.DataFrame, optional
        Any of every_days, keep, let_rest and snoozed_until; by ``contact`` (ids as index, as a
        project gives them), or with a column ``person`` (id, address or unique name).
    journal : pandas.DataFrame, optional
        Columns date, person, kind ("done", "snooze"; others are left alone) and perhaps until.
        Entries after a chosen end of observation are not read. Where the journal is part of the
        log, what is done counts as contact already, and where the end is that of the exports, so
        does what was noted since.
    me : str, optional
        Whose they are; no wish is about oneself.

    Raises
    ------
    SchemaError
        If a column is missing.
    OptionError
        If ``every_days`` is not above 0, or somebody is to be left alone and kept.
    UnknownPersonError
        If a column ``person`` names nobody.
    """
    every, keep, rest, put_off = _wishes(net, wishes, me)
    both = sorted(rest & (keep | set(every)))
    if both:
        raise OptionError(f"{both[0]} is to be left to rest and to be kept: choose one")
    done, snoozed = _journal(net, journal)
    for person, day in _noted_since(net, me).items():
        done[person] = max(day, done.get(person, day))
    snoozed = put_off | snoozed
    return Mine(every, frozenset(keep), frozenset(rest), done, snoozed)


def _wishes(
    net: Network, wishes: pd.DataFrame | None, me: str | None
) -> tuple[dict[str, float], set[str], set[str], dict[str, pd.Timestamp]]:
    put_off: dict[str, pd.Timestamp] = {}
    every: dict[str, float] = {}
    keep: set[str] = set()
    rest: set[str] = set()
    for person, row in _by_contact(net, wishes):
        if person == me:
            continue
        days = row.get("every_days")
        if days is not None and not pd.isna(days):
            every[person] = _days(days, person)
        if _yes(row.get("keep")):
            keep.add(person)
        if _yes(row.get("let_rest")):
            rest.add(person)
        until = row.get("snoozed_until")
        if until is not None and not pd.isna(until):
            put_off[person] = instant(until, "snoozed_until")
    return every, keep, rest, put_off


def _by_contact(net: Network, wishes: pd.DataFrame | None) -> list[tuple[str, dict[Any, Any]]]:
    """Return each wish with the id of its contact; an index may hold people of another network."""
    if wishes is None:
        return []
    rows = wishes.to_dict("records")
    if wishes.index.name == "contact":
        known = wishes.index.isin(net.people.index)
        named = zip(wishes.index, rows, known, strict=True)
        return [(str(person), row) for person, row, is_known in named if is_known]
    require_columns(wishes, "wishes", ["person"])
    return [(net.find(str(row["person"])), row) for row in rows]


def _yes(value: Any) -> bool:
    return value is not None and not pd.isna(value) and bool(value)


def _days(value: Any, person: str) -> float:
    number = pd.to_numeric(value, errors="coerce")
    if pd.isna(number) or not 0 < number < 36_500:
        raise OptionError(f"every_days is {value!r} for {person}: give a number of days above 0")
    return float(number)


def _journal(
    net: Network, journal: pd.DataFrame | None
) -> tuple[dict[str, pd.Timestamp], dict[str, pd.Timestamp]]:
    done: dict[str, pd.Timestamp] = {}
    snoozed: dict[str, pd.Timestamp] = {}
    if journal is None:
        return done, snoozed
    require_columns(journal, "journal", ["date", "person", "kind"])
    chosen = not net.ends_by_itself()
    for row in journal.to_dict("records"):
        day = instant(row["date"], "date").floor("D")
        if net.as_of is None or (chosen and day > net.as_of):
            continue
        try:
            person = net.find(str(row["person"]))
        except UnknownPersonError:
            continue  # a journal outlives the people of one log
        if row["kind"] == "done":
            done[person] = max(day, done.get(person, day))
            snoozed.pop(person, None)
        elif row["kind"] == "snooze":
            until = row.get("until")
            given = until is not None and not pd.isna(until)
            end = instant(until, "until") if given else day + pd.Timedelta(days=SNOOZE_DAYS)
            snoozed[person] = max(end, snoozed.get(person, end))
    return done, snoozed


def _noted_since(net: Network, me: str | None) -> dict[str, pd.Timestamp]:
    """Return whom the journal of the log has in contact with me after the end of the exports."""
    if me is None or net.log is None or net.as_of is None or not net.ends_by_itself():
        return {}
    rows = net.log.where(channel=JOURNAL).between(net.as_of + pd.Timedelta(microseconds=1), None)
    frame = rows.to_frame()[["time", "source", "target"]]
    found: dict[str, pd.Timestamp] = {}
    for time, *ends in frame.itertuples(index=False, name=None):
        try:
            people = {net.find(str(end)) for end in ends}
        except UnknownPersonError:
            continue  # first met since: not in this network yet
        for person in people - {me} if me in people else ():
            found[person] = max(time.floor("D"), found.get(person, time.floor("D")))
    return found


# ---- when they ask -----------------------------------------------------------------------------


def days_until_every(
    own: Mine, contact: str, last: pd.Timestamp | None, today: pd.Timestamp
) -> int | None:
    """Return in how many days a wished rhythm asks for contact (0 or less: now), if there is one.

    ``last`` is the last contact seen in any channel; what the journal calls done counts as well.
    """
    every = own.every.get(contact)
    if every is None:
        return None
    since = own.last_day(contact, last)
    return 0 if since is None else int((since - today).days + np.ceil(every))


def days_until_keep(net: Network, own: Mine, contact: str, tie: Any) -> int | None:
    """Return in how many days the pause of a tie to keep is longer than any before, if it is one.

    Where there is too little history, than a half-life.
    """
    if contact not in own.keep or contact in own.every or tie is None:
        return None
    longest = float(tie["longest_gap_days"])
    thin = tie["days"] < FEWEST_DAYS_TO_KEEP or not longest > 0
    limit = float(net.half_life_days or 90.0) if thin else longest
    since = own.last_day(contact, tie["last"])
    assert since is not None and net.as_of is not None
    return int((since - net.as_of.floor("D")).days + np.floor(limit) + 1)


def meeting_soon(net: Network, me: str, *, days: int | None = None) -> set[str]:
    """Return whom I have a meeting planned with, within so many days if that is said."""
    planned = net.planned
    if days is not None and net.as_of is not None:
        planned = planned[planned["time"] <= net.as_of + pd.Timedelta(days=days)]
    mine_ = planned[(planned["source"] == me) | (planned["target"] == me)]
    return (set(mine_["source"]) | set(mine_["target"])) - {me}


def wished(net: Network, me: str, learnt: pd.DataFrame, own: Mine) -> pd.DataFrame:
    """Put my wishes before what was learnt.

    Parameters
    ----------
    net : Network
        A network with dates.
    me : str
        Whose wishes they are.
    learnt : pandas.DataFrame
        Suggestions from the log: person, contact, last, silence, score, because.
    own : Mine
        Wishes and journal.

    Returns
    -------
    pandas.DataFrame
        The columns of ``learnt`` and ``wish``; without whoever is to rest, is put off, is done
        since or is not due yet.
    """
    assert net.as_of is not None
    ties = net.ties_of(me)
    top = float(learnt["score"].max()) if len(learnt) else 0.0
    busy, tomorrow = meeting_soon(net, me), net.as_of.floor("D") + pd.Timedelta(days=1)
    asked = sorted(set(own.every) | own.keep)
    due = [_due(net, own, contact, ties=ties, top=top) for contact in asked]
    fresh = [
        {"person": me, "wish": True, **one}
        for one in due
        if one is not None
        and one["contact"] not in busy
        and not own.silent(one["contact"], tomorrow)
    ]
    named = {one["contact"] for one in fresh}
    rests = [
        contact in own.every
        or contact in named
        or own.silent(contact, tomorrow)
        or (contact in own.done and own.done[contact] > last.floor("D"))
        for contact, last in zip(learnt["contact"], learnt["last"], strict=True)
    ]
    rest = learnt[~np.array(rests, dtype=bool)].assign(wish=False)
    if not fresh:
        return rest
    table = pd.DataFrame(fresh).astype({"silence": "float64"})
    table["last"] = pd.to_datetime(table["last"], utc=True).astype("datetime64[us, UTC]")
    return pd.concat([table, rest], ignore_index=True) if len(rest) else table


def _due(
    net: Network, own: Mine, contact: str, *, ties: pd.DataFrame, top: float
) -> dict[str, Any] | None:
    """Return the suggestion that a wish asks for now, or None."""
    assert net.as_of is not None
    today = net.as_of.floor("D")
    tie: Any = ties.loc[contact] if contact in ties.index else None
    last = None if tie is None else tie["last"]
    until = days_until_every(own, contact, last, today)
    kept = until is None
    if until is None:
        until = days_until_keep(net, own, contact, tie)
    if until is None or until > 0:
        return None
    since = own.last_day(contact, last)
    silent = None if since is None else int((today - since).days)
    longest = np.nan if tie is None else float(tie["longest_gap_days"])
    over = 10.0 if silent is None else silent / max(silent + until, 1)
    return {
        "contact": contact,
        "last": pd.NaT if last is None else last,
        "silence": np.nan if silent is None or not longest > 0 else silent / longest,
        "score": top + (0.0 if kept else 1.0) + over,
        "because": reasons.wish(None if kept else reasons.every(own.every[contact]), silent),
    }
