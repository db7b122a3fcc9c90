"""Who moves between firms and teams, and which relations people declare."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING

from netanalytics.datasets.calendar import date_of
from netanalytics.datasets.people import COMPANY, FIRMS, FIRST_NAMES, LAST_NAMES, in_ascii

if TYPE_CHECKING:
    from netanalytics.datasets.contacts import Feature

_Entry = tuple[date, date | None, str]


def employer_move(run: Feature) -> None:
    """External contacts who change firm: another address from one month to the next."""
    world = run.world
    taken = {str(name) for _, name, *_ in world.people}
    for _ in range(3):
        before, after = run.shuffled(FIRMS)[:2]
        one, two = _new_name(run, taken)
        old, new = (f"{in_ascii(one)}.{in_ascii(two)}@{f.lower()}.example" for f in (before, after))
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
        world.truth.append(("employer_move", new, before, after, date_of(first)))


def _new_name(run: Feature, taken: set[str]) -> tuple[str, str]:
    """Draw a name that nobody bears."""
    firsts, lasts = FIRST_NAMES.split(), LAST_NAMES.split()
    while True:
        one, two = firsts[int(len(firsts) * run.draw())], lasts[int(len(lasts) * run.draw())]
        if f"{one} {two}" not in taken:
            taken.add(f"{one} {two}")
            return one, two


def team_move(run: Feature) -> None:
    """Let a few change teams on the first of a month; the directory says who was where when."""
    world = run.world
    teams = {person: team for team, members in world.teams.items() for person in members}
    hired = {person: date_of(int(run.between(-2000, -30))) for person in world.colleagues}
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
            world.directory.append((person, team, COMPANY, since, until))


def _say_again(run: Feature, rows: dict[str, list[_Entry]]) -> None:
    """Enter some again who have not moved: in another spelling, or after a leave."""
    still = run.shuffled(person for person, entries in rows.items() if len(entries) == 1)
    for number, person in enumerate(still[:6]):
        ((hired, _, team),) = rows[person]
        until, since = date(2025, 4 + number, 30), date(2025, 5 + number + 2 * (number % 2), 1)
        again = team if number % 2 else team.upper().replace(" ", "  ")
        rows[person] = [(hired, until, team), (since, None, again)]


def relations(run: Feature) -> None:
    """Declare mentors, sponsors, friends and clients, with periods, some on one pair."""
    world = run.world
    level = {str(row[0]): row[5] for row in world.people}
    often = Counter((min(row[1:3]), max(row[1:3])) for row in world.contacts if row[5] <= 10)
    known = sorted(pair for pair, count in often.items() if count >= 10)
    inside = [pair for pair in known if set(pair) <= set(world.site)]
    for number, pair in enumerate(run.shuffled(inside)[:18]):
        one, other = sorted(pair, key=lambda person: (-int(str(level[person])), person))
        since = int(run.between(-200, 300))
        ended = date_of(since + int(run.between(90, 240))) if number % 2 else None
        kind = ("mentor", "mentor", "sponsor", "friend")[number % 4]
        world.relations.append((one, other, kind, date_of(since), ended))
        if number < 4:
            later = date_of(since + int(run.between(20, 60)))
            world.relations.append(
                (one, other, "peer" if kind == "friend" else "friend", later, None)
            )
    clients = {contact for firm in FIRMS for contact in world.externals[firm]}
    firms = [pair if pair[1] in clients else pair[::-1] for pair in known if clients & set(pair)]
    for one, client in run.shuffled(firms)[:4]:
        world.relations.append((client, one, "client", date_of(int(run.between(-300, 0))), None))
