"""The rows of all batches on their way into one log."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from netanalytics.unmapped import DoNotMap, leave_out

if TYPE_CHECKING:
    from netanalytics.engine import Engine
    from netanalytics.loaders import Batch

LARGE = 50_000
"""Rows of a batch that are not copied once more."""

_NO_ROWS = (
    "SELECT 0 AS file, cast(0 AS bigint) AS record, '' AS source, '' AS target, "
    "cast(0 AS bigint) AS time, '' AS channel, '' AS event, cast(2 AS bigint) AS size, "
    "true AS directed, '' AS role, '' AS reply_to, '' AS origin WHERE false"
)


class Gathered:
    """The rows of all batches: those of large ones where they are, of small ones together."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._small = [_NO_ROWS]
        self._large: list[str] = []
        self._tables: list[str] = []

    def add(self, number: int, label: str, batch: Batch) -> None:
        """Take the rows of a batch."""
        query, tables = batch.query or "", batch.tables
        if not batch.ready:
            held = self._engine.materialise(query)
            self._drop(tables)
            query, tables = f"SELECT * FROM {held}", (held,)
        among = self._large if self._engine.size(query) >= LARGE else self._small
        among.append(_select(self._engine, number, label, query))
        self._tables += tables

    def query(self) -> str:
        """Return the query that gives all rows."""
        small = self._engine.materialise(" UNION ALL ".join(self._small))
        if not self._large:
            self._drop(self._tables)
            self._tables.clear()
        self._tables.append(small)
        return " UNION ALL ".join([f"SELECT * FROM {small}", *self._large])

    def leave_out(self, hidden: DoNotMap) -> tuple[list[tuple[int, str, int]], list[str]]:
        """Take people out; say how many records of each file that cost, and who they are."""
        if not hidden:
            return [], []
        whole = self._engine.materialise(self.query())
        self.drop()
        left, skipped, gone = leave_out(self._engine, whole, hidden)
        self._small, self._large, self._tables = [_NO_ROWS], [f"SELECT * FROM {left}"], [left]
        return skipped, gone

    def drop(self) -> None:
        """Forget the rows, of which the log is made."""
        self._drop(self._tables)

    def _drop(self, tables: Iterable[str]) -> None:
        for table in tables:
            self._engine.drop(table)


def _select(engine: Engine, number: int, label: str, query: str) -> str:
    import pandas as pd

    origin = engine.register(pd.DataFrame({"label": [label]}))
    return (
        f"SELECT {number} AS file, b.record, b.source, b.target, b.time, b.channel, b.event, "
        f"b.size, b.directed, b.role, b.reply_to, coalesce(b.origin, o.label) AS origin "
        f"FROM ({query}) AS b CROSS JOIN {origin} AS o"
    )
