"""Contact cards: vCard 2.1, 3.0 and 4.0.

vobject reads them, because it takes all three versions with ``allowQP`` and ``ignoreUnreadable``
(other readers fail on the cards of two programs of seven). It is given one card at a time and only
the lines that are wanted, so that photographs, keys and notes are never parsed and a broken card
costs that card alone.
"""

from __future__ import annotations

import quopri
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netanalytics import registry
from netanalytics.errors import LoaderError
from netanalytics.loaders import Batch
from netanalytics.loaders._dates import iso_birthday
from netanalytics.loaders._delimited import head_of, lines_of
from netanalytics.loaders._members import Member, is_file
from netanalytics.loaders._persons import People, tidy

if TYPE_CHECKING:
    from netanalytics.engine import Engine
    from netanalytics.loaders import Options

_BEGIN = re.compile(r"^\s*begin\s*:\s*vcard\s*$", re.IGNORECASE)
_END = re.compile(r"^\s*end\s*:\s*vcard\s*$", re.IGNORECASE)
_NAME = re.compile(r"^(?:[\w-]+\.)?([A-Za-z0-9-]+)[;:]")
_WANTED = frozenset(
    ["VERSION", "N", "FN", "NICKNAME", "EMAIL", "ORG", "TITLE", "BDAY", "CATEGORIES", "KIND",
     "X-ABSHOWAS", "X-ADDRESSBOOKSERVER-KIND"]
)  # fmt: skip
_MOST_LINES = 1_000
_NOBODY = "no name and no address"


def recognises(path: Any) -> bool:
    """Say whether a file begins with a card."""
    first = head_of(path).lstrip().split("\n", 1)[0]
    return bool(_BEGIN.match(first))


@registry.loader(
    "vcard",
    unit="card",
    read="contact cards (.vcf) of vCard 2.1, 3.0 and 4.0: people, no contacts",
    recognises=recognises,
)
def read(source: Path | Member, options: Options, engine: Engine) -> Batch:
    """Read contact cards.

    Parameters
    ----------
    source : Path or Member
        The file, with any number of cards.
    options : Options
        Not used: cards state no time of contact.
    engine : Engine
        Not used.

    Returns
    -------
    Batch
        With people only.

    Raises
    ------
    LoaderError
        If it is no file of cards.
    """
    if not is_file(source) or not recognises(source):
        label = getattr(source, "name", "DataFrame")
        raise LoaderError(f"{label}: this is no file of contact cards (BEGIN:VCARD)")
    people = People()
    counted: Counter[str] = Counter()
    for lines in _cards(source):
        counted[_add(people, lines)] += 1
    return Batch(
        None, skipped=tuple(sorted(counted.items())), notes=people.notes(), people=people.frame()
    )


def _cards(path: Path | Member) -> Iterator[list[str] | None]:
    """Yield the wanted lines of each card, unfolded; None for a card that does not end."""
    card: list[str] | None = None
    wanted = quoted = False
    for line in lines_of(path):
        text = line.rstrip("\r\n")
        if _BEGIN.match(text):
            if card is not None:
                yield None
            card, wanted, quoted = [], False, False
        elif card is None:
            continue
        elif _END.match(text):
            yield card
            card = None
        elif quoted or text.startswith((" ", "\t")):
            # A quoted-printable line goes on after "=", a folded one before a space.
            if wanted and card and len(card) < _MOST_LINES:
                card[-1] = card[-1].removesuffix("=") + text[0 if quoted else 1 :]
            quoted = quoted and text.endswith("=")
        else:
            wanted, quoted = _property(text)
            if wanted and len(card) < _MOST_LINES:
                card.append(text)
    if card is not None:
        yield None


def _property(text: str) -> tuple[bool, bool]:
    """Return whether a line is wanted, and whether it goes on in the next one."""
    found = _NAME.match(text)
    wanted = found is not None and found.group(1).upper() in _WANTED
    head = text.split(":", 1)[0].upper()
    return wanted, "QUOTED-PRINTABLE" in head and text.endswith("=")


def _add(people: People, lines: list[str] | None) -> str:
    """Add one card; return why it was skipped, or that it was kept."""
    card = _parsed(lines) if lines is not None else None
    if card is None:
        return "malformed card"
    kind = (_text(card, "kind") or _text(card, "x-addressbookserver-kind") or "").casefold()
    if kind in ("group", "location", "application", "device"):
        return f"a {kind}, not a person"
    if kind == "org" or (_text(card, "x-abshowas") or "").casefold() == "company":
        return "an organisation, not a person"
    organisation, department = _organisation(card)
    added = people.add(
        _text(card, "fn") or _full_name(card) or _text(card, "nickname"),
        [str(one.value) for one in card.contents.get("email", ())],
        {
            "organisation": organisation,
            "title": _text(card, "title"),
            "department": department,
            "birthday": iso_birthday(_text(card, "bday") or ""),
            "groups": _groups(card),
        },
    )
    if added is None:
        return _NOBODY
    return "kept" if added[1] else "another card of the same person"


def _parsed(lines: list[str]) -> Any:
    """Read one card; a reader of hostile text may fail in any way."""
    import vobject

    text = "\r\n".join(["BEGIN:VCARD", *map(_decoded, lines), "END:VCARD", ""])
    try:
        cards = vobject.readComponents(text, validate=False, ignoreUnreadable=True, allowQP=True)
        return next(iter(cards), None)
    except Exception:
        return None


def _decoded(line: str) -> str:
    """Decode a quoted-printable line: vobject gives the whole card up for one wrong byte."""
    head, _, value = line.partition(":")
    name, *parameters = head.split(";")
    if not any(one.upper().endswith("QUOTED-PRINTABLE") for one in parameters):
        return line
    charset = next((one[8:] for one in parameters if one.upper().startswith("CHARSET=")), "utf-8")
    raw = quopri.decodestring(value.encode("utf-8", "replace"))
    try:
        text = raw.decode(charset.strip("\"' "), errors="replace")
    except (LookupError, ValueError):
        text = raw.decode("utf-8", errors="replace")
    return f"{name}:" + " ".join(text.split())


def _text(card: Any, name: str) -> str | None:
    """Return the first value of a property as text."""
    for one in card.contents.get(name, ()):
        value = one.value
        if isinstance(value, list):
            value = ", ".join(str(part) for part in value if part)
        found = tidy(str(value))
        if found:
            return found
    return None


def _full_name(card: Any) -> str | None:
    for one in card.contents.get("n", ()):
        parts = [getattr(one.value, part, "") for part in ("given", "additional", "family")]
        words = [" ".join(part) if isinstance(part, list) else str(part) for part in parts]
        found = tidy(" ".join(words))
        if found:
            return found
    return None


def _organisation(card: Any) -> tuple[str | None, str | None]:
    for one in card.contents.get("org", ()):
        parts = one.value if isinstance(one.value, list) else [one.value]
        told = [tidy(", ".join(map(str, p)) if isinstance(p, list) else str(p)) for p in parts]
        if told and (told[0] or any(told)):
            return told[0], told[1] if len(told) > 1 else None
    return None, None


def _groups(card: Any) -> str | None:
    found: list[str] = []
    for one in card.contents.get("categories", ()):
        parts = one.value if isinstance(one.value, list) else str(one.value).split(",")
        found += [told for part in parts if (told := tidy(str(part)))]
    return ";".join(dict.fromkeys(found)) or None
