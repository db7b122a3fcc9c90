"""Betweenness of large networks, estimated from the paths that start at some people."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netanalytics import kernels
from netanalytics.arguments import whole

if TYPE_CHECKING:
    from netanalytics.network import Network


def sampled_betweenness(
    net: Network,
    *,
    samples: int = 256,
    seed: int = 0,
    weighted: bool = False,
    directed: bool = False,
) -> pd.DataFrame:
    """Estimate betweenness from the paths that start at some people, and say how far it is off.

    How to read it: for large networks, where all paths would take hours. The people to start from
    are drawn without repeats; with ``samples`` as large as the network the values are exact. A path
    counts for the people on it by how far along they lie, and from its other end by the rest: this
    is off by a third to a half less than counting whole paths. In tries with 256 of 1,000 to 3,000
    people a value lay within ``error`` of the truth for eight to nine in ten of the largest
    twentieth, and less often for those whom few paths pass: nine in ten where all have similar
    numbers of contacts, six in ten where there are hubs. ``bound`` is far more careful: with
    90 % no value at all exceeds it.

    Formula: b = n/k Σ_s δ_s(v) over k people s, δ_s(v) = Σ_t σ_st(v)/σ_st · d(s, v)/d(s, t), along
    arcs with the same towards k other people; error = b (exp(t s/b) − 1), s the standard error by
    the variance of δ_s(v) between the people drawn and t Student's quantile (90 %); bound =
    n (n − 2) √(ln(20 n)/(2k)), twice along arcs (Hoeffding, all people at once, 90 %).

    Parameters
    ----------
    net : Network
        The network.
    samples : int
        How many people to start from, at least 2.
    seed : int
        Start of the draw.
    weighted, directed : bool
        As in :func:`betweenness`.

    Returns
    -------
    pandas.DataFrame
        By person: betweenness, error, bound; both 0 where all people were drawn.

    Raises
    ------
    OptionError
        If ``samples`` is below 2.

    References
    ----------
    Brandes and Pich (2007), Centrality estimation in large networks; Geisberger, Sanders and
    Schultes (2008), Better approximation of betweenness centrality; Hoeffding (1963).

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": list("abcd"), "target": list("bcde")})
    >>> sampled_betweenness(Network.from_ties(ties), samples=5)["betweenness"].round(9).tolist()
    [0.0, 3.0, 4.0, 3.0, 0.0]
    """
    whole("samples", samples, least=2)
    whole("seed", seed)
    from scipy.special import stdtrit

    size = len(net.people)
    count, rng = min(samples, size), random.Random(seed)
    value, variance = np.zeros(size), np.zeros(size)
    ways = [net.arc_matrix, net.arc_matrix.T.tocsr()] if directed else [net.matrix]
    for matrix in ways:
        drawn = np.array(rng.sample(range(size), count))
        total, squares = kernels.dependencies(matrix, drawn, lengths=weighted)
        value += size / count * total
        spread = np.maximum(squares - total**2 / count, 0.0) / max(count - 1, 1)
        variance += size**2 * (1 - count / size) * spread / count
    error, bound = np.zeros(size), 0.0
    if count < size:
        bound = len(ways) * size * (size - 2) * float(np.sqrt(np.log(20 * size) / (2 * count)))
        relative = np.sqrt(variance) / np.where(value > 0, value, 1.0)
        factor = np.expm1(np.minimum(stdtrit(count - 1, 0.95) * relative, 50.0))
        error = np.minimum(value * factor, bound)
    columns = {"betweenness": value, "error": error, "bound": bound}
    return pd.DataFrame(columns, index=net.people.index)
