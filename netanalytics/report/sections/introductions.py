"""People to meet, and who could make the introduction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from netanalytics import registry
from netanalytics.report.model import Section, Table

if TYPE_CHECKING:
    from netanalytics.report.findings import Facts

MOST = 20
CAUTION = (
    "Suggested because contacts in common are in recent touch with both. No contact was seen in "
    "this log; that does not mean that they do not know each other."
)


@registry.section(
    "introductions",
    read="suggested new ties, each with the contact in common to ask",
    audiences=["me", "names"],
    order=20,
)
def build(facts: Facts) -> Section | None:
    """List suggested introductions."""
    table = facts.introductions
    columns = {
        "target": facts.called(table["target"]),
        "ask": facts.called(table["via"]),
        "because": table["because"],
    }
    if facts.audience == "me":
        frame = pd.DataFrame({"rank": table["rank"], **columns})
        title, caption = "Whom to meet, and through whom", "Suggested introductions"
    else:
        everyone = pd.DataFrame({"person": facts.called(table["person"]), **columns})
        once = table[table["person"] < table["target"]]
        once = once.sort_values(["score", "person", "target"], ascending=[False, True, True])
        frame = everyone.loc[once.index[:MOST]].reset_index(drop=True)
        title = "Suggested introductions"
        caption = f"Suggested introductions, the first {len(frame)}"
    return Section(
        name="introductions",
        title=title,
        paragraphs=(CAUTION,) if len(frame) else ("Nobody is two steps away without a tie.",),
        tables=(Table("introductions", caption, frame),),
    )
