"""Tables of other libraries become pandas frames at the door.

narwhals tells them apart and hands them over; it is imported only when the object is no pandas
frame, no path and no list of paths.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from netanalytics.errors import LoaderError

if TYPE_CHECKING:
    import pandas as pd


def pandas_of(source: Any) -> pd.DataFrame | None:
    """Return a table of any library as a pandas frame, or None if the object is no table.

    Parameters
    ----------
    source : object
        A pandas, Polars, Modin or Spark frame, an Arrow table or stream, a DuckDB relation, or
        whatever else narwhals knows.

    Returns
    -------
    pandas.DataFrame or None

    Raises
    ------
    LoaderError
        If it is a table that cannot be handed over.

    Examples
    --------
    >>> pandas_of("exports/") is None
    True
    """
    import pandas as pd

    if isinstance(source, pd.DataFrame):
        return source
    if isinstance(source, str | bytes | list | tuple | set) or hasattr(source, "__fspath__"):
        return None
    try:
        frame = _through_narwhals(source)
        if frame is None and hasattr(source, "__arrow_c_stream__"):
            frame = cast("Any", pd.DataFrame).from_arrow(source)
    except Exception as error:  # a foreign table may be a query that fails in any way
        line = (str(error).strip().splitlines() or [type(error).__name__])[0][:160]
        raise LoaderError(f"{type(source).__name__}: cannot be taken as a table ({line})") from None
    return None if frame is None else _plain(frame)


def paths_of(source: Any) -> list[str | Path]:
    """Return the paths that were given, one or several.

    Raises
    ------
    LoaderError
        If there is none, or something else is among them.
    """
    sources = [source] if isinstance(source, str | Path) else source
    if not isinstance(sources, Iterable):
        raise LoaderError(f"{type(source).__name__}: this is neither a path nor a table")
    paths = list(sources)
    if not paths:
        raise LoaderError("no file was given")
    for path in paths:
        if not isinstance(path, str | Path):
            raise LoaderError(f"{type(path).__name__}: this is no path; give one table at a time")
    return paths


def _through_narwhals(source: Any) -> pd.DataFrame | None:
    import narwhals as nw
    import pandas as pd

    table = nw.from_native(source, pass_through=True, series_only=False)
    if isinstance(table, nw.LazyFrame):
        table = table.collect() if table.implementation.is_polars() else table.collect("pandas")
    if not isinstance(table, nw.DataFrame):
        return None
    try:
        return table.to_pandas()
    except ImportError:  # Polars needs pyarrow for that
        return pd.DataFrame(table.to_dict(as_series=False))


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose cells with several values are lists, as in a frame made by hand."""
    import numpy as np

    listed = [
        column
        for column in frame.columns
        if frame[column].dtype == object
        and frame[column].map(lambda cell: isinstance(cell, np.ndarray)).any()
    ]
    return frame.assign(
        **{
            column: frame[column].map(
                lambda cell: cell.tolist() if isinstance(cell, np.ndarray) else cell
            )
            for column in listed
        }
    )
