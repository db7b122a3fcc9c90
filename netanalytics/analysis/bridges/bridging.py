"""Bridging after Hwang: people whose contacts have many contacts of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netanalytics import registry

if TYPE_CHECKING:
    import pandas as pd

    from netanalytics.network import Network


@registry.metric(
    "bridging_coefficient",
    per="person",
    unit="none (above 0)",
    read="Whether somebody has few contacts who have many: large for a narrow way between crowds.",
    formula="(1/k_i) / Σ_j 1/k_j over contacts j",
    reference="Hwang, Cho, Zhang and Ramanathan (2006), Bridging centrality, KDD 2006",
)
def bridging_coefficient(net: Network) -> pd.Series:
    """Return Hwang's bridging coefficient of every person.

    How to read it: large for people with few contacts who themselves have many; it looks one step
    far and does not know whether there is anything to bridge, so a pendant of a hub has most of
    all. :func:`bridging_centrality` sets that right.

    Formula: (1/k_i) / Σ_j 1/k_j over the contacts j of i, k the number of contacts.

    Parameters
    ----------
    net : Network
        The network.

    Returns
    -------
    pandas.Series
        By person, above 0; NaN without ties.

    References
    ----------
    Hwang, Cho, Zhang and Ramanathan (2006), Bridging centrality: identifying bridging nodes in
    scale-free networks, KDD 2006.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": ["ada", "bob"], "target": ["bob", "cy"]})
    >>> bridging_coefficient(Network.from_ties(ties)).to_dict()
    {'ada': 2.0, 'bob': 0.25, 'cy': 2.0}
    """
    return net.per_person(_coefficient(net), "bridging_coefficient")


@registry.metric(
    "bridging_centrality",
    per="person",
    unit="pairs of people, weighted",
    read="Who lies on many shortest ways and has few contacts with many: go-betweens of crowds.",
    formula="bridging coefficient × betweenness (unweighted, each unordered pair once)",
    reference="Hwang, Cho, Zhang and Ramanathan (2006), Bridging centrality, KDD 2006",
)
def bridging_centrality(net: Network) -> pd.Series:
    """Return Hwang's bridging centrality: the bridging coefficient times betweenness.

    How to read it: large for people on the only ways between well-connected parts, smaller for
    hubs, whose betweenness comes from their many contacts. Authors scale it differently
    (ranks, ordered pairs): compare ranks, not values, with other tools.

    Formula: (1/k_i) / Σ_j 1/k_j × b_i, b betweenness in steps, each unordered pair once.

    Parameters
    ----------
    net : Network
        The network.

    Returns
    -------
    pandas.Series
        By person; NaN without ties, 0 where no shortest path passes.

    References
    ----------
    Hwang, Cho, Zhang and Ramanathan (2006), KDD 2006.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": ["ada", "bob"], "target": ["bob", "cy"]})
    >>> bridging_centrality(Network.from_ties(ties)).to_dict()
    {'ada': 0.0, 'bob': 0.25, 'cy': 0.0}
    """
    between = np.asarray(net.graph.betweenness(directed=False))
    return net.per_person(_coefficient(net) * between, "bridging_centrality")


def _coefficient(net: Network) -> np.ndarray:
    first, second = net.ends
    size = len(net.people)
    degree = np.bincount(np.concatenate([first, second]), minlength=size)
    part = 1 / np.maximum(degree, 1)
    around = np.bincount(first, part[second], size) + np.bincount(second, part[first], size)
    values = np.full(size, np.nan)
    np.divide(part, around, out=values, where=degree > 0)
    return values
