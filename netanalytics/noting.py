"""Whom a note is about (found by id, address or unique name, never guessed), and writing it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from netanalytics.errors import EmptyLogError, ProjectError, UnknownPersonError
from netanalytics.loaders.journal import EMPTY, HEAD, Entry, line_of, read_journal
from netanalytics.network import Network

if TYPE_CHECKING:
    from netanalytics.project import Project

MOST = 9
"""How many people are named where a name may mean several."""


def known_people(project: Project) -> Network:
    """Return everybody whom the project knows, in the log or in its table of people."""
    import pandas as pd

    try:
        return project.network()
    except EmptyLogError:
        people = project.people_table()
        if people is None:
            raise
        ties = pd.DataFrame({"source": [], "target": [], "strength": []}).astype(
            {"source": "str", "target": "str", "strength": "float64"}
        )
        return Network.from_ties(ties, people[~people.index.duplicated()])


def split_person(
    words: Sequence[str],
    people: Network,
    *,
    choose: Callable[[str, Sequence[str]], str] | None = None,
    new: bool = False,
) -> tuple[str, str]:
    """Return who is meant at the beginning of some words, and the rest of the words.

    Parameters
    ----------
    words : sequence of str
        A person, as id, address or name of one or more words, and then private words.
    people : Network
        Who is known.
    choose : callable, optional
        Asked with the name and the people it may mean; without it that is an error.
    new : bool
        Whether the first word may be somebody unknown.

    Raises
    ------
    UnknownPersonError
        If nobody, or more than one person, answers to it.

    Examples
    --------
    >>> import pandas as pd
    >>> people = pd.DataFrame({"person": ["a", "b"], "name": ["Ada Berg", "Ben Cho"]})
    >>> ties = pd.DataFrame({"source": ["a"], "target": ["b"]})
    >>> split_person("Ben Cho his new team".split(), Network.from_ties(ties, people))
    ('b', 'his new team')
    """
    for length in range(len(words), 0, -1):
        query = " ".join(words[:length]).rstrip(":,")
        meant = _exactly(query, people)
        if meant:
            person = meant[0] if len(meant) == 1 else _asked(query, meant, people, choose)
            return person, " ".join(words[length:])
    if new:
        return words[0].rstrip(":,"), " ".join(words[1:])
    partly = _partly(words[0].rstrip(":,"), people)
    if partly:
        # A first name is no name of its own: even one bearer is asked about.
        return _asked(words[0], partly, people, choose), " ".join(words[1:])
    raise UnknownPersonError(
        f"nobody is called {words[0]!r} in the sources: give an id or address, or say --new"
    )


def _exactly(query: str, people: Network) -> list[str]:
    """Return everybody whose id, else address, else name this is."""
    if query in people.people.index:
        return [query]
    wanted = query.casefold()
    table = people.people
    for column in ("addresses", "name"):
        if column not in table.columns:
            continue
        cells = table[column].dropna().astype(str)
        found = [
            str(person)
            for person, cell in cells.items()
            if wanted in {part.strip().casefold() for part in _parts(cell, column)}
        ]
        if found:
            return found
    return [str(person) for person in table.index if str(person).casefold() == wanted]


def _parts(cell: str, column: str) -> list[str]:
    return cell.split(";") if column == "addresses" else [cell]


def _partly(query: str, people: Network) -> list[str]:
    """Return everybody with this word in their name."""
    if "name" not in people.people.columns:
        return []
    names = people.people["name"].dropna().astype(str)
    return [str(p) for p, name in names.items() if query.casefold() in name.casefold().split()]


def _asked(
    query: str,
    meant: Sequence[str],
    people: Network,
    choose: Callable[[str, Sequence[str]], str] | None,
) -> str:
    if choose is not None:
        return choose(query, meant)
    named = ", ".join(f"{person} ({people.labels[person]})" for person in meant[:MOST])
    more = ", …" if len(meant) > MOST else ""
    raise UnknownPersonError(f"{query!r} may mean {named}{more}: give the id")


def add_entry(project: Project, me: str, entry: Entry) -> None:
    """Write one more line into the journal, which is begun if there is none.

    The file is written whole and then put in place, so that it is never half a journal.
    """
    path = project.journal or project.folder / "journal.csv"
    before = path.read_text(encoding="utf-8") if path.is_file() else f"{HEAD}{me}\n{EMPTY}"
    if path.is_file():
        read_journal(path)
    if not before.endswith("\n"):
        before += "\n"
    partial = path.with_name(path.name + ".part")
    try:
        partial.write_bytes((before + line_of(entry)).encode())
        partial.replace(path)
    except OSError as error:
        raise ProjectError(f"{path.name}: cannot be written ({error.strerror})") from None
