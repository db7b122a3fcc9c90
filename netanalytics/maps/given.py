"""What a map was given to draw, and what it asks for where it was given nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netanalytics import schema
from netanalytics.maps.grouping import ATTRIBUTES
from netanalytics.maps.pack import sentence, texts, words
from netanalytics.maps.style import long_date, plain
from netanalytics.network.naming import called

if TYPE_CHECKING:
    from netanalytics.maps.pack import Data, Field
    from netanalytics.network import Network

UNSEEN = ("cooling", "dormant")
"""Stages of a tie that was not seen lately."""

STAGE_WORDS = {
    "new": "new",
    "active": "seen lately",
    "cooling": "not seen lately",
    "dormant": "not seen for long",
    "revived": "seen again",
}
"""How a stage is said on a map."""


@dataclass(frozen=True, eq=False)
class Given:
    """The arguments of one call of :func:`netanalytics.maps.network_map.network_map`."""

    person: str | None = None
    suggestions: pd.DataFrame | None = None
    title: str | None = None
    names: bool = True
    by: str | None = None
    seed: int = 0
    people_values: pd.DataFrame | None = None
    tie_values: pd.DataFrame | None = None
    size_by: str | None = None
    pinned: pd.DataFrame | None = None


def raw_groups(net: Network, given: Given) -> pd.Series:
    """Return the group of everybody: a people column, the communities given, or Leiden's."""
    if given.by is not None:
        return net.groups(given.by)
    values = given.people_values
    if values is not None and "community" in values.columns:
        return values["community"].reindex(net.people.index)
    if not len(net.ties):
        return net.per_person([pd.NA] * len(net.people), "community")
    from netanalytics.analysis.communities import community

    found: pd.Series = community(net, seed=given.seed)
    return found


def stages(net: Network, given: Given) -> pd.Series | None:
    """Return the stage of every tie, or None where nothing is known of it."""
    values = given.tie_values
    if values is not None and "stage" in values.columns:
        found = values["stage"].reindex(net.ties.index)
    elif net.as_of is not None and "last" in net.ties.columns and len(net.ties):
        from netanalytics.analysis.decay import stage

        found = stage(net)
    else:
        return None
    return found.astype("object").where(found.notna(), None)


def stage_field(stage: pd.Series) -> Field:
    """Return the stages as a field, in the words of a map."""
    return words("Contact", [STAGE_WORDS.get(str(name)) for name in stage])


def unseen(stage: pd.Series | None, size: int) -> np.ndarray:
    """Return which ties were not seen lately."""
    if stage is None:
        return np.zeros(size, dtype=bool)
    return stage.isin(UNSEEN).to_numpy(dtype=bool)


def attributes(net: Network, people: pd.Index, by: str | None) -> list[Field]:
    """Return the attributes that a card shows beside the group, and ids where there are names."""
    table = net.people.loc[people]
    chosen = [name for name in ATTRIBUTES if name in table.columns and name != by]
    fields = [words(sentence(name), schema.text_ids(table[name])) for name in chosen]
    if (net.labels.loc[people].astype(str) != people.astype(str)).any():
        fields.append(texts("Id", people))
    return [field for field in fields if any(field.get("words") or field.get("texts") or ())]


def names_of(net: Network, people: pd.Index) -> Data:
    """Return what to call people, and who shares a name: lists show their ids beside it."""
    bare = called(net.people)
    twice = (bare != net.labels).loc[people].to_numpy()
    return {
        "name": [plain(name) or "(no name)" for name in bare.loc[people]],
        "namesakes": [int(at) for at in np.flatnonzero(twice)],
    }


def thickness(strength: np.ndarray) -> list[int]:
    """Return strengths as 0 to 99, by their square root; the strongest percent is 99."""
    if not len(strength):
        return []
    top = float(np.quantile(strength, 0.99))
    return [int(share) for share in np.round(99 * np.sqrt(np.minimum(strength / top, 1.0)))]


def seen_until(net: Network) -> str:
    """Return how far the observation reaches, as the end of a line."""
    return f" · to {long_date(net.as_of)}" if net.as_of is not None else ""


def thick_means(net: Network) -> str:
    """Return how to read the thickness of a line."""
    if net.half_life_days is None:
        return "Thicker: more contact seen"
    return (
        f"Thicker: more contact seen (it counts half after {net.half_life_days:g} days, "
        "and less in large groups)"
    )


def chosen_suggestions(given: Given, known: pd.Index, person: str | None = None) -> pd.DataFrame:
    """Return the suggestions about people in the network, for one person where one is named."""
    empty = pd.DataFrame(columns=["rank", "person", "target", "via", "because"])
    if given.suggestions is None:
        return empty
    schema.require_columns(given.suggestions, "suggestions", ["person", "target"])
    table = given.suggestions.reset_index(drop=True)
    table = table.reindex(columns=list(empty.columns))
    keep = table["person"].isin(known) & table["target"].isin(known)
    if person is not None:
        keep &= table["person"] == person
    return table[keep]


def suggestion_data(table: pd.DataFrame, places: pd.Index) -> Data:
    """Return suggestions with people as places in ``places``; -1 where there is nobody."""
    because = words("Because", table["because"])
    return {
        "rank": [None if pd.isna(rank) else int(rank) for rank in table["rank"]],
        "because": because,
        **{
            column: [int(place) for place in places.get_indexer(pd.Index(table[column]))]
            for column in ("person", "target", "via")
        },
    }
