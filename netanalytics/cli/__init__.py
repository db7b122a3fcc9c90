"""The command line: parse, call one function, print.

Results go to stdout (a table on a terminal, CSV in a pipe, JSON with ``--json``), everything else
to stderr. Nothing heavy is imported before a command needs it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from netanalytics.cli import advice, catalogue, decay, identity, logs, measures, project, reports
from netanalytics.cli.printing import tell
from netanalytics.cli.tables import keep_examples
from netanalytics.errors import NetAnalyticsError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="netanalytics")
def cli() -> None:
    r"""Understand and tend a professional network, from the logs you already have.

    \b
    Examples:
      netanalytics inspect mail.csv
      netanalytics report mail.csv --people people.csv --me ada@x.org --out reports/ada
      netanalytics report mail.csv --people people.csv --out reports/group
      netanalytics measure mail.csv --metric constraint --metric betweenness

    Nothing leaves this machine, and no page asks the network for anything.
    """


for _command in (
    project.init,
    project.note,
    logs.inspect,
    logs.moves,
    reports.report,
    reports.map_command,
    measures.measure,
    measures.measure_ties,
    advice.introductions,
    advice.check_ins,
    advice.plan,
    advice.follow_ups,
    decay.return_probability,
    decay.backtest,
    identity.identity,
    catalogue.list_command,
):
    cli.add_command(_command)
keep_examples(cli)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; every expected failure is one line on stderr and exit code 1."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        cli.main(args=None if arguments is None else list(arguments), standalone_mode=False)
    except (click.exceptions.Abort, KeyboardInterrupt):
        tell("netanalytics: interrupted: nothing is left half written")
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except NetAnalyticsError as error:
        tell(f"netanalytics: {' '.join(str(error).split())}")
        sys.exit(1)
    except Exception as error:  # a fault of ours: one line too, and the whole story on request
        if os.environ.get("NETANALYTICS_DEBUG"):
            raise
        what = " ".join(str(error).split())[:200]
        tell(
            f"netanalytics: unexpected {type(error).__name__} ({what}): a fault of this program; "
            "with NETANALYTICS_DEBUG=1 it says where"
        )
        sys.exit(1)
