"""What I wish of my ties: for whom each wish is, and until when the journal puts somebody off."""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netanalytics.errors import UnknownPersonError
from netanalytics.loaders.journal import Entry
from netanalytics.network import Network
from netanalytics.periods import relations_at
from netanalytics.project.settings import every

if TYPE_CHECKING:
    import pandas as pd

logger = logging.getLogger(__name__)

EITHER_WAY = frozenset(["peer", "friend", "family"])
"""Relations that hold in both directions."""

SNOOZE_DAYS = 14
"""For how long "snooze" puts somebody off, where the journal gives no end."""


@dataclass(frozen=True)
class Wish:
    """What I wish of a tie; it outranks what is learnt from the log.

    Parameters
    ----------
    person, role : str, optional
        For whom: a person, or all who are that to me (``mentor``), or to whom I am (``mentor of``).
    every_days : float, optional
        How often to be in touch.
    keep : bool
        Never let it rest for longer than it used to.
    let_rest : bool
        Suggest nothing.
    """

    person: str | None = None
    role: str | None = None
    every_days: float | None = None
    keep: bool = False
    let_rest: bool = False


def by_person(
    wishes: Iterable[Wish], entries: Iterable[Entry], net: Network, me: str | None
) -> pd.DataFrame:
    """Return wishes by the people whom they mean, and whom the journal puts off.

    A wish for a person outranks one for their role.
    """
    import pandas as pd

    found: dict[str, Wish] = {}
    for wish in sorted(wishes, key=lambda wish: wish.person is not None):
        for person in _meant(wish, net, me):
            found[person] = wish
    until = _put_off(entries, net)
    rows = {
        person: (wish.every_days, wish.keep, wish.let_rest, until.get(person))
        for person, wish in ({name: Wish() for name in until} | found).items()
    }
    index = pd.Index(list(rows), dtype="str", name="contact")
    columns = ["every_days", "keep", "let_rest", "snoozed_until"]
    table = pd.DataFrame(list(rows.values()), index=index, columns=columns)
    table["snoozed_until"] = pd.to_datetime(table["snoozed_until"], utc=True)
    return table.astype({"every_days": "float64", "keep": bool, "let_rest": bool}).sort_index()


def _meant(wish: Wish, net: Network, me: str | None) -> list[str]:
    """Return the people for whom a wish is."""
    if wish.person is not None:
        try:
            return [net.find(wish.person)]
        except UnknownPersonError as error:
            logger.warning("a wish rests: %s", error)
            return []
    if me is None or net.log is None or net.log.relations is None:
        return []
    now = relations_at(net.log.relations, net.as_of)
    role = (wish.role or "").removesuffix(" of")
    mine = now[now["kind"].str.casefold() == role]
    to_me = list(mine.loc[mine["target"] == me, "source"])
    from_me = list(mine.loc[mine["source"] == me, "target"])
    if role in EITHER_WAY:
        chosen = to_me + from_me
    else:
        chosen = from_me if (wish.role or "").endswith(" of") else to_me
    return sorted({str(person) for person in chosen} & set(net.people.index))


def _put_off(entries: Iterable[Entry], net: Network) -> dict[str, dt.date]:
    """Return until when the journal, as far as it is known by then, puts somebody off.

    Where the exports end by themselves, what was noted since is known as well.
    """
    if net.as_of is None:
        return {}
    today = dt.date.max if net.ends_by_itself() else net.as_of.date()
    found: dict[str, dt.date] = {}
    for entry in entries:
        if entry.day is None or entry.day > today:
            continue
        try:
            person = net.find(entry.person)
        except UnknownPersonError:
            continue
        if entry.kind == "done":
            found.pop(person, None)
        elif entry.kind == "snooze":
            end = _until(entry.words, entry.day)
            found[person] = max(end, found.get(person, end))
    return found


def _until(words: str, day: dt.date) -> dt.date:
    """Return the end of ``until 2026-07-01`` or ``for 6 weeks``; two weeks where there is none."""
    told = re.sub(r"^(until|for)\s+", "", words.strip().casefold()).split(",")[0]
    try:
        return dt.date.fromisoformat(told)
    except ValueError:
        pass
    try:
        return day + dt.timedelta(days=round(every(told)))
    except (ValueError, OverflowError):
        return day + dt.timedelta(days=SNOOZE_DAYS)
