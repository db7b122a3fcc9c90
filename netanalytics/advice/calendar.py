"""A plan as a calendar file: one whole-day entry a check-in, updated and not doubled by a rerun."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from netanalytics.network import Network

PRODUCT = "-//netanalytics//check-ins//EN"
LONGEST_LINE = 75
"""Octets of a line; longer ones are folded (RFC 5545, 3.1)."""


def calendar(net: Network, plan: pd.DataFrame, *, person: str) -> str:
    """Write a plan of check-ins as iCalendar text.

    Parameters
    ----------
    net : Network
        Gives what to call people, and the end of observation, which stands for "now".
    plan : pandas.DataFrame
        What :func:`netanalytics.check_in_plan` returns.
    person : str
        Whose plan it is.

    Returns
    -------
    str
        With an identifier that rests on the two people alone, so that a later plan moves an
        entry instead of adding one.

    Examples
    --------
    >>> import netanalytics as na
    >>> office = na.datasets.office(seed=7)
    >>> net = na.build_network(na.load(office.interactions), people=office.people)
    >>> plan = na.check_in_plan(net, person="ana.frey")
    >>> na.calendar(net, plan, person="ana.frey").splitlines()[0]
    'BEGIN:VCALENDAR'
    """
    me = net.find(person)
    assert net.as_of is not None
    stamp = net.as_of.strftime("%Y%m%dT%H%M%SZ")
    # Days since 1970 only grow with the end of observation: a later plan is a later version.
    version = int((net.as_of - pd.Timestamp(0, tz="UTC")).days)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN"]
    for row in plan.to_dict("records"):
        day, contact = pd.Timestamp(row["day"]), str(row["contact"])
        why = f"{row['because']} {row['occasion']}".strip()
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_uid(me, contact)}",
            f"DTSTAMP:{stamp}",
            f"SEQUENCE:{version}",
            f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{day + pd.Timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_text('Write to ' + str(net.labels[contact]))}",
            f"DESCRIPTION:{_text(why)}",
            "TRANSP:TRANSPARENT",
            "CLASS:PRIVATE",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _uid(me: str, contact: str) -> str:
    key = f"{me}\0{contact}".encode("utf-8", "surrogatepass")
    return f"check-in-{hashlib.sha256(key).hexdigest()[:24]}@netanalytics"


def _text(value: str) -> str:
    """Escape a text; signs that steer and cannot be shown are taken out."""
    value = re.sub(r"\r\n?|\u2028|\u2029|\x85", "\n", value)
    value = "".join(sign for sign in value if sign == "\n" or sign.isprintable())
    for sign in ("\\", ";", ","):
        value = value.replace(sign, "\\" + sign)
    return value.replace("\n", "\\n")


def _folded(line: str) -> str:
    """Break a line into pieces of at most 75 octets, never inside a character."""
    pieces: list[str] = []
    piece, size = "", 0
    for sign in line:
        width = len(sign.encode("utf-8", "replace"))
        if size + width > LONGEST_LINE - (1 if pieces else 0):
            pieces.append(piece)
            piece, size = "", 0
        piece += sign
        size += width
    return "\r\n ".join([*pieces, piece])
