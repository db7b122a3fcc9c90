"""How alike two identities are: names, addresses, organisations, and whom both know."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from netanalytics.identity.addresses import FREE_MAIL, PERSON, registrable
from netanalytics.identity.names import forms
from netanalytics.identity.profiles import codes, group_of
from netanalytics.identity.words import CONFLICT, INITIAL, PART, Comparison

if TYPE_CHECKING:
    from netanalytics.identity.profiles import Profiles

WORTH = np.array([0.0, -3.0, 1.0, 2.0, 2.3, 2.6, 3.0])
MOST_OF = ("local", "same_local", "organisation", "same_domain", "one_directory")
"""Facts of which the best of all pairs of two clusters counts."""

CHUNK = 200_000


@dataclass(frozen=True, eq=False)
class Evidence:
    """Pairs of clusters, and how alike the two are.

    Parameters
    ----------
    pairs : numpy.ndarray
        Two columns of clusters, the smaller first.
    through : numpy.ndarray
        For each, the two identities whose names speak best for it.
    columns : dict of str to numpy.ndarray
        Facts about each pair, by name.
    """

    pairs: Any
    through: Any
    columns: dict[str, Any]


def evidence(profiles: Profiles, cluster: Any, pairs: Any) -> Evidence:
    """Compare pairs of identities and sum up by pairs of clusters.

    Parameters
    ----------
    profiles : Profiles
        All identities.
    cluster : numpy.ndarray
        Cluster of each identity.
    pairs : numpy.ndarray
        What :func:`netanalytics.identity.blocking.candidates` returns.

    Returns
    -------
    Evidence
    """
    parts = _Parts(profiles, cluster)
    ends = np.sort(cluster[pairs], axis=1)
    columns = {**_names(parts, pairs), **_locals(parts, pairs), **_places(parts, pairs)}
    # The pair of identities that speaks best for two clusters speaks for their names; among equals
    # every value decides before ids do.
    ties = [columns[name] for name in sorted(columns) if name not in ("score", "local")]
    keys = (*ties, -columns["local"], -columns["score"], ends[:, 1], ends[:, 0])
    order = np.lexsort(keys)
    ends, pairs = ends[order], pairs[order]
    fresh = np.ones(len(ends), dtype=bool)
    fresh[1:] = (ends[1:] != ends[:-1]).any(axis=1)
    start = np.flatnonzero(fresh)
    best: dict[str, Any] = {}
    for name, values in columns.items():
        most = name in MOST_OF and len(start)
        sorted_ = values[order]
        best[name] = np.maximum.reduceat(sorted_, start) if most else sorted_[start]
    found = ends[start]
    best |= _circle(parts, found)
    best |= _rivals(found, best["score"], len(profiles.ids))
    return Evidence(found, pairs[start], best)


class _Parts:
    """Names, local parts and organisations as numbers."""

    def __init__(self, profiles: Profiles, cluster: Any) -> None:
        self.profiles, self.cluster = profiles, cluster
        self.size = int(cluster.max()) + 1 if len(cluster) else 0
        names, read = profiles.names, profiles.read
        count = len(names)
        self.plain = [address.local for address in read]
        self.compact = ["".join(sign for sign in text if sign.isalpha()) for text in self.plain]
        shapes = [forms(name.first, name.last) or ("",) * 5 for name in names]
        lists = [
            [name.first for name in names],
            [name.last for name in names],
            [name.middle for name in names],
            [name.other for name in names],
            self.compact,
            *([shape[place] for shape in shapes] for place in range(5)),
        ]
        whole, self.words = codes(text for texts in lists for text in texts)
        (self.first, self.last, self.middle, self.other, self.letters, *self.forms) = whole.reshape(
            len(lists), count
        )
        self.local = codes(self.plain)[0]
        self.shown = np.array([bool(text) for text in profiles.shown], dtype=bool)
        self.bare = np.array([address.sort == "id" for address in read], dtype=bool)
        self.key = codes(_name_keys(profiles))[0]
        self.domain = codes(
            "" if address.domain in FREE_MAIL else registrable(address.domain) for address in read
        )[0]
        self.organisation = _organisations(profiles)

    def frequency(self, values: Any) -> Any:
        """Return in how many clusters each identity's value occurs; 0 where it has none."""
        known = values >= 0
        packed = np.unique(values[known].astype(np.int64) * self.size + self.cluster[known])
        counts = np.bincount(packed // max(1, self.size), minlength=int(values.max(initial=0)) + 1)
        return np.where(known, counts[np.maximum(values, 0)], 0)


def _name_keys(profiles: Profiles) -> list[str]:
    """Return one text for all spellings of a full name in either order."""
    return [
        " ".join(sorted((group_of(name.first), group_of(name.last))))
        if name.first and name.last
        else ""
        for name in profiles.names
    ]


def _organisations(profiles: Profiles) -> Any:
    """Return two organisations of each identity: the one stated, and that of the address."""
    votes: dict[str, Counter[str]] = {}
    own = []
    for address, stated in zip(profiles.read, profiles.organisations, strict=True):
        domain = "" if address.domain in FREE_MAIL else registrable(address.domain)
        own.append(domain)
        if domain and stated:
            votes.setdefault(domain, Counter())[stated] += 1
    named = {
        domain: min(count, key=lambda text: (-count[text], text)) for domain, count in votes.items()
    }
    texts = [*profiles.organisations, *(named.get(domain, domain) for domain in own)]
    return codes(texts)[0].reshape(2, len(own))


# ---- names -------------------------------------------------------------------------------------


def _names(parts: _Parts, pairs: Any) -> dict[str, Any]:
    """Compare names as they stand and swapped; the better reading counts."""
    a, b = pairs[:, 0], pairs[:, 1]
    compare = Comparison(parts.words)
    straight_first = compare(parts.first[a], parts.first[b])
    straight_last = _family(parts, compare, a, b)
    swapped_first = compare(parts.first[a], parts.last[b])
    swapped_last = compare(parts.last[a], parts.first[b])
    straight = WORTH[straight_first] + WORTH[straight_last]
    swapped = WORTH[swapped_first] + WORTH[swapped_last] - 0.2
    turned = swapped > straight
    # Which of the two words is the given name is known to nobody: the weaker one comes first.
    first = np.where(turned, np.minimum(swapped_first, swapped_last), straight_first)
    last = np.where(turned, np.maximum(swapped_first, swapped_last), straight_last)
    count = parts.frequency(parts.key)
    word_first, word_last = parts.frequency(parts.first), parts.frequency(parts.last)
    middle = compare(parts.middle[a], parts.middle[b])
    return {
        "first": first,
        "last": last,
        "turned": turned.astype(np.float32),
        "middle": np.where(middle >= INITIAL, 1, np.where(middle == CONFLICT, -1, 0)),
        "score": np.maximum(straight, swapped),
        "often": np.log1p(np.maximum(count[a], count[b])),
        "first_often": np.log1p(np.maximum(word_first[a], word_first[b])),
        "last_often": np.log1p(np.maximum(word_last[a], word_last[b])),
        "shown": parts.shown[a].astype(np.int8) + parts.shown[b],
    }


def _family(parts: _Parts, compare: Comparison, a: Any, b: Any) -> Any:
    """Compare family names; the other half, or the one before a marriage, is a part."""
    level = compare(parts.last[a], parts.last[b])
    for one, other in (
        (parts.last, parts.other),
        (parts.other, parts.last),
        (parts.other, parts.other),
        (parts.last, parts.middle),
        (parts.middle, parts.last),
    ):
        same = (one[a] == other[b]) & (one[a] >= 0)
        level = np.where(same & (level < PART), PART, level)
    return level


# ---- addresses ---------------------------------------------------------------------------------


def _locals(parts: _Parts, pairs: Any) -> dict[str, Any]:
    """Compare local parts with one another and with what a company would make of the name."""
    a, b = pairs[:, 0], pairs[:, 1]
    level = np.zeros(len(pairs), dtype=np.int8)
    for one, other in ((a, b), (b, a)):
        letters = parts.letters[one]
        known = letters >= 0
        for value, shape in ((1, 4), (2, 3), (3, 2), (4, 1), (4, 0)):
            fits = known & (letters == parts.forms[shape][other])
            level = np.where(fits, np.maximum(level, value), level)
        alone = known & ((letters == parts.first[other]) | (letters == parts.last[other]))
        level = np.where(alone, np.maximum(level, 1), level)
    both = (parts.letters[a] >= 0) & (parts.letters[b] >= 0)
    same = (parts.letters[a] == parts.letters[b]) & both
    exact = (parts.local[a] == parts.local[b]) & (parts.local[a] >= 0)
    often = parts.frequency(parts.letters)
    return {
        "local": level,
        "same_local": same.astype(np.int8) + exact,
        "two_locals": both.astype(np.float32),
        "local_often": np.log1p(np.maximum(often[a], often[b])),
        "local_length": np.minimum(
            _lengths(parts)[parts.letters[a]], _lengths(parts)[parts.letters[b]]
        ).astype(np.float32),
    }


def _lengths(parts: _Parts) -> Any:
    return np.array([*map(len, parts.words), 0])


def _places(parts: _Parts, pairs: Any) -> dict[str, Any]:
    """Compare organisations: 1 the same, -1 others, 0 not known.

    Bare ids stand in one directory, and so do addresses of one domain: each person is there once.
    """
    a, b = pairs[:, 0], pairs[:, 1]
    mine, theirs = parts.organisation[:, a], parts.organisation[:, b]
    same = np.zeros(len(pairs), dtype=bool)
    for x in mine:
        for y in theirs:
            same |= (x == y) & (x >= 0)
    known = (mine >= 0).any(axis=0) & (theirs >= 0).any(axis=0)
    domain = (parts.domain[a] == parts.domain[b]) & (parts.domain[a] >= 0)
    two = (parts.domain[a] >= 0) & (parts.domain[b] >= 0)
    return {
        "organisation": np.where(same, 1, np.where(known, -1, 0)).astype(np.int8),
        "same_domain": np.where(domain, 1, np.where(two, -1, 0)).astype(np.int8),
        "one_directory": (domain | (parts.bare[a] & parts.bare[b])).astype(np.int8),
    }


# ---- contacts ----------------------------------------------------------------------------------


def _circle(parts: _Parts, pairs: Any) -> dict[str, Any]:
    """Measure whom two clusters both know, as clusters and as names; rare contacts count more."""
    from scipy import sparse

    contacts = parts.profiles.contacts.tocoo()
    person = np.array([kind == PERSON for kind, _ in parts.profiles.kinds], dtype=bool)
    kept = person[contacts.row] & person[contacts.col]
    row, column = parts.cluster[contacts.row[kept]], parts.cluster[contacts.col[kept]]
    telling = ~everywhere(row, column, parts.size)[column]
    row, column = row[telling], column[telling]
    keyed = _cluster_keys(parts)
    found: dict[str, Any] = {}
    for name, ends, width in (
        ("", column, parts.size),
        ("named_", keyed[column], int(keyed.max(initial=0)) + 1),
    ):
        ones = np.ones(len(row))
        matrix = sparse.csr_array((ones, (row, ends)), shape=(parts.size, width))
        matrix.sum_duplicates()
        matrix.data[:] = 1
        degree = matrix.sum(axis=0)
        weighted = matrix.multiply(1 / np.log(2 + degree)[None, :]).tocsr()
        found |= {f"{name}{what}": values for what, values in _overlap(matrix, weighted, pairs)}
    met = sparse.csr_array((np.ones(len(row)), (row, column)), shape=(parts.size, parts.size))
    found["met"] = (_at(met, pairs) > 0).astype(np.float32)
    known = np.bincount(row, minlength=parts.size)
    found["contacts"] = np.minimum(known[pairs[:, 0]], known[pairs[:, 1]])
    return found


FEW = 8
"""Among fewer people than this nobody is everywhere."""


def everywhere(row: Any, column: Any, size: int) -> Any:
    """Say who is in contact with more than half of all: whom a mailbox belongs to, mostly.

    That two addresses both know that person says nothing about them.
    """
    pairs = np.unique(np.stack((row, column)), axis=1)
    degree = np.bincount(pairs[1], minlength=size)
    tied = int((degree > 0).sum())
    return (2 * degree > tied) & (tied >= FEW)


def _cluster_keys(parts: _Parts) -> Any:
    """Return a number for the name of each cluster, its own number if it shows none."""
    keyed = np.arange(parts.size) + int(parts.key.max(initial=0)) + 1
    named = parts.key >= 0
    order = np.argsort(-parts.key[named], kind="stable")
    keyed[parts.cluster[named][order]] = parts.key[named][order]
    return np.unique(keyed, return_inverse=True)[1]


def _overlap(matrix: Any, weighted: Any, pairs: Any) -> list[tuple[str, Any]]:
    """Return the weight of shared contacts, and the share that they are of the smaller circle."""
    total = np.asarray(weighted.sum(axis=1)).ravel()
    shared = np.zeros(len(pairs))
    for start in range(0, len(pairs), CHUNK):
        part = pairs[start : start + CHUNK]
        both = weighted[part[:, 0]].multiply(matrix[part[:, 1]])
        shared[start : start + CHUNK] = np.asarray(both.sum(axis=1)).ravel()
    one, other = total[pairs[:, 0]], total[pairs[:, 1]]
    low, high = np.minimum(one, other), np.maximum(one, other)
    return [
        ("shared", shared),
        ("overlap", np.divide(shared, low, out=np.zeros(len(pairs)), where=low > 0)),
        ("cosine", np.divide(shared, np.sqrt(low * high), out=np.zeros(len(pairs)), where=low > 0)),
    ]


def _at(matrix: Any, pairs: Any) -> Any:
    found = np.zeros(len(pairs))
    for start in range(0, len(pairs), CHUNK):
        part = pairs[start : start + CHUNK]
        found[start : start + CHUNK] = np.asarray(matrix[part[:, 0], part[:, 1]]).ravel()
    return found


def _rivals(pairs: Any, score: Any, size: int) -> dict[str, Any]:
    """Count with how many others each of the two could be joined by name."""
    likely = score >= 3
    count = np.bincount(pairs[likely].ravel(), minlength=size)
    one, other = count[pairs[:, 0]], count[pairs[:, 1]]
    return {
        "rivals_low": np.log1p(np.minimum(one, other)),
        "rivals_high": np.log1p(np.maximum(one, other)),
    }
