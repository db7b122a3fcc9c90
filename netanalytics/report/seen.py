"""Which channels and months of a log a page may tell of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from netanalytics.interactions import monthly
from netanalytics.ties import coded_contacts

if TYPE_CHECKING:
    from netanalytics.network import Network

COLUMNS = ["month", "channel", "contacts", "people"]


@dataclass(frozen=True, eq=False)
class Seen:
    """What may be told of the channels of a log.

    Parameters
    ----------
    months : pandas.DataFrame
        Contacts and people by month and channel, without those of too few people.
    last : pandas.Series
        By channel that may be named: the last day that it was looked at, not after the end.
    hidden : bool
        Whether some channel is not named.
    total : bool
        Whether a total may stand beside the months: of no channel does what is missing from them
        rest on too few people.
    """

    months: pd.DataFrame
    last: pd.Series
    hidden: bool = False
    total: bool = True


def seen(net: Network, *, least: int) -> Seen:
    """Return what a page may tell of the channels of a log.

    Parameters
    ----------
    net : Network
        The network; of one without a log or dates there is nothing to tell.
    least : int
        How many distinct people of the network a channel, a month of one, and all that is missing
        of a channel must have.
    """
    if net.log is None or net.as_of is None:
        return Seen(pd.DataFrame(columns=COLUMNS), pd.Series(dtype="datetime64[ns, UTC]"))
    months = monthly(net.log.between(None, net.as_of + pd.Timedelta(microseconds=1)))
    last = net.log.coverage.groupby("channel")["last"].max()
    last = last.where(last <= net.as_of, net.as_of)
    if least <= 1:
        return Seen(months, last)
    members = _members(net)
    everybody = members.groupby("channel")["person"].nunique()
    cells = members.groupby(["month", "channel"])["person"].nunique()
    at = pd.MultiIndex.from_frame(months[["month", "channel"]])
    shown = (cells.reindex(at).fillna(0) >= least).to_numpy()
    mine = pd.MultiIndex.from_frame(members[["month", "channel"]])
    missing = members[mine.isin(at[~shown])].groupby("channel")["person"].nunique()
    touched = pd.Index(months["channel"][~shown].unique())
    named = last.index.isin(everybody.index[everybody >= least])
    return Seen(
        months=months[shown].reset_index(drop=True),
        last=last[named],
        hidden=not named.all(),
        total=bool((missing.reindex(touched).fillna(0) >= least).all()),
    )


def _members(net: Network) -> pd.DataFrame:
    """Return who of the network had contact, by month and channel; addresses are one person."""
    assert net.log is not None
    assert net.as_of is not None
    people = net.people.drop(columns="is_bot", errors="ignore")
    coded = coded_contacts(net.log, people=people, as_of=net.as_of, among=net.people.index)
    engine, contacts = coded.engine, coded.contacts
    days = engine.query(f"SELECT DISTINCT day FROM {contacts} ORDER BY day")
    month = pd.to_datetime(days["day"], unit="D").dt.strftime("%Y-%m").astype("object")
    table = engine.register(days.assign(month=month))
    ends = " UNION ".join(
        f"SELECT d.month, c.channel, c.{end} AS person FROM {contacts} c "
        f"JOIN {table} d ON c.day = d.day"
        for end in ("source", "target")
    )
    found = engine.query(ends)
    engine.drop(table)
    coded.drop()
    return found
