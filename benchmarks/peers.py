"""The tools that are measured side by side: how each builds its graph, and what it is asked.

Networks are random with circles, ten times as many ties as people, strengths lognormal.
"""

from __future__ import annotations

import importlib.machinery
import importlib.util
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

Tasks = dict[str, Callable[[], Any]]
SAMPLED = "betweenness, sampled"


def samples(people: int) -> int:
    """How many people sampled betweenness starts from."""
    return min(people, 256 if people < 1_000_000 else 64)


def made(people: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Ends, strengths and groups: four ties in five to somebody near in the same circle."""
    rng = np.random.default_rng(seed)
    source = rng.integers(0, people, people * 17)
    near = np.minimum(source + rng.integers(1, 40, len(source)), people - 1)
    target = np.where(rng.random(len(source)) < 0.8, near, rng.integers(0, people, len(source)))
    low, high = np.minimum(source, target), np.maximum(source, target)
    pairs = np.unique((low.astype(np.int64) * people + high)[low < high])
    pairs = np.sort(rng.permutation(pairs)[: people * 10])
    strength = rng.lognormal(0, 1, len(pairs))
    return pairs // people, pairs % people, strength, rng.integers(0, 12, people)


# ---- the tools -----------------------------------------------------------------------------------


def with_netanalytics(data: Any, people: int) -> Tasks:
    import pandas as pd

    from netanalytics import kernels
    from netanalytics.analysis import (
        bridges,
        brokerage,
        centrality,
        cohesion,
        communities,
        diversity,
    )
    from netanalytics.network import Network

    def network(first: Any, second: Any, strength: Any, group: Any) -> Network:
        size = len(group)
        names = pd.Index([f"{place:08}" for place in range(size)], dtype="str", name="person")
        ends = pd.MultiIndex(
            levels=[names, names], codes=[first, second], names=["source", "target"]
        )
        ties = pd.DataFrame({"n": 1, "n_forward": 0, "n_back": 0, "strength": strength}, index=ends)
        ties["strength_forward"] = ties["strength_back"] = 0.0
        people = pd.DataFrame({"team": pd.Series(group).astype("str").to_numpy()}, index=names)
        net = Network(people=people, ties=ties)
        _ = net.graph, net.ends, net.strength, net.arcs, net.arc_ends, net.arc_strength
        circle = kernels.circle_of(net)
        _ = circle.twin, circle.upward
        return net

    def tasks(net: Network) -> Tasks:
        def role_counts() -> Any:
            return brokerage.gould_fernandez(net, by="team")["total"]

        return {
            "betweenness": lambda: centrality.betweenness(net),
            "betweenness, 1/strength": lambda: centrality.betweenness(net, weighted=True),
            SAMPLED: lambda: centrality.betweenness(net, samples=samples(people)),
            "edge betweenness": lambda: centrality.edge_betweenness(net),
            "closeness": lambda: centrality.closeness(net),
            "harmonic closeness": lambda: centrality.harmonic_closeness(net),
            "eigenvector": lambda: centrality.eigenvector(net),
            "PageRank": lambda: centrality.pagerank(net),
            "Katz": lambda: centrality.katz(net, alpha=0.005),
            "coreness": lambda: centrality.coreness(net),
            "constraint": lambda: brokerage.constraint(net),
            "constraint, ego model": lambda: brokerage.constraint(net, model="ego"),
            "effective size": lambda: brokerage.effective_size(net),
            "hierarchy": lambda: brokerage.hierarchy(net),
            "indirect constraint": lambda: brokerage.indirect_constraint(net),
            "Gould–Fernandez": role_counts,
            "bridges": lambda: bridges.is_bridge(net),
            "articulation points": lambda: bridges.is_articulation_point(net),
            "local bridges": lambda: bridges.is_local_bridge(net),
            "span": lambda: bridges.span(net),
            "if gone": lambda: bridges.if_gone(net)["pairs_cut"],
            "clustering": lambda: cohesion.clustering(net),
            "embeddedness": lambda: cohesion.embeddedness(net),
            "overlap": lambda: cohesion.overlap(net),
            "Simmelian ties": lambda: cohesion.is_simmelian(net),
            "tie entropy": lambda: diversity.tie_entropy(net),
            "entropy over groups": lambda: diversity.entropy(net, by="team"),
            "E-I index": lambda: diversity.ei_index(net, by="team"),
            "assortativity": lambda: [diversity.assortativity(net, by="team")],
            "Leiden": lambda: [communities.modularity(net, communities.community(net))],
        }

    for name, task in tasks(network(*made(200))).items():  # compile, or load what was compiled
        if name != "Leiden":
            task()
    return tasks(network(*data))


def with_igraph(data: Any, people: int) -> Tasks:
    import random

    import igraph
    import pandas as pd

    first, second, strength, group = data
    text = pd.Series(group).astype("str")  # as a people table has it
    graph = igraph.Graph(n=people, edges=np.column_stack([first, second]))
    weights, lengths = strength.tolist(), (1 / strength).tolist()
    ties = graph.ecount()

    def flags(number: int, chosen: Any) -> np.ndarray:
        values = np.zeros(number)
        values[chosen] = 1
        return values

    def leiden() -> list[float]:
        igraph.set_random_number_generator(random.Random(0))
        found = graph.community_leiden("modularity", weights=weights, n_iterations=-1)
        return [found.q]

    sources = random.Random(0).sample(range(people), samples(people))
    return {
        "betweenness": graph.betweenness,
        "betweenness, 1/strength": lambda: graph.betweenness(weights=lengths),
        SAMPLED: lambda: np.array(graph.betweenness(sources=sources)) * people / len(sources),
        "edge betweenness": graph.edge_betweenness,
        "closeness": graph.closeness,
        "harmonic closeness": lambda: graph.harmonic_centrality(normalized=False),
        "eigenvector": lambda: graph.eigenvector_centrality(weights=weights),
        "PageRank": lambda: graph.pagerank(weights=weights),
        "coreness": graph.coreness,
        "constraint": lambda: graph.constraint(weights=weights),
        "bridges": lambda: flags(ties, graph.bridges()),
        "articulation points": lambda: flags(people, graph.articulation_points()),
        "clustering": lambda: graph.transitivity_local_undirected(mode="nan"),
        "tie entropy": lambda: graph.diversity(weights=weights),
        "assortativity": lambda: [
            graph.assortativity_nominal(pd.factorize(text)[0].tolist(), directed=False)
        ],
        "Leiden": leiden,
    }


def with_networkx(data: Any, people: int) -> Tasks:
    import networkx as nx

    first, second, strength, group = data
    graph: Any = nx.Graph()
    graph.add_nodes_from((place, {"team": int(team)}) for place, team in enumerate(group))
    graph.add_weighted_edges_from(
        zip(first.tolist(), second.tolist(), strength.tolist(), strict=True)
    )
    for *_, held in graph.edges(data=True):
        held["length"] = 1 / held["weight"]
    pairs = list(zip(first.tolist(), second.tolist(), strict=True))

    def people_values(values: Any) -> list[float]:
        return [values[place] for place in range(people)]

    def tie_values(values: Any) -> list[float]:
        return [values[pair] if pair in values else values[pair[::-1]] for pair in pairs]

    def tie_flags(chosen: Any) -> list[bool]:
        there = {tuple(sorted(pair[:2])) for pair in chosen}
        return [pair in there for pair in pairs]

    def between(**options: Any) -> list[float]:
        return people_values(nx.betweenness_centrality(graph, normalized=False, **options))

    def cuts() -> list[bool]:
        points = set(nx.articulation_points(graph))
        return [place in points for place in range(people)]

    everybody = list(range(people))
    return {
        "betweenness": between,
        "betweenness, 1/strength": lambda: between(weight="length"),
        SAMPLED: lambda: between(k=samples(people), seed=0),
        "edge betweenness": lambda: tie_values(
            nx.edge_betweenness_centrality(graph, normalized=False)
        ),
        "closeness": lambda: people_values(nx.closeness_centrality(graph, wf_improved=False)),
        "harmonic closeness": lambda: people_values(nx.harmonic_centrality(graph)),
        "eigenvector": lambda: people_values(
            nx.eigenvector_centrality(graph, max_iter=5000, tol=1e-10, weight="weight")
        ),
        "PageRank": lambda: people_values(nx.pagerank(graph, tol=1e-12)),
        "Katz": lambda: people_values(nx.katz_centrality(graph, alpha=0.005, normalized=False)),
        "coreness": lambda: people_values(nx.core_number(graph)),
        "constraint": lambda: people_values(nx.constraint(graph, weight="weight")),
        "effective size": lambda: people_values(
            nx.effective_size(graph, nodes=everybody, weight="weight")
        ),
        "bridges": lambda: tie_flags(nx.bridges(graph)),
        "articulation points": cuts,
        "local bridges": lambda: tie_flags(nx.local_bridges(graph, with_span=False)),
        "clustering": lambda: people_values(nx.clustering(graph)),
        "assortativity": lambda: [nx.attribute_assortativity_coefficient(graph, "team")],
    }


def with_networkit(data: Any, people: int) -> Tasks:
    import networkit as nk

    nk.setNumberOfThreads(1)
    first, second, strength, _ = data

    def graph_of(values: np.ndarray, *, weighted: bool) -> Any:
        graph = nk.GraphFromCoo((values, (first, second)), n=people, weighted=weighted)
        graph.indexEdges()
        return graph

    plain = graph_of(np.ones(len(first)), weighted=False)
    strong, long = graph_of(strength, weighted=True), graph_of(1 / strength, weighted=True)

    def ran(algorithm: Any, half: bool = False) -> np.ndarray:
        scores = np.array(algorithm.run().scores())
        return scores / 2 if half else scores

    def eigen() -> np.ndarray:
        scores = ran(nk.centrality.EigenvectorCentrality(strong, tol=1e-10))
        return scores / scores.max()

    def leiden() -> list[float]:
        nk.setSeed(0, False)
        found = nk.community.ParallelLeiden(strong, 5, True).run().getPartition()
        return [nk.community.Modularity().getQuality(found, strong)]

    def closeness() -> np.ndarray:
        variant = nk.centrality.ClosenessVariant.GENERALIZED
        return ran(nk.centrality.Closeness(plain, True, variant))

    centrality = nk.centrality
    return {
        "betweenness": lambda: ran(centrality.Betweenness(plain), half=True),
        "betweenness, 1/strength": lambda: ran(centrality.Betweenness(long), half=True),
        SAMPLED: lambda: ran(centrality.EstimateBetweenness(plain, samples(people)), half=True),
        "closeness": closeness,
        "harmonic closeness": lambda: ran(centrality.HarmonicCloseness(plain, False)),
        "eigenvector": eigen,
        "PageRank": lambda: ran(centrality.PageRank(strong, 0.85, 1e-12)),
        "coreness": lambda: ran(centrality.CoreDecomposition(plain)),
        "clustering": lambda: ran(centrality.LocalClusteringCoefficient(plain)),
        "Leiden": leiden,
    }


def with_easygraph(data: Any, people: int) -> Tasks:
    _stand_in_for_torch()
    import easygraph as eg

    first, second, strength, _ = data
    graph = eg.Graph()
    graph.add_nodes(list(range(people)))
    held = [{"weight": value} for value in strength.tolist()]
    graph.add_edges(list(zip(first.tolist(), second.tolist(), strict=True)), held)
    compiled = graph.cpp()
    del graph, held

    def ordered(values: Any) -> list[float]:
        if not isinstance(values, dict):  # arrays come in the order of the compiled graph
            values = dict(zip(compiled.nodes, np.asarray(values).tolist(), strict=True))
        return [values[place] for place in range(people)]

    return {
        "betweenness": lambda: ordered(eg.betweenness_centrality(compiled, normalized=False)),
        "closeness": lambda: ordered(eg.closeness_centrality(compiled)),
        "eigenvector": lambda: ordered(eg.eigenvector_centrality(compiled)),
        "PageRank": lambda: ordered(eg.pagerank(compiled)),
        "coreness": lambda: np.asarray(eg.k_core(compiled))[-people:],
        "constraint": lambda: ordered(eg.constraint(compiled, weight="weight")),
        "effective size": lambda: ordered(eg.effective_size(compiled, weight="weight")),
        "hierarchy": lambda: ordered(eg.hierarchy(compiled, weight="weight")),
        "clustering": lambda: ordered(eg.clustering(compiled)),
    }


def _stand_in_for_torch() -> None:
    """EasyGraph imports torch without requiring it; nothing that is measured here uses it."""
    if importlib.util.find_spec("torch"):
        return
    import types

    class Finder:
        def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
            if name.partition(".")[0] == "torch":
                return importlib.machinery.ModuleSpec(name, self, is_package=True)
            return None

        def create_module(self, spec: Any) -> Any:
            module: Any = types.ModuleType(spec.name)

            def anything(name: str) -> Any:
                if name.startswith("__"):
                    raise AttributeError(name)
                calls = {
                    "__init__": lambda self, *_, **__: None,
                    "__call__": lambda self, *given, **_: given[0] if given else None,
                }
                return type(name, (), calls)

            module.__getattr__ = anything
            return module

        def exec_module(self, module: Any) -> None:
            pass

    sys.meta_path.insert(0, Finder())


BUILD = {
    "netanalytics": with_netanalytics,
    "igraph": with_igraph,
    "networkx": with_networkx,
    "networkit": with_networkit,
    "easygraph": with_easygraph,
}
