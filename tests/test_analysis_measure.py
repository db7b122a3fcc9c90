"""Asking for several measures at once."""

from __future__ import annotations

import logging
from typing import Any

import pandas as pd
import pytest

from netanalytics import registry
from netanalytics.analysis import brokerage, diversity, measure, measure_ties
from netanalytics.errors import NetAnalyticsError, OptionError, UndatedError, UnknownNameError

from .strategies import dated_network, network


@pytest.fixture
def net() -> Any:
    return network(1)


def test_columns_in_the_order_asked_and_rows_in_that_of_people(net: Any) -> None:
    table = measure(net, ["constraint", "betweenness"])
    assert list(table.columns) == ["constraint", "betweenness"]
    pd.testing.assert_index_equal(table.index, net.people.index)
    pd.testing.assert_series_equal(table["constraint"], brokerage.constraint(net))


def test_one_name_as_text(net: Any) -> None:
    assert list(measure(net, "degree").columns) == ["degree"]
    assert list(measure_ties(net, "span").columns) == ["span"]
    pd.testing.assert_index_equal(measure_ties(net, "span").index, net.ties.index)


def test_nothing_asked_gives_no_column(net: Any) -> None:
    assert measure(net, []).shape == (len(net.people), 0)


def test_everything_is_what_applies(net: Any) -> None:
    cards = registry.metrics().values()
    plain = {card.name for card in cards if card.per == "person" and not card.by}
    assert set(measure(net).columns) == plain
    over = {f"{card.name}_team" for card in cards if card.per == "person" and card.by}
    assert set(measure(net, by="team").columns) == plain | over
    undated = {card.name for card in cards if card.per == "tie" and not card.dated}
    assert set(measure_ties(net).columns) == undated
    assert set(measure_ties(dated_network()).columns) == undated | {
        "silence",
        "stage",
        "burstiness",
    }


def test_measures_over_a_column(net: Any) -> None:
    expected = diversity.ei_index(net, by="team")
    for table in (measure(net, "ei_index", by="team"), measure(net, "ei_index_team")):
        pd.testing.assert_series_equal(table["ei_index_team"], expected)


def test_several_columns(net: Any) -> None:
    people = net.people.assign(floor=["up", "down"] * 6)
    larger = type(net)(people=people, ties=net.ties)
    table = measure(larger, ["entropy", "degree"], by=["team", "floor"])
    assert list(table.columns) == ["entropy_team", "entropy_floor", "degree"]
    table = measure(larger, ["ei_index_floor", "entropy"], by="team")
    assert list(table.columns) == ["ei_index_floor", "entropy_team"]


def test_options_go_where_they_belong(net: Any) -> None:
    table = measure(net, ["constraint", "betweenness", "degree"], weighted=False, model="ego")
    expected = brokerage.constraint(net, weighted=False, model="ego")
    pd.testing.assert_series_equal(table["constraint"], expected)


def test_directed(net: Any) -> None:
    arcs = network(1, directed=True)
    one = measure(arcs, ["degree", "harmonic_closeness"], directed=True, mode="in")
    other = measure(arcs, ["degree", "harmonic_closeness"], directed=True, mode="out")
    assert not one.equals(other)
    assert one["degree"].sum() == other["degree"].sum() == len(arcs.arcs)


@pytest.mark.parametrize(
    ("metrics", "options", "kind", "message"),
    [
        ("constrant", {}, UnknownNameError, "no metric is called 'constrant'; did you mean constr"),
        ("ei_index_tem", {}, UnknownNameError, "did you mean ei_index_team"),
        ("ei_index_floor", {}, UnknownNameError, "no metric is called 'ei_index_floor'"),
        ("span", {}, UnknownNameError, r"'span' is a measure of ties: ask measure_ties\(net"),
        ("ei_index", {}, OptionError, r"ei_index needs by=.*\(there are: team\)"),
        ("ei_index", {"by": "tem"}, UnknownNameError, "no people column is called 'tem'; .* team"),
        ("degree", {"by": "team"}, OptionError, "none of degree is taken over a people column"),
        ("ei_index_team", {"by": "team"}, OptionError, "is taken over a people column"),
        ("degree", {"weighted": True}, OptionError, "none of degree has an option 'weighted'"),
        (
            ["constraint"],
            {"modle": "ego"},
            OptionError,
            "'modle' .*model, weighted.*did you mean m",
        ),
        ("constraint", {"model": "half"}, OptionError, "model is 'half'; it can be whole, ego"),
        ("degree", {"mode": "in"}, OptionError, "mode='in' needs directed=True"),
        ("degree", {"mode": "up", "directed": True}, OptionError, "it can be all, in, out"),
        ("harmonic_closeness", {"mode": "in"}, OptionError, "needs directed=True"),
        ("pagerank", {"damping": 1.0}, OptionError, "damping is 1.0"),
        ("community", {"resolution": 0.0}, OptionError, "resolution is 0.0"),
    ],
)
def test_what_is_refused(
    net: Any, metrics: Any, options: dict[str, Any], kind: type[Exception], message: str
) -> None:
    with pytest.raises(kind, match=message) as caught:
        measure(net, metrics, **options)
    assert isinstance(caught.value, NetAnalyticsError)
    assert "\n" not in str(caught.value)


def test_a_measure_of_people_asked_of_ties(net: Any) -> None:
    with pytest.raises(UnknownNameError, match=r"a measure of people: ask measure\(net, \['degree"):
        measure_ties(net, ["is_bridge", "degree"])


def test_dates_asked_of_a_network_without(net: Any) -> None:
    with pytest.raises(UndatedError, match="silence needs the time"):
        measure_ties(net, ["span", "silence"])


def test_a_measure_that_is_registered_later_is_found(
    net: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "_metrics", dict(registry._metrics))

    @registry.metric("luck", per="person", unit="-", read="-", formula="-", reference="-")
    def luck(net: Any, *, much: float = 1.0) -> pd.Series:
        return net.per_person([much] * len(net.people), "luck")

    assert measure(net, ["luck", "degree"], much=2.0)["luck"].eq(2.0).all()
    assert "luck" in measure(net).columns


def test_a_plug_in_that_fails_stops_nothing(
    net: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        name = "broken"

        def load(self) -> None:
            raise RuntimeError("no")

    registry.load_plugins.cache_clear()
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: [Broken()])
    with caplog.at_level(logging.WARNING):
        assert len(measure(net, "degree")) == len(net.people)
    assert "plug-in 'broken' did not load" in caplog.text
    registry.load_plugins.cache_clear()
