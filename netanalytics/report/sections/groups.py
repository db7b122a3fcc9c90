"""Contact inside and between groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netanalytics import registry
from netanalytics.maps.charts import contact_matrix
from netanalytics.report.model import Figure, Section, Table

if TYPE_CHECKING:
    from netanalytics.report.findings import Facts

MOST_IN_FIGURE = 14


@registry.section(
    "groups", read="contact inside and between groups", audiences=["group", "names"], order=7
)
def build(facts: Facts) -> Section | None:
    """Show how many of a hundred possible pairs are in contact, inside and between groups."""
    density = facts.density
    if density.empty:
        return None
    tables = (
        Table("groups", f"Each {facts.group_word}", group_table(facts), _INSIDE),
        Table("contacts", "Contact between groups", between_table(facts), _BETWEEN),
    )
    return Section(
        name="groups",
        title="Contact inside and between groups",
        paragraphs=_paragraphs(facts),
        tables=tables,
        figures=_figures(facts),
    )


_INSIDE = (
    "Ties per 100 possible pairs: inside the group, and between its people and everybody in the "
    "other groups shown."
)
_BETWEEN = "Ties per 100 possible pairs, most first. Small groups have high numbers more easily."


def group_table(facts: Facts) -> pd.DataFrame:
    """Return size and contact of each group that is shown."""
    density, sizes = facts.density, facts.group_sizes
    rows = []
    for group, people in sizes.items():
        inside = density[(density["source"] == group) & (density["target"] == group)]
        mine = (density["source"] == group) ^ (density["target"] == group)
        between = density[mine & density["per_100"].notna()]
        pairs = between["pairs"].sum()
        outside = 100.0 * between["ties"].sum() / pairs if pairs else np.nan
        rows.append((group, int(people), float(inside["per_100"].iloc[0]), outside))
    columns = [facts.group_word, "people", "inside per 100", "to others per 100"]
    return pd.DataFrame(rows, columns=columns)


def between_table(facts: Facts) -> pd.DataFrame:
    """Return the contact between each two groups, most first; withheld cells are left out."""
    density = facts.density
    between = density[(density["source"] != density["target"]) & density["per_100"].notna()]
    between = between.sort_values(["per_100", "source", "target"], ascending=[False, True, True])
    return pd.DataFrame(
        {
            facts.group_word: between["source"].to_list(),
            "other": between["target"].to_list(),
            "per 100": between["per_100"].to_list(),
            "possible pairs": between["pairs"].to_list(),
        }
    )


def _paragraphs(facts: Facts) -> tuple[str, ...]:
    told = [
        "A number such as 14 means: of a hundred pairs that could be in contact, fourteen are. "
        "It counts pairs, not messages."
    ]
    unknown = int(facts.groups.isna().sum())
    if facts.audience == "group":
        told.append(f"Nothing that rests on fewer than {facts.minimum} people is shown.")
        told += withheld(facts)
    elif unknown:
        told.append(f"{unknown} people have no {facts.group_word} and are left out here.")
    return tuple(told)


def withheld(facts: Facts) -> list[str]:
    """Say how much a page about groups does not show."""
    told = []
    cells = int(facts.density["per_100"].isna().sum())
    if facts.withheld:
        told.append(
            f"Groups withheld because they, or what they would give away, are too small: "
            f"{len(facts.withheld)}."
        )
    if cells:
        told.append(f"Pairs of groups withheld because too few people make their contact: {cells}.")
    return told


def _figures(facts: Facts) -> tuple[Figure, ...]:
    sizes = facts.group_sizes
    if not 2 <= len(sizes) <= MOST_IN_FIGURE:
        return ()
    picture = contact_matrix(facts.density)
    return (
        Figure(
            caption="Ties per 100 possible pairs, inside groups (diagonal) and between them",
            alt=picture.alt,
            light=picture.light_uri,
            dark=picture.dark_uri,
        ),
    )
