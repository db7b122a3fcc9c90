"""The reader's own ties: give and take, and the mix of contacts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from netanalytics import registry
from netanalytics.periods import relations_at
from netanalytics.report.model import Section, Table

if TYPE_CHECKING:
    from netanalytics.report.findings import Facts

MOST = 25


@registry.section("my_ties", read="the reader's own ties", audiences=["me"], order=30)
def build(facts: Facts) -> Section | None:
    """Show whom the reader is in contact with, and who writes to whom."""
    ties = facts.my_ties
    if ties.empty:
        return Section("my_ties", "Your contacts", ("No contact of yours is in this log.",))
    wrote, got = int(ties["n_forward"].sum()), int(ties["n_back"].sum())
    totals = pd.DataFrame({"contacts": [len(ties)], "you wrote": [wrote], "they wrote": [got]})
    return Section(
        name="my_ties",
        title="Your contacts, give and take",
        paragraphs=(
            f"{len(ties)} people are seen in contact with you. You reached them {wrote} times "
            f"and they reached you {got} times; meetings count for neither.",
        ),
        tables=(
            Table("totals", "Give and take", totals),
            _contacts(facts, ties),
            _mix(facts, ties),
        ),
    )


def _contacts(facts: Facts, ties: pd.DataFrame) -> Table:
    order = ["strength", "n"]
    top = ties.sort_index().sort_values(order, ascending=False, kind="stable").head(MOST)
    columns = {"contact": facts.called(top.index)}
    if facts.dated:
        columns |= {"last seen": top["last"].to_list(), "contact days": top["days"].to_list()}
        columns |= {"through": [text.replace(";", ", ") for text in top["channels"]]}
    columns |= {"you wrote": top["n_forward"].to_list(), "they wrote": top["n_back"].to_list()}
    if facts.dated:
        columns |= {"stage": [_said(stage) for stage in top["stage"]]}
    kinds = _declared(facts)
    if kinds:
        columns |= {"declared": [kinds.get(person, "") for person in top.index]}
    return Table(
        "my_ties",
        f"Most contact lately, the first {len(top)}",
        pd.DataFrame(columns),
        "In the order of recent contact. Volume is not closeness: this is contact seen.",
    )


def _said(stage: object) -> str:
    return stage if isinstance(stage, str) else "not judged"


def _declared(facts: Facts) -> dict[str, str]:
    """Return the relations that were declared with the reader, by contact."""
    log = facts.net.log
    if log is None or log.relations is None:
        return {}
    kinds: dict[str, list[str]] = {}
    for row in relations_at(log.relations, facts.net.as_of).itertuples(index=False):
        if row.source == facts.person:
            kinds.setdefault(str(row.target), []).append(f"{row.kind} of")
        elif row.target == facts.person:
            kinds.setdefault(str(row.source), []).append(str(row.kind))
    return {person: ", ".join(sorted(set(words))) for person, words in kinds.items()}


def _mix(facts: Facts, ties: pd.DataFrame) -> Table:
    groups = facts.groups.reindex(ties.index).fillna("unknown")
    counts = groups.value_counts().rename("contacts").rename_axis(facts.group_word).reset_index()
    counts = counts.sort_values(["contacts", facts.group_word], ascending=[False, True])
    return Table("mix", f"Your contacts by {facts.group_word}", counts.reset_index(drop=True))
