"""Is the mix of contacts what chance would give? Against the people who could be reached.

Somebody in a large department has many colleagues of their own to meet. So the observed mix is
compared with the same network whose people have swapped departments at random: everybody keeps
their ties, and inside each site (or whatever bounds who could be reached) the labels are shuffled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from netanalytics import schema
from netanalytics.arguments import names, whole

if TYPE_CHECKING:
    import scipy.sparse

    from netanalytics.network import Network

    Matrix = scipy.sparse.csr_array[Any, Any]

FEWEST_CONTACTS = 3
"""A person with fewer known contacts has no mix to speak of."""

CHANCE = 0.95
"""Share of shuffles between ``low`` and ``high``."""

OF_NETWORK = ("ei_index", "assortativity", "coleman", "entropy", "blau", "iqv")
OF_PEOPLE = ("entropy", "ei_index", "blau", "iqv")

_BLOCK = 1 << 21
_EQUAL = 1e-9  # sums in another order differ in their last digits and are equal all the same


def against_opportunity(
    net: Network,
    *,
    by: str | Sequence[str],
    statistic: str = "ei_index",
    within: str | None = None,
    weighted: bool = False,
    permutations: int = 999,
    seed: int = 0,
) -> pd.DataFrame:
    """Compare the mix of the whole network with what chance would give.

    How to read it: ``observed`` beside ``expected``, the mean over shuffled labels, and ``low`` to
    ``high``, where 95 % of the shuffles lie. ``p`` is small where chance hardly gives a mix so far
    to either side. It says nothing about why: a shared office or a project keeps people together
    as well, which is what ``within`` is for.

    Parameters
    ----------
    net : Network
        The network; its ties, without direction.
    by : str or sequence of str
        People column with the labels, or several whose combinations are the labels.
    statistic : {"ei_index", "assortativity", "coleman", "entropy", "blau", "iqv"}
        E-I index over ties, Newman's assortativity, Coleman's homophily of each group, or the
        mean over people with three known contacts or more of that measure of diversity.
    within : str, optional
        People column, such as a site, inside whose groups the labels are shuffled: who could be
        reached. Without it, everybody.
    weighted : bool
        Count contacts by strength.
    permutations, seed : int
        How many shuffles (p cannot be below 2/(permutations + 1)), and where they start.

    Returns
    -------
    pandas.DataFrame
        One row, ``network``, or one a group for "coleman": observed, expected, low, high, z, p,
        people (who have a label), unknown (people without a label, or without a value of
        ``within``) and unknown_ties (ties to them). The unknown are left out on both sides.

    Raises
    ------
    UnknownNameError, OptionError
        If there is no such column or statistic, or fewer than one permutation.

    Notes
    -----
    p = min(1, 2 min(u, d)), u = (1 + shuffles at or above the observed)/(permutations + 1), d the
    same at or below. Where labels are as good as shuffled, p < 0.05 comes up in 5 % of networks.

    References
    ----------
    Phipson and Smyth (2010), Permutation p-values should never be zero, Statistical Applications
    in Genetics and Molecular Biology 9; Coleman (1958), Relational analysis, Human Organization 17;
    Newman (2003), Mixing patterns in networks, Physical Review E 67.

    Examples
    --------
    >>> from netanalytics.network import Network
    >>> pairs = ["ab", "ac", "bc", "de", "df", "ef", "cd"]
    >>> ties = pd.DataFrame([tuple(pair) for pair in pairs], columns=["source", "target"])
    >>> people = pd.DataFrame({"person": list("abcdef"), "team": list("xxxyyy")})
    >>> found = against_opportunity(Network.from_ties(ties, people), by="team")
    >>> found[["observed", "unknown"]].round(3).to_dict("index")
    {'network': {'observed': -0.714, 'unknown': 0}}
    """
    schema.one_of("statistic", statistic, OF_NETWORK)
    known = _Known.of(net, by=by, within=within, weighted=weighted)
    names = list(known.groups) if statistic == "coleman" else ["network"]
    table = _compared(known, _NETWORK[statistic], permutations, seed)
    table.index = pd.Index(names, name="group" if statistic == "coleman" else "of", dtype="str")
    counts = {
        "people": int(known.there.sum()),
        "unknown": int((~known.there).sum()),
        "unknown_ties": int((~known.kept).sum()),
    }
    return table.assign(**counts)


def people_against_opportunity(
    net: Network,
    *,
    by: str | Sequence[str],
    statistic: str = "entropy",
    within: str | None = None,
    weighted: bool = False,
    permutations: int = 999,
    seed: int = 0,
) -> pd.DataFrame:
    """Compare the mix of each person's contacts with what chance would give them.

    How to read it: as :func:`against_opportunity`, for one person: who has three contacts in three
    departments is compared with three contacts drawn at random, who has thirty with thirty. Of a
    hundred people five have p < 0.05 by chance alone.

    Parameters
    ----------
    net : Network
        The network; its ties, without direction.
    by : str or sequence of str
        People column with the labels, or several whose combinations are the labels.
    statistic : {"entropy", "ei_index", "blau", "iqv"}
        The measure of diversity.
    within : str, optional
        People column inside whose groups the labels are shuffled.
    weighted : bool
        Count contacts by strength.
    permutations, seed : int
        How many shuffles, and the start of the random numbers.

    Returns
    -------
    pandas.DataFrame
        By person: observed, expected, low, high, z, p, contacts (whose label is known) and
        unknown (the other contacts). Missing under three known contacts.

    Raises
    ------
    UnknownNameError, OptionError
        As :func:`against_opportunity`.

    Examples
    --------
    >>> from netanalytics.network import Network
    >>> pairs = ["ab", "ac", "ad", "ae", "bc"]
    >>> ties = pd.DataFrame([tuple(pair) for pair in pairs], columns=["source", "target"])
    >>> people = pd.DataFrame({"person": list("abcde"), "team": ["x", "x", "y", "y", None]})
    >>> found = people_against_opportunity(Network.from_ties(ties, people), by="team")
    >>> found.loc["a", ["observed", "contacts", "unknown"]].round(3).tolist()
    [0.637, 3.0, 1.0]
    """
    schema.one_of("statistic", statistic, OF_PEOPLE)
    known = _Known.of(net, by=by, within=within, weighted=weighted)
    table = _compared(known, _DIVERSITY[statistic], permutations, seed)
    table.loc[known.contacts < FEWEST_CONTACTS] = np.nan
    table.index = net.people.index
    every = np.bincount(np.concatenate(net.ends), minlength=len(table))
    return table.assign(contacts=known.contacts, unknown=every - known.contacts)


# ---- the known part of a network -----------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Known:
    """The people whose label is known, the ties between them, and who is tied to them.

    ``there`` and ``kept`` mark the known among all people and ties. ``labels``, ``strata``,
    ``first``, ``second``, ``weight`` and ``total`` are about the known alone; ``reach`` (all people
    × known people) and ``contacts`` are about everybody.
    """

    there: np.ndarray
    kept: np.ndarray
    labels: np.ndarray
    groups: tuple[str, ...]
    strata: np.ndarray
    first: np.ndarray
    second: np.ndarray
    weight: np.ndarray
    total: np.ndarray
    reach: Matrix

    @classmethod
    def of(
        cls, net: Network, *, by: str | Sequence[str], within: str | None, weighted: bool
    ) -> _Known:
        labels, groups = _labels(net, by)
        strata = np.zeros(len(labels), dtype=np.int64)
        if within is not None:
            strata = pd.factorize(net.groups(within), sort=True)[0]
        there = (labels >= 0) & (strata >= 0)
        number = np.cumsum(there) - 1
        kept = there[net.ends[0]] & there[net.ends[1]]
        first, second = (number[side[kept]] for side in net.ends)
        weight = net.strength[kept] if weighted else np.ones(int(kept.sum()))
        size, ends = int(there.sum()), np.concatenate([first, second])
        return cls(
            there=there,
            kept=kept,
            labels=labels[there],
            groups=tuple(groups),
            strata=strata[there],
            first=first,
            second=second,
            weight=weight,
            total=np.bincount(ends, weights=np.tile(weight, 2), minlength=size),
            reach=net.adjacency(weighted=weighted)[:, np.flatnonzero(there)],
        )

    @cached_property
    def contacts(self) -> np.ndarray:
        """How many known people everybody is tied to."""
        return np.diff(self.reach.indptr)

    def shuffles(self, count: int, seed: int) -> Iterator[np.ndarray]:
        """Yield shuffled labels, people × shuffles, in blocks; each stays in its stratum."""
        rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed % 2**64)))
        size, together = len(self.labels), np.argsort(self.strata, kind="stable")
        step = max(1, _BLOCK // max(size, len(self.first), 1))
        for start in range(0, count, step):
            keys = rng.random((min(step, count - start), size)).T + self.strata[:, None]
            shuffled = np.empty(keys.shape, dtype=self.labels.dtype)
            shuffled[together] = self.labels[np.argsort(keys, axis=0)]
            yield shuffled

    def reached(self, group: int, labels: np.ndarray) -> np.ndarray:
        """Return the share of everybody's contact that is with a group (people × shuffles)."""
        reached = self.reach @ (labels == group).astype(float)
        return _share(reached, self.reach.sum(axis=1)[:, None])


def _labels(net: Network, by: str | Sequence[str]) -> tuple[np.ndarray, pd.Index]:
    """Return the number of everybody's label, −1 where one of the columns has no value."""
    labels, groups = schema.combined([net.group_codes(column) for column in names("by", by)])
    return labels.astype(np.int64), pd.Index(groups, dtype="str")


_Statistic = Callable[[_Known, np.ndarray], np.ndarray]


def _compared(known: _Known, statistic: _Statistic, permutations: int, seed: int) -> pd.DataFrame:
    """Return the observed statistic beside its shuffles, one row each."""
    whole("permutations", permutations, least=1)
    whole("seed", seed)
    observed = statistic(known, known.labels[:, None])[:, 0]
    shuffles = known.shuffles(permutations, seed)
    drawn = np.concatenate([statistic(known, labels) for labels in shuffles], axis=1)
    return pd.DataFrame(_summary(observed, drawn))


def _summary(observed: np.ndarray, drawn: np.ndarray) -> dict[str, np.ndarray]:
    tail = (1 - CHANCE) / 2
    expected, deviation = drawn.mean(axis=1), drawn.std(axis=1)
    low, high = np.quantile(drawn, [tail, 1 - tail], axis=1)
    spread = np.where(deviation > _EQUAL, deviation, np.nan)
    return {
        "observed": observed,
        "expected": expected,
        "low": low,
        "high": high,
        "z": (observed - expected) / spread,
        "p": _two_sided(observed, drawn),
    }


def _two_sided(observed: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """Return twice the smaller of the two tails, the observed one counted among the shuffles."""
    difference = drawn - observed[:, None]
    count = drawn.shape[1] + 1
    above = (1 + (difference >= -_EQUAL).sum(axis=1)) / count
    below = (1 + (difference <= _EQUAL).sum(axis=1)) / count
    p = np.minimum(1.0, 2 * np.minimum(above, below))
    return np.where(np.isnan(observed), np.nan, p)


# ---- statistics: labels (people × shuffles) → values (rows × shuffles) ---------------------------


def _network_ei_index(known: _Known, labels: np.ndarray) -> np.ndarray:
    total = known.weight.sum()
    return _share(total - 2 * _inside(known, labels), total)[None, :]


def _assortativity(known: _Known, labels: np.ndarray) -> np.ndarray:
    """(Σ e_gg − Σ a_g²)/(1 − Σ a_g²), e_gg ties inside g and a_g ends in g, as shares of all."""
    total = known.weight.sum()
    by_chance = np.zeros(labels.shape[1])
    for group in range(len(known.groups)):
        by_chance += _share(_ends(known, labels, group), 2 * total) ** 2
    inside = _share(_inside(known, labels), total)
    return _share(inside - by_chance, 1 - by_chance)[None, :]


def _coleman(known: _Known, labels: np.ndarray) -> np.ndarray:
    """Coleman's index of each group: its ties inside beyond chance, as a share of what could be."""
    size = len(known.labels)
    rows = []
    for group in range(len(known.groups)):
        mine = labels == group
        sent = _ends(known, labels, group)
        both = mine[known.first] & mine[known.second]
        inside = 2 * (known.weight[:, None] * both).sum(axis=0)
        chance = sent * (mine.sum(axis=0) - 1) / max(size - 1, 1)
        most = np.where(inside >= chance, sent - chance, chance)
        rows.append(_share(inside - chance, np.where(mine.sum(axis=0) > 1, most, 0.0)))
    return np.stack(rows) if rows else np.zeros((0, labels.shape[1]))


def _inside(known: _Known, labels: np.ndarray) -> np.ndarray:
    """Return the weight of ties whose ends share a label, for each shuffle."""
    same = labels[known.first] == labels[known.second]
    return np.asarray((known.weight[:, None] * same).sum(axis=0))


def _ends(known: _Known, labels: np.ndarray, group: int) -> np.ndarray:
    """Return the weight of tie ends in a group, for each shuffle."""
    return np.asarray((known.total[:, None] * (labels == group)).sum(axis=0))


def _ei_index(known: _Known, labels: np.ndarray) -> np.ndarray:
    own = np.full((len(known.there), labels.shape[1]), -1)
    own[known.there] = labels
    inside = np.where(own < 0, np.nan, 0.0)
    for group in range(len(known.groups)):
        inside += np.where(own == group, known.reached(group, labels), 0.0)
    return 1 - 2 * inside


def _entropy(known: _Known, labels: np.ndarray) -> np.ndarray:
    terms = np.zeros((len(known.there), labels.shape[1]))
    for group in range(len(known.groups)):
        share = known.reached(group, labels)
        terms -= share * np.log(share, out=np.zeros_like(share), where=share > 0)
    return terms


def _blau(known: _Known, labels: np.ndarray) -> np.ndarray:
    same = np.zeros((len(known.there), labels.shape[1]))
    for group in range(len(known.groups)):
        same += known.reached(group, labels) ** 2
    return 1 - same


def _iqv(known: _Known, labels: np.ndarray) -> np.ndarray:
    return _share(_blau(known, labels), np.asarray(1 - 1 / max(len(known.groups), 1)))


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Divide; NaN where there is nothing to divide by."""
    part, whole = np.broadcast_arrays(part, whole)
    share: np.ndarray = np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole != 0)
    return share


def _mean_of_people(statistic: _Statistic, known: _Known, labels: np.ndarray) -> np.ndarray:
    enough = known.contacts >= FEWEST_CONTACTS
    if not enough.any():
        return np.full((1, labels.shape[1]), np.nan)
    return np.asarray(statistic(known, labels)[enough].mean(axis=0, keepdims=True))


_DIVERSITY: dict[str, _Statistic] = {
    "entropy": _entropy,
    "ei_index": _ei_index,
    "blau": _blau,
    "iqv": _iqv,
}
_NETWORK: dict[str, _Statistic] = {
    "ei_index": _network_ei_index,
    "assortativity": _assortativity,
    "coleman": _coleman,
    **{name: partial(_mean_of_people, _DIVERSITY[name]) for name in ("entropy", "blau", "iqv")},
}
