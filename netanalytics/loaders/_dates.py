"""Dates written for people: any order and separator, twelve hours, words of several languages.

For exports that are read record by record; columns of tables are read by ``_times``.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from netanalytics.errors import LoaderError
from netanalytics.loaders._rows import micros_of

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_NUMERIC = re.compile(r"(\d{1,4})\s?[./年-]\s?(\d{1,2})\s?[./月-]\s?(\d{1,4})日?\.?")
_DAY_WORD = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ .-]+([a-z]{3,9})\.?,?[ -]+(\d{4})")
_WORD_DAY = re.compile(r"([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
_CLOCK = re.compile(r"(?<!\d)(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?![\d])")
_OFFSET = re.compile(r"(?:\d|\s)(z|utc|gmt|[+-]\d{2}:?\d{2})$")
_AM = re.compile(r"(?<![a-z])(am|a\. ?m\.|vorm\.?)(?![a-z])|上午|午前|오전|π\.μ\.")
_PM = re.compile(r"(?<![a-z])(pm|p\. ?m\.|nachm\.?)(?![a-z])|下午|午後|오후|μ\.μ\.")
_TIME_ALONE = re.compile(r"\D{0,6}[\d:. ]{3,8}\D{0,6}")

OPEN_ORDER = "say --date-order dmy or --date-order mdy"


@dataclass(frozen=True)
class Written:
    """A date and time as written, before the order of day and month is known.

    Parameters
    ----------
    parts : tuple of int, optional
        Three numbers of a day, in the order of the text; None for a time of day alone.
    order : str, optional
        ``ymd`` and the like where the text itself tells.
    clock : datetime.time, optional
        Time of day; None for a day alone.
    offset : datetime.timezone, optional
        Where the text names one.
    """

    parts: tuple[int, int, int] | None
    order: str | None
    clock: dt.time | None
    offset: dt.tzinfo | None


def written(text: str) -> Written | None:
    """Take a date and time apart, or return None if the text is neither.

    Parameters
    ----------
    text : str
        Of one cell.

    Returns
    -------
    Written or None

    Examples
    --------
    >>> written("1/15/26, 9:00:12 PM").clock
    datetime.time(21, 0, 12)
    >>> written("1h 27m 51s") is None
    True
    """
    if not 3 < len(text) < 60:
        return None
    text = _plain(text)
    parts, order, rest = _day(text)
    clock = _clock(rest)
    if parts is None and (clock is None or not _TIME_ALONE.fullmatch(rest.strip())):
        return None
    return Written(parts, order, clock, _zone(rest) if clock else None)


def _plain(text: str) -> str:
    """Return text in lower case with plain spaces and without marks of direction."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(c for c in text if unicodedata.category(c) != "Cf").split())


def _day(text: str) -> tuple[tuple[int, int, int] | None, str | None, str]:
    """Return the three numbers of the day, their order where it is clear, and the rest."""
    numeric = _NUMERIC.search(text)
    if numeric:
        first, second, third = numeric.groups()
        order = "ymd" if len(first) == 4 else None
        if order is None and len(third) == 3:
            return None, None, text
        rest = text[: numeric.start()] + " " + text[numeric.end() :].lstrip("t, ")
        return (int(first), int(second), int(third)), order, rest
    for pattern, order in ((_DAY_WORD, "dmy"), (_WORD_DAY, "mdy")):
        found = pattern.search(text)
        if found:
            parts = [_MONTHS.index(g[:3]) + 1 if g[:3] in _MONTHS else g for g in found.groups()]
            numbers = [int(part) for part in parts if str(part).isdigit()]
            if len(numbers) == 3:
                rest = text[: found.start()] + " " + text[found.end() :]
                return (numbers[0], numbers[1], numbers[2]), order, rest
    return None, None, text


def _clock(text: str) -> dt.time | None:
    found = _CLOCK.search(text)
    if not found:
        return None
    hour, minute, second = (int(part or 0) for part in found.groups())
    # Greek has the sign of the afternoon inside that of the morning: ask for the morning first.
    if _AM.search(text):
        hour %= 12
    elif _PM.search(text):
        hour = hour % 12 + 12
    try:
        return dt.time(hour, minute, second)
    except ValueError:
        return None


def _zone(text: str) -> dt.tzinfo | None:
    found = _OFFSET.search(text)
    if not found:
        return None
    sign = found.group(1).replace(":", "")
    if sign[0] not in "+-":
        return dt.UTC
    minutes = int(sign[1:3]) * 60 + int(sign[3:5])
    minutes = min(minutes, 14 * 60)
    return dt.timezone(dt.timedelta(minutes=-minutes if sign[0] == "-" else minutes))


def order_of(dates: Iterable[Written], given: str | None, label: str) -> str:
    """Find the order of day and month from all dates of a file.

    Parameters
    ----------
    dates : iterable of Written
        All of them.
    given : str, optional
        What the user said.
    label : str
        Name of the file, for the message.

    Returns
    -------
    str
        ``dmy``, ``mdy`` or ``ymd``.

    Raises
    ------
    LoaderError
        If they leave it open.
    """
    if given is not None:
        return given
    loose = [one.parts for one in dates if one.parts is not None and one.order is None]
    days_first = any(first > 12 for first, _, _ in loose)
    months_first = any(second > 12 for _, second, _ in loose)
    if days_first != months_first:
        return "dmy" if days_first else "mdy"
    if any(first != second for first, second, _ in loose):
        raise LoaderError(
            f"{label}: the dates leave open whether day or month comes first: {OPEN_ORDER}"
        )
    return "dmy"


def moment(
    one: Written, order: str, zone: str | None, day: dt.date | None = None
) -> dt.datetime | None:
    """Return a moment with its zone, or None if there is no such day.

    Parameters
    ----------
    one : Written
        What was written.
    order : str
        From :func:`order_of`.
    zone : str, optional
        Zone of times that name none; UTC without it.
    day : datetime.date, optional
        Day of a time that has none.

    Returns
    -------
    datetime.datetime or None
    """
    from zoneinfo import ZoneInfo

    date = _date(one.parts, one.order or order) if one.parts else day
    if date is None or not 1900 <= date.year <= 2200:
        return None
    tz = one.offset or (ZoneInfo(zone) if zone else dt.UTC)
    return dt.datetime.combine(date, one.clock or dt.time(), tzinfo=tz)


def _date(parts: tuple[int, int, int], order: str) -> dt.date | None:
    place = dict(zip(order, parts, strict=True))
    year = place["y"] + 2000 if place["y"] < 100 else place["y"]
    try:
        return dt.date(year, place["m"], place["d"])
    except ValueError:
        return None


def micros_at(text: str, zone: str | None = None) -> int | None:
    """Return the microseconds since 1970 of a text in ISO 8601, or None.

    Parameters
    ----------
    text : str
        ``2026-01-05``, ``2026-01-05 09:00:00``, ``2026-01-05T09:00:00.000000Z``.
    zone : str, optional
        Zone of times that name none; UTC without it.

    Returns
    -------
    int or None
    """
    from zoneinfo import ZoneInfo

    try:
        when = dt.datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    if not 1900 <= when.year <= 2200:
        return None
    if when.tzinfo is None and zone:
        when = when.replace(tzinfo=ZoneInfo(zone))
    return micros_of(when)


def iso_birthday(text: str, order: str | None = None) -> str | None:
    """Return a birthday as ``1985-04-12``, or ``--04-12`` without a year, or None.

    Parameters
    ----------
    text : str
        As written.
    order : str, optional
        Order of day and month where the text leaves it open.

    Returns
    -------
    str or None
    """
    plain = text.strip()
    short = re.fullmatch(r"--?(\d{2})-?(\d{2})", plain)
    if short:
        month, day = (int(part) for part in short.groups())
        known = _date((2000, month, day), "ymd")
        return f"--{month:02}-{day:02}" if known else None
    compact = re.match(r"(\d{4})(\d{2})(\d{2})(?:\D|$)", plain)
    if compact:
        plain = "-".join(compact.groups())
    found = written(plain)
    if found is None or found.parts is None or not (found.order or order):
        return None
    date = _date(found.parts, found.order or order or "")
    return date.isoformat() if date and date.year > 1000 else None


def zone_note(zone: str | None) -> str:
    """Say how times without a zone were read."""
    return "times without a zone are read as " + (
        zone or "UTC (no zone was named; --zone changes it)"
    )
