"""A file inside an archive, with the few doors of a ``Path`` that loaders of single files use."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, TypeGuard

from netanalytics.loaders._archive import DamagedError

HEAD = 1 << 16
"""Bytes of a file that can be looked at before it is read, where it can be read only once."""


@dataclass(frozen=True)
class _State:
    st_size: int
    st_mtime_ns: int = 0


class Member:
    """A file inside an archive.

    Parameters
    ----------
    name : str
        With its folders.
    opener : callable
        Opens it.
    size : int
        Its bytes, as the archive states them.
    """

    def __init__(self, name: str, opener: Callable[[], IO[bytes]], size: int) -> None:
        path = PurePosixPath(name)
        self.name, self.suffix = path.name, path.suffix
        self._opener, self._size = opener, size

    def is_file(self) -> bool:
        """Say yes."""
        return True

    def is_dir(self) -> bool:
        """Say no."""
        return False

    def stat(self) -> _State:
        """Return its size."""
        return _State(self._size)

    def open(self, _mode: str = "rb") -> IO[bytes]:
        """Open it as a stream of bytes."""
        return self._opener()


def is_file(path: object) -> TypeGuard[Path | Member]:
    """Say whether something is a file, on disk or in an archive."""
    return isinstance(path, Path | Member) and path.is_file()


def readable_once(name: str, size: int, stream: IO[bytes]) -> Member:
    """Return a member of which the beginning can be read often, and the rest once."""
    head = stream.read(HEAD)
    used = False
    if len(head) < HEAD:
        return Member(name, lambda: io.BytesIO(head), size)

    def use() -> IO[bytes]:
        nonlocal used
        if used:
            raise DamagedError(f"{name}: is packed so that it can be read only once")
        used = True
        return stream

    return Member(name, lambda: io.BufferedReader(_Replayed(head, use), HEAD), size)


class _Replayed(io.RawIOBase):
    """A beginning that is held, then what follows it."""

    def __init__(self, head: bytes, rest: Callable[[], IO[bytes]]) -> None:
        super().__init__()
        self._head, self._rest = io.BytesIO(head), rest
        self._stream: IO[bytes] | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        data = self._head.read(len(buffer))
        if not data:
            self._stream = self._stream or self._rest()
            data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)
