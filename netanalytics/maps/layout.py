"""Where people stand on the map: groups first, then the people inside each.

A force layout of everybody at once turns large networks into a ball of wool. Here every group is
laid out by itself and fills a disc, the discs are placed by the ties between them, each disc is
turned until its people face those outside to whom they have ties, and dots that still overlap are
pushed apart. All random numbers come from the seed.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from netanalytics.maps.style import radii
from netanalytics.network import Network, seeded_layout

GAP = 6.0
"""Free space around a dot."""

FILLED = 0.58
"""Share of a disc that dots and their free space take up."""

MOST_DISCS = 300
"""Groups beyond the largest of this number are set down at the rim."""

WIDE = 1.3
"""How much wider than high the whole map wants to be."""


def layout(
    net: Network,
    groups: pd.Series,
    *,
    seed: int = 0,
    pinned: pd.DataFrame | None = None,
    radius: np.ndarray | None = None,
) -> np.ndarray:
    """Return a position for every person.

    Parameters
    ----------
    net : Network
        Its ties pull, by their strength.
    groups : pandas.Series
        Group of each person, by person; missing values form a group of their own.
    seed : int
        The same seed gives the same positions.
    pinned : pandas.DataFrame, optional
        Columns ``x`` and ``y`` by person, from an earlier map: these people stay where they were,
        and new ones are set beside their contacts. Ignored when it knows less than half of them.
    radius : numpy.ndarray, optional
        Radius of each dot; from the number of ties where it is not given.

    Returns
    -------
    numpy.ndarray
        Shape (people, 2), one decimal, in the order of ``net.people``.

    Examples
    --------
    >>> ties = pd.DataFrame({"source": ["a", "a"], "target": ["b", "c"]})
    >>> net = Network.from_ties(ties)
    >>> layout(net, net.per_person([0, 0, 0], "community")).shape
    (3, 2)
    """
    degree = degrees(net)
    radius = radii(degree) if radius is None else radius
    earlier = _earlier(net, pinned)
    if earlier is not None:
        return _rounded(_beside(net, earlier, radius))
    codes = group_codes(groups.reindex(net.people.index))
    tied = degree > 0
    places = np.zeros((len(codes), 2))
    if tied.any():
        places[tied] = _tied(net.among(net.people.index[tied]), codes[tied], radius[tied], seed)
    if not tied.all():
        places[~tied] = _rim(places[tied], codes[~tied], radius[~tied])
    return _rounded(_centred(places))


def degrees(net: Network) -> np.ndarray:
    """Return the number of ties of each person, in the order of ``net.people``."""
    return np.bincount(np.concatenate(net.ends), minlength=len(net.people))


def group_codes(groups: pd.Series) -> np.ndarray:
    """Return groups as whole numbers from 0, by sorted name; the missing ones come last."""
    codes, names = pd.factorize(groups.astype("string"), sort=True)
    return np.where(codes < 0, len(names), codes)


def _rounded(places: np.ndarray) -> np.ndarray:
    return np.round(places, 1) + 0.0  # + 0.0 turns -0.0 into 0.0, which is other bytes


def _centred(places: np.ndarray) -> np.ndarray:
    centred: np.ndarray = places - (places.min(axis=0) + places.max(axis=0)) / 2
    return centred


# ---- groups ----------------------------------------------------------------------------------


def _tied(net: Network, codes: np.ndarray, radius: np.ndarray, seed: int) -> np.ndarray:
    """Return positions of people who all have ties."""
    _, codes = np.unique(codes, return_inverse=True)
    members = [np.flatnonzero(codes == code) for code in range(codes.max() + 1)]
    area = np.bincount(codes, weights=(radius + GAP) ** 2)
    reach = np.sqrt(area / FILLED)
    places = np.zeros((len(codes), 2))
    for here in members:
        places[here] = _inside(net, here, radius[here], seed)
    margin = 2.2 * GAP * max(1.0, (len(codes) / 250) ** 0.5) + 0.12 * reach
    centres = _disc_centres(net, codes, reach + margin, seed)
    places = _turned(net, codes, places, centres) + centres[codes]
    return separated(places, radius)


def _inside(net: Network, here: np.ndarray, radius: np.ndarray, seed: int) -> np.ndarray:
    """Return positions of the people of one group around (0, 0), spread over a disc."""
    if len(here) < 3:
        step = float(radius.sum() + GAP) / 2
        return np.array([[step * (2 * at - len(here) + 1), 0.0] for at in range(len(here))])
    group = net.among(net.people.index[here])
    places = force_layout(group, seed)
    return separated(_fill_disc(places, (radius + GAP) ** 2), radius, rounds=15)


def force_layout(net: Network, seed: int) -> np.ndarray:
    """Return the Fruchterman–Reingold positions of a network, by the strength of its ties."""
    if not len(net.ties):
        return sunflower(len(net.people), 1.0)
    strength = net.strength
    weights = 0.2 + strength / (strength + np.median(strength))  # between .2 and 1.2
    rounds = 500 if len(net.people) < 400 else 150
    return seeded_layout(
        net.graph, "fr", seed=seed, weights=weights.tolist(), niter=rounds, grid="auto"
    )


def sunflower(count: int, spacing: float) -> np.ndarray:
    """Return points spread evenly over a disc, as the seeds of a sunflower are."""
    at = np.arange(count)
    angle = at * np.pi * (3 - np.sqrt(5))
    away = spacing * np.sqrt(at + 0.5)
    return np.column_stack([away * np.cos(angle), away * np.sin(angle)])


def _fill_disc(places: np.ndarray, area: np.ndarray) -> np.ndarray:
    """Keep directions and the order of distances, and spread the points over their disc."""
    offset = places - np.median(places, axis=0)
    distance = np.hypot(offset[:, 0], offset[:, 1])
    order = np.argsort(distance, kind="stable")
    covered = np.cumsum(area[order]) - area[order] / 2
    even = np.empty(len(places))
    even[order] = np.sqrt(covered / FILLED)
    top = np.quantile(distance, 0.9) or 1.0
    near = np.sqrt(area.sum() / FILLED) * np.minimum(distance / top, 1.0)
    wanted = 0.75 * even + 0.25 * near
    safe = np.where(distance > 0, distance, 1.0)
    spread: np.ndarray = offset * (wanted / safe)[:, None]
    return spread


def _disc_centres(net: Network, codes: np.ndarray, reach: np.ndarray, seed: int) -> np.ndarray:
    """Return the centre of each group's disc."""
    size = len(reach)
    if size == 1:
        return np.zeros((1, 2))
    order = np.argsort(-reach, kind="stable")
    large = np.sort(order[:MOST_DISCS])
    pull = _between(net, codes, size)[np.ix_(large, large)]
    centres = np.zeros((size, 2))
    centres[large] = placed_discs(pull, reach[large], seed)
    small = order[MOST_DISCS:]
    if len(small):
        centres[small] = _below(centres[large], reach[large], reach[small])
    return centres


def _between(net: Network, codes: np.ndarray, size: int) -> np.ndarray:
    """Return how strongly each two groups are tied, as a symmetric matrix with an empty middle."""
    first, second = (codes[ends] for ends in net.ends)
    pull = np.bincount(first * size + second, weights=net.strength, minlength=size * size)
    both = pull.reshape(size, size)
    both = both + both.T
    np.fill_diagonal(both, 0.0)
    return both


def placed_discs(pull: np.ndarray, reach: np.ndarray, seed: int) -> np.ndarray:
    """Return centres of discs that do not overlap, with those that pull each other side by side.

    Parameters
    ----------
    pull : numpy.ndarray
        Symmetric matrix, 0 or more.
    reach : numpy.ndarray
        Radius of each disc with the free space around it.
    seed : int
        Seed of the first positions.

    Returns
    -------
    numpy.ndarray
        Shape (discs, 2).
    """
    first, second = np.nonzero(np.triu(pull))
    names = np.array([f"{at:09d}" for at in range(len(reach))])
    frame = pd.DataFrame(
        {"source": names[first], "target": names[second], "strength": pull[first, second]}
    )
    start = force_layout(Network.from_ties(frame, pd.DataFrame({"person": names})), seed)
    start = _centred(start)
    spread = np.sqrt((reach**2).sum()) / max(np.abs(start).max(), 1e-9)
    level = pull.max(initial=0.0) or 1.0
    return _packed(start * spread * (WIDE, 1.0), reach, np.sqrt(pull / level))


def _packed(centres: np.ndarray, reach: np.ndarray, pull: np.ndarray) -> np.ndarray:
    """Draw discs together by their ties and towards the middle, without overlaps."""
    weight = pull / np.maximum(pull.sum(axis=1, keepdims=True), 1e-9)
    tied = (pull.sum(axis=1) > 0)[:, None]
    rounds = 300 if len(reach) < 80 else 100
    for at in range(rounds):
        cool = 1 - at / rounds
        centres = centres * (1 - np.array([0.02, 0.02 * WIDE**2]) * cool)
        centres = centres + 0.06 * cool * np.where(tied, weight @ centres - centres, 0.0)
        centres = _apart(centres, reach)
    for _ in range(60):
        centres = _apart(centres, reach)
    return centres


def _apart(centres: np.ndarray, reach: np.ndarray) -> np.ndarray:
    """Push overlapping discs apart once; the smaller of two moves more."""
    offset = centres[:, None, :] - centres[None, :, :]
    distance = np.hypot(offset[..., 0], offset[..., 1])
    overlap = np.maximum(reach[:, None] + reach[None, :] - distance, 0.0)
    np.fill_diagonal(overlap, 0.0)
    same = (distance < 1e-9) & (overlap > 0)
    if same.any():  # two discs in one place: the order decides who goes where
        at = np.arange(len(reach), dtype=float)
        angle = (at[:, None] + at[None, :]) * 2.4
        sign = np.sign(at[:, None] - at[None, :])
        offset[same] = (np.dstack([np.cos(angle), np.sin(angle)]) * sign[..., None])[same]
        distance = np.where(same, 1.0, distance)
    share = reach[None, :] ** 2 / (reach[:, None] ** 2 + reach[None, :] ** 2)
    push = overlap * share / np.maximum(distance, 1e-9)
    moved: np.ndarray = centres + (offset * push[..., None]).sum(axis=1)
    return moved


def _turned(net: Network, codes: np.ndarray, places: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """Turn, and where better mirror, each disc so that people face their contacts outside."""
    first, second = net.ends
    out = codes[first] != codes[second]
    if not out.any():
        return places
    here = np.concatenate([first[out], second[out]])
    there = np.concatenate([second[out], first[out]])
    way = centres[codes[there]] - centres[codes[here]]
    way = way / np.maximum(np.hypot(way[:, 0], way[:, 1]), 1e-9)[:, None]

    def total(axis: int, direction: int) -> np.ndarray:
        weights = places[here, axis] * way[:, direction]
        return np.bincount(codes[here], weights=weights, minlength=len(centres))

    xx, yy, xy, yx = total(0, 0), total(1, 1), total(0, 1), total(1, 0)
    as_is, mirrored = np.hypot(xx + yy, xy - yx), np.hypot(xx - yy, xy + yx)
    flip = mirrored > as_is * 1.0001
    angle = np.where(flip, np.arctan2(xy + yx, xx - yy), np.arctan2(xy - yx, xx + yy))[codes]
    x, y = places[:, 0], np.where(flip[codes], -places[:, 1], places[:, 1])
    return np.column_stack(
        [np.cos(angle) * x - np.sin(angle) * y, np.sin(angle) * x + np.cos(angle) * y]
    )


# ---- single dots -----------------------------------------------------------------------------


def separated(
    places: np.ndarray, radius: np.ndarray, *, rounds: int = 40, still: np.ndarray | None = None
) -> np.ndarray:
    """Push overlapping dots apart.

    Parameters
    ----------
    places, radius : numpy.ndarray
        Positions and radii.
    rounds : int
        Most sweeps; fewer when nothing overlaps any more.
    still : numpy.ndarray, optional
        True for dots that stay where they are.

    Returns
    -------
    numpy.ndarray
        New positions.
    """
    from scipy.spatial import cKDTree

    places = places + sunflower(len(places), 1e-3)  # no two dots in exactly one place
    moves = np.ones(len(places)) if still is None else np.where(still, 0.0, 1.0)
    farthest = 2 * float(radius.max(initial=0.0)) + GAP
    for _ in range(rounds if len(places) <= 20_000 else rounds // 2):
        pairs = cKDTree(places).query_pairs(farthest, output_type="ndarray")
        first, second = pairs[:, 0], pairs[:, 1]
        offset = places[first] - places[second]
        distance = np.maximum(np.hypot(offset[:, 0], offset[:, 1]), 1e-6)
        overlap = radius[first] + radius[second] + GAP - distance
        near = overlap > 0.05
        if not near.any():
            break
        first, second = first[near], second[near]
        share = moves[first] + moves[second]
        push = offset[near] * (0.9 * overlap[near] / distance[near] / np.maximum(share, 1))[:, None]
        for axis in (0, 1):
            places[:, axis] += moves * (
                np.bincount(first, weights=push[:, axis], minlength=len(places))
                - np.bincount(second, weights=push[:, axis], minlength=len(places))
            )
    return places


def _rim(core: np.ndarray, codes: np.ndarray, radius: np.ndarray) -> np.ndarray:
    """Return places in tidy rows below the map for people without ties, group by group."""
    step = 2 * float(radius.max()) + 1.5 * GAP
    width = np.ptp(core[:, 0]) if len(core) else 0.0
    columns = max(int(0.8 * width / step), int(np.ceil(np.sqrt(len(codes) * WIDE * 1.5))))
    columns = min(columns, len(codes))
    top = core[:, 1].max() + 3 * step + 12 if len(core) else 0.0
    middle = (core[:, 0].max() + core[:, 0].min()) / 2 if len(core) else 0.0
    order = np.argsort(codes, kind="stable")
    row, column = np.divmod(np.arange(len(codes)), columns)
    places = np.empty((len(codes), 2))
    places[order] = np.column_stack(
        [middle + (column - (columns - 1) / 2) * step, top + row * step]
    )
    return places


def _below(core: np.ndarray, reach: np.ndarray, small: np.ndarray) -> np.ndarray:
    """Return places in rows below the map for small groups, the largest first."""
    left, right = (core[:, 0] - reach).min(), (core[:, 0] + reach).max()
    x, y, height = left, (core[:, 1] + reach).max(), 0.0
    places = []
    for size in small:
        if x + 2 * size > right and x > left:
            x, y, height = left, y + height, 0.0
        places.append((x + size, y + size))
        x, height = x + 2 * size, max(height, 2 * size)
    return np.array(places)


# ---- an earlier map --------------------------------------------------------------------------


def _earlier(net: Network, pinned: pd.DataFrame | None) -> np.ndarray | None:
    """Return known positions with NaN for new people, or None when too few are known."""
    if pinned is None:
        return None
    places = pinned.reindex(net.people.index)[["x", "y"]].to_numpy(dtype=float)
    known = np.isfinite(places).all(axis=1)
    return places if 2 * known.sum() >= len(known) else None


def _beside(net: Network, places: np.ndarray, radius: np.ndarray) -> np.ndarray:
    """Set new people beside those of their contacts who have a place; move nobody else."""
    places = places.copy()
    known = np.isfinite(places).all(axis=1)
    placed = known.copy()
    matrix = net.adjacency()
    for _ in range(3):
        weight = matrix @ placed.astype(float)
        middle = matrix @ np.where(placed[:, None], places, 0.0)
        ready = ~placed & (weight > 0)
        places[ready] = middle[ready] / weight[ready, None]
        placed |= ready
    if not placed.all():
        places[~placed] = _rim(places[placed], np.zeros((~placed).sum(), int), radius[~placed])
    return separated(places, radius, still=known)
