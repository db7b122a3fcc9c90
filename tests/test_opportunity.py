"""The mix against opportunity: by hand, against other measures, and as a fair test."""

from __future__ import annotations

from functools import lru_cache
from itertools import permutations

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from netanalytics.analysis import diversity, measure
from netanalytics.analysis.opportunity import (
    OF_NETWORK,
    OF_PEOPLE,
    against_opportunity,
    people_against_opportunity,
)
from netanalytics.errors import OptionError, UnknownNameError
from netanalytics.network import Network

from .strategies import hostile, network, people_rows, tie_rows

OBSERVED = ["observed", "expected", "low", "high", "z", "p"]


def small() -> Network:
    """Two teams of three, a triangle in each, one tie between."""
    pairs = ["ab", "ac", "bc", "de", "df", "ef", "cd"]
    ties = pd.DataFrame([tuple(pair) for pair in pairs], columns=["source", "target"])
    people = pd.DataFrame({"person": list("abcdef"), "team": list("xxxyyy")})
    return Network.from_ties(ties, people)


# ---- values --------------------------------------------------------------------------------------


def test_the_null_is_that_of_all_ways_to_hand_out_labels():
    net = small()
    first, second = net.ends
    every = []
    for labels in {*permutations("xxxyyy")}:
        team = np.array(labels)
        outside = (team[first] != team[second]).sum()
        every.append((2 * outside - 7) / 7)
    found = against_opportunity(net, by="team", permutations=4000).loc["network"]
    assert found["observed"] == pytest.approx(-5 / 7)
    assert found["expected"] == pytest.approx(np.mean(every), abs=0.02)
    assert found["z"] == pytest.approx((-5 / 7 - np.mean(every)) / np.std(every), abs=0.1)
    # 2 of the 20 ways are as far down as what was seen.
    assert found["p"] == pytest.approx(2 * np.mean(np.array(every) <= -5 / 7 + 1e-9), abs=0.03)


@pytest.mark.parametrize("seed", range(5))
def test_observed_values_are_those_of_networkx_and_of_the_chapters(seed):
    net = network(seed, 30, 80)
    known = net.people.index[net.groups("team").notna()]
    part = net.among(known)
    graph = part.to_networkx()
    found = against_opportunity(net, by="team", statistic="assortativity", permutations=1)
    wanted = nx.attribute_assortativity_coefficient(graph, "team")
    assert found.loc["network", "observed"] == pytest.approx(wanted)
    groups = against_opportunity(net, by="team", statistic="coleman", permutations=1)["observed"]
    homophily = diversity.coleman(part, by="team")
    np.testing.assert_allclose(groups, homophily.reindex(groups.index))
    for name in ("entropy", "ei_index"):
        for weighted in (False, True):
            options = {"by": "team", "weighted": weighted}
            table = people_against_opportunity(net, statistic=name, permutations=1, **options)
            values = measure(net, name, **options).iloc[:, 0]
            shown = table["observed"].notna()
            assert shown.equals((table["contacts"] >= 3) & values.notna())
            np.testing.assert_allclose(table["observed"][shown], values[shown], atol=1e-12)


def test_coleman_is_its_formula():
    found = against_opportunity(small(), by="team", statistic="coleman", permutations=99)
    assert list(found.index) == ["x", "y"]
    # 7 ends in x, 6 of them of ties inside, by chance 2/5 of 7.
    assert found.loc["x", "observed"] == pytest.approx((6 - 2.8) / (7 - 2.8))
    pairs = pd.DataFrame({"source": list("abc"), "target": list("def")})
    people = pd.DataFrame({"person": list("abcdef"), "team": list("xxxyyy")})
    apart = against_opportunity(
        Network.from_ties(pairs, people), by="team", statistic="coleman", permutations=9
    )
    assert apart["observed"].tolist() == [-1, -1]


def test_blau_and_iqv_are_their_formulas():
    ties = pd.DataFrame({"source": ["a"] * 4, "target": list("bcde")})
    people = pd.DataFrame({"person": list("abcdef"), "team": list("xxxyzz")})
    net = Network.from_ties(ties, people)
    blau = people_against_opportunity(net, by="team", statistic="blau").loc["a", "observed"]
    assert blau == pytest.approx(1 - (0.25 + 1 / 16 + 1 / 16))
    iqv = people_against_opportunity(net, by="team", statistic="iqv").loc["a", "observed"]
    assert iqv == pytest.approx(blau / (1 - 1 / 3))
    whole = against_opportunity(net, by="team", statistic="iqv")
    assert whole.loc["network", "observed"] == pytest.approx(iqv)


def test_diversity_is_not_fooled_by_size():
    """Three contacts in three departments do not beat thirty in ten where ten exist."""
    rng = np.random.default_rng(1)
    names = [f"p{number:03}" for number in range(200)]
    team = [f"t{number % 10}" for number in range(200)]
    few = [("few", names[number]) for number in (0, 1, 2)]
    many = [("many", names[number]) for number in range(30)]
    others = [tuple(rng.choice(names, 2, replace=False)) for _ in range(600)]
    ties = pd.DataFrame([*few, *many, *others], columns=["source", "target"])
    people = pd.DataFrame({"person": [*names, "few", "many"], "team": [*team, "t0", "t0"]})
    table = people_against_opportunity(Network.from_ties(ties, people), by="team")
    assert table.loc["many", "z"] > table.loc["few", "z"]
    assert table.loc["many", "p"] < 0.05 < table.loc["few", "p"]


def test_several_columns_are_their_combinations():
    ties, people = sites(3)
    both = people["team"].str.cat(people["site"], sep=" / ")
    people.loc[4, "site"] = None
    net = Network.from_ties(ties, people.assign(both=both.where(people["site"].notna())))
    pd.testing.assert_frame_equal(
        against_opportunity(net, by=["team", "site"], statistic="coleman", permutations=9),
        against_opportunity(net, by="both", statistic="coleman", permutations=9),
    )


# ---- who counts ----------------------------------------------------------------------------------


def test_the_unknown_are_counted_and_left_out_on_both_sides():
    net = network(2, 30, 80)
    known = net.groups("team").notna()
    found = against_opportunity(net, by="team").loc["network"]
    assert found["people"] == known.sum()
    assert found["unknown"] == (~known).sum() > 0
    inside = known.to_numpy()[net.ends[0]] & known.to_numpy()[net.ends[1]]
    assert found["unknown_ties"] == (~inside).sum() > 0
    only = against_opportunity(net.among(net.people.index[known]), by="team").loc["network"]
    pd.testing.assert_series_equal(found[OBSERVED], only[OBSERVED])
    table = people_against_opportunity(net, by="team")
    degree = measure(net, "degree")["degree"]
    assert (table["contacts"] + table["unknown"]).equals(degree.rename(None))
    assert table.loc[table["contacts"] < 3, OBSERVED].isna().all(axis=None)
    nameless = table[~known.to_numpy() & (table["contacts"] >= 3)]
    assert nameless["observed"].notna().all()


def sites(
    seed: int, *, ties: int = 260, kinds: int = 4, local: float = 0.7
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """People who meet inside their site, where departments are mixed at random.

    A share ``local`` is in the department of the site, the others in any.
    """
    rng = np.random.default_rng([seed, 7])
    people = 90
    site = np.sort(rng.integers(0, 3, people))
    team = np.where(rng.random(people) < local, site, rng.integers(0, kinds, people))
    first, second = np.triu_indices(people, 1)
    chance = np.where(site[first] == site[second], 8.0, 1.0)
    kept = rng.choice(len(first), ties, replace=False, p=chance / chance.sum())
    names = np.array([f"p{number:03}" for number in range(people)], dtype=object)
    frame = pd.DataFrame(
        {
            "source": names[first[kept]],
            "target": names[second[kept]],
            "strength": np.exp(rng.standard_normal(ties)),
        }
    )
    table = pd.DataFrame(
        {
            "person": names,
            "team": [f"t{number}" for number in team],
            "site": [f"s{number}" for number in site],
        }
    )
    return frame, table


def test_labels_are_shuffled_inside_each_site():
    net = site_network(1)
    everywhere = against_opportunity(net, by="team").loc["network"]
    inside = against_opportunity(net, by="team", within="site").loc["network"]
    assert everywhere["p"] == pytest.approx(2 / 1000)
    assert inside["p"] > 0.05
    assert inside["observed"] == everywhere["observed"]
    assert inside["expected"] < everywhere["expected"]
    alone = net.people.assign(own=net.people.index)
    fixed = against_opportunity(
        Network.from_ties(net.ties.reset_index(), alone.reset_index()), by="team", within="own"
    ).loc["network"]
    assert fixed["expected"] == pytest.approx(fixed["observed"])
    assert fixed["p"] == 1
    assert np.isnan(fixed["z"])


def test_who_has_no_site_is_unknown():
    ties, people = sites(1)
    people.loc[:9, "site"] = None
    net = Network.from_ties(ties, people)
    assert against_opportunity(net, by="team", within="site")["unknown"].tolist() == [10]


# ---- the same bytes ------------------------------------------------------------------------------


@pytest.mark.parametrize("statistic", OF_NETWORK)
def test_the_order_of_rows_changes_nothing_and_the_seed_does(statistic):
    ties, people = tie_rows(4, 30, 80), people_rows(4, 30)
    one = Network.from_ties(ties, people)
    other = Network.from_ties(
        ties.sample(frac=1, random_state=1), people.sample(frac=1, random_state=2)
    )
    options = {"by": "team", "statistic": statistic, "permutations": 99}
    found = against_opportunity(one, **options)
    pd.testing.assert_frame_equal(found, against_opportunity(other, **options), check_exact=True)
    assert not found.equals(against_opportunity(one, **options, seed=1))


def test_blocks_change_nothing(monkeypatch):
    from netanalytics.analysis import opportunity

    net = site_network(1)
    found = people_against_opportunity(net, by="team", within="site", permutations=99)
    monkeypatch.setattr(opportunity, "_BLOCK", 2000)
    again = people_against_opportunity(net, by="team", within="site", permutations=99)
    pd.testing.assert_frame_equal(found, again, check_exact=True)


# ---- edges ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", hostile())
def test_networks_at_the_edge_have_missing_values(name):
    net = hostile()[name]
    for statistic in OF_NETWORK:
        found = against_opportunity(net, by="team", statistic=statistic, permutations=19)
        assert set(OBSERVED) < set(found.columns)
        assert not np.isinf(found[OBSERVED].to_numpy(dtype=float)).any()
    for statistic in OF_PEOPLE:
        table = people_against_opportunity(net, by="team", statistic=statistic, permutations=19)
        pd.testing.assert_index_equal(table.index, net.people.index)
        assert not np.isinf(table[OBSERVED].to_numpy(dtype=float)).any()


def test_refusals():
    net = small()
    with pytest.raises(UnknownNameError, match="team"):
        against_opportunity(net, by="teem")
    with pytest.raises(UnknownNameError):
        against_opportunity(net, by="team", within="site")
    with pytest.raises(OptionError, match="statistic"):
        against_opportunity(net, by="team", statistic="moran")
    with pytest.raises(OptionError, match="statistic"):
        people_against_opportunity(net, by="team", statistic="coleman")
    with pytest.raises(OptionError, match="permutations"):
        against_opportunity(net, by="team", permutations=0)


# ---- a fair test ---------------------------------------------------------------------------------


@lru_cache(maxsize=400)
def site_network(seed: int) -> Network:
    return Network.from_ties(*sites(seed))


def rejected(seeds: range, statistic: str) -> float:
    """How often p ≤ 0.05 where departments are mixed at random inside each site."""
    count = 0
    for seed in seeds:
        found = against_opportunity(
            site_network(seed),
            by="team",
            statistic=statistic,
            within="site",
            permutations=199,
            seed=seed,
        )
        count += found["p"].iloc[0] <= 0.05 + 1e-9
    return count / len(seeds)


def rejected_people(seeds: range, *, weighted: bool) -> float:
    """The same for the entropy of everybody with three contacts or more."""
    found = [
        people_against_opportunity(
            Network.from_ties(*sites(seed, ties=600, kinds=8, local=0.0)),
            by="team",
            within="site",
            weighted=weighted,
            permutations=199,
            seed=seed,
        )["p"].dropna()
        for seed in seeds
    ]
    return float((pd.concat(found) <= 0.05 + 1e-9).mean())


@pytest.mark.parametrize("statistic", ["ei_index", "assortativity"])
def test_chance_is_called_chance_in_nineteen_of_twenty(statistic):
    # 400 data sets: of right tests 95 % lie between 2.9 and 7.1 %, 99.9 % between 1.6 and 8.8 %.
    assert 0.016 <= rejected(range(400), statistic) <= 0.088


def test_without_sites_it_is_not():
    """The control: the test can fail."""
    count = 0
    for seed in range(60):
        found = against_opportunity(site_network(seed), by="team", permutations=199, seed=seed)
        count += found["p"].iloc[0] <= 0.05
    assert count / 60 > 0.4


def test_a_persons_p_is_small_for_one_in_twenty():
    # Strengths make all mixes differ. Without them many are equal, and equal ones count against
    # a small p: the test then errs on the side of chance.
    assert 0.035 <= rejected_people(range(40), weighted=True) <= 0.065
    assert rejected_people(range(40), weighted=False) <= 0.055


@pytest.mark.nightly
@pytest.mark.parametrize("statistic", ["ei_index", "assortativity"])
def test_four_to_six_percent_of_random_mixings_are_rejected(statistic):
    assert 0.04 <= rejected(range(10_000, 14_000), statistic) <= 0.06


@pytest.mark.nightly
def test_a_persons_diversity_is_a_fair_test_too():
    assert 0.04 <= rejected_people(range(10_000, 10_200), weighted=True) <= 0.06
    assert rejected_people(range(10_000, 10_200), weighted=False) <= 0.05
