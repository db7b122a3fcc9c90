"""Everything that the sections of one report rest on, computed once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netanalytics.advice import reasons
from netanalytics.advice.check_ins import check_ins
from netanalytics.advice.introductions import introductions
from netanalytics.advice.wishes import Mine, mine
from netanalytics.analysis import measure, measure_ties
from netanalytics.analysis.centrality import sampled_betweenness
from netanalytics.analysis.cohesion import group_density
from netanalytics.analysis.uncertainty import Resamples, resample
from netanalytics.errors import OptionError
from netanalytics.privacy import MINIMUM_GROUP, withheld_groups
from netanalytics.report.seen import Seen, seen

if TYPE_CHECKING:
    from netanalytics.network import Network

GROUP_COLUMNS = (
    "department",
    "team",
    "division",
    "unit",
    "organisation",
    "organization",
    "company",
    "location",
    "site",
)
"""Columns of ``people`` that are tried, in this order, as the groups of a report."""

PERSON_MEASURES = (
    "degree",
    "total_strength",
    "betweenness",
    "harmonic_closeness",
    "pagerank",
    "coreness",
    "constraint",
    "effective_size",
    "is_articulation_point",
    "tie_entropy",
    "community",
)
GROUP_MEASURES = ("ei_index", "entropy")
TIE_MEASURES = ("is_bridge", "is_local_bridge")
DATED_TIE_MEASURES = ("silence", "stage")

LARGE = 10_000
"""People beyond whom nothing looks at the paths between all of them: that would take hours."""

SAMPLES = 256
"""People from whose paths betweenness is estimated in a large network."""

ALL_PATHS = ("betweenness", "harmonic_closeness")

SUGGESTIONS = 10


@dataclass(frozen=True, eq=False)
class Facts:
    """A network, the reader, and what was computed for them.

    Parameters
    ----------
    net : Network
        The network.
    audience : {"me", "names", "group"}
        Who may see whom.
    person : str, optional
        Id of the reader, for "me".
    by : str, optional
        Column of ``people`` that groups them; communities without one.
    seed : int
        For communities and positions.
    minimum : int
        Nothing about fewer distinct people than this is shown to "group".
    wishes : pandas.DataFrame, optional
        The reader's own.
    """

    net: Network
    audience: str
    person: str | None = None
    by: str | None = None
    seed: int = 0
    minimum: int = MINIMUM_GROUP
    wishes: pd.DataFrame | None = None

    @property
    def reader(self) -> str:
        """Id of the reader of a report for "me"."""
        if self.person is None:
            raise OptionError("this report has no reader: it is not made for one person")
        return self.person

    @property
    def dated(self) -> bool:
        """Whether contacts have times."""
        return self.net.as_of is not None and "last" in self.net.ties.columns

    @cached_property
    def column(self) -> str | None:
        """The people column that groups, if there is a useful one."""
        if self.by is not None:
            self.net.groups(self.by)
            return self.by
        for name in GROUP_COLUMNS:
            if name in self.net.people.columns and self.net.groups(name).nunique() > 1:
                return name
        return None

    @cached_property
    def person_values(self) -> pd.DataFrame:
        """Measures by person; in a large network betweenness is an estimate."""
        large = self.estimated is not None
        names = [name for name in PERSON_MEASURES if not (large and name in ALL_PATHS)]
        values = measure(self.net, names, seed=self.seed)
        if self.estimated is not None:
            place = PERSON_MEASURES.index("betweenness")
            values.insert(place, "betweenness", self.estimated["betweenness"])
        if self.column is None:
            return values
        return values.join(measure(self.net, GROUP_MEASURES, by=self.column))

    @cached_property
    def estimated(self) -> pd.DataFrame | None:
        """Betweenness from some people's paths and its error, where a network is large."""
        if len(self.net.people) <= LARGE:
            return None
        return sampled_betweenness(self.net, samples=SAMPLES, seed=self.seed)

    @cached_property
    def resamples(self) -> Resamples | None:
        """The contacts drawn again and again; None for a network without a log or dates."""
        if not self.dated or self.net.log is None:
            return None
        return resample(self.net, seed=self.seed)

    @cached_property
    def broker_bands(self) -> pd.DataFrame | None:
        """Bands of the constraint by person, where there are resamples."""
        return self.resamples.bands("constraint") if self.resamples else None

    @cached_property
    def degree_bands(self) -> pd.DataFrame | None:
        """Bands of the degree by person, where there are resamples."""
        return self.resamples.bands("degree") if self.resamples else None

    @cached_property
    def tie_values(self) -> pd.DataFrame:
        """Measures by tie."""
        names = TIE_MEASURES + (DATED_TIE_MEASURES if self.dated else ())
        return measure_ties(self.net, names)

    @cached_property
    def groups(self) -> pd.Series:
        """Group of each person as text, by person; missing where unknown."""
        if self.column is not None:
            return self.net.groups(self.column)
        community = self.person_values["community"]
        named = "Community " + (community + 1).astype("string")
        return named.where(community.notna())

    @cached_property
    def group_word(self) -> str:
        """What the groups are: the column's name, or "community"."""
        return self.column.replace("_", " ") if self.column is not None else "community"

    @cached_property
    def introductions(self) -> pd.DataFrame:
        """Suggested introductions: the reader's, or ten for everybody."""
        return introductions(self.net, person=self.person, n=SUGGESTIONS)

    @cached_property
    def check_ins(self) -> pd.DataFrame:
        """Suggested check-ins: the reader's, or ten for everybody."""
        if not self.dated:
            return pd.DataFrame(
                columns=["rank", "person", "contact", "last", "silence", "score", "because"]
            )
        return check_ins(
            self.net,
            person=self.person,
            n=SUGGESTIONS,
            wishes=self.wishes,
        )

    @cached_property
    def own(self) -> Mine:
        """Wishes of the reader, by contact."""
        return mine(self.net, self.wishes, me=self.person)

    @cached_property
    def unjudged(self) -> str:
        """A sentence that says why nothing could be judged, if everything ends before the end."""
        why = reasons.unjudged(self.net)
        return f"{why[0].upper()}{why[1:]}." if why else ""

    @cached_property
    def judged(self) -> int:
        """How many ties have enough history to be called fading or not: a new one has none."""
        stages = self.tie_values["stage"].dropna()
        return int((stages != "new").sum())

    @cached_property
    def seen(self) -> Seen:
        """Months and channels of the whole log, as far as the audience may know of them."""
        least = self.minimum if self.audience == "group" else 1
        return seen(self.net, least=least)

    @property
    def months(self) -> pd.DataFrame:
        """Contacts by month and channel, of the whole log; small ones are withheld from groups."""
        return self.seen.months

    @cached_property
    def withheld(self) -> frozenset[str]:
        """Groups that a page about groups does not show."""
        sizes = self.groups.value_counts()
        return withheld_groups(
            {str(name): int(size) for name, size in sizes.items()}, minimum=self.minimum
        )

    @cached_property
    def density(self) -> pd.DataFrame:
        """Contact inside and between groups; what too few people make is NaN for "group"."""
        table = group_density(self.net, self.groups)
        if self.audience != "group":
            return table
        hidden = table["source"].isin(self.withheld) | table["target"].isin(self.withheld)
        table = table[~hidden].reset_index(drop=True)
        few = (table["people"] > 0) & (table["people"] < self.minimum)
        table.loc[few, "per_100"] = np.nan
        return table

    @cached_property
    def group_sizes(self) -> pd.Series:
        """People in each group that is shown, largest first."""
        sizes = self.groups.value_counts()
        sizes = sizes[~sizes.index.isin(self.withheld)] if self.audience == "group" else sizes
        frame = sizes.rename("people").rename_axis("group").reset_index()
        frame = frame.sort_values(["people", "group"], ascending=[False, True])
        return frame.set_index("group")["people"].astype("int64")

    @cached_property
    def my_ties(self) -> pd.DataFrame:
        """Ties of the reader, by contact, seen from the reader's side."""
        ties = self.net.ties_of(self.reader)
        first = np.minimum(self.reader, ties.index.to_numpy(dtype=object))
        second = np.maximum(self.reader, ties.index.to_numpy(dtype=object))
        pairs = pd.MultiIndex.from_arrays([first, second])
        values = self.tie_values.reindex(pairs).set_index(ties.index)
        return ties.join(values)

    def label(self, person: str) -> str:
        """Return what to call somebody."""
        return str(self.net.labels[person])

    def called(self, people: Sequence[str] | pd.Index | pd.Series) -> list[str]:
        """Return what to call several people."""
        return [str(name) for name in self.net.labels.reindex(list(people))]
