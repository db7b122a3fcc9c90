"""From the headers of mails to their contacts: shared by all sources of mail."""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, TYPE_CHECKING

from netanalytics import schema
from netanalytics.loaders._addresses import (
    EXCHANGE,
    SUSPICIOUS,
    Mailbox,
    Names,
    mailboxes,
)
from netanalytics.loaders._mail_headers import Clock, headers_of
from netanalytics.loaders._mail_kinds import (
    Headers,
    discussion_lists,
    first,
    is_automatic,
    is_list_mail,
    is_no_reply,
    newsletter,
)
from netanalytics.loaders._rows import Rows

if TYPE_CHECKING:
    from netanalytics.engine import Engine
    from netanalytics.loaders import Batch, Options

MOST_ROWS = 1_000
"""Rows given of one mail; a mail to more people than a log keeps is set apart by its size."""

LONGEST_ID = 200


class _NoContactError(Exception):
    """A mail holds no contact; the argument is the reason."""


@dataclass
class _Mail:
    """One mail that somebody wrote to somebody."""

    sender: Mailbox
    time: int
    event: str = ""
    reply_to: str | None = None
    roles: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    lists: list[str] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)

    @property
    def size(self) -> int:
        """Return how many people it concerns; those behind an Exchange id are people too."""
        return max(2, len({self.sender.address, *self.roles}) + self.left_out[EXCHANGE])


class Mails:
    """Collects the contacts of the mails of one source.

    Parameters
    ----------
    options : Options
        What the user said about it.
    engine : Engine
        Where the rows go.

    Notes
    -----
    Of mails with the same Message-ID the first that holds a contact counts. Mail of programs is
    skipped. Mail through a list reaches the list (role ``broadcast``), which is marked as no
    person, and whoever else it names.
    """

    def __init__(self, options: Options, engine: Engine) -> None:
        self._rows = Rows(engine)
        self._progress = options.progress
        self._clock = Clock(options.zone)
        self._people = Names()
        # By the hashes of their ids, because the ids of all mails would be many.
        self._authors: dict[int, str] = {}
        self._unkept: dict[int, str] = {}
        self._waiting: list[_Mail] = []
        self._left_out: Counter[str] = Counter()
        self._newsletters = 0

    def skip(self, reason: str) -> None:
        """Count a mail, or another part of the source, that is not read."""
        self._rows.skip(reason)

    def done(self, file: IO[bytes]) -> None:
        """Count the bytes of a file that holds one mail, for who waits."""
        if self._progress is not None:
            self._progress.add(os.fstat(file.fileno()).st_size)

    def read(self, block: bytes | None, *, separator: str = "") -> None:
        """Take the header block of one mail.

        Parameters
        ----------
        block : bytes, optional
            Its headers; None where they were too long to be read.
        separator : str
            The "From " line before it in an mbox.
        """
        headers = None if block is None else headers_of(block)
        if headers is None:
            self.skip("header too long")
        else:
            self.add(headers, separator=separator)

    def add(self, headers: Headers, *, separator: str = "", sent: int | None = None) -> None:
        """Take the headers of one mail.

        Parameters
        ----------
        headers : mapping of str to sequence of str
            Values of each header by its name in lower case.
        separator : str
            The "From " line before it in an mbox.
        sent : int, optional
            When it was sent, in microseconds since 1970, where the source says so elsewhere.
        """
        try:
            event = _id(first(headers, "message-id"))
            if event and hash(event) in self._authors:
                raise _NoContactError("repeat")
            sender = _sender(headers)
            time = self._clock.sent(headers, separator, sent)
            if time is None:
                raise _NoContactError("no readable date")
            mail = _Mail(sender, time, event, _answered(headers, event))
            self._address(mail, headers)
            self._keep(mail, headers)
        except _NoContactError as error:
            self.skip(str(error))

    def _address(self, mail: _Mail, headers: Headers) -> None:
        """Find whom a mail reached, and how."""
        for role in ("to", "cc", "bcc"):
            _reach(mail, role, headers.get(role, ()))
        if not mail.roles:
            _reach(mail, "to", headers.get("apparently-to", ()))
        if is_list_mail(headers):
            self._broadcast(mail, headers)
        mail.event = mail.event or _made_id(mail)
        if mail.reply_to == mail.event:
            mail.reply_to = None

    def _broadcast(self, mail: _Mail, headers: Headers) -> None:
        """Let a mail through a list reach the list; what it is sent to beside it are people."""
        lists = discussion_lists(headers, mail.roles)
        if not lists:
            address = newsletter(headers)
            if address is None:
                raise _NoContactError("bulk mail without a list")
            self._newsletters += bool(mail.roles)
            mail.roles.clear()
            lists = [address]
        mail.lists = [address for address in lists if address in mail.roles] or lists[:1]
        mail.roles.update(dict.fromkeys(mail.lists, "broadcast"))
        if mail.sender.address in lists:
            mail.sender = _behind_the_list(headers, lists) or mail.sender

    def _keep(self, mail: _Mail, headers: Headers) -> None:
        if mail.roles:
            self._write(mail)
        elif mail.reply_to and not mail.left_out and "to" not in headers:
            # The archive of a list that tells only who wrote: an answer reaches whom it answers,
            # who may stand later in the archive.
            self._authors[hash(mail.event)] = mail.sender.address
            if not self._answer(mail):
                self._waiting.append(mail)
        else:
            self._unkept[hash(mail.event)] = mail.sender.address
            raise _NoContactError(_worst(mail.left_out, "no recipient"))

    def _answer(self, mail: _Mail) -> bool:
        answered = hash(mail.reply_to)
        author = self._authors.get(answered) or self._unkept.get(answered)
        if author is not None:
            mail.roles[author] = "reply"
            self._write(mail)
        return author is not None

    def _write(self, mail: _Mail) -> None:
        self._authors[hash(mail.event)] = mail.sender.address
        self._rows.record()
        size = mail.size
        lost = islice(mail.left_out.elements(), MOST_ROWS)
        reached: list[tuple[str | None, str | None]] = [
            *islice(mail.roles.items(), MOST_ROWS),
            *((None, None) for _ in lost),
        ]
        for target, role in reached:
            self._rows.contact(
                mail.time,
                mail.sender.address,
                target,
                channel="email",
                event=mail.event,
                size=size,
                role=role,
                reply_to=mail.reply_to,
            )
        self._left_out += mail.left_out
        self._remember(mail, size)

    def _remember(self, mail: _Mail, size: int) -> None:
        """Take over names, except from a mail to so many that it is set apart."""
        for address in (*mail.lists, *filter(is_no_reply, mail.roles)):
            self._people.add_bot(address)
        if size <= schema.LARGEST_EVENT:
            self._people.add(mail.sender.address, mail.sender.name)
            for address in mail.roles:
                self._people.add(address, mail.names.get(address, ""))

    def batch(self, label: str | None = None) -> Batch:
        """Hand everything over."""
        for mail in self._waiting:
            if not self._answer(mail):
                self.skip("no recipient")
        self._waiting.clear()
        return self._rows.batch(people=self._people.frame(), notes=self._notes(), label=label)

    def _notes(self) -> list[str]:
        notes = self._clock.notes()
        if self._left_out:
            reasons = ", ".join(f"{n:,} {reason}" for reason, n in sorted(self._left_out.items()))
            notes.append(f"recipients of kept mails that name nobody: {reasons}")
        if self._newsletters:
            notes.append(
                f"{self._newsletters:,} newsletters reach their list, not those who receive them"
            )
        return notes


# ---- who wrote ---------------------------------------------------------------------------------


def _sender(headers: Headers) -> Mailbox:
    found, left_out = mailboxes(headers.get("from", ()))
    if not found and not left_out[SUSPICIOUS]:
        found, _ = mailboxes(headers.get("sender", ()))
    if not headers:
        raise _NoContactError("no headers")
    if is_automatic(headers, found[0].address if found else None):
        raise _NoContactError("automatic mail")
    if not found:
        raise _NoContactError(_worst(left_out, "no sender"))
    return found[0]


def _worst(left_out: Counter[str], usual: str) -> str:
    return next((reason for reason in (SUSPICIOUS, EXCHANGE) if left_out[reason]), usual)


def _behind_the_list(headers: Headers, lists: Iterable[str]) -> Mailbox | None:
    """Return who wrote a mail whose list put itself in the place of the sender."""
    for name in ("x-original-from", "x-original-sender", "reply-to"):
        for one in mailboxes(headers.get(name, ()))[0]:
            if one.address not in lists:
                return one
    return None


def _reach(mail: _Mail, role: str, fields: Iterable[str]) -> None:
    found, left_out = mailboxes(fields)
    for one in found:
        mail.roles.setdefault(one.address, role)
        if one.name:
            mail.names.setdefault(one.address, one.name)
    mail.left_out += left_out


# ---- ids ---------------------------------------------------------------------------------------

_BRACKETED = re.compile(r"<([^<>]+)>")
_UNFIT = re.compile(r"[\x00-\x20\x7f]+")


def _id(text: str) -> str:
    """Return an id without its brackets; one of absurd length is replaced by a hash of it."""
    match = _BRACKETED.search(text)
    if match is None and (_UNFIT.search(text) or "@" not in text):
        return ""
    name = _UNFIT.sub("", match.group(1) if match else text)
    return name if len(name) <= LONGEST_ID else _hashed(name)


def _hashed(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()


def _made_id(mail: _Mail) -> str:
    """Return an id for a mail that has none: the same mail gets the same one in every file."""
    return _hashed("\n".join([mail.sender.address, str(mail.time), *sorted(mail.roles)]))


def _answered(headers: Headers, event: str) -> str | None:
    """Return the id of the mail that this one answers.

    Old programs wrote ``In-Reply-To: Message from Ada <ada@x.org> of Monday <id@x.org>``: where
    there are words, the id is the last in brackets.
    """
    text = first(headers, "in-reply-to")
    found = _BRACKETED.findall(text)
    if found:
        words = not re.fullmatch(r"\s*(?:<[^<>]*>\s*)+", text)
        answered = _id(f"<{found[-1 if words else 0]}>")
    else:
        answered = _id(text)
    if not answered:
        references = _BRACKETED.findall(first(headers, "references"))
        answered = _id(f"<{references[-1]}>") if references else ""
    return answered if answered and answered != event else None
