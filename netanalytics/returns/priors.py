"""What other logs say about the return of a tie, for logs that say too little themselves.

``priors.json`` holds one fit a log, form and horizon; it is written by ``benchmarks/fit_priors.py``
and names no person. A prior is their mean, so that a benchmark can leave out the log on which it
tests.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from netanalytics.errors import OptionError
from netanalytics.returns import features
from netanalytics.returns.threads import on_one_thread

FORMS: Mapping[str, tuple[str, ...]] = {
    "eight": features.EIGHT,
    "ego": features.EGO,
    "five": features.FIVE,
    **{name: (name,) for name in features.SINGLE},
}
"""Which features each form weighs."""

BETWEEN_LOGS = 0.6
"""Standard deviation of the intercept between logs."""


@dataclass(frozen=True, eq=False)
class Prior:
    """Mean of the fits on other logs, between the horizons for which they were made."""

    form: str
    intercept: float
    slopes: np.ndarray

    @on_one_thread
    def log_odds(self, values: np.ndarray) -> np.ndarray:
        """Return the log-odds of each row."""
        found: np.ndarray = self.intercept + values @ self.slopes
        return found


@cache
def _shipped() -> dict[str, Any]:
    text = files("netanalytics.returns").joinpath("priors.json").read_text(encoding="utf-8")
    shipped: dict[str, Any] = json.loads(text)
    return shipped


def prior(form: str, horizon_days: int, *, without: Sequence[str] = ()) -> Prior:
    """Return what other logs say.

    Parameters
    ----------
    form : str
        One of :data:`FORMS`.
    horizon_days : int
        Between the horizons of the fits it is interpolated on a logarithmic scale.
    without : sequence of str
        Logs that must not inform it.

    Examples
    --------
    >>> bool(prior("last_contact", 30).slopes[0] < 0)
    True
    """
    if form not in FORMS:
        raise OptionError(f"form is {form!r}; there are {', '.join(FORMS)}")
    found = []
    for log, forms in sorted(_shipped().items()):
        if log not in without and form in forms:
            found.append(_at(forms[form], horizon_days))
    if not found:
        raise OptionError("no log is left that could inform this prior")
    mean = np.mean(found, axis=0)
    return Prior(form, float(mean[0]), mean[1:])


def _at(fits: Mapping[str, Sequence[float]], horizon_days: int) -> np.ndarray:
    days = sorted(int(name) for name in fits)
    table = np.array([fits[str(day)] for day in days], dtype=float)
    where = math.log(horizon_days)
    logs = np.log(np.array(days, dtype=float))
    return np.array([np.interp(where, logs, column) for column in table.T])
