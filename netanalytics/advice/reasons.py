"""Evidence in one sentence: only what the log shows, in neutral words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from netanalytics.covering import all_ended

if TYPE_CHECKING:
    import pandas as pd

    from netanalytics.network import Network

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


CHANNEL_WORDS = {"email": "mail", "meeting": "meetings", "call": "calls", "contact": "contacts"}
"""What a reader calls a channel."""


def day(moment: pd.Timestamp, *, year: bool = True) -> str:
    """Write a day: ``3 June 2026``, in the same words on every machine.

    Examples
    --------
    >>> import pandas as pd
    >>> day(pd.Timestamp("2026-06-03"))
    '3 June 2026'
    """
    text = f"{moment.day} {MONTHS[moment.month - 1]}"
    return f"{text} {moment.year}" if year else text


def count(number: float, noun: str) -> str:
    """Write a number of things: ``1 day``, ``12 days``.

    Examples
    --------
    >>> count(1, "day"), count(1200, "day")
    ('1 day', '1,200 days')
    """
    return f"{int(number):,} {noun}" + ("" if int(number) == 1 else "s")


def every(days: float) -> str:
    """Write a rhythm in words that people use for it.

    Examples
    --------
    >>> every(1), every(9), every(35)
    ('about every day', 'about every 9 days', 'about every 5 weeks')
    """
    whole = max(1, round(days))
    if whole == 1:
        return "about every day"
    if whole < 14:
        return f"about every {whole} days"
    if whole < 60:
        return f"about every {round(whole / 7)} weeks"
    return f"about every {round(whole / 30.44)} months"


def check_in(days: int, usual: float, silent: int, longest: float) -> str:
    """Say why a tie is worth a word: its rhythm, and the pause seen now."""
    return (
        f"Contact on {count(days, 'day')}, usually {every(usual)}; none seen for "
        f"{count(silent, 'day')} (longest pause before: {count(longest, 'day')})."
    )


def wish(rhythm: str | None, silent: int | None) -> str:
    """Say which wish of the reader's own a suggestion rests on.

    Examples
    --------
    >>> wish("about every 6 weeks", 80)
    'Your own wish: about every 6 weeks; no contact seen for 80 days.'
    """
    own = f"Your own wish: {rhythm}" if rhythm else "Your own wish: to keep this contact"
    seen = "no contact seen" if silent is None else f"no contact seen for {count(silent, 'day')}"
    return f"{own}; {seen}."


def introduction(person: str, via: str, shared: int, tie: Any | None) -> str:
    """Say why two people might meet, and who could introduce them.

    Parameters
    ----------
    person, via : str
        What to call the person and the contact in common.
    shared : int
        How many contacts they have in common.
    tie : named tuple, optional
        The dated tie between person and via, with ``days`` and ``last``.
    """
    seen = ""
    if tie is not None:
        seen = f" (with {person} on {count(tie.days, 'day')}, last seen {day(tie.last)})"
    more = "" if shared == 1 else f"; {count(shared, 'contact')} in common"
    return f"{via} has had contact with both{seen}{more}."


def listed(words: Iterable[str]) -> str:
    """Join words as a sentence does: ``a, b and c``.

    Examples
    --------
    >>> listed(["mail", "meetings", "chat"])
    'mail, meetings and chat'
    """
    *head, last = words
    return f"{', '.join(head)} and {last}" if head else last


def unjudged(net: Network) -> str:
    """Say why no silence can be judged: everything read ends well before the end; else nothing.

    Examples
    --------
    >>> import pandas as pd
    >>> import netanalytics as na
    >>> rows = pd.DataFrame({"time": ["2026-06-01", "2026-06-08"], "source": "a", "target": "b"})
    >>> log = na.load(rows.assign(channel="email"))
    >>> unjudged(na.build_network(log, as_of="2026-07-20"))
    'no tie could be judged: mail ends 8 June 2026: export again, or --as-of 2026-06-08'
    >>> unjudged(na.build_network(log))
    ''
    """
    if net.log is None or net.as_of is None:
        return ""
    last = all_ended(net.log, net.as_of)
    if last.empty:
        return ""
    ends = listed(
        f"{CHANNEL_WORDS.get(str(name), name)} {'end' if name in _SEVERAL else 'ends'} {day(when)}"
        for name, when in last.items()
    )
    until = f"{last.iloc[0]:%Y-%m-%d}"
    return f"no tie could be judged: {ends}: export again, or --as-of {until}"


_SEVERAL = frozenset(name for name, word in CHANNEL_WORDS.items() if word.endswith("s"))
"""Channels that a reader speaks of in the plural."""
