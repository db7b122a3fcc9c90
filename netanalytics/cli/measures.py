"""The commands ``measure`` and ``measure-ties``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from netanalytics.cli.asked import Asked, read_network, reader
from netanalytics.cli.options import (
    AUDIENCE_OPTIONS,
    BY,
    JSON,
    NETWORK_OPTIONS,
    SOURCE_OPTIONS,
    takes,
)
from netanalytics.cli.printing import busy, show, tell

if TYPE_CHECKING:
    from netanalytics.network import Network


class _ManyValues(click.Command):
    """Lets one ``--metric`` take several names: ``--metric constraint betweenness``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Repeat the flag before each further name."""
        told: list[str] = []
        naming = False
        for word in args:
            if naming and told[-1] != "--metric" and not word.startswith("-"):
                told.append("--metric")
            naming = word == "--metric" or (naming and not word.startswith("-"))
            told.append(word)
        return super().parse_args(ctx, told)


METRIC = click.option(
    "--metric",
    "metrics",
    metavar="NAME…",
    multiple=True,
    help="Which measures; all by default.",
)


SAMPLES = click.option(
    "--samples",
    type=click.IntRange(min=2),
    metavar="N",
    help="Estimate betweenness from the paths of so many people.",
)

ALL_PATHS = (
    "betweenness",
    "bridging_centrality",
    "closeness",
    "edge_betweenness",
    "harmonic_closeness",
)
"""Measures that look at the paths between all pairs of people."""

MANY = 20_000
"""People whose pairs take minutes; ten times as many take a hundred times as long."""


@click.command(cls=_ManyValues)
@takes(SOURCE_OPTIONS, (METRIC, SAMPLES, BY), NETWORK_OPTIONS, AUDIENCE_OPTIONS, (JSON,))
def measure(**options: Any) -> None:
    r"""Print measures by person.

    It returns what it is asked for: everybody's values, or with --me that person's.

    \b
    Examples:
      netanalytics measure mail.csv --metric constraint betweenness
      netanalytics measure mail.csv --people people.csv --metric ei_index --by department
      netanalytics measure mail.csv --json > measures.json
    """
    from netanalytics.analysis import measure as measured

    asked = Asked(options)
    with busy("Reading and computing"):
        net = read_network(asked)
        _say_how_long(net, asked, "person")
        given = _seed(asked, "person")
        if asked["samples"] is not None:
            given["samples"] = asked["samples"]
        values = measured(net, list(asked["metrics"]) or None, by=_by(asked), **given)
    if asked["me"] is not None:
        values = values.loc[[reader(net, asked)]]
    show(values.reset_index(), net.card, as_json=asked["as_json"])


@click.command(name="measure-ties", cls=_ManyValues)
@takes(SOURCE_OPTIONS, (METRIC,), NETWORK_OPTIONS, AUDIENCE_OPTIONS, (JSON,))
def measure_ties(**options: Any) -> None:
    r"""Print measures by tie.

    \b
    Examples:
      netanalytics measure-ties mail.csv --metric silence stage
      netanalytics measure-ties mail.csv --me ada@x.org
    """
    from netanalytics.analysis import measure_ties as measured

    asked = Asked(options)
    with busy("Reading and computing"):
        net = read_network(asked)
        _say_how_long(net, asked, "tie")
        values = measured(net, list(asked["metrics"]) or None).reset_index()
    if asked["me"] is not None:
        me = reader(net, asked)
        values = values[(values["source"] == me) | (values["target"] == me)]
    show(values, net.card, as_json=asked["as_json"])


def _say_how_long(net: Network, asked: Asked, per: str) -> None:
    """Say before hours of work that it will take them, and what would not."""
    from netanalytics import registry

    if len(net.people) <= MANY:
        return
    cards = registry.metrics()
    slow = [name for name in asked["metrics"] or ALL_PATHS if name in ALL_PATHS]
    slow = [name for name in slow if cards[name].per == per]
    if per == "person" and asked["samples"] is not None:
        slow = [name for name in slow if name != "betweenness"]
    if not slow:
        return
    less = "; --samples 256 estimates betweenness" if "betweenness" in slow else ""
    tell(
        f"{', '.join(slow)}: the paths between all {len(net.people):,} people, which can take "
        f"hours; --metric names other measures{less}"
    )


def _by(asked: Asked) -> str | None:
    """Return the column to group by; that of the project file only where a measure takes one.

    A column that was typed is passed on in any case, so that one without use is refused.
    """
    from netanalytics import registry

    by: str | None = asked["by"]
    typed = click.get_current_context().params.get("by") is not None
    if typed or not asked["metrics"]:
        return by
    registry.load_plugins()
    cards = registry.metrics()
    return by if any(name in cards and cards[name].by for name in asked["metrics"]) else None


def _seed(asked: Asked, per: str) -> dict[str, Any]:
    """Pass the seed on where a measure that is asked for has one."""
    from netanalytics import registry

    names = asked["metrics"] or registry.metrics()
    cards = [registry.metrics().get(name) for name in names]
    takes = any(card and card.per == per and "seed" in card.options for card in cards)
    return {"seed": asked["seed"]} if takes else {}
