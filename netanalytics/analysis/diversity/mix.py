"""How mixed somebody's contacts are: over groups, and over ties."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netanalytics import kernels, registry
from netanalytics.analysis.diversity.groups import column_name, contacts, group_codes

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from netanalytics.network import Network


@registry.metric(
    "ei_index",
    per="person",
    unit="−1 (all inside the own group) to 1 (all outside)",
    read="Whether contacts lie outside or inside the own group; large groups push it down.",
    formula="(E − I)/(E + I), E ties to other groups, I ties inside the own",
    reference="Krackhardt and Stern (1988), Informal networks and organizational crises, "
    "Social Psychology Quarterly 51",
)
def ei_index(
    net: Network, *, by: str | Sequence[str], weighted: bool = False, directed: bool = False
) -> pd.Series:
    """Return the E-I index: contacts outside less contacts inside the own group.

    How to read it: −1 where all contacts are of the own group, 1 where none is. Somebody in a
    large group has more people of their own to meet, so compare people of one group, or with
    what chance would give.

    Formula: (E − I)/(E + I), E ties to people of other groups, I ties inside the own group.

    Parameters
    ----------
    net : Network
        The network.
    by : str or sequence of str
        Column of ``people``, or several whose combinations are the groups. Ties to people
        without a value do not count.
    weighted : bool
        Add up strengths instead of ties.
    directed : bool
        Count the arcs that a person sends, instead of ties.

    Returns
    -------
    pandas.Series
        By person, from −1 to 1, named ``ei_index_`` and the column; NaN for people without a
        value or without a tie to somebody who has one.

    Raises
    ------
    UnknownNameError
        If there is no such column.

    References
    ----------
    Krackhardt and Stern (1988), Social Psychology Quarterly 51.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": ["ada", "ada", "ada"], "target": ["bob", "cy", "dee"]})
    >>> people = pd.DataFrame({"person": ["ada", "bob", "cy", "dee"], "team": list("xxxy")})
    >>> ei_index(Network.from_ties(ties, people), by="team").round(3).to_dict()
    {'ada': -0.333, 'bob': -1.0, 'cy': -1.0, 'dee': 1.0}
    """
    codes, _ = group_codes(net, by)
    circle = kernels.Circle.of(net.arc_matrix) if directed else kernels.circle_of(net)
    inside, outside = kernels.inside_outside(circle, codes, weighted=weighted)
    return net.per_person(
        _divide(outside - inside, outside + inside), f"ei_index_{column_name(by)}"
    )


@registry.metric(
    "entropy",
    per="person",
    unit="nats",
    read="Over how many groups contacts are spread: 0 with one group, ln k with k equal shares.",
    formula="−Σ_g p_g ln p_g, p_g share of contacts in group g",
    reference="Shannon (1948), A mathematical theory of communication",
)
def entropy(net: Network, *, by: str | Sequence[str], weighted: bool = False) -> pd.Series:
    """Return the Shannon entropy of the groups to which a person's contacts belong.

    How to read it: 0 where all contacts are of one group, whichever; e to its power is the number
    of equally large groups that would be as mixed. It cannot exceed ln of the number of contacts.

    Formula: −Σ_g p_g ln p_g over the groups g, p_g the share of contacts that are in g.

    Parameters
    ----------
    net : Network
        The network.
    by : str or sequence of str
        Column of ``people``, or several whose combinations are the groups. Contacts without a
        value do not count; a person without one has an entropy all the same.
    weighted : bool
        Count contacts by strength instead of alike.

    Returns
    -------
    pandas.Series
        By person, in nats, named ``entropy_`` and the column; NaN without a contact who has a
        value.

    Raises
    ------
    UnknownNameError
        If there is no such column.

    References
    ----------
    Shannon (1948), Bell System Technical Journal 27.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": ["ada", "ada"], "target": ["bob", "cy"]})
    >>> people = pd.DataFrame({"person": ["ada", "bob", "cy"], "team": list("xxy")})
    >>> entropy(Network.from_ties(ties, people), by="team").round(3).to_dict()
    {'ada': 0.693, 'bob': 0.0, 'cy': 0.0}
    """
    codes, groups = group_codes(net, by)
    circle = kernels.circle_of(net)
    values = kernels.group_spread(circle, codes, len(groups), weighted=weighted)
    return net.per_person(values, f"entropy_{column_name(by)}")


@registry.metric(
    "tie_entropy",
    per="person",
    unit="0 (all strength in one tie) to 1 (spread evenly)",
    read="Whether contact is spread evenly over somebody's ties or goes to few of them.",
    formula="−Σ_j p_ij ln p_ij / ln k_i, p_ij = w_ij / Σ_j w_ij, k_i number of contacts",
    reference="Eagle, Macy and Claxton (2010), Network diversity and economic development, "
    "Science 328",
)
def tie_entropy(net: Network, *, weighted: bool = True) -> pd.Series:
    """Return how evenly a person's contact is spread over their ties.

    How to read it: 1 where all ties are equally strong, near 0 where one takes nearly all. It
    says nothing about who the contacts are; with few contacts it moves much.

    Formula: −Σ_j p_ij ln p_ij / ln k_i, p_ij the share of i's strength that goes to contact j,
    k_i the number of contacts.

    Parameters
    ----------
    net : Network
        The network.
    weighted : bool
        Use strengths; otherwise all ties are alike and everybody with two or more has 1.

    Returns
    -------
    pandas.Series
        By person, from 0 to 1; NaN without ties, 0 with one.

    References
    ----------
    Eagle, Macy and Claxton (2010), Science 328.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": ["ada", "ada"], "target": ["bob", "cy"], "strength": [3, 1]})
    >>> tie_entropy(Network.from_ties(ties)).round(3).to_dict()
    {'ada': 0.811, 'bob': 0.0, 'cy': 0.0}
    """
    circle = kernels.circle_of(net)
    spread = kernels.tie_spread(
        circle, circle.strength if weighted else np.ones_like(circle.strength)
    )
    # One contact has entropy 0 already; ln 2 only keeps 0 / 0 away.
    values = np.minimum(spread / np.log(np.maximum(circle.degree, 2)), 1.0)
    return net.per_person(values, "tie_entropy")


@registry.metric(
    "blau",
    per="person",
    unit="probability, 0 to 1 − 1/k",
    read="How likely two contacts drawn by chance, the same twice allowed, differ in group.",
    formula="1 − Σ_g p_g², p_g share of contacts in group g",
    reference="Blau (1977), Inequality and Heterogeneity",
)
def blau(net: Network, *, by: str | Sequence[str], weighted: bool = False) -> pd.Series:
    """Return Blau's index of the groups to which a person's contacts belong.

    How to read it: 0 where all contacts are of one group, 1 − 1/k where they are spread evenly
    over k. Three contacts cannot exceed 2/3, so few contacts in as many groups do not beat many
    in more; :func:`iqv` puts that against the groups there are.

    Formula: 1 − Σ_g p_g², p_g the share of contacts that are in group g.

    Parameters
    ----------
    net : Network
        The network.
    by : str or sequence of str
        Column of ``people``, or several whose combinations are the groups. Contacts without a
        value do not count.
    weighted : bool
        Count contacts by strength instead of alike.

    Returns
    -------
    pandas.Series
        By person, named ``blau_`` and the column; NaN without a contact who has a value.

    Raises
    ------
    UnknownNameError
        If there is no such column.

    References
    ----------
    Blau (1977), Inequality and Heterogeneity; Simpson (1949), Measurement of diversity, Nature 163.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": ["ada", "ada"], "target": ["bob", "cy"]})
    >>> people = pd.DataFrame({"person": ["ada", "bob", "cy"], "team": list("xxy")})
    >>> blau(Network.from_ties(ties, people), by="team").to_dict()
    {'ada': 0.5, 'bob': 0.0, 'cy': 0.0}
    """
    return net.per_person(_blau(net, by, weighted=weighted)[0], f"blau_{column_name(by)}")


@registry.metric(
    "iqv",
    per="person",
    unit="0 (one group) to 1 (evenly over all groups of the network)",
    read="How near contacts come to an even spread over all the groups that there are.",
    formula="(1 − Σ_g p_g²) / (1 − 1/k), k groups in the whole network",
    reference="Mueller and Schuessler (1961), Statistical Reasoning in Sociology",
)
def iqv(net: Network, *, by: str | Sequence[str], weighted: bool = False) -> pd.Series:
    """Return the index of qualitative variation of the groups of a person's contacts.

    How to read it: 1 where contacts are spread evenly over all groups of the network, not over
    those that the person happens to meet: three contacts in three of ten departments have .74,
    thirty spread over all ten have 1. Small groups count as much as large ones, so 1 is not
    what chance would give.

    Formula: (1 − Σ_g p_g²) / (1 − 1/k), k the number of groups in the whole network.

    Parameters
    ----------
    net : Network
        The network.
    by : str or sequence of str
        Column of ``people``, or several whose combinations are the groups. Contacts without a
        value do not count.
    weighted : bool
        Count contacts by strength instead of alike.

    Returns
    -------
    pandas.Series
        By person, from 0 to 1, named ``iqv_`` and the column; NaN without a contact who has a
        value, or where the network has one group only.

    Raises
    ------
    UnknownNameError
        If there is no such column.

    References
    ----------
    Mueller and Schuessler (1961), Statistical Reasoning in Sociology; Agresti and Agresti (1978),
    Statistical analysis of qualitative variation, Sociological Methodology 9.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": ["ada", "ada"], "target": ["bob", "cy"]})
    >>> people = pd.DataFrame({"person": ["ada", "bob", "cy"], "team": list("xxy")})
    >>> iqv(Network.from_ties(ties, people), by="team").to_dict()
    {'ada': 1.0, 'bob': 0.0, 'cy': 0.0}
    """
    values, kinds = _blau(net, by, weighted=weighted)
    values = values / (1 - 1 / kinds) if kinds > 1 else np.full(len(values), np.nan)
    return net.per_person(np.minimum(values, 1.0), f"iqv_{column_name(by)}")


def unknown_contacts(net: Network, *, by: str | Sequence[str]) -> pd.Series:
    """Count the contacts of every person whose group is not known.

    How to read it: measures over a people column leave these contacts out. Where they are many,
    what the rest looks like says little.

    Parameters
    ----------
    net : Network
        The network.
    by : str or sequence of str
        Column of ``people``, or several of which none may be missing.

    Returns
    -------
    pandas.Series
        By person, in contacts, named ``unknown_contacts_`` and the column.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": ["ada", "ada"], "target": ["bob", "cy"]})
    >>> people = pd.DataFrame({"person": ["ada", "bob", "cy"], "team": ["x", None, "y"]})
    >>> unknown_contacts(Network.from_ties(ties, people), by="team").to_dict()
    {'ada': 1, 'bob': 0, 'cy': 0}
    """
    codes, _ = group_codes(net, by)
    ego, alter, _ = contacts(net, weighted=False, directed=False)
    count = np.bincount(ego[codes[alter] < 0], minlength=len(net.people))
    return net.per_person(count, f"unknown_contacts_{column_name(by)}")


def _blau(net: Network, by: str | Sequence[str], *, weighted: bool) -> tuple[np.ndarray, int]:
    """Return 1 − Σ p² of everybody, and how many groups exist."""
    codes, groups = group_codes(net, by)
    circle = kernels.circle_of(net)
    repeats = kernels.group_repeats(circle, codes, len(groups), weighted=weighted)
    return np.maximum(1 - repeats, 0.0), len(groups)


def _divide(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Divide, NaN where there is nothing to divide by."""
    result = np.full(len(above), np.nan)
    np.divide(above, below, out=result, where=below > 0)
    return result
