"""Homophily: how far people are in touch with their like, by group and on the whole.

All of it rests on functions of plain arrays in :mod:`netanalytics.kernels.mixing`, which a test
against chance calls again with the groups dealt out anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netanalytics import kernels
from netanalytics.analysis.diversity.groups import column_name, contacts, group_codes
from netanalytics.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netanalytics.network import Network


def homophily(
    net: Network, *, by: str | Sequence[str], weighted: bool = False, directed: bool = False
) -> pd.DataFrame:
    """Return for each group how much contact stays inside, beside what its size would give.

    How to read it: ``coleman`` is 1 where a group is in touch with itself alone, 0 where its
    members choose as if names were drawn from a hat, −1 where they avoid one another. A small
    group with all contacts inside is more remarkable than a large one: that is what the index
    takes out and the share inside does not. People and contacts without a value are left out;
    ``unknown`` says how many contacts of the group that were.

    Formula: h_g = (m_gg − E_g)/(m_g − E_g), or (m_gg − E_g)/E_g below expectation; m_gg contacts
    inside, m_g all contacts of the group with somebody who has a group, E_g =
    m_g (n_g − 1)/(n − 1).

    Parameters
    ----------
    net : Network
        The network.
    by : str or sequence of str
        Column of ``people``, or several whose combinations are the groups.
    weighted : bool
        Add up strengths instead of counting contacts.
    directed : bool
        Count the arcs that the group sends; otherwise each tie from both of its ends.

    Returns
    -------
    pandas.DataFrame
        By group: people, contacts, inside, expected, coleman, unknown. ``coleman`` is NaN where
        nobody else is in the group or there are no contacts.

    Raises
    ------
    UnknownNameError
        If there is no such column.

    References
    ----------
    Coleman (1958), Relational analysis, Human Organization 17; McPherson, Smith-Lovin and Cook
    (2001), Birds of a feather, Annual Review of Sociology 27.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": list("abcdef"), "target": list("bcdefa")})
    >>> people = pd.DataFrame({"person": list("abcdef"), "team": list("xxyyzz")})
    >>> net = Network.from_ties(ties, people, directed=True)
    >>> homophily(net, by="team", directed=True)["coleman"].round(3).to_dict()
    {'x': 0.375, 'y': 0.375, 'z': 0.375}
    """
    codes, names = group_codes(net, by)
    ego, alter, weight = contacts(net, weighted=weighted, directed=directed)
    mixing = kernels.mixing_matrix(codes, len(names), ego, alter, weight)
    sizes = np.bincount(codes[codes >= 0], minlength=len(names))
    lost = (codes[ego] >= 0) & (codes[alter] < 0)
    return pd.DataFrame(
        {
            "people": sizes,
            "contacts": mixing.sum(axis=1),
            "inside": np.diag(mixing),
            "expected": kernels.coleman_expected(mixing, sizes),
            "coleman": kernels.coleman_of(mixing, sizes),
            "unknown": np.bincount(codes[ego[lost]], weight[lost], len(names)),
        },
        index=pd.Index(names, name=column_name(by)),
    )


def coleman(
    net: Network, *, by: str | Sequence[str], weighted: bool = False, directed: bool = False
) -> pd.Series:
    """Return Coleman's homophily index of each group: the column of :func:`homophily`.

    Parameters
    ----------
    net : Network
        The network.
    by, weighted, directed
        As in :func:`homophily`.

    Returns
    -------
    pandas.Series
        By group, from −1 to 1; NaN where nobody else is in the group or there are no contacts.

    References
    ----------
    Coleman (1958), Relational analysis, Human Organization 17.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": list("aab"), "target": list("bcd")})
    >>> people = pd.DataFrame({"person": list("abcd"), "team": list("xxyy")})
    >>> coleman(Network.from_ties(ties, people), by="team").tolist()
    [0.25, -1.0]
    """
    return homophily(net, by=by, weighted=weighted, directed=directed)["coleman"]


def mixing(
    net: Network, *, by: str | Sequence[str], weighted: bool = False, directed: bool = False
) -> pd.DataFrame:
    """Return how much contact there is between each two groups.

    Parameters
    ----------
    net : Network
        The network.
    by, weighted, directed
        As in :func:`homophily`.

    Returns
    -------
    pandas.DataFrame
        From the group in the row to that in the column. Ties are counted from both ends, so a
        tie inside a group counts twice on the diagonal.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": list("aab"), "target": list("bcd")})
    >>> people = pd.DataFrame({"person": list("abcd"), "team": list("xxyy")})
    >>> mixing(Network.from_ties(ties, people), by="team").values.tolist()
    [[2.0, 2.0], [2.0, 0.0]]
    """
    codes, names = group_codes(net, by)
    values = _mixing(net, codes, len(names), weighted=weighted, directed=directed)
    index = pd.Index(names, name=column_name(by))
    return pd.DataFrame(values, index=index, columns=list(names))


def assortativity(
    net: Network,
    *,
    by: str | Sequence[str],
    numeric: bool = False,
    weighted: bool = False,
    directed: bool = False,
) -> float:
    """Return how far contact is among the like: Newman's assortativity coefficient.

    How to read it: 1 where all contact is inside groups, 0 where groups play no part given how
    much contact each has, below 0 where unlike meet. For a number (age, tenure) it is the
    correlation across ties. It does not ask who could be met: set it beside what chance gives.

    Formula: (Σ e_gg − Σ a_g b_g)/(1 − Σ a_g b_g), e the shares of contact between groups, a and b
    its sums; for a number, Pearson's correlation over the ends of all ties.

    Parameters
    ----------
    net : Network
        The network.
    by : str or sequence of str
        Column of ``people``, or several whose combinations are the groups.
    numeric : bool
        Read the column as a number instead of a group.
    weighted : bool
        Add up strengths instead of counting contacts.
    directed : bool
        Read arcs; otherwise each tie from both of its ends.

    Returns
    -------
    float
        At most 1; NaN where all are alike or nobody with a value is in touch with another.

    Raises
    ------
    UnknownNameError
        If there is no such column.
    OptionError
        If ``numeric`` goes with a column that holds no numbers.

    References
    ----------
    Newman (2003), Mixing patterns in networks, Physical Review E 67.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": list("aac"), "target": list("bcd")})
    >>> people = pd.DataFrame({"person": list("abcd"), "team": list("xxyy"), "age": [3, 4, 8, 9]})
    >>> net = Network.from_ties(ties, people)
    >>> round(assortativity(net, by="team"), 3)
    0.333
    >>> round(assortativity(net, by="age", numeric=True), 3)
    0.305
    """
    if not numeric:
        codes, names = group_codes(net, by)
        matrix = _mixing(net, codes, len(names), weighted=weighted, directed=directed)
        return kernels.assortativity_of(matrix)
    column = column_name(by)
    known = net.groups(column)  # says which columns come near if there is no such one
    numbers = pd.to_numeric(net.people[column], errors="coerce").astype(float)
    if (numbers.isna() & known.notna()).any():
        raise OptionError(f"numeric=True needs numbers; {column!r} holds other values")
    ends = contacts(net, weighted=weighted, directed=directed)
    return kernels.numeric_assortativity_of(numbers.to_numpy(), *ends)


def degree_assortativity(net: Network) -> float:
    """Return whether people with many contacts are in touch with people with many.

    Formula: Pearson's correlation of the degrees over the ends of all ties.

    Parameters
    ----------
    net : Network
        The network.

    Returns
    -------
    float
        From −1 to 1; NaN where all degrees are equal or there are no ties.

    References
    ----------
    Newman (2002), Assortative mixing in networks, Physical Review Letters 89.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": list("aaa"), "target": list("bcd")})
    >>> degree_assortativity(Network.from_ties(ties))
    -1.0
    """
    ego, alter, weight = contacts(net, weighted=False, directed=False)
    degree = np.bincount(ego, minlength=len(net.people)).astype(float)
    return kernels.numeric_assortativity_of(degree, ego, alter, weight)


def _mixing(
    net: Network, codes: np.ndarray, groups: int, *, weighted: bool, directed: bool
) -> np.ndarray:
    """Return the mixing matrix of arcs, or of ties from both of their ends."""
    ends = net.arc_ends if directed else net.ends
    strength = net.arc_strength if directed else net.strength
    matrix = kernels.mixing_matrix(codes, groups, *ends, strength if weighted else None)
    return matrix if directed else matrix + matrix.T
