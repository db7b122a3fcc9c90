"""Files that hold a log: one module a source, found by this one.

A loader recognises a file and hands its rows to the engine; :func:`load` puts the rows of all
files together, drops what is no contact, and returns the log with its card.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netanalytics import registry, schema
from netanalytics.engine import DuckDBEngine
from netanalytics.errors import LoaderError, OptionError, SchemaError
from netanalytics.interactions import Interactions
from netanalytics.judging import from_raw
from netanalytics.loaders._finding import Found, files_of
from netanalytics.loaders._gathered import Gathered
from netanalytics.loaders._progress import Progress, Tell, size_of
from netanalytics.unmapped import DoNotMap

if TYPE_CHECKING:
    import pandas as pd

    from netanalytics.engine import Engine

DATE_ORDERS = ("dmy", "mdy", "ymd")


@dataclass(frozen=True)
class Options:
    """What a user may say about files, the same for every loader.

    Parameters
    ----------
    columns : tuple of str
        Names of the columns of a file without a header.
    mapping : mapping of str to str
        Column of the file for a column of the log: ``{"target": "recipient"}``.
    zone : str, optional
        Zone of times that name none.
    date_order : {"dmy", "mdy", "ymd"}, optional
        Order of day, month and year in dates that leave it open.
    undirected : bool
        Whether rows are co-presence: neither reached the other.
    progress : Progress, optional
        Takes the bytes that a loader has read, where somebody waits for them.
    """

    columns: tuple[str, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)
    zone: str | None = None
    date_order: str | None = None
    undirected: bool = False
    progress: Progress | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Batch:
    """What a loader read from one source, or from one part of it.

    Parameters
    ----------
    query : str, optional
        Gives ``record`` and the columns of the log, one row a contact; None for a source that
        holds people only.
    skipped : tuple of (str, int)
        Reasons and how many records hold no contact; for people only, also how many were kept.
    notes : tuple of str
        What a reader should know, in sentences without the name of the file.
    people : pandas.DataFrame, optional
        People that the source knows: ``person`` and any attributes.
    relations : pandas.DataFrame, optional
        Relations that the source declares.
    until : int, optional
        When the source was exported, in microseconds since 1970: what it holds after that is
        planned and never moves the end of observation.
    label : str, optional
        Which part of the source it is, such as the file inside a folder.
    unit : str, optional
        The unit of its records, where parts of one source differ.
    tables : tuple of str
        Tables that only this query reads: they are dropped once the log is made.
    ready : bool
        Whether the query only reads what those tables hold: then they are not copied.
    """

    query: str | None
    skipped: tuple[tuple[str, int], ...] = ()
    notes: tuple[str, ...] = ()
    people: pd.DataFrame | None = None
    relations: pd.DataFrame | None = None
    until: int | None = None
    label: str | None = None
    unit: str | None = None
    tables: tuple[str, ...] = ()
    ready: bool = False


def load(  # noqa: PLR0913  # all but the first by name
    source: str | Path | pd.DataFrame | Iterable[str | Path] | Any,
    *,
    kind: str | None = None,
    zone: str | None = None,
    columns: Sequence[str] | None = None,
    mapping: Mapping[str, str] | None = None,
    date_order: str | None = None,
    undirected: bool = False,
    do_not_map: DoNotMap | str | Sequence[str] = (),
    engine: Engine | None = None,
    progress: Tell | None = None,
) -> Interactions:
    """Read a log from a file, a folder, several of them, or a DataFrame.

    Parameters
    ----------
    source : str, Path, pandas.DataFrame or sequence of str or Path
        What to read. In a folder every file of a known kind is read; the card names the others.
        A table of another library (Polars, Arrow, a DuckDB relation) is read as a DataFrame.
    kind : str, optional
        Name of a loader; found from the file by default.
    zone : str, optional
        Time zone of times that name none, such as "Europe/Paris"; UTC by default.
    columns : sequence of str, optional
        Names of the columns of a file that has no header.
    mapping : mapping of str to str, optional
        Column of the file for a column of the log, where names are unusual:
        ``{"target": "recipient"}``.
    date_order : {"dmy", "mdy", "ymd"}, optional
        Order of day, month and year, where the file leaves it open.
    undirected : bool
        Whether rows are co-presence (both met) instead of one person reaching another.
    do_not_map : DoNotMap, str or sequence of str
        Ids, addresses and domains (``@clinic.example``) that appear nowhere: what is left is what
        would have been read without them, and the card says only how many records they cost.
    engine : Engine, optional
        Where the rows are kept; DuckDB in this process by default.
    progress : callable, optional
        Called now and then with the name of a file, the bytes read so far and those in all.

    Returns
    -------
    Interactions
        With ``card`` (what was read, kept and skipped) and ``coverage``.

    Raises
    ------
    LoaderError
        If a file is missing or cannot be read, or nothing in a folder is of a known kind.
    OptionError
        If an option has an unknown value.

    Examples
    --------
    >>> import pandas as pd
    >>> import netanalytics as na
    >>> frame = pd.DataFrame({"sent": ["2026-01-05 09:00"], "from": ["ada"], "to": ["ben; cy"]})
    >>> na.load(frame)
    Interactions(2 contacts)
    """
    options = options_of(
        columns=columns,
        mapping=mapping,
        zone=zone,
        date_order=date_order,
        undirected=undirected,
    )
    return load_each(
        [(source, kind, options)], do_not_map=do_not_map, engine=engine, progress=progress
    )


def options_of(
    *,
    columns: Sequence[str] | None = None,
    mapping: Mapping[str, str] | None = None,
    zone: str | None = None,
    date_order: str | None = None,
    undirected: bool = False,
) -> Options:
    """Return checked options from what a user said about a file."""
    return Options(
        columns=tuple(columns or ()),
        mapping=dict(mapping or {}),
        zone=_zone(zone),
        date_order=None
        if date_order is None
        else schema.one_of("date_order", date_order, DATE_ORDERS),
        undirected=undirected,
    )


def load_each(
    sources: Sequence[tuple[Any, str | None, Options]],
    *,
    do_not_map: DoNotMap | str | Sequence[str] = (),
    forgiving: bool = False,
    engine: Engine | None = None,
    progress: Tell | None = None,
) -> Interactions:
    """Read sources that need options of their own into one log; see :func:`load`.

    Parameters
    ----------
    sources : sequence of (source, kind, Options)
        What :func:`load` takes, the name of a loader or None, and the options.
    do_not_map : DoNotMap, str or sequence of str
        Who appears nowhere.
    forgiving : bool
        Whether a source that is no log is a reason in the card and a note, as a file in a folder
        is, instead of an error. One that is missing is an error always.
    engine : Engine, optional
        Where the rows are kept.
    progress : callable, optional
        Whom to tell how much is read.
    """
    discover()
    engine = engine or DuckDBEngine()
    hidden = do_not_map if isinstance(do_not_map, DoNotMap) else DoNotMap.of(do_not_map)
    found = [(*files_of(source, kind), options) for source, kind, options in sources]
    told = None
    if progress is not None:
        total = sum(size_of(file.path) for files, _, _ in found for file in files)
        told = Progress(progress, total)
    read: list[_Read] = []
    others: list[str] = []
    for files, unknown, options in found:
        wanted = [replace(file, named=False) for file in files] if forgiving else files
        read += _read(engine, wanted, replace(options, progress=told), every=not forgiving)
        others += unknown
    failures = [one.batch for one in read if isinstance(one.batch, str)]
    if forgiving and len(failures) == len(read):
        raise LoaderError(f"no source could be read as a log; the first: {failures[0]}")
    return _together(engine, read, others, hidden)


def discover() -> None:
    """Import every loader of the package and of plug-ins."""
    registry.import_family(__name__, __path__)
    registry.load_plugins()


def _zone(zone: str | None) -> str | None:
    if zone is None:
        return None
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(zone)
    except (ValueError, OSError, KeyError):
        raise OptionError(f"zone is {zone!r}: give a name such as Europe/Paris") from None
    return zone


@dataclass(frozen=True)
class _Read:
    """A batch with what to call it; a text instead of a batch says why it was not read."""

    label: str
    card: registry.Loader
    batch: Batch | str


def _read(engine: Engine, files: Iterable[Found], options: Options, *, every: bool) -> list[_Read]:
    """Read each file; what a folder holds besides logs is a reason instead of an error."""
    read: list[_Read] = []
    failures: list[LoaderError] = []
    for found in files:
        if options.progress:
            options.progress.begin(found.label, size_of(found.path))
        try:
            batches = found.card.function(found.path, options, engine)
            batches = _checked(batches, found.label)
        except LoaderError as error:
            if found.named:
                raise
            failures.append(error)
            read.append(_Read(found.label, found.card, f"not read: {error}"))
            continue
        for batch in batches:
            label = f"{found.label}/{batch.label}" if batch.label else found.label
            read.append(_Read(label, found.card, batch))
    if options.progress:
        options.progress.finish()
    if every and failures and all(isinstance(one.batch, str) for one in read):
        raise LoaderError(f"no file could be read as a log; the first: {failures[0]}")
    return read


def _checked(batches: Batch | Iterable[Batch], label: str) -> list[Batch]:
    """Return the batches of a source whose tables of people and relations are such tables."""
    found = [batches] if isinstance(batches, Batch) else list(batches)
    for batch in found:
        try:
            if batch.relations is not None and len(batch.relations):
                schema.relations_table(batch.relations)
        except SchemaError as error:
            raise LoaderError(f"{label}: {'; '.join(error.violations)}") from None
    return found


def _together(
    engine: Engine, read: Sequence[_Read], others: Sequence[str], hidden: DoNotMap
) -> Interactions:
    """Put all batches into one table and hand it to the log."""
    from netanalytics.loaders._people import joined_people

    files = []
    skipped: list[tuple[int, str, int]] = []
    batches: list[tuple[str, Batch]] = []
    gathered = Gathered(engine)
    known = [one.batch.people for one in read if not isinstance(one.batch, str)]
    tables = [table for table in known if table is not None]
    people = joined_people(tables)
    # Of several names of a person one is kept: the others are looked up by source.
    named = [table.set_index("person")[["name"]] for table in tables if "name" in table.columns]
    hidden = hidden.known_as(people, *named)
    for number, (one, label) in enumerate(
        zip(read, _labels([hidden.label(one.label) for one in read]), strict=True)
    ):
        if isinstance(one.batch, str):
            files.append((label, one.card.name, "file"))
            told = _not_read([one], hidden) or ["not read"]
            skipped.append((number, told[0], 1))
            continue
        batches.append((label, one.batch))
        files.append((label, one.card.name, one.batch.unit or one.card.unit))
        skipped += [(number, reason, n) for reason, n in one.batch.skipped]
        if one.batch.query is not None:
            gathered.add(number, label, one.batch)
    for label in map(hidden.label, others):
        skipped.append((len(files), "no loader knows it", 1))
        files.append((label, "unknown", "file"))
    cost, gone = gathered.leave_out(hidden)
    skipped += cost
    met = frozenset(name.casefold() for name in gone) | hidden.found(people, *named)
    log = from_raw(
        engine,
        gathered.query(),
        files=files,
        skipped=skipped,
        people=hidden.table(people),
        relations=hidden.rows(_relations(batches), "source", "target"),
        exported={label: batch.until for label, batch in batches if batch.until is not None},
        notes=list(dict.fromkeys(note for _, batch in batches for note in batch.notes))
        + _not_read(read, hidden),
    )
    gathered.drop()
    return replace(log, hidden=replace(hidden, met=met))


def _not_read(read: Sequence[_Read], hidden: DoNotMap) -> list[str]:
    """Say of each file why it was not read, unless that would tell who is left out."""
    told = [one.batch for one in read if isinstance(one.batch, str)]
    return [text for text in told if hidden.label(text) == text]


def _relations(batches: Sequence[tuple[str, Batch]]) -> pd.DataFrame | None:
    import pandas as pd

    tables = [
        schema.relations_table(batch.relations)
        for _, batch in batches
        if batch.relations is not None and len(batch.relations)
    ]
    return pd.concat(tables, ignore_index=True).drop_duplicates() if tables else None


def _labels(labels: Sequence[str]) -> list[str]:
    """Tell files of one name apart."""
    seen: dict[str, int] = {}
    told = []
    for label in labels:
        seen[label] = seen.get(label, 0) + 1
        told.append(label if seen[label] == 1 else f"{label} ({seen[label]})")
    return told
