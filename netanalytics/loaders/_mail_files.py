"""Files that hold one mail each: shared by the loaders of single mails and of Maildir folders."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO, TYPE_CHECKING

from netanalytics.loaders._mail_headers import BOM, header_block, looks_like_mail

if TYPE_CHECKING:
    from netanalytics.loaders._mails import Mails

HEAD = 16_384
SUFFIXES = (".eml", ".emlx")


def is_mail_file(path: Path) -> bool:
    """Say whether a file holds one mail, by its first lines; a mbox does not."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            _skip_count(file, path)
            head = file.read(HEAD)
    except OSError:
        return False
    head = head.removeprefix(BOM)
    named = path.suffix.lower() in SUFFIXES
    if named and head.startswith(b"From "):
        head = head.partition(b"\n")[2]
    return b":" in head.partition(b"\n")[0] if named else looks_like_mail(head)


def read_mail(path: Path, mails: Mails) -> None:
    """Take the mail in a file; one that cannot be opened is counted."""
    try:
        with path.open("rb") as file:
            _skip_count(file, path)
            block = header_block(file)
            mails.done(file)
    except OSError as error:
        mails.skip(f"not read: {error.strerror or 'the file cannot be opened'}")
        return
    separator = ""
    block = block.removeprefix(BOM) if block is not None else None
    if block is not None and block.startswith((b"From ", b">From ")):
        line, _, block = block.partition(b"\n")
        separator = line[:1_000].decode("latin-1")
    mails.read(block, separator=separator)


def _skip_count(file: IO[bytes], path: Path) -> None:
    """Pass the first line of Apple's .emlx, which holds the length of the mail."""
    if path.suffix.lower() == ".emlx" and not file.readline(40).strip().isdigit():
        file.seek(0)


def entries(folder: Path) -> list[os.DirEntry[str]]:
    """Return what a folder holds, in the order of names; nothing where it cannot be opened."""
    try:
        with os.scandir(folder) as found:
            return sorted(found, key=lambda entry: entry.name)
    except OSError:
        return []
