"""What tests of export loaders share: small exports on disk, canaries, and broken files."""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

import netanalytics as na
from netanalytics import schema
from netanalytics.engine import DuckDBEngine
from netanalytics.errors import LoaderError, SchemaError
from netanalytics.loaders import Batch, Options

ENGINE = DuckDBEngine(threads=1)
"""Opening one takes longer than reading a small export."""

load = partial(na.load, engine=ENGINE)

CANARY = "xyzzycanary"
"""Stands in every body, subject and title of these tests, and in no table."""


def lay_out(folder: Path, files: Mapping[str, Any]) -> Path:
    """Write files into a folder: text and bytes as they are, anything else as JSON."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(as_bytes(content))
    return folder


def zipped(path: Path, files: Mapping[str, Any]) -> Path:
    """Write the same files into a zip."""
    path.write_bytes(zip_bytes(files))
    return path


def zip_bytes(files: Mapping[str, Any]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(zipfile.ZipInfo(name), as_bytes(content), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def as_bytes(content: Any) -> bytes:
    if isinstance(content, bytes):
        return content
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    return text.encode("utf-8", "surrogatepass")


def counts(log, unit: str) -> dict[str, int]:
    """What the card counts in one unit, by reason, without zeros."""
    card = log.card[(log.card["unit"] == unit) & (log.card["n"] > 0)]
    return card.groupby("reason")["n"].sum().to_dict()


def contacts(log, *columns: str) -> list[tuple]:
    frame = log.to_frame()
    shown = frame[list(columns or ("source", "target", "role"))]
    return list(shown.astype(object).where(shown.notna(), None).itertuples(index=False, name=None))


def everything(log) -> str:
    """All that a log gives away, as one text."""
    frames = [log.to_frame(), log.card, log.coverage, log.people, log.relations, log.planned]
    texts = [frame.reset_index().to_csv() for frame in frames if frame is not None]
    return "\n".join([*texts, *log.notes]).casefold()


def read_safely(read: Callable[..., Any], path: Path) -> list[Batch]:
    """Read what may be broken: only the two errors may come out, and what comes out holds."""
    try:
        batches = read(path, Options(), ENGINE)
    except (LoaderError, SchemaError) as error:
        assert len(str(error).splitlines()) == 1
        return []
    batches = [batches] if isinstance(batches, Batch) else batches
    for batch in batches:
        assert all(n > 0 for _, n in batch.skipped)
        if batch.people is not None:
            schema.people_table(batch.people)
        if batch.query is not None:
            times = ENGINE.query(f"SELECT min(size) AS size FROM ({batch.query}) AS rows")
            assert times["size"].isna().all() or times["size"].iloc[0] >= 2
    return batches


def broken(good: bytes) -> st.SearchStrategy[bytes]:
    """Random bytes, and good files with pieces cut, doubled, overwritten or moved."""
    return st.one_of(
        st.binary(max_size=400),
        st.integers(0, 2**32).map(lambda seed: mutated(good, random.Random(seed))),
    )


_ODD = (b"\x00", b"\xff\xfe", b'"', b"{", b"[", b"]", b"}", b"\n", b"\\ud800", b"9" * 40, b"null")


def mutated(good: bytes, chance: random.Random) -> bytes:
    data = bytearray(good)
    for _ in range(chance.randint(1, 8)):
        start = chance.randrange(len(data) + 1)
        end = min(len(data), start + chance.choice((1, 3, 20, 200)))
        change = chance.randrange(4)
        if change == 0:
            del data[start:end]
        elif change == 1:
            data[start:end] = chance.choice(_ODD)
        elif change == 2:
            data[start:start] = data[start:end]
        else:
            data[start:end] = bytes(chance.randrange(256) for _ in range(end - start))
    return bytes(data)
