"""A tar, packed with gzip or not: its files one after the other, as they stand in it.

A tar has no list of what it holds, so it is gone through once from its beginning and nothing is
unpacked to disk. What leads out of it is refused as in a zip (``_archive``), and what unpacks to
absurd sizes is refused while it is read; so are headers that are longer than any header, because
``tarfile`` would hold them whole.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import struct
import tarfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from netanalytics.errors import LoaderError
from netanalytics.loaders import _archive
from netanalytics.loaders._archive import DamagedError, around, damaged, hidden, inside, shown
from netanalytics.loaders._progress import Progress, watched

LONGEST_HEADER = 1 << 20
"""Bytes before one file; a name of 4,000 letters takes 10,000."""

LOOKED_AT = 8 << 20
"""Bytes on which a tar is recognised."""

MOST_HELD = 128 << 20
"""Bytes, packed, of what is held to be read in another order than it stands in a tar."""

BROKEN = "the rest of it, because it breaks off or is damaged"

_GZIP, _USTAR, _MARK = b"\x1f\x8b", b"ustar", 257
_PIECE = 1 << 16
_DAMAGE = (
    tarfile.TarError,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    IndexError,
    OverflowError,
    RecursionError,  # headers of headers
)


class _EnoughError(Exception):
    """As much was read as was to be looked at."""


class Tar:
    """The files of a tar in the order in which they stand there; it can be gone through once.

    Parameters
    ----------
    path : Path
        The tar.
    progress : Progress, optional
        Takes the bytes that are read.
    most : int, optional
        After how many bytes to stop without a word.

    Attributes
    ----------
    label : str
        What to call it.
    refused : collections.Counter
        Why and how many other entries are not read; whether it breaks off is known at the end.
    """

    def __init__(
        self, path: Path, progress: Progress | None = None, *, most: int | None = None
    ) -> None:
        self.label = shown(path.name)
        self.refused: Counter[str] = Counter()
        try:
            self._file = path.open("rb")
            self._plain = _Plain(self.label, path.stat().st_size, most)
        except OSError as error:
            raise LoaderError(f"{self.label}: cannot be read ({error.strerror})") from None
        stream = watched(self._file, progress) if progress else self._file
        packed = self._file.read(2) == _GZIP
        self._file.seek(0)
        self._plain.source = gzip.GzipFile(fileobj=stream) if packed else stream
        self._started = False

    def __iter__(self) -> Iterator[tuple[str, int, IO[bytes]]]:
        """Yield the name, the size and the content of each file; read it before the next one."""
        seen: set[str] = set()
        number = 0
        for entry, stream in self._entries():
            name = inside(entry.name)
            reason = _refusal(entry, name)
            number += 1
            if number > _archive.MOST_FILES:
                raise LoaderError(f"{self.label}: holds more than {_archive.MOST_FILES:,} files")
            if entry.isdir() or (name and hidden(name)):
                continue
            if name in seen and reason is None:
                reason = "a second file of the same name"
            if reason is not None or name is None:
                self.refused[str(reason)] += 1
                continue
            seen.add(name)
            yield name, entry.size, stream

    def _entries(self) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
        """Go from header to header, and say at the end whether it was one."""
        self._plain.left = LONGEST_HEADER
        try:
            with tarfile.open(
                fileobj=self._plain,
                mode="r|",
                bufsize=_PIECE,
                errors="surrogateescape",
            ) as tar:
                stream: Any = tar.fileobj
                while (entry := self._next(tar, stream)) is not None:
                    self._started = True
                    yield entry, io.BufferedReader(_Entry(self.label, tar, entry), _PIECE)
                # Behind the last file stand blocks of zeros: what else does is no end.
                whole = stream.tell() - tar.offset >= tarfile.BLOCKSIZE
                while whole and (rest := stream.read(_PIECE)):
                    whole = not rest.strip(b"\0")
        except _EnoughError:
            return
        except DamagedError as error:
            self._broken(error)
            return
        except LoaderError:
            raise
        except _DAMAGE as error:
            self._broken(error)
            return
        if not whole:
            self.refused[BROKEN] += 1

    def _next(self, tar: tarfile.TarFile, stream: Any) -> tarfile.TarInfo | None:
        """Pass what is left of a file, then read the header of the next one."""
        self._plain.left = None
        if self._started:  # the header of the first file has been read on opening
            stream.seek(max(stream.tell(), tar.offset - 1))
        self._plain.left = LONGEST_HEADER
        entry = tar.next()
        self._plain.left = None
        tar.members.clear()  # type: ignore[attr-defined]  # it would hold them all
        return entry

    def _broken(self, error: Exception) -> None:
        if not self._started:
            raise damaged(self.label, error) from None
        self.refused[BROKEN] += 1

    def __enter__(self) -> Tar:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self._file.close()


class _Plain(io.RawIOBase):
    """The bytes of a tar, of which there are not absurdly many."""

    def __init__(self, label: str, size: int, most: int | None) -> None:
        super().__init__()
        self.source: io.BufferedReader | gzip.GzipFile | io.BytesIO = io.BytesIO()
        self.left: int | None = None
        self._label, self._size, self._most = label, size, most
        self._spent = 0

    def read(self, size: int = -1, /) -> bytes:
        # At most: where a file breaks off, this still gives what stands before.
        data = self.source.read1(size)
        self._spent += len(data)
        if self._most is not None and self._spent > self._most:
            raise _EnoughError
        if self._spent > _archive.FREE and self._spent > _archive.RATIO * self._size:
            raise _archive.absurd(self._label)
        if self._spent > _archive.LARGEST_TOTAL:
            raise LoaderError(
                f"{self._label}: unpacks to more than {_archive.LARGEST_TOTAL >> 30} GB"
            )
        if self.left is not None:
            self.left -= len(data)
            if self.left < 0:
                raise DamagedError(f"{self._label}: the header of a file is absurdly long")
        return data


class _Entry(io.RawIOBase):
    """One file of a tar; what goes wrong in it is one kind of error."""

    def __init__(self, label: str, tar: tarfile.TarFile, entry: tarfile.TarInfo) -> None:
        super().__init__()
        self._label = f"{label}/{shown(entry.name)}"
        self._tar, self._entry = tar, entry
        self._opened: IO[bytes] | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            self._opened = self._opened or self._tar.extractfile(self._entry)
            data = self._opened.read(len(buffer)) if self._opened else b""
        except LoaderError:
            raise
        except _DAMAGE as error:
            raise damaged(self._label, error) from None
        buffer[: len(data)] = data
        return len(data)


def _refusal(entry: tarfile.TarInfo, name: str | None) -> str | None:
    """Say why an entry is not read, or return None."""
    if entry.issym() or entry.islnk():
        return "a link"
    if name is None:
        return "a name that leads out of the archive"
    if entry.issparse() or not entry.isreg():
        return "no plain file"
    return None


class Held:
    """Some files of a tar, held packed in memory and looked at like those of an archive.

    Parameters
    ----------
    path : Path
        The tar.
    wanted : callable
        Says by its name whether a file will be opened.
    progress : Progress, optional
        Takes the bytes that are read.

    Raises
    ------
    LoaderError
        If it cannot be read, or what is wanted of it is more than memory should hold.
    """

    def __init__(
        self, path: Path, wanted: Callable[[str], bool], progress: Progress | None = None
    ) -> None:
        found: dict[str, bytes | None] = {}
        held = 0
        with Tar(path, progress) as tar:
            self.label, self.refused = tar.label, tar.refused
            for name, _, stream in tar:
                found[name] = None
                if wanted(name):
                    packed = _packed(stream, MOST_HELD - held, self.label)
                    found[name], held = packed, held + len(packed)
        top = around(list(found))
        self._files = {name[len(top) :]: packed for name, packed in found.items()}
        self.names = tuple(sorted(self._files))

    def open(self, name: str) -> IO[bytes]:
        """Open one of the files that are held as a stream of bytes.

        Raises
        ------
        DamagedError
            If it is not held.
        """
        packed = self._files.get(name)
        if packed is None:
            raise DamagedError(f"{self.label}/{name}: is not held")
        return io.BufferedReader(gzip.GzipFile(fileobj=io.BytesIO(packed)), _PIECE)


def _packed(stream: IO[bytes], most: int, label: str) -> bytes:
    """Pack what a stream gives; where it breaks off, what came before."""
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", compresslevel=1, mtime=0) as packer:
        try:
            while piece := stream.read(_PIECE):
                packer.write(piece)
                if buffer.tell() > most:
                    raise LoaderError(
                        f"{label}: holds too much to be read packed: unpack it and name the folder"
                    )
        except DamagedError:
            pass  # the tar says so at its end
    return buffer.getvalue()


def is_tar(path: Any) -> bool:
    """Say whether a file begins like a tar, packed with gzip or not; nothing is raised."""
    try:
        if not isinstance(path, Path) or not path.is_file():
            return False
        with path.open("rb") as file:
            head = file.read(4_096)
        if head.startswith(_GZIP):
            head = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, 1_024)
    except (OSError, zlib.error):
        return False
    return head[_MARK : _MARK + 5] == _USTAR


def first_names(path: Any) -> tuple[str, ...]:
    """Return the names at the beginning of a tar, for recognising it; none if it is no tar."""
    if not is_tar(path):
        return ()
    try:
        state = path.stat()
        return _first_names(path, state.st_mtime_ns, state.st_size)
    except (LoaderError, OSError):
        return ()


@lru_cache(maxsize=8)  # each loader asks in turn
def _first_names(path: Path, _changed: int, _size: int) -> tuple[str, ...]:
    names: list[str] = []
    # What is wrong further on is said when it is read.
    with Tar(path, most=LOOKED_AT) as tar, contextlib.suppress(LoaderError):
        names.extend(name for name, _, _ in tar)
    return tuple(names)
