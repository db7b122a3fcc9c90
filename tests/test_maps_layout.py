"""Where people stand: the same from the same seed, apart from each other, group by group."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest
from scipy.spatial import cKDTree

from netanalytics.maps import sectors
from netanalytics.maps.between import groups_data
from netanalytics.maps.layout import degrees, layout
from netanalytics.maps.style import radii
from netanalytics.network import Network

from .test_maps_samples import sample, star


def overlaps(places: np.ndarray, radius: np.ndarray) -> int:
    pairs = cKDTree(places).query_pairs(2 * radius.max(), output_type="ndarray")
    apart = np.hypot(*(places[pairs[:, 0]] - places[pairs[:, 1]]).T)
    return int((apart < radius[pairs].sum(axis=1) - 0.2).sum())


def test_the_same_seed_gives_the_same_places():
    net = sample(80)
    first, again, other = (layout(net, net.people["team"], seed=seed) for seed in (3, 3, 4))
    assert (first == again).all()
    assert (first != other).any()


def test_no_two_dots_overlap():
    net = sample(400)
    places = layout(net, net.people["team"])
    assert np.isfinite(places).all()
    assert overlaps(places, radii(degrees(net))) == 0


def test_people_of_a_group_stand_together():
    net = sample(200)
    places = layout(net, net.people["team"])
    tied = degrees(net) > 0
    team = net.people["team"].to_numpy()[tied]
    _, near = cKDTree(places[tied]).query(places[tied], k=6)
    assert (team[near[:, 1:]] == team[:, None]).mean() > 0.85


def test_people_without_ties_stand_below_all_others():
    net = sample(60)
    places = layout(net, net.people["team"])
    tied = degrees(net) > 0
    assert places[~tied, 1].min() > places[tied, 1].max()


@pytest.mark.parametrize("size", [1, 2, 3, 12])
def test_small_networks_have_places(size):
    net = star(size)
    places = layout(net, net.per_person([0] * size, "community"))
    assert places.shape == (size, 2)
    assert overlaps(places, radii(degrees(net))) == 0


def test_nobody_tied_and_missing_groups():
    people = pd.DataFrame({"person": list("abcdefgh"), "team": ["x", None] * 4})
    net = Network.from_ties(pd.DataFrame({"source": [], "target": []}, dtype=str), people)
    places = layout(net, net.people["team"])
    assert len(np.unique(places, axis=0)) == 8


def test_pinned_people_stay_and_new_ones_stand_beside_their_contacts():
    net = sample(80)
    before = layout(net, net.people["team"])
    earlier = pd.DataFrame(before, index=net.people.index, columns=["x", "y"]).iloc[:-8]
    after = layout(net, net.people["team"], pinned=earlier)
    assert (after[:-8] == before[:-8]).all()
    assert overlaps(after[-8:], radii(degrees(net))[-8:]) == 0
    few = layout(net, net.people["team"], pinned=earlier.iloc[:10])
    assert (few == before).all()


def test_three_thousand_people_take_seconds():
    net = sample(3000, mean=8, dated=False)
    began = time.process_time()
    layout(net, net.people["team"])
    assert time.process_time() - began < 10


def test_contacts_stand_in_their_sector_and_the_unseen_outside():
    groups = np.array([0] * 12 + [1] * 6 + [2] * 2)
    unseen = np.array([False] * 10 + [True] * 2 + [False] * 8)
    view = sectors.sector_view(groups, unseen, [0, 13, -1])
    x, y = view.contacts.T
    angle = np.arctan2(x / sectors.ACROSS, -y / sectors.DOWN) % (2 * np.pi)
    spans = {int(group): (low, high) for group, low, high, *_ in view.sectors}
    assert all(spans[g][0] <= a <= spans[g][1] for g, a in zip(groups, angle, strict=True))
    radius = np.hypot(x / sectors.ACROSS, y / sectors.DOWN)
    assert radius[unseen].min() > radius[~unseen].max()
    outside = np.hypot(view.outside[:, 0] / sectors.ACROSS, view.outside[:, 1] / sectors.DOWN)
    assert outside.min() > radius.max()
    assert [ring["label"] for ring in view.rings] == ["not seen lately, by me"]


@pytest.mark.parametrize("size", [0, 1, 2, 60, 150, 1200])
def test_any_number_of_contacts_has_a_place_each(size):
    view = sectors.sector_view(np.arange(size) % 5, np.arange(size) % 4 == 0, [])
    assert len(np.unique(np.round(view.contacts, 1), axis=0)) == size


def test_groups_with_much_contact_are_neighbours_on_the_ring():
    sizes = pd.DataFrame({"size": [10] * 6}, index=list("abcdef"))
    pairs = [("a", "d"), ("d", "b"), ("b", "f"), ("f", "c"), ("c", "e"), ("e", "a")]
    contacts = pd.DataFrame(pairs, columns=["source", "target"]).assign(per_100=9.0)
    data = groups_data(sizes, contacts, None)
    x, y = (np.array(data["views"][0][axis]) for axis in ("x", "y"))
    order = np.argsort(np.arctan2(y / sectors.DOWN, x / sectors.ACROSS))
    ring = [data["nodes"]["name"][at] for at in order]
    steps = {frozenset((ring[at], ring[at - 1])) for at in range(6)}
    assert steps == {frozenset(pair) for pair in pairs}


def test_a_ribbon_withheld_is_not_taken_for_no_contact():
    sizes = pd.DataFrame({"size": [10] * 3}, index=list("abc"))
    contacts = pd.DataFrame({"source": list("aab"), "target": list("bcc")})
    shown = groups_data(sizes, contacts.assign(per_100=[9.0, 1.0, 0.0]), None)
    assert len(shown["notes"]) == 1
    some = groups_data(sizes, contacts.assign(per_100=[9.0, np.nan, np.nan]), None)
    assert some["notes"][1].startswith("2 pairs of groups have no ribbon because too few people")
