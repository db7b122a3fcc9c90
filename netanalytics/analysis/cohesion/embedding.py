"""How far ties lie inside circles: shared contacts, Simmelian ties, clustering."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from netanalytics import kernels, registry

if TYPE_CHECKING:
    import pandas as pd

    from netanalytics.network import Network


@registry.metric(
    "embeddedness",
    per="tie",
    unit="people",
    read="How many people both ends are in touch with; 0 for a local bridge.",
    formula="n_ij = number of q tied to i and to j",
    reference="Granovetter (1985), Economic action and social structure, "
    "American Journal of Sociology 91",
)
def embeddedness(net: Network) -> pd.Series:
    """Count the contacts that the two ends of a tie share.

    How to read it: what one does to the other is seen by so many common contacts. It grows with
    the degree of both; :func:`overlap` does not.

    Formula: the number of people tied to both ends.

    Parameters
    ----------
    net : Network
        The network.

    Returns
    -------
    pandas.Series
        By tie, in people.

    References
    ----------
    Granovetter (1985), American Journal of Sociology 91; Easley and Kleinberg (2010), chapter 3.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": list("aabc"), "target": list("bccd")})
    >>> embeddedness(Network.from_ties(ties)).tolist()
    [1, 1, 1, 0]
    """
    return net.per_tie(_shared(net), "embeddedness")


@registry.metric(
    "overlap",
    per="tie",
    unit="share of the contacts of both, 0 to 1",
    read="Which share of the contacts of either end the two have in common.",
    formula="n_ij / ((k_i − 1) + (k_j − 1) − n_ij)",
    reference="Onnela et al. (2007), Structure and tie strengths in mobile communication networks, "
    "PNAS 104",
)
def overlap(net: Network) -> pd.Series:
    """Return which share of their other contacts the ends of a tie have in common.

    How to read it: 1 inside a circle in which all know each other, 0 for a local bridge. Strong
    ties mostly have a large overlap; a strong tie without is worth a look.

    Formula: n_ij / ((k_i − 1) + (k_j − 1) − n_ij), n shared contacts, k degrees.

    Parameters
    ----------
    net : Network
        The network.

    Returns
    -------
    pandas.Series
        By tie, from 0 to 1; NaN where neither end has another contact.

    References
    ----------
    Onnela et al. (2007), PNAS 104.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": list("aabc"), "target": list("bccd")})
    >>> overlap(Network.from_ties(ties)).round(3).tolist()
    [1.0, 0.5, 0.5, 0.0]
    """
    shared = _shared(net)
    first, second = net.ends
    degree = np.bincount(np.concatenate([first, second]), minlength=len(net.people))
    either = degree[first] + degree[second] - 2 - shared
    values = np.divide(shared, either, out=np.full(len(shared), np.nan), where=either > 0)
    return net.per_tie(values, "overlap")


@registry.metric(
    "is_simmelian",
    per="tie",
    unit="true or false",
    read="True where both reach each other and both are in such contact with a same third.",
    formula="i ↔ j, and some q with i ↔ q and q ↔ j",
    reference="Krackhardt (1999), The ties that torture: Simmelian tie analysis in organizations, "
    "Research in the Sociology of Organizations 16",
)
def is_simmelian(net: Network) -> pd.Series:
    """Say which ties are Simmelian: reciprocated, and inside a reciprocated triangle.

    How to read it: such ties are stronger, last longer and bind more than their strength alone
    tells, because the third watches. Arcs are read, so contact without a direction counts as
    reciprocated.

    Formula: both ends reach each other, and both are so tied to a third.

    Parameters
    ----------
    net : Network
        The network.

    Returns
    -------
    pandas.Series
        By tie, boolean.

    References
    ----------
    Krackhardt (1999), Research in the Sociology of Organizations 16; Simmel (1908).

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": list("abbcacad"), "target": list("bacbcada")})
    >>> is_simmelian(Network.from_ties(ties, directed=True)).tolist()
    [True, True, False, True]
    """
    ties = net.ties
    together = ties["n"] - ties["n_forward"] - ties["n_back"]
    mutual = ((ties["n_forward"] + together > 0) & (ties["n_back"] + together > 0)).to_numpy()
    circle = kernels.circle_of(net if mutual.all() else replace(net, ties=ties[mutual]))
    inside = np.zeros(len(ties), dtype=bool)
    inside[mutual] = circle.shared()[circle.upper()] > 0
    return net.per_tie(inside, "is_simmelian")


@registry.metric(
    "clustering",
    per="person",
    unit="share of pairs of contacts, 0 to 1",
    read="Which share of the pairs of somebody's contacts are in touch with each other.",
    formula="t_i / (k_i (k_i − 1) / 2), t_i ties among contacts",
    reference="Watts and Strogatz (1998), Collective dynamics of small-world networks, Nature 393",
)
def clustering(net: Network, *, weighted: bool = False) -> pd.Series:
    """Return which share of the pairs of a person's contacts are in touch with each other.

    How to read it: 1 inside a circle in which all know each other, 0 for somebody whose contacts
    do not. It falls with degree, so compare people with similar degree.

    Formula: ties among contacts / pairs of contacts; weighted, each pair counts by the mean
    strength of the person's ties to it (Barrat).

    Parameters
    ----------
    net : Network
        The network.
    weighted : bool
        Let pairs of strong ties count more.

    Returns
    -------
    pandas.Series
        By person, from 0 to 1; NaN with fewer than two contacts.

    References
    ----------
    Watts and Strogatz (1998), Nature 393; Barrat et al. (2004), PNAS 101.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": list("aabc"), "target": list("bccd")})
    >>> clustering(Network.from_ties(ties)).round(3).tolist()
    [1.0, 1.0, 0.333, nan]
    """
    weights = net.strength.tolist() if weighted else None
    values = net.graph.transitivity_local_undirected(mode="nan", weights=weights)
    return net.per_person(values, "clustering")


def transitivity(net: Network) -> float:
    """Return which share of all paths of two ties are closed by a third.

    How to read it: how often two contacts of the same person are in touch, over everybody, so
    that people with many contacts weigh most.

    Formula: 3 × triangles / paths of two ties.

    Parameters
    ----------
    net : Network
        The network.

    Returns
    -------
    float
        From 0 to 1; NaN without a path of two ties.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": list("aabc"), "target": list("bccd")})
    >>> transitivity(Network.from_ties(ties))
    0.6
    """
    circle = kernels.circle_of(net)
    degree = circle.degree.astype(np.int64)
    paths = int((degree * (degree - 1)).sum())
    return float(circle.shared().sum(dtype=np.int64) / paths) if paths else float("nan")


def _shared(net: Network) -> np.ndarray:
    circle = kernels.circle_of(net)
    shared: np.ndarray = circle.shared()[circle.upper()].astype(np.int64)
    return shared
