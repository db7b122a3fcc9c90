"""From who was present when to who met whom: overlapping presence, not one list.

Two people met if their presence, rejoins merged, overlaps by a minute or more in all. Everybody
who met somebody counts in the size of the meeting.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from netanalytics.loaders._rows import Rows
from netanalytics.schema import LARGEST_EVENT

MINUTE = 60_000_000
Interval = tuple[int, int]

MASS = f"event of more than {LARGEST_EVENT} people"
"""The reason in a card for what is set apart; the same words as for other events."""


@dataclass(frozen=True)
class Presence:
    """One row of a list of attendance: a person from one moment to another.

    Parameters
    ----------
    person : str, optional
        Who; None if the row is skipped.
    start, end : int
        In microseconds since 1970.
    organiser : bool
        Whether the source says that this person organised the meeting.
    skip : str, optional
        Why this row says nothing about anybody's presence.
    """

    person: str | None = None
    start: int = 0
    end: int = 0
    organiser: bool = False
    skip: str | None = None


@dataclass(frozen=True)
class _Pair:
    one: str
    other: str
    time: int


def add_meeting(rows: Rows, present: Sequence[Presence], channel: str = "meeting") -> None:
    """Add the contacts of one meeting: each row of its list is a record, kept or counted.

    Parameters
    ----------
    rows : Rows
        Where they go.
    present : sequence of Presence
        All rows of the meeting, in the order of the file.
    channel : str
        What to call it.
    """
    spans = _merged(present)
    pairs, together = _pairs(spans)
    organisers = {one.person for one in present if one.organiser and one.person}
    event = _event(spans, together)
    carried = _carried(present, pairs)
    for number, one in enumerate(present):
        rows.record()
        mine = carried.get(number, ())
        if not mine:
            rows.skip(_reason(one, together))
        for pair in mine:
            source, target = sorted((pair.one, pair.other))
            rows.contact(
                pair.time,
                source,
                target,
                channel=channel,
                event=event,
                size=len(together),
                directed=False,
                role=_role(source, target, organisers),
            )


def _reason(one: Presence, together: set[str]) -> str:
    if one.skip is not None:
        return one.skip
    if one.person not in together:
        return "nobody else was present for a minute"
    return MASS if len(together) > LARGEST_EVENT else "kept"


def _role(source: str, target: str, organisers: set[str]) -> str | None:
    if target in organisers:
        return "organiser"
    return "attendee" if source in organisers else None


def _event(spans: Mapping[str, list[Interval]], together: set[str]) -> str | None:
    """Return an id for the meeting: equal for two lists of the same one, without its title."""
    if not together:
        return None
    start = min(spans[person][0][0] for person in together)
    text = "\n".join([str(start), *sorted(together)])
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()


def _merged(present: Sequence[Presence]) -> dict[str, list[Interval]]:
    """Merge the rejoins of each person."""
    raw: dict[str, list[Interval]] = defaultdict(list)
    for one in present:
        if one.person is not None and one.skip is None:
            raw[one.person].append((one.start, one.end))
    return {person: _union(spans) for person, spans in raw.items()}


def _union(spans: Sequence[Interval]) -> list[Interval]:
    merged: list[Interval] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _overlap(one: Sequence[Interval], other: Sequence[Interval]) -> tuple[int, int]:
    """Return for how long two merged presences overlap, and from when."""
    total, first = 0, 0
    i = j = 0
    while i < len(one) and j < len(other):
        start = max(one[i][0], other[j][0])
        end = min(one[i][1], other[j][1])
        if end > start:
            first = first if total else start
            total += end - start
        if one[i][1] < other[j][1]:
            i += 1
        else:
            j += 1
    return total, first


def _pairs(spans: Mapping[str, list[Interval]]) -> tuple[list[_Pair], set[str]]:
    """Return who met whom, and everybody who met somebody.

    Of a meeting too large to be about anybody a single pair is returned, so that it is counted.
    """
    people = sorted(spans)
    if len(people) > LARGEST_EVENT:
        shared = _with_company(spans)
        people = [one for one in people if _overlap(spans[one], shared)[0] >= MINUTE]
        if len(people) > LARGEST_EVENT:
            start = min(spans[one][0][0] for one in people)
            return [_Pair(people[0], people[1], start)], set(people)
    pairs = []
    for place, one in enumerate(people):
        for other in people[place + 1 :]:
            total, start = _overlap(spans[one], spans[other])
            if total >= MINUTE:
                pairs.append(_Pair(one, other, start))
    return pairs, {person for pair in pairs for person in (pair.one, pair.other)}


def _with_company(spans: Mapping[str, list[Interval]]) -> list[Interval]:
    """Return when at least two people were present."""
    steps = sorted(
        step for mine in spans.values() for start, end in mine for step in ((start, 1), (end, -1))
    )
    shared: list[Interval] = []
    here, since = 0, 0
    for time, change in steps:
        if here < 2 <= here + change:
            since = time
        elif here >= 2 > here + change:
            shared.append((since, time))
        here += change
    return _union(shared)


def _carried(present: Sequence[Presence], pairs: Sequence[_Pair]) -> dict[int, list[_Pair]]:
    """Give each pair to a row of one of the two, so that as many rows as possible have one."""
    first: dict[str, int] = {}
    for number, one in enumerate(present):
        if one.person is not None and one.skip is None:
            first.setdefault(one.person, number)
    carried: dict[int, list[_Pair]] = defaultdict(list)
    for pair in pairs:
        here, there = first[pair.one], first[pair.other]
        carried[there if here in carried and there not in carried else here].append(pair)
    return carried
