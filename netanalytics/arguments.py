"""Numbers and columns that public functions take, checked at the door.

What cannot be meant is one line that says what would do, for text and NaN as for a number that is
too small: Python would speak of the line in which it noticed.
"""

from __future__ import annotations

import math
import numbers
import reprlib
from collections.abc import Iterable
from typing import Any

from netanalytics.errors import OptionError


def whole(
    name: str, value: Any, *, least: int | None = None, most: int | None = None, also: str = ""
) -> int:
    """Return a whole number that an argument gives.

    Parameters
    ----------
    name : str
        What the argument is called.
    value : object
        What was given.
    least, most : int, optional
        Where it lies, both included.
    also : str
        What else may be given, for the message.

    Raises
    ------
    OptionError
        If it is none, or lies elsewhere.

    Examples
    --------
    >>> whole("runs", 5, least=2)
    5
    >>> whole("runs", "5", least=2)
    Traceback (most recent call last):
        ...
    netanalytics.errors.OptionError: runs is '5'; give a whole number of 2 or more
    """
    if not isinstance(value, bool) and isinstance(value, numbers.Integral):
        found = int(value)
        if (least is None or found >= least) and (most is None or found <= most):
            return found
    raise OptionError(_wrong(name, value, f"a whole number{_span(least, most)}{also}"))


def number(
    name: str,
    value: Any,
    *,
    least: float | None = None,
    most: float | None = None,
    open_ends: bool = False,
) -> float:
    """Return a finite number that an argument gives.

    Parameters
    ----------
    name : str
        What the argument is called.
    value : object
        What was given.
    least, most : float, optional
        Where it lies.
    open_ends : bool
        Whether these two are left out.

    Raises
    ------
    OptionError
        If it is none, or lies elsewhere.

    Examples
    --------
    >>> number("level", 0.9, least=0, most=1, open_ends=True)
    0.9
    >>> number("level", float("nan"), least=0, most=1, open_ends=True)
    Traceback (most recent call last):
        ...
    netanalytics.errors.OptionError: level is nan; give a number between 0 and 1
    """
    if not isinstance(value, bool) and isinstance(value, numbers.Real):
        found = float(value)
        inside = (least is None or found >= least) and (most is None or found <= most)
        if math.isfinite(found) and inside and not (open_ends and found in (least, most)):
            return found
    raise OptionError(_wrong(name, value, f"a number{_span(least, most, open_ends)}"))


def names(name: str, value: Any, what: str = "people column") -> list[str]:
    """Return the names that an argument gives: one, or several.

    Parameters
    ----------
    name : str
        What the argument is called.
    value : object
        What was given.
    what : str
        What it names.

    Raises
    ------
    OptionError
        If it names nothing.

    Examples
    --------
    >>> names("by", "team"), names("by", ["team", "site"])
    (['team'], ['team', 'site'])
    """
    if isinstance(value, str):
        return [value]
    found = list(value) if isinstance(value, Iterable) else []
    if not found or not all(isinstance(one, str) for one in found):
        raise OptionError(_wrong(name, value, f"the name of a {what}, or several in a list"))
    return found


def _wrong(name: str, value: Any, wanted: str) -> str:
    return f"{name} is {shortened(value)}; give {wanted}"


def shortened(value: Any) -> str:
    """Write what was given in one short line."""
    return " ".join(reprlib.repr(value).split())


def _span(least: float | None, most: float | None, open_ends: bool = False) -> str:
    """Say where a number lies: `` of 2 or more``, `` between 0 and 1``."""
    if least is not None and most is not None:
        return f" between {least:g} and {most:g}" if open_ends else f" from {least:g} to {most:g}"
    if least is not None:
        return f" above {least:g}" if open_ends else f" of {least:g} or more"
    return "" if most is None else f" {'below' if open_ends else 'up to'} {most:g}"
