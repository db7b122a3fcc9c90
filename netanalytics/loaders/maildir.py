"""Maildir folders: one file a mail, in ``cur`` and ``new``, with folders of the same kind inside.

``mailbox.Maildir`` of the standard library parses whole mails and sees only one level of folders;
here the folders are walked and of each file only the headers are read, by the standard library's
parser (see ``_mail_headers``).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netanalytics import registry
from netanalytics.errors import LoaderError
from netanalytics.loaders._mail_files import entries, is_mail_file, read_mail
from netanalytics.loaders._mails import Mails

if TYPE_CHECKING:
    from netanalytics.engine import Engine
    from netanalytics.loaders import Batch, Options

DELIVERED = ("cur", "new")
UNDELIVERED = "tmp"
DEEPEST = 20

_FLAGS = re.compile(r"[:;!,-]2,([A-Za-z]*)$")


def recognises(path: Any) -> bool:
    """Say whether a folder is a Maildir: ``cur`` beside ``new`` or ``tmp``, or mails in ``cur``."""
    if not isinstance(path, Path) or not path.is_dir():
        return False
    inside = {entry.name for entry in entries(path) if entry.is_dir(follow_symlinks=False)}
    if "cur" in inside and inside & {"new", UNDELIVERED}:
        return True
    return "cur" in inside and any(
        is_mail_file(path / "cur" / entry.name) for entry in entries(path / "cur")[:3]
    )


@registry.loader(
    "maildir",
    unit="mail",
    read="a Maildir folder with its subfolders",
    recognises=recognises,
)
def read(source: Path, options: Options, engine: Engine) -> Batch:
    """Read all mails of a Maildir.

    Parameters
    ----------
    source : Path
        The folder.
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
        If it is no folder.
    """
    if not source.is_dir():
        raise LoaderError(f"{source.name}: a Maildir is a folder, this is none")
    mails = Mails(options, engine)
    _walk(source, mails, DEEPEST)
    return mails.batch()


def _walk(folder: Path, mails: Mails, depth: int) -> None:
    """Take every mail of a folder; hidden folders are its subfolders (Maildir++)."""
    for entry in entries(folder):
        path = folder / entry.name
        if entry.is_dir(follow_symlinks=False):
            if depth:
                _walk(path, mails, depth - 1)
            else:
                mails.skip("not read: a folder too deep inside")
        elif not entry.is_file(follow_symlinks=False):
            mails.skip("not read: a link, or no file")
        else:
            _take(path, mails)


def _take(path: Path, mails: Mails) -> None:
    flags = _FLAGS.search(path.name)
    if path.parent.name == UNDELIVERED:
        mails.skip("not read: still in delivery")
    elif path.parent.name not in DELIVERED and not is_mail_file(path):
        mails.skip("not read: no mail")
    elif flags and "D" in flags.group(1):
        mails.skip("draft")
    else:
        read_mail(path, mails)
