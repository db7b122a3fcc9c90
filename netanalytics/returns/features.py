"""From what was known of each pair to the numbers that a model weighs."""

from __future__ import annotations

import numpy as np
import pandas as pd

EIGHT = ("weeks", "recent", "strength", "idle", "gap", "circle", "others", "copied")
"""The features of the whole-log model, each with a meaning of its own (:data:`MEANINGS`)."""

MORE = ("lively", "share", "usual", "contact_days", "ties")
"""What the whole-log model reads beside the eight where it may look at pairs of features."""

EGO = ("weeks", "recent", "strength", "idle_less", "idle", "gap", "own_days", "known", "own_ties")
"""The features that one mailbox can give: nothing that others do among themselves."""

SINGLE = ("half_life_30", "half_life_90", "half_life_180", "last_contact", "count", "cadence")
"""Single scores that people ask for, and with which a backtest compares."""

FIVE = ("days", "strength", "idle_less", "idle", "gap")
"""The features of the model that needs nobody but the two people."""

EVERY = (*EIGHT, "idle_less", "days", *MORE, *EGO[-3:], *SINGLE)

MEANINGS = {
    "weeks": "weeks with contact, recent ones counting more",
    "recent": "weeks with contact among the last eight",
    "strength": "contacts, each counting half after 90 days",
    "idle": "days since the less seen of the two was seen by anybody",
    "idle_less": "days since the more seen of the two was seen by anybody",
    "gap": "silence against the longest pause before",
    "circle": "shared contacts who are still active",
    "others": "days on which the less active of the two had contact with others",
    "copied": "messages that reached both",
    "days": "days with contact, recent ones counting more",
    "lively": "share of the other ties of both that had contact in the last 30 days",
    "share": "part that the tie has in the recent days of both",
    "usual": "usual pause between contact days",
    "contact_days": "days with contact, however long ago",
    "ties": "ties in use in the last 90 days of the less connected of the two",
    "own_days": "recent contact days of the owner of a mailbox with others",
    "known": "days since the first contact",
    "own_ties": "ties of the owner of a mailbox",
}

_BLOCK = 20_000


def features(known: pd.DataFrame) -> pd.DataFrame:
    """Return every feature of every pair.

    Parameters
    ----------
    known : pandas.DataFrame
        Index (a, b), two numbers of people; the columns of a snapshot.

    Returns
    -------
    pandas.DataFrame
        A column each, in the order of ``known``.
    """
    first, second = (known.index.get_level_values(level).to_numpy() for level in (0, 1))
    size = int(max(first.max(), second.max())) + 1 if len(known) else 0
    idle = known["idle"].to_numpy(dtype=float)
    seen = _least_by_person(first, second, idle, size)
    median = known["median"].fillna(0.0).to_numpy(dtype=float)
    mine = known["days_30"].to_numpy(dtype=float)
    active = _by_person(first, second, mine, size)
    used = _by_person(first, second, (idle <= 90).astype(float), size)
    count = np.maximum(*_ends_of(_by_person(first, second, np.ones(len(idle)), size), known))
    gap = np.log1p(idle) - np.log1p(known["longest"].to_numpy(dtype=float))
    return pd.DataFrame(
        {
            "weeks": _log(known["weeks"], 0.0),
            "recent": known["recent_weeks"].to_numpy(dtype=float),
            "strength": _log(known["contacts_90"], 0.02),
            "idle": np.log1p(np.maximum(seen[first], seen[second])),
            "idle_less": np.log1p(np.minimum(seen[first], seen[second])),
            "gap": gap,
            "circle": np.log(0.01 + _circle(first, second, known["days_15"], size)),
            "others": np.log(0.1 + _others(first, second, known["days_30"], size)),
            "copied": _log(known["shared_30"], 0.02),
            "days": _log(known["kernel"], 0.0),
            "lively": _lively(first, second, idle, size),
            "share": _share(first, second, known["days_30"], size),
            "usual": np.log1p(median),
            "contact_days": np.log(known["days"].to_numpy(dtype=float)),
            "ties": np.log1p(np.minimum(*_ends_of(used, known))),
            "own_days": np.log(0.1 + np.maximum(np.maximum(*_ends_of(active, known)) - mine, 0.0)),
            "known": np.log1p(known["known"].to_numpy(dtype=float)),
            "own_ties": np.log(count),
            "half_life_30": _log(known["contacts_30"], 0.02),
            "half_life_90": _log(known["contacts_90"], 0.02),
            "half_life_180": _log(known["contacts_180"], 0.02),
            "last_contact": np.log1p(idle),
            "count": np.log1p(known["n"].to_numpy(dtype=float)),
            "cadence": np.log1p(idle) - np.log1p(median),
        },
        index=known.index,
    )


def _ends_of(values: np.ndarray, known: pd.DataFrame) -> list[np.ndarray]:
    """Return the values by person of both ends of each pair."""
    return [values[known.index.get_level_values(level).to_numpy()] for level in (0, 1)]


_SMALLEST = 1e-9
"""Sums are positive; one that was rounded to nothing still has a logarithm."""


def _log(values: pd.Series, plus: float) -> np.ndarray:
    logged: np.ndarray = np.log(np.maximum(plus + values.to_numpy(dtype=float), _SMALLEST))
    return logged


def _least_by_person(
    first: np.ndarray, second: np.ndarray, idle: np.ndarray, size: int
) -> np.ndarray:
    """Return the days since each person was last seen by anybody."""
    least = np.full(size, np.inf)
    np.minimum.at(least, first, idle)
    np.minimum.at(least, second, idle)
    return least


def _circle(first: np.ndarray, second: np.ndarray, days: pd.Series, size: int) -> np.ndarray:
    """Return Σ over shared contacts z of w_uz w_zv / (1 + Σ_y w_zy), w = ln(1 + recent days)."""
    from scipy import sparse

    weight = np.log1p(days.to_numpy(dtype=float))
    kept = weight > _SMALLEST
    ends = np.concatenate([first[kept], second[kept]]), np.concatenate([second[kept], first[kept]])
    both = np.concatenate([weight[kept], weight[kept]])
    matrix = sparse.csr_array((both, ends), shape=(size, size))
    total = np.asarray(matrix.sum(axis=1)).ravel()
    shared = matrix @ sparse.diags_array(1.0 / (1.0 + total))
    found = np.zeros(len(first))
    for start in range(0, len(first), _BLOCK):
        block = slice(start, start + _BLOCK)
        products = shared[first[block]].multiply(matrix[second[block]])
        found[block] = np.asarray(products.sum(axis=1)).ravel()
    return found


def _others(first: np.ndarray, second: np.ndarray, days: pd.Series, size: int) -> np.ndarray:
    """Return the recent contact days with others of the less active of the two."""
    mine = days.to_numpy(dtype=float)
    total = _by_person(first, second, mine, size)
    least: np.ndarray = np.maximum(np.minimum(total[first], total[second]) - mine, 0.0)
    return least


def _by_person(first: np.ndarray, second: np.ndarray, values: np.ndarray, size: int) -> np.ndarray:
    total: np.ndarray = np.bincount(first, values, size) + np.bincount(second, values, size)
    return total


def _lively(first: np.ndarray, second: np.ndarray, idle: np.ndarray, size: int) -> np.ndarray:
    """Return the log of how many other ties of both were in use in the last 30 days, as shares."""
    used = (idle <= 30).astype(float)
    recent, every = (_by_person(first, second, v, size) for v in (used, np.ones(len(used))))
    share = [(recent[end] - used + 1.0) / (every[end] + 1.5) for end in (first, second)]
    logged: np.ndarray = np.log(share[0] * share[1])
    return logged


def _share(first: np.ndarray, second: np.ndarray, days: pd.Series, size: int) -> np.ndarray:
    mine = days.to_numpy(dtype=float)
    total = _by_person(first, second, mine, size) + 0.1
    logged: np.ndarray = np.log(0.01 + mine / np.sqrt(total[first] * total[second]))
    return logged
