"""Suggestions: what they rest on, whom they leave out, and the sentence they give."""

from __future__ import annotations

import math
from zlib import crc32

import numpy as np
import pandas as pd
import pytest

import netanalytics as na
from netanalytics.advice import introductions as module
from netanalytics.advice import reasons
from netanalytics.errors import OptionError, UnknownPersonError
from netanalytics.network import Network

from .conftest import log_of


def scores_by_hand(net: Network, person: str) -> dict[str, tuple[float, str]]:
    """Score every untied contact of a contact, term by term."""
    weight = {}
    for (source, target), strength in net.ties["strength"].items():
        weight.setdefault(source, {})[target] = math.log1p(strength)
        weight.setdefault(target, {})[source] = math.log1p(strength)
    found: dict[str, dict[str, float]] = {}
    for via, w in weight.get(person, {}).items():
        for target, v in weight[via].items():
            if target != person and target not in weight[person]:
                term = w * v / (1 + sum(weight[via].values()))
                found.setdefault(target, {})[via] = term
    return {
        target: (sum(terms.values()), max(sorted(terms), key=lambda via: round(terms[via], 12)))
        for target, terms in found.items()
    }


@pytest.fixture
def net() -> Network:
    random = np.random.default_rng(3)
    pairs = random.integers(0, 40, size=(120, 2))
    frame = pd.DataFrame(pairs, columns=["source", "target"]).assign(strength=random.random(120))
    return Network.from_ties(frame)


def test_scores_equal_a_computation_by_hand(net):
    table = na.introductions(net, n=None)
    for person in net.people.index:
        mine = table[table["person"] == person]
        expected = scores_by_hand(net, person)
        assert set(mine["target"]) == set(expected)
        for row in mine.itertuples():
            assert row.score == pytest.approx(expected[row.target][0], rel=1e-10)
            assert row.via == expected[row.target][1]


def test_small_blocks_give_the_same_table(net, monkeypatch):
    whole = na.introductions(net)
    monkeypatch.setattr(module, "BLOCK", 50)
    pd.testing.assert_frame_equal(na.introductions(net), whole)


def test_ranks_ties_and_columns(office_net):
    table = na.introductions(office_net)
    assert list(table.columns) == ["rank", "person", "target", "via", "score", "because"]
    assert table.groupby("person").size().max() == 10
    assert (table.groupby("person")["score"].diff().dropna() <= 0).all()
    tied = {frozenset(pair) for pair in office_net.ties.index}
    for row in table.sample(300, random_state=0).itertuples():
        assert frozenset((row.person, row.via)) in tied
        assert frozenset((row.target, row.via)) in tied
        assert frozenset((row.person, row.target)) not in tied
        assert row.because.endswith(".")


def test_one_person_gets_the_same_as_among_all(office_net):
    everybody = na.introductions(office_net)
    person = everybody["person"].iloc[500]
    alone = na.introductions(office_net, person=person)
    theirs = everybody[everybody["person"] == person].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone, theirs)


def test_names_do_not_change_scores(net):
    names = {person: f"q{crc32(person.encode()) % 1000:03d}{person}" for person in net.people.index}
    renamed = Network.from_ties(net.ties["strength"].rename(index=names).reset_index())
    one = na.introductions(net, n=None).set_index(["person", "target"])["score"]
    two = na.introductions(renamed, n=None).set_index(["person", "target"])["score"]
    two.index = two.index.set_levels(
        [[{v: k for k, v in names.items()}[n] for n in level] for level in two.index.levels]
    )
    pd.testing.assert_series_equal(one.sort_index(), two.sort_index(), rtol=1e-9)


def days(first: int, last: int, step: int, source: str, target: str, channel: str = "email"):
    start = pd.Timestamp("2026-01-01 09:00", tz="UTC")
    return [
        (start + pd.Timedelta(days=day), source, target, channel)
        for day in range(first, last, step)
    ]


COLUMNS = ("time", "source", "target", "channel")


def test_check_ins_name_what_broke_off_and_say_why():
    log = log_of(*days(0, 180, 5, "ada", "ben"), *days(0, 100, 5, "ada", "cy"), columns=COLUMNS)
    table = na.check_ins(na.build_network(log), person="ada")
    assert table["contact"].tolist() == ["cy"]
    row = table.iloc[0]
    assert row["last"] == pd.Timestamp("2026-04-06 09:00", tz="UTC")
    assert row["silence"] == pytest.approx(80 / 5)
    assert row["because"] == (
        "Contact on 20 days, usually about every 5 days; none seen for 80 days "
        "(longest pause before: 5 days)."
    )
    both = na.check_ins(na.build_network(log))
    assert both[["person", "contact"]].to_numpy().tolist() == [["ada", "cy"], ["cy", "ada"]]


def test_whoever_has_a_meeting_planned_is_on_no_list():
    rows = [
        *days(0, 180, 5, "ada", "ben"),
        *days(0, 100, 5, "ada", "cy"),
        *days(0, 180, 7, "ben", "dee"),
    ]
    meetings = [
        (pd.Timestamp("2026-07-20 10:00", tz="UTC"), "ada", other, "meeting")
        for other in ("cy", "dee")
    ]
    free = na.build_network(log_of(*rows, columns=COLUMNS), as_of="2026-06-30")
    busy = na.build_network(log_of(*rows, *meetings, columns=COLUMNS), as_of="2026-06-30")
    assert na.check_ins(free, person="ada")["contact"].tolist() == ["cy"]
    assert na.introductions(free, person="ada")["target"].tolist() == ["dee"]
    assert na.check_ins(busy, person="ada").empty
    assert na.introductions(busy, person="ada").empty


def test_planted_fading_ties_are_on_the_lists(office, office_net):
    truth = office.truth[office.truth["kind"] == "fading"]
    listed = na.check_ins(office_net, n=None)
    pairs = {frozenset(pair) for pair in listed[["person", "contact"]].to_numpy().tolist()}
    found = [frozenset((row.source, row.target)) in pairs for row in truth.itertuples()]
    assert sum(found) > 0.8 * len(found)


def test_nothing_for_nobody(office_net):
    for call in (na.introductions, na.check_ins):
        with pytest.raises(UnknownPersonError, match="nobody is called"):
            call(office_net, person="no.one")
        with pytest.raises(OptionError, match="n is 0"):
            call(office_net, n=0)


def test_lonely_pairs_have_no_suggestions():
    net = Network.from_ties(pd.DataFrame({"source": ["a", "c"], "target": ["b", "d"]}))
    table = na.introductions(net)
    assert table.empty
    assert list(table.columns) == list(module.COLUMNS)


def test_words():
    assert reasons.listed(["a"]) == "a"
    assert [reasons.every(number) for number in (0.4, 6.6, 21, 90)] == [
        "about every day",
        "about every 7 days",
        "about every 3 weeks",
        "about every 3 months",
    ]


def test_nobody_is_introduced_to_somebody_of_their_own_name():
    ties = pd.DataFrame(
        {"source": ["ana@x", "ben", "ben", "cy"], "target": ["ben", "Ana Berg", "dee", "ana@x"]}
    )
    people = pd.DataFrame({"person": ["ana@x", "dee"], "name": ["Berg, Ana", "Dee"]})
    net = Network.from_ties(ties, people)
    assert net.namesakes("ana@x") == ["Ana Berg"]
    assert net.namesakes("dee") == []
    found = na.introductions(net, person="ana@x")
    assert found["target"].tolist() == ["dee"]
    everybody = na.introductions(net)
    pairs = set(zip(everybody["person"], everybody["target"], strict=True))
    assert ("Ana Berg", "ana@x") not in pairs
    assert ("Ana Berg", "dee") in pairs
