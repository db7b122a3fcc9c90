"""What holds the network together, who the key people are, and what breaks if they leave."""

from netanalytics.analysis.bridges.bridging import bridging_centrality, bridging_coefficient
from netanalytics.analysis.bridges.cuts import (
    is_articulation_point,
    is_bridge,
    is_local_bridge,
    span,
)
from netanalytics.analysis.bridges.key_people import cut_off, if_gone, key_people

__all__ = [
    "bridging_centrality",
    "bridging_coefficient",
    "cut_off",
    "if_gone",
    "is_articulation_point",
    "is_bridge",
    "is_local_bridge",
    "key_people",
    "span",
]
