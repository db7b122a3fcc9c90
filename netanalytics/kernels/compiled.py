"""The door to numba: functions over arrays that are compiled when they are first called.

Modules with compiled functions are imported where they are used, so that numba, which takes a
second to load, is loaded only by what needs it. What was compiled is kept beside the source, or in
the user's cache directory; where neither can be written it is compiled anew in every process.
numba notices a change of the file that a function stands in, not of one that it calls elsewhere:
when working on these modules, touch those that import what you changed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """Compile a function on its first call: one thread, sums in the order written, no fastmath."""
    try:
        return cast("Function", numba.njit(cache=True)(function))
    except RuntimeError:  # numba found no directory that it can write to
        return cast("Function", numba.njit(function))
