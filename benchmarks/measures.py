"""Each measure side by side with its peers, in one run: time, memory and agreement of values.

    python benchmarks/measures.py --people 1000 10000 100000 --out docs/performance.md

Networks are random with circles, ten times as many ties as people, strengths lognormal. Every tool
gets a process of its own that builds its graph once and forks for each measure: CPU seconds of the
measure alone, after compilation, and the most memory above the graph. A measure is stopped after
ten minutes. Tools that are not installed are left out. All run on one thread, so that CPU time is
compared with CPU time.
"""

from __future__ import annotations

import argparse
import importlib.machinery
import importlib.util
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

warnings.simplefilter("ignore")
TOOLS = ("netanalytics", "igraph", "networkx", "networkit", "easygraph")
STOP = 600
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
Tasks = dict[str, Callable[[], Any]]
PAIRS_UP_TO = 10_000
"""Measures that look at all pairs of people are asked up to this size, sampled ones beyond."""


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
        return net

    def tasks(net: Network) -> Tasks:
        def role_counts() -> Any:
            return brokerage.gould_fernandez(net, by="team")["total"]

        return {
            "betweenness": lambda: centrality.betweenness(net),
            "betweenness, 1/strength": lambda: centrality.betweenness(net, weighted=True),
            "betweenness, 256 samples": lambda: centrality.betweenness(net, samples=256),
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

    sources = random.Random(0).sample(range(people), min(256, people))
    return {
        "betweenness": graph.betweenness,
        "betweenness, 1/strength": lambda: graph.betweenness(weights=lengths),
        "betweenness, 256 samples": lambda: (
            np.array(graph.betweenness(sources=sources)) * people / len(sources)
        ),
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
        "betweenness, 256 samples": lambda: between(k=min(256, people), seed=0),
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
        "betweenness, 256 samples": lambda: ran(
            centrality.EstimateBetweenness(plain, min(256, people)), half=True
        ),
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

ALL_PAIRS = {
    "betweenness",
    "betweenness, 1/strength",
    "edge betweenness",
    "closeness",
    "harmonic closeness",
}


# ---- running -------------------------------------------------------------------------------------


def child(tool: str, people: int, *, folder: Path, only: list[str], stop: int) -> None:
    """Build the graph of one tool, then fork for each measure and print a line of JSON."""
    tasks = BUILD[tool](made(people), people)
    for name, task in tasks.items():
        if only and name not in only:
            continue
        if name in ALL_PAIRS and people > PAIRS_UP_TO:
            continue
        if name.endswith("samples") and people <= PAIRS_UP_TO:
            continue
        _, status, used = measured(task, folder / f"{tool} {name.replace('/', '_')}.npy", stop)
        print(
            json.dumps({"tool": tool, "people": people, "measure": name, **used, "ok": not status})
        )
        sys.stdout.flush()


def measured(task: Callable[[], Any], file: Path, stop: int) -> tuple[int, int, dict[str, float]]:
    """Run a task in a fork; the parent reads its CPU time and memory."""
    read, write = os.pipe()
    process = os.fork()
    if process == 0:
        code = 1
        try:
            resource.setrlimit(resource.RLIMIT_CPU, (stop, stop + 5))
            Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")  # resets the mark
            before, base = time.process_time(), _megabytes()
            values = task()
            cpu, megabytes = time.process_time() - before, _megabytes() - base
            if cpu < 0.05:  # too short for the clock: the mean of twenty more
                before = time.process_time()
                for _ in range(20):
                    task()
                cpu = (time.process_time() - before) / 20
            used = {"cpu": cpu, "megabytes": megabytes}
            os.write(write, json.dumps(used).encode())
            np.save(file, np.asarray(values, dtype=float))
            code = 0
        finally:
            os._exit(code)
    os.close(write)
    with os.fdopen(read) as answer:
        text = answer.read()
    _, status = os.waitpid(process, 0)
    return process, status, json.loads(text) if text else {"cpu": float(stop), "megabytes": 0.0}


def _megabytes() -> float:
    """The most memory that this process has used since the mark was last reset."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def run(
    people: int, folder: Path, *, only: list[str], tools: list[str], stop: int
) -> list[dict[str, Any]]:
    rows = []
    for tool in tools:
        command = [sys.executable, __file__, "--child", tool, "--people", str(people)]
        command += [
            "--folder",
            str(folder),
            "--stop",
            str(stop),
            *(["--only", *only] if only else []),
        ]
        done = subprocess.run(
            command,
            env=os.environ | dict.fromkeys(THREADS, "1"),
            capture_output=True,
            text=True,
            check=False,
        )
        lines = [line for line in done.stdout.splitlines() if line.startswith('{"tool"')]
        rows += [json.loads(line) for line in lines]
        if done.returncode:
            print(f"{tool} stopped at {people:,}: {done.stderr.strip()[-300:]}", file=sys.stderr)
    for row in rows:
        row["apart"] = apart(folder, row)
    return rows


def apart(folder: Path, row: dict[str, Any]) -> float | None:
    """The largest difference from our values, relative to the largest of ours."""
    name = row["measure"].replace("/", "_")
    ours, theirs = folder / f"netanalytics {name}.npy", folder / f"{row['tool']} {name}.npy"
    if row["tool"] == "netanalytics" or not (ours.exists() and theirs.exists()):
        return None
    if not row["ok"]:
        return None
    one, other = np.load(ours), np.load(theirs)
    if one.shape != other.shape:
        return float("nan")
    known = np.isfinite(one) & np.isfinite(other)
    scale = np.abs(one[known]).max(initial=1e-300)
    return float(np.abs(one[known] - other[known]).max(initial=0.0) / scale)


# ---- the table -----------------------------------------------------------------------------------

HEAD = """# How fast the measures are

Made by `make bench` (`benchmarks/measures.py`); do not edit. CPU seconds of the measure alone, on
one thread, after compilation, each tool on the graph it had built before; in brackets by how many
MB the process grew beyond its graph and what building that had freed. A figure with ≠ gives values
that differ from ours by more than 1e-6 of the largest (below the tables, why); {stop} s is where a
measure is stopped. The networks have circles, ten times as many ties as people, and lognormal
strengths. Ratios below a millisecond are the cost of making a table.

{versions}
"""

WHY = """
## Where values differ

- networkx: `eigenvector_centrality` is scaled to a norm of 1, not to a largest value of 1. Sampled
  betweenness rests on other samples.
- NetworKit: betweenness counts each unordered pair twice (halved here); closeness, clustering and
  the sampled estimate have no value for people with too few contacts or other samples.
- EasyGraph: the compiled graph is in another order than the people, and several of its measures
  ignore strengths, have another scale, or give a pendant no value. `import easygraph` needs torch
  without requiring it; a stand-in is used, as no measure here calls it.
- Leiden is compared by the modularity it reaches: a positive difference may be ours or theirs.
- effective size in networkx is asked with `nodes=`: without it, strengths are left out.
"""


def table(rows: list[dict[str, Any]], people: int, tools: list[str]) -> str:
    mine = [row for row in rows if row["people"] == people]
    found = {(row["measure"], row["tool"]): row for row in mine}
    names = list(dict.fromkeys(row["measure"] for row in mine))
    lines = [f"## {people:,} people, {people * 10:,} ties", ""]
    lines += ["| measure | " + " | ".join(tools) + " | ours / igraph |"]
    lines += ["| --- |" + " --- |" * (len(tools) + 1)]
    for name in names:
        cells = [_cell(found.get((name, tool))) for tool in tools]
        ours, theirs = found.get((name, tools[0])), found.get((name, "igraph"))
        ratio = f"{ours['cpu'] / max(theirs['cpu'], 1e-6):.2f}" if ours and theirs else ""
        lines.append(f"| {name} | " + " | ".join(cells) + f" | {ratio} |")
    whole = sum(row["cpu"] for row in mine if row["tool"] == tools[0])
    most = max((row["megabytes"] for row in mine if row["tool"] == tools[0]), default=0.0)
    lines += ["", f"All of ours together: {whole:.1f} s of CPU, at most {most:,.0f} MB on top."]
    return "\n".join(lines)


def _cell(row: dict[str, Any] | None) -> str:
    if row is None:
        return ""
    if not row["ok"]:
        return f"stopped at {row['cpu']:.0f} s"
    differs = row["apart"] is not None and not row["apart"] <= 1e-6
    digits = f"{row['cpu']:.4f}" if row["cpu"] < 0.1 else f"{row['cpu']:.2f}"
    return f"{digits}{' ≠' if differs else ''} ({row['megabytes']:,.0f})"


def versions(tools: list[str]) -> str:
    from importlib.metadata import version

    names = {"easygraph": "python-easygraph"}
    there = [f"{tool} {version(names.get(tool, tool))}" for tool in tools[1:]]
    return (
        "Peers: " + ", ".join(there) + f"; numpy {np.__version__}, Python {sys.version.split()[0]}."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--only", nargs="+", default=[], help="names of measures")
    parser.add_argument("--tools", nargs="+", default=list(TOOLS), choices=TOOLS)
    parser.add_argument("--stop", type=int, default=STOP)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(
            options.child,
            options.people[0],
            folder=options.folder,
            only=options.only,
            stop=options.stop,
        )
        return
    tools = [tool for tool in options.tools if importlib.util.find_spec(tool)]
    parts, rows = [HEAD.format(stop=options.stop, versions=versions(tools))], []
    for people in options.people:
        with tempfile.TemporaryDirectory() as folder:
            rows += run(people, Path(folder), only=options.only, tools=tools, stop=options.stop)
        parts.append(table(rows, people, tools) + "\n")
        print(parts[-1])
        if options.out:
            options.out.write_text("\n".join([*parts, WHY.lstrip()]), encoding="utf-8")


if __name__ == "__main__":
    main()
