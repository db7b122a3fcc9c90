"""One model of return: fitted on a log where it says enough, leaning on other logs where not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netanalytics.returns import bgnbd, features, logistic
from netanalytics.returns.priors import BETWEEN_LOGS, FORMS, Prior, prior
from netanalytics.returns.threads import on_one_thread

if TYPE_CHECKING:
    from netanalytics.returns.snapshots import PairDays

SNAPSHOTS, STEP_DAYS, MOST_ROWS = 12, 30, 100_000
"""Earlier moments whose outcome is known, this far apart, pooled for the fit; fewer of them where
they hold more pairs than this."""

ENOUGH_CONTACTS = 1_000
"""A snapshot with fewer before it is used only where there is none with as many."""

ENOUGH_ROWS, ENOUGH_OF_EACH = 900, 150
"""Fewer pairs, or fewer that came back or did not, and slopes from other logs do better. Moments
overlap: these are about 300 pairs that are new, and 50."""

SLOPES_BETWEEN_LOGS = 0.05
"""Standard deviation between logs of a slope, of a feature of standard deviation 1."""

DRIFT = 0.40
"""Standard deviation, in log-odds, of what moves between the last known outcomes and the next."""

WIDTH = 1.645
"""Standard deviations on either side of a band of 90 %."""

SIMILAR = 50
"""How many earlier pairs with the nearest log-odds stand for "similar ties"."""

LOCAL, SHIFTED, ALONE = "local fit", "prior slopes, local intercept", "prior alone"


@dataclass(frozen=True, eq=False)
class Model:
    """A model of return.

    Parameters
    ----------
    form : str
        Which features it weighs.
    fit : str
        How it was fitted: locally, with slopes from other logs, or from other logs alone.
    core : Blend, Fit or Prior
        What gives log-odds.
    columns : tuple of str
        Features that the core reads.
    uncertain : float
        Standard deviation of the intercept.
    earlier, came_back : numpy.ndarray
        Log-odds and outcome of the rows it was fitted on, in the order of log-odds.
    """

    form: str
    fit: str
    core: logistic.Blend | logistic.Fit | Prior
    columns: tuple[str, ...]
    uncertain: float = DRIFT
    earlier: np.ndarray = field(default_factory=lambda: np.empty(0))
    came_back: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=bool))

    def log_odds(self, table: pd.DataFrame) -> np.ndarray:
        """Return the log-odds of contact within the horizon, each row of features."""
        values = table[list(self.columns)].to_numpy(dtype=float)
        odds: np.ndarray = self.core.log_odds(values)
        return odds

    def plain_log_odds(self, table: pd.DataFrame) -> np.ndarray:
        """Return log-odds that only fall while a tie is silent: without products of features."""
        if not isinstance(self.core, logistic.Blend):
            return self.log_odds(table)
        values = table[list(FORMS[self.form])].to_numpy(dtype=float)
        plain: np.ndarray = self.core.plain.log_odds(values)
        return plain

    def deviation(self, table: pd.DataFrame) -> np.ndarray:
        """Return the standard deviation of the log-odds: of the fit, and of what drifts."""
        core = self.core.plain if isinstance(self.core, logistic.Blend) else self.core
        if isinstance(core, Prior):
            return np.full(len(table), self.uncertain)
        values = table[list(self.columns[: len(core.slopes)])].to_numpy(dtype=float)
        both: np.ndarray = np.hypot(core.deviation(values), self.uncertain)
        return both

    def judge(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return probability, low and high, and how similar pairs fared, each row of features."""
        odds = self.log_odds(table)
        spread = WIDTH * self.deviation(table)
        similar, came = self.similar(odds)
        return pd.DataFrame(
            {
                "probability": logistic.probability(odds),
                "low": logistic.probability(odds - spread),
                "high": logistic.probability(odds + spread),
                "similar": similar,
                "similar_back": came,
            },
            index=table.index,
        )

    def similar(self, odds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return how many earlier pairs come nearest, and the share of them that came back."""
        size = len(self.earlier)
        if not size:
            return np.zeros(len(odds), dtype=int), np.full(len(odds), np.nan)
        count = min(SIMILAR, size)
        start = np.clip(np.searchsorted(self.earlier, odds) - count // 2, 0, size - count)
        total = np.concatenate([[0], np.cumsum(self.came_back)])
        share = (total[start + count] - total[start]) / count
        return np.full(len(odds), count), share


def earlier_days(days: PairDays, at: int, horizon: int, count: int = SNAPSHOTS) -> list[int]:
    """Return the days of the snapshots whose outcome was known when day ``at`` began."""
    found = [at - horizon - place * STEP_DAYS for place in range(count)]
    found = [day for day in found if day > days.first]
    full = [day for day in found if days.contacts_before(day) >= ENOUGH_CONTACTS]
    return full or found


class History:
    """Snapshots of one log, each computed once, and what came of them.

    Parameters
    ----------
    days : PairDays
        The log.
    """

    def __init__(self, days: PairDays) -> None:
        self.days = days
        self._known: dict[int, pd.DataFrame] = {}
        self._tables: dict[tuple[int, int], pd.DataFrame] = {}

    def known(self, day: int) -> pd.DataFrame:
        """Return what was known of every pair when a day began."""
        if day not in self._known:
            self._known[day] = self.days.at(day)
        return self._known[day]

    def table(self, day: int, horizon_days: int, *, bg_nbd: bool = False) -> pd.DataFrame:
        """Return the features of every pair when a day began."""
        key = (day, horizon_days if bg_nbd else 0)
        if key not in self._tables:
            self._tables[key] = table_of(self.known(day), horizon_days, bg_nbd=bg_nbd)
        return self._tables[key]

    def outcome(self, day: int, horizon_days: int) -> np.ndarray:
        """Say which pairs known on a day were in contact within the horizon from then on."""
        pairs = self.known(day).index
        return self.days.contact_between(pairs, day, day + horizon_days)

    def training(
        self, at: int, horizon_days: int, *, bg_nbd: bool = False
    ) -> tuple[pd.DataFrame, np.ndarray]:
        """Return features and outcomes that were known when day ``at`` began, pooled."""
        found = self._within_reason(earlier_days(self.days, at, horizon_days))
        if not found:
            return pd.DataFrame(columns=[*features.EVERY, "bg_nbd"]), np.empty(0, dtype=bool)
        tables = [self.table(day, horizon_days, bg_nbd=bg_nbd) for day in found]
        came = [self.outcome(day, horizon_days) for day in found]
        return pd.concat(tables, ignore_index=True), np.concatenate(came)

    def _within_reason(self, days: list[int]) -> list[int]:
        """Return the newest of some days, as many as hold a reasonable number of pairs."""
        found: list[int] = []
        rows = 0
        for day in days:
            rows += len(self.known(day))
            if found and rows > MOST_ROWS:
                break
            found.append(day)
        return found


def table_of(known: pd.DataFrame, horizon_days: int, *, bg_nbd: bool = False) -> pd.DataFrame:
    """Return the features of a snapshot, with the score of BG/NBD where it is asked for."""
    table = features.features(known)
    return table.assign(bg_nbd=bgnbd.score(known, horizon_days)) if bg_nbd else table


def columns_of(form: str) -> tuple[str, ...]:
    """Return the features that a local fit of a form reads."""
    if form == "bg_nbd":
        return ("bg_nbd",)
    return FORMS[form] + (features.MORE if form == "eight" else ())


def learn(
    rows: pd.DataFrame,
    came_back: np.ndarray,
    *,
    form: str,
    horizon_days: int,
    without: Sequence[str] = (),
) -> Model:
    """Fit a model on earlier moments, as far as they carry it.

    Parameters
    ----------
    rows : pandas.DataFrame
        Features of pairs at moments whose outcome is known.
    came_back : numpy.ndarray
        Whether each was in contact within the horizon.
    form : str
        One of the forms of :data:`netanalytics.returns.priors.FORMS`, or ``bg_nbd``.
    horizon_days : int
        The horizon.
    without : sequence of str
        Logs that must not inform the prior.
    """
    columns = columns_of(form)
    plain = FORMS.get(form, columns)
    values = rows[list(columns)].to_numpy(dtype=float)
    shared = prior(form, horizon_days, without=without) if form in FORMS else _BELIEVED
    fewest = min(int(came_back.sum()), int((~came_back).sum()))
    if len(rows) >= ENOUGH_ROWS and fewest >= ENOUGH_OF_EACH:
        core: logistic.Blend | logistic.Fit = (
            logistic.blend(values, came_back, len(plain), shared.slopes)
            if len(columns) > len(plain)
            else logistic.fit(values, came_back)
        )
        return _with_history(Model(form, LOCAL, core, columns), rows, came_back)
    if not len(rows):
        spread = float(np.hypot(DRIFT, BETWEEN_LOGS))
        return Model(form, ALONE, shared, plain, uncertain=spread)
    leant, error = _lean(shared, rows[list(plain)].to_numpy(dtype=float), came_back)
    model = Model(form, SHIFTED, leant, plain, uncertain=float(np.hypot(DRIFT, error)))
    return _with_history(model, rows, came_back)


_BELIEVED = Prior("bg_nbd", 0.0, np.ones(1))
"""BG/NBD states a probability by itself, and is believed where a log cannot correct it."""


def _with_history(model: Model, rows: pd.DataFrame, came_back: np.ndarray) -> Model:
    odds = model.log_odds(rows)
    order = np.argsort(odds, kind="stable")
    return replace(model, earlier=odds[order], came_back=came_back[order])


@on_one_thread
def _lean(shared: Prior, values: np.ndarray, came_back: np.ndarray) -> tuple[Prior, float]:
    """Move a prior as far as a few rows of one's own carry it; return it and its standard error.

    The intercept moves as it does between logs, slopes hardly: fitted freely on so few rows they
    are far worse than those of other logs.
    """
    scale = np.maximum(values.std(axis=0), 0.1)
    design = np.column_stack([np.ones(len(values)), values / scale])
    penalty = np.full(design.shape[1], SLOPES_BETWEEN_LOGS**-2)
    penalty[0] = BETWEEN_LOGS**-2
    known, move = shared.log_odds(values), np.zeros(design.shape[1])
    centre = design[:, 1:].mean(axis=0)
    design[:, 1:] -= centre
    hessian = np.diag(penalty)
    for _ in range(50):
        chance = logistic.probability(known + design @ move)
        weight = chance * (1.0 - chance)
        hessian = (design * weight[:, None]).T @ design + np.diag(penalty)
        step = np.linalg.solve(hessian, design.T @ (came_back - chance) - penalty * move)
        move = move + np.clip(step, -2.0, 2.0)
        if np.abs(step).max() < 1e-10:
            break
    slopes = move[1:] / scale
    intercept = shared.intercept + float(move[0] - centre @ move[1:])
    error = float(np.linalg.inv(hessian)[0, 0]) ** 0.5
    return Prior(shared.form, intercept, shared.slopes + slopes), error
