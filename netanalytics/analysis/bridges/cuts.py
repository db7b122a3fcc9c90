"""What holds the network together: articulation points, bridges, local bridges and their span."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netanalytics import kernels, registry

if TYPE_CHECKING:
    import pandas as pd

    from netanalytics.network import Network


@registry.metric(
    "is_articulation_point",
    per="person",
    unit="true or false",
    read="True where the network would fall into more pieces without this person.",
    formula="the network without i has more components than with i, i itself aside",
    reference="Hopcroft and Tarjan (1973), Algorithm 447, Communications of the ACM 16",
)
def is_articulation_point(net: Network) -> pd.Series:
    """Say who is the only link between parts of the network.

    How to read it: true where some people could no longer reach each other without this person.
    Often it only cuts off somebody with a single contact, and in a log it may mean that the other
    ways are not seen.

    Formula: without the person there are more components than with them, themselves aside.

    Parameters
    ----------
    net : Network
        The network.

    Returns
    -------
    pandas.Series
        By person, boolean; False without ties.

    References
    ----------
    Hopcroft and Tarjan (1973), Algorithm 447: efficient algorithms for graph manipulation.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": ["ada", "bob"], "target": ["bob", "cy"]})
    >>> is_articulation_point(Network.from_ties(ties)).to_dict()
    {'ada': False, 'bob': True, 'cy': False}
    """
    cuts = np.zeros(len(net.people), dtype=bool)
    cuts[net.graph.articulation_points()] = True
    return net.per_person(cuts, "is_articulation_point")


@registry.metric(
    "is_bridge",
    per="tie",
    unit="true or false",
    read="True where removing the tie would leave its ends without any way to each other.",
    formula="the network without the tie has one component more",
    reference="Tarjan (1974), A note on finding the bridges of a graph, Information Processing "
    "Letters 2",
)
def is_bridge(net: Network) -> pd.Series:
    """Say which ties are the only link between two parts of the network.

    How to read it: true where removing the tie disconnects. The only tie of somebody with one
    contact is always a bridge.

    Formula: the network without the tie has one component more.

    Parameters
    ----------
    net : Network
        The network.

    Returns
    -------
    pandas.Series
        By tie, boolean. Parallel contacts are one tie.

    References
    ----------
    Tarjan (1974), A note on finding the bridges of a graph.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": list("aabc"), "target": list("bccd")})
    >>> is_bridge(Network.from_ties(ties)).to_dict()
    {('a', 'b'): False, ('a', 'c'): False, ('b', 'c'): False, ('c', 'd'): True}
    """
    bridges = np.zeros(len(net.ties), dtype=bool)
    bridges[net.graph.bridges()] = True
    return net.per_tie(bridges, "is_bridge")


@registry.metric(
    "is_local_bridge",
    per="tie",
    unit="true or false",
    read="True where the two have no contact in common: news from another circle passes here.",
    formula="no q is tied to both ends",
    reference="Granovetter (1973), The strength of weak ties, American Journal of Sociology 78",
)
def is_local_bridge(net: Network) -> pd.Series:
    """Say which ties connect two people who share no contact.

    How to read it: true where the tie is a short cut between circles; :func:`span` says how long
    the way round would be. Every bridge is a local bridge.

    Formula: nobody is tied to both ends.

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
    Granovetter (1973), The strength of weak ties.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": list("aabc"), "target": list("bccd")})
    >>> is_local_bridge(Network.from_ties(ties)).to_dict()
    {('a', 'b'): False, ('a', 'c'): False, ('b', 'c'): False, ('c', 'd'): True}
    """
    circle = kernels.circle_of(net)
    return net.per_tie(circle.shared()[circle.upper()] == 0, "is_local_bridge")


@registry.metric(
    "span",
    per="tie",
    unit="steps",
    read="How long the way round is without the tie: 2 with a shared contact, inf for a bridge.",
    formula="distance between the ends in the network without the tie",
    reference="Easley and Kleinberg (2010), Networks, Crowds, and Markets, chapter 3",
)
def span(net: Network) -> pd.Series:
    """Return how many steps the ends of a tie would be apart without it.

    How to read it: 2 where they share a contact; the longer, the more the tie connects circles
    that are far from each other. Ties above 2 are the local bridges.

    Formula: distance in steps between the ends in the network without the tie.

    Parameters
    ----------
    net : Network
        The network.

    Returns
    -------
    pandas.Series
        By tie, in steps; inf for a bridge.

    References
    ----------
    Granovetter (1973), The strength of weak ties; Easley and Kleinberg (2010), chapter 3.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": list("abcde"), "target": list("bcdaa")})
    >>> span(Network.from_ties(ties)).to_dict()
    {('a', 'b'): 3.0, ('a', 'd'): 3.0, ('a', 'e'): inf, ('b', 'c'): 3.0, ('c', 'd'): 3.0}
    """
    circle = kernels.circle_of(net)
    steps = np.where(circle.shared()[circle.upper()] > 0, 2.0, np.nan)
    steps[net.graph.bridges()] = np.inf
    far = np.flatnonzero(np.isnan(steps))
    first, second = net.ends
    steps[far] = circle.detours(first[far], second[far])
    return net.per_tie(steps, "span")
