"""Pseudonyms, the smallest group that may be shown, and who a page is made for."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

MINIMUM_GROUP = 5
"""Nothing about fewer distinct people than this is shown in a page about a group."""


def pseudonym(name: str, key: str) -> str:
    """Return a pseudonym that only the holder of the key can make again.

    Parameters
    ----------
    name : str
        What to hide.
    key : str
        A secret.

    Returns
    -------
    str
        ``p`` and 16 hexadecimal digits of the keyed hash (HMAC with SHA-256).

    Examples
    --------
    >>> pseudonym("ada@x.org", "a secret") == pseudonym("ada@x.org", "a secret")
    True
    """
    digest = hmac.new(key.encode(), name.encode("utf-8", "surrogatepass"), hashlib.sha256)
    return "p" + digest.hexdigest()[:16]


def withheld_groups(sizes: Mapping[str, int], *, minimum: int = MINIMUM_GROUP) -> frozenset[str]:
    """Return the groups to withhold so that no difference between totals shows a small one.

    A group under the minimum is withheld; if what is withheld is together still under it, the
    next smallest group is withheld as well, since the whole minus what is shown would give it away.

    Parameters
    ----------
    sizes : mapping of str to int
        Distinct people a group.
    minimum : int
        The smallest number of people that may be shown.

    Returns
    -------
    frozenset of str

    Examples
    --------
    >>> sorted(withheld_groups({"sales": 40, "legal": 2, "r&d": 30}, minimum=5))
    ['legal', 'r&d']
    >>> withheld_groups({"sales": 40, "r&d": 30})
    frozenset()
    """
    ordered = sorted(sizes, key=lambda group: (sizes[group], group))
    hidden = [group for group in ordered if sizes[group] < minimum]
    shown = [group for group in ordered if sizes[group] >= minimum]
    while shown and 0 < sum(sizes[group] for group in hidden) < minimum:
        hidden.append(shown.pop(0))
    return frozenset(hidden)
