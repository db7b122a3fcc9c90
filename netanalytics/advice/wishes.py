"""My own wishes: how often to be in touch, what to keep, what to let rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from netanalytics.advice import reasons

if TYPE_CHECKING:
    from netanalytics.network import Network


def wished(net: Network, me: str, learnt: pd.DataFrame, wishes: pd.DataFrame) -> pd.DataFrame:
    """Put my wishes before what was learnt.

    Parameters
    ----------
    net : Network
        A network with dates.
    me : str
        Whose wishes they are.
    learnt : pandas.DataFrame
        Suggestions from the log: person, contact, last, silence, score, because.
    wishes : pandas.DataFrame
        Index ``contact``; columns every_days, keep, let_rest.

    Returns
    -------
    pandas.DataFrame
        The columns of ``learnt``; without whoever is to rest or is not due yet.
    """
    wishes = wishes[wishes.index.isin(net.people.index) & (wishes.index != me)]
    ties = net.ties_of(me)
    top = float(learnt["score"].max()) if len(learnt) else 0.0
    planned = _planned_with(net, me)
    due = [
        _due(net, ties, wish, top)
        for wish in wishes.itertuples()
        if wish.Index not in planned and not wish.let_rest
    ]
    spoken = wishes.index[wishes["let_rest"] | wishes["every_days"].notna()]
    fresh = [{"person": me, **one} for one in due if one is not None]
    named = {one["contact"] for one in fresh}
    rest = learnt[~learnt["contact"].isin(spoken.union(list(named)))]
    if not fresh:
        return rest
    table = pd.DataFrame(fresh).astype({"silence": "float64"})
    table["last"] = pd.to_datetime(table["last"], utc=True).astype("datetime64[us, UTC]")
    return pd.concat([table, rest], ignore_index=True) if len(rest) else table


def _due(net: Network, ties: pd.DataFrame, wish: Any, top: float) -> dict[str, Any] | None:
    """Return the suggestion that a wish asks for now, or None."""
    contact = str(wish.Index)
    tie: Any = ties.loc[contact] if contact in ties.index else None
    silent = np.inf if tie is None else float(net.days_since(tie["last"]))
    longest = np.nan if tie is None else float(tie["longest_gap_days"])
    if not np.isnan(wish.every_days):
        limit, above = float(wish.every_days), top + 1
    elif wish.keep and tie is not None:
        thin = tie["days"] < 3 or not longest > 0
        limit, above = (float(net.half_life_days or 90.0) if thin else longest), top
    else:
        return None
    if silent <= limit:
        return None
    over = 10.0 if np.isinf(silent) else silent / limit
    kind = reasons.every(limit) if not np.isnan(wish.every_days) else None
    return {
        "contact": contact,
        "last": pd.NaT if tie is None else tie["last"],
        "silence": np.nan if tie is None or not longest > 0 else silent / longest,
        "score": above + over,
        "because": reasons.wish(kind, None if tie is None else int(silent)),
    }


def _planned_with(net: Network, me: str) -> set[str]:
    planned = net.planned
    mine = planned[(planned["source"] == me) | (planned["target"] == me)]
    return (set(mine["source"]) | set(mine["target"])) - {me}
