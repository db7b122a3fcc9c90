"""The command line: parse, call one function, print.

Results go to stdout (a table on a terminal, CSV in a pipe, JSON with ``--json``), everything else
to stderr. Nothing heavy is imported before a command needs it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from netanalytics import cli_decay, cli_identity, cli_project
from netanalytics.errors import NetAnalyticsError

if TYPE_CHECKING:
    import pandas as pd

    from netanalytics.interactions import Interactions
    from netanalytics.network import Network

Command = TypeVar("Command", bound=Callable[..., Any])


# ---- what every command takes ------------------------------------------------------------------


def _columns(_: click.Context, __: click.Parameter, value: str | None) -> list[str] | None:
    return None if value is None else [name.strip() for name in value.split(",")]


def _mapping(_: click.Context, __: click.Parameter, values: Sequence[str]) -> dict[str, str]:
    pairs = {}
    for value in values:
        role, sign, name = value.partition("=")
        if not sign or not role or not name:
            raise click.BadParameter(f"{value!r}: write it as target=recipient")
        pairs[role.strip()] = name.strip()
    return pairs


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
    cli_identity.DECISIONS,
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
TELL = "netanalytics.tell"
"""Where a command keeps whom to tell how much is read."""

BY = click.option("--by", metavar="COLUMN", help="People column that makes the groups.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print rows and card as JSON.")
NUMBER = click.option(
    "-n", "number", type=click.IntRange(min=1), default=10, show_default=True, help="How many each."
)


def _with(*groups: Sequence[Callable[[Any], Any]]) -> Callable[[Command], Command]:
    """Give a command several groups of options, in the order in which help shows them."""

    def decorate(function: Command) -> Command:
        for option in reversed([option for group in groups for option in group]):
            function = option(function)
        return function

    return decorate


@dataclass(frozen=True)
class _Asked:
    """What the user said about the log and the network."""

    options: Mapping[str, Any]

    def __post_init__(self) -> None:
        """Let the project file answer what was not said."""
        options = cli_project.filled(self.options)
        project = cli_project.with_files(options["project"], options)
        object.__setattr__(self, "options", {**options, "project": project})

    def __getitem__(self, name: str) -> Any:
        return self.options.get(name)


def _log(asked: _Asked) -> Interactions:
    tell = click.get_current_context().meta.get(TELL)
    log: Interactions = asked["project"].log(progress=tell)
    return _of_channel(log, asked["channel"]) if asked["channel"] else log


def _of_channel(log: Interactions, channel: str) -> Interactions:
    from netanalytics.registry import unknown

    known = sorted(log.coverage["channel"].unique())
    if channel not in known:
        error = unknown("channel", channel, known)
        raise type(error)(f"{error} (this log has {', '.join(known)})")
    return log.where(channel=channel)


def _network(asked: _Asked) -> Network:
    if asked["decisions"]:
        from netanalytics.identity.decisions import read_decisions

        read_decisions(asked["decisions"])  # a file that was named must be there
    net: Network = asked["project"].network(
        _log(asked), as_of=asked["as_of"], half_life_days=asked["half_life"]
    )
    return net


def _reader(net: Network, asked: _Asked) -> str | None:
    return None if asked["me"] is None else net.find(asked["me"])


def _wishes(net: Network, asked: _Asked) -> pd.DataFrame | None:
    """Return the reader's own wishes, if the project file is theirs."""
    me = _reader(net, asked)
    return cli_project.wishes(asked["project"], net, me)


def _need_audience(asked: _Asked, command: str) -> None:
    if asked["me"] is None and not asked["names"]:
        raise click.UsageError(
            f"{command} names people: say --me PERSON for your own list, or --names for "
            "everybody's (a project file may say who me is)"
        )


# ---- printing ----------------------------------------------------------------------------------


def _print(frame: pd.DataFrame, card: pd.DataFrame, *, as_json: bool) -> None:
    if as_json:
        click.echo(_json(frame, card))
    elif sys.stdout.isatty():
        _print_table(frame)
    else:
        from netanalytics.report.render import to_csv

        click.echo(to_csv(frame), nl=False)


def _json(frame: pd.DataFrame, card: pd.DataFrame) -> str:
    import json

    whole = {"rows": _records(frame), "card": _records(card)}
    return json.dumps(whole, ensure_ascii=False, allow_nan=False)


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    columns = {str(name): [_value(value) for value in frame[name].tolist()] for name in frame}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _value(value: Any) -> Any:
    import math

    import pandas as pd

    if isinstance(value, str | bool):
        return value
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, float) and math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return value


def _print_table(frame: pd.DataFrame, title: str | None = None) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from netanalytics.report.render import numeric, rows

    table = Table(title=title, title_justify="left", header_style="bold")
    for name, number in zip(frame.columns, numeric(frame), strict=True):
        table.add_column(Text(str(name)), justify="right" if number else "left")
    for row in rows(frame):
        table.add_row(*(Text(_printable(text)) for text in row))
    Console().print(table)


def _printable(text: str) -> str:
    """Take control signs out: a name from a log must not steer the terminal."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


def _tell(text: str) -> None:
    click.echo(_printable(text), err=True)


@contextmanager
def _busy(text: str) -> Iterator[None]:
    """Show on a terminal that something is going on and what is read; say nothing in a pipe."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn

    plain = TextColumn("{task.description}", markup=False)
    columns = (SpinnerColumn(), plain, BarColumn(), TaskProgressColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(text, total=None)

        def tell(name: str, done: int, total: int) -> None:
            whole = done >= total
            now = text if whole else f"{text}: {_printable(name)[:40]}"
            bar.update(task, description=now, completed=done, total=None if whole else total)

        click.get_current_context().meta[TELL] = tell
        yield


# ---- commands ----------------------------------------------------------------------------------


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


cli_project.register(cli)


@cli.command()
@_with(
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

    asked = _Asked(options)
    with _busy("Reading and computing"):
        net = _network(asked)
        built = build_report(
            net,
            person=_reader(net, asked),
            names=asked["names"],
            by=asked["by"],
            seed=asked["seed"],
            wishes=_wishes(net, asked),
        )
        page = built.save(asked["out"])
    _tell(f"{net!r}: {page}")


@cli.command(name="map")
@_with(
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
    from netanalytics.errors import NetAnalyticsError as Failure
    from netanalytics.maps.page import write_whole
    from netanalytics.report.build import build_map

    asked = _Asked(options)
    with _busy("Reading and computing"):
        net = _network(asked)
        page = build_map(
            net,
            person=_reader(net, asked),
            names=asked["names"],
            by=asked["by"],
            seed=asked["seed"],
        )
        folder = Path(asked["out"])
        try:
            folder.mkdir(parents=True, exist_ok=True)
            write_whole(folder / "map.html", page)
        except OSError as error:
            raise Failure(f"{folder.name}: cannot be written ({error.strerror})") from None
    _tell(f"{net!r}: {folder / 'map.html'}")


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


@cli.command(cls=_ManyValues)
@_with(SOURCE_OPTIONS, (METRIC, BY), NETWORK_OPTIONS, AUDIENCE_OPTIONS, (JSON,))
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

    asked = _Asked(options)
    with _busy("Reading and computing"):
        net = _network(asked)
        values = measured(
            net, list(asked["metrics"]) or None, by=asked["by"], **_seed(asked, "person")
        )
    if asked["me"] is not None:
        values = values.loc[[_reader(net, asked)]]
    _print(values.reset_index(), net.card, as_json=asked["as_json"])


@cli.command(name="measure-ties", cls=_ManyValues)
@_with(SOURCE_OPTIONS, (METRIC,), NETWORK_OPTIONS, AUDIENCE_OPTIONS, (JSON,))
def measure_ties(**options: Any) -> None:
    r"""Print measures by tie.

    \b
    Examples:
      netanalytics measure-ties mail.csv --metric silence stage
      netanalytics measure-ties mail.csv --me ada@x.org
    """
    from netanalytics.analysis import measure_ties as measured

    asked = _Asked(options)
    with _busy("Reading and computing"):
        net = _network(asked)
        values = measured(net, list(asked["metrics"]) or None).reset_index()
    if asked["me"] is not None:
        me = _reader(net, asked)
        values = values[(values["source"] == me) | (values["target"] == me)]
    _print(values, net.card, as_json=asked["as_json"])


def _seed(asked: _Asked, per: str) -> dict[str, Any]:
    """Pass the seed on where a measure that is asked for has one."""
    from netanalytics import registry

    names = asked["metrics"] or registry.metrics()
    cards = [registry.metrics().get(name) for name in names]
    takes = any(card and card.per == per and "seed" in card.options for card in cards)
    return {"seed": asked["seed"]} if takes else {}


@cli.command()
@_with(SOURCE_OPTIONS, NETWORK_OPTIONS, AUDIENCE_OPTIONS, (NUMBER, JSON))
def introductions(**options: Any) -> None:
    r"""Print whom to meet, and through whom.

    \b
    Examples:
      netanalytics introductions mail.csv --people people.csv --me ada@x.org
      netanalytics introductions mail.csv --names -n 3
    """
    from netanalytics.advice.introductions import introductions as suggested

    asked = _Asked(options)
    _need_audience(asked, "introductions")
    with _busy("Reading and computing"):
        net = _network(asked)
        table = suggested(net, person=_reader(net, asked), n=asked["number"])
    _print(table, net.card, as_json=asked["as_json"])


@cli.command(name="check-ins")
@_with(SOURCE_OPTIONS, NETWORK_OPTIONS, AUDIENCE_OPTIONS, (NUMBER, JSON))
def check_ins(**options: Any) -> None:
    r"""Print whom to write to.

    Ties whose own rhythm has broken off, most worthwhile first.

    \b
    Examples:
      netanalytics check-ins mail.csv --people people.csv --me ada@x.org
      netanalytics check-ins mail.csv calendar.csv --names --json
    """
    from netanalytics.advice.check_ins import check_ins as suggested

    asked = _Asked(options)
    _need_audience(asked, "check-ins")
    with _busy("Reading and computing"):
        net = _network(asked)
        table = suggested(
            net, person=_reader(net, asked), n=asked["number"], wishes=_wishes(net, asked)
        )
    _print(table, net.card, as_json=asked["as_json"])


@cli.command()
@_with(SOURCE_OPTIONS, (JSON,))
def inspect(**options: Any) -> None:
    r"""Show what is in a log.

    What was read and skipped, coverage, problems. The rows are the contacts by month and
    channel, and how many people had them.

    \b
    Examples:
      netanalytics inspect exports/
      netanalytics inspect contacts.dat --columns time,source,target --undirected
    """
    from netanalytics.interactions import last_contact, monthly

    asked = _Asked(options)
    with _busy("Reading"):
        log = _log(asked)
        last_contact(log)
        months = monthly(log)
    terminal = sys.stdout.isatty() and not asked["as_json"]
    if terminal:
        _print_table(log.card, "What was read, kept and skipped")
        _print_table(log.coverage, "Coverage")
    elif not asked["as_json"]:
        for row in log.card.itertuples(index=False):
            _tell(f"{row.file}: {row.n} {row.unit} {row.reason}")
    _print(months, log.card, as_json=asked["as_json"])
    for note in [*log.notes, *_problems(log, months)]:
        _tell(f"note: {note}")


def _problems(log: Interactions, months: pd.DataFrame) -> list[str]:
    """Say what a reader of this log should look into."""
    found = []
    totals = log.card.groupby("reason")["n"].sum()
    dropped = int(totals.sum() - totals.get("kept", 0))
    if dropped > 0.2 * totals.sum():
        found.append(f"{dropped:,} of {int(totals.sum()):,} records were not kept: see the card")
    by_month = months.groupby("month")["contacts"].sum()
    usual = by_month.median()
    thin = [str(month) for month, n in by_month.items() if n < 0.1 * usual]
    if thin:
        found.append(f"hardly any contact in {', '.join(thin[:6])}{' …' if len(thin) > 6 else ''}")
    if set(log.coverage["channel"]) == {"contact"}:
        found.append("no column names the channel: all contacts count as one")
    return found


@cli.command()
@_with(
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
    from netanalytics.periods import SURE_ENOUGH
    from netanalytics.periods import moves as found

    asked = _Asked(options)
    _need_audience(asked, "moves")
    with _busy("Reading and computing"):
        net = _network(asked)
        log = net.log or _log(asked)
        tables = cli_project.directories(asked["project"], asked["directories"], log)
        resolved = asked["project"].identify(log, as_of=asked["as_of"])
        sure = resolved.sure(SURE_ENOUGH)
        table = found(log, people=net.people, directories=tables, proposals=sure)
    if asked["me"] is not None and not asked["names"]:
        mine = set(net.contacts(net.find(asked["me"])))
        mine |= {a for a, b in zip(sure["a"], sure["b"], strict=True) if b in mine} | {
            b for a, b in zip(sure["a"], sure["b"], strict=True) if a in mine
        }
        table = table[table["person"].isin(mine)]
    _print(table, net.card, as_json=asked["as_json"])


@cli.command(name="list")
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
    _print(frame, pd.DataFrame(), as_json=as_json)
    for failure in registry.load_plugins():
        _tell(f"warning: {failure}")


cli_decay.register(cli)
cli_identity.register(cli)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; every expected failure is one line on stderr and exit code 1."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        cli.main(args=None if arguments is None else list(arguments), standalone_mode=False)
    except (click.exceptions.Abort, KeyboardInterrupt):
        _tell("netanalytics: interrupted: nothing is left half written")
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except NetAnalyticsError as error:
        _tell(f"netanalytics: {' '.join(str(error).split())}")
        sys.exit(1)
    except Exception as error:  # a fault of ours: one line too, and the whole story on request
        if os.environ.get("NETANALYTICS_DEBUG"):
            raise
        what = " ".join(str(error).split())[:200]
        _tell(
            f"netanalytics: unexpected {type(error).__name__} ({what}): a fault of this program; "
            "with NETANALYTICS_DEBUG=1 it says where"
        )
        sys.exit(1)


if __name__ == "__main__":
    main()
