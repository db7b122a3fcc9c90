"""Connecting on a platform is a fact, once: in the counts of a tie, and no part of its rhythm."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import netanalytics as na
from netanalytics.engine import DuckDBEngine
from netanalytics.ties import coded_contacts

from .conftest import log_of

COLUMNS = ("time", "source", "target", "channel", "directed")
WEEKLY = [f"{day:%Y-%m-%d}" for day in pd.date_range("2026-01-05", "2026-06-29", freq="7D")]
MAIL = [(f"{day} 09:00", "ada", "ben", "email", True) for day in WEEKLY]
CONNECTED = [
    ("2023-08-01 00:00", "ada", "ben", "connection", False),
    ("2026-05-15 00:00", "ada", "cy", "connection", False),
    ("2026-04-01 00:00", "ada", "dee", "connection", False),
    ("2026-06-22 10:00", "ada", "dee", "email", True),
]
OTHERS = [(f"{day} 10:00", "ben", "dee", "email", True) for day in WEEKLY]
AS_OF = "2026-06-30"


def network(rows):
    return na.build_network(log_of(*rows, columns=COLUMNS), as_of=AS_OF)


@pytest.fixture(scope="module")
def net():
    return network([*MAIL, *OTHERS, *CONNECTED])


def test_the_day_of_connecting_is_counted_and_makes_no_pause(net):
    plain = network([*MAIL, *OTHERS])
    tie, mailed = net.ties.loc["ada", "ben"], plain.ties.loc["ada", "ben"]
    assert tie["n"] == mailed["n"] + 1 == len(WEEKLY) + 1
    assert f"{tie['first']:%Y-%m-%d}" == "2023-08-01"
    assert tie["channels"] == "connection;email"
    assert tie["strength"] > mailed["strength"]
    assert (tie["days"], tie["longest_gap_days"], tie["median_gap_days"]) == (len(WEEKLY), 7, 7)
    assert pd.isna(tie["last_return"])
    apart = ["n", "first", "channels", "strength", "strength_forward", "strength_back"]
    pd.testing.assert_series_equal(tie.drop(apart), mailed.drop(apart), check_names=False)
    # One mail after connecting is one contact day, with no pause before it.
    dee = net.ties.loc["ada", "dee"]
    assert (dee["n"], dee["days"]) == (2, 1)
    assert np.isnan(dee["longest_gap_days"])


def test_who_only_connected_stays_in_the_network(net):
    tie = net.ties.loc["ada", "cy"]
    assert (tie["n"], tie["days"], tie["channels"]) == (1, 1, "connection")
    assert f"{tie['first']:%Y-%m-%d} {tie['last']:%Y-%m-%d}" == "2026-05-15 2026-05-15"


def test_no_channel_of_connections_ends_and_ties_stay_judged(net):
    assert not net.ties["ended"].any()
    assert not [note for note in net.notes if "connection" in note]
    found = na.return_probability(net, horizon_days=30)
    assert found["probability"].notna().all()
    assert found.loc[("ada", "ben"), "because"].startswith("26 contact days, silent 1 day")
    assert na.measure_ties(net, "silence")["silence"]["ada", "ben"] == pytest.approx(1 / 7)
    assert na.measure_ties(net, "stage")["stage"]["ada", "ben"] == "active"
    assert na.measure_ties(net, "burstiness")["burstiness"]["ada", "ben"] == -1.0


def test_the_reason_of_a_check_in_names_a_pause_of_mail():
    quiet = [row for row in MAIL if row[0] < "2026-03-13"]
    listed = na.check_ins(network([*quiet, *OTHERS, *CONNECTED]), person="ada")
    because = listed.set_index("contact").loc["ben", "because"]
    assert "none seen for 113 days (longest pause before: 7 days)" in because


def test_an_earlier_moment_knows_the_day_of_connecting_until_there_is_more(net):
    coded = coded_contacts(net.log, people=None, as_of=net.as_of)
    days = coded.pair_days()

    def known(day):
        table = days.at((pd.Timestamp(day) - pd.Timestamp(0)).days)
        names = [coded.people[table.index.get_level_values(level)] for level in ("a", "b")]
        return table.set_axis(pd.MultiIndex.from_arrays(names))

    before, after = known("2026-06-01"), known("2026-06-24")
    facts = ["n", "days", "known", "first_to_last"]
    assert before.loc[("ada", "dee"), facts].tolist() == [1, 1, 61, 0]
    assert after.loc[("ada", "dee"), facts].tolist() == [1, 1, 2, 0]
    assert after.loc[("ada", "ben"), ["longest", "gap_squares"]].tolist() == [7, 24 * 49]
    # To connect is no return: nobody came back to cy or before the first mail to dee.
    start, end = (
        (pd.Timestamp(day) - pd.Timestamp(0)).days for day in ("2026-04-01", "2026-06-01")
    )
    pairs = coded.people.get_indexer(["ada", "cy", "dee"])
    found = days.contact_between(pd.MultiIndex.from_product([pairs[:1], pairs[1:]]), start, end)
    assert found.tolist() == [False, False]
    days.drop()
    coded.drop()


@pytest.mark.parametrize("threads", [1, 3])
def test_neither_order_nor_threads_change_a_bit(net, threads):
    frame = net.log.to_frame().sample(frac=1.0, random_state=threads)
    again = na.build_network(na.load(frame, engine=DuckDBEngine(threads=threads)), as_of=AS_OF)
    pd.testing.assert_frame_equal(again.ties, net.ties, check_exact=True)


def test_the_letter_does_not_say_that_connections_end(net):
    assert na.build_report(net, person="ada").letter.seen == "Mail to 29 June 2026."
    alone = na.build_network(log_of(*CONNECTED[:2], columns=COLUMNS), as_of="2026-05-15")
    assert "onnection to 15 May 2026" in na.build_report(alone, person="ada").letter.seen
