"""People that an export describes: one row a person, whatever number of cards they have.

A person's id is the first of their addresses in lower case, because that is the id they have in
mail; somebody without an address has an id that says that it is made from a name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

_ADDRESS = re.compile(
    r"""(?:[^\s@<>()\[\],;:"\\/|]|\[bot\])+@[^\s@<>()\[\],;:"'\\/|]+""", re.IGNORECASE
)
_LONGEST = 320


def address_in(text: str) -> str | None:
    """Return the mail address that a text is, in lower case, or None.

    Exchange's own addresses (``/o=Org/ou=…``) are none: nobody outside can use them.

    Parameters
    ----------
    text : str
        Of a cell.

    Returns
    -------
    str or None

    Examples
    --------
    >>> address_in(" Ada Berg <Ada@X.org> ")
    'ada@x.org'
    >>> address_in("/o=Org/cn=Recipients/cn=ada@x") is None
    True
    """
    text = text.strip()[: 4 * _LONGEST]
    if "<" in text:
        text = text[text.rfind("<") + 1 :].split(">")[0]
    text = re.sub(r"^mailto:", "", text.strip(" '\t"), flags=re.IGNORECASE)
    if len(text) > _LONGEST or not _ADDRESS.fullmatch(text):
        return None
    return text.casefold()


def name_id(name: str) -> str | None:
    """Return an id for somebody of whom only the name is known, or None for an empty name.

    Parameters
    ----------
    name : str
        As it is written.

    Returns
    -------
    str or None

    Examples
    --------
    >>> name_id("Brian  SMITH")
    'name:brian-smith'
    """
    text = unicodedata.normalize("NFKC", name).casefold()
    slug = re.sub(r"[\W_]+", "-", text).strip("-")[:120]
    return f"name:{slug}" if slug else None


def tidy(value: Any) -> str | None:
    """Return text on one line, without what cannot be seen, or None where nothing is left."""
    if not isinstance(value, str):
        return None
    seen = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in value)
    seen = "".join(c for c in seen if unicodedata.category(c) not in ("Cf", "Cs"))
    return " ".join(seen.split())[:500] or None


class People:
    """Collects the people of one source.

    Two cards are one person if the first address of the later one is already known. An address
    that two people claim stays with the first.
    """

    def __init__(self) -> None:
        self._rows: dict[str, dict[str, Any]] = {}
        self._owners: dict[str, str] = {}
        self.contested = 0
        """Addresses that a second person claimed."""

    def add(
        self, name: str | None, addresses: Iterable[str], attributes: dict[str, Any] | None = None
    ) -> tuple[str, bool] | None:
        """Add a card.

        Parameters
        ----------
        name : str or None
            As written.
        addresses : iterable of str
            Mail addresses, the first one first; what is none is passed over.
        attributes : dict of str to object, optional
            More columns; empty values are passed over.

        Returns
        -------
        tuple of (str, bool) or None
            The id, and whether the person is new; None if the card names nobody.
        """
        found = [one for one in (address_in(text) for text in addresses) if one]
        person = self._owners.get(found[0], found[0]) if found else self._named(name)
        if person is None:
            return None
        new = person not in self._rows
        row = self._rows.setdefault(person, {"addresses": []})
        for address in dict.fromkeys(found):
            owner = self._owners.setdefault(address, person)
            if owner != person:
                self.contested += 1
            elif address not in row["addresses"]:
                row["addresses"].append(address)
        for column, value in {"name": tidy(name), **(attributes or {})}.items():
            if value not in (None, ""):
                row.setdefault(column, value)
        return person, new

    def _named(self, name: str | None) -> str | None:
        """Return the id of somebody without an address; namesakes are told apart by a number."""
        person = name_id(name or "")
        if person is None:
            return None
        number, told = 1, person
        while told in self._rows:
            number += 1
            told = f"{person}-{number}"
        return told

    def known(self, name: str) -> str | None:
        """Return the id of the first person of this name who has no address, if there is one."""
        person = name_id(name)
        return person if person in self._rows else None

    def __len__(self) -> int:
        """Return how many people there are."""
        return len(self._rows)

    def frame(self) -> pd.DataFrame | None:
        """Return the table of people, or None if there are none."""
        import pandas as pd

        if not self._rows:
            return None
        table = pd.DataFrame(
            [
                {**row, "person": person, "addresses": ";".join(row["addresses"]) or None}
                for person, row in self._rows.items()
            ]
        )
        first = [name for name in ("person", "name", "addresses") if name in table.columns]
        return table[first + [name for name in table.columns if name not in first]]

    def notes(self) -> tuple[str, ...]:
        """Say what a reader should know about them."""
        if not self.contested:
            return ()
        return (
            f"{self.contested} addresses are claimed by two people each and stay with the first",
        )
