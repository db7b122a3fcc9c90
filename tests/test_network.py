"""The network: doors, positions, smaller networks, people."""

from __future__ import annotations

import pickle

import networkx as nx
import numpy as np
import pandas as pd
import pytest

import netanalytics as na
from netanalytics.errors import (
    EmptyLogError,
    OptionError,
    SchemaError,
    UndatedError,
    UnknownNameError,
    UnknownPersonError,
)
from netanalytics.identity.names import spoken
from netanalytics.network import Network

from .conftest import shared


@pytest.fixture
def ties():
    return pd.DataFrame(
        {"source": ["b", "a", "b", "c"], "target": ["a", "b", "c", "c"], "strength": [1, 2, 0.5, 9]}
    )


def test_ties_add_up_and_loops_make_none(ties):
    net = Network.from_ties(ties)
    assert net.ties["strength"].to_dict() == {("a", "b"): 3.0, ("b", "c"): 0.5}
    assert net.ties["n"].tolist() == [2, 1]
    assert list(net.people.index) == ["a", "b", "c"]


def test_direction_is_kept_in_arcs(ties):
    net = Network.from_ties(ties, directed=True)
    assert net.arcs["strength"].to_dict() == {("a", "b"): 2.0, ("b", "a"): 1.0, ("b", "c"): 0.5}
    assert net.ties.loc[("a", "b"), "strength"] == 3.0
    both_ways = Network.from_ties(ties).arcs["strength"].to_dict()
    assert both_ways[("a", "b")] == both_ways[("b", "a")] == 3.0


def test_a_meeting_counts_both_ways(office_net):
    arcs = office_net.arcs["n"]
    together = office_net.ties["n"] - office_net.ties["n_forward"] - office_net.ties["n_back"]
    assert arcs.sum() == office_net.ties["n"].sum() + together.sum()


def test_positions_are_ids(office_net):
    graph = office_net.graph
    assert graph.vcount() == len(office_net.people)
    assert graph.ecount() == len(office_net.ties)
    first, second = office_net.ends
    for place in (0, 17, len(office_net.ties) - 1):
        ends = (office_net.people.index[first[place]], office_net.people.index[second[place]])
        assert ends == office_net.ties.index[place]
        assert graph.es[place].tuple == (first[place], second[place])
    with pytest.raises(ValueError, match="Length"):
        office_net.per_person([1.0], "x")


@pytest.mark.parametrize("directed", [False, True])
def test_a_networkx_graph_comes_and_goes(directed):
    made = nx.DiGraph() if directed else nx.Graph()
    made.add_node(1, team="x")
    made.add_weighted_edges_from([(1, 2, 0.5), (2, 3, 2.0), (3, 2, 1.0)])
    before = made.copy()
    net = Network.from_networkx(made)
    back = net.to_networkx(directed=directed)
    assert back.is_directed() == directed
    wanted = {(str(u), str(v)): w for u, v, w in made.edges(data="weight")}
    assert {(u, v): d for u, v, d in back.edges(data="strength")} == wanted
    assert back.nodes["1"]["team"] == "x"
    assert nx.utils.graphs_equal(made, before)


def test_multigraphs_add_up_and_equal_names_are_refused():
    graph = nx.MultiGraph([("a", "b", {"weight": 1}), ("a", "b", {"weight": 2}), ("a", "a")])
    assert Network.from_networkx(graph).ties["strength"].tolist() == [3.0]
    with pytest.raises(SchemaError, match="called 1"):
        Network.from_networkx(nx.Graph([(1, "1")]))


def test_to_igraph_is_a_copy(office_net):
    copy = office_net.to_igraph()
    copy.delete_vertices(range(200))
    assert office_net.graph.vcount() == len(office_net.people)
    assert office_net.to_igraph().vs["name"][:2] == list(office_net.people.index[:2])
    assert office_net.to_igraph(directed=True).is_directed()


def test_smaller_networks(office_net):
    person = na.measure(office_net, "degree")["degree"].idxmax()
    contacts = office_net.contacts(person)
    ego = office_net.ego(person)
    assert set(ego.people.index) == {person, *contacts}
    gone = office_net.without([person])
    assert person not in gone.people.index
    assert len(gone.ties) == len(office_net.ties) - len(contacts)
    with pytest.raises(UnknownPersonError, match="'nobody'"):
        office_net.among(["nobody"])
    mine = office_net.ties_of(person)
    assert list(mine.index) == contacts
    sent = office_net.arcs["n"].groupby("source").sum()[person]
    together = (mine["n"] - mine["n_forward"] - mine["n_back"]).sum()
    assert sent == mine["n_forward"].sum() + together


def test_between_groups(office_net):
    groups = office_net.between_groups("department")
    assert groups.people["size"].sum() == office_net.groups("department").notna().sum()
    assert (groups.ties["strength"] > 0).all()
    with pytest.raises(UnknownNameError, match="did you mean department"):
        office_net.between_groups("departement")


def test_people_file_and_log_are_joined(tmp_path):
    people = tmp_path / "people.csv"
    people.write_text("person;team\nz;x\na;y\n", encoding="utf-8")
    log = na.load(pd.DataFrame([("2026-01-05", "a", "b")], columns=["time", "source", "target"]))
    net = na.build_network(log, people=people)
    assert net.people["team"].fillna("").to_dict() == {"a": "y", "b": "", "z": "x"}
    with pytest.raises(FileNotFoundError, match=r"none\.csv"):
        na.build_network(log, people=tmp_path / "none.csv")


def test_one_name_is_one_person_and_not_its_letters(office_net):
    person = str(office_net.people.index[0])
    assert person not in office_net.without(person).people.index
    assert list(office_net.among(person).people.index) == [person]
    rows = [("2026-01-05", "ada", "ben"), ("2026-01-06", "ben", "cy"), ("2026-01-07", "a", "d")]
    log = na.load(pd.DataFrame(rows, columns=["time", "source", "target"]))
    assert list(log.without("ada").ids()) == ["a", "ben", "cy", "d"]
    left = na.load(pd.DataFrame(rows, columns=["time", "source", "target"]), do_not_map="ada")
    assert list(left.ids()) == ["a", "ben", "cy", "d"]


def test_what_is_no_log_or_no_network_is_said_in_one_line():
    log = na.load(pd.DataFrame([("2026-01-05", "a", "b")], columns=["time", "source", "target"]))
    with pytest.raises(OptionError, match="build_network takes what load returns, not a str"):
        na.build_network("mail.csv")
    with pytest.raises(OptionError, match="build_network\\(log\\) makes one"):
        na.measure(log, "degree")
    with pytest.raises(OptionError, match="build_network\\(log\\) makes one"):
        na.measure_ties(log)


def test_find_matches_an_id_then_an_address_then_a_unique_name():
    people = pd.DataFrame(
        {
            "person": ["p1", "p2", "p3", "Ada Berg"],
            "name": ["Ada Berg", "Ben Ito", "Ben Ito", "Somebody"],
            "addresses": ["ada@x.org; ADA@home", "ben@x.org", None, None],
        }
    )
    net = Network.from_ties(pd.DataFrame({"source": ["p1"], "target": ["p2"]}), people)
    assert net.find("p1") == net.find("ada@HOME") == "p1"
    assert net.find("Ada Berg") == "Ada Berg"
    assert net.find("ada berg") == "p1"
    assert net.find("P3") == "p3"
    with pytest.raises(UnknownPersonError, match=r"'Ben Ito' means 2 people \(p2, p3\)"):
        net.find("Ben Ito")
    with pytest.raises(UnknownPersonError, match="nobody is called 'Ada Bergg'; did you mean"):
        net.find("Ada Bergg")


def test_it_pickles_without_its_log(office_net):
    copy = pickle.loads(pickle.dumps(office_net))
    assert copy.log is None
    pd.testing.assert_frame_equal(copy.ties, office_net.ties)
    assert copy.graph.ecount() == office_net.graph.ecount()


def test_what_needs_time_says_so(ties):
    net = Network.from_ties(ties)
    for call in (lambda: na.check_ins(net), lambda: na.measure_ties(net, "silence")):
        with pytest.raises(UndatedError, match="needs the time of each contact"):
            call()


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        ({"source": ["a"]}, "column 'target' is missing"),
        ({"source": ["a"], "target": [None]}, "column 'target' is empty in row 1"),
        ({"source": ["a"], "target": ["b"], "strength": ["much"]}, "not a finite number in row 1"),
        ({"source": ["a"], "target": ["b"], "strength": [np.inf]}, "not a finite number"),
    ],
)
def test_bad_ties_are_refused(frame, message):
    with pytest.raises(SchemaError, match=message):
        Network.from_ties(pd.DataFrame(frame))


def test_nobody_is_no_network():
    with pytest.raises(EmptyLogError):
        Network.from_ties(pd.DataFrame({"source": [], "target": []}))


def test_one_person_is_a_network():
    people = pd.DataFrame({"person": ["a"]})
    net = Network.from_ties(pd.DataFrame({"source": [], "target": []}), people)
    assert na.measure(net)["constraint"].isna().all()
    assert na.introductions(net).empty


def test_the_consulting_ties():
    path = shared("data/consulting/Cross.Parker.Consulting.net.info.csv")
    frame = pd.read_csv(path).set_axis(["source", "target", "strength"], axis=1)
    net = Network.from_ties(frame, directed=True)
    assert len(frame) == 877
    assert (len(net.people), len(net.arcs)) == (46, 877)


def test_a_name_is_said_with_the_given_name_first():
    ties = pd.DataFrame({"source": ["p1", "p1", "p2", "p4"], "target": ["p2", "p3", "p3", "p1"]})
    names = ["Doe, Jane", "Doe, Jane (HR)", "Lumen, Inc.", "Jane Doe"]
    people = pd.DataFrame({"person": ["p1", "p2", "p3", "p4"], "name": names})
    net = Network.from_ties(ties, people)
    assert net.labels.tolist() == [
        "Jane Doe (p1)",
        "Jane Doe (HR)",
        "Lumen, Inc.",
        "Jane Doe (p4)",
    ]
    assert net.find("jane doe (hr)") == net.find("Doe, Jane (HR)") == "p2"
    assert net.people["name"].tolist() == names  # what the source wrote stays in the table
    with pytest.raises(UnknownPersonError, match=r"means 2 people \(p1, p4\)"):
        net.find("Jane Doe")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Müller, Dr. Jürgen (HR)", "Dr. Jürgen Müller (HR)"),
        ("van der Berg, Jan", "Jan van der Berg"),
        ("García-López, Ana M. [extern]", "Ana M. García-López [extern]"),
        ("O'Neil,Shaun", "Shaun O'Neil"),
        ("Doe, Jr.", "Doe, Jr."),
        ("Smith, John, PhD", "Smith, John, PhD"),
        ("Acme Co., Ltd.", "Acme Co., Ltd."),
        ("Room 4, floor 2", "Room 4, floor 2"),
        ("x, <script>alert(1)</script>", "x, <script>alert(1)</script>"),
        (" , ", " , "),
        ("Jane Doe", "Jane Doe"),
    ],
)
def test_what_follows_a_comma_may_be_no_given_name(written, said):
    assert spoken(written) == said


def test_of_nobody_there_is_no_network():
    net = Network.from_ties(pd.DataFrame({"source": ["a"], "target": ["b"]}))
    for nobody in (lambda: net.among([]), lambda: net.without(["a", "b"])):
        with pytest.raises(EmptyLogError, match="nobody is left"):
            nobody()


def test_an_id_that_is_a_number_is_said_to_be_no_text():
    net = Network.from_ties(pd.DataFrame({"source": [1], "target": [2]}))
    asked = (net.ego, net.contacts, net.ties_of, lambda one: net.among([one, "2"]))
    for ask in asked:
        with pytest.raises(
            UnknownPersonError, match="ids are text, and 1 is of type int: give '1'"
        ):
            ask(1)
    assert net.ego("1").people.index.tolist() == ["1", "2"]


@pytest.mark.parametrize("directed", [False, True])
def test_strengths_that_add_up_to_more_than_a_number_holds_are_refused(directed):
    rows = pd.DataFrame({"source": ["a", "b"], "target": ["b", "a"], "strength": [1.5e308] * 2})
    with pytest.raises(SchemaError, match="between 'a' and 'b' add up to more than") as refused:
        Network.from_ties(rows, directed=directed)
    assert "\n" not in str(refused.value)
    assert Network.from_ties(rows[:1]).ties["strength"].tolist() == [1.5e308]
