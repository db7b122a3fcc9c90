"""What commands take: sources, people, whom it is for, and how to print it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def _columns(_: click.Context, __: click.Parameter, value: str | None) -> list[str] | None:
    return None if value is None else [name.strip() for name in value.split(",")]


def _mapping(_: click.Context, __: click.Parameter, values: Sequence[str]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for value in values:
        role, sign, name = value.partition("=")
        if not sign or not role or not name:
            raise click.BadParameter(f"{value!r}: write it as target=recipient")
        role, name = role.strip(), name.strip()
        if role in pairs:
            raise click.BadParameter(f"{role!r} is named twice, as {pairs[role]!r} and {name!r}")
        pairs[role] = name
    return pairs


DECISIONS = click.option(
    "--decisions",
    metavar="FILE",
    type=click.Path(dir_okay=False),
    help="Decisions about who is who; those of the project, or decisions.txt, by default.",
)
SOURCE_OPTIONS = (
    click.argument("source", nargs=-1, type=click.Path()),
    click.option("--kind", metavar="KIND", help="Which loader reads it; found by default."),
    click.option("--zone", metavar="ZONE", help="Zone of times that name none, as Europe/Paris."),
    click.option(
        "--date-order",
        type=click.Choice(["dmy", "mdy", "ymd"]),
        help="Order of day, month and year where the file leaves it open.",
    ),
    click.option(
        "--columns",
        metavar="time,source,target",
        callback=_columns,
        help="Names of the columns of a file without a header.",
    ),
    click.option(
        "--map",
        "mapping",
        metavar="target=recipient",
        multiple=True,
        callback=_mapping,
        help="Which column of the file is which; may be repeated.",
    ),
    click.option("--undirected", is_flag=True, help="Rows are co-presence: both met."),
    click.option("--channel", metavar="NAME", help="Only this channel."),
    click.option(
        "--no-project", is_flag=True, help="Ask no project file, not even whom to leave out."
    ),
)
NETWORK_OPTIONS = (
    click.option("--people", metavar="FILE", type=click.Path(), help="Table of people."),
    click.option("--relations", metavar="FILE", type=click.Path(), help="Declared relations."),
    DECISIONS,
    click.option(
        "--as-of", metavar="DATE", help="End of observation; the last contact by default."
    ),
    click.option(
        "--half-life",
        metavar="DAYS",
        type=float,
        default=90.0,
        show_default=True,
        help="After how many days a contact counts half.",
    ),
    click.option("--seed", metavar="N", type=int, default=0, show_default=True, help="For chance."),
)
AUDIENCE_OPTIONS = (
    click.option("--me", metavar="PERSON", help="Id, address or unique name of the reader."),
    click.option("--names", is_flag=True, help="Name individuals for somebody else."),
)
GROUP = click.option("--group", is_flag=True, help="For the group, whoever the project says I am.")
OUT = click.option("--out", metavar="DIR", type=click.Path(), help="Where to.")

BY = click.option("--by", metavar="COLUMN", help="People column that makes the groups.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print rows and card as JSON.")
NUMBER = click.option(
    "-n", "number", type=click.IntRange(min=1), default=10, show_default=True, help="How many each."
)
HORIZON = click.option(
    "--horizon",
    metavar="DAYS",
    type=click.IntRange(7, 365),
    default=30,
    show_default=True,
    help="Contact within how many days.",
)


def takes(*groups: Sequence[Callable[[Any], Any]]) -> Callable[[Command], Command]:
    """Give a command several groups of options, in the order in which help shows them."""

    def decorate(function: Command) -> Command:
        for option in reversed([option for group in groups for option in group]):
            function = option(function)
        return function

    return decorate
