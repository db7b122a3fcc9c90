"""Brokerage roles after Gould and Fernandez, and the pairs that a person brokers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netanalytics import kernels

if TYPE_CHECKING:
    from netanalytics.network import Network

ROLES = ("coordinator", "itinerant", "representative", "gatekeeper", "liaison")
NAMES = (*ROLES, "total")


def gould_fernandez(net: Network, *, by: str) -> pd.DataFrame:
    """Count in which roles each person brokers between groups, beside what chance would give.

    A person brokers from a to b when a reaches the person, the person reaches b, and a does not
    reach b. By the groups of a, the person and b the role is coordinator (A-A-A), itinerant
    (A-B-A, also called consultant), representative (A-A-B, from the own group out), gatekeeper
    (A-B-B, from outside into the own group) or liaison (A-B-C). Arcs are read, so contact
    without a direction counts in both orders: representative and gatekeeper are then equal.

    How to read it: the counts grow with the number of contacts and of people in each group, so
    look at z: above 2, somebody brokers in this role more than a network as dense whose arcs fall
    at random would make them, below −2 less. The chance model knows only the density, not that
    people keep to their groups, so nearly everybody has few liaison paths by that measure:
    compare the z of two people rather than z with 2.

    Formula: expected = N d² (1 − d), d the density of arcs and N the pairs (a, b) whose groups
    make the role; variance = N p (1 − p) + S d³ (1 − d)³, p = d² (1 − d) and S the ordered pairs
    of such pairs that share a or share b; z = (count − expected)/sd.

    Parameters
    ----------
    net : Network
        The network.
    by : str
        Column of ``people``. People without a value are left out, with their arcs.

    Returns
    -------
    pandas.DataFrame
        By person: coordinator, itinerant, representative, gatekeeper, liaison, total, and each
        with ``_expected``, ``_sd`` and ``_z``. Counts are 0 without ties; everything is NaN
        for people without a group, z also where nobody could make the role.

    Raises
    ------
    UnknownNameError
        If there is no such column.

    References
    ----------
    Gould and Fernandez (1989), Structures of mediation: a formal approach to brokerage in
    transaction networks, Sociological Methodology 19.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": ["ada", "bob"], "target": ["bob", "cy"]})
    >>> people = pd.DataFrame({"person": ["ada", "bob", "cy"], "team": list("xxy")})
    >>> net = Network.from_ties(ties, people, directed=True)
    >>> gould_fernandez(net, by="team")[["representative", "gatekeeper", "total"]]
            representative  gatekeeper  total
    person
    ada                0.0         0.0    0.0
    bob                1.0         0.0    1.0
    cy                 0.0         0.0    0.0
    """
    group, names = net.group_codes(by)
    columns = [f"{role}{end}" for end in ("", "_expected", "_sd", "_z") for role in NAMES]
    if not names:
        return pd.DataFrame(np.nan, index=net.people.index, columns=columns)
    circle, (forward, back) = kernels.circle_of(net), _reached(net)
    counts = kernels.broker_roles(circle, _ways(circle, forward, back), group, len(names))
    found = np.vstack([counts.T, counts.sum(axis=1)]).astype(float)
    known = group >= 0
    among = known[net.ends[0]] & known[net.ends[1]]
    arcs = int(forward[among].sum()) + int(back[among].sum())
    of_group = _by_chance(np.bincount(group[known], minlength=len(names)), arcs)
    expected, spread = (np.take(values, group, axis=1, mode="wrap") for values in of_group)
    score = np.full(found.shape, np.nan)
    np.divide(found - expected, spread, out=score, where=spread > 0)
    values = np.concatenate([found, expected, spread, score])
    values[:, ~known] = np.nan
    return pd.DataFrame(values.T, index=net.people.index, columns=columns, copy=False)


def brokered_pairs(net: Network, person: str, *, by: str | None = None) -> pd.DataFrame:
    """Return the pairs of contacts who are in touch through a person, but not with each other.

    How to read it: ``others`` is how many people besides this one are tied to both; 0 means that
    nobody else stands between the two. The pairs with strong ties come first.

    Parameters
    ----------
    net : Network
        The network.
    person : str
        Who brokers.
    by : str, optional
        Column of ``people``: read arcs as :func:`gould_fernandez` does, from ``source`` to
        ``target``, and say the role. Without it, ties: each pair once.

    Returns
    -------
    pandas.DataFrame
        Columns source, target, strength (of the weaker of the two ties), others, and role with
        ``by``; fewest others first, then the strongest.

    Raises
    ------
    UnknownPersonError
        If there is nobody of that id.
    UnknownNameError
        If there is no such column.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": list("aaabc"), "target": list("bcdce")})
    >>> brokered_pairs(Network.from_ties(ties), "a")
      source target  strength  others
    0      b      d       1.0       0
    1      c      d       1.0       0
    """
    contacts = np.sort(net.people.index.get_indexer(pd.Index(net.contacts(person))))
    at = int(net.people.index.get_indexer(pd.Index([person]))[0])
    ties = net.adjacency(weighted=False)
    read = net.adjacency(directed=by is not None)
    into = read[:, [at]].toarray().ravel()[contacts]
    out = read[[at], :].toarray().ravel()[contacts]
    tied = read[contacts][:, contacts].toarray() > 0
    here = (into[:, None] > 0) & (out[None, :] > 0) & ~tied
    np.fill_diagonal(here, False)
    if by is None:
        here = np.triu(here)
    one, other = np.nonzero(here)
    shared = (ties[contacts] @ ties[:, contacts]).toarray()[one, other].astype(np.int64)
    ids = net.people.index.to_numpy()
    table = pd.DataFrame(
        {
            "source": ids[contacts[one]],
            "target": ids[contacts[other]],
            "strength": np.minimum(into[one], out[other]),
            "others": shared - 1,
        }
    )
    if by is not None:
        codes, _ = net.group_codes(by)
        table["role"] = _roles(codes[contacts[one]], int(codes[at]), codes[contacts[other]])
        table = table.dropna(subset=["role"])
    keys, rising = ["others", "strength", "source", "target"], [True, False, True, True]
    return table.sort_values(keys, ascending=rising, ignore_index=True)


def _roles(source: np.ndarray, broker: int, target: np.ndarray) -> np.ndarray:
    """Return the name of the role that each pair of groups makes, missing without a group."""
    names = np.full(len(source), ROLES[4], dtype=object)
    names[target == broker] = ROLES[3]
    names[source == broker] = ROLES[2]
    names[(source == target) & (source != broker)] = ROLES[1]
    names[(source == broker) & (target == broker)] = ROLES[0]
    names[(source < 0) | (target < 0) | (broker < 0)] = None
    return names


def _reached(net: Network) -> tuple[np.ndarray, np.ndarray]:
    """Return for every tie whether the first end reaches the second, and the second the first."""
    ties = net.ties
    together = ties["n"].to_numpy() - ties["n_forward"].to_numpy() - ties["n_back"].to_numpy()
    forward, back = (ties[column].to_numpy() + together > 0 for column in ("n_forward", "n_back"))
    return forward, back


def _ways(circle: kernels.Circle, forward: np.ndarray, back: np.ndarray) -> np.ndarray:
    """Return for every entry (i, j) whether i reaches j (1), j reaches i (2) or both (3)."""
    ways = np.full(len(circle.contacts), 3, dtype=np.uint8)
    if not (forward.all() and back.all()):
        upper = circle.upper()
        ways[upper] = forward + 2 * back
        ways[circle.twin[upper]] = 2 * forward + back
    return ways


def _by_chance(sizes: np.ndarray, arcs: int) -> tuple[np.ndarray, np.ndarray]:
    """Return expectation and standard deviation of every role (rows) of who is in each group."""
    people, size = float(sizes.sum()), sizes.astype(float)
    density = arcs / (people * (people - 1)) if people > 1 else 0.0
    own, rest = size - 1, people - size
    squares, cubes = ((size**power).sum() - size**power for power in (2, 3))  # of the other groups
    pairs = [own * (own - 1), squares - rest, own * rest, own * rest, rest**2 - squares]
    # Of the pairs in a role, those that share a; by the mirror, those that share b are the same
    # number, except that representative and gatekeeper change places.
    apart = rest**2 * rest - 2 * rest * squares + cubes  # Σ over groups of n (rest − n)²
    same_source = own * rest * (rest - 1) + rest * own * (own - 1)
    chains = [
        2 * own * (own - 1) * (own - 2),
        2 * (cubes - 3 * squares + 2 * rest),
        same_source,
        same_source,
        2 * (apart - (rest**2 - squares)),
    ]
    everybody = (people - 1) * (people - 2) * np.ones(len(size))
    number = np.vstack([*pairs, everybody])
    chained = np.vstack([*chains, 2 * everybody * (people - 3)])
    one = density**2 * (1 - density)
    variance = number * one * (1 - one) + chained * (density * (1 - density)) ** 3
    return number * one, np.sqrt(np.maximum(variance, 0.0))
