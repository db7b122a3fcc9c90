"""Who is in an office: people, teams and firms, when they are away, and who may meet whom."""

from __future__ import annotations

import unicodedata
from itertools import combinations, islice
from typing import TYPE_CHECKING

from netanalytics.datasets.calendar import DAYS, HOLIDAYS, date_of, day_of
from netanalytics.datasets.dice import Dice

if TYPE_CHECKING:
    from collections.abc import Iterable

_Contact = tuple[int, str, str, str, str, int, bool, str | None, str | None]

COMPANY, PARTNER = "Fjordlys", "Marlow"
DEPARTMENTS = ("Design", "Finance", "Operations", "Research", "Sales", "Support")
_TEAMS = {"Alder": 6, "Birch": 7, "Cedar": 8, "Elm": 9, "Oak": 10}  # 40 in each department
SITES = {"Porto": 0, "Kraków": 1}  # hours ahead of UTC in winter
FIRMS = ("Lumen", "Nordia", "Pixelhof", "Quanta", "Rivage", "Solano", "Tinto", "Ursa")
BOTS = ("build-bot", "calendar-bot", "expense-bot")

FIRST_NAMES = """Ada Aiko Ana Björn Bram Chloé Dara Émile Esra Eva Femi Finn Gül Hana Ida Iñaki Ivo
Jana José Jun Kai Kim Lea Liv Luís Łukasz Mai Márta Mei Musa Nils Noor Nuno Ola Omar Pau Ravi René
Rosa Rūta Sami Søren Tess Théo Uma Vera Wei Yara Zoë"""
LAST_NAMES = """Abe Åberg Ahmed Bauer Berg Bošnjak Cho Costa Çelik Dahl Eze Faß Frey Ghosh Gómez
Grøn Hägg Ito Iyer Kaya Khan Kuź Lam Lind Łoś Mäki Mbeki Mori Müller Nair Novák Núñez Olsen Ong
Pérez Popa Řezáč Rossi Sato Silva Şahin Tóth Vidal Vogel Weiß Wójcik Yılmaz Zhou Zięba"""
_FOLD = str.maketrans({"ø": "o", "ł": "l", "ß": "ss", "ı": "i"})  # letters that do not decompose


def in_ascii(name: str) -> str:
    """Spell a name as in an address."""
    text = unicodedata.normalize("NFKD", name.lower().translate(_FOLD))
    return text.encode("ascii", "ignore").decode()


class World:
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
        self.hire(Dice(seed, "people"))
        self.invite(Dice(seed, "externals"))
        self.rank(Dice(seed, "relations"))
        self.rest(Dice(seed, "absence"))
        self.cast(Dice(seed, "cast"))
        dice = Dice(seed, "activity")
        self.activity = {str(person): dice.lognormal(0.5) for person, *_ in self.people}

    def hire(self, dice: Dice) -> None:
        """Fill six departments of five teams; the head of a department leads its first team."""
        names = [(one, two) for one in FIRST_NAMES.split() for two in LAST_NAMES.split()]
        ids = {
            f"{in_ascii(one)}.{in_ascii(two)}": f"{one} {two}" for one, two in dice.shuffled(names)
        }
        hired = iter(ids.items())
        for department in DEPARTMENTS:
            for place, (tree, size) in enumerate(_TEAMS.items()):
                team = self.teams[f"{department} {tree}"] = []
                for seat, (person, name) in enumerate(islice(hired, size)):
                    site = list(SITES)[(place + dice.chance(0.15)) % 2]
                    lead = 3 if place else 4 + (department == DEPARTMENTS[0])
                    level = 1 + dice.chance(0.45) if seat else lead
                    row = (person, name, department, f"{department} {tree}", site, level)
                    self.people.append((*row, COMPANY, False))
                    self.department[person], self.site[person] = department, site
                    team.append(person)
            self.heads[department] = self.teams[f"{department} Alder"][0]
        self.colleagues = list(self.site)

    def invite(self, dice: Dice) -> None:
        """Add external contacts, one firm of which only one colleague will know, and bots."""
        for firm in (*FIRMS, PARTNER):
            count = int(dice.between(5, 9) if firm == PARTNER else dice.between(3, 6))
            firsts, lasts = dice.shuffled(FIRST_NAMES.split()), dice.shuffled(LAST_NAMES.split())
            self.externals[firm] = [f"{in_ascii(x)}@{firm.lower()}.example" for x in firsts[:count]]
            for person, *names in zip(self.externals[firm], firsts, lasts, strict=False):
                self.people.append((person, " ".join(names), *[None] * 4, firm, False))
        for bot in BOTS:
            name = bot.replace("-", " ").capitalize()
            self.people.append((bot, name, *[None] * 4, COMPANY, True))

    def rank(self, dice: Dice) -> None:
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
        self.relations = [(*line, date_of(int(dice.between(-2000, -30))), None) for line in lines]

    def rest(self, dice: Dice) -> None:
        """Close on weekends and holidays; send everybody on leave in summer and in spring."""
        self.closed = {
            0,
            *map(day_of, HOLIDAYS),
            *range(day_of("2025-12-24"), day_of("2025-12-31")),
        }
        self.closed |= {day for day in range(DAYS + 30) if date_of(day).weekday() > 4}
        self.away: dict[str, set[int]] = {}
        for person, *_ in self.people:
            summer = int(dice.between(day_of("2025-06-30"), day_of("2025-08-18")))
            spring = int(dice.between(day_of("2026-02-09"), day_of("2026-04-20")))
            self.away[str(person)] = {*range(summer, summer + int(dice.between(12, 24)))}
            self.away[str(person)] |= {*range(spring, spring + int(dice.between(4, 10)))}

    def cast(self, dice: Dice) -> None:
        """Shuffle those who may get a part: ordinary members of departments that are no silo."""
        self.silos = sorted(dice.shuffled(DEPARTMENTS[1:])[:2])
        # Those in here have no contacts outside their own department.
        self.inward = {p for p in self.colleagues if self.department[p] in self.silos}
        leads = [team[0] for team in self.teams.values()]
        self.deck = dice.shuffled(p for p in self.colleagues if p not in {*leads, *self.inward})

    def deal(self, count: int) -> list[str]:
        """Give a part to people who have none yet."""
        dealt, self.deck = self.deck[:count], self.deck[count:]
        return dealt

    def team_of(self, person: str) -> list[str]:
        """Return the team of a colleague."""
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
        self.truth.append(
            (kind, None, *sorted((one, other)), None if day is None else date_of(day))
        )
