"""What each table of a LinkedIn export says, held small until it is known whose export it is."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netanalytics import schema
from netanalytics.loaders._chat import Talk
from netanalytics.loaders._known import Known
from netanalytics.loaders._linkedin import (
    ENDORSED,
    GIVEN,
    RECEIVED,
    Names,
    Owner,
    Table,
    fold,
    full_name,
    is_gone,
    named_urls,
    recipients,
    slug_of,
)
from netanalytics.loaders._linkedin_columns import Dates, Numbers

if TYPE_CHECKING:
    from netanalytics.loaders import Batch
    from netanalytics.loaders._rows import Rows

LEFT = "member who left or is hidden"
UNDATED = "no readable date"


@dataclass
class Setting:
    """What the tables of one export share."""

    names: Names
    owner: Owner
    zone: dt.tzinfo | None
    told: str | None


class Part:
    """A table: takes rows, then gives its contacts.

    Parameters
    ----------
    table : Table
        What it is and where its columns are.
    label : str
        Its name, for messages.
    setting : Setting
        Of the export.
    """

    unit = "row"
    channel = ""
    otherwise: str | None = "mdy"  # times of this export are written for the United States

    def __init__(self, table: Table, label: str, setting: Setting) -> None:
        self.table, self.label, self.setting = table, label, setting
        self.skipped: Counter[str] = Counter()
        self.dates = Dates(setting.zone, setting.told, self.otherwise)
        self.people = Known()

    def take(self, row: Sequence[str]) -> None:
        """Take in a row of the table."""
        raise NotImplementedError

    def write(self, rows: Rows, owner: str) -> None:
        """Add the contacts of all rows."""
        raise NotImplementedError

    def batch(self, rows: Rows, owner: str, label: str | None) -> Batch:
        """Return what was read.

        Raises
        ------
        LoaderError
            If the dates leave open whether day or month comes first.
        """
        self.dates.settle(self.label)
        self.write(rows, owner)
        if self.setting.owner.called:
            self.people.add(owner, name=self.setting.owner.called)
        for reason, n in self.skipped.items():
            rows.skip(reason, n)
        zone = self.setting.zone or "UTC (no zone was named; --zone changes it)"
        return rows.batch(
            people=self.people.frame(),
            notes=[f"times without a zone are read as {zone}"] if self.dates.local else [],
            label=label,
            unit=self.unit,
        )

    def _event(self, *parts: object) -> str:
        text = "\n".join(map(str, (self.channel, *parts)))
        return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()


class Connections(Part):
    """People, and the day of connecting."""

    unit = "connection"
    channel = schema.CONNECTION
    otherwise = None  # written for the reader's country: asked for where it stays open

    def __init__(self, table: Table, label: str, setting: Setting) -> None:
        super().__init__(table, label, setting)
        self._rows: list[tuple[str, str, str, str, str]] = []

    def take(self, row: Sequence[str]) -> None:
        """Take in a connection."""
        cell = self.table.cell
        name = full_name(cell(row, "first"), cell(row, "last"))
        url = cell(row, "url")
        slug = slug_of(url)
        if is_gone(name) or (not name and slug is None):
            self.skipped[LEFT] += 1
            return
        self.setting.names.add(name, slug)
        self.dates.add(cell(row, "connected"))
        self._rows.append(
            (name, url, cell(row, "mail"), cell(row, "company"), cell(row, "position"))
        )

    def write(self, rows: Rows, owner: str) -> None:
        """Add the contacts of all rows; who has no date is still somebody."""
        for place, (name, url, mail, company, position) in enumerate(self._rows):
            person = self.setting.names.person(name, url)
            time = self.dates[place]
            rows.record()
            if person is not None:
                self.people.add(
                    person, name=name, addresses=mail, organisation=company, title=position
                )
            if time is None or person is None:
                rows.skip(UNDATED if person else LEFT)
                continue
            rows.contact(
                time,
                owner,
                person,
                channel=self.channel,
                event=self._event(*sorted((owner, person)), time),
                size=2,
                directed=False,
            )


class Messages(Part):
    """Messages, of which only who, to whom, when and in which conversation is looked at."""

    unit = "message"
    channel = "message"

    def __init__(self, table: Table, label: str, setting: Setting) -> None:
        super().__init__(table, label, setting)
        self._senders = Numbers[tuple[str, str]]()
        self._groups = Numbers[tuple[str, str]]()
        self._talks = Numbers[str]()

    def take(self, row: Sequence[str]) -> None:
        """Take in a message."""
        cell = self.table.cell
        reason = self._set_apart(row)
        sender = (cell(row, "from"), cell(row, "from_url"))
        if reason is None and slug_of(sender[1]) is None and (not sender[0] or is_gone(sender[0])):
            reason = LEFT
        group = (cell(row, "to"), cell(row, "to_urls"))
        if reason is None and not any(group):
            reason = "no recipient"
        if reason is not None:
            self.skipped[reason] += 1
            return
        names = self.setting.names
        names.add(sender[0], slug_of(sender[1]))
        for name, url in named_urls(group)[0]:
            names.add(name, slug_of(url))
        self.setting.owner.wrote[sender, group] += 1
        self.dates.add(cell(row, "date"))
        self._senders.add(sender)
        self._groups.add(group)
        self._talks.add(cell(row, "conversation"))

    def _set_apart(self, row: Sequence[str]) -> str | None:
        """Say why a row is no message between people, or return None."""
        cell = self.table.cell
        folder, title = fold(cell(row, "folder")), fold(cell(row, "title"))
        if fold(cell(row, "draft")) in ("yes", "true", "1") or folder in ("draft", "drafts"):
            return "draft"
        if folder == "spam":
            return "in the folder for spam"
        if folder == "sponsored" or title == "sponsoredconversation":
            return "sponsored message"
        return None

    def write(self, rows: Rows, owner: str) -> None:
        """Add the contacts of all messages, in the order of the file."""
        names = self.setting.names
        senders = [names.person(*key) for key in self._senders.keys]
        groups = [recipients(names, key) for key in self._groups.keys]
        self._meet(senders, groups)
        replies = self._replies(senders)
        for place, number in enumerate(self._senders.rows):
            time, sender = self.dates[place], senders[number]
            people, others = groups[self._groups.rows[place]]
            reached = [person for person in people if person != sender]
            rows.record()
            if time is None or sender is None or not reached:
                rows.skip(UNDATED if time is None else LEFT)
                continue
            for person in reached:
                rows.contact(
                    time,
                    sender,
                    person,
                    channel=self.channel,
                    event=self._id(place, sender, time),
                    size=len(reached) + 1 + others,
                    role="to",
                    reply_to=replies.get(place),
                )

    def _id(self, place: int, sender: str, time: int) -> str:
        return self._event(self._talks.keys[self._talks.rows[place]], sender, time)

    def _replies(self, senders: Sequence[str | None]) -> dict[int, str]:
        """Return what each message answers: exports are newest first, so in order of time."""
        talks = self._talks.rows
        dated = [
            (talks[place], time, -place)
            for place in range(len(talks))
            if self._talks.keys[talks[place]] and (time := self.dates[place]) is not None
        ]
        answers = Talk()
        replies = {}
        for talk, time, minus in sorted(dated):
            sender = senders[self._senders.rows[-minus]]
            if sender is not None:
                event = self._id(-minus, sender, time)
                _, reply_to = answers.answers(talk, sender, time, event)
                if reply_to is not None:
                    replies[-minus] = reply_to
        return replies

    def _meet(
        self, senders: Sequence[str | None], groups: Sequence[tuple[dict[str, str], int]]
    ) -> None:
        for person, (name, _) in zip(senders, self._senders.keys, strict=True):
            if person is not None:
                self.people.add(person, name=name)
        for people, _ in groups:
            for person, name in people.items():
                self.people.add(person, name=name)


class Invitations(Part):
    """Who asked whom to connect."""

    unit = "invitation"
    channel = "invitation"

    def __init__(self, table: Table, label: str, setting: Setting) -> None:
        super().__init__(table, label, setting)
        self._rows: list[tuple[tuple[str, str], tuple[str, str]]] = []

    def take(self, row: Sequence[str]) -> None:
        """Take in an invitation."""
        cell, setting = self.table.cell, self.setting
        inviter = (cell(row, "from"), cell(row, "from_url"))
        invited = (cell(row, "to"), cell(row, "to_url"))
        direction = fold(cell(row, "direction"))
        for name, url in (inviter, invited):
            setting.names.add(name, slug_of(url))
        if direction in ("outgoing", "incoming"):
            setting.owner.invited[inviter if direction == "outgoing" else invited] += 1
        self.dates.add(cell(row, "date"))
        self._rows.append((inviter, invited))

    def write(self, rows: Rows, owner: str) -> None:
        """Add the contacts of all rows."""
        names = self.setting.names
        for place, pair in enumerate(self._rows):
            inviter, invited = (names.person(*one) for one in pair)
            time = self.dates[place]
            rows.record()
            for person, (name, _) in zip((inviter, invited), pair, strict=True):
                if person is not None:
                    self.people.add(person, name=name)
            if time is None or inviter is None or invited is None:
                rows.skip(UNDATED if time is None else LEFT)
                continue
            rows.contact(
                time,
                inviter,
                invited,
                channel=self.channel,
                event=self._event(inviter, invited, time),
                size=2,
                role="to",
            )


class Gifts(Part):
    """Recommendations and endorsements, given or received."""

    def __init__(self, table: Table, label: str, setting: Setting) -> None:
        super().__init__(table, label, setting)
        self.unit = "recommendation" if table.part in (GIVEN, RECEIVED) else "endorsement"
        self.channel = self.unit
        self._rows: list[tuple[str, str, str, str]] = []

    def take(self, row: Sequence[str]) -> None:
        """Take in a recommendation or an endorsement."""
        cell = self.table.cell
        name = full_name(cell(row, "first"), cell(row, "last"))
        url = cell(row, "url")
        if is_gone(name) or (not name and slug_of(url) is None):
            self.skipped[LEFT] += 1
            return
        self.setting.names.add(name, slug_of(url))
        self.dates.add(cell(row, "date"))
        self._rows.append((name, url, cell(row, "company"), cell(row, "position")))

    def write(self, rows: Rows, owner: str) -> None:
        """Add the contacts of all rows."""
        given = self.table.part in (GIVEN, ENDORSED)
        for place, (name, url, company, position) in enumerate(self._rows):
            person, time = self.setting.names.person(name, url), self.dates[place]
            rows.record()
            if person is not None:
                self.people.add(person, name=name, organisation=company, title=position)
            if time is None or person is None:
                rows.skip(UNDATED if person else LEFT)
                continue
            source, target = (owner, person) if given else (person, owner)
            rows.contact(
                time,
                source,
                target,
                channel=self.channel,
                event=self._event(source, target, time),
                size=2,
            )
