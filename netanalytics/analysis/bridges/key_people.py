"""Key people after Borgatti, and what breaks if somebody leaves."""

from __future__ import annotations

from functools import partial
from math import comb
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netanalytics import kernels, schema
from netanalytics.arguments import whole
from netanalytics.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Callable

    from netanalytics.network import Network

GOALS = ("fragmentation", "reach")

EXACT_WORK = 4e8
"""Every set is tried up to so many steps of the search, about two seconds."""

GREEDY_WORK = 2e10
"""Past this the greedy search on distances would take minutes."""

FEWEST = 3
"""People: the best set leaves two, who may be in touch or not."""


def key_people(
    net: Network,
    *,
    size: int = 3,
    goal: str = "fragmentation",
    distance: bool = True,
    steps: int = 2,
) -> pd.DataFrame:
    """Find the set of people that matters most together, after Borgatti's key player problem.

    With ``goal="fragmentation"`` (KPP-NEG): without whom is the rest least connected? With
    ``goal="reach"`` (KPP-POS): who together are nearest to everybody? The best set is seldom
    that of the most central people one by one: two who do the same count once.

    How to read it: ``value`` is 0 to 1 and belongs to the set, ``alone`` to the person alone.
    Small searches try every set (``method`` "exact", ``at_least`` 1) and show all sets that are
    equally good. Larger ones are greedy. For reach the greedy set is worth at least 1 − 1/e = 63 %
    of the best, usually far more. For fragmentation no guarantee exists (NaN): each step takes
    the person whose leaving does most, then members are swapped while that helps (where
    ``distance=False`` has to go without swaps, beyond some ten thousand people, it stays behind).

    Formula: fragmentation = 1 − Σ 1/d_ij / (n (n − 1)) over ordered pairs of the n people left,
    with ``distance=False`` 1 − (pairs that reach each other) / (n (n − 1)). Reach =
    Σ_j 1/d(S, j) / n over all n people, members counting 1, with ``distance=False`` the share
    of people within so many ``steps`` of the set, members included. Distances are in steps.

    Parameters
    ----------
    net : Network
        The network; ties are read, not arcs.
    size : int
        People in the set.
    goal : {"fragmentation", "reach"}
        What the set is good for.
    distance : bool
        Let the distance of every pair count, or only whether there is a way.
    steps : int
        How far reach goes with ``distance=False``.

    Returns
    -------
    pandas.DataFrame
        Columns set (1, and further for sets as good), person, alone, value, method, at_least.
        Up to 100 sets are shown; people in a set by name.

    Raises
    ------
    OptionError
        If there are fewer than three people, ``goal`` is neither of the two, ``size`` is not
        between 1 and the number of people less two, ``steps`` is below 1, or the greedy search on
        distances would be too slow.

    References
    ----------
    Borgatti (2006), Identifying sets of key players in a social network, Computational and
    Mathematical Organization Theory 12; Nemhauser, Wolsey and Fisher (1978).

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": list("aabccdd"), "target": list("bccdeef")})
    >>> key_people(Network.from_ties(ties), size=1)[["person", "value", "method"]]
      person  value method
    0      c   0.65  exact
    >>> key_people(Network.from_ties(ties), size=1, goal="reach")["person"].tolist()
    ['c']
    """
    schema.one_of("goal", goal, GOALS)
    people = len(net.people)
    if people < FEWEST:
        raise OptionError(
            f"key_people needs at least {FEWEST} people, of whom two are left to be apart: "
            f"here {'is' if people == 1 else 'are'} {people}"
        )
    whole("size", size, least=1, most=people - 2)
    whole("steps", steps, least=1)
    circle = kernels.circle_of(net)
    within = 0 if distance else steps
    value: Callable[[np.ndarray], float]
    if goal == "reach":
        sets, method = _reach_sets(circle, size, within)
        value, floor = partial(kernels.reach_of, circle, steps=within), 1 - 1 / np.e
    else:
        sets, method = _cut_sets(net, circle, size, distance=distance)
        value = partial(kernels.fragmentation_of, circle, by_distance=distance)
        floor = float("nan")
    ids, at_least = net.people.index, 1.0 if method == "exact" else floor
    rows = [
        (number, ids[person], value(np.array([person])), value(chosen), method, at_least)
        for number, chosen in enumerate(sets, start=1)
        for person in np.sort(chosen)
    ]
    return pd.DataFrame(rows, columns=["set", "person", "alone", "value", "method", "at_least"])


def if_gone(net: Network, person: str | None = None) -> pd.DataFrame:
    """Say what breaks if a person leaves, for everybody or for one.

    How to read it: ``pairs_cut`` is how many pairs of others could no longer reach each other
    in any number of steps; 0 means that there is a way around, though it may be long. In a log
    the other ways may only be unseen. :func:`cut_off` names who would be cut off.

    Parameters
    ----------
    net : Network
        The network; ties are read, not arcs.
    person : str, optional
        One person; everybody if not given.

    Returns
    -------
    pandas.DataFrame
        By person: ties (that go too), pairs_cut, pieces (into which the people in reach fall,
        1 where they stay together, 0 without ties) and people_cut_off (outside the largest).

    Raises
    ------
    UnknownPersonError
        If there is nobody of that id.

    References
    ----------
    Borgatti (2006), Identifying sets of key players; Tarjan (1972), Depth-first search.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": list("aabc"), "target": list("bccd")})
    >>> if_gone(Network.from_ties(ties))
            ties  pairs_cut  pieces  people_cut_off
    person
    a          2          0       1               0
    b          2          0       1               0
    c          3          2       2               1
    d          1          0       1               0
    """
    circle = kernels.circle_of(net)
    cut, pieces, largest, rest = kernels.pieces_without(circle)
    table = pd.DataFrame(
        {
            "ties": circle.degree,
            "pairs_cut": cut,
            "pieces": pieces,
            "people_cut_off": rest - largest,
        },
        index=net.people.index,
    )
    if person is None:
        return table
    net.contacts(person)  # says so if there is nobody of that id
    return table.loc[[person]]


def cut_off(net: Network, person: str) -> pd.Series:
    """Name the people whom somebody's leaving would cut off from the largest part of the rest.

    Parameters
    ----------
    net : Network
        The network.
    person : str
        Who leaves.

    Returns
    -------
    pandas.Series
        By person, the number of the piece that they would be left in, named ``piece``, 1 the
        largest of those cut off; empty if nobody is cut off.

    Raises
    ------
    UnknownPersonError
        If there is nobody of that id.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": list("aabc"), "target": list("bccd")})
    >>> cut_off(Network.from_ties(ties), "c").to_dict()
    {'d': 1}
    """
    contacts = net.contacts(person)
    rest = net.without([person])
    piece = pd.Series(rest.graph.connected_components().membership, index=rest.people.index)
    sizes = piece.value_counts()
    touched = piece[contacts].drop_duplicates()
    order = sorted(touched, key=lambda number: (-int(sizes[number]), number))
    number = {found: place for place, found in enumerate(order)}
    left = piece[piece.isin(order[1:])].map(number)
    return left.astype("int64").rename("piece")


def _reach_sets(circle: kernels.Circle, size: int, steps: int) -> tuple[list[np.ndarray], str]:
    people = len(circle.degree)
    exact = people <= 2000 and comb(people, size) * people * size <= EXACT_WORK
    if exact:
        return kernels.best_reaches(circle, size, steps), "exact"
    return [kernels.greedy_reach(circle, size, steps)], "greedy"


def _cut_sets(
    net: Network, circle: kernels.Circle, size: int, *, distance: bool
) -> tuple[list[np.ndarray], str]:
    people, entries = len(circle.degree), len(circle.contacts)
    once = float(people + entries) * (people if distance else 1)
    if comb(people, size) * once <= EXACT_WORK:
        return kernels.best_cuts(circle, size, distance), "exact"
    most = int(GREEDY_WORK / (once * size))
    if not distance and most < people:
        return [kernels.greedy_pair_cuts(circle, size)], "greedy"
    if most < size:
        raise OptionError(
            f"{people:,} people are too many for distances: distance=False counts the pairs cut"
        )
    # Where not everybody can be tried, those who lie on most shortest ways are.
    between = np.asarray(net.graph.betweenness(directed=False)) if most < people else None
    candidates = np.arange(people)
    if between is not None:
        candidates = np.sort(np.lexsort((candidates, -between))[:most])
    return [kernels.greedy_cuts(circle, candidates, size, by_distance=distance)], "greedy"
