"""Strong keys: what makes two identities one without asking."""

from __future__ import annotations

from collections import defaultdict
from itertools import product
from typing import TYPE_CHECKING

from netanalytics.identity.addresses import FREE_MAIL, PERSON, kind_of, read, registrable
from netanalytics.identity.names import Name, may_be_one, parse
from netanalytics.identity.nicknames import GROUPS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from netanalytics.identity.profiles import Profiles

LARGEST_KEY = 30
"""A key that more identities hold than this is a default somebody left in, not a person."""

ALIAS_LOCALS, ALIAS_SHARE = 5, 0.6
"""Two domains are one where this many local parts, and this share of the smaller, are the same.

Two small companies may well employ three pairs of namesakes. Of kin, ``acme.com`` and ``acme.de``,
one local part is enough that both show with the same full name, if no more of them disagree.
"""


def strong_keys(profiles: Profiles) -> dict[str, list[int]]:
    """Return who holds each strong key: at least two people, none of whose names disagree.

    Parameters
    ----------
    profiles : Profiles
        All identities.

    Returns
    -------
    dict of str to list of int
        Key to positions, both in order.
    """
    holders: dict[str, set[int]] = defaultdict(set)
    aliases = domain_aliases(profiles)
    for number, address in enumerate(profiles.read):
        if address.key:
            local, sign, domain = address.key.rpartition("@")
            holders[f"{local}{sign}{aliases.get(domain, domain)}" if sign else address.key].add(
                number
            )
    spelt = {key: set(who) for key, who in holders.items()}
    for key, number in profiles.stated:
        local, sign, domain = key.rpartition("@")
        holders[f"{local}{sign}{aliases.get(domain, domain)}" if sign else key].add(number)
    return {
        key: sorted(who)
        for key, who in sorted(holders.items())
        if 1 < len(who) <= LARGEST_KEY
        and _agree(profiles, who)
        and (who == spelt.get(key) or not _relatives([_given(profiles, one) for one in who]))
    }


def _relatives(names: Sequence[Name]) -> bool:
    """Tell whether cards of one family share a number: one family name, two given names."""
    return any(
        bool(one.last) and one.last == other.last and not _given_alike(one, other)
        for place, one in enumerate(names)
        for other in names[place + 1 :]
    )


def _given_alike(one: Name, other: Name) -> bool:
    """Tell whether given names agree, a second one included."""
    theirs = [text for text in (other.first, other.middle) if text]
    mine = [text for text in (one.first, one.middle) if text]
    return any(may_be_one(Name(x), Name(y)) for x in mine or [""] for y in theirs or [""])


def _agree(profiles: Profiles, who: set[int]) -> bool:
    """Tell whether all are people, with names that could be one person's, or all are none."""
    people = {profiles.kinds[number][0] == PERSON for number in who}
    if people != {True}:
        return people == {False}
    return _may_all_be_one(list({_given(profiles, number) for number in who} - {Name()}))


def joins(address: str, names: Iterable[str | None]) -> bool:
    """Tell whether an address that several state makes them one: a person's, whose names agree.

    Examples
    --------
    >>> joins("a.frey@x.org", ["Ana Frey", "A. Frey", None])
    True
    >>> joins("a.frey@x.org", ["Ana Frey", "Kai Vidal"]), joins("info@x.org", ["Ana Frey", None])
    (False, False)
    >>> joins("the.freys@x.org", ["Ana Frey", "Kai Frey"])
    False
    """
    if kind_of(read(address))[0] != PERSON:
        return False
    shown = [parse(name) for name in sorted({name for name in names if name})]
    return _may_all_be_one(shown) and not _relatives(shown)


def _may_all_be_one(names: Sequence[Name]) -> bool:
    return all(
        may_be_one(one, other) for place, one in enumerate(names) for other in names[place + 1 :]
    )


def _given(profiles: Profiles, number: int) -> Name:
    """Return a name that was shown; one guessed from an address is no witness against it."""
    return profiles.names[number] if profiles.shown[number] else Name()


def domain_aliases(profiles: Profiles) -> dict[str, str]:
    """Find domains of one company: the same people have an address at each.

    Parameters
    ----------
    profiles : Profiles
        All identities.

    Returns
    -------
    dict of str to str
        Domain to the one that stands for it.
    """
    by_local: dict[str, set[str]] = defaultdict(set)
    shown: dict[tuple[str, str], set[Name]] = defaultdict(set)
    sizes: dict[str, set[str]] = defaultdict(set)
    firsts = {name.first for name in profiles.names} | set(GROUPS)
    for number, address in enumerate(profiles.read):
        if not address.domain or address.domain in FREE_MAIL:
            continue
        if profiles.kinds[number][0] == PERSON:
            local = address.key.rpartition("@")[0]
            by_local[local].add(address.domain)
            sizes[address.domain].add(local)
            shown[local, address.domain].add(_given(profiles, number))
    shared: dict[tuple[str, str], list[tuple[bool, bool]]] = defaultdict(list)
    for local, domains in by_local.items():
        ordered = sorted(domains)
        if len(ordered) > LARGEST_KEY:
            continue
        for place, one in enumerate(ordered):
            for other in ordered[place + 1 :]:
                names = list(product(shown[local, one], shown[local, other]))
                # Two companies that call people by their first names share many of those.
                if local not in firsts:
                    agree = any(_one_person(x, y) for x, y in names)
                    shared[one, other].append((agree, any(_one_name(x, y) for x, y in names)))
    return _representatives(shared, {domain: len(locals_) for domain, locals_ in sizes.items()})


def _one_person(one: Name, other: Name) -> bool:
    """Tell whether family names agree too, where both are shown."""
    if not (one.last and other.last):
        return True
    mine, theirs = {one.first, one.last, one.other}, {other.first, other.last, other.other}
    return one.last in theirs or other.last in mine


def _one_name(one: Name, other: Name) -> bool:
    """Tell whether both show a full name, and it is the same but for an initial or short form."""
    if not (one.first and one.last and other.first and other.last):
        return False
    turned = Name(other.last, other.first)
    return any(
        may_be_one(Name(one.first), Name(name.first))
        and (may_be_one(Name(one.last), Name(name.last)) or sorted(one.last) == sorted(name.last))
        for name in (other, turned)
    )


def _representatives(
    shared: Mapping[tuple[str, str], list[tuple[bool, bool]]], sizes: Mapping[str, int]
) -> dict[str, str]:
    root: dict[str, str] = {}

    def find(domain: str) -> str:
        while root.get(domain, domain) != domain:
            domain = root[domain]
        return domain

    for (one, other), pairs in sorted(shared.items()):
        agree = sum(person or name for person, name in pairs)
        enough = max(ALIAS_LOCALS, ALIAS_SHARE * min(sizes[one], sizes[other]))
        kin = registrable(one) == registrable(other) and any(name for _, name in pairs)
        if (kin and agree == len(pairs)) or (len(pairs) >= enough and agree >= 0.9 * len(pairs)):
            first, second = sorted((find(one), find(other)))
            root[second] = first
    return {domain: find(domain) for domain in root}
