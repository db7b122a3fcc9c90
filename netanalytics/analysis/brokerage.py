"""Structural holes: constraint and effective size after Burt.

Both rest on z, the strength of the tie between two people in either direction, and on
p_ij = z_ij / Σ_k z_ik, the share of i's strength that goes to j. In the whole-network model all
ties of a contact count; in the ego-network model only those to the person and to the person's
other contacts do, as in UCINET.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from netanalytics import kernels, registry, schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    import scipy.sparse

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
    schema.one_of("model", model, MODELS)
    circle = _Circle.of(net, weighted=weighted)
    share = circle.shares()
    total = circle.totals() if model == "whole" else circle.totals_inside()
    forward, back = share[circle.forward], share[circle.back]
    for pair, first, second in circle.shared():
        forward += circle.per_pair(pair, share[first] * (circle.z[second] / total[first]))
        back += circle.per_pair(pair, share[second] * (circle.z[first] / total[second]))
    return circle.per_person(forward**2, back**2, "constraint")


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
    schema.one_of("model", model, MODELS)
    circle = _Circle.of(net, weighted=weighted)
    share = circle.shares()
    best = circle.strongest() if model == "whole" else circle.strongest_inside()
    forward, back = np.ones(len(net.ties)), np.ones(len(net.ties))
    # Dividing before multiplying keeps strengths that have decayed to almost nothing apart from 0.
    for pair, first, second in circle.shared():
        forward -= circle.per_pair(pair, share[first] * (circle.z[second] / best[0][pair]))
        back -= circle.per_pair(pair, share[second] * (circle.z[first] / best[1][pair]))
    return circle.per_person(forward, back, "effective_size")


@dataclass(frozen=True)
class _Circle:
    """The ties of a network seen from both ends, for sums over what the ends have in common.

    ``forward`` and ``back`` say where the entries (source, target) and (target, source) of every
    tie are stored in the matrix.
    """

    net: Network
    matrix: scipy.sparse.csr_array[Any, Any]
    forward: np.ndarray
    back: np.ndarray

    @classmethod
    def of(cls, net: Network, *, weighted: bool) -> _Circle:
        matrix = net.adjacency(weighted=weighted)
        first, second = net.ends
        forward = kernels.entry_places(matrix, first, second)
        return cls(net, matrix, forward, kernels.entry_places(matrix, second, first))

    @property
    def z(self) -> np.ndarray:
        return np.asarray(self.matrix.data)

    def shared(self) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        return kernels.shared_contacts(self.matrix, *self.net.ends)

    def per_pair(self, pair: np.ndarray, values: np.ndarray) -> np.ndarray:
        """Add up values over the contacts that the ends of each tie share."""
        sums: np.ndarray = np.bincount(pair, weights=values, minlength=len(self.forward))
        return sums

    def per_person(self, forward: np.ndarray, back: np.ndarray, name: str) -> pd.Series:
        """Add up values over the ties of everybody; NaN without ties."""
        size = len(self.net.people)
        ends = np.concatenate(self.net.ends)
        total = np.bincount(ends, weights=np.concatenate([forward, back]), minlength=size)
        tied = np.bincount(ends, minlength=size) > 0
        return self.net.per_person(np.where(tied, total, np.nan), name)

    def shares(self) -> np.ndarray:
        """Return p for every entry of the matrix."""
        rows = kernels.entry_rows(self.matrix)
        shares: np.ndarray = self.z / np.bincount(rows, weights=self.z, minlength=1)[rows]
        return shares

    def totals(self) -> np.ndarray:
        """Return for every entry (i, q) the total strength of q."""
        rows = kernels.entry_rows(self.matrix)
        total = np.bincount(rows, weights=self.z, minlength=len(self.net.people))
        totals: np.ndarray = total[self.matrix.indices]
        return totals

    def totals_inside(self) -> np.ndarray:
        """Return for every entry (i, q) the strength that q spends inside the circle of i."""
        total = self.z.copy()
        for pair, first, second in self.shared():
            total[self.forward] += self.per_pair(pair, self.z[second])
            total[self.back] += self.per_pair(pair, self.z[first])
        return total

    def strongest(self) -> np.ndarray:
        """Return the strongest tie of the target of every tie, and of its source."""
        best = np.zeros(len(self.net.people))
        np.maximum.at(best, kernels.entry_rows(self.matrix), self.z)
        first, second = self.net.ends
        return np.stack([best[second], best[first]])

    def strongest_inside(self) -> np.ndarray:
        """Return the same looking only inside the circle of the tie's other end."""
        best = np.stack([self.z[self.forward], self.z[self.forward]])
        for pair, first, second in self.shared():
            np.maximum.at(best[0], pair, self.z[second])
            np.maximum.at(best[1], pair, self.z[first])
        return best
