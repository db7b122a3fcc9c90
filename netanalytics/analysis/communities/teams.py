"""Communities beside the formal groups: how far they agree, and who sits between."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netanalytics import kernels
from netanalytics.analysis.communities.leiden import community, group_codes

if TYPE_CHECKING:
    from netanalytics.network import Network


def participation(net: Network, groups: str | pd.Series, *, weighted: bool = True) -> pd.Series:
    """Return how evenly a person's contact is spread over groups, the participation coefficient.

    How to read it: 0 where all contact goes to one group, whichever it is, near 1 − 1/k where it
    is spread evenly over k. With the communities it tells connectors from people at home in one.

    Formula: 1 − Σ_c (s_ic / s_i)², s_ic what i's contact with members of group c adds up to.

    Parameters
    ----------
    net : Network
        The network.
    groups : str or pandas.Series
        A column of ``people``, or the group of each person by person, such as :func:`community`
        returns. Contacts without a group do not count.
    weighted : bool
        Use strengths; otherwise every tie counts alike.

    Returns
    -------
    pandas.Series
        By person, from 0 to below 1; NaN without a contact who has a group.

    Raises
    ------
    UnknownNameError
        If there is no such column.

    References
    ----------
    Guimerà and Amaral (2005), Functional cartography of complex metabolic networks, Nature 433.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": list("aabddec"), "target": list("bcceffd")})
    >>> net = Network.from_ties(ties)
    >>> participation(net, community(net)).round(3).tolist()
    [0.0, 0.0, 0.444, 0.444, 0.0, 0.0]
    """
    cells, amounts = _amounts(net, groups, weighted=weighted)
    size = len(net.people)
    total = np.bincount(cells[0], weights=amounts, minlength=size)
    squares = np.bincount(cells[0], weights=(amounts / total[cells[0]]) ** 2, minlength=size)
    return net.per_person(np.where(total > 0, 1 - squares, np.nan), "participation")


def agreement(
    net: Network, by: str, communities: pd.Series | None = None, *, seed: int = 0
) -> float:
    """Return how far the communities are the formal groups: the adjusted Rand index.

    How to read it: 1 where contact follows the chart exactly, 0 where the two have no more to do
    with each other than chance makes them. :func:`between_groups` names who sits between.

    Parameters
    ----------
    net : Network
        The network.
    by : str
        Column of ``people`` with the formal groups.
    communities : pandas.Series, optional
        By person; those of :func:`community` if not given.
    seed : int
        Goes to :func:`community`.

    Returns
    -------
    float
        At most 1, over the people who have both; NaN if nobody has.

    Raises
    ------
    UnknownNameError
        If there is no such column.

    References
    ----------
    Hubert and Arabie (1985), Comparing partitions, Journal of Classification 2.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": list("aabddec"), "target": list("bcceffd")})
    >>> people = pd.DataFrame({"person": list("abcdef"), "team": list("xxxyyy")})
    >>> agreement(Network.from_ties(ties, people), "team")
    1.0
    """
    found = community(net, seed=seed) if communities is None else communities
    formal, _ = group_codes(net, by)
    codes, _ = group_codes(net, found)
    both = (formal >= 0) & (codes >= 0)
    return kernels.adjusted_rand(formal[both], codes[both])


def between_groups(
    net: Network, by: str, communities: pd.Series | None = None, *, seed: int = 0
) -> pd.DataFrame:
    """Say who sits between the formal groups: whose community is mostly another group's.

    How to read it: ``home`` is the group that most members of the person's community belong to.
    Where it is not the person's own, contact goes elsewhere than the chart says; ``inside`` tells
    how much of it stays in the own group.

    Parameters
    ----------
    net : Network
        The network.
    by : str
        Column of ``people`` with the formal groups.
    communities : pandas.Series, optional
        By person; those of :func:`community` if not given.
    seed : int
        Goes to :func:`community`.

    Returns
    -------
    pandas.DataFrame
        By person: group, community, home, is_between, inside (share of strength), participation
        (over the formal groups). Missing where there is no group or no community.

    Raises
    ------
    UnknownNameError
        If there is no such column.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": list("aabddec"), "target": list("bcceffd")})
    >>> people = pd.DataFrame({"person": list("abcdef"), "team": list("xxyyyy")})
    >>> table = between_groups(Network.from_ties(ties, people), "team")
    >>> table.loc["c", ["group", "home"]].tolist()
    ['y', 'x']
    >>> int(table["is_between"].sum())
    1
    """
    found = community(net, seed=seed) if communities is None else communities
    found = found.reindex(net.people.index)
    formal, names = group_codes(net, by)
    codes, _ = group_codes(net, found)
    both = (formal >= 0) & (codes >= 0)
    counts = np.zeros((int(codes.max(initial=-1)) + 1, len(names)), dtype=np.int64)
    np.add.at(counts, (codes[both], formal[both]), 1)
    home = np.full(len(codes), -1)
    placed = codes >= 0
    if counts.size:
        most = np.where(counts.any(axis=1), counts.argmax(axis=1), -1)
        home[placed] = most[codes[placed]]
    cells, amounts = _amounts(net, by, weighted=True)
    own = cells[1] == formal[cells[0]]
    inside, total = (
        np.bincount(cells[0][part], weights=amounts[part], minlength=len(codes))
        for part in (own, slice(None))
    )
    share = np.full(len(codes), np.nan)
    np.divide(inside, total, out=share, where=(total > 0) & (formal >= 0))
    known = both & (home >= 0)
    labels = np.array([*names, None], dtype=object)  # −1 is the last: none
    table = pd.DataFrame({"group": labels[formal], "community": found}, index=net.people.index)
    table["home"] = labels[home]
    table["is_between"] = pd.Series(home != formal, net.people.index).astype("boolean").where(known)
    table["inside"], table["participation"] = share, participation(net, by)
    return table


def _amounts(
    net: Network, groups: str | pd.Series, *, weighted: bool
) -> tuple[tuple[np.ndarray, np.ndarray], np.ndarray]:
    """Return how much contact people have with groups: persons, groups, and the amounts."""
    codes, names = group_codes(net, groups)
    first, second = net.ends
    weight = net.strength if weighted else np.ones(len(first))
    ego, alter = np.concatenate([first, second]), np.concatenate([second, first])
    known = codes[alter] >= 0
    cell = ego[known].astype(np.int64) * len(names) + codes[alter[known]]
    cells, place = np.unique(cell, return_inverse=True)
    amounts = np.bincount(place, np.concatenate([weight, weight])[known], len(cells))
    kinds = max(len(names), 1)
    return (cells // kinds, cells % kinds), amounts
