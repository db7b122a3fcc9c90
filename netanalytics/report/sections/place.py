"""The reader's own measures, and how to read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from netanalytics import registry
from netanalytics.report.model import Section, Table
from netanalytics.report.render import cell

if TYPE_CHECKING:
    from netanalytics.report.findings import Facts

ENOUGH_TO_COMPARE = 20
"""With fewer people a median says too much about each of them."""


@registry.section("place", read="the reader's own measures", audiences=["me"], order=40)
def build(facts: Facts) -> Section | None:
    """Show the reader's measures beside the median, each with how to read it."""
    values = facts.person_values.drop(columns=["community"], errors="ignore")
    cards = registry.metrics()
    rows = []
    for name in values.columns:
        card = cards.get(name) or next(card for key, card in cards.items() if name.startswith(key))
        median = values[name].astype(float).median()
        read = card.read
        if name == "betweenness" and facts.estimated is not None:
            read = f"{read} An estimate, ± {facts.estimated['error'][facts.reader]:,.0f}."
        mine = values[name][facts.reader]
        yes_or_no = pd.api.types.is_bool_dtype(values[name])
        rows.append((name, cell(bool(mine)) if yes_or_no else float(mine), median, read))
    frame = pd.DataFrame(rows, columns=["measure", "you", "median", "how to read it"])
    if len(values) < ENOUGH_TO_COMPARE:
        frame = frame.drop(columns="median")
    return Section(
        name="place",
        title="Your place in the network",
        paragraphs=("Computed on everybody in this log; what it did not see is missing here too.",),
        tables=(Table("place", "Your measures", frame),),
    )
