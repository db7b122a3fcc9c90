"""Named metrics, loaders and report sections.

A family's ``__init__`` imports its files; importing a file registers what it holds. The registry
knows no family, so nothing here imports upwards. Other packages add to a family by an entry point
in the group ``netanalytics`` that names a module to import.
"""

from __future__ import annotations

import difflib
import importlib
import inspect
import logging
import pkgutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal, TypeVar

from netanalytics.errors import UnknownNameError

logger = logging.getLogger(__name__)

Per = Literal["person", "tie"]
Invariance = Literal["renaming", "row order", "isolate", "scaling"]
Anything = TypeVar("Anything", bound=Callable[..., Any])

EVERY_INVARIANCE: frozenset[Invariance] = frozenset(["renaming", "row order", "isolate", "scaling"])


@dataclass(frozen=True)
class Metric:
    """The card of a measure: what it is, how to read it, and what does not change it."""

    name: str
    per: Per
    function: Callable[..., Any]
    unit: str
    read: str
    formula: str
    reference: str
    invariant: frozenset[Invariance]
    by: bool = False
    dated: bool = False
    options: frozenset[str] = field(default=frozenset())


@dataclass(frozen=True)
class Loader:
    """The card of a loader: which files it takes and how it reads one."""

    name: str
    unit: str
    read: str
    recognises: Callable[..., bool]
    function: Callable[..., Any]


@dataclass(frozen=True)
class Section:
    """The card of a report section: for which audience, and the function that builds it."""

    name: str
    read: str
    audiences: frozenset[str]
    order: int
    function: Callable[..., Any]


_metrics: dict[str, Metric] = {}
_loaders: dict[str, Loader] = {}
_sections: dict[str, Section] = {}


def metric(
    name: str,
    *,
    per: Per,
    unit: str,
    read: str,
    formula: str,
    reference: str,
    invariant: Iterable[Invariance] = EVERY_INVARIANCE,
    dated: bool = False,
) -> Callable[[Anything], Anything]:
    """Register a measure: ``function(net, *, …) -> Series`` by person or by (source, target).

    Parameters
    ----------
    name : str
        The word for it; also the name of the returned Series.
    per : {"person", "tie"}
        What has a value.
    unit, read, formula, reference : str
        Unit, one sentence on how to read the number, its formula, its source.
    invariant : iterable of {"renaming", "row order", "isolate", "scaling"}
        Changes of the input that leave every value alone: other ids, shuffled rows, one more
        person without ties, all strengths times a constant.
    dated : bool
        Whether it needs the time of each contact.

    Returns
    -------
    callable
        A decorator that returns the function as it is.
    """

    def register(function: Anything) -> Anything:
        names = frozenset(list(inspect.signature(function).parameters)[1:])
        _add(
            _metrics,
            Metric(
                name=name,
                per=per,
                function=function,
                unit=unit,
                read=read,
                formula=formula,
                reference=reference,
                invariant=frozenset(invariant),
                by="by" in names,
                dated=dated,
                options=names,
            ),
        )
        return function

    return register


def loader(
    name: str, *, unit: str, read: str, recognises: Callable[..., bool]
) -> Callable[[Anything], Anything]:
    """Register a loader: ``function(path, options, engine)`` for files that it recognises."""

    def register(function: Anything) -> Anything:
        _add(_loaders, Loader(name, unit, read, recognises, function))
        return function

    return register


def section(
    name: str, *, read: str, audiences: Sequence[str], order: int
) -> Callable[[Anything], Anything]:
    """Register a report section: ``function(context)`` for some audiences, in an order."""

    def register(function: Anything) -> Anything:
        _add(_sections, Section(name, read, frozenset(audiences), order, function))
        return function

    return register


def _add(family: dict[str, Any], card: Any) -> None:
    standing = family.get(card.name)
    if standing is not None and standing.function.__module__ != card.function.__module__:
        raise ValueError(f"{card.name!r} is registered twice")
    family[card.name] = card


def metrics() -> dict[str, Metric]:
    """Return the registered metrics by name, sorted."""
    return dict(sorted(_metrics.items()))


def loaders() -> dict[str, Loader]:
    """Return the registered loaders by name, sorted."""
    return dict(sorted(_loaders.items()))


def sections() -> tuple[Section, ...]:
    """Return the registered report sections in the order of the report."""
    return tuple(sorted(_sections.values(), key=lambda card: (card.order, card.name)))


def import_family(package: str, path: Iterable[str]) -> None:
    """Import every module of a family, in the order of their names."""
    for module in sorted(info.name for info in pkgutil.iter_modules(path)):
        importlib.import_module(f"{package}.{module}")


@cache
def load_plugins() -> tuple[str, ...]:
    """Import the modules that other packages registered; return one line for each that failed."""
    from importlib.metadata import entry_points

    failures = []
    for point in sorted(entry_points(group="netanalytics"), key=lambda point: point.name):
        try:
            point.load()
        except Exception as error:  # a plug-in may fail in any way; the rest must go on
            failures.append(f"plug-in {point.name!r} did not load: {error}")
            logger.warning(failures[-1])
    return tuple(failures)


MOST_NAMES = 24
"""So many known names are listed where none comes near."""


def nearest(name: str, names: Iterable[str]) -> str:
    """Return a hint at the nearest known names, or an empty text.

    Examples
    --------
    >>> nearest("Ada.Onk", ["ada.ong", "ben", "ada.ong"])
    '; did you mean ada.ong?'
    """
    folded = {known.casefold(): known for known in names}
    near = difflib.get_close_matches(name.casefold(), list(folded), n=3, cutoff=0.6)
    close = [folded[known] for known in near]
    return f"; did you mean {' or '.join(close)}?" if close else ""


def unknown(family: str, name: str, names: Iterable[str]) -> UnknownNameError:
    """Return the error for a name that no member of a family has, with what it might be."""
    known, name = sorted(set(map(str, names))), str(name)
    few = ", ".join(known[:MOST_NAMES]) + (", …" if len(known) > MOST_NAMES else "")
    hint = nearest(name, known) or (f" (there are: {few})" if known else " (there is none)")
    return UnknownNameError(f"no {family} is called {name!r}{hint}")
