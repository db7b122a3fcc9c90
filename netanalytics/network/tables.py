"""Ties and people of a network from the tables that others bring, and back to rows."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from netanalytics import schema
from netanalytics.errors import EmptyLogError, SchemaError

SMALLEST_STRENGTH = 1e-300
"""Strengths are kept above this, so that 1/strength stays a number for ties decades old."""


def positive(strength: pd.Series) -> np.ndarray:
    """Return strengths as an array, none of them 0."""
    floats: np.ndarray = np.maximum(strength.to_numpy(dtype=float), SMALLEST_STRENGTH)
    return floats


def tie_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a table of ties, checked: source, target and strength."""
    schema.require_columns(frame, "ties", ["source", "target"])
    rows = frame.reset_index(drop=True).reindex(columns=["source", "target", "strength"])
    if "strength" not in frame.columns:
        rows["strength"] = 1.0
    violations = []
    for column in ("source", "target"):
        rows[column] = schema.text_ids(rows[column])
        empty = rows[column].isna()
        if empty.any():
            at = schema.first_rows(rows, empty)
            violations.append(f"column {column!r} is empty in {at}: give an id")
    strength = pd.to_numeric(rows["strength"], errors="coerce").astype(float)
    bad = ~strength.map(np.isfinite)
    if bad.any():
        at = schema.first_rows(rows, bad)
        violations.append(f"column 'strength' is not a finite number in {at}: give a number")
    if violations:
        raise SchemaError("ties", violations)
    rows["strength"] = strength
    return rows.astype({"source": "str", "target": "str"})


def everyone_in(people: pd.DataFrame | None, ids: Sequence[pd.Series]) -> pd.DataFrame:
    """Return the people table with a row for everybody who is in it or in the ties."""
    seen = pd.Index(pd.concat(list(ids)).unique(), dtype="str")
    if people is None:
        table = with_everyone(None, pd.Index(seen, name="person").sort_values())
    else:
        table = with_everyone(schema.people_table(people), seen)
    if not len(table):
        raise EmptyLogError("there is nobody in this network: no people and no ties")
    return table


def pairs_of(rows: pd.DataFrame, *, directed: bool) -> pd.DataFrame:
    """Add up the rows of each unordered pair."""
    forward = (rows["source"] < rows["target"]).to_numpy()
    strength = rows["strength"].to_numpy()
    pairs = pd.DataFrame(
        {
            "source": rows["source"].where(forward, rows["target"]),
            "target": rows["target"].where(forward, rows["source"]),
            "n": 1,
            "n_forward": (forward & directed).astype(int),
            "n_back": (~forward & directed).astype(int),
            "strength": strength,
            "strength_forward": np.where(forward & directed, strength, 0.0),
            "strength_back": np.where(~forward & directed, strength, 0.0),
        }
    )
    # Equal rows in another order would add up to another last digit: sort before adding.
    pairs = pairs.sort_values(["source", "target", "strength"], kind="stable")
    with np.errstate(over="ignore"):
        ties = pairs.groupby(["source", "target"], sort=True).sum()
        if directed:
            ties["strength"] = ties["strength_forward"] + ties["strength_back"]
    endless = ~np.isfinite(ties["strength"].to_numpy())
    if endless.any():
        pair = " and ".join(map(repr, ties.index[int(endless.argmax())]))
        raise SchemaError(
            "ties", [f"the strengths between {pair} add up to more than a number holds: scale them"]
        )
    return ties


def mirrored(column: str) -> str:
    """Return what a column of a tie is called from its other end."""
    if column.endswith("_forward"):
        return column.removesuffix("_forward") + "_back"
    if column.endswith("_back"):
        return column.removesuffix("_back") + "_forward"
    return column


def records_of(
    table: pd.DataFrame, keys: Sequence[Any]
) -> Iterator[tuple[Any, dict[Hashable, Any]]]:
    """Go through the rows of a table as dictionaries, each with its key."""
    columns = [table[column].tolist() for column in table.columns]
    for key, *values in zip(keys, *columns, strict=True):
        yield key, dict(zip(table.columns, values, strict=True))


def with_everyone(table: pd.DataFrame | None, ids: pd.Index) -> pd.DataFrame:
    """Return the people table with a row for each of these ids as well."""
    if table is None:
        return pd.DataFrame(index=ids)
    whole = table.reindex(table.index.union(ids).sort_values())
    whole.index = whole.index.astype("str").rename("person")
    return whole
