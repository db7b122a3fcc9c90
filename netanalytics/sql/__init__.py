"""The texts of the queries, one file each, in the subset that DuckDB and Spark both run.

Time is a BIGINT of microseconds, floating literals carry an exponent, divisions cast to double
first, and nothing rests on date functions, hashes or boolean sums. Only numbers and validated
identifiers are put into a text; strings travel as registered tables.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

_IDENTIFIER = re.compile(r"[a-z_][a-z0-9_]*")


@cache
def _template(name: str) -> str:
    return files(__name__).joinpath(f"{name}.sql").read_text(encoding="utf-8")


def text(name: str, **parts: str | int | float) -> str:
    """Return a query with its numbers and identifiers filled in.

    Parameters
    ----------
    name : str
        Name of the file, without ``.sql``.
    **parts : str, int or float
        Lower-case identifiers, and numbers; floats are written with an exponent, since a plain
        decimal would be a DECIMAL in Spark.

    Raises
    ------
    ValueError
        If an identifier is not one.
    """
    return _template(name).format(**{key: literal(value) for key, value in parts.items()})


def text_with_log(name: str, query: str, **parts: str | int | float) -> str:
    """Return a query over a log, whose own query stands for ``{log}``."""
    filled = {key: literal(value) for key, value in parts.items()}
    return _template(name).format(log=query, **filled)


def literal(value: str | int | float) -> str:
    """Write a number or an identifier for a query."""
    if isinstance(value, str):
        if not _IDENTIFIER.fullmatch(value):
            raise ValueError(f"{value!r} is not an identifier")
        return value
    return f"{value:.17e}" if isinstance(value, float) else str(int(value))
