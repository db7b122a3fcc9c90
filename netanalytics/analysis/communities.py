"""Communities: groups of people with more contact inside than chance would give."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netanalytics import registry
from netanalytics.errors import OptionError
from netanalytics.network import seeded_leiden

if TYPE_CHECKING:
    from netanalytics.network import Network


@registry.metric(
    "community",
    per="person",
    unit="number of a community, 0 the largest",
    read="Who belongs to the same densely connected group; the number itself means nothing.",
    formula="Leiden on modularity Q = Σ_c (w_c/W − resolution (s_c/2W)²)",
    reference="Traag, Waltman and van Eck (2019), From Louvain to Leiden, Scientific Reports 9",
    invariant=("row order", "isolate"),
)
def community(
    net: Network, *, weighted: bool = True, resolution: float = 1.0, seed: int = 0
) -> pd.Series:
    """Divide the people into communities by the Leiden algorithm on modularity.

    How to read it: people of one community have more contact with each other than chance would
    give. Many divisions are nearly as good as the best, and renaming people or another seed may
    find another one: look at what stays the same over several seeds before resting anything on
    a border.

    Formula: Leiden maximises Q = Σ_c (w_c/W − resolution (s_c/2W)²), w_c strength inside community
    c, s_c total strength of its members, W strength of all ties.

    Parameters
    ----------
    net : Network
        The network.
    weighted : bool
        Use strengths; otherwise every tie counts alike.
    resolution : float
        Above 1 for more and smaller communities, below 1 for fewer and larger ones.
    seed : int
        Start of the random choices; the same seed gives the same communities.

    Returns
    -------
    pandas.Series
        By person, whole numbers from 0, the largest community first (of equal ones that of the
        first person); missing for people without ties.

    Raises
    ------
    OptionError
        If ``resolution`` is not above 0.

    References
    ----------
    Traag, Waltman and van Eck (2019), Scientific Reports 9; Newman (2006), Modularity and
    community structure in networks, PNAS 103.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": list("aabddec"), "target": list("bcceffd")})
    >>> community(Network.from_ties(ties)).to_dict()
    {'a': 0, 'b': 0, 'c': 0, 'd': 1, 'e': 1, 'f': 1}
    """
    if not resolution > 0:
        raise OptionError(f"resolution is {resolution}; it must be above 0")
    tied = np.bincount(np.concatenate(net.ends), minlength=len(net.people)) > 0
    numbers = np.full(len(net.people), np.nan)
    if tied.any():
        # People without ties would change the order of the random choices: leave them out.
        inner = net if tied.all() else net.among(net.people.index[tied])
        weights = inner.strength.tolist() if weighted else None
        found = seeded_leiden(inner.graph, weights, resolution=resolution, seed=seed)
        numbers[tied] = _by_size(np.asarray(found))
    return net.per_person(numbers, "community").astype("Int64")


def modularity(
    net: Network, groups: str | pd.Series, *, weighted: bool = True, resolution: float = 1.0
) -> float:
    """Return the modularity of a division of the people into groups.

    How to read it: the share of strength inside groups, less what would lie there if people kept
    their total strength and met at random. 0 is chance; above .3 is usually called clear. It
    grows with the size of the network, so compare divisions of one network only.

    Formula: Q = Σ_c (w_c/W − resolution (s_c/2W)²), as in :func:`community`.

    Parameters
    ----------
    net : Network
        The network.
    groups : str or pandas.Series
        A column of ``people``, or the group of each person by person, such as
        :func:`community` returns. People without a group are left out with their ties.
    weighted : bool
        Use strengths; otherwise every tie counts alike.
    resolution : float
        Weight of what chance would give.

    Returns
    -------
    float
        At most 1; NaN without ties between people who have a group.

    Raises
    ------
    UnknownNameError
        If there is no such column.

    References
    ----------
    Newman and Girvan (2004), Finding and evaluating community structure in networks, Physical
    Review E 69.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": list("aabddec"), "target": list("bcceffd")})
    >>> net = Network.from_ties(ties)
    >>> round(modularity(net, community(net)), 3)
    0.357
    """
    values = net.groups(groups) if isinstance(groups, str) else groups.reindex(net.people.index)
    codes, names = pd.factorize(values, sort=True)
    first, second = net.ends
    known = (codes[first] >= 0) & (codes[second] >= 0)
    one, other = codes[first[known]], codes[second[known]]
    weight = net.strength[known] if weighted else np.ones(int(known.sum()))
    if not len(weight):
        return float("nan")
    total = weight.sum()
    inside = np.bincount(one[one == other], weights=weight[one == other], minlength=len(names))
    ends, twice = np.concatenate([one, other]), np.concatenate([weight, weight])
    strength = np.bincount(ends, weights=twice, minlength=len(names))
    return float((inside / total - resolution * (strength / (2 * total)) ** 2).sum())


def _by_size(membership: np.ndarray) -> np.ndarray:
    """Return new numbers: the largest first, of equal ones that of the first member."""
    _, first, inverse, sizes = np.unique(
        membership, return_index=True, return_inverse=True, return_counts=True
    )
    order = np.lexsort((first, -sizes))
    numbers = np.empty(len(order), dtype=np.int64)
    numbers[order] = np.arange(len(order))
    return numbers[inverse]
