"""An invented workplace with a planted truth, to try every measure and every piece of advice on.

:func:`office` draws it. What goes on in the office (team meetings, mailing lists, ties that fade)
is one function each in ``_FEATURES``, with its own stream of random numbers and its own event ids,
and it takes no pair of people that an earlier one has claimed. So a feature added at the end leaves
every row of the others as it was. The only source of chance is ``random.Random(seed).random()``,
which Python promises to keep.
"""

from __future__ import annotations

import hashlib
import math
import random
import unicodedata
from bisect import bisect
from collections import Counter
from dataclasses import dataclass, fields
from datetime import date, timedelta
from itertools import accumulate, combinations, islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from netanalytics.schema import CONTACT_COLUMNS, RELATION_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    import pandas as pd

_T = TypeVar("_T")
_Entry = tuple[date, date | None, str]
_Contact = tuple[int, str, str, str, str, int, bool, str | None, str | None]

FIRST_DAY, LAST_DAY = date(2025, 1, 1), date(2026, 6, 30)
"""The eighteen months that an office is watched. Inside this module days are counted from 0."""

_DAYS = (LAST_DAY - FIRST_DAY).days + 1
_RECENT = _DAYS - 45  # a tie that began in these last days is new
_PEOPLE = ("person", "name", "department", "team", "site", "level", "organisation", "is_bot")
_TRUTH = ("kind", "person", "source", "target", "when")
_DIRECTORY = ("person", "team", "organisation", "since", "until")

_COMPANY, _PARTNER = "Fjordlys", "Marlow"
_DEPARTMENTS = ("Design", "Finance", "Operations", "Research", "Sales", "Support")
_TEAMS = {"Alder": 6, "Birch": 7, "Cedar": 8, "Elm": 9, "Oak": 10}  # 40 in each department
_SITES = {"Porto": 0, "Kraków": 1}  # hours ahead of UTC in winter
_FIRMS = ("Lumen", "Nordia", "Pixelhof", "Quanta", "Rivage", "Solano", "Tinto", "Ursa")
_BOTS = ("build-bot", "calendar-bot", "expense-bot")
_CIRCULARS = ((13, ""), (104, ""), (196, ""), (251, "Porto"), (287, ""), (384, ""), (433, "Kraków"))

# The weight of each hour from seven: less over lunch, hardly anything in the evening.
_HOURS = tuple(accumulate((10, 50, 95, 110, 100, 50, 75, 100, 95, 60, 30, 8, 5, 5, 4, 2)))
_HOLIDAYS = ("2025-04-21", "2025-05-01", "2025-12-31", "2026-01-01", "2026-04-06", "2026-05-01")

_FIRST_NAMES = """Ada Aiko Ana Björn Bram Chloé Dara Émile Esra Eva Femi Finn Gül Hana Ida Iñaki Ivo
Jana José Jun Kai Kim Lea Liv Luís Łukasz Mai Márta Mei Musa Nils Noor Nuno Ola Omar Pau Ravi René
Rosa Rūta Sami Søren Tess Théo Uma Vera Wei Yara Zoë"""
_LAST_NAMES = """Abe Åberg Ahmed Bauer Berg Bošnjak Cho Costa Çelik Dahl Eze Faß Frey Ghosh Gómez
Grøn Hägg Ito Iyer Kaya Khan Kuź Lam Lind Łoś Mäki Mbeki Mori Müller Nair Novák Núñez Olsen Ong
Pérez Popa Řezáč Rossi Sato Silva Şahin Tóth Vidal Vogel Weiß Wójcik Yılmaz Zhou Zięba"""
_FOLD = str.maketrans({"ø": "o", "ł": "l", "ß": "ss", "ı": "i"})  # letters that do not decompose


@dataclass(frozen=True, eq=False)
class Office:
    """An invented workplace, as plain tables.

    Parameters
    ----------
    interactions : pandas.DataFrame
        The log in order of time, with the columns that :func:`netanalytics.load` gives except
        ``origin``. What a contact does not have (a role, an answered event) is missing.
    people : pandas.DataFrame
        Colleagues, external contacts and bots: person, name, department, team, site, level (1 to
        5), organisation, is_bot. Second addresses are not in it: they stand in ``truth``.
    relations : pandas.DataFrame
        Declared supervisors, peers, mentors, sponsors, friends and clients: source, target, kind,
        since, until. Several may hold of one pair.
    truth : pandas.DataFrame
        What was planted: kind, person, source, target, when. Where direction does not matter,
        source < target.
    directory : pandas.DataFrame
        Who was in which team when: person, team, organisation, since, until. A new row is no
        move if it says the same again, in another spelling or after a leave.
    """

    interactions: pd.DataFrame
    people: pd.DataFrame
    relations: pd.DataFrame
    truth: pd.DataFrame
    directory: pd.DataFrame


class _Dice:
    """One stream of uniform numbers, and what is made of them."""

    def __init__(self, seed: int, stream: str) -> None:
        digest = hashlib.sha256(f"{seed}:{stream}".encode()).digest()
        self.draw = random.Random(int.from_bytes(digest[:8], "big")).random

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self.draw()

    def chance(self, probability: float) -> bool:
        return self.draw() < probability

    def shuffled(self, items: Iterable[_T]) -> list[_T]:
        return [item for _, _, item in sorted((self.draw(), i, x) for i, x in enumerate(items))]

    # Both are rounded: the last bit of a logarithm differs between platforms, the bytes must not.
    def wait(self) -> float:
        return round(-math.log(1 - self.draw()), 6)

    def lognormal(self, sigma: float) -> float:
        radius = math.sqrt(-2 * math.log(1 - self.draw()))
        return round(math.exp(sigma * radius * math.cos(2 * math.pi * self.draw())), 6)


def _day(when: str) -> int:
    return (date.fromisoformat(when) - FIRST_DAY).days


def _date(day: int) -> date:
    return FIRST_DAY + timedelta(days=day)


_SUMMER_TIME = {*range(_day("2025-03-30"), _day("2025-10-26")), *range(_day("2026-03-29"), _DAYS)}


def _ascii(name: str) -> str:
    text = unicodedata.normalize("NFKD", name.lower().translate(_FOLD))
    return text.encode("ascii", "ignore").decode()


class _World:
    """The people of an office, who may meet whom, and what has been written down so far."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.people: list[tuple[object, ...]] = []
        self.department: dict[str, str] = {}
        self.site: dict[str, str] = {}
        self.teams: dict[str, list[str]] = {}  # the lead first
        self.heads: dict[str, str] = {}  # by department; the first is the director
        self.externals: dict[str, list[str]] = {}  # by firm
        self.contacts: list[_Contact] = []
        self.relations: list[tuple[object, ...]] = []
        self.truth: list[tuple[object, ...]] = []
        self.directory: list[tuple[object, ...]] = []
        self.claimed: set[frozenset[str]] = set()
        self.hire(_Dice(seed, "people"))
        self.invite(_Dice(seed, "externals"))
        self.rank(_Dice(seed, "relations"))
        self.rest(_Dice(seed, "absence"))
        self.cast(_Dice(seed, "cast"))
        dice = _Dice(seed, "activity")
        self.activity = {str(person): dice.lognormal(0.5) for person, *_ in self.people}

    def hire(self, dice: _Dice) -> None:
        """Fill six departments of five teams; the head of a department leads its first team."""
        names = [(one, two) for one in _FIRST_NAMES.split() for two in _LAST_NAMES.split()]
        ids = {f"{_ascii(one)}.{_ascii(two)}": f"{one} {two}" for one, two in dice.shuffled(names)}
        hired = iter(ids.items())
        for department in _DEPARTMENTS:
            for place, (tree, size) in enumerate(_TEAMS.items()):
                team = self.teams[f"{department} {tree}"] = []
                for seat, (person, name) in enumerate(islice(hired, size)):
                    site = list(_SITES)[(place + dice.chance(0.15)) % 2]
                    lead = 3 if place else 4 + (department == _DEPARTMENTS[0])
                    level = 1 + dice.chance(0.45) if seat else lead
                    row = (person, name, department, f"{department} {tree}", site, level)
                    self.people.append((*row, _COMPANY, False))
                    self.department[person], self.site[person] = department, site
                    team.append(person)
            self.heads[department] = self.teams[f"{department} Alder"][0]
        self.colleagues = list(self.site)

    def invite(self, dice: _Dice) -> None:
        """Add external contacts, one firm of which only one colleague will know, and bots."""
        for firm in (*_FIRMS, _PARTNER):
            count = int(dice.between(5, 9) if firm == _PARTNER else dice.between(3, 6))
            firsts, lasts = dice.shuffled(_FIRST_NAMES.split()), dice.shuffled(_LAST_NAMES.split())
            self.externals[firm] = [f"{_ascii(x)}@{firm.lower()}.example" for x in firsts[:count]]
            for person, *names in zip(self.externals[firm], firsts, lasts, strict=False):
                self.people.append((person, " ".join(names), *[None] * 4, firm, False))
        for bot in _BOTS:
            name = bot.replace("-", " ").capitalize()
            self.people.append((bot, name, *[None] * 4, _COMPANY, True))

    def rank(self, dice: _Dice) -> None:
        """Declare who leads whom. These pairs and all teammates have known each other for long."""
        director, *heads = self.heads.values()
        lines = [(director, head, "supervisor") for head in heads]
        lines += [(one, other, "peer") for one, other in combinations(sorted(heads), 2)]
        for team in self.teams.values():
            head = self.heads[self.department[team[0]]]
            if head != team[0]:
                lines.append((head, team[0], "supervisor"))
            lines += [(team[0], member, "supervisor") for member in team[1:]]
            self.claimed |= {frozenset(pair) for pair in combinations(team, 2)}
            self.claimed |= {frozenset((head, member)) for member in team}
        self.claimed |= {frozenset(line[:2]) for line in lines}
        self.relations = [(*line, _date(int(dice.between(-2000, -30))), None) for line in lines]

    def rest(self, dice: _Dice) -> None:
        """Close on weekends and holidays; send everybody on leave in summer and in spring."""
        self.closed = {0, *map(_day, _HOLIDAYS), *range(_day("2025-12-24"), _day("2025-12-31"))}
        self.closed |= {day for day in range(_DAYS + 30) if _date(day).weekday() > 4}
        self.away: dict[str, set[int]] = {}
        for person, *_ in self.people:
            summer = int(dice.between(_day("2025-06-30"), _day("2025-08-18")))
            spring = int(dice.between(_day("2026-02-09"), _day("2026-04-20")))
            self.away[str(person)] = {*range(summer, summer + int(dice.between(12, 24)))}
            self.away[str(person)] |= {*range(spring, spring + int(dice.between(4, 10)))}

    def cast(self, dice: _Dice) -> None:
        """Shuffle those who may get a part: ordinary members of departments that are no silo."""
        self.silos = sorted(dice.shuffled(_DEPARTMENTS[1:])[:2])
        # Those in here have no contacts outside their own department.
        self.inward = {p for p in self.colleagues if self.department[p] in self.silos}
        leads = [team[0] for team in self.teams.values()]
        self.deck = dice.shuffled(p for p in self.colleagues if p not in {*leads, *self.inward})

    def deal(self, count: int) -> list[str]:
        """Give a part to people who have none yet."""
        dealt, self.deck = self.deck[:count], self.deck[count:]
        return dealt

    def team_of(self, person: str) -> list[str]:
        return next(team for team in self.teams.values() if person in team)

    def free(self, one: str, other: str) -> bool:
        """Tell whether these may become contacts: each pair belongs to one feature only."""
        if one == other or frozenset((one, other)) in self.claimed:
            return False
        together = self.department.get(one) == self.department.get(other)
        return together or not self.inward & {one, other}

    def claim(self, one: str, other: str) -> bool:
        """Take a pair if it is free."""
        if not self.free(one, other):
            return False
        self.claimed.add(frozenset((one, other)))
        return True

    def working(self, people: Iterable[str], day: int, *, weekend: bool = False) -> int:
        """Return the first day from ``day`` on which all of them are at work."""
        while (day in self.closed and not weekend) or any(day in self.away[p] for p in people):
            day += 1
        return day

    def plant(self, kind: str, one: str, other: str, *, day: int | None = None) -> None:
        """Write down a planted tie, whose direction does not matter."""
        self.truth.append((kind, None, *sorted((one, other)), None if day is None else _date(day)))


class _Feature(_Dice):
    """One thing that goes on in the office."""

    def __init__(self, world: _World, prefix: str, stream: str) -> None:
        super().__init__(world.seed, stream)
        self.world, self.prefix, self.count = world, prefix, 0
        self.weights = list(accumulate(world.activity[p] for p in world.colleagues))

    def event(self) -> str:
        self.count += 1
        return f"{self.prefix}{self.count}"

    def moment(self, day: int, person: str, *, hours: int = len(_HOURS)) -> int:
        """Draw a second, counted from the first day in UTC, in the first hours of their day."""
        hour = 7 + bisect(_HOURS, self.draw() * _HOURS[hours - 1]) - (day in _SUMMER_TIME)
        ahead = _SITES.get(self.world.site.get(person, ""), 1)
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
            day += 7 - _date(day).weekday() + int(5 * self.draw())
        return self.world.working(people, day, weekend=odd)

    def days(
        self,
        people: Sequence[str],
        period: float,
        start: float = 0,
        *,
        stop: float = _DAYS,
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
        starts = range(1 + int(_DAYS / period))
        places = [period * (number + self.between(0.0, 0.15)) for number in starts]
        offset = period * self.draw()
        days = sorted({self.workday(people, offset + place) for place in places})
        return [day for day in days if day < _DAYS]

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


def _alias(run: _Feature) -> None:
    """Let some write from a private address too; the truth alone says that both are one."""
    for person in run.world.deal(8):
        alias, team = f"{person}@home.example", run.world.team_of(person)
        run.world.truth.append(("alias", person, alias))
        run.world.away[alias] = run.world.away[person]
        for mate in run.shuffled(p for p in team if p != person)[:3]:
            days = run.days((alias, mate), run.between(18, 40), weekend=0.3)
            run.use((alias, mate), days, first=run.between(0.4, 0.9), meetings=0)


def _local_bridge(run: _Feature) -> None:
    """Pairs who know nobody outside their own departments, except each other."""
    world = run.world
    for _ in range(6):
        (one,) = world.deal(1)
        other = next(p for p in world.deck if world.department[p] != world.department[one])
        world.deck.remove(other)
        world.claim(one, other)
        world.inward |= {one, other}
        world.plant("local_bridge", one, other)
        run.keep(one, other, low=10, high=21)


def _cut_point(run: _Feature) -> None:
    """Leave a partner firm to one colleague, whom alone they are in touch with."""
    (person,), partners = run.world.deal(1), run.world.externals[_PARTNER]
    run.world.truth.append(("cut_point", person, None, _PARTNER))
    for partner, copied in zip(partners, partners[1:] + partners[:1], strict=True):
        run.world.claim(person, partner)
        for day in run.days((person, partner), run.between(16, 28)):
            second = run.moment(day, partner)
            event = run.send(second, partner, [(person, "to"), (copied, "cc")])
            if run.chance(0.6):
                run.answer(second, event, person, to=[partner, copied])


def _broker(run: _Feature) -> None:
    """Each knows one person in most teams of the departments that are no silo."""
    for person in run.world.deal(10):
        run.world.truth.append(("broker", person))
        outside = run.shuffled(t for t in run.world.teams.values() if person not in t)
        for team in outside[: int(run.between(20, 26))]:
            other = next((p for p in run.shuffled(team) if run.world.claim(person, p)), None)
            if other:
                run.keep(person, other, low=17, high=28)


def _fading(run: _Feature) -> None:
    """Ties that were kept for months, then stopped, or became rarer before they stopped."""
    for _ in range(90):
        pair, period, start = run.pair(0.5), run.between(6, 21), run.between(0, 80)
        tapers = run.chance(0.25)
        low, high = (13 * period, 16 * period) if tapers else (max(50, 2.8 * period), 200)
        days = run.days(pair, period, start, stop=_DAYS - run.between(low, high))
        run.world.plant("fading", *pair, day=days[-1])
        clock: float = days[-1]
        for longer in (1.35, 1.8, 2.4, 3.2) if tapers else ():
            clock += period * longer * run.between(0.85, 1.15)
            days.append(run.workday(pair, clock))
        run.use(pair, days, first=run.between(0.3, 0.7))


def _revived(run: _Feature) -> None:
    """Ties that rested for months and came back to life."""
    for _ in range(14):
        pair, period, back = run.pair(0.4), run.between(7, 16), _DAYS - run.between(50, 85)
        before = run.days(pair, period, stop=back - run.between(110, 200))
        after = run.days(pair, 0.6 * period, back)
        run.world.plant("revived", *pair, day=after[0])
        run.use(pair, before + after)


def _one_sided(run: _Feature) -> None:
    """One keeps writing; the other answers once in a long while, if at all."""
    for _ in range(14):
        pair = run.pair(0.3)
        run.world.truth.append(("one_sided", None, *pair))
        days = run.days(pair, run.between(9, 20))
        run.use(pair, days, first=1, replies=0.05, meetings=0)


def _first_meeting(run: _Feature) -> None:
    """First meetings of the last weeks: half are followed up, some have a teammate present."""
    for number in range(24):
        one, other = run.pair(0)
        team = run.world.team_of(one) if number % 6 == 0 else []
        mates = [p for p in team if p != one and run.world.free(p, other)][:1]
        day = run.workday((one, other, *mates), run.between(_RECENT + 2, _DAYS - 23))
        run.meet(day, (one, other, *mates))
        if number % 2:
            later = run.days((one, other), 5, day + 1, stop=day + 15)
            run.use((one, other), later, replies=0.6)
            continue
        for member in (one, *mates):
            run.world.claim(member, other)
            run.world.plant("unfollowed_meeting", member, other, day=day)


def _silo(run: _Feature) -> None:
    """Departments that keep to themselves, but for a few odd mails."""
    for department in run.world.silos:
        run.world.truth.append(("silo", None, department))
        for _ in range(8):
            one, other = run.colleague(department), run.colleague()
            if other not in run.world.inward:
                day = run.workday((one, other), run.between(0, _RECENT))
                run.use((one, other), [day], meetings=0)


def _mass_mail(run: _Feature) -> None:
    """Circulars of the director, each quarter to everybody and now and then to one site."""
    director = run.world.heads[_DEPARTMENTS[0]]
    for day, site in _CIRCULARS:
        to = [p for p in run.world.colleagues if site in ("", run.world.site[p])]
        second = run.moment(run.workday([director], day), director)
        event = run.broadcast(second, director, [p for p in to if p != director])
        run.world.truth.append(("mass_mail", director, event, None, _date(second // 86_400)))


def _bots(run: _Feature) -> None:
    """Machines that write to people, who never write back."""
    builds, calendar, expenses = _BOTS
    run.world.truth += [("bot", bot) for bot in _BOTS]
    for day in run.days((), 7):
        run.broadcast(day * 86_400 + 18_000, builds, run.world.teams["Research Cedar"])
    for day in run.days((), 3):
        run.send(day * 86_400 + 21_600, calendar, [(run.colleague(), "to")])
    for day in run.days((), 30):
        late = run.shuffled(run.world.colleagues)[: int(run.between(5, 15))]
        run.broadcast(day * 86_400 + 14_400, expenses, late)


def _lists(run: _Feature) -> None:
    """Mailing lists: heads write to their departments, clubs to people of several."""

    def letters(host: str, members: Sequence[str], *, months: int) -> None:
        for month in range(0, 18, months):
            first = (date(2025 + month // 12, 1 + month % 12, 1) - FIRST_DAY).days
            day = run.workday([host], first + 3 * run.draw())
            run.broadcast(run.moment(day, host), host, members)

    for department, head in run.world.heads.items():
        members = [p for p in run.world.colleagues if run.world.department[p] == department]
        letters(head, [p for p in members if p != head], months=2)
    hosts = run.shuffled(p for p in run.world.colleagues if p not in run.world.inward)
    for host in hosts[:4]:
        free = [p for p in run.shuffled(run.world.colleagues) if run.world.free(host, p)]
        some = free[: int(run.between(12, 22))]
        letters(host, [p for p in some if run.world.claim(host, p)], months=1)


def _team_meeting(run: _Feature) -> None:
    """Each team meets every few weeks without those who are away; so do the heads."""
    for team in (*run.world.teams.values(), list(run.world.heads.values())):
        for day in run.agenda((), 28):
            present = [p for p in team if day not in run.world.away[p] and run.chance(0.99)]
            if present:
                run.meet(day, present)


def _team_mail(run: _Feature) -> None:
    """Teammates write to one another and copy others in; leads see each, heads the leads."""
    for lead, *members in run.world.teams.values():
        head = run.world.heads[run.world.department[lead]]
        if lead != head:
            run.keep(head, lead, low=14, high=30)
        for member in members:
            for day in run.agenda((lead, member), run.between(32, 48)):
                run.meet(day, (lead, member))
        for pair in combinations((lead, *members), 2):
            if run.chance(0.11):
                run.keep(*pair, low=10, high=35)
        for day in run.days((), 32):
            sender, to, *copied = run.shuffled((lead, *members))[: int(run.between(3, 6))]
            second = run.moment(day, sender)
            event = run.send(second, sender, [(to, "to"), *((p, "cc") for p in copied)])
            if run.chance(0.5):
                run.answer(second, event, to, to=[sender, *copied])


def _projects(run: _Feature) -> None:
    """Small groups across departments: they meet, one in turn writes the minutes, one answers."""
    for _ in range(8):
        members: list[str] = []
        while len(members) < 4:
            new = run.colleague()
            if new not in run.world.inward and all(run.world.free(new, p) for p in members):
                members.append(new)
        for pair in combinations(members, 2):
            run.world.claim(*pair)
        for turn, day in enumerate(run.agenda(members, run.between(18, 28))):
            run.meet(day, members)
            writer, to, *others = members[turn % 4 :] + members[: turn % 4]
            second = run.moment(run.world.working(members, day + 1), writer)
            event = run.send(second, writer, [(to, "to"), *((p, "cc") for p in others)])
            run.answer(second, event, to, to=[writer, *others])


def _accounts(run: _Feature) -> None:
    """Each external contact, except at the partner firm, knows two or three colleagues."""
    for firm in _FIRMS:
        hosts = run.shuffled(p for p in run.world.colleagues if p not in run.world.inward)[:3]
        for contact in run.world.externals[firm]:
            for host in hosts[: 2 + run.chance(0.4)]:
                run.world.claim(host, contact)
                run.keep(host, contact, low=16, high=38)


def _kept(run: _Feature) -> None:
    """Working ties between teams, each with a rhythm of its own."""
    for number in range(136):
        run.keep(*run.pair(number % 2), low=9, high=36)


def _bursty(run: _Feature) -> None:
    """Ties that live in bursts: some days in a row, then nothing for weeks."""
    for _ in range(40):
        pair, clock = run.pair(0.6), run.between(0, 50)
        while clock < _DAYS:
            run.use(pair, run.days(pair, 2, clock, stop=min(clock + run.between(3, 9), _DAYS)))
            clock += run.between(18, 63)


def _thin(run: _Feature) -> None:
    """Many have been in touch once or twice."""
    for _ in range(750):
        pair = run.pair(0.45)
        for _ in range(1 + run.chance(0.35)):
            day = run.workday(pair, run.between(0, _DAYS), weekend=0.04)
            # Without meetings in the last weeks: those would be first meetings nobody planted.
            run.use(pair, [day], meetings=0.15 if day < _RECENT else 0)


def _employer_move(run: _Feature) -> None:
    """External contacts who change firm: another address from one month to the next."""
    world = run.world
    taken = {str(name) for _, name, *_ in world.people}
    for _ in range(3):
        before, after = run.shuffled(_FIRMS)[:2]
        one, two = _new_name(run, taken)
        old, new = (f"{_ascii(one)}.{_ascii(two)}@{f.lower()}.example" for f in (before, after))
        for address in (old, new):
            world.away[address], world.activity[address] = set(), 1.0
        hosts = run.shuffled(p for p in world.colleagues if p not in world.inward)[:2]
        moved = run.between(150, 400)
        for host in hosts:
            world.claim(host, old)
            world.claim(host, new)
            # On fewer than five days: what rests there is no tie that has broken off.
            earlier = run.days((host,), 24, moved - 110, stop=moved - 3)[-4:]
            run.use((host, old), earlier, replies=0, meetings=0)
            run.use((host, new), run.days((host,), run.between(16, 30), moved), first=0.4)
        first = min(row[0] for row in world.contacts if new in row[1:3]) // 86_400
        world.people.append((new, f"{one} {two}", *[None] * 4, after, False))
        world.truth.append(("alias", new, old))
        world.truth.append(("employer_move", new, before, after, _date(first)))


def _new_name(run: _Feature, taken: set[str]) -> tuple[str, str]:
    """Draw a name that nobody bears."""
    firsts, lasts = _FIRST_NAMES.split(), _LAST_NAMES.split()
    while True:
        one, two = firsts[int(len(firsts) * run.draw())], lasts[int(len(lasts) * run.draw())]
        if f"{one} {two}" not in taken:
            taken.add(f"{one} {two}")
            return one, two


def _team_move(run: _Feature) -> None:
    """Let a few change teams on the first of a month; the directory says who was where when."""
    world = run.world
    teams = {person: team for team, members in world.teams.items() for person in members}
    hired = {person: _date(int(run.between(-2000, -30))) for person in world.colleagues}
    rows: dict[str, list[_Entry]]
    rows = {person: [(hired[person], None, team)] for person, team in teams.items()}
    for number, person in enumerate(world.deal(6)):
        others = [team for team in world.teams if team != teams[person]]
        former = next(
            team
            for team in run.shuffled(others)
            if not set(world.teams[team]) & world.inward
            and any(world.free(person, mate) for mate in world.teams[team])
        )
        since = date(2025 + (4 + 2 * number) // 12, 1 + (4 + 2 * number) % 12, 1)
        mate = next(p for p in run.shuffled(world.teams[former]) if world.claim(person, p))
        run.keep(person, mate, low=20, high=28)
        rows[person] = [
            (hired[person], since - timedelta(days=1), former),
            (since, None, teams[person]),
        ]
        world.truth.append(("team_move", person, former, teams[person], since))
    _say_again(run, rows)
    for person in world.colleagues:
        for since, until, team in rows[person]:
            world.directory.append((person, team, _COMPANY, since, until))


def _say_again(run: _Feature, rows: dict[str, list[_Entry]]) -> None:
    """Enter some again who have not moved: in another spelling, or after a leave."""
    still = run.shuffled(person for person, entries in rows.items() if len(entries) == 1)
    for number, person in enumerate(still[:6]):
        ((hired, _, team),) = rows[person]
        until, since = date(2025, 4 + number, 30), date(2025, 5 + number + 2 * (number % 2), 1)
        again = team if number % 2 else team.upper().replace(" ", "  ")
        rows[person] = [(hired, until, team), (since, None, again)]


def _relations(run: _Feature) -> None:
    """Declare mentors, sponsors, friends and clients, with periods, some on one pair."""
    world = run.world
    level = {str(row[0]): row[5] for row in world.people}
    often = Counter((min(row[1:3]), max(row[1:3])) for row in world.contacts if row[5] <= 10)
    known = sorted(pair for pair, count in often.items() if count >= 10)
    inside = [pair for pair in known if set(pair) <= set(world.site)]
    for number, pair in enumerate(run.shuffled(inside)[:18]):
        one, other = sorted(pair, key=lambda person: (-int(str(level[person])), person))
        since = int(run.between(-200, 300))
        ended = _date(since + int(run.between(90, 240))) if number % 2 else None
        kind = ("mentor", "mentor", "sponsor", "friend")[number % 4]
        world.relations.append((one, other, kind, _date(since), ended))
        if number < 4:
            later = _date(since + int(run.between(20, 60)))
            world.relations.append(
                (one, other, "peer" if kind == "friend" else "friend", later, None)
            )
    clients = {contact for firm in _FIRMS for contact in world.externals[firm]}
    firms = [pair if pair[1] in clients else pair[::-1] for pair in known if clients & set(pair)]
    for one, client in run.shuffled(firms)[:4]:
        world.relations.append((client, one, "client", _date(int(run.between(-300, 0))), None))


_FEATURES: dict[str, Callable[[_Feature], None]] = {
    "a": _alias,
    "g": _local_bridge,
    "c": _cut_point,
    "b": _broker,
    "f": _fading,
    "r": _revived,
    "o": _one_sided,
    "u": _first_meeting,
    "s": _silo,
    "w": _mass_mail,
    "x": _bots,
    "l": _lists,
    "m": _team_meeting,
    "t": _team_mail,
    "p": _projects,
    "e": _accounts,
    "k": _kept,
    "i": _bursty,
    "n": _thin,
    "j": _employer_move,
    "v": _team_move,
    "d": _relations,
}
"""What goes on in the office, by the first letter of its events. New ones come last."""


def office(seed: int = 0) -> Office:
    """Draw an invented workplace of 240 colleagues, watched for eighteen months.

    Parameters
    ----------
    seed : int
        The same seed gives the same office, on every platform.

    Returns
    -------
    Office
        The log, the people, the declared relations, what was planted, and the directory.

    Examples
    --------
    >>> from netanalytics.datasets import office
    >>> place = office(seed=7)
    >>> int(place.people["department"].notna().sum())
    240
    >>> place.truth.loc[place.truth["kind"] == "cut_point", "target"].item()
    'Marlow'
    """
    world = _World(seed)
    for prefix, feature in _FEATURES.items():
        feature(_Feature(world, prefix, feature.__name__))
    # An answer may fall after the last day; an event is unique with its source and target.
    log = [row for row in world.contacts if row[0] < _DAYS * 86_400]
    log.sort(key=lambda row: (row[0], row[4], row[1], row[2]))
    return Office(
        _frame(log, CONTACT_COLUMNS[:-1]),
        _frame(sorted(world.people, key=lambda row: str(row[0])), _PEOPLE),
        _frame(world.relations, RELATION_COLUMNS),
        _frame([(*row, *[None] * (5 - len(row))) for row in world.truth], _TRUTH),
        _frame(sorted(world.directory, key=lambda row: (str(row[0]), str(row[3]))), _DIRECTORY),
    )


def _frame(rows: Sequence[tuple[object, ...]], columns: Sequence[str]) -> pd.DataFrame:
    import pandas as pd

    table = pd.DataFrame(rows, columns=list(columns))
    for column in table.columns:
        if column == "time":
            table[column] = pd.Timestamp(FIRST_DAY, tz="UTC") + pd.to_timedelta(table[column], "s")
        if column in ("time", "since", "until", "when"):
            table[column] = pd.to_datetime(table[column], utc=True).astype("datetime64[us, UTC]")
        elif column not in ("size", "directed", "is_bot"):
            table[column] = table[column].astype("Int64" if column == "level" else "str")
    return table


def write_office(folder: str | Path, *, seed: int = 0) -> None:
    """Write the tables of an office as CSV files, the same bytes on every platform.

    Parameters
    ----------
    folder : str or pathlib.Path
        Where to write ``interactions.csv``, ``people.csv``, ``relations.csv``, ``truth.csv`` and
        ``directory.csv``; made if it does not exist.
    seed : int
        Which office.
    """
    place, folder = office(seed), Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name in (field.name for field in fields(place)):
        table: pd.DataFrame = getattr(place, name).copy()
        for column in table.select_dtypes("bool"):
            table[column] = table[column].map({True: "true", False: "false"})
        stamp = "%Y-%m-%dT%H:%M:%SZ" if name == "interactions" else "%Y-%m-%d"
        text = table.to_csv(index=False, lineterminator="\n", date_format=stamp)
        (folder / f"{name}.csv").write_bytes(text.encode())


if __name__ == "__main__":
    import argparse

    parser = argparse.ArgumentParser(description="Write an invented office as CSV files.")
    parser.add_argument("folder")
    parser.add_argument("--seed", type=int, default=0)
    wish = parser.parse_args()
    write_office(wish.folder, seed=wish.seed)
