"""People, ties and the graph between them; the home of igraph and networkx.

Vertex i of the graph is row i of ``people`` and edge j is row j of ``ties``.
:meth:`Network.per_person` and :meth:`Network.per_tie` are the only way from positions to ids.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

import numpy as np
import pandas as pd

from netanalytics import schema
from netanalytics.arguments import number
from netanalytics.errors import (
    EmptyLogError,
    OptionError,
    SchemaError,
    UndatedError,
)
from netanalytics.identity import people_of
from netanalytics.interactions import Interactions, last_contact, lone_end
from netanalytics.moments import end_of_day
from netanalytics.network.graphs import graph_of, matrix_of, seeded_layout, seeded_leiden
from netanalytics.network.naming import labels_of, namesakes_of, need_known, the_one
from netanalytics.network.tables import (
    everyone_in,
    mirrored,
    pairs_of,
    positive,
    records_of,
    tie_rows,
    with_everyone,
)
from netanalytics.periods import people_at
from netanalytics.registry import unknown
from netanalytics.ties import tie_table

if TYPE_CHECKING:
    import igraph
    import networkx
    import scipy.sparse


__all__ = ["ENDED", "HALF_LIFE_DAYS", "Network", "build_network", "seeded_layout", "seeded_leiden"]

ENDED = "nothing more was read from "
"""How the note about channels that ended begins."""

HALF_LIFE_DAYS = 90.0
"""Default half-life of a contact."""


@dataclass(frozen=True, eq=False)
class Network:
    """A weighted network: people, the ties between them, and the moment it describes.

    Made by :func:`netanalytics.build_network` from a log, or by :meth:`from_ties` and
    :meth:`from_networkx`. It never changes: every verb returns another one.

    Parameters
    ----------
    people : pandas.DataFrame
        Index ``person``, sorted; any attribute columns. People without ties are included.
    ties : pandas.DataFrame
        One row an unordered pair, index (``source``, ``target``) with source < target.
    as_of : pandas.Timestamp, optional
        End of observation, in UTC; None for a network without dates.
    half_life_days : float, optional
        Half-life of a contact in ``strength``; None for a network without dates.
    log : Interactions, optional
        What the network was built from.
    card : pandas.DataFrame
        What was read, kept and dropped (columns file, kind, unit, reason, n).
    planned : pandas.DataFrame
        Meetings after ``as_of`` (columns source, target, time).
    notes : tuple of str
        What a reader should know about how the log was read.

    Examples
    --------
    >>> import pandas as pd
    >>> ties = pd.DataFrame({"source": ["a", "b"], "target": ["b", "c"], "strength": [2.0, 1.0]})
    >>> net = Network.from_ties(ties)
    >>> net
    Network(3 people, 2 ties)
    """

    people: pd.DataFrame
    ties: pd.DataFrame
    as_of: pd.Timestamp | None = None
    half_life_days: float | None = None
    log: Interactions | None = None
    card: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=schema.CARD_COLUMNS))
    planned: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=["source", "target", "time"])
    )
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Say how large it is and when it was seen."""
        when = f", as of {self.as_of:%Y-%m-%d}" if self.as_of is not None else ""
        return f"Network({len(self.people):,} people, {len(self.ties):,} ties{when})"

    def __getstate__(self) -> dict[str, Any]:
        """Pickle the tables only: a log is bound to an open database."""
        names = ("people", "ties", "as_of", "half_life_days", "card", "planned", "notes")
        return {name: getattr(self, name) for name in names} | {"log": None}

    # ---- doors -------------------------------------------------------------------------------

    @classmethod
    def from_ties(
        cls, frame: pd.DataFrame, people: pd.DataFrame | None = None, *, directed: bool = False
    ) -> Network:
        """Make a network from a table of weighted ties, without dates.

        Parameters
        ----------
        frame : pandas.DataFrame
            Columns ``source``, ``target`` and ``strength`` (1 where the column is absent).
            Rows of one pair add up; loops and strengths of 0 or less make no tie.
        people : pandas.DataFrame, optional
            Column or index ``person`` and any attributes; people without ties are kept.
        directed : bool
            Whether ``source`` reached ``target``, or both reached each other.

        Returns
        -------
        Network
            With ``n``, ``n_forward``, ``n_back`` and the strengths, and no dates.

        Raises
        ------
        SchemaError
            If a column is missing, an id is empty or a strength is not a number.
        """
        rows = tie_rows(frame)
        everyone = everyone_in(people, [rows["source"], rows["target"]])
        rows = rows[(rows["source"] != rows["target"]) & (rows["strength"] > 0)]
        return cls(people=everyone, ties=pairs_of(rows, directed=directed))

    @classmethod
    def from_networkx(cls, graph: networkx.Graph[Any], *, strength: str = "weight") -> Network:
        """Make a network from a networkx graph; direction is kept, parallel edges add up.

        Parameters
        ----------
        graph : networkx.Graph
            Any of the four kinds. Node attributes become columns of ``people``; node names
            become text.
        strength : str
            Edge attribute with the strength; 1 where an edge has none.

        Returns
        -------
        Network
            Without dates.

        Raises
        ------
        SchemaError
            If two nodes have the same name as text, such as 1 and "1".
        """
        names = [str(node) for node in graph.nodes]
        if len(set(names)) < len(names):
            twice = sorted({name for name in names if names.count(name) > 1})[:3]
            raise SchemaError("people", [f"two nodes are called {', '.join(twice)} as text"])
        people = pd.DataFrame.from_records([data for _, data in graph.nodes(data=True)])
        people["person"] = pd.Series(names, dtype="str")
        edges = [(str(u), str(v), data.get(strength, 1.0)) for u, v, data in graph.edges(data=True)]
        ties = pd.DataFrame(edges, columns=["source", "target", "strength"])
        return cls.from_ties(ties, people, directed=graph.is_directed())

    def to_networkx(self, *, directed: bool = False) -> networkx.Graph[Any]:
        """Return a networkx graph with the columns of both tables as attributes.

        Parameters
        ----------
        directed : bool
            Whether to write arcs (:attr:`arcs`) into a DiGraph instead of ties into a Graph.

        Returns
        -------
        networkx.Graph
            Edges carry ``strength`` and, equal to it, ``weight``: a closeness, not a length.
        """
        import networkx as nx

        graph: networkx.Graph[Any] = nx.DiGraph() if directed else nx.Graph()
        graph.add_nodes_from(records_of(self.people, list(self.people.index)))
        table = self.arcs if directed else self.ties
        table = table.assign(weight=table["strength"])
        graph.add_edges_from((*ends, data) for ends, data in records_of(table, list(table.index)))
        return graph

    def to_igraph(self, *, directed: bool = False) -> igraph.Graph:
        """Return a copy of the igraph graph, with the columns of both tables as attributes.

        ``name`` is the id, as igraph has it; a people column of that name is called ``label``.
        """
        graph = (self.arc_graph if directed else self.graph).copy()
        for column in self.people.columns:
            graph.vs["label" if column == "name" else column] = self.people[column].tolist()
        graph.vs["name"] = list(self.people.index)
        table = self.arcs if directed else self.ties
        for column in table.columns:
            graph.es[column] = table[column].tolist()
        return graph

    # ---- positions ---------------------------------------------------------------------------

    def per_person(self, values: Any, name: str) -> pd.Series:
        """Return values given in the order of ``people`` as a Series by person."""
        return pd.Series(np.asarray(values), index=self.people.index, name=name)

    def per_tie(self, values: Any, name: str) -> pd.Series:
        """Return values given in the order of ``ties`` as a Series by (source, target)."""
        return pd.Series(np.asarray(values), index=self.ties.index, name=name)

    @cached_property
    def ends(self) -> tuple[np.ndarray, np.ndarray]:
        """Positions in ``people`` of the two ends of every tie, two integer arrays."""
        return self._positions(self.ties.index)

    @cached_property
    def strength(self) -> np.ndarray:
        """Strength of every tie, above 0, in the order of ``ties``."""
        return positive(self.ties["strength"])

    @cached_property
    def graph(self) -> igraph.Graph:
        """The undirected igraph graph that measures read; for a graph to change: to_igraph()."""
        return graph_of(len(self.people), self.ends, directed=False)

    @cached_property
    def arcs(self) -> pd.DataFrame:
        """One row an ordered pair that was reached: ``n`` and ``strength``.

        Contact without a direction (a meeting, an undirected tie) counts both ways.
        """
        ties = self.ties
        together = (ties["n"] - ties["n_forward"] - ties["n_back"]).to_numpy()
        shared = ties["strength"] - ties["strength_forward"] - ties["strength_back"]
        shared = shared.where(together > 0, 0.0)
        first, second = self.ends
        rows, columns = np.concatenate([second, first]), np.concatenate([first, second])
        n = np.concatenate([ties["n_back"] + together, ties["n_forward"] + together])
        ways = [ties["strength_back"] + shared, ties["strength_forward"] + shared]
        # By number, not by name: names are long, and in the order of the numbers already.
        kept = np.flatnonzero(n > 0)
        kept = kept[np.lexsort((columns[kept], rows[kept]))]
        people: Any = self.people.index
        codes: Any = [rows[kept], columns[kept]]
        index = pd.MultiIndex([people, people], codes, names=["source", "target"])
        values = {"n": n[kept], "strength": np.concatenate(ways)[kept]}
        return pd.DataFrame(values, index=index)

    @cached_property
    def arc_ends(self) -> tuple[np.ndarray, np.ndarray]:
        """Positions in ``people`` of source and target of every arc, two integer arrays."""
        return self._positions(self.arcs.index)

    @cached_property
    def arc_strength(self) -> np.ndarray:
        """Strength of every arc, above 0, in the order of ``arcs``."""
        return positive(self.arcs["strength"])

    @cached_property
    def arc_graph(self) -> igraph.Graph:
        """The directed igraph graph: edge j is row j of ``arcs``."""
        return graph_of(len(self.people), self.arc_ends, directed=True)

    @cached_property
    def matrix(self) -> scipy.sparse.csr_array[Any, Any]:
        """The people × people matrix of strengths that measures read, rows and columns sorted.

        It is not to be written to; for a matrix to change: :meth:`adjacency`.
        """
        rows, columns = self.ends  # in this order of the halves every row comes out sorted
        rows, columns = np.concatenate([columns, rows]), np.concatenate([rows, columns])
        return matrix_of(len(self.people), rows, columns, np.tile(self.strength, 2))

    @cached_property
    def arc_matrix(self) -> scipy.sparse.csr_array[Any, Any]:
        """The same of arcs: source in the row, target in the column."""
        return matrix_of(len(self.people), *self.arc_ends, self.arc_strength)

    def adjacency(
        self, *, weighted: bool = True, directed: bool = False
    ) -> scipy.sparse.csr_array[Any, Any]:
        """Return the people × people matrix of strengths (or ones), whose values may be changed."""
        from scipy import sparse

        held = self.arc_matrix if directed else self.matrix
        values = held.data.copy() if weighted else np.ones(len(held.data))
        matrix = sparse.csr_array((values, held.indices, held.indptr), shape=held.shape)
        matrix.has_canonical_format = True
        return matrix

    def _positions(self, pairs: pd.Index) -> tuple[np.ndarray, np.ndarray]:
        assert isinstance(pairs, pd.MultiIndex)
        places = (self.people.index.get_indexer(level) for level in pairs.levels)
        first, second = (
            place.astype(np.int32)[code] for place, code in zip(places, pairs.codes, strict=True)
        )
        return first, second

    # ---- smaller networks --------------------------------------------------------------------

    def among(self, people: str | Iterable[str]) -> Network:
        """Return the network of these people and the ties between them.

        Raises
        ------
        EmptyLogError
            If they are nobody: of nobody there is nothing to measure.
        """
        chosen = {people} if isinstance(people, str) else set(people)
        if not chosen:
            raise EmptyLogError("nobody is left: give at least one person of this network")
        need_known(self.people, chosen)
        keep = self.people.index.isin(chosen)
        inside = keep[self.ends[0]] & keep[self.ends[1]]
        planned = self.planned
        planned = planned[planned["source"].isin(chosen) & planned["target"].isin(chosen)]
        return replace(self, people=self.people[keep], ties=self.ties[inside], planned=planned)

    def without(self, people: str | Iterable[str]) -> Network:
        """Return the network without these people, or this one, and their ties."""
        gone = {people} if isinstance(people, str) else set(people)
        need_known(self.people, gone)
        return self.among(person for person in self.people.index if person not in gone)

    def ego(self, person: str) -> Network:
        """Return the network of a person, their contacts and all ties between these."""
        need_known(self.people, [person])
        return self.among([person, *self.contacts(person)])

    def contacts(self, person: str) -> list[str]:
        """Return the people to whom this person has a tie, sorted."""
        need_known(self.people, [person])
        first, second = self.ends
        at = self.people.index.get_loc(person)
        places = np.concatenate([second[first == at], first[second == at]])
        return list(self.people.index[np.sort(places)])

    def ties_of(self, person: str) -> pd.DataFrame:
        """Return the ties of one person, seen from that person.

        Returns
        -------
        pandas.DataFrame
            Index ``contact``, sorted; the columns of ``ties``, where forward is what the person
            sent and back is what came in.
        """
        need_known(self.people, [person])
        source = self.ties.index.get_level_values("source")
        target = self.ties.index.get_level_values("target")
        out = self.ties[source == person].droplevel("source")
        back = self.ties[target == person].droplevel("target").rename(columns=mirrored)
        both = pd.concat([out, back[out.columns]])
        both.index.name = "contact"
        return both.sort_index()

    def between_groups(self, by: str) -> Network:
        """Return the network of groups: strengths between people of different groups add up.

        Parameters
        ----------
        by : str
            Column of ``people``. People without a value are left out.

        Returns
        -------
        Network
            One node a group, with ``size``; no dates.

        Raises
        ------
        EmptyLogError
            If nobody has a value.
        """
        groups = self.groups(by)
        if not groups.notna().any():
            raise EmptyLogError(f"nobody has a value in the people column {by!r}: no group")
        labels = groups.to_numpy(dtype=object)
        frame = pd.DataFrame(
            {
                "source": labels[self.ends[0]],
                "target": labels[self.ends[1]],
                "strength": self.strength,
            }
        ).dropna()
        sizes = groups.value_counts().sort_index()
        people = pd.DataFrame({"person": sizes.index.astype("str"), "size": sizes.to_numpy()})
        return Network.from_ties(frame, people)

    def groups(self, by: str) -> pd.Series:
        """Return a people column as text by person, missing where there is no value.

        Raises
        ------
        UnknownNameError
            If there is no such column.
        """
        return schema.text_ids(self._column(by))

    def group_codes(self, by: str) -> tuple[np.ndarray, list[str]]:
        """Return a number for each person's group in a column, −1 without one, and the groups.

        Raises
        ------
        UnknownNameError
            If there is no such column.
        """
        return schema.group_codes(self._column(by))

    def _column(self, by: str) -> pd.Series:
        if not isinstance(by, Hashable) or by not in self.people.columns:
            raise unknown("people column", by, self.people.columns)
        values: pd.Series = self.people[by]
        return values

    @overload
    def days_since(self, moment: pd.Timestamp) -> int: ...
    @overload
    def days_since(self, moment: pd.Series) -> pd.Series: ...
    def days_since(self, moment: pd.Timestamp | pd.Series) -> int | pd.Series:
        """Return the calendar days (UTC) from a moment, or each of several, to ``as_of``."""
        if self.as_of is None:
            raise UndatedError("this network has no dates: nothing was so many days ago")
        today = self.as_of.floor("D")
        if isinstance(moment, pd.Series):
            days: pd.Series = (today - moment.dt.floor("D")).dt.days
            return days
        return int((today - moment.floor("D")).days)

    def ends_by_itself(self) -> bool:
        """Say whether the end of observation is the last contact that was read, not a chosen day.

        Then what the journal notes after it is no look into the future: it is what happened since.
        """
        if self.log is None or self.as_of is None:
            return False
        return bool(self.as_of == last_contact(self.log))

    def need_dates(self, what: str) -> None:
        """Raise :class:`UndatedError` if the contacts of this network have no time."""
        if self.as_of is None or "last" not in self.ties.columns:
            raise UndatedError(
                f"{what} needs the time of each contact; this network has none "
                "(build it from a log with a time column)"
            )

    # ---- people ------------------------------------------------------------------------------

    @cached_property
    def labels(self) -> pd.Series:
        """What to call each person: the ``name`` where there is one, otherwise the id.

        A name that is written ``Berg, Ada`` is said ``Ada Berg``. Namesakes are told apart by their
        ids: ``Ada Berg (p1)``.
        """
        return labels_of(self.people)

    def namesakes(self, person: str) -> list[str]:
        """Return the others who are called like somebody: another person, or another id of theirs.

        An id that is a name counts, as a chat gives it.
        """
        need_known(self.people, [person])
        return namesakes_of(self.people, person)

    def find(self, query: str) -> str:
        """Return the id of the one person that an id, an address or a unique name means.

        Parameters
        ----------
        query : str
            Compared with ids, then, without regard to case, with addresses, with names, and with
            ids once more.

        Returns
        -------
        str
            The id.

        Raises
        ------
        UnknownPersonError
            If nobody or more than one person answers to it.
        """
        return the_one(self.people, str(query))


def build_network(
    log: Interactions,
    *,
    people: pd.DataFrame | str | Path | None = None,
    as_of: Any = None,
    half_life_days: float = HALF_LIFE_DAYS,
) -> Network:
    """Aggregate a log into a network.

    Parameters
    ----------
    log : Interactions
        What :func:`netanalytics.load` returns.
    people : pandas.DataFrame, str or Path, optional
        Attributes by person, as a table or a file; people without contacts are kept. Without it,
        what the log itself knows about people. Its column ``addresses`` (joined by semicolons)
        makes several ids one person; whoever has ``is_bot`` is set apart and counted. With
        ``since`` or ``until`` it may have several rows a person: those that hold at ``as_of``.
    as_of : date, timestamp or text, optional
        End of observation; a date means the end of that day in UTC. By default the last contact
        that is not from a journal, if there is any.
        Later contacts are dropped and counted; later meetings are kept as planned.
    half_life_days : float
        After how many days a contact counts half in ``strength``.

    Returns
    -------
    Network

    Raises
    ------
    EmptyLogError
        If no contact between two people is left.
    SchemaError
        If the people table is not one.
    OptionError
        If ``log`` is no log, ``as_of`` is no date, or the half-life is not above 0.

    Examples
    --------
    >>> import pandas as pd
    >>> import netanalytics as na
    >>> rows = [("2026-01-05", "ada", "ben"), ("2026-02-03", "ben", "cy")]
    >>> log = na.load(pd.DataFrame(rows, columns=["time", "source", "target"]))
    >>> na.build_network(log, as_of="2026-03-01")
    Network(3 people, 2 ties, as of 2026-03-01)
    """
    if not isinstance(log, Interactions):
        raise OptionError(f"build_network takes what load returns, not a {type(log).__name__}")
    half_life = number("half_life_days", half_life_days, least=0, open_ends=True)
    end = end_of_day(as_of) if as_of is not None else last_contact(log)
    with schema.of_file(people, "people"):
        table = people_of(people_at(people if people is not None else log.people, end))
    tied = tie_table(log, people=table, as_of=end, half_life_days=half_life)
    if table is not None and "is_bot" in table.columns:
        table = table[~table["is_bot"].to_numpy(dtype=bool)]
    return Network(
        people=with_everyone(table, tied.ids),
        ties=tied.ties,
        as_of=end,
        half_life_days=float(half_life_days),
        log=log,
        card=tied.card,
        planned=tied.planned,
        notes=log.notes + _ended_note(tied.ended) + (lone_end(log, end) if as_of is None else ()),
    )


def _ended_note(ended: Sequence[str]) -> tuple[str, ...]:
    if not ended:
        return ()
    names = ", ".join(ended)
    return (f"{ENDED}{names} well before the end: silence there is not judged",)
