"""What was known of every pair when a day began, summed up in the engine.

The log is walked once, into one row a pair and day; each snapshot adds up those rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netanalytics import schema, sql

if TYPE_CHECKING:
    from netanalytics.engine import Engine

UNIT = 2.0**32
"""Sums are multiples of 1/UNIT: exact, so the same in any order and on any number of threads."""

SUMS = (
    "weeks",
    "recent_weeks",
    "contacts_30",
    "contacts_90",
    "contacts_180",
    "days_15",
    "days_30",
    "kernel",
    "gap_squares",
    "first_to_last",
    "shared_30",
)
"""What a model reads beside the dates of a pair."""

_WHOLE = ("recent_weeks", "gap_squares", "first_to_last")
_IN_UNITS = tuple(name for name in SUMS if name not in _WHOLE)


@dataclass(frozen=True)
class PairDays:
    """A log as one row a pair and day, in the engine.

    Parameters
    ----------
    engine : Engine
        Where the tables are.
    pair_days, shared_days : str
        Tables: days with contact, and days on which both were reached by one message.
    first, last : int
        First and last day with contact, counted from 1970; first > last where there is none.
    facts : bool
        Whether days of connecting are among them: no contact, but all that is known of some pairs.
    """

    engine: Engine
    pair_days: str
    shared_days: str
    first: int
    last: int
    facts: bool = False

    def drop(self) -> None:
        """Forget the tables."""
        for name in (self.pair_days, self.shared_days):
            self.engine.drop(name)

    def at(self, day: int) -> pd.DataFrame:
        """Return what was known of every pair when a day began.

        Parameters
        ----------
        day : int
            Counted from 1970. Nothing on or after it is read.

        Returns
        -------
        pandas.DataFrame
            Index (a, b): n, days, idle, known, longest, median (days) and :data:`SUMS`. The day of
            connecting counts only where there was nothing else before ``day``.
        """
        days = self.pair_days
        if self.facts:
            days = self.engine.materialise(sql.text("known_days", pair_days=days, at=day))
        rows = self.engine.query(sql.text("snapshot", pair_days=days, at=day, unit=UNIT))
        rows = rows.set_index(["a", "b"])
        if self.facts:
            self.engine.drop(days)
        shared = self.engine.query(
            sql.text("snapshot_shared", shared_days=self.shared_days, at=day)
        ).set_index(["a", "b"])
        rows["shared_30"] = shared["shared_30"].reindex(rows.index).fillna(0.0)
        for name in _IN_UNITS:
            rows[name] = rows[name].astype(float) / UNIT
        whole = ("n", "days", "idle", "known", "longest", "recent_weeks", "first_to_last")
        return rows.astype(dict.fromkeys(whole, "int64"))

    def contact_between(self, pairs: pd.Index, start: int, end: int) -> np.ndarray:
        """Say for each pair whether there was contact from day ``start`` to before ``end``."""
        found = self.engine.query(
            f"SELECT DISTINCT a, b FROM {self.pair_days} "
            f"WHERE fact = 0 AND day >= {int(start)} AND day < {int(end)}"
        )
        return np.asarray(pairs.isin(found.set_index(["a", "b"]).index), dtype=bool)

    def contacts_before(self, day: int) -> int:
        """Return how many contacts there were before a day."""
        found = self.engine.query(
            f"SELECT cast(coalesce(sum(n), 0) AS bigint) AS n FROM {self.pair_days} "
            f"WHERE fact = 0 AND day < {int(day)}"
        )
        return int(found["n"].iloc[0])


def pair_days(engine: Engine, contacts: str) -> PairDays:
    """Walk the contacts of a log once.

    Parameters
    ----------
    engine : Engine
        Where they are.
    contacts : str
        Table with people as numbers and calendar days.
    """
    pairs = engine.materialise(
        sql.text("pair_days", contacts=contacts, connection=schema.CONNECTION)
    )
    shared = engine.materialise(
        sql.text("shared_days", contacts=contacts, pair_days=pairs, unit=UNIT)
    )
    days = engine.query(
        f"SELECT coalesce(min(day), 1) AS first, coalesce(max(day), 0) AS last FROM {pairs} "
        f"WHERE fact = 0"
    ).iloc[0]
    facts = bool(engine.size(f"SELECT 1 AS one FROM {pairs} WHERE fact = 1 LIMIT 1"))
    return PairDays(engine, pairs, shared, int(days["first"]), int(days["last"]), facts)
