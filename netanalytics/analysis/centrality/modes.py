"""Which way ties are followed, the same option in every measure of the chapter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netanalytics import schema
from netanalytics.errors import OptionError

if TYPE_CHECKING:
    from netanalytics.network import Network

MODES = ("all", "in", "out")


def check_mode(mode: str, *, directed: bool, undirected: tuple[str, ...]) -> None:
    """Refuse a mode that is none, or that needs arcs where ties are read."""
    schema.one_of("mode", mode, MODES)
    if not directed and mode not in undirected:
        raise OptionError(f"mode={mode!r} needs directed=True: a tie has no direction")


def lengths(net: Network, *, directed: bool) -> list[float]:
    """Return 1/strength: the stronger the tie, the shorter the way."""
    strength = net.arc_strength if directed else net.strength
    floats: list[float] = (1.0 / strength).tolist()
    return floats
