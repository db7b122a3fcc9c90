"""Where contacts stand on a personal map: me in the middle, a sector for each group.

Inside a sector the contacts with more contact seen stand on the inner rings. Those not seen
lately stand on rings of their own outside, and people to whom an introduction is suggested
outside these. The room between two neighbours on a ring is measured in names: they are wide and
low, so a ring holds more of them at its sides than at its top.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

ACROSS, DOWN = 1.2, 0.92
"""Half axes of a ring of radius 1: screens are wider than high."""

TOP = 0.46
"""Angle at the top, in radians, where the rings are labelled and nobody stands."""

BETWEEN = 0.09
"""Angle between two sectors, in radians."""

LEAST = 0.24
"""Smallest angle of a sector."""


@dataclass(frozen=True)
class Spacing:
    """How much room a contact takes."""

    first: float
    step: float
    cell: tuple[float, float]


NAMED = Spacing(first=118.0, step=80.0, cell=(108.0, 23.0))
CLOSE = Spacing(first=92.0, step=30.0, cell=(34.0, 20.0))
DOTS = Spacing(first=80.0, step=19.0, cell=(18.0, 15.0))


@dataclass(frozen=True, eq=False)
class SectorView:
    """Positions on a personal map.

    Parameters
    ----------
    contacts, outside : numpy.ndarray
        Positions of the contacts and of the people to whom an introduction is suggested.
    sectors : list of list
        Group, first and last angle, inner and outer radius of each sector.
    rings : list of dict
        Inner and outer radius and label of each ring that is marked.
    """

    contacts: np.ndarray
    outside: np.ndarray
    sectors: list[list[float]]
    rings: list[dict[str, Any]]


def sector_view(groups: np.ndarray, unseen: np.ndarray, via: Sequence[int]) -> SectorView:
    """Return positions around (0, 0).

    Parameters
    ----------
    groups : numpy.ndarray
        Group of each contact, those with more contact first.
    unseen : numpy.ndarray
        True for contacts not seen lately.
    via : sequence of int
        For each suggested introduction, the contact through whom; -1 for none.

    Returns
    -------
    SectorView
        The positions, and the sectors and rings to draw behind them.
    """
    spacing = NAMED if len(groups) <= 90 else CLOSE if len(groups) <= 400 else DOTS
    spans = _spans(groups)
    angle, radius = np.zeros(len(groups)), np.zeros(len(groups))
    start, outer = spacing.first, spacing.first
    rings: list[dict[str, Any]] = []
    for late in (False, True):
        chosen = unseen == late
        if not chosen.any():
            continue
        members = {g: np.flatnonzero(chosen & (groups == g)) for g in spans}
        used = _fill(spans, members, (start, spacing), (angle, radius))
        outer = start + (used - 1) * spacing.step
        if late:
            low, high = start - spacing.step / 2, outer + spacing.step / 2
            rings.append({"inner": low, "outer": high, "label": "not seen lately, by me"})
        start = outer + spacing.step
    edge = outer + spacing.step / 2
    inner = spacing.first - min(spacing.step / 2, 40)
    sectors = [[float(g), low, high, inner, edge] for g, (low, high) in spans.items()]
    wanted = [angle[place] if place >= 0 else np.pi for place in via]
    outside = _around(np.array(wanted), edge + 34.0)
    return SectorView(on_ring(angle, radius), outside, sectors, rings)


def on_ring(angle: np.ndarray, radius: np.ndarray | float) -> np.ndarray:
    """Return positions from angles, clockwise from the top, and ring radii."""
    return np.column_stack([ACROSS * radius * np.sin(angle), -DOWN * radius * np.cos(angle)])


def _spans(groups: np.ndarray) -> dict[int, tuple[float, float]]:
    """Return the first and last angle of each group's sector."""
    present, counts = np.unique(groups, return_counts=True)
    if not len(present):
        return {}
    room = 2 * np.pi - TOP - BETWEEN * (len(present) - 1)
    width = np.maximum(room * counts / counts.sum(), min(LEAST, room / len(present)))
    width = width * room / width.sum()
    begin = TOP / 2 + np.concatenate([[0.0], np.cumsum(width + BETWEEN)[:-1]])
    return {
        int(group): (float(low), float(low + wide))
        for group, low, wide in zip(present, begin, width, strict=True)
    }


def _fill(
    spans: dict[int, tuple[float, float]],
    members: dict[int, np.ndarray],
    room: tuple[float, Spacing],
    out: tuple[np.ndarray, np.ndarray],
) -> int:
    """Set people on as few rings as hold them all; return how many rings were needed."""
    start, spacing = room
    rings = 1
    while True:
        arcs = {
            g: [_arc(spans[g], start + ring * spacing.step, spacing.cell) for ring in range(rings)]
            for g in spans
        }
        holds = {g: [max(int(length[-1]), 1) for _, length in arcs[g]] for g in spans}
        if all(sum(holds[g]) >= len(members[g]) for g in spans):
            break
        rings += 1
    for group, people in members.items():
        for ring, here in enumerate(_shares(people, holds[group])):
            angles, length = arcs[group][ring]
            # Shifted from ring to ring, so that no line to the middle runs through a neighbour.
            shift = (0.5, 0.3, 0.7)[ring % 3 if len(here) > 1 else 0]
            at = (np.arange(len(here)) + shift) / max(len(here), 1) * length[-1]
            out[0][here] = np.interp(at, length, angles)
            out[1][here] = start + ring * spacing.step
    return rings


def _arc(
    span: tuple[float, float], radius: float, cell: tuple[float, float]
) -> tuple[np.ndarray, np.ndarray]:
    """Return angles along an arc and how many names fit before each."""
    angles = np.linspace(*span, 200)
    step = np.abs(np.diff(on_ring(angles, radius), axis=0)) / cell
    return angles, np.concatenate([[0.0], np.cumsum(step.max(axis=1))])


def _shares(people: np.ndarray, holds: list[int]) -> list[np.ndarray]:
    """Divide people over rings in proportion to what each holds, the first ones innermost."""
    upto = np.round(len(people) * np.cumsum(holds) / sum(holds)).astype(int)
    return np.split(people, upto[:-1])


def _around(wanted: np.ndarray, radius: float) -> np.ndarray:
    """Return positions on an outer ring near the wanted angles, a name apart."""
    if not len(wanted):
        return np.zeros((0, 2))
    angles, length = _arc((TOP / 2, 2 * np.pi - TOP / 2), radius, NAMED.cell)
    at = np.interp(wanted, angles, length)
    order = np.argsort(at, kind="stable")
    place = at[order]
    for _ in range(200):
        lack = np.maximum(1.1 - np.diff(place), 0.0) / 2
        place[:-1] -= lack
        place[1:] += lack
        place = np.clip(place, 0.0, length[-1])
    at[order] = place
    return on_ring(np.interp(at, length, angles), radius)
