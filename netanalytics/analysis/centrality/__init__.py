"""Who is central: by ties and strength, by shortest paths, by walks."""

from netanalytics.analysis.centrality.counts import coreness, degree, total_strength
from netanalytics.analysis.centrality.paths import (
    betweenness,
    closeness,
    edge_betweenness,
    harmonic_closeness,
)
from netanalytics.analysis.centrality.sampled import sampled_betweenness
from netanalytics.analysis.centrality.walks import eigenvector, katz, pagerank

__all__ = [
    "betweenness",
    "closeness",
    "coreness",
    "degree",
    "edge_betweenness",
    "eigenvector",
    "harmonic_closeness",
    "katz",
    "pagerank",
    "sampled_betweenness",
    "total_strength",
]
