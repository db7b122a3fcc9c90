"""Strong keys: what makes two identities one without asking."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from netanalytics.identity.addresses import FREE_MAIL, PERSON, registrable
from netanalytics.identity.names import GROUPS, Name, may_be_one

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netanalytics.identity.profiles import Profiles

LARGEST_KEY = 30
"""A key that more identities hold than this is a default somebody left in, not a person."""

ALIAS_LOCALS, ALIAS_SHARE = 5, 0.6
KIN_LOCALS, KIN_SHARE = 2, 0.5
"""Two domains are one where this many local parts, and this share of the smaller, are the same.

Fewer are enough for kin, ``acme.com`` and ``acme.de``. Two small companies may well employ three
pairs of namesakes.
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
    for key, number in profiles.stated:
        local, sign, domain = key.rpartition("@")
        holders[f"{local}{sign}{aliases.get(domain, domain)}" if sign else key].add(number)
    return {
        key: sorted(who)
        for key, who in sorted(holders.items())
        if 1 < len(who) <= LARGEST_KEY and _agree(profiles, who)
    }


def _agree(profiles: Profiles, who: set[int]) -> bool:
    """Tell whether all are people, with names that could be one person's."""
    if any(profiles.kinds[number][0] != PERSON for number in who):
        return False
    names = list({_given(profiles, number) for number in who} - {Name()})
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
    who: dict[str, int] = {}
    sizes: dict[str, set[str]] = defaultdict(set)
    firsts = {name.first for name in profiles.names} | set(GROUPS)
    for number, address in enumerate(profiles.read):
        if not address.domain or address.domain in FREE_MAIL:
            continue
        if profiles.kinds[number][0] == PERSON:
            local = address.key.rpartition("@")[0]
            by_local[local].add(address.domain)
            sizes[address.domain].add(local)
            # A name that was shown for this address, if any was; the same one in any order of rows.
            known = who.get(f"{local}@{address.domain}")
            if known is None or (not profiles.shown[known] and profiles.shown[number]):
                who[f"{local}@{address.domain}"] = number
    shared: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for local, domains in by_local.items():
        ordered = sorted(domains)
        if len(ordered) > LARGEST_KEY:
            continue
        for place, one in enumerate(ordered):
            for other in ordered[place + 1 :]:
                mine, theirs = who[f"{local}@{one}"], who[f"{local}@{other}"]
                agree = _one_person(_given(profiles, mine), _given(profiles, theirs))
                # Two companies that call people by their first names share many of those.
                if local not in firsts:
                    shared[one, other].append(agree)
    return _representatives(shared, {domain: len(locals_) for domain, locals_ in sizes.items()})


def _one_person(one: Name, other: Name) -> bool:
    """Tell whether family names agree too, where both are shown."""
    if not (one.last and other.last):
        return True
    mine, theirs = {one.first, one.last, one.other}, {other.first, other.last, other.other}
    return one.last in theirs or other.last in mine


def _representatives(
    shared: Mapping[tuple[str, str], list[bool]], sizes: Mapping[str, int]
) -> dict[str, str]:
    root: dict[str, str] = {}

    def find(domain: str) -> str:
        while root.get(domain, domain) != domain:
            domain = root[domain]
        return domain

    for (one, other), agree in sorted(shared.items()):
        kin = registrable(one) == registrable(other)
        least, share = (KIN_LOCALS, KIN_SHARE) if kin else (ALIAS_LOCALS, ALIAS_SHARE)
        enough = max(least, share * min(sizes[one], sizes[other]))
        if len(agree) >= enough and sum(agree) >= 0.9 * len(agree):
            first, second = sorted((find(one), find(other)))
            root[second] = first
    return {domain: find(domain) for domain in root}
