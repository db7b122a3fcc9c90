"""Who is central: degree, total strength, betweenness, harmonic closeness, PageRank, coreness."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netanalytics import kernels, registry, schema
from netanalytics.errors import OptionError

if TYPE_CHECKING:
    import pandas as pd

    from netanalytics.network import Network

MODES = ("all", "in", "out")


@registry.metric(
    "degree",
    per="person",
    unit="ties (arcs with directed=True)",
    read="With how many people somebody is in contact; says nothing about how close they are.",
    formula="k_i = number of ties of i",
    reference="Freeman (1979), Centrality in social networks, Social Networks 1",
)
def degree(net: Network, *, directed: bool = False, mode: str = "all") -> pd.Series:
    """Count the ties of every person.

    How to read it: with how many people somebody is in contact. One mail makes a tie, so a large
    degree is a wide address book, not closeness.

    Formula: k_i = number of ties of i.

    Parameters
    ----------
    net : Network
        The network.
    directed : bool
        Count arcs instead of ties; contact without a direction counts both ways.
    mode : {"all", "in", "out"}
        With ``directed=True``: arcs that come in, go out, or both, a mutual pair then counting
        twice.

    Returns
    -------
    pandas.Series
        By person, in ties (or arcs); 0 without any.

    Raises
    ------
    OptionError
        If ``mode`` is none of the three, or one of the last two without ``directed=True``.

    References
    ----------
    Freeman (1979), Centrality in social networks: conceptual clarification, Social Networks 1.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": ["ada", "ada"], "target": ["bob", "cy"]})
    >>> degree(Network.from_ties(ties)).to_dict()
    {'ada': 2, 'bob': 1, 'cy': 1}
    """
    weights = np.ones(len(net.arcs if directed else net.ties))
    counts = _sums(net, weights, directed=directed, mode=mode)
    return net.per_person(counts.astype(np.int64), "degree")


@registry.metric(
    "total_strength",
    per="person",
    unit="strength",
    read="How much recent contact somebody has in all; grows with volume and with many contacts.",
    formula="s_i = Σ_j w_ij",
    reference="Barrat et al. (2004), The architecture of complex weighted networks, PNAS 101",
    invariant=("renaming", "row order", "isolate"),
)
def total_strength(net: Network, *, directed: bool = False, mode: str = "all") -> pd.Series:
    """Add up the strengths of the ties of every person.

    How to read it: how much contact somebody has in all, recent contact counting most. The unit
    is that of strength, so it depends on the half-life and the group-size discount.

    Formula: s_i = Σ_j w_ij.

    Parameters
    ----------
    net : Network
        The network.
    directed : bool
        Read arcs instead of ties; contact without a direction counts both ways.
    mode : {"all", "in", "out"}
        With ``directed=True``: arcs that come in, go out, or both.

    Returns
    -------
    pandas.Series
        By person, in strength; 0 without ties.

    Raises
    ------
    OptionError
        If ``mode`` is none of the three, or one of the last two without ``directed=True``.

    References
    ----------
    Barrat, Barthélemy, Pastor-Satorras, Vespignani (2004), The architecture of complex weighted
    networks, PNAS 101.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": ["ada", "ada"], "target": ["bob", "cy"], "strength": [2, 3]})
    >>> total_strength(Network.from_ties(ties)).to_dict()
    {'ada': 5.0, 'bob': 2.0, 'cy': 3.0}
    """
    weights = net.arc_strength if directed else net.strength
    return net.per_person(_sums(net, weights, directed=directed, mode=mode), "total_strength")


@registry.metric(
    "betweenness",
    per="person",
    unit="pairs of people",
    read="For how many pairs of others somebody lies on the shortest way; large for go-betweens.",
    formula="b_v = Σ over pairs s, t of the share of their shortest paths that pass v",
    reference="Freeman (1977), A set of measures of centrality based on betweenness, Sociometry 40",
)
def betweenness(net: Network, *, weighted: bool = False, directed: bool = False) -> pd.Series:
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
    directed : bool
        Follow arcs and count ordered pairs; otherwise every unordered pair counts once.

    Returns
    -------
    pandas.Series
        By person, in pairs; 0 where no shortest path passes, also without ties.

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
    graph = net.arc_graph if directed else net.graph
    values = graph.betweenness(
        directed=directed, weights=_lengths(net, directed=directed) if weighted else None
    )
    return net.per_person(values, "betweenness")


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
    _check_mode(mode, directed=directed, undirected=("all", "out"))
    along = directed and mode != "all"
    values = (net.arc_graph if along else net.graph).harmonic_centrality(
        mode=mode if along else "all",
        weights=_lengths(net, directed=along) if weighted else None,
        normalized=False,
    )
    others = len(net.people) - 1
    if normalized:
        values = np.asarray(values) / others if others else np.full(1, np.nan)
    return net.per_person(values, "harmonic_closeness")


@registry.metric(
    "pagerank",
    per="person",
    unit="share, all people adding up to 1",
    read="How much contact comes from people who themselves have much; volume seen twice.",
    formula="x_i = (1 − d)/n + d Σ_j x_j w_ji / s_j, d = damping",
    reference="Brin and Page (1998), The anatomy of a large-scale hypertextual web search engine",
    invariant=("renaming", "row order", "scaling"),
)
def pagerank(
    net: Network, *, weighted: bool = True, directed: bool = False, damping: float = 0.85
) -> pd.Series:
    """Return the share of time that a walk along ties spends at every person.

    How to read it: large for people in much contact with people who themselves are. On ties it
    differs little from total strength; on arcs it favours those whom central people reach. All
    values add up to 1, so more people make each smaller.

    Formula: x_i = (1 − d)/n + d Σ_j x_j w_ji / s_j, d the damping.

    Parameters
    ----------
    net : Network
        The network.
    weighted : bool
        Follow ties in proportion to their strength; otherwise all alike.
    directed : bool
        Follow arcs from source to target.
    damping : float
        Probability of going on along a tie instead of starting again anywhere.

    Returns
    -------
    pandas.Series
        By person, a share. Somebody without a way on starts again anywhere.

    Raises
    ------
    OptionError
        If ``damping`` is not between 0 and 1.

    References
    ----------
    Brin and Page (1998), Computer Networks 30.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": ["ada", "bob"], "target": ["bob", "cy"]})
    >>> pagerank(Network.from_ties(ties)).round(3).to_dict()
    {'ada': 0.257, 'bob': 0.486, 'cy': 0.257}
    """
    if not 0 < damping < 1:
        raise OptionError(f"damping is {damping}; it lies between 0 and 1")
    # igraph has it too, but on several threads its last digits change from run to run.
    matrix = net.adjacency(weighted=weighted, directed=directed)
    values = kernels.random_walk(matrix, damping=damping)
    return net.per_person(values, "pagerank")


@registry.metric(
    "coreness",
    per="person",
    unit="ties",
    read="How deep in the dense core somebody is: all in the k-core have k ties inside it.",
    formula="largest k such that i is in a part of the network where everybody has ≥ k ties",
    reference="Seidman (1983), Network structure and minimum degree, Social Networks 5",
)
def coreness(net: Network) -> pd.Series:
    """Return the largest k such that a person is in the k-core.

    How to read it: the k-core is what is left after taking away, again and again, everybody with
    fewer than k ties. A hub whose contacts know nobody else has a large degree and coreness 1.
    Direction and strength play no part.

    Formula: the largest k such that i is in a part of the network where all have k ties in it.

    Parameters
    ----------
    net : Network
        The network.

    Returns
    -------
    pandas.Series
        By person, in ties; 0 without ties.

    References
    ----------
    Seidman (1983), Social Networks 5; Batagelj and Zaveršnik (2003), An O(m) algorithm for cores
    decomposition of networks.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": ["ada", "ada", "bob", "cy"], "target": list("bcc") + ["d"]})
    >>> ties = ties.replace({"b": "bob", "c": "cy", "d": "dee"})
    >>> coreness(Network.from_ties(ties)).to_dict()
    {'ada': 2, 'bob': 2, 'cy': 2, 'dee': 1}
    """
    return net.per_person(net.graph.coreness(), "coreness")


def _sums(net: Network, weights: np.ndarray, *, directed: bool, mode: str) -> np.ndarray:
    """Add up weights of ties or arcs at the ends that the mode asks for."""
    _check_mode(mode, directed=directed, undirected=("all",))
    first, second = net.arc_ends if directed else net.ends
    sides = {"all": (first, second), "out": (first,), "in": (second,)}[mode]
    total = np.zeros(len(net.people))
    for side in sides:
        total += np.bincount(side, weights=weights, minlength=len(total))
    return total


def _check_mode(mode: str, *, directed: bool, undirected: tuple[str, ...]) -> None:
    schema.one_of("mode", mode, MODES)
    if not directed and mode not in undirected:
        raise OptionError(f"mode={mode!r} needs directed=True: a tie has no direction")


def _lengths(net: Network, *, directed: bool) -> list[float]:
    """Return 1/strength: the stronger the tie, the shorter the way."""
    strength = net.arc_strength if directed else net.strength
    lengths: list[float] = (1.0 / strength).tolist()
    return lengths
