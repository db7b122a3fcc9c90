"""The commands that write pages: ``report`` and ``map``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from netanalytics.cli.asked import Asked, read_network, reader, wishes
from netanalytics.cli.options import (
    AUDIENCE_OPTIONS,
    BY,
    GROUP,
    NETWORK_OPTIONS,
    OUT,
    SOURCE_OPTIONS,
    takes,
)
from netanalytics.cli.printing import busy, tell
from netanalytics.errors import NetAnalyticsError


@click.command()
@takes(
    SOURCE_OPTIONS,
    NETWORK_OPTIONS,
    AUDIENCE_OPTIONS,
    (GROUP, BY, OUT),
)
def report(**options: Any) -> None:
    r"""Write a report and a map into a folder.

    With --me it is that person's letter: their own ties, check-ins and introductions. With --names
    it names individuals, for somebody who may see that. With neither it shows groups only.

    \b
    Examples:
      netanalytics report mail.csv --people people.csv --me "Ada Berg" --out reports/ada
      netanalytics report mail.csv --people people.csv --by department --out reports/group
      netanalytics report old.csv new.csv --as-of 2026-06-30 --names --out reports/all
    """
    from netanalytics.report.build import build_report
    from netanalytics.report.model import spare_others

    asked = Asked(options)
    _writable(Path(asked["out"]))
    spare_others(Path(asked["out"]))
    with busy("Reading and computing"):
        net = read_network(asked)
        built = build_report(
            net,
            person=reader(net, asked),
            names=asked["names"],
            by=asked["by"],
            seed=asked["seed"],
            wishes=wishes(net, asked),
        )
        page = built.save(asked["out"])
    tell(f"{net!r}: {page}")


@click.command(name="map")
@takes(
    SOURCE_OPTIONS,
    NETWORK_OPTIONS,
    AUDIENCE_OPTIONS,
    (GROUP, BY, OUT),
)
def map_command(**options: Any) -> None:
    r"""Write the interactive map into a folder, as map.html.

    Who is shown follows the same rules as for a report.

    \b
    Examples:
      netanalytics map mail.csv --people people.csv --me ada@x.org --out maps/ada
      netanalytics map mail.csv --people people.csv --names --out maps/all
    """
    from netanalytics.maps.page import MARK
    from netanalytics.report.build import build_map
    from netanalytics.writing import spare, write_whole

    asked = Asked(options)
    folder = Path(asked["out"])
    _writable(folder)
    spare(folder / "map.html", MARK, "map")
    with busy("Reading and computing"):
        net = read_network(asked)
        page = build_map(
            net,
            person=reader(net, asked),
            names=asked["names"],
            by=asked["by"],
            seed=asked["seed"],
        )
        try:
            folder.mkdir(parents=True, exist_ok=True)
            write_whole(folder / "map.html", page)
        except OSError as error:
            raise NetAnalyticsError(
                f"{folder.name}: cannot be written ({error.strerror})"
            ) from None
    tell(f"{net!r}: {folder / 'map.html'}")


def _writable(folder: Path) -> None:
    """Refuse a place that cannot be written before all the work, not after it."""
    there = next(place for place in (folder, *folder.parents) if place.exists())
    if not there.is_dir():
        raise NetAnalyticsError(f"{folder.name}: cannot be written ({there.name} is a file)")
    if not os.access(there, os.W_OK | os.X_OK):
        raise NetAnalyticsError(f"{folder.name}: cannot be written (no permission)")
