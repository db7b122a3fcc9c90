"""Shortest paths by length, against arithmetic without rounding."""

from __future__ import annotations

import heapq
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from netanalytics.analysis import centrality
from netanalytics.network import Network

PEOPLE, TIES = 40, 110

STRENGTHS = {
    "numbers of bytes": lambda rng, n: rng.integers(10**6, 10**9, n),
    "small numbers": lambda rng, n: rng.integers(1, 4, n),
    "small numbers in a large unit": lambda rng, n: rng.integers(1, 4, n) * 2.0**40,
    "half nine years old": lambda rng, n: (
        rng.integers(1, 20, n) * np.exp2(-np.where(rng.random(n) < 0.5, 9 * 365 / 90, 0))
    ),
    "up to nine years old": lambda rng, n: np.exp2(-rng.random(n) * 9 * 365 / 90),
    "huge": lambda rng, n: rng.random(n) * 1e300,
    "tiny": lambda rng, n: (1 + rng.random(n)) * 1e-290,
}


def ties_of(strengths: str, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    drawn = rng.integers(0, PEOPLE, (TIES, 2)).tolist()
    pairs = sorted({(min(pair), max(pair)) for pair in drawn if pair[0] != pair[1]})
    frame = pd.DataFrame(pairs, columns=["source", "target"]).map(lambda n: f"p{n:02}")
    return frame.assign(strength=STRENGTHS[strengths](rng, len(pairs)).astype(float))


def searched(ways: dict[str, list], source: str) -> tuple[dict, dict, dict, list[str]]:
    """Return how far everybody is, by how many ways, through whom, and the order."""
    far, count, before, order = {source: Fraction(0)}, {source: 1}, {source: []}, []
    heap = [(Fraction(0), source)]
    while heap:
        length, person = heapq.heappop(heap)
        if person in order or length > far[person]:
            continue
        order.append(person)
        for other, step in ways[person]:
            through = length + step
            if other not in far or through < far[other]:
                far[other], count[other], before[other] = through, count[person], [person]
                heapq.heappush(heap, (through, other))
            elif through == far[other]:
                count[other] += count[person]
                before[other].append(person)
    return far, count, before, order


def exact(ties: pd.DataFrame, *, directed: bool) -> tuple[dict, dict, dict]:
    """Return betweenness of people, of ties, and harmonic closeness."""
    ways: dict[str, list] = {person: [] for person in {*ties["source"], *ties["target"]}}
    for source, target, strength in ties.itertuples(index=False):
        ways[source].append((target, 1 / Fraction(strength)))
        if not directed:
            ways[target].append((source, 1 / Fraction(strength)))
    people, pairs = dict.fromkeys(ways, Fraction(0)), {}
    near = {}
    for source in ways:
        far, count, before, order = searched(ways, source)
        near[source] = float(sum(1 / far[one] for one in order[1:]))
        behind = dict.fromkeys(order, Fraction(0))
        for person in reversed(order[1:]):
            people[person] += behind[person]
            for one in before[person]:
                share = Fraction(count[one], count[person]) * (1 + behind[person])
                behind[one] += share
                pair = (min(one, person), max(one, person))
                pairs[pair] = pairs.get(pair, 0) + share
    twice = 1 if directed else 2
    return (
        {person: float(value / twice) for person, value in people.items()},
        {pair: float(value / twice) for pair, value in pairs.items()},
        near,
    )


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("strengths", list(STRENGTHS))
def test_paths_by_length_are_those_without_rounding(strengths, directed):
    for seed in range(3):
        ties = ties_of(strengths, seed)
        net = Network.from_ties(ties, directed=directed)
        people, pairs, near = exact(ties, directed=directed)
        how = {"weighted": True, "directed": directed}
        size = len(net.people)
        for found in (
            centrality.betweenness(net, **how),
            centrality.sampled_betweenness(net, samples=size, **how)["betweenness"],
        ):
            assert found.to_dict() == pytest.approx(people, abs=1e-9)
        used = centrality.edge_betweenness(net, **how)
        assert used.to_dict() == pytest.approx({tie: pairs.get(tie, 0.0) for tie in used.index})
        harmonic = centrality.harmonic_closeness(net, **how)
        assert harmonic.to_dict() == pytest.approx(near, rel=1e-9, abs=0)


@pytest.mark.parametrize("measure", ["closeness", "harmonic_closeness"])
def test_closeness_is_in_the_unit_of_strength(measure):
    ties = ties_of("small numbers", 5)
    plain = getattr(centrality, measure)(Network.from_ties(ties), weighted=True)
    for factor in (1e-250, 1e-9, 1e12, 1e250):
        scaled = Network.from_ties(ties.assign(strength=ties["strength"] * factor))
        found = getattr(centrality, measure)(scaled, weighted=True)
        np.testing.assert_allclose(found / factor, plain, rtol=1e-12)
