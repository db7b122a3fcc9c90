"""Understand and tend a professional network, from the logs you already have.

The verbs are attributes of this module and load on first use, so that importing it costs next to
nothing; each chapter of measures is an attribute too.

Examples
--------
>>> import netanalytics as na
>>> office = na.datasets.office(seed=7)
>>> net = na.build_network(na.load(office.interactions), people=office.people)
>>> na.measure(net, "constraint").shape[1]
1
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from netanalytics import datasets as datasets
    from netanalytics import maps as maps
    from netanalytics.advice.calendar import calendar as calendar
    from netanalytics.advice.check_ins import check_ins as check_ins
    from netanalytics.advice.follow_ups import follow_ups as follow_ups
    from netanalytics.advice.introductions import introductions as introductions
    from netanalytics.advice.plan import Budget as Budget
    from netanalytics.advice.plan import check_in_plan as check_in_plan
    from netanalytics.analysis import bridges as bridges
    from netanalytics.analysis import brokerage as brokerage
    from netanalytics.analysis import centrality as centrality
    from netanalytics.analysis import cohesion as cohesion
    from netanalytics.analysis import communities as communities
    from netanalytics.analysis import decay as decay
    from netanalytics.analysis import diversity as diversity
    from netanalytics.analysis import measure as measure
    from netanalytics.analysis import measure_ties as measure_ties
    from netanalytics.analysis import opportunity as opportunity
    from netanalytics.analysis import rhythm as rhythm
    from netanalytics.analysis import uncertainty as uncertainty
    from netanalytics.analysis.backtest import backtest as backtest
    from netanalytics.analysis.decay import return_probability as return_probability
    from netanalytics.analysis.opportunity import against_opportunity as against_opportunity
    from netanalytics.analysis.opportunity import (
        people_against_opportunity as people_against_opportunity,
    )
    from netanalytics.analysis.uncertainty import bands as bands
    from netanalytics.analysis.uncertainty import crosses_cut as crosses_cut
    from netanalytics.analysis.uncertainty import in_words as in_words
    from netanalytics.graph_files import load_network as load_network
    from netanalytics.graph_writing import save_network as save_network
    from netanalytics.interactions import Interactions as Interactions
    from netanalytics.loaders import load as load
    from netanalytics.maps.network_map import network_map as network_map
    from netanalytics.moving import moves as moves
    from netanalytics.network import Network as Network
    from netanalytics.network import build_network as build_network
    from netanalytics.persons import identify as identify
    from netanalytics.project.reading import open_project as open_project
    from netanalytics.report.build import build_report as build_report
    from netanalytics.starting import init_project as init_project

__version__ = "0.1.0"

_VERBS = {
    "load": "netanalytics.loaders",
    "build_network": "netanalytics.network",
    "Network": "netanalytics.network",
    "Interactions": "netanalytics.interactions",
    "moves": "netanalytics.moving",
    "identify": "netanalytics.persons",
    "open_project": "netanalytics.project.reading",
    "init_project": "netanalytics.starting",
    "measure": "netanalytics.analysis",
    "measure_ties": "netanalytics.analysis",
    "bands": "netanalytics.analysis.uncertainty",
    "crosses_cut": "netanalytics.analysis.uncertainty",
    "in_words": "netanalytics.analysis.uncertainty",
    "against_opportunity": "netanalytics.analysis.opportunity",
    "people_against_opportunity": "netanalytics.analysis.opportunity",
    "load_network": "netanalytics.graph_files",
    "save_network": "netanalytics.graph_writing",
    "return_probability": "netanalytics.analysis.decay",
    "backtest": "netanalytics.analysis.backtest",
    "introductions": "netanalytics.advice.introductions",
    "check_ins": "netanalytics.advice.check_ins",
    "check_in_plan": "netanalytics.advice.plan",
    "Budget": "netanalytics.advice.plan",
    "follow_ups": "netanalytics.advice.follow_ups",
    "calendar": "netanalytics.advice.calendar",
    "network_map": "netanalytics.maps.network_map",
    "build_report": "netanalytics.report.build",
}
_CHAPTERS = {
    "datasets": "netanalytics.datasets",
    "maps": "netanalytics.maps",
    **{
        name: f"netanalytics.analysis.{name}"
        for name in (
            "bridges",
            "brokerage",
            "centrality",
            "cohesion",
            "communities",
            "decay",
            "diversity",
            "opportunity",
            "uncertainty",
            "rhythm",
        )
    },
}

__all__ = sorted([*_VERBS, *_CHAPTERS])  # noqa: PLE0605  # both are dicts of names


def __getattr__(name: str) -> Any:
    """Load a verb or a chapter when it is first asked for."""
    if name in _VERBS:
        value = getattr(importlib.import_module(_VERBS[name]), name)
    elif name in _CHAPTERS:
        value = importlib.import_module(_CHAPTERS[name])
    else:
        raise AttributeError(f"module 'netanalytics' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the verbs and chapters before they are loaded."""
    return sorted({*globals(), *__all__})
