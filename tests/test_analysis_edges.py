"""Networks at the edges: what each measure says where there is little or nothing to measure."""

from __future__ import annotations

import math
from itertools import combinations

import networkx as nx
import numpy as np
import pandas as pd
import pytest
import scipy.sparse

from netanalytics import kernels
from netanalytics.analysis import (
    bridges,
    brokerage,
    centrality,
    cohesion,
    communities,
    diversity,
    measure,
    measure_ties,
)
from netanalytics.analysis.diversity.groups import group_codes
from netanalytics.analysis.opportunity import against_opportunity
from netanalytics.errors import EmptyLogError, UnknownNameError
from netanalytics.network import Network
from netanalytics.report.build import build_report

from .strategies import hostile, network

NETWORKS = hostile()


@pytest.mark.parametrize("name", NETWORKS)
def test_everything_can_be_asked_of_any_network(name: str) -> None:
    net = NETWORKS[name]
    for options in ({}, {"weighted": True}, {"directed": True, "weighted": True}):
        assert len(measure(net, by="team", **options)) == len(net.people)
    assert len(measure_ties(net)) == len(net.ties)


@pytest.mark.parametrize("name", ["one person", "no ties"])
def test_nobody_in_contact(name: str) -> None:
    net = NETWORKS[name]
    table = measure(net, by="team")
    undefined = ["constraint", "effective_size", "tie_entropy", "ei_index_team", "entropy_team"]
    assert table[[*undefined, "community"]].isna().all(axis=None)
    assert (table[["degree", "betweenness", "harmonic_closeness", "coreness"]] == 0).all(axis=None)
    assert table["pagerank"].eq(1 / len(net.people)).all()
    assert not table["is_articulation_point"].any()
    assert math.isnan(communities.modularity(net, "team"))
    normal = centrality.harmonic_closeness(net, normalized=True)
    assert normal.isna().all() if name == "one person" else normal.eq(0).all()


def test_one_tie() -> None:
    net = NETWORKS["one tie"]
    table = measure(net)
    assert table["constraint"].eq(1).all()
    assert table["effective_size"].eq(1).all()
    assert table["tie_entropy"].eq(0).all()
    assert table["community"].eq(0).all()
    ties = measure_ties(net).iloc[0]
    assert ties["is_bridge"] and ties["is_local_bridge"] and math.isinf(ties["span"])


def test_a_star() -> None:
    net = NETWORKS["star"]
    table = measure(net)
    hub, leaf = table.loc["p0"], table.loc["p1"]
    assert hub["betweenness"] == 10
    assert hub["constraint"] == pytest.approx(0.2)
    assert hub["effective_size"] == 5
    assert hub["tie_entropy"] == pytest.approx(1.0)
    assert hub["is_articulation_point"] and not leaf["is_articulation_point"]
    assert (leaf["constraint"], leaf["effective_size"], leaf["coreness"]) == (1, 1, 1)
    assert measure_ties(net)["is_bridge"].all()


def test_pieces_stay_apart() -> None:
    net = NETWORKS["two pieces and an isolate"]
    table = measure(net)
    assert table["harmonic_closeness"].to_dict() == {
        "p0": 1.0, "p1": 1.0, "p2": 1.5, "p3": 2.0, "p4": 1.5, "p5": 0.0
    }  # fmt: skip
    assert table["community"].tolist()[:5] == [1, 1, 0, 0, 0]  # the largest is number 0
    assert table["community"].isna().tolist() == [False] * 5 + [True]
    assert table["community"].dtype == "Int64"


def test_a_tie_decayed_to_nothing_is_still_a_tie() -> None:
    net = NETWORKS["decayed to nothing"]
    table = measure(net, weighted=True)
    assert np.isfinite(table.loc["a", ["constraint", "harmonic_closeness", "betweenness"]]).all()
    assert table.loc["a", "degree"] == 2
    for model in ("whole", "ego"):
        found = brokerage.effective_size(net, model=model)
        assert found["a"] == pytest.approx(1.0)  # nearly all goes to c, who is b's closest
        assert found["c"] == pytest.approx(2.0)  # nearly all goes to b, who is nothing to a


def test_rows_and_loops_and_directions_make_one_tie() -> None:
    rows = pd.DataFrame(
        [("a", "b", 1.0), ("b", "a", 2.0), ("a", "a", 5.0), ("b", "c", 1.0), ("b", "c", 1.0)],
        columns=["source", "target", "strength"],
    )
    net = Network.from_ties(rows, directed=True)
    assert centrality.degree(net).to_dict() == {"a": 1, "b": 2, "c": 1}
    assert centrality.degree(net, directed=True).to_dict() == {"a": 2, "b": 3, "c": 1}
    assert centrality.degree(net, directed=True, mode="in").to_dict() == {"a": 1, "b": 1, "c": 1}
    assert centrality.total_strength(net).to_dict() == {"a": 3.0, "b": 5.0, "c": 2.0}
    found = centrality.total_strength(net, directed=True, mode="out")
    assert found.to_dict() == {"a": 1.0, "b": 4.0, "c": 0.0}


def test_contact_without_direction_counts_both_ways() -> None:
    net = network(3)
    for mode in ("in", "out"):
        found = centrality.degree(net, directed=True, mode=mode)
        pd.testing.assert_series_equal(found, centrality.degree(net))
    found = centrality.harmonic_closeness(net, directed=True, mode="in")
    pd.testing.assert_series_equal(found, centrality.harmonic_closeness(net))
    found = diversity.ei_index(net, by="team", directed=True)
    pd.testing.assert_series_equal(found, diversity.ei_index(net, by="team"))


def test_closeness_without_regard_to_direction() -> None:
    net = network(3, directed=True)
    found = centrality.harmonic_closeness(net, directed=True, mode="all", weighted=True)
    pd.testing.assert_series_equal(found, centrality.harmonic_closeness(net, weighted=True))


def test_people_without_a_group() -> None:
    ties = pd.DataFrame(
        [("a", "b", 1.0), ("a", "c", 3.0), ("a", "d", 4.0), ("d", "e", 1.0)],
        columns=["source", "target", "strength"],
    )
    people = pd.DataFrame({"person": list("abcde"), "team": ["x", "x", "y", None, " "]})
    net = Network.from_ties(ties, people)
    index = diversity.ei_index(net, by="team")
    assert index[["a", "b", "c"]].tolist() == [0.0, -1.0, 1.0]  # the tie to d does not count
    assert index[["d", "e"]].isna().all()
    assert diversity.ei_index(net, by="team", weighted=True)["a"] == pytest.approx(0.5)
    mixed = diversity.entropy(net, by="team")
    assert mixed["a"] == pytest.approx(math.log(2))
    assert mixed["d"] == 0.0  # only a is known; d's own group does not matter
    assert math.isnan(mixed["e"])
    expected = -(0.25 * math.log(0.25) + 0.75 * math.log(0.75))
    assert diversity.entropy(net, by="team", weighted=True)["a"] == pytest.approx(expected)


def test_numbers_and_flags_are_groups_as_well() -> None:
    people = pd.DataFrame({"person": ["p00", "p01"], "level": [1.0, None], "lead": [True, False]})
    net = Network.from_ties(network(1).ties.reset_index(), people)
    assert diversity.entropy(net, by="level").name == "entropy_level"
    assert diversity.ei_index(net, by="lead").notna().sum() <= 2


@pytest.mark.parametrize(
    "values",
    [
        [1, 1, 2, 2, None],
        pd.array([1, 1, 2, 2, None], dtype="Int64"),
        [1, "1", "2", 2, None],
        ["1", "1", "2 ", "2", " "],
    ],
)
def test_density_between_groups_of_any_kind_is_that_of_their_names(values) -> None:
    ties = pd.DataFrame({"source": list("aabcd"), "target": list("bccde")})
    net = Network.from_ties(ties)
    found = cohesion.group_density(net, pd.Series(values, index=list("abcde")))
    assert found[["source", "target", "ties", "pairs", "people"]].values.tolist() == [
        ["1", "1", 1, 1, 2],
        ["1", "2", 2, 4, 3],
        ["2", "2", 1, 1, 2],
    ]


def test_density_between_communities_and_between_flags() -> None:
    net = cliques()
    found = cohesion.group_density(net, communities.community(net))
    assert found["ties"].sum() == len(net.ties)
    flags = net.per_person(np.arange(len(net.people)) % 2 == 0, "even")
    assert cohesion.group_density(net, flags)["ties"].sum() == len(net.ties)


def test_a_group_column_that_nobody_has_a_value_in() -> None:
    ties = pd.DataFrame({"source": list("aabcd"), "target": list("bccde")})
    people = pd.DataFrame({"person": list("abcde"), "team": [None] * 5})
    net = Network.from_ties(ties, people)
    assert brokerage.gould_fernandez(net, by="team").isna().all(axis=None)
    empty = cohesion.group_density(net, net.groups("team"))
    assert len(empty) == 0
    assert empty["per_100"].dtype == float
    with pytest.raises(EmptyLogError, match="nobody has a value in the people column 'team'"):
        net.between_groups("team")
    for options in ({}, {"names": True}, {"person": "a"}):
        assert build_report(net, by="team", **options).html
    with pytest.raises(UnknownNameError):
        net.between_groups("site")


def test_who_is_missing_from_a_core_is_in_neither_part() -> None:
    ties = pd.DataFrame({"source": list("aabccb"), "target": list("bccdef")})
    net = Network.from_ties(ties)
    core = {"a": True, "b": True, "c": True, "d": False, "e": False, "f": False}
    assert cohesion.core_periphery_fit(net, pd.Series(core)) == 1.0
    for gone in ("a", "d", "f"):
        rest = {person: inside for person, inside in core.items() if person != gone}
        expected = cohesion.core_periphery_fit(net.without(gone), pd.Series(rest))
        assert cohesion.core_periphery_fit(net, pd.Series(rest)) == expected == 1.0
        marked = pd.Series(core, dtype="boolean")
        marked[gone] = pd.NA
        assert cohesion.core_periphery_fit(net, marked) == expected
    mixed = pd.Series({"a": True, "d": True, "b": False, "c": False, "e": False})
    alone = cohesion.core_periphery_fit(net.among(list("abcde")), mixed)
    assert cohesion.core_periphery_fit(net, mixed) == alone < 1
    assert math.isnan(cohesion.core_periphery_fit(net, pd.Series(dtype="boolean")))


def test_combinations_that_would_be_called_the_same_are_told_apart() -> None:
    ties = pd.DataFrame({"source": list("aab"), "target": list("bcd")})
    people = pd.DataFrame(
        {
            "person": list("abcde"),
            "unit": ["R&D / Labs", "R&D", "Sales", "R&D", "Sales"],
            "site": ["Oslo", "Labs / Oslo", "Bergen", "Labs / Oslo", None],
        }
    )
    net = Network.from_ties(ties, people)
    codes, groups = group_codes(net, ["unit", "site"])
    assert groups == ['"R&D / Labs" / Oslo', 'R&D / "Labs / Oslo"', "Sales / Bergen"]
    assert codes.tolist() == [0, 1, 2, 1, -1]
    entropy = diversity.entropy(net, by=["unit", "site"])
    assert entropy["a"] == pytest.approx(math.log(2))
    index = diversity.ei_index(net, by=["unit", "site"])
    assert index.loc[["a", "b", "d"]].tolist() == [1.0, 0.0, -1.0]
    labels = against_opportunity(net, by=["unit", "site"], statistic="coleman", permutations=9)
    assert labels.index.tolist() == groups
    plain = Network.from_ties(ties, people.assign(site=["N / S"] * 4 + [None]))
    assert group_codes(plain, ["unit", "site"])[1][0] == "R&D / Labs / N / S"


def test_tie_entropy_without_strengths_is_even() -> None:
    found = diversity.tie_entropy(network(2), weighted=False)
    assert set(found.dropna().round(12)) <= {0.0, 1.0}


# ---- communities ---------------------------------------------------------------------------------


def cliques() -> Network:
    """Three circles of five, six and four people, each tied to the next by one person."""
    rows = []
    for name, size in (("a", 5), ("b", 6), ("c", 4)):
        rows += [(f"{name}{i}", f"{name}{j}") for i, j in combinations(range(size), 2)]
    rows += [("a0", "b0"), ("b1", "c0")]
    people = pd.DataFrame({"person": ["b9"]})
    return Network.from_ties(pd.DataFrame(rows, columns=["source", "target"]), people)


def test_communities_are_numbered_by_size() -> None:
    found = communities.community(cliques())
    assert found.groupby(found.index.str[0]).first().to_dict() == {"a": 1, "b": 0, "c": 2}
    assert pd.isna(found["b9"])


def test_one_seed_gives_one_answer_whatever_was_drawn_before() -> None:
    net = network(5, 30, 60)
    first = communities.community(net, seed=3)
    communities.community(net, seed=4)
    pd.testing.assert_series_equal(communities.community(net, seed=3), first)


def test_resolution_makes_communities_smaller() -> None:
    net = network(5, 30, 60)
    few, many = (communities.community(net, resolution=r).nunique() for r in (0.2, 4.0))
    assert few < many


def test_modularity_of_a_column_and_of_a_series_are_the_same() -> None:
    net = network(1)
    found = communities.modularity(net, "team", weighted=False)
    assert communities.modularity(net, net.groups("team"), weighted=False) == found
    everyone = pd.Series("all", index=net.people.index)
    assert communities.modularity(net, everyone) == pytest.approx(0.0)


# ---- kernels -------------------------------------------------------------------------------------


def test_every_tie_is_given_the_contacts_that_both_ends_have() -> None:
    net = network(3, 15, 50)
    graph, circle = net.to_networkx(), kernels.circle_of(net)
    expected = [len(set(nx.common_neighbors(graph, a, b))) for a, b in net.ties.index]
    assert circle.shared()[circle.upper()].tolist() == expected
    assert circle.shared()[circle.twin[circle.upper()]].tolist() == expected


def test_what_measures_share_cannot_be_written_to() -> None:
    net = network(3, 15, 50)
    circle = kernels.circle_of(net)
    assert kernels.circle_of(net) is circle
    assert kernels.circle_of(network(3, 15, 50)) is not circle
    shared = (circle.starts, circle.contacts, circle.strength, circle.twin, *circle.upward)
    held = (*shared, net.matrix.data, net.matrix.indices, net.arc_matrix.data)
    assert not any(array.flags.writeable for array in held)
    before = net.adjacency().toarray()
    net.adjacency().data[:] = 7.0
    np.testing.assert_array_equal(net.adjacency().toarray(), before)


def test_spans_of_long_rings() -> None:
    for size in range(3, 12):
        ring = [(f"{place:02}", f"{(place + 1) % size:02}") for place in range(size)]
        net = Network.from_ties(pd.DataFrame(ring, columns=["source", "target"]))
        assert set(bridges.span(net)) == {size - 1}


def test_spans_on_a_network_of_some_size() -> None:
    net = network(6, 150, 260)
    graph = net.to_networkx()
    found = bridges.span(net)
    expected = {tuple(sorted(ends)): far for *ends, far in nx.local_bridges(graph)}
    assert found[found > 2].to_dict() == expected


def test_a_detour_around_a_bridge_and_in_a_triangle() -> None:
    for pairs, expected in (("ab bc", math.inf), ("ab ac bc", 2.0)):
        ties = pd.DataFrame([tuple(pair) for pair in pairs.split()], columns=["source", "target"])
        circle = kernels.Circle.of(Network.from_ties(ties).adjacency())
        assert (circle.detours(*Network.from_ties(ties).ends) == expected).all()


def test_ties_searched_together_span_what_each_spans_alone() -> None:
    from netanalytics.kernels.paths import detours
    from netanalytics.kernels.spans import near_spans, owners

    rng = np.random.default_rng(5)
    found = set()
    for size, count in ((40, 50), (60, 150), (300, 2_000), (3_000, 4_500), (4_000, 12_000)):
        ends = rng.integers(0, size, (count, 2))
        ends[: count // 3, 1] = np.minimum(ends[: count // 3, 0] + 1, size - 1)
        ends[: count // 10, 0] = 0  # somebody whom many know
        low, high = np.unique(np.sort(ends[ends[:, 0] != ends[:, 1]], axis=1), axis=0).T
        there = np.ones(2 * len(low)), (np.r_[low, high], np.r_[high, low])
        matrix = scipy.sparse.coo_array(there, shape=(size, size)).tocsr()
        matrix.sort_indices()
        circle = kernels.Circle.of(matrix)
        alone = detours(circle.starts, circle.contacts, low, high)
        np.testing.assert_array_equal(circle.detours(low, high), alone)
        own, end = owners(low, high, size)
        order = np.argsort(own, kind="stable")
        together = near_spans(circle.starts, circle.contacts, own[order], end[order])
        known = ~np.isnan(together)
        np.testing.assert_array_equal(together[known], alone[order][known])
        found |= set(together[known])
    assert found == {2, 3, 4, 5, 6}
