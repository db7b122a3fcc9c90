"""Where a loader that reads record by record puts its contacts.

Rows go to the engine in batches, so that memory stays bounded however long the file is, and every
record is either kept or counted with a reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from netanalytics.loaders import Batch

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

    from netanalytics.engine import Engine

BATCH = 20_000
"""Rows held in Python before they go to the engine."""

MOST_TABLES = 32
"""Of a long source a larger part is held, so that its tables do not become many."""

COLUMNS = (
    "record",
    "time",
    "source",
    "target",
    "channel",
    "event",
    "size",
    "directed",
    "role",
    "reply_to",
    "origin",
)

_DTYPES = {"record": "int64", "time": "Int64", "size": "Int64", "directed": "bool"}


class Rows:
    """Collects the contacts and the counts of one source.

    Parameters
    ----------
    engine : Engine
        Where the rows go.

    Notes
    -----
    Start each record of the source (a mail, an event, a message) with :meth:`record`, then either
    add its contacts or :meth:`skip` it. Self-contacts, repeats and mass events need no care here:
    they are found and counted for all sources alike.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._pending: list[tuple[Any, ...]] = []
        self._tables: list[str] = []
        self._most = BATCH
        self._given = 0
        self._records = 0
        self.counted: Counter[str] = Counter()

    def record(self) -> int:
        """Begin the next record and return its number."""
        self._records += 1
        return self._records

    def skip(self, reason: str, n: int = 1) -> None:
        """Count records that hold no contact, with the reason."""
        self.counted[reason] += n

    def contact(  # noqa: PLR0913  # the columns of the log, all by name
        self,
        time: int | None,
        source: str | None,
        target: str | None,
        *,
        channel: str,
        event: str | None = None,
        size: int | None = None,
        directed: bool = True,
        role: str | None = None,
        reply_to: str | None = None,
        origin: str | None = None,
    ) -> None:
        """Add one contact of the present record; ``time`` in microseconds since 1970, UTC."""
        self._pending.append(
            (
                self._records,
                time,
                source or None,
                target or None,
                channel,
                event or None,
                size,
                directed,
                role or None,
                reply_to or None,
                origin,
            )
        )
        if len(self._pending) >= self._most:
            self._flush()

    def _flush(self) -> None:
        import pandas as pd

        frame = pd.DataFrame(self._pending, columns=list(COLUMNS))
        frame = frame.astype({name: _DTYPES.get(name, "string") for name in COLUMNS})
        self._tables.append(self._engine.register(frame))
        self._given += len(self._pending)
        self._most = max(BATCH, self._given // MOST_TABLES)
        self._pending.clear()

    def batch(
        self,
        *,
        notes: Iterable[str] = (),
        people: pd.DataFrame | None = None,
        relations: pd.DataFrame | None = None,
        until: int | None = None,
        label: str | None = None,
        unit: str | None = None,
    ) -> Batch:
        """Hand everything over; see :class:`netanalytics.loaders.Batch` for the parameters."""
        if self._pending or not self._tables:
            self._flush()
        return Batch(
            query=" UNION ALL ".join(f"SELECT * FROM {table}" for table in self._tables),
            tables=tuple(self._tables),
            ready=True,
            skipped=tuple(sorted(self.counted.items())),
            notes=tuple(notes),
            people=people,
            relations=relations,
            until=until,
            label=label,
            unit=unit,
        )


def micros_of(moment: dt.datetime) -> int:
    """Return the microseconds since 1970 of a moment; one without a zone is taken as UTC.

    Integer arithmetic: a float loses microseconds after 2004.
    """
    import datetime as dt

    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    since = moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
