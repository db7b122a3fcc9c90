"""The headers of a mail: where they end, what they say, when it was sent.

``BytesHeaderParser`` with the policy ``compat32`` reads the headers: on an mbox it was seven times
as fast as the policy ``default`` (197 against 28 MB/s), and it never fails on a bad header.
Subject and body are not among what is taken over.
"""

from __future__ import annotations

import datetime as dt
import re
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import parsedate_to_datetime
from typing import IO
from zoneinfo import ZoneInfo

from netanalytics.loaders._mail_kinds import Headers, first
from netanalytics.loaders._rows import micros_of

BOM = b"\xef\xbb\xbf"
"""What an editor on Windows writes before the first line."""

LONGEST_HEADER = 1_000_000
LONGEST_BLOCK = 4_000_000
MOST_LINES = 50_000
"""Lines of one header block."""

_WANTED = {
    *("from", "sender", "reply-to", "x-original-from", "x-original-sender", "return-path"),
    *("to", "cc", "bcc", "apparently-to"),
    *("date", "received", "message-id", "in-reply-to", "references"),
    *("list-id", "list-post", "mailing-list", "x-mailing-list", "x-beenthere", "precedence"),
    *("auto-submitted", "x-autoreply", "x-autorespond", "content-type"),
}
_MAIL_NAMES = _WANTED | {"subject", "mime-version", "delivered-to", "x-mozilla-status", "status"}


# ---- the header block --------------------------------------------------------------------------


def header_block(file: IO[bytes]) -> bytes | None:
    """Return the headers at the place where a file stands, or None if they are too long."""
    block = b""
    while len(block) <= LONGEST_BLOCK:
        more = file.read(16_384)
        start = max(0, len(block) - 3)
        block += more
        end = end_of_headers(block, start)
        if end >= 0 or not more:
            return block if end < 0 else block[:end]
    return None


def end_of_headers(text: bytes, start: int = 0) -> int:
    """Return the place of the first blank line, or -1."""
    match = _BLANK.search(text, start)
    return match.start() + 1 if match else -1


_BLANK = re.compile(rb"\n\r?\n")
_HEADER = re.compile(rb"([!-9;-~]{1,80})[ \t]*:")


def looks_like_mail(head: bytes) -> bool:
    """Say whether the beginning of a file is that of a mail.

    Two known headers are enough where nothing else stands before the first blank line, three
    where something does.
    """
    end = end_of_headers(head)
    lines = head[: end if end >= 0 else head.rfind(b"\n") + 1].splitlines()
    names: list[str] = []
    least = 2
    for line in lines:
        match = _HEADER.match(line)
        if match:
            names.append(match.group(1).decode("ascii").lower())
        elif not names or not line[:1].isspace():
            least = 3
            break
    known = _MAIL_NAMES.intersection(names)
    return len(known) >= least and bool(known - {"subject", "date", "to", "status"})


def headers_of(block: bytes) -> Headers | None:
    r"""Return the headers that are wanted, unfolded; None where one of them is too long.

    Parameters
    ----------
    block : bytes
        The mail up to its first blank line.

    Examples
    --------
    >>> headers_of(b"To: ada@x.org,\n ben@x.org\nSubject: never kept\n")
    {'to': ['ada@x.org, ben@x.org']}
    """
    if block.count(b"\n") > MOST_LINES:
        return None
    found: dict[str, list[str]] = {}
    for name, value in _parser.parsebytes(block).raw_items():
        if len(value) > LONGEST_HEADER:
            return None
        key = name.strip().lower()
        if key in _WANTED:
            found.setdefault(key, []).append(_unfolded(value))
    return found


_parser = BytesHeaderParser(policy=compat32)
_FOLD = re.compile(r"[\r\n]+[ \t]*")


def _unfolded(value: str) -> str:
    if not value.isascii():
        raw = value.encode("ascii", "surrogateescape")
        try:
            value = raw.decode("utf-8")
        except UnicodeDecodeError:
            value = raw.decode("latin-1")
    return _FOLD.sub(" ", value)


# ---- dates -------------------------------------------------------------------------------------

_DAY = 86_400_000_000
_EARLIEST, _LATEST = _DAY, 4_102_444_800_000_000
"""The first day of 1970 is the zero of a clock, not a date; nothing is known of 2100."""

TIME_IN_SEPARATOR = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),?\s+)?"
    r"(?:(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\s+\d{1,2}\s+\d{1,2}:\d{2}"
    r"|\d{1,2}\s+(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\s+\d{4}\s).*"
)
"""The time in the "From " line before a mail in an mbox."""

GIT_TIME = "Mon Sep 17 00:00:00 2001"
"""What git writes into the separators of its patches, whenever they were made."""


class Clock:
    """Reads the dates of mails; remembers what it had to assume.

    Parameters
    ----------
    zone : str, optional
        Zone of dates that name none; UTC by default.
    """

    def __init__(self, zone: str | None) -> None:
        self._zone = ZoneInfo(zone) if zone else dt.UTC
        self._name = zone or "UTC (no zone was named; --zone changes it)"
        self.assumed = 0
        self.replaced = 0

    def sent(self, headers: Headers, separator: str, known: int | None) -> int | None:
        """Return when a mail was sent, in microseconds since 1970.

        Parameters
        ----------
        headers : mapping of str to sequence of str
            Its headers. A date more than two days after the mail arrived is absurd.
        separator : str
            The "From " line before it in an mbox, or an empty text.
        known : int, optional
            When it was sent, where the source says so outside the headers.

        Returns
        -------
        int or None
            From Date, or else what the source knows, the newest Received, the separator.
        """
        date = self._read(first(headers, "date"))
        arrived = self._read(first(headers, "received").rpartition(";")[2])
        if date and arrived and date[0] > arrived[0] + 2 * _DAY:
            date = None
        chosen = date or (known and (known, False)) or arrived or self._read(_time_in(separator))
        if not chosen:
            return None
        self.replaced += date is None and known is None
        self.assumed += chosen[1]
        return chosen[0]

    def _read(self, text: str) -> tuple[int, bool] | None:
        """Return the microseconds and whether a zone was assumed; None for an absurd date."""
        try:
            moment = parsedate_to_datetime(text[:200])
            naive = moment.tzinfo is None
            if naive:
                # By the standard -0000 is a time in UTC whose sender hid where he was.
                moment = moment.replace(tzinfo=dt.UTC if "-0000" in text else self._zone)
            micros = micros_of(moment)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
        in_range = _EARLIEST <= micros < _LATEST
        return (micros, naive and "-0000" not in text) if in_range else None

    def notes(self) -> list[str]:
        """Say how dates were read."""
        notes = []
        if self.assumed:
            notes.append(f"times without a zone are read as {self._name}")
        if self.replaced:
            notes.append(f"dated by their arrival for want of a readable date: {self.replaced:,}")
        return notes


def _time_in(separator: str) -> str:
    match = TIME_IN_SEPARATOR.search(separator)
    return match.group() if match and GIT_TIME not in separator else ""
