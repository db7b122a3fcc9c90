"""Counts of ties and strength, and how deep in the core somebody is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netanalytics import kernels, registry
from netanalytics.analysis.centrality.modes import check_mode

if TYPE_CHECKING:
    import pandas as pd

    from netanalytics.network import Network


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
    return net.per_person(kernels.cores(kernels.circle_of(net)), "coreness")


def _sums(net: Network, weights: np.ndarray, *, directed: bool, mode: str) -> np.ndarray:
    """Add up weights of ties or arcs at the ends that the mode asks for."""
    check_mode(mode, directed=directed, undirected=("all",))
    first, second = net.arc_ends if directed else net.ends
    sides = {"all": (first, second), "out": (first,), "in": (second,)}[mode]
    total = np.zeros(len(net.people))
    for side in sides:
        total += np.bincount(side, weights=weights, minlength=len(total))
    return total
