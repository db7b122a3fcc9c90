"""What was looked at, how it was computed, and what it cannot say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netanalytics import registry, schema
from netanalytics.maps.charts import monthly_contacts
from netanalytics.network import ENDED
from netanalytics.report.findings import SAMPLES
from netanalytics.report.model import Figure, Section, Table
from netanalytics.unmapped import REASON

if TYPE_CHECKING:
    from netanalytics.report.findings import Facts

MOST_MONTHS = 12

NOT_ATTEMPTED = (
    "Not attempted: friendship, trust, values, conflict, gossip and sponsorship do not stand in "
    "headers. Who will leave, productivity and “difficult people” would do harm, and so would "
    "gender or origin guessed from names. Effects on a career: no data."
)


@registry.section(
    "method",
    read="what was read, how it was computed, what it cannot say",
    audiences=["me", "names", "group"],
    order=90,
)
def build(facts: Facts) -> Section | None:
    """Show what was read and say how everything was computed."""
    return Section(
        name="method",
        title="How this was computed",
        paragraphs=(*_method(facts), NOT_ATTEMPTED),
        tables=(*_months(facts), _card(facts)),
        figures=_figures(facts),
    )


def _method(facts: Facts) -> list[str]:
    net = facts.net
    told = []
    if net.as_of is not None:
        told.append(
            f"As of {net.as_of:%Y-%m-%d %H:%M} UTC. Strength is the sum over contacts of "
            f"2^(−age / {net.half_life_days:g} days) / (people in the event − 1): a contact counts "
            f"half after {net.half_life_days:g} days, and a mail to ten people a tenth for each. "
            f"Events of more than {schema.LARGEST_EVENT} people are set apart."
        )
    if facts.dated and facts.audience != "group":
        told.append(
            "A tie is judged from three contact days on for its pause and from five for its stage; "
            "where no channel of it is still covered, it is not judged."
        )
    if facts.audience != "group" and facts.estimated is not None:
        told.append(
            f"Betweenness is estimated from the paths of {SAMPLES} people drawn by chance, since "
            f"those between all {len(net.people):,} would take hours; eight to nine in ten of its "
            "large values are within the error that is given. Harmonic closeness is left out for "
            "the same reason."
        )
    told.append(
        "Introductions rank people by the contacts in common who are in recent touch with both "
        "(resource allocation on fading strengths)."
        if facts.audience != "group"
        else "Groups are compared by the share of possible pairs that are in contact."
    )
    notes = [note[0].upper() + note[1:] + "." for note in _notes(facts)]
    return told + (notes if facts.audience != "group" else notes[:3])


def _notes(facts: Facts) -> list[str]:
    """Return the notes; the one that names channels only where each of them may be named."""
    hidden = facts.seen.hidden
    return [note for note in facts.net.notes if not (hidden and note.startswith(ENDED))]


def _card(facts: Facts) -> Table:
    """Return the card; for others than a person themself without those who are not to be mapped.

    A page about groups does not name files, which may be called by people. Nor does it say whence
    and how much was kept, where that less the months would tell what too few people did.
    """
    card, note = facts.net.card, ""
    if facts.audience != "me":  # how often somebody wrote who is to appear nowhere
        card = card[card["reason"] != REASON].reset_index(drop=True)
    if facts.audience == "group":
        by = ["kind", "unit", "reason"]
        if facts.seen.hidden:
            card = card.assign(kind="all", unit="record")
        card = card.groupby(by, sort=False)["n"].sum().reset_index()
        if not facts.seen.total:
            told = card["n"].astype("object").mask(card["reason"] == schema.KEPT, "withheld")
            card = card.assign(n=told)
            note = "How much was kept is withheld: with the months it would show too few people."
    return Table("card", "What was read, kept and skipped", card, note)


def _months(facts: Facts) -> tuple[Table, ...]:
    months = facts.months
    if months.empty:
        return ()
    latest = months[months["month"].isin(sorted(months["month"].unique())[-MOST_MONTHS:])]
    table = latest.pivot(index="month", columns="channel", values="contacts").reset_index()
    table.columns.name = None
    note = "Of the whole log" if facts.audience != "me" else "Of the whole log, not only yours"
    last = f"the last {len(table)} months" if len(table) > 1 else "one month"
    return (Table("months", f"Contacts by channel, {last}", table, note),)


def _figures(facts: Facts) -> tuple[Figure, ...]:
    if facts.months["month"].nunique() < 2:
        return ()
    picture = monthly_contacts(facts.months.rename(columns={"contacts": "n"}))
    return (
        Figure(
            caption="Contacts in this log by month and channel",
            alt=picture.alt,
            light=picture.light_uri,
            dark=picture.dark_uri,
        ),
    )
