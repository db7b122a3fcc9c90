"""The project file, ``netanalytics.toml``: what to read, who I am, whom to leave out, my wishes.

Paths in it are meant from its own folder. With it, every command needs no arguments.
"""

from __future__ import annotations

import datetime as dt
import difflib
import logging
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netanalytics import schema
from netanalytics.errors import MissingFileError, ProjectError, UnknownPersonError
from netanalytics.identity import address_book, person_column, read_table
from netanalytics.identity.decisions import SAME, Decisions, read_decisions
from netanalytics.interactions import end_of_day, last_contact
from netanalytics.loaders import Options, load_each, options_of
from netanalytics.loaders.journal import Entry, line_of, read_journal
from netanalytics.network import HALF_LIFE_DAYS, Network, build_network
from netanalytics.periods import relations_at
from netanalytics.persons import at_the_time, identify
from netanalytics.unmapped import DoNotMap

if TYPE_CHECKING:
    import pandas as pd

    from netanalytics.identity.resolution import Resolution
    from netanalytics.interactions import Interactions
    from netanalytics.loaders._progress import Tell

logger = logging.getLogger(__name__)

NAME = "netanalytics.toml"
ANSWERS = ("yes", "no", "not asked")
EITHER_WAY = frozenset(["peer", "friend", "family"])
"""Relations that hold in both directions."""

SNOOZE_DAYS = 14
"""For how long "snooze" puts somebody off, where the journal gives no end."""

UNIT_DAYS = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25}


@dataclass(frozen=True)
class Source:
    """One export, how to read it, and whether its owner may use it.

    Parameters
    ----------
    path : Path or list of Path
        The file or folder, or several that are read alike.
    kind : str, optional
        Name of a loader; found by default.
    options : Options
        What was said about it.
    may_use : {"yes", "no", "not asked"}
        With "no" it is not read.
    """

    path: Any
    kind: str | None = None
    options: Options = field(default_factory=Options)
    may_use: str = "not asked"


@dataclass(frozen=True)
class Wish:
    """What I wish of a tie; it outranks what is learnt from the log.

    Parameters
    ----------
    person, role : str, optional
        For whom: a person, or all who are that to me (``mentor``), or to whom I am (``mentor of``).
    every_days : float, optional
        How often to be in touch.
    keep : bool
        Never let it rest for longer than it used to.
    let_rest : bool
        Suggest nothing.
    """

    person: str | None = None
    role: str | None = None
    every_days: float | None = None
    keep: bool = False
    let_rest: bool = False


@dataclass(frozen=True)
class Project:
    """What a project file says; made by :func:`open_project`."""

    folder: Path
    sources: tuple[Source, ...] = ()
    me: str | None = None
    people: Path | None = None
    relations: Path | None = None
    directories: tuple[Path, ...] = ()
    decisions: Path | None = Path("decisions.txt")
    journal: Path | None = Path("journal.csv")
    half_life_days: float = HALF_LIFE_DAYS
    zone: str | None = None
    as_of: str | None = None
    by: str | None = None
    seed: int = 0
    out: Path = Path("report")
    do_not_map: tuple[str, ...] = ()
    wishes: tuple[Wish, ...] = ()

    def hidden(self, *tables: pd.DataFrame | None) -> DoNotMap:
        """Return whom to leave out, with all addresses that tables and decisions know of them."""
        same = self.decided().pairs(SAME)
        return DoNotMap.of(self.do_not_map, self.people_table(), *tables, same=same)

    def decided(self) -> Decisions:
        """Return what the user decided about who is who."""
        if self.decisions is None:
            return Decisions()
        return read_decisions(self.decisions, missing_ok=True)

    def log(self, *, progress: Tell | None = None) -> Interactions:
        """Read the sources and the journal, without those who are not to be mapped.

        Parameters
        ----------
        progress : callable, optional
            Called now and then with the name of a file, the bytes read so far and those in all.

        Raises
        ------
        ProjectError
            If no source may be used.
        LoaderError
            If one is missing or cannot be read.
        """
        wanted = [source for source in self.sources if source.may_use != "no"]
        if not wanted:
            raise ProjectError(f"{NAME}: no source may be used (see [[sources]], may_use)")
        sources = [(source.path, source.kind, source.options) for source in wanted]
        if self.journal is not None and self.journal.is_file():
            sources.append((self.journal, schema.JOURNAL, Options()))
        hidden = self.hidden()
        # What init found may turn out to be no log: the others are read all the same.
        forgiving = len(self.sources) > 1
        log = load_each(sources, do_not_map=hidden, forgiving=forgiving, progress=progress)
        known = self.hidden(log.people) if hidden else hidden
        if not known.people <= hidden.people:
            # Names of people whom only the log knows, in contact cards say.
            log = load_each(sources, do_not_map=known, forgiving=forgiving, progress=progress)
        relations = log.hidden.rows(self._relations(), "source", "target")
        return log if relations is None else replace(log, relations=_joined(relations, log))

    def identify(
        self, log: Interactions | None = None, *, as_of: Any = None, propose: bool = True
    ) -> Resolution:
        """Return who is who in the project: see :func:`netanalytics.identify`."""
        log = self.log() if log is None else log
        table = log.hidden.table(self.people_table())
        return identify(
            log,
            people=None if table is None else table.reset_index(),
            decisions=self.decided(),
            as_of=as_of if as_of is not None else self.as_of,
            propose=propose,
        )

    def network(
        self,
        log: Interactions | None = None,
        *,
        as_of: Any = None,
        half_life_days: float | None = None,
    ) -> Network:
        """Return the network of the project; the arguments outrank the file.

        Who is one person by a strong key or a decision is one in it; roles, lists and machines are
        set apart and counted. Teams and employers are those of ``as_of``, where directories know.
        """
        log = self.log() if log is None else log
        as_of = as_of if as_of is not None else self.as_of
        found = self.identify(log, as_of=as_of, propose=False)
        table = found.table
        if table is not None and self.directories:
            end = end_of_day(as_of) if as_of is not None else last_contact(log)
            table = at_the_time(table, self.directory_tables(log), end)
        net = build_network(
            log,
            people=table,
            as_of=as_of,
            half_life_days=self.half_life_days if half_life_days is None else half_life_days,
        )
        return replace(net, notes=net.notes + found.notes())

    def directory_tables(self, log: Interactions) -> list[pd.DataFrame]:
        """Return the directories, without those who are not to be mapped."""
        tables = [person_column(read_table(path, "directory")) for path in self.directories]
        shown = (
            log.hidden.rows(table, "person") if "person" in table.columns else table
            for table in tables
        )
        return [table for table in shown if table is not None]

    def wishes_for(self, net: Network, me: str | None = None) -> pd.DataFrame:
        """Return my wishes by person.

        Returns
        -------
        pandas.DataFrame
            Index ``contact``; columns every_days, keep, let_rest, and snoozed_until from the
            journal. A wish for a person outranks one for their role.
        """
        import pandas as pd

        me = me or (None if self.me is None else net.find(self.me))
        found: dict[str, Wish] = {}
        hidden = self.hidden()
        wishes = [wish for wish in self.wishes if not hidden.hides(wish.person or "")]
        for wish in sorted(wishes, key=lambda wish: wish.person is not None):
            for person in _meant(wish, net, me):
                found[person] = wish
        until = _put_off(self.entries(), net)
        rows = {
            person: (wish.every_days, wish.keep, wish.let_rest, until.get(person))
            for person, wish in ({name: Wish() for name in until} | found).items()
        }
        index = pd.Index(list(rows), dtype="str", name="contact")
        columns = ["every_days", "keep", "let_rest", "snoozed_until"]
        table = pd.DataFrame(list(rows.values()), index=index, columns=columns)
        table["snoozed_until"] = pd.to_datetime(table["snoozed_until"], utc=True)
        return table.astype({"every_days": "float64", "keep": bool, "let_rest": bool}).sort_index()

    def entries(self) -> list[Entry]:
        """Return the journal with its private words, for nobody but its owner."""
        if self.journal is None or not self.journal.is_file():
            return []
        hidden, entries = self.hidden(), read_journal(self.journal)[1]
        return [entry for entry in entries if not hidden.hides(entry.person)]

    def people_table(self) -> pd.DataFrame | None:
        """Return the table of people as it stands in its file, by ``person``."""
        if self.people is None:
            return None
        table = person_column(read_table(self.people, "people"))
        schema.require_columns(table, "people", ["person"])
        return table.assign(person=schema.text_ids(table["person"])).set_index("person")

    def _relations(self) -> pd.DataFrame | None:
        if self.relations is None:
            return None
        table = schema.relations_table(read_table(self.relations, "relations"))
        ids = _ids(self.people_table())
        for column in ("source", "target"):
            table[column] = [ids.get(str(name).casefold(), name) for name in table[column]]
        return table


def _put_off(entries: Iterable[Entry], net: Network) -> dict[str, dt.date]:
    """Return until when the journal, as far as it is known by then, puts somebody off."""
    today = None if net.as_of is None else net.as_of.date()
    found: dict[str, dt.date] = {}
    for entry in entries:
        if entry.day is None or today is None or entry.day > today:
            continue
        try:
            person = net.find(entry.person)
        except UnknownPersonError:
            continue
        if entry.kind == "done":
            found.pop(person, None)
        elif entry.kind == "snooze":
            end = _until(entry.words, entry.day)
            found[person] = max(end, found.get(person, end))
    return found


def _until(words: str, day: dt.date) -> dt.date:
    """Return the end of ``until 2026-07-01`` or ``for 6 weeks``; two weeks where there is none."""
    told = re.sub(r"^(until|for)\s+", "", words.strip().casefold()).split(",")[0]
    try:
        return dt.date.fromisoformat(told)
    except ValueError:
        pass
    try:
        return day + dt.timedelta(days=round(every(told)))
    except (ValueError, OverflowError):
        return day + dt.timedelta(days=SNOOZE_DAYS)


def _ids(people: pd.DataFrame | None) -> dict[str, str]:
    """Return the id that an address or a unique name stands for."""
    if people is None:
        return {}
    once = people[~people.index.duplicated()]
    found = address_book(once)
    if "name" in once.columns:
        names = schema.text_ids(once["name"]).dropna().str.casefold()
        unique = names[~names.duplicated(keep=False)]
        found = {name: str(person) for person, name in unique.items()} | found
    return found | {str(person).casefold(): str(person) for person in once.index}


def _joined(relations: pd.DataFrame, log: Interactions) -> pd.DataFrame:
    import pandas as pd

    if log.relations is None:
        return relations
    return pd.concat([relations, log.relations], ignore_index=True).drop_duplicates(
        ignore_index=True
    )


def _meant(wish: Wish, net: Network, me: str | None) -> list[str]:
    """Return the people for whom a wish is."""
    if wish.person is not None:
        try:
            return [net.find(wish.person)]
        except UnknownPersonError as error:
            logger.warning("a wish rests: %s", error)
            return []
    if me is None or net.log is None or net.log.relations is None:
        return []
    now = relations_at(net.log.relations, net.as_of)
    role = (wish.role or "").removesuffix(" of")
    mine = now[now["kind"].str.casefold() == role]
    to_me = list(mine.loc[mine["target"] == me, "source"])
    from_me = list(mine.loc[mine["source"] == me, "target"])
    if role in EITHER_WAY:
        chosen = to_me + from_me
    else:
        chosen = from_me if (wish.role or "").endswith(" of") else to_me
    return sorted({str(person) for person in chosen} & set(net.people.index))


# ---- reading the file --------------------------------------------------------------------------


def find_project(start: str | Path = ".") -> Path | None:
    """Return the project file of a folder or of the nearest folder above it."""
    place = Path(start).absolute()
    return next((f / NAME for f in [place, *place.parents] if (f / NAME).is_file()), None)


def open_project(path: str | Path = ".") -> Project:
    """Read a project file.

    Parameters
    ----------
    path : str or Path
        The file, or the folder that holds it.

    Returns
    -------
    Project
        With ``log()``, ``network()`` and ``wishes_for(net)``.

    Raises
    ------
    MissingFileError
        If there is none.
    ProjectError
        If a key is unknown (the nearest valid one is named) or a value makes no sense; all that
        is wrong is said at once.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> _ = (folder / "netanalytics.toml").write_text('me = "ada"')
    >>> open_project(folder).me
    'ada'
    """
    path = Path(path)
    path = path / NAME if path.is_dir() else path
    if not path.is_file():
        raise MissingFileError(
            f"{path.name}: there is no project file (netanalytics init makes one)"
        )
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProjectError(f"{path.name}: {error}") from None
    return _Reader(path.absolute().parent).project(told)


class _Reader:
    """Checks what a file says, and gathers all that is wrong."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.wrong: list[str] = []

    def project(self, told: Mapping[str, Any]) -> Project:
        values = self.table(told, _KEYS, "")
        zone = values.get("zone")
        values["sources"] = tuple(
            source for one in values.pop("sources", ()) if (source := self.source(one, zone))
        )
        values["wishes"] = tuple(self.wish(one) for one in values.pop("wishes", ()))
        for name in ("people", "relations", "decisions", "journal", "out"):
            if name in values or name in ("decisions", "journal", "out"):
                values[name] = self.folder / values.get(name, getattr(Project, name, ""))
        values["directories"] = tuple(self.folder / name for name in values.get("directories", ()))
        if self.wrong:
            raise ProjectError(f"{NAME}: " + "; ".join(self.wrong))
        return Project(folder=self.folder, **values)

    def source(self, told: Mapping[str, Any], zone: str | None) -> Source | None:
        values = self.table(told, _SOURCE_KEYS, "[[sources]] ")
        if "path" not in values:
            self.wrong.append("a [[sources]] entry has no path")
            return None
        options = options_of(
            columns=values.get("columns"),
            mapping=values.get("map"),
            zone=values.get("zone", zone),
            date_order=values.get("date_order"),
            undirected=values.get("undirected", False),
        )
        return Source(
            self.folder / values["path"],
            values.get("kind"),
            options,
            values.get("may_use", "not asked"),
        )

    def wish(self, told: Mapping[str, Any]) -> Wish:
        values = self.table(told, _WISH_KEYS, "[[wishes]] ")
        if ("person" in values) == ("role" in values):
            self.wrong.append("a [[wishes]] entry needs either person or role")
        if values.get("let_rest") and ({"every", "keep"} & set(values)):
            self.wrong.append("a [[wishes]] entry says let_rest and something else")
        values["every_days"] = values.pop("every", None)
        return Wish(**values)

    def table(self, told: Any, keys: Mapping[str, _Check], where: str) -> dict[str, Any]:
        """Return the checked values of one table."""
        if not isinstance(told, Mapping):
            self.wrong.append(f"{where.strip()} must be a table")
            return {}
        values = {}
        for key, value in told.items():
            if key not in keys:
                self.wrong.append(f"{where}{key!r} is no key; did you mean {_nearest(key, keys)}?")
                continue
            try:
                values[key] = keys[key](value)
            except ValueError as error:
                self.wrong.append(f"{where}{key} = {value!r}: {error}")
        return values


_Check = Callable[[Any], Any]


def _nearest(key: str, keys: Iterable[str]) -> str:
    return difflib.get_close_matches(key, list(keys), n=1, cutoff=0.0)[0]


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("write it as text in quotes")
    return value.strip()


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError('write a list, as ["a", "b"]')
    return tuple(_text(one) for one in value)


def _mapping(value: Any) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise ValueError('write it as { target = "recipient" }')
    return {str(key): _text(one) for key, one in value.items()}


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("write true or false")
    return value


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("write a whole number")
    return value


def _above_0(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
        raise ValueError("write a number of days above 0")
    return float(value)


def _day(value: Any) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    return dt.date.fromisoformat(_text(value)).isoformat()


def _answer(value: Any) -> str:
    return schema.one_of("may_use", _text(value).casefold(), ANSWERS)


def _order(value: Any) -> str:
    return schema.one_of("date_order", _text(value), ("dmy", "mdy", "ymd"))


def every(value: Any) -> float:
    """Return the days of ``"6 weeks"``, ``"2 months"``, ``"day"``, or of a number of days.

    Examples
    --------
    >>> every("6 weeks"), every("week"), every(10)
    (42.0, 7.0, 10.0)
    """
    if isinstance(value, str):
        match = re.fullmatch(
            r"(?:every\s+)?(\d+)?\s*(day|week|month|year)s?", value.strip().casefold()
        )
        if match is None or match[1] == "0":
            raise ValueError('write it as "10 days", "6 weeks", "2 months" or "1 year"')
        return int(match[1] or 1) * UNIT_DAYS[match[2]]
    return _above_0(value)


def _tables(value: Any) -> Sequence[Any]:
    if not isinstance(value, list):
        raise ValueError("write each as a table of its own, under [[…]]")
    return value


_KEYS: Mapping[str, _Check] = {
    "me": _text,
    "people": _text,
    "relations": _text,
    "directories": _texts,
    "decisions": _text,
    "journal": _text,
    "half_life_days": _above_0,
    "zone": _text,
    "as_of": _day,
    "by": _text,
    "seed": _whole,
    "out": _text,
    "do_not_map": _texts,
    "sources": _tables,
    "wishes": _tables,
}
_SOURCE_KEYS: Mapping[str, _Check] = {
    "path": _text,
    "kind": _text,
    "zone": _text,
    "date_order": _order,
    "columns": _texts,
    "map": _mapping,
    "undirected": _flag,
    "may_use": _answer,
}
_WISH_KEYS: Mapping[str, _Check] = {
    "person": _text,
    "role": lambda value: _text(value).casefold(),
    "every": every,
    "keep": _flag,
    "let_rest": _flag,
}


# ---- the journal -------------------------------------------------------------------------------


def add_entry(project: Project, me: str, entry: Entry) -> None:
    """Write one more line into the journal, which is begun if there is none.

    The file is written whole and then put in place, so that it is never half a journal.
    """
    from netanalytics.loaders.journal import EMPTY, HEAD

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
