"""A plan keeps to the rhythm of each tie: not before its usual pause; nobody fading is left out."""

from __future__ import annotations

import pandas as pd
import pytest

import netanalytics as na
from netanalytics.advice.check_ins import FADING

from .conftest import log_of

ME, AS_OF = "me", "2026-06-30"
COLUMNS = ("time", "source", "target", "channel")
CLOCKS = {"quarterly": 90, "bimonthly": 61, "monthly": 30, "weekly": 7}


def days_of(every: int, last: str, first: str = "2024-01-01") -> list[pd.Timestamp]:
    number = (pd.Timestamp(last) - pd.Timestamp(first)).days // every
    return [pd.Timestamp(last) - pd.Timedelta(days=every * at) for at in range(number + 1)]


def network(silences: dict[str, tuple[int, str]], channel: str = "contact", *more):
    rows = [
        (f"{day:%Y-%m-%d}", ME, name, channel)
        for name, (every, last) in silences.items()
        for day in days_of(every, last)
    ]
    return na.build_network(log_of(*rows, *more, columns=COLUMNS), as_of=AS_OF)


@pytest.fixture(scope="module")
def clocks():
    return network({name: (every, "2026-06-20") for name, every in CLOCKS.items()})


@pytest.mark.parametrize("threshold", [0.6, 1.0])
def test_nobody_is_due_before_their_usual_pause(clocks, threshold):
    budget = na.Budget(weeks=13, per_week=1, threshold=threshold, bridging_share=0.0)
    plan = na.check_in_plan(clocks, person=ME, budget=budget).set_index("contact")["day"]
    assert {"monthly", "bimonthly", "quarterly"} <= set(plan.index)
    for name, day in plan.items():
        usual = pd.Timestamp("2026-06-20", tz="UTC") + pd.Timedelta(days=CLOCKS[str(name)])
        assert day >= usual, name
    assert plan["quarterly"] >= pd.Timestamp("2026-09-18", tz="UTC")


def test_a_tie_to_keep_is_not_asked_for_within_its_usual_pause(clocks):
    wishes = pd.DataFrame({"person": ["quarterly"], "keep": [True]})
    plan = na.check_in_plan(clocks, person=ME, wishes=wishes)
    assert "quarterly" not in set(plan["contact"])


def test_the_journal_starts_the_usual_pause_again(clocks):
    journal = pd.DataFrame({"date": ["2026-06-28"], "person": ["monthly"], "kind": ["done"]})
    budget = na.Budget(weeks=8, threshold=1.0)
    plan = na.check_in_plan(clocks, person=ME, journal=journal, budget=budget)
    day = plan.set_index("contact")["day"]["monthly"]
    assert day >= pd.Timestamp("2026-07-28", tz="UTC")


def test_whoever_fades_is_in_the_plan_whatever_the_threshold():
    net = network(
        {"steady": (7, "2026-06-29"), "gone": (7, "2026-05-04"), "kept": (9, "2026-06-28")}
    )
    assert na.check_ins(net, person=ME)["contact"].tolist() == ["gone"]
    never = na.Budget(threshold=0.0)
    plan = na.check_in_plan(net, person=ME, budget=never)
    assert plan["contact"].tolist() == ["gone"]
    assert plan["day"].iloc[0] == pd.Timestamp("2026-07-01", tz="UTC")
    done = pd.DataFrame({"date": ["2026-06-28"], "person": ["gone"], "kind": ["done"]})
    assert na.check_in_plan(net, person=ME, budget=never, journal=done).empty
    rest = pd.DataFrame({"person": ["gone"], "let_rest": [True]})
    assert na.check_in_plan(net, person=ME, budget=never, wishes=rest).empty
    assert na.check_in_plan(net, person=ME, budget=na.Budget(per_week=0)).empty


def test_a_tie_without_a_probability_is_asked_for_where_its_silence_is_judged():
    # Slack ends in January, where one of gone's contacts was; what is left of mail judges silence.
    talk = [(f"{day:%Y-%m-%d}", ME, "other", "chat") for day in days_of(3, "2026-01-20")]
    net = network(
        {"steady": (7, "2026-06-29"), "gone": (7, "2026-04-06")},
        "email",
        *talk,
        ("2026-01-20", ME, "gone", "chat"),
    )
    assert pd.isna(na.return_probability(net, horizon_days=30)["probability"]["gone", ME])
    assert na.check_ins(net, person=ME)["contact"].tolist() == ["gone"]
    plan = na.check_in_plan(net, person=ME).set_index("contact")
    assert pd.isna(plan.loc["gone", "probability"])
    assert plan.loc["gone", "because"].endswith(
        "none seen for 85 days (longest pause before: 7 days)."
    )


def test_everybody_whom_check_ins_lists_has_a_place_where_there_is_room(office_net):
    budget = na.Budget(weeks=4, per_week=100, bridging_share=0.0)
    stages = na.measure_ties(office_net, "stage")["stage"]
    assert stages.isin(FADING).any()
    for person in office_net.people.index[::10]:
        listed = na.check_ins(office_net, person=person, n=None)
        plan = na.check_in_plan(office_net, person=person, budget=budget)
        assert set(listed["contact"]) <= set(plan["contact"])
