"""From a measure over many resamples to the band of a value and of a rank."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

_SCALES: dict[str, tuple[np.ufunc, np.ufunc]] = {
    "log": (np.log, np.exp),
    "root": (np.sqrt, np.square),
    "log1p": (np.log1p, np.expm1),
    "not below 0": (np.positive, np.positive),
    "raw": (np.positive, np.positive),
}


@dataclass(frozen=True)
class Rule:
    """How the bands of one measure are made.

    ``scale`` is where the interval is symmetric; with ``quantiles`` it is taken from the resamples
    themselves. ``recency`` says whether contacts count by their age, ``shrunk`` whether ranks are
    of draws pulled towards the mean, for measures that lose ties in a resample. Without a
    ``kernel`` each resample becomes a network.
    """

    scale: str
    recency: bool
    kernel: Callable[..., np.ndarray] | None = None
    shrunk: bool = False
    quantiles: bool = False
    approximate: bool = False


@dataclass(frozen=True, eq=False)
class Draws:
    """A measure of everybody who has one, as observed and over the resamples."""

    value: np.ndarray
    values: np.ndarray
    noise: np.ndarray
    rule: Rule

    def interval(self, level: float) -> tuple[np.ndarray, np.ndarray]:
        """Return low and high of the value."""
        tail = (1 - level) / 2
        if self.rule.quantiles:
            low, high = np.quantile(self.values, [tail, 1 - tail], axis=1)
            return low, high
        deviations = NormalDist().inv_cdf(1 - tail)
        scale = self.rule.scale
        return interval(self.value, self.values, scale=scale, deviations=deviations)

    def rank_band(self, level: float) -> tuple[np.ndarray, np.ndarray]:
        """Return best and worst rank."""
        values = self.values
        if self.rule.shrunk:
            scale = self.rule.scale
            values = shrunk(self.value, values, scale=scale, noise=self.noise)
        return rank_band(values, level)


def interval(
    value: np.ndarray, values: np.ndarray, *, scale: str, deviations: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return value ± some standard deviations of its resamples, taken on a scale.

    Not quantiles: ties drop out of resamples and never come in, so that resamples of a count lie
    to one side of it. Their spread is right, their middle is not.

    Parameters
    ----------
    value : numpy.ndarray
        As observed, by person.
    values : numpy.ndarray
        People × resamples.
    scale : {"log", "root", "log1p", "not below 0", "raw"}
        Where the interval is symmetric.
    deviations : float
        How many standard deviations to each side.

    Returns
    -------
    tuple of two numpy.ndarray
        Low and high; below 0 only on the raw scale.
    """
    spread = deviations * _deviation(scaled(values, scale))
    middle = scaled(value, scale)
    return unscaled(middle - spread, scale), unscaled(middle + spread, scale)


def scaled(values: np.ndarray, scale: str) -> np.ndarray:
    """Put values on a scale; −inf for the logarithm of 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(_SCALES[scale][0](values))


def unscaled(values: np.ndarray, scale: str) -> np.ndarray:
    """Take values back from a scale; what fell below 0 on it is 0, except where 0 is no limit."""
    above = values if scale in ("log", "raw") else np.maximum(values, 0.0)
    return np.asarray(_SCALES[scale][1](above))


def shrunk(value: np.ndarray, values: np.ndarray, *, scale: str, noise: np.ndarray) -> np.ndarray:
    """Draw values between what was observed and the mean of all, the nearer the less is known.

    Parameters
    ----------
    value : numpy.ndarray
        As observed, by person.
    values : numpy.ndarray
        People × resamples.
    scale : str
        As in :func:`interval`.
    noise : numpy.ndarray
        Standard normal numbers, people × draws.

    Returns
    -------
    numpy.ndarray
        Draws on the scale, people × draws.
    """
    middle, variance = scaled(value, scale), _deviation(scaled(values, scale)) ** 2
    between = max(0.0, float(middle.var() - variance.mean()))
    whole = between + variance
    # Who never varies would outweigh everybody; that they weigh a million times more is enough.
    known = 1 / np.maximum(whole, max(1e-6 * whole.max(initial=0.0), 1e-100))
    mean = (known * middle).sum() / known.sum()
    kept = between * known
    draws: np.ndarray = (mean + kept * (middle - mean))[:, None] + (
        np.sqrt(kept * variance)[:, None] * noise
    )
    return draws


def filled(values: np.ndarray, value: np.ndarray) -> np.ndarray:
    """Put the mean of the others, or the observed value, where a resample has none."""
    missing = np.isnan(values)
    if not missing.any():
        return values
    counts = (~missing).sum(axis=1)
    sums = np.where(missing, 0.0, values).sum(axis=1)
    means = np.where(counts > 0, sums / np.maximum(counts, 1), value)
    return np.where(missing, means[:, None], values)


def ranks(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the best and the worst rank of everybody in each column; 1 is the largest value.

    Equal values share all the ranks that they take up together.
    """
    size = len(values)
    best, worst = (np.empty(values.shape, dtype=np.int32) for _ in range(2))
    for column in range(values.shape[1]):
        mine = values[:, column]
        rising = np.sort(mine)
        best[:, column] = size - np.searchsorted(rising, mine, side="right") + 1
        worst[:, column] = size - np.searchsorted(rising, mine, side="left")
    return best, worst


def rank_band(values: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the ranks between which everybody is in a share ``level`` of the columns."""
    best, worst = ranks(values)
    tail = (1 - level) / 2
    low = np.rint(np.quantile(best, tail, axis=1)).astype(np.int64)
    high = np.rint(np.quantile(worst, 1 - tail, axis=1)).astype(np.int64)
    return low, high


def _deviation(values: np.ndarray) -> np.ndarray:
    """Return the standard deviation of each row over its finite values, 0 with fewer than two."""
    finite = np.isfinite(values)
    counts = finite.sum(axis=1)
    kept = np.where(finite, values, 0.0)
    means = kept.sum(axis=1) / np.maximum(counts, 1)
    squares = np.where(finite, (kept - means[:, None]) ** 2, 0.0).sum(axis=1)
    deviation: np.ndarray = np.sqrt(squares / np.maximum(counts - 1, 1))
    return deviation
