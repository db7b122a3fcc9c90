"""The commands about how ties age: ``return-probability`` and ``backtest``."""

from __future__ import annotations

from typing import Any

import click

from netanalytics.cli.asked import Asked, need_audience, read_network, reader
from netanalytics.cli.options import (
    AUDIENCE_OPTIONS,
    HORIZON,
    JSON,
    NETWORK_OPTIONS,
    SOURCE_OPTIONS,
    takes,
)
from netanalytics.cli.printing import busy, show, tell
from netanalytics.errors import NetAnalyticsError

CUTS = click.option(
    "--cuts",
    type=click.IntRange(1, 50),
    default=5,
    show_default=True,
    help="At how many earlier dates.",
)


@click.command()
@takes(SOURCE_OPTIONS, (HORIZON,), NETWORK_OPTIONS, AUDIENCE_OPTIONS, (JSON,))
def return_probability(**options: Any) -> None:
    r"""Print how likely contact within a horizon is, by tie, with its band and evidence.

    \b
    Examples:
      netanalytics return-probability mail.csv --horizon 90 --me ada@x.org
      netanalytics return-probability mail.csv --names --json
    """
    from netanalytics.analysis.decay import return_probability as probability

    asked = Asked(options)
    need_audience(asked, "return-probability")
    with busy("Reading and computing"):
        net = read_network(asked)
        values = probability(net, horizon_days=asked["horizon"]).reset_index()
    if asked["me"] is not None:
        me = reader(net, asked)
        values = values[(values["source"] == me) | (values["target"] == me)]
    show(values, net.card, as_json=asked["as_json"])


@click.command()
@takes(SOURCE_OPTIONS, (HORIZON, CUTS), NETWORK_OPTIONS, (JSON,))
def backtest(**options: Any) -> None:
    r"""Print how statements about contact within a horizon would have fared in this log's past.

    The model and what other tools use (days since the last contact, half-lives, counts, a fixed
    rhythm, BG/NBD) are compared on the same ties, recalibrated alike; no person is named. In the
    table "eight" is the model that return-probability uses, by its features, "five" a smaller one.

    \b
    Examples:
      netanalytics backtest mail.csv
      netanalytics backtest mail.csv --horizon 90 --cuts 3 --json
    """
    from netanalytics.analysis.backtest import backtest as tested

    asked = Asked(options)
    with busy("Reading and computing"):
        net = read_network(asked)
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
    show(found.table.reset_index(), net.card, as_json=asked["as_json"])
    tell(found.sentence)
