"""The beginning of a project: a look at a folder of exports, and a file that explains itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from netanalytics import loaders
from netanalytics.errors import LoaderError, MissingFileError, ProjectError
from netanalytics.loaders._finding import recognised
from netanalytics.loaders._table import match_columns
from netanalytics.loaders._text import layout_of
from netanalytics.project import NAME
from netanalytics.writing import put

MOST_FILES = 200
"""A folder with more files than this is one source, with one answer for all of them."""

SINGLE = frozenset(["people", "relations", "decisions", "journal"])
"""Of these a project has one; the file that comes first is taken."""

PERSON_NAMES = frozenset(["person", "id", "user", "userid", "personid", "employee", "employeeid"])


@dataclass(frozen=True)
class Found:
    """Something in the folder.

    Parameters
    ----------
    path : str
        Where it is, from the folder.
    use : str
        source, people, relations, directory, decisions, journal or other.
    kind : str
        Name of the loader, for a source.
    why : str
        Why it is nothing that can be used.
    """

    path: str
    use: str
    kind: str = ""
    why: str = ""


def look(folder: str | Path) -> list[Found]:
    """Find what there is in a folder of exports, in the order of names.

    Parameters
    ----------
    folder : str or Path
        The folder; links are not followed, hidden files are passed over.

    Returns
    -------
    list of Found
    """
    loaders.discover()
    folder = Path(folder)
    return list(_inside(folder, folder))


def _inside(top: Path, folder: Path) -> Iterator[Found]:
    for path in sorted(folder.iterdir()):
        name = path.relative_to(top).as_posix()
        if path.name.startswith(".") or path.name == NAME or path.is_symlink():
            continue
        card = recognised(path)
        if path.is_dir() and card is None:
            files = [file for file in path.rglob("*") if file.is_file()]
            if len(files) > MOST_FILES:
                yield Found(name, "source", "folder")
            else:
                yield from _inside(top, path)
        elif card is None:
            yield _unknown(path, name)
        elif card.name == "table":
            yield _table(path, name)
        else:
            yield Found(name, "journal" if card.name == "journal" else "source", card.name)


def _unknown(path: Path, name: str) -> Found:
    if path.stem.casefold() == "decisions":
        return Found(name, "decisions")
    return Found(name, "other", why="no loader knows it")


def _table(path: Path, name: str) -> Found:
    """Say what a table is by the names of its columns."""
    if path.stem.casefold() == "decisions":
        return Found(name, "decisions")
    with path.open("rb") as file:
        if file.read(4) == b"PAR1":
            return Found(name, "source", "table")
    try:
        columns = layout_of(path, ())[1].columns
        simple = {re.sub(r"[\W_]+", "", column).casefold() for column in columns}
        use = _use_of(simple)
        if use is None:
            match_columns(columns, {}, path.name)
    except LoaderError as error:
        return Found(name, "other", why=str(error).removeprefix(f"{path.name}: "))
    return Found(name, use or "source", "" if use else "table")


def _use_of(columns: set[str]) -> str | None:
    """Return what a table is if it is no log."""
    if columns & {"time", "timestamp", "date", "datetime", "sent"}:
        return None
    if {"source", "target", "kind"} <= columns:
        return "relations"
    if not PERSON_NAMES & columns or {"source", "target"} & columns:
        return None
    dated = {"since", "seen"} & columns
    return "directory" if dated and "name" not in columns else "people"


# ---- the file ----------------------------------------------------------------------------------


def init_project(
    folder: str | Path,
    *,
    me: str | None = None,
    ask: Callable[[str, str], bool] | None = None,
    tell: Callable[[str], object] | None = None,
) -> Path:
    """Write the project file of a folder, with comments, from what is found in it.

    Parameters
    ----------
    folder : str or Path
        The folder of exports.
    me : str, optional
        Who I am: id, address or unique name.
    ask : callable, optional
        Asked with path and kind of each source whether it may be used; the answer is written
        down. Without it "not asked" is.
    tell : callable, optional
        Told, a line each, which files are passed over and why.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    MissingFileError
        If there is no such folder.
    ProjectError
        If there is nothing to read in it, or a project file already.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> _ = (folder / "mail.csv").write_text("time,source,target")
    >>> init_project(folder, me="ada@x.org").name
    'netanalytics.toml'
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise MissingFileError(f"{folder.name}: there is no such folder")
    path = folder / NAME
    if path.exists():
        raise ProjectError(f"{NAME}: there is one already; edit it, or move it away first")
    found = look(folder)
    sources = [one for one in found if one.use == "source" and _writable(one.path)]
    if not sources:
        others = [f"{one.path} ({one.why})" for one in found if one.why][:3]
        seen = f"; found only {', '.join(others)}" if others else ""
        raise ProjectError(
            f"{folder.resolve().name}: no export to read in this folder{seen}; put your exports "
            f"there (netanalytics list loaders names the kinds)"
        )
    answers = {
        one.path: "not asked" if ask is None else ("yes" if ask(one.path, one.kind) else "no")
        for one in sources
    }
    text = project_text(found, me=me, answers=answers)
    try:
        put(path, text.encode())
    except OSError as error:
        raise ProjectError(f"{NAME}: cannot be written ({error.strerror})") from None
    if tell is not None:
        for line in passed_over(found):
            tell(line)
    return path


def passed_over(found: Sequence[Found]) -> list[str]:
    """Say of each file that a project does not take up why that is.

    Examples
    --------
    >>> passed_over([Found("a.csv", "people"), Found("b.csv", "people"), Found("c.csv", "source")])
    ['b.csv: a.csv is taken as people']
    """
    told, first = [], dict[str, str]()
    for one in found:
        if not _writable(one.path):
            why = "its name is no text"
        elif one.use in SINGLE and one.use in first:
            why = f"{first[one.use]} is taken as {one.use}"
        else:
            first.setdefault(one.use, one.path)
            why = " ".join(one.why.split())
        if why:
            told.append(f"{one.path}: {why}")
    return told


def project_text(found: Sequence[Found], *, me: str | None, answers: dict[str, str]) -> str:
    """Return the text of a project file.

    Examples
    --------
    >>> found = [Found("mail.csv", "source", "table")]
    >>> text = project_text(found, me="ada@x.org", answers={"mail.csv": "yes"})
    >>> text.splitlines()[-4:]
    ['[[sources]]', 'path = "mail.csv"', 'kind = "table"', 'may_use = "yes"']
    """
    named = {
        use: [one.path for one in found if one.use == use and _writable(one.path)]
        for use in ("people", "relations", "directory", "decisions", "journal")
    }
    parts = [
        "# What netanalytics reads in this folder. Paths are meant from here; a line that begins\n"
        "# with # says nothing yet. Every command run here needs no further argument.\n",
        _line("me", me, "ada@x.org", "Who you are: id, address or unique name."),
        _file("people", named["people"], "Table of people: person, name, team, addresses, …"),
        _file(
            "relations",
            named["relations"],
            "Declared relations: source, target, kind, since, until.",
        ),
        _directories(named["directory"]),
        _file("decisions", named["decisions"], "Who is one person and who is not; edited by hand."),
        _line(
            "journal",
            (named["journal"] or ["journal.csv"])[0],
            "",
            'What no log sees: netanalytics note "coffee PERSON".',
        ),
        "# After how many days a contact counts half.\nhalf_life_days = 90\n",
        _line("zone", None, "Europe/Paris", "Zone of times that name none; UTC otherwise."),
        _line("as_of", None, "2026-06-30", "End of observation; the last contact otherwise."),
        _line("by", None, "department", "Column of people that makes the groups."),
        _line("out", "report", "", "Where reports and maps go."),
        "# People and domains that appear nowhere: not as a name, not in a count.\n"
        '# do_not_map = ["somebody@x.org", "@clinic.example"]\n',
        "# Your own wishes, for a person or a role; they outrank what is learnt from the log.\n"
        '# [[wishes]]\n# person = "ben@x.org"\n# every = "6 weeks"  # or: keep = true, '
        "let_rest = true\n",
        "# The exports. may_use: whether you may use it (yes, no, not asked); a no is not read.\n"
        "# Also: zone, date_order (dmy, mdy, ymd), columns, map, undirected.\n",
    ]
    parts += [_source(one, answers[one.path]) for one in found if one.path in answers]
    parts += _passed_over([one for one in found if one.use == "other"])
    return "\n".join(parts)


def _line(key: str, value: str | None, example: str, what: str) -> str:
    told = f"{key} = {quoted(value)}" if value is not None else f"# {key} = {quoted(example)}"
    return f"# {what}\n{told}\n"


def _file(key: str, paths: Sequence[str], what: str) -> str:
    usual = "decisions.txt" if key == "decisions" else f"{key}.csv"
    first = _line(key, paths[0] if paths else None, usual, what)
    return first + "".join(f"# {key} = {quoted(path)}\n" for path in paths[1:])


def _directories(paths: Sequence[str]) -> str:
    what = "# Who was in which team or firm: person, team, organisation and since (or seen).\n"
    if not paths:
        return f'{what}# directories = ["staff.csv"]\n'
    return f"{what}directories = [{', '.join(map(quoted, paths))}]\n"


def _source(one: Found, answer: str) -> str:
    kind = "" if one.kind == "folder" else f"kind = {quoted(one.kind)}\n"
    return f"[[sources]]\npath = {quoted(one.path)}\n{kind}may_use = {quoted(answer)}\n"


def _passed_over(others: Sequence[Found]) -> list[str]:
    if not others:
        return []
    lines = [f"#   {quoted(one.path)}: {' '.join(one.why.split())}" for one in others]
    return ["# Passed over:\n" + "".join(f"{_plain(line)}\n" for line in lines)]


def _plain(text: str) -> str:
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


def _writable(path: str) -> bool:
    """Say whether a file name is text at all."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def quoted(text: str) -> str:
    r"""Return a text as TOML writes it.

    Examples
    --------
    >>> print(quoted('a "b"\n'))
    "a \"b\"\u000a"
    """
    safe = text.encode("utf-8", "replace").decode()
    safe = safe.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(s if s.isprintable() else _escaped(s) for s in safe) + '"'


def _escaped(sign: str) -> str:
    code = ord(sign)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
