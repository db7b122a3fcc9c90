"""Ties that have gone quiet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from netanalytics import registry
from netanalytics.report.model import Section, Table

if TYPE_CHECKING:
    from netanalytics.report.findings import Facts

MOST = 20
HOW_TO_READ = (
    "Pause ratio is the days since the last contact divided by the longest earlier pause: above 1, "
    "the pause is longer than any before. It says what the log shows, not what anybody thinks."
)


@registry.section(
    "check_ins",
    read="ties whose own rhythm has broken off",
    audiences=["me", "names"],
    order=10,
)
def build(facts: Facts) -> Section | None:
    """List the ties that have gone quiet, most worthwhile first."""
    if not facts.dated:
        return None
    table = facts.check_ins
    if facts.audience == "names":
        return _for_everybody(facts, table)
    frame = pd.DataFrame(
        {
            "rank": table["rank"],
            "contact": facts.called(table["contact"]),
            "last seen": table["last"],
            "pause ratio": table["silence"],
            "because": table["because"],
        }
    )
    return Section(
        name="check_ins",
        title="Gone quiet",
        paragraphs=()
        if len(frame)
        else (facts.unjudged or "No tie has paused for longer than it used to.",),
        tables=(Table("check_ins", "Ties to look after", frame, HOW_TO_READ),),
    )


def _for_everybody(facts: Facts, table: pd.DataFrame) -> Section:
    """Show each pair once: both ends have it in their list."""
    table = table[table["person"] < table["contact"]]
    table = table.sort_values(["score", "person", "contact"], ascending=[False, True, True])
    table = table.head(MOST)
    stages = facts.tie_values["stage"].value_counts()
    fading = int(stages.get("cooling", 0) + stages.get("dormant", 0))
    judged = facts.judged
    frame = pd.DataFrame(
        {
            "person": facts.called(table["person"]),
            "contact": facts.called(table["contact"]),
            "last seen": table["last"],
            "pause ratio": table["silence"],
            "because": table["because"],
        }
    ).reset_index(drop=True)
    counts = pd.DataFrame(
        {"ties": [len(facts.tie_values), judged, fading]},
        index=pd.Index(["all", "with enough history to judge", "fading"], name="which"),
    ).reset_index()
    return Section(
        name="fading",
        title="Fading ties",
        paragraphs=(
            f"{fading} of the {judged} ties with enough history to judge are cooling or dormant."
            if judged
            else facts.unjudged or "No tie has enough history yet to say whether it is fading.",
        ),
        tables=(
            Table("fading", f"Fading ties, the first {len(frame)}", frame, HOW_TO_READ),
            Table("judged", "How many ties are judged", counts),
        ),
    )
