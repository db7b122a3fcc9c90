"""Tables: CSV, TSV, other delimited text, JSON Lines, Parquet, and DataFrames.

DuckDB reads the files: its CSV reader was four times as fast as the next on the measured logs,
reports every line that it had to reject, and reads Parquet without loading it. Delimiter and
header are found here, because its own guess takes a headerless list of contacts for one column.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from netanalytics import registry
from netanalytics.errors import LoaderError
from netanalytics.loaders._table import contacts_of
from netanalytics.loaders._text import layout_of
from netanalytics.loaders._times import Table
from netanalytics.schema import whole_number

if TYPE_CHECKING:
    import pandas as pd

    from netanalytics.engine import Engine
    from netanalytics.loaders import Batch, Options

SUFFIXES = (".csv", ".tsv", ".tab", ".txt", ".dat", ".jsonl", ".ndjson", ".parquet", ".pq")
COMPRESSED = (".gz", ".bz2", ".xz")


def recognises(path: Path) -> bool:
    """Say whether a file has the name of a table."""
    if path.is_dir():
        return False
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in COMPRESSED:
        suffixes.pop()
    return bool(suffixes) and suffixes[-1] in SUFFIXES


@registry.loader(
    "table",
    unit="row",
    read="CSV, TSV, delimited text, JSON Lines, Parquet (.gz, .bz2, .xz) or a DataFrame with a "
    "time, a source and a target column",
    recognises=recognises,
)
def read(source: Path | pd.DataFrame, options: Options, engine: Engine) -> Batch:
    """Read a table of contacts.

    Parameters
    ----------
    source : Path or pandas.DataFrame
        The file.
    options : Options
        What the user said about it.
    engine : Engine
        Where the rows go.

    Returns
    -------
    Batch

    Raises
    ------
    LoaderError
        If it is no table, a column is missing or fits twice, or its times cannot be read.
    """
    return contacts_of(_open(source, options, engine), options, engine)


def _open(source: Path | pd.DataFrame, options: Options, engine: Engine) -> Table:
    if not isinstance(source, Path):
        name = engine.register(_plain(source, options))
        return Table(name, "DataFrame", 0, engine.types(name))
    if _is_parquet(source):
        name = engine.register_parquet(source)
        return Table(name, source.name, 0, engine.types(name))
    path, layout = layout_of(source, options.columns)
    try:
        name, rejected = engine.register_text(path, layout)
    finally:
        if path != source:  # a copy, unpacked into a folder of its own
            shutil.rmtree(path.parent, ignore_errors=True)
    return Table(name, source.name, rejected, engine.types(name))


def _is_parquet(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"PAR1"


def _plain(frame: pd.DataFrame, options: Options) -> pd.DataFrame:
    """Return a frame that any engine takes: text names, no categories, no lists in cells."""
    import pandas as pd

    names = list(options.columns) or [str(name) for name in frame.columns]
    if len(names) != len(frame.columns) or len(set(names)) < len(names):
        raise LoaderError(
            f"DataFrame: {len(names)} different column names for {len(frame.columns)} columns"
        )
    plain = frame.set_axis(names, axis=1).reset_index(drop=True)
    for name in names:
        if isinstance(plain[name].dtype, pd.CategoricalDtype):
            plain[name] = plain[name].astype("str")
        elif plain[name].dtype == object:
            plain[name] = plain[name].map(_cell_text)
    plain.insert(0, "record", range(1, len(plain) + 1), allow_duplicates=False)
    return plain


def _cell_text(cell: object) -> object:
    if isinstance(cell, list | tuple | set | frozenset):
        return ";".join(
            sorted(map(str, cell)) if isinstance(cell, set | frozenset) else map(str, cell)
        )
    return whole_number(cell)
