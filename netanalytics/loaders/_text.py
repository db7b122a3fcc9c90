"""How a text file is laid out: compression, encoding, delimiter, header.

Shared by the loaders; the decision rests on the first 64 kB.
"""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
import re
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any

from netanalytics.engine import TextFile
from netanalytics.errors import LoaderError

HEAD = 65_536
LINES = 50
CONSISTENT = 0.9

_OPENERS: dict[str, Callable[..., IO[bytes]]] = {
    ".gz": gzip.open,  # type: ignore[dict-item]  # typed for text modes too
    ".bz2": bz2.open,
    ".xz": lzma.open,
}


def layout_of(path: Path, columns: Sequence[str]) -> tuple[Path, TextFile]:
    """Find how a text file is laid out.

    Parameters
    ----------
    path : Path
        The file, compressed or not.
    columns : sequence of str
        Names for a file without a header; empty to take the first line as the header.

    Returns
    -------
    path : Path
        Where its text can be read: the file itself, or an unpacked copy in a temporary folder.
    layout : TextFile

    Raises
    ------
    LoaderError
        If it is empty, binary, or cannot be unpacked.
    """
    readable = _unpacked(path)
    with _opened(readable) as file:
        head = _read_head(file, path)
    encoding = _encoding(head, path)
    text = head.decode(encoding, errors="replace").removeprefix("\ufeff")
    lines = re.split("\r\n|\r|\n", text)
    if len(head) == HEAD and len(lines) > 1:
        lines = lines[:-1]  # the last one may be cut
    if not any(line.strip() for line in lines):
        raise LoaderError(f"{path.name}: the file is empty")
    if _is_json_lines(lines):
        return readable, TextFile(_json_keys(lines), "", encoding="utf-8")
    return readable, _delimited(lines, columns, path.name, encoding)


def _opened(path: Path) -> IO[bytes]:
    opener = _OPENERS.get(path.suffix.lower())
    return opener(path, "rb") if opener else path.open("rb")


def _read_head(file: IO[bytes], path: Path) -> bytes:
    try:
        head = file.read(HEAD)
    except (OSError, EOFError, lzma.LZMAError) as error:
        raise LoaderError(f"{path.name}: cannot be unpacked ({error})") from None
    if not head.strip():
        raise LoaderError(f"{path.name}: the file is empty")
    return head


def _unpacked(path: Path) -> Path:
    """Return the file itself, or a copy for compressions that the engine does not read."""
    if path.suffix.lower() not in (".bz2", ".xz"):
        return path
    folder = Path(tempfile.mkdtemp(prefix="netanalytics-"))
    copy = folder / path.stem
    try:
        with _opened(path) as packed, copy.open("wb") as plain:
            shutil.copyfileobj(packed, plain)
    except (OSError, EOFError, lzma.LZMAError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise LoaderError(f"{path.name}: cannot be unpacked ({error})") from None
    return copy


_TAR = 257
"""Where the mark of a tar archive stands."""


def _binary(head: bytes) -> str:
    """Say what a binary file is, and what to do with it."""
    if head[_TAR : _TAR + 5] == b"ustar" or head.startswith(b"\x1f\x8b"):
        return "a packed folder: unpack it and name the folder"
    if not head.startswith(b"PK\x03\x04"):
        return "this is a binary file, not a table"
    if b"opendocument.spreadsheet" in head[:200]:
        return "an OpenDocument sheet: save it as .xlsx"
    return "no export that is read from a zip: unpack it and name the folder"


def _encoding(head: bytes, path: Path) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if b"\x00" in head:
        raise LoaderError(f"{path.name}: {_binary(head)}")
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4:
            return "latin-1"
    return "utf-8"


def _is_json_lines(lines: Sequence[str]) -> bool:
    return bool(lines) and lines[0].lstrip().startswith("{")


def _json_keys(lines: Sequence[str]) -> tuple[str, ...]:
    keys: dict[str, None] = {}
    for line in lines:
        try:
            record: Any = json.loads(line)
        except ValueError:
            continue
        if isinstance(record, dict):
            keys.update(dict.fromkeys(map(str, record)))
    return tuple(keys)


def _delimited(lines: Sequence[str], columns: Sequence[str], label: str, encoding: str) -> TextFile:
    first = next(number for number, line in enumerate(lines) if line.strip())
    sample = [line for line in lines[first:] if line.strip()][:LINES]
    delimiter = _delimiter(sample)
    fields = _fields(sample[0], delimiter)
    if columns:
        if len(columns) > len(fields):
            raise LoaderError(
                f"{label}: --columns names {len(columns)} columns, the file has {len(fields)}"
            )
        rest = [f"column_{place}" for place in range(len(columns) + 1, len(fields) + 1)]
        return TextFile(_distinct([*columns, *rest]), delimiter, first, encoding)
    return TextFile(_distinct(fields), delimiter, first + 1, encoding)


def _fields(line: str, delimiter: str) -> list[str]:
    """Cut one line; a field longer than the csv module takes is no table."""
    try:
        return [field.strip() for field in next(csv.reader(io.StringIO(line), delimiter=delimiter))]
    except csv.Error:
        return [line]


def _delimiter(sample: Sequence[str]) -> str:
    """Return the sign that cuts most lines into the same, largest number of fields."""
    best, most = ",", 1
    for delimiter in ",;\t|":
        fields = _common_count(sample, delimiter)
        if fields > most:
            best, most = delimiter, fields
    if most == 1 and _common_count(sample, " ") > 1:
        return " "
    return best


def _common_count(sample: Sequence[str], delimiter: str) -> int:
    counts = [len(_fields(line, delimiter)) for line in sample]
    return counts[0] if counts.count(counts[0]) >= CONSISTENT * len(counts) else 1


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    """Give every column a name of its own, also beside the number of the record."""
    seen = {"record": 1}
    told = []
    for place, name in enumerate(names, start=1):
        wanted = name or f"column_{place}"
        times = seen[wanted.casefold()] = seen.get(wanted.casefold(), 0) + 1
        if times > 1:
            # The place makes it a name that no other column can have twice.
            wanted = f"{wanted}_{times}_{place}"
        told.append(wanted)
    return tuple(told)
