"""Whom a person might write to: ties with a rhythm of their own that has broken off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netanalytics.advice import reasons
from netanalytics.advice.wishes import mine, wished
from netanalytics.analysis import decay
from netanalytics.arguments import whole
from netanalytics.errors import OptionError

if TYPE_CHECKING:
    from netanalytics.network import Network

COLUMNS = ("rank", "person", "contact", "last", "silence", "score", "because")

FADING = ("cooling", "dormant")


def check_ins(
    net: Network,
    *,
    person: str | None = None,
    n: int | None = 10,
    wishes: pd.DataFrame | None = None,
    journal: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Suggest whom to write to, most worthwhile first.

    Parameters
    ----------
    net : Network
        A network with dates.
    person : str, optional
        Id of the person to suggest for; everybody without it.
    n : int, optional
        How many suggestions a person; None for all. Wishes that are due are never cut off.
    wishes : pandas.DataFrame, optional
        My own, for ``person``: index ``contact`` or column ``person``; any of every_days, keep,
        let_rest. They outrank what is learnt: whoever is to rest is on no list, and those whose
        time has come are first.
    journal : pandas.DataFrame, optional
        My own (columns date, person, kind and perhaps until): "done" resets the clock, "snooze"
        postpones.

    Returns
    -------
    pandas.DataFrame
        Columns rank (1 is first, a person), person, contact, last (time of the last contact
        seen), silence (days since then ÷ the longest earlier pause), score, because.

    Raises
    ------
    UndatedError
        If the network has no dates.
    UnknownPersonError
        If there is no such person.
    OptionError
        If ``n`` is below 1, or wishes make no sense or are given without a person.

    Notes
    -----
    Ties whose stage is cooling or dormant; score = ln(1 + contact days) / silence, so that what has
    just broken a long rhythm comes before what ended long ago. Ties whose channels are no longer
    covered are not judged, and whoever has a meeting planned is left out.

    With a wish ``every_days``, a contact is due so many days after the last one, and not before;
    with ``keep``, once the pause is the longest ever, or a half-life where there is too little
    history. Their score is the best learnt one, plus 1 for ``every_days``, plus how far overdue.

    Examples
    --------
    >>> import netanalytics as na
    >>> office = na.datasets.office(seed=7)
    >>> net = na.build_network(na.load(office.interactions), people=office.people)
    >>> list(check_ins(net, n=1).columns[:3])
    ['rank', 'person', 'contact']
    """
    net.need_dates("check_ins")
    if n is not None:
        whole("n", n, least=1, also=", or None for all")
    if person is None and (wishes is not None or journal is not None):
        raise OptionError("wishes are one person's own: say whose list it is (person=)")
    found = _fading(net)
    both = pd.concat(
        [
            found.rename(columns={"source": "person", "target": "contact"}),
            found.rename(columns={"target": "person", "source": "contact"}),
        ]
    )
    if person is not None:
        both = both[both["person"] == net.find(person)]
    both = both.assign(because=_learnt(both), wish=False)
    if person is not None:
        me = net.find(person)
        both = wished(net, me, both, mine(net, wishes, journal, me=me))
    both = both.sort_values(
        ["person", "score", "contact"], ascending=[True, False, True], kind="stable"
    ).reset_index(drop=True)
    both["rank"] = both.groupby("person").cumcount() + 1
    if n is not None:
        both = both[(both["rank"] <= n) | both["wish"].astype(bool)].reset_index(drop=True)
    return both[list(COLUMNS)].astype({"because": "str"})


def _learnt(both: pd.DataFrame) -> list[str]:
    facts = zip(both["days"], both["usual"], both["silent"], both["longest"], strict=True)
    return [reasons.check_in(*fact) for fact in facts]


def _fading(net: Network) -> pd.DataFrame:
    """Return the ties that broke off, with what their reason needs."""
    silence = decay.silence(net)
    stage = decay.stage(net)
    ties = net.ties
    table = pd.DataFrame(
        {
            "last": ties["last"],
            "silence": silence,
            "days": ties["days"],
            "usual": ties["median_gap_days"],
            "silent": net.days_since(ties["last"]),
            "longest": longest_pause(ties),
        }
    )
    keep = stage.isin(FADING) & ~ties.index.isin(_planned(net))
    table = table[keep.to_numpy()].reset_index()
    table["score"] = np.log1p(table["days"].to_numpy(dtype=float)) / table["silence"]
    return table


def longest_pause(ties: pd.DataFrame) -> pd.Series:
    """Return the longest pause that silence is measured against: of the channels still covered."""
    return ties["longest_gap_days"].where(~ties["ended"].astype(bool), ties["covered_gap_days"])


def _planned(net: Network) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(net.planned[["source", "target"]])
