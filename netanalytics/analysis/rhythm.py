"""The rhythm of ties, and how long they last."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netanalytics import registry
from netanalytics.errors import OptionError

if TYPE_CHECKING:
    from netanalytics.network import Network

FEWEST_DAYS = 5
"""Contact days; with fewer gaps the spread of gaps says nothing."""

ENDED_SILENCE, ENDED_DAYS = 2.0, 60
"""Silent for more than twice the longest pause, and two months: taken as ended for a survival
curve."""


@registry.metric(
    "burstiness",
    per="tie",
    unit="−1 (like a clock) to 1 (all at once)",
    read="Whether contact comes evenly (below 0), by chance (about 0) or in bursts (above 0).",
    formula="(√(n+1) r − √(n−1)) / ((√(n+1) − 2) r + √(n−1)), r = sd / mean of the gaps, n days",
    reference="Kim and Jo (2016), Measuring burstiness for finite event sequences, Physical Review "
    "E 94",
    dated=True,
)
def burstiness(net: Network) -> pd.Series:
    """Return how bursty the contact days of every tie are, in the form for finite sequences.

    How to read it: −1 for gaps of equal length, about 0 by chance, towards 1 when nearly all
    contact falls together. The form corrects for the number of days, so that short and long ties
    can be compared.

    Formula: with r = standard deviation / mean of the gaps between contact days and n days,
    (√(n+1) r − √(n−1)) / ((√(n+1) − 2) r + √(n−1)).

    Parameters
    ----------
    net : Network
        A network with dates.

    Returns
    -------
    pandas.Series
        By tie; NaN with fewer than 5 contact days.

    Raises
    ------
    UndatedError
        If the network has no dates.

    References
    ----------
    Kim and Jo (2016), Physical Review E 94, 032311.

    Examples
    --------
    >>> import pandas as pd
    >>> import netanalytics as na
    >>> days = ["2026-04-20", "2026-04-30", "2026-05-10", "2026-05-20", "2026-05-30"]
    >>> net = na.build_network(na.load(pd.DataFrame({"time": days, "source": "a", "target": "b"})))
    >>> burstiness(net).to_list()
    [-1.0]
    """
    net.need_dates("burstiness")
    ties = net.ties
    values = np.full(len(ties), np.nan)
    if not {"gap_squares", "first_to_last"} <= set(ties.columns):
        return net.per_tie(values, "burstiness")
    days = ties["days"].to_numpy(dtype=float)
    enough = days >= FEWEST_DAYS
    span = ties["first_to_last"].to_numpy(dtype=float)
    gaps = np.maximum(days - 1.0, 1.0)
    mean = span / gaps
    spread = np.sqrt(np.maximum(ties["gap_squares"].to_numpy(dtype=float) / gaps - mean**2, 0.0))
    ratio = np.divide(spread, mean, out=np.zeros(len(ties)), where=mean > 0)
    more, fewer = np.sqrt(days + 1.0), np.sqrt(np.maximum(days - 1.0, 0.0))
    below = (more - 2.0) * ratio + fewer
    np.divide(more * ratio - fewer, below, out=values, where=enough & (below > 0))
    return net.per_tie(values, "burstiness")


def survival(net: Network, *, by: pd.Series | None = None) -> pd.DataFrame:
    """Return how long ties last: the Kaplan–Meier curve of ties from their first contact.

    How to read it: the share of ties that are still going so many days after their first contact.
    A tie has ended when it has been silent for more than twice its longest pause and at least 60
    days; its end is its last contact. All others are censored at the end of observation, and ties
    whose channels are no longer covered at their last contact.

    Parameters
    ----------
    net : Network
        A network with dates. Ties of one contact day are left out: they have no length.
    by : pandas.Series, optional
        A label by person, such as whether somebody changed team or employer; a tie counts for the
        label of either end. None for one curve.

    Returns
    -------
    pandas.DataFrame
        Columns group, days, at_risk, ended, surviving, low and high (90 %, Greenwood on the
        log-log scale).

    Raises
    ------
    UndatedError
        If the network has no dates.
    OptionError
        If ``by`` has no label for anybody.

    References
    ----------
    Kaplan and Meier (1958), Journal of the American Statistical Association 53.

    Examples
    --------
    >>> import netanalytics as na
    >>> office = na.datasets.office(seed=7)
    >>> net = na.build_network(na.load(office.interactions), people=office.people)
    >>> curve = na.rhythm.survival(net)
    >>> bool(curve["surviving"].is_monotonic_decreasing)
    True
    """
    net.need_dates("survival")
    spells = _spells(net)
    if by is None:
        return _curve(spells, "all")
    labels = by.dropna().astype("str")
    curves = []
    for label in sorted(labels.unique()):
        people = set(labels.index[labels == label])
        ends = [spells.index.get_level_values(level).isin(people) for level in (0, 1)]
        curves.append(_curve(spells[ends[0] | ends[1]], label))
    if not curves:
        raise OptionError("by= has no label for anybody")
    return pd.concat(curves, ignore_index=True)


def _spells(net: Network) -> pd.DataFrame:
    """Return length in days of every tie with a length, and whether it has ended."""
    ties = net.ties[net.ties["days"] > 1]
    silent = net.days_since(ties["last"])
    longest = ties["longest_gap_days"].to_numpy(dtype=float)
    gone = ties["ended"].to_numpy(dtype=bool)
    over = (silent > ENDED_SILENCE * longest) & (silent >= ENDED_DAYS) & ~gone
    lived = net.days_since(ties["first"]) - silent
    whole = np.where(over | gone, lived, net.days_since(ties["first"]))
    return pd.DataFrame({"days": whole, "ended": over.to_numpy(dtype=bool)}, index=ties.index)


def _curve(spells: pd.DataFrame, label: str) -> pd.DataFrame:
    counts = spells.groupby("days")["ended"].agg(["sum", "size"]).sort_index()
    risk = counts["size"].to_numpy(dtype=float)[::-1].cumsum()[::-1]
    ended = counts["sum"].to_numpy(dtype=float)
    left = np.cumprod(1.0 - ended / risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.sqrt(np.cumsum(ended / (risk * np.maximum(risk - ended, 1e-12))))
        inner = np.log(-np.log(left))
        width = 1.645 * error / np.abs(np.log(left))
        low, high = np.exp(-np.exp(inner + width)), np.exp(-np.exp(inner - width))
    sure = (left <= 0) | (left >= 1)
    return pd.DataFrame(
        {
            "group": pd.Series([label] * len(counts), dtype="str"),
            "days": counts.index.to_numpy(),
            "at_risk": risk.astype(int),
            "ended": ended.astype(int),
            "surviving": left,
            "low": np.where(sure, left, low),
            "high": np.where(sure, left, high),
        }
    )
