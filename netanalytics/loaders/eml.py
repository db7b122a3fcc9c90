"""Single mails: .eml, Apple's .emlx, and other files that begin with the headers of a mail.

Only the headers are read, up to the first blank line, by the standard library's parser (see
``_mail_headers``). A folder that holds nothing but such mails is one source, however many they are.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from netanalytics import registry
from netanalytics.errors import LoaderError
from netanalytics.loaders._mail_files import SUFFIXES, entries, is_mail_file, read_mail
from netanalytics.loaders._mails import Mails

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netanalytics.engine import Engine
    from netanalytics.loaders import Batch, Options

DEEPEST = 20
"""How far folders are followed down."""


def recognises(path: Any) -> bool:
    """Say whether a file begins like a mail, or a folder holds nothing but mails (two or more)."""
    if not isinstance(path, Path):
        return False
    if path.is_dir():
        found = 0
        if (path / "cur").is_dir():  # a Maildir, which has drafts and mails still in delivery
            return False
        for inside in _files(path, DEEPEST):
            if inside is None or not _is_mail(inside):
                return False
            found += 1
        return found > 1
    return is_mail_file(path)


def _is_mail(path: Path) -> bool:
    """Say whether a file in a folder of mails is one: the name will do where it is .eml."""
    return path.suffix.lower() == SUFFIXES[0] or is_mail_file(path)


def _files(folder: Path, depth: int) -> Iterator[Path | None]:
    """Go through the files of a folder and of those in it; None for what is no plain file."""
    for entry in entries(folder):
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False) and depth:
            yield from _files(folder / entry.name, depth - 1)
        else:
            yield folder / entry.name if entry.is_file(follow_symlinks=False) else None


@registry.loader(
    "eml",
    unit="mail",
    read="a single mail (.eml, .emlx, or any file that begins with its headers), or a folder of "
    "nothing else",
    recognises=recognises,
)
def read(source: Path, options: Options, engine: Engine) -> Batch:
    """Read one mail, or all mails of a folder.

    Parameters
    ----------
    source : Path
        The file or the folder.
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
        If there is no such file or folder.
    """
    mbox = registry.loaders()["mbox"]
    if mbox.recognises(source):  # it may hold many mails, and the first is not all
        batch: Batch = mbox.function(source, options, engine)
        return batch
    mails = Mails(options, engine)
    if source.is_dir():
        for path in _files(source, DEEPEST):
            if path is None:
                mails.skip("not read: a link, or no file")
            else:
                read_mail(path, mails)
    elif source.is_file():
        read_mail(source, mails)
    else:
        raise LoaderError(f"{source.name}: this is neither a file nor a folder of mails")
    return mails.batch()
