"""Pages for a group: what rests on too few people is told nowhere, not even by a difference."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import netanalytics as na
from netanalytics.report.render import to_markdown

MANY = list("abcdefghijkl")
PEOPLE = pd.DataFrame({"person": [*MANY, "x", "y"], "team": ["s"] * 7 + ["t"] * 7})


def mails() -> pd.DataFrame:
    """Twelve people who mail by chance, and two who do every second day."""
    days = pd.date_range("2025-06-02", "2026-02-27", freq="D")
    dice = np.random.default_rng(1)
    rows = []
    for day in days[days.day_of_week < 5]:
        for place, sender in enumerate(MANY):
            other = int(dice.integers(len(MANY)))
            if other != place and dice.random() < 0.15:
                rows.append((day + pd.Timedelta(hours=9), sender, MANY[other], "email"))
    rows += [(day, "x", "y", "email") for day in days[::2]]
    return pd.DataFrame(rows, columns=["time", "source", "target", "channel"])


@pytest.fixture(scope="module")
def net():
    return na.build_network(na.load(mails()), people=PEOPLE)


def test_a_backtest_tells_a_group_of_no_part_that_few_people_make(net):
    tested = na.backtest(net.log, cuts=3, models_compared=["eight"])
    surest = tested.reliability[tested.reliability["pairs"] > 0].iloc[-1]
    assert surest[["ties", "people"]].tolist() == [1, 2]  # x and y, on several dates
    alone = tested.reliability["said_from"] == surest["said_from"]
    few = na.analysis.backtest.Backtest(
        tested.horizon_days,
        tested.cuts,
        tested.table,
        tested.reliability[alone],
        tested.stages,
        tested.fit,
    )
    assert few.sentence.endswith(
        f"({surest['pairs']:.0f} statements about 1 tie at 3 earlier dates)."
    )
    assert few.told_of(5) == ""
    assert tested.told_of(5)


def decay(report):
    return next(section for section in report.sections if section.name == "decay")


def test_a_group_whose_every_part_is_small_reads_nothing_of_the_backtest(net):
    shown = na.build_report(net)
    assert "statements about" in decay(shown).paragraphs[0]
    hidden = decay(na.build_report(net, minimum=13))
    assert hidden.paragraphs == (
        "Too few people to show how statements about the coming month fared in the past.",
    )
    assert not hidden.tables
    assert not hidden.figures
    assert "statements about" in decay(na.build_report(net, names=True)).paragraphs[0]
    told = shown.tables["reliability"]
    assert (told["ties"] <= told["statements"]).all()
    text = to_markdown(shown)
    assert all(f"{row.statements} statements about 1 tie" not in text for row in told.itertuples())
