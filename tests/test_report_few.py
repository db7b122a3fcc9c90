"""Pages for a group: what rests on too few people is told nowhere, not even by a difference."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

import netanalytics as na
from netanalytics.interactions import card_line
from netanalytics.report.render import to_markdown
from netanalytics.unmapped import REASON

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


# ---- channels ----------------------------------------------------------------------------------


def with_calls(*, twice: bool = False) -> na.network.Network:
    """Two people have called each other once, or under three addresses each."""
    when = pd.Timestamp("2026-02-27 15:00")
    calls = [(when, "x", "y", "phone")]
    if twice:
        calls += [(when + pd.Timedelta(hours=n), f"x{n}", f"y{n}", "phone") for n in (1, 2)]
    rows = pd.DataFrame(calls, columns=["time", "source", "target", "channel"])
    log = na.load(pd.concat([mails(), rows], ignore_index=True))
    spellings = {"x": "x1;x2", "y": "y1;y2"}
    people = PEOPLE.assign(addresses=PEOPLE["person"].map(spellings)) if twice else PEOPLE
    return na.build_network(log, people=people)


def pages(report) -> list[str]:
    return [report.html, report.markdown, *map(str, report.tables.values())]


@pytest.mark.parametrize("twice", [False, True])
def test_a_channel_of_two_people_is_not_named_to_a_group_nor_counted(twice):
    net = with_calls(twice=twice)
    report = na.build_report(net)
    assert "email" in report.tables["months"].columns
    assert not any("phone" in page.casefold() for page in pages(report))
    assert "are not in these files, or hardly" in report.letter.ending
    kept = net.card.loc[net.card["reason"] == "kept", "n"].sum()
    card = report.tables["card"]
    assert card.loc[card["reason"] == "kept", "n"].tolist() == ["withheld"]
    assert not any(f"{form}" in report.markdown for form in (f"{kept}", f"{kept:,}"))
    named = na.build_report(net, names=True)
    assert "phone" in named.letter.seen.casefold()
    assert named.tables["card"]["n"].sum() == net.card["n"].sum()


def test_a_channel_that_ended_is_not_named_to_a_group_in_a_note():
    rows = mails()
    calls = [(pd.Timestamp(f"2025-06-{day:02}"), "x", "y", "phone") for day in (2, 3, 4, 5)]
    calls = pd.DataFrame(calls, columns=rows.columns)
    net = na.build_network(na.load(pd.concat([rows, calls], ignore_index=True)), people=PEOPLE)
    assert any("phone" in note for note in net.notes)
    assert not any("phone" in page.casefold() for page in pages(na.build_report(net)))


def test_what_is_missing_of_the_months_cannot_be_had_from_the_card(net):
    """One month in which two people wrote is withheld, and would be the total less the months."""
    rows = mails()
    alone = pd.DataFrame([(pd.Timestamp("2025-05-20"), "x", "y", "email")], columns=rows.columns)
    few = na.build_network(na.load(pd.concat([rows, alone], ignore_index=True)), people=PEOPLE)
    report = na.build_report(few)
    assert "2025-05" not in report.tables["months"]["month"].tolist()
    assert report.tables["card"]["n"].tolist() == ["withheld"]
    whole = na.build_report(net).tables
    assert whole["card"]["n"].tolist() == [len(rows)] == [whole["months"]["email"].sum()]


def test_a_page_for_others_does_not_say_how_often_somebody_wrote_who_is_not_to_be_mapped():
    net = na.build_network(na.load(mails(), do_not_map=["x"]))
    gone = net.card.loc[net.card["reason"] == REASON, "n"].item()
    assert gone > 100
    for names in (False, True):
        report = na.build_report(net, names=names)
        assert REASON not in report.tables["card"]["reason"].tolist()
        assert not any("not to be mapped" in page for page in pages(report))
    own = na.build_report(net, person="a").tables["card"]
    assert own.loc[own["reason"] == REASON, "n"].item() == gone
    line = card_line(net.card)
    assert line.endswith(f"{gone} rows left out: not to be mapped")
    assert "left out: left out" not in line


def test_what_is_shown_of_an_object_by_itself_is_short(net):
    report = na.build_report(net)
    assert re.fullmatch(
        r"Report\(for group, 3 sections, \d tables, a map of \d+ kB\)", repr(report)
    )
    assert repr(na.build_report(net, person="a")).startswith("Report(for me ('a'), ")
    tested = na.backtest(net.log, cuts=3, models_compared=["eight"])
    assert re.fullmatch(r"Backtest\(30 days, 3 cuts, 1 model, AUC 0\.\d{3}\)", repr(tested))
    assert repr(na.datasets.office(seed=7)) == "Office(56,783 contacts, 285 people)"
