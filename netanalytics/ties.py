"""From contacts to ties: counts, rhythm, and strength that fades with age.

The rows stay in the engine; what comes back is one row a pair.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netanalytics import schema, sql
from netanalytics.covering import ended_channels
from netanalytics.errors import EmptyLogError
from netanalytics.identity import person_of_each
from netanalytics.interactions import card_line
from netanalytics.moments import DAY, micros, moments
from netanalytics.returns.snapshots import SUMS, PairDays, pair_days

if TYPE_CHECKING:
    from netanalytics.engine import Engine
    from netanalytics.interactions import Interactions

WEIGHT_UNIT = 2**40
"""Weights of contacts add up as multiples of 1/WEIGHT_UNIT, exactly, in any order."""

RETURN_DAYS = 90
"""A pause of this many days is long enough to call the next contact a return."""


@dataclass(frozen=True, eq=False)
class Tied:
    """What a log says about pairs of people.

    Parameters
    ----------
    ids : pandas.Index
        Everybody in the log, sorted.
    ties : pandas.DataFrame
        One row a pair, index (source, target).
    planned : pandas.DataFrame
        Meetings after the end of observation: source, target, time.
    card : pandas.DataFrame
        The card of the log with what was dropped here.
    ended : tuple of str
        Channels that had stopped being covered.
    """

    ids: pd.Index
    ties: pd.DataFrame
    planned: pd.DataFrame
    card: pd.DataFrame
    ended: tuple[str, ...]


def tie_table(
    log: Interactions,
    *,
    people: pd.DataFrame | None,
    as_of: pd.Timestamp,
    half_life_days: float,
) -> Tied:
    """Aggregate a log into ties.

    Parameters
    ----------
    log : Interactions
        The contacts.
    people : pandas.DataFrame, optional
        Whose ``addresses`` make several ids one person, and whose ``is_bot`` sets ids apart.
    as_of : pandas.Timestamp
        End of observation; later contacts are dropped and counted, later meetings are planned.
    half_life_days : float
        After how many days a contact counts half.

    Returns
    -------
    Tied

    Raises
    ------
    EmptyLogError
        If no contact between two people is left.

    Notes
    -----
    strength = Σ over contacts of 2^(−age / half-life) / (size − 1), age in days before ``as_of``.

    ``days`` are the distinct days of contact, and pauses lie between them. To connect on a platform
    is a fact and no habit: where a pair has any other contact, its day is in n, first, last,
    channels and strength, but makes no contact day and no pause. A pair with nothing else keeps it.
    """
    engine = log.engine
    who = person_of_each(log.ids(), people)
    codes = _codes(who, people)
    table = engine.register(codes.table)
    dropped = _dropped(log, codes, table, as_of)
    contacts, merged = _contacts(log, codes, table, as_of)
    ties = _pairs(engine, contacts, as_of, half_life_days)
    if ties.empty:
        raise EmptyLogError(_why_none(log, table, as_of))
    ended = ended_channels(log, as_of)
    rhythm = _rhythmic(engine, contacts)
    ties = ties.join(_rhythm(engine, rhythm))
    ties = ties.join(_covered(log, rhythm, ended)).join(_sums(engine, contacts, as_of))
    ties = _named(ties.join(_channels(engine, contacts)).join(_answers(engine, contacts)), codes)
    planned = _planned(log, codes, table, as_of)
    for name in {contacts, rhythm, table}:
        engine.drop(name)
    return Tied(
        ids=codes.people,
        ties=ties,
        planned=planned,
        card=_card(log.card, {**dropped, **merged}, int(ties["n"].sum())),
        ended=ended,
    )


def _why_none(log: Interactions, table: str, as_of: pd.Timestamp) -> str:
    """Say why there is no tie: the end is before the first contact, or what the card counts."""
    none = f"no contact between two people up to {as_of:%Y-%m-%d}"
    first = log.engine.query(
        f"SELECT min(l.time) AS first FROM ({log.query}) AS l JOIN {table} s ON l.source = s.id "
        f"JOIN {table} t ON l.target = t.id WHERE s.code <> t.code"
    )["first"]
    if first.isna().all():
        return f"{none} ({card_line(log.card)})"
    return f"the first contact is of {moments(first).iloc[0]:%Y-%m-%d}: {none}"


@dataclass(frozen=True, eq=False)
class Coded:
    """The contacts of a log in the engine, people as numbers in the order of their ids.

    Parameters
    ----------
    people : pandas.Index
        Ids, so that number i is the i-th.
    engine : Engine
        Where the contacts are.
    contacts : str
        Their table.
    """

    people: pd.Index
    engine: Engine
    contacts: str

    def pair_days(self) -> PairDays:
        """Walk the contacts once, into one row a pair and day."""
        return pair_days(self.engine, self.contacts)

    def drop(self) -> None:
        """Forget the contacts."""
        self.engine.drop(self.contacts)


def coded_contacts(
    log: Interactions,
    *,
    people: pd.DataFrame | None,
    as_of: pd.Timestamp,
    among: pd.Index | None = None,
) -> Coded:
    """Return the contacts that make ties, for models that look at earlier moments.

    Parameters
    ----------
    log : Interactions
        The contacts.
    people : pandas.DataFrame, optional
        As for :func:`tie_table`.
    as_of : pandas.Timestamp
        End of observation.
    among : pandas.Index, optional
        Only contacts between these people.
    """
    who = person_of_each(log.ids(), people)
    codes = _codes(who if among is None else who[who.isin(among)], people)
    table = log.engine.register(codes.table)
    contacts, _ = _contacts(log, codes, table, as_of)
    log.engine.drop(table)
    return Coded(codes.people, log.engine, contacts)


def day_after(as_of: pd.Timestamp) -> int:
    """Return the day on which what is not yet known begins, counted from 1970."""
    return micros(as_of) // DAY + 1


@dataclass(frozen=True, eq=False)
class _Codes:
    """Numbers for people, in the order of their ids."""

    people: pd.Index
    table: pd.DataFrame
    merging: bool
    bots: frozenset[str]


def _codes(who: pd.Series, people: pd.DataFrame | None) -> _Codes:
    bots: frozenset[str] = frozenset()
    if people is not None and "is_bot" in people.columns:
        # Whoever is only in the log has no mark: a missing one is not a bot.
        bots = frozenset(people.index[people["is_bot"].eq(True).fillna(False).to_numpy(dtype=bool)])
    kept = who[~who.isin(bots)]
    everybody = pd.Index(kept.unique(), dtype="str", name="person").sort_values()
    table = pd.DataFrame(
        {
            "id": kept.index.to_numpy(dtype=object),
            "code": everybody.get_indexer(kept.to_numpy()).astype("int64"),
        }
    )
    return _Codes(everybody, table, merging=not kept.is_unique, bots=bots)


def _dropped(
    log: Interactions, codes: _Codes, table: str, as_of: pd.Timestamp
) -> dict[str, dict[str, int]]:
    """Count, an origin, the contacts that bots took part in and those after the end."""
    end = micros(as_of)
    counts = log.engine.query(
        f"SELECT l.origin AS origin, "
        f"count(*) FILTER (WHERE s.code IS NULL OR t.code IS NULL) AS bot, "
        f"count(*) FILTER (WHERE s.code IS NOT NULL AND t.code IS NOT NULL "
        f"AND l.time > {end} AND l.channel <> 'meeting') AS late, "
        f"count(*) FILTER (WHERE s.code IS NOT NULL AND t.code IS NOT NULL "
        f"AND l.time > {end} AND l.channel = 'meeting') AS planned "
        f"FROM ({log.query}) AS l LEFT JOIN {table} s ON l.source = s.id "
        f"LEFT JOIN {table} t ON l.target = t.id GROUP BY l.origin ORDER BY l.origin"
    )
    reasons = {"bot": "bot", "late": "after as_of", "planned": "planned meeting"}
    return {
        reason: {
            origin: int(n) for origin, n in zip(counts["origin"], counts[column], strict=True) if n
        }
        for column, reason in reasons.items()
    }


def _contacts(
    log: Interactions, codes: _Codes, table: str, as_of: pd.Timestamp
) -> tuple[str, dict[str, dict[str, int]]]:
    """Keep the contacts that make ties, people as numbers; count what merging ids dropped."""
    engine = log.engine
    coded = sql.text_with_log("contacts", log.query, ids=table)
    until = f"time <= {micros(as_of)}"
    if not codes.merging:
        contacts = engine.materialise(f"SELECT * FROM ({coded}) AS coded WHERE {until}")
        return contacts, {}
    first = engine.materialise(f"SELECT * FROM ({coded}) AS coded WHERE {until}")
    merged = engine.materialise(sql.text_with_log("merged", log.query, contacts=first, ids=table))
    selves = engine.size(f"SELECT * FROM {merged} WHERE source = target")
    copies = engine.size(f"SELECT * FROM {merged} WHERE source <> target AND copy > 1")
    contacts = engine.materialise(f"SELECT * FROM {merged} WHERE source <> target AND copy = 1")
    for name in (first, merged):
        engine.drop(name)
    return contacts, {
        "self-contact (two addresses)": {"": selves},
        "repeat (two addresses)": {"": copies},
    }


def _pairs(
    engine: Engine, contacts: str, as_of: pd.Timestamp, half_life_days: float
) -> pd.DataFrame:
    half_life = float(half_life_days * DAY)
    rows = engine.query(
        sql.text("ties", contacts=contacts, half_life=half_life, unit=float(WEIGHT_UNIT))
    )
    rows = rows.set_index(["a", "b"])
    age = (micros(as_of) - rows["last"].to_numpy(dtype="int64")).astype(float)
    scale = np.exp2(-age / half_life) / WEIGHT_UNIT
    ties = rows[["n"]].astype("int64")
    ties["first"] = moments(rows["first"])
    ties["last"] = moments(rows["last"])
    ties[["n_forward", "n_back"]] = rows[["n_forward", "n_back"]].astype("int64")
    for name in ("", "_forward", "_back"):
        ties[f"strength{name}"] = rows[f"weight{name}"].to_numpy(dtype=float) * scale
    return ties


def _rhythmic(engine: Engine, contacts: str) -> str:
    """Return the table of the contacts that make a rhythm: itself where nobody only connected."""
    test = f"channel = '{sql.literal(schema.CONNECTION)}'"
    if not engine.size(f"SELECT 1 AS one FROM {contacts} WHERE {test} LIMIT 1"):
        return contacts
    return engine.materialise(sql.text("rhythm", contacts=contacts, connection=schema.CONNECTION))


def _rhythm(engine: Engine, contacts: str) -> pd.DataFrame:
    rows = engine.query(sql.text("gaps", contacts=contacts, return_days=RETURN_DAYS))
    rows = rows.set_index(["a", "b"])
    returned = pd.to_numeric(rows["last_return"]).astype(float) * DAY
    return rows.assign(days=rows["days"].astype("int64"), last_return=moments(returned))


def _sums(engine: Engine, contacts: str, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return the sums that models of return read, each pair."""
    days = pair_days(engine, contacts)
    known = days.at(day_after(as_of))
    days.drop()
    return known[list(SUMS)]


def _covered(log: Interactions, contacts: str, ended: Sequence[str]) -> pd.DataFrame:
    """Return days and longest pause of each pair on channels that are still covered."""
    engine = log.engine
    if not ended:
        rows = engine.query(sql.text("gaps", contacts=contacts, return_days=RETURN_DAYS))
        flags = pd.DataFrame(columns=["a", "b"])
    else:
        names = engine.register(pd.DataFrame({"value": list(ended)}))
        test = f"SELECT value FROM {names}"
        live = engine.materialise(f"SELECT * FROM {contacts} WHERE channel NOT IN ({test})")
        rows = engine.query(sql.text("gaps", contacts=live, return_days=RETURN_DAYS))
        flags = engine.query(
            f"SELECT DISTINCT least(source, target) AS a, greatest(source, target) AS b "
            f"FROM {contacts} WHERE channel IN ({test})"
        )
        for name in (live, names):
            engine.drop(name)
    covered = rows.set_index(["a", "b"])[["days", "longest_gap_days"]]
    covered.columns = pd.Index(["covered_days", "covered_gap_days"])
    every = engine.query(
        f"SELECT DISTINCT least(source, target) AS a, greatest(source, target) AS b "
        f"FROM {contacts} ORDER BY a, b"
    ).set_index(["a", "b"])
    covered = every.join(covered)
    covered["covered_days"] = covered["covered_days"].fillna(0).astype("int64")
    covered["ended"] = covered.index.isin(flags.set_index(["a", "b"]).index)
    return covered


def _channels(engine: Engine, contacts: str) -> pd.DataFrame:
    """Return the channels of each pair, joined by semicolons in the order of their names."""
    rows = engine.query(sql.text("pair_channels", contacts=contacts))
    pairs = rows[["a", "b"]].drop_duplicates().set_index(["a", "b"])
    joined = np.full(len(pairs), "", dtype=object)
    for name in sorted(rows["channel"].unique()):
        mine = pairs.index.isin(rows.loc[rows["channel"] == name].set_index(["a", "b"]).index)
        first = joined == ""
        joined[mine & first] = name
        joined[mine & ~first] += ";" + name
    return pairs.assign(channels=pd.Series(joined, index=pairs.index, dtype="str"))


_ANSWERS = (
    "started_forward",
    "started_back",
    "answered_forward",
    "answered_back",
    "answer_hours_forward",
    "answer_hours_back",
)


def _answers(engine: Engine, contacts: str) -> pd.DataFrame:
    """Return who starts and who answers; all unknown where the source does not link replies."""
    if not engine.size(f"SELECT 1 AS one FROM {contacts} WHERE reply_to IS NOT NULL LIMIT 1"):
        return pd.DataFrame(
            np.nan,
            index=pd.MultiIndex.from_arrays([[0], [0]], names=["a", "b"])[:0],
            columns=_ANSWERS,
        )
    rows = engine.query(sql.text("answers", contacts=contacts)).set_index(["a", "b"])
    return rows[list(_ANSWERS)].astype(float)


_TIE_COLUMNS = (
    "n",
    "days",
    "first",
    "last",
    "n_forward",
    "n_back",
    "channels",
    "strength",
    "strength_forward",
    "strength_back",
    *_ANSWERS,
    "longest_gap_days",
    "median_gap_days",
    "last_return",
    "covered_days",
    "covered_gap_days",
    "ended",
    *SUMS,
)


def _named(ties: pd.DataFrame, codes: _Codes) -> pd.DataFrame:
    """Put ids for numbers; the order of both is the same."""
    known = ties["started_forward"].notna().any()
    if known:
        counts = list(_ANSWERS[:4])
        ties = ties.assign(**{name: ties[name].fillna(0.0) for name in counts})
    names = [codes.people[ties.index.get_level_values(level)] for level in ("a", "b")]
    ties.index = pd.MultiIndex.from_arrays(names, names=["source", "target"])
    return ties[list(_TIE_COLUMNS)]


def _planned(log: Interactions, codes: _Codes, table: str, as_of: pd.Timestamp) -> pd.DataFrame:
    rows = log.engine.query(
        f"SELECT least(s.code, t.code) AS a, greatest(s.code, t.code) AS b, min(l.time) AS time "
        f"FROM ({log.query}) AS l JOIN {table} s ON l.source = s.id "
        f"JOIN {table} t ON l.target = t.id "
        f"WHERE l.channel = 'meeting' AND l.time > {micros(as_of)} AND s.code <> t.code "
        f"GROUP BY a, b ORDER BY a, b"
    )
    return pd.DataFrame(
        {
            "source": codes.people[rows["a"].to_numpy(dtype="int64")].to_numpy(),
            "target": codes.people[rows["b"].to_numpy(dtype="int64")].to_numpy(),
            "time": moments(rows["time"]),
        }
    )


def _card(card: pd.DataFrame, dropped: dict[str, dict[str, int]], kept: int) -> pd.DataFrame:
    """Add what a network drops, as lines of their own that add up to the contacts of the log.

    The lines about records stay: one record may hold several contacts, of which some are kept.
    """
    rows = [
        ("", "network", "contact", reason, sum(counts.values()))
        for reason, counts in dropped.items()
        if sum(counts.values())
    ]
    if not rows:
        return card
    rows.insert(0, ("", "network", "contact", schema.KEPT, kept))
    lines = pd.DataFrame(rows, columns=list(schema.CARD_COLUMNS))
    return pd.concat([card, lines], ignore_index=True)
