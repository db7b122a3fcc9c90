"""Figures of a report: the same bytes, both themes, text as text."""

from __future__ import annotations

import base64
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from netanalytics.errors import SchemaError
from netanalytics.maps import charts
from netanalytics.maps.style import DARK, LIGHT

from .test_maps_samples import HOSTILE


def months(channels=("email", "chat"), count=14):
    rows = [
        (f"{2025 + at // 12}-{at % 12 + 1:02d}", channel, 10 * rank + at)
        for at in range(count)
        for rank, channel in enumerate(channels)
    ]
    return pd.DataFrame(rows, columns=["month", "channel", "n"])


def contacts(names=("Sales", "R&D", "Legal")):
    pairs = [(a, b) for at, a in enumerate(names) for b in names[at:]]
    frame = pd.DataFrame(pairs, columns=["source", "target"])
    return frame.assign(per_100=np.arange(len(frame)) * 3.0).replace({"per_100": {3.0: np.nan}})


@pytest.mark.parametrize(
    "chart", [charts.monthly_contacts(months()), charts.contact_matrix(contacts())]
)
def test_a_figure_is_well_formed_and_comes_in_both_themes(chart):
    for svg, theme in ((chart.light, LIGHT), (chart.dark, DARK)):
        assert ET.fromstring(svg).tag == "{http://www.w3.org/2000/svg}svg"
        assert theme.background in svg.decode()
        assert b"<script" not in svg
        assert b'xlink:href="http' not in svg
    assert chart.light != chart.dark
    prefix = "data:image/svg+xml;base64,"
    assert chart.light_uri.startswith(prefix)
    assert base64.b64decode(chart.dark_uri.removeprefix(prefix)) == chart.dark


def test_the_same_table_in_any_order_gives_the_same_bytes():
    first = charts.monthly_contacts(months())
    with ThreadPoolExecutor(3) as pool:
        shuffled = [months().sample(frac=1, random_state=seed) for seed in range(3)]
        assert all(chart == first for chart in pool.map(charts.monthly_contacts, shuffled))
    turned = contacts().rename(columns={"source": "target", "target": "source"})
    assert charts.contact_matrix(turned.iloc[::-1]) == charts.contact_matrix(contacts())


def test_settings_of_the_process_are_left_alone():
    before = dict(mpl.rcParams)
    charts.contact_matrix(contacts())
    assert dict(mpl.rcParams) == before


def test_hostile_and_long_names_are_drawn_as_text():
    chart = charts.contact_matrix(contacts(HOSTILE))
    assert b"onerror" not in chart.light.replace(b"<!--", b"").split(b"<defs>")[0]
    assert ET.fromstring(chart.light) is not None
    chart = charts.monthly_contacts(months(HOSTILE))
    assert ET.fromstring(chart.light) is not None
    assert len(charts._drawable("x" * 80)) == charts.LONGEST_LABEL
    assert charts._drawable("$x_1$ 😀") == "$x_1$ ▯" or "😀" in charts._drawable("$x_1$ 😀")


def test_many_channels_become_other_and_gaps_count_zero():
    chart = charts.monthly_contacts(months([f"channel {at}" for at in range(9)]))
    assert "other" in chart.alt
    assert chart.alt.count(",") <= 40
    table = charts._months(months(count=3).iloc[[0, 5]])
    assert table.index.strftime("%Y-%m").tolist() == ["2025-01", "2025-02", "2025-03"]
    assert table.to_numpy()[1].sum() == 0


def test_months_may_be_dates_or_periods():
    frame = months(count=3)
    dates = frame.assign(month=pd.to_datetime(frame["month"]))
    periods = frame.assign(month=pd.PeriodIndex(frame["month"], freq="M"))
    assert charts.monthly_contacts(dates) == charts.monthly_contacts(frame)
    assert charts.monthly_contacts(periods) == charts.monthly_contacts(frame)


def test_long_logs_name_few_months():
    ticks = charts._month_ticks(pd.date_range("2001-01-01", "2026-06-01", freq="MS"))
    assert 2 <= len(ticks) <= 12


def test_empty_tables_say_so_and_wrong_ones_fail():
    assert charts.monthly_contacts(months().iloc[:0]).alt == "No contact in any month."
    assert charts.contact_matrix(contacts().iloc[:0]).alt == "No groups to show."
    with pytest.raises(SchemaError, match="channel"):
        charts.monthly_contacts(months().drop(columns="channel"))
    with pytest.raises(SchemaError, match="per_100"):
        charts.contact_matrix(contacts().drop(columns="per_100"))
