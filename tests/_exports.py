"""What the tests of several loaders share: reading one export, its card, and spoiling good ones."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pandas as pd
from hypothesis import strategies as st

import netanalytics as na
from netanalytics import registry, schema
from netanalytics.engine import DuckDBEngine
from netanalytics.loaders import Batch, Options, discover

discover()


def written(path: Path, data: str | bytes, encoding: str = "utf-8") -> Path:
    path.write_bytes(data if isinstance(data, bytes) else data.encode(encoding))
    return path


def counts(log: na.Interactions, file: str | None = None, unit: str | None = None) -> dict:
    """Reasons and numbers of the records (not the contacts) of a file."""
    card = log.card[log.card["unit"] != "contact"]
    if file is not None:
        card = card[card["file"] == file]
    if unit is not None:
        card = card[card["unit"] == unit]
    return {reason: n for reason, n in card.groupby("reason")["n"].sum().items() if n}


def pairs(log: na.Interactions) -> list[tuple[str, str]]:
    return [tuple(row) for row in log.to_frame()[["source", "target"]].to_numpy()]


def everything(log: na.Interactions) -> str:
    """All that a log shows of itself, as text."""
    tables = [log.to_frame(), log.card, log.coverage, log.people, log.relations, log.planned]
    text = "\n".join(table.to_csv() for table in tables if table is not None)
    return text + "\n".join(log.notes)


def read(kind: str, path: Path, engine: DuckDBEngine, **options) -> int:
    """Run one loader and check what it hands over; return how many records it counted."""
    card = registry.loaders()[kind]
    batches = card.function(path, Options(**options), engine)
    records = 0
    for batch in [batches] if isinstance(batches, Batch) else batches:
        assert all(n >= 0 and reason for reason, n in batch.skipped)
        records += sum(n for _, n in batch.skipped)
        if batch.people is not None:
            assert len(schema.people_table(batch.people)) == len(batch.people)
        if batch.relations is not None:
            schema.relations_table(batch.relations)
        if batch.query is not None:
            frame = engine.query(batch.query)
            records += frame["record"].nunique()
            assert pd.api.types.is_integer_dtype(frame["time"]) or not len(frame)
            undirected = frame[~frame["directed"].astype(bool)]
            assert undirected["role"].dropna().isin(["organiser", "attendee"]).all()
    return records


def spoiled(*seeds: str | bytes) -> st.SearchStrategy[bytes]:
    """Random bytes, and good exports with some of their bytes changed, cut or repeated."""
    whole = [seed if isinstance(seed, bytes) else seed.encode() for seed in seeds]
    pieces = st.one_of(
        st.binary(max_size=6),
        st.sampled_from(
            [b"", b'"', b"\n", b"\t", b",", b"\x00", b"99999999999", b"-1", b"\xff\xfe", b"<", b"&"]
        ),
    )
    edit = st.tuples(st.floats(0, 1), st.integers(0, 40), pieces)
    return st.one_of(
        st.binary(max_size=300),
        st.builds(_edited, st.sampled_from(whole), st.lists(edit, min_size=1, max_size=6)),
        st.builds(lambda seed, rest: seed + rest, st.sampled_from(whole), st.binary(max_size=80)),
    )


STRANGE = (None, True, 5, -1.5, 1e400, "", "x", "2026-13-45", "\ud800", [], {}, [[]], {"data": 1})


def spoiled_json(document) -> st.SearchStrategy[str]:
    """A good document with some of its parts replaced by others."""
    places = list(_places(document, ()))
    changes = st.lists(
        st.tuples(st.sampled_from(places), st.sampled_from(STRANGE)), min_size=1, max_size=8
    )
    return st.builds(lambda edits: _replaced(document, edits), changes)


def _places(value, path):
    children = value.items() if isinstance(value, dict) else enumerate(value)
    for key, child in children if isinstance(value, dict | list) else ():
        yield (*path, key)
        if isinstance(child, dict | list):
            yield from _places(child, (*path, key))


def _replaced(document, edits) -> str:
    whole = json.loads(json.dumps(document))
    for path, value in edits:
        at = whole
        try:
            for key in path[:-1]:
                at = at[key]
            at[path[-1]] = copy.deepcopy(value)  # a later edit may reach inside it
        except (KeyError, IndexError, TypeError):
            continue
    return json.dumps(whole)


def _edited(data: bytes, edits: list[tuple[float, int, bytes]]) -> bytes:
    for where, length, piece in edits:
        at = int(where * len(data))
        data = data[:at] + piece + data[at + length :]
    return data
