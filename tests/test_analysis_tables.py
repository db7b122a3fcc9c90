"""Tables of their own and single numbers: roles, key people, what breaks, stability, homophily."""

from __future__ import annotations

import math
import random
import subprocess
import sys
from itertools import combinations, permutations
from pathlib import Path
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from netanalytics import kernels
from netanalytics.analysis import (
    bridges,
    brokerage,
    centrality,
    cohesion,
    communities,
    diversity,
)
from netanalytics.analysis.diversity.groups import group_codes
from netanalytics.errors import OptionError, UnknownNameError, UnknownPersonError
from netanalytics.network import Network

from .strategies import hostile, network

if TYPE_CHECKING:
    from collections.abc import Iterator

ROLES = ("coordinator", "itinerant", "representative", "gatekeeper", "liaison")
NETWORKS = [
    network(seed, people, ties, directed=directed)
    for seed, people, ties in ((1, 12, 25), (2, 9, 40), (3, 16, 30), (4, 7, 6))
    for directed in (False, True)
]


def role(source: str, broker: str, target: str) -> str:
    if source == target:
        return "coordinator" if source == broker else "itinerant"
    if source == broker:
        return "representative"
    return "gatekeeper" if target == broker else "liaison"


def brokered(net: Network) -> Iterator[tuple[str, str, str, str]]:
    """Source, broker, target and role of every open path of two arcs, by trying them all."""
    groups = net.groups("team").dropna()
    arcs = {pair for pair in net.arcs.index if set(pair) <= set(groups.index)}
    for a, v, b in permutations(groups.index, 3):
        if (a, v) in arcs and (v, b) in arcs and (a, b) not in arcs:
            yield a, v, b, role(groups[a], groups[v], groups[b])


# ---- roles ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("net", NETWORKS)
def test_roles_are_those_found_by_trying_all_triples(net: Network) -> None:
    table = brokerage.gould_fernandez(net, by="team")
    known = net.groups("team").notna()
    assert table[~known].isna().all(axis=None)
    expected = pd.DataFrame(0.0, index=net.people.index[known], columns=[*ROLES, "total"])
    for _, broker, _, name in brokered(net):
        expected.loc[broker, [name, "total"]] += 1
    pd.testing.assert_frame_equal(table.loc[known, [*ROLES, "total"]], expected)
    if net.ties["n_forward"].eq(0).all():  # without direction, both orders
        pd.testing.assert_series_equal(
            table["representative"], table["gatekeeper"], check_names=False
        )


@pytest.mark.parametrize("net", NETWORKS)
def test_pairs_brokered_are_those_that_the_roles_count(net: Network) -> None:
    table = brokerage.gould_fernandez(net, by="team")
    ways = list(brokered(net))
    for person in net.people.index:
        pairs = brokerage.brokered_pairs(net, person, by="team")
        expected = {(a, b, name) for a, v, b, name in ways if v == person}
        assert set(pairs[["source", "target", "role"]].itertuples(index=False, name=None)) == (
            expected
        )
        assert len(pairs) == np.nan_to_num(table.loc[person, "total"])


def test_pairs_brokered_without_groups_come_once() -> None:
    net = network(5, 14, 30)
    graph = net.to_networkx()
    for person in graph:
        pairs = brokerage.brokered_pairs(net, person)
        expected = {p for p in combinations(sorted(graph[person]), 2) if not graph.has_edge(*p)}
        assert set(zip(pairs["source"], pairs["target"], strict=True)) == expected
        for row in pairs.itertuples():
            others = set(nx.common_neighbors(graph, row.source, row.target)) - {person}
            assert row.others == len(others)
            both = [graph.edges[person, end]["strength"] for end in (row.source, row.target)]
            assert row.strength == min(both)
    with pytest.raises(UnknownPersonError):
        brokerage.brokered_pairs(net, "nobody")


def test_the_moments_of_the_roles_are_those_of_random_networks() -> None:
    """Counts of Bernoulli networks of one density have the mean and the spread that are stated."""
    rng = np.random.default_rng(3)
    people = pd.DataFrame({"person": list("abcdefgh"), "team": list("xxxyyzzz")})
    pairs = list(permutations(people["person"], 2))
    density, counts = 0.4, []
    for _ in range(1500):
        chosen = rng.random(len(pairs)) < density
        arcs = np.array(pairs)[chosen]
        ties = pd.DataFrame(arcs, columns=["source", "target"])
        code = {person: place for place, person in enumerate(people["person"])}
        matrix = np.zeros((8, 8), bool)
        matrix[ties["source"].map(code), ties["target"].map(code)] = True
        counts.append(_role_counts(matrix, people["team"].tolist(), broker=3))
    found = pd.DataFrame(counts)
    exact = pd.DataFrame(pairs, columns=["source", "target"]).sample(
        round(len(pairs) * density), random_state=1
    )
    net = Network.from_ties(exact, people, directed=True)
    row = brokerage.gould_fernandez(net, by="team").loc["d"]
    for name in ROLES:
        assert found[name].mean() == pytest.approx(row[f"{name}_expected"], abs=0.15), name
        assert found[name].std() == pytest.approx(row[f"{name}_sd"], rel=0.1), name


def _role_counts(matrix: np.ndarray, groups: list[str], *, broker: int) -> dict[str, int]:
    counts = dict.fromkeys(ROLES, 0)
    for a, b in permutations([place for place in range(len(groups)) if place != broker], 2):
        if matrix[a, broker] and matrix[broker, b] and not matrix[a, b]:
            counts[role(groups[a], groups[broker], groups[b])] += 1
    return counts


def test_roles_need_a_column_that_exists() -> None:
    with pytest.raises(UnknownNameError, match="did you mean team"):
        brokerage.gould_fernandez(network(1), by="teams")


@pytest.mark.parametrize("name", hostile())
def test_tables_of_any_network(name: str) -> None:
    net = hostile()[name]
    size = len(net.people)
    assert len(brokerage.gould_fernandez(net, by="team")) == size
    assert len(bridges.if_gone(net)) == len(cohesion.core_periphery(net)) == size
    assert len(cohesion.balance(net)) == len(net.ties)
    assert len(communities.stability(net, runs=2)) == size
    assert len(communities.between_groups(net, "team")) == size
    assert len(centrality.sampled_betweenness(net)) == size
    assert len(diversity.homophily(net, by="team")) == net.groups("team").nunique()
    for number in (
        cohesion.arc_reciprocity(net),
        cohesion.dyad_reciprocity(net),
        cohesion.transitivity(net),
        cohesion.core_periphery_fit(net),
        diversity.assortativity(net, by="team"),
        diversity.degree_assortativity(net),
        communities.agreement(net, "team"),
    ):
        assert math.isnan(number) or -1 - 1e-9 <= number <= 1 + 1e-9


# ---- key people ----------------------------------------------------------------------------------


def cut_value(graph: nx.Graph, gone: tuple[str, ...], *, distance: bool) -> float:
    rest = graph.copy()
    rest.remove_nodes_from(gone)
    near = sum(
        (1 / steps if distance else 1.0)
        for source, reached in nx.all_pairs_shortest_path_length(rest)
        for target, steps in reached.items()
        if source != target
    )
    return 1 - near / (len(rest) * (len(rest) - 1))


def reach_value(graph: nx.Graph, chosen: tuple[str, ...], *, steps: int | None) -> float:
    far = nx.multi_source_dijkstra_path_length(graph, set(chosen), weight=None)
    return sum(
        (1 / max(length, 1) if steps is None else float(length <= steps)) for length in far.values()
    ) / len(graph)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("distance", [True, False], ids=["distance", "pairs"])
def test_key_people_are_the_best_of_all_sets(seed: int, distance: bool) -> None:
    net = network(seed, 11, 13 + seed)
    graph = net.to_networkx()
    for size in (1, 2):
        sets = list(combinations(graph, size))
        cuts = {chosen: cut_value(graph, chosen, distance=distance) for chosen in sets}
        reach = {
            chosen: reach_value(graph, chosen, steps=None if distance else 2) for chosen in sets
        }
        for goal, values in (("fragmentation", cuts), ("reach", reach)):
            table = bridges.key_people(net, size=size, goal=goal, distance=distance)
            best = max(values.values())
            assert table["value"].to_numpy() == pytest.approx(best)
            found = {tuple(part["person"]) for _, part in table.groupby("set")}
            assert found == {chosen for chosen in sets if values[chosen] > best - 1e-9}
            assert set(table["method"]) == {"exact"} and table["at_least"].eq(1).all()


def test_greedy_sets_keep_what_they_promise() -> None:
    for seed in range(8):
        net = network(seed, 18, 26)
        circle = kernels.circle_of(net)
        everybody = np.arange(18)
        for steps in (0, 2):
            best = kernels.reach_of(circle, kernels.best_reaches(circle, 3, steps)[0], steps=steps)
            greedy = kernels.reach_of(circle, kernels.greedy_reach(circle, 3, steps), steps=steps)
            assert (1 - 1 / math.e) * best <= greedy <= best + 1e-12
        for by_distance, greedy_set in (
            (True, kernels.greedy_cuts(circle, everybody, 3, by_distance=True)),
            (False, kernels.greedy_cuts(circle, everybody, 3, by_distance=False)),
            (False, kernels.greedy_pair_cuts(circle, 3)),
        ):
            exact = kernels.best_cuts(circle, 3, by_distance)[0]
            best = kernels.fragmentation_of(circle, exact, by_distance=by_distance)
            found = kernels.fragmentation_of(circle, greedy_set, by_distance=by_distance)
            assert 0.5 * best <= found <= best + 1e-12
            assert len(set(greedy_set)) == 3


def test_a_large_network_is_searched_greedily_and_says_so() -> None:
    net = network(1, 400, 900)
    reach = bridges.key_people(net, size=5, goal="reach")
    cuts = bridges.key_people(net, size=5, distance=False)
    assert set(reach["method"]) == set(cuts["method"]) == {"greedy"}
    assert reach["at_least"].to_numpy() == pytest.approx(1 - 1 / math.e)
    assert cuts["at_least"].isna().all()
    assert len(reach) == len(cuts) == 5
    assert (reach["value"] >= reach["alone"]).all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"goal": "fame"}, "goal is 'fame'"),
        ({"size": 0}, "size is 0"),
        ({"size": 11}, "from 1 to 10"),
        ({"steps": 0}, "steps is 0"),
    ],
)
def test_key_people_that_make_no_sense(options: dict, message: str) -> None:
    with pytest.raises(OptionError, match=message):
        bridges.key_people(network(1), **options)


def test_key_people_need_three() -> None:
    pair = Network.from_ties(pd.DataFrame({"source": ["a"], "target": ["b"]}))
    for net in (pair, pair.among("a")):
        with pytest.raises(OptionError, match="needs at least 3 people"):
            bridges.key_people(net)


def test_modularity_weighs_chance_with_a_number_above_nothing() -> None:
    net = network(1)
    for resolution in (-1, 0, "x"):
        with pytest.raises(OptionError, match="resolution is "):
            communities.modularity(net, communities.community(net), resolution=resolution)


def test_distances_in_a_network_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    module = sys.modules["netanalytics.analysis.bridges.key_people"]
    monkeypatch.setattr(module, "EXACT_WORK", 10)
    monkeypatch.setattr(module, "GREEDY_WORK", 10)
    with pytest.raises(OptionError, match="distance=False counts the pairs"):
        bridges.key_people(network(1), size=3)
    table = bridges.key_people(network(1), size=3, distance=False)
    assert set(table["method"]) == {"greedy"} and len(table) == 3


@pytest.mark.parametrize("seed", range(10))
def test_what_breaks_is_what_breaks(seed: int) -> None:
    net = network(seed, 20, 19 + seed)
    graph, table = net.to_networkx(), bridges.if_gone(net)
    for person in graph:
        part = nx.node_connected_component(graph, person) - {person}
        pieces = [len(piece) for piece in nx.connected_components(graph.subgraph(part))]
        together = sum(size * (size - 1) // 2 for size in pieces)
        row = table.loc[person]
        assert row["pairs_cut"] == len(part) * (len(part) - 1) // 2 - together
        assert row["pieces"] == len(pieces)
        assert row["people_cut_off"] == len(part) - max(pieces, default=0)
        assert row["ties"] == graph.degree(person)
        assert len(bridges.cut_off(net, person)) == row["people_cut_off"]
        pd.testing.assert_frame_equal(bridges.if_gone(net, person), table.loc[[person]])
    assert (table["pairs_cut"] > 0).equals(bridges.is_articulation_point(net).rename("pairs_cut"))


# ---- sampled betweenness -------------------------------------------------------------------------


def test_sampled_betweenness_is_as_far_off_as_it_says() -> None:
    for directed in (False, True):
        net = network(2, 150, 420, directed=directed)
        exact = centrality.betweenness(net, directed=directed)
        inside = []
        for seed in range(20):
            table = centrality.sampled_betweenness(net, samples=48, seed=seed, directed=directed)
            off = (table["betweenness"] - exact).abs()
            assert (off <= table["bound"]).all()
            inside.append((off <= table["error"] + 1e-9)[exact > exact.median()].mean())
        assert 0.83 <= np.mean(inside) <= 0.95
        for weighted in (False, True):
            options = {"directed": directed, "weighted": weighted}
            whole = centrality.sampled_betweenness(net, samples=150, **options)
            np.testing.assert_allclose(
                whole["betweenness"], centrality.betweenness(net, **options), atol=1e-9
            )
            assert (whole[["error", "bound"]] == 0).all(axis=None)


def test_sampled_betweenness_is_nearer_than_counting_whole_paths() -> None:
    net = network(5, 300, 900)
    exact = centrality.betweenness(net)
    ours, whole = [], []
    for seed in range(10):
        found = centrality.sampled_betweenness(net, samples=30, seed=seed)["betweenness"]
        drawn = random.Random(seed).sample(range(300), 30)
        plain = 300 / 30 * np.array(net.graph.betweenness(sources=drawn))
        ours.append((found - exact).abs().mean())
        whole.append((plain - exact).abs().mean())
    assert np.mean(ours) < 0.75 * np.mean(whole)


def test_sampled_betweenness_shares_among_ways_as_long_up_to_rounding() -> None:
    # From a to f there are three ways: of .1 + .2, which is not .3, of .3, and of .15 twice.
    ways = {"ab": 0.1, "bf": 0.2, "af": 0.3, "ad": 0.15, "df": 0.15, "fg": 1.0}
    ties = pd.DataFrame([(*pair, 1 / far) for pair, far in ways.items()])
    ties.columns = ["source", "target", "strength"]
    net = Network.from_ties(ties)
    found = centrality.sampled_betweenness(net, samples=6, weighted=True)["betweenness"]
    np.testing.assert_allclose(found, centrality.betweenness(net, weighted=True), atol=1e-9)


def test_sampled_betweenness_says_its_error() -> None:
    net = network(2, 60, 140)
    found = centrality.betweenness(net, samples=20, seed=4)
    table = centrality.sampled_betweenness(net, samples=20, seed=4)
    assert found.attrs["error"] == table["bound"].max()
    pd.testing.assert_series_equal(found, table["betweenness"])
    with pytest.raises(OptionError, match="samples is 1"):
        centrality.betweenness(net, samples=1)


# ---- cohesion ------------------------------------------------------------------------------------


def test_core_and_periphery_have_the_fewest_errors() -> None:
    for seed in range(12):
        net = network(seed, 9, 8 + 2 * seed)
        graph = net.to_networkx()
        core = set(net.people.index[cohesion.core_periphery(net)["is_core"]])
        degrees = sorted({*dict(graph.degree()).values()})
        same_degree = [{p for p in graph if graph.degree(p) >= least} for least in degrees]
        candidates = [*same_degree, set()]
        assert errors(graph, core) == min(errors(graph, chosen) for chosen in candidates)
        every = [set(chosen) for size in range(10) for chosen in combinations(graph, size)]
        best = min(errors(graph, chosen) for chosen in every)
        assert errors(graph, core) <= best + 3  # the price of keeping equal degrees together


def errors(graph: nx.Graph, core: set[str]) -> int:
    missing = sum(not graph.has_edge(*pair) for pair in combinations(core, 2))
    return missing + graph.subgraph(set(graph) - core).number_of_edges()


def test_the_fit_of_a_core_is_a_correlation() -> None:
    net = network(3, 12, 24)
    core = cohesion.core_periphery(net)["is_core"]
    graph = net.to_networkx()
    pairs = [(a, b) for a, b in combinations(graph, 2) if core[a] == core[b]]
    tied = [graph.has_edge(a, b) for a, b in pairs]
    expected = np.corrcoef(tied, [core[a] for a, _ in pairs])[0, 1]
    assert cohesion.core_periphery_fit(net) == pytest.approx(expected)


def test_reciprocity_and_its_balance() -> None:
    rows = [("a", "b", 1.0)] * 8 + [("b", "a", 2.0)] * 2 + [("a", "c", 1.0)]
    net = Network.from_ties(
        pd.DataFrame(rows, columns=["source", "target", "strength"]), directed=True
    )
    assert cohesion.reciprocity(net).tolist() == [0.5, 0.0]
    assert cohesion.reciprocity(net, weighted=False).tolist() == [0.25, 0.0]
    table = cohesion.balance(net)
    assert table["balance"].tolist() == [0.8, 1.0]
    # Wilson's interval at 90 % for 8 of 10, from statsmodels.
    assert table.loc[("a", "b"), ["low", "high"]].tolist() == pytest.approx(
        [0.5411, 0.9314], abs=1e-3
    )
    together = Network.from_ties(net.ties.reset_index()[["source", "target"]])
    assert cohesion.reciprocity(together).isna().all()
    assert cohesion.balance(together)[["balance", "low", "high"]].isna().all(axis=None)
    assert cohesion.arc_reciprocity(together) == cohesion.dyad_reciprocity(together) == 1


# ---- communities ---------------------------------------------------------------------------------


def two_circles(bridge: float = 0.1) -> Network:
    rows = [(f"a{i}", f"a{j}", 1.0) for i, j in combinations(range(5), 2)]
    rows += [(f"b{i}", f"b{j}", 1.0) for i, j in combinations(range(5), 2)]
    rows += [("a0", "m", bridge), ("b0", "m", bridge), ("a0", "b0", bridge)]
    people = pd.DataFrame({"person": sorted({p for row in rows for p in row[:2]})})
    people["team"] = people["person"].str[0].replace({"m": "a"})
    people.loc[people["person"] == "a4", "team"] = "b"
    return Network.from_ties(pd.DataFrame(rows, columns=["source", "target", "strength"]), people)


def test_stable_communities_and_who_is_not() -> None:
    table = communities.stability(two_circles(), runs=10)
    assert table["together"].drop("m").gt(0.85).all()
    assert table["agreement"].nunique() == 1 and table["agreement"].iloc[0] > 0.8
    loose = communities.stability(network(4, 40, 60, weighted=False), runs=10)
    assert loose["agreement"].iloc[0] < 1
    assert loose["together"].dropna().between(0, 1).all()
    with pytest.raises(OptionError, match="runs is 1"):
        communities.stability(two_circles(), runs=1)


def test_together_is_the_share_of_runs_with_each_other_member() -> None:
    net = network(4, 20, 30)
    runs = [communities.community(net, seed=seed) for seed in range(4)]
    table = communities.stability(net, runs=4)
    for person in net.people.index[runs[0].notna()]:
        mates = [p for p in net.people.index if p != person and runs[0][p] == runs[0][person]]
        shares = [np.mean([run[p] == run[person] for run in runs[1:]]) for p in mates]
        assert table.loc[person, "together"] == pytest.approx(np.mean(shares))


def test_who_sits_between_the_teams() -> None:
    net = two_circles()
    table = communities.between_groups(net, "team")
    assert table.loc["a4", ["group", "home", "is_between"]].tolist() == ["b", "a", True]
    assert not table.loc["a1", "is_between"]
    assert 0 < communities.agreement(net, "team") < 1
    assert communities.participation(net, "team")["m"] == pytest.approx(0.5)


def test_the_adjusted_rand_index_of_published_tables() -> None:
    """Values of scikit-learn's documentation and of Hubert and Arabie's definition."""
    for one, other, expected in (
        ([0, 0, 1, 1], [0, 0, 1, 1], 1.0),
        ([0, 0, 1, 1], [1, 1, 0, 0], 1.0),
        ([0, 0, 1, 2], [0, 0, 1, 1], 0.5714285714),
        ([0, 0, 1, 1], [0, 0, 1, 2], 0.5714285714),
        ([0, 0, 0, 0], [0, 1, 2, 3], 0.0),
        ([0, 0, 1, 1], [0, 1, 0, 1], -0.5),
    ):
        assert kernels.adjusted_rand(np.array(one), np.array(other)) == pytest.approx(expected)


# ---- diversity -----------------------------------------------------------------------------------


def met(*numbers: int) -> Network:
    """An ego with so many contacts in each department, where ten departments exist."""
    rows, people = [], [("ego", "d0"), *((f"other {d}", f"d{d}") for d in range(10))]
    for department, number in enumerate(numbers):
        for place in range(number):
            rows.append(("ego", f"{department}-{place}"))
            people.append((f"{department}-{place}", f"d{department}"))
    return Network.from_ties(
        pd.DataFrame(rows, columns=["source", "target"]),
        pd.DataFrame(people, columns=["person", "department"]),
    )


@pytest.mark.parametrize("many", [(3,) * 10, (9, 5, 4, 3, 2, 2, 2, 1, 1, 1)], ids=["even", "not"])
@pytest.mark.parametrize("measure", [diversity.blau, diversity.iqv, diversity.entropy])
def test_diversity_is_not_fooled_by_size(measure, many: tuple[int, ...]) -> None:
    """3 contacts in 3 departments do not beat 30 in 10 where 10 exist."""
    few = measure(met(1, 1, 1), by="department")["ego"]
    assert measure(met(*many), by="department")["ego"] > few
    if measure is diversity.iqv:
        assert few == pytest.approx((2 / 3) / 0.9)  # against ten departments, not against three


def test_several_attributes_and_their_intersections() -> None:
    people = pd.DataFrame(
        {
            "person": list("abcde"),
            "team": ["x", "x", "x", "y", "y"],
            "level": ["1", "1", "2", "2", None],
        }
    )
    net = Network.from_ties(pd.DataFrame({"source": list("aaaa"), "target": list("bcde")}), people)
    found = diversity.blau(net, by=["team", "level"])
    assert found.name == "blau_team_level"
    assert found["a"] == pytest.approx(1 - 3 / 9)  # b x/1, c x/2, d y/2; e has no level
    assert diversity.blau(net, by="team")["a"] == pytest.approx(0.5)
    assert diversity.unknown_contacts(net, by=["team", "level"])["a"] == 1
    assert diversity.ei_index(net, by=["team", "level"])["a"] == pytest.approx(1 / 3)
    table = diversity.homophily(net, by=["team", "level"])
    assert list(table.index) == ["x / 1", "x / 2", "y / 2"]
    assert table.loc["x / 1", "unknown"] == 1


def test_homophily_of_groups_adds_up() -> None:
    for net in NETWORKS:
        for directed in (False, True):
            table = diversity.homophily(net, by="team", directed=directed)
            mixing = diversity.mixing(net, by="team", directed=directed)
            assert table["contacts"].tolist() == mixing.sum(axis=1).tolist()
            assert table["inside"].tolist() == np.diag(mixing).tolist()
            assert table["people"].sum() == net.groups("team").notna().sum()
            assert table["coleman"].dropna().between(-1, 1).all()


def test_a_number_that_is_none() -> None:
    with pytest.raises(OptionError, match="holds other values"):
        diversity.assortativity(network(1), by="team", numeric=True)


# ---- compiled functions --------------------------------------------------------------------------


def test_where_no_cache_can_be_written_kernels_compile_all_the_same() -> None:
    code = """
import numba
from numba.core import caching
caching.CacheImpl._locator_classes = []  # what numba finds where nothing can be written
from netanalytics.kernels.triangles import twins
import numpy as np
print(twins(np.array([0, 1, 2]), np.array([1, 0], np.int32)).tolist())
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[1, 0]"


def test_numba_is_loaded_only_by_what_needs_it() -> None:
    code = """
import sys
import pandas as pd
from netanalytics.analysis import measure
from netanalytics.network import Network
net = Network.from_ties(pd.DataFrame({"source": ["a"], "target": ["b"]}))
measure(net, ["degree", "pagerank", "clustering", "harmonic_closeness"])
assert "numba" not in sys.modules
measure(net, ["constraint"])
assert "numba" in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[1], check=True)


def test_an_alpha_beyond_the_limit() -> None:
    with pytest.raises(OptionError, match=r"give a number below 1/λ = 0\.70"):
        net = Network.from_ties(pd.DataFrame({"source": list("ab"), "target": list("bc")}))
        centrality.katz(net, alpha=0.8)


@pytest.mark.parametrize(
    "values",
    [
        ["b", " a", "", None, "a ", "b"],
        [3.0, 1.0, None, 1.0, 3.0, 2.0],
        [0.5, 1.0, None, 1.0, 0.5, 2.0],
        [2, 1, 10, 1, 2, 2],
        [True, False, True, True, False, False],
        pd.Categorical(["b", "a", None, "a", "b", "b"], categories=["z", "b", "a"]),
        pd.Series(["b", 1, None, "a", 1.0, "b"], dtype=object),
    ],
    ids=["text", "whole", "floats", "numbers", "flags", "categories", "mixed"],
)
def test_groups_are_coded_as_their_cleaned_names_are(values):
    people = pd.DataFrame({"team": values}, index=pd.Index(list("abcdef"), name="person"))
    ties = pd.DataFrame({"source": ["a"], "target": ["b"]})
    net = Network.from_ties(ties, people)
    codes, groups = group_codes(net, "team")
    expected, names = pd.factorize(net.groups("team"), sort=True)
    assert list(codes) == list(expected)
    assert groups == list(names)
