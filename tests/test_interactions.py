"""The log: verbs that keep rows in the engine, and what it says about itself."""

from __future__ import annotations

import pickle
import random
import re

import numpy as np
import pandas as pd
import pytest

import netanalytics as na
from netanalytics import judging
from netanalytics.engine import DuckDBEngine, Engine
from netanalytics.errors import EmptyLogError, NotPicklableError, OptionError, UnknownNameError
from netanalytics.interactions import last_contact, monthly
from netanalytics.moments import end_of_day
from netanalytics.schema import CONTACT_COLUMNS

from .conftest import log_of

COLUMNS = ("time", "source", "target", "channel")


@pytest.fixture
def log():
    return log_of(
        ("2026-01-05 09:00", "ada", "ben", "email"),
        ("2026-02-03 09:00", "ben", "cy", "chat"),
        ("2026-03-03 09:00", "dee", "ada", "meeting"),
        columns=COLUMNS,
    )


def test_columns_and_order(log):
    frame = log.to_frame()
    assert list(frame.columns) == list(CONTACT_COLUMNS)
    assert frame["time"].is_monotonic_increasing
    assert str(frame["time"].dtype) == "datetime64[us, UTC]"


def test_a_meeting_has_no_direction_and_an_ordered_pair(log):
    meeting = log.where(channel="meeting").to_frame().iloc[0]
    assert (meeting["source"], meeting["target"], bool(meeting["directed"])) == (
        "ada",
        "dee",
        False,
    )


def test_between_is_half_open(log):
    assert len(log.between("2026-01-05 09:00", "2026-02-03 09:00")) == 1
    assert len(log.between(None, "2026-02-03 09:01")) == 2
    assert len(log.between("2026-03-01")) == 1
    assert log.between() is log
    with pytest.raises(OptionError, match="start is 'soon'"):
        log.between("soon")


def test_where_compares_and_never_runs_sql(log):
    assert len(log.where(channel=["email", "chat"])) == 2
    assert len(log.where(directed=False)) == 1
    assert len(log.where(source="ada'; DROP TABLE t0; --")) == 0
    assert len(log) == 3
    with pytest.raises(UnknownNameError, match="'chanel'; did you mean channel"):
        log.where(chanel="email")


def test_without_people(log):
    assert list(log.without(["ada"]).ids()) == ["ben", "cy"]
    assert len(log.without([])) == 3


def test_verbs_leave_the_log_alone(log):
    before = log.to_frame()
    for derived in (log.between("2026-02-01"), log.where(channel="chat"), log.pseudonymised("k")):
        derived.to_frame()
    pd.testing.assert_frame_equal(log.to_frame(), before)


def test_pseudonyms_hide_every_name_and_keep_the_network(office, office_log):
    hidden = office_log.pseudonymised("a secret")
    text = hidden.to_frame().to_csv() + hidden.card.to_csv() + hidden.coverage.to_csv()
    assert not [name for name in office_log.ids() if name in text]
    plain = na.build_network(office_log)
    masked = na.build_network(hidden)
    for column in ("n", "days", "strength"):
        assert sorted(plain.ties[column]) == sorted(masked.ties[column])
    assert hidden.ids().equals(office_log.pseudonymised("a secret").ids())
    assert not hidden.ids().equals(office_log.pseudonymised("another").ids())


def test_it_refuses_to_pickle_and_says_why(log):
    with pytest.raises(NotPicklableError, match="pickle the network"):
        pickle.dumps(log)


def test_coverage_and_months(log):
    coverage = log.coverage.set_index("channel")
    assert coverage.loc["email", "rows"] == 1
    assert coverage.loc["meeting", "last"] == pd.Timestamp("2026-03-03 09:00", tz="UTC")
    months = monthly(log)
    assert months["month"].tolist() == ["2026-01", "2026-02", "2026-03"]
    assert months["people"].tolist() == [2, 2, 2]


def test_an_empty_log_says_what_was_read():
    with pytest.raises(EmptyLogError, match="1 row left out: self-contact"):
        last_contact(log_of(("2026-01-05", "a", "a")))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-06-30", "2026-06-30 23:59:59.999999"),
        ("2026-06-30 12:00", "2026-06-30 12:00"),
        ("2026-06-30T00:00:00+02:00", "2026-06-29 22:00"),
        (pd.Timestamp("2026-06-30").date(), "2026-06-30 23:59:59.999999"),
        (pd.Timestamp("2026-06-30"), "2026-06-30"),
    ],
)
def test_a_date_means_the_end_of_that_day(value, expected):
    assert end_of_day(value) == pd.Timestamp(expected, tz="UTC")


def test_the_engine_is_a_port():
    assert isinstance(DuckDBEngine(), Engine)


def test_logs_of_one_engine_can_be_read_from_several_threads(log):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as pool:
        counts = list(
            pool.map(lambda place: len(log.where(channel=["email", "chat"][place % 2])), range(64))
        )
    assert counts == [1] * 64


def test_a_log_judged_in_slices_is_the_same(monkeypatch):
    """Repeats, mass events, missing times and events of one moment do not notice the cuts."""
    chance = random.Random(3)
    rows = []
    for number in range(600):
        moment = f"2026-01-{1 + number % 28:02} {number % 3:02}:00" if number % 17 else "never"
        people = chance.sample("abcdefgh", 2)
        rows.append((moment, *people, f"e{number % 40}" if number % 2 else None, number % 90))
    frame = pd.DataFrame(rows, columns=["time", "source", "target", "event", "size"])
    whole = na.load(frame)
    monkeypatch.setattr(judging, "SLICE", 10)
    monkeypatch.setattr(judging, "MOST_SLICES", 1_000)
    sliced = na.load(frame)
    assert sliced.query.count("UNION ALL") > 10
    pd.testing.assert_frame_equal(sliced.to_frame(), whole.to_frame())
    pd.testing.assert_frame_equal(sliced.card, whole.card)
    pd.testing.assert_frame_equal(sliced.coverage, whole.coverage)
    assert len(whole.card) == 4 and whole.card["n"].min() > 0


def test_a_loaded_log_keeps_no_other_table():
    """What loaders read is forgotten once the log is made of it, and the log is held packed."""
    engine = DuckDBEngine()
    n = 50_000
    frame = pd.DataFrame(
        {
            "time": np.arange(n) + 1_750_000_000,
            "source": [f"person{i % 90}@somewhere.example.org" for i in range(n)],
            "target": [f"person{i % 70}@elsewhere.example.org" for i in range(n)],
        }
    )
    log = na.load(frame, engine=engine)
    held = engine.query("SELECT table_name, estimated_size AS n FROM duckdb_tables()")
    large = held[held["n"] > 1_000]
    assert list(large["table_name"]) == re.findall(r"FROM (t\d+)", log.query)
    used = engine.query("SELECT sum(memory_usage_bytes) AS n FROM duckdb_memory()")["n"].iloc[0]
    assert used < 3_000_000  # 9 MB as the rows came
