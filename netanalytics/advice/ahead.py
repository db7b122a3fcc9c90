"""How likely contact is, week by week, while a tie falls silent and all others go on as now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netanalytics.analysis import decay
from netanalytics.returns import features, logistic

if TYPE_CHECKING:
    from netanalytics.advice.wishes import Mine
    from netanalytics.network import Network

_FADING = ("weeks", "recent", "strength", "gap", "days")
"""What changes while a tie is silent and all others go on; in one mailbox nothing else is seen of
a contact."""


def probabilities_ahead(
    net: Network,
    place: np.ndarray,
    contact: np.ndarray,
    own: Mine,
    *,
    weeks: int,
    horizon_days: int,
) -> dict[int, np.ndarray]:
    """Return the probability of contact, had there been none until the start of each week.

    The tie falls silent and everybody else goes on as now. Keys are days from now.
    """
    known = _with_done(net, decay.known_now(net), pd.Series(contact, index=place), own)
    fitted = decay.learnt(net, horizon_days=horizon_days)
    now = features.features(known).iloc[place]
    base = fitted.log_odds(now)
    plain = fitted.plain_log_odds(now)
    found = {}
    for day in range(0, 7 * weeks + 1, 7):
        later = now.copy()
        aged = features.features(_silent(known.iloc[place], day))
        for name in _FADING + (("idle", "known") if fitted.form == "ego" else ()):
            later[name] = aged[name].to_numpy()
        found[day] = logistic.probability(base + fitted.plain_log_odds(later) - plain)
    lowest = np.minimum.accumulate(np.column_stack(list(found.values())), axis=1)
    return {day: lowest[:, place_] for place_, day in enumerate(found)}


def _silent(known: pd.DataFrame, days: int) -> pd.DataFrame:
    """Return what will be known of ties that stay silent for so many days."""
    now = {name: known[name].to_numpy(dtype=float) for name in known.columns}
    blocks, last = days / 7.0, np.floor((now["idle"] - 1.0) / 7.0)
    left = np.clip((8.0 - last - blocks) / np.maximum(8.0 - last, 1.0), 0.0, 1.0)
    return known.assign(
        idle=now["idle"] + days,
        known=now["known"] + days,
        weeks=now["weeks"] * (1.0 + last) / (1.0 + last + blocks),
        recent_weeks=now["recent_weeks"] * left,
        contacts_90=now["contacts_90"] * 2.0 ** (-days / 90.0),
        kernel=now["kernel"] * (1.0 + now["idle"]) / (1.0 + now["idle"] + days),
    )


def _with_done(net: Network, known: pd.DataFrame, mine_: pd.Series, own: Mine) -> pd.DataFrame:
    """Add to what is known the contacts that only the journal has seen.

    ``mine_`` gives the contact of each of my ties by its place.
    """
    assert net.as_of is not None
    today = net.as_of.floor("D")
    columns = ("idle", "weeks", "recent_weeks", "contacts_90", "kernel", "days", "n")
    now = {name: known[name].to_numpy(dtype=float).copy() for name in columns}
    for place, name in mine_.items():
        at = int(str(place))
        when = own.done.get(name)
        # What was noted after the exports end is as fresh as it can be.
        age = np.inf if when is None else max(float((today - when).days), 0.0) + 1.0
        if age >= now["idle"][at]:
            continue
        block = (age - 1.0) // 7.0
        now["idle"][at] = age
        now["weeks"][at] += 1.0 / (1.0 + block)
        now["recent_weeks"][at] = min(8.0, now["recent_weeks"][at] + (block < 8.0))
        now["contacts_90"][at] += 2.0 ** (-age / 90.0)
        now["kernel"][at] += 1.0 / (1.0 + age)
        for counted in ("days", "n"):
            now[counted][at] += 1.0
    return known.assign(**now)
