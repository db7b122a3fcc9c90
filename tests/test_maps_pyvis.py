"""The door to pyvis, with what is known to be wrong with its pages repaired."""

from __future__ import annotations

import re
import warnings

import pytest

from netanalytics.errors import OptionError
from netanalytics.maps.pyvis import to_pyvis

from .test_maps_samples import HOSTILE, hostile, sample


def test_the_network_is_a_pyvis_network_with_places():
    from pyvis.network import Network

    net = sample()
    drawn = to_pyvis(net, by="team")
    assert isinstance(drawn, Network)
    assert drawn.num_nodes() == len(net.people)
    assert drawn.num_edges() == len(net.ties)
    assert drawn.get_node("p00001")["label"] == "Name1 Family1"
    assert {type(node["x"]) for node in drawn.nodes} == {float}
    drawn.add_node("new")
    drawn.add_edge("new", "p00001")
    assert drawn.num_edges() == len(net.ties) + 1


def test_too_many_people_are_refused():
    with pytest.raises(OptionError, match="network_map"):
        to_pyvis(sample(), by="team", most=20)


def test_the_page_is_complete_and_names_no_outside_file(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawn = to_pyvis(sample(), by="team")
        drawn.write_html(str(tmp_path / "drawn.html"))
    page = (tmp_path / "drawn.html").read_text(encoding="utf-8")
    assert page.startswith('<!doctype html>\n<html lang="en">')
    assert not re.findall(r'<(?:script|link|img)[^>]*(?:src|href)="(?!data:)', page)
    assert "default-src 'none'" in page
    assert [file.name for file in tmp_path.iterdir()] == ["drawn.html"]
    assert page == to_pyvis(sample(), by="team").generate_html()


def test_hostile_names_stay_inside_their_strings():
    drawn = to_pyvis(hostile(), by="team")
    drawn.heading = HOSTILE[0]
    drawn.select_menu = drawn.filter_menu = True
    drawn.set_options('{"physics": {"enabled": false}, "note": "</script><script>hacked=1"}')
    page = drawn.generate_html()
    assert "<script>window.hacked" not in page
    assert "<script>hacked" not in page
    assert "<img src=x" not in page
    assert "popup.innerHTML" not in page  # tooltips are text, also where they contain "href"
    assert 'sandbox="allow-scripts"' in drawn._repr_html_()
