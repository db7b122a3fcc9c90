"""First contacts that have had no second one yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netanalytics.advice import reasons
from netanalytics.advice.wishes import Mine, mine
from netanalytics.arguments import whole

if TYPE_CHECKING:
    from netanalytics.network import Network

COLUMNS = ("rank", "person", "contact", "first", "through", "because")

SMALL_EVENT = 10
"""Most others in an event for it to count as having met."""


def follow_ups(
    net: Network,
    *,
    person: str | None = None,
    n: int | None = 10,
    days: int = 45,
    wishes: pd.DataFrame | None = None,
    journal: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """List whom a person met for the first time lately, without a second contact day since.

    How to read it: on real logs a third to a fifth of new ties get a second contact day within 30
    days, and those are later alive more often.

    Parameters
    ----------
    net : Network
        A network with dates.
    person : str, optional
        Whose first contacts; everybody's without it.
    n : int, optional
        How many a person; None for all.
    days : int
        How far back "lately" goes.
    wishes, journal : pandas.DataFrame, optional
        As for :func:`netanalytics.check_in_plan`: who is to rest, is done since or is snoozed is
        not asked for.

    Returns
    -------
    pandas.DataFrame
        Columns rank, person, contact, first, through, because; the latest first. New connections
        that are declared (kind "connection") and have no contact at all are listed as well.

    Raises
    ------
    UndatedError
        If the network has no dates.

    Examples
    --------
    >>> import netanalytics as na
    >>> office = na.datasets.office(seed=7)
    >>> net = na.build_network(na.load(office.interactions), people=office.people)
    >>> list(follow_ups(net, n=1).columns[:3])
    ['rank', 'person', 'contact']
    """
    net.need_dates("follow_ups")
    if n is not None:
        whole("n", n, least=1, also=", or None for all")
    whole("days", days, least=1)
    rows = pd.concat([_met(net, days), _connected(net, days)], ignore_index=True)
    turned = rows.rename(columns={"person": "contact", "contact": "person"})
    both = pd.concat([rows, turned[rows.columns]], ignore_index=True)
    me = None if person is None else net.find(person)
    if me is not None:
        both = both[both["person"] == me]
    both = both[_wanted(net, both, mine(net, wishes, journal, me=me))]
    both = both.sort_values(
        ["person", "first", "contact"], ascending=[True, False, True], kind="stable"
    ).reset_index(drop=True)
    both["rank"] = both.groupby("person").cumcount() + 1
    if n is not None:
        both = both[both["rank"] <= n].reset_index(drop=True)
    return both[list(COLUMNS)]


def _wanted(net: Network, both: pd.DataFrame, own: Mine) -> np.ndarray:
    """Say about whom the reader did not ask to be left alone, and who was not written to since."""
    assert net.as_of is not None
    now = net.as_of + pd.Timedelta(days=1)
    kept = [
        not own.silent(contact, now)
        and not (contact in own.done and own.done[contact] > first.floor("D"))
        for contact, first in zip(both["contact"], both["first"], strict=True)
    ]
    return np.array(kept, dtype=bool)


def _met(net: Network, days: int) -> pd.DataFrame:
    ties = net.ties
    assert net.as_of is not None and net.half_life_days is not None
    age = (net.as_of - ties["last"]).dt.total_seconds() / 86_400.0
    # Strength is 1/(size − 1) a contact, times the discount: on one day that gives the size back.
    faded = ties["n"] * np.exp2(-age / net.half_life_days)
    others = faded / ties["strength"]
    chosen = (
        (ties["days"] == 1)
        & (net.days_since(ties["first"]) <= days)
        & (others <= SMALL_EVENT - 1 + 0.5)
        & ~ties.index.isin(pd.MultiIndex.from_frame(net.planned[["source", "target"]]))
    )
    found = ties[chosen.to_numpy()]
    because = [
        f"First contact on {reasons.day(when)} ({channels.replace(';', ', ')}); "
        "no second day with contact seen since."
        for when, channels in zip(found["first"], found["channels"], strict=True)
    ]
    return pd.DataFrame(
        {
            "person": found.index.get_level_values("source"),
            "contact": found.index.get_level_values("target"),
            "first": found["first"].to_numpy(),
            "through": found["channels"].to_numpy(),
            "because": pd.Series(because, dtype="str"),
        }
    )


def _connected(net: Network, days: int) -> pd.DataFrame:
    """Return declared connections of late without any contact seen."""
    empty = pd.DataFrame(columns=["person", "contact", "first", "through", "because"])
    relations = None if net.log is None else net.log.relations
    if relations is None or "since" not in relations.columns:
        return empty
    since = pd.to_datetime(relations["since"], utc=True, errors="coerce")
    assert net.as_of is not None
    ages = (net.as_of.floor("D") - since.dt.floor("D")).dt.days
    new = relations[(relations["kind"] == "connection") & (ages >= 0) & (ages <= days)]
    rows = []
    tied = set(net.ties.index)
    for one, other, when in zip(new["source"], new["target"], since[new.index], strict=True):
        pair = (min(one, other), max(one, other))
        if pair in tied or not {one, other} <= set(net.people.index):
            continue
        why = f"Connected on {reasons.day(when)}; no contact seen since."
        rows.append((*pair, when.as_unit("us"), "connection", why))
    return pd.DataFrame(rows, columns=empty.columns) if rows else empty
