"""What goes on in an office anyway: circulars, lists, meetings, teams, projects, thin ties."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING

from netanalytics.datasets.calendar import DAYS, FIRST_DAY, RECENT, date_of
from netanalytics.datasets.people import BOTS, DEPARTMENTS, FIRMS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netanalytics.datasets.contacts import Feature

_CIRCULARS = ((13, ""), (104, ""), (196, ""), (251, "Porto"), (287, ""), (384, ""), (433, "Kraków"))


def mass_mail(run: Feature) -> None:
    """Circulars of the director, each quarter to everybody and now and then to one site."""
    director = run.world.heads[DEPARTMENTS[0]]
    for day, site in _CIRCULARS:
        to = [p for p in run.world.colleagues if site in ("", run.world.site[p])]
        second = run.moment(run.workday([director], day), director)
        event = run.broadcast(second, director, [p for p in to if p != director])
        run.world.truth.append(("mass_mail", director, event, None, date_of(second // 86_400)))


def bots(run: Feature) -> None:
    """Machines that write to people, who never write back."""
    builds, calendar, expenses = BOTS
    run.world.truth += [("bot", bot) for bot in BOTS]
    for day in run.days((), 7):
        run.broadcast(day * 86_400 + 18_000, builds, run.world.teams["Research Cedar"])
    for day in run.days((), 3):
        run.send(day * 86_400 + 21_600, calendar, [(run.colleague(), "to")])
    for day in run.days((), 30):
        late = run.shuffled(run.world.colleagues)[: int(run.between(5, 15))]
        run.broadcast(day * 86_400 + 14_400, expenses, late)


def lists(run: Feature) -> None:
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


def team_meeting(run: Feature) -> None:
    """Each team meets every few weeks without those who are away; so do the heads."""
    for team in (*run.world.teams.values(), list(run.world.heads.values())):
        for day in run.agenda((), 28):
            present = [p for p in team if day not in run.world.away[p] and run.chance(0.99)]
            if present:
                run.meet(day, present)


def team_mail(run: Feature) -> None:
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


def projects(run: Feature) -> None:
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


def accounts(run: Feature) -> None:
    """Each external contact, except at the partner firm, knows two or three colleagues."""
    for firm in FIRMS:
        hosts = run.shuffled(p for p in run.world.colleagues if p not in run.world.inward)[:3]
        for contact in run.world.externals[firm]:
            for host in hosts[: 2 + run.chance(0.4)]:
                run.world.claim(host, contact)
                run.keep(host, contact, low=16, high=38)


def kept(run: Feature) -> None:
    """Working ties between teams, each with a rhythm of its own."""
    for number in range(136):
        run.keep(*run.pair(number % 2), low=9, high=36)


def bursty(run: Feature) -> None:
    """Ties that live in bursts: some days in a row, then nothing for weeks."""
    for _ in range(40):
        pair, clock = run.pair(0.6), run.between(0, 50)
        while clock < DAYS:
            run.use(pair, run.days(pair, 2, clock, stop=min(clock + run.between(3, 9), DAYS)))
            clock += run.between(18, 63)


def thin(run: Feature) -> None:
    """Many have been in touch once or twice."""
    for _ in range(750):
        pair = run.pair(0.45)
        for _ in range(1 + run.chance(0.35)):
            day = run.workday(pair, run.between(0, DAYS), weekend=0.04)
            # Without meetings in the last weeks: those would be first meetings nobody planted.
            run.use(pair, [day], meetings=0.15 if day < RECENT else 0)
