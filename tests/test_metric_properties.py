"""What holds for every registered measure, read from its card."""

from __future__ import annotations

import doctest
import importlib
import os
import pkgutil
import random
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings

from netanalytics import analysis, kernels, registry
from netanalytics.network import Network

from .strategies import (
    dated_frame,
    dated_network,
    drawn_networks,
    hostile,
    network,
    people_rows,
    tie_rows,
)

if TYPE_CHECKING:
    from types import ModuleType

CARDS = registry.metrics()
VARIANTS: tuple[dict[str, Any], ...] = (
    {},
    {"weighted": True},
    {"weighted": False},
    {"directed": True},
    {"directed": True, "weighted": True},
    {"directed": True, "mode": "in"},
    {"directed": True, "mode": "out"},
    {"model": "ego"},
    {"model": "ego", "weighted": False},
)


def variants(card: registry.Metric) -> list[dict[str, Any]]:
    return [options for options in VARIANTS if set(options) <= card.options]


ASKED = [
    pytest.param(card, options, id=f"{card.name} {options or ''}")
    for card in CARDS.values()
    for options in variants(card)
]


def value(card: registry.Metric, net: Network, options: dict[str, Any]) -> pd.Series:
    return card.function(net, **options, **({"by": "team"} if card.by else {}))


SIZES = ((1, 12, 22), (2, 15, 14), (3, 9, 30))


@cache
def all_networks() -> tuple[Network, ...]:
    kinds = [{}, {"directed": True}, {"weighted": False}]
    made = [network(seed, people, ties, **kind) for kind in kinds for seed, people, ties in SIZES]
    return (*made, dated_network())


def networks(card: registry.Metric) -> list[Network]:
    return [net for net in all_networks() if net.as_of is not None or not card.dated]


def assert_same(found: pd.Series, wanted: pd.Series) -> None:
    assert set(found.index) == set(wanted.index)
    if pd.api.types.is_numeric_dtype(wanted):
        floats = (part.astype("Float64").astype(float) for part in (found, wanted))
        one, other = floats
        pd.testing.assert_series_equal(
            one.reindex(other.index), other, rtol=1e-9, atol=1e-12, check_names=False
        )
    else:
        pd.testing.assert_series_equal(found.reindex(wanted.index), wanted, check_names=False)


# ---- cards ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)
def test_the_card_is_complete(card: registry.Metric) -> None:
    for text in (card.unit, card.read, card.formula, card.reference):
        assert text.strip() == text != ""
    assert "row order" in card.invariant
    assert card.per in ("person", "tie")


@pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)
def test_the_docstring_has_its_parts_and_an_example(card: registry.Metric) -> None:
    text = card.function.__doc__
    for part in ("How to read it", "Formula", "Parameters", "Returns", "References", "Examples"):
        assert part in text, part
    assert ">>> " in text
    assert all(option in text for option in card.options)


def modules() -> list[ModuleType]:
    names = [
        info.name for info in pkgutil.walk_packages(analysis.__path__, "netanalytics.analysis.")
    ]
    return [analysis, kernels, *map(importlib.import_module, names)]


def has_functions(module: ModuleType) -> bool:
    """Whether a module has functions of its own that a user calls."""
    found = [thing for name, thing in vars(module).items() if not name.startswith("_")]
    return module.__name__.split(".")[-1] not in ("modes", "groups", "kernels") and any(
        callable(thing) and thing.__module__ == module.__name__ for thing in found
    )


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.__name__)
def test_every_module_shows_an_example(module: ModuleType) -> None:
    """That examples run is tested with those of all other modules."""
    found = doctest.DocTestFinder().find(module)
    assert any(test.examples for test in found) or not has_functions(module)


# ---- shape ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("card", "options"), ASKED)
def test_name_index_and_untouched_arguments(card: registry.Metric, options: dict[str, Any]) -> None:
    for net in networks(card):
        people, ties = net.people.copy(deep=True), net.ties.copy(deep=True)
        series = value(card, net, options)
        assert series.name == (f"{card.name}_team" if card.by else card.name)
        index = net.people.index if card.per == "person" else net.ties.index
        pd.testing.assert_index_equal(series.index, index)
        pd.testing.assert_frame_equal(net.people, people)
        pd.testing.assert_frame_equal(net.ties, ties)
        assert (net.graph.vcount(), net.graph.ecount()) == (len(people), len(ties))
        assert not net.graph.vs.attributes() + net.graph.es.attributes()


# ---- invariances ---------------------------------------------------------------------------------


def claiming(invariance: registry.Invariance) -> list[Any]:
    return [param for param in ASKED if invariance in param.values[0].invariant]


@cache
def renamed(net: Network) -> tuple[Network, dict[str, str]]:
    """The same network under names that sort in another order, and who has become who."""
    others = [f"x{place:03}" for place in range(len(net.people))]
    random.Random(5).shuffle(others)
    names = dict(zip(net.people.index, others, strict=True))
    rows = net.ties.reset_index()
    ends = np.array([[names[a], names[b]] for a, b in net.ties.index], dtype=object)
    turned = ends[:, 0] > ends[:, 1]
    ends[turned] = ends[turned][:, ::-1]
    for name in ("n", "strength"):
        both = [f"{name}_forward", f"{name}_back"]
        rows.loc[turned, both] = rows.loc[turned, both[::-1]].to_numpy()
    rows["source"], rows["target"] = ends.T
    ties = rows.set_index(["source", "target"]).sort_index()
    return replace(net, people=net.people.rename(index=names).sort_index(), ties=ties), names


@pytest.mark.parametrize(("card", "options"), claiming("renaming"))
def test_renaming_changes_no_value(card: registry.Metric, options: dict[str, Any]) -> None:
    for net in networks(card):
        other, names = renamed(net)
        found, wanted = value(card, other, options), value(card, net, options)
        if card.per == "person":
            wanted.index = wanted.index.map(names)
        else:
            ends = [tuple(sorted((names[a], names[b]))) for a, b in wanted.index]
            wanted.index = pd.MultiIndex.from_tuples(ends, names=["source", "target"])
        assert_same(found, wanted)


@cache
def shuffled(directed: bool) -> tuple[Network, Network]:
    """One table of ties and people in two orders of rows; rows of one pair add up."""
    frame = tie_rows(4, directed=directed)
    frame = pd.concat([frame, frame.head(6)])
    people = people_rows(4)
    return (
        Network.from_ties(frame, people, directed=directed),
        Network.from_ties(
            frame.sample(frac=1, random_state=7),
            people.sample(frac=1, random_state=8),
            directed=directed,
        ),
    )


@pytest.mark.parametrize(("card", "options"), claiming("row order"))
@pytest.mark.parametrize("directed", [False, True], ids=["ties", "arcs"])
def test_the_order_of_rows_changes_no_value(
    card: registry.Metric, options: dict[str, Any], directed: bool
) -> None:
    one, other = shuffled(directed)
    if card.dated:
        one, other = dated_network(), dated_network(dated_frame().sample(frac=1, random_state=3))
    pd.testing.assert_series_equal(value(card, one, options), value(card, other, options))


@cache
def with_newcomer(net: Network) -> Network:
    newcomer = pd.DataFrame({"team": ["red"]}, index=pd.Index(["a new person"], dtype="str"))
    people = pd.concat([net.people, newcomer]).sort_index()
    return replace(net, people=people.rename_axis("person"))


@pytest.mark.parametrize(("card", "options"), claiming("isolate"))
def test_one_more_person_without_ties_changes_no_value(
    card: registry.Metric, options: dict[str, Any]
) -> None:
    for net in networks(card):
        larger = value(card, with_newcomer(net), options)
        kept = larger.drop("a new person") if card.per == "person" else larger
        assert_same(kept, value(card, net, options))


@cache
def scaled(net: Network, factor: float) -> Network:
    ties = net.ties.copy()
    ties[["strength", "strength_forward", "strength_back"]] *= factor
    return replace(net, ties=ties)


@pytest.mark.parametrize(("card", "options"), claiming("scaling"))
@pytest.mark.parametrize("factor", [1e-3, 7.0, 2.0**20])
def test_strengths_times_a_constant_change_no_value(
    card: registry.Metric, options: dict[str, Any], factor: float
) -> None:
    for net in networks(card):
        assert_same(value(card, scaled(net, factor), options), value(card, net, options))


NOT_LOCAL = {"pagerank", "eigenvector", "katz", "community"}
"""A second network beside the first changes these: shares of a whole, numbers of communities."""


@cache
def doubled(net: Network) -> Network:
    """The network and another one beside it, of other people in the same teams."""
    other = network(9, 10, 14)
    names = {person: f"z {person}" for person in other.people.index}
    ties = other.ties.rename(index=names)
    people = pd.concat([net.people, other.people.rename(index=names)])
    return replace(net, people=people, ties=pd.concat([net.ties, ties]).sort_index())


@pytest.mark.parametrize(
    ("card", "options"), [p for p in ASKED if p.values[0].name not in NOT_LOCAL]
)
def test_another_network_beside_it_changes_no_value(
    card: registry.Metric, options: dict[str, Any]
) -> None:
    if card.dated:
        return
    for net in networks(card)[:6]:
        both, alone = value(card, doubled(net), options), value(card, net, options)
        assert_same(both.loc[alone.index], alone)


def test_what_is_not_claimed_does_not_hold() -> None:
    """A card that claims too little is wrong as well."""
    net = network(1)
    for name, options, other in (
        ("total_strength", {}, scaled(net, 2.0)),
        ("harmonic_closeness", {"weighted": True}, scaled(net, 2.0)),
        ("pagerank", {}, with_newcomer(net)),
    ):
        card = CARDS[name]
        one, two = value(card, net, options), value(card, other, options)
        assert not np.allclose(one, two.reindex(one.index))


DIGEST = """
import hashlib
from netanalytics.analysis import measure, measure_ties
from tests.strategies import network

net = network(1, 1000, 8000, directed=True)
tables = [
    measure(net, by="team"),
    measure(net, ["constraint", "effective_size", "pagerank"], model="ego"),
    measure(net, ["pagerank", "harmonic_closeness"], directed=True),
    measure_ties(net),
]
for table in tables:
    for name, column in table.items():
        bits = column.astype("Float64").to_numpy(dtype=float, na_value=-9.0).tobytes()
        print(name, hashlib.sha256(bits).hexdigest())
"""


def test_the_bits_are_the_same_on_any_number_of_threads() -> None:
    """igraph's own PageRank is not: its last digits change from run to run on two threads."""
    answers = set()
    for threads in ("1", "3"):
        names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
        answer = subprocess.run(
            [sys.executable, "-c", DIGEST],
            env=os.environ | dict.fromkeys(names, threads),
            cwd=Path(__file__).parents[1],
            capture_output=True,
            text=True,
            check=True,
        )
        answers.add(answer.stdout)
    assert len(answers) == 1
    assert "pagerank" in answers.pop()


# ---- undefined values ----------------------------------------------------------------------------

HOSTILE = hostile()
UNDEFINED_WITHOUT_TIES = {
    "constraint",
    "effective_size",
    "ei_index",
    "entropy",
    "tie_entropy",
    "community",
    "efficiency",
    "hierarchy",
    "indirect_constraint",
    "closeness",
    "clustering",
    "bridging_coefficient",
    "bridging_centrality",
    "blau",
    "iqv",
}
ZERO_WITHOUT_TIES = {
    "degree",
    "total_strength",
    "betweenness",
    "harmonic_closeness",
    "coreness",
    "is_articulation_point",
    "eigenvector",
}


def test_every_measure_of_people_says_what_it_is_without_ties() -> None:
    known = UNDEFINED_WITHOUT_TIES | ZERO_WITHOUT_TIES | {"pagerank", "katz"}
    assert {card.name for card in CARDS.values() if card.per == "person"} == known


@pytest.mark.parametrize(("card", "options"), ASKED)
def test_undefined_is_missing_and_never_zero(
    card: registry.Metric, options: dict[str, Any]
) -> None:
    if card.dated:
        return
    for name, net in HOSTILE.items():
        series = value(card, net, options)
        tied = net.graph.degree()
        alone = series[np.asarray(tied) == 0] if card.per == "person" else series[:0]
        if card.name in UNDEFINED_WITHOUT_TIES:
            assert alone.isna().all(), name
        elif card.name in ZERO_WITHOUT_TIES:
            assert (alone == 0).all(), name
        if card.per == "tie":
            assert len(series) == len(net.ties)


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(net=drawn_networks())
def test_any_network_gives_values_inside_their_range(net: Network) -> None:
    people = analysis.measure(net, by="team", model="ego")
    other = analysis.measure(net, by="team", weighted=True, directed=True)
    for table in (people, other):
        assert list(table.index) == list(net.people.index)
        alone = np.asarray(net.graph.degree()) == 0
        assert (
            table.loc[alone, ["constraint", "effective_size", "tie_entropy"]].isna().all(axis=None)
        )
        assert (table["constraint"].dropna() > 0).all()
        assert table["effective_size"].dropna().ge(1 - 1e-9).all()
        assert (table["effective_size"] <= table["degree"] + 1e-9)[~alone].all()
        assert table["ei_index_team"].dropna().between(-1, 1).all()
        assert table["tie_entropy"].dropna().between(0, 1).all()
        assert table["entropy_team"].dropna().ge(0).all()
        assert abs(table["pagerank"].sum() - 1) < 1e-9
    ties = analysis.measure_ties(net)
    assert ((ties["span"] == np.inf) == ties["is_bridge"]).all()
    assert ((ties["span"] > 2) == ties["is_local_bridge"]).all()
