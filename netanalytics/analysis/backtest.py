"""How statements about the return of ties would have fared in the past of one's own log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from netanalytics.arguments import whole
from netanalytics.errors import OptionError
from netanalytics.identity import people_of
from netanalytics.interactions import counted, last_contact
from netanalytics.moments import end_of_day
from netanalytics.returns import model as models
from netanalytics.returns import scores
from netanalytics.ties import coded_contacts, day_after

if TYPE_CHECKING:
    from netanalytics.interactions import Interactions

MODELS = (
    "eight",
    "five",
    "last_contact",
    "half_life_30",
    "half_life_90",
    "half_life_180",
    "count",
    "cadence",
    "bg_nbd",
)
"""The model first, then what products of this field use; each is recalibrated on the same rows."""

MEASURES = {
    "auc": scores.auc,
    "log_loss": scores.log_loss,
    "brier": scores.brier,
    "calibration_error": scores.calibration_error,
}

RESAMPLES = 100

FEWEST_FOR_A_PART = 30
"""Statements; fewer of them say little about how such statements fare."""

MAILBOX = 0.95
STAGES = ((0.9, 1.01, "0.90 to 1"), (0.25, 0.9, "0.25 to 0.90"), (0.0, 0.25, "below 0.25"))


@dataclass(frozen=True, eq=False)
class Backtest:
    """What a backtest found.

    Parameters
    ----------
    horizon_days : int
        The horizon.
    cuts : tuple of pandas.Timestamp
        The days from which contact was foretold; nothing on or after a day was read for it.
    table : pandas.DataFrame
        One row a model: AUC, log loss, Brier score and calibration error, means over the cuts,
        each with the ``_low`` and ``_high`` of 90 % of resampled people.
    reliability : pandas.DataFrame
        One row a tenth: said (from, to, mean), pairs (statements: a tie makes one at each cut),
        observed share in contact, and the distinct ties and people that these are about.
    stages : pandas.DataFrame
        The same for the borders between stages.
    fit : str
        How the model was fitted at the last cut.
    """

    horizon_days: int
    cuts: tuple[pd.Timestamp, ...]
    table: pd.DataFrame
    reliability: pd.DataFrame
    stages: pd.DataFrame
    fit: str

    def __repr__(self) -> str:
        """Say what was tested and how the first model fared."""
        auc = self.table["auc"].iloc[0]
        return (
            f"Backtest({self.horizon_days} days, {counted(len(self.cuts), 'cut')}, "
            f"{counted(len(self.table), 'model')}, AUC {auc:.3f})"
        )

    @property
    def sentence(self) -> str:
        """How the model fared, in one sentence."""
        return self.told_of(1)

    def told_of(self, fewest: int) -> str:
        """Say how the model fared, by no part that fewer people make; nothing without a part.

        Parameters
        ----------
        fewest : int
            The smallest number of distinct people whose ties may be told of.
        """
        full = self.reliability[self.reliability["pairs"] > 0]
        full = full[full["people"] >= fewest]
        if full.empty:
            return ""
        likely = full[full["said_from"] >= 0.5]
        pool = likely if len(likely) else full
        best = pool.sort_values(["pairs", "said_from"], ascending=[False, True]).iloc[0]
        dates = counted(len(self.cuts), "earlier date")
        return (
            f"When this tool said {100 * best['said_from']:.0f} to {100 * best['said_to']:.0f} %, "
            f"{100 * best['observed']:.0f} % were in contact within {self.horizon_days} days "
            f"({_statements(best)} at {dates}).{_furthest(full)}"
        )


def _statements(part: pd.Series) -> str:
    """Say how much a part rests on: a tie that is looked at on three dates is still one tie."""
    return f"{counted(int(part['pairs']), 'statement')} about {counted(int(part['ties']), 'tie')}"


def _furthest(parts: pd.DataFrame) -> str:
    """Say where the model was furthest off, if that is outside of what it said."""
    full = parts[parts["pairs"] >= FEWEST_FOR_A_PART]
    outside = full[(full["observed"] < full["said_from"]) | (full["observed"] > full["said_to"])]
    if outside.empty:
        return ""
    away = (outside["observed"] - outside["said"]).abs().to_numpy()
    worst = outside.iloc[int(away.argmax())]
    return (
        f" It was furthest off where it said {100 * worst['said_from']:.0f} to "
        f"{100 * worst['said_to']:.0f} %: {100 * worst['observed']:.0f} % ({_statements(worst)})."
    )


def backtest(
    log: Interactions,
    *,
    horizon_days: int = 30,
    people: Any = None,
    as_of: Any = None,
    cuts: int = 5,
    models_compared: Sequence[str] = MODELS,
    seed: int = 0,
) -> Backtest:
    """Foretell contact at earlier dates of a log, and compare with what happened.

    Parameters
    ----------
    log : Interactions
        The contacts.
    horizon_days : int
        From 7 to 365.
    people : pandas.DataFrame, str or Path, optional
        As for :func:`netanalytics.build_network`.
    as_of : date, timestamp or text, optional
        End of observation; the last contact by default.
    cuts : int
        At most how many dates, a horizon apart; fewer where the log is short.
    models_compared : sequence of str
        Which models; the first is the one whose reliability is shown.
    seed : int
        For resampling people.

    Returns
    -------
    Backtest

    Raises
    ------
    OptionError
        If the log is too short for the horizon.

    Examples
    --------
    >>> import netanalytics as na
    >>> office = na.datasets.office(seed=7)
    >>> found = na.backtest(na.load(office.interactions), horizon_days=30, cuts=1,
    ...                     models_compared=["eight", "last_contact"])
    >>> bool(found.table.loc["eight", "auc"] > found.table.loc["last_contact", "auc"])
    True
    """
    whole("horizon_days", horizon_days, least=7, most=365)
    whole("cuts", cuts, least=1)
    whole("seed", seed, least=0)
    end = end_of_day(as_of) if as_of is not None else last_contact(log)
    table = people_of(people) if people is not None else people_of(log.people)
    coded = coded_contacts(log, people=table, as_of=end)
    days = coded.pair_days()
    coded.drop()
    try:
        history = models.History(days)
        at = _cut_days(history, day_after(end), horizon_days, cuts)
        names = _for_this_log(history, at[-1], models_compared)
        told = [_told(history, day, horizon_days, names) for day in at]
    finally:
        days.drop()
    return _summary(told, names, at, horizon=horizon_days, seed=seed)


@dataclass(frozen=True, eq=False)
class _Told:
    """What each model said at one cut, and what happened."""

    ends: np.ndarray
    came_back: np.ndarray
    chance: dict[str, np.ndarray]
    fit: str


def _cut_days(history: models.History, end: int, horizon: int, cuts: int) -> list[int]:
    days = history.days
    found = [end - horizon * (place + 1) for place in range(cuts)]
    found = [day for day in found if models.earlier_days(days, day, horizon)]
    if not found:
        span = max(days.last - days.first + 1, 0)
        raise OptionError(
            f"from the first contact to the last {span} {'day' if span == 1 else 'days'}: too few "
            f"to test statements about {horizon} days (about {3 * horizon} are needed)"
        )
    mixed = [day for day in found if _both(history.outcome(day, horizon))]
    if not mixed:
        raise OptionError(
            f"at no earlier date did some ties have contact within {horizon} days and others not: "
            "nothing can be told apart, so there is nothing to test"
        )
    return sorted(mixed)


def _both(came_back: np.ndarray) -> bool:
    return bool(came_back.any() and not came_back.all())


def _for_this_log(history: models.History, day: int, names: Sequence[str]) -> list[str]:
    """Put the form for one mailbox in the place of the one for whole logs, where it is one."""
    known = history.known(day)
    ends = np.concatenate([known.index.get_level_values(level).to_numpy() for level in ("a", "b")])
    alone = np.bincount(ends).max() >= MAILBOX * len(known)
    return ["ego" if alone and name == "eight" else name for name in names]


def _told(history: models.History, day: int, horizon: int, names: Sequence[str]) -> _Told:
    bg_nbd = "bg_nbd" in names
    rows, came = history.training(day, horizon, bg_nbd=bg_nbd)
    table = history.table(day, horizon, bg_nbd=bg_nbd)
    chance, fit = {}, ""
    for name in names:
        fitted = models.learn(rows, came, form=name, horizon_days=horizon)
        chance[name] = fitted.judge(table)["probability"].to_numpy()
        fit = fit or fitted.fit
    known = history.known(day)
    ends = np.array([known.index.get_level_values(level) for level in ("a", "b")])
    return _Told(ends, history.outcome(day, horizon), chance, fit)


def _summary(
    told: Sequence[_Told], names: Sequence[str], at: Sequence[int], *, horizon: int, seed: int
) -> Backtest:
    first = names[0]
    chance = np.concatenate([one.chance[first] for one in told])
    came = np.concatenate([one.came_back for one in told])
    edges = [(tenth / 10, (tenth + 1) / 10) for tenth in range(10)]
    ends = np.concatenate([one.ends for one in told], axis=1)
    stages = _binned(chance, came, ends, [(low, high) for low, high, _ in STAGES])
    return Backtest(
        horizon_days=horizon,
        cuts=tuple(pd.Timestamp(day, unit="D", tz="UTC") for day in at),
        table=_table(told, names, seed),
        reliability=_binned(chance, came, ends, edges),
        stages=stages.assign(said=[word for _, _, word in STAGES]),
        fit=told[-1].fit,
    )


def _binned(
    chance: np.ndarray,
    came: np.ndarray,
    ends: np.ndarray,
    edges: Sequence[tuple[float, float]],
) -> pd.DataFrame:
    rows = []
    for low, high in edges:
        inside = (chance >= low) & ((chance < high) | (high >= 1.0))
        count = int(inside.sum())
        said = float(chance[inside].mean()) if count else np.nan
        seen = float(came[inside].mean()) if count else np.nan
        mine = ends[:, inside]
        ties, people = np.unique(mine, axis=1).shape[1], len(np.unique(mine))
        rows.append((low, min(high, 1.0), said, count, seen, ties, people))
    columns = ["said_from", "said_to", "said", "pairs", "observed", "ties", "people"]
    return pd.DataFrame(rows, columns=columns)


def _table(told: Sequence[_Told], names: Sequence[str], seed: int) -> pd.DataFrame:
    """Return every measure of every model, with its interval over resampled people."""
    models = {name: [_lowest_first(one, name) for one in told] for name in names}
    drawn: dict[str, list[list[float]]] = {name: [] for name in names}
    for weights in _weights(told, seed):  # one draw at a time: all of them would be gigabytes
        for name, model in models.items():
            drawn[name].append(_scores(model, weights))
    rows = {name: _row(_scores(model, None), drawn[name]) for name, model in models.items()}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("model")


_Sorted = tuple[np.ndarray, np.ndarray, np.ndarray]


def _lowest_first(one: _Told, name: str) -> _Sorted:
    """Return an order of pairs, and what was said and seen in it: sorted once for all draws."""
    order = np.argsort(one.chance[name], kind="stable").astype(np.int32)
    return order, one.chance[name][order], one.came_back[order]


def _row(whole: Sequence[float], drawn: Sequence[Sequence[float]]) -> dict[str, float]:
    """Return the measures of one model with their intervals."""
    row: dict[str, float] = {}
    for measure, value, found in zip(MEASURES, whole, np.array(drawn).T, strict=True):
        defined = found[~np.isnan(found)]
        low, high = np.quantile(defined, [0.05, 0.95]) if len(defined) else (np.nan, np.nan)
        row |= {measure: value, f"{measure}_low": float(low), f"{measure}_high": float(high)}
    return row


def _scores(told: Sequence[_Sorted], weights: Sequence[np.ndarray] | None) -> list[float]:
    """Return every measure, its mean over the cuts."""
    parts = [
        (chance, came, None if weights is None else weights[at][order])
        for at, (order, chance, came) in enumerate(told)
    ]
    return [_mean([function(*part) for part in parts]) for function in MEASURES.values()]


def _mean(values: Sequence[float]) -> float:
    """Return the mean of what is defined: a drawn sample of few people may hold no pair."""
    defined = [value for value in values if not np.isnan(value)]
    return float(np.mean(defined)) if defined else float("nan")


def _weights(told: Sequence[_Told], seed: int) -> Iterator[list[np.ndarray]]:
    """Draw people with replacement: a pair counts as often as both of its people together."""
    size = max(int(one.ends.max()) for one in told) + 1
    chance = np.random.default_rng(seed)
    for _ in range(RESAMPLES):
        times = np.bincount(chance.integers(0, size, size), minlength=size).astype(float)
        yield [times[one.ends[0]] * times[one.ends[1]] for one in told]
