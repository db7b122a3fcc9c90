"""The commands about how ties age: ``return-probability``, ``backtest``, ``plan`` and others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from netanalytics.errors import NetAnalyticsError

HORIZON = click.option(
    "--horizon",
    metavar="DAYS",
    type=click.IntRange(7, 365),
    default=30,
    show_default=True,
    help="Contact within how many days.",
)
CUTS = click.option(
    "--cuts",
    type=click.IntRange(1, 50),
    default=5,
    show_default=True,
    help="At how many earlier dates.",
)
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
        help="A tie is due when contact within the horizon is less likely than this.",
    ),
    click.option("--ics", metavar="FILE", type=click.Path(), help="Write a calendar file too."),
)


def register(group: click.Group) -> None:
    """Add the commands to the command line."""
    from netanalytics import cli

    source, shown = cli.SOURCE_OPTIONS, cli.NETWORK_OPTIONS
    audience, json = cli.AUDIENCE_OPTIONS, (cli.JSON,)
    for function, options in (
        (return_probability, (source, (HORIZON,), shown, audience, json)),
        (backtest, (source, (HORIZON, CUTS), shown, json)),
        (plan, (source, (HORIZON, *BUDGET), shown, audience[:1], json)),
        (follow_ups, (source, shown, audience, (cli.NUMBER, *json))),
    ):
        group.add_command(click.command()(cli._with(*options)(function)))


def return_probability(**options: Any) -> None:
    r"""Print how likely contact within a horizon is, by tie, with its band and evidence.

    \b
    Examples:
      netanalytics return-probability mail.csv --horizon 90 --me ada@x.org
      netanalytics return-probability mail.csv --names --json
    """
    from netanalytics import cli
    from netanalytics.analysis.decay import return_probability as probability

    asked = cli._Asked(options)
    cli._need_audience(asked, "return-probability")
    with cli._busy("Reading and computing"):
        net = cli._network(asked)
        values = probability(net, horizon_days=asked["horizon"]).reset_index()
    if asked["me"] is not None:
        me = cli._reader(net, asked)
        values = values[(values["source"] == me) | (values["target"] == me)]
    cli._print(values, net.card, as_json=asked["as_json"])


def backtest(**options: Any) -> None:
    r"""Print how statements about contact within a horizon would have fared in this log's past.

    The model and what other tools use (days since the last contact, half-lives, counts, a fixed
    rhythm, BG/NBD) are compared on the same ties, recalibrated alike; no person is named.

    \b
    Examples:
      netanalytics backtest mail.csv
      netanalytics backtest mail.csv --horizon 90 --cuts 3 --json
    """
    from netanalytics import cli
    from netanalytics.analysis.backtest import backtest as tested

    asked = cli._Asked(options)
    with cli._busy("Reading and computing"):
        net = cli._network(asked)
        if net.log is None:
            raise NetAnalyticsError("a backtest needs a log of contacts with times")
        found = tested(
            net.log,
            horizon_days=asked["horizon"],
            people=net.people,
            as_of=net.as_of,
            cuts=asked["cuts"],
            seed=asked["seed"],
        )
    cli._print(found.table.reset_index(), net.card, as_json=asked["as_json"])
    cli._tell(found.sentence)


def plan(**options: Any) -> None:
    r"""Print a plan of check-ins for --me, and write it as a calendar file.

    In the folder of a project it is yours, by your own wishes and journal.

    \b
    Examples:
      netanalytics plan mail.csv --me ada@x.org
      netanalytics plan mail.csv --me ada@x.org --per-week 2 --ics check_ins.ics
    """
    from netanalytics import cli
    from netanalytics.advice.calendar import calendar
    from netanalytics.advice.plan import Budget, check_in_plan

    asked = cli._Asked(options)
    if asked["me"] is None:
        raise click.UsageError("a plan is one person's: say --me PERSON")
    with cli._busy("Reading and computing"):
        net = cli._network(asked)
        budget = Budget(
            weeks=asked["weeks"],
            per_week=asked["per_week"],
            threshold=asked["threshold"],
            horizon_days=asked["horizon"],
        )
        me = net.find(asked["me"])
        rows = check_in_plan(net, person=me, budget=budget, wishes=cli._wishes(net, asked))
    if asked["ics"]:
        _write(Path(asked["ics"]), calendar(net, rows, person=me))
    cli._print(rows, net.card, as_json=asked["as_json"])


def _write(path: Path, text: str) -> None:
    from netanalytics.maps.page import write_whole

    try:
        write_whole(path, text)
    except OSError as error:
        raise NetAnalyticsError(f"{path.name}: cannot be written ({error.strerror})") from None


def follow_ups(**options: Any) -> None:
    r"""Print first contacts of the last 45 days without a second one.

    \b
    Examples:
      netanalytics follow-ups mail.csv --me ada@x.org
    """
    from netanalytics import cli
    from netanalytics.advice.follow_ups import follow_ups as found

    asked = cli._Asked(options)
    cli._need_audience(asked, "follow-ups")
    with cli._busy("Reading and computing"):
        net = cli._network(asked)
        rows = found(
            net, person=cli._reader(net, asked), n=asked["number"], wishes=cli._wishes(net, asked)
        )
    cli._print(rows, net.card, as_json=asked["as_json"])
