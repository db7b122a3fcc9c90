"""What chat exports have in common: whom a message reaches, and which message it answers.

A message reaches, in this order, the person whose message it answers (role reply), the people it
names (mention), and, where it does neither or calls everybody, the members of its channel
(broadcast), if they are known and few enough to be an event of people rather than an audience.
A direct message reaches the others in the conversation (to). A reaction reaches the author.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from netanalytics import schema
from netanalytics.loaders._rows import Rows

CHANNEL = "chat"

DAY = 86_400_000_000
"""Microseconds: what follows later than a day is taken as a new start, not as an answer."""

NOBODY = "message to a channel, nobody named"

_EARLIEST, _LATEST = 0, 4_102_444_800_000_000  # 1970 and 2100
_SECONDS = re.compile(r"(\d{1,10})(?:\.(\d{1,9}))?")


@dataclass(frozen=True, slots=True)
class Message:
    """One message and what its source says about whom it is for.

    Parameters
    ----------
    time : int
        Microseconds since 1970.
    author, event : str
        Who wrote it, and its id.
    direct : collection of str
        Everybody else in a direct conversation.
    answered : str, optional
        Whose message it answers.
    reply_to : str, optional
        The id of that message.
    named : collection of str
        People that it mentions.
    members : collection of str, optional
        Of its channel, where the source knows them.
    everybody : bool
        Whether it calls the whole channel.
    """

    time: int
    author: str
    event: str
    direct: Collection[str] = ()
    answered: str | None = None
    reply_to: str | None = None
    named: Collection[str] = ()
    members: Collection[str] | None = None
    everybody: bool = False

    def reached(self) -> dict[str, str]:
        """Return the role in which each person is reached."""
        roles = dict.fromkeys(self.direct, "to")
        if self.answered is not None:
            roles[self.answered] = "reply"
        for person in self.named:
            if roles.get(person, "to") == "to":
                roles[person] = "mention"
        roles.pop(self.author, None)
        audience = {*(self.members or ()), self.author}
        if (not roles or self.everybody) and len(audience) <= schema.LARGEST_EVENT:
            for person in sorted(audience - {self.author}):
                roles.setdefault(person, "broadcast")
        return roles


def write(rows: Rows, message: Message) -> bool:
    """Add the contacts of a message; say whether there is one."""
    roles = message.reached()
    for person, role in roles.items():
        rows.contact(
            message.time,
            message.author,
            person,
            channel=CHANNEL,
            event=message.event,
            size=len(roles) + 1,
            role=role,
            reply_to=message.reply_to,
        )
    return bool(roles)


def react(rows: Rows, message: Message, people: Mapping[str, int | None]) -> bool:
    """Add the contacts of people who reacted to a message; say whether there is one.

    Parameters
    ----------
    rows : Rows
        Where they go.
    message : Message
        What they reacted to.
    people : mapping of str to int or None
        Each once, whatever the number of signs, and when, where the source says so. Otherwise a
        reaction has the time of the message and answers nothing: nobody knows how fast it was.
    """
    some = False
    for person, time in people.items():
        if person == message.author:
            continue
        some = True
        rows.contact(
            message.time if time is None else time,
            person,
            message.author,
            channel=CHANNEL,
            event=f"{message.event} reaction of {person}",
            size=2,
            role="reaction",
            reply_to=None if time is None else message.event,
        )
    return some


class Talk:
    """Remembers, for each place, who wrote last and who wrote last before them.

    Parameters
    ----------
    within : int, optional
        Microseconds after which a message answers nothing any more.

    Examples
    --------
    >>> talk = Talk()
    >>> [talk.answers("room", who, n, f"m{n}") for n, who in enumerate("abba")]
    [(None, None), ('a', 'm0'), ('a', 'm0'), ('b', 'm2')]
    """

    def __init__(self, within: int | None = None) -> None:
        self._within = within
        self._last: dict[Hashable, tuple[_Said, _Said | None]] = {}

    def answers(
        self, place: Hashable, author: str, time: int, event: str
    ) -> tuple[str | None, str | None]:
        """Take a message in; return the author and id of the one before it by somebody else."""
        said = (author, time, event)
        last, other = self._last.get(place, (None, None))
        if last is not None and last[0] != author:
            other = last
        self._last[place] = (said, other)
        if other is None or other[1] > time:
            return None, None
        if self._within is not None and time - other[1] > self._within:
            return None, None
        return other[0], other[2]


_Said = tuple[str, int, str]


def micros_of_seconds(value: Any) -> int | None:
    """Return the microseconds of a number of seconds since 1970, or None.

    Parameters
    ----------
    value : object
        A whole number, or text such as ``"1452837318.000002"``; never a float, which would lose
        the last digits.

    Returns
    -------
    int or None
    """
    if isinstance(value, int) and not isinstance(value, bool):
        micros = value * 1_000_000
    else:
        found = _SECONDS.fullmatch(value) if isinstance(value, str) else None
        if not found:
            return None
        micros = int(found[1]) * 1_000_000 + int((found[2] or "")[:6].ljust(6, "0"))
    return micros if _EARLIEST < micros < _LATEST else None
