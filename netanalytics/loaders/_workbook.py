"""What a workbook would unpack to, before anything unpacks it.

An .xlsx is a zip of XML. The reader holds a sheet as a full rectangle between its first and last
cell, so that two cells far apart cost as much memory as all cells between them; and a zip states
sizes that need not be true. Both are measured here by reading through, in bounded memory.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from netanalytics.errors import LoaderError

MOST_BYTES = 1_000_000_000
MOST_RATIO = 150
MOST_CELLS = 16_000_000
_SMALL = 20_000_000
_CHUNK = 1 << 20
_LONGEST_TAG = 8 * _CHUNK
_TAG = re.compile(
    rb"""<(?:[A-Za-z][\w.-]{0,30}:)?(row|c)(?=[\s>/])((?:[^>"']|"[^"]*+"|'[^']*+')*+)"""
)
_WHOLE = re.compile(rb"""<(?:[^>"']|"[^"]*+"|'[^']*+')*+>""")
_REF = re.compile(rb"""\br\s*=\s*["']([A-Z]{0,3})(\d{1,9})["']""")


@dataclass
class _Box:
    """The rectangle of a sheet: rows and columns of its outermost cells."""

    row: int = 0
    column: int = 0
    top: int = 1 << 40
    bottom: int = 0
    left: int = 1 << 40
    right: int = 0

    def take(self, tag: bytes, attributes: bytes) -> None:
        """Take the beginning of a row or a cell."""
        found = _REF.search(attributes)
        if tag == b"row":
            self.row = int(found.group(2)) if found else self.row + 1
            self.column = 0
            return
        self.column += 1
        if found and found.group(1):
            self.column = _number(found.group(1))
            self.row = int(found.group(2))
        self.top, self.bottom = min(self.top, self.row), max(self.bottom, self.row)
        self.left, self.right = min(self.left, self.column), max(self.right, self.column)

    def cells(self) -> int:
        """Return how many cells the reader would hold."""
        if not self.bottom:
            return 0
        return (self.bottom - self.top + 1) * (self.right - self.left + 1)


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def check(path: Path) -> None:
    """Refuse a workbook that unpacks to more than a workbook holds.

    Raises
    ------
    LoaderError
        If it is damaged, too large, or its cells are too far apart.
    """
    packed, unpacked = max(path.stat().st_size, 1), 0
    try:
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                unpacked += _measured(archive, info, path.name, MOST_BYTES - unpacked)
                if unpacked > max(_SMALL, MOST_RATIO * packed):
                    raise LoaderError(_too_large(path.name))
    except LoaderError:
        raise
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError) as error:
        line = (str(error).splitlines() or [""])[0][:100]
        raise LoaderError(f"{path.name}: cannot be unpacked ({line})") from None
    except NotImplementedError:
        raise LoaderError(f"{path.name}: packed in a way that no workbook is") from None


def _too_large(label: str) -> str:
    return f"{label}: unpacks to far more than a workbook holds: refused"


def _measured(archive: zipfile.ZipFile, info: zipfile.ZipInfo, label: str, most: int) -> int:
    """Unpack one member to nowhere, whatever size it claims, and return its true size."""
    info.file_size = most + 1
    info.CRC = None  # type: ignore[assignment]  # the claimed size was replaced: it cannot match
    # Which members are sheets is for the workbook to say, wherever they lie: all are looked at.
    box, rest, size = _Box(), b"", 0
    with archive.open(info) as member:
        while chunk := member.read(_CHUNK):
            size += len(chunk)
            if size > most:
                raise LoaderError(_too_large(label))
            rest = _scanned(rest + chunk, box)
            if len(rest) > _LONGEST_TAG:
                raise LoaderError(f"{label}: cannot be read as a workbook (a tag without an end)")
    if box.cells() > MOST_CELLS:
        raise LoaderError(
            f"{label}: a sheet of {box.cells():,} cells, counting the empty ones between: "
            f"more than {MOST_CELLS:,} are not read; save it as CSV"
        )
    return size


def _scanned(text: bytes, box: _Box) -> bytes:
    """Find the cells in a piece of a sheet; return its end, where a tag may be cut."""
    cut = text.rfind(b"<")
    if cut < 0 or _WHOLE.match(text, cut):
        cut = len(text)
    for found in _TAG.finditer(text, 0, cut):
        box.take(found.group(1), found.group(2))
    return text[cut:]
