"""From a network to a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from netanalytics import registry
from netanalytics.arguments import whole
from netanalytics.maps.network_map import group_map, network_map
from netanalytics.privacy import MINIMUM_GROUP
from netanalytics.report import sections
from netanalytics.report.findings import Facts
from netanalytics.report.letter import letter, title_of
from netanalytics.report.model import Report
from netanalytics.report.sections.groups import between_table, group_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netanalytics.network import Network


def build_report(
    net: Network,
    *,
    person: str | None = None,
    names: bool = False,
    by: str | None = None,
    title: str | None = None,
    seed: int = 0,
    minimum: int = MINIMUM_GROUP,
    wishes: pd.DataFrame | None = None,
) -> Report:
    """Build a report on a network, for one person, for somebody who may see names, or for all.

    Parameters
    ----------
    net : Network
        The network.
    person : str, optional
        Id, address or unique name of the reader: the report shows their own ties.
    names : bool
        Whether to name individuals for somebody else. Without ``person`` and ``names`` the report
        is about groups: no individual, nothing that rests on fewer than ``minimum`` people.
    by : str, optional
        People column that makes the groups; found by default, communities where there is none.
    title : str, optional
        Title of the pages.
    seed : int
        For communities and positions.
    minimum : int
        Smallest number of distinct people that a page about groups shows.
    wishes : pandas.DataFrame, optional
        The reader's own, as :func:`netanalytics.check_ins` takes them.

    Returns
    -------
    Report
        Show it in a notebook, or save it: ``report.save("reports/ada")``.

    Raises
    ------
    UnknownPersonError
        If ``person`` means nobody or several people.
    UnknownNameError
        If there is no column ``by``.

    Examples
    --------
    >>> import netanalytics as na
    >>> office = na.datasets.office(seed=7)
    >>> net = na.build_network(na.load(office.interactions), people=office.people)
    >>> report = na.build_report(net)
    >>> report.audience
    'group'
    """
    whole("minimum", minimum, least=1)
    facts = Facts(
        net=net,
        audience="me" if person is not None else "names" if names else "group",
        person=None if person is None else net.find(person),
        by=by,
        seed=whole("seed", seed),
        minimum=minimum,
        wishes=wishes if person is not None else None,
    )
    sections.discover()
    built = [
        card.function(facts) for card in registry.sections() if facts.audience in card.audiences
    ]
    title = title or title_of(facts)
    return Report(
        title=title,
        audience=facts.audience,
        letter=letter(facts),
        sections=tuple(section for section in built if section is not None),
        files=_files(facts),
        map_html=_map(facts, title),
        person=facts.person,
    )


def _files(facts: Facts) -> Mapping[str, pd.DataFrame]:
    """Return the tables that are saved; a group's name nobody."""
    if facts.audience == "group":
        return {"groups.csv": group_table(facts), "contacts.csv": between_table(facts)}
    metrics = facts.person_values
    if facts.estimated is not None:
        metrics = metrics.assign(betweenness_error=facts.estimated["error"])
    metrics = metrics.reset_index()
    if facts.audience == "me":
        metrics = metrics[metrics["person"] == facts.person]
    return {
        "introductions.csv": facts.introductions,
        "check_ins.csv": facts.check_ins,
        "metrics.csv": metrics,
    }


def build_map(
    net: Network,
    *,
    person: str | None = None,
    names: bool = False,
    by: str | None = None,
    seed: int = 0,
) -> str:
    """Return the page of the map that a report for the same reader would have."""
    audience = "me" if person is not None else "names" if names else "group"
    facts = Facts(net=net, audience=audience, person=person, by=by, seed=seed)
    return _map(facts, title_of(facts))


def _map(facts: Facts, title: str) -> str:
    if facts.audience == "group":
        sizes = facts.group_sizes.rename("size").to_frame()
        contacts = facts.density.assign(per_100=facts.density["per_100"].round(1))
        return group_map(sizes, contacts, title=title).html
    return network_map(
        facts.net,
        person=facts.person,
        by=facts.column,
        suggestions=facts.introductions if facts.audience == "me" else _few(facts.introductions),
        title=title,
        seed=facts.seed,
    ).html


MOST_DASHED = 40


def _few(suggestions: pd.DataFrame) -> pd.DataFrame:
    """Keep the strongest suggestions: a map of thousands of dashed lines says nothing."""
    once = suggestions[suggestions["person"] < suggestions["target"]]
    ordered = once.sort_values(["score", "person", "target"], ascending=[False, True, True])
    return ordered.head(MOST_DASHED)
