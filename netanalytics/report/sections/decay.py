"""How ties age: their stages, the plan of check-ins, and how such statements fared before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from netanalytics import registry
from netanalytics.advice import reasons
from netanalytics.advice.follow_ups import follow_ups
from netanalytics.advice.plan import check_in_plan
from netanalytics.analysis.backtest import Backtest, backtest
from netanalytics.errors import OptionError
from netanalytics.maps.charts import reliability
from netanalytics.report.model import Figure, Section, Table

if TYPE_CHECKING:
    from netanalytics.report.findings import Facts

HORIZON = 30
CUTS = 3
SHORT = ("eight", "last_contact", "half_life_90", "bg_nbd")
WORDS = {
    "eight": "this tool",
    "ego": "this tool",
    "last_contact": "days since the last contact",
    "half_life_90": "half-life of 90 days",
    "bg_nbd": "BG/NBD",
}
TOO_FEW = "Too few people to show how statements about the coming month fared in the past."
STAGES = ("new", "active", "cooling", "dormant", "revived")


@registry.section(
    "decay",
    read="stages of ties, plan of check-ins, and how such statements fared in the past",
    audiences=["me", "names", "group"],
    order=20,
)
def build(facts: Facts) -> Section | None:
    """Show stages, plan and backtest."""
    if not facts.dated:
        return None
    tables, paragraphs = [], []
    tested = _tested(facts)
    shown = None if tested is None else _parts(facts, tested)
    if tested is None:
        paragraphs.append(
            "This log is too short to test statements about the coming month on its own past."
        )
    else:
        paragraphs.append(tested.told_of(_fewest(facts)) or TOO_FEW)
    if facts.audience != "group":
        tables.append(_stages(facts))
    if facts.audience == "me":
        tables += [_plan(facts), _first_contacts(facts)]
    figures: tuple[Figure, ...] = ()
    if tested is not None and shown is not None and len(shown):
        tables += [_fared(tested, shown), _compared(tested)]
        figures = _figures(tested, shown)
    full = tuple(table for table in tables if len(table.frame))
    return Section("decay", "How ties age", tuple(paragraphs), full, figures)


def _tested(facts: Facts) -> Backtest | None:
    net = facts.net
    if net.log is None:
        return None
    try:
        return backtest(
            net.log,
            horizon_days=HORIZON,
            people=net.people.drop(columns="is_bot", errors="ignore"),
            as_of=net.as_of,
            cuts=CUTS,
            models_compared=SHORT,
            seed=facts.seed,
        )
    except OptionError:
        return None


def _stages(facts: Facts) -> Table:
    stages = facts.my_ties["stage"] if facts.audience == "me" else facts.tie_values["stage"]
    counts = stages.value_counts()
    rows = [(word, int(counts.get(word, 0))) for word in STAGES]
    rows.append(("not judged", int(stages.isna().sum())))
    return Table(
        "stages",
        "Ties by stage",
        pd.DataFrame(rows, columns=["stage", "ties"]),
        "Cooling: a longer pause than ever before, and contact within 30 days less likely than "
        "nine in ten; dormant: twice as long, and less likely than one in four. Not judged: too "
        "little history, or a channel that is no longer covered.",
    )


def _plan(facts: Facts) -> Table:
    plan = check_in_plan(facts.net, person=facts.reader, wishes=facts.wishes)
    frame = pd.DataFrame(
        {
            "day": [_short(day) for day in plan["day"]],
            "contact": facts.called(plan["contact"]),
            "occasion": plan["occasion"],
            "because": plan["because"],
        }
    )
    if not plan["occasion"].any():
        frame = frame.drop(columns="occasion")
    return Table(
        "plan",
        "A plan for four weeks, three check-ins a week at most",
        frame,
        "Each on the first day that it is worth a word, as far as these files show; whoever has a "
        "meeting planned is left out.",
    )


def _short(day: pd.Timestamp) -> str:
    """Write a day so that it stays on one line."""
    return reasons.day(day, year=False).replace(" ", "\u00a0")


def _first_contacts(facts: Facts) -> Table:
    found = follow_ups(facts.net, person=facts.reader, wishes=facts.wishes)
    frame = pd.DataFrame(
        {
            "contact": facts.called(found["contact"]),
            "first seen": [_short(day) for day in found["first"]],
            "because": found["because"],
        }
    )
    return Table("follow_ups", "Met lately, no second contact yet", frame)


def _figures(tested: Backtest, shown: pd.DataFrame) -> tuple[Figure, ...]:
    picture = reliability(shown)
    return (
        Figure(
            caption=f"What was said at {len(tested.cuts)} earlier dates, and what happened: on "
            "the dashed line both are the same; larger dots are more statements",
            alt=picture.alt,
            light=picture.light_uri,
            dark=picture.dark_uri,
        ),
    )


def _fewest(facts: Facts) -> int:
    return facts.minimum if facts.audience == "group" else 1


def _parts(facts: Facts, tested: Backtest) -> pd.DataFrame:
    """Return the parts of the backtest that may be shown: for a group, none that few people make.

    That one tie is looked at on several dates makes it no more people.
    """
    parts = tested.reliability[tested.reliability["pairs"] > 0]
    return parts[parts["people"] >= _fewest(facts)]


def _fared(tested: Backtest, rows: pd.DataFrame) -> Table:
    frame = pd.DataFrame(
        {
            "said": [
                f"{100 * low:.0f} to {100 * high:.0f} %"
                for low, high in zip(rows["said_from"], rows["said_to"], strict=True)
            ],
            "statements": rows["pairs"].to_list(),
            "ties": rows["ties"].to_list(),
            "in contact": [f"{100 * seen:.0f} %" for seen in rows["observed"]],
        }
    )
    return Table(
        "reliability",
        f"What was said at {len(tested.cuts)} earlier dates, and what happened",
        frame,
        f"Contact within {tested.horizon_days} days; nothing after a date was read for it.",
    )


def _compared(tested: Backtest) -> Table:
    table = tested.table
    frame = pd.DataFrame(
        {
            "method": [WORDS[str(name)] for name in table.index],
            "AUC": table["auc"].round(3).to_list(),
            "log loss": table["log_loss"].round(3).to_list(),
            "calibration error": table["calibration_error"].round(3).to_list(),
        }
    )
    return Table(
        "backtest",
        "Compared with simpler rules",
        frame,
        "AUC: how often a tie that came back stood above one that did not (0.5 by chance). Log "
        "loss and calibration error: lower is better. All are recalibrated on the same ties.",
    )
