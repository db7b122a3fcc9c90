"""The data of a personal map: me, my contacts and my ties, and nothing about anybody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from netanalytics.errors import OptionError
from netanalytics.maps import given as asked
from netanalytics.maps.grouping import grouped
from netanalytics.maps.pack import columns, days, numbers, tenths, words
from netanalytics.maps.sectors import sector_view
from netanalytics.maps.style import counted, plain
from netanalytics.network.naming import called

if TYPE_CHECKING:
    from netanalytics.maps.given import Given
    from netanalytics.maps.grouping import Grouping
    from netanalytics.maps.pack import Data, Field
    from netanalytics.maps.sectors import SectorView
    from netanalytics.network import Network

AT_FIRST = 60
"""Contacts shown when the map opens."""

UNSEEN_AT_FIRST = 15
"""Of these, at most so many not seen lately, when there are enough others."""

MOST_SECTORS = 8
"""Groups with a sector of their own; the contacts of the rest share one."""

ME, CONTACT, TARGET = 140, 75, 75
"""Radii of the dots, in tenths."""

WORDS = {
    "node": "person",
    "nodes": "people",
    "link": "contact",
    "links": "contacts",
    "strongest": "Most contact seen with",
    "search": "Search my contacts",
    "suggestions": "Suggested introductions",
    "fading": "Only those not seen lately",
    "all": "All my contacts",
}


def personal_data(net: Network, given: Given) -> tuple[Data, pd.DataFrame]:
    """Return the data of the map of one person and the positions on it."""
    if not given.names:
        raise OptionError("a personal map names your own contacts: leave names=True")
    me = net.find(str(given.person))
    mine = net.ties_of(me)
    late = _unseen_of(net, given, mine.index)
    order = _order(mine, late)
    mine, late = mine.iloc[order], late[order]
    advice = asked.chosen_suggestions(given, net.people.index, me)
    targets = pd.Index(
        [name for name in advice["target"].drop_duplicates() if name not in mine.index]
    )
    people = pd.Index([me, *mine.index, *targets], dtype="str")
    groups = _groups(net, given, people, mine)
    via = _via(advice, targets, mine.index)
    views = _views(groups.codes[: len(mine)], late, via)
    data: Data = {
        "kind": "personal",
        "title": plain(given.title or f"Contacts of {called(net.people)[me]}"),
        "subtitle": counted(len(mine), "contact", "contacts") + asked.seen_until(net),
        "notes": [
            "Your own contacts, as far as your files show them: lunches, calls and other "
            "accounts are not in them."
        ],
        "groups": groups.as_data(),
        "nodes": {
            **asked.names_of(net, people),
            "named": True,
            "group": [-1, *(int(code) for code in groups.codes)],
            "radius": [ME] + [CONTACT] * len(mine) + [TARGET] * len(targets),
            "fading": [0, *(int(flag) for flag in late), *([0] * len(targets))],
            "fields": _fields(net, given, people),
            "me": 0,
            "contacts": len(mine),
        },
        "views": [_view_data(view, len(targets)) for view in views],
        "links": _links(net, mine, late),
        "suggestions": asked.suggestion_data(advice, people),
        "words": WORDS,
        "legend": _legend(net, late=bool(late.any()), advice=bool(len(advice))),
    }
    x, y = (np.array(data["views"][-1][axis]) / 10 for axis in ("x", "y"))
    return data, pd.DataFrame({"x": x, "y": y}, index=people.rename("person"))


def _unseen_of(net: Network, given: Given, contacts: pd.Index) -> np.ndarray:
    """Return which contacts were not seen lately by me."""
    me = net.find(str(given.person))
    first, second = (net.people.index[ends] for ends in net.ends)
    own = np.flatnonzero((first == me) | (second == me))
    stage = asked.stages(net, given)
    late = asked.unseen(stage, len(net.ties))[own]
    other = np.where(first[own] == me, second[own], first[own])
    return pd.Series(late, index=other).reindex(contacts).to_numpy(dtype=bool)


def _order(mine: pd.DataFrame, late: np.ndarray) -> np.ndarray:
    """Return contacts with more contact seen first, a few of the unseen ones among the first."""
    weight = mine["strength"].to_numpy(dtype=float)
    seen = np.flatnonzero(~late)[np.argsort(-weight[~late], kind="stable")]
    counts = mine["n"].to_numpy(dtype=float)
    gone = np.flatnonzero(late)[np.argsort(-counts[late], kind="stable")]
    few = max(UNSEEN_AT_FIRST, AT_FIRST - len(seen))
    most = AT_FIRST - min(len(gone), few)
    return np.concatenate([seen[:most], gone[:few], seen[most:], gone[few:]]).astype(int)


def _groups(net: Network, given: Given, people: pd.Index, mine: pd.DataFrame) -> Grouping:
    """Return the groups of my contacts and targets, called after what they are to me."""
    raw = asked.raw_groups(net, given).loc[people[1:]]
    weight = mine["strength"]
    return grouped(net, raw, by=given.by, weight=weight, most=MOST_SECTORS, rest="others")


def _via(advice: pd.DataFrame, targets: pd.Index, contacts: pd.Index) -> list[int]:
    first = advice.drop_duplicates("target").set_index("target")["via"].reindex(targets)
    return [int(place) for place in contacts.get_indexer(pd.Index(first))]


def _views(codes: np.ndarray, late: np.ndarray, via: list[int]) -> list[SectorView]:
    """Return the first view and, where there are more contacts, the view of all."""
    sizes = sorted({min(AT_FIRST, len(codes)), len(codes)})
    return [
        sector_view(codes[:size], late[:size], [at if at < size else -1 for at in via])
        for size in sizes
    ]


def _view_data(view: SectorView, targets: int) -> dict[str, Any]:
    shown = len(view.contacts)
    places = np.vstack([np.zeros((1, 2)), view.contacts, view.outside])
    return {
        "x": tenths(places[:, 0]),
        "y": tenths(places[:, 1]),
        "contacts": shown,
        "targets": targets,
        "sectors": [[round(float(part), 3) for part in sector] for sector in view.sectors],
        "rings": view.rings,
    }


def _fields(net: Network, given: Given, people: pd.Index) -> list[Field]:
    """Return attributes of everybody, and measures of me alone."""
    values = given.people_values
    own = None if values is None else values.reindex(people[:1])
    measures = columns(own, people, skip=["community"])
    return asked.attributes(net, people, given.by) + measures


def _links(net: Network, mine: pd.DataFrame, late: np.ndarray) -> dict[str, Any]:
    fields: list[Field] = []
    dated = net.as_of is not None and "last" in mine.columns
    if dated:
        fields.append(days("Last seen", mine["last"]))
    if "channels" in mine.columns:
        channels = mine["channels"].astype("string").str.replace(";", ", ")
        fields.append(words("By", channels))
    if "days" in mine.columns:
        fields.append(numbers("Contact days", mine["days"]))
    else:
        fields.append(numbers("Contacts", mine["n"]))
    wrote = [
        f"you {int(out)}, they {int(back)}" if out or back else None
        for out, back in zip(mine["n_forward"], mine["n_back"], strict=True)
    ]
    fields.append(words("Wrote", wrote))
    together = mine["n"] - mine["n_forward"] - mine["n_back"]
    directed = bool((mine["n_forward"] + mine["n_back"]).any())
    if directed:
        fields.append(numbers("Met together", together.where(together > 0)))
    if late.any():
        fields.append(words("Note", ["not seen lately, by me" if flag else None for flag in late]))
    return {
        "a": [0] * len(mine),
        "b": list(range(1, len(mine) + 1)),
        "width": asked.thickness(mine["strength"].to_numpy(dtype=float)),
        "fading": [int(flag) for flag in late],
        "fields": fields,
        "total": len(mine),
        "drawn": len(mine),
    }


def _legend(net: Network, *, late: bool, advice: bool) -> list[dict[str, str]]:
    rows = [
        ("sector", "Sector: how you know them"),
        ("thick", asked.thick_means(net)),
        ("near", "Nearer the middle: more contact seen, not closer"),
    ]
    if late:
        rows.append(("hollow", "Outer ring, hollow: not seen lately, by me"))
    if advice:
        rows.append(("dashed", "Dashed: suggested introduction, from the person through whom"))
    return [{"icon": icon, "text": text} for icon, text in rows]
