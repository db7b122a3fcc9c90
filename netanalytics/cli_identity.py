"""The commands about who is who: ``netanalytics identity people``, ``suggest``, ``apply`` …"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netanalytics.errors import OptionError

if TYPE_CHECKING:
    import pandas as pd

    from netanalytics.identity.resolution import Resolution

DECISIONS = click.option(
    "--decisions",
    metavar="FILE",
    type=click.Path(dir_okay=False),
    help="Decisions about who is who; those of the project, or decisions.txt, by default.",
)
PEOPLE = click.option("--people", metavar="FILE", type=click.Path(), help="Table of people.")
AT_LEAST = click.option(
    "--at-least",
    metavar="P",
    type=click.FloatRange(0, 1),
    required=True,
    help="How sure a proposal must be; 0.98 is safe to accept unread.",
)
NO_PROJECT = click.option("--no-project", is_flag=True, help="Ask no project file.")
PAIR = click.option(
    "--pair", nargs=2, metavar="A B", help="Only the line that says that these two are the same."
)


_HELP = """Tell who is who: one person under several addresses, handles and profiles.

\b
Examples:
  netanalytics identity suggest mail.csv --people people.csv
  netanalytics identity apply mail.csv --people people.csv --at-least 0.98
  netanalytics identity undo
"""


def register(group: click.Group) -> None:
    """Add the commands to the command line."""
    from netanalytics import cli

    identity = click.Group(
        "identity",
        help=_HELP,
    )
    source, shown = cli.SOURCE_OPTIONS, (PEOPLE, DECISIONS, cli.JSON)
    for function, options in (
        (people, (*source, *shown)),
        (suggest, (*source, *shown)),
        (apply, (*source, AT_LEAST, *shown)),
        (undo, (PAIR, DECISIONS, NO_PROJECT)),
        (why, (click.argument("who", metavar="PERSON"), *source, *shown)),
    ):
        decorated = cli._with(options)(function)
        identity.add_command(click.command()(decorated))
    group.add_command(identity)


def people(**options: Any) -> None:
    r"""Print which person each address, handle and profile belongs to.

    Strong keys and decisions join; a name alone never does. Roles, lists, no-reply addresses and
    machines are set apart and counted in the card.

    \b
    Examples:
      netanalytics identity people mail.csv --people people.csv
      netanalytics identity people exports/ --json
    """
    _print(_resolved(_asked(options)), "people", options)


def suggest(**options: Any) -> None:
    r"""Print which two might be one person, how sure that is, and why.

    The most consequential come first. Nothing is joined until a decision says so.

    \b
    Examples:
      netanalytics identity suggest mail.csv --people people.csv
      netanalytics identity suggest exports/ --json
    """
    result = _resolved(_asked(options))
    _print(result, "proposals", options)
    if result.omitted:
        _tell(f"note: {result.omitted:,} less sure pairs are not listed")


def apply(**options: Any) -> None:
    r"""Accept all proposals that are sure enough, as lines in the file of decisions.

    Each is one line that can be taken out again; `undo` takes all of the last time out.

    \b
    Examples:
      netanalytics identity apply mail.csv --people people.csv --at-least 0.98
    """
    from netanalytics.identity import decisions as said

    asked = _asked(options)
    result = _resolved(asked)
    sure = result.sure(options["at_least"]).sort_values(["a", "b"], kind="stable")
    if sure.empty:
        _tell(f"no proposal is at least {options['at_least']:g} sure: nothing was written")
    else:
        lines = [
            f"{said.written(said.Decision(said.SAME, (a, b), 0))}  # {p:.3f} {because}"
            for a, b, p, because in sure.itertuples(index=False, name=None)
        ]
        path = asked["project"].decisions
        count = f"{len(lines)} pair{'s' * (len(lines) > 1)} at {options['at_least']:g} or more"
        text = said.append(_text(path), lines, count)
        said.parse_decisions(text)
        _write(path, text)
        _tell(f"{count} written to {path.name}; `netanalytics identity undo` takes them back")
    _print_frame(sure, result, options)


def undo(**options: Any) -> None:
    r"""Take back what was applied last, or one pair; the file is as it was before.

    \b
    Examples:
      netanalytics identity undo
      netanalytics identity undo --pair ada@x.org ada@home.example
    """
    from netanalytics.identity import decisions as said

    path = _decisions(options)
    text = _text(path)
    after = said.undo_pair(text, options["pair"]) if options["pair"] else said.undo(text)
    if after:
        _write(path, after)
    else:
        path.unlink()
    lines = text.count("\nsame:") - after.count("\nsame:")
    _tell(f"{lines} line{'s' * (lines != 1)} taken out of {path.name}")


def _decisions(options: dict[str, Any]) -> Path:
    """Return the file of decisions that was named, that of the project, or the usual one."""
    from netanalytics.project import find_project, open_project

    found = None if options["decisions"] or options["no_project"] else find_project()
    usual = open_project(found).decisions if found else None
    return Path(options["decisions"] or usual or "decisions.txt")


def why(**options: Any) -> None:
    r"""Print what joins the addresses of a person, and what else might belong to them.

    \b
    Examples:
      netanalytics identity why "Ada Berg" mail.csv --people people.csv
    """
    result = _resolved(_asked(options))
    _print_frame(result.why(options["who"]), result, options)


def _resolved(asked: Any) -> Resolution:
    from netanalytics import cli

    with cli._busy("Reading and comparing"):
        result: Resolution = asked["project"].identify(cli._log(asked))
    return result


def _asked(options: dict[str, Any]) -> Any:
    from netanalytics import cli

    return cli._Asked(options)


def _print(result: Resolution, what: str, options: dict[str, Any]) -> None:
    _print_frame(getattr(result, what), result, options)


def _print_frame(frame: pd.DataFrame, result: Resolution, options: dict[str, Any]) -> None:
    import pandas as pd

    from netanalytics import cli

    rows = [("identities", "identity", "identity", kind, n) for kind, n in result.counts().items()]
    card = pd.DataFrame(rows, columns=["file", "kind", "unit", "reason", "n"])
    cli._print(frame, card, as_json=options["as_json"])


def _text(path: Path) -> str:
    if not path.exists():
        return ""
    if not path.is_file():
        raise OptionError(f"{path.name} is no file: give one for the decisions")
    # Bytes as they stand, so that taking lines out again leaves every other byte.
    return path.read_bytes().decode("utf-8", "surrogateescape")


def _write(path: Path, text: str) -> None:
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(text.encode("utf-8", "surrogateescape"))
    part.replace(path)


def _tell(text: str) -> None:
    from netanalytics import cli

    cli._tell(text)
