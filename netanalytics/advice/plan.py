"""A plan of check-ins: whom to write to in which week, under a budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netanalytics.advice import reasons
from netanalytics.advice.ahead import probabilities_ahead
from netanalytics.advice.check_ins import FADING, longest_pause
from netanalytics.advice.occasions import occasions
from netanalytics.advice.wishes import (
    Mine,
    days_until_every,
    days_until_keep,
    meeting_soon,
    mine,
)
from netanalytics.analysis import bridges, decay
from netanalytics.arguments import number, whole

if TYPE_CHECKING:
    from netanalytics.network import Network

COLUMNS = ("day", "week", "contact", "kind", "probability", "last", "occasion", "because")

FEWEST_DAYS = 3
"""Contact days; below, there is no tie yet that could be kept."""

EARLY_WEEKS, EARLY = 1, 0.98
"""Where the week in which a tie is due is full, it may be asked for a week early; it is worth a
little less then, so that no tie is asked for early without need."""

LEAST = 1e-6
"""What asking a fading tie is worth at least, of its value: it takes a place that is left, even
where no probability says that anything is won."""

FRESH = 0.95
"""What a word that arrives is taken to bring the probability to, at most."""


@dataclass(frozen=True)
class Budget:
    """How much may be asked for.

    Parameters
    ----------
    weeks : int
        How far the plan goes.
    per_week : int
        Check-ins a week. Wishes come first and may exceed it.
    threshold : float
        A tie is due on the first day on which, without contact, its probability is below this and
        its silence has reached its own usual pause (median gap, where there is one).
    horizon_days : int
        For that probability, from 7 to 365; whoever has a meeting planned within it is not asked
        for.
    bridging_share : float
        Share of the check-ins kept for ties to people with whom nobody else is shared.

    Examples
    --------
    >>> Budget(weeks=2, per_week=1).threshold
    0.6
    """

    weeks: int = 4
    per_week: int = 3
    threshold: float = 0.6
    horizon_days: int = 30
    bridging_share: float = 0.25

    def __post_init__(self) -> None:
        """Refuse what makes no sense."""
        whole("weeks", self.weeks, least=1, most=52)
        whole("per_week", self.per_week, least=0, most=100)
        whole("horizon_days", self.horizon_days, least=7, most=365)
        for name in ("threshold", "bridging_share"):
            number(name, getattr(self, name), least=0, most=1)


def check_in_plan(
    net: Network,
    *,
    person: str,
    budget: Budget | None = None,
    wishes: pd.DataFrame | None = None,
    journal: pd.DataFrame | None = None,
    value: pd.Series | None = None,
) -> pd.DataFrame:
    """Plan whom to write to in which week.

    Parameters
    ----------
    net : Network
        A network that was built from a log.
    person : str
        Whose plan it is.
    budget : Budget, optional
        How much may be asked for.
    wishes : pandas.DataFrame, optional
        Index ``contact`` or column ``person``; any of every_days, keep, let_rest. They outrank the
        model: a wished rhythm is on its day whatever the budget, a tie to keep is not dropped for
        want of places, and who is to rest is never asked for.
    journal : pandas.DataFrame, optional
        Columns date, person, kind and perhaps until: "done" resets the clock, "snooze" postpones.
    value : pandas.Series, optional
        By contact, above 0: what a tie is worth to the reader; ln(1 + contact days) by default.

    Returns
    -------
    pandas.DataFrame
        In order of day: day, week (from 1), contact, kind (wish, keep, bridging, tie),
        probability (of contact within the horizon as of now), last, occasion, because.

    Raises
    ------
    UndatedError
        If the network has no dates.
    UnknownPersonError
        If there is no such person, or a wish names nobody.

    Notes
    -----
    A check-in in week w keeps value × P(w) × (what contact brings the probability to − P at the
    end of the plan): the chance that the tie is still there to answer, times what is won. The plan
    is the exact optimum of the sum; places reserved for bridging ties are filled with them first.
    Where the week in which a tie is due is full, the week before may be used, but nobody is asked
    for before a pause as long as is usual for the tie. A tie that :func:`check_ins` calls fading is
    due now, whatever its probability.

    Examples
    --------
    >>> import netanalytics as na
    >>> office = na.datasets.office(seed=7)
    >>> net = na.build_network(na.load(office.interactions), people=office.people)
    >>> plan = na.check_in_plan(net, person="ana.frey", budget=Budget(weeks=2, per_week=2))
    >>> bool((plan.groupby("week").size() <= 2).all())
    True
    """
    net.need_dates("check_in_plan")
    budget = budget or Budget()
    me = net.find(person)
    own = mine(net, wishes, journal, me=me)
    table = _candidates(net, me, budget, own)
    table["value"] = np.log1p(table["days"]) if value is None else value.reindex(table.index)
    wished = _wished(net, table, own, budget)
    free = table[~table.index.isin([*wished.index, *own.every])]
    chosen = _chosen(free, budget, wished["week"])
    return _written(pd.concat([wished, chosen]), budget, own)


def _candidates(net: Network, me: str, budget: Budget, own: Mine) -> pd.DataFrame:
    """Return my ties that may be asked about, with their probability at the start of each week."""
    ties = net.ties_of(me)
    source = net.ties.index.get_level_values("source")
    target = net.ties.index.get_level_values("target")
    place = np.flatnonzero((source == me) | (target == me))
    contact = np.where(source[place] == me, target[place], source[place])
    chance = probabilities_ahead(
        net, place, contact, own, weeks=budget.weeks, horizon_days=budget.horizon_days
    )
    table = pd.DataFrame(chance, index=pd.Index(contact, name="contact"))
    table = table.join(ties[["last", "days", "ended", "median_gap_days"]])
    table["longest_gap_days"] = longest_pause(ties)
    fading = decay.stage(net).isin(FADING).to_numpy(dtype=bool)[place]
    table["fading"] = fading & ~_done_since(table, own)
    bridging = bridges.is_local_bridge(net).to_numpy(dtype=bool)[place]
    # In a single mailbox nobody is shared with anybody, and bridging means nothing.
    table["bridging"] = bridging & (len(place) < decay.MAILBOX * len(net.ties))
    assert net.as_of is not None
    today = net.as_of.floor("D")
    table = _with_strangers(table, own)
    table["today"] = today
    free = [own.snoozed.get(name, today) for name in table.index]
    table["not_before"] = [max(int((day.floor("D") - today).days), 1) for day in free]
    table["usual_day"] = _usual_days(table, own, today)
    table["occasion_day"] = pd.Series(
        occasions(net, table.index, budget.weeks), index=table.index, dtype="object"
    )
    left = own.let_rest | meeting_soon(net, me, days=budget.horizon_days)
    return table[~table.index.isin(left)].sort_index()


def _done_since(table: pd.DataFrame, own: Mine) -> np.ndarray:
    """Say which silences that the log sees have ended by what the journal calls done."""
    done = pd.Series(own.done, dtype="datetime64[us, UTC]").reindex(table.index)
    ended: np.ndarray = (done > table["last"].dt.floor("D")).to_numpy(dtype=bool)
    return ended


def _usual_days(table: pd.DataFrame, own: Mine, today: pd.Timestamp) -> list[int]:
    """Return in how many days, 1 or more, the silence of each tie is as long as is usual for it."""
    facts = zip(table.index, table["last"], table["median_gap_days"], table["fading"], strict=True)
    found = []
    for name, last, usual, fading in facts:
        since = own.last_day(str(name), last)
        if since is None or fading or pd.isna(usual):
            found.append(1)
        else:
            found.append(max(1, int((since - today).days + np.ceil(usual))))
    return found


def _with_strangers(table: pd.DataFrame, own: Mine) -> pd.DataFrame:
    """Add those whom I wish to be in touch with and who were never seen in contact with me."""
    missing = sorted(set(own.every) - set(table.index))
    if not missing:
        return table
    strangers = pd.DataFrame(index=pd.Index(missing, name="contact"), columns=table.columns)
    strangers = strangers.assign(days=0, ended=False, fading=False, bridging=False).astype(
        {name: kind for name, kind in table.dtypes.items() if kind.kind != "O"}
    )
    return pd.concat([table, strangers]) if len(table) else strangers


def _wished(net: Network, table: pd.DataFrame, own: Mine, budget: Budget) -> pd.DataFrame:
    """Return the ties for which I have a wish that falls into the plan, on its day."""
    days, kinds = {}, {}
    for contact in table.index:
        row = table.loc[contact]
        until = days_until_every(own, contact, row["last"], row["today"])
        kind = "wish"
        if until is None and contact in own.keep:
            kind = "keep"
            asked = (days_until_keep(net, own, contact, row), _due(row, budget))
            until = min((day for day in asked if day is not None), default=None)
        if until is not None and max(until, row["not_before"]) <= 7 * budget.weeks:
            days[contact], kinds[contact] = max(until, row["not_before"]), kind
    wished = table.loc[list(days)].copy()
    wished["in_days"] = pd.Series(days, dtype="int64").reindex(wished.index).astype("int64")
    wished["week"] = (wished["in_days"] - 1) // 7 + 1
    return wished.assign(kind=pd.Series(kinds, dtype="str").reindex(wished.index))


def _due(row: pd.Series, budget: Budget) -> int | None:
    """Return in how many days a tie is due: at its usual pause, and unlikely; at once if fading."""
    if row["fading"]:
        return 1
    unlikely = _unlikely(row, budget)
    return None if unlikely is None else max(unlikely, int(row["usual_day"]))


def _unlikely(row: pd.Series, budget: Budget) -> int | None:
    """Return in how many days the probability falls below the threshold, between the weeks."""
    days = list(range(0, 7 * budget.weeks + 1, 7))
    chance = np.array([row[day] for day in days], dtype=float)
    below = np.flatnonzero(chance < budget.threshold)
    if not len(below):
        return None
    at = int(below[0])
    if at == 0:
        return 1
    before, after = chance[at - 1], chance[at]
    share = (before - budget.threshold) / max(before - after, 1e-12)
    return max(1, int(np.ceil(days[at - 1] + 7.0 * share)))


def _chosen(free: pd.DataFrame, budget: Budget, taken: pd.Series) -> pd.DataFrame:
    """Choose among ties without a wish, so that the value kept is highest."""
    days = [_due(free.loc[name], budget) for name in free.index]
    free = free.assign(not_before=free[["not_before", "usual_day"]].max(axis=1))
    due = pd.Series(days, index=free.index, dtype="float64").clip(lower=free["not_before"])
    unseen = free["ended"].astype(bool) & ~free["fading"].astype(bool)
    open_ = (due <= 7 * budget.weeks) & ~unseen
    judged = open_ & (free["days"] >= FEWEST_DAYS)
    free, due = free[judged], due[judged].astype("int64")
    used = taken.value_counts()
    room = [max(0, budget.per_week - int(used.get(week + 1, 0))) for week in range(budget.weeks)]
    gain = gains(free, due.to_numpy(), weeks=budget.weeks)
    put_off = (free["not_before"].to_numpy() - 1) // 7
    gain[np.arange(budget.weeks)[None, :] < put_off[:, None]] = 0.0
    week = assign(gain, room, free["bridging"].to_numpy(dtype=bool), budget.bridging_share)
    chosen = free[week >= 0].copy()
    chosen["week"] = week[week >= 0] + 1
    start = (chosen["week"] - 1) * 7 + 1
    until = due.reindex(chosen.index).clip(upper=start + 6)
    chosen["in_days"] = np.maximum.reduce([start, until, chosen["not_before"]]).astype("int64")
    chosen["kind"] = np.where(chosen["bridging"], "bridging", "tie")
    chosen.loc[chosen["ended"].astype(bool), 0] = np.nan  # not judged, as in return_probability
    return chosen


def gains(table: pd.DataFrame, due: np.ndarray, *, weeks: int) -> np.ndarray:
    """Return what a check-in of each tie keeps in each week; 0 long before the tie is due."""
    chance = table[[7 * week for week in range(weeks + 1)]].to_numpy(dtype=float)
    won = np.maximum(FRESH - chance[:, [-1]], 0.0)
    value = table["value"].to_numpy(dtype=float)[:, None]
    kept: np.ndarray = value * chance[:, :-1] * won
    fading = table["fading"].to_numpy(dtype=bool)[:, None]
    kept = np.where(fading, np.maximum(kept, LEAST * value), kept)
    first = (due - 1) // 7
    early = first[:, None] - np.arange(weeks)[None, :]
    at_due = kept[np.arange(len(kept)), first][:, None] * EARLY ** np.maximum(early, 0)
    kept = np.where(early > 0, at_due, kept)
    kept[early > EARLY_WEEKS] = 0.0
    return kept


def assign(gain: np.ndarray, room: Sequence[int], bridging: np.ndarray, share: float) -> np.ndarray:
    """Return the week (from 0) of each tie, or −1, of the best plan.

    Parameters
    ----------
    gain : numpy.ndarray
        One row a tie, one column a week; 0 where it may not be.
    room : sequence of int
        Places in each week.
    bridging : numpy.ndarray
        Which ties reserved places are for.
    share : float
        Share of all places that is reserved, spread over the weeks; bridging ties fill as many of
        them as can be, and what is left is open to all.

    Examples
    --------
    >>> gain = np.array([[3.0, 2.0], [2.5, 0.0], [1.0, 0.9]])
    >>> assign(gain, [1, 1], np.array([False, False, True]), 0.0).tolist()
    [1, 0, -1]
    >>> assign(gain, [1, 1], np.array([False, False, True]), 0.5).tolist()
    [1, -1, 0]
    """
    from scipy.optimize import linear_sum_assignment

    week_of = np.repeat(np.arange(len(room)), room)
    chosen = np.full(len(gain), -1)
    if not len(week_of) or not len(gain):
        return chosen
    reserved = np.zeros(len(week_of), dtype=bool)
    first_of_week = np.argsort(
        np.concatenate([np.arange(places) for places in room]), kind="stable"
    )
    reserved[first_of_week[: int(np.floor(share * len(week_of) + 0.5))]] = True
    slots = gain[:, week_of]
    large = 1.0 + gain.sum()
    bonus = large * (bridging[:, None] & reserved[None, :] & (slots > 0))
    ties, places = linear_sum_assignment(slots + bonus, maximize=True)
    used = slots[ties, places] > 0
    chosen[ties[used]] = week_of[places[used]]
    return chosen


def _written(table: pd.DataFrame, budget: Budget, own: Mine) -> pd.DataFrame:
    """Return the plan with days, occasions and reasons."""
    rows = []
    for contact, row in table.iterrows():
        day, occasion = row["today"] + pd.Timedelta(days=int(row["in_days"])), ""
        if row["occasion_day"] is not None:
            when, what = row["occasion_day"]
            occasion = f"{what} on {reasons.day(when, year=False)}"
            same = (int((when - row["today"]).days) - 1) // 7 + 1 == row["week"]
            early = (when - row["today"]).days < row["not_before"]
            if same and row["kind"] != "wish" and not early:
                day = when
        because = _because(str(contact), row, own)
        rows.append(
            (day, int(row["week"]), contact, row["kind"], row[0], row["last"], occasion, because)
        )
    plan = pd.DataFrame(rows, columns=list(COLUMNS))
    plan = plan.astype(dict.fromkeys(("contact", "kind", "occasion", "because"), "str"))
    return plan.sort_values(["day", "contact"], kind="stable").reset_index(drop=True)


def _because(contact: str, row: pd.Series, own: Mine) -> str:
    since = own.last_day(contact, row["last"])
    silent = None if since is None else max(int((row["today"] - since).days), 0)
    if row["kind"] == "wish":
        return reasons.wish(reasons.every(own.every[contact]), silent)
    assert silent is not None
    start = "You wished to keep this tie. " if row["kind"] == "keep" else ""
    if row["kind"] == "bridging":
        start = "No other contact is shared with this person. "
    if pd.isna(row["median_gap_days"]):
        seen = f"Contact on {reasons.count(row['days'], 'day')}"
        return f"{start}{seen}; none seen for {reasons.count(silent, 'day')}."
    why = reasons.check_in(row["days"], row["median_gap_days"], silent, row["longest_gap_days"])
    return start + why
