"""How far a value or a rank can be trusted: bands from resampled contacts.

A log is one draw of what people do. Each resample keeps about half of the events, twice over, and
lets every pair be busier or quieter as a whole, by as much as contact in this log comes in bursts.
What the measure does over the resamples is the band.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from inspect import signature
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from netanalytics import registry
from netanalytics.arguments import number, whole
from netanalytics.errors import OptionError
from netanalytics.resampling import measures
from netanalytics.resampling.bands import Draws, Rule, filled
from netanalytics.resampling.contacts import (
    NOISE,
    Contacts,
    Sampler,
    burstiness,
    contacts_of,
    recency,
)

if TYPE_CHECKING:
    from netanalytics.network import Network

FEWEST_CONTACTS = 20
"""With fewer contacts a person gets no band."""

SLOWEST_RESAMPLES = 50
"""Measures that take a graph for each resample get no more of them."""

TOO_FEW = "too few to rank"
NOT_RANKED = "not ranked"
LOOSE = "contact comes in bursts: ranks are loose"
APPROXIMATE = "approximate"
UNDEFINED = "not defined"
NO_BAND = "no band: too little contact to see how it comes in bursts"

LABELS = ("community",)  # numbers that are names


def bands(
    net: Network,
    measure: str = "total_strength",
    *,
    by: str | None = None,
    weighted: bool | None = None,
    seed: int = 0,
    resamples: int = 200,
    level: float = 0.9,
) -> pd.DataFrame:
    """Return how far the values and the ranks of a measure can be trusted.

    How to read it: if these people went on with the same habits, chance alone would put the rank
    between ``rank_low`` and ``rank_high``, and the value, averaged over such logs, between ``low``
    and ``high``. Missing channels, changed habits and new jobs are not in it; nor is what the rank
    will be next time. Each band is for one person: that a whole list is right is a larger claim.
    For degree it is about people seen, not people known.

    Parameters
    ----------
    net : Network
        Built from a log.
    measure : str
        ``total_strength``, ``pagerank``, ``constraint``, ``effective_size``, ``degree``,
        ``entropy`` or ``betweenness``; any other measure of people has bands too, marked
        approximate, since nobody has tested how often they hold.
    by : str, optional
        People column for a measure that is taken over one.
    weighted : bool, optional
        Whether strengths count, for a measure that leaves the choice; its own default, except
        that entropy counts them, which is the form that was tested.
    seed : int
        Start of the random numbers.
    resamples : int
        How many; 100 do as well, 50 cost a point of coverage. Measures that need a graph for
        each, such as betweenness, get 50 at most.
    level : float
        Share of cases in which a band should hold.

    Returns
    -------
    pandas.DataFrame
        By person: value, low, high, rank (1 is the largest value; equals share the best rank),
        rank_low, rank_high, note. Missing is what is better not said, and ``note`` says why: "too
        few to rank" under 20 contacts, "not ranked" where the band is wider than half of all.

    Raises
    ------
    UndatedError
        If the network was not built from a log, or came without it.
    OptionError
        If an argument makes no sense, or the measure gives labels instead of numbers.
    UnknownNameError
        If there is no such measure or column.

    Notes
    -----
    The same log and seed give the same numbers in any order of rows. Other names for people put
    their pairs in another order, so that they get other draws: bands then move as with another
    seed.

    Examples
    --------
    >>> from netanalytics.datasets import office
    >>> from netanalytics.loaders import load
    >>> from netanalytics.network import build_network
    >>> made = office(seed=7)
    >>> net = build_network(load(made.interactions), people=made.people)
    >>> table = bands(net, "constraint", seed=1)
    >>> sorted(table.columns)
    ['high', 'low', 'note', 'rank', 'rank_high', 'rank_low', 'value']
    """
    sample = resample(net, seed=seed, resamples=resamples)
    return sample.bands(measure, by=by, weighted=weighted, level=level)


def resample(net: Network, *, seed: int = 0, resamples: int = 200) -> Resamples:
    """Read the contacts of a network once, to take the bands of several measures from them.

    Parameters
    ----------
    net : Network
        Built from a log.
    seed, resamples : int
        Start of the random numbers, and how many.

    Returns
    -------
    Resamples
        With ``bands(measure)`` as in :func:`bands`, and ``burstiness``.

    Raises
    ------
    UndatedError, OptionError
        If the network came without a log, or there are fewer than two resamples.
    """
    count, start = whole("resamples", resamples, least=2), whole("seed", seed)
    return Resamples(net=net, contacts=contacts_of(net), seed=start, resamples=count)


def in_words(band: pd.Series, *, level: float = 0.9) -> str:
    """Say what one row of :func:`bands` means, and what it does not.

    Parameters
    ----------
    band : pandas.Series
        A row.
    level : float
        The level that the bands were made with.

    Returns
    -------
    str

    Examples
    --------
    >>> in_words(pd.Series({"rank_low": 3, "rank_high": 9, "note": ""}))  # doctest: +ELLIPSIS
    'If these people went on with the same habits, chance alone would put the rank between 3 and...
    >>> in_words(pd.Series({"rank_low": None, "note": "too few to rank"}))
    'No rank is given: too few to rank.'
    """
    if pd.isna(band["rank_low"]):
        return f"No rank is given: {band['note'] or 'the value is not defined'}."
    return (
        "If these people went on with the same habits, chance alone would put the rank between "
        f"{int(band['rank_low'])} and {int(band['rank_high'])} ({level * 100:.0f} %). "
        "Missing channels, changed habits and new jobs are not in it."
    )


def crosses_cut(table: pd.DataFrame, n: int, *, lowest: bool = False) -> pd.Series:
    """Mark the people for whom chance decides whether they are among the first n.

    Parameters
    ----------
    table : pandas.DataFrame
        What :func:`bands` returns.
    n : int
        Length of the list.
    lowest : bool
        Whether the list is of the lowest values (constraint) instead of the largest.

    Returns
    -------
    pandas.Series
        True where the rank band has both sides of the cut in it; missing without a band.

    Raises
    ------
    OptionError
        If ``n`` is no whole number of 0 or more.

    Examples
    --------
    >>> ranks = {"value": [3.0, 2.0, 1.0], "rank_low": [1, 1, 3], "rank_high": [1, 2, 3]}
    >>> crosses_cut(pd.DataFrame(ranks), 1).tolist()
    [False, True, False]
    """
    whole("n", n, least=0)
    last = int(table["value"].notna().sum()) - n if lowest else n
    low, high = (table[name].astype("Int64") for name in ("rank_low", "rank_high"))
    return ((low <= last) & (high > last)).rename("crosses_cut")


# ---- resamples -----------------------------------------------------------------------------------


_RULES = {
    ("total_strength", True): Rule("log", True, measures.strength),
    ("pagerank", True): Rule("log", True, measures.pagerank),
    ("constraint", True): Rule("log", True, measures.constraint),
    ("entropy", True): Rule("not below 0", True, measures.entropy),
    ("effective_size", True): Rule("log", True, measures.effective_size, shrunk=True),
    ("degree", False): Rule("root", False, measures.degree, shrunk=True),
    ("betweenness", False): Rule("log1p", False, shrunk=True),
    ("betweenness", True): Rule("log1p", True, shrunk=True, quantiles=True, approximate=True),
}


@dataclass(frozen=True)
class _Asked:
    """A measure with its people column and its weights, and the rule for its bands."""

    card: registry.Metric
    by: str | None
    weighted: bool

    @property
    def rule(self) -> Rule:
        untested = Rule("raw", self.weighted, shrunk=not self.weighted, approximate=True)
        return _RULES.get((self.card.name, self.weighted), untested)

    def value(self, net: Network) -> np.ndarray:
        options: dict[str, Any] = {"by": self.by} if self.by else {}
        if "weighted" in self.card.options:
            options["weighted"] = self.weighted
        values = self.card.function(net, **options)
        if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
            raise OptionError(f"{self.card.name} gives no number that could be ranked")
        return np.asarray(values.astype("Float64").to_numpy(dtype=float, na_value=np.nan))


@dataclass(frozen=True, eq=False)
class Resamples:
    """The contacts of a network, drawn again and again.

    Parameters
    ----------
    net : Network
        The network.
    contacts : Contacts
        Its contacts.
    seed, resamples : int
        Start of the random numbers, and how many draws.
    """

    net: Network
    contacts: Contacts
    seed: int
    resamples: int

    @cached_property
    def burstiness(self) -> float:
        """κ of this log: 0 where contacts are independent, above 1 in heavy bursts."""
        return burstiness(self.contacts)

    def bands(
        self,
        measure: str = "total_strength",
        *,
        by: str | None = None,
        weighted: bool | None = None,
        level: float = 0.9,
    ) -> pd.DataFrame:
        """Return the bands of a measure: see :func:`bands`."""
        asked = _asked(self.net, measure, by=by, weighted=weighted)
        return self._withheld(self._everybody(asked, level), asked.rule)

    def _everybody(self, asked: _Asked, level: float) -> pd.DataFrame:
        """Return the bands before anything is withheld."""
        number("level", level, least=0, most=1, open_ends=True)
        value = asked.value(self.net)
        table = pd.DataFrame({"value": value}, index=self.net.people.index)
        bounds = np.full((4, len(value)), np.nan)
        defined = ~np.isnan(value)
        if defined.any() and not np.isnan(self.burstiness):
            draws = self._draws(asked, value)
            bounds[:2, defined] = draws.interval(level)
            bounds[2:, defined] = draws.rank_band(level)
        table["low"], table["high"] = bounds[:2]
        table["rank"] = table["value"].rank(method="min", ascending=False).astype("Int64")
        for name, row in zip(("rank_low", "rank_high"), bounds[2:], strict=True):
            table[name] = pd.Series(row, index=table.index).astype("Int64")
        return table

    def _withheld(self, table: pd.DataFrame, rule: Rule) -> pd.DataFrame:
        """Take out what had better not be said, and say why."""
        ends = np.concatenate([side[self.contacts.pair] for side in self.net.ends])
        few = np.bincount(ends, minlength=len(table)) < FEWEST_CONTACTS
        undefined = table["value"].isna().to_numpy()
        width = (table["rank_high"] - table["rank_low"] + 1).to_numpy(dtype=float, na_value=np.nan)
        wide = width > (~undefined).sum() / 2
        said = [LOOSE] * (self.burstiness > 1) + [APPROXIMATE] * rule.approximate
        if np.isnan(self.burstiness):
            said = [NO_BAND]
        notes = np.where(wide, "; ".join([NOT_RANKED, *said]), "; ".join(said))
        notes = np.select([few, undefined], [TOO_FEW, UNDEFINED], notes)
        table["note"] = pd.Series(notes, index=table.index, dtype="str")
        table.loc[few, ["low", "high"]] = np.nan
        table.loc[few | wide | np.isnan(width), ["rank", "rank_low", "rank_high"]] = pd.NA
        return table

    def _draws(self, asked: _Asked, value: np.ndarray) -> Draws:
        """Return the measure over the resamples, for those who have a value."""
        rule, kappa = asked.rule, self.burstiness
        if rule.recency and self.net.half_life_days:
            kappa *= recency(self.contacts, self.net.half_life_days)
        by = self._by_network if rule.kernel is None else self._by_kernel
        defined = ~np.isnan(value)
        value, values = value[defined], by(asked, kappa)[defined]
        noise = self._sampler.random(NOISE, 0)
        return Draws(
            value=value,
            values=filled(values, value),
            noise=noise.standard_normal((len(value), self.resamples if rule.shrunk else 0)),
            rule=rule,
        )

    def _by_kernel(self, asked: _Asked, kappa: float) -> np.ndarray:
        pairs, kernel = self._pairs, asked.rule.kernel
        assert kernel is not None
        groups = [pd.factorize(self.net.groups(asked.by))[0]] if asked.by else []
        width = 2 * len(pairs.first)
        if kernel in (measures.constraint, measures.effective_size):
            width = max(width, len(pairs.corners[1]))
        blocks = self._sampler.weights(kappa, range(self.resamples), width)
        return np.concatenate([kernel(pairs, weights, *groups) for weights in blocks], axis=1)

    def _by_network(self, asked: _Asked, kappa: float) -> np.ndarray:
        """Make a network of each resample: for measures that only a graph gives."""
        numbers = range(min(self.resamples, SLOWEST_RESAMPLES))
        blocks = self._sampler.weights(kappa, numbers, len(self.net.ties))
        columns = [asked.value(self._network(column)) for block in blocks for column in block.T]
        return np.stack(columns, axis=1)

    def _network(self, weights: np.ndarray) -> Network:
        kept = weights > 0
        ties = self.net.ties[kept].copy()
        for name in ("strength", "strength_forward", "strength_back"):
            ties[name] *= weights[kept] / self.net.strength[kept]
        return replace(self.net, ties=ties, log=None)

    @cached_property
    def _pairs(self) -> measures.Pairs:
        return measures.Pairs(len(self.net.people), *self.net.ends)

    @cached_property
    def _sampler(self) -> Sampler:
        return Sampler(self.contacts, self.seed)


def _asked(net: Network, measure: str, *, by: str | None, weighted: bool | None) -> _Asked:
    """Find a measure by its name, which may hold the people column: ``entropy_department``."""
    cards, measure = registry.metrics(), str(measure)
    if measure not in cards:
        for name, other in cards.items():
            column = measure.removeprefix(f"{name}_")
            if other.by and column != measure and column in net.people.columns:
                return _asked(net, name, by=column, weighted=weighted)
    card = cards.get(measure)
    if card is None or card.per != "person":
        people = [name for name, other in cards.items() if other.per == "person"]
        raise registry.unknown("measure of people", measure, people)
    if card.name in LABELS:
        raise OptionError(f"{measure} gives labels, and labels have no rank")
    if card.by != (by is not None):
        has = ", ".join(map(str, net.people.columns)) or "none"
        need = "needs by=, the name of" if card.by else "is not taken over"
        raise OptionError(f"{measure} {need} a people column (there are: {has})")
    if by is not None:
        net.groups(by)  # says which columns come near if there is no such one
    return _Asked(card, by, _is_weighted(card, weighted))


def _is_weighted(card: registry.Metric, weighted: bool | None) -> bool:
    if "weighted" not in card.options:
        always = card.name == "total_strength"
        if weighted is not None and weighted != always:
            raise OptionError(f"{card.name} has no option 'weighted'")
        return always
    if weighted is None:
        default = signature(card.function).parameters["weighted"].default
        return card.name == "entropy" or bool(default)
    return weighted
