"""Groups of people and their contacts, as every measure of the chapter reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netanalytics import schema
from netanalytics.arguments import names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netanalytics.network import Network


def column_name(by: str | Sequence[str]) -> str:
    """Return what the groups are called in the name of a measure."""
    return "_".join(names("by", by))


def group_codes(net: Network, by: str | Sequence[str]) -> tuple[np.ndarray, list[str]]:
    """Return a number for each person's group, −1 without one, and the groups.

    Of several columns every combination that occurs is a group, named as ``sales / senior``; who
    lacks one of the values has none. Where two would be called the same, parts with a slash stand
    in quotation marks.
    """
    return schema.combined([net.group_codes(column) for column in names("by", by)])


def contacts(
    net: Network, *, weighted: bool, directed: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return person, contact and weight: every tie from both of its ends, or every arc once."""
    first, second = net.arc_ends if directed else net.ends
    weight = net.arc_strength if directed else net.strength
    if not weighted:
        weight = np.ones(len(weight))
    if directed:
        return first, second, weight
    both = np.concatenate([first, second])
    return both, np.concatenate([second, first]), np.concatenate([weight, weight])
