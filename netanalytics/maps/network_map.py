"""The interactive map: of a whole network, of one person's contacts, of groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netanalytics.maps.between import groups_data
from netanalytics.maps.given import Given
from netanalytics.maps.page import NetworkMap, page
from netanalytics.maps.personal import personal_data
from netanalytics.maps.whole import whole_data

if TYPE_CHECKING:
    import pandas as pd

    from netanalytics.network import Network

__all__ = ["NetworkMap", "group_map", "network_map"]


def network_map(  # noqa: PLR0913 - the face of the map; every option is a keyword
    net: Network,
    *,
    person: str | None = None,
    suggestions: pd.DataFrame | None = None,
    title: str | None = None,
    names: bool = True,
    by: str | None = None,
    seed: int = 0,
    people_values: pd.DataFrame | None = None,
    tie_values: pd.DataFrame | None = None,
    size_by: str | None = None,
    pinned: pd.DataFrame | None = None,
) -> NetworkMap:
    """Draw a network as one HTML page that works offline.

    Parameters
    ----------
    net : Network
        The people and ties. Attributes of people are shown and searched.
    person : str, optional
        For whom: an id, an address or a unique name. The map then holds this person's own ties
        and nothing of anybody else's. Without it, the map shows everybody.
    suggestions : pandas.DataFrame, optional
        Suggested introductions, as :func:`netanalytics.introductions` returns them: columns
        ``person``, ``target`` and, where known, ``rank``, ``via``, ``because``.
    title : str, optional
        Heading of the page.
    names : bool
        Whether people are named. Without names the page holds no name, no id and no attribute but
        the groups of ``by``; those of fewer than 5 people, and what would give them away, are one
        group called "other".
    by : str, optional
        People column that gives the groups; Leiden communities where it is left out.
    seed : int
        Seed of the communities and positions.
    people_values : pandas.DataFrame, optional
        Columns by person: ``community`` gives the groups, all others are shown in the card (in a
        personal map only those of the person themself).
    tie_values : pandas.DataFrame, optional
        Columns by (source, target): ``stage`` says which ties were not seen lately. Where it is
        left out and the network is dated, the stage comes from the ties.
    size_by : str, optional
        Column of ``people_values`` that gives the size of a dot; the number of ties otherwise.
    pinned : pandas.DataFrame, optional
        ``positions`` of an earlier map: whoever is in it stays there.

    Returns
    -------
    NetworkMap
        With ``html``, ``save(path)`` and a view of its own in notebooks.

    Raises
    ------
    UnknownNameError
        If ``by`` or ``size_by`` is no column.
    UnknownPersonError
        If ``person`` means nobody, or more than one.
    OptionError
        If a personal map is asked for without names.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": ["a", "b"], "target": ["b", "c"]})
    >>> people = pd.DataFrame({"person": ["a", "b", "c"], "team": ["x", "x", "y"]})
    >>> network_map(Network.from_ties(ties, people), by="team").positions.shape
    (3, 2)
    """
    given = Given(
        person=person,
        suggestions=suggestions,
        title=title,
        names=names,
        by=by,
        seed=seed,
        people_values=people_values,
        tie_values=tie_values,
        size_by=size_by,
        pinned=pinned,
    )
    data, positions = (whole_data if person is None else personal_data)(net, given)
    return NetworkMap(html=page(data), title=data["title"], positions=positions)


def group_map(
    groups: pd.DataFrame, contacts: pd.DataFrame, *, title: str | None = None
) -> NetworkMap:
    """Draw groups as circles and the contact between them as ribbons; nobody is in the file.

    Both tables come aggregated and gated: what must not be shown has been taken out of them.

    Parameters
    ----------
    groups : pandas.DataFrame
        Index the group, column ``size`` (people), and any columns to show in its card.
    contacts : pandas.DataFrame
        Columns (or index) ``source`` and ``target``, column ``per_100`` (ties per 100 possible
        pairs; NaN where withheld), and any columns to show. A row of a group with itself is the
        contact inside it.
    title : str, optional
        Heading of the page.

    Returns
    -------
    NetworkMap
        In the same viewer as :func:`network_map`.

    Raises
    ------
    SchemaError
        If a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> groups = pd.DataFrame({"size": [12, 8]}, index=["Sales", "R&D"])
    >>> contacts = pd.DataFrame({"source": ["R&D"], "target": ["Sales"], "per_100": [14.0]})
    >>> group_map(groups, contacts).title
    'Contact between groups'
    """
    data = groups_data(groups, contacts, title)
    return NetworkMap(html=page(data), title=data["title"])
