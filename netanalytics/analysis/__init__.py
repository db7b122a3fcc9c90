"""Measures of people and ties, one file a chapter, and the two functions that ask for several.

A new chapter is a new file: it is found here and its measures are known by their registration.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from netanalytics import registry
from netanalytics.arguments import names
from netanalytics.errors import OptionError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from netanalytics.network import Network

registry.import_family(__name__, __path__)

_ASKED = {"person": ("people", "measure"), "tie": ("ties", "measure_ties")}


def measure(
    net: Network,
    metrics: str | Sequence[str] | None = None,
    *,
    by: str | Sequence[str] | None = None,
    **options: Any,
) -> pd.DataFrame:
    """Return measures of people, one column each.

    Parameters
    ----------
    net : Network
        The network.
    metrics : str or sequence of str, optional
        Names such as "constraint", or "ei_index_department" for a measure over a people column.
        None for all that apply: those that need dates only where there are dates, those over a
        people column only with ``by``.
    by : str or sequence of str, optional
        People columns for the measures that are taken over one.
    **options
        ``weighted``, ``directed``, ``mode``, ``seed`` and so on; each goes to the measures that
        have it.

    Returns
    -------
    pandas.DataFrame
        By person, in the order of ``net.people``; undefined values are missing.

    Raises
    ------
    UnknownNameError
        If there is no such measure or column, or it is one of ties.
    OptionError
        If ``by`` is missing, or no measure asked for has an option that was given.
    UndatedError
        If a measure needs dates that the network does not have.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": ["ada", "bob"], "target": ["bob", "cy"]})
    >>> people = pd.DataFrame({"person": ["ada", "bob", "cy"], "team": list("xxy")})
    >>> net = Network.from_ties(ties, people)
    >>> measure(net, ["degree", "constraint", "ei_index"], by="team")
            degree  constraint  ei_index_team
    person
    ada          1         1.0           -1.0
    bob          2         0.5            0.0
    cy           1         1.0            1.0
    """
    return _table(net, "person", metrics=metrics, by=by, options=options)


def measure_ties(
    net: Network,
    metrics: str | Sequence[str] | None = None,
    *,
    by: str | Sequence[str] | None = None,
    **options: Any,
) -> pd.DataFrame:
    """Return measures of ties, one column each.

    Parameters
    ----------
    net : Network
        The network.
    metrics : str or sequence of str, optional
        Names such as "is_bridge"; None for all that apply.
    by : str or sequence of str, optional
        People columns for the measures that are taken over one.
    **options
        Each goes to the measures that have it.

    Returns
    -------
    pandas.DataFrame
        By (source, target), in the order of ``net.ties``; undefined values are missing.

    Raises
    ------
    UnknownNameError
        If there is no such measure or column, or it is one of people.
    OptionError
        If ``by`` is missing, or no measure asked for has an option that was given.
    UndatedError
        If a measure needs dates that the network does not have.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": list("aabc"), "target": list("bccd")})
    >>> measure_ties(Network.from_ties(ties), ["is_bridge", "span"])
                   is_bridge  span
    source target
    a      b           False   2.0
           c           False   2.0
    b      c           False   2.0
    c      d            True   inf
    """
    return _table(net, "tie", metrics=metrics, by=by, options=options)


@dataclass(frozen=True)
class _Column:
    """One column of the answer: a measure and, where it has one, the people column."""

    card: registry.Metric
    by: str | None = None

    @property
    def name(self) -> str:
        return f"{self.card.name}_{self.by}" if self.by else self.card.name

    def compute(self, net: Network, options: dict[str, Any]) -> pd.Series:
        mine = {name: value for name, value in options.items() if name in self.card.options}
        if self.by:
            mine["by"] = self.by
        series: pd.Series = self.card.function(net, **mine)
        return series


def _table(
    net: Network,
    per: registry.Per,
    *,
    metrics: str | Sequence[str] | None,
    by: str | Sequence[str] | None,
    options: dict[str, Any],
) -> pd.DataFrame:
    if getattr(net, "ties", None) is None:
        raise OptionError("measures are of a network: build_network(log) makes one of a log")
    registry.load_plugins()
    columns = names("by", by) if by else []
    for column in columns:
        net.groups(column)  # says which columns come near if there is no such one
    if metrics is None:
        wanted = list(_everything(net, per, columns))
    else:
        asked = names("metrics", metrics, "measure") if metrics else []
        wanted = [column for name in asked for column in _find(net, name, per=per, by=columns)]
        _check_by(wanted, asked, columns)
    _check_options(wanted, options)
    index = net.people.index if per == "person" else net.ties.index
    values = {column.name: column.compute(net, options) for column in wanted}
    return pd.DataFrame(values, index=index)


def _everything(net: Network, per: registry.Per, by: Sequence[str]) -> Iterator[_Column]:
    dated = net.as_of is not None and "last" in net.ties.columns
    for card in registry.metrics().values():
        if card.per != per or (card.dated and not dated):
            continue
        if card.by:
            yield from (_Column(card, column) for column in by)
        else:
            yield _Column(card)


def _find(net: Network, name: str, *, per: registry.Per, by: Sequence[str]) -> list[_Column]:
    """Return the column or columns that a name stands for."""
    cards = registry.metrics()
    found = [_Column(cards[name])] if name in cards else list(_over_columns(net, name))
    if not found:
        raise registry.unknown("metric", name, _names(net, cards.values()))
    card = found[0].card
    if card.per != per:
        whom, other = _ASKED[card.per]
        command = other.replace("_", "-")
        raise UnknownNameError(
            f"{name!r} is a measure of {whom}: ask {other}(net, [{name!r}]), or netanalytics "
            f"{command} --metric {name}"
        )
    if not card.by or found[0].by:
        return found
    if not by:
        has = ", ".join(map(str, net.people.columns)) or "none"
        raise OptionError(
            f"{name} needs by= (--by), the name of a people column (there are: {has})"
        )
    return [_Column(card, column) for column in by]


def _over_columns(net: Network, name: str) -> Iterator[_Column]:
    """Read a name such as ``ei_index_department``; yield at most one column."""
    for metric, card in registry.metrics().items():
        column = name.removeprefix(f"{metric}_")
        if card.by and column != name and column in net.people.columns:
            yield _Column(card, column)
            return


def _names(net: Network, cards: Iterable[registry.Metric]) -> Iterator[str]:
    for card in cards:
        yield card.name
        if card.by:
            yield from (f"{card.name}_{column}" for column in net.people.columns)


def _check_by(wanted: Sequence[_Column], names: Sequence[str], by: Sequence[str]) -> None:
    """Refuse a ``by`` that no measure takes up, so that nobody takes silence for an answer."""
    if by and not any(column.card.by and column.card.name in names for column in wanted):
        raise OptionError(
            f"none of {', '.join(names) or 'no metrics'} is taken over a people column"
        )


def _check_options(wanted: Sequence[_Column], options: dict[str, Any]) -> None:
    known = sorted({name for column in wanted for name in column.card.options} - {"by"})
    for option in options:
        if option not in known:
            names = ", ".join(dict.fromkeys(column.card.name for column in wanted))
            raise OptionError(
                f"none of {names or 'no metrics'} has an option {option!r} "
                f"(there are: {', '.join(known) or 'none'}){registry.nearest(option, known)}"
            )
