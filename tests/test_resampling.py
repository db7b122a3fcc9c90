"""Contacts drawn again, the measures of all draws, and the arithmetic of bands."""

from __future__ import annotations

from dataclasses import replace

import networkx as nx
import numpy as np
import pandas as pd
import pytest

import netanalytics as na
from netanalytics.analysis import measure
from netanalytics.network import Network
from netanalytics.resampling import bands as arithmetic
from netanalytics.resampling import measures
from netanalytics.resampling.contacts import Contacts, Sampler, burstiness, contacts_of, recency

from .conftest import log_of
from .strategies import network
from .worlds import HOUR, KERNELS, World, bursty_network


@pytest.fixture(scope="module")
def bursty() -> Network:
    """A small office of half a year, with fading and bursts."""
    return bursty_network()


# ---- measures of all resamples at once -----------------------------------------------------------


def pairs_of(net: Network) -> measures.Pairs:
    return measures.Pairs(len(net.people), *net.ends)


def kernel(name: str, net: Network, weights: np.ndarray) -> np.ndarray:
    groups = [pd.factorize(net.groups("team"))[0]] if name == "entropy" else []
    return KERNELS[name](pairs_of(net), weights, *groups)


@pytest.mark.parametrize("name", KERNELS)
@pytest.mark.parametrize("seed", range(4))
def test_each_column_is_the_measure_of_a_network(name, seed):
    net = network(seed, 30, 90)
    chance = np.random.default_rng(seed)
    weights = net.strength[:, None] * chance.integers(0, 4, (len(net.ties), 7))
    weights[:, 5] = 0.0
    weights[:, 6] = net.strength
    found = kernel(name, net, weights)
    for column in range(weights.shape[1]):
        kept = weights[:, column] > 0
        ties = net.ties[kept].assign(strength=weights[kept, column])
        options = {"by": "team", "weighted": True} if name == "entropy" else {}
        wanted = measure(replace(net, ties=ties), name, **options).iloc[:, 0]
        np.testing.assert_allclose(
            found[:, column], wanted.to_numpy(dtype=float), rtol=1e-6, atol=1e-12
        )


def test_triangles_are_those_of_networkx(monkeypatch):
    monkeypatch.setattr(measures, "BLOCK", 7)
    for seed in range(5):
        net = network(seed, 25, 110)
        _, one, _, _ = pairs_of(net).corners
        assert len(one) == sum(nx.triangles(net.to_networkx()).values())


def test_columns_do_not_depend_on_their_neighbours():
    net = network(3, 30, 90)
    weights = net.strength[:, None] * np.random.default_rng(1).integers(0, 3, (len(net.ties), 9))
    for name in KERNELS:
        alone = [kernel(name, net, weights[:, [column]]) for column in range(9)]
        np.testing.assert_array_equal(np.concatenate(alone, axis=1), kernel(name, net, weights))


# ---- contacts ------------------------------------------------------------------------------------


def test_contacts_add_up_to_the_ties(office_net):
    contacts = contacts_of(office_net)
    sums = np.bincount(contacts.pair, weights=contacts.weight)
    np.testing.assert_allclose(sums, office_net.ties["strength"], rtol=1e-12)
    np.testing.assert_array_equal(np.bincount(contacts.pair), office_net.ties["n"])


def test_one_mail_is_one_event_and_a_meeting_too():
    rows = [
        ("2026-01-05 09:00", "ada", "ben", "mail", "m1", True),
        ("2026-01-05 09:00", "ada", "cy", "mail", "m1", True),
        ("2026-01-06 09:00", "ada", "ben", "meeting", "w", False),
        ("2026-01-06 09:00", "ben", "cy", "meeting", "w", False),
        ("2026-01-06 09:00", "ada", "cy", "meeting", "w", False),
        ("2026-01-13 09:00", "ada", "ben", "meeting", "w", False),
    ]
    columns = ("time", "source", "target", "channel", "event", "directed")
    contacts = contacts_of(na.build_network(log_of(*rows, columns=columns)))
    assert contacts.event.tolist() == [0, 0, 1, 1, 1, 2]
    assert contacts.pair.tolist() == [0, 1, 0, 1, 2, 0]


def test_bots_second_addresses_and_the_end_are_treated_as_in_ties():
    rows = [
        ("2026-01-05", "ada", "ben"),
        ("2026-01-06", "ada@home", "ben"),
        ("2026-01-06", "ada@home", "ada"),
        ("2026-01-07", "bot", "ada"),
        ("2026-01-08", "cy", "ben"),
        ("2026-02-08", "cy", "ada"),
    ]
    people = pd.DataFrame(
        {"person": ["ada", "bot"], "addresses": ["ADA@home", None], "is_bot": [False, True]}
    )
    net = na.build_network(log_of(*rows), people=people, as_of="2026-01-31")
    contacts = contacts_of(net)
    assert list(net.people.index[np.concatenate(net.ends)]) == ["ada", "ben", "ben", "cy"]
    assert contacts.pair.tolist() == [0, 0, 1]
    np.testing.assert_allclose(np.bincount(contacts.pair, contacts.weight), net.strength)


def test_a_resample_does_not_depend_on_how_many_there_are(bursty):
    sampler = Sampler(contacts_of(bursty), 3)
    many = np.concatenate(list(sampler.weights(0.4, range(20), 1)), axis=1)
    narrow = np.concatenate(list(sampler.weights(0.4, range(5), 1 << 21)), axis=1)
    np.testing.assert_array_equal(many[:, :5], narrow)


def test_weights_have_the_mean_and_the_variance_they_should(bursty):
    contacts = contacts_of(bursty)
    sampler = Sampler(replace(contacts, event=np.arange(len(contacts.event))), 1)
    for kappa in (0.0, 0.5, 3.0):
        drawn = np.concatenate(list(sampler.weights(kappa, range(4000), 1)), axis=1)
        mean = bursty.strength
        alone = np.bincount(contacts.pair, weights=contacts.weight**2)
        wanted = (1 + kappa) * alone + kappa * mean**2
        assert abs(np.median(drawn.mean(axis=1) / mean) - 1) < 0.01
        assert abs(np.median(drawn.var(axis=1) / wanted) - 1) < 0.04


# ---- bursts --------------------------------------------------------------------------------------


def made_of(pair: list[int], day: list[float], ties: int) -> Contacts:
    hours = (np.array(day) * 24 * HOUR).astype(np.int64)
    return Contacts(np.arange(len(pair)), np.array(pair), hours, np.ones(len(pair)), ties)


def test_burstiness_is_the_formula():
    # 30 pairs meet in quarters 1 and 4; 10 more eight times, in quarters 2 and 3.
    pair = [p for p in range(30) for _ in range(2)] + [p for p in range(30, 40) for _ in range(8)]
    day = [0.0, 100.0] * 30 + [30.0, 30.0, 30.0, 30.0, 60.0, 60.0, 60.0, 60.0] * 10
    share = np.array([30, 40, 40, 30]) / 140
    d = share[0] * share[2] + share[0] * share[3] + share[1] * share[3]
    wanted = (30 * 1 + 10 * 7) / (30 * 1 / (2 * d)) - 1
    assert wanted > 0
    assert burstiness(made_of(pair, day, 40)) == pytest.approx(wanted)


def test_burstiness_is_unknown_with_too_little_to_go_by():
    spread = [0.0, 30.0, 60.0, 100.0]
    enough = made_of([p for p in range(30) for _ in range(4)], spread * 30, 30)
    assert burstiness(enough) == 0
    assert np.isnan(burstiness(made_of([p for p in range(29) for _ in range(4)], spread * 29, 29)))
    hole = [0.0, 30.0, 30.0, 100.0]
    assert np.isnan(burstiness(made_of([p for p in range(30) for _ in range(4)], hole * 30, 30)))
    assert np.isnan(burstiness(made_of(list(range(60)), [0.0, 30.0, 60.0, 100.0] * 15, 60)))
    once = [0.0] * 8 + [30.0] * 8 + [60.0] * 8 + [100.0] * 8
    bursts = made_of([p for p in range(32) for _ in range(2)], [d for d in once for _ in "ab"], 32)
    assert np.isnan(burstiness(bursts))


@pytest.mark.parametrize(
    ("habit", "weeks", "low", "high"),
    [
        ("poisson", 26, 0.0, 0.02),
        ("weekly", 26, 0.03, 0.1),
        ("on and off", 26, 0.45, 0.9),
        ("on and off", 78, 0.18, 0.35),
    ],
)
def test_burstiness_finds_the_bursts_that_are_there(habit, weeks, low, high):
    world = World.of(1)
    log = world.log(habit, weeks, 0)
    hours = (log.hour * HOUR).astype(np.int64)
    contacts = Contacts(log.event, log.pair, hours, np.ones(len(log.pair)), len(world.rate))
    assert low <= burstiness(contacts) <= high


@pytest.mark.parametrize("half_life", [20.0, 90.0, 1000.0])
def test_recency_is_the_sum_over_days(half_life):
    days = np.arange(0, 500, 0.01)
    weight = 2 ** (-days / half_life)
    wanted = len(days) * (weight**2).sum() / weight.sum() ** 2
    assert recency(made_of([0, 0], [3.0, 503.0], 1), half_life) == pytest.approx(wanted, rel=1e-3)
    assert recency(made_of([0, 0], [3.0, 503.0], 1), 1e12) == 1


# ---- arithmetic ----------------------------------------------------------------------------------


def test_ranks_share_the_places_of_equals():
    values = np.array([[3.0, 1.0], [3.0, 2.0], [5.0, 2.0], [1.0, 2.0]])
    best, worst = arithmetic.ranks(values)
    assert best.tolist() == [[2, 4], [2, 1], [1, 1], [4, 1]]
    assert worst.tolist() == [[3, 4], [3, 3], [1, 3], [4, 3]]


@pytest.mark.parametrize(
    ("scale", "inverse"),
    [("log", np.exp), ("root", np.square), ("log1p", np.expm1), ("raw", np.array)],
)
def test_an_interval_is_symmetric_on_its_scale(scale, inverse):
    chance = np.random.default_rng(1)
    middle = np.array([1.0, 2.0, 3.0])
    draws = middle[:, None] + 0.1 * chance.standard_normal((3, 500))
    low, high = arithmetic.interval(inverse(middle), inverse(draws), scale=scale, deviations=1.645)
    sides = (arithmetic.scaled(low, scale) + arithmetic.scaled(high, scale)) / 2
    np.testing.assert_allclose(sides, middle)
    half = (arithmetic.scaled(high, scale) - arithmetic.scaled(low, scale)) / 2
    np.testing.assert_allclose(half, 1.645 * draws.std(axis=1, ddof=1))


def test_an_interval_of_what_cannot_be_negative_ends_at_zero():
    draws = np.array([[0.0, 4.0, 0.0, 4.0]])
    for scale in ("root", "log1p", "not below 0"):
        assert arithmetic.interval(np.ones(1), draws, scale=scale, deviations=9.0)[0][0] == 0
    assert arithmetic.interval(np.ones(1), draws, scale="raw", deviations=9.0)[0][0] < 0


def test_draws_are_pulled_towards_the_mean_by_what_is_not_known():
    chance = np.random.default_rng(2)
    truth = chance.standard_normal(4000)
    value = truth + 2 * chance.standard_normal(4000)
    values = value[:, None] + 2 * chance.standard_normal((4000, 50))
    noise = chance.standard_normal((4000, 50))
    draws = arithmetic.shrunk(value, values, scale="raw", noise=noise)
    # Variances 1 and 4: a fifth of what was observed stays, and 4/5 is left unknown.
    assert np.polyfit(value, draws.mean(axis=1), 1)[0] == pytest.approx(0.2, abs=0.03)
    assert draws.std(axis=1).mean() == pytest.approx(np.sqrt(0.8), abs=0.05)
    still = arithmetic.shrunk(np.ones(5), np.ones((5, 9)), scale="raw", noise=np.ones((5, 9)))
    assert (still == 1).all()


def test_what_a_resample_does_not_define_takes_the_mean_of_the_others():
    values = np.array([[1.0, np.nan, 3.0], [np.nan, np.nan, np.nan]])
    found = arithmetic.filled(values, np.array([9.0, 7.0]))
    assert found.tolist() == [[1.0, 2.0, 3.0], [7.0, 7.0, 7.0]]
