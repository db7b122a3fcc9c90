"""The commands that advise: ``introductions``, ``check-ins``, ``plan``, ``follow-ups``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from netanalytics.cli.asked import Asked, need_audience, read_network, reader, wishes
from netanalytics.cli.options import (
    AUDIENCE_OPTIONS,
    HORIZON,
    JSON,
    NETWORK_OPTIONS,
    NUMBER,
    SOURCE_OPTIONS,
    takes,
)
from netanalytics.cli.printing import busy, show
from netanalytics.errors import NetAnalyticsError

BUDGET = (
    click.option(
        "--weeks",
        type=click.IntRange(1, 52),
        default=4,
        show_default=True,
        help="How far the plan goes.",
    ),
    click.option(
        "--per-week",
        type=click.IntRange(0, 100),
        default=3,
        show_default=True,
        help="Check-ins a week; your own wishes come on top.",
    ),
    click.option(
        "--threshold",
        type=click.FloatRange(0, 1),
        default=0.6,
        show_default=True,
        help="A tie is due when contact within the horizon is less likely than this, and never "
        "before a pause as long as is usual for it.",
    ),
    click.option("--ics", metavar="FILE", type=click.Path(), help="Write a calendar file too."),
)


@click.command()
@takes(SOURCE_OPTIONS, NETWORK_OPTIONS, AUDIENCE_OPTIONS, (NUMBER, JSON))
def introductions(**options: Any) -> None:
    r"""Print whom to meet, and through whom.

    \b
    Examples:
      netanalytics introductions mail.csv --people people.csv --me ada@x.org
      netanalytics introductions mail.csv --names -n 3
    """
    from netanalytics.advice.introductions import introductions as suggested

    asked = Asked(options)
    need_audience(asked, "introductions")
    with busy("Reading and computing"):
        net = read_network(asked)
        table = suggested(net, person=reader(net, asked), n=asked["number"])
    show(table, net.card, as_json=asked["as_json"])


@click.command(name="check-ins")
@takes(SOURCE_OPTIONS, NETWORK_OPTIONS, AUDIENCE_OPTIONS, (NUMBER, JSON))
def check_ins(**options: Any) -> None:
    r"""Print whom to write to.

    Ties whose own rhythm has broken off, most worthwhile first.

    \b
    Examples:
      netanalytics check-ins mail.csv --people people.csv --me ada@x.org
      netanalytics check-ins mail.csv calendar.csv --names --json
    """
    from netanalytics.advice.check_ins import check_ins as suggested
    from netanalytics.advice.reasons import unjudged

    asked = Asked(options)
    need_audience(asked, "check-ins")
    with busy("Reading and computing"):
        net = read_network(asked)
        table = suggested(
            net, person=reader(net, asked), n=asked["number"], wishes=wishes(net, asked)
        )
        why = unjudged(net)
    show(table, net.card, as_json=asked["as_json"], why=why)


@click.command()
@takes(SOURCE_OPTIONS, (HORIZON, *BUDGET), NETWORK_OPTIONS, AUDIENCE_OPTIONS[:1], (JSON,))
def plan(**options: Any) -> None:
    r"""Print a plan of check-ins for --me, and write it as a calendar file.

    In the folder of a project it is yours, by your own wishes and journal.

    \b
    Examples:
      netanalytics plan mail.csv --me ada@x.org
      netanalytics plan mail.csv --me ada@x.org --per-week 2 --ics check_ins.ics
    """
    from netanalytics.advice.calendar import PRODUCT, calendar
    from netanalytics.advice.plan import Budget, check_in_plan
    from netanalytics.advice.reasons import unjudged
    from netanalytics.writing import spare

    asked = Asked(options)
    if asked["me"] is None:
        raise click.UsageError("a plan is one person's: say --me PERSON")
    if asked["ics"]:
        spare(Path(asked["ics"]), PRODUCT, "calendar")
    with busy("Reading and computing"):
        net = read_network(asked)
        budget = Budget(
            weeks=asked["weeks"],
            per_week=asked["per_week"],
            threshold=asked["threshold"],
            horizon_days=asked["horizon"],
        )
        me = net.find(asked["me"])
        rows = check_in_plan(net, person=me, budget=budget, wishes=wishes(net, asked))
        why = unjudged(net)
    if asked["ics"]:
        _write(Path(asked["ics"]), calendar(net, rows, person=me))
    show(rows, net.card, as_json=asked["as_json"], why=why)


def _write(path: Path, text: str) -> None:
    from netanalytics.writing import write_whole

    try:
        write_whole(path, text)
    except OSError as error:
        raise NetAnalyticsError(f"{path.name}: cannot be written ({error.strerror})") from None


@click.command()
@takes(SOURCE_OPTIONS, NETWORK_OPTIONS, AUDIENCE_OPTIONS, (NUMBER, JSON))
def follow_ups(**options: Any) -> None:
    r"""Print first contacts of the last 45 days without a second one.

    \b
    Examples:
      netanalytics follow-ups mail.csv --me ada@x.org
    """
    from netanalytics.advice.follow_ups import follow_ups as found

    asked = Asked(options)
    need_audience(asked, "follow-ups")
    with busy("Reading and computing"):
        net = read_network(asked)
        rows = found(net, person=reader(net, asked), n=asked["number"], wishes=wishes(net, asked))
    show(rows, net.card, as_json=asked["as_json"])
