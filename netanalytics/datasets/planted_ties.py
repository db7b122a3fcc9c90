"""What is planted to be found: aliases, brokers, bridges, silos, ties that fade or come back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netanalytics.datasets.calendar import DAYS, RECENT
from netanalytics.datasets.people import PARTNER

if TYPE_CHECKING:
    from netanalytics.datasets.contacts import Feature


def alias(run: Feature) -> None:
    """Let some write from a private address too; the truth alone says that both are one."""
    for person in run.world.deal(8):
        address, team = f"{person}@home.example", run.world.team_of(person)
        run.world.truth.append(("alias", person, address))
        run.world.away[address] = run.world.away[person]
        for mate in run.shuffled(p for p in team if p != person)[:3]:
            days = run.days((address, mate), run.between(18, 40), weekend=0.3)
            run.use((address, mate), days, first=run.between(0.4, 0.9), meetings=0)


def local_bridge(run: Feature) -> None:
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


def cut_point(run: Feature) -> None:
    """Leave a partner firm to one colleague, whom alone they are in touch with."""
    (person,), partners = run.world.deal(1), run.world.externals[PARTNER]
    run.world.truth.append(("cut_point", person, None, PARTNER))
    for partner, copied in zip(partners, partners[1:] + partners[:1], strict=True):
        run.world.claim(person, partner)
        for day in run.days((person, partner), run.between(16, 28)):
            second = run.moment(day, partner)
            event = run.send(second, partner, [(person, "to"), (copied, "cc")])
            if run.chance(0.6):
                run.answer(second, event, person, to=[partner, copied])


def broker(run: Feature) -> None:
    """Each knows one person in most teams of the departments that are no silo."""
    for person in run.world.deal(10):
        run.world.truth.append(("broker", person))
        outside = run.shuffled(t for t in run.world.teams.values() if person not in t)
        for team in outside[: int(run.between(20, 26))]:
            other = next((p for p in run.shuffled(team) if run.world.claim(person, p)), None)
            if other:
                run.keep(person, other, low=17, high=28)


def fading(run: Feature) -> None:
    """Ties that were kept for months, then stopped, or became rarer before they stopped."""
    for _ in range(90):
        pair, period, start = run.pair(0.5), run.between(6, 21), run.between(0, 80)
        tapers = run.chance(0.25)
        low, high = (13 * period, 16 * period) if tapers else (max(50, 2.8 * period), 200)
        days = run.days(pair, period, start, stop=DAYS - run.between(low, high))
        run.world.plant("fading", *pair, day=days[-1])
        clock: float = days[-1]
        for longer in (1.35, 1.8, 2.4, 3.2) if tapers else ():
            clock += period * longer * run.between(0.85, 1.15)
            days.append(run.workday(pair, clock))
        run.use(pair, days, first=run.between(0.3, 0.7))


def revived(run: Feature) -> None:
    """Ties that rested for months and came back to life."""
    for _ in range(14):
        pair, period, back = run.pair(0.4), run.between(7, 16), DAYS - run.between(50, 85)
        before = run.days(pair, period, stop=back - run.between(110, 200))
        after = run.days(pair, 0.6 * period, back)
        run.world.plant("revived", *pair, day=after[0])
        run.use(pair, before + after)


def one_sided(run: Feature) -> None:
    """One keeps writing; the other answers once in a long while, if at all."""
    for _ in range(14):
        pair = run.pair(0.3)
        run.world.truth.append(("one_sided", None, *pair))
        days = run.days(pair, run.between(9, 20))
        run.use(pair, days, first=1, replies=0.05, meetings=0)


def first_meeting(run: Feature) -> None:
    """First meetings of the last weeks: half are followed up, some have a teammate present."""
    for number in range(24):
        one, other = run.pair(0)
        team = run.world.team_of(one) if number % 6 == 0 else []
        mates = [p for p in team if p != one and run.world.free(p, other)][:1]
        day = run.workday((one, other, *mates), run.between(RECENT + 2, DAYS - 23))
        run.meet(day, (one, other, *mates))
        if number % 2:
            later = run.days((one, other), 5, day + 1, stop=day + 15)
            run.use((one, other), later, replies=0.6)
            continue
        for member in (one, *mates):
            run.world.claim(member, other)
            run.world.plant("unfollowed_meeting", member, other, day=day)


def silo(run: Feature) -> None:
    """Departments that keep to themselves, but for a few odd mails."""
    for department in run.world.silos:
        run.world.truth.append(("silo", None, department))
        for _ in range(8):
            one, other = run.colleague(department), run.colleague()
            if other not in run.world.inward:
                day = run.workday((one, other), run.between(0, RECENT))
                run.use((one, other), [day], meetings=0)
