"""Values that others published or computed: every case is tested, or listed with the reason.

The cases lie beside the repository, in ``shared/oracles``; without them this file is skipped.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from netanalytics.analysis import bridges, brokerage, centrality, diversity
from netanalytics.network import Network

FOLDER = Path(__file__).parents[2] / "shared" / "oracles"
Case = dict[str, Any]
Check = Callable[[Case], None]


def _cases() -> dict[str, Case]:
    path = FOLDER / "metrics.json"
    if not path.exists():
        return {}
    return {case["id"]: case for case in json.loads(path.read_text(encoding="utf-8"))}


CASES = _cases()
GRAPHS = json.loads((FOLDER / "graphs.json").read_text(encoding="utf-8")) if CASES else {}
pytestmark = pytest.mark.skipif(not CASES, reason="shared/oracles is not beside the repository")


# ---- from a case to a network --------------------------------------------------------------------


def made(
    edges: Iterable[Iterable[Any]],
    nodes: Iterable[Any] = (),
    *,
    directed: bool = False,
    groups: Mapping[str, Any] | None = None,
) -> Network:
    """A network of edges (source, target) or (source, target, strength)."""
    rows = [(str(a), str(b), *(rest or [1.0])) for a, b, *rest in edges]
    frame = pd.DataFrame(rows, columns=["source", "target", "strength"])
    people = pd.DataFrame({"person": [str(node) for node in nodes]})
    for name, values in (groups or {}).items():
        people[name] = list(values)
    return Network.from_ties(frame, people if len(people) else None, directed=directed)


def net_of(case: Case, *, binary: bool | None = None, extra: Iterable[Any] = ()) -> Network:
    """The network of a case; binary ones have a strength of 1 for each edge."""
    graph = case["graph"]
    if binary is None:
        binary = case["parameters"].get("weight") in ("binary", None) and (
            case["parameters"].get("length") is None
        )
    if graph.get("name") in GRAPHS:
        stored = GRAPHS[graph["name"]]
        weights = stored["weights"] if stored["weights"] and not binary else None
        edges = [
            (*ends, 1.0 if weights is None else weights[place])
            for place, ends in enumerate(stored["edges"])
        ]
        return made(
            [*edges, *extra], stored["nodes"], directed=stored["directed"], groups=stored["attrs"]
        )
    edges = [edge[:2] if binary else edge for edge in graph["edges"]]
    return made([*edges, *extra], graph.get("nodes", ()), directed=graph["directed"])


# ---- comparing -----------------------------------------------------------------------------------


def number(value: Any) -> float:
    return float("nan") if value == "NaN" else float("inf") if value == "inf" else float(value)


def compare(found: pd.Series, expected: Mapping[str, Any], tolerance: float) -> None:
    for key, value in expected.items():
        wanted, got = number(value), float(found[key])
        if math.isnan(wanted) or math.isinf(wanted):
            assert got == wanted or (math.isnan(got) and math.isnan(wanted)), key
        else:
            assert abs(got - wanted) <= tolerance, (key, got, wanted)


def in_order(found: pd.Series, expected: list[Any], tolerance: float) -> None:
    compare(found, dict(zip(found.index, expected, strict=True)), tolerance)


def by_person(measure: Callable[..., pd.Series], *keys: str, **options: Any) -> Check:
    """Check the expected values, or those under some keys, against one measure."""

    def check(case: Case) -> None:
        expected = case["expected"]
        for key in keys:
            expected = expected[key]
        compare(measure(net_of(case), **options), expected, case["tolerance"])

    return check


def strengths(measure: Callable[..., pd.Series], **options: Any) -> Check:
    """The same on the strengths of the graph, whatever the parameters say."""

    def check(case: Case) -> None:
        found = measure(net_of(case, binary=False), **options)
        compare(found, case["expected"], case["tolerance"])

    return check


# ---- checks of one case or a few -----------------------------------------------------------------


def holes_weighted(case: Case) -> None:
    net, expected, tolerance = net_of(case), case["expected"], case["tolerance"]
    compare(brokerage.constraint(net), expected["constraint"], tolerance["constraint"])
    compare(brokerage.effective_size(net), expected["effective_size"], tolerance["effective_size"])


def holes_directed(case: Case) -> None:
    for ending, binary in (("binary", True), ("w", False)):
        net = net_of(case, binary=binary)
        expected = case["expected"]
        compare(brokerage.constraint(net), expected[f"constraint_{ending}"], case["tolerance"])
        compare(brokerage.effective_size(net), expected[f"effsize_{ending}"], case["tolerance"])


def star(case: Case) -> None:
    net, expected = net_of(case), case["expected"]
    for model in ("whole", "ego"):
        constraint = brokerage.constraint(net, model=model)
        size = brokerage.effective_size(net, model=model)
        wanted = {"a": expected["a"], "b": expected["b_whole"]}
        compare(constraint, {key: row["constraint"] for key, row in wanted.items()}, 1e-9)
        compare(size, {key: row["effsize"] for key, row in wanted.items()}, 1e-9)
        assert math.isclose(math.log(constraint["a"]), expected["a"]["ln_constraint"])
        assert size["b"] == expected["b_ucinet_ego_default"]["effsize"]
    assert centrality.degree(net)["a"] == expected["a"]["degree"]


def triangle(case: Case) -> None:
    net = net_of(case)
    for model in ("whole", "ego"):
        expected = dict.fromkeys("abc", case["expected"]["constraint"])
        compare(brokerage.constraint(net, model=model), expected, case["tolerance"])
        expected = dict.fromkeys("abc", case["expected"]["effsize"])
        compare(brokerage.effective_size(net, model=model), expected, case["tolerance"])


def zero_weights(case: Case) -> None:
    net = net_of(case, binary=False)
    expected = case["expected"]["zero_weight_edge_is_no_contact"]
    compare(brokerage.constraint(net), expected, case["tolerance"])


def self_loop(case: Case) -> None:
    net = net_of(case, extra=[(*case["parameters"]["add"], 1.0)])
    expected = {"A": case["expected"]["A"]}
    compare(brokerage.constraint(net), expected, case["tolerance"])


def florentine(case: Case) -> None:
    net, expected = net_of(case), case["expected"]
    compare(brokerage.constraint(net), expected["constraint_igraph"], case["tolerance"])
    sizes = {key: value for key, value in expected["effective_size"].items() if key != "Pucci"}
    compare(brokerage.effective_size(net), sizes, case["tolerance"])
    assert math.isnan(brokerage.effective_size(net)["Pucci"])


def ego_model(case: Case) -> None:
    net = net_of(case)
    for measure, word in (
        (brokerage.constraint, "constraint"),
        (brokerage.effective_size, "effsize"),
    ):
        expected = {person: row[word] for person, row in case["expected"].items()}
        compare(measure(net, model="ego"), expected, case["tolerance"])


def pairs_where(flags: pd.Series) -> set[tuple[str, str]]:
    return {tuple(pair) for pair in flags.index[flags.to_numpy(dtype=bool)]}


def as_pairs(pairs: Iterable[Iterable[Any]]) -> set[tuple[str, ...]]:
    return {tuple(sorted(map(str, pair))) for pair in pairs}


def bridges_and_points(case: Case) -> None:
    net, expected = net_of(case), case["expected"]
    assert pairs_where(bridges.is_bridge(net)) == as_pairs(expected["bridges"])
    if "articulation_points" in expected:
        points = bridges.is_articulation_point(net)
        assert set(points.index[points]) == set(expected["articulation_points"])
        assert len(expected["bridges"]) == expected["n_bridges"]


def local_bridges(case: Case) -> None:
    net, expected = net_of(case), case["expected"]
    spans = {tuple(sorted(key.split("|"))): value for key, value in expected["span"].items()}
    local = bridges.is_local_bridge(net)
    assert int(local.sum()) == expected["n"]
    assert pairs_where(local) == set(spans)
    compare(bridges.span(net), spans, case["tolerance"])


def three_small_graphs(case: Case) -> None:
    ring = made([(0, 1), (1, 2), (2, 3), (3, 0)])
    assert set(bridges.span(ring)) == {case["expected"]["C4 every edge"]}
    assert not bridges.is_local_bridge(made(combinations("abc", 2))).any()
    barbell = made([*combinations(range(4), 2), *combinations(range(4, 8), 2), (3, 4)])
    assert bridges.span(barbell)["3", "4"] == number(case["expected"]["barbell(4,0) edge 3-4"])
    assert pairs_where(bridges.is_local_bridge(barbell)) == {("3", "4")}


def harmonic(case: Case) -> None:
    net, expected = net_of(case), case["expected"]
    directed = case["graph"]["directed"]
    for key, mode in (("in (others reach v)", "in"), ("out (v reaches others)", "out")):
        if key in expected:
            options = {"mode": mode, "directed": True} if directed else {}
            found = centrality.harmonic_closeness(net, **options)
            compare(found, expected[key], case["tolerance"])


def kite_published(case: Case) -> None:
    found, expected = centrality.betweenness(net_of(case)), case["expected"]
    tolerance = case["tolerance"]
    compare(found, expected["betweenness_unordered_pairs"], tolerance)
    compare(found * 2, expected["networkx_test_values_ordered_pairs"], tolerance)
    compare(found / (9 * 8 / 2), expected["betweenness_normalised"], tolerance)


def florentine_published(case: Case) -> None:
    found = centrality.betweenness(net_of(case)) / (14 * 13 / 2)
    compare(found, case["expected"]["betweenness"], case["tolerance"])


def path_of_seven(case: Case) -> None:
    edges, expected = case["graph"]["edges"], case["expected"]
    measure = partial(centrality.harmonic_closeness, normalized=True)
    in_order(measure(made(edges)), expected["unweighted"], case["tolerance"])
    found = measure(made(edges, directed=True), directed=True, mode="out")
    in_order(found, expected["directed_out"], case["tolerance"])
    lengths = [(a, b, 1 / (place + 1)) for place, (a, b) in enumerate(edges)]
    found = measure(made(lengths), weighted=True)
    in_order(found, expected["weights_1to6_as_distance"], case["tolerance"])


def strength_is_no_length(case: Case) -> None:
    net, expected = net_of(case, binary=False), case["expected"]
    tolerance = case["tolerance"]
    compare(centrality.betweenness(net), expected["unweighted"], tolerance)
    found = centrality.betweenness(net, weighted=True)
    compare(found, expected["weight_as_strength (length 1/w)"], tolerance)
    turned = made([(a, b, 1 / w) for (a, b), w in net.ties["strength"].items()])
    found = centrality.betweenness(turned, weighted=True)
    compare(found, expected["weight_used_as_length (networkx/igraph default)"], tolerance)


def degree_and_strength(case: Case) -> None:
    net = net_of(case, binary=False)
    in_order(centrality.degree(net), case["expected"]["degree"], 0)
    in_order(centrality.total_strength(net), case["expected"]["strength"], 1e-12)


def in_pieces(case: Case) -> None:
    found = centrality.harmonic_closeness(net_of(case), normalized=True)
    expected = case["expected"]
    wanted = {
        "Medici": expected["Medici"]["harmonic/(n-1)"],
        "Pucci": expected["Pucci"]["harmonic"],
    }
    compare(found, wanted, case["tolerance"])


def reach_of_five(case: Case) -> None:
    net = net_of(case, binary=True)
    for mode in ("out", "in"):
        found = centrality.harmonic_closeness(net, directed=True, mode=mode, normalized=True)
        compare(found, case["expected"][f"closeness_binary_{mode}"], case["tolerance"])


def network_ei(net: Network, by: str, *, directed: bool, weighted: bool = False) -> float:
    """The E-I index of all ties: the people's, weighted by what each rests on."""
    own = diversity.ei_index(net, by=by, directed=directed, weighted=weighted)
    measure = centrality.total_strength if weighted else centrality.degree
    weight = measure(net, directed=directed, mode="out" if directed else "all")
    return float((own * weight).sum() / weight[own.notna()].sum())


def ei_of_network(case: Case) -> None:
    directed = case["graph"]["directed"]
    found = network_ei(net_of(case), case["parameters"]["attribute"], directed=directed)
    assert abs(found - case["expected"]["E_I"]) <= case["tolerance"]


def ei_of_mixing(case: Case) -> None:
    matrix = case["graph"]["mixing_matrix"]
    edges = [
        (f"man {i}", f"woman {j}", count)
        for i, row in enumerate(matrix)
        for j, count in enumerate(row)
    ]
    nodes = [f"{who} {group}" for who in ("man", "woman") for group in range(4)]
    net = made(edges, nodes, groups={"group": [name[-1] for name in nodes]})
    found = network_ei(net, "group", directed=False, weighted=True)
    assert abs(found - case["expected"]["E_I"]) <= case["tolerance"]["default"]


def shannon(case: Case) -> None:
    for name, expected in case["expected"].items():
        counts = [int(count) for count in name.removeprefix("counts ").split("_")]
        kinds = np.repeat(np.arange(len(counts)), counts).tolist()
        nodes = ["ego", *(f"alter {place:02}" for place in range(len(kinds)))]
        net = made([("ego", alter) for alter in nodes[1:]], nodes, groups={"kind": ["e", *kinds]})
        found = diversity.entropy(net, by="kind")["ego"]
        assert abs(found - expected["shannon_nats"]) <= case["tolerance"], name


# ---- which case is tested by what ----------------------------------------------------------------

HOLES = (
    "SH01_borg7",
    "SH02_borg7_w",
    "SH03_d3",
    "SH04_d3_w",
    "SH15_karate",
    "SH16_karate_w",
    "SH17_kite",
    "SH18_flo16",
    "SH20_ht_advice",
)
GRAPH_NAMES = ("CE01_kite", "CE02_flo15", "CE03_karate", "CE04_ht_advice")
WEIGHTED = ("CE14_borg7", "CE15_karate", "CE16_tnet6")


def on_arcs(measure: Callable[..., pd.Series]) -> Check:
    """Check a measure that reads arcs where the case is directed."""
    return lambda case: by_person(measure, directed=case["graph"]["directed"])(case)


TESTED: dict[str, Check] = {
    **{f"{name}_constraint": by_person(brokerage.constraint) for name in HOLES},
    **{f"{name}_effsize": by_person(brokerage.effective_size) for name in HOLES},
    "SH05_pub_constraint": by_person(brokerage.constraint),
    "SH06_pub_effsize": by_person(brokerage.effective_size),
    "SH07_pub_w": holes_weighted,
    "SH08_pub_directed": holes_directed,
    "SH09_star_ego": star,
    "SH10_triangle": triangle,
    "SH11_hole9": by_person(brokerage.constraint),
    "SH12_k4": by_person(brokerage.constraint),
    "SH13_zero_weights": zero_weights,
    "SH14_selfloop": self_loop,
    "SH19_flo_influenceR": florentine,
    "SH21_borg7_egomodel": ego_model,
    "SH22_karate_egomodel": ego_model,
    "SH23_borg7_w_egomodel": ego_model,
    "BG01_br7": bridges_and_points,
    "BG02_kite": bridges_and_points,
    "BG03_flo15": bridges_and_points,
    "BG04_karate": bridges_and_points,
    "BG06_nx": bridges_and_points,
    "BG07_kite_local": local_bridges,
    "BG08_karate_local": local_bridges,
    "BG09_flo_local": local_bridges,
    "BG10_pub_local": three_small_graphs,
    "KP04_kp5_R": reach_of_five,
    **{f"{name}_betweenness": on_arcs(centrality.betweenness) for name in GRAPH_NAMES},
    **{f"{name}_harmonic": harmonic for name in GRAPH_NAMES},
    **{f"{name}_pagerank": on_arcs(centrality.pagerank) for name in GRAPH_NAMES},
    **{f"{name}_coreness": by_person(centrality.coreness) for name in GRAPH_NAMES},
    "CE05_kite_pub": kite_published,
    "CE06_flo_pub": florentine_published,
    "CE07_karate_coreness_pub": by_person(centrality.coreness),
    "CE08_path7_harmonic_pub": path_of_seven,
    "CE09_pagerank_pub": by_person(centrality.pagerank),
    **{f"{n}_betweenness_w": strengths(centrality.betweenness, weighted=True) for n in WEIGHTED},
    **{f"{n}_strength": strengths(centrality.total_strength) for n in WEIGHTED},
    **{
        f"{n}_harmonic_w": strengths(centrality.harmonic_closeness, weighted=True) for n in WEIGHTED
    },
    **{f"{n}_pagerank_w": strengths(centrality.pagerank) for n in WEIGHTED},
    "CE17_weight_direction_trap": strength_is_no_length,
    "CE18_tnet_alpha": degree_and_strength,
    "CE20_closeness_disconnected": in_pieces,
    "HO03_catania": ei_of_mixing,
    "HO04_karate_club": ei_of_network,
    "HO05_ht_advice_dept": ei_of_network,
    "HO06_ht_advice_level": ei_of_network,
    "DV01_vegan": shannon,
    **{
        f"{name}": strengths(diversity.tie_entropy)
        for name in ("DV02_div4_pub", "DV03_tree10_pub", "DV04_borg7", "DV05_karate")
    },
}

PARTLY = {
    "SH09_star_ego": "hierarchy and the rest are not built; UCINET's NaN for a pendant is 1 here",
    "SH10_triangle": "efficiency, hierarchy and indirect constraint are not built",
    "SH19_flo_influenceR": "effective size of an isolate is 0 there, NaN here",
    "SH21_borg7_egomodel": "efficiency, hierarchy and indirect constraint are not built",
    "SH22_karate_egomodel": "efficiency, hierarchy and indirect constraint are not built",
    "SH23_borg7_w_egomodel": "efficiency, hierarchy and indirect constraint are not built",
    "KP04_kp5_R": "key people are not built; its closeness is our harmonic closeness",
    "CE05_kite_pub": "closeness is not built",
    "CE06_flo_pub": "closeness is not built",
    "CE18_tnet_alpha": "Opsahl's alpha is not a word of this project",
    "CE20_closeness_disconnected": "closeness is not built",
    "HO03_catania": "assortativity is not built",
    "HO04_karate_club": "assortativity and mixing are not built",
    "HO05_ht_advice_dept": "assortativity, mixing and Coleman's index are not built",
    "HO06_ht_advice_level": "assortativity, mixing and Coleman's index are not built",
    "DV01_vegan": "blau and iqv are not built",
}


def listed(reason: str, *ids: str) -> dict[str, str]:
    return dict.fromkeys(ids, reason)


LISTED: dict[str, str] = {
    **listed("not built yet: efficiency", *(f"{name}_efficiency" for name in HOLES)),
    **listed("not built yet: hierarchy", *(f"{name}_hierarchy" for name in HOLES)),
    **listed("not built yet: indirect_constraint", *(f"{name}_indirect" for name in HOLES)),
    **listed(
        "not built yet: gould_fernandez",
        "BR01_path_roles",
        "BR02_undirected",
        "BR03_ht_advice_dept_raw",
        "BR03_ht_advice_dept_global",
        "BR03_ht_advice_dept_expected",
        "BR04_ht_reports_dept_raw",
        "BR04_ht_reports_dept_global",
        "BR05_ht_advice_level_raw",
        "BR05_ht_advice_level_global",
        "BR05_ht_advice_level_expected",
        "BR06_exact_1122",
        "BR07_loops",
    ),
    **listed(
        "other convention: parallel contacts are one tie, which can be a bridge", "BG05_multi"
    ),
    **listed(
        "not built yet: edge_betweenness",
        "BG11_kite_ebw",
        "BG12_karate_ebw",
        "BG13_karate_ebw_invw",
    ),
    **listed("not built yet: bridging_coefficient", "BG14_kite_hwang", "BG15_br7_hwang"),
    **listed("not built: Valente's bridging is not a word of this project", "BG16_flo_valente"),
    **listed(
        "not built yet: key_people",
        *(
            f"{name}_{part}"
            for name in ("KP01_kite", "KP02_flo15", "KP03_hole9")
            for part in ("single", "optimal", "pos")
        ),
    ),
    **listed(
        "not built yet: eigenvector",
        "CE01_kite_eigenvector",
        "CE02_flo15_eigenvector",
        "CE03_karate_eigenvector",
        "CE10_eigen_directed_pub",
    ),
    **listed(
        "not built yet: closeness",
        "CE01_kite_closeness",
        "CE02_flo15_closeness",
        "CE03_karate_closeness",
        "CE19_tnet_closeness",
    ),
    **listed("not built yet: katz", "CE11_katz_pub", "CE12_kite_katz", "CE13_flo15_katz"),
    **listed("not built yet: Coleman's index", "HO01_coleman1958", "HO02_ring6"),
    **listed(
        "not built yet: assortativity",
        "HO07_ht_advice_age",
        "HO08_ht_advice_tenure",
        "HO09_karate_degree_pub",
    ),
    **listed("not built yet: reciprocity", "RC01_small", "RC02_ht_advice", "RC03_ht_reports"),
    **listed("not built yet: is_simmelian", "EM01_ht_advice"),
    **listed("not built yet: embeddedness and overlap", "EM02_kite", "EM03_karate"),
    **listed(
        "not built yet: a decay model with BG/NBD beside it",
        "DC01_bgnbd_mle_pub",
        "DC02_palive",
        "DC03_bgnbd_expect_pub",
    ),
    **listed("not built: burstiness is no measure here", "DC04_burst_teneto", "DC05_burst_limits"),
    **listed("strength of ties, made from a log, is no measure", "DC06_halflife", "DC07_halflife"),
    **listed("not built yet: survival of ties", "DC08_km_pub"),
}


@pytest.mark.parametrize("name", TESTED)
def test_case(name: str) -> None:
    TESTED[name](CASES[name])


def test_every_case_is_tested_or_listed_and_none_is_both() -> None:
    assert set(CASES) == set(TESTED) | set(LISTED)
    assert not set(TESTED) & set(LISTED)
    assert set(PARTLY) <= set(TESTED)


def test_enough_cases_are_tested() -> None:
    assert len(TESTED) >= 70
    assert len(set(TESTED) - set(PARTLY)) >= 70
