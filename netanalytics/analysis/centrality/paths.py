"""Centrality by shortest paths: betweenness of people and ties, closeness, harmonic closeness."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from netanalytics import kernels, registry, schema
from netanalytics.analysis.centrality.modes import check_mode, lengths
from netanalytics.analysis.centrality.sampled import sampled_betweenness

if TYPE_CHECKING:
    from netanalytics.network import Network


@registry.metric(
    "betweenness",
    per="person",
    unit="pairs of people",
    read="For how many pairs of others somebody lies on the shortest way; large for go-betweens.",
    formula="b_v = Σ over pairs s, t of the share of their shortest paths that pass v",
    reference="Freeman (1977), A set of measures of centrality based on betweenness, Sociometry 40",
)
def betweenness(
    net: Network,
    *,
    weighted: bool = False,
    directed: bool = False,
    samples: int | None = None,
    seed: int = 0,
) -> pd.Series:
    """Count the pairs of others for whom a person lies on the shortest path.

    How to read it: large for people through whom others would reach each other. Where a pair has
    several shortest paths, each counts its share. Raw, not divided by the number of pairs, so
    only values of one network compare.

    Formula: b_v = Σ over pairs s, t of σ_st(v)/σ_st, σ the number of shortest paths.

    Parameters
    ----------
    net : Network
        The network.
    weighted : bool
        Make a tie 1/strength long, so that paths prefer strong ties; otherwise each is one step.
        Beside a tie of less than 10⁻¹³ of their strength, others on the same path count as nothing.
    directed : bool
        Follow arcs and count ordered pairs; otherwise every unordered pair counts once.
    samples : int, optional
        Estimate from the paths that start at so many people drawn by chance;
        :func:`sampled_betweenness` says how far off each value may be.
    seed : int
        Start of that draw.

    Returns
    -------
    pandas.Series
        By person, in pairs; 0 where no shortest path passes, also without ties. With ``samples``
        ``attrs["error"]`` holds the largest error of any value, kept with a chance of 90 %.

    Raises
    ------
    OptionError
        If ``samples`` is below 2.

    References
    ----------
    Freeman (1977), Sociometry 40; Brandes (2001), A faster algorithm for betweenness centrality,
    Journal of Mathematical Sociology 25.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": ["ada", "bob"], "target": ["bob", "cy"]})
    >>> betweenness(Network.from_ties(ties)).to_dict()
    {'ada': 0.0, 'bob': 1.0, 'cy': 0.0}
    """
    if samples is not None:
        table = sampled_betweenness(
            net, samples=samples, seed=seed, weighted=weighted, directed=directed
        )
        estimate = table["betweenness"]
        estimate.attrs["error"] = float(table["bound"].max())
        return estimate
    if weighted:
        values, _ = kernels.path_shares(net.arc_matrix if directed else net.matrix)
        return net.per_person(values if directed else values / 2, "betweenness")
    graph = net.arc_graph if directed else net.graph
    return net.per_person(graph.betweenness(directed=directed), "betweenness")


@registry.metric(
    "edge_betweenness",
    per="tie",
    unit="pairs of people",
    read="For how many pairs the tie lies on the shortest way; large between circles.",
    formula="b_e = Σ over pairs s, t of the share of their shortest paths that use e",
    reference="Girvan and Newman (2002), Community structure in social and biological networks, "
    "PNAS 99",
)
def edge_betweenness(net: Network, *, weighted: bool = False, directed: bool = False) -> pd.Series:
    """Count the pairs of people whose shortest path uses a tie.

    How to read it: large for ties through which one circle reaches another; the ends of the tie
    count as a pair too. Raw, so only values of one network compare.

    Formula: b_e = Σ over pairs s, t of σ_st(e)/σ_st, σ the number of shortest paths.

    Parameters
    ----------
    net : Network
        The network.
    weighted : bool
        Make a tie 1/strength long, as in :func:`betweenness`; otherwise each is one step.
    directed : bool
        Follow arcs, count ordered pairs, and add up the two directions of a tie.

    Returns
    -------
    pandas.Series
        By tie, in pairs; every unordered pair counts once.

    References
    ----------
    Girvan and Newman (2002), PNAS 99; Brandes (2008), On variants of shortest-path betweenness.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": ["ada", "bob"], "target": ["bob", "cy"]})
    >>> edge_betweenness(Network.from_ties(ties)).tolist()
    [2.0, 2.0]
    """
    if weighted:
        matrix = net.arc_matrix if directed else net.matrix
        _, used = kernels.path_shares(matrix)
        values = _by_tie(net, used, kernels.entry_rows(matrix), matrix.indices)
        return net.per_tie(values if directed else values / 2, "edge_betweenness")
    graph = net.arc_graph if directed else net.graph
    values = np.asarray(graph.edge_betweenness(directed=directed))
    if directed:
        values = _by_tie(net, values, *net.arc_ends)
    return net.per_tie(values, "edge_betweenness")


def _by_tie(net: Network, values: np.ndarray, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Add up the values of arcs, whichever way they lead along a tie."""
    size = len(net.people)
    one, other = net.ends
    keys = one.astype(np.int64) * size + other
    low, high = np.minimum(first, second), np.maximum(first, second)
    place = np.searchsorted(keys, low.astype(np.int64) * size + high)
    sums: np.ndarray = np.bincount(place, weights=values, minlength=len(keys))
    return sums


@registry.metric(
    "harmonic_closeness",
    per="person",
    unit="people at one step (at length 1 with weighted=True)",
    read="How near everybody else is; somebody at two steps counts half, out of reach nothing.",
    formula="h_i = Σ_j 1/d_ij over the others, 1/∞ = 0",
    reference="Marchiori and Latora (2000), Harmony in the small-world, Physica A 285",
    invariant=("renaming", "row order", "isolate"),
)
def harmonic_closeness(
    net: Network,
    *,
    weighted: bool = False,
    directed: bool = False,
    mode: str = "out",
    normalized: bool = False,
) -> pd.Series:
    """Add up how near everybody else is, 1/distance for each.

    How to read it: large for people who can reach many in few steps. It stays meaningful in a
    network in several pieces, where closeness does not. With ``weighted=True`` it is in the
    unit of strength, with ``normalized=True`` it also depends on the number of people.

    Formula: h_i = Σ_j 1/d_ij over all others, 0 for those out of reach.

    Parameters
    ----------
    net : Network
        The network.
    weighted : bool
        Make a tie 1/strength long; otherwise each is one step.
    directed : bool
        Follow arcs.
    mode : {"out", "in", "all"}
        With ``directed=True``: how near others are from here, how near this is for others, or
        without regard to direction.
    normalized : bool
        Divide by the number of other people.

    Returns
    -------
    pandas.Series
        By person; 0 for somebody who reaches nobody, NaN if normalised with nobody else there.

    Raises
    ------
    OptionError
        If ``mode`` is none of the three, or "in" without ``directed=True``.

    References
    ----------
    Marchiori and Latora (2000), Physica A 285; Rochat (2009), Closeness centrality extended to
    unconnected graphs: the harmonic centrality index.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": ["ada", "bob"], "target": ["bob", "cy"]})
    >>> harmonic_closeness(Network.from_ties(ties)).to_dict()
    {'ada': 1.5, 'bob': 2.0, 'cy': 1.5}
    """
    check_mode(mode, directed=directed, undirected=("all", "out"))
    along = directed and mode != "all"
    length, unit = lengths(net, directed=along) if weighted else (None, 1.0)
    graph, mode = (net.arc_graph, mode) if along else (net.graph, "all")
    found = graph.harmonic_centrality(mode=mode, weights=length, normalized=False)
    values, others = np.asarray(found, dtype=float) / unit, len(net.people) - 1
    if normalized:
        values = values / others if others else np.full(1, np.nan)
    return net.per_person(values, "harmonic_closeness")


@registry.metric(
    "closeness",
    per="person",
    unit="per step (strength with weighted=True)",
    read="How few steps it is to those within reach; 1 where all of them are contacts.",
    formula="(r_i / Σ_j d_ij) over the r_i others within reach; times r_i / (n − 1) if scaled",
    reference="Freeman (1979), Centrality in social networks, Social Networks 1",
    invariant=("renaming", "row order", "isolate"),
)
def closeness(
    net: Network,
    *,
    weighted: bool = False,
    directed: bool = False,
    mode: str = "out",
    scaling: str = "component",
    normalized: bool = True,
) -> pd.Series:
    """Return how few steps it is to everybody within reach.

    How to read it: 1 over the mean distance to those within reach, so somebody in a piece of two
    people has 1, the largest there is. Where the network is in several pieces, compare people of
    one piece, or scale by the share within reach, or use :func:`harmonic_closeness`.

    Formula: r_i / Σ_j d_ij over the r_i others within reach; with the scaling of Wasserman and
    Faust times r_i / (n − 1), n all people.

    Parameters
    ----------
    net : Network
        The network.
    weighted : bool
        Make a tie 1/strength long; otherwise each is one step.
    directed : bool
        Follow arcs.
    mode : {"out", "in", "all"}
        With ``directed=True``: the way to others, from others, or without regard to direction.
    scaling : {"component", "wasserman_faust"}
        Look at those within reach alone (igraph), or scale by their share (networkx).
    normalized : bool
        False for 1 / Σ_j d_ij, which shrinks with the number of people within reach.

    Returns
    -------
    pandas.Series
        By person; NaN for somebody who reaches nobody.

    Raises
    ------
    OptionError
        If ``mode`` or ``scaling`` is none of these, or ``mode`` is "in" without
        ``directed=True``.

    References
    ----------
    Freeman (1979), Social Networks 1; Wasserman and Faust (1994), Social Network Analysis, 5.2.2.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": ["ada", "bob", "dee"], "target": ["bob", "cy", "eve"]})
    >>> net = Network.from_ties(ties)
    >>> closeness(net).round(3).tolist()
    [0.667, 1.0, 0.667, 1.0, 1.0]
    >>> closeness(net, scaling="wasserman_faust").round(3).tolist()
    [0.333, 0.5, 0.333, 0.25, 0.25]
    """
    check_mode(mode, directed=directed, undirected=("all", "out"))
    schema.one_of("scaling", scaling, ("component", "wasserman_faust"))
    along = directed and mode != "all"
    graph, mode = (net.arc_graph, mode) if along else (net.graph, "all")
    length, unit = lengths(net, directed=along) if weighted else (None, 1.0)
    found = graph.closeness(mode=mode, weights=length, normalized=False)
    values = np.asarray(found, dtype=float) / unit
    if normalized or scaling == "wasserman_faust":
        reached = reachable(graph, mode)
        values = values * reached if normalized else values
        if scaling == "wasserman_faust":
            values = values * reached / max(len(net.people) - 1, 1)
    return net.per_person(values, "closeness")


def reachable(graph: Any, mode: str) -> np.ndarray:
    """Return how many others each vertex reaches, or is reached from with mode "in"."""
    if mode == "all" or not graph.is_directed():
        pieces = graph.connected_components(mode="weak")
        sizes = np.asarray(pieces.sizes())
        counts: np.ndarray = sizes[np.asarray(pieces.membership, dtype=int)] - 1
        return counts
    return np.asarray(graph.neighborhood_size(order=graph.vcount(), mode=mode)) - 1
