"""How ties age: silence against a tie's own longest gap, and the stage that follows from it.

This is the first version, by rules whose thresholds are the constants below. All days are
calendar days in UTC.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netanalytics import registry

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
    formula="rules on silence, days since first and last contact, and the last return",
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
    twice its longest gap and at least 60 days; *cooling*, for more than its longest gap and at
    least 21 days; otherwise *active*.

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
    stages[(ratio > COOLING_SILENCE) & (silent >= COOLING_DAYS)] = "cooling"
    stages[(ratio > DORMANT_SILENCE) & (silent >= DORMANT_DAYS)] = "dormant"
    stages[returned & (ratio <= 1)] = "revived"
    stages[~judged] = None
    stages[(_days_since(net, "first") <= NEW_DAYS) & ~ended] = "new"
    return net.per_tie(stages, "stage").astype("str")


def _days_since(net: Network, column: str) -> np.ndarray:
    """Return calendar days in UTC from a time in the ties to ``as_of``; NaN where there is none."""
    times = pd.to_datetime(net.ties[column], utc=True)
    today = pd.to_datetime(pd.Series([net.as_of]), utc=True).dt.floor("D").iloc[0]
    passed = (today - times.dt.floor("D")).dt.days
    return np.asarray(passed, dtype=float)
