"""The model of return, its backtest, and stages: by hand, by construction, and at the edges."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import product

import numpy as np
import pandas as pd
import pytest

import netanalytics as na
from netanalytics.analysis import decay
from netanalytics.analysis.backtest import MODELS
from netanalytics.errors import EmptyLogError, OptionError, UnknownNameError
from netanalytics.returns import bgnbd, features, logistic, model, priors, scores
from netanalytics.returns.snapshots import SUMS
from netanalytics.ties import coded_contacts, day_after

from .conftest import AS_OF, ROOT, log_of

COLUMNS = ("time", "source", "target", "channel")


def snapshot(log, day: str) -> pd.DataFrame:
    coded = coded_contacts(log, people=None, as_of=pd.Timestamp("2100-01-01", tz="UTC"))
    known = coded.pair_days().at((pd.Timestamp(day) - pd.Timestamp(0)).days)
    names = [coded.people[known.index.get_level_values(level)] for level in ("a", "b")]
    known.index = pd.MultiIndex.from_arrays(names)
    return known


def by_hand(frame: pd.DataFrame, day: str) -> pd.DataFrame:
    """The sums of a snapshot, pair by pair, as their definitions read."""
    at = pd.Timestamp(day)
    frame = frame[frame["time"] < at]
    ends = np.sort(frame[["source", "target"]].to_numpy(dtype=object), axis=1)
    frame = frame.assign(a=ends[:, 0], b=ends[:, 1], age=(at - frame["time"].dt.floor("D")).dt.days)
    rows = {}
    for pair, mine in frame.groupby(["a", "b"]):
        ages = np.array(sorted(set(mine["age"])))
        blocks = {(age - 1) // 7 for age in ages}
        gaps = np.diff(ages)
        rows[pair] = {
            "n": len(mine),
            "days": len(ages),
            "idle": ages.min(),
            "known": ages.max(),
            "longest": gaps.max() if len(gaps) else 0,
            "weeks": sum(1 / (1 + block) for block in blocks),
            "recent_weeks": sum(block < 8 for block in blocks),
            "contacts_90": (2.0 ** (-mine["age"] / 90)).sum(),
            "days_15": (2.0 ** (-ages / 15)).sum(),
            "kernel": (1 / (1 + ages)).sum(),
            "gap_squares": (gaps**2).sum(),
        }
    return pd.DataFrame.from_dict(rows, orient="index")


@pytest.fixture(scope="module")
def random_log():
    chance = np.random.default_rng(5)
    pairs = [(f"p{a}", f"p{b}") for a in range(6) for b in range(a + 1, 6)]
    chosen = [pairs[int(place)] for place in chance.integers(0, len(pairs), 400)]
    times = pd.Timestamp("2026-01-01") + pd.to_timedelta(chance.integers(0, 150 * 24, 400), "h")
    frame = pd.DataFrame(chosen, columns=["source", "target"]).assign(time=times.as_unit("us"))
    return frame.drop_duplicates(), na.load(frame)


@pytest.mark.parametrize("day", ["2026-03-01", "2026-05-20", "2026-09-01"])
def test_sums_equal_their_definitions(random_log, day):
    frame, log = random_log
    found, wanted = snapshot(log, day), by_hand(frame, day)
    assert set(found.index) == set(wanted.index)
    for column in wanted:
        np.testing.assert_allclose(
            found[column].reindex(wanted.index).astype(float), wanted[column], rtol=1e-6, atol=1e-8
        )


def test_nothing_on_or_after_the_day_is_read(random_log):
    frame, log = random_log
    cut = na.load(frame[frame["time"] < "2026-03-01"])
    pd.testing.assert_frame_equal(snapshot(log, "2026-03-01"), snapshot(cut, "2026-03-01"))


def test_messages_that_reached_both_count_by_their_recipients():
    rows = [("2026-01-01 09:00", "ada", other, "m1") for other in ("ben", "cy", "dee")] + [
        ("2026-01-02 09:00", "ben", "cy", "m2")
    ]
    log = log_of(*rows, columns=("time", "source", "target", "event"))
    found = snapshot(log, "2026-01-31")["shared_30"]
    assert found["ben", "cy"] == pytest.approx(2.0**-1 / 3)
    assert found.drop([("ben", "cy")]).eq(0).all()  # others have no contact of their own


def test_the_network_holds_the_same_sums(office_net, office_log):
    coded = coded_contacts(
        office_log, people=office_net.people, as_of=office_net.as_of, among=office_net.people.index
    )
    known = coded.pair_days().at(day_after(office_net.as_of))
    pd.testing.assert_frame_equal(
        known[list(SUMS)].reset_index(drop=True),
        office_net.ties[list(SUMS)].reset_index(drop=True),
    )


def test_the_circle_is_the_sum_over_shared_contacts(random_log):
    known = snapshot(random_log[1], "2026-05-01")
    ids = sorted({*known.index.get_level_values(0), *known.index.get_level_values(1)})
    place = {name: at for at, name in enumerate(ids)}
    weight = np.zeros((len(ids), len(ids)))
    for (one, other), days in known["days_15"].items():
        weight[place[one], place[other]] = weight[place[other], place[one]] = np.log1p(days)
    wanted = [
        np.log(
            0.01
            + sum(
                weight[place[u], z] * weight[place[v], z] / (1 + weight[z].sum())
                for z in range(len(ids))
            )
        )
        for u, v in known.index
    ]
    coded = known.copy()
    coded.index = pd.MultiIndex.from_tuples([(place[u], place[v]) for u, v in known.index])
    np.testing.assert_allclose(features.features(coded)["circle"], wanted, rtol=1e-9)


def test_a_logistic_finds_what_was_planted():
    chance = np.random.default_rng(1)
    values = chance.normal(size=(20_000, 2)) * [1.0, 3.0] + [0.0, 5.0]
    odds = -1.0 + values @ [0.8, -0.2]
    came = chance.random(len(odds)) < logistic.probability(odds)
    found = logistic.fit(values, came)
    assert [found.intercept, *found.slopes] == pytest.approx([-1.0, 0.8, -0.2], abs=0.1)
    errors = (np.array([found.intercept, *found.slopes]) - [-1.0, 0.8, -0.2]) ** 2
    assert (errors < 16 * np.diag(found.covariance)).all()


def test_a_fit_finds_its_least_from_anywhere():
    """Where a whole Newton step overshoots: rare outcomes, and slopes drawn towards far ones."""
    chance = np.random.default_rng(3)
    values = chance.normal(size=(400, 3)) * [1.0, 8.0, 0.1]
    came = chance.random(400) < logistic.probability(values @ [3.0, 0.9, 0.0] - 6.0)
    toward = np.array([-9.0, 6.0, 40.0])
    found = logistic.fit(values, came, ridge=30.0, toward=toward)
    scale = values.std(axis=0)
    away = came - logistic.probability(found.log_odds(values))
    pull = values.T @ away - 30.0 * (found.slopes - toward) * scale**2
    assert np.abs(pull).max() < 1e-4
    assert abs(away.sum()) < 1e-3


def test_one_tie_that_always_came_back_leaves_nothing_to_test():
    days = pd.date_range("2026-01-01", periods=20, freq="7D")
    log = na.load(pd.DataFrame({"time": days, "source": "ada", "target": "ben"}))
    with pytest.raises(OptionError, match="nothing to test"):
        na.backtest(log, horizon_days=30)


def test_scores_against_their_definitions():
    chance = np.random.default_rng(2)
    said = chance.random(60).round(1)
    came = chance.random(60) < said
    pairs = [(a > b) + (a == b) / 2 for a in said[came] for b in said[~came]]
    assert scores.auc(said, came) == pytest.approx(np.mean(pairs))
    twice = np.repeat(said, 2), np.repeat(came, 2)
    assert scores.auc(*twice) == pytest.approx(scores.auc(said, came, np.full(60, 2.0)))
    assert scores.calibration_error(np.full(60, 0.5), np.arange(60) % 2 == 0) == pytest.approx(0)
    assert np.isnan(scores.auc(said, np.ones(60, dtype=bool)))


def test_the_bits_are_the_same_on_any_number_of_threads_of_linear_algebra():
    code = """
import hashlib, numpy as np
from netanalytics.returns import logistic
rng = np.random.default_rng(1)
values = rng.normal(size=(6_000, 20))
came = rng.random(6_000) < logistic.probability(values[:, 0])
blend = logistic.blend(values, came, 8)
odds, error = blend.log_odds(values), blend.plain.deviation(values[:, :8])
print(hashlib.sha256(odds.tobytes() + error.tobytes()).hexdigest())
"""
    seen = {
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"OPENBLAS_NUM_THREADS": threads},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for threads in ("1", "2", "3")
    }
    assert len(seen) == 1 and "" not in seen


def test_bg_nbd_puts_the_busy_and_recent_first():
    known = pd.DataFrame({"days": [1, 12, 12, 3], "idle": [300, 5, 200, 5], "known": [300] * 4})
    odds = bgnbd.score(known, 30)
    assert odds[1] == odds.max()
    assert odds[2] < odds[3]
    assert (bgnbd.score(known, 90) >= odds).all()


def test_bg_nbd_finds_the_numbers_that_made_a_log():
    rng = np.random.default_rng(3)
    r, alpha, a, b = truth = 1.0, 20.0, 0.8, 2.5
    seen = []
    for _ in range(6_000):
        rate, end = rng.gamma(r, 1 / alpha), rng.beta(a, b)
        whole, last, repeats = rng.uniform(100, 400), 0.0, 0
        while (later := last + rng.exponential(1 / rate)) < whole:
            last, repeats = later, repeats + 1
            if rng.random() < end:
                break
        seen.append((repeats, last, whole))
    found = bgnbd.fitted(*np.array(seen, dtype=float).T)
    # a and b are known less well than a / (a + b), how often a contact is the last.
    assert found[:2] == pytest.approx(truth[:2], rel=0.1)
    assert found[2] / found[2:].sum() == pytest.approx(a / (a + b), rel=0.1)


def test_priors_can_leave_a_log_out():
    whole, less = priors.prior("eight", 30), priors.prior("eight", 30, without=["enron"])
    assert not np.allclose(whole.slopes, less.slopes)
    low, middle, high = (priors.prior("count", days).intercept for days in (30, 40, 60))
    assert min(low, high) <= middle <= max(low, high)
    with pytest.raises(OptionError, match="no log is left"):
        priors.prior("eight", 30, without=["college", "enron", "manufacturing", "zulip"])


# ---- return_probability ------------------------------------------------------------------------


def test_longer_horizons_are_likelier_and_bands_hold_the_value(office_net):
    months = {days: na.return_probability(office_net, horizon_days=days) for days in (7, 30, 90)}
    means = [months[days]["probability"].mean() for days in (7, 30, 90)]
    assert means == sorted(means)
    for found in months.values():
        assert (
            (found["low"] < found["probability"]) & (found["probability"] < found["high"])
        ).all()
        assert set(found["fit"]) == {"local fit"}
    first = months[30]["because"].iloc[0]
    assert "similar ties earlier" in first
    assert "within 30 days" in first


def test_names_and_order_of_rows_change_nothing(office):
    rows = office.interactions
    start = rows["time"] >= pd.Timestamp("2026-01-01", tz="UTC")
    rows = rows[start.to_numpy()]
    other = rows.sample(frac=1, random_state=1).assign(
        source=rows["source"].map(lambda name: name[::-1]),
        target=rows["target"].map(lambda name: name[::-1]),
    )
    # A pair without a direction stands in the order of its ids.
    one = na.return_probability(na.build_network(na.load(rows), as_of=AS_OF))
    two = na.return_probability(na.build_network(na.load(other), as_of=AS_OF))
    turned = {
        tuple(sorted((a[::-1], b[::-1]))): chance for (a, b), chance in two["probability"].items()
    }
    assert one["probability"].to_dict() == pytest.approx(turned, rel=1e-6)


def test_named_models_and_one_mailbox(office):
    rows = office.interactions
    person = "ana.frey"
    mine = rows[(rows["source"] == person) | (rows["target"] == person)]
    net = na.build_network(na.load(mine), as_of=AS_OF)
    assert decay._form(net, "default") == "ego"
    for name in ("default", "half_life", "last_contact", "bg_nbd", "count"):
        found = na.return_probability(net, horizon_days=30, model=name)
        assert found["probability"].between(0, 1).all()
    silent = net.days_since(net.ties["last"])
    last = na.return_probability(net, horizon_days=30, model="last_contact")["probability"]
    assert last.corr(silent, method="spearman") == pytest.approx(-1, abs=1e-6)
    with pytest.raises(UnknownNameError, match="no model"):
        na.return_probability(net, model="half_live")
    for days in (6, 366):
        with pytest.raises(OptionError, match="give a whole number from 7 to 365"):
            na.return_probability(net, horizon_days=days)


@pytest.mark.parametrize(
    "days",
    [["2026-01-05"], ["2026-01-05"] * 3, ["2126-01-05", "2126-02-05"], ["1996-01-05"]],
    ids=["one event", "one day", "future", "old"],
)
def test_logs_at_the_edges_get_a_clear_answer(days):
    times = [f"{day} {hour:02}:00" for hour, day in enumerate(days)]
    log = log_of(*[(time, "ada", "ben") for time in times])
    net = na.build_network(log)
    found = na.return_probability(net, horizon_days=365)
    assert found["fit"].to_list() == ["prior alone"]
    assert found["high"].iloc[0] - found["low"].iloc[0] > 0.2
    assert found["because"].iloc[0].startswith(f"{len(set(days))} contact day")
    with pytest.raises(OptionError, match="too few to test"):
        na.backtest(log, horizon_days=30)


def test_without_its_log_a_network_leans_on_others(office_net):
    import pickle

    alone = pickle.loads(pickle.dumps(office_net))  # made here
    found = na.return_probability(alone)
    assert set(found["fit"]) == {"prior alone"}
    whole = na.return_probability(office_net)
    assert found["probability"].corr(whole["probability"], method="spearman") > 0.9
    wide = (found["high"] - found["low"]).mean()
    assert wide > (whole["high"] - whole["low"]).mean()


def test_a_tie_whose_channel_ended_is_not_judged():
    start = pd.Timestamp("2026-01-01 09:00", tz="UTC")
    rows = [
        (start + pd.Timedelta(days=day), "ada", other, channel)
        for other, channel, last in (("ben", "email", 180), ("cy", "chat", 60))
        for day in range(0, last, 3)
    ]
    found = na.return_probability(na.build_network(log_of(*rows, columns=COLUMNS)))
    assert found.loc[("ada", "cy"), "fit"] == "not judged"
    assert found.loc[("ada", "cy"), ["probability", "low", "high"]].isna().all()
    assert "no longer covered" in found.loc[("ada", "cy"), "because"]
    assert found.loc[("ada", "ben"), "probability"] > 0.8


LONG = [
    pytest.param(*cut, marks=pytest.mark.nightly)
    for cut in product(
        ["2025-04", "2025-07", "2025-10", "2026-01", "2026-03", "2026-06"],
        ["email", "chat", "meeting"],
    )
]


@pytest.mark.parametrize(
    ("month", "channel"), [("2025-12", "email"), ("2026-05", "chat"), ("2026-05", "email"), *LONG]
)
def test_a_channel_that_stops_makes_no_tie_fade(office, office_net, month, channel):
    rows = office.interactions
    cut = (rows["channel"] == channel) & (rows["time"] >= pd.Timestamp(month, tz="UTC"))
    net = na.build_network(na.load(rows[~cut.to_numpy()]), people=office.people, as_of=AS_OF)
    stage = decay.stage(net).dropna()
    whole = decay.stage(office_net)
    fading = ["cooling", "dormant"]
    before = whole.reindex(stage.index).isin(fading)
    more = (stage.isin(fading) & ~before).sum() / len(stage)
    assert more <= 0.01, f"{more:.3f} of {len(stage)} judged ties fade by the cut alone"


# ---- backtest ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tested(office_log):
    return na.backtest(office_log, horizon_days=30, cuts=3, models_compared=MODELS[:4])


def test_a_backtest_beats_what_products_use_and_says_so(tested):
    table = tested.table
    assert table["auc"].idxmax() == "eight"
    assert table["log_loss"].idxmin() == "eight"
    for measure in ("auc", "log_loss", "brier", "calibration_error"):
        assert (table[f"{measure}_low"] <= table[f"{measure}_high"]).all()
    assert ((table["auc_low"] <= table["auc"]) & (table["auc"] <= table["auc_high"])).all()
    assert tested.sentence.startswith("When this tool said 90 to 100 %, ")
    assert tested.reliability["pairs"].sum() == tested.stages["pairs"].sum()


def test_stages_mean_what_the_backtest_says(tested):
    likely, between, unlikely = tested.stages["observed"]
    assert likely >= 0.9
    assert 0.25 <= between < 0.9
    assert unlikely < 0.25


def test_a_backtest_reads_nothing_after_its_dates(office_log, tested):
    again = na.backtest(
        office_log.between(None, tested.cuts[-1]),
        as_of=tested.cuts[-1] - pd.Timedelta(days=1),
        cuts=2,
        models_compared=MODELS[:4],
    )
    assert again.cuts[-1] < tested.cuts[-1]
    assert again.cuts == tested.cuts[:2]


def test_options_of_a_backtest_are_checked(office_log):
    with pytest.raises(OptionError, match="horizon_days is 3"):
        na.backtest(office_log, horizon_days=3)
    with pytest.raises(OptionError, match="cuts is 0"):
        na.backtest(office_log, cuts=0)
    with pytest.raises((EmptyLogError, OptionError), match=r"no contact|too few"):
        na.backtest(office_log.between(None, "2020-01-01"))


def test_learning_says_how_far_the_data_carries():
    chance = np.random.default_rng(3)
    rows = pd.DataFrame(chance.normal(size=(1200, len(features.EVERY))), columns=features.EVERY)
    came = chance.random(1200) < 0.4
    whole = model.learn(rows, came, form="eight", horizon_days=30)
    part = model.learn(rows[:80], came[:80], form="eight", horizon_days=30)
    none = model.learn(rows[:0], came[:0], form="eight", horizon_days=30)
    assert [whole.fit, part.fit, none.fit] == [model.LOCAL, model.SHIFTED, model.ALONE]
    spread = [one.deviation(rows).mean() for one in (part, none)]
    assert model.DRIFT < spread[0] < spread[1]


def test_burstiness_of_clocks_and_bursts():
    start = pd.Timestamp("2026-01-01 09:00", tz="UTC")
    clock = [(start + pd.Timedelta(days=7 * k), "ada", "ben", "email") for k in range(10)]
    burst = [*range(5), 60, 61, 62, 63, 120]
    bursty = [(start + pd.Timedelta(days=day), "ada", "cy", "email") for day in burst]
    found = na.rhythm.burstiness(na.build_network(log_of(*clock, *bursty, columns=COLUMNS)))
    gaps = np.diff(burst)
    n, r = len(burst), gaps.std() / gaps.mean()
    wanted = (np.sqrt(n + 1) * r - np.sqrt(n - 1)) / ((np.sqrt(n + 1) - 2) * r + np.sqrt(n - 1))
    assert found["ada", "ben"] == pytest.approx(-1)
    assert found["ada", "cy"] == pytest.approx(wanted)


def test_survival_by_hand():
    start = pd.Timestamp("2026-01-01 09:00", tz="UTC")
    rows = [
        (start + pd.Timedelta(days=day), "ada", other, "email")
        for other, days in {"ben": (0, 10), "cy": (0, 20), "dee": range(0, 200, 20)}.items()
        for day in days
    ]
    net = na.build_network(log_of(*rows, columns=COLUMNS), as_of="2026-07-20")
    curve = na.rhythm.survival(net).set_index("days")
    assert curve.loc[10, "surviving"] == pytest.approx(2 / 3)
    assert curve.loc[20, "surviving"] == pytest.approx(1 / 3)
    assert curve["surviving"].iloc[-1] == pytest.approx(1 / 3)
    moved = pd.Series({"ben": "moved", "cy": "stayed", "dee": "stayed"})
    by = na.rhythm.survival(net, by=moved)
    assert by.groupby("group")["at_risk"].max().to_dict() == {"moved": 1, "stayed": 2}
