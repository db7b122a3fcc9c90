"""Addresses as mail headers and calendars write them: who is meant, and what they are called.

A field is split first and decoded after: decoding ``=?utf-8?Q?Doe=2C_Jane?= <j@x.org>`` first makes
two people of one. The common forms are read by pattern; what is left (comments, routes, quoted
local parts) goes to the standard library's ``getaddresses``, one mailbox at a time, so that a bad
one never blanks the rest of the field. Each result is validated here.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header
from email.utils import getaddresses
from functools import cache
from inspect import signature
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

SUSPICIOUS = "suspicious address"
EXCHANGE = "Exchange id without an address"
NO_ADDRESS = "no address"

LONGEST_MAILBOX = 1_000
"""Characters of one mailbox; what is longer is none."""

LONGEST_ADDRESS = 254
LONGEST_NAME = 200
MOST_NAMES = 8
"""Different names remembered of one address."""


@dataclass(frozen=True)
class Mailbox:
    """An address, in lower case, and the name that stands with it (or an empty text)."""

    address: str
    name: str = ""


_LOCAL = r"[^\s@<>()\[\],;:\"\\\x00-\x20\x7f]+"
_DOMAIN = r"(?:\w[\w-]*(?:\.[\w-]+)*\.?|\[[\w.:]+\])"
_VALID = re.compile(f"{_LOCAL}@{_DOMAIN}")
_SCHEME = re.compile(r"^(?:mailto|smtp)\s*:\s*(?://)?", re.IGNORECASE)
_EXCHANGE = re.compile(r"^(?:x500:|ex:)?/?o=|^/?cn=|^imceaex-", re.IGNORECASE)


def address_of(text: str) -> str | None:
    """Return an address in lower case, or None if the text is none.

    Parameters
    ----------
    text : str
        One address, without a name; ``mailto:`` and single quotes around it are taken off.

    Examples
    --------
    >>> address_of("MAILTO:Ada@X.org")
    'ada@x.org'
    >>> address_of("undisclosed recipients") is None
    True
    """
    text = _SCHEME.sub("", text.strip().strip("'\"").strip()).strip("'\"")
    if len(text) > LONGEST_ADDRESS or not _VALID.fullmatch(text) or is_exchange(text):
        return None
    # The same few addresses stand in a million mails: one text of each is enough.
    return sys.intern(text.rstrip(".").lower())


def is_exchange(text: str) -> bool:
    """Say whether a text is the internal id of an Exchange server, which names nobody elsewhere."""
    return bool(_EXCHANGE.match(text.strip().strip("<>'\"").strip()))


# ---- names -------------------------------------------------------------------------------------

_CONTROL = dict.fromkeys((*range(32), *range(127, 160)), " ")


def decoded(text: str) -> str:
    """Return a header's text with its encoded words read; unknown charsets never fail.

    Examples
    --------
    >>> decoded("=?utf-8?Q?Zo=C3=AB?= Berg")
    'Zoë Berg'
    >>> decoded("=?no-such-charset?Q?Zo=EB?=")
    'Zoë'
    """
    if "=?" not in text:
        return text
    try:
        parts = decode_header(text)
    except (HeaderParseError, ValueError):
        return text
    return "".join(
        part if isinstance(part, str) else _read(part, charset) for part, charset in parts
    )


def _read(part: bytes, charset: str | None) -> str:
    for encoding in (charset or "utf-8", "utf-8"):
        try:
            return part.decode(encoding)
        except (LookupError, ValueError):
            continue
    return part.decode("latin-1")


def plain_name(text: str) -> str:
    """Return a name as people write it: decoded, without quotes, on one line; not an address.

    Examples
    --------
    >>> plain_name('"Doe, Jane"')
    'Doe, Jane'
    """
    text = text.strip()[:LONGEST_MAILBOX]
    if text.startswith('"'):
        text = text.strip('"').replace('\\"', '"').replace("\\\\", "\\")
    text = decoded(text).translate(_CONTROL).encode("utf-8", "replace").decode()
    text = " ".join(text.split()).strip("'\" ")
    return "" if _VALID.fullmatch(text) else text[:LONGEST_NAME].strip()


# ---- fields ------------------------------------------------------------------------------------


def mailboxes(fields: Iterable[str]) -> tuple[list[Mailbox], Counter[str]]:
    """Return the people in address fields, and why others were left out.

    Parameters
    ----------
    fields : iterable of str
        Values of ``To`` or a field like it. Groups, semicolons between people and ``user at host``
        are understood.

    Returns
    -------
    found : list of Mailbox
        In the order of the fields; the same address may occur again.
    left_out : Counter
        Reasons, and how many mailboxes.

    Examples
    --------
    >>> found, left_out = mailboxes(['Team: "Doe, Jane" <J@x.org>, bob at y.org;', "postmaster"])
    >>> [one.address for one in found], dict(left_out)
    (['j@x.org', 'bob@y.org'], {'no address': 1})
    >>> dict(mailboxes(["bob@legit.com<mallory@evil.com>"])[1])
    {'suspicious address': 1}
    """
    found: list[Mailbox] = []
    left_out: Counter[str] = Counter()
    for field in fields:
        surname = ""
        for piece in _pieces(field):
            judged = _judged(f"{surname}{piece}")
            if isinstance(judged, Mailbox):
                found.append(judged)
            elif judged is NO_ADDRESS and _is_surname(piece) and not surname:
                surname = f"{piece.strip()}, "  # an unquoted "Doe, Jane <jane@x.org>"
                continue
            elif surname:
                left_out[NO_ADDRESS] += 1
                left_out[judged] += 1
            else:
                left_out[judged] += 1
            surname = ""
        left_out[NO_ADDRESS] += bool(surname)
    return found, +left_out


_SURNAME = re.compile(r"\s*(?:[a-z]+\s+){0,3}[^\W\d_][\w'’-]*\s*")


def _is_surname(piece: str) -> bool:
    """Say whether a piece can be what stands before the comma in "van Doe, Jane"."""
    words = piece.split()
    short = len(piece) < LONGEST_NAME
    return short and bool(_SURNAME.fullmatch(piece)) and words[-1][0].isupper()


_SPECIAL = re.compile(r'[",;:<>()\\]')
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)


def _pieces(field: str) -> Iterator[str]:
    """Cut a field into mailboxes."""
    if not any(sign in field for sign in '":;()\\'):
        pieces: Iterable[str] = field.split(",")
    else:
        pieces = _cut(field, comments=True)
    for piece in pieces:
        if piece and not piece.isspace():
            yield piece


def _cut(field: str, *, comments: bool) -> list[str]:
    """Cut where a comma or semicolon stands outside quotes and comments; drop group names."""
    pieces = []
    start = resume = depth = 0
    for match in _SPECIAL.finditer(field):
        at = match.start()
        if at < resume:
            continue
        sign = field[at]
        if sign == "\\":
            resume = at + 2
        elif sign == '"':
            quoted = _QUOTED.match(field, at)
            resume = quoted.end() if quoted else at
        elif sign in "()" and comments:
            depth = depth + 1 if sign == "(" else max(0, depth - 1)
        elif depth == 0 and _ends(field, start, at):
            if sign != ":":
                pieces.append(field[start:at])
            start = at + 1
    if depth:  # a bracket that is never closed encloses nothing
        return _cut(field, comments=False)
    return [*pieces, field[start:]]


def _ends(field: str, start: int, at: int) -> bool:
    """Say whether the sign at a place ends a mailbox or the name of a group."""
    sign, before = field[at], field[max(start, at - LONGEST_MAILBOX) : at]
    bracket = before.rfind("<")
    inside = bracket > before.rfind(">")
    if sign in ",;":
        return not (inside and before[bracket + 1 :].lstrip().startswith("@"))  # a route
    if sign != ":":
        return False
    word = before.strip().lower()
    return not inside and "[" not in before and word not in ("mailto", "smtp", "x500", "ex")


_ANGLED = re.compile(r"([^<>]*)<([^<>]*)>\s*(?:\([^()]*\)\s*)?")
_AT = re.compile(
    r"(?<=[^\s<>])(?:\s+at\s+|\s*[\[({]\s*at\s*[\])}]\s*)(?=[\w-]+\.\w)", re.IGNORECASE
)
_ADDRESSES = re.compile(rf"(?<![^\s<>(),;:'\"]){_LOCAL}@{_DOMAIN}")


def _judged(piece: str) -> Mailbox | str:
    """Return the person a mailbox names, or the reason why it names none."""
    text = piece.strip()
    if len(text) > LONGEST_MAILBOX:
        return EXCHANGE if is_exchange(text) else NO_ADDRESS
    if "@" not in text:
        text = _AT.sub("@", text, count=1)
    if _VALID.fullmatch(text):
        address = address_of(text)
        return Mailbox(address) if address else EXCHANGE
    angled = _ANGLED.fullmatch(text)
    if angled:
        return _angled(angled.group(1), angled.group(2))
    if text.count("<") > 1 and "@" in text:
        return SUSPICIOUS
    return _by_library(text)


def _angled(name: str, inside: str) -> Mailbox | str:
    if inside.lstrip().startswith("@"):
        inside = inside.rpartition(":")[2]  # the route to it
    address = address_of(inside)
    if address is None:
        return EXCHANGE if is_exchange(inside) else NO_ADDRESS
    if _names_another(name, address):
        return SUSPICIOUS
    return Mailbox(address, plain_name(name))


def _names_another(text: str, address: str) -> bool:
    """Say whether another address stands unquoted: which is meant depends on who reads it."""
    found = (address_of(one) for one in _ADDRESSES.findall(_QUOTED.sub(" ", text)))
    return any(one is not None and one != address for one in found)


def _by_library(text: str) -> Mailbox | str:
    if is_exchange(text):
        return EXCHANGE
    try:
        pairs = getaddresses([text], **_lenient())
    except (RecursionError, IndexError, ValueError):
        return NO_ADDRESS
    found = {address_of(address): name for name, address in pairs if address_of(address)}
    if len(found) != 1:
        direct = address_of(text)
        return SUSPICIOUS if found else Mailbox(direct) if direct else NO_ADDRESS
    ((address, name),) = found.items()
    if address is None or _names_another(re.sub(r"\([^()]*\)", " ", text), address):
        return SUSPICIOUS
    return Mailbox(address, plain_name(name))


@cache
def _lenient() -> dict[str, bool]:
    """Ask for the lenient mode where the library has one: its strict mode blanks whole fields."""
    return {"strict": False} if "strict" in signature(getaddresses).parameters else {}


# ---- people ------------------------------------------------------------------------------------


class Names:
    """What a source calls the people in it: the name used most often, and who is no person."""

    def __init__(self) -> None:
        self._votes: dict[str, dict[str, int]] = {}
        self._bots: set[str] = set()

    def add(self, address: str, name: str = "") -> None:
        """Remember a name of an address."""
        votes = self._votes.setdefault(address, {})
        if name and (name in votes or len(votes) < MOST_NAMES):
            votes[name] = votes.get(name, 0) + 1

    def add_bot(self, address: str) -> None:
        """Remember that an address is a list or a program."""
        self._votes.setdefault(address, {})
        self._bots.add(address)

    def frame(self) -> pd.DataFrame | None:
        """Return the people table: person, name, is_bot; None where nobody is known."""
        import pandas as pd

        people = sorted(self._votes)
        if not people:
            return None
        names = [_most_used(self._votes[person]) for person in people]
        return pd.DataFrame(
            {
                "person": people,
                "name": pd.Series(names, dtype="string"),
                "is_bot": [person in self._bots for person in people],
            }
        )


def _most_used(votes: dict[str, int]) -> str | None:
    """Return the name used most often; between equals the longer, then the first in the alphabet.

    A name that is longer says more ("Ada Berg", not "Ada").
    """
    best = sorted(votes, key=lambda name: (-votes[name], -len(name), name))
    return best[0] if best else None
