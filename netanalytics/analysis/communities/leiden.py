"""Communities by the Leiden algorithm, how good they are, and how stable."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netanalytics import kernels, registry
from netanalytics.arguments import number, whole
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
    numbers = np.full(len(net.people), np.nan)
    tied, inner, weights = _tied(net, weighted=weighted, resolution=resolution)
    if inner is not None:
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
    OptionError
        If ``resolution`` is not above 0.

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
    number("resolution", resolution, least=0, open_ends=True)
    codes, names = group_codes(net, groups)
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


def stability(
    net: Network,
    *,
    runs: int = 20,
    weighted: bool = True,
    resolution: float = 1.0,
    seed: int = 0,
) -> pd.DataFrame:
    """Return how far each person's community stays the same when the search starts elsewhere.

    How to read it: ``together`` is the share of runs, averaged over the other members of the
    person's community, in which the two are in one community. Near 1 the membership does not
    hang on chance; below .5 the person could as well be in another one. ``agreement`` is the
    same on every row: how far two runs agree on the whole, by the adjusted Rand index. What
    differs here is only the seed: it says nothing about ties that the log does not show.

    Parameters
    ----------
    net : Network
        The network.
    runs : int
        How many seeds to compare, from ``seed`` on, at least 2.
    weighted, resolution, seed
        As in :func:`community`; ``community`` is that of the first run.

    Returns
    -------
    pandas.DataFrame
        By person: community, together, agreement; missing without ties, together also for
        somebody alone in a community.

    Raises
    ------
    OptionError
        If ``runs`` is below 2 or ``resolution`` is not above 0.

    References
    ----------
    Lancichinetti and Fortunato (2012), Consensus clustering in complex networks, Scientific
    Reports 2; Hubert and Arabie (1985), Comparing partitions, Journal of Classification 2.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": list("aabddec"), "target": list("bcceffd")})
    >>> stability(Network.from_ties(ties)).iloc[0].tolist()
    [0.0, 1.0, 1.0]
    """
    whole("runs", runs, least=2)
    whole("seed", seed)
    numbers = np.full((3, len(net.people)), np.nan)
    tied, inner, weights = _tied(net, weighted=weighted, resolution=resolution)
    if inner is not None:
        found = [
            np.asarray(seeded_leiden(inner.graph, weights, resolution=resolution, seed=seed + run))
            for run in range(runs)
        ]
        numbers[0, tied] = _by_size(found[0])
        numbers[1, tied] = np.mean([_together(found[0], other) for other in found[1:]], axis=0)
        pairs = [kernels.adjusted_rand(a, b) for a, b in combinations(found, 2)]
        numbers[2, tied] = np.mean(pairs)
    return pd.DataFrame(
        {
            "community": net.per_person(numbers[0], "community").astype("Int64"),
            "together": numbers[1],
            "agreement": numbers[2],
        },
        index=net.people.index,
    )


def _tied(
    net: Network, *, weighted: bool, resolution: float
) -> tuple[np.ndarray, Network | None, list[float] | None]:
    """Return who has ties, the network of these, and its strengths.

    People without ties would change the order of the random choices: they are left out.
    """
    number("resolution", resolution, least=0, open_ends=True)
    tied = np.bincount(np.concatenate(net.ends), minlength=len(net.people)) > 0
    if not tied.any():
        return tied, None, None
    inner = net if tied.all() else net.among(net.people.index[tied])
    return tied, inner, inner.strength.tolist() if weighted else None


def group_codes(net: Network, groups: str | pd.Series) -> tuple[np.ndarray, pd.Index]:
    """Return a number for each person's group, −1 without one, and the groups."""
    if isinstance(groups, pd.Series):
        values = groups.reindex(net.people.index)
    else:
        values = net.groups(groups)
    codes, names = pd.factorize(values, sort=True)
    return np.asarray(codes), pd.Index(names)


def _together(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return which share of the others in one division of everybody's are so in the other too."""
    cell = one.astype(np.int64) * (int(other.max()) + 1) + other
    _, place, both = np.unique(cell, return_inverse=True, return_counts=True)
    mates = np.bincount(one)[one] - 1
    share = np.full(len(one), np.nan)
    np.divide(both[place] - 1, mates, out=share, where=mates > 0)
    return share


def _by_size(membership: np.ndarray) -> np.ndarray:
    """Return new numbers: the largest first, of equal ones that of the first member."""
    _, first, inverse, sizes = np.unique(
        membership, return_index=True, return_inverse=True, return_counts=True
    )
    order = np.lexsort((first, -sizes))
    numbers = np.empty(len(order), dtype=np.int64)
    numbers[order] = np.arange(len(order))
    return numbers[inverse]
