"""What is known about each identity, as arrays: the ground that pairs are compared on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from netanalytics.identity import addresses as places
from netanalytics.identity.names import Name, fold, from_local, parse
from netanalytics.identity.nicknames import GROUPS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd
    from scipy import sparse

NAME_COLUMNS = ("name", "display_name", "full_name", "real_name")
ORGANISATION_COLUMNS = ("organisation", "organization", "company", "employer", "org")
ADDRESS_COLUMNS = (
    "addresses",
    "address",
    "email",
    "emails",
    "mail",
    "profile",
    "profile_url",
    "linkedin",
    "url",
    "handle",
    "handles",
    "phone",
    "phones",
)
KEY_COLUMNS = ("user_id", "uid", "card", "contact_id", "employee_id")
KIND_COLUMNS = ("kind", "type")
BEHAVING = 30
"""A sender of this many people, whom none of them ever answers, is taken for a machine."""


@dataclass(frozen=True, eq=False)
class Profiles:
    """All identities, sorted, and what is known about each.

    Parameters
    ----------
    ids : list of str
        The identities.
    read : list of Address
        Each taken apart.
    names : list of Name
        Each name taken apart; guessed from the address where none is shown.
    shown : list of str
        The name as it was shown, empty if none.
    organisations : list of str
        Folded, empty if unknown.
    kinds : list of (str, str)
        person, role, list, no-reply or bot, and why.
    stated : list of (str, int)
        A strong key and who holds it, as the tables state it.
    contacts : scipy.sparse.csr_array
        How often each pair was in contact, either way.
    """

    ids: list[str]
    read: list[places.Address]
    names: list[Name]
    shown: list[str]
    organisations: list[str]
    kinds: list[tuple[str, str]]
    stated: list[tuple[str, int]]
    contacts: sparse.csr_array


def profiles(people: pd.DataFrame | None, contacts: pd.DataFrame | None) -> Profiles:
    """Collect what a people table and a log say about every address, handle and profile.

    Parameters
    ----------
    people : pandas.DataFrame, optional
        Index ``person``; see the columns at the top of this module.
    contacts : pandas.DataFrame, optional
        Columns source, target and n: who reached whom how often.

    Returns
    -------
    Profiles
    """
    rows = _rows(people)
    stated = _stated(rows)
    everybody = set(rows) | {text for text, _ in stated} | _ends(contacts)
    ids = sorted(everybody)
    place = {text: number for number, text in enumerate(ids)}
    read = [places.read(text) for text in ids]
    facts = [rows.get(text, {}) for text in ids]
    shown = [fact.get("name", "") for fact in facts]
    return Profiles(
        ids=ids,
        read=read,
        names=_names(ids, read, shown),
        shown=shown,
        organisations=[_organisation(fact.get("organisation", "")) for fact in facts],
        kinds=_inherited(rows, place, _kinds(read, facts, _behaviour(contacts, place, read))),
        stated=[(key, place[text]) for text, key in stated],
        contacts=_matrix(contacts, place),
    )


def _rows(people: pd.DataFrame | None) -> dict[str, dict[str, str]]:
    """Return the cells of each row that say who somebody is."""
    if people is None:
        return {}
    columns = {str(name).strip().casefold(): name for name in people.columns}
    wanted: dict[str, str] = {}
    for name, choices in (("name", NAME_COLUMNS), ("organisation", ORGANISATION_COLUMNS)):
        found = next((choice for choice in choices if choice in columns), None)
        if found:
            wanted[name] = columns[found]
    for name in (*ADDRESS_COLUMNS, *KEY_COLUMNS, *KIND_COLUMNS, "is_bot", "is_list", "list_id"):
        if name in columns:
            wanted[name] = columns[name]
    rows: dict[str, dict[str, str]] = {str(person): {} for person in people.index}
    for name, column in wanted.items():
        for person, value in people[column].dropna().astype(str).items():
            text = value.strip()
            if text:
                rows[str(person)][name] = text
    return rows


def _stated(rows: Mapping[str, Mapping[str, str]]) -> list[tuple[str, str]]:
    """Return (identity, key) where a table states that a row has an address or an id."""
    stated = []
    for person, row in rows.items():
        for column in ADDRESS_COLUMNS:
            for text in (part.strip() for part in row.get(column, "").split(";")):
                if text:
                    key = places.read(text).key or f"id:{text}"
                    stated += [(person, key), (text, key)]
        stated += [(person, f"{name}:{row[name]}") for name in KEY_COLUMNS if name in row]
    return sorted(set(stated))


def _ends(contacts: pd.DataFrame | None) -> set[str]:
    return set() if contacts is None else set(contacts["source"]) | set(contacts["target"])


def _names(ids: Sequence[str], read: Sequence[places.Address], shown: Sequence[str]) -> list[Name]:
    parsed = {text: parse(text) for text in set(shown) if text}
    names = []
    for text, address, name in zip(ids, read, shown, strict=True):
        if name and "@" not in name:
            names.append(parsed[name])
        elif address.sort == "id":
            # An id that is no address may be anything: two words without a digit may be a name.
            names.append(Name() if any(map(str.isdigit, text)) else from_local(text))
        else:
            names.append(from_local(address.local))
    return names


def _organisation(text: str) -> str:
    """Return an organisation without its legal form."""
    words = "".join(sign if sign.isalnum() else " " for sign in fold(text)).split()
    legal = {"gmbh", "inc", "ltd", "llc", "ag", "sa", "plc", "co", "corp", "kg", "bv", "ab", "the"}
    kept = [word for word in words if word not in legal]
    return "".join(kept or words)


_FLAGS = {"true", "1", "yes", "y", "t", "1.0"}


def _kinds(
    read: Sequence[places.Address],
    facts: Sequence[Mapping[str, str]],
    behaving: frozenset[int],
) -> list[tuple[str, str]]:
    kinds = []
    for number, (address, fact) in enumerate(zip(read, facts, strict=True)):
        kind = _declared(fact) or places.kind_of(address, fact.get("name", ""))
        if kind[0] == places.PERSON and number in behaving and not fact.get("name"):
            kind = (places.BOT, f"it writes to {BEHAVING} people or more, and nobody ever answers")
        kinds.append(kind)
    return kinds


def _inherited(
    rows: Mapping[str, Mapping[str, str]], place: Mapping[str, int], kinds: list[tuple[str, str]]
) -> list[tuple[str, str]]:
    """Let every address that a row of a machine, list or role states be one too."""
    for person, row in rows.items():
        kind = kinds[place[person]]
        if kind[0] == places.PERSON:
            continue
        for column in ADDRESS_COLUMNS:
            for text in (part.strip() for part in row.get(column, "").split(";")):
                if text and text not in rows:
                    kinds[place[text]] = kind
    return kinds


def _declared(fact: Mapping[str, str]) -> tuple[str, str] | None:
    """Return what headers or a table say outright."""
    if fact.get("is_bot", "").casefold() in _FLAGS:
        return places.BOT, "the source marks it as a machine"
    if fact.get("is_list", "").casefold() in _FLAGS or fact.get("list_id"):
        return places.LIST, "the source marks it as a list"
    for column in KIND_COLUMNS:
        word = fact.get(column, "").casefold()
        if word in places.KINDS[1:]:
            return word, f"the source calls it a {word}"
    return None


def _behaviour(
    contacts: pd.DataFrame | None, place: Mapping[str, int], read: Sequence[places.Address]
) -> frozenset[int]:
    """Return which addresses write to many and never hear back; of a bare id nobody can tell."""
    if contacts is None or contacts.empty:
        return frozenset()
    reached = contacts.groupby("source")["target"].nunique()
    answered = set(contacts["target"])
    loud = reached.index[reached >= BEHAVING]
    silent = (place[text] for text in loud if text not in answered)
    return frozenset(number for number in silent if read[number].sort != "id")


def _matrix(contacts: pd.DataFrame | None, place: Mapping[str, int]) -> sparse.csr_array:
    from scipy import sparse

    size = len(place)
    if contacts is None or contacts.empty:
        return sparse.csr_array((size, size), dtype=np.float64)
    one = contacts["source"].map(place).to_numpy(np.int64)
    other = contacts["target"].map(place).to_numpy(np.int64)
    n = contacts["n"].to_numpy(np.float64)
    both = (np.concatenate((one, other)), np.concatenate((other, one)))
    return sparse.csr_array((np.concatenate((n, n)), both), shape=(size, size))


def codes(values: Iterable[str]) -> tuple[Any, list[str]]:
    """Give distinct texts numbers in their order; the empty one is -1."""
    import pandas as pd

    found, texts = pd.factorize(pd.Series(list(values), dtype="object"), sort=True)
    if len(texts) and texts[0] == "":
        return found - 1, [str(text) for text in texts[1:]]
    return found, [str(text) for text in texts]


def group_of(word: str) -> str:
    """Return the first set of nicknames of a name, or the name."""
    numbers = GROUPS.get(word)
    return f"={numbers[0]}" if numbers else word
