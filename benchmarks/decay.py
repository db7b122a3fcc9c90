"""The pinned protocol of relationship decay, on real logs that are not part of the project.

    python -m benchmarks.decay ../shared/data            # the table
    python -m benchmarks.decay ../shared/data --shift 14 # cut-offs two weeks earlier
    python -m benchmarks.decay ../shared/data --small    # small logs of one person each

Whatever stands in for a log that says too little is fitted on the other logs.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.fit_priors import ego_rows, real_log, walked
from netanalytics.returns import features, logistic, model, scores
from netanalytics.returns.priors import FORMS

TASKS = {
    ("enron", 30): "2000-09-21 2000-12-20 2001-03-20 2001-06-18 2001-09-16 2001-11-15",
    ("enron", 90): "2000-09-21 2000-12-20 2001-03-20 2001-06-18 2001-09-16",
    ("manufacturing", 30): "2010-05-01 2010-05-31 2010-06-30 2010-07-30 2010-08-29",
    ("manufacturing", 90): "2010-06-30",
    ("college", 30): "2004-06-29 2004-07-24 2004-08-18 2004-09-12",
}
MODELS = ("eight", "eight, plain", "five", "half_life_30", "half_life_90", "last_contact", "count")
MODELS += ("cadence", "bg_nbd")
MEASURES = ("AUC", "log loss", "calibration", "coverage", "width", "once")


def day_of(text: str) -> int:
    return (pd.Timestamp(text) - pd.Timestamp(0)).days


def reference_days(history: model.History, at: int, horizon: int) -> list[int]:
    """Return the days of the snapshots on which the protocol fits what is compared with."""
    step = max(horizon, 30)
    days = [at - horizon - place * step for place in range(4)]
    return [day for day in days if history.days.contacts_before(day) >= 1_000]


def training(
    history: model.History, at: int, horizon: int, *, form: str
) -> tuple[pd.DataFrame, np.ndarray]:
    """Return what a model is fitted on: the product's own rows, the protocol's for all others."""
    if form.startswith("eight"):
        return history.training(at, horizon)
    days = reference_days(history, at, horizon)
    tables = [history.table(day, horizon, bg_nbd=form == "bg_nbd") for day in days]
    came = [history.outcome(day, horizon) for day in days]
    return pd.concat(tables, ignore_index=True), np.concatenate(came)


def judged(history: model.History, *, name: str, at: int, horizon: int, form: str) -> list[float]:
    """Return the measures of one model at one cut-off."""
    bg_nbd = form == "bg_nbd"
    rows, came = training(history, at, horizon, form=form)
    table = history.table(at, horizon, bg_nbd=bg_nbd)
    truth = history.outcome(at, horizon)
    fitted = model.learn(
        rows, came, form=form.split(",", maxsplit=1)[0], horizon_days=horizon, without=[name]
    )
    if form.endswith("plain"):
        fitted = model.Model("eight", fitted.fit, fitted.core.plain, features.EIGHT)
    said = fitted.judge(table)
    chance, low, high = (said[column].to_numpy() for column in ("probability", "low", "high"))
    once = (history.known(at)["days"] == 1).to_numpy()
    return [
        scores.auc(chance, truth),
        scores.log_loss(chance, truth),
        scores.calibration_error(chance, truth),
        scores.coverage(truth, chance, low, high),
        float((high - low).mean()),
        float(chance[once].mean() - truth[once].mean()),
    ]


def table(folder: Path, *, shift: int, forms: tuple[str, ...]) -> pd.DataFrame:
    histories: dict[str, model.History] = {}
    found = []
    for (name, horizon), cuts in TASKS.items():
        if name not in histories:
            histories[name] = model.History(walked(real_log(folder, name)))
        for form in forms:
            values = [
                judged(
                    histories[name], name=name, at=day_of(cut) - shift, horizon=horizon, form=form
                )
                for cut in cuts.split()
            ]
            found.append((name, horizon, form, *np.mean(values, axis=0)))
            print(name, horizon, form, *(f"{value:.3f}" for value in found[-1][3:]), flush=True)
    return pd.DataFrame(found, columns=["log", "horizon", "model", *MEASURES])


def summary(found: pd.DataFrame) -> None:
    """Print the averages over the three tasks that have a bar."""
    barred = found[
        (found["log"] != "college") & ~((found["log"] != "enron") & (found["horizon"] == 90))
    ]
    print(barred.groupby("model", sort=False)[list(MEASURES)].mean().round(4).to_string())


# ---- small logs --------------------------------------------------------------------------------


def one_person(
    known: pd.DataFrame, wide: pd.DataFrame, *, ties: tuple[float, float] = (8, 50)
) -> pd.DataFrame:
    """Return the ties of everybody with so many of them, each person's own rows only."""
    place, values, person = ego_rows(known, wide, ties=ties)
    table = wide.iloc[place].reset_index(drop=True)
    table[list(features.EGO)] = values
    return table.assign(person=person, place=place)


def small(folder: Path) -> None:
    for (name, horizon), cuts in list(TASKS.items())[:3]:
        history = model.History(walked(real_log(folder, name)))
        said: dict[str, list[np.ndarray]] = {"ego": [], "half-life 30, local": []}
        truth = []
        for cut in cuts.split():
            at = day_of(cut)
            test = one_person(history.known(at), history.table(at, horizon))
            came = history.outcome(at, horizon)
            earlier = []
            for day in model.earlier_days(history.days, at, horizon):
                known = history.known(day)
                rows = one_person(known, history.table(day, horizon), ties=(1, np.inf))
                rows["day"] = day
                rows["came"] = history.outcome(day, horizon)[rows["place"].to_numpy()]
                earlier.append(rows)
            past = dict(list(pd.concat(earlier, ignore_index=True).groupby("person")))
            for person, mine in test.groupby("person"):
                rows = past.get(person)
                rows = (
                    pd.DataFrame(columns=[*test.columns, "day", "came"]) if rows is None else rows
                )
                outcome = rows["came"].to_numpy(dtype=bool)
                fitted = model.learn(
                    rows, outcome, form="ego", horizon_days=horizon, without=[name]
                )
                said["ego"].append(fitted.judge(mine)["probability"].to_numpy())
                old = rows["day"].isin(reference_days(history, at, horizon)).to_numpy()
                said["half-life 30, local"].append(local(rows[old], outcome[old], mine))
                truth.append(came[mine["place"].to_numpy()])
        yes = np.concatenate(truth)
        for label, parts in said.items():
            chance = np.concatenate(parts)
            print(
                name,
                horizon,
                label,
                f"AUC {scores.auc(chance, yes):.4f}",
                f"log loss {scores.log_loss(chance, yes):.4f}",
                len(yes),
                flush=True,
            )


def local(rows: pd.DataFrame, outcome: np.ndarray, mine: pd.DataFrame) -> np.ndarray:
    """Return what a half-life of 30 days says, fitted on one person's own rows."""
    columns = list(FORMS["half_life_30"])
    if not len(rows):
        return np.full(len(mine), 0.5)
    fitted = logistic.fit(rows[columns].to_numpy(dtype=float), outcome)
    return logistic.probability(fitted.log_odds(mine[columns].to_numpy(dtype=float)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--shift", type=int, default=0)
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--models", nargs="*", default=list(MODELS))
    asked = parser.parse_args()
    if asked.small:
        small(asked.folder)
        return
    summary(table(asked.folder, shift=asked.shift, forms=tuple(asked.models)))


if __name__ == "__main__":
    main()
