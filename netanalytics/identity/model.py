"""How sure it is that two clusters are one person: a logistic model over what they share.

The weights stand in :mod:`netanalytics.identity.weights`, with the script that fitted them. How
common a name is, and how many others it could mean, are among the facts: that is what keeps one
model right in a village and in a city.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from netanalytics.identity import words
from netanalytics.identity.weights import COMPANY_WEIGHTS, WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netanalytics.identity.features import Evidence

CHUNK = 100_000
HUMBLE = 0.85
"""Log-odds shrink by this much: on populations other than those it was fitted on, it errs more."""

STRANGERS = 0.975
"""Without a common contact, nobody at another company is surer than this to be the same."""

OTHER_FAMILY, OTHER_GIVEN = 0.8, 0.4
"""With another family or given name, and no address that agrees, nobody is surer than this."""

COLLEAGUES = 0.1
"""A directory has everybody once: there another name makes the same person so much less likely."""

MOST = 12
"""Log-odds beyond this are no surer."""


def confidence(found: Evidence) -> Any:
    """Return the probability that each pair is one person.

    Two passes: the first judges each pair alone, the second also by what the first found about the
    others: somebody who is like both speaks for a pair, a better match elsewhere against it.

    Parameters
    ----------
    found : Evidence
        Pairs of clusters and how alike they are.

    Returns
    -------
    numpy.ndarray
        From 0 to 1.
    """
    alone = weighed(found.columns, WEIGHTS)
    among = HUMBLE * weighed(company(found, alone), COMPANY_WEIGHTS)
    c = found.columns
    # Two people of one name at two companies stay two, however rare the name is in a small place.
    strangers = (c["organisation"] < 0) & (c["shared"] == 0) & (c["named_shared"] == 0)
    sure = np.where(strangers, np.minimum(probability(among), STRANGERS), probability(among))
    # Colleagues share most contacts: those never make up for a name that is plainly another.
    other_given = (c["first"] == words.CONFLICT) & (c["local"] < 2) & (c["same_local"] == 0)
    other_family = (c["last"] == words.CONFLICT) & (c["local"] < 2)
    sure = np.where(other_family, np.minimum(sure, OTHER_FAMILY), sure)
    sure = np.where(other_given, np.minimum(sure, OTHER_GIVEN), sure)
    colleagues = (other_given | other_family) & (c["one_directory"] > 0)
    sure = np.where(colleagues, COLLEAGUES * sure, sure)
    # Rounded, so that the last bit of a sum decides nothing.
    return np.round(sure, 6)


def weighed(columns: Mapping[str, Any], weights: Mapping[str, float]) -> Any:
    """Return the log-odds of each pair: the sum of what is known, times its weights."""
    make = design if weights is WEIGHTS else company_design
    count = len(columns["first"])
    found = np.zeros(count)
    for start in range(0, count, CHUNK):
        part = {name: values[start : start + CHUNK] for name, values in columns.items()}
        for name, values in make(part).items():
            found[start : start + CHUNK] += weights[name] * values
    # In steps that are coarser than what the order of a sum can change.
    return np.round(np.clip(found, -MOST, MOST), 9)


def probability(odds: Any) -> Any:
    """Return probabilities for log-odds."""
    return 1 / (1 + np.exp(-np.clip(odds, -30, 30)))


def company(found: Evidence, alone: Any) -> dict[str, Any]:
    """Add to what is known of each pair how it stands among the others of its two ends.

    Parameters
    ----------
    found : Evidence
        The pairs.
    alone : numpy.ndarray
        Log-odds of each by itself.

    Returns
    -------
    dict of str to numpy.ndarray
        The columns of ``found`` and: alone, rival_low, rival_high (log-odds of the best other match
        of either end), support (how many are like both), spread (how many are like one).
    """
    pairs = found.pairs
    size = int(pairs.max(initial=0)) + 1
    p = probability(alone)
    low, high = _rivals(pairs, alone, size)
    likely = p >= 0.05
    support = _support(pairs, pairs[likely], p[likely], size)
    total = np.zeros(size)
    np.add.at(total, pairs[likely].ravel(), np.repeat(p[likely], 2))
    spread = total[pairs].sum(axis=1) - 2 * np.where(likely, p, 0)
    return {
        **found.columns,
        "alone": alone,
        "rival_low": low,
        "rival_high": high,
        "support": support,
        "spread": spread,
    }


def _rivals(pairs: Any, alone: Any, size: int) -> tuple[Any, Any]:
    """Return for both ends of each pair the log-odds of the best other pair they are in."""
    ends, number = pairs.T.ravel(), np.tile(np.arange(len(pairs)), 2)
    order = np.lexsort((-alone[number], ends))
    ends, number = ends[order], number[order]
    best, second = np.full(size, -1), np.full(size, -1)
    start = np.flatnonzero(np.r_[True, ends[1:] != ends[:-1]]) if len(ends) else number[:0]
    best[ends[start]] = number[start]
    follows = start + 1 < len(ends)
    follows[follows] = ends[start[follows] + 1] == ends[start[follows]]
    second[ends[start[follows]]] = number[start[follows] + 1]
    odds = np.append(alone, -MOST)
    mine = np.arange(len(pairs))
    either = [odds[np.where(best[end] == mine, second[end], best[end])] for end in pairs.T]
    return np.minimum(*either), np.maximum(*either)


def _support(pairs: Any, likely: Any, p: Any, size: int) -> Any:
    """Sum over third ones how likely both ends are the same as that one."""
    from scipy import sparse

    ends = np.concatenate((likely, likely[:, ::-1]))
    matrix = sparse.csr_array((np.tile(p, 2), (ends[:, 0], ends[:, 1])), shape=(size, size))
    found = np.zeros(len(pairs))
    for start in range(0, len(pairs), CHUNK):
        part = pairs[start : start + CHUNK]
        both = matrix[part[:, 0]].multiply(matrix[part[:, 1]])
        found[start : start + CHUNK] = np.asarray(both.sum(axis=1)).ravel()
    return found


def company_design(c: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the second pass weighs, by name."""
    full, alone = _full(c), c["alone"]
    support, spread = c["support"], c["spread"]
    share = support / (0.1 + spread)
    found = {"one": np.ones(len(alone))}
    for low, high in ((-MOST, -2), (-2, 0), (0, 2), (2, 4), (4, MOST)):
        found[f"alone_{low}"] = np.clip(alone - low, 0, high - low)
    for name in ("rival_low", "rival_high"):
        for low, high in ((-MOST, -2), (-2, 2), (2, MOST)):
            found[f"{name}_{low}"] = np.clip(c[name] - low, 0, high - low)
    found |= {
        "support": np.minimum(support, 1),
        "much_support": np.clip(support - 1, 0, 3),
        "spread": np.minimum(spread, 1),
        "much_spread": np.clip(spread - 1, 0, 5),
        "share": share,
        "share_full": share * full,
        "spread_full": np.minimum(spread, 2) * full,
        "full": full,
        "full_often": full * c["often"],
        "share_often": share * full * c["often"],
        "share_organisation": share * (c["organisation"] > 0),
        "alone_often": full * c["often"] * np.clip(alone, -4, 4),
        "full_elsewhere": full * (c["organisation"] < 0),
        "organisation": c["organisation"] > 0,
        "no_contact": c["named_shared"] == 0,
        "busy": np.log1p(c["contacts"]),
        "no_contact_busy": (c["named_shared"] == 0) * np.log1p(c["contacts"]),
    }
    return found


def design(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the model weighs, by name: levels, bends and what depends on both."""
    c = columns
    known = {"one": np.ones(len(c["first"]))}
    known |= _names(c) | _addresses(c)
    for name in ("", "named_"):
        known |= _contacts(c, name)
    known["met"] = c["met"]
    known["busy"] = np.log1p(c["contacts"])
    known["no_contact"] = c["contacts"] == 0
    known["busy_overlap"] = known["busy"] * c["named_overlap"]
    return known


def _full(c: Mapping[str, Any]) -> Any:
    """Tell where both names agree, if only by an initial and a typo."""
    return (c["first"] >= words.INITIAL) & (c["last"] >= words.TYPO)


def _given(c: Mapping[str, Any]) -> Any:
    """Tell where only the given name agrees."""
    return (c["first"] >= words.NICKNAME) & (c["last"] <= words.CONFLICT)


def _names(c: Mapping[str, Any]) -> dict[str, Any]:
    first, last, full, given = c["first"], c["last"], _full(c), _given(c)
    found: dict[str, Any] = {}
    for level in (words.CONFLICT, words.INITIAL, words.TYPO, words.NICKNAME, words.EXACT):
        found[f"first_{level}"] = first == level
    for level in (
        words.CONFLICT,
        words.INITIAL,
        words.TYPO,
        words.PART,
        words.NICKNAME,
        words.EXACT,
    ):
        found[f"last_{level}"] = last == level
    found |= {
        "exact": (first == words.EXACT) & (last == words.EXACT),
        "initial": (first == words.INITIAL) & (last >= words.PART),
        "new_family": given & (last == words.CONFLICT),
        "given_only": given & (last == words.MISSING),
        "family_only": (first == words.CONFLICT) & (last >= words.TYPO),
        "nothing": (first == words.MISSING) & (last == words.MISSING),
        "turned": c["turned"],
        "middle_agrees": c["middle"] > 0,
        "middle_differs": c["middle"] < 0,
        "often": c["often"],
        "first_often": c["first_often"],
        "last_often": c["last_often"],
        "full_often": full * c["often"],
        "initial_often": (first == words.INITIAL) * c["last_often"],
        "typo_often": (last == words.TYPO) * c["last_often"],
        "given_often": given * c["first_often"],
        "none_shown": c["shown"] == 0,
        "one_shown": c["shown"] == 1,
        "rivals_low": c["rivals_low"],
        "rivals_high": c["rivals_high"],
        "rivals_low_full": full * c["rivals_low"],
        "rivals_high_full": full * c["rivals_high"],
    }
    return found


def _addresses(c: Mapping[str, Any]) -> dict[str, Any]:
    full, given = _full(c), _given(c)
    same, place = c["same_local"] > 0, c["organisation"]
    found: dict[str, Any] = {f"local_{level}": c["local"] == level for level in range(1, 5)}
    found |= {
        "letters_same": c["same_local"] == 1,
        "local_same": c["same_local"] == 2,
        "two_locals": c["two_locals"],
        "local_same_often": same * c["local_often"],
        "local_same_length": same * np.minimum(c["local_length"], 14),
        "locals_differ": (c["two_locals"] > 0) & ~same & (c["local"] == 0),
        "organisation": place > 0,
        "elsewhere": place < 0,
        "domain": c["same_domain"] > 0,
        "other_domain": c["same_domain"] < 0,
        "full_organisation": full * (place > 0),
        "full_elsewhere": full * (place < 0),
        "given_organisation": given * (place > 0),
        "full_domain": full * (c["same_domain"] > 0),
        "often_organisation": full * c["often"] * (place > 0),
        "often_elsewhere": full * c["often"] * (place < 0),
        "often_overlap": full * c["often"] * c["named_overlap"],
    }
    return found


def _contacts(c: Mapping[str, Any], name: str) -> dict[str, Any]:
    full, given = _full(c), _given(c)
    shared, overlap = c[f"{name}shared"], c[f"{name}overlap"]
    colleagues = c["organisation"] > 0
    found: dict[str, Any] = {}
    for what, values, bends in (
        ("shared", shared, (0.0, 0.3, 0.8, 1.6, 3.0)),
        ("overlap", overlap, (0.0, 0.1, 0.3, 0.6)),
        ("cosine", c[f"{name}cosine"], (0.0, 0.1, 0.3, 0.6)),
    ):
        for low, high in zip(bends, (*bends[1:], 9.0), strict=True):
            found[f"{name}{what}_{low}"] = np.clip(values - low, 0, high - low)
    found |= {
        f"{name}none": shared == 0,
        f"{name}none_full": (shared == 0) & full,
        f"{name}none_busy": (shared == 0) * np.log1p(c["contacts"]),
        f"{name}shared_full": np.minimum(shared, 3) * full,
        f"{name}overlap_full": overlap * full,
        f"{name}overlap_given": overlap * given,
        f"{name}shared_colleagues": np.minimum(shared, 3) * colleagues,
        f"{name}overlap_colleagues": overlap * colleagues,
    }
    return found
