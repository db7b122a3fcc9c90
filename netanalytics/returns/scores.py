"""How well stated probabilities fared: discrimination, loss, calibration, and what bands hold."""

from __future__ import annotations

import numpy as np

PARTS = 10
"""Calibration is looked at in this many equal parts, from the lowest probability up."""


def auc(chance: np.ndarray, came_back: np.ndarray, weight: np.ndarray | None = None) -> float:
    """Return how often a pair that came back had the higher probability; ties count half.

    Examples
    --------
    >>> auc(np.array([0.1, 0.4, 0.4, 0.8]), np.array([False, False, True, True]))
    0.875
    """
    weights = np.ones(len(chance)) if weight is None else weight
    order = np.argsort(chance, kind="stable")
    value, yes = chance[order], (weights * came_back)[order]
    no = weights[order] - yes
    if not len(value) or not yes.sum() or not no.sum():
        return float("nan")
    starts = np.flatnonzero(np.concatenate([[True], value[1:] != value[:-1]]))
    yes, no = np.add.reduceat(yes, starts), np.add.reduceat(no, starts)
    below = np.cumsum(no) - no
    return float(((below + no / 2.0) * yes).sum() / (yes.sum() * no.sum()))


def log_loss(chance: np.ndarray, came_back: np.ndarray, weight: np.ndarray | None = None) -> float:
    """Return the mean of minus the logarithm of what was said of what happened."""
    said = np.clip(np.where(came_back, chance, 1.0 - chance), 1e-12, 1.0)
    return _mean(-np.log(said), weight)


def brier(chance: np.ndarray, came_back: np.ndarray, weight: np.ndarray | None = None) -> float:
    """Return the mean squared distance from what happened."""
    return _mean((chance - came_back) ** 2, weight)


def _mean(values: np.ndarray, weight: np.ndarray | None) -> float:
    total = float(len(values)) if weight is None else float(weight.sum())
    return float(np.average(values, weights=weight)) if total > 0 else float("nan")


def parts_of(chance: np.ndarray) -> list[np.ndarray]:
    """Return positions in ten equal parts by probability, stable in the order given."""
    return [part for part in np.array_split(np.argsort(chance, kind="stable"), PARTS) if len(part)]


def calibration_error(
    chance: np.ndarray, came_back: np.ndarray, weight: np.ndarray | None = None
) -> float:
    """Return the mean distance of said and observed over ten parts, weighted by their size."""
    weights = np.ones(len(chance)) if weight is None else weight
    distance = total = 0.0
    for part in parts_of(chance):
        size = float(weights[part].sum())
        if size > 0:
            gap = float((weights[part] * (chance[part] - came_back[part])).sum())
            distance, total = distance + abs(gap), total + size
    return distance / total if total else float("nan")


def coverage(came_back: np.ndarray, chance: np.ndarray, low: np.ndarray, high: np.ndarray) -> float:
    """Return the share of the ten parts whose observed rate ± 1 standard error meets the band."""
    met = []
    for part in parts_of(chance):
        rate = float(came_back[part].mean())
        error = (rate * (1.0 - rate) / len(part)) ** 0.5
        met.append(rate + error >= low[part].mean() and rate - error <= high[part].mean())
    return float(np.mean(met)) if met else float("nan")
