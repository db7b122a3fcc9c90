"""What a project file answers where the user said nothing."""

from __future__ import annotations

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
    from netanalytics.project.reading import find_project, open_project

    named = _named(options.get("source", ()))
    if named is not None:
        return open_project(named)
    found = None if options.get("no_project") else find_project()
    return None if found is None else open_project(found)


def by_the_file(options: Mapping[str, Any]) -> bool:
    """Say whether all sources of a project file are read, instead of those that were named."""
    return not options.get("source") or _named(options["source"]) is not None


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
    from netanalytics.project import Project, Source
    from netanalytics.project.reading import find_project, open_project

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
