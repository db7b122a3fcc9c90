"""The data of a map of groups: circles and the contact between them, and no person at all."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from netanalytics import schema
from netanalytics.maps.pack import columns, numbers, tenths
from netanalytics.maps.sectors import ACROSS, DOWN
from netanalytics.maps.style import COLOURS, counted, plain

if TYPE_CHECKING:
    from netanalytics.maps.pack import Data

WIDEST = 40.0
"""Width of the widest ribbon."""

WORDS = {
    "node": "group",
    "nodes": "groups",
    "link": "pair of groups",
    "links": "pairs of groups",
    "strongest": "Contact with",
    "search": "Search a group",
}


def groups_data(groups: pd.DataFrame, contacts: pd.DataFrame, title: str | None) -> Data:
    """Return the data of the map of groups."""
    schema.require_columns(groups, "groups", ["size"])
    schema.require_columns(contacts.reset_index(), "contacts", ["source", "target", "per_100"])
    table = groups.sort_index()
    order = np.argsort(-table["size"].to_numpy(dtype=float), kind="stable")
    table = table.iloc[order]
    pairs = _pairs(contacts, table.index)
    inside = pairs[pairs["source"] == pairs["target"]].set_index("source")["per_100"]
    across = pairs[pairs["source"] != pairs["target"]]
    radius = 62 * np.sqrt(table["size"].to_numpy(dtype=float) / max(table["size"].max(), 1))
    radius = np.maximum(radius, 12.0)
    places = _circle(radius, _density(across, table.index))
    fields = [numbers("People", table["size"])]
    if len(inside):
        fields.append(numbers("Ties inside, per 100 pairs", inside.reindex(table.index)))
    fields += columns(table, table.index, skip=["size"])
    shown = [plain(name) for name in table.index]
    return {
        "kind": "groups",
        "title": plain(title or "Contact between groups"),
        "subtitle": counted(len(table), "group", "groups")
        + " · "
        + counted(int(table["size"].sum()), "person", "people"),
        "notes": ["Groups only: nobody is named, drawn or counted one by one.", *_left_out(across)],
        "groups": {
            "name": shown,
            "colour": [place if place < COLOURS else -1 for place in range(len(table))],
            "size": [int(size) for size in table["size"]],
            "heading": "Groups",
            "one": "Group",
            "scattered": [],
        },
        "nodes": {
            "name": shown,
            "namesakes": [],
            "named": True,
            "group": list(range(len(table))),
            "radius": tenths(radius),
            "fading": [0] * len(table),
            "fields": fields,
        },
        "views": [{"x": tenths(places[:, 0]), "y": tenths(places[:, 1])}],
        "links": _links(across),
        "suggestions": None,
        "words": WORDS,
        "legend": [
            {"icon": "size", "text": "Bigger: more people"},
            {"icon": "ribbon", "text": "Wider: more ties per 100 possible pairs"},
        ],
    }


def _left_out(across: pd.DataFrame) -> list[str]:
    """Say that a missing ribbon need not mean no contact, where one is withheld."""
    few = int(across["per_100"].isna().sum())
    if not few:
        return []
    pairs = counted(few, "pair of groups has", "pairs of groups have")
    return [f"{pairs} no ribbon because too few people make their contact to show it."]


def _pairs(contacts: pd.DataFrame, known: pd.Index) -> pd.DataFrame:
    """Return contacts between known groups, one row a pair, in a fixed order."""
    named = list(contacts.index.names)
    table = contacts.reset_index() if "source" in named else contacts.reset_index(drop=True)
    table = table[table["source"].isin(known) & table["target"].isin(known)]
    ends = [known.get_indexer(pd.Index(table[column])) for column in ("source", "target")]
    table = table.assign(_low=np.minimum(*ends), _high=np.maximum(*ends))
    table = table.drop_duplicates(["_low", "_high"]).sort_values(["_low", "_high"])
    return table.reset_index(drop=True)


def _density(across: pd.DataFrame, known: pd.Index) -> np.ndarray:
    size = len(known)
    matrix = np.zeros((size, size))
    low, high = across["_low"].to_numpy(dtype=int), across["_high"].to_numpy(dtype=int)
    matrix[low, high] = across["per_100"].fillna(0).to_numpy(dtype=float)
    both: np.ndarray = matrix + matrix.T
    return both


def _circle(radius: np.ndarray, density: np.ndarray) -> np.ndarray:
    """Return places on a ring, so that no ribbon passes behind a third group."""
    size = len(radius)
    if size <= 1:
        return np.zeros((size, 2))
    order = _short_ribbons(density)
    room = radius[order] + 24.0
    ring = max(room.sum() / np.pi, 150.0 if size > 2 else 110.0)
    middle = np.cumsum(room) - room / 2
    angle = 2 * np.pi * (middle - middle[0]) / room.sum()
    if size == 2:
        angle = np.array([-np.pi / 2, np.pi / 2])
    places = np.empty((size, 2))
    places[order] = np.column_stack([ACROSS * ring * np.sin(angle), -DOWN * ring * np.cos(angle)])
    return places


def _short_ribbons(density: np.ndarray) -> np.ndarray:
    """Return an order around the ring that sets groups with much contact side by side."""
    size = len(density)
    steps = np.abs(np.subtract.outer(np.arange(size), np.arange(size)))
    steps = np.minimum(steps, size - steps)
    order = np.arange(size)

    def cost(candidate: np.ndarray) -> float:
        return float((density[np.ix_(candidate, candidate)] * steps).sum())

    best = cost(order)
    for _ in range(6 if size <= 40 else 0):
        before = best
        for first, second in combinations(range(1, size), 2):
            swapped = order.copy()
            swapped[[first, second]] = swapped[[second, first]]
            if (found := cost(swapped)) < best - 1e-9:
                order, best = swapped, found
        if best >= before:
            break
    return order


def _links(across: pd.DataFrame) -> dict[str, Any]:
    shown = across[across["per_100"].notna()]
    shown = shown.sort_values(["per_100", "_low", "_high"], ascending=[False, True, True])
    value = shown["per_100"].to_numpy(dtype=float)
    skip = ["source", "target", "per_100", "_low", "_high"]
    return {
        "a": [int(place) for place in shown["_low"]],
        "b": [int(place) for place in shown["_high"]],
        "width": tenths(WIDEST * value / max(value.max(initial=0.0), 1e-9)),
        "fading": [0] * len(shown),
        "fields": [
            numbers("Ties per 100 possible pairs", value),
            *columns(shown, shown.index, skip=skip),
        ],
        "total": len(shown),
        "drawn": len(shown),
    }
