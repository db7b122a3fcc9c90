"""The log: who reached whom, when, and how.

A loader hands its batches to :func:`netanalytics.judging.from_raw`, which counts what it drops and
why. From there on rows stay in the engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NoReturn

from netanalytics import schema, sql
from netanalytics.errors import EmptyLogError, NotPicklableError
from netanalytics.moments import instant, micros, moments
from netanalytics.registry import unknown
from netanalytics.unmapped import DoNotMap

if TYPE_CHECKING:
    import pandas as pd

    from netanalytics.engine import Engine


@dataclass(frozen=True, eq=False)
class Interactions:
    """A log of contacts: a query, and the engine that runs it when a result is asked for.

    Parameters
    ----------
    engine : Engine
        Where it runs; shared with everything derived from this log.
    query : str
        The text that gives its rows: the columns of :data:`netanalytics.schema.CONTACT_COLUMNS`,
        ``time`` as microseconds since 1970.
    card : pandas.DataFrame
        What was read, kept and skipped: columns file, kind, unit, reason, n.
    coverage : pandas.DataFrame
        Columns origin, channel, first, last, rows: when somebody was looking.
    people, relations, planned : pandas.DataFrame, optional
        Where the source has them.
    exported : mapping of str to int
        When an origin was exported, in microseconds since 1970, where the source says so.
    notes : tuple of str
        How the log was read, in sentences.
    hidden : DoNotMap
        Who was left out, for tables that are joined later.
    """

    engine: Engine
    query: str
    card: pd.DataFrame
    coverage: pd.DataFrame
    people: pd.DataFrame | None = None
    relations: pd.DataFrame | None = None
    planned: pd.DataFrame | None = None
    exported: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    hidden: DoNotMap = field(default_factory=DoNotMap, repr=False)

    def __len__(self) -> int:
        """Return the number of contacts."""
        return self.engine.size(self.query)

    def __bool__(self) -> bool:
        """Be true without counting: a log object is not an empty list."""
        return True

    def __repr__(self) -> str:
        """Say how many contacts it holds."""
        return f"Interactions({len(self):,} contacts)"

    def __reduce__(self) -> NoReturn:
        """Refuse to pickle."""
        raise NotPicklableError("a log lives in an open database: pickle the network, not the log")

    def to_frame(self) -> pd.DataFrame:
        """Return all contacts as a DataFrame, in order of time, source, target and channel.

        Returns
        -------
        pandas.DataFrame
            The columns of :data:`netanalytics.schema.CONTACT_COLUMNS`; ``time`` in UTC.
        """
        columns = ", ".join(schema.CONTACT_COLUMNS)
        frame = self.engine.query(
            f"SELECT {columns} FROM ({self.query}) AS log ORDER BY time, source, target, channel"
        )
        return frame.assign(time=moments(frame["time"]))

    def between(self, start: Any = None, end: Any = None) -> Interactions:
        """Return the contacts from ``start`` on and before ``end`` (either may be None).

        Parameters
        ----------
        start, end : timestamp, date or text, optional
            Taken as UTC where they name no zone. A date is the beginning of that day.

        Returns
        -------
        Interactions
        """
        tests = []
        if start is not None:
            tests.append(f"time >= {micros(instant(start, 'start'))}")
        if end is not None:
            tests.append(f"time < {micros(instant(end, 'end'))}")
        return self._filtered(" AND ".join(tests)) if tests else self

    def where(self, **equal: str | Sequence[str] | bool) -> Interactions:
        """Return the contacts whose columns have these values.

        Parameters
        ----------
        **equal : str, bool or sequence of str
            ``channel="email"``, ``role=["to", "cc"]``, ``directed=True``.

        Returns
        -------
        Interactions

        Raises
        ------
        UnknownNameError
            If a log has no such column.
        """
        log = self
        for column, value in equal.items():
            if column not in schema.CONTACT_COLUMNS:
                raise unknown("column of a log", column, schema.CONTACT_COLUMNS)
            if isinstance(value, bool):
                log = log._filtered(column if value else f"NOT {column}")
                continue
            values = [value] if isinstance(value, str) else [str(one) for one in value]
            log = log._filtered(f"{column} IN (SELECT value FROM {log._listed(values)})")
        return log

    def without(self, people: str | Iterable[str]) -> Interactions:
        """Return the contacts that none of these people, or not this one, is part of."""
        table = self._listed([people] if isinstance(people, str) else list(people))
        return self._filtered(
            f"source NOT IN (SELECT value FROM {table}) "
            f"AND target NOT IN (SELECT value FROM {table})"
        )

    def ids(self) -> pd.Index:
        """Return all ids in the log, sorted."""
        import pandas as pd

        found = self.engine.query(
            f"SELECT source AS id FROM ({self.query}) AS a "
            f"UNION SELECT target AS id FROM ({self.query}) AS b"
        )
        return pd.Index(found["id"].astype("str"), name="id").sort_values()

    def pseudonymised(self, key: str) -> Interactions:
        """Return the log with a pseudonym for every id, event and origin.

        Parameters
        ----------
        key : str
            A secret. The same key gives the same pseudonyms, so that logs can still be joined;
            without it nobody can tell whom they mean.

        Returns
        -------
        Interactions
            Without people, relations, planned meetings and file names.
        """
        import pandas as pd

        from netanalytics.privacy import pseudonym

        names: set[str] = set()
        columns = ("source", "target", "event", "reply_to", "origin")
        for column in columns:
            names |= set(
                self.engine.query(
                    f"SELECT DISTINCT {column} AS id FROM ({self.query}) AS log "
                    f"WHERE {column} IS NOT NULL"
                )["id"]
            )
        ordered = sorted(names)
        table = self.engine.register(
            pd.DataFrame({"id": ordered, "alias": [pseudonym(name, key) for name in ordered]})
        )
        rest = [column for column in schema.CONTACT_COLUMNS if column not in columns]
        chosen = [f"{column}_.alias AS {column}" for column in columns] + [
            f"l.{column}" for column in rest
        ]
        joins = [f"LEFT JOIN {table} {column}_ ON l.{column} = {column}_.id" for column in columns]
        query = f"SELECT {', '.join(chosen)} FROM ({self.query}) AS l {' '.join(joins)}"
        # An undirected pair stands in the order of its ids, and these are new.
        ordered_pair = (
            "CASE WHEN directed THEN source ELSE least(source, target) END AS source, "
            "CASE WHEN directed THEN target ELSE greatest(source, target) END AS target"
        )
        others = ", ".join(c for c in schema.CONTACT_COLUMNS if c not in ("source", "target"))
        query = f"SELECT {ordered_pair}, {others} FROM ({query}) AS renamed"
        hidden = {name: pseudonym(name, key) for name in set(self.coverage["origin"])}
        files = {name: pseudonym(name, key) for name in set(self.card["file"])}
        return replace(
            self,
            query=query,
            card=self.card.assign(file=self.card["file"].map(files)),
            coverage=self.coverage.assign(origin=self.coverage["origin"].map(hidden)),
            people=None,
            relations=None,
            planned=None,
            exported={hidden[name]: when for name, when in self.exported.items() if name in hidden},
            hidden=DoNotMap(),
        )

    def _filtered(self, test: str) -> Interactions:
        return replace(self, query=f"SELECT * FROM ({self.query}) AS log WHERE {test}")

    def _listed(self, values: Sequence[str]) -> str:
        import pandas as pd

        return self.engine.register(pd.DataFrame({"value": pd.Series(values, dtype="object")}))


def monthly(log: Interactions) -> pd.DataFrame:
    """Count the contacts of each month and channel, and the people in them.

    Parameters
    ----------
    log : Interactions
        The contacts.

    Returns
    -------
    pandas.DataFrame
        Columns month (text, ``2026-06``, UTC), channel, contacts, people (distinct).
    """
    import pandas as pd

    engine = log.engine
    days = engine.query(
        "SELECT DISTINCT cast(floor(cast(time AS double) / 8.64e10) AS bigint) AS day "
        f"FROM ({log.query}) AS log ORDER BY day"
    )
    stamps = pd.to_datetime(days["day"], unit="D")
    table = engine.register(days.assign(month=stamps.dt.strftime("%Y-%m").astype("object")))
    counted = engine.query(sql.text_with_log("months", log.query, days=table))
    engine.drop(table)
    return counted


def contact_counts(log: Interactions) -> pd.DataFrame:
    """Count how often each id reached each other one.

    Parameters
    ----------
    log : Interactions
        The contacts.

    Returns
    -------
    pandas.DataFrame
        Columns source, target, n; one row an ordered pair, sorted.
    """
    return log.engine.query(
        f"SELECT source, target, count(*) AS n FROM ({log.query}) AS log "
        "GROUP BY source, target ORDER BY source, target"
    )


def last_contact(log: Interactions) -> pd.Timestamp:
    """Return the time of the last contact that any source holds up to its own export.

    What a source holds after it was exported (a meeting next week, a recurrence without an end) is
    planned and does not move the end of observation. Nor does what was written down by hand (the
    journal): it says nothing about whether anybody was still looking elsewhere. Where a log holds
    nothing but journal, its last entry is the end.

    Raises
    ------
    EmptyLogError
        If it has none.
    """
    import pandas as pd

    last_of = (
        f"coalesce(max(CASE WHEN l.channel <> '{schema.JOURNAL}' THEN l.time END), max(l.time))"
    )
    query = f"SELECT {last_of} AS last FROM ({log.query}) AS l"
    if log.exported:
        ends = pd.DataFrame({"origin": list(log.exported), "until": list(log.exported.values())})
        table = log.engine.register(ends)
        query = (
            f"SELECT {last_of} AS last FROM ({log.query}) AS l "
            f"LEFT JOIN {table} e ON l.origin = e.origin "
            f"WHERE e.until IS NULL OR l.time <= e.until"
        )
    last = log.engine.query(query)["last"].iloc[0]
    if pd.isna(last):
        raise EmptyLogError(_why_empty(log))
    moment: pd.Timestamp = moments(pd.Series([last])).iloc[0]
    return moment


LONE_DAYS, LONE_SHARE, LONE_LEAST = 365, 0.001, 20
"""Hardly any contact in so many days before the end, of so many contacts or more, is doubtful."""

LONE = "the last contact, of "
"""How the note about a doubtful end of observation begins."""


def lone_end(log: Interactions, end: pd.Timestamp) -> tuple[str, ...]:
    """Say where the end of observation rests on hardly any contact: one wrong year moves it.

    Parameters
    ----------
    log : Interactions
        The log.
    end : pandas.Timestamp
        Its last contact.
    """
    import pandas as pd

    bound = micros(end - pd.Timedelta(days=LONE_DAYS))
    found = log.engine.query(
        f"SELECT count(*) AS every, max(CASE WHEN time < {bound} THEN time END) AS before, "
        f"sum(CASE WHEN time < {bound} THEN 1 ELSE 0 END) AS earlier "
        f"FROM ({log.query}) AS log WHERE time <= {micros(end)}"
    ).iloc[0]
    if found["every"] < LONE_LEAST or pd.isna(found["before"]):
        return ()
    if found["every"] - found["earlier"] > max(3, LONE_SHARE * found["every"]):
        return ()
    before = f"{moments(pd.Series([int(found['before'])])).iloc[0]:%Y-%m-%d}"
    return (
        f"{LONE}{end:%Y-%m-%d}, is more than a year after nearly all others: if it is misdated, "
        f"give {before} as the end (--as-of), for it makes every tie look older",
    )


def _why_empty(log: Interactions) -> str:
    why = f"no contact is left in this log ({card_line(log.card)})"
    told = log.people is not None or log.relations is not None
    if told and log.coverage.empty:
        why += ": it tells of people, not who met or wrote when; name a log of that beside it"
    return why


def counted(n: int, unit: str) -> str:
    """Return a number with its unit: ``1 row``, ``2 entries``."""
    if n == 1:
        return f"1 {unit}"
    several = f"{unit[:-1]}ies" if unit.endswith("y") else f"{unit}s"
    return f"{n:,} {several}"


def card_line(card: pd.DataFrame) -> str:
    """Say in one line what a card counts: ``12 rows kept, 1 row left out: self-contact``."""
    totals = card.groupby(["unit", "reason"], sort=False)["n"].sum()
    rows = totals.reset_index().itertuples(index=False, name=None)
    return ", ".join(card_cell(*row) for row in rows) or "nothing was read"


def card_cell(unit: str, reason: str, n: int) -> str:
    """Say what one row of a card counts: ``1 row left out: self-contact``."""
    said = reason if reason == schema.KEPT else f"left out: {reason.removeprefix('left out: ')}"
    return f"{counted(n, unit)} {said}"
