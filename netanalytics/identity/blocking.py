"""Which pairs of identities are worth comparing: those that share a part of a name or address."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np

from netanalytics.identity.addresses import PERSON
from netanalytics.identity.names import Name, forms
from netanalytics.identity.nicknames import GROUPS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netanalytics.identity.profiles import Profiles

LARGEST_BLOCK = 40
"""A part that more identities share is too common to compare all pairs of them."""

LARGEST_CIRCLE = 60
"""An identity with more contacts than this says little about who they are."""


def candidates(profiles: Profiles, cluster: Any) -> Any:
    """Return pairs of identities to compare, each once, sorted.

    Parameters
    ----------
    profiles : Profiles
        All identities.
    cluster : numpy.ndarray
        What strong keys have joined: pairs inside one cluster are left out.

    Returns
    -------
    numpy.ndarray
        Two columns of positions, the smaller first.
    """
    size = len(profiles.ids)
    person = np.array([kind == PERSON for kind, _ in profiles.kinds], dtype=bool)
    blocks = _Blocks()
    for number, (name, address) in enumerate(zip(profiles.names, profiles.read, strict=True)):
        if person[number]:
            for key in _keys(name, address.local, profiles.organisations[number]):
                blocks.add(key, number)
    packed = [_pairs(*blocks.arrays(), size), _pairs(*_circles(profiles, person), size)]
    found = np.unique(np.concatenate(packed))
    pairs = np.stack((found // size, found % size), axis=1)
    return pairs[cluster[pairs[:, 0]] != cluster[pairs[:, 1]]]


class _Blocks:
    def __init__(self) -> None:
        self.number: dict[str, int] = {}
        self.keys: list[int] = []
        self.who: list[int] = []

    def add(self, key: str, who: int) -> None:
        self.keys.append(self.number.setdefault(key, len(self.number)))
        self.who.append(who)

    def arrays(self) -> tuple[Any, Any]:
        return np.array(self.keys, dtype=np.int64), np.array(self.who, dtype=np.int64)


def _keys(name: Name, local: str, organisation: str) -> Iterator[str]:
    first, last = name.first, name.last
    lasts = [last, name.other] if name.other else [last]
    for family in lasts:
        if first and family:
            yield from _name_keys(first, family, organisation)
    if first and last and len(name.middle) > 1:
        yield f"i{name.middle}{first[0]}"
    if first and not last and organisation:
        yield f"o{first}@{organisation}"
    compact = "".join(sign for sign in local if sign.isalpha())
    if len(compact) > 3:
        yield f"l{compact}"
    for form in forms(first, last):
        if form != compact:
            yield f"l{form}"


def _name_keys(first: str, last: str, organisation: str) -> Iterator[str]:
    # Both orders, as nobody knows which word is the family name.
    yield f"i{last}{first[0]}"
    if len(first) > 1:
        yield f"i{first}{last[0]}"
    low, high = sorted((first, last))
    yield f"f{low} {high}"
    if organisation:
        yield f"f{low} {high}@{organisation}"
    for one, other in ((first, last), (last, first)):
        for group in GROUPS.get(one, ()):
            yield f"n{group} {other}"
    if len(first) > 1 and len(last) > 3:
        for place in range(len(last)):
            yield f"t{first} {last[:place]}{last[place + 1 :]}"
        yield f"t{first} {last}"
        if organisation and first not in GROUPS:
            yield f"o{first}@{organisation}"


def _circles(profiles: Profiles, person: Any) -> tuple[Any, Any]:
    """Return keys of a given name and a contact in common: a new family name, or none at all."""
    contacts = profiles.contacts
    degree = np.diff(contacts.indptr)
    rows = np.repeat(np.arange(contacts.shape[0]), degree)
    columns = contacts.indices.astype(np.int64)
    near = person[rows] & (degree[columns] <= LARGEST_CIRCLE)
    rows, columns = rows[near], columns[near]
    tokens: dict[str, int] = {}
    held: dict[int, list[int]] = defaultdict(list)
    for number in np.unique(rows).tolist():
        name, local = profiles.names[number], profiles.read[number].local
        for word in _called(name, local):
            held[number].append(tokens.setdefault(word, len(tokens)))
    counts = np.array([len(held[number]) for number in range(contacts.shape[0])], dtype=np.int64)
    everybody = range(contacts.shape[0])
    flat = np.array([token for number in everybody for token in held[number]], dtype=np.int64)
    start = np.concatenate(([0], np.cumsum(counts)))
    repeats = counts[rows]
    who, beside = np.repeat(rows, repeats), np.repeat(columns, repeats)
    offset = np.arange(len(who)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    token = flat[start[who] + offset] if len(who) else flat[:0]
    return beside * max(1, len(tokens)) + token, who


def _called(name: Name, local: str) -> list[str]:
    """Return what somebody may be called by: a given name and its short forms, or a local part."""
    if name.first:
        groups = [f"={number}" for number in GROUPS.get(name.first, ())]
        words = groups or [name.first]
        return words if not name.last else [*words, name.last]
    compact = "".join(sign for sign in local if sign.isalpha())
    return [compact, *(f"={number}" for number in GROUPS.get(compact, ()))] if compact else []


def _pairs(keys: Any, who: Any, size: int) -> Any:
    """Return all pairs of identities that share a key, packed into one number each."""
    order = np.lexsort((who, keys))
    keys, who = keys[order], who[order]
    fresh = np.ones(len(keys), dtype=bool)
    fresh[1:] = (keys[1:] != keys[:-1]) | (who[1:] != who[:-1])
    keys, who = keys[fresh], who[fresh]
    counts = np.unique(keys, return_counts=True)[1]
    block = np.repeat(counts, counts)
    keys, who = keys[block <= LARGEST_BLOCK], who[block <= LARGEST_BLOCK]
    found = [np.zeros(0, dtype=np.int64)]
    for step in range(1, LARGEST_BLOCK):
        same = keys[step:] == keys[:-step]
        if not same.any():
            break
        one, other = who[:-step][same], who[step:][same]
        found.append(np.unique(one * size + other))
    return np.unique(np.concatenate(found))
