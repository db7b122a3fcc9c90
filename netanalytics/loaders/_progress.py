"""How much of what is to be read has been read: bytes, told now and then to who asked."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from netanalytics.loaders import Options
    from netanalytics.loaders._members import Member

STEP = 1 << 20
"""Bytes between two tellings, and those read at once."""

Tell = Callable[[str, int, int], None]
"""Takes the name of a file, the bytes read of all files, and the bytes in all."""


class Progress:
    """Counts the bytes that loaders read.

    Parameters
    ----------
    tell : callable
        What to call with a name, the bytes done and those in all.
    total : int
        Bytes of all sources.
    """

    def __init__(self, tell: Tell, total: int) -> None:
        self._tell = tell
        self._total = total
        self._label = ""
        self._done = self._told = self._end = 0

    def begin(self, label: str, size: int) -> None:
        """Come to the next source; the one before is done, however its bytes were read."""
        self._label = label
        self._done, self._end = self._end, self._end + size
        self._say()

    def add(self, n: int) -> None:
        """Count bytes of the present source; a file that is read twice counts once."""
        self._done = min(self._done + n, self._end)
        if self._done - self._told >= STEP:
            self._say()

    def finish(self) -> None:
        """Say that all is read."""
        self._done = self._end
        self._say()

    def _say(self) -> None:
        self._told = self._done
        self._tell(self._label, self._done, self._total)


class _Watched(io.RawIOBase):
    """A stream that counts what is read from it."""

    def __init__(self, stream: IO[bytes], progress: Progress) -> None:
        self._stream, self._progress = stream, progress

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._stream.seekable()

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._stream.seek(offset, whence)

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        piece = self._stream.read(len(buffer))
        buffer[: len(piece)] = piece
        self._progress.add(len(piece))
        return len(piece)

    def close(self) -> None:
        self._stream.close()
        super().close()


def opened(path: Path | Member, options: Options) -> IO[bytes]:
    """Open a file as a stream of bytes whose progress is told, where somebody asked."""
    file = path.open("rb")
    return file if options.progress is None else watched(file, options.progress)


def watched(stream: IO[bytes], progress: Progress) -> io.BufferedReader:
    """Return a stream that counts what is read from it."""
    return io.BufferedReader(_Watched(stream, progress), STEP)


def size_of(path: object) -> int:
    """Return the bytes of a file, or of all files in a folder; links are not followed."""
    try:
        if not isinstance(path, Path):
            return 0
        if not path.is_dir():
            return path.stat().st_size
        return sum(
            (Path(folder) / name).lstat().st_size
            for folder, _, names in os.walk(path)
            for name in names
        )
    except OSError:
        return 0
