"""A logistic regression with a ridge, small enough to be the same on every machine."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from netanalytics.returns.threads import on_one_thread


@dataclass(frozen=True, eq=False)
class Fit:
    """A fitted logistic.

    Parameters
    ----------
    intercept : float
        Log-odds where every feature is 0.
    slopes : numpy.ndarray
        One a feature, in the features' own units.
    covariance : numpy.ndarray
        Of intercept and slopes, intercept first.
    rows, positives : int
        What it was fitted on.
    """

    intercept: float
    slopes: np.ndarray
    covariance: np.ndarray
    rows: int = 0
    positives: int = 0

    @on_one_thread
    def log_odds(self, values: np.ndarray) -> np.ndarray:
        """Return the log-odds of each row."""
        found: np.ndarray = self.intercept + values @ self.slopes
        return found

    @on_one_thread
    def deviation(self, values: np.ndarray) -> np.ndarray:
        """Return the standard error of each row's log-odds."""
        whole = np.column_stack([np.ones(len(values)), values])
        squares = ((whole @ self.covariance) * whole).sum(axis=1)
        error: np.ndarray = np.sqrt(np.maximum(squares, 0.0))
        return error


def probability(log_odds: np.ndarray) -> np.ndarray:
    """Return the probability for log-odds."""
    chance: np.ndarray = 1.0 / (1.0 + np.exp(-np.clip(log_odds, -40.0, 40.0)))
    return chance


@on_one_thread
def fit(
    values: np.ndarray,
    came_back: np.ndarray,
    *,
    ridge: float = 1.0,
    offset: np.ndarray | None = None,
    toward: np.ndarray | None = None,
) -> Fit:
    """Fit a logistic by Newton steps.

    Parameters
    ----------
    values : numpy.ndarray
        One row a case, one column a feature.
    came_back : numpy.ndarray
        Whether each case came true.
    ridge : float
        Penalty on slopes of standardised features; the intercept has none.
    offset : numpy.ndarray, optional
        Known log-odds to which the fit adds.
    toward : numpy.ndarray, optional
        Slopes, in the features' own units, from which the penalty counts; 0 by default.
    """
    target = came_back.astype(float)
    centre, scale = values.mean(axis=0), values.std(axis=0)
    scale = np.where(scale > 1e-12, scale, 1.0)
    design = np.column_stack([np.ones(len(values)), (values - centre) / scale])
    known = np.zeros(len(values)) if offset is None else offset
    penalty = np.full(design.shape[1], ridge)
    penalty[0] = 1e-6  # keeps the intercept finite where everybody or nobody came back
    goal = np.zeros(design.shape[1])
    if toward is not None:
        goal[1:] = toward * scale
    beta, hessian = _climbed(design, target, known, penalty=penalty, goal=goal)
    slopes = beta[1:] / scale
    back = np.zeros((len(beta), len(beta)))
    back[0, 0] = 1.0
    back[0, 1:] = -centre / scale
    back[1:, 1:] = np.diag(1.0 / scale)
    covariance = back @ np.linalg.inv(hessian) @ back.T
    intercept = float(beta[0] - slopes @ centre)
    return Fit(intercept, slopes, covariance, len(values), int(target.sum()))


def _climbed(
    design: np.ndarray,
    target: np.ndarray,
    known: np.ndarray,
    *,
    penalty: np.ndarray,
    goal: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the numbers of least penalised loss, and the curvature there.

    A Newton step that makes matters worse is halved until it does not: the least is always found.
    """
    beta = np.zeros(design.shape[1])
    odds = known + design @ beta
    loss = _loss(odds, target, penalty=penalty, away=beta - goal)
    hessian = np.eye(len(beta))
    for _ in range(50):
        chance = probability(odds)
        weight = np.maximum(chance * (1.0 - chance), 1e-9)
        rooted = design * np.sqrt(weight)[:, None]
        hessian = rooted.T @ rooted + np.diag(penalty)  # numpy sees the square: half the work
        step = np.linalg.solve(hessian, design.T @ (target - chance) - penalty * (beta - goal))
        for _ in range(30):
            odds = known + design @ (beta + step)
            found = _loss(odds, target, penalty=penalty, away=beta + step - goal)
            if found <= loss + 1e-9 * abs(loss):
                break
            step = step / 2.0
        beta, loss = beta + step, found
        if np.abs(step).max() < 1e-6:  # what the next would change is its square
            break
    return beta, hessian


def _loss(odds: np.ndarray, target: np.ndarray, *, penalty: np.ndarray, away: np.ndarray) -> float:
    missed = np.logaddexp(0.0, odds) - target * odds
    return float(missed.sum() + 0.5 * (penalty * away**2).sum())


MOST_FOR_PAIRS = 15_000
"""Rows on which products of features are fitted: more would cost minutes and change nothing."""

SLICE = 4_096

PAIR_RIDGE = 50.0

TOWARD_RIDGE = 30.0
"""Pull of other logs' slopes on a local fit: as much as about a hundred rows would say."""


@dataclass(frozen=True, eq=False)
class Blend:
    """Mean log-odds of a fit on features and of one on their products, which is held tight.

    Parameters
    ----------
    plain : Fit
        On the first columns, in their own units.
    pairs : Fit
        On standardised columns and all their products.
    centre, scale : numpy.ndarray
        What standardises the columns.
    """

    plain: Fit
    pairs: Fit
    centre: np.ndarray
    scale: np.ndarray

    def log_odds(self, values: np.ndarray) -> np.ndarray:
        """Return the log-odds of each row."""
        plain = self.plain.log_odds(values[:, : len(self.plain.slopes)])
        scaled = (values - self.centre) / self.scale
        # In slices that stay in the processor's memory: all products at once are 25 times the rows.
        slices = [scaled[start : start + SLICE] for start in range(0, max(len(values), 1), SLICE)]
        crossed = np.concatenate([self.pairs.log_odds(_products(rows)) for rows in slices])
        # Where a product leaves what was seen, the plain fit keeps it within reason.
        mean: np.ndarray = (plain + np.clip(crossed, plain - 2.0, plain + 2.0)) / 2.0
        return mean


def blend(
    values: np.ndarray, came_back: np.ndarray, plain: int, toward: np.ndarray | None = None
) -> Blend:
    """Fit the first ``plain`` columns, and all of them with their products.

    The plain slopes are drawn ``toward`` those of other logs, where these are given.

    Rows are thinned along the plain fit's own order, so that names decide nothing.
    """
    ridge = 1.0 if toward is None else TOWARD_RIDGE
    first = fit(values[:, :plain], came_back, ridge=ridge, toward=toward)
    order = np.argsort(first.log_odds(values[:, :plain]), kind="stable")
    step = -(-len(order) // MOST_FOR_PAIRS)
    chosen = order[::step]
    centre, scale = values.mean(axis=0), values.std(axis=0)
    scale = np.where(scale > 1e-9, scale, 1.0)
    crossed = _products((values[chosen] - centre) / scale)
    ridge = PAIR_RIDGE / step
    return Blend(first, fit(crossed, came_back[chosen], ridge=ridge), centre, scale)


def _products(values: np.ndarray) -> np.ndarray:
    values = np.clip(values, -5.0, 5.0)
    rows, columns = np.triu_indices(values.shape[1])
    return np.column_stack([values, values[:, rows] * values[:, columns]])
