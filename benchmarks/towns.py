"""A second kind of invented population, drawn in another way than the one the model was fitted on.

Names follow Zipf's law over the frequent names of several countries, so that namesakes come by
themselves; umlauts are spelled out, family names are double, the order is turned by country. People
meet at workplaces, at school and through one another instead of in rows; workplaces are of every
size, and firms of one name have domains that are no kin. Nothing is shared with
:mod:`benchmarks.population` but the result.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.population import Population

GIVEN = {
    "en": """mary john linda james susan robert karen michael lisa david nancy william betty thomas
          emily mark laura paul sarah steven amy brian megan kevin rachel jason hannah eric olivia
          adam grace henry alice jack chloe harry ruby oscar daisy leo""",
    "de": """ursula peter monika wolfgang petra michael sabine klaus renate jürgen helga thomas
          birgit andreas anja stefan nicole jörg heike björn katja sören lea jonas mia felix""",
    "es": """maría josé carmen antonio ana manuel isabel francisco dolores juan pilar david lucía
          javier elena daniel marta jesús paula carlos sofía miguel nuria álvaro""",
    "in": """rahul priya amit anjali suresh pooja vijay neha sanjay kavita arjun divya rajesh sunita
          anil deepa manoj lakshmi ravi meena arun shreya""",
    "cn": """wei fang min jing li yan hong lei jun ying hua ping xin yu tao mei lin hao""",
}
FAMILY = {
    "en": """smith jones williams taylor brown davies evans wilson thomas johnson roberts robinson
          thompson wright walker white edwards hughes green hall lewis harris clarke patel jackson
          wood turner martin cooper hill ward morris moore clark lee king baker harrison morgan
          allen james scott ellis bennett gray cook bailey parker miller cox marshall""",
    "de": """müller schmidt schneider fischer weber meyer wagner becker schulz hoffmann schäfer koch
          bauer richter klein wolf schröder neumann schwarz zimmermann braun krüger hofmann hartmann
          lange schmitt werner krause lehmann köhler maier könig walter mayer huber kaiser""",
    "es": """garcía rodríguez gonzález fernández lópez martínez sánchez pérez gómez martín jiménez
          ruiz hernández díaz moreno muñoz álvarez romero alonso gutiérrez navarro torres""",
    "in": """kumar sharma singh patel gupta reddy iyer nair khan das rao joshi mehta shah verma
          chatterjee banerjee pillai menon agarwal""",
    "cn": """wang li zhang liu chen yang zhao huang zhou wu xu sun hu zhu gao lin he guo ma luo""",
}
SYLLABLES = [c + v for c, v in zip("bdfghjklmnprstvwxyz", "aoiaouaoiaoaiaoeaui", strict=True)]
SYLLABLES += ["chi", "bru", "sta", "kle"]
SHORT = {
    "michael": "mike", "robert": "bob", "william": "bill", "susan": "sue", "thomas": "tom",
    "steven": "steve", "josé": "pepe", "francisco": "paco", "james": "jim", "dolores": "lola",
    "wolfgang": "wolf", "nicole": "nici", "daniel": "dani", "andreas": "andi", "rahul": "raul",
}  # fmt: skip
MAIL = ("gmail.com", "yahoo.com", "gmx.net", "proton.me", "outlook.com")
SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
PLAIN = str.maketrans("äöüßáéíóúñ", "aousaeioun")


class _Town:
    def __init__(self, n: int, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.n = n
        self.extra = {
            land: ["".join(self.rng.choice(SYLLABLES, 3)) for _ in range(max(20, n // 12))]
            for land in FAMILY
        }

    def zipf(self, words: list[str], power: float) -> str:
        weight = 1 / (np.arange(len(words)) + 3.0) ** power
        return str(words[int(np.searchsorted(np.cumsum(weight / weight.sum()), self.rng.random()))])

    def chance(self, p: float) -> bool:
        return bool(self.rng.random() < p)

    def person(self) -> tuple[str, str, str, str]:
        land = str(self.rng.choice(list(GIVEN), p=[0.45, 0.25, 0.12, 0.12, 0.06]))
        common = self.chance(0.45)
        family = [
            self.zipf(FAMILY[land].split(), 0.8) if common else self.zipf(self.extra[land], 0.5)
            for _ in range(2)
        ]
        last = f"{family[0]}-{family[1]}" if self.chance(0.04) else family[0]
        if land == "es" and self.chance(0.6):
            last = f"{family[0]} {family[1]}"
        return land, self.zipf(GIVEN[land].split(), 0.7), last, family[1]

    def shown(self, who: tuple[str, str, str, str]) -> str:
        land, first, last, maiden = who
        if self.chance(0.15):
            return ""
        first = SHORT.get(first, first) if self.chance(0.3) else first
        last = maiden if self.chance(0.02) else last
        last = last.split()[0] if self.chance(0.5) else last
        kind = self.rng.random()
        if kind < 0.3:
            first, last = first.translate(SPELLED), last.translate(SPELLED)
        elif kind < 0.5:
            first, last = first.translate(PLAIN), last.translate(PLAIN)
        if self.chance(0.02) and len(last) > 4:
            at = int(self.rng.integers(1, len(last) - 1))
            last = last[:at] + last[at + 1 :]
        first, last = first.title(), last.title()
        if self.chance(0.06):
            first = f"{first[0]}."
        if land == "cn" and self.chance(0.5):
            return f"{last} {first}"
        way = self.rng.random()
        return f"{last}, {first}" if way < 0.1 else first if way < 0.13 else f"{first} {last}"

    def identities(
        self, who: tuple[str, str, str, str], firm: tuple[str, str, int], taken: set[str]
    ) -> list[tuple[str, str]]:
        """Return addresses, each with an organisation."""
        first, last = (word.translate(SPELLED).translate(PLAIN) for word in who[1:3])
        last = last.replace(" ", "").replace("-", "")
        patterns = (f"{first}.{last}", f"{first[0]}{last}", f"{last}", f"{first}{last[0]}")
        own = self.at_work(_free(patterns[firm[2]], firm[1], taken), firm[0])
        own += self.at_home(patterns, taken)
        if self.chance(0.35):
            slug = f"{first}-{last}-{self.rng.integers(16**6):06x}"
            own.append((f"https://www.linkedin.com/in/{slug}", firm[0]))
            if self.chance(0.3):
                own.append((f"linkedin.com/in/{slug}/?trk=x", ""))
        if self.chance(0.3) or not own:
            own.append((f"slack:U{self.rng.integers(36**6):07d}", firm[0]))
        return [(text, place if self.chance(0.6) else "") for text, place in own]

    def at_work(self, work: str, place: str) -> list[tuple[str, str]]:
        if self.chance(0.25):
            return []
        own = [(work, place)]
        if self.chance(0.5):
            own.append((work.replace("@", "+jira@"), ""))
        if self.chance(0.2):
            own.append((work.upper(), place))
        return own

    def at_home(self, patterns: tuple[str, ...], taken: set[str]) -> list[tuple[str, str]]:
        if self.chance(0.4):
            return []
        born = str(self.rng.integers(55, 99)) if self.chance(0.5) else ""
        local = patterns[int(self.rng.integers(4))] + born
        mail = _free(local, str(self.rng.choice(MAIL)), taken)
        if mail.endswith("@gmail.com") and self.chance(0.6):
            return [(mail, ""), (mail.replace("@gmail.com", "@googlemail.com"), "")]
        if self.chance(0.25):
            return [(mail, ""), (mail.replace("@", "+abo@"), "")]
        return [(mail, "")]


def _free(local: str, domain: str, taken: set[str]) -> str:
    """Return an address that nobody has yet."""
    number, text = 1, f"{local}@{domain}"
    while text.replace(".", "") in taken:
        number += 1
        text = f"{local}{number}@{domain}"
    taken.add(text.replace(".", ""))
    return text


def towns(n: int, *, seed: int = 0) -> Population:
    """Draw a population of about ``n`` identities."""
    town = _Town(n, seed)
    rng = town.rng
    count = int(n / 2.6)
    firms = []
    for number in range(max(3, count // 12)):
        name = "".join(rng.choice(SYLLABLES, 3)) + (str(number) if town.chance(0.3) else "")
        domain = f"{name}{number}.{rng.choice(['com', 'de', 'net', 'es', 'in'])}"
        firms.append((name.title(), domain, int(rng.integers(4))))
    size = rng.pareto(1.1, len(firms)) + 1
    work = rng.choice(len(firms), count, p=size / size.sum())
    school = rng.integers(0, max(2, count // 30), count)
    people = [town.person() for _ in range(count)]
    taken: set[str] = set()
    rows, owner = [], []
    for number, who in enumerate(people):
        for text, place in town.identities(who, firms[work[number]], taken):
            rows.append((text, town.shown(who) or None, place or None))
            owner.append(number)
    table = pd.DataFrame(rows, columns=["person", "name", "organisation"])
    table["owner"] = owner
    table = table.drop_duplicates("person").iloc[:n]
    log = _met(town, table, work, school)
    table = table.iloc[rng.permutation(len(table))]
    truth = pd.Series(table["owner"].to_numpy(), index=table["person"].to_numpy(), name="owner")
    names = pd.Series([f"{first} {last}" for _, first, last, _ in people], dtype="str")
    return Population(table.drop(columns="owner").reset_index(drop=True), log, truth, names)


def _met(town: _Town, table: pd.DataFrame, work: np.ndarray, school: np.ndarray) -> pd.DataFrame:
    """Let people meet at work, at school and through one another, under one address or more."""
    rng, count = town.rng, len(work)
    pairs: list[tuple[int, int]] = []
    friends: list[list[int]] = [[] for _ in range(count)]
    members = [np.flatnonzero(work == firm) for firm in range(work.max() + 1)]
    mates = [np.flatnonzero(school == one) for one in range(school.max() + 1)]
    for one in range(count):
        for _ in range(1 + int(rng.poisson(2.5))):
            way = rng.random()
            crowd = members[work[one]] if way < 0.6 else mates[school[one]]
            if way > 0.85 and friends[one]:
                crowd = np.array(friends[friends[one][int(rng.integers(len(friends[one])))]])
            other = int(rng.choice(crowd)) if len(crowd) else one
            if other != one:
                pairs.append((one, other))
                friends[one].append(other)
                friends[other].append(one)
    own = table.groupby("owner")["person"].agg(list).to_dict()
    rows = []
    for one, other in pairs:
        if one in own and other in own:
            mine = [text for text in own[one] if town.chance(0.35)] or own[one][:1]
            for text in mine:
                theirs = own[other][int(rng.integers(len(own[other])))]
                rows += [(text, theirs)] * int(1 + rng.poisson(1)) + [(theirs, text)]
    log = pd.DataFrame(rows, columns=["source", "target"])
    seconds = pd.to_timedelta(rng.integers(0, 500 * 86_400, len(log)), unit="s")
    log.insert(0, "time", pd.Timestamp("2025-01-01", tz="UTC") + seconds)
    return log
