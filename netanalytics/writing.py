"""Files that are written: whole or not at all, and over nothing that is somebody else's."""

from __future__ import annotations

import uuid
from pathlib import Path

from netanalytics.errors import NetAnalyticsError

HEAD = 4_000
"""Characters in which a file tells who wrote it."""


def write_whole(path: Path, text: str) -> Path:
    """Write a text file as :func:`put` does, in a folder that is made if it does not exist."""
    path.parent.mkdir(parents=True, exist_ok=True)
    put(path, text.encode())
    return path


def put(path: Path, content: bytes) -> None:
    """Write a file through a temporary one, so that a reader never sees half of it."""
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}.tmp")
    try:
        with temporary.open("xb") as stream:
            stream.write(content)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def bears(path: Path, mark: str) -> bool:
    """Say whether a file begins with a text that holds a mark."""
    if not path.is_file():
        return False
    with path.open(encoding="utf-8", errors="replace") as stream:
        return mark in stream.read(HEAD)


def spare(path: Path, mark: str, what: str) -> None:
    """Refuse to write over a file that does not bear our mark; an empty one may go.

    Parameters
    ----------
    path : Path
        What is to be written.
    mark : str
        What every file of this sort has near its beginning.
    what : str
        What this sort is called.

    Raises
    ------
    NetAnalyticsError
        If there is such a file, or a folder of that name.
    """
    if path.is_dir():
        raise NetAnalyticsError(f"{path.name}: is a folder: name a file")
    if path.exists() and path.stat().st_size and not bears(path, mark):
        raise NetAnalyticsError(
            f"{path.name}: is there and is no {what} that netanalytics wrote: choose another name"
        )
