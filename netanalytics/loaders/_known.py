"""People of a source that gives them ids of its own, and ids as text that can be stored."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from netanalytics.loaders._persons import address_in, tidy

if TYPE_CHECKING:
    import pandas as pd


_LONGEST = 1_000
"""Characters of a cell that are looked at: no name is longer, whatever else stands there."""


def id_of(value: Any) -> str | None:
    """Return an id on one line, without signs that cannot be seen or stored, or None.

    Parameters
    ----------
    value : object
        As the source gives it; only text and whole numbers name somebody.

    Returns
    -------
    str or None
    """
    if isinstance(value, str):
        return _tidy(value[:_LONGEST])
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if abs(value) < 1 << 63 else None
    return None


_tidy = lru_cache(maxsize=65_536)(tidy)  # the same few ids stand in every record


def _shown(value: Any) -> str | None:
    return tidy(value[:_LONGEST]) if isinstance(value, str) else None


class Known:
    """Collects what a source says about people; what it says first is believed."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[str, Any]] = {}

    def add(self, person: str, *, addresses: Any = None, **attributes: Any) -> None:
        """Add a person, or what is new about one.

        Parameters
        ----------
        person : str
            The id that contacts use.
        addresses : object, optional
            A mail address; anything else is passed over.
        **attributes : object
            Columns; what is neither text nor a boolean is passed over, and so is empty text.
        """
        row = self._rows.setdefault(person, {"addresses": {}})
        address = address_in(_shown(addresses) or "")
        if address:
            row["addresses"][address] = None
        for column, value in attributes.items():
            kept = value if isinstance(value, bool) else _shown(value)
            if kept is not None:
                row.setdefault(column, kept)

    def __contains__(self, person: object) -> bool:
        """Say whether somebody has been added."""
        return person in self._rows

    def __len__(self) -> int:
        """Return how many people there are."""
        return len(self._rows)

    def frame(self) -> pd.DataFrame | None:
        """Return the table of people, or None if there are none."""
        import pandas as pd

        if not self._rows:
            return None
        rows = [
            {**row, "person": person, "addresses": ";".join(row["addresses"]) or None}
            for person, row in self._rows.items()
        ]
        table = pd.DataFrame(rows)
        if table["addresses"].isna().all():
            table = table.drop(columns="addresses")
        if "is_bot" in table.columns:
            table["is_bot"] = table["is_bot"].eq(other=True)
        first = [name for name in ("person", "name", "addresses") if name in table.columns]
        return table[first + [name for name in table.columns if name not in first]]
