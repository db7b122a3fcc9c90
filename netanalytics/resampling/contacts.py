"""The contacts behind a network, how far they come in bursts, and how to draw them again.

A resample gives every event (one mail with all its recipients) the weight 0 or 2 by a fair coin and
multiplies every pair by a factor of mean 1 and variance κ, the burstiness of the log.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from netanalytics import sql
from netanalytics.errors import UndatedError
from netanalytics.identity import person_of_each
from netanalytics.moments import DAY, micros

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from netanalytics.network import Network

FEWEST_PAIRS = 30
"""With fewer pairs that met more than once nothing can be said about bursts."""

LEAST_BURSTS = 0.001
"""With κ below this, pairs are taken to have no bursts."""

BLOCK = 1 << 22
"""Numbers held at once in one array of weights."""

COINS, FACTORS, NOISE = range(3)
"""Streams of random numbers."""


@dataclass(frozen=True, eq=False)
class Contacts:
    """The contacts behind the ties of a network, in the order of their content.

    Parameters
    ----------
    event, pair, time : numpy.ndarray
        Number of the event, row of ``net.ties`` and microseconds since 1970, for each contact.
    weight : numpy.ndarray
        Its part of the strength of the tie.
    ties : int
        Number of ties.
    """

    event: np.ndarray
    pair: np.ndarray
    time: np.ndarray
    weight: np.ndarray
    ties: int


def contacts_of(net: Network) -> Contacts:
    """Read the contacts of a network from its log, by the rules that made its ties.

    Parameters
    ----------
    net : Network
        Built from a log; a part of a network reads its own ties only.

    Returns
    -------
    Contacts

    Raises
    ------
    UndatedError
        If there is no log, or it does not hold every tie.
    """
    net.need_dates("a band")
    if net.log is None:
        raise UndatedError(
            "a band is made from single contacts, and this network came without its log "
            "(build it again: a pickled network leaves the log behind)"
        )
    rows = _rows(net)
    size, (first, second) = len(net.people), net.ends
    keys = first.astype(np.int64) * size + second
    wanted = rows["a"].to_numpy(dtype=np.int64) * size + rows["b"].to_numpy(dtype=np.int64)
    place = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
    held = keys[place] == wanted if len(keys) else np.zeros(len(wanted), dtype=bool)
    rows, pair = rows[held], place[held]
    if len(np.unique(pair)) < len(keys):
        raise UndatedError("the log of this network does not hold all of its ties: build it again")
    number = rows["number"].to_numpy(dtype=np.int64)
    return Contacts(
        event=np.unique(number, return_inverse=True)[1],
        pair=pair,
        time=rows["time"].to_numpy(dtype=np.int64),
        weight=_weights(net, rows, pair),
        ties=len(keys),
    )


def _rows(net: Network) -> pd.DataFrame:
    """Return event, pair, time and size of every contact."""
    log, end = net.log, net.as_of
    assert log is not None
    assert end is not None
    engine = log.engine
    who = person_of_each(log.ids(), net.people)
    code = net.people.index.get_indexer(pd.Index(who))
    known = code >= 0  # bots are no people of a network, nor are those that were taken out of it
    names = {"id": who.index[known].to_numpy(dtype=object), "code": code[known].astype("int64")}
    ids = engine.register(pd.DataFrame(names))
    coded = sql.text_with_log("contacts", log.query, ids=ids)
    made = [engine.materialise(f"SELECT * FROM ({coded}) AS coded WHERE time <= {micros(end)}")]
    if len(np.unique(code[known])) < known.sum():
        made.append(
            engine.materialise(sql.text_with_log("merged", log.query, contacts=made[0], ids=ids))
        )
        kept = f"SELECT * FROM {made[1]} WHERE source <> target AND copy = 1"
        made.append(engine.materialise(kept))
    rows = engine.query(sql.text("events", contacts=made[-1]))
    for table in (ids, *made):
        engine.drop(table)
    return rows


def _weights(net: Network, rows: pd.DataFrame, pair: np.ndarray) -> np.ndarray:
    """Return the part of each contact in the strength of its tie; parts add up to the whole."""
    time = rows["time"].to_numpy(dtype=np.int64)
    last = np.zeros(len(net.ties), dtype=np.int64)
    last[pair] = np.iinfo(np.int64).min
    np.maximum.at(last, pair, time)
    age = (last[pair] - time) / DAY
    part = np.exp2(-age / (net.half_life_days or np.inf)) / (rows["size"].to_numpy() - 1)
    whole = np.bincount(pair, weights=part, minlength=len(net.ties))
    weight: np.ndarray = part * (net.strength / whole)[pair]
    return weight


def burstiness(contacts: Contacts) -> float:
    """Return κ: by how much contact of a pair varies beyond chance (variance over mean squared).

    Counts of a pair in quarters of the time that do not touch, and so hardly share a burst, are
    compared with its counts in all.

    Parameters
    ----------
    contacts : Contacts
        What :func:`contacts_of` returns.

    Returns
    -------
    float
        0 where contacts come independently, above 1 where they come in heavy bursts. NaN under
        30 pairs with more than one contact, or if a quarter of the time is empty.

    Notes
    -----
    κ = max(0, Σ(N − 1) / Σ[(B₁B₃ + B₁B₄ + B₂B₄)/(N d)] − 1) over pairs with N > 1 contacts, of
    which B are in each quarter; d is the same sum of products of the shares of all contacts that
    fall in each quarter, so that holidays are not taken for pauses.

    Examples
    --------
    >>> burstiness(Contacts(*np.zeros((4, 5), dtype=int), ties=1))
    nan
    """
    if not len(contacts.time):
        return float("nan")
    start, end = contacts.time.min(), contacts.time.max()
    quarter = np.minimum((contacts.time - start) * 4 // max(end - start, 1), 3)
    cells = np.bincount(contacts.pair * 4 + quarter, minlength=4 * contacts.ties)
    counts = cells.reshape(contacts.ties, 4)
    share = counts.sum(axis=0) / counts.sum()
    total = counts.sum(axis=1)
    counts, total = counts[total > 1], total[total > 1]
    if len(total) < FEWEST_PAIRS or not share.all():
        return float("nan")
    apart = _apart(counts.T) / (total * _apart(share))
    return max(0.0, float((total - 1).sum() / apart.sum()) - 1) if apart.any() else float("nan")


def _apart(quarters: np.ndarray) -> np.ndarray:
    """Return the products of quarters that do not touch: what touches may share a burst."""
    one, two, three, four = quarters
    return np.asarray(one * three + one * four + two * four)


def recency(contacts: Contacts, half_life_days: float) -> float:
    """Return T·Σw²/(Σw)² over the T days of a log: by how much fading weights widen κ.

    A burst matters more where few days count. 1 without fading; about T ln 2/(2 half-lives) in a
    long log.
    """
    span = float(contacts.time.max() - contacts.time.min()) / DAY
    left = float(np.exp2(-span / half_life_days))
    if left > 1 - 1e-6:
        return 1.0
    return float(np.log(2) * span / (2 * half_life_days) * (1 + left) / (1 - left))


@dataclass(frozen=True, eq=False)
class Sampler:
    """Draws the weights of all ties again.

    Every resample has random numbers of its own, so that neither how many there are nor in which
    blocks they are worked out changes what one holds.

    Parameters
    ----------
    contacts : Contacts
        What is drawn.
    seed : int
        Start of the random numbers.
    """

    contacts: Contacts
    seed: int

    @cached_property
    def _events(self) -> Any:
        """Ties × events: how much of the strength of a tie rests on an event."""
        from scipy import sparse

        contacts = self.contacts
        shape = (contacts.ties, int(contacts.event.max(initial=-1)) + 1)
        return sparse.csr_array((contacts.weight, (contacts.pair, contacts.event)), shape=shape)

    def weights(self, kappa: float, numbers: Sequence[int], width: int) -> Iterator[np.ndarray]:
        """Yield the weight of every tie in the resamples of these numbers, as blocks of columns.

        Parameters
        ----------
        kappa : float
            Variance of the factor of each pair.
        numbers : sequence of int
            Which resamples.
        width : int
            How many rows the caller makes of a column: wide columns come in smaller blocks.
        """
        step = int(np.clip(BLOCK // max(*self._events.shape, width, 1), 1, len(numbers)))
        for start in range(0, len(numbers), step):
            yield self._block(kappa, numbers[start : start + step])

    def _block(self, kappa: float, numbers: Sequence[int]) -> np.ndarray:
        ties, events = self._events.shape
        coins = [self._coins(number, events) for number in numbers]
        weights: np.ndarray = self._events @ np.stack(coins, axis=1)
        if kappa >= LEAST_BURSTS:
            draw = [self.random(FACTORS, number).poisson(1 / kappa, ties) for number in numbers]
            weights *= kappa * np.stack(draw, axis=1)
        return weights

    def _coins(self, number: int, events: int) -> np.ndarray:
        """Return 0 or 2 for every event by a fair coin: mean 1, variance 1."""
        flips = np.frombuffer(self.random(COINS, number).bytes(events // 8 + 1), np.uint8)
        coins: np.ndarray = 2.0 * np.unpackbits(flips)[:events]
        return coins

    def random(self, stream: int, number: int) -> np.random.Generator:
        """Return the generator of one stream of one resample."""
        key = np.random.SeedSequence(self.seed % 2**64, spawn_key=(stream, number))
        return np.random.Generator(np.random.PCG64(key))
