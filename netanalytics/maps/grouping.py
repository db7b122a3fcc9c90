"""Which group each person is in, what a group is called, and which colour it has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netanalytics.maps.layout import degrees
from netanalytics.maps.pack import sentence
from netanalytics.maps.style import COLOURS, plain
from netanalytics.network.naming import called
from netanalytics.privacy import withheld_groups

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from netanalytics.maps.pack import Data
    from netanalytics.network import Network

ATTRIBUTES = (
    "title",
    "role",
    "level",
    "team",
    "department",
    "organisation",
    "company",
    "location",
)
"""Columns of the people table that a map shows and searches, in this order."""

NAMING = ("team", "department", "organisation", "company", "location")
"""Columns after which a community is called, where most of its members share a value."""

MOST_GROUPS = 24
"""Groups beyond the largest of this number are one group called "other"."""

SMALLEST_COMMUNITY = 3
"""Communities of fewer people are one group called "small groups"."""


COMMUNITIES = "Communities"


@dataclass(frozen=True, eq=False)
class Grouping:
    """The groups of a map.

    Parameters
    ----------
    raw : pandas.Series
        Group of each person as it was given, for the layout.
    codes : numpy.ndarray
        Place of each person's group in ``names``.
    names : list of str
        What the groups are called, the largest first; leftovers last.
    colours : list of int
        Rank of each group's colour; -1 is grey.
    heading : str
        What the groups are.
    scattered : list of int
        Leftover groups, whose people do not stand together.
    """

    raw: pd.Series
    codes: np.ndarray
    names: list[str]
    colours: list[int]
    heading: str
    scattered: list[int]

    def as_data(self) -> Data:
        """Return the groups as the viewer reads them."""
        sizes = np.bincount(self.codes, minlength=len(self.names))
        return {
            "name": self.names,
            "colour": self.colours,
            "size": [int(size) for size in sizes],
            "heading": self.heading,
            "one": "Community" if self.heading == COMMUNITIES else self.heading,
            "scattered": self.scattered,
        }


def grouped(
    net: Network,
    raw: pd.Series,
    *,
    by: str | None = None,
    names: bool = True,
    weight: pd.Series | None = None,
    most: int = MOST_GROUPS,
    rest: str = "small groups",
) -> Grouping:
    """Return the groups of a map.

    Parameters
    ----------
    net : Network
        The attributes and names of the people.
    raw : pandas.Series
        Group of each person to be grouped: communities are numbers, a people column holds names.
    by : str, optional
        The people column that ``raw`` is; None for communities.
    names : bool
        Whether a community may be called after a person or an attribute. Without names a value of
        a people column that few people have is none either: such groups are one, called "other".
    weight : pandas.Series, optional
        By person: a community is called after its member with the most; the number of ties where
        it is left out.
    most : int
        Groups beyond the largest of this number are left over.
    rest : str
        What leftover communities are called.

    Returns
    -------
    Grouping
        The groups, in the order of ``raw``.
    """
    text = raw.astype("string")
    sizes = text.value_counts()
    order = sorted(sizes.index, key=lambda name: (-sizes[name], name))
    least = 1 if by else SMALLEST_COMMUNITY
    few = {str(name): int(size) for name, size in sizes.items()}
    small = withheld_groups(few) if by and not names else frozenset()
    kept = [name for name in order[:most] if sizes[name] >= least and name not in small]
    codes = text.map({name: place for place, name in enumerate(kept)}).astype("Float64")
    if by:
        shown = [plain(name) for name in kept]
    elif names:
        shown = _called(net, text, kept, weight)
    else:
        shown = [f"group {place + 1}" for place in range(len(kept))]
    colours = [place if place < COLOURS else -1 for place in range(len(kept))]
    scattered: list[int] = []
    over = text.notna() & codes.isna()
    left_over = (over, "other" if by else rest)
    missing = (text.isna(), f"no {by}" if by else "no tie seen")
    for where, name in (left_over, missing):
        if where.any():
            if name != missing[1] or not by:
                scattered.append(len(shown))
            codes[where] = len(shown)
            shown.append(plain(name))
            colours.append(-1)
    heading = sentence(by) if by else COMMUNITIES
    # Nor may people stand together on the map for a value that is not told.
    text = text.mask(text.isin(small)) if small else text
    return Grouping(text, codes.to_numpy(dtype=int), shown, colours, heading, scattered)


def _called(net: Network, text: pd.Series, kept: list[str], weight: pd.Series | None) -> list[str]:
    """Call communities after what most members share, else after their best connected person."""
    if weight is None:
        weight = net.per_person(degrees(net), "degree")
    labels = called(net.people)
    told: list[str] = []
    for name in kept:
        members = text.index[(text == name).to_numpy(dtype=bool, na_value=False)]
        shared = next((name for name in _shared(net, members) if name not in told), None)
        if shared is None:
            hub = weight.reindex(members).fillna(0).idxmax()
            shared = f"around {plain(labels[str(hub)], 40)}"
        told.append(shared)
    return told


def _shared(net: Network, members: pd.Index, share: float = 0.6) -> Iterator[str]:
    """Yield values that most members share and most other people do not have."""
    for column in NAMING:
        if column not in net.people.columns:
            continue
        everybody = net.people[column].dropna().astype(str)
        counts = everybody.reindex(members).dropna().value_counts()
        if not len(counts) or counts.iloc[0] < share * len(members):
            continue
        if (everybody == counts.index[0]).mean() < share or len(members) == len(net.people):
            yield plain(counts.index[0], 40)
