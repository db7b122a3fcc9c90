"""What is in the file of a map, and what is not."""

from __future__ import annotations

import html
import re
import sys
import types

import numpy as np
import pandas as pd
import pytest

from netanalytics.errors import OptionError, SchemaError, UnknownNameError, UnknownPersonError
from netanalytics.maps import whole
from netanalytics.maps.network_map import group_map, network_map
from netanalytics.maps.page import digest
from netanalytics.network import Network

from .test_maps_samples import (
    HOSTILE,
    data_of,
    hostile,
    hub,
    introductions,
    sample,
    stages,
    star,
    values,
)


def whole_map(net, **options):
    given = {"people_values": values(net), "tie_values": stages(net), **options}
    return network_map(net, **given)


def personal_map(net, person, **options):
    return whole_map(net, person=person, suggestions=introductions(net, person), **options)


def groups():
    sizes = pd.DataFrame({"size": [48, 62, 9]}, index=["Sales", "R&D", "<b>Legal</b>"])
    pairs = [("Sales", "R&D", 14.0), ("Sales", "Sales", 31.0), ("R&D", "<b>Legal</b>", np.nan)]
    contacts = pd.DataFrame(pairs, columns=["source", "target", "per_100"])
    return sizes, contacts.assign(expected=[22.0, 20.0, 3.0])


def every_map():
    net = sample()
    return {
        "whole": whole_map(net, suggestions=introductions(net, hub(net))),
        "personal": personal_map(net, hub(net)),
        "groups": group_map(*groups()),
        "hostile": whole_map(hostile()),
    }


@pytest.fixture(scope="module")
def maps():
    return every_map()


# ---- one file ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["whole", "personal", "groups", "hostile"])
def test_a_map_is_one_file_that_asks_for_nothing(maps, kind):
    page = maps[kind].html
    assert page.startswith('<!doctype html>\n<html lang="en">')
    assert not re.findall(r"https?://", page)
    assert set(re.findall(r'<[^<>]*\b(?:src|href)="([^"]*)"', page)) == {"data:,"}
    assert not re.findall(r"<[^<>]*\s(?:on\w+|style)=", page.split('id="map-data"')[0])
    assert page.count("<style>") == 1
    assert len(re.findall(r"<script\b", page)) == len(re.findall(r"</script>", page)) == 2


@pytest.mark.parametrize("kind", ["whole", "personal", "groups", "hostile"])
def test_the_policy_names_the_very_script_and_style(maps, kind):
    page = maps[kind].html
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page).group(1)
    script = re.search(r"<script>(.*?)</script>", page, re.DOTALL).group(1)
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL).group(1)
    assert policy.startswith("default-src 'none'; ")
    assert f"script-src '{digest(script)}';" in policy
    assert f"style-src '{digest(style)}';" in policy
    assert "unsafe" not in policy


def test_the_same_input_gives_the_same_bytes(maps):
    again = every_map()
    for kind, made in maps.items():
        assert made.html == again[kind].html, kind


def test_rows_in_another_order_give_the_same_bytes():
    net = sample()
    people, ties = (frame.sample(frac=1, random_state=2) for frame in (values(net), stages(net)))
    advice = introductions(net, hub(net))
    first = whole_map(net, suggestions=advice)
    again = network_map(net, people_values=people, tie_values=ties, suggestions=advice)
    assert first.html == again.html


def test_a_map_is_saved_whole_in_new_folders(maps, tmp_path):
    path = maps["hostile"].save(tmp_path / "new" / "folder" / "map.html")
    assert path.read_bytes() == maps["hostile"].html.encode("utf-8")
    assert b"\r\n" not in path.read_bytes()
    maps["whole"].save(path)
    assert path.read_bytes() == maps["whole"].html.encode("utf-8")
    assert [file.name for file in path.parent.iterdir()] == ["map.html"]


def test_a_failed_save_leaves_nothing(maps, tmp_path):
    (tmp_path / "taken").mkdir()
    with pytest.raises(OSError, match=r"taken|[Dd]irectory"):
        maps["whole"].save(tmp_path / "taken")
    assert [file.name for file in tmp_path.iterdir()] == ["taken"]


def test_a_notebook_shows_it_in_a_sandbox(maps):
    frame = maps["hostile"]._repr_html_()
    assert frame.count("<") == 2
    assert 'sandbox="allow-scripts"' in frame
    inner = re.search(r'srcdoc="([^"]*)"', frame).group(1)
    assert html.unescape(inner) == maps["hostile"].html


# ---- everybody --------------------------------------------------------------------------------


def test_everybody_and_every_tie_is_in_the_whole_map(maps):
    net = sample()
    data = data_of(maps["whole"].html)
    assert data["nodes"]["name"] == net.people["name"].tolist()
    assert len(data["links"]["a"]) == data["links"]["total"] == len(net.ties)
    ends = {frozenset(pair) for pair in zip(data["links"]["a"], data["links"]["b"], strict=True)}
    assert ends == {frozenset(map(int, pair)) for pair in zip(*net.ends, strict=True)}
    assert "This page names people." in data["notes"]
    assert list(maps["whole"].positions.index) == list(net.people.index)


def test_hollow_means_that_no_judged_tie_was_seen_lately():
    net = star(5)
    stage = pd.DataFrame({"stage": ["dormant", "active", None, "cooling"]}, index=net.ties.index)
    data = data_of(whole_map(net, tie_values=stage).html)
    assert data["nodes"]["fading"] == [0, 1, 0, 0, 1]
    assert sorted(data["links"]["fading"]) == [0, 0, 1, 1]


def test_only_the_strongest_ties_of_each_person_are_kept_and_counted(monkeypatch):
    monkeypatch.setattr(whole, "MOST_TIES", 70)
    net = sample(60)
    links = data_of(whole_map(net).html)["links"]
    assert len(links["a"]) == 70
    assert links["total"] == len(net.ties) > 70
    assert set(links["a"]) | set(links["b"]) == set(np.concatenate(net.ends).tolist())


def test_namesakes_are_told_apart_in_lists():
    table = pd.DataFrame({"person": ["a", "b", "c"], "name": ["Ada Berg", "Ada Berg", "Cy"]})
    net = star(2).from_ties(pd.DataFrame({"source": ["a", "b"], "target": ["b", "c"]}), table)
    nodes = data_of(network_map(net, people_values=values(net)).html)["nodes"]
    assert nodes["name"] == ["Ada Berg", "Ada Berg", "Cy"]
    assert nodes["namesakes"] == [0, 1]
    assert nodes["fields"][0] == {"label": "Id", "texts": ["a", "b", "c"]}


def test_size_follows_a_column_and_a_wrong_one_is_named():
    net = sample()
    table = values(net)
    table["betweenness"] = [0.0] * 59 + [5.0]
    data = data_of(whole_map(net, people_values=table, size_by="betweenness").html)
    assert data["nodes"]["radius"] == [40] * 59 + [150]
    with pytest.raises(UnknownNameError, match="betweenness"):
        whole_map(net, size_by="betweenes")
    with pytest.raises(UnknownNameError):
        network_map(net, by="nonsense")


def test_groups_have_names_sizes_and_at_most_six_colours():
    net = sample(200)
    data = data_of(whole_map(net, by="team").html)["groups"]
    counts = net.people["team"].value_counts()
    assert dict(zip(data["name"], data["size"], strict=True)) == counts.to_dict()
    assert data["colour"] == [0, 1, 2, 3, 4, 5, -1]
    assert data["heading"] == "Team"
    called = data_of(whole_map(net).html)["groups"]
    assert set(called["name"]) == set(counts.index)  # communities are called after their team
    assert (called["heading"], called["one"]) == ("Communities", "Community")


def test_people_without_a_value_and_groups_beyond_the_most():
    people = pd.DataFrame({"person": [f"p{at:03d}" for at in range(90)]})
    people["team"] = [None if at % 9 == 0 else f"team {at % 40:02d}" for at in range(90)]
    pairs = [("p000", f"p{at:03d}") for at in range(1, 90)]
    net = star(2).from_ties(pd.DataFrame(pairs, columns=["source", "target"]), people)
    data = data_of(network_map(net, by="team").html)["groups"]
    assert data["name"][-2:] == ["other", "no team"]
    assert data["scattered"] == [24]
    assert sum(data["size"]) == 90


def test_without_names_no_name_no_id_and_no_attribute_is_in_the_file():
    net = sample()
    page = whole_map(net, names=False, suggestions=introductions(net, hub(net))).html
    data = data_of(page)
    told = str(data)
    assert not any(word in told for word in ("p000", "Family", "Engineer", "Alumni", "two shared"))
    assert data["nodes"]["name"][:2] == ["Person 1", "Person 2"]
    assert [field["label"] for field in data["nodes"]["fields"]] == ["Ties"]
    degree = np.bincount(np.concatenate(net.ends), minlength=60)
    shown = data["nodes"]["fields"][0]["numbers"]
    assert sorted(shown) == sorted(degree.tolist())
    assert shown != degree.tolist()  # rows are not in the order of the alphabet


def test_without_names_no_group_of_few_people_is_told():
    ties = pd.DataFrame({"source": ["boss"] * 15, "target": [f"p{n:02}" for n in range(15)]})
    people = pd.DataFrame(
        {
            "person": ["boss", *ties["target"]],
            "unit": ["Chief Executive Office", *["Sales"] * 8, *["Legal"] * 5, *["Board"] * 2],
        }
    )
    net = Network.from_ties(ties, people)
    data = data_of(network_map(net, names=False, by="unit").html)
    # Three people would still be too few, so that the next smallest group is with them.
    assert data["groups"]["name"] == ["Sales", "other"]
    assert data["groups"]["size"] == [8, 8]
    assert not any(word in str(data) for word in ("Chief", "Board", "Legal"))
    named = data_of(network_map(net, by="unit").html)
    assert named["groups"]["size"] == [8, 5, 2, 1]


def test_defaults_ask_for_communities_and_stages(monkeypatch):
    asked = []

    def community(net, *, seed=0):
        asked.append(("community", seed))
        return net.per_person([0] * len(net.people), "community")

    def stage(net):
        asked.append(("stage",))
        return net.per_tie(["dormant"] * len(net.ties), "stage")

    import netanalytics.analysis as family

    for name, function in (("communities", community), ("decay", stage)):
        module = types.ModuleType(f"netanalytics.analysis.{name}")
        setattr(module, function.__name__, function)
        monkeypatch.setitem(sys.modules, module.__name__, module)
        monkeypatch.setattr(family, name, module, raising=False)
    data = data_of(network_map(sample(), seed=5).html)
    assert asked == [("community", 5), ("stage",)]
    assert all(data["links"]["fading"])
    asked.clear()
    undated = sample(dated=False)
    data = data_of(network_map(undated, by="team").html)
    assert not asked
    assert not any(data["links"]["fading"])


def test_suggestions_about_strangers_are_left_out():
    net = sample()
    rows = introductions(net, hub(net))
    rows.loc[len(rows)] = [9, "nobody", "p00001", None, 1.0, ""]
    data = data_of(whole_map(net, suggestions=rows).html)["suggestions"]
    assert len(data["target"]) == len(rows) - 1
    with pytest.raises(SchemaError):
        whole_map(net, suggestions=pd.DataFrame({"who": ["p00001"]}))


def test_places_can_be_kept():
    net = sample()
    before = whole_map(net).positions
    after = whole_map(net, pinned=before, seed=9).positions
    assert before.equals(after)


# ---- one person -------------------------------------------------------------------------------


def test_a_personal_map_holds_my_ties_and_no_others(maps):
    net = sample()
    me = hub(net)
    data = data_of(maps["personal"].html)
    mine = net.ties_of(me)
    advice = introductions(net, me)
    assert data["nodes"]["me"] == 0
    assert set(data["links"]["a"]) == {0}
    assert data["links"]["b"] == list(range(1, len(mine) + 1))
    names = net.people["name"]
    shown = data["nodes"]["name"]
    assert shown[0] == names[me]
    assert set(shown[1 : len(mine) + 1]) == set(names[mine.index])
    assert set(shown[len(mine) + 1 :]) == set(names[advice["target"]])
    strangers = set(net.people.index) - {me, *mine.index, *advice["target"]}
    assert not any(person in maps["personal"].html for person in strangers)
    assert not any(f'"{names[person]}"' in maps["personal"].html for person in strangers)


def test_a_personal_map_shows_no_measure_of_anybody_else(maps):
    data = data_of(maps["personal"].html)
    fields = {field["label"]: field for field in data["nodes"]["fields"]}
    own, *others = fields["Betweenness"]["numbers"]
    assert own == 0.1235
    assert set(others) == {None}
    assert set(data["nodes"]["radius"][1:]) == {75}
    assert "Ties" not in fields
    assert not {"score", "strength"} & set(re.findall(r'"(\w+)":', str(data).replace("'", '"')))


def test_a_personal_map_counts_from_my_side():
    net = sample()
    me = hub(net)
    data = data_of(personal_map(net, me).html)
    mine = net.ties_of(me)
    names = dict(zip(data["nodes"]["name"], range(1000), strict=False))
    fields = {field["label"]: field for field in data["links"]["fields"]}
    for contact, row in mine.iterrows():
        at = names[net.people.loc[contact, "name"]] - 1
        wrote = fields["Wrote"]
        words = wrote["words"][wrote["codes"][at]] if wrote["codes"][at] >= 0 else None
        sent, got = row["n_forward"], row["n_back"]
        assert words == (f"you {sent}, they {got}" if sent or got else None)
        assert fields["Contact days"]["numbers"][at] == row["days"]
    assert {"Last seen", "By", "Contact days", "Wrote"} <= set(fields)


def test_sixty_contacts_at_first_and_all_on_request():
    net = star(201)
    data = data_of(whole_map(net, person="x0").html)
    assert [view["contacts"] for view in data["views"]] == [60, 200]
    late = np.array(data["nodes"]["fading"][1:61], dtype=bool)
    assert late.sum() == 15
    assert len(data["views"][0]["x"]) == 61
    few = data_of(whole_map(star(20), person="x0").html)
    assert [view["contacts"] for view in few["views"]] == [19]


def test_a_person_is_found_by_name_and_a_stranger_is_not():
    net = sample()
    assert whole_map(net, person="Name3 Family3").title == "Contacts of Name3 Family3"
    with pytest.raises((UnknownPersonError, UnknownNameError)):
        whole_map(net, person="nobody")
    with pytest.raises(OptionError, match="names"):
        whole_map(net, person="p00003", names=False)


def test_somebody_without_contacts_and_a_network_without_dates():
    net = sample(dated=False)
    alone = network_map(net, person="p00059", by="team")
    assert data_of(alone.html)["links"]["a"] == []
    undated = data_of(network_map(net, person=hub(net), by="team").html)
    labels = [field["label"] for field in undated["links"]["fields"]]
    assert "Contacts" in labels
    assert "Last seen" not in labels
    assert undated["views"][0]["rings"] == []


# ---- groups -----------------------------------------------------------------------------------


def test_a_map_of_groups_holds_nobody(maps):
    data = data_of(maps["groups"].html)
    assert sorted(data["nodes"]["name"]) == ["<b>Legal</b>", "R&D", "Sales"]
    assert data["suggestions"] is None
    assert data["subtitle"] == "3 groups · 119 people"
    area = np.array(data["nodes"]["radius"], dtype=float) ** 2
    assert np.allclose(area / area[0], np.array([62, 48, 9]) / 62, rtol=0.02)


def test_withheld_contact_is_not_in_the_file(maps):
    data = data_of(maps["groups"].html)
    assert len(data["links"]["a"]) == 1
    inside = data["nodes"]["fields"][1]
    assert inside["label"] == "Ties inside, per 100 pairs"
    assert inside["numbers"] == [None, 31, None]
    assert {field["label"]: field["numbers"] for field in data["links"]["fields"]} == {
        "Ties per 100 possible pairs": [14],
        "Expected": [22],
    }


def test_contacts_may_come_by_index_and_in_either_order():
    sizes, contacts = groups()
    turned = contacts.rename(columns={"source": "target", "target": "source"})
    turned = turned.set_index(["source", "target"]).iloc[::-1]
    assert group_map(sizes, turned).html == group_map(sizes.iloc[::-1], contacts).html
    with pytest.raises(SchemaError, match="per_100"):
        group_map(sizes, contacts.drop(columns="per_100"))
    with pytest.raises(SchemaError, match="size"):
        group_map(sizes.rename(columns={"size": "people"}), contacts)


@pytest.mark.parametrize("count", [1, 2, 30])
def test_any_number_of_groups_has_a_map(count):
    sizes = pd.DataFrame({"size": range(5, 5 + count)}, index=[f"g{at:02d}" for at in range(count)])
    none = pd.DataFrame(columns=["source", "target", "per_100"])
    data = data_of(group_map(sizes, none).html)
    places = set(zip(data["views"][0]["x"], data["views"][0]["y"], strict=True))
    assert len(places) == count


def test_hostile_text_is_kept_as_text(maps):
    data = data_of(maps["hostile"].html)
    assert HOSTILE[0] in data["nodes"]["name"]
    assert HOSTILE[1] in data["nodes"]["name"]
    assert "window.hacked=1</script>" not in maps["hostile"].html
    title = whole_map(sample(), title=HOSTILE[0]).html
    assert HOSTILE[0] not in title
    assert "&lt;/script&gt;&lt;script&gt;window.hacked=1" in title
