"""The commands about who is who: ``netanalytics identity people``, ``suggest``, ``apply`` …"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netanalytics.cli.asked import Asked, read_log
from netanalytics.cli.options import DECISIONS, JSON, SOURCE_OPTIONS, takes
from netanalytics.cli.printing import busy, show, tell, tell_some
from netanalytics.errors import NetAnalyticsError, OptionError

if TYPE_CHECKING:
    import pandas as pd

    from netanalytics.identity.resolution import Resolution

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
SHOWN = (PEOPLE, DECISIONS, JSON)

_HELP = """Tell who is who: one person under several addresses, handles and profiles.

\b
Examples:
  netanalytics identity suggest mail.csv --people people.csv
  netanalytics identity apply mail.csv --people people.csv --at-least 0.98
  netanalytics identity undo
"""

identity = click.Group("identity", help=_HELP)


@identity.command()
@takes(SOURCE_OPTIONS, SHOWN)
def people(**options: Any) -> None:
    r"""Print which person each address, handle and profile belongs to.

    Strong keys and decisions join; a name alone never does. Roles, lists, no-reply addresses and
    machines are set apart and counted in the card.

    \b
    Examples:
      netanalytics identity people mail.csv --people people.csv
      netanalytics identity people exports/ --json
    """
    _print(_resolved(Asked(options)), "people", options)


@identity.command()
@takes(SOURCE_OPTIONS, SHOWN)
def suggest(**options: Any) -> None:
    r"""Print which two might be one person, how sure that is, and why.

    The most consequential come first. Nothing is joined until a decision says so.

    \b
    Examples:
      netanalytics identity suggest mail.csv --people people.csv
      netanalytics identity suggest exports/ --json
    """
    result = _resolved(Asked(options))
    _print(result, "proposals", options)
    if result.omitted:
        from netanalytics.interactions import counted

        pairs = counted(result.omitted, "less sure pair")
        tell(f"note: {pairs} {'is' if result.omitted == 1 else 'are'} not listed")


@identity.command()
@takes(SOURCE_OPTIONS, (AT_LEAST, *SHOWN))
def apply(**options: Any) -> None:
    r"""Accept all proposals that are sure enough, as lines in the file of decisions.

    Each is one line that can be taken out again; `undo` takes all of the last time out.

    \b
    Examples:
      netanalytics identity apply mail.csv --people people.csv --at-least 0.98
    """
    from netanalytics.identity import decisions as said

    asked = Asked(options)
    result = _resolved(asked)
    sure = result.sure(options["at_least"]).sort_values(["a", "b"], kind="stable")
    if sure.empty:
        tell(f"no proposal is at least {options['at_least']:g} sure: nothing was written")
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
        tell(f"{count} written to {path.name}; `netanalytics identity undo` takes them back")
    _print_frame(sure, result, options)


@identity.command()
@takes((PAIR, DECISIONS, NO_PROJECT))
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
    tell(f"{lines} line{'s' * (lines != 1)} taken out of {path.name}")


def _decisions(options: dict[str, Any]) -> Path:
    """Return the file of decisions that was named, that of the project, or the usual one."""
    from netanalytics.project.reading import find_project, open_project

    found = None if options["decisions"] or options["no_project"] else find_project()
    usual = open_project(found).decisions if found else None
    return Path(options["decisions"] or usual or "decisions.txt")


@identity.command()
@takes((click.argument("who", metavar="PERSON"),), SOURCE_OPTIONS, SHOWN)
def why(**options: Any) -> None:
    r"""Print what joins the addresses of a person, and what else might belong to them.

    \b
    Examples:
      netanalytics identity why "Ada Berg" mail.csv --people people.csv
    """
    result = _resolved(Asked(options))
    _print_frame(result.why(options["who"]), result, options)


def _resolved(asked: Asked) -> Resolution:
    with busy("Reading and comparing"):
        result: Resolution = asked["project"].identify(read_log(asked))
    return result


def _print(result: Resolution, what: str, options: dict[str, Any]) -> None:
    _print_frame(getattr(result, what), result, options)


def _print_frame(frame: pd.DataFrame, result: Resolution, options: dict[str, Any]) -> None:
    import pandas as pd

    rows = [("identities", "identity", "identity", kind, n) for kind, n in result.counts().items()]
    card = pd.DataFrame(rows, columns=["file", "kind", "unit", "reason", "n"])
    show(frame, card, as_json=options["as_json"])
    tell_some([f"decisions, {told}" for told in result.unmet], "id")


def _text(path: Path) -> str:
    if not path.exists():
        return ""
    if not path.is_file():
        raise OptionError(f"{path.name} is no file: give one for the decisions")
    # Bytes as they stand, so that taking lines out again leaves every other byte.
    return path.read_bytes().decode("utf-8", "surrogateescape")


def _write(path: Path, text: str) -> None:
    from netanalytics.writing import put

    try:
        put(path, text.encode("utf-8", "surrogateescape"))
    except OSError as error:
        raise NetAnalyticsError(f"{path.name}: cannot be written ({error.strerror})") from None
