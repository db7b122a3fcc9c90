"""One thread of linear algebra, so that the last digit does not hang on how many there are."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController

Given = ParamSpec("Given")
Found = TypeVar("Found")


def on_one_thread(function: Callable[Given, Found]) -> Callable[Given, Found]:
    """Run a function with one thread of linear algebra.

    Several add up in another order, and on a machine that is busy wait for one another far longer
    than the sum takes.
    """

    @wraps(function)
    def wrapped(*args: Given.args, **kwargs: Given.kwargs) -> Found:
        with _libraries().limit(limits=1, user_api="blas"):
            return function(*args, **kwargs)

    return wrapped


@cache
def _libraries() -> ThreadpoolController:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
