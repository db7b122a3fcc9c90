"""Structural holes: constraint, effective size and what goes with them, after Burt.

Both rest on z, the strength of the tie between two people in either direction, and on
p_ij = z_ij / Σ_k z_ik, the share of i's strength that goes to j. In the whole-network model all
ties of a contact count; in the ego-network model only those to the person and to the person's
other contacts do, as in UCINET.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netanalytics import kernels, registry, schema

if TYPE_CHECKING:
    import pandas as pd

    from netanalytics.network import Network

MODELS = ("whole", "ego")


@registry.metric(
    "constraint",
    per="person",
    unit="none (mostly 0 to 1; up to 1.4 in small dense circles)",
    read="How far contacts lead back to one another: low for brokers, high in closed circles.",
    formula="c_i = Σ_j (p_ij + Σ_q p_iq p_qj)² over contacts j, q ≠ i, j",
    reference="Burt (1992), Structural Holes, Harvard University Press",
)
def constraint(net: Network, *, model: str = "whole", weighted: bool = True) -> pd.Series:
    """Return Burt's constraint: how far a person's contacts lead back to one another.

    How to read it: low for people who connect others that are not connected otherwise, high for
    people inside one closed circle. Few contacts alone make it high, so compare people with
    similar degree. It may exceed 1.

    Formula: Σ_j (p_ij + Σ_q p_iq p_qj)² over contacts j and everybody else q, where p_ij is the
    share of i's strength that goes to j.

    Parameters
    ----------
    net : Network
        The network; contact in either direction makes the tie, also in directed data.
    model : {"whole", "ego"}
        Whether all ties of a contact count (igraph, networkx) or only those inside the person's
        own circle (UCINET).
    weighted : bool
        Use strengths; otherwise every tie counts alike.

    Returns
    -------
    pandas.Series
        By person, without a unit; NaN without ties, 1 with one contact.

    Raises
    ------
    OptionError
        If ``model`` is neither of the two.

    References
    ----------
    Burt (1992), Structural Holes; Everett and Borgatti (2020), Unpacking Burt's constraint
    measure, Social Networks 62.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": ["ada", "ada", "ada"], "target": ["bob", "cy", "dee"]})
    >>> constraint(Network.from_ties(ties)).round(3).to_dict()
    {'ada': 0.333, 'bob': 1.0, 'cy': 1.0, 'dee': 1.0}
    """
    circle = _Holes.of(net, weighted=weighted, model=model)
    return circle.per_person(circle.circle.per_row(circle.dyads()), "constraint")


@registry.metric(
    "effective_size",
    per="person",
    unit="contacts",
    read="Number of contacts less what is redundant among them: high for brokers.",
    formula="Σ_j (1 − Σ_q p_iq m_jq) over contacts j, q ≠ i, j; m_jq = z_jq / max_k z_jk",
    reference="Burt (1992), Structural Holes, Harvard University Press",
)
def effective_size(net: Network, *, model: str = "whole", weighted: bool = True) -> pd.Series:
    """Return Burt's effective size: the number of contacts that do not repeat one another.

    How to read it: equal to the degree when no two contacts are in touch, 1 when all are. Each
    contact counts one, less the share of the person's strength that goes to people who are close
    to that contact too.

    Formula: Σ_j (1 − Σ_q p_iq m_jq) over contacts j and everybody else q, where m_jq is the
    strength of j and q divided by that of j's strongest tie.

    Parameters
    ----------
    net : Network
        The network; contact in either direction makes the tie, also in directed data.
    model : {"whole", "ego"}
        Whether a contact's strongest tie is looked for everywhere or only inside the person's
        own circle (UCINET). Without strengths both are the same.
    weighted : bool
        Use strengths; otherwise every tie counts alike, and it is n − 2t/n with t ties among n
        contacts.

    Returns
    -------
    pandas.Series
        By person, in contacts; NaN without ties, 1 with one contact.

    Raises
    ------
    OptionError
        If ``model`` is neither of the two.

    References
    ----------
    Burt (1992), Structural Holes; Borgatti (1997), Structural holes: unpacking Burt's redundancy
    measures, Connections 20.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": ["ada", "ada", "bob"], "target": ["bob", "cy", "cy"]})
    >>> effective_size(Network.from_ties(ties)).to_dict()
    {'ada': 1.0, 'bob': 1.0, 'cy': 1.0}
    """
    return _Holes.of(net, weighted=weighted, model=model).effective_size("effective_size")


@registry.metric(
    "efficiency",
    per="person",
    unit="share of contacts, above 0 to 1",
    read="Which share of the contacts is not redundant: 1 where no two are in touch.",
    formula="effective size / number of contacts",
    reference="Burt (1992), Structural Holes, Harvard University Press",
)
def efficiency(net: Network, *, model: str = "whole", weighted: bool = True) -> pd.Series:
    """Return which share of a person's contacts do not repeat one another.

    How to read it: 1 where no two contacts are in touch, however few they are; effective size
    says how many there are. Somebody with one contact has 1.

    Formula: effective size divided by the number of contacts.

    Parameters
    ----------
    net : Network
        The network; contact in either direction makes the tie, also in directed data.
    model : {"whole", "ego"}
        Whether all ties of a contact count (igraph, networkx) or only those inside the person's
        own circle (UCINET).
    weighted : bool
        Use strengths; otherwise every tie counts alike.

    Returns
    -------
    pandas.Series
        By person, a share; NaN without ties, 1 with one contact.

    Raises
    ------
    OptionError
        If ``model`` is neither of the two.

    References
    ----------
    Burt (1992), Structural Holes.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": ["ada", "ada", "bob"], "target": ["bob", "cy", "cy"]})
    >>> efficiency(Network.from_ties(ties)).to_dict()
    {'ada': 0.5, 'bob': 0.5, 'cy': 0.5}
    """
    holes = _Holes.of(net, weighted=weighted, model=model)
    size = holes.effective_size("efficiency").to_numpy()
    return net.per_person(size / np.maximum(holes.circle.degree, 1), "efficiency")


@registry.metric(
    "hierarchy",
    per="person",
    unit="none (0 to 1)",
    read="Whether constraint comes from one contact (near 1) or evenly from all of them (0).",
    formula="Σ_j r_j ln r_j / (k ln k), r_j = c_ij / (c_i / k), k number of contacts",
    reference="Burt (1992), Structural Holes, Harvard University Press",
)
def hierarchy(net: Network, *, model: str = "whole", weighted: bool = True) -> pd.Series:
    """Return how unevenly a person's constraint is spread over the contacts (Coleman–Theil).

    How to read it: 0 where every contact constrains alike, near 1 where one contact holds the
    rest together, such as a superior through whom all the others are met.

    Formula: Σ_j r_j ln r_j / (k ln k), r_j = c_ij / (c_i / k): what contact j adds to the
    constraint c_i against the mean of the k contacts.

    Parameters
    ----------
    net : Network
        The network; contact in either direction makes the tie, also in directed data.
    model : {"whole", "ego"}
        Whether all ties of a contact count (igraph, networkx) or only those inside the person's
        own circle (UCINET).
    weighted : bool
        Use strengths; otherwise every tie counts alike.

    Returns
    -------
    pandas.Series
        By person, from 0 to 1; NaN without ties, 1 with one contact.

    Raises
    ------
    OptionError
        If ``model`` is neither of the two.

    References
    ----------
    Burt (1992), Structural Holes, 70–71.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": list("aaa"), "target": list("bcd"), "strength": [8, 1, 1]})
    >>> hierarchy(Network.from_ties(ties)).round(3).to_dict()
    {'a': 0.857, 'b': 1.0, 'c': 1.0, 'd': 1.0}
    """
    holes = _Holes.of(net, weighted=weighted, model=model)
    circle, dyads = holes.circle, holes.dyads()
    contacts, total = circle.degree, circle.per_row(dyads)
    share = dyads / total[circle.rows]  # r_j / k, so that Σ r ln r / (k ln k) = 1 + Σ s ln s / ln k
    terms = circle.per_row(share * np.log(np.where(share > 0, share, 1.0)))
    uneven = 1 + terms / np.log(np.maximum(contacts, 2))
    return holes.per_person(np.where(contacts == 1, 1.0, np.clip(uneven, 0.0, 1.0)), "hierarchy")


@registry.metric(
    "indirect_constraint",
    per="person",
    unit="none (0 to 1)",
    read="How much of the strength of contacts leads back to one another; 0 for a pure broker.",
    formula="Σ_j Σ_q p_iq p_qj over contacts j, q ≠ i, j",
    reference="Burt (1992), Structural Holes, Harvard University Press",
)
def indirect_constraint(net: Network, *, model: str = "whole", weighted: bool = True) -> pd.Series:
    """Return the indirect part of constraint: what reaches contacts through other contacts.

    How to read it: 0 where no two contacts are in touch; what a person with much strength in
    contacts who spend theirs on one another has. Contrary to constraint it does not fall only
    because there are many contacts.

    Formula: Σ_j Σ_q p_iq p_qj over contacts j and everybody else q, p_ij the share of i's
    strength that goes to j (UCINET's "Indirects").

    Parameters
    ----------
    net : Network
        The network; contact in either direction makes the tie, also in directed data.
    model : {"whole", "ego"}
        Whether all ties of a contact count (igraph, networkx) or only those inside the person's
        own circle (UCINET).
    weighted : bool
        Use strengths; otherwise every tie counts alike.

    Returns
    -------
    pandas.Series
        By person; NaN without ties, 0 with one contact.

    Raises
    ------
    OptionError
        If ``model`` is neither of the two.

    References
    ----------
    Burt (1992), Structural Holes; Borgatti, Everett and Freeman (2002), Ucinet for Windows.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": ["ada", "ada", "bob"], "target": ["bob", "cy", "cy"]})
    >>> indirect_constraint(Network.from_ties(ties)).to_dict()
    {'ada': 0.5, 'bob': 0.5, 'cy': 0.5}
    """
    holes = _Holes.of(net, weighted=weighted, model=model)
    return holes.per_person(holes.circle.per_row(holes.indirect()), "indirect_constraint")


@dataclass(frozen=True)
class _Holes:
    """The ties of a network from both ends, with what Burt's measures have in common."""

    net: Network
    circle: kernels.Circle
    strength: np.ndarray
    model: str

    @classmethod
    def of(cls, net: Network, *, weighted: bool, model: str) -> _Holes:
        schema.one_of("model", model, MODELS)
        circle = kernels.circle_of(net)
        strength = circle.strength if weighted else np.ones(len(circle.strength))
        return cls(net, circle, strength, model)

    def per_person(self, values: np.ndarray, name: str) -> pd.Series:
        """Give values to people; NaN without ties."""
        return self.net.per_person(np.where(self.circle.degree > 0, values, np.nan), name)

    def shares(self) -> np.ndarray:
        """Return p for every entry."""
        circle = self.circle
        shares: np.ndarray = self.strength / circle.per_row(self.strength)[circle.rows]
        return shares

    def indirect(self) -> np.ndarray:
        """Return Σ_q p_iq p_qj for every entry (i, j)."""
        circle, share = self.circle, self.shares()
        if self.model == "whole":
            return circle.through(share, share)
        # What q spends inside the circle of i: on i, and on the contacts of i.
        inside = self.strength + circle.through(np.ones_like(share), self.strength)
        return circle.through(share / inside, self.strength)

    def dyads(self) -> np.ndarray:
        """Return c_ij = (p_ij + Σ_q p_iq p_qj)² for every entry (i, j)."""
        dyads: np.ndarray = (self.shares() + self.indirect()) ** 2
        return dyads

    def effective_size(self, name: str) -> pd.Series:
        """Return Σ_j (1 − Σ_q p_iq m_jq) by person."""
        circle = self.circle
        if self.model == "whole":
            most = np.zeros(len(self.net.people))
            np.maximum.at(most, circle.rows, self.strength)
            again = circle.redundancy(self.strength, circle.per_row(self.strength), most)
        else:
            strongest = np.maximum(self.strength, circle.strongest_through(self.strength))
            again = circle.per_row(circle.through(self.shares(), self.strength) / strongest)
        return self.per_person(circle.degree - again, name)
