"""Workplaces with a known truth: who talks to whom how often, and as many logs of it as wanted.

A world has people, departments, ties and a rate for each tie. A log is a draw from it: weekly
counts that are Poisson, or come in bursts, and mails that reach several contacts at once. The truth
about a measure is its mean over many logs of the same length and habits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import igraph
import numpy as np
import pandas as pd

import netanalytics as na
from netanalytics.analysis import uncertainty
from netanalytics.network import Network
from netanalytics.resampling import measures
from netanalytics.resampling.bands import ranks
from netanalytics.resampling.contacts import COINS, Sampler
from netanalytics.resampling.measures import Pairs

Habit = Literal["poisson", "weekly", "on and off"]
HABITS: tuple[Habit, ...] = ("poisson", "weekly", "on and off")
WEEKS = (26, 78)
REGIMES = tuple((habit, weeks) for habit in HABITS for weeks in WEEKS)

START = pd.Timestamp("2025-01-06", tz="UTC")
HOUR = 3_600_000_000
NO_FADING = 1e9
"""A half-life so long that all contacts of a log count alike."""

LOYALTY = 0.8
"""Share of a mail's recipients who are drawn by how busy their tie is that week, the others by how
busy it usually is. Without the others a mail in a quiet week goes to everybody who is not silent,
and weak ties are seen more often in bursts than without. Ties vary as they do in the measurements
that the bands were chosen by: κ .5 in half a year on and off, .2 in eighteen months, .06 weekly."""


@dataclass(frozen=True, eq=False)
class Log:
    """Contacts: event, pair, hour since the start, and the people in the event."""

    event: np.ndarray
    pair: np.ndarray
    hour: np.ndarray
    size: np.ndarray

    def weights(self, pairs: int, *, weeks: int, half_life_days: float = NO_FADING) -> np.ndarray:
        """Strength of every pair at the end of the log."""
        age = (weeks * 168 - self.hour) / 24
        part = np.exp2(-age / half_life_days) / (self.size - 1)
        return np.bincount(self.pair, weights=part, minlength=pairs)


@dataclass(frozen=True, eq=False)
class World:
    """People with departments, and ties with rates (contacts a week)."""

    seed: int
    departments: np.ndarray
    pairs: Pairs
    rate: np.ndarray

    @classmethod
    def of(cls, seed: int, *, people: int = 300, ties: int = 15, mean: float = 6.0) -> World:
        """``ties`` a person, ``mean`` contacts a tie in half a year."""
        rng = np.random.default_rng([seed, 1])
        departments = rng.integers(0, rng.integers(6, 13), people)
        activity = np.exp(0.4 * rng.standard_normal(people))
        first, second = np.triu_indices(people, 1)
        inside = departments[first] == departments[second]
        chance = activity[first] * activity[second] * np.where(inside, 6.0, 1.0)
        # The largest of log chance + Gumbel noise are a draw without replacement.
        order = np.argsort(np.log(chance) + rng.gumbel(size=len(chance)))
        kept = np.sort(order[-people * ties // 2 :])
        rate = np.exp(1.5 * rng.standard_normal(len(kept)) - 1.5**2 / 2) * mean / 26
        return cls(seed, departments, Pairs(people, first[kept], second[kept]), rate)

    def log(self, habit: Habit, weeks: int, number: int, *, lists: float = 0.3) -> Log:
        """Draw log ``number``; a share ``lists`` of contacts is in mails to several people."""
        rng = np.random.default_rng([self.seed, 2, number, weeks, HABITS.index(habit)])
        rate = self.rate[:, None] * _mood(rng, habit, (len(self.rate), weeks))
        single = rng.poisson((1 - lists) * rate)
        pair, week = np.divmod(np.repeat(np.arange(single.size), single.ravel()), weeks)
        size = np.full(len(pair), 2)
        event = np.arange(len(pair))
        whom = LOYALTY * rate + (1 - LOYALTY) * self.rate[:, None]
        listed = self._lists(rng, whom, lists)
        event = np.concatenate([event, listed[0] + len(event)])
        pair, week, size = (
            np.concatenate(both) for both in zip((pair, week, size), listed[1:], strict=True)
        )
        hour = 168 * week + 168 * rng.random(int(event.max()) + 1)[event]
        return Log(event, pair, hour, size)

    def _lists(self, rng: np.random.Generator, rate: np.ndarray, lists: float) -> list[np.ndarray]:
        """Mails to three to six contacts of one person, drawn by how busy each tie is that week."""
        incidence = self.pairs.incidence
        # Each end of a tie writes half of its contacts, and a mail reaches 4.5 on average.
        mails = rng.poisson(lists * (incidence @ rate) / 2 / 4.5)
        sender, week = np.divmod(np.repeat(np.arange(mails.size), mails.ravel()), rate.shape[1])
        degree = np.diff(incidence.indptr)
        slot = np.arange(degree.max())
        there = slot < degree[sender][:, None]
        place = np.where(there, incidence.indptr[sender][:, None] + slot, 0)
        pair = incidence.indices[place]
        busy = np.where(there, rate[pair, week[:, None]], 0.0)
        with np.errstate(divide="ignore"):
            keys = np.log(busy) + rng.gumbel(size=busy.shape)
        rank = np.argsort(np.argsort(-keys, axis=1), axis=1)
        chosen = (rank < rng.integers(3, 7, len(sender))[:, None]) & (busy > 0)
        event, column = np.nonzero(chosen)
        size = chosen.sum(axis=1)[event] + 1
        return [event, pair[event, column], week[event], size]

    def network(self, log: Log, half_life_days: float = NO_FADING, weeks: int = 78) -> Network:
        """Load a log and build its network: the whole road, as anybody would."""
        names = np.array([f"p{number:04}" for number in range(self.pairs.size)], dtype=object)
        # Who writes a mail to several is the end that all its pairs share; else the first.
        first, second = self.pairs.first[log.pair], self.pairs.second[log.pair]
        writes = np.zeros(len(log.pair), dtype=bool)
        shared = log.size > 2
        if shared.any():
            low = np.full(int(log.event.max()) + 1, self.pairs.size)
            high = np.full(int(log.event.max()) + 1, -1)
            np.minimum.at(low, log.event, first)
            np.maximum.at(high, log.event, first)
            writes = shared & (low != high)[log.event]
        source, target = np.where(writes, second, first), np.where(writes, first, second)
        frame = pd.DataFrame(
            {
                "time": START + pd.to_timedelta((log.hour * HOUR).astype("int64"), unit="us"),
                "source": names[source],
                "target": names[target],
                "event": [f"m{number}" for number in log.event],
                "size": log.size,
            }
        )
        people = pd.DataFrame(
            {"person": names, "department": [f"d{code}" for code in self.departments]}
        )
        end = START + pd.Timedelta(weeks=weeks)
        return na.build_network(
            na.load(frame), people=people, as_of=end, half_life_days=half_life_days
        )


def _mood(rng: np.random.Generator, habit: Habit, shape: tuple[int, int]) -> np.ndarray:
    """Factor of mean 1 on the rate of each tie in each week."""
    if habit == "poisson":
        return np.ones(shape)
    if habit == "weekly":
        return rng.gamma(0.5, 2.0, shape)
    # On for eight weeks on average, off for sixteen, three times as busy while on.
    on = np.empty(shape, dtype=bool)
    on[:, 0] = rng.random(shape[0]) < 1 / 3
    for week in range(1, shape[1]):
        chance = np.where(on[:, week - 1], 1 - 1 / 8, 1 / 16)
        on[:, week] = rng.random(shape[0]) < chance
    return 3.0 * on


def bursty_network() -> Network:
    """A small office of half a year, with fading and bursts."""
    world = World.of(5, people=60, ties=8, mean=20.0)
    return world.network(world.log("on and off", 26, 0), 90.0, 26)


# ---- coverage ------------------------------------------------------------------------------------

KERNELS = {
    "total_strength": measures.strength,
    "degree": measures.degree,
    "constraint": measures.constraint,
    "effective_size": measures.effective_size,
    "pagerank": measures.pagerank,
    "entropy": measures.entropy,
}
HOPS, LENGTHS = "betweenness", "betweenness on 1/strength"


def truth_of(
    world: World,
    regime: tuple[Habit, int],
    names: Sequence[str],
    *,
    logs: int = 200,
    half_life_days: float = NO_FADING,
) -> dict[str, np.ndarray]:
    """Mean of each measure over fresh logs of the same length and habits."""
    habit, weeks = regime
    pairs = world.pairs
    drawn = (world.log(habit, weeks, number) for number in range(1, logs + 1))
    weights = np.stack(
        [log.weights(len(world.rate), weeks=weeks, half_life_days=half_life_days) for log in drawn],
        axis=1,
    )
    found = {}
    for name in names:
        if name in KERNELS:
            groups = [world.departments] if name == "entropy" else []
            parts = np.array_split(np.arange(logs), max(1, logs // 50))
            values = [KERNELS[name](pairs, weights[:, part], *groups) for part in parts]
            every = np.concatenate(values, axis=1)
            there = ~np.isnan(every).all(axis=1)
            found[name] = np.full(len(every), np.nan)
            found[name][there] = np.nanmean(every[there], axis=1)
        else:
            found[name] = np.mean(
                [_betweenness(pairs, column, name == LENGTHS) for column in weights.T], axis=0
            )
    return found


def _betweenness(pairs: Pairs, weights: np.ndarray, on_lengths: bool) -> np.ndarray:
    kept = weights > 0
    ends = np.column_stack([pairs.first[kept], pairs.second[kept]])
    graph = igraph.Graph(n=pairs.size, edges=ends)
    lengths = (1 / weights[kept]).tolist() if on_lengths else None
    return np.asarray(graph.betweenness(directed=False, weights=lengths))


def coverage(
    world: World,
    regime: tuple[Habit, int],
    names: Sequence[str],
    *,
    logs: int = 200,
    half_life_days: float = NO_FADING,
) -> pd.DataFrame:
    """Say for everybody and each measure whether the bands of one log hold the truth.

    Columns measure, value, rank, control (the rank band of a plain bootstrap of events), width
    (share of all ranks), top (in the observed top tenth), contacts.
    """
    habit, weeks = regime
    truth = truth_of(world, regime, names, logs=logs, half_life_days=half_life_days)
    net = world.network(world.log(habit, weeks, 0), half_life_days, weeks)
    sample = uncertainty.resample(net, seed=world.seed)
    events = uncertainty.resample(net, seed=world.seed)
    held = {
        "burstiness": 0.0,  # a plain bootstrap knows of no bursts
        "_sampler": _WithReplacement(events.contacts, world.seed),
    }
    events.__dict__.update(held)
    contacts = np.bincount(
        np.concatenate([side[sample.contacts.pair] for side in net.ends]),
        minlength=len(net.people),
    )
    tables = []
    for name in names:
        asked = _asked(net, name)
        table = sample._everybody(asked, 0.9)
        there = table["value"].notna().to_numpy() & ~np.isnan(truth[name])
        table = table[there]
        mine = truth[name][there]
        best, worst = (rank[:, 0] for rank in ranks(mine[:, None]))
        tables.append(
            pd.DataFrame(
                {
                    "measure": name,
                    "value": (table["low"] <= mine) & (mine <= table["high"]),
                    "rank": _overlap(table["rank_low"], table["rank_high"], best, worst),
                    "control": _control(events, asked, there, best, worst),
                    "width": (table["rank_high"] - table["rank_low"] + 1) / len(table),
                    "top": table["rank"] <= len(table) / 10,
                    "contacts": contacts[there],
                }
            )
        )
    return pd.concat(tables).assign(habit=habit, weeks=weeks, seed=world.seed)


def _asked(net: Network, name: str) -> uncertainty._Asked:
    column = "department" if name == "entropy" else None
    weighted = True if name == LENGTHS else None
    return uncertainty._asked(net, name.split(" ", maxsplit=1)[0], by=column, weighted=weighted)


def _overlap(low: Any, high: Any, best: np.ndarray, worst: np.ndarray) -> np.ndarray:
    """Equal values share a range of ranks; a band is right if it has one of them."""
    return (np.asarray(low, dtype=int) <= worst) & (np.asarray(high, dtype=int) >= best)


class _WithReplacement(Sampler):
    """The plain bootstrap: as many events as there are, each drawn from all of them."""

    def _coins(self, number: int, events: int) -> np.ndarray:
        drawn = self.random(COINS, number).integers(0, events, events)
        return np.bincount(drawn, minlength=events).astype(float)


def _control(
    events: uncertainty.Resamples,
    asked: uncertainty._Asked,
    there: np.ndarray,
    best: np.ndarray,
    worst: np.ndarray,
) -> np.ndarray | float:
    """Take the band from the quantiles of the ranks; equal values have the middle of theirs."""
    if asked.rule.kernel is None:
        return np.nan  # one graph a resample: too slow to do twice
    value = asked.value(events.net)
    values = events._draws(asked, value).values
    middle = sum(ranks(values)) / 2
    bands = np.full((2, len(value)), -1.0)
    bands[:, ~np.isnan(value)] = np.quantile(middle, [0.05, 0.95], axis=1)
    low, high = bands[:, there]
    return _overlap(np.floor(low), np.ceil(high), best, worst)
