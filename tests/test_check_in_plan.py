"""The plan of check-ins: its optimum, my wishes, its calendar; and first contacts."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import netanalytics as na
from netanalytics.advice import plan as module
from netanalytics.advice.calendar import _folded
from netanalytics.errors import OptionError, SchemaError, UnknownPersonError

ME = "ana.frey"


def best_by_trying(gain: np.ndarray, room: list[int], bridging: np.ndarray, share: float):
    """Try every plan: as many bridging ties in reserved places as can be, then the highest gain."""
    places = [week for week, count in enumerate(room) for _ in range(count)]
    order = sorted(range(len(places)), key=lambda at: (at - places.index(places[at]), at))
    reserved = {*order[: int(np.floor(share * len(places) + 0.5))]}
    best = (0, 0.0)
    for chosen in itertools.product([None, *range(len(places))], repeat=len(gain)):
        used = [place for place in chosen if place is not None]
        if len(set(used)) < len(used):
            continue
        pairs = [(tie, place) for tie, place in enumerate(chosen) if place is not None]
        if any(gain[tie, places[place]] <= 0 for tie, place in pairs):
            continue
        held = sum(bool(bridging[tie]) and place in reserved for tie, place in pairs)
        best = max(best, (held, sum(gain[tie, places[place]] for tie, place in pairs)))
    return best


@pytest.mark.parametrize("seed", range(12))
def test_the_plan_is_the_exact_optimum(seed):
    chance = np.random.default_rng(seed)
    gain = chance.random((5, 3)) * (chance.random((5, 3)) < 0.7)
    bridging, room = chance.random(5) < 0.4, [1, 1, 1] if seed % 2 else [2, 0, 1]
    share = (0.0, 0.34, 0.67)[seed % 3]
    week = module.assign(gain, room, bridging, share)
    found = sum(gain[tie, at] for tie, at in enumerate(week) if at >= 0)
    assert found == pytest.approx(best_by_trying(gain, room, bridging, share)[1])
    assert all(np.sum(week == at) <= places for at, places in enumerate(room))


def planned(net, me, ties, budget):
    plan = na.check_in_plan(net, person=me, budget=budget).set_index("contact")
    return plan["week"].reindex(ties.index).fillna(0).to_numpy(dtype=int) - 1


def most_overdue_first(ties, per_week, weeks):
    """Ask for the longest silence against the usual gap, so many a week."""
    order = np.argsort(-(ties["silent"] / ties["median_gap_days"]).to_numpy(), kind="stable")
    week, chosen = np.full(len(ties), -1), order[: per_week * weeks]
    week[chosen] = np.repeat(np.arange(weeks), per_week)[: len(chosen)]
    return week


@pytest.mark.parametrize("as_of", ["2025-06-30", "2026-03-31"])
def test_it_keeps_more_value_than_the_most_overdue_first(office, office_log, as_of):
    """In the office's own future, which no plan has seen.

    A check-in keeps a tie that would not have been in contact by itself, if the tie still answers;
    that halves with every longest pause of silence, which the plan does not know.
    """
    weeks, end = 4, pd.Timestamp(as_of, tz="UTC") + pd.Timedelta(days=1)
    net = na.build_network(office_log, people=office.people, as_of=as_of)
    time = office.interactions["time"]
    future = office.interactions[(time >= end) & (time < end + pd.Timedelta(days=7 * weeks))]
    by_itself = {frozenset(pair) for pair in future[["source", "target"]].to_numpy().tolist()}
    full = na.Budget(weeks, per_week=1, threshold=1.0, bridging_share=0.0)
    kept, asked = {"plan": 0.0, "overdue": 0.0}, {"plan": 0, "overdue": 0}
    for me in net.people.index[::6]:
        ties = net.ties_of(me)
        ties = ties[ties["days"] >= 3].assign(silent=lambda rows: net.days_since(rows["last"]))
        quiet = np.array([frozenset((me, name)) not in by_itself for name in ties.index])
        for name, week in (
            ("plan", planned(net, me, ties, full)),
            ("overdue", most_overdue_first(ties, 1, weeks)),
        ):
            answers = 2.0 ** (-(ties["silent"] + 7 * week) / ties["longest_gap_days"])
            saved = np.log1p(ties["days"]) * quiet * answers
            kept[name] += float(saved[week >= 0].sum())
            asked[name] += int((week >= 0).sum())
    assert kept["plan"] > 1.2 * kept["overdue"]
    assert asked["plan"] <= asked["overdue"]


def test_a_plan_keeps_its_budget_and_says_why(office_net):
    budget = na.Budget(weeks=3, per_week=2)
    plan = na.check_in_plan(office_net, person=ME, budget=budget)
    assert list(plan.columns) == list(module.COLUMNS)
    assert plan.groupby("week").size().max() <= 2
    assert not plan["contact"].duplicated().any()
    today = office_net.as_of.floor("D")
    assert (((plan["day"] - today).dt.days - 1) // 7 + 1 == plan["week"]).all()
    assert plan["because"].str.endswith(".").all()


contacts = st.sampled_from(range(30))


@settings(max_examples=15, deadline=None)
@given(
    every=st.dictionaries(contacts, st.integers(1, 200), max_size=6),
    rest=st.sets(contacts, max_size=6),
    keep=st.sets(contacts, max_size=6),
    per_week=st.integers(0, 3),
)
def test_no_wish_is_ever_overridden(office_net, every, rest, keep, per_week):
    names = sorted(office_net.contacts(ME))
    rest = rest - set(every) - keep
    wishes = pd.DataFrame(
        [(names[at], days, False, False) for at, days in every.items()]
        + [(names[at], None, True, False) for at in keep]
        + [(names[at], None, False, True) for at in rest],
        columns=["person", "every_days", "keep", "let_rest"],
    )
    budget = na.Budget(per_week=per_week)
    plan = na.check_in_plan(office_net, person=ME, budget=budget, wishes=wishes)
    listed = na.check_ins(office_net, person=ME, wishes=wishes, n=1)
    today, ties = office_net.as_of.floor("D"), office_net.ties_of(ME)
    days = plan.set_index("contact")["day"]
    for at in rest:
        assert names[at] not in days.index
        assert names[at] not in set(listed["contact"])
    for at, number in every.items():
        due = ties["last"][names[at]].floor("D") + pd.Timedelta(days=number)
        if (due - today).days <= 28:
            assert days[names[at]] == max(due, today + pd.Timedelta(days=1))
        else:
            assert names[at] not in days.index
        assert (names[at] in set(listed["contact"])) == (due <= today)


def test_the_journal_resets_and_postpones(office_net):
    before = na.check_in_plan(office_net, person=ME)
    first, second = before["contact"].iloc[:2]
    journal = pd.DataFrame(
        {
            "date": ["2026-06-29", "2026-06-28"],
            "person": [first, second],
            "kind": ["done", "snooze"],
        }
    )
    after = na.check_in_plan(office_net, person=ME, journal=journal)
    put_off = after[after["contact"] == second]
    assert (put_off["day"] >= pd.Timestamp("2026-07-12", tz="UTC")).all()
    row = after[after["contact"] == first]
    assert row.empty or row["probability"].iloc[0] > before["probability"].iloc[0]
    every = pd.DataFrame({"person": [first], "every_days": [10]})
    wished = na.check_in_plan(office_net, person=ME, wishes=every, journal=journal)
    row = wished.set_index("contact").loc[first]
    assert row["day"] == pd.Timestamp("2026-07-09", tz="UTC")
    assert row["because"] == "Your own wish: about every 10 days; no contact seen for 1 day."
    assert first not in set(na.check_ins(office_net, person=ME, journal=journal)["contact"])


def test_birthdays_are_occasions(office_net):
    from dataclasses import replace

    contact = na.check_in_plan(office_net, person=ME)["contact"].iloc[0]
    people = office_net.people.assign(birthday=None)
    people.loc[contact, "birthday"] = "1980-07-04"
    plan = na.check_in_plan(replace(office_net, people=people), person=ME).set_index("contact")
    assert plan.loc[contact, "occasion"] == "birthday on 4 July"
    assert plan.loc[contact, "day"] == pd.Timestamp("2026-07-04", tz="UTC")


@pytest.mark.parametrize(
    ("cell", "occasion"),
    [
        ("--07-04", "birthday on 4 July"),
        (pd.Timestamp("1980-07-04"), "birthday on 4 July"),
        ("unknown", ""),
        ("04/07/1980", ""),
        ("1980-13-45", ""),
    ],
)
def test_a_birthday_without_a_year_is_one_and_what_is_no_day_is_none(office_net, cell, occasion):
    from dataclasses import replace

    contact = na.check_in_plan(office_net, person=ME)["contact"].iloc[0]
    people = office_net.people.assign(birthday=pd.Series(dtype=object))
    people.at[contact, "birthday"] = cell
    plan = na.check_in_plan(replace(office_net, people=people), person=ME).set_index("contact")
    assert plan.loc[contact, "occasion"] == occasion


def test_a_calendar_updates_instead_of_doubling(office_net):
    plan = na.check_in_plan(office_net, person=ME)
    text = na.calendar(office_net, plan, person=ME)
    moved = plan.assign(day=plan["day"] + pd.Timedelta(days=7))
    again = na.calendar(office_net, moved, person=ME)
    ids = [line for line in text.split("\r\n") if line.startswith("UID:")]
    assert len(set(ids)) == len(plan)
    assert ids == [line for line in again.split("\r\n") if line.startswith("UID:")]
    assert text == na.calendar(office_net, plan, person=ME)
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75


def test_another_library_reads_the_calendar_as_it_is_meant(office_net):
    from dataclasses import replace

    from icalendar import Calendar

    first = na.check_in_plan(office_net, person=ME)["contact"].iloc[0]
    name = 'Eve; "O,\\Neil"\r\nEND:VEVENT ' + "é🙂" * 40
    people = office_net.people.copy()
    people.loc[first, "name"] = name
    net = replace(office_net, people=people)
    plan = na.check_in_plan(net, person=ME)
    text = na.calendar(net, plan, person=ME)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    events = Calendar.from_ical(text).walk("VEVENT")
    assert [event["DTSTART"].dt for event in events] == [day.date() for day in plan["day"]]
    assert len({str(event["UID"]) for event in events}) == len(plan)
    shown = {str(event["SUMMARY"]) for event in events}
    assert "Write to " + name.replace("\r\n", "\n") in shown
    assert not [event for event in events if event.errors]
    assert [str(event["DESCRIPTION"]) for event in events] == [
        f"{why} {what}".strip() for why, what in zip(plan["because"], plan["occasion"], strict=True)
    ]
    later = replace(net, as_of=net.as_of + pd.Timedelta(days=3))
    again = Calendar.from_ical(na.calendar(later, plan, person=ME)).walk("VEVENT")
    assert [event["UID"] for event in again] == [event["UID"] for event in events]
    assert again[0]["SEQUENCE"] > events[0]["SEQUENCE"]


def test_hostile_names_stay_inside_their_line(office_net):
    from dataclasses import replace

    contact = na.check_in_plan(office_net, person=ME)["contact"].iloc[0]
    people = office_net.people.copy()
    people.loc[contact, "name"] = "Eve\r\nEND:VEVENT\nATTACH:x;y,z\\\x1b\u2028" + "é" * 80
    net = replace(office_net, people=people)
    text = na.calendar(net, na.check_in_plan(net, person=ME), person=ME)
    lines = text.replace("\r\n ", "").split("\r\n")
    assert not [line for line in lines if line.startswith("ATTACH")]
    assert sum(line == "END:VEVENT" for line in lines) == sum(
        line == "BEGIN:VEVENT" for line in lines
    )
    assert "\\nATTACH:x\\;y\\,z\\\\" in text.replace("\r\n ", "")
    assert "".join(_folded("é" * 200).split("\r\n ")) == "é" * 200


def test_wishes_that_make_no_sense_are_one_line(office_net):
    def wish(**columns):
        return pd.DataFrame({name: [value] for name, value in columns.items()})

    contact = office_net.contacts(ME)[0]
    for wishes, error, text in (
        (wish(who="x"), SchemaError, "person"),
        (wish(person="nobody at all"), UnknownPersonError, "nobody is called"),
        (wish(person=contact, every_days=0), OptionError, "above 0"),
        (wish(person=contact, keep=True, let_rest=True), OptionError, "choose one"),
    ):
        with pytest.raises(error, match=text):
            na.check_in_plan(office_net, person=ME, wishes=wishes)
    with pytest.raises(OptionError, match="whose list"):
        na.check_ins(office_net, wishes=wish(person=contact, keep=True))
    with pytest.raises(OptionError, match="weeks is 0"):
        na.Budget(weeks=0)
    for nonsense in ({"weeks": 1.5}, {"horizon_days": "x"}, {"horizon_days": 6}, {"per_week": -1}):
        with pytest.raises(OptionError, match=f"{next(iter(nonsense))} is "):
            na.Budget(**nonsense)


def test_planted_first_meetings_are_all_found(office, office_net):
    truth = office.truth[office.truth["kind"] == "unfollowed_meeting"]
    found = na.follow_ups(office_net, n=None)
    pairs = {frozenset(pair) for pair in found[["person", "contact"]].to_numpy().tolist()}
    assert {frozenset(pair) for pair in truth[["source", "target"]].to_numpy().tolist()} <= pairs
    days = office_net.ties.loc[
        [tuple(sorted(pair)) for pair in found[["person", "contact"]].to_numpy()], "days"
    ]
    assert (days == 1).all()


def test_connections_without_contact_are_followed_up(office, office_log):
    from dataclasses import replace

    relations = pd.DataFrame(
        [("ana.frey", "ada.khan", "connection", "2026-06-20", None)],
        columns=["source", "target", "kind", "since", "until"],
    )
    log = replace(office_log, relations=relations)
    net = na.build_network(log, people=office.people, as_of="2026-06-30")
    found = na.follow_ups(net, person=ME, n=None)
    assert found.loc[found["contact"] == "ada.khan", "because"].to_list() == [
        "Connected on 20 June 2026; no contact seen since."
    ]
    rest = pd.DataFrame({"person": ["ada.khan"], "let_rest": [True]})
    assert "ada.khan" not in set(na.follow_ups(net, person=ME, n=None, wishes=rest)["contact"])
