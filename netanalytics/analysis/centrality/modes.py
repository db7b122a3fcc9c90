"""Which way ties are followed, the same option in every measure of the chapter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netanalytics import schema
from netanalytics.errors import OptionError

if TYPE_CHECKING:
    from netanalytics.network import Network

MODES = ("all", "in", "out")

LONGEST = 1e290
"""Length of a tie beside the shortest, at most."""


def check_mode(mode: str, *, directed: bool, undirected: tuple[str, ...]) -> None:
    """Refuse a mode that is none, or that needs arcs where ties are read."""
    schema.one_of("mode", mode, MODES)
    if not directed and mode not in undirected:
        raise OptionError(f"mode={mode!r} needs directed=True: a tie has no direction")


def lengths(net: Network, *, directed: bool) -> tuple[list[float], float]:
    """Return the lengths of all ties, the shortest 1, and the unit in which they are 1/strength.

    igraph adds 1 to lengths as it compares them: what is far below 1 would be the same to it.
    """
    strength = net.arc_strength if directed else net.strength
    strongest = float(strength.max(initial=1.0))
    # Nobody is so far away that sums of lengths would overflow.
    floats: list[float] = np.minimum(strongest / strength, LONGEST).tolist()
    return floats, 1.0 / strongest
