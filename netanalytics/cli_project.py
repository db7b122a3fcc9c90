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

FOR_ME = (
    "report",
    "map",
    "introductions",
    "check-ins",
    "plan",
    "follow-ups",
    "return-probability",
    "moves",
)
"""Commands that are for the one whom the project file names, unless something else is said."""


def register(group: click.Group) -> None:
    """Add the commands of this module to the command line."""
    group.add_command(init)
    group.add_command(note)


# ---- what a project answers for other commands -------------------------------------------------


def filled(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return options with what the project file says where the user said nothing.

    There is a project in any case: that of the file, or one of what was said alone. A source that
    is named takes the place of the sources of the file, and its journal's; whom not to map, who I
    am, people, decisions and wishes still hold, unless the user says ``--no-project``.
    """
    options = dict(options)
    told = _told(options)
    _need_places(options, told)
    if told is None:
        return options | {"project": _of_sources(options, None)}
    answers = _answers(options, told)
    whole = options.get("source") and _named(options["source"]) is None
    project = _of_sources(options, told) if whole else told
    if whole:
        answers |= {"out": options.get("out"), "as_of": options.get("as_of")}
    return options | answers | {"project": project}


def _told(options: Mapping[str, Any]) -> Project | None:
    """Return the project file that is named, or that of the present folder."""
    from netanalytics.project import find_project, open_project

    named = _named(options.get("source", ()))
    if named is not None:
        return open_project(named)
    found = None if options.get("no_project") else find_project()
    return None if found is None else open_project(found)


def _named(sources: Sequence[Any]) -> Path | None:
    from netanalytics.project import NAME

    if len(sources) != 1:
        return None
    path = Path(sources[0])
    return path if path.name.endswith(".toml") or (path / NAME).is_file() else None


def _of_sources(options: Mapping[str, Any], told: Project | None) -> Project:
    """Return a project of the sources that were named, and what a file says beside them."""
    from dataclasses import replace

    from netanalytics.loaders import options_of
    from netanalytics.project import Project, Source, find_project, open_project

    project = told or Project(folder=Path())
    named = [Path(source) for source in options["source"]]
    how = options_of(
        columns=options.get("columns"),
        mapping=options.get("mapping"),
        zone=options.get("zone") or project.zone,
        date_order=options.get("date_order"),
        undirected=options.get("undirected", False),
    )
    hidden = list(project.do_not_map)
    if not options.get("no_project"):
        # Whom the owner of an export leaves out is left out wherever it is read from.
        beside = {find_project(path.absolute().parent) for path in named} - {None}
        for file in sorted(beside, key=str):
            hidden += open_project(file or "").do_not_map
    return replace(
        project,
        sources=(Source(named, options.get("kind"), how),),
        journal=None,
        do_not_map=tuple(dict.fromkeys(hidden)),
    )


def _need_places(options: Mapping[str, Any], project: Project | None) -> None:
    if project is None and not options.get("source"):
        raise click.UsageError(
            "Missing argument 'SOURCE...': name a log, or run netanalytics init FOLDER once"
        )
    with_sources = project is None or (options["source"] and _named(options["source"]) is None)
    if with_sources and "out" in options and options["out"] is None:
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


def with_files(project: Project, options: Mapping[str, Any]) -> Project:
    """Return the project with the files that were named in the place of its own."""
    from dataclasses import replace

    named: dict[str, Any] = {
        name: Path(options[name])
        for name in ("people", "relations", "decisions")
        if options.get(name)
    }
    return replace(project, **named)


def wishes(project: Project, net: Network, me: str | None) -> pd.DataFrame | None:
    """Return the wishes of a project, if the reader is the one whose project it is."""
    from netanalytics.errors import UnknownPersonError

    if me is None or project.me is None:
        return None
    try:
        owner = net.find(project.me)
    except UnknownPersonError:
        return None
    return project.wishes_for(net, me) if owner == me else None


def directories(project: Project, named: Sequence[str], log: Interactions) -> list[Any]:
    """Return the directories that were named, or those of the project, without who is left out."""
    from dataclasses import replace

    if named:
        project = replace(project, directories=tuple(map(Path, named)))
    return list(project.directory_tables(log))


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
