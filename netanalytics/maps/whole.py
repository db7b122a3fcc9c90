"""The data of a map of everybody: dots in groups, the ties between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from netanalytics.maps import given as asked
from netanalytics.maps.grouping import grouped
from netanalytics.maps.layout import degrees, layout
from netanalytics.maps.pack import columns, days, numbers, sentence, tenths
from netanalytics.maps.style import counted, plain, radii
from netanalytics.registry import unknown

if TYPE_CHECKING:
    from netanalytics.maps.given import Given
    from netanalytics.maps.pack import Data, Field
    from netanalytics.network import Network

MOST_TIES = 60_000
"""Ties in the file; each person's strongest come first, and what is left out is counted."""

MOST_DRAWN = 12_000
"""Ties drawn at once."""


def whole_data(net: Network, given: Given) -> tuple[Data, pd.DataFrame]:
    """Return the data of the map and the positions on it."""
    groups = grouped(net, asked.raw_groups(net, given), by=given.by, names=given.names)
    radius = radii(_sizes(net, given))
    places = layout(net, groups.raw, seed=given.seed, pinned=given.pinned, radius=radius)
    stage = asked.stages(net, given)
    late = asked.unseen(stage, len(net.ties))
    fading = _fading(net, stage, late)
    order = _row_order(places, groups.codes, names=given.names)
    people = net.people.index[order]
    advice = asked.chosen_suggestions(given, net.people.index)
    if not given.names:
        advice = advice.assign(because=None)  # a sentence names people
    data: Data = {
        "kind": "whole",
        "title": plain(given.title or "Network map"),
        "subtitle": counted(len(net.people), "person", "people")
        + " · "
        + counted(len(net.ties), "tie", "ties")
        + asked.seen_until(net),
        "notes": ["This page names people."] if given.names else ["Nobody is named here."],
        "groups": groups.as_data(),
        "nodes": {
            **(asked.names_of(net, people) if given.names else _numbered(len(people))),
            "named": given.names,
            "group": [int(code) for code in groups.codes[order]],
            "radius": tenths(radius[order]),
            "fading": [int(flag) for flag in fading[order]],
            "fields": _fields(net, given, order),
        },
        "views": [{"x": tenths(places[order, 0]), "y": tenths(places[order, 1])}],
        "links": _links(net, order, stage, late),
        "suggestions": asked.suggestion_data(advice, people),
        "words": WORDS | {"search": _search_hint(given)},
        "legend": _legend(net, given, fading=bool(fading.any()), late=bool(late.any())),
    }
    return data, pd.DataFrame(places, index=net.people.index, columns=["x", "y"])


WORDS = {
    "node": "person",
    "nodes": "people",
    "link": "tie",
    "links": "ties",
    "strongest": "Most contact seen with",
    "suggestions": "Suggested introductions",
    "fading": "Only what was not seen lately",
}


def _sizes(net: Network, given: Given) -> np.ndarray:
    if given.size_by is None:
        return degrees(net).astype(float)
    values = given.people_values
    if values is None or given.size_by not in values.columns:
        known = [] if values is None else [str(name) for name in values.columns]
        raise unknown("column of people_values", given.size_by, known)
    return values[given.size_by].reindex(net.people.index).to_numpy(dtype=float)


def _fading(net: Network, stage: pd.Series | None, late: np.ndarray) -> np.ndarray:
    """Return who has judged ties, none of which was seen lately."""
    if stage is None:
        return np.zeros(len(net.people), dtype=bool)
    judged = stage.notna().to_numpy()
    size = len(net.people)
    seen = sum(np.bincount(ends[judged & ~late], minlength=size) for ends in net.ends)
    gone = sum(np.bincount(ends[late], minlength=size) for ends in net.ends)
    fading: np.ndarray = (np.asarray(gone) > 0) & (np.asarray(seen) == 0)
    return fading


def _row_order(places: np.ndarray, codes: np.ndarray, *, names: bool) -> np.ndarray:
    """Return rows as they are, or by place where the alphabet would give names away."""
    if names:
        return np.arange(len(places))
    return np.lexsort((places[:, 1], places[:, 0], codes))


def _numbered(count: int) -> Data:
    return {"name": [f"Person {place + 1}" for place in range(count)], "namesakes": []}


def _fields(net: Network, given: Given, order: np.ndarray) -> list[Field]:
    people = net.people.index[order]
    ties = [numbers("Ties", degrees(net)[order])]
    if not given.names:
        return ties
    values = columns(given.people_values, people, skip=["community"])
    return asked.attributes(net, people, given.by) + ties + values


def drawing_order(net: Network) -> np.ndarray:
    """Return ties so that each person's strongest come first, whatever is cut off at the end."""
    by_strength = np.argsort(-net.strength, kind="stable")
    ends = np.stack(net.ends)[:, by_strength].T.ravel()
    rank = pd.Series(ends).groupby(ends).cumcount().to_numpy().reshape(-1, 2).min(axis=1)
    return by_strength[np.argsort(rank, kind="stable")]


def _links(
    net: Network, order: np.ndarray, stage: pd.Series | None, late: np.ndarray
) -> dict[str, Any]:
    kept = drawing_order(net)[:MOST_TIES]
    row_of = np.empty(len(order), dtype=int)
    row_of[order] = np.arange(len(order))
    ties = net.ties.iloc[kept]
    fields = []
    if "last" in ties.columns and net.as_of is not None:
        fields.append(days("Last seen", ties["last"]))
    fields.append(numbers("Contacts", ties["n"]))
    if stage is not None:
        fields.append(asked.stage_field(stage.iloc[kept]))
    return {
        "a": [int(row) for row in row_of[net.ends[0][kept]]],
        "b": [int(row) for row in row_of[net.ends[1][kept]]],
        "width": asked.thickness(net.strength[kept]),
        "fading": [int(flag) for flag in late[kept]],
        "fields": fields,
        "total": len(net.ties),
        "drawn": MOST_DRAWN,
    }


def _search_hint(given: Given) -> str:
    return "Search a name, role or team" if given.names else "Search a person"


def _legend(net: Network, given: Given, *, fading: bool, late: bool) -> list[dict[str, str]]:
    bigger = "ties" if given.size_by is None else sentence(given.size_by).lower()
    rows = [("size", f"Bigger: more {bigger}")]
    if fading:
        rows.append(("hollow", "Hollow: none of their ties was seen lately"))
    if given.suggestions is not None and len(given.suggestions):
        rows.append(("dashed", "Dashed: suggested introduction"))
    rows.append(("thick", asked.thick_means(net)))
    if late:
        rows.append(("faint", "Grey and thin: not seen lately"))
    return [{"icon": icon, "text": text} for icon, text in rows]
