"""One view on a folder or a zip: the names of its files in order, and each file as a stream.

Nothing is ever unpacked to disk. What may lead out of the export or was not meant to be read is
refused name by name and can be counted: links, absolute names, names with ``..``, encrypted files.
What unpacks to far more than it is packed in is refused while it is read, because what a zip says
about its own sizes may be wrong. A zip inside a zip is a file like any other: it is not opened.
"""

from __future__ import annotations

import io
import os
import re
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import IO

from netanalytics.errors import LoaderError
from netanalytics.loaders._progress import Progress, watched

RATIO = 200
"""How many times its packed size a file may have; text packs 3 to 20 times."""

FREE = 64 << 20
"""Bytes that may be unpacked whatever the ratio: they harm nobody."""

LARGEST_TOTAL = 64 << 30
"""Bytes that one zip may give in all."""

MOST_FILES = 1_000_000
"""Files in one export."""

_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,  # a password is wanted
    NotImplementedError,
    ValueError,  # an offset outside the file
)
_BUFFER = 1 << 16


class DamagedError(LoaderError):
    """A file inside an export cannot be read to its end; the others still can."""


class Archive:
    """The files of a folder or a zip.

    Parameters
    ----------
    path : Path
        The folder or the zip.
    progress : Progress, optional
        Takes the bytes that are read.

    Attributes
    ----------
    label : str
        What to call it.
    names : tuple of str
        Its files in the order of their names, with slashes. A single folder around everything in
        a zip is left out.
    refused : collections.Counter
        Why and how many other entries are not read.
    top : str
        The single folder of a zip that is left out, with its slash; empty if there is none.

    Raises
    ------
    LoaderError
        If it is neither, or cannot be opened.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = (Path(folder) / "a.txt").write_text("hello")
    ...     with Archive(Path(folder)) as archive, archive.open("a.txt") as file:
    ...         print(archive.names, file.read())
    ('a.txt',) b'hello'
    """

    def __init__(self, path: Path, progress: Progress | None = None) -> None:
        self._progress = progress
        self.label = shown(path.name)
        self.refused: Counter[str] = Counter()
        self._zip: zipfile.ZipFile | None = None
        self._spent = 0
        self.top = ""
        self._packed: dict[str, int] = {}
        self._openers: dict[str, Callable[[], IO[bytes]]] = {}
        if path.is_dir():
            self._fill(_in_folder(path))
        else:
            self._zip = _zip(path)
            self._size = path.stat().st_size
            self._fill(self._in_zip(self._zip))
        self.names: tuple[str, ...] = tuple(sorted(self._openers))

    def _fill(self, found: Iterator[tuple[str, str | Callable[[], IO[bytes]]]]) -> None:
        """Take what may be read by its name, and count the rest; a text says why not."""
        for name, opener in found:
            if isinstance(opener, str):
                self.refused[opener] += 1
            elif name in self._openers:
                self.refused["a second file of the same name"] += 1
            else:
                self._openers[name] = opener
            if len(self._openers) > MOST_FILES:
                raise LoaderError(f"{self.label}: holds more than {MOST_FILES:,} files")

    def _in_zip(
        self, packed: zipfile.ZipFile
    ) -> Iterator[tuple[str, str | Callable[[], IO[bytes]]]]:
        entries = [
            (inside(info.filename), info)
            for info in packed.infolist()
            if not info.filename.endswith("/")
        ]
        self.top = top = around([name for name, _ in entries if name])
        for name, info in entries:
            if name and hidden(name):
                continue
            reason = _refusal(info) if name else "a name that leads out of the zip"
            if name and reason is None:
                self._packed.setdefault(name[len(top) :], info.compress_size)
                yield name[len(top) :], self._unpacker(packed, info)
            else:
                yield info.filename, reason or ""

    def _unpacker(self, packed: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
        def unpack() -> IO[bytes]:
            return _Guarded(self, packed.open(info), info)  # type: ignore[return-value]

        return unpack

    def tell(self, n: int, info: zipfile.ZipInfo) -> None:
        """Count unpacked bytes as the share of the zip that they are."""
        if self._progress:
            self._progress.add(n * info.compress_size // max(1, info.file_size))

    def spend(self, n: int, unpacked: int, packed: int) -> None:
        """Count unpacked bytes, and refuse what gets out of proportion.

        Raises
        ------
        LoaderError
            If it does.
        """
        self._spent += n
        bomb = unpacked > FREE and unpacked > RATIO * max(1, min(packed, self._size))
        if bomb or (self._spent > FREE and self._spent > 2 * RATIO * self._size):
            raise absurd(self.label)
        if self._spent > LARGEST_TOTAL:
            raise LoaderError(f"{self.label}: unpacks to more than {LARGEST_TOTAL >> 30} GB")

    def open(self, name: str) -> IO[bytes]:
        """Open one of :attr:`names` as a stream of bytes.

        Parameters
        ----------
        name : str
            Of the file.

        Returns
        -------
        binary stream
            Reading from it raises :class:`DamagedError` where the file is broken and
            :class:`netanalytics.errors.LoaderError` where a zip unpacks to absurd sizes.

        Raises
        ------
        DamagedError
            If it cannot be opened.
        """
        try:
            opened = self._openers[name]()
        except KeyError:
            raise LoaderError(f"{self.label}: holds no file {name!r}") from None
        except _DAMAGE as error:
            raise damaged(f"{self.label}/{name}", error) from None
        if self._progress and isinstance(opened, io.BufferedReader):
            opened = watched(opened, self._progress)
        if isinstance(opened, io.RawIOBase):
            return io.BufferedReader(opened, _BUFFER)
        return opened

    def packed_size(self, name: str) -> int:
        """Return the bytes that a file takes in a zip, as the zip states them; otherwise 0."""
        return self._packed.get(name, 0)

    def head(self, name: str, n: int = _BUFFER) -> bytes:
        """Return the beginning of a file; nothing if it cannot be read."""
        try:
            with self.open(name) as file:
                return file.read(n)
        except (LoaderError, OSError):
            return b""

    def close(self) -> None:
        """Close the zip."""
        if self._zip is not None:
            self._zip.close()

    def __enter__(self) -> Archive:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the zip."""
        self.close()


class Files:
    """Some files of one folder, looked at like an :class:`Archive`.

    Parameters
    ----------
    folder : Path
        Where they are.
    names : iterable of str
        Their names.
    """

    def __init__(self, folder: Path, names: Iterable[str]) -> None:
        self.label = shown(folder.name)
        self.refused: Counter[str] = Counter()
        self._paths = {shown(name): folder / name for name in names}
        self.names = tuple(sorted(self._paths))

    def open(self, name: str) -> IO[bytes]:
        """Open one of :attr:`names` as a stream of bytes.

        Raises
        ------
        DamagedError
            If it cannot be opened.
        """
        try:
            return self._paths[name].open("rb")
        except OSError as error:
            raise damaged(name, error) from None


class _Guarded(io.RawIOBase):
    """A file of a zip that stops when it unpacks to absurd sizes or turns out to be broken."""

    def __init__(self, archive: Archive, opened: IO[bytes], info: zipfile.ZipInfo) -> None:
        super().__init__()
        self._archive, self._opened, self._info = archive, opened, info
        self._unpacked = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            data = self._opened.read(len(buffer))
        except _DAMAGE as error:
            name = f"{self._archive.label}/{shown(self._info.filename)}"
            raise damaged(name, error) from None
        self._unpacked += len(data)
        self._archive.tell(len(data), self._info)
        self._archive.spend(len(data), self._unpacked, self._info.compress_size)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._opened.close()
        super().close()


def absurd(label: str) -> LoaderError:
    """Return the error for an archive that is a bomb."""
    return LoaderError(
        f"{label}: unpacks to more than {RATIO} times its size, so it is not read; "
        "unpack it yourself and name the folder if you trust it"
    )


def damaged(label: str, error: Exception) -> DamagedError:
    """Return the error for a file that cannot be read to its end."""
    reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:120]
    return DamagedError(f"{label}: cannot be read ({shown(reason)})")


_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def shown(name: str) -> str:
    """Return the name of a file on one line that can be stored: what is no text is replaced."""
    return _UNSEEN.sub("?", name.encode("utf-8", "replace").decode("utf-8"))


def is_zip(path: Path) -> bool:
    """Say whether a file is a zip; false for anything else, and nothing is raised."""
    try:
        if not isinstance(path, Path) or not path.is_file():
            return False
        with path.open("rb") as file:
            return file.read(4) in (b"PK\x03\x04", b"PK\x05\x06")
    except OSError:
        return False


def zip_names(path: Path) -> tuple[str, ...]:
    """Return the names in a zip, for recognising it; none if it is no readable zip."""
    return _looked_at(path)[1]


def zip_top(path: Path) -> str:
    """Return the single folder around everything in a zip, with its slash, or an empty text."""
    return _looked_at(path)[0]


def _looked_at(path: Path) -> tuple[str, tuple[str, ...]]:
    if not is_zip(path):
        return "", ()
    try:
        status = path.stat()
        return _names(path, status.st_mtime_ns, status.st_size)
    except (LoaderError, OSError):
        return "", ()


@lru_cache(maxsize=8)  # each loader asks in turn
def _names(path: Path, changed: int, size: int) -> tuple[str, tuple[str, ...]]:
    with Archive(path) as archive:
        return archive.top, archive.names


def _zip(path: Path) -> zipfile.ZipFile:
    if not is_zip(path):
        raise LoaderError(f"{shown(path.name)}: this is neither a folder nor a zip")
    try:
        return zipfile.ZipFile(path)
    except (*_DAMAGE, IndexError, OverflowError) as error:
        raise LoaderError(f"{shown(path.name)}: this zip cannot be opened ({error})") from None


def inside(name: str) -> str | None:
    """Return the name of an entry with slashes, or None if it is none or leads out of the zip."""
    name = name.replace("\\", "/")
    if name.startswith("/") or re.match(r"[A-Za-z]:", name) or ".." in name.split("/"):
        return None
    return shown("/".join(part for part in name.split("/") if part not in ("", "."))) or None


def around(names: list[str]) -> str:
    """Return the one folder around all names, with its slash, or an empty text."""
    tops = {name.split("/", 1)[0] if "/" in name else "" for name in names if not hidden(name)}
    top = next(iter(tops)) if len(tops) == 1 else ""
    return f"{top}/" if top else ""


def hidden(name: str) -> bool:
    """Say whether an entry is what systems leave behind, as hidden files are in a folder."""
    return any(part.startswith(".") or part == "__MACOSX" for part in name.split("/"))


def _refusal(info: zipfile.ZipInfo) -> str | None:
    """Say why an entry is not read, or return None."""
    if stat.S_ISLNK(info.external_attr >> 16):
        return "a link"
    if info.flag_bits & 0x1:
        return "encrypted"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "packed in a way that is not read"
    return None


def _in_folder(top: Path) -> Iterator[tuple[str, str | Callable[[], IO[bytes]]]]:
    """Go through a folder without following links."""
    for folder, folders, files in os.walk(top, followlinks=False):
        here = Path(folder)
        links = [name for name in folders if (here / name).is_symlink()]
        folders[:] = sorted(n for n in folders if n not in links and not n.startswith("."))
        for name in links:
            yield name, "a link"
        for name in sorted(files):
            if name.startswith("."):
                continue
            path = here / name
            label = shown(path.relative_to(top).as_posix())
            yield label, _folder_refusal(path) or _opener(path)


def _folder_refusal(path: Path) -> str | None:
    try:
        mode = path.lstat().st_mode
    except OSError:
        return "cannot be opened"
    if stat.S_ISLNK(mode):
        return "a link"
    return None if stat.S_ISREG(mode) else "no plain file"


def _opener(path: Path) -> Callable[[], IO[bytes]]:
    return lambda: path.open("rb")
