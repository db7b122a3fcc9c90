"""What was planted in the synthetic workplace is found again, over twenty seeds."""

from __future__ import annotations

import pandas as pd
import pytest

import netanalytics as na

from .conftest import AS_OF

SEEDS = range(20)


def found(seed: int) -> dict[str, float]:
    """Return how much of what was planted comes back."""
    office = na.datasets.office(seed=seed)
    net = na.build_network(na.load(office.interactions), people=office.people, as_of=AS_OF)
    truth = office.truth.groupby("kind")
    values = na.measure(net, ["constraint", "is_articulation_point"])
    stage = na.measure_ties(net, "stage")["stage"].dropna()
    fading = set(stage.index[stage.isin(["cooling", "dormant"])])
    rows = truth.get_group("fading")[["source", "target"]]
    planted = {tuple(sorted(pair)) for pair in rows.itertuples(index=False)} & set(stage.index)
    lowest = set(values["constraint"].dropna().nsmallest(len(values) // 10).index)
    brokers = set(truth.get_group("broker")["person"])
    cut = truth.get_group("cut_point")["person"]
    return {
        "cut_point": float(values.loc[cut, "is_articulation_point"].astype(bool).all()),
        "brokers": len(brokers & lowest) / len(brokers),
        "precision": len(fading & planted) / len(fading),
        "recall": len(fading & planted) / len(planted),
    }


def judged(office, rows) -> pd.Series:
    net = na.build_network(na.load(rows), people=office.people, as_of=AS_OF)
    return na.measure_ties(net, "stage")["stage"].dropna().isin(["cooling", "dormant"])


@pytest.mark.parametrize("channel", ["email", "meeting", "chat"])
def test_a_channel_that_was_cut_is_not_silence(office, channel):
    """At most one in a hundred judged ties is called fading because a channel was cut."""
    rows = office.interactions
    whole = judged(office, rows)
    for month in ("2025-06-01", "2025-12-01", "2026-02-01", "2026-04-01", "2026-06-01"):
        late = (rows["channel"] == channel) & (rows["time"] >= pd.Timestamp(month, tz="UTC"))
        cut = judged(office, rows[~late])
        new = cut & ~whole.reindex(cut.index, fill_value=False)
        print(f"{channel} cut in {month[:7]}: {100 * new.mean():.2f} % of {len(cut)} judged ties")
        assert new.mean() <= 0.01


@pytest.mark.parametrize("seed", SEEDS)
def test_planted_truth(seed):
    figures = found(seed)
    print(f"seed {seed}: " + ", ".join(f"{name} {value:.2f}" for name, value in figures.items()))
    assert figures["cut_point"] == 1.0
    assert figures["brokers"] >= 0.9
    assert figures["precision"] >= 0.8
    assert figures["recall"] >= 0.8
