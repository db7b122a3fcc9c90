"""Networks go out to files and come back the same, as far as the format can."""

from __future__ import annotations

import networkx as nx
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import netanalytics as na
from netanalytics.errors import LoaderError, MissingFileError, SchemaError, UnknownNameError
from netanalytics.graph_files import load_network, save_network
from netanalytics.loaders._pajek import written as pajek_lines
from netanalytics.network import Network

from ._exports import spoiled, written
from .conftest import shared
from .strategies import network

NAMES = ["ada", 'b "q" <&>', "c,d;e\tf", "zoë\u2028x", "&#34;", "=1+1", "10"]


def odd_network(*, directed: bool) -> Network:
    people = pd.DataFrame(
        {
            "person": [*NAMES, "alone"],
            "name": ["Ada", None, 'x "y"', "ż", "", "a\nb", "1", "z"],
            "team": ["red", "blue", None, "red", "red", None, "blue", "red"],
            "level": [1, 2, 3, 4, 5, 6, 7, 8],
            "score": [0.1, None, 2.5, 1e-12, 1e300, 3.0, -0.0, 7.25],
            "is_lead": [True, False] * 4,
        }
    )
    ties = pd.DataFrame(
        {
            "source": [*NAMES, NAMES[1]],
            "target": [*NAMES[1:], NAMES[0], NAMES[0]],
            "strength": [0.1, 1 / 3, 2.0, 1e-9, 5e10, 0.7, 1.0, 0.25],
        }
    )
    return Network.from_ties(ties, people, directed=directed)


def mixed_network() -> Network:
    """A network of mails (with a direction) and meetings (without)."""
    rows = [
        ("2026-01-05", "ada", "ben", "email"),
        ("2026-01-06", "ben", "ada", "email"),
        ("2026-01-07", "ada", "ben", "meeting"),
        ("2026-01-08", "ben", "cy", "meeting"),
        ("2026-01-09", "cy", "ada", "email"),
    ]
    log = na.load(pd.DataFrame(rows, columns=["time", "source", "target", "channel"]))
    return na.build_network(log, as_of="2026-06-30")


def same_ties(one: Network, other: Network, *, directed: bool = True) -> None:
    columns = ["strength", "strength_forward", "strength_back"] if directed else ["strength"]
    pd.testing.assert_frame_equal(
        one.ties[columns], other.ties[columns], check_exact=False, rtol=1e-12, atol=0
    )


@pytest.mark.parametrize("suffix", [".graphml", ".gexf", ".net", ".csv", ".tsv"])
@pytest.mark.parametrize("directed", [True, False])
def test_out_and_in_again(tmp_path, suffix, directed):
    net = odd_network(directed=directed)
    notes = save_network(net, tmp_path / f"net{suffix}")
    back = load_network(tmp_path / f"net{suffix}")
    same_ties(net, back)
    assert list(tmp_path.iterdir()) == [tmp_path / f"net{suffix}"]
    kept = {".csv": NAMES, ".tsv": NAMES}.get(suffix, [*NAMES, "alone"])
    assert sorted(back.people.index) == sorted(kept)
    if suffix in (".graphml", ".gexf"):
        assert notes == ()
        expected = net.people.replace({"name": {"": None}})
        found = back.people.replace({"name": {"": None}})[list(expected.columns)]
        pd.testing.assert_frame_equal(found, expected, check_dtype=False)
    else:
        assert any("attributes" in note for note in notes)


@pytest.mark.parametrize("suffix", [".net", ".csv"])
def test_ties_with_and_without_direction_stay_apart(tmp_path, suffix):
    net = mixed_network()
    notes = save_network(net, tmp_path / f"net{suffix}")
    same_ties(net, load_network(tmp_path / f"net{suffix}"))
    assert any("dates" in note for note in notes)


@pytest.mark.parametrize("suffix", [".graphml", ".gexf"])
def test_formats_of_one_kind_say_what_they_lose(tmp_path, suffix):
    net = mixed_network()
    notes = save_network(net, tmp_path / f"net{suffix}")
    assert any("in both directions" in note for note in notes)
    back = load_network(tmp_path / f"net{suffix}")
    pd.testing.assert_series_equal(net.arcs["strength"], back.arcs["strength"])


def test_values_that_no_format_takes(tmp_path):
    people = pd.DataFrame(
        {
            "person": ["ada", "ben"],
            "since": [pd.Timestamp("2026-01-05", tz="UTC"), pd.NaT],
            "tags": [["a", "b"], None],
            "id": ["x", "y"],
            "label": ["l", "m"],
            "control": ["\x00\x1b", "ok"],
            5: [1, 2],
        }
    )
    net = Network.from_ties(pd.DataFrame({"source": ["ada"], "target": ["ben"]}), people)
    for suffix in (".graphml", ".gexf"):
        notes = save_network(net, tmp_path / f"net{suffix}")
        back = load_network(tmp_path / f"net{suffix}").people.loc["ada"]
        assert back["since"] == "2026-01-05T00:00:00+00:00"
        assert back["tags"] == "a;b"
        assert back["control"] == "\ufffd\ufffd"
        assert back["5"] == 1
        assert any("another name" in note for note in notes) == (suffix == ".gexf")
        assert list(load_network(tmp_path / f"net{suffix}").people.index) == ["ada", "ben"]


def test_ids_that_only_differ_in_what_xml_cannot_say(tmp_path):
    net = Network.from_ties(pd.DataFrame({"source": ["a\x00"], "target": ["a\x01"]}))
    with pytest.raises(SchemaError, match="XML"):
        save_network(net, tmp_path / "net.graphml")
    assert not list(tmp_path.iterdir())
    one = Network.from_ties(pd.DataFrame({"source": ["a\x00"], "target": ["b"]}))
    assert any("replaced" in note for note in save_network(one, tmp_path / "net.gexf"))


def test_what_cannot_be_saved(tmp_path):
    net = odd_network(directed=False)
    with pytest.raises(LoaderError, match=r"name it \.graphml"):
        save_network(net, tmp_path / "net.xyz")
    with pytest.raises(UnknownNameError, match=r"graphlm.*did you mean graphml"):
        save_network(net, tmp_path / "net.xyz", kind="graphlm")
    with pytest.raises(LoaderError, match="cannot be written"):
        save_network(net, tmp_path / "none" / "net.csv")


# ---- files of other programs -------------------------------------------------------------------


def test_graphml_of_networkx_and_igraph(tmp_path):
    graph = nx.DiGraph([("a", "b", {"weight": 2.0}), ("b", "a", {"weight": 3}), ("b", "c", {})])
    graph.add_node("d", team="red", size=3)
    nx.write_graphml(graph, tmp_path / "a.graphml")
    net = load_network(tmp_path / "a.graphml")
    assert net.ties.loc[("a", "b"), ["strength_forward", "strength_back"]].tolist() == [2.0, 3.0]
    assert net.people.loc["d", "team"] == "red"
    assert net.card[["unit", "reason", "n"]].to_numpy().tolist() == [["tie", "kept", 3]]
    import igraph

    igraph.Graph(edges=[(0, 1), (1, 2)]).write_graphml(str(tmp_path / "b.graphml"))
    assert len(load_network(tmp_path / "b.graphml").ties) == 2


GEXF = """<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">
<graph defaultedgetype="undirected"><attributes class="node">
<attribute id="0" title="team" type="string"/></attributes>
<nodes><node id="n1" label="Ada Berg"><attvalues><attvalue for="0" value="red"/></attvalues>
<viz:size value="9"/></node><node id="n2" label="Ben"/></nodes>
<edges><edge id="0" source="n1" target="n2" weight="2.5"/></edges></graph></gexf>
"""


def test_gexf_as_gephi_writes_it_today(tmp_path):
    net = load_network(written(tmp_path / "a.gexf", GEXF))
    assert net.people["name"].tolist() == ["Ada Berg", "Ben"]
    assert net.people.loc["n1", "team"] == "red"
    assert "viz" not in net.people.columns
    assert net.ties["strength"].tolist() == [2.5]


@pytest.mark.parametrize(
    ("text", "people", "arcs"),
    [
        ("*Vertices 3\n*Edges\n1 2 3\n", ["1", "2", "3"], {("1", "2"), ("2", "1")}),
        (
            '% by hand\n*Network x\n*Vertices 2\n1 "Ada B" 0.1 ic Red\n2 ben\n*Arcs :1 "r"\n1 2\n',
            ["Ada B", "ben"],
            {("Ada B", "ben")},
        ),
        ("*Vertices 3\n*Arcslist\n1 2 3\n", ["1", "2", "3"], {("1", "2"), ("1", "3")}),
        ('*Vertices 2\n1 "a"\n2 "b"\n*Matrix\n0 1\n0 0\n', ["a", "b"], {("a", "b")}),
        ('*Vertices 2\r\n1 "a"\r\n2 "a"\r\n*Arcs\r\n1 2 2.5\r\n', ["a (1)", "a (2)"], None),
    ],
)
def test_pajek_as_others_write_it(tmp_path, text, people, arcs):
    net = load_network(written(tmp_path / "a.net", text))
    assert list(net.people.index) == people
    assert arcs is None or set(net.arcs.index) == arcs


def test_what_pajek_holds_besides_is_counted(tmp_path):
    text = "*Vertices 2\nx\n*Arcs\n1 2\n1 9\n1\n*Partition p\n1\n2\n"
    card = load_network(written(tmp_path / "a.net", text)).card
    assert dict(zip(card["reason"], card["n"], strict=True)) == {
        "kept": 1,
        "a vertex that is not there": 1,
        "malformed row": 1,
        "malformed vertex": 1,
        "not read: *partition": 2,
    }
    with pytest.raises(LoaderError, match="vertices are not read"):
        load_network(written(tmp_path / "b.net", "*Vertices 999999999\n*Arcs\n"))


def test_pajek_is_read_by_networkx_too():
    net = odd_network(directed=True)
    rows = [("ada", "10", 2.0, True)]
    graph = nx.parse_pajek("".join(pajek_lines(net.people.index, rows)).splitlines())
    assert graph.has_edge("ada", "10")


# ---- edge lists --------------------------------------------------------------------------------


def test_edge_lists(tmp_path):
    text = "from,to,w\na,b,2\nb,c,1,5\nc,c,1\n,d,1\na,d,0\na,e,x\nb,a,1\n"
    net = load_network(written(tmp_path / "a.csv", text))
    reasons = dict(zip(net.card["reason"], net.card["n"], strict=True))
    assert reasons == {
        "kept": 2,
        "malformed row": 1,
        "self-contact": 1,
        "no source or target": 1,
        "strength of 0 or less": 1,
        "unreadable strength": 1,
    }
    assert net.ties["strength_forward"].tolist() == [2.0]
    assert any("directed" in note for note in net.notes)
    one = load_network(tmp_path / "a.csv", directed=False)
    assert one.ties["strength_forward"].tolist() == [0.0]
    assert not any("directed=" in note for note in one.notes)


def test_gephi_edge_lists_say_their_type(tmp_path):
    text = "Source\tTarget\tType\tWeight\n1\t2\tUndirected\t3\n2\t1\tDirected\t1\n"
    ties = load_network(written(tmp_path / "a.tsv", text)).ties
    assert ties[["strength", "strength_forward", "strength_back"]].to_numpy().tolist() == [
        [4.0, 0.0, 1.0]
    ]


def test_a_column_for_the_strength_can_be_named(tmp_path):
    file = written(tmp_path / "a.csv", "i;j;weight;hours\na;b;1;9\n")
    assert load_network(file).ties["strength"].tolist() == [1.0]
    assert load_network(file, strength="hours").ties["strength"].tolist() == [9.0]
    with pytest.raises(LoaderError, match="no column for 'days'"):
        load_network(file, strength="days")
    with pytest.raises(LoaderError, match=r"no column for 'target'.*'b'"):
        load_network(written(tmp_path / "b.csv", "i,b\n1,2\n"))


def test_people_are_joined_from_several_tables(tmp_path):
    ties = written(tmp_path / "a.csv", "i,j\n1,2\n")
    gender = written(tmp_path / "x.node.gender.csv", '"node","value"\n1,f\n3,m\n')
    more = written(tmp_path / "people.csv", "id,team\n2,red\n")
    net = load_network(ties, people=[gender, more])
    assert net.people.loc["1", "gender"] == "f"
    assert net.people.loc["2", "team"] == "red"
    assert list(net.people.index) == ["1", "2", "3"]
    frame = pd.DataFrame({"person": ["1"], "team": ["blue"]})
    assert load_network(ties, people=frame).people.loc["1", "team"] == "blue"
    with pytest.raises(LoaderError, match="neither a path nor a table"):
        load_network(ties, people=5)


@pytest.mark.parametrize(("name", "ties", "pairs"), [("info", 877, 550), ("value", 855, 505)])
def test_advice_among_consultants(name, ties, pairs):
    base = "data/consulting/Cross.Parker.Consulting"
    nodes = [
        shared(f"{base}.node.{attribute}.csv")
        for attribute in ("gender", "location", "orglevel", "region")
    ]
    net = load_network(shared(f"{base}.net.{name}.csv"), people=nodes, directed=True)
    assert len(net.people) == 46
    assert len(net.arcs) == ties
    assert len(net.ties) == pairs
    assert dict(zip(net.card["reason"], net.card["n"], strict=True)) == {"kept": ties}
    assert list(net.people.columns) == ["gender", "location", "orglevel", "region"]
    assert net.people.notna().all().all()
    frame = pd.read_csv(shared(f"{base}.net.{name}.csv"))
    assert net.arcs["strength"].sum() == frame["w"].sum()


# ---- Viva and surveys --------------------------------------------------------------------------


def test_the_real_person_to_person_query():
    net = load_network(shared("data/formats/viva/p2p_data.csv"))
    assert dict(zip(net.card["reason"], net.card["n"], strict=True)) == {"kept": 2_014}
    assert len(net.ties) == 2_014
    assert net.notes == ("strength is Strong_tie_score",)
    assert net.as_of is None
    other = load_network(shared("data/formats/viva/p2p_data.csv"), strength="Diverse_tie_score")
    reasons = dict(zip(other.card["reason"], other.card["n"], strict=True))
    assert sum(reasons.values()) == 2_014
    assert reasons["no strength above 0"] > 0


def test_months_and_both_orders_of_a_query_are_averaged(tmp_path):
    text = (
        "PrimaryCollaborator_PersonId,SecondaryCollaborator_PersonId,MetricDate,"
        "Strong_tie_score,PrimaryCollaborator_Organization,SecondaryCollaborator_Organization\n"
        "p1,p2,01/04/2023,0.4,Sales,Finance\np2,p1,01/04/2023,0.2,Finance,Sales\n"
        "p1,p2,01/05/2023,0.5,Sales,Finance\np1,p3,01/05/2023,0.2,Sales,\np3,,01/05/2023,1,,\n"
        "p3,p3,01/05/2023,1,,\n"
    )
    net = load_network(written(tmp_path / "p2p.csv", text))
    assert net.ties["strength"].tolist() == pytest.approx([0.4, 0.1])
    assert net.people["organization"].tolist()[:2] == ["Sales", "Finance"]
    assert dict(zip(net.card["reason"], net.card["n"], strict=True)) == {
        "kept": 4,
        "no source or target": 1,
        "self-contact": 1,
    }


def test_a_survey_as_ties(tmp_path):
    text = "respondent,named person,question,weight\na,b,advice,3\na,b,trust,1\nb,c,advice,0\n"
    net = load_network(written(tmp_path / "survey.csv", text))
    assert net.ties["strength_forward"].tolist() == [4.0]
    assert any("2 questions" in note for note in net.notes)
    assert set(net.card["unit"]) == {"answer"}
    assert net.card["n"].sum() == 3


# ---- hostile and broken files ------------------------------------------------------------------

LAUGH = "".join(
    f'<!ENTITY l{n} "{("&l" + str(n - 1) + ";") * 10 if n else "ha"}">' for n in range(10)
)
EMPTY = '<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><graph edgedefault="directed">{}</graph></graphml>'  # noqa: E501


@pytest.mark.parametrize(
    "doctype",
    [
        f"<!DOCTYPE x [{LAUGH}]>",
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>',
    ],
)
def test_entities_and_outside_files_are_refused(tmp_path, doctype):
    for name, body in (("a.graphml", EMPTY.format('<node id="&l9;"/>')), ("a.gexf", GEXF[39:])):
        with pytest.raises(LoaderError, match="refused"):
            load_network(written(tmp_path / name, f"<?xml version='1.0'?>{doctype}{body}"))


@pytest.mark.parametrize("where", ["", ' SYSTEM "http://example.org/graphml.dtd"'])
def test_a_doctype_without_entities_is_no_harm(tmp_path, where):
    # Nothing is fetched: the reader never asks for what a doctype points at.
    text = f"<?xml version='1.0'?><!DOCTYPE graphml{where}>" + EMPTY.format('<node id="a"/>')
    assert list(load_network(written(tmp_path / "a.graphml", text)).people.index) == ["a"]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.graphml", "<graphml", "no XML"),
        ("a.graphml", "<html></html>", "cannot be read as a network"),
        ("a.graphml", EMPTY.format(""), "nobody in this network"),
        ("a.gexf", "<gexf></gexf>", "cannot be read as a network"),
        ("a.csv", "", "is empty"),
        ("a.csv", "source,target\n", "nobody in this network"),
        ("a.bin", "\x00\x01\x02", "binary"),
        ("a.net", "*Vertices 0\n", "nobody in this network"),
    ],
)
def test_broken_files_end_in_one_line(tmp_path, name, text, message):
    with pytest.raises(LoaderError, match=message) as error:
        load_network(written(tmp_path / name, text))
    assert "\n" not in str(error.value)


def test_missing_files_and_unknown_kinds(tmp_path):
    with pytest.raises(MissingFileError):
        load_network(tmp_path / "none.graphml")
    with pytest.raises(MissingFileError):
        load_network(tmp_path)
    with pytest.raises(UnknownNameError, match="did you mean edges"):
        load_network(written(tmp_path / "a.csv", "i,j\n1,2\n"), kind="edge")


SEEDS = (
    EMPTY.format('<node id="a"/><node id="b"/><edge source="a" target="b"/>'),
    GEXF,
    '*Vertices 3\n1 "a"\n2 "b" 0.1\n*Arcs\n1 2 3\n*Edges\n2 3\n*Matrix\n0 1 2\n',
    "source,target,weight,directed\na,b,1,true\nb,c,2,false\n",
    "respondent,named,question,weight\na,b,q,1\n",
    "PrimaryCollaborator_PersonId,SecondaryCollaborator_PersonId,Strong_tie_score\na,b,1\n",
)


def fuzz(folder, data):
    file = written(folder / "network", data)
    try:
        net = load_network(file)
        assert net.card["n"].ge(0).all()
        save_network(net, folder / "again.graphml")
        save_network(net, folder / "again.net")
    except (LoaderError, SchemaError) as error:
        assert "\n" not in str(error)


@settings(max_examples=100, deadline=None)
@given(data=spoiled(*SEEDS))
def test_no_bytes_raise_anything_but_a_loader_error(tmp_path_factory, data):
    fuzz(tmp_path_factory.mktemp("fuzz"), data)


@pytest.mark.nightly
@settings(max_examples=2_000, deadline=None)
@given(data=spoiled(*SEEDS))
def test_no_bytes_raise_anything_but_a_loader_error_for_long(tmp_path_factory, data):
    fuzz(tmp_path_factory.mktemp("fuzz"), data)


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    directed=st.booleans(),
    suffix=st.sampled_from([".graphml", ".gexf", ".net", ".csv"]),
)
def test_any_network_comes_back(tmp_path_factory, seed, directed, suffix):
    net = network(seed, directed=directed)
    file = tmp_path_factory.mktemp("again") / f"net{suffix}"
    save_network(net, file)
    same_ties(net, load_network(file))
