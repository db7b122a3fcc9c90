"""Address books as tables: Google Contacts (both headers) and Outlook.

Read by the standard library's ``csv``, by the names of the columns: their number varies with the
person who has most addresses, notes run over several lines, and cells with several values join
them by `` ::: ``. Table readers that guess types make numbers of names and dates of notes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from netanalytics import registry
from netanalytics.errors import LoaderError
from netanalytics.loaders import Batch
from netanalytics.loaders._dates import iso_birthday, order_of, written
from netanalytics.loaders._delimited import (
    MALFORMED,
    cells,
    cells_in,
    delimiter_of,
    head_of,
    simple,
)
from netanalytics.loaders._members import Member, is_file
from netanalytics.loaders._persons import People, tidy

if TYPE_CHECKING:
    from netanalytics.engine import Engine
    from netanalytics.loaders import Options

_SEVERAL = ":::"
_GOOGLE_MAIL = re.compile(r"^e-mail \d+ - value$")
_OUTLOOK_MAIL = re.compile(r"^e-mail( \d)? address$")
_ORGANISATION = ("organization name", "organization 1 - name", "company")
_TITLE = ("organization title", "organization 1 - title", "job title")
_DEPARTMENT = ("organization department", "organization 1 - department", "department")
_GROUPS = ("labels", "group membership", "categories")
_NO_DATE = ("0/0/00", "0/0/0000", "00/00/0000")

Card = Mapping[str, str]


def recognises(path: Path | Member) -> bool:
    """Say whether a file has the header of an address book of Google or Outlook."""
    first = next((line for line in head_of(path).splitlines() if line.strip()), "")
    names = next(cells_in([first], delimiter_of(first)), ())
    return _kind([simple(name) for name in names]) is not None


def _kind(names: Sequence[str]) -> str | None:
    known = set(names)
    named = bool(known & {"name", "first name", "given name"})
    if named and any(map(_GOOGLE_MAIL.match, names)):
        return "google"
    if "first name" in known and any(map(_OUTLOOK_MAIL.match, names)):
        return "outlook"
    if "first name" in known and known & {"labels", "group membership"} and "file as" in known:
        return "google"
    return None


@registry.loader(
    "contacts",
    unit="card",
    read="address books of Google Contacts and Outlook (CSV): people, no contacts",
    recognises=recognises,
)
def read(source: Path | Member, options: Options, engine: Engine) -> Batch:
    """Read an address book.

    Parameters
    ----------
    source : Path or Member
        The file.
    options : Options
        ``date_order`` for birthdays that leave it open.
    engine : Engine
        Not used.

    Returns
    -------
    Batch
        With people only. Labels are in ``groups``; Google's own ones (``* myContacts``) are not.

    Raises
    ------
    LoaderError
        If it is no such address book.
    """
    if not is_file(source) or not recognises(source):
        label = getattr(source, "name", "DataFrame")
        raise LoaderError(f"{label}: this is no address book of Google Contacts or Outlook")
    order, notes = _birthday_order(source, options)
    people = People()
    counted: Counter[str] = Counter()
    for card in _cards(source):
        counted[_add(people, card, order)] += 1
    return Batch(
        None,
        skipped=tuple(sorted(counted.items())),
        notes=(*notes, *people.notes()),
        people=people.frame(),
    )


def _cards(path: Path | Member) -> Iterator[Card | None]:
    """Yield each card by the names of its columns; None for one that cannot be cut."""
    first = next((line for line in head_of(path).splitlines() if line.strip()), "")
    names: list[str] = []
    for row in cells(path, delimiter_of(first)):
        if row is MALFORMED:
            yield None
        elif not any(row):
            continue
        elif not names:
            names = [simple(name) for name in row]
        else:
            yield dict(zip(names, row, strict=False))


def _add(people: People, card: Card | None, order: str | None) -> str:
    if card is None:
        return "malformed card"
    added = people.add(
        _name(card),
        _addresses(card),
        {
            "organisation": _first(card, _ORGANISATION),
            "title": _first(card, _TITLE),
            "department": _first(card, _DEPARTMENT),
            "birthday": iso_birthday(_birthday(card), order),
            "groups": _groups(card),
        },
    )
    if added is None:
        return "no name and no address"
    return "kept" if added[1] else "another card of the same person"


def _name(card: Card) -> str | None:
    if tidy(card.get("name", "")):
        return tidy(card["name"])
    parts = [
        _first(card, names)
        for names in (
            ("first name", "given name"),
            ("middle name", "additional name"),
            ("last name", "family name"),
        )
    ]
    return " ".join(part for part in parts if part) or _first(card, ("nickname", "file as"))


def _addresses(card: Card) -> Iterator[str]:
    """Yield the addresses of a card; those that only Exchange understands are not asked for."""
    for name, value in card.items():
        if _GOOGLE_MAIL.match(name):
            yield from value.split(_SEVERAL)
        elif _OUTLOOK_MAIL.match(name) and _type(card, name) != "ex":
            yield value


def _type(card: Card, name: str) -> str:
    return card.get(name.replace("address", "type"), "").casefold()


def _first(card: Card, names: Sequence[str]) -> str | None:
    for name in names:
        found = tidy(card.get(name, "").split(_SEVERAL)[0])
        if found:
            return found
    return None


def _groups(card: Card) -> str | None:
    found: list[str] = []
    for name in _GROUPS:
        parts = re.split(rf"{_SEVERAL}|;", card.get(name, ""))
        found += [told for part in parts if (told := tidy(part)) and not told.startswith("*")]
    return ";".join(dict.fromkeys(found)) or None


def _birthday(card: Card) -> str:
    text = card.get("birthday", "").strip()
    return "" if text in _NO_DATE else text


def _birthday_order(path: Path | Member, options: Options) -> tuple[str | None, tuple[str, ...]]:
    """Find the order of day and month in birthdays; those that leave it open are left out."""
    texts = (_birthday(card) for card in _cards(path) if card is not None)
    dates = [one for one in map(written, texts) if one is not None and one.parts is not None]
    try:
        return order_of(dates, options.date_order, path.name), ()
    except LoaderError:
        return None, (
            "birthdays are left out where day and month may be swapped (--date-order tells)",
        )
