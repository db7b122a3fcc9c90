"""The commands about what a log holds: ``inspect`` and ``moves``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from netanalytics.cli import answers
from netanalytics.cli.asked import Asked, need_audience, read_log, read_network
from netanalytics.cli.options import AUDIENCE_OPTIONS, JSON, NETWORK_OPTIONS, SOURCE_OPTIONS, takes
from netanalytics.cli.printing import busy, show, tell
from netanalytics.cli.tables import not_kept, show_table

if TYPE_CHECKING:
    import pandas as pd

    from netanalytics.interactions import Interactions


@click.command()
@takes(SOURCE_OPTIONS, (JSON,))
def inspect(**options: Any) -> None:
    r"""Show what is in a log.

    What was read and skipped, coverage, problems. The rows are the contacts by month and
    channel, and how many people had them.

    \b
    Examples:
      netanalytics inspect exports/
      netanalytics inspect contacts.dat --columns time,source,target --undirected
    """
    from netanalytics.interactions import card_cell, last_contact, lone_end, monthly

    asked = Asked(options)
    with busy("Reading"):
        log = read_log(asked)
        end = last_contact(log)
        months = monthly(log)
    terminal = sys.stdout.isatty() and not asked["as_json"]
    if terminal:
        show_table(log.card, "What was read, kept and skipped")
        show_table(log.coverage, "Coverage")
    elif not asked["as_json"]:
        for file, _, unit, reason, n in log.card.to_numpy().tolist():
            tell(f"{file}: {card_cell(unit, reason, n)}")
    show(months, log.card, as_json=asked["as_json"])
    for note in [*log.notes, *lone_end(log, end), *_problems(log, months)]:
        tell(f"note: {note}")


def _problems(log: Interactions, months: pd.DataFrame) -> list[str]:
    """Say what a reader of this log should look into."""
    found = not_kept(log.card)
    by_month = months.groupby("month")["contacts"].sum()
    usual = by_month.median()
    thin = [str(month) for month, n in by_month.items() if n < 0.1 * usual]
    if thin:
        found.append(f"hardly any contact in {', '.join(thin[:6])}{' …' if len(thin) > 6 else ''}")
    if set(log.coverage["channel"]) == {"contact"}:
        found.append("no column names the channel: all contacts count as one")
    return found


@click.command()
@takes(
    SOURCE_OPTIONS,
    NETWORK_OPTIONS,
    AUDIENCE_OPTIONS,
    (
        click.option(
            "--directory",
            "directories",
            metavar="FILE",
            multiple=True,
            type=click.Path(),
            help="Who was in which team or firm, with since or seen; may be repeated.",
        ),
        JSON,
    ),
)
def moves(**options: Any) -> None:
    r"""Print who changed employer, department or team, and in which month.

    Found in addresses, directories and dated profiles. With --me it is about your contacts. A
    change of employer that rests on two addresses that are surely one person's, though you have
    not decided it yet, says so in its last column.

    \b
    Examples:
      netanalytics moves mail.csv --people people.csv --directory staff.csv --names
      netanalytics moves --me ada@x.org
    """
    from netanalytics.moving import SURE_ENOUGH
    from netanalytics.moving import moves as found

    asked = Asked(options)
    need_audience(asked, "moves")
    with busy("Reading and computing"):
        net = read_network(asked)
        log = net.log or read_log(asked)
        tables = answers.directories(asked["project"], asked["directories"], log)
        resolved = asked["project"].identify(log, as_of=asked["as_of"])
        sure = resolved.sure(SURE_ENOUGH)
        table = found(log, people=net.people, directories=tables, proposals=sure)
    if asked["me"] is not None and not asked["names"]:
        mine = set(net.contacts(net.find(asked["me"])))
        mine |= {a for a, b in zip(sure["a"], sure["b"], strict=True) if b in mine} | {
            b for a, b in zip(sure["a"], sure["b"], strict=True) if a in mine
        }
        table = table[table["person"].isin(mine)]
    show(table, net.card, as_json=asked["as_json"])
