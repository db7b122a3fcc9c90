"""An invented population whose truth is known: many addresses, names that vary, namesakes.

Every address, profile, handle and phone number is an identity of its own. What makes identities
hard to join is a number each in :class:`Quirks`, so that other populations can be drawn to try a
model that was fitted on these. All chance comes from one seed.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import numpy as np
import pandas as pd


def _words(text: str) -> list[str]:
    return text.split()


FIRST = _words(
    """
ada anna alexander alexandra alfred andrew anthony barbara benjamin carolina catherine charles
christine christopher daniel david deborah donald dorothy edward elizabeth emma eva ferdinand
florian francisco frederick gabriel george giovanni gregory hannah heinrich henry isabella jacob
james jan jennifer johanna johannes john jonathan joseph joshua judith julia karl katarina
katherine kenneth kristina lawrence leonard lucas luigi magdalena margaret maria martin matthew
maximilian mei michael mohammed nathan nicholas nikolai olga oliver pamela patricia patrick
pedro peter philip priya rafael raj rebecca richard robert ronald rosa samuel sandra sara
sebastian sofia stefan stephen susan teresa theodore thomas timothy valentina vera veronica
victor victoria vincent walter william yusuf zoe
"""
)
ACCENTED = _words(
    """
josé rené zoë chloé søren jürgen björn günther anaïs françois hélène łukasz małgorzata jiří
tomáš šárka gülay çağla iñaki nuño théo léa márta ágnes åsa öykü
"""
)
NICK = {
    "alexander": "alex sasha",
    "alexandra": "alex sandra",
    "alfred": "fred alf",
    "andrew": "andy drew",
    "anthony": "tony",
    "barbara": "barb",
    "benjamin": "ben",
    "catherine": "cathy kate",
    "charles": "charlie chuck",
    "christine": "chris tina",
    "christopher": "chris kit",
    "daniel": "dan danny",
    "david": "dave",
    "deborah": "debbie deb",
    "donald": "don",
    "dorothy": "dot dottie",
    "edward": "ed eddie ted",
    "elizabeth": "liz beth betty lisa",
    "ferdinand": "ferdi",
    "francisco": "paco",
    "frederick": "fred freddie",
    "gabriel": "gabe",
    "gregory": "greg",
    "heinrich": "heinz",
    "henry": "harry hank",
    "isabella": "bella",
    "jacob": "jake",
    "james": "jim jimmy",
    "jennifer": "jen jenny",
    "johannes": "hannes jo",
    "john": "jack johnny",
    "jonathan": "jon",
    "joseph": "joe joey",
    "joshua": "josh",
    "judith": "judy",
    "katherine": "kate kathy katie",
    "kenneth": "ken",
    "lawrence": "larry",
    "leonard": "leo len",
    "magdalena": "lena magda",
    "margaret": "maggie peggy meg",
    "matthew": "matt",
    "maximilian": "max",
    "michael": "mike mick",
    "mohammed": "mo",
    "nathan": "nate",
    "nicholas": "nick",
    "nikolai": "kolya",
    "pamela": "pam",
    "patricia": "pat patty trish",
    "patrick": "pat paddy",
    "peter": "pete",
    "philip": "phil",
    "rafael": "rafa",
    "rebecca": "becky",
    "richard": "dick rick rich",
    "robert": "bob rob bobby",
    "ronald": "ron",
    "samuel": "sam",
    "sebastian": "seb basti",
    "stephen": "steve",
    "susan": "sue susie",
    "teresa": "terry tess",
    "theodore": "ted theo",
    "thomas": "tom tommy",
    "timothy": "tim",
    "valentina": "valya",
    "victor": "vic",
    "victoria": "vicky",
    "vincent": "vince",
    "walter": "walt",
    "william": "bill will billy",
    "małgorzata": "gosia",
    "josé": "pepe",
}
STEMS = _words(
    """
ander bauer berg black bren brook carl castel chen coll dal dupon ecker eriks fair fern fisch
garci glen gonz green grim hal han hart hof holm ibra ivan jans kaj kell kov kra lam lang lar
leh lind lop mac mar mart may mend mich mor mül nak nev nor novo okon oliv pap park per pet pop
quin ram reev rich rod ros sand sato schm schnei sil sjö smit sor stan stein sul sven tan thom
tor vas vid vog wag wal wat wei whit wil wood yam zab zim žiž
"""
)
TAILS = _words(
    """
a ac ai ano ard as berg by dahl e ek el ell elli en er ers es escu ez field i ic ics in ing ini
ishi ke ki kin ko land le ler ley li low man mann mi mura nik no ny o off oni ova os ow sen ser
sky son ström ti ton tt ura vic vá well wen wicz wood worth y yan yev ów ß
"""
)
FREE = ("gmail.com", "outlook.com", "yahoo.com", "gmx.de", "icloud.com", "web.de", "hotmail.com")
SPECIAL = str.maketrans({"ø": "o", "ł": "l", "ß": "ss", "ı": "i", "đ": "d"})
TITLES = ("Dr.", "Prof.", "Mr", "Ms")
ROLES = ("info", "support", "sales", "hr", "noreply", "no-reply", "jobs", "office", "newsletter")


@dataclass(frozen=True)
class Quirks:
    """How hard a population is: shares, unless said otherwise."""

    namesakes: float = 1 / 3  # of people who have the full name of somebody else
    at_one_company: float = 0.3  # of namesakes who work where the other does
    nickname: float = 0.25
    accents: float = 0.5  # of accented names written without
    initial: float = 0.08
    swapped: float = 0.08
    typo: float = 0.04
    maiden: float = 0.05
    title: float = 0.03
    middle: float = 0.1
    unnamed: float = 0.12  # of identities that show no name
    organisation: float = 0.55  # of identities whose organisation is known
    variants: float = 0.65  # of identities that have a second spelling of the same key
    contacts: float = 7  # people known, on average
    shared: float = 0.25  # of contacts seen under each further identity
    company: int = 25  # people, on average
    surnames: float = 0.5  # different family names for each person
    close: float = 0.1  # of people in a team who know everybody in it
    team: int = 8  # people in a team


@dataclass(frozen=True, eq=False)
class Population:
    """Identities (one row each), who wrote to whom, who is who, and what they are called."""

    people: pd.DataFrame
    log: pd.DataFrame
    truth: pd.Series
    names: pd.Series  # by owner


@dataclass
class _Person:
    first: str
    last: str
    maiden: str
    middle: str
    firm: int
    former: int
    city: int


def fold(text: str) -> str:
    """Return letters without accents."""
    text = unicodedata.normalize("NFKD", text.lower().translate(SPECIAL))
    return text.encode("ascii", "ignore").decode()


class _Draw:
    def __init__(self, n: int, quirks: Quirks, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.n, self.quirks = n, quirks
        self.uniform = iter(())

    def chance(self, p: float) -> bool:
        return self.draw() < p

    def draw(self) -> float:
        value = next(self.uniform, None)
        if value is None:
            self.uniform = iter(self.rng.random(100_000).tolist())
            value = next(self.uniform)
        return value

    def one(self, items):
        return items[int(self.draw() * len(items))]

    # ---- people --------------------------------------------------------------------------------

    def surname(self) -> str:
        name = self.one(STEMS) + self.one(TAILS)
        return name if self.chance(0.7) else self.one(STEMS) + name

    def first(self) -> str:
        rank = int(len(FIRST) * self.draw() ** 1.7)
        return self.one(ACCENTED) if self.chance(0.15) else FIRST[rank]

    def people(self, count: int) -> list[_Person]:
        firms = max(4, count // self.quirks.company)
        surnames = list(
            dict.fromkeys(self.surname() for _ in range(max(40, int(count * self.quirks.surnames))))
        )
        made: list[_Person] = []
        seen: set[tuple[str, str]] = set()
        while len(made) < count:
            # Half of a pair of namesakes copies, half is copied.
            if made and self.chance(self.quirks.namesakes * 0.6):
                other = self.one(made)
                first, last = other.first, other.last
                together = self.chance(self.quirks.at_one_company)
                firm = other.firm if together else int(firms * self.draw() ** 1.6)
            else:
                first, last = self.first(), surnames[int(len(surnames) * self.draw() ** 1.5)]
                firm = int(firms * self.draw() ** 1.6)
                if (first, last) in seen:
                    continue
            seen.add((first, last))
            made.append(
                _Person(
                    first,
                    last,
                    self.one(surnames),
                    self.one("abcdefghijklmnoprstw"),
                    firm,
                    int(firms * self.draw() ** 1.6),
                    int(40 * self.draw()),
                )
            )
        return made

    # ---- how they appear -----------------------------------------------------------------------

    def shown(self, who: _Person, kind: str) -> str:
        q = self.quirks
        if self.chance(q.unnamed if kind not in ("profile", "phone") else 0):
            return ""
        first, last = who.first, who.last
        if self.chance(q.nickname if kind != "profile" else q.nickname / 3) and first in NICK:
            first = self.one(NICK[first].split())
        if kind != "work" and self.chance(q.maiden):
            last = who.maiden
        if self.chance(q.accents):
            first, last = fold(first), fold(last)
        if self.chance(q.typo):
            last = self.mistyped(last)
        if self.chance(q.initial):
            first = first[0] + ("." if self.chance(0.5) else "")
        elif self.chance(q.middle):
            first += f" {who.middle.upper()}."
        first, last = first.title(), last.title()
        if kind == "phone" and self.chance(0.15):
            return first
        if self.chance(q.swapped):
            return f"{last}, {first}" if self.chance(0.6) else f"{last} {first}"
        title = f"{self.one(TITLES)} " if self.chance(q.title) else ""
        return f"{title}{first} {last}"

    def mistyped(self, word: str) -> str:
        at = 1 + int(self.draw() * max(1, len(word) - 2))
        kind = int(self.draw() * 3)
        if kind == 0:
            return word[:at] + word[at + 1 :]
        if kind == 1:
            return word[:at] + word[at : at + 1] + word[at:]
        return word[: at - 1] + word[at : at + 1] + word[at - 1 : at] + word[at + 1 :]

    def local(self, who: _Person, style: int) -> str:
        first, last = fold(who.first), fold(who.last)
        styles = (f"{first}.{last}", f"{first[0]}{last}", f"{first}_{last}", f"{last}.{first}")
        more = (f"{first}{last}", f"{first[0]}.{last}", first, f"{last}{first[0]}")
        return (styles + more)[style]

    # ---- the whole -----------------------------------------------------------------------------

    def firms(self, count: int) -> list[tuple[str, str, str, int]]:
        """Return name, domain, second domain and style of addresses of each company."""
        found, seen = [], set()
        while len(found) < count:
            name = self.one(STEMS) + self.one(("ix", "ora", "tec", "lab", "works", "group", "bank"))
            name += self.one(("", "", self.one(STEMS)))
            if name in seen and count < 2000:
                name += str(len(found))
            if name in seen:
                continue
            seen.add(name)
            domain = f"{fold(name)}.{self.one(('com', 'de', 'io', 'org'))}"
            second = f"{fold(name)}.{self.one(('co.uk', 'net', 'eu'))}" if self.chance(0.2) else ""
            found.append((name.title(), domain, second, int(5 * self.draw() ** 1.5)))
        return found

    def free_local(self, who: _Person) -> str:
        kind = self.draw()
        if kind < 0.45:
            text = self.local(who, int(8 * self.draw()))
        elif kind < 0.6 and who.first in NICK:
            text = self.one(NICK[who.first].split()) + "." + fold(who.last)
        elif kind < 0.9:
            text = self.local(who, int(6 * self.draw())) + str(int(100 * self.draw()))
        else:
            text = self.one(STEMS) + self.one(STEMS) + str(int(1000 * self.draw()))
        return text


def _unique(text: str, taken: set[str]) -> str:
    """Return the address, numbered where somebody has it: companies and providers do that."""
    local, _, domain = text.partition("@")
    number = 1
    while _plain(text) in taken:
        number += 1
        text = f"{local}{number}@{domain}"
    taken.add(_plain(text))
    return text


def _plain(text: str) -> str:
    """Return an address as its provider files it."""
    local, _, domain = text.partition("@")
    return f"{local.replace('.', '') if domain == 'gmail.com' else local}@{domain}"


def _identities(draw: _Draw, who: _Person, firms, taken) -> list[tuple[str, str, str, str]]:
    """Return (identity, kind, shown name, organisation) of each address of a person."""
    firm, former = firms[who.firm], firms[who.former]
    rows: list[tuple[str, str, str, str]] = []

    def add(identity: str, kind: str, organisation: str) -> None:
        known = organisation if draw.chance(draw.quirks.organisation) else ""
        rows.append((identity, kind, draw.shown(who, kind), known))

    work = _unique(f"{draw.local(who, firm[3])}@{firm[1]}", taken)
    if draw.chance(0.85):
        add(work, "work", firm[0])
        _spellings_of_work(draw, add, work, firm)
    if draw.chance(0.5):
        domain = FREE[int(len(FREE) * draw.draw() ** 2)]
        free = _unique(f"{draw.free_local(who)}@{domain}", taken)
        add(free, "free", "")
        if draw.chance(draw.quirks.variants * 1.3):
            add(_respelt(draw, free), "free", "")
    if draw.chance(0.25):
        add(_unique(f"{draw.local(who, former[3])}@{former[1]}", taken), "former", former[0])
    _beside_mail(draw, add, who, firm)
    if not rows:
        add(work, "work", firm[0])
    return list({row[0]: row for row in rows}.values())


def _spellings_of_work(draw: _Draw, add, work: str, firm) -> None:
    for tag in ("news", "x", "lists"):
        if draw.chance(draw.quirks.variants * 0.5):
            add(work.replace("@", f"+{tag}@"), "work", firm[0])
    if firm[2] and draw.chance(0.6):
        add(work.replace(f"@{firm[1]}", f"@{firm[2]}"), "work", firm[0])


def _respelt(draw: _Draw, free: str) -> str:
    """Return another spelling that reaches the same box: dots where they mean nothing, or a tag."""
    local, _, domain = free.partition("@")
    if domain == "gmail.com" and draw.chance(0.6):
        local = local.replace(".", "") if "." in local else f"{local[:2]}.{local[2:]}"
        return f"{local}@{draw.one(('gmail.com', 'googlemail.com'))}"
    return f"{local}+{draw.one(('shop', 'list'))}@{domain}"


def _beside_mail(draw: _Draw, add, who: _Person, firm) -> None:
    """Add a profile, a handle and a number, some of them in two spellings."""
    slug = f"{fold(who.first)}-{fold(who.last)}-{int(draw.draw() * 16**6):06x}"
    if draw.chance(0.35):
        add(f"https://www.linkedin.com/in/{slug}", "profile", firm[0])
        if draw.chance(draw.quirks.variants / 3):
            add(f"http://de.linkedin.com/in/{slug}/?trk=x", "profile", firm[0])
    if draw.chance(0.2):
        add(f"slack:{firm[1]}:U{int(draw.draw() * 16**8):08X}", "handle", firm[0])
    if draw.chance(0.2):
        number = f"{int(draw.draw() * 1e9):09d}"
        add(f"+49{number}", "phone", firm[0] if draw.chance(0.3) else "")
        if draw.chance(draw.quirks.variants / 2):
            add(f"0049 {number[:3]} {number[3:]}", "phone", "")


def population(n: int, *, seed: int = 0, quirks: Quirks | None = None) -> Population:
    """Draw a population of ``n`` identities."""
    quirks = quirks or Quirks()
    draw = _Draw(n, quirks, seed)
    people = draw.people(n // 2)
    firms = draw.firms(max(4, len(people) // quirks.company) + 1)
    taken: set[str] = set()
    rows, owner = [], []
    for number, who in enumerate(people):
        mine = _identities(draw, who, firms, taken)
        if len(rows) + len(mine) > n * 0.99:
            people = people[:number]
            break
        rows += mine
        owner += [number] * len(mine)
    roles = 0
    while len(rows) < n:
        firm = draw.one(firms)
        local = draw.one(ROLES)
        number = "" if roles < 400 else roles
        rows.append((f"{local}{number}@{firm[1]}", "role", "", firm[0]))
        owner.append(-1 - roles)
        roles += 1
    frame = pd.DataFrame(rows, columns=["person", "kind", "name", "organisation"])
    frame["owner"] = owner
    frame = frame.drop_duplicates("person")
    log = _log(draw, people, frame)
    order = draw.rng.permutation(len(frame))
    frame = frame.iloc[order].reset_index(drop=True)
    truth = pd.Series(frame["owner"].to_numpy(), index=frame["person"].to_numpy(), name="owner")
    table = frame[["person", "name", "organisation"]].replace("", None)
    names = pd.Series([f"{who.first} {who.last}" for who in people], dtype="str")
    return Population(table, log, truth, names)


def _acquaintances(draw: _Draw, people: list[_Person]) -> np.ndarray:
    """Draw who knows whom: mostly one company, some of one city, a few anywhere."""
    rng, count = draw.rng, len(people)
    firm = np.array([who.firm for who in people])
    # Inside a company people know their own team first: neighbours in a fixed order.
    place = np.lexsort((rng.random(count), firm))
    rank = np.empty(count, int)
    rank[place] = np.arange(count)
    city = np.array([who.city for who in people])
    crowd = np.lexsort((rng.random(count), city))
    crowded = np.empty(count, int)
    crowded[crowd] = np.arange(count)
    activity = rng.lognormal(0, 0.6, count)
    ends = rng.choice(count, int(count * draw.quirks.contacts / 2), p=activity / activity.sum())
    step = np.maximum(1, np.round(rng.exponential(6, len(ends)))).astype(int)
    step *= rng.choice((-1, 1), len(ends))
    where = rng.random(len(ends))
    near = place[np.clip(rank[ends] + step, 0, count - 1)]
    around = crowd[np.clip(crowded[ends] + step, 0, count - 1)]
    anyone = rng.integers(0, count, len(ends))
    other = np.where(where < 0.7, near, np.where(where < 0.9, around, anyone))
    # Teams: people next to each other in one company, all of whom know the close ones.
    close = np.flatnonzero(rng.random(count) < draw.quirks.close)
    size = draw.quirks.team
    mates = (rank[close] // size * size)[:, None] + np.arange(size)[None, :]
    mates = place[np.minimum(mates, count - 1)]
    ends = np.concatenate((ends, np.repeat(close, size)))
    other = np.concatenate((other, mates.ravel()))
    pairs = np.stack((np.minimum(ends, other), np.maximum(ends, other)), axis=1)
    return np.unique(pairs[pairs[:, 0] != pairs[:, 1]], axis=0)


def _log(draw: _Draw, people: list[_Person], frame: pd.DataFrame) -> pd.DataFrame:
    """Draw who wrote to whom from which of their addresses."""
    by: dict[int, list[str]] = {}
    for identity, owner in zip(frame["person"], frame["owner"], strict=True):
        by.setdefault(owner, []).append(identity)
    rows = []
    for one, other in _acquaintances(draw, people).tolist():
        mine, theirs = by.get(one), by.get(other)
        if not mine or not theirs:
            continue
        usual, their = (own[int(len(own) * draw.draw() ** 1.2)] for own in (mine, theirs))
        used = [(usual, their)]
        used += [(x, used[0][1]) for x in mine if draw.chance(draw.quirks.shared)]
        used += [(used[0][0], y) for y in theirs if draw.chance(draw.quirks.shared)]
        for x, y in dict.fromkeys(used):
            rows += [(x, y)] * (1 + int(3 * draw.draw() ** 2))
            rows += [(y, x)] * int(3 * draw.draw())
    roles = [identity for owner, own in by.items() if owner < 0 for identity in own]
    everybody = frame["person"].tolist()
    for role in roles:
        for _ in range(3 + int(25 * draw.draw())):
            pair = (role, draw.one(everybody))
            if pair[0] != pair[1]:
                rows.append(pair if draw.chance(0.7) else pair[::-1])
    table = pd.DataFrame(rows, columns=["source", "target"])
    start = pd.Timestamp("2025-01-01", tz="UTC")
    seconds = draw.rng.integers(0, 500 * 86_400, len(table))
    table.insert(0, "time", start + pd.to_timedelta(seconds, unit="s"))
    return table.iloc[draw.rng.permutation(len(table))].reset_index(drop=True)
