"""How mixed contacts are, and how far people are in touch with their like."""

from netanalytics.analysis.diversity.homophily import (
    assortativity,
    coleman,
    degree_assortativity,
    homophily,
    mixing,
)
from netanalytics.analysis.diversity.mix import (
    blau,
    ei_index,
    entropy,
    iqv,
    tie_entropy,
    unknown_contacts,
)

__all__ = [
    "assortativity",
    "blau",
    "coleman",
    "degree_assortativity",
    "ei_index",
    "entropy",
    "homophily",
    "iqv",
    "mixing",
    "tie_entropy",
    "unknown_contacts",
]
