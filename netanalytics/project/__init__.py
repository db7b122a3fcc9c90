"""The project file, ``netanalytics.toml``: what to read, who I am, whom to leave out, my wishes.

Paths in it are meant from its own folder. With it, every command needs no arguments.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netanalytics import schema
from netanalytics.errors import ProjectError
from netanalytics.identity import address_book, person_column, read_table
from netanalytics.identity.decisions import SAME, Decisions, read_decisions
from netanalytics.interactions import last_contact
from netanalytics.loaders import Options, load_each
from netanalytics.loaders.journal import Entry, read_journal
from netanalytics.moments import end_of_day
from netanalytics.network import HALF_LIFE_DAYS, Network, build_network
from netanalytics.periods import entries_of
from netanalytics.persons import at_the_time, identify
from netanalytics.project import wishes as wished
from netanalytics.project.wishes import Wish
from netanalytics.unmapped import DoNotMap, meant, names_in, unmet

if TYPE_CHECKING:
    import pandas as pd

    from netanalytics.identity.resolution import Resolution
    from netanalytics.interactions import Interactions
    from netanalytics.loaders._progress import Tell

NAME = "netanalytics.toml"


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
        with schema.of_file(self.people, "people"):
            return identify(
                log,
                people=self._shown_people(log),
                decisions=self.decided(),
                as_of=as_of if as_of is not None else self.as_of,
                propose=propose,
            )

    def _shown_people(self, log: Interactions) -> pd.DataFrame | None:
        """Return the table of people without those who are hidden, its rows as in the file."""
        table = self.people_table()
        shown = log.hidden.table(table)
        if table is None or shown is None:
            return None
        rows = [n for n, who in enumerate(map(str, table.index)) if not log.hidden.hides(who)]
        return shown.reset_index().set_axis(rows, axis=0)

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

    def unmet(self, log: Interactions) -> list[str]:
        """Return the entries of ``do_not_map`` that meet nobody, with who may have been meant.

        This is for the one whose project it is: it tells what they wrote, and nobody who is hidden.
        """
        if not self.do_not_map:
            return []
        people = self.people_table()
        there = {*log.hidden.met, *self._stated(people)}
        left = unmet(self.do_not_map, there, people, same=self.decided().pairs(SAME))
        if not left:
            return []
        shown = log.hidden.table(people)
        names = {*map(str, log.ids()), *names_in(log.people), *names_in(shown)}
        return [f"do_not_map: {entry!r} meets nobody{meant(entry, names)}" for entry in left]

    def _stated(self, people: pd.DataFrame | None) -> set[str]:
        """Return everybody in the tables of the project, whether or not a source knows them."""
        told = set(names_in(people))
        relations = self._relations()
        for table in [*self._directories(), *([] if relations is None else [relations])]:
            for column in {"person", "source", "target"} & set(table.columns):
                told |= set(schema.text_ids(table[column]).dropna())
        return told

    def _directories(self) -> list[pd.DataFrame]:
        return [person_column(read_table(path, "directory")) for path in self.directories]

    def directory_tables(self, log: Interactions) -> list[pd.DataFrame]:
        """Return the directories, without those who are not to be mapped."""
        shown = []
        for path, table in zip(self.directories, self._directories(), strict=True):
            who = table["person"] if "person" in table.columns else [""] * len(table)
            kept = table[[not log.hidden.hides(str(one)) for one in who]]
            with schema.of_file(path, "directory"):
                entries_of(kept, {})  # what is wrong in it is told with the name of the file
            shown.append(kept)
        return shown

    def wishes_for(self, net: Network, me: str | None = None) -> pd.DataFrame:
        """Return my wishes by person.

        Returns
        -------
        pandas.DataFrame
            Index ``contact``; columns every_days, keep, let_rest, and snoozed_until from the
            journal. A wish for a person outranks one for their role.
        """
        me = me or (None if self.me is None else net.find(self.me))
        hidden = self.hidden()
        wishes = [wish for wish in self.wishes if not hidden.hides(wish.person or "")]
        return wished.by_person(wishes, self.entries(), net, me)

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
        with schema.of_file(self.people, "people"):
            schema.require_columns(table, "people", ["person"])
        return table.assign(person=schema.text_ids(table["person"])).set_index("person")

    def _relations(self) -> pd.DataFrame | None:
        if self.relations is None:
            return None
        with schema.of_file(self.relations, "relations"):
            table = schema.relations_table(read_table(self.relations, "relations"))
        ids = _ids(self.people_table())
        for column in ("source", "target"):
            table[column] = [ids.get(str(name).casefold(), name) for name in table[column]]
        return table


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
