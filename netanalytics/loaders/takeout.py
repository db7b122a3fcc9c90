"""Google Takeout as it is downloaded: the mail, calendars and contacts in a zip, tgz or tar.

Read with the standard library's ``zipfile`` and ``tarfile``, which stream one file after the other:
a mailbox of many gigabytes is never unpacked, on disk or in memory. Each file goes to the loader of
its kind, so what is kept of it is what would be kept of the unpacked one. The folders of a Takeout
have names in the user's language: files are known by what they hold. Any other archive with
mailboxes or calendars at its top is read alike, such as what Google Calendar exports.

What else there is (photos, chats, settings) is counted by product and not read. A tar is gone
through once, so a calendar or a list of contacts in it is held in memory, up to 64 MB.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from netanalytics import registry
from netanalytics.errors import LoaderError
from netanalytics.loaders import Batch
from netanalytics.loaders._archive import Archive, DamagedError, is_zip, zip_names, zip_top
from netanalytics.loaders._members import Member, readable_once
from netanalytics.loaders._tar import Tar, first_names

if TYPE_CHECKING:
    from netanalytics.engine import Engine
    from netanalytics.loaders import Options

TOP = "Takeout/"
MAIL = (".mbox", ".mbx")
SMALL = (".ics", ".ical", ".icalendar", ".vcf", ".csv")
KINDS = ("mbox", "calendar", "vcard", "contacts")
LARGEST_HELD = 64 << 20
"""Bytes of a file in a tar that is not read in one go."""

OTHER = "not read: no mail, calendar or contacts"


def recognises(path: Any) -> bool:
    """Say whether this is a Takeout, or another archive with mailboxes or calendars at its top."""
    if not isinstance(path, Path):
        return False
    if is_zip(path):
        return zip_top(path) == TOP or any(map(_stands_for, zip_names(path)))
    names = first_names(path)
    return any(
        name.startswith(TOP) or _stands_for(name.partition("/")[2] or name) for name in names
    )


def _stands_for(name: str) -> bool:
    return name.count("/") < 2 and name.lower().endswith((*MAIL, ".ics"))


@registry.loader(
    "takeout",
    unit="file",
    read="Google Takeout as downloaded (zip, tgz): its mail, calendars and contacts",
    recognises=recognises,
)
def read(source: Path, options: Options, engine: Engine) -> list[Batch]:
    """Read the mail, calendars and contacts of a Takeout.

    Parameters
    ----------
    source : Path
        The zip, tgz or tar.
    options : Options
        What the user said about it; handed to the loader of each file.
    engine : Engine
        Where the rows go.

    Returns
    -------
    list of Batch
        Those of each file, in their own units, and what was not read.

    Raises
    ------
    LoaderError
        If it cannot be opened, or holds nothing that is read.
    """
    takeout = _Takeout(replace(options, progress=None), engine)
    if is_zip(source):
        with Archive(source, options.progress) as archive:
            for name in archive.names:
                takeout.take(name, _in_zip(archive, name))
        takeout.refused(archive.refused)
        label = archive.label
    else:
        with Tar(source, options.progress) as tar:
            for name, size, stream in tar:
                takeout.take(name.removeprefix(TOP), _in_tar(name, size, stream))
        takeout.refused(tar.refused)
        label = tar.label
    if not takeout.made:
        raise LoaderError(takeout.failure or f"{label}: holds no mail, calendar or contacts")
    # In the order of names, however a tar was written: what is said first of somebody is believed.
    return [*sorted(takeout.made, key=lambda batch: batch.label or ""), *takeout.rest()]


def _in_zip(archive: Archive, name: str) -> Member | None:
    if not name.lower().endswith((*MAIL, *SMALL)):
        return None
    return Member(name, lambda: archive.open(name), archive.packed_size(name))


def _in_tar(name: str, size: int, stream: IO[bytes]) -> Member | str | None:
    """Return a file of a tar: a mailbox as a stream, another one held; or why it is not read."""
    mail = name.lower().endswith(MAIL)
    if not mail and not name.lower().endswith(SMALL):
        return None
    if not mail and size > LARGEST_HELD:
        return f"not read: over {LARGEST_HELD >> 20} MB in a tar (unpack it and name the folder)"
    try:
        if mail:
            return readable_once(name, size, stream)
        content = stream.read()
    except DamagedError as error:
        return f"not read: {error}"
    return Member(name, lambda: io.BytesIO(content), size)


@dataclass
class _Takeout:
    options: Options
    engine: Engine
    made: list[Batch] = field(default_factory=list)
    unread: dict[str, Counter[str]] = field(default_factory=dict)
    failure: str | None = None

    def take(self, name: str, member: Member | str | None) -> None:
        """Read a file, or count it."""
        if isinstance(member, str):
            self._missed(name, member)
            return
        try:
            card = _card(member)
            if member is None or card is None:
                # Photos come by the thousand: they are counted by product.
                self._missed(name.partition("/")[0], OTHER)
                return
            read = card.function(member, self.options, self.engine)
        except LoaderError as error:
            self.failure = self.failure or str(error)
            self._missed(name, f"not read: {error}")
            return
        self.made += _labelled(name, card, [read] if isinstance(read, Batch) else read)

    def refused(self, why: Counter[str]) -> None:
        """Count what the archive did not give."""
        for reason, n in why.items():
            self.unread.setdefault("other entries", Counter())[f"not read: {reason}"] += n

    def _missed(self, label: str, reason: str) -> None:
        self.unread.setdefault(label, Counter())[reason] += 1

    def rest(self) -> Iterator[Batch]:
        """Yield what was not read."""
        for label, reasons in sorted(self.unread.items()):
            yield Batch(None, skipped=tuple(sorted(reasons.items())), label=label, unit="file")


def _card(member: Member | None) -> registry.Loader | None:
    if member is None:
        return None
    cards = registry.loaders()
    return next((cards[kind] for kind in KINDS if cards[kind].recognises(member)), None)


def _labelled(name: str, card: registry.Loader, read: Sequence[Batch]) -> list[Batch]:
    """Call each part of a file by the name of the file, and its records by their unit."""
    return [
        replace(
            batch,
            label=f"{name}/{batch.label}" if batch.label else name,
            unit=batch.unit or card.unit,
        )
        for batch in read
    ]
