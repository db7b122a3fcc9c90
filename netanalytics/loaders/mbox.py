"""Mail in mbox files: Thunderbird, Apple Mail, Gmail Takeout, archives of mailing lists.

The file is cut at its "From " lines here and only the headers go to the standard library's parser:
``mailbox.mbox`` reads whole messages at 32 MB/s, this 197, and a body is skipped without being
looked at. A line that begins with "From " ends a mail only after a blank line and if it is a
separator by its form: with a date, or an address before a header. One piece of the file is in
memory at a time, however large it is.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from netanalytics import registry
from netanalytics.errors import LoaderError
from netanalytics.loaders._mail_headers import (
    BOM,
    GIT_TIME,
    LONGEST_BLOCK,
    TIME_IN_SEPARATOR,
    end_of_headers,
)
from netanalytics.loaders._mails import Mails
from netanalytics.loaders._members import Member, is_file
from netanalytics.loaders._progress import opened

if TYPE_CHECKING:
    from netanalytics.engine import Engine
    from netanalytics.loaders import Batch, Options

PIECE = 1 << 20
LONGEST_SEPARATOR = 1_000
GZIP = b"\x1f\x8b"
LARGEST_RATIO = 100
SMALL = 100_000_000
"""Mail packs to a fifth: what unpacks to both, more bytes and more times its size, is a bomb."""

_HEADER = re.compile(rb">?From |[!-9;-~]+[ \t]*:")
_BARE = re.compile(r"From (?:\S+@\S+|-|MAILER-DAEMON)\s*")


def recognises(path: Any) -> bool:
    """Say whether a file begins like an mbox; an empty one is known by its name."""
    if not is_file(path):
        return False
    try:
        with path.open("rb") as file:
            head = file.read(8_192)
        if head.startswith(GZIP):
            head = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, 8_192)
    except (OSError, zlib.error):
        return False
    if not head:
        return path.suffix.lower() in (".mbox", ".mbx")
    head = head.removeprefix(BOM)
    following = head.partition(b"\n")[2]
    return _is_separator(head) and (not following.strip() or bool(_HEADER.match(following)))


@registry.loader(
    "mbox",
    unit="mail",
    read="mbox files of any size: Thunderbird, Apple Mail, Gmail Takeout, list archives (.gz too)",
    recognises=recognises,
)
def read(source: Path | Member, options: Options, engine: Engine) -> Batch:
    """Read the mails of an mbox.

    Parameters
    ----------
    source : Path or Member
        The file, packed with gzip or not.
    options : Options
        What the user said about it.
    engine : Engine
        Where the rows go.

    Returns
    -------
    Batch

    Raises
    ------
    LoaderError
        If it cannot be read, or does not begin with a "From " line.
    """
    mails = Mails(options, engine)
    try:
        with opened(source, options) as file:
            reader = _reader(file, source.stat().st_size)
            for separator, block in messages(reader):
                mails.read(block, separator=separator)
    except OSError as error:
        raise LoaderError(f"{source.name}: cannot be read ({error})") from None
    except ValueError as error:
        raise LoaderError(f"{source.name}: {error}") from None
    return mails.batch()


def _reader(file: IO[bytes], packed: int) -> Callable[[int], bytes]:
    """Return the function that reads a file, unpacked where it is packed with gzip."""
    held = [file.read(2)]
    if held[0] != GZIP:
        # Put back what was looked at: a file in an archive cannot be wound back.
        return lambda size: held.pop() + file.read(size) if held else file.read(size)
    if not file.seekable():
        raise ValueError("is packed twice: unpack the archive around it")
    file.seek(0)
    unpacked = gzip.GzipFile(fileobj=file)
    total = 0

    def read(size: int) -> bytes:
        nonlocal total
        try:
            piece = unpacked.read(size)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise ValueError(f"cannot be unpacked ({error})") from None
        total += len(piece)
        if total > SMALL and total > LARGEST_RATIO * packed:
            raise ValueError(f"unpacks to more than {LARGEST_RATIO} times its size: not read")
        return piece

    return read


def messages(read: Callable[[int], bytes]) -> Iterator[tuple[str, bytes | None]]:
    """Go through the mails of an mbox.

    Parameters
    ----------
    read : callable
        Gives the next bytes of the file, at most as many as asked for; none at its end.

    Yields
    ------
    separator : str
        The "From " line of the mail.
    block : bytes or None
        Its headers, or None where they are too long.

    Raises
    ------
    ValueError
        If the file does not begin with a separator.
    """
    window = _Window(read)
    if not window.fill():
        return
    window.text = window.text.removeprefix(BOM)
    if not _is_separator(window.text[:LONGEST_SEPARATOR]):
        raise ValueError('is no mbox: its first line is no "From " line with a date')
    window.patches = GIT_TIME.encode() in window.text.partition(b"\n")[0]
    while True:
        yield window.separator(), window.headers()
        if not window.skip_to_separator():
            return


def _is_separator(text: bytes, *, patches: bool = True) -> bool:
    """Say whether a text begins with the line before a mail.

    A patch in the body of a mail begins with such a line too, at git's own moment: it counts only
    in a file of patches.
    """
    line, _, following = text[:LONGEST_SEPARATOR].partition(b"\n")
    if not line.startswith(b"From "):
        return False
    words = line.decode("latin-1")
    if not patches and GIT_TIME in words:
        return False
    return bool(TIME_IN_SEPARATOR.search(words)) or (
        bool(_BARE.fullmatch(words)) and bool(_HEADER.match(following))
    )


class _Window:
    """The piece of a file that is in memory."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self._read = read
        self.text = b""
        self.patches = False
        self._at = 0
        self._done = False

    def more(self) -> None:
        """Read on; what lies before the present place is forgotten."""
        piece = self._read(PIECE)
        self._done = not piece
        self.text = self.text[self._at :] + piece
        self._at = 0

    def fill(self) -> bool:
        """Read as much as a separator may take; say whether there is anything."""
        while not self._done and len(self.text) - self._at < LONGEST_SEPARATOR:
            self.more()
        return len(self.text) > self._at

    def separator(self) -> str:
        """Return the line at the present place and move to its end."""
        end = self.text.find(b"\n", self._at)
        while end < 0 and not self._done and len(self.text) - self._at < LONGEST_BLOCK:
            self.more()
            end = self.text.find(b"\n", self._at)
        line = self.text[self._at : end if end >= 0 else len(self.text)]
        self._at += len(line)
        return line[:LONGEST_SEPARATOR].decode("latin-1")

    def headers(self) -> bytes | None:
        """Return the lines up to the first blank one and move to it."""
        looked = self._at
        while True:
            end = end_of_headers(self.text, looked)
            if end >= 0 or self._done:
                end = end if end >= 0 else len(self.text)
                block = self.text[self._at + 1 : end]
                self._at = max(self._at, end - 1)
                return block
            if len(self.text) - self._at > LONGEST_BLOCK:
                self._at = len(self.text) - 2
                return None
            looked = max(0, len(self.text) - self._at - 2)
            self.more()

    def skip_to_separator(self) -> bool:
        """Move to the next separator after a blank line; say whether there is one."""
        while True:
            found = self.text.find(b"\nFrom ", self._at)
            if found < 0:
                if self._done:
                    return False
                self._at = max(self._at, len(self.text) - 8)
                self.more()
                continue
            if len(self.text) - found < LONGEST_SEPARATOR + 1 and not self._done:
                self._at = max(self._at, found - 2)
                self.more()
                continue
            self._at = found + 1
            before = self.text[max(0, found - 2) : found]
            if not before.endswith(b"\n") and before != b"\n\r":
                continue
            line = self.text[self._at : self._at + LONGEST_SEPARATOR]
            if _is_separator(line, patches=self.patches):
                return True
