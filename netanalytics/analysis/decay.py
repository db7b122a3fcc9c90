"""How ties age: silence against a tie's own longest gap, the probability of contact within a
horizon, and the stage that follows from both.

All days are calendar days in UTC.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from netanalytics import registry
from netanalytics.arguments import whole
from netanalytics.errors import OptionError
from netanalytics.registry import unknown
from netanalytics.returns import model as models
from netanalytics.returns.features import EVERY
from netanalytics.returns.priors import FORMS
from netanalytics.returns.snapshots import SUMS
from netanalytics.ties import coded_contacts, day_after

if TYPE_CHECKING:
    from netanalytics.network import Network

FEWEST_DAYS_FOR_SILENCE = 3
"""Contact days; with two there is a single gap, and nothing says whether that is a long one."""

FEWEST_DAYS_FOR_STAGE = 5
"""Contact days; four gaps are the least from which a habit can be told from an accident."""

COVERED_SHARE = 0.9
"""Share of a tie's contact days that channels still covered must have held: a tie that lived
elsewhere is not silent because the rest of it is. With one channel of an office cut off, a smaller
share called up to 2.2 % of the judged ties fading that were not; this one stays below 1 %."""

NEW_DAYS = 45
"""A first contact this recent has not had the time to show a rhythm, weekly or monthly."""

RETURN_DAYS = 90
"""For as long as a quarter it is worth knowing that a tie came back after a quarter's silence."""

COOLING_SILENCE, COOLING_DAYS = 1.0, 21
"""Longer than ever before, and longer than the three weeks that a holiday takes."""

DORMANT_SILENCE, DORMANT_DAYS = 2.0, 60
"""Twice as long as ever before, and two months, so that a daily contact is not written off for
having been away."""

STAGE_HORIZON = 30
COOLING_PROBABILITY, DORMANT_PROBABILITY = 0.9, 0.25
"""A pause longer than any before is called cooling only where contact within 30 days is less than
nine in ten, and dormant only where it is less than one in four. What became of ties in each stage
on one's own log is what :func:`netanalytics.backtest` shows."""

SHORTEST_HORIZON, LONGEST_HORIZON = 7, 365

MAILBOX = 0.95
"""One person at an end of this share of all ties: a single mailbox, not a whole log."""

NOT_JUDGED = "not judged"


@registry.metric(
    "silence",
    per="tie",
    unit="longest gaps (1 = as long as the longest gap so far)",
    read="How long a tie has been silent against its own longest gap; above 1 is unusual for it.",
    formula="calendar days since the last contact day / longest gap between contact days",
    reference="compare Miritello et al. (2013), Limited communication capacity unveils strategies "
    "for human interaction, Scientific Reports 3",
    dated=True,
)
def silence(net: Network) -> pd.Series:
    """Return how long every tie has been silent, in units of its longest gap so far.

    How to read it: 0 with contact on the last day, 1 when the silence equals the longest gap
    there has been, above 1 when it has never been silent for so long. The longest gap, not the
    usual one: against the usual gap nearly every tie of an old log would be silent.

    Formula: calendar days from the last contact day to the day of ``as_of`` / longest gap between
    two consecutive contact days.

    Parameters
    ----------
    net : Network
        A network with dates.

    Returns
    -------
    pandas.Series
        By tie, in longest gaps, 0 or more. NaN with fewer than 3 contact days. Where one of the
        tie's channels is no longer covered, only the others count, and it is NaN (not judged)
        with fewer than 5 contact days on these, or less than nine tenths of its contact days.

    Raises
    ------
    UndatedError
        If the network has no dates.

    References
    ----------
    Compare Miritello, Lara, Cebrian, Moro (2013), Scientific Reports 3.

    Examples
    --------
    >>> import pandas as pd
    >>> import netanalytics as na
    >>> days = ["2026-04-20", "2026-04-30", "2026-05-10", "2026-05-20", "2026-05-30", "2026-06-24"]
    >>> rows = {"time": days, "source": "ada", "target": ["bob"] * 5 + ["cy"]}
    >>> net = na.build_network(na.load(pd.DataFrame(rows)), as_of="2026-06-24")
    >>> silence(net).to_dict()
    {('ada', 'bob'): 2.5, ('ada', 'cy'): nan}
    """
    net.need_dates("silence")
    ties = net.ties
    ended = ties["ended"].to_numpy(dtype=bool)
    whole = ties["longest_gap_days"].to_numpy(dtype=float)
    covered = ties["covered_gap_days"].to_numpy(dtype=float)
    gap = np.where(ended, covered, whole)
    enough = np.where(
        ended,
        ties["covered_days"] >= np.maximum(FEWEST_DAYS_FOR_STAGE, COVERED_SHARE * ties["days"]),
        ties["days"].to_numpy() >= FEWEST_DAYS_FOR_SILENCE,
    )
    values = np.full(len(ties), np.nan)
    np.divide(_days_since(net, "last"), gap, out=values, where=enough & (gap > 0))
    return net.per_tie(values, "silence")


@registry.metric(
    "stage",
    per="tie",
    unit="new, active, cooling, dormant or revived",
    read="Where in its life a tie is, judged by its own habit; missing where there is too little.",
    formula="rules on silence, return_probability, days since first contact and last return",
    reference="compare Levin, Walter and Murnighan (2011), Dormant ties: the value of "
    "reconnecting, Organization Science 22",
    dated=True,
)
def stage(net: Network) -> pd.Series:
    """Say where in its life every tie is.

    How to read it: judged by the tie's own habit. Volume plays no part, a yearly card is active.

    Formula, the first that applies: *new*, first contact in the last 45 days; missing (not
    judged), fewer than 5 contact days or no silence; *revived*, back within the last 90 days
    after at least 90 days without contact, and not silent since; *dormant*, silent for more than
    twice its longest gap and at least 60 days, and contact within 30 days less likely than one in
    four; *cooling*, for more than its longest gap and at least 21 days, and contact within 30 days
    less likely than nine in ten; otherwise *active*. Where a probability is not judged, silence
    alone decides.

    Parameters
    ----------
    net : Network
        A network with dates.

    Returns
    -------
    pandas.Series
        By tie, one of the five words; missing where not judged. A tie that has a channel which
        is no longer covered is never new.

    Raises
    ------
    UndatedError
        If the network has no dates.

    References
    ----------
    Compare Levin, Walter and Murnighan (2011), Organization Science 22.

    Examples
    --------
    >>> import pandas as pd
    >>> import netanalytics as na
    >>> days = ["2026-04-20", "2026-04-30", "2026-05-10", "2026-05-20", "2026-05-30", "2026-06-24"]
    >>> rows = {"time": days, "source": "ada", "target": ["bob"] * 5 + ["cy"]}
    >>> net = na.build_network(na.load(pd.DataFrame(rows)), as_of="2026-06-24")
    >>> stage(net).to_dict()
    {('ada', 'bob'): 'cooling', ('ada', 'cy'): 'new'}
    """
    net.need_dates("stage")
    ratio, silent = silence(net).to_numpy(), _days_since(net, "last")
    judged = (net.ties["days"].to_numpy() >= FEWEST_DAYS_FOR_STAGE) & ~np.isnan(ratio)
    returned = _days_since(net, "last_return") <= RETURN_DAYS
    ended = net.ties["ended"].to_numpy(dtype=bool)
    stages = np.full(len(ratio), "active", dtype=object)
    # From the weakest claim to the strongest, each overruling those before it.
    low, lower = _unlikely(net)
    stages[(ratio > COOLING_SILENCE) & (silent >= COOLING_DAYS) & low] = "cooling"
    stages[(ratio > DORMANT_SILENCE) & (silent >= DORMANT_DAYS) & lower] = "dormant"
    stages[returned & (ratio <= 1)] = "revived"
    stages[~judged] = None
    stages[(_days_since(net, "first") <= NEW_DAYS) & ~ended] = "new"
    return net.per_tie(stages, "stage").astype("str")


def _unlikely(net: Network) -> tuple[np.ndarray, np.ndarray]:
    """Say which ties are unlikely enough to return for cooling, and for dormant."""
    if not set(SUMS) <= set(net.ties.columns):
        every = np.ones(len(net.ties), dtype=bool)
        return every, every
    chance = return_probability(net, horizon_days=STAGE_HORIZON)["probability"].to_numpy()
    return ~(chance >= COOLING_PROBABILITY), ~(chance >= DORMANT_PROBABILITY)


_learnt: WeakKeyDictionary[Network, dict[tuple[int, str], models.Model]] = WeakKeyDictionary()
_judged: WeakKeyDictionary[Network, dict[tuple[int, str], pd.DataFrame]] = WeakKeyDictionary()


def return_probability(
    net: Network, *, horizon_days: int = 90, model: str = "default"
) -> pd.DataFrame:
    """Return how likely contact within a horizon is, each tie, with a band and the evidence.

    How to read it: of all ties at 0.7, seven in ten are seen in contact within the horizon if
    habits go on as they were. The band says how far the past of this log, or of other logs, leaves
    that open. :func:`netanalytics.backtest` shows how such statements would have fared.

    Parameters
    ----------
    net : Network
        A network that was built from a log.
    horizon_days : int
        From 7 to 365.
    model : str
        "default" is eight features of the whole log, or, for a single mailbox, six that it can
        give. Others, for comparison: "five", "half_life_30", "half_life_90" (also "half_life"),
        "half_life_180", "last_contact", "count", "cadence", "bg_nbd".

    Returns
    -------
    pandas.DataFrame
        By tie: probability, low and high (90 %), fit (local fit; prior slopes, local intercept;
        prior alone; not judged) and because. Not judged, and NaN, is a tie one of whose channels
        is no longer covered.

    Raises
    ------
    UndatedError
        If the network has no dates, or was not built from a log.
    OptionError
        If the horizon is out of range.
    UnknownNameError
        If there is no such model.

    References
    ----------
    Fader, Hardie and Lee (2005), Marketing Science 24, for "bg_nbd".

    Examples
    --------
    >>> import pandas as pd
    >>> import netanalytics as na
    >>> days = ["2026-04-20", "2026-04-30", "2026-05-10", "2026-05-20", "2026-05-30", "2026-06-24"]
    >>> rows = {"time": days, "source": "ada", "target": ["bob"] * 5 + ["cy"]}
    >>> net = na.build_network(na.load(pd.DataFrame(rows)), as_of="2026-06-24")
    >>> found = na.return_probability(net, horizon_days=30)
    >>> found["fit"].unique().tolist()
    ['prior slopes, local intercept']
    >>> bool(((found["low"] < found["probability"]) & (found["probability"] < found["high"])).all())
    True
    """
    whole("horizon_days", horizon_days, least=SHORTEST_HORIZON, most=LONGEST_HORIZON)
    kept = _judged.setdefault(net, {})
    key = (int(horizon_days), str(model))
    if key not in kept:
        kept[key] = _judge(net, *key)
    return kept[key].copy()


def learnt(net: Network, *, horizon_days: int, model: str = "default") -> models.Model:
    """Return the model of a network, fitted on its log as far as that carries it."""
    form = _form(net, model)
    kept = _learnt.setdefault(net, {})
    key = (int(horizon_days), form)
    if key not in kept:
        rows, came = _training(net, *key)
        kept[key] = models.learn(rows, came, form=form, horizon_days=key[0])
    return kept[key]


def known_now(net: Network) -> pd.DataFrame:
    """Return what is known of every tie at the end of observation, people as positions."""
    net.need_dates("return_probability")
    ties = net.ties
    if not set(SUMS) <= set(ties.columns):
        net.need_dates("return_probability")
        raise OptionError("return_probability needs a network that was built from a log")
    known = ties[["n", "days", *SUMS]].copy()
    known["idle"] = net.days_since(ties["last"]) + 1
    # Since the first contact day, which the day of connecting is not where there are others.
    known["known"] = known["idle"] + known["first_to_last"].astype("int64")
    known["longest"] = ties["longest_gap_days"].fillna(0.0)
    known["median"] = ties["median_gap_days"].astype(float)
    known.index = pd.MultiIndex.from_arrays(net.ends, names=["a", "b"])
    return known


def _form(net: Network, model: str) -> str:
    named = {"half_life": "half_life_90"}.get(model, model)
    if named in FORMS or named == "bg_nbd":
        return named
    if model != "default":
        raise unknown("model", model, ["default", "half_life", "bg_nbd", *FORMS])
    count = np.bincount(np.concatenate(net.ends)) if len(net.ties) else np.zeros(1)
    return "ego" if count.max() >= MAILBOX * max(len(net.ties), 1) else "eight"


def _training(net: Network, horizon: int, form: str) -> tuple[pd.DataFrame, np.ndarray]:
    """Return pairs of the log at earlier moments, and whether they came back."""
    if net.log is None or net.as_of is None:
        return pd.DataFrame(columns=[*EVERY, "bg_nbd"]), np.empty(0, dtype=bool)
    coded = coded_contacts(net.log, people=net.people, as_of=net.as_of, among=net.people.index)
    days = coded.pair_days()
    coded.drop()
    found = models.History(days).training(day_after(net.as_of), horizon, bg_nbd=form == "bg_nbd")
    days.drop()
    return found


def _judge(net: Network, horizon: int, model: str) -> pd.DataFrame:
    known = known_now(net)
    form = _form(net, model)
    fitted = learnt(net, horizon_days=horizon, model=model)
    table = models.table_of(known, horizon, bg_nbd=form == "bg_nbd")
    said = fitted.judge(table)
    said.index = net.ties.index
    ended = net.ties["ended"].to_numpy(dtype=bool)
    said["fit"] = np.where(ended, NOT_JUDGED, fitted.fit)
    said["because"] = _because(known, table, said, ended=ended, horizon=horizon)
    said.loc[ended, ["probability", "low", "high"]] = np.nan
    columns = ["probability", "low", "high", "fit", "because"]
    return said[columns].astype({"fit": "str", "because": "str"})


def _because(
    known: pd.DataFrame, table: pd.DataFrame, said: pd.DataFrame, *, ended: np.ndarray, horizon: int
) -> list[str]:
    """Write the evidence of every tie in one sentence."""
    found = []
    seen = np.expm1(table["idle"].to_numpy())
    facts = zip(
        known["days"],
        known["idle"],
        known["longest"],
        seen,
        said["similar"],
        said["similar_back"],
        ended,
        strict=True,
    )
    for days, idle, longest, both, similar, share, gone in facts:
        if gone:
            found.append("Not judged: a channel of this tie is no longer covered.")
            continue
        text = f"{_days(days, 'contact day')}, silent {_days(idle - 1, 'day')}"
        text += f", longest earlier silence {_days(longest, 'day')}" if longest else ""
        text += "; both seen in the last week" if both <= 7.5 else ""
        if similar:
            text += (
                f"; of {similar} similar ties earlier, {100 * share:.0f} % were in contact within "
                f"{horizon} days"
            )
        found.append(f"{text}.")
    return found


def _days(number: float, noun: str) -> str:
    return f"{int(number):,} {noun}" + ("" if int(number) == 1 else "s")


def _days_since(net: Network, column: str) -> np.ndarray:
    """Return calendar days in UTC from a time in the ties to ``as_of``; NaN where there is none."""
    times = pd.to_datetime(net.ties[column], utc=True)
    today = pd.to_datetime(pd.Series([net.as_of]), utc=True).dt.floor("D").iloc[0]
    passed = (today - times.dt.floor("D")).dt.days
    return np.asarray(passed, dtype=float)
