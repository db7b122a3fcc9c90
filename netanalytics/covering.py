"""Until when each channel was looked at: silence counts only where somebody was looking."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netanalytics import schema, sql
from netanalytics.moments import DAY, micros, moments

if TYPE_CHECKING:
    from netanalytics.interactions import Interactions

COVERED_FACTOR = 1.5
"""A channel has stopped being covered once it is silent this many times its longest pause."""

COVERED_DAYS = 14
"""A channel is never called ended within this many days of its last row."""


def ended_channels(log: Interactions, as_of: pd.Timestamp) -> tuple[str, ...]:
    """Return the channels whose silence up to ``as_of`` is longer than they ever paused."""
    days = _channel_days(log, as_of)
    return tuple(days["channel"][days["ended"]])


def all_ended(log: Interactions, as_of: pd.Timestamp) -> pd.Series:
    """Return the last day of every channel that can end, if all of them have; empty if not all.

    Parameters
    ----------
    log : Interactions
        The contacts.
    as_of : pandas.Timestamp
        End of observation.

    Returns
    -------
    pandas.Series
        By channel, the one that went on for longest first.
    """
    days = _channel_days(log, as_of)
    days = days[~days["channel"].isin(schema.NEVER_ENDED)]
    if not days["ended"].all():
        days = days[:0]
    days = days.sort_values(["last_day", "channel"], ascending=[False, True])
    last = moments(days["last_day"].astype("int64") * DAY)
    return pd.Series(last.to_numpy(), index=days["channel"].astype("str"))


def _channel_days(log: Interactions, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return the last day and longest pause of each channel, and whether it has ended."""
    days = log.engine.query(sql.text_with_log("channel_days", log.query, as_of=micros(as_of)))
    silent = micros(as_of) // DAY - days["last_day"].to_numpy(dtype="int64")
    allowed = np.maximum(COVERED_DAYS, COVERED_FACTOR * days["longest_gap"].to_numpy(dtype=float))
    lasting = days["channel"].isin(schema.NEVER_ENDED).to_numpy(dtype=bool)
    return days.assign(ended=(silent > allowed) & ~lasting)
