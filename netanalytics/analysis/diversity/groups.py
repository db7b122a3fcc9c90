"""Groups of people and their contacts, as every measure of the chapter reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netanalytics import schema

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netanalytics.network import Network


def column_name(by: str | Sequence[str]) -> str:
    """Return what the groups are called in the name of a measure."""
    return by if isinstance(by, str) else "_".join(by)


def group_codes(net: Network, by: str | Sequence[str]) -> tuple[np.ndarray, pd.Index]:
    """Return a number for each person's group, −1 without one, and the groups.

    Of several columns every combination that occurs is a group, named as ``sales / senior``; who
    lacks one of the values has none.
    """
    columns = [by] if isinstance(by, str) else list(by)
    if len(columns) == 1 and columns[0] in net.people and net.people[columns[0]].dtype != object:
        # Few groups have many people: clean what a group is called, not what everybody's is.
        held, names = pd.factorize(net.people[columns[0]])
        codes, groups = pd.factorize(schema.text_ids(pd.Series(names)), sort=True)
        return np.append(codes, -1)[held], pd.Index(groups)
    values = net.groups(columns[0])
    for column in columns[1:]:
        values = values + " / " + net.groups(column)
    codes, groups = pd.factorize(values, sort=True)
    return np.asarray(codes), pd.Index(groups)


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
