"""How tightly people hold together: embedded ties, reciprocity, density, core and periphery."""

from netanalytics.analysis.cohesion.density import (
    core_periphery,
    core_periphery_fit,
    group_density,
)
from netanalytics.analysis.cohesion.embedding import (
    clustering,
    embeddedness,
    is_simmelian,
    overlap,
    transitivity,
)
from netanalytics.analysis.cohesion.reciprocity import (
    arc_reciprocity,
    balance,
    dyad_reciprocity,
    reciprocity,
)

__all__ = [
    "arc_reciprocity",
    "balance",
    "clustering",
    "core_periphery",
    "core_periphery_fit",
    "dyad_reciprocity",
    "embeddedness",
    "group_density",
    "is_simmelian",
    "overlap",
    "reciprocity",
    "transitivity",
]
