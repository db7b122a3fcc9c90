"""An invented workplace with a planted truth, to try every measure and every piece of advice on.

:func:`office` draws it. What goes on in the office (team meetings, mailing lists, ties that fade)
is one function each in ``_FEATURES``, with its own stream of random numbers and its own event ids,
and it takes no pair of people that an earlier one has claimed. So a feature added at the end leaves
every row of the others as it was. The only source of chance is ``random.Random(seed).random()``,
which Python promises to keep.
"""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from netanalytics.datasets import daily_work, moves, planted_ties
from netanalytics.datasets.calendar import FIRST_DAY as FIRST_DAY
from netanalytics.datasets.calendar import LAST_DAY as LAST_DAY
from netanalytics.datasets.contacts import Feature
from netanalytics.datasets.people import World
from netanalytics.datasets.tables import Office as Office
from netanalytics.datasets.tables import tables_of, write_files

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_FEATURES: Mapping[str, Callable[[Feature], None]] = MappingProxyType(
    {
        "a": planted_ties.alias,
        "g": planted_ties.local_bridge,
        "c": planted_ties.cut_point,
        "b": planted_ties.broker,
        "f": planted_ties.fading,
        "r": planted_ties.revived,
        "o": planted_ties.one_sided,
        "u": planted_ties.first_meeting,
        "s": planted_ties.silo,
        "w": daily_work.mass_mail,
        "x": daily_work.bots,
        "l": daily_work.lists,
        "m": daily_work.team_meeting,
        "t": daily_work.team_mail,
        "p": daily_work.projects,
        "e": daily_work.accounts,
        "k": daily_work.kept,
        "i": daily_work.bursty,
        "n": daily_work.thin,
        "j": moves.employer_move,
        "v": moves.team_move,
        "d": moves.relations,
    }
)
"""What goes on in the office, by the first letter of its events. New ones come last."""


def office(seed: int = 0) -> Office:
    """Draw an invented workplace of 240 colleagues, watched for eighteen months.

    Parameters
    ----------
    seed : int
        The same seed gives the same office, on every platform.

    Returns
    -------
    Office
        The log, the people, the declared relations, what was planted, and the directory.

    Examples
    --------
    >>> from netanalytics.datasets import office
    >>> place = office(seed=7)
    >>> int(place.people["department"].notna().sum())
    240
    >>> place.truth.loc[place.truth["kind"] == "cut_point", "target"].item()
    'Marlow'
    """
    world = World(seed)
    for prefix, feature in _FEATURES.items():
        # The underscore belongs to the stream's name: another name is another office.
        feature(Feature(world, prefix, f"_{feature.__name__}"))
    return tables_of(world)


def write_office(folder: str | Path, *, seed: int = 0) -> None:
    """Write the tables of an office as CSV files, the same bytes on every platform.

    Parameters
    ----------
    folder : str or pathlib.Path
        Where to write ``interactions.csv``, ``people.csv``, ``relations.csv``, ``truth.csv`` and
        ``directory.csv``; made if it does not exist.
    seed : int
        Which office.
    """
    write_files(office(seed), Path(folder))
