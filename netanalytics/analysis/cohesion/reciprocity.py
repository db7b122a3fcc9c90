"""How far contact goes both ways: of a tie, of arcs, of pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netanalytics import registry

if TYPE_CHECKING:
    from netanalytics.network import Network

NORMAL_90 = 1.6448536269514722


@registry.metric(
    "reciprocity",
    per="tie",
    unit="share, 0 (one way) to 1 (both alike)",
    read="Whether contact goes both ways alike; few contacts make it jump, see balance.",
    formula="min(w_ij, w_ji) / max(w_ij, w_ji)",
    reference="Squartini, Picciolo, Ruzzenenti and Garlaschelli (2013), Reciprocity of weighted "
    "networks, Scientific Reports 3",
)
def reciprocity(net: Network, *, weighted: bool = True) -> pd.Series:
    """Return the smaller direction of a tie over the larger.

    How to read it: 1 where both reach each other equally, 0 where only one does. It does not say
    who: :func:`balance` does, with how sure that is. A list that answers nobody has 0 as well as
    somebody who is ignored.

    Formula: min / max of the two directions, contact without a direction aside.

    Parameters
    ----------
    net : Network
        The network.
    weighted : bool
        Compare strengths, recent contact counting most; otherwise numbers of contacts.

    Returns
    -------
    pandas.Series
        By tie, from 0 to 1; NaN for contact without any direction.

    References
    ----------
    Squartini et al. (2013), Scientific Reports 3.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": list("aba"), "target": list("bac"), "strength": [3, 1, 2]})
    >>> reciprocity(Network.from_ties(ties, directed=True)).round(3).tolist()
    [0.333, 0.0]
    """
    what = "strength" if weighted else "n"
    forward, back = (net.ties[f"{what}_{way}"].to_numpy(dtype=float) for way in ("forward", "back"))
    more = np.maximum(forward, back)
    values = np.full(len(more), np.nan)
    np.divide(np.minimum(forward, back), more, out=values, where=more > 0)
    return net.per_tie(values, "reciprocity")


def balance(net: Network) -> pd.DataFrame:
    """Return which share of the contacts of a tie the source sent, and how sure that is.

    How to read it: .5 where both reach each other as often, 1 where only the source writes. Where
    the interval holds .5, the log does not say that one of the two writes more.

    Formula: n_forward / (n_forward + n_back), with Wilson's interval at 90 %. Contacts in bursts
    are no independent draws: the interval is then too narrow.

    Parameters
    ----------
    net : Network
        The network.

    Returns
    -------
    pandas.DataFrame
        By tie: balance, low, high, contacts; NaN for contact without any direction.

    References
    ----------
    Wilson (1927), Probable inference, Journal of the American Statistical Association 22.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": list("aab"), "target": list("bba")})
    >>> balance(Network.from_ties(ties, directed=True)).round(3).values.tolist()
    [[0.667, 0.254, 0.922, 3.0]]
    """
    forward = net.ties["n_forward"].to_numpy(dtype=float)
    contacts = forward + net.ties["n_back"].to_numpy(dtype=float)
    number = np.where(contacts > 0, contacts, np.nan)
    share, z = forward / number, NORMAL_90
    middle = (share + z**2 / (2 * number)) / (1 + z**2 / number)
    half = z * np.sqrt(share * (1 - share) / number + z**2 / (4 * number**2)) / (1 + z**2 / number)
    return pd.DataFrame(
        {
            "balance": share,
            "low": np.clip(middle - half, 0, 1),
            "high": np.clip(middle + half, 0, 1),
            "contacts": contacts.astype(np.int64),
        },
        index=net.ties.index,
    )


def arc_reciprocity(net: Network) -> float:
    """Return which share of arcs are returned.

    How to read it: of all who were reached, how many reached back. Contact without a direction
    counts both ways, so meetings push it up.

    Formula: arcs i → j with j → i / arcs.

    Parameters
    ----------
    net : Network
        The network.

    Returns
    -------
    float
        From 0 to 1; NaN without arcs.

    References
    ----------
    Wasserman and Faust (1994), Social Network Analysis, 13.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": list("aba"), "target": list("bac")})
    >>> round(arc_reciprocity(Network.from_ties(ties, directed=True)), 3)
    0.667
    """
    arcs, mutual = len(net.arcs), len(net.arcs) - len(net.ties)
    return 2 * mutual / arcs if arcs else float("nan")


def dyad_reciprocity(net: Network) -> float:
    """Return which share of the pairs in contact reach each other.

    Formula: mutual / (mutual + asymmetric) pairs; pairs without contact do not count.

    Parameters
    ----------
    net : Network
        The network.

    Returns
    -------
    float
        From 0 to 1; NaN without ties.

    References
    ----------
    Wasserman and Faust (1994), Social Network Analysis, 13.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": list("aba"), "target": list("bac")})
    >>> dyad_reciprocity(Network.from_ties(ties, directed=True))
    0.5
    """
    ties, mutual = len(net.ties), len(net.arcs) - len(net.ties)
    return mutual / ties if ties else float("nan")
