"""Whom a note is about (found by id, address or unique name, never guessed), and writing it."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from netanalytics.errors import EmptyLogError, OptionError, ProjectError, UnknownPersonError
from netanalytics.identity.names import spoken
from netanalytics.loaders.journal import EMPTY, HEAD, Entry, line_of, read_journal
from netanalytics.network import Network
from netanalytics.network.naming import answering
from netanalytics.writing import put

if TYPE_CHECKING:
    from netanalytics.project import Project

MOST = 9
"""How many people are named where a name may mean several."""

NEAR = 0.75
"""How alike a name must be; among hundreds of people somebody is always a little like another."""

MOST_NEAR = 3
"""How many people are named who come near an unknown name."""


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
        Whether it may be somebody unknown.

    Raises
    ------
    UnknownPersonError
        If nobody, or more than one person, answers to it.

    Notes
    -----
    Quotes around the first words make one name of them. Without quotes an unknown name is the first
    address, or else the words up to the first that does not begin with a capital.

    Examples
    --------
    >>> import pandas as pd
    >>> people = pd.DataFrame({"person": ["a", "b"], "name": ["Ada Berg", "Ben Cho"]})
    >>> ties = pd.DataFrame({"source": ["a"], "target": ["b"]})
    >>> net = Network.from_ties(ties, people)
    >>> split_person("Ben Cho his new team".split(), net)
    ('b', 'his new team')
    >>> split_person("Cy Eze at the fair".split(), net, new=True)
    ('Cy Eze', 'at the fair')
    """
    for length in range(len(words), 0, -1):
        query = " ".join(words[:length]).rstrip(":,")
        meant = answering(people.people, query)
        if meant:
            person = meant[0] if len(meant) == 1 else _asked(query, meant, people, choose)
            return person, " ".join(words[length:])
    name, rest = _quoted(words) or _called(words)
    meant = answering(people.people, name)
    if len(meant) == 1:
        return meant[0], rest
    if not meant and new:
        return name, rest
    # A first name is no name of its own: even one bearer is asked about.
    meant = meant or _bearers(name, people)
    if not meant:
        raise _nobody(name, people)
    return _asked(name, meant, people, choose), rest


QUOTES = {'"': '"', "'": "'", "“": "”", "„": "“”", "‘": "’", "‚": "‘’", "«": "»", "»": "«"}
"""What may close a quote, by the sign that opened it."""


def _quoted(words: Sequence[str]) -> tuple[str, str] | None:
    """Return the name in quotes at the beginning, and the rest; None if there is none."""
    closing = QUOTES.get(words[0][:1])
    if closing is None:
        return None  # so is the apostrophe of 't Hooft: what opens no quote is closed by none
    for place, word in enumerate(words):
        end = word.rstrip(":,.")
        if end[-1:] and end[-1] in closing and (place or len(end) > 1):
            name = " ".join([*words[:place], end])[1:-1].strip()
            if not name:
                raise OptionError("there is no name between the quotes")
            return name, " ".join(words[place + 1 :])
    return None


def _called(words: Sequence[str]) -> tuple[str, str]:
    """Return the words that look like the name of somebody unknown, and the rest."""
    last = 1
    if "@" not in words[0] and words[0][:1].isupper():
        while last < len(words) and words[last - 1][-1] not in ":,":
            if not words[last][:1].isupper() or "@" in words[last]:
                break
            last += 1
    return " ".join(words[:last]).rstrip(":,"), " ".join(words[last:])


def _nobody(name: str, people: Network) -> UnknownPersonError:
    """Say that a name is unknown, and who comes near, or else who bears a part of it."""
    labels = {str(person): str(label) for person, label in people.labels.items()}
    known = {one.casefold(): one for one in (*labels, *labels.values())}
    close = difflib.get_close_matches(name.casefold(), known, n=MOST_NEAR, cutoff=NEAR)
    bearers = {person for word in name.split() for person in _bearers(word, people)}
    near = [known[one] for one in close] or sorted(labels[one] for one in bearers)[:MOST_NEAR]
    how = "give an id or address, or say --new"
    hint = f"; did you mean {' or '.join(near)}? ({how})" if near else f": {how}"
    return UnknownPersonError(f"nobody is called {name!r} in the sources{hint}")


def _bearers(query: str, people: Network) -> list[str]:
    """Return everybody with these words in their name, in whatever order."""
    if "name" not in people.people.columns:
        return []
    wanted = set(query.casefold().split())
    names = people.people["name"].dropna().astype(str)
    return [str(p) for p, name in names.items() if wanted <= set(spoken(name).casefold().split())]


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
    if entry.person == me:
        raise OptionError(f"{me} is you: a note is about somebody else")
    path = project.journal or project.folder / "journal.csv"
    before = path.read_text(encoding="utf-8") if path.is_file() else f"{HEAD}{me}\n{EMPTY}"
    if path.is_file():
        read_journal(path)
    if not before.endswith("\n"):
        before += "\n"
    try:
        put(path, (before + line_of(entry)).encode())
    except OSError as error:
        raise ProjectError(f"{path.name}: cannot be written ({error.strerror})") from None
