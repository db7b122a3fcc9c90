"""From the log to every registered measure: what changes no value, and what no call changes."""

from __future__ import annotations

from zlib import crc32

import numpy as np
import pandas as pd
import pytest

import netanalytics as na
from netanalytics import registry

from .conftest import AS_OF


def built(office, rows=None, people=None):
    log = na.load(office.interactions if rows is None else rows)
    return na.build_network(log, people=office.people if people is None else people, as_of=AS_OF)


def values(net, card) -> pd.DataFrame:
    options = {"by": "department"} if card.by else {}
    ask = na.measure if card.per == "person" else na.measure_ties
    return ask(net, card.name, **options)


def names(table: pd.DataFrame, new: dict[str, str]) -> pd.DataFrame:
    """Return a table with other ids, in order; ends of a tie change places where they must."""
    table = table.rename(index=new)
    if table.index.nlevels == 1:
        return table.sort_index()
    pairs = [tuple(sorted(pair)) for pair in table.index]
    return table.set_axis(pd.MultiIndex.from_tuples(pairs, names=["source", "target"])).sort_index()


@pytest.fixture(scope="module")
def new_names(office_log) -> dict[str, str]:
    return {name: f"n{crc32(name.encode()):08x}" for name in office_log.ids()}


@pytest.fixture(scope="module")
def renamed(office, new_names):
    rows = office.interactions.replace({"source": new_names, "target": new_names})
    people = office.people.replace({"person": new_names})
    return built(office, rows, people)


@pytest.fixture(scope="module")
def shuffled(office):
    return built(office, office.interactions.sample(frac=1.0, random_state=5))


@pytest.fixture(scope="module")
def lonely(office):
    more = pd.DataFrame({"person": ["zz.nobody"], "department": ["Design"], "is_bot": [False]})
    return built(office, people=pd.concat([office.people, more], ignore_index=True))


registered = na.measure  # the verb loads every chapter
CARDS = list(registry.metrics().values())


def same(one: pd.DataFrame, two: pd.DataFrame, *, exact: bool) -> None:
    pd.testing.assert_frame_equal(
        one,
        two,
        check_exact=exact,
        check_index_type=False,
        **({} if exact else {"rtol": 1e-9, "atol": 1e-9}),
    )


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.name)
def test_order_of_rows(card, office_net, shuffled):
    assert "row order" in card.invariant
    same(values(office_net, card), values(shuffled, card), exact=True)


@pytest.mark.parametrize(
    "card", [card for card in CARDS if "renaming" in card.invariant], ids=lambda card: card.name
)
def test_other_names(card, office_net, renamed, new_names):
    expected = names(values(office_net, card), new_names)
    same(expected, values(renamed, card), exact=False)


@pytest.mark.parametrize(
    "card", [card for card in CARDS if "isolate" in card.invariant], ids=lambda card: card.name
)
def test_one_more_person_without_ties(card, office_net, lonely):
    found = values(lonely, card)
    if card.per == "person":
        found = found.drop(index="zz.nobody")
    same(values(office_net, card), found, exact=False)


def test_no_call_changes_its_arguments(office):
    rows, people = office.interactions.copy(deep=True), office.people.copy(deep=True)
    net = built(office, rows, people)
    tables = {
        name: getattr(net, name).copy(deep=True) for name in ("people", "ties", "card", "planned")
    }
    person = str(na.check_ins(net)["person"].iloc[0])
    suggestions = na.introductions(net, person=person)
    before = suggestions.copy(deep=True)
    na.measure(net, by="department")
    na.measure_ties(net)
    na.network_map(net, person=person, suggestions=suggestions)
    na.maps.to_pyvis(net)
    for options in ({"person": person}, {"names": True}, {}):
        na.build_report(net, **options)
    net.to_networkx()
    net.to_igraph(directed=True)
    pd.testing.assert_frame_equal(rows, office.interactions)
    pd.testing.assert_frame_equal(people, office.people)
    pd.testing.assert_frame_equal(suggestions, before)
    for name, table in tables.items():
        pd.testing.assert_frame_equal(getattr(net, name), table)


def test_a_network_is_as_good_as_its_log(office, office_net, tmp_path):
    """The stored files and the frames give the same network."""
    office.interactions.to_csv(tmp_path / "log.csv", index=False)
    office.people.to_csv(tmp_path / "people.csv", index=False)
    log = na.load(tmp_path / "log.csv")
    net = na.build_network(log, people=tmp_path / "people.csv", as_of=AS_OF)
    pd.testing.assert_frame_equal(net.ties, office_net.ties)
    assert np.array_equal(net.people.index, office_net.people.index)
