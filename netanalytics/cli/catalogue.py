"""The command ``list``: which metrics, loaders and report sections there are."""

from __future__ import annotations

import click

from netanalytics.cli.options import JSON
from netanalytics.cli.printing import show, tell


@click.command(name="list")
@click.argument("family", required=False, type=click.Choice(["metrics", "loaders", "sections"]))
@JSON
def list_command(family: str | None, as_json: bool) -> None:
    r"""List metrics, loaders and report sections.

    \b
    Examples:
      netanalytics list
      netanalytics list metrics
    """
    import pandas as pd

    import netanalytics.analysis  # noqa: F401  # registers its measures
    from netanalytics import loaders, registry
    from netanalytics.report import sections

    loaders.discover()
    sections.discover()
    rows = [
        ("metric", card.name, f"{card.unit}, per {card.per}", card.read)
        for card in registry.metrics().values()
    ]
    rows += [("loader", card.name, card.unit, card.read) for card in registry.loaders().values()]
    rows += [
        ("section", card.name, ", ".join(sorted(card.audiences)), card.read)
        for card in registry.sections()
    ]
    wanted = [row for row in rows if family is None or f"{row[0]}s" == family]
    frame = pd.DataFrame(wanted, columns=["family", "name", "unit", "read"])
    show(frame, pd.DataFrame(), as_json=as_json)
    for failure in registry.load_plugins():
        tell(f"warning: {failure}")
