"""Who holds parts of the network together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from netanalytics import registry
from netanalytics.analysis.uncertainty import crosses_cut
from netanalytics.report.model import Section, Table

if TYPE_CHECKING:
    from netanalytics.report.findings import Facts

MOST = 15
COLUMNS = ["degree", "constraint", "effective_size", "betweenness"]


@registry.section(
    "brokers", read="brokers, single points of failure, bridges", audiences=["names"], order=5
)
def build(facts: Facts) -> Section | None:
    """Name the brokers, the people whose leaving cuts others off, and the bridges."""
    tables = (_brokers(facts), _cut_points(facts), _bridges(facts))
    return Section(
        name="brokers",
        title="Who holds the network together",
        paragraphs=(
            "Brokers have contacts who are not in touch with one another (low constraint). An "
            "articulation point is the only way to somebody; a local bridge joins two people "
            "without a contact in common. Contact outside this log is not seen.",
        ),
        tables=tuple(table for table in tables if len(table.frame)),
    )


def brokers_of(facts: Facts) -> pd.Index:
    """Return the lowest tenth of people by constraint, lowest first."""
    constraint = facts.person_values["constraint"].dropna().sort_index()
    constraint = constraint.sort_values(kind="stable")
    return (
        constraint.index[: max(1, len(constraint) // 10)] if len(constraint) else constraint.index
    )


def _brokers(facts: Facts) -> Table:
    people = brokers_of(facts)[:MOST]
    frame = _people(facts, people, COLUMNS)
    if facts.estimated is not None:
        frame = frame.assign(**{"betweenness ±": facts.estimated["error"].loc[people].to_list()})
    note = registry.metrics()["constraint"].read
    if facts.broker_bands is not None:
        frame = frame.assign(**_chance(facts.broker_bands, people, len(people), lowest=True))
        note = f"{note} {BY_CHANCE}"
    return Table(
        "brokers",
        f"Brokers, the first {len(people)} of the lowest tenth by constraint",
        frame,
        note,
    )


BY_CHANCE = (
    "Place by chance: if these people went on with the same habits, chance alone would put the "
    "place between these two (90 %). Missing channels, changed habits and new jobs are not in it. "
    "At the cut: chance decides whether somebody is on this list."
)


def _chance(
    table: pd.DataFrame, people: pd.Index, cut: int, *, lowest: bool
) -> dict[str, list[str]]:
    """Say, a person, between which places chance would put them, and who is at the cut."""
    last = int(table["value"].notna().sum()) + 1
    crossing = crosses_cut(table, cut, lowest=lowest)
    places, cuts = [], []
    for person in people:
        row = table.loc[person]
        sure = pd.notna(row["rank_low"])
        ends = [int(row["rank_low"]), int(row["rank_high"])] if sure else []
        if lowest:  # counted from the lowest value
            ends = [last - end for end in reversed(ends)]
        places.append(" to ".join(map(str, ends)) or str(row["note"]))
        cuts.append(("at the cut" if crossing[person] else "") if sure else "")
    return {"place by chance": places, "cut": cuts}


def _cut_points(facts: Facts) -> Table:
    flags = facts.person_values["is_articulation_point"].astype(bool)
    degree = facts.person_values["degree"]
    people = degree[flags].sort_index().sort_values(ascending=False, kind="stable").index[:MOST]
    frame = _people(facts, people, ["degree", "constraint"])
    note = registry.metrics()["is_articulation_point"].read
    # Where all are listed there is no cut that chance could put somebody beyond.
    if facts.degree_bands is not None and len(people) < flags.sum():
        listed = int((degree >= degree[people[-1]]).sum())
        frame = frame.assign(**_chance(facts.degree_bands, people, listed, lowest=False))
        note = f"{note} Places are those by degree among everybody. {BY_CHANCE}"
    return Table(
        "articulation_points", f"Articulation points, {len(people)} of {flags.sum()}", frame, note
    )


def _people(facts: Facts, people: pd.Index, columns: list[str]) -> pd.DataFrame:
    values = facts.person_values.loc[people, columns].reset_index(drop=True)
    values.insert(0, "person", facts.called(people))
    values.insert(1, facts.group_word, facts.groups.reindex(people).fillna("").to_list())
    return values


def _bridges(facts: Facts) -> Table:
    flags = facts.tie_values
    chosen = flags["is_local_bridge"].astype(bool)
    ties = facts.net.ties[chosen.to_numpy()]
    ties = ties.sort_values("strength", ascending=False, kind="stable").head(MOST)
    frame = pd.DataFrame(
        {
            "person": facts.called(ties.index.get_level_values("source")),
            "contact": facts.called(ties.index.get_level_values("target")),
            "strength": ties["strength"].to_list(),
            "bridge": [
                "yes" if bridge else "no" for bridge in flags["is_bridge"].reindex(ties.index)
            ],
        }
    )
    return Table(
        "local_bridges",
        f"Strongest local bridges, {len(frame)} of {int(chosen.sum())}",
        frame,
        registry.metrics()["is_local_bridge"].read,
    )
