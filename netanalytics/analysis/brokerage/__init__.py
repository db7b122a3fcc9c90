"""Who stands between others: structural holes after Burt, brokerage roles after Gould."""

from netanalytics.analysis.brokerage.gould_fernandez import brokered_pairs, gould_fernandez
from netanalytics.analysis.brokerage.holes import (
    constraint,
    effective_size,
    efficiency,
    hierarchy,
    indirect_constraint,
)

__all__ = [
    "brokered_pairs",
    "constraint",
    "effective_size",
    "efficiency",
    "gould_fernandez",
    "hierarchy",
    "indirect_constraint",
]
