"""BG/NBD, which shops use for customers: here for ties, because people ask and for comparison.

Reference: Fader, Hardie and Lee (2005), "Counting your customers" the easy way, Marketing Science.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

MOST = 4_000
"""Pairs on which its four numbers are fitted; they are thinned in the order of what is known."""


def score(known: pd.DataFrame, horizon_days: int) -> np.ndarray:
    """Return the log-odds that a pair has contact on one or more days within the horizon.

    Parameters
    ----------
    known : pandas.DataFrame
        A snapshot: ``days``, ``idle`` and ``known`` of each pair.
    horizon_days : int
        The horizon.
    """
    repeats = known["days"].to_numpy(dtype=float) - 1.0
    whole = known["known"].to_numpy(dtype=float)
    last = whole - known["idle"].to_numpy(dtype=float)
    if not len(known):
        return np.empty(0)
    order = np.lexsort((whole, last, repeats))[:: -(-len(known) // MOST)]
    r, alpha, a, b = fitted(repeats[order], last[order], whole[order])
    alive = still_alive(repeats, last, whole, numbers=(r, alpha, a, b))
    silent = ((alpha + whole) / (alpha + whole + horizon_days)) ** (r + repeats)
    chance = np.clip(alive * (1.0 - silent), 1e-9, 1.0 - 1e-9)
    odds: np.ndarray = np.log(chance / (1.0 - chance))
    return odds


def still_alive(
    repeats: np.ndarray,
    last: np.ndarray,
    whole: np.ndarray,
    *,
    numbers: tuple[float, float, float, float],
) -> np.ndarray:
    """Return the probability that a pair has not ended, given r, α, a and b.

    A pair that was seen once counts as surely alive, however long ago that was: read it only
    together with how likely contact is.

    Examples
    --------
    >>> seen = (np.array([1.0]), np.array([10.0]), np.array([38.86]))
    >>> float(still_alive(*seen, numbers=(0.243, 4.414, 0.793, 2.426))[0].round(6))
    0.438237
    """
    r, alpha, a, b = numbers
    dead = np.where(repeats > 0, a / (b + np.maximum(repeats, 1.0) - 1.0), 0.0)
    alive: np.ndarray = 1.0 / (1.0 + dead * ((alpha + whole) / (alpha + last)) ** (r + repeats))
    return alive


def fitted(repeats: np.ndarray, last: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Return r, α, a and b of the highest likelihood."""
    from scipy.optimize import minimize

    start = np.log([0.5, 10.0, 0.8, 2.5])
    seen, limits = (repeats, last, whole), [(-8.0, 8.0)] * len(start)
    found = minimize(_loss, start, args=seen, jac=True, method="L-BFGS-B", bounds=limits)
    numbers: np.ndarray = np.exp(found.x)
    return numbers


def _loss(
    logs: np.ndarray, repeats: np.ndarray, last: np.ndarray, whole: np.ndarray
) -> tuple[float, np.ndarray]:
    """Return the mean negative log-likelihood, held near 1 a little, and its slope."""
    from scipy.special import betaln, digamma, gammaln

    r, alpha, a, b = np.exp(logs)
    again, many = repeats > 0, r + repeats
    at_least = np.maximum(repeats, 1.0)
    to_end, to_last = np.log(alpha + whole), np.log(alpha + last)
    going = betaln(a, b + repeats) - many * to_end
    ended = betaln(a + 1.0, b + at_least - 1.0) - many * to_last
    either = np.where(again, np.logaddexp(going, ended), going)
    value = gammaln(many) - gammaln(r) + r * logs[1] - betaln(a, b) + either
    alive = np.exp(going - either)
    dead = np.where(again, np.exp(ended - either), 0.0)
    slopes = [
        digamma(many) - digamma(r) + logs[1] - alive * to_end - dead * to_last,
        r / alpha - many * (alive / (alpha + whole) + dead / (alpha + last)),
        digamma(a + b) + dead / a - digamma(a + b + repeats),
        digamma(a + b)
        - digamma(b)
        - digamma(a + b + repeats)
        + alive * digamma(b + repeats)
        + dead * digamma(b + at_least - 1.0),
    ]
    slope = np.array([row.mean() for row in slopes]) * (r, alpha, a, b)
    return float(0.001 * np.sum(logs**2) - value.mean()), 0.002 * logs - slope
