"""Days written by numbers, whose order is found from a whole file, and moments made of them."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from functools import lru_cache

from netanalytics.errors import LoaderError
from netanalytics.loaders._rows import micros_of

ORDERS = ("dmy", "mdy", "ymd")
LATEST = 2100

TOLD = 0.9
"""What the user says is believed if it reads this share of what the best order reads."""

_LONGEST = 80
_EPOCH = dt.date(1970, 1, 1).toordinal()

# English, German, French, Spanish, Portuguese, Italian and Dutch, without accents; a month is known
# by the beginning of its name.
_MONTHS = (
    ("jan", "janv", "ene", "gen"),
    ("feb", "fev", "fevr"),
    ("mar", "mars", "maerz", "marz", "mrz", "maart", "mrt"),
    ("apr", "avr", "abr"),
    ("may", "mai", "mayo", "mag", "mei"),
    ("jun", "juin", "giu"),
    ("jul", "juil", "lug"),
    ("aug", "aou", "aout", "ago"),
    ("sep", "set"),
    ("oct", "okt", "out", "ott"),
    ("nov",),
    ("dec", "dez", "dic"),
)
_MONTH_OF = {word: number for number, words in enumerate(_MONTHS, start=1) for word in words}

_CLOCK = r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?(?:\s*([ap])\.?\s*m\.?)?"
_TAIL = rf"(?:[,\sT]+(?:at |um |a las |alle |om |as |às |à )?{_CLOCK})?\s*(UTC|GMT|Z)?\s*$"
_NUMBERS = re.compile(rf"\s*(\d{{1,4}})[./-](\d{{1,2}})[./-](\d{{1,4}}){_TAIL}", re.IGNORECASE)
_DAY_WORD = re.compile(
    rf"\s*(\d{{1,2}})[.\s-]+(?:de )?([^\W\d_]+)[.\s-]*,?\s*(?:de )?(\d{{4}}|\d{{2}}){_TAIL}",
    re.IGNORECASE,
)
_WORD_DAY = re.compile(rf"\s*([^\W\d_]+)\.?\s+(\d{{1,2}}),?\s+(\d{{4}}){_TAIL}", re.IGNORECASE)


class DayOrder:
    """Finds the order of day, month and year from all dates of a file.

    Parameters
    ----------
    earliest : int
        The first year that such a file can hold.
    chronological : bool
        Whether the file is in the order of time: then an order in which it jumps back more often
        is wrong.

    Examples
    --------
    >>> order = DayOrder(2009, chronological=True)
    >>> for day in ("05", "06", "13"):
    ...     order.add(day, "02", "2021")
    >>> order.found(None, "chat.txt")
    'dmy'
    """

    def __init__(self, earliest: int, *, chronological: bool) -> None:
        self._earliest = earliest
        self._chronological = chronological
        self._read = {order: _Reading() for order in ORDERS}
        self._differs = False

    def add(self, first: str, second: str, third: str) -> None:
        """Take in the three numbers of a date as they are written."""
        if len(first) == 4:
            return  # a year: nothing is open
        days = {order: day_of((first, second, third), order, self._earliest) for order in ORDERS}
        for order, day in days.items():
            if day is not None:
                self._read[order].add(day)
        one, other = days["dmy"], days["mdy"]
        self._differs = self._differs or (None not in (one, other) and one != other)

    def found(self, told: str | None, label: str, otherwise: str | None = None) -> str:
        """Return the order.

        Parameters
        ----------
        told : str, optional
            What the user says; it decides where the file leaves the order open.
        label : str
            Name of the file, for the message.
        otherwise : str, optional
            The order of this kind of file where nothing else decides.

        Raises
        ------
        LoaderError
            If the file leaves it open and nobody says.
        """
        most = max(reading.n for reading in self._read.values())
        if told is not None and self._read[told].n >= TOLD * most:
            return told
        left = self._best()
        if len(left) == 1 or (not self._differs and "ymd" not in left):
            return left[0]
        if otherwise is not None:
            return otherwise
        raise LoaderError(
            f"{label}: the dates leave open whether day or month comes first: "
            f"say --date-order {' or --date-order '.join(left)}"
        )

    def _best(self) -> list[str]:
        """Return the orders that read most dates with fewest jumps; the usual ones first."""
        years_first = self._read["ymd"]
        most = max(self._read[order].n for order in ("dmy", "mdy"))
        if most < TOLD * years_first.n:
            return ["ymd"]
        left = [order for order in ("dmy", "mdy") if self._read[order].n == most]
        if not self._chronological:
            return left
        fewest = min(self._read[order].jumps for order in left)
        left = [order for order in left if self._read[order].jumps == fewest]
        if years_first.n < most or years_first.jumps > fewest:
            return left
        # Two digits of a year seldom stand first: only where that makes more of the file, days
        # instead of years between its messages, or no jumps at all.
        if years_first.jumps < fewest:
            return ["ymd"]
        closer = all(years_first.span < self._read[order].span for order in left)
        return [*left, "ymd"] if closer else left


class _Reading:
    """What the dates of a file are in one order."""

    def __init__(self) -> None:
        self.n = 0
        self.jumps = 0
        self._first = self._latest = self._last = 0

    def add(self, day: int) -> None:
        if not self.n:
            self._first = self._latest = self._last = day
        self.n += 1
        self.jumps += day < self._last - 1
        self._first, self._latest = min(self._first, day), max(self._latest, day)
        self._last = day

    @property
    def span(self) -> int:
        """Return the days between the first and the last date."""
        return self._latest - self._first


@lru_cache(maxsize=65_536)
def day_of(parts: tuple[str, str, str], order: str, earliest: int) -> int | None:
    """Return the day (1 January of year 1 is 1) that three numbers mean, or None.

    Parameters
    ----------
    parts : tuple of str
        The numbers as written; two digits of a year are of this century.
    order : {"dmy", "mdy", "ymd"}
        Their order, where they do not begin with a year of four digits.
    earliest : int
        The first year that is believed.

    Returns
    -------
    int or None
    """
    place = dict(zip("ymd" if len(parts[0]) == 4 else order, parts, strict=True))
    if len(place["y"]) not in (2, 4) or len(place["d"]) > 2 or len(place["m"]) > 2:
        return None
    year = int(place["y"]) + (2000 if len(place["y"]) == 2 else 0)
    if not earliest <= year < LATEST:
        return None
    try:
        return dt.date(year, int(place["m"]), int(place["d"])).toordinal()
    except ValueError:
        return None


def micros_on(day: int, clock: tuple[int, int, int], zone: dt.tzinfo | None) -> int | None:
    """Return the microseconds since 1970 of a day and a time of day, or None if there is none.

    Parameters
    ----------
    day : int
        From :func:`day_of`.
    clock : tuple of int
        Hour, minute and second.
    zone : datetime.tzinfo, optional
        Where that clock stands; UTC without it.

    Returns
    -------
    int or None
    """
    hour, minute, second = clock
    if hour > 23 or minute > 59 or second > 59:
        return None
    if zone is None:
        return ((day - _EPOCH) * 86_400 + hour * 3_600 + minute * 60 + second) * 1_000_000
    moment = dt.datetime.combine(dt.date.fromordinal(day), dt.time(hour, minute, second), zone)
    return micros_of(moment)


def hour_of(hour: int, half: str | None) -> int:
    """Return the hour of a day from one of a half day; ``half`` begins with a or p."""
    if not half or hour > 12:
        return hour
    return hour % 12 + (12 if half[0].lower() == "p" else 0)


def numbers_in(text: str) -> tuple[str, str, str] | None:
    """Return the three numbers of a date written by numbers, or None."""
    found = _NUMBERS.match(text[:_LONGEST])
    return (found[1], found[2], found[3]) if found else None


def micros_in(text: str, order: str, zone: dt.tzinfo | None, earliest: int) -> int | None:
    """Return the microseconds since 1970 of a date with or without a time, or None.

    Parameters
    ----------
    text : str
        ``2026-07-01 10:00:00 UTC``, ``7/8/26, 3:43 PM``, ``30 Apr 2026``, ``30 avr. 2026``,
        ``Apr 30, 2026``.
    order : {"dmy", "mdy", "ymd"}
        Of dates by numbers that do not begin with a year of four digits.
    zone : datetime.tzinfo, optional
        Of times that name none; UTC without it.
    earliest : int
        The first year that is believed.

    Returns
    -------
    int or None

    Examples
    --------
    >>> micros_in("1 janv. 1970, 0:01", "dmy", None, 1970)
    60000000
    """
    text = text[:_LONGEST]
    found = _NUMBERS.match(text)
    if found:
        parts: tuple[str, ...] = (found[1], found[2], found[3])
    else:
        found = _DAY_WORD.match(text) or _WORD_DAY.match(text)
        if not found:
            return None
        order = "dmy" if found[1].isdigit() else "mdy"
        parts = tuple(_month(part) if part.isalpha() else part for part in found.groups()[:3])
    day = day_of((parts[0], parts[1], parts[2]), order, earliest)
    hour, minute, second, half, named = found.groups()[3:]
    clock = (hour_of(int(hour or 0), half), int(minute or 0), int(second or 0))
    return None if day is None else micros_on(day, clock, None if named else zone)


def _month(word: str) -> str:
    """Return the number of a month, or a text that is no month."""
    plain = "".join(
        sign
        for sign in unicodedata.normalize("NFKD", word.casefold().replace("ä", "ae"))
        if unicodedata.category(sign) != "Mn"
    )
    for length in (5, 4, 3):
        if plain[:length] in _MONTH_OF:
            return str(_MONTH_OF[plain[:length]])
    return "0"
