"""Agreement with networkx and igraph on random networks, and where they go wrong."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from netanalytics.analysis import (
    bridges,
    brokerage,
    centrality,
    cohesion,
    communities,
    diversity,
)
from netanalytics.network import Network

from .strategies import network

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SEEDS = range(67)  # of three kinds: 201 networks
KINDS: dict[str, dict[str, bool]] = {
    "weighted": {},
    "unweighted": {"weighted": False},
    "directed": {"directed": True},
}
EXACT: dict[str, Any] = {"tol": 1e-13, "max_iter": 1000}
SHAPES = ((14, 20), (10, 30), (18, 18), (8, 9))


@cache
def drawn(kind: str, seed: int) -> Network:
    return network(seed, *SHAPES[seed % len(SHAPES)], **KINDS[kind])


def on_random(*kinds: str) -> Callable[[Callable[[str, int], None]], Any]:
    """Run a test on every random network of some kinds; a failure names the seed."""

    def wrap(test: Callable[[str, int], None]) -> Any:
        def over_seeds(kind: str) -> None:
            for seed in SEEDS:
                try:
                    test(kind, seed)
                except BaseException as error:
                    error.add_note(f"{kind} network, seed {seed}")
                    raise

        over_seeds.__doc__ = test.__doc__
        return pytest.mark.parametrize("kind", kinds or tuple(KINDS))(over_seeds)

    return wrap


def same(found: pd.Series, expected: Mapping[Any, float], tolerance: float = 1e-9) -> None:
    wanted = pd.Series(expected, dtype=float).reindex(found.index)
    np.testing.assert_allclose(found.to_numpy(float), wanted.to_numpy(), tolerance, tolerance)


def with_lengths(graph: nx.Graph) -> nx.Graph:
    for _, _, data in graph.edges(data=True):
        data["length"] = 1 / data["strength"]
    return graph


def nx_harmonic(graph: nx.Graph, **options: Any) -> dict[str, float]:
    """networkx reads in-distances: turn the graph to get the way from here."""
    return nx.harmonic_centrality(graph.reverse() if graph.is_directed() else graph, **options)


@on_random()
def test_centrality_on_ties(kind: str, seed: int) -> None:
    net = drawn(kind, seed)
    graph = with_lengths(net.to_networkx())
    same(centrality.degree(net), dict(graph.degree()))
    same(centrality.total_strength(net), dict(graph.degree(weight="strength")))
    same(centrality.betweenness(net), nx.betweenness_centrality(graph, normalized=False))
    same(centrality.harmonic_closeness(net), nx_harmonic(graph))
    found = centrality.harmonic_closeness(net, weighted=True)
    same(found, nx_harmonic(graph, distance="length"))
    same(centrality.coreness(net), nx.core_number(graph))
    same(centrality.pagerank(net), nx.pagerank(graph, weight="strength", **EXACT))
    same(centrality.pagerank(net, weighted=False), nx.pagerank(graph, weight=None, **EXACT))
    expected = nx.betweenness_centrality(graph, normalized=False, weight="length")
    same(centrality.betweenness(net, weighted=True), expected)


@on_random()
def test_paths_and_walks(kind: str, seed: int) -> None:
    net = drawn(kind, seed)
    graph = with_lengths(net.to_networkx())
    lonely = centrality.degree(net) == 0
    for options, words in (({}, {}), ({"weighted": True}, {"distance": "length"})):
        component = nx.closeness_centrality(graph, wf_improved=False, **words)
        scaled = nx.closeness_centrality(graph, **words)
        found = centrality.closeness(net, **options)
        assert (found.isna() == lonely).all()  # networkx says 0
        same(found.fillna(0), component)
        found = centrality.closeness(net, scaling="wasserman_faust", **options)
        same(found.fillna(0), scaled)
    for weighted, weight in ((False, None), (True, "length")):
        found = centrality.edge_betweenness(net, weighted=weighted)
        expected = nx.edge_betweenness_centrality(graph, normalized=False, weight=weight)
        same(found, {tuple(sorted(pair)): value for pair, value in expected.items()})
    strongest = np.linalg.eigvalsh(nx.to_numpy_array(graph, weight="strength"))[-1]
    found = centrality.katz(net, weighted=True, alpha=0.3 / strongest)
    expected = nx.katz_centrality_numpy(
        graph, alpha=0.3 / strongest, normalized=False, weight="strength"
    )
    same(found, expected)


@on_random()
def test_the_eigenvector_is_one(kind: str, seed: int) -> None:
    """By its definition: networkx does not converge in a network of several pieces."""
    net = drawn(kind, seed)
    for options in ({}, {"weighted": False}, {"directed": True}, {"directed": True, "mode": "out"}):
        x = centrality.eigenvector(net, **options).to_numpy()
        directed, weighted = options.get("directed", False), options.get("weighted", True)
        matrix = net.adjacency(weighted=weighted, directed=directed).toarray()
        matrix = matrix if options.get("mode") == "out" else matrix.T
        largest = np.linalg.eigvals(matrix).real.max()
        if largest > 1e-6:  # otherwise arcs make no circle
            np.testing.assert_allclose(matrix @ x, largest * x, atol=1e-9 * largest)
            assert x.max() == 1
        else:
            assert (x == 0).all()


@on_random()
def test_cohesion(kind: str, seed: int) -> None:
    net = drawn(kind, seed)
    graph, arcs = net.to_networkx(), net.to_networkx(directed=True)
    clustering = cohesion.clustering(net)
    assert (clustering.isna() == (centrality.degree(net) < 2)).all()  # networkx says 0
    same(clustering.fillna(0), nx.clustering(graph))
    barrat = net.graph.transitivity_local_undirected(mode="zero", weights=net.strength.tolist())
    same(
        cohesion.clustering(net, weighted=True).fillna(0),
        dict(zip(net.people.index, barrat, strict=True)),
    )
    assert math.isclose(cohesion.transitivity(net), nx.transitivity(graph), abs_tol=1e-12)
    shared = {pair: len(list(nx.common_neighbors(graph, *pair))) for pair in net.ties.index}
    assert cohesion.embeddedness(net).to_dict() == shared
    assert math.isclose(cohesion.arc_reciprocity(net), nx.overall_reciprocity(arcs))
    mutual = nx.Graph((a, b) for a, b in arcs.edges if arcs.has_edge(b, a))
    expected = {
        (a, b): mutual.has_edge(a, b) and any(True for _ in nx.common_neighbors(mutual, a, b))
        for a, b in net.ties.index
    }
    assert cohesion.is_simmelian(net).to_dict() == expected


@on_random()
def test_homophily(kind: str, seed: int) -> None:
    net = drawn(kind, seed)
    known = net.among(net.people.index[net.groups("team").notna()])
    for directed in (False, True):
        graph = known.to_networkx(directed=directed)
        if not graph.number_of_edges():
            continue
        found = diversity.assortativity(net, by="team", directed=directed)
        numbers = {person: place for place, person in enumerate(graph)}
        nx.set_node_attributes(graph, numbers, "number")
        if math.isfinite(found):
            expected = nx.attribute_assortativity_coefficient(graph, "team")
            assert math.isclose(found, expected, abs_tol=1e-12)
        people = known.people.assign(number=range(len(known.people)))
        found = diversity.assortativity(
            Network(people, known.ties), by="number", numeric=True, directed=directed
        )
        with np.errstate(all="ignore"):
            expected = nx.numeric_assortativity_coefficient(graph, "number")
        assert math.isclose(found, expected, abs_tol=1e-9) or math.isnan(found)


@on_random("directed")
def test_centrality_on_arcs(kind: str, seed: int) -> None:
    net = drawn(kind, seed)
    graph = with_lengths(net.to_networkx(directed=True))
    for mode, count in (("in", graph.in_degree), ("out", graph.out_degree), ("all", graph.degree)):
        same(centrality.degree(net, directed=True, mode=mode), dict(count()))
        found = centrality.total_strength(net, directed=True, mode=mode)
        same(found, dict(count(weight="strength")))
    found = centrality.betweenness(net, directed=True)
    same(found, nx.betweenness_centrality(graph, normalized=False))
    found = centrality.betweenness(net, directed=True, weighted=True)
    same(found, nx.betweenness_centrality(graph, normalized=False, weight="length"))
    same(centrality.harmonic_closeness(net, directed=True), nx_harmonic(graph))
    found = centrality.harmonic_closeness(net, directed=True, mode="in", weighted=True)
    same(found, nx.harmonic_centrality(graph, distance="length"))
    found = centrality.pagerank(net, directed=True, damping=0.6)
    same(found, nx.pagerank(graph, alpha=0.6, weight="strength", **EXACT))


@on_random()
def test_structural_holes(kind: str, seed: int) -> None:
    net = drawn(kind, seed)
    graph = net.to_networkx()
    everybody = list(graph)  # without nodes= networkx takes a short cut that strengths break
    for weighted, weight in ((True, "strength"), (False, None)):
        found = brokerage.constraint(net, weighted=weighted)
        same(found, nx.constraint(graph, weight=weight))
        same(found, dict(zip(net.people.index, net.graph.constraint(
            weights=net.strength.tolist() if weighted else None), strict=True)))  # fmt: skip
        found = brokerage.effective_size(net, weighted=weighted)
        same(found, nx.effective_size(graph, nodes=everybody, weight=weight))


@on_random()
def test_structural_holes_of_an_ego_network(kind: str, seed: int) -> None:
    """UCINET's model: the same measure in the network of the person and the contacts alone."""
    net = drawn(kind, seed)
    constraint = brokerage.constraint(net, model="ego")
    size = brokerage.effective_size(net, model="ego")
    for person in net.people.index:
        if net.contacts(person):
            ego = net.ego(person)
            assert math.isclose(constraint[person], brokerage.constraint(ego)[person])
            assert math.isclose(size[person], brokerage.effective_size(ego)[person])


@on_random("directed")
def test_directed_data_adds_up_both_directions(kind: str, seed: int) -> None:
    net = drawn(kind, seed)
    graph = net.to_networkx(directed=True)
    same(brokerage.constraint(net), nx.constraint(graph, weight="strength"))
    # networkx leaves people who reach nobody undefined, though others reach them.
    expected = pd.Series(nx.effective_size(graph, nodes=list(graph), weight="strength")).dropna()
    same(brokerage.effective_size(net)[expected.index], expected)


@on_random()
def test_bridges(kind: str, seed: int) -> None:
    net = drawn(kind, seed)
    graph = net.to_networkx()

    def where(flags: pd.Series) -> set[Any]:
        return set(flags.index[flags.to_numpy()])

    points = bridges.is_articulation_point(net)
    assert where(points) == set(nx.articulation_points(graph))
    assert where(bridges.is_bridge(net)) == {tuple(sorted(pair)) for pair in nx.bridges(graph)}
    local = {tuple(sorted(ends)): far for *ends, far in nx.local_bridges(graph)}
    assert where(bridges.is_local_bridge(net)) == set(local)
    spans = bridges.span(net)
    assert {pair: spans[pair] for pair in local} == local
    assert (spans.drop(list(local)) == 2).all()


@on_random("weighted")
def test_diversity(kind: str, seed: int) -> None:
    net = drawn(kind, seed)
    spread = pd.Series(net.graph.diversity(weights=net.strength.tolist()), net.people.index)
    found = diversity.tie_entropy(net)
    tied = centrality.degree(net) > 0
    same(found[tied], spread[tied])
    groups, graph = net.groups("team"), net.to_networkx()
    index, mixed = diversity.ei_index(net, by="team"), diversity.entropy(net, by="team")
    for person in net.people.index:
        known = [groups[other] for other in graph[person] if pd.notna(groups[other])]
        shares = pd.Series(known, dtype=object).value_counts(normalize=True)
        expected = -(shares * np.log(shares.astype(float))).sum() if known else math.nan
        assert mixed[person] == pytest.approx(expected, nan_ok=True)
        inside = sum(group == groups[person] for group in known) if known else 0
        own = pd.notna(groups[person]) and known
        expected = (len(known) - 2 * inside) / len(known) if own else math.nan
        assert index[person] == pytest.approx(expected, nan_ok=True)


@on_random("weighted")
def test_modularity(kind: str, seed: int) -> None:
    net = drawn(kind, seed)
    graph, found = net.to_networkx(), communities.community(net)
    parts = [set(part.index) for _, part in found.fillna(-1).groupby(found.fillna(-1))]
    expected = nx.community.modularity(graph, parts, weight="strength")
    assert communities.modularity(net, found) == pytest.approx(expected)
    greedy = nx.community.greedy_modularity_communities(graph, weight="strength")
    reached = nx.community.modularity(graph, greedy, weight="strength")
    assert communities.modularity(net, found) >= reached - 0.02


# ---- known faults of peers -----------------------------------------------------------------------


def small(*rows: tuple[str, str, float], directed: bool = False) -> Network:
    frame = pd.DataFrame(list(rows), columns=["source", "target", "strength"])
    return Network.from_ties(frame, directed=directed)


def test_effective_size_with_strengths_is_not_the_short_cut_of_networkx() -> None:
    """networkx without ``nodes=`` leaves the strengths out."""
    net = small(("a", "b", 2.0), ("a", "c", 1.0), ("b", "c", 3.0), ("a", "d", 1.0))
    # a: shares b .5, c .25, d .25; b's and c's strongest tie is the one between them.
    assert brokerage.effective_size(net)["a"] == pytest.approx(3 - 0.25 - 0.5)


def test_a_tie_of_strength_zero_is_no_contact() -> None:
    """igraph counts it as one: it gives 1.25 and .5625."""
    path = (("a", "b", 1.0), ("b", "c", 1.0), ("c", "d", 1.0))
    found = brokerage.constraint(small(*path, ("a", "c", 0.0), ("a", "d", 0.0)))
    same(found, {"a": 1.0, "b": 0.5, "c": 0.5, "d": 1.0})


def test_a_self_contact_is_no_contact() -> None:
    """networkx counts it as one."""
    found = brokerage.constraint(small(("a", "b", 1.0), ("a", "c", 1.0), ("a", "a", 9.0)))
    assert found["a"] == pytest.approx(0.5)


def test_paths_of_equal_length_stay_equal_in_floating_point() -> None:
    """1/3 + 1/6 against 1/2: networkx takes one of the two for shorter."""
    net = small(("a", "m", 3.0), ("m", "b", 6.0), ("a", "n", 6.0), ("n", "b", 3.0), ("a", "b", 2.0))
    found = centrality.betweenness(net, weighted=True)
    assert found["m"] == pytest.approx(1 / 3)
    assert found["n"] == pytest.approx(1 / 3)


def test_an_unordered_pair_counts_once() -> None:
    """NetworKit counts it twice."""
    assert centrality.betweenness(small(("a", "b", 1.0), ("b", "c", 1.0)))["b"] == 1.0


def test_the_strongest_hub_is_central() -> None:
    """Read as lengths, strengths would send every path around it."""
    ring = [(f"r{place}", f"r{(place + 1) % 6}", 0.1) for place in range(6)]
    spokes = [("hub", f"r{place}", 10.0) for place in range(6)]
    assert centrality.betweenness(small(*ring, *spokes), weighted=True).idxmax() == "hub"


def test_tie_entropy_takes_directed_data() -> None:
    """igraph's diversity refuses directed graphs."""
    net = small(("a", "b", 1.0), ("c", "a", 1.0), directed=True)
    assert diversity.tie_entropy(net)["a"] == pytest.approx(1.0)


# ---- published values that the oracles do not hold -----------------------------------------------


def test_effective_size_without_strengths_is_the_formula_of_borgatti() -> None:
    """Borgatti (1997): without strengths, effective size is n − 2t/n."""
    net = network(3, 10, 25)
    graph = net.to_networkx()
    for person, size in brokerage.effective_size(net, weighted=False).items():
        contacts = list(graph[person])
        inside = graph.subgraph(contacts).number_of_edges()
        assert size == pytest.approx(len(contacts) - 2 * inside / len(contacts))


def test_karate_club_falls_into_four_communities() -> None:
    """The best known modularity of the unweighted karate club is .41979."""
    net = Network.from_networkx(nx.karate_club_graph())
    found = communities.community(net, weighted=False)
    assert found.nunique() == 4
    assert communities.modularity(net, found, weighted=False) == pytest.approx(0.41979, abs=1e-5)
