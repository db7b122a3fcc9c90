"""From contacts to ties: every column against a plain second computation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import netanalytics as na
from netanalytics import schema
from netanalytics.engine import DuckDBEngine
from netanalytics.errors import EmptyLogError, OptionError, SchemaError
from netanalytics.moments import end_of_day

from .conftest import AS_OF, log_of

COLUMNS = ("time", "source", "target", "channel")


def by_hand(log, as_of: pd.Timestamp, half_life_days: float) -> pd.DataFrame:
    """Aggregate a log with pandas, row by row where that is clearer."""
    frame = log.to_frame()
    frame = frame[frame["time"] <= as_of]
    frame["forward"] = frame["directed"] & (frame["source"] < frame["target"])
    frame["back"] = frame["directed"] & (frame["source"] > frame["target"])
    first = frame[["source", "target"]].min(axis=1)
    second = frame[["source", "target"]].max(axis=1)
    frame["source"], frame["target"] = first, second
    age = (as_of - frame["time"]) / pd.Timedelta(days=1)
    frame["weight"] = 2.0 ** (-age / half_life_days) / (frame["size"] - 1)
    frame["day"] = frame["time"].dt.floor("D")
    rows = {}
    for pair, group in frame.groupby(["source", "target"]):
        gaps = np.diff(np.sort(group["day"].unique())) / np.timedelta64(1, "D")
        rows[pair] = {
            "n": len(group),
            "days": group["day"].nunique(),
            "first": group["time"].min(),
            "last": group["time"].max(),
            "n_forward": int(group["forward"].sum()),
            "n_back": int(group["back"].sum()),
            "channels": ";".join(sorted(group["channel"].unique())),
            "strength": group["weight"].sum(),
            "strength_forward": group.loc[group["forward"], "weight"].sum(),
            "strength_back": group.loc[group["back"], "weight"].sum(),
            "longest_gap_days": gaps.max() if len(gaps) else np.nan,
            "median_gap_days": np.median(gaps) if len(gaps) else np.nan,
        }
    table = pd.DataFrame.from_dict(rows, orient="index")
    table.index = pd.MultiIndex.from_tuples(table.index, names=["source", "target"])
    return table.sort_index()


def test_every_column_equals_a_computation_by_hand(office_log):
    net = na.build_network(office_log, as_of=AS_OF, half_life_days=60)
    expected = by_hand(office_log, net.as_of, 60)
    found = net.ties[list(expected.columns)]
    assert found.index.tolist() == expected.index.tolist()
    for column in expected.columns:
        if expected[column].dtype.kind == "f":
            np.testing.assert_allclose(found[column], expected[column], rtol=1e-9, err_msg=column)
        else:
            assert found[column].tolist() == expected[column].tolist(), column


def test_the_published_half_life_example():
    # Three contacts of weight one, 90 days at the end, half-life 30: 1/8 + 1/4 + 1/2.
    log = log_of(
        *((f"1970-0{1 + month}-{day:02d}", "a", "b") for month, day in ((0, 1), (0, 31), (2, 2)))
    )
    net = na.build_network(log, as_of="1970-04-01 00:00", half_life_days=30)
    assert net.ties["strength"].iloc[0] == pytest.approx(0.875, rel=1e-12)


def test_strength_divides_by_the_others_in_an_event():
    net = na.build_network(log_of(("2026-01-05", "a", "b;c;d")), as_of="2026-01-05 00:00")
    assert net.ties["strength"].tolist() == pytest.approx([1 / 3] * 3, rel=1e-12)


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_the_same_bits_for_any_order_of_rows_and_number_of_threads(office, threads):
    shuffled = office.interactions.sample(frac=1.0, random_state=threads)
    one = na.build_network(na.load(office.interactions, engine=DuckDBEngine(threads=1)))
    two = na.build_network(na.load(shuffled, engine=DuckDBEngine(threads=threads)))
    pd.testing.assert_frame_equal(one.ties, two.ties, check_exact=True)


def test_a_log_split_in_two_files_is_the_same_log(office, tmp_path):
    half = len(office.interactions) // 2
    for name, part in (
        ("1.csv", office.interactions[:half]),
        ("2.csv", office.interactions[half:]),
    ):
        part.to_csv(tmp_path / name, index=False)
    whole = na.build_network(na.load(office.interactions))
    split = na.build_network(na.load([tmp_path / "2.csv", tmp_path / "1.csv"]))
    pd.testing.assert_frame_equal(whole.ties, split.ties, check_exact=True)


def test_old_ties_keep_a_strength_above_zero():
    log = log_of(("1999-01-05", "a", "b"), ("2026-01-05", "b", "c"))
    net = na.build_network(log, half_life_days=1)
    assert (net.strength > 0).all()
    assert np.isfinite(na.measure(net, "betweenness", weighted=True)["betweenness"]).all()


@pytest.mark.parametrize("day", ["03/04/2026", "3.4.2026", "2026-06", "2026", "today", "now"])
def test_a_date_that_leaves_the_day_open_is_refused(day):
    with pytest.raises(OptionError, match=r"as_of is .*: give a date such as 2026-06-30"):
        end_of_day(day)


@pytest.mark.parametrize(
    "day", ["2026-06-30", "2026/06/30", "20260630", " 2026-6-30", "30 June 2026", "Jun 30, 2026"]
)
def test_a_whole_date_means_the_end_of_that_day(day):
    assert f"{end_of_day(day):%Y-%m-%d %H:%M:%S}" == "2026-06-30 23:59:59"


def test_an_end_that_rests_on_one_misdated_contact_is_doubted():
    rows = [(f"2026-01-{day:02}", "a", "b") for day in range(1, 29)]
    net = na.build_network(log_of(*rows, ("2062-01-05", "b", "a")))
    doubts = [note for note in net.notes if note.startswith("the last contact, of 2062-01-05")]
    assert "give 2026-01-28 as the end" in doubts[0]
    known = na.build_network(log_of(*rows, ("2062-01-05", "b", "a")), as_of="2026-01-28")
    usual = na.build_network(log_of(*rows, ("2026-05-05", "b", "a")))
    for other in (known, usual):
        assert not any("the last contact" in note for note in other.notes)
    # Somebody who begins again after a long time has more than one contact.
    again = na.build_network(log_of(*rows, *((f"2028-01-{d:02}", "a", "b") for d in range(1, 6))))
    assert not any("the last contact" in note for note in again.notes)


def test_what_lies_after_as_of_is_dropped_counted_or_planned():
    log = log_of(
        ("2026-01-05", "a", "b", "email"),
        ("2026-02-05", "a", "c", "email"),
        ("2026-02-06", "b", "a", "meeting"),
        columns=COLUMNS,
    )
    net = na.build_network(log, as_of="2026-01-31")
    assert list(net.people.index) == ["a", "b", "c"]
    assert net.ties.index.tolist() == [("a", "b")]
    assert net.planned[["source", "target"]].to_numpy().tolist() == [["a", "b"]]
    lines = net.card[net.card["kind"] == "network"].set_index("reason")["n"].to_dict()
    assert lines == {"kept": 1, "after as_of": 1, "planned meeting": 1}
    with pytest.raises(EmptyLogError, match="up to 2025-12-31") as told:
        na.build_network(log, as_of="2025-12-31")
    first = f"{log.to_frame()['time'].min():%Y-%m-%d}"
    assert str(told.value) == (
        f"the first contact is of {first}: no contact between two people up to 2025-12-31"
    )
    # Without a contact of people at any time it is not the date: the card says what there was.
    bots = pd.DataFrame({"person": ["a", "b", "c"], "is_bot": ["yes"] * 3})
    with pytest.raises(EmptyLogError, match=r"up to 2025-12-31 \(\d+ rows kept"):
        na.build_network(log, people=bots, as_of="2025-12-31")


def test_two_addresses_are_one_person():
    log = log_of(
        ("2026-01-05 09:00", "boss", "ada; ada@home"),
        ("2026-01-06 09:00", "ada", "ada@home"),
        ("2026-01-07 09:00", "Ada@Home", "ben"),
        ("2026-01-08 09:00", "ben", "boss"),
    )
    people = pd.DataFrame({"person": ["ada"], "addresses": ["ada@home;ada@work"]})
    net = na.build_network(log, people=people, as_of="2026-01-08 09:00", half_life_days=1e9)
    assert list(net.people.index) == ["ada", "ben", "boss"]
    # One mail to both addresses is one contact, between two people.
    tie = net.ties.loc[("ada", "boss")]
    assert (tie["n"], round(tie["strength"], 6)) == (1, 1.0)
    lines = net.card[net.card["kind"] == "network"].set_index("reason")["n"].to_dict()
    assert lines == {"kept": 3, "self-contact (two addresses)": 1, "repeat (two addresses)": 1}


def test_one_address_cannot_belong_to_two():
    people = pd.DataFrame({"person": ["a", "b"], "addresses": ["x@x", "X@x"]})
    with pytest.raises(SchemaError, match="'x@x' belongs to both 'a' and 'b'"):
        na.build_network(log_of(("2026-01-05", "a", "b")), people=people)


def test_bots_are_set_apart_and_counted():
    log = log_of(("2026-01-05", "bot", "a"), ("2026-01-05", "a", "b"))
    people = pd.DataFrame({"person": ["bot", "idle"], "is_bot": ["true", "false"]})
    net = na.build_network(log, people=people)
    assert list(net.people.index) == ["a", "b", "idle"]
    assert net.card.set_index("reason")["n"]["bot"] == 1


def test_who_starts_and_who_answers():
    rows = [
        ("2026-01-05 09:00", "a", "b", "m1", None),
        ("2026-01-05 11:00", "b", "a", "m2", "m1"),
        ("2026-01-06 09:00", "a", "b", "m3", None),
        ("2026-01-06 10:00", "b", "a", "m4", "m3"),
        ("2026-01-07 09:00", "c", "a", "m5", None),
    ]
    net = na.build_network(log_of(*rows, columns=("time", "source", "target", "event", "reply_to")))
    tie = net.ties.loc[("a", "b")]
    assert (tie["started_forward"], tie["started_back"]) == (2, 0)
    assert (tie["answered_forward"], tie["answered_back"]) == (0, 2)
    assert tie["answer_hours_back"] == pytest.approx(1.5)
    assert np.isnan(tie["answer_hours_forward"])
    silent = na.build_network(log_of(("2026-01-05", "a", "b")))
    assert silent.ties["answered_back"].isna().all()


def test_a_channel_that_ended_is_not_silence():
    mail = [
        (f"2026-{1 + day // 28:02d}-{1 + day % 28:02d}", "a", "b", "email")
        for day in range(0, 150, 3)
    ]
    chat = [(f"2026-01-{day:02d}", "c", "d", "chat") for day in range(1, 28, 2)]
    net = na.build_network(log_of(*mail, *chat, columns=COLUMNS))
    assert net.ties["ended"].to_dict() == {("a", "b"): False, ("c", "d"): True}
    assert net.ties.loc[("c", "d"), "covered_days"] == 0
    assert na.measure_ties(net, "stage")["stage"].isna().to_dict()[("c", "d")]
    assert na.check_ins(net).empty
    assert any("chat" in note for note in net.notes)


@pytest.mark.parametrize("half_life", [0, -1, float("nan"), float("inf")])
def test_a_half_life_is_a_number_of_days(half_life):
    with pytest.raises(OptionError, match="half_life_days"):
        na.build_network(log_of(("2026-01-05", "a", "b")), half_life_days=half_life)


def test_real_figures(enron_net):
    assert len(enron_net.people) == 156
    assert int(enron_net.ties["n"].sum()) == 38_057
    assert enron_net.card["n"].sum() == 38_388


def test_schema_names_every_violation_at_once():
    people = pd.DataFrame({"person": ["a", "a", None], "is_bot": ["maybe", "yes", "no"]})
    with pytest.raises(SchemaError) as error:
        schema.people_table(people)
    assert len(error.value.violations) == 3
    assert "row 1" in str(error.value)


@pytest.mark.parametrize(
    ("cells", "ids"),
    [
        ([1.0, 2.5, None, -3.0], ["1", "2.5", None, "-3"]),
        ([1.0, 2.0, None], ["1", "2", None]),
        ([1, "a", 1.0, " b ", ""], ["1", "a", "1", "b", None]),
        (np.array([3, 2.5], dtype="float32"), ["3", "2.5"]),
        (pd.array([1.0, pd.NA, 2.5], dtype="Float64"), ["1", None, "2.5"]),
        ([2.0**60], ["1.152921504606847e+18"]),
        (["1.0", "1"], ["1.0", "1"]),  # text is what somebody wrote
    ],
)
def test_a_whole_number_is_one_id_whatever_stands_beside_it(cells, ids):
    found = schema.text_ids(pd.Series(cells))
    assert [None if pd.isna(one) else one for one in found] == ids


def test_numbers_for_ids_are_the_same_people_in_every_column_and_table():
    net = na.Network.from_ties(pd.DataFrame({"source": [1.0, 2.0], "target": [2.0, 3.5]}))
    assert net.people.index.tolist() == ["1", "2", "3.5"]
    log = log_of(("2026-01-01", 1, 2.0), ("2026-01-02", "b", 1.0), ("2026-01-03", 1.0, 2))
    people = pd.DataFrame({"person": [1.0, 2.0, 3.5], "team": list("xyz")})
    found = na.build_network(log, people=people).people["team"]
    assert found.dropna().to_dict() == {"1": "x", "2": "y", "3.5": "z"}
    assert found.index.tolist() == ["1", "2", "3.5", "b"]
