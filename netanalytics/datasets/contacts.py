"""How contacts come about over the months: rhythms, messages and their answers, meetings."""

from __future__ import annotations

import math
from bisect import bisect
from itertools import accumulate, combinations
from typing import TYPE_CHECKING

from netanalytics.datasets.calendar import DAYS, HOURS, SUMMER_TIME, date_of
from netanalytics.datasets.dice import Dice
from netanalytics.datasets.people import SITES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from netanalytics.datasets.people import World


class Feature(Dice):
    """One thing that goes on in the office."""

    def __init__(self, world: World, prefix: str, stream: str) -> None:
        super().__init__(world.seed, stream)
        self.world, self.prefix, self.count = world, prefix, 0
        self.weights = list(accumulate(world.activity[p] for p in world.colleagues))

    def event(self) -> str:
        """Return a new event id."""
        self.count += 1
        return f"{self.prefix}{self.count}"

    def moment(self, day: int, person: str, *, hours: int = len(HOURS)) -> int:
        """Draw a second, counted from the first day in UTC, in the first hours of their day."""
        hour = 7 + bisect(HOURS, self.draw() * HOURS[hours - 1]) - (day in SUMMER_TIME)
        ahead = SITES.get(self.world.site.get(person, ""), 1)
        return day * 86_400 + (hour - ahead) * 3600 + int(self.draw() * 3600)

    def colleague(self, department: str = "") -> str:
        """Draw a colleague, of a department if one is given; busy ones come up more often."""
        while True:
            place = bisect(self.weights, self.draw() * self.weights[-1])
            person = self.world.colleagues[place]
            if department in ("", self.world.department[person]):
                return person

    def pair(self, near: float) -> tuple[str, str]:
        """Claim two colleagues of different teams, with chance ``near`` from one department."""
        inside = self.chance(near)
        while True:
            one = self.colleague()
            other = self.colleague(self.world.department[one] if inside else "")
            if self.world.claim(one, other):
                return one, other

    def workday(self, people: Iterable[str], clock: float, *, weekend: float = 0) -> int:
        """Draw a day near a moment on which all of them are at work, for a few at the weekend."""
        day, odd = int(clock), self.chance(weekend)
        if day in self.world.closed and not odd:
            # To any day of the next week: if all went to its Monday, Mondays would stand out.
            day += 7 - date_of(day).weekday() + int(5 * self.draw())
        return self.world.working(people, day, weekend=odd)

    def days(
        self,
        people: Sequence[str],
        period: float,
        start: float = 0,
        *,
        stop: float = DAYS,
        weekend: float = 0.04,
    ) -> list[int]:
        """Draw the days on which a lasting tie is used: a rhythm, some chance, their holidays."""
        chance = self.between(0.1, 0.5)
        clock, found = start + period * self.draw(), set()
        while clock < stop:
            found.add(self.workday(people, clock, weekend=weekend))
            clock += period * (1 - chance + chance * self.wait())
        return sorted(day for day in found if day < stop)

    def agenda(self, people: Sequence[str], period: float) -> list[int]:
        """Draw the days of an appointment, which is moved by a few days at most."""
        starts = range(1 + int(DAYS / period))
        places = [period * (number + self.between(0.0, 0.15)) for number in starts]
        offset = period * self.draw()
        days = sorted({self.workday(people, offset + place) for place in places})
        return [day for day in days if day < DAYS]

    def send(
        self,
        second: int,
        sender: str,
        to: Collection[tuple[str, str]],
        *,
        channel: str = "email",
        answers: str | None = None,
    ) -> str:
        """Write down one message to (person, role) pairs and return its event."""
        event, size = self.event(), len(to) + 1
        self.world.contacts += [
            (second, sender, person, channel, event, size, True, role, answers)
            for person, role in to
        ]
        return event

    def answer(
        self, second: int, event: str, by: str, *, to: Sequence[str], channel: str = "email"
    ) -> None:
        """Answer a message some minutes or hours later, or else the next working morning."""
        later = second + 120 + int(30_000 * self.draw() ** 3)
        if not 5 * 3600 < later % 86_400 < 18 * 3600 or later // 86_400 in self.world.away[by]:
            later = self.moment(self.world.working([by], second // 86_400 + 1), by)
        roles = [(to[0], "reply"), *((person, "cc") for person in to[1:])]
        self.send(later, by, roles, channel=channel, answers=event)

    def broadcast(self, second: int, sender: str, to: Collection[str]) -> str:
        """Write down one message to many, and return its event."""
        return self.send(second, sender, [(person, "broadcast") for person in to])

    def meet(self, day: int, members: Sequence[str]) -> None:
        """Write down a meeting that the first called: one row a pair, neither reached the other."""
        event, start = self.event(), self.moment(day, members[0], hours=10) // 900 * 900
        for one, two in combinations(sorted(members), 2):
            role = {two: "organiser", one: "attendee"}.get(members[0])
            row = (start, one, two, "meeting", event, len(members), False, role, None)
            self.world.contacts.append(row)

    def use(
        self,
        pair: tuple[str, str],
        days: Iterable[int],
        *,
        first: float = 0.5,
        replies: float = 0.4,
        meetings: float = 0.12,
    ) -> None:
        """Let two people be in touch on these days, by mail, chat or a meeting of two."""
        for day in days:
            one, other = pair if self.chance(first) else pair[::-1]
            channel = self.draw()
            if channel < meetings and day not in self.world.closed:
                self.meet(day, (one, other))
                continue
            medium, role = ("chat", "mention") if channel > 0.7 else ("email", "to")
            second = self.moment(day, one)
            event = self.send(second, one, [(other, role)], channel=medium)
            if self.chance(replies):
                self.answer(second, event, other, to=[one], channel=medium)

    def keep(self, one: str, other: str, *, low: float, high: float) -> None:
        """Let a tie last from the first weeks to the end; the busy are in touch more often."""
        busy = math.sqrt(self.world.activity[one] * self.world.activity[other])
        period = min(max(self.between(low, high) / busy, low), high)
        days = self.days((one, other), period, self.between(0, 25))
        self.use((one, other), days, first=self.between(0.3, 0.7))
