"""Names of people: folded, taken apart, and which of them may be one person's."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from netanalytics.identity.nicknames import GROUPS

_SPECIAL = str.maketrans(
    {"ø": "o", "ł": "l", "ß": "ss", "ı": "i", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"}
)


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TITLES = _set(
    """
dr prof professor mr mrs ms miss mx sir dame herr frau hr fr mme mlle ing dipl mag sr sra don
phd md mba msc bsc ma ba jr ii iii iv esq cpa pmp
"""
)
_PARTICLES = _set(
    """
van von der den de da do dos du di del della la le les el al bin ibn ter ten zu zur af av y e
san
"""
)
_BORN = re.compile(r"\b(?:née|nee|né|born|geb\.?|geborene)\s+([\w'’-]+)", re.IGNORECASE)
_BRACKETS = re.compile(r"[(\[{<][^)\]}>]*[)\]}>]")
_SPLIT = re.compile(r"[^\w]+|_+")


@dataclass(frozen=True)
class Name:
    """A name taken apart; all parts folded, and empty where there is none.

    Parameters
    ----------
    first, last : str
        Given name and family name.
    middle : str
        What stands between them, first word only.
    other : str
        A second family name: the one before a marriage, or the other half of a double name.
    """

    first: str = ""
    last: str = ""
    middle: str = ""
    other: str = ""


_FIRM = _set(
    "inc ltd llc llp lp gmbh mbh ag se kg ohg ug co corp plc sa sarl sas srl spa bv nv oy ab as"
)
_PART = re.compile(r"[^\W\d_][\w'’.-]*(?: [^\W\d_][\w'’.-]*){0,3}")
_BEHIND = re.compile(r"\s*([(\[].*)$")


def spoken(name: str) -> str:
    """Return a name as it is said: given name first, so that no comma parts it in a sentence.

    What follows the comma may be no given name but a title or the form of a firm; such a name, and
    one with more than a comma, stays as it is.

    Examples
    --------
    >>> spoken("Doe, Jane (Sales)")
    'Jane Doe (Sales)'
    >>> spoken("Lumen, Inc.")
    'Lumen, Inc.'
    """
    if "," not in name:
        return name
    behind = _BEHIND.search(name)
    whole = name[: behind.start()] if behind else name
    family, _, given = (part.strip() for part in whole.partition(","))
    if not (_PART.fullmatch(family) and _PART.fullmatch(given)):
        return name
    if not {word.strip(".") for word in fold(given).split()} - _FIRM - _TITLES:
        return name
    return f"{given} {family} {behind.group(1)}" if behind else f"{given} {family}"


def fold(text: str) -> str:
    """Return text in lower case without accents.

    Examples
    --------
    >>> fold("Łukasz Müller-Weiß")
    'lukasz muller-weiss'
    """
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKD", text.casefold().translate(_SPECIAL))
    return "".join(sign for sign in text if not unicodedata.combining(sign))


def parse(text: str) -> Name:
    """Take a name apart.

    Examples
    --------
    >>> parse("Prof. Müller, Jürgen (née Weiß)")
    Name(first='jurgen', last='muller', middle='', other='weiss')
    >>> parse("Ana M. García-López")
    Name(first='ana', last='garcialopez', middle='m', other='lopez')
    """
    born = _BORN.search(text) if "n" in text or "b" in text else None
    other = fold(born.group(1)).strip("'’-") if born else ""
    if born:
        text = text[: born.start()] + " " + text[born.end() :]
    text = _BRACKETS.sub(" ", text) if any(sign in text for sign in "([{<") else text
    family, comma, given = text.partition(",")
    words, last_words = (_words(given), _words(family)) if comma else (_words(text), [])
    if comma and not words:  # what follows the comma is a title
        words, last_words = last_words, []
    if not words:
        return Name(other=other)
    if last_words:
        first, middle = words[0], words[1] if len(words) > 1 else ""
        last = last_words[-1]
        other = other or (last_words[-2] if len(last_words) > 1 else "")
    elif len(words) == 1:
        first, middle, last = words[0], "", ""
    else:
        first, last = words[0], words[-1]
        middle = words[1] if len(words) > 2 else ""
    other = other or _half(last)
    return Name(_plain(first), _plain(last), _plain(middle), _plain(other))


def _words(text: str) -> list[str]:
    """Return words without titles and particles; hyphens and apostrophes stay inside."""
    words = [word.strip(".,;:'’-\"") for word in fold(text).replace("_", " ").split()]
    kept = [word for word in words if word and word not in _TITLES]
    names = [word for word in kept if word not in _PARTICLES]
    return [word for word in (names or kept) if any(sign.isalpha() for sign in word)]


def _half(last: str) -> str:
    """Return the second half of a double name."""
    return last.rpartition("-")[2] if "-" in last else ""


def _plain(word: str) -> str:
    return word if word.isalnum() else "".join(sign for sign in word if sign.isalnum())


def from_local(local: str) -> Name:
    """Guess a name from the part of an address before the sign @: two words or none.

    Examples
    --------
    >>> from_local("ana.frey2")
    Name(first='ana', last='frey', middle='', other='')
    >>> from_local("afrey")
    Name(first='', last='', middle='', other='')
    """
    words = [word.strip("0123456789") for word in _SPLIT.split(fold(local))]
    words = [word for word in words if word.isalpha()]
    if len(words) < 2 or max(map(len, words)) < 2:
        return Name()
    return Name(words[0], words[-1], words[1] if len(words) > 2 else "")


def forms(first: str, last: str) -> tuple[str, ...]:
    """Return what companies make of a name: letters of the usual local parts."""
    if not first or not last:
        return ()
    return (
        first + last,
        last + first,
        first[0] + last,
        last + first[0],
        first + last[0],
    )


def may_be_one(one: Name, other: Name) -> bool:
    """Tell whether two names could belong to one person; a missing part speaks for nobody.

    Examples
    --------
    >>> may_be_one(parse("Bob Smith"), parse("Smith, Robert"))
    True
    >>> may_be_one(parse("Ana Frey"), parse("Kai Vidal"))
    False
    """
    mine = {part for part in (one.first, one.last, one.other) if part}
    theirs = {part for part in (other.first, other.last, other.other) if part}
    if not mine or not theirs:
        return True
    return any(_alike(x, y) for x in mine for y in theirs)


def _alike(one: str, other: str) -> bool:
    if len(one) == 1 or len(other) == 1:
        return one[0] == other[0]
    if one == other or set(GROUPS.get(one, ())) & set(GROUPS.get(other, ())):
        return True
    return min(len(one), len(other)) >= 4 and one[:3] == other[:3]
