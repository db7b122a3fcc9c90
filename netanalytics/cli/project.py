"""The commands of a project: ``init`` and ``note``."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from netanalytics.cli.printing import tell, tell_some
from netanalytics.cli.tables import printable

if TYPE_CHECKING:
    from netanalytics.project import Project


MOST_PASSED = 20
"""So many files that are passed over are named; of more, how many there are."""


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
    others: list[str] = []
    path = init_project(folder, me=me, ask=_ask if asks else None, tell=others.append)
    click.echo(path)
    tell_some([f"passed over {line}" for line in others], "file", most=MOST_PASSED)


def _ask(path: str, kind: str) -> bool:
    return click.confirm(f"May {printable(path)} ({kind}) be used?", default=True, err=True)


@click.command()
@click.argument("text", nargs=-1)
@click.option("--date", "date", metavar="DATE", help="The day, as 2026-06-03; today by default.")
@click.option("--new", is_flag=True, help="Take the person down though no log knows them.")
@click.option("--project", "place", type=click.Path(), default=".", help="Folder of the project.")
def note(text: tuple[str, ...], date: str | None, *, new: bool, place: str) -> None:
    r"""Write what no log sees into the journal; without a text, show the journal.

    The first word is the kind (coffee, lunch, call, thanked, helped, asked, declined, done, …),
    then comes the person, then whatever you like: those words are shown to you alone. With --new
    the person is what is in quotes, or an address, or the words that begin with a capital.

    \b
    Examples:
      netanalytics note "coffee Ben Cho about his new team"
      netanalytics note "lunch 'Ludwig van Beek' at the fair" --new
      netanalytics note "thanked ben@x.org" --date 2026-06-03
      netanalytics note
    """
    from netanalytics.errors import MissingFileError
    from netanalytics.project import NAME
    from netanalytics.project.reading import find_project, open_project

    found = find_project(place)
    if found is None:
        raise MissingFileError(f"{NAME}: there is none here (netanalytics init FOLDER makes one)")
    project = open_project(found)
    words = " ".join(text).split()
    if not words:
        for one in project.entries():
            click.echo(printable(f"{one.date}  {one.kind}  {one.person}  {one.words}".rstrip()))
        return
    _write(project, words, _day(date), new=new)


def _day(date: str | None) -> dt.date:
    from netanalytics.errors import OptionError

    if date is None:
        return dt.date.today()
    try:
        day = dt.date.fromisoformat(date)
    except ValueError:
        raise OptionError(f"date is {date!r}: give a day such as 2026-06-03") from None
    if day > dt.date.today():
        tell(
            f"note: {day} is still to come; it counts as contact already, unless --as-of says when"
        )
    return day


def _write(project: Project, words: Sequence[str], day: dt.date, *, new: bool) -> None:
    from netanalytics.errors import OptionError, ProjectError
    from netanalytics.loaders.journal import Entry, like
    from netanalytics.noting import add_entry, known_people, split_person

    kind, rest = words[0].casefold().rstrip(":"), list(words[1:])
    if not rest:
        raise OptionError(f'{kind!r}: say with whom, as in netanalytics note "coffee PERSON"')
    if project.me is None:
        raise ProjectError("netanalytics.toml: me is not set, so the journal has no owner")
    people = known_people(project)
    me = people.find(project.me)
    person, private = split_person(rest, people, choose=_choose if _asks() else None, new=new)
    add_entry(project, me, Entry(0, day.isoformat(), person, kind, private))
    click.echo(printable(f"{day.isoformat()}  {kind}  {person}"))
    usual = like(kind)
    if usual:
        click.echo(f"note: {printable(kind)} is no usual kind; did you mean {usual}?", err=True)


def _asks() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _choose(query: str, people: Sequence[str]) -> str:
    for number, person in enumerate(people, start=1):
        click.echo(printable(f"  {number}  {person}"), err=True)
    place = click.prompt(printable(f"Which {query}"), type=click.IntRange(1, len(people)), err=True)
    return people[int(place) - 1]
