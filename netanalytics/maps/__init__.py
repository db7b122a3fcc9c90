"""Figures and interactive maps; the home of matplotlib and pyvis.

A map draws what it is given: positions come from :mod:`netanalytics.maps.layout`, colours from
:mod:`netanalytics.maps.style`, and every number that it shows from a table.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from netanalytics.maps.network_map import group_map as group_map
    from netanalytics.maps.pyvis import to_pyvis as to_pyvis

# Functions of the room, loaded when they are asked for: matplotlib and pyvis are heavy.
_FUNCTIONS = {
    "group_map": "netanalytics.maps.network_map",
    "to_pyvis": "netanalytics.maps.pyvis",
}


def __getattr__(name: str) -> Any:
    """Load a function of this room when it is first asked for."""
    if name not in _FUNCTIONS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_FUNCTIONS[name]), name)
