"""Fit the shipped priors: one logistic a real log, form and horizon.

    python -m benchmarks.fit_priors ../shared/data netanalytics/returns/priors.json

A log gives a horizon only where at least two snapshots leave it a whole label window.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd

import netanalytics as na
from netanalytics.returns import features, logistic, priors
from netanalytics.returns.snapshots import PairDays
from netanalytics.ties import coded_contacts

HORIZONS = (7, 14, 30, 60, 90, 180, 365)
SNAPSHOTS = 6


def real_log(folder: Path, name: str) -> na.Interactions:
    if name == "college":
        return na.load(folder / "college/CollegeMsg.txt", columns=["source", "target", "time"])
    if name == "zulip":
        columns = {"source": "src", "target": "dst", "time": "t", "channel": "kind", "event": "msg"}
        return na.load(folder / "zulip/interactions_reply_mention.csv.gz", mapping=columns)
    return na.load(folder / name / "interactions.csv")


def walked(log: na.Interactions) -> PairDays:
    """Return a whole log as pair-days."""
    coded = coded_contacts(log, people=None, as_of=pd.Timestamp("2100-01-01", tz="UTC"))
    return coded.pair_days()


def moments(days: PairDays, horizon: int) -> list[int]:
    start = days.first + max(60, (days.last - days.first) // 5)
    end = days.last + 1 - horizon
    if end - start < 30:
        return []
    found = np.unique(np.linspace(start, end, SNAPSHOTS).astype(int))
    return [int(day) for day in found if days.contacts_before(int(day)) >= 1000]


def ego_rows(
    known: pd.DataFrame, table: pd.DataFrame, *, ties: tuple[float, float] = (8, 50)
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return place, features and owner of the ties of all with so many of them, seen alone."""
    ends = [known.index.get_level_values(level).to_numpy() for level in ("a", "b")]
    place = np.tile(np.arange(len(known)), 2)
    person = np.concatenate(ends)
    idle = known["idle"].to_numpy(dtype=float)[place]
    own = pd.Series(idle).groupby(person).transform("min").to_numpy()
    count = pd.Series(idle).groupby(person).transform("size").to_numpy()
    values = table[list(features.EGO)].to_numpy()[place].copy()
    values[:, features.EGO.index("idle")] = np.log1p(idle)
    values[:, features.EGO.index("idle_less")] = np.log1p(own)
    recent = known["days_30"].to_numpy(dtype=float)[place]
    whole = pd.Series(recent).groupby(person).transform("sum").to_numpy()
    values[:, features.EGO.index("own_days")] = np.log(0.1 + np.maximum(whole - recent, 0.0))
    values[:, features.EGO.index("own_ties")] = np.log(count)
    kept = (count >= ties[0]) & (count <= ties[1])
    return place[kept], values[kept], person[kept]


BETWEEN_PEOPLE = 1.0
"""Standard deviation of the intercept between people, whose slopes are looked for."""


def within_people(values: np.ndarray, came: np.ndarray, person: np.ndarray) -> logistic.Fit:
    """Fit slopes beside an intercept of each person's own, which a new mailbox has to find too."""
    _, group = np.unique(person, return_inverse=True)
    own = np.zeros(group.max() + 1)
    fitted = logistic.fit(values, came)
    for _ in range(8):
        known = fitted.log_odds(values)
        for _ in range(3):
            chance = logistic.probability(known + own[group])
            slope = np.bincount(group, came - chance) - own / BETWEEN_PEOPLE**2
            curve = np.bincount(group, chance * (1 - chance)) + 1 / BETWEEN_PEOPLE**2
            own += slope / curve
        fitted = logistic.fit(values, came, offset=own[group])
    return fitted


def fits(days: PairDays) -> dict[str, dict[str, list[float]]]:
    seen: dict[int, tuple[pd.DataFrame, pd.DataFrame]] = {}
    found: dict[str, dict[str, list[float]]] = {form: {} for form in priors.FORMS}
    for horizon in HORIZONS:
        rows: dict[str, list[np.ndarray]] = {form: [] for form in priors.FORMS}
        labels: dict[str, list[np.ndarray]] = {form: [] for form in priors.FORMS}
        people: list[np.ndarray] = []
        for day in moments(days, horizon):
            if day not in seen:
                known = days.at(day)
                seen[day] = known, features.features(known)
            known, table = seen[day]
            came = days.contact_between(known.index, day, day + horizon)
            for form, names in priors.FORMS.items():
                if form == "ego":
                    place, values, ends = ego_rows(known, table)
                    rows[form].append(values)
                    people.append(ends)
                    labels[form].append(came[place])
                else:
                    rows[form].append(table[list(names)].to_numpy())
                    labels[form].append(came)
        if len(rows["eight"]) < 2:
            continue
        for form in priors.FORMS:
            values, came = np.concatenate(rows[form]), np.concatenate(labels[form])
            one = (
                within_people(values, came, np.concatenate(people))
                if form == "ego"
                else logistic.fit(values, came)
            )
            numbers = [one.intercept, *one.slopes.tolist()]
            found[form][str(horizon)] = [round(number, 4) for number in numbers]
    return found


def main(folder: str, out: str) -> None:
    shipped = {}
    for name in ("college", "enron", "manufacturing", "zulip"):
        shipped[name] = fits(walked(real_log(Path(folder), name)))
        print(name, shipped[name]["eight"].get("30"), flush=True)
    Path(out).write_text(json.dumps(shipped, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
