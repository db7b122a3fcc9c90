"""Centrality by walks: eigenvector, PageRank, Katz."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netanalytics import kernels, registry
from netanalytics.analysis.centrality.modes import check_mode
from netanalytics.arguments import number
from netanalytics.errors import OptionError

if TYPE_CHECKING:
    import pandas as pd

    from netanalytics.network import Network


@registry.metric(
    "eigenvector",
    per="person",
    unit="share of the largest value, which is 1",
    read="How much contact comes from people who themselves have much, over any number of steps.",
    formula="λ x_i = Σ_j w_ji x_j, λ the largest possible, max x = 1",
    reference="Bonacich (1972), Factoring and weighting approaches to status scores, "
    "Journal of Mathematical Sociology 2",
)
def eigenvector(
    net: Network, *, weighted: bool = True, directed: bool = False, mode: str = "in"
) -> pd.Series:
    """Return the eigenvector centrality: as central as the contacts are together.

    How to read it: large in the densest part of the network and fading away from it, so in a
    network of several circles all but one have next to nothing; PageRank is fairer there.

    Formula: λ x_i = Σ_j w_ji x_j with the largest λ, scaled so that the largest x is 1.

    Parameters
    ----------
    net : Network
        The network.
    weighted : bool
        Use strengths; otherwise every tie counts alike.
    directed : bool
        Read arcs.
    mode : {"in", "out", "all"}
        With ``directed=True``: whether the people who reach somebody make them central, those
        whom they reach, or both alike.

    Returns
    -------
    pandas.Series
        By person, from 0 to 1; 0 without ties, and for everybody where arcs make no circle.

    Raises
    ------
    OptionError
        If ``mode`` is none of the three, or "out" without ``directed=True``.

    References
    ----------
    Bonacich (1972), Journal of Mathematical Sociology 2.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": ["ada", "bob"], "target": ["bob", "cy"]})
    >>> eigenvector(Network.from_ties(ties)).round(3).to_dict()
    {'ada': 0.707, 'bob': 1.0, 'cy': 0.707}
    """
    check_mode(mode, directed=directed, undirected=("in", "all"))
    values, _ = _principal(net, weighted=weighted, directed=directed and mode != "all", mode=mode)
    return net.per_person(values, "eigenvector")


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
    number("damping", damping, least=0, most=1, open_ends=True)
    # igraph has it too, but on several threads its last digits change from run to run.
    matrix = net.adjacency(weighted=weighted, directed=directed)
    rows = kernels.entry_rows(matrix)
    total = np.bincount(rows, weights=matrix.data, minlength=len(net.people))
    into = matrix.T.tocsr() if directed else matrix
    values = kernels.random_walk(into, total, damping=damping)
    return net.per_person(values, "pagerank")


@registry.metric(
    "katz",
    per="person",
    unit="walks, each step counting alpha times the one before",
    read="How many ways lead to somebody, long ones counting less; between degree and eigenvector.",
    formula="x_i = alpha Σ_j a_ji x_j + beta",
    reference="Katz (1953), A new status index derived from sociometric analysis, Psychometrika 18",
)
def katz(
    net: Network,
    *,
    weighted: bool = False,
    directed: bool = False,
    mode: str = "in",
    alpha: float | None = None,
    beta: float = 1.0,
    normalized: bool = False,
) -> pd.Series:
    """Return Katz centrality: all walks that end at a person, long ones counting less.

    How to read it: beta for somebody without ties, more the more ways lead there. A small alpha
    makes it follow degree, one near the limit the eigenvector. Values compare only with the same
    alpha.

    Formula: x_i = alpha Σ_j a_ji x_j + beta; alpha must lie below 1/λ, λ the largest eigenvalue.

    Parameters
    ----------
    net : Network
        The network.
    weighted : bool
        Let a step count its strength; otherwise 1.
    directed : bool
        Read arcs.
    mode : {"in", "out", "all"}
        With ``directed=True``: walks that end here, that start here, or without regard to
        direction.
    alpha : float, optional
        What a step more counts; half of the limit 1/λ if not given.
    beta : float
        What everybody has to begin with.
    normalized : bool
        Scale to a Euclidean norm of 1, as networkx does.

    Returns
    -------
    pandas.Series
        By person; ``beta`` without ties.

    Raises
    ------
    OptionError
        If ``alpha`` is not between 0 and 1/λ, or ``mode`` is none of these or "out" without
        ``directed=True``.

    References
    ----------
    Katz (1953), Psychometrika 18.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": ["ada", "bob"], "target": ["bob", "cy"]})
    >>> katz(Network.from_ties(ties), alpha=0.5).round(9).to_dict()
    {'ada': 3.0, 'bob': 4.0, 'cy': 3.0}
    """
    check_mode(mode, directed=directed, undirected=("in", "all"))
    along = directed and mode != "all"
    _, largest = _principal(net, weighted=weighted, directed=along, mode=mode)
    number("beta", beta)
    if alpha is None:
        alpha = 0.5 / largest if largest > 0 else 0.5
    number("alpha", alpha, least=0, open_ends=True)
    if alpha * largest >= 1 - 1e-9:
        raise OptionError(f"alpha is {alpha}; give a number below 1/λ = {1 / largest:.6g}")
    matrix = net.adjacency(weighted=weighted, directed=along)
    values = kernels.attenuated_walks(matrix.T.tocsr() if mode == "in" else matrix, alpha) * beta
    if normalized:
        values = values / np.sqrt((values**2).sum())
    return net.per_person(values, "katz")


def _principal(
    net: Network, *, weighted: bool, directed: bool, mode: str
) -> tuple[np.ndarray, float]:
    """Return the principal eigenvector, its largest entry 1, and its eigenvalue."""
    if not len(net.ties) or (directed and net.arc_graph.is_dag()):
        return np.zeros(len(net.people)), 0.0
    # igraph has it too, but on several threads its last digits change from run to run.
    matrix = net.adjacency(weighted=weighted, directed=directed)
    return kernels.principal_vector(matrix.T.tocsr() if directed and mode == "in" else matrix)
