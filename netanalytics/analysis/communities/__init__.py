"""Communities, how stable they are, and how far they are the formal groups."""

from netanalytics.analysis.communities.leiden import community, modularity, stability
from netanalytics.analysis.communities.teams import agreement, between_groups, participation

__all__ = [
    "agreement",
    "between_groups",
    "community",
    "modularity",
    "participation",
    "stability",
]
