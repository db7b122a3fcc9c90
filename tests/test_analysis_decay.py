"""Silence and stage, on ties whose answer follows from the dates by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from netanalytics.analysis import decay
from netanalytics.errors import UndatedError

from .strategies import dated_frame, dated_network, network

NAN = float("nan")
EXPECTED = {
    ("ada", "ben"): (10 / 12, "active"),
    ("ada", "cy"): (41 / 20, "cooling"),  # more than twice, but not yet two months
    ("ada", "dee"): (171 / 30, "dormant"),
    ("ben", "cy"): (20 / 200, "revived"),
    ("ben", "dee"): (2 / 10, "new"),
    ("ben", "eve"): (NAN, None),  # two contact days
    ("cy", "dee"): (NAN, None),  # a channel has ended, too little on the others
    ("cy", "eve"): (60 / 45, "cooling"),  # a channel has ended, judged on the others
    ("dee", "eve"): (10 / 5, "active"),  # not new: a channel has ended
    ("eve", "fay"): (0.0, None),  # four contact days
    ("fay", "gus"): (NAN, None),
}


def test_silence_is_measured_against_the_longest_gap() -> None:
    found = decay.silence(dated_network())
    for pair, (value, _) in EXPECTED.items():
        assert found[pair] == pytest.approx(value, nan_ok=True), pair
    assert len(found) == len(EXPECTED)


def test_stage_follows_the_rules() -> None:
    found = decay.stage(dated_network())
    stages = {pair: None if pd.isna(word) else word for pair, word in found.items()}
    assert stages == {pair: word for pair, (_, word) in EXPECTED.items()}
    assert found.dtype == "str"


def one_tie(**changes: Any) -> tuple[float, str | None]:
    """Silence and stage of a tie judged active, after some changes."""
    frame = dated_frame().head(1)
    for column, value in changes.items():
        if column in ("first", "last", "last_return"):
            day = pd.Timestamp(value, tz="UTC")
            frame[column] = pd.Series([day]).astype("datetime64[us, UTC]")
        else:
            frame[column] = value
    net = dated_network(frame)
    word = decay.stage(net).iloc[0]
    return decay.silence(net).iloc[0], None if pd.isna(word) else word


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"first": "2026-05-16"}, "new"),
        ({"first": "2026-05-15"}, "active"),
        ({"first": "2026-05-16", "days": 1, "longest_gap_days": np.nan}, "new"),
        ({"first": "2026-05-16", "ended": True}, "active"),
        ({"days": 4}, None),
        ({"days": 5}, "active"),
        ({"ended": True, "covered_days": 4}, None),
        ({"ended": True, "days": 20, "covered_days": 18}, "active"),
        ({"ended": True, "days": 20, "covered_days": 17}, None),
        ({"ended": True, "covered_days": 18, "last": "2026-05-15"}, "cooling"),
        ({"last": "2026-06-10", "longest_gap_days": 19.0}, "active"),  # 20 days are a holiday
        ({"last": "2026-06-09", "longest_gap_days": 19.0}, "cooling"),
        ({"last": "2026-06-09", "longest_gap_days": 21.0}, "active"),  # as long as before
        ({"last": "2026-05-02", "longest_gap_days": 29.0}, "cooling"),
        ({"last": "2026-05-01", "longest_gap_days": 29.0}, "dormant"),
        ({"last": "2026-05-01", "longest_gap_days": 30.0}, "cooling"),
        ({"last_return": "2026-04-01"}, "revived"),
        ({"last_return": "2026-03-31"}, "active"),
        ({"last_return": "2026-04-01", "last": "2026-06-01"}, "cooling"),
    ],
)
def test_the_borders_of_the_stages(changes: dict[str, Any], word: str | None) -> None:
    assert one_tie(**changes)[1] == word


def test_days_are_calendar_days_in_utc() -> None:
    late, early = one_tie(last="2026-06-20 23:59"), one_tie(last="2026-06-20 00:00")
    assert late == early
    assert one_tie(last="2026-06-30 23:00")[0] == 0.0
    assert one_tie(last="2026-06-29 23:59")[0] == pytest.approx(1 / 12)


def test_the_end_of_observation_decides_and_not_the_clock() -> None:
    net = dated_network()
    later = replace(net, as_of=net.as_of + pd.Timedelta(days=12))
    difference = decay.silence(later) - decay.silence(net)
    assert difference["ada", "ben"] == pytest.approx(1.0)


@pytest.mark.parametrize("measure", [decay.silence, decay.stage])
def test_a_network_without_dates_is_refused_in_one_line(measure: Any) -> None:
    with pytest.raises(UndatedError, match=f"^{measure.__name__} needs the time"):
        measure(network(1))


@pytest.mark.parametrize("measure", [decay.silence, decay.stage])
def test_a_dated_network_without_ties(measure: Any) -> None:
    net = dated_network()
    empty = replace(net, ties=net.ties.head(0))
    assert len(measure(empty)) == 0
