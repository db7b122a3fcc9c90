"""The commands of a project, ``init`` and ``note``, and what its file answers for the others."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import pandas as pd

    from netanalytics.interactions import Interactions
    from netanalytics.network import Network
    from netanalytics.project import Project

FOR_ME = ("report", "map", "introductions", "check-ins", "moves")
"""Commands that are for the one whom the project file names, unless something else is said."""


def register(group: click.Group) -> None:
    """Add the commands of this module to the command line."""
    group.add_command(init)
    group.add_command(note)


# ---- what a project answers for other commands -------------------------------------------------


def filled(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return options with what the project file says where the user said nothing.

    A source that is named outranks the project, unless it is the project file or its folder.
    """
    options = dict(options)
    project = _project_of(options.get("source", ()))
    _need_places(options, project)
    if project is None:
        return options
    return options | {"project": project} | _answers(options, project)


def _project_of(sources: Sequence[str]) -> Project | None:
    from netanalytics.project import NAME, find_project, open_project

    if not sources:
        found = find_project()
        return None if found is None else open_project(found)
    if len(sources) == 1:
        path = Path(sources[0])
        if path.name.endswith(".toml") or (path / NAME).is_file():
            return open_project(path)
    return None


def _need_places(options: Mapping[str, Any], project: Project | None) -> None:
    if project is None and not options.get("source"):
        raise click.UsageError(
            "Missing argument 'SOURCE...': name a log, or run netanalytics init FOLDER once"
        )
    if project is None and "out" in options and options["out"] is None:
        raise click.UsageError("Missing option '--out'.")


def _answers(options: Mapping[str, Any], project: Project) -> dict[str, Any]:
    """Return the answers of the project to what the user left open."""
    context = click.get_current_context()
    told: dict[str, Any] = {}
    told |= {
        name: value
        for name, value in (("by", project.by), ("as_of", project.as_of))
        if options.get(name) is None
    }
    for name, number in (("half_life", project.half_life_days), ("seed", project.seed)):
        if context.get_parameter_source(name) is click.core.ParameterSource.DEFAULT:
            told[name] = number
    mine = not options.get("names") and not options.get("group") and context.command.name in FOR_ME
    if mine and options.get("me") is None:
        told["me"] = project.me
    if options.get("group"):
        told["me"] = None
    if "out" in options and options["out"] is None:
        told["out"] = str(project.out / "group" if options.get("group") else project.out)
    return told


def network(project: Project, log: Interactions, options: Mapping[str, Any]) -> Network:
    """Return the network of a project, where the user's own options outrank the file."""
    from dataclasses import replace

    if options.get("people"):
        project = replace(project, people=Path(options["people"]))
    if options.get("relations"):
        from netanalytics.identity import read_table
        from netanalytics.schema import relations_table

        declared = relations_table(read_table(options["relations"], "relations"))
        shown = project.hidden().rows(declared, "source", "target")
        log = replace(log, relations=shown)
    return project.network(log, as_of=options["as_of"], half_life_days=options["half_life"])


def wishes(project: Project | None, net: Network, me: str | None) -> pd.DataFrame | None:
    """Return the wishes of a project, if the reader is the one whose project it is."""
    from netanalytics.errors import UnknownPersonError

    if project is None or me is None or project.me is None:
        return None
    try:
        owner = net.find(project.me)
    except UnknownPersonError:
        return None
    return project.wishes_for(net, me) if owner == me else None


def directories(options: Mapping[str, Any]) -> list[Any]:
    """Return the directories that were named, or those of the project."""
    from netanalytics.identity import read_table

    project: Project | None = options.get("project")
    if options.get("directories") or project is None:
        return list(options["directories"])
    hidden = project.hidden()
    tables = [read_table(path, "directory") for path in project.directories]
    return [hidden.rows(table, "person") if "person" in table else table for table in tables]


# ---- init --------------------------------------------------------------------------------------


@click.command()
@click.argument("folder", type=click.Path(), default=".")
@click.option("--me", metavar="PERSON", help="Who you are: id, address or unique name.")
def init(folder: str, me: str | None) -> None:
    r"""Write a project file for a folder of exports.

    It says which exports there are, asks whether each may be used (on a terminal), and explains
    every setting. From then on no command needs an argument in that folder.

    \b
    Examples:
      netanalytics init exports/
      netanalytics init . --me ada@x.org
    """
    from netanalytics.starting import init_project

    asks = sys.stdin.isatty() and sys.stderr.isatty()
    if asks and me is None:
        me = click.prompt("Who are you (id, address or name; empty to skip)", "", err=True) or None
    path = init_project(folder, me=me, ask=_ask if asks else None)
    click.echo(path)


def _ask(path: str, kind: str) -> bool:
    shown = "".join(sign if sign.isprintable() else "\ufffd" for sign in path)
    return click.confirm(f"May {shown} ({kind}) be used?", default=True, err=True)


# ---- note --------------------------------------------------------------------------------------


@click.command()
@click.argument("text", nargs=-1)
@click.option("--date", "date", metavar="DATE", help="The day, as 2026-06-03; today by default.")
@click.option("--new", is_flag=True, help="Take the person down though no log knows them.")
@click.option("--project", "place", type=click.Path(), default=".", help="Folder of the project.")
def note(text: tuple[str, ...], date: str | None, *, new: bool, place: str) -> None:
    r"""Write what no log sees into the journal; without a text, show the journal.

    The first word is the kind (coffee, lunch, call, thanked, helped, asked, declined, done, …),
    then comes the person, then whatever you like: those words are shown to you alone.

    \b
    Examples:
      netanalytics note "coffee Ben Cho about his new team"
      netanalytics note "thanked ben@x.org" --date 2026-06-03
      netanalytics note
    """
    from netanalytics.errors import MissingFileError
    from netanalytics.project import NAME, find_project, open_project

    found = find_project(place)
    if found is None:
        raise MissingFileError(f"{NAME}: there is none here (netanalytics init FOLDER makes one)")
    project = open_project(found)
    words = " ".join(text).split()
    if not words:
        for one in project.entries():
            click.echo(_shown(f"{one.date}  {one.kind}  {one.person}  {one.words}".rstrip()))
        return
    _write(project, words, _day(date), new=new)


def _day(date: str | None) -> dt.date:
    from netanalytics.errors import OptionError

    if date is None:
        return dt.date.today()
    try:
        return dt.date.fromisoformat(date)
    except ValueError:
        raise OptionError(f"date is {date!r}: give a day such as 2026-06-03") from None


def _write(project: Project, words: Sequence[str], day: dt.date, *, new: bool) -> None:
    from netanalytics.errors import OptionError, ProjectError
    from netanalytics.loaders.journal import Entry, like
    from netanalytics.noting import known_people, split_person

    kind, rest = words[0].casefold().rstrip(":"), list(words[1:])
    if not rest:
        raise OptionError(f'{kind!r}: say with whom, as in netanalytics note "coffee PERSON"')
    if project.me is None:
        raise ProjectError("netanalytics.toml: me is not set, so the journal has no owner")
    people = known_people(project)
    me = people.find(project.me)
    person, private = split_person(rest, people, choose=_choose if _asks() else None, new=new)
    from netanalytics.project import add_entry

    add_entry(project, me, Entry(0, day.isoformat(), person, kind, private))
    click.echo(_shown(f"{day.isoformat()}  {kind}  {person}"))
    usual = like(kind)
    if usual:
        click.echo(f"note: {_shown(kind)} is no usual kind; did you mean {usual}?", err=True)


def _asks() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _choose(query: str, people: Sequence[str]) -> str:
    for number, person in enumerate(people, start=1):
        click.echo(_shown(f"  {number}  {person}"), err=True)
    place = click.prompt(_shown(f"Which {query}"), type=click.IntRange(1, len(people)), err=True)
    return people[int(place) - 1]


def _shown(text: str) -> str:
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)
