"""Sections of a report, one module each: ``function(facts) -> Section`` or None."""

from __future__ import annotations

from netanalytics import registry


def discover() -> None:
    """Import every section of the package and of plug-ins."""
    registry.import_family(__name__, __path__)
    registry.load_plugins()
