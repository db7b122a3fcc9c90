"""From a table in the engine, whatever it came from, to the contacts in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from netanalytics import registry
from netanalytics.errors import LoaderError
from netanalytics.identity import ADDRESSES, person_column
from netanalytics.loaders import Batch
from netanalytics.loaders._times import Table, quoted, time_of
from netanalytics.schema import KEPT, RELATION_COLUMNS

if TYPE_CHECKING:
    from netanalytics.engine import Engine
    from netanalytics.loaders import Options

USUAL_NAMES: Mapping[str, tuple[str, ...]] = {
    "time": (
        "time", "date", "datetime", "timestamp", "t", "ts", "sent", "sentat", "sentdate",
        "senttime", "datesent", "eventdate", "eventtime", "created", "createdat", "start",
        "starttime", "epoch", "unixtime", "day", "messagedate", "dateutc", "timeutc",
        "datum", "zeit", "zeitpunkt", "gesendet", "gesendetam", "fecha",
    ),
    "source": (
        "source", "sender", "from", "src", "fromaddress", "fromid", "fromuser", "senderid",
        "senderaddress", "senderemail", "sourceid", "author", "caller", "initiator", "user1",
        "person1", "von", "absender", "de", "expéditeur", "expediteur", "remitente",
    ),
    "target": (
        "target", "recipient", "recipients", "to", "dst", "dest", "destination", "receiver",
        "receivers", "toaddress", "toid", "touser", "recipientid", "recipientaddress",
        "recipientemail", "receiverid", "targetid", "callee", "user2", "person2",
        "an", "empfänger", "empfaenger", "à", "destinataire", "destinataires", "para",
        "destinatario", "destinatarios",
    ),
    "channel": ("channel", "kind", "type", "medium"),
    "event": (
        "event", "eventid", "messageid", "msg", "msgid", "mailid", "meetingid", "callid",
    ),
    "size": ("size",),
    "directed": ("directed",),
    "role": ("role",),
    "reply_to": ("replyto", "inreplyto", "answers"),
    "origin": ("origin",),
}  # fmt: skip
"""Usual names of each column, in lower case without spaces and signs."""

REQUIRED = ("time", "source", "target")


def contacts_of(table: Table, options: Options, engine: Engine) -> Batch:
    """Return the contacts of a table.

    Parameters
    ----------
    table : Table
        In the engine, with a column ``record`` that numbers its rows from 1.
    options : Options
        What the user said about it.
    engine : Engine
        Where it is.

    Returns
    -------
    Batch

    Raises
    ------
    LoaderError
        If a column is missing or fits twice, or its times cannot be read.
    """
    columns = [name for name in table.types if name != "record"]
    if is_people(columns, options):
        return people_of_table(table, engine)
    if is_relations(columns, options):
        return relations_of_table(table, engine)
    roles = match_columns(columns, options.mapping, table.label)
    time, notes = time_of(table, roles["time"], options, engine)
    people = _cells(table, roles, engine)
    query = _query(table, roles, time, people, undirected=options.undirected)
    return Batch(
        query,
        skipped=(("malformed row", table.rejected),),
        notes=notes,
        tables=(table.name, *people.values()),
    )


# ---- columns -----------------------------------------------------------------------------------


def _simple(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()


def is_people(columns: Sequence[str], options: Options) -> bool:
    """Say whether a table is one of people: it names persons, and nobody reaches anybody in it."""
    found = {_simple(name) for name in columns}
    log = any(found & set(USUAL_NAMES[role]) for role in ("source", "target"))
    listed = "name" in found and len(found & ADDRESSES) == 1
    named = "person" in columns or (listed and not found & set(USUAL_NAMES["time"]))
    return named and not log and not options.columns and not options.mapping


def is_relations(columns: Sequence[str], options: Options) -> bool:
    """Say whether a table is one of declared relations: pairs with a kind and a period."""
    period = {"since", "until"} & set(columns)
    whole = {"source", "target", "kind"} <= set(columns)
    return bool(period) and whole and not options.columns and not options.mapping


def relations_of_table(table: Table, engine: Engine) -> Batch:
    """Return the declared relations of a table; a row that names no pair or kind is counted."""
    cells = ", ".join(
        f"cast({quoted(name)} AS string) AS {name}"
        for name in RELATION_COLUMNS
        if name in table.types
    )
    frame = engine.query(f"SELECT {cells} FROM {table.name} ORDER BY record")
    whole = (frame[["source", "target", "kind"]].fillna("") != "").all(axis=1)
    counts = {
        KEPT: int(whole.sum()),
        "no source, target or kind": int((~whole).sum()),
        "malformed row": table.rejected,
    }
    skipped = tuple((reason, n) for reason, n in counts.items() if n or reason == KEPT)
    relations = frame[whole].reset_index(drop=True)
    return Batch(None, skipped=skipped, relations=relations, unit="relation")


def people_of_table(table: Table, engine: Engine) -> Batch:
    """Return the people of a table, all cells as text; a row without an id is counted."""
    columns = [name for name in table.types if name != "record"]
    cells = ", ".join(f"cast({quoted(name)} AS string) AS {quoted(name)}" for name in columns)
    frame = engine.query(f"SELECT {cells} FROM {table.name} ORDER BY record")
    frame = person_column(frame)
    ids = frame["person"].str.strip().fillna("")
    kept = frame[(ids != "") & ~ids.duplicated()]
    counts = {
        KEPT: len(kept),
        "no person": int((ids == "").sum()),
        "person named before": int((ids.duplicated() & (ids != "")).sum()),
        "malformed row": table.rejected,
    }
    skipped = tuple((reason, n) for reason, n in counts.items() if n or reason == KEPT)
    return Batch(None, skipped=skipped, people=kept.reset_index(drop=True), unit="person")


def match_columns(columns: Sequence[str], mapping: Mapping[str, str], label: str) -> dict[str, str]:
    """Find which column of a file is which column of the log.

    Parameters
    ----------
    columns : sequence of str
        Columns of the file.
    mapping : mapping of str to str
        What the user said: column of the file for a column of the log.
    label : str
        Name of the file, for messages.

    Returns
    -------
    dict of str to str
        Column of the file for each column of the log that it has.

    Raises
    ------
    LoaderError
        If a required column is missing, or two fit one role.

    Examples
    --------
    >>> match_columns(["Sender", "Recipient", "EventDate"], {}, "log.csv")["time"]
    'EventDate'
    """
    roles = _mapped(columns, mapping, label)
    free = [name for name in columns if name not in roles.values()]
    for role, usual in USUAL_NAMES.items():
        if role in roles:
            continue
        fits = [name for name in free if _simple(name) in usual]
        if role not in REQUIRED and role in fits:
            fits = [role]
        if len(fits) > 1:
            raise LoaderError(
                f"{label}: columns {' and '.join(map(repr, fits))} both fit {role!r}: "
                f"say which with --map {role}={fits[0]}"
            )
        if fits:
            roles[role] = fits[0]
    missing = [role for role in REQUIRED if role not in roles]
    if missing:
        raise LoaderError(_missing(columns, missing, label))
    return roles


def _mapped(columns: Sequence[str], mapping: Mapping[str, str], label: str) -> dict[str, str]:
    roles = {}
    for role, name in mapping.items():
        if role not in USUAL_NAMES:
            raise registry.unknown("column of a log", role, USUAL_NAMES)
        if name not in columns:
            hint = registry.nearest(name, columns)
            raise LoaderError(f"{label}: there is no column {name!r} for {role!r}{hint}")
        roles[role] = name
    return roles


def _missing(columns: Sequence[str], missing: Sequence[str], label: str) -> str:
    has = ", ".join(repr(name[:40]) for name in columns[:12]) or "none"
    wanted = " and ".join(f"{name!r}" for name in missing)
    return (
        f"{label}: no column for {wanted} (its columns: {has}); name one with "
        f"--map {missing[0]}=COLUMN, or give the names of a file without a header with "
        f"--columns time,source,target"
    )


# ---- cells -------------------------------------------------------------------------------------


def _id(table: Table, column: str) -> str:
    """Return the text of a cell that holds an id; whole floats lose their ``.0``."""
    cell = quoted(column)
    if table.types[column] == "number":
        whole = f"cast(cast({cell} AS bigint) AS string)"
        return f"CASE WHEN {cell} = round({cell}) THEN {whole} ELSE cast({cell} AS string) END"
    text = f"trim(cast({cell} AS string))"
    return f"CASE WHEN {text} NOT IN ({_NOBODY}) THEN {text} END"


def _cells(table: Table, roles: Mapping[str, str], engine: Engine) -> dict[str, str]:
    """Register, for source and target, what cells with several people or an address mean."""
    import pandas as pd

    tables = {}
    for role in ("source", "target"):
        if table.types[roles[role]] == "number":
            continue
        cell = _id(table, roles[role])
        odd = engine.query(
            f"SELECT DISTINCT {cell} AS cell FROM {table.name} "
            f"WHERE regexp_matches({cell}, '[;,<|]') OR starts_with({cell}, '[')"
        )["cell"].dropna()
        rows = [
            (text, one) for text in sorted(odd) for one in people_in(text, several=role == "target")
        ]
        rows = [(text, one) for text, one in rows if (text != one or odd.empty)]
        if rows:
            tables[role] = engine.register(pd.DataFrame(rows, columns=["cell", "person"]))
    return tables


_NOBODY = ", ".join(
    f"'{mark}'"
    for mark in (
        "", "NULL", "null", "None", "NaN", "nan", "NaT", "<NA>", "N/A", "n/a", "#N/A",
    )
)  # fmt: skip
"""What programs write where there is nothing: as ids they would join strangers through a hub."""

_ADDRESS = re.compile(r"<\s*([^<>\s]+@[^<>\s]+)\s*>")
_LISTED = re.compile(r"""^\[\s*(["']?).*\1\s*\]$""", re.DOTALL)


def people_in(cell: str, *, several: bool = True) -> list[str]:
    """Return the ids that one cell names.

    Parameters
    ----------
    cell : str
        One id; several joined by semicolons, bars or commas; a JSON list; or mail addresses with
        names. A comma followed by a space inside a name ("Doe, Jane") does not divide it.
    several : bool
        Whether more than one is allowed; otherwise the first is taken.

    Returns
    -------
    list of str
        In the order of the cell, each once.

    Examples
    --------
    >>> people_in('"Doe, Jane" <jane@x.org>, bob@y.org')
    ['jane@x.org', 'bob@y.org']
    >>> people_in("Doe, Jane")
    ['Doe, Jane']
    """
    if _LISTED.match(cell):
        parts: Iterable[str] = (part.strip().strip("\"'") for part in cell[1:-1].split(","))
    elif "@" in cell and "<" in cell:
        parts = _addresses(cell)
    elif ";" in cell or "|" in cell:
        parts = re.split(r"[;|]", cell)
    else:
        parts = cell.split(",") if _divides(cell) else [cell]
    found = list(dict.fromkeys(part.strip() for part in parts if part.strip()))
    if not several and found:
        return found[:1] if _ADDRESS.search(cell) else [cell]
    return found or [cell]


def _addresses(cell: str) -> list[str]:
    """Return bracketed addresses, and bare ones between them, in order."""
    without_names = re.sub(r'"[^"]*"', "", cell)
    found = []
    for part in re.split(r"[;,]", without_names):
        bracketed = _ADDRESS.search(part)
        if bracketed:
            found.append(bracketed.group(1))
        elif "@" in part and not re.search(r"\s", part.strip()):
            found.append(part)
    return found


def _divides(cell: str) -> bool:
    parts = [part.strip() for part in cell.split(",")]
    return all("@" in part for part in parts if part) or not re.search(r"\s", cell)


def _text(table: Table, roles: Mapping[str, str], role: str, otherwise: str) -> str:
    return f"coalesce({_id(table, roles[role])}, {otherwise})" if role in roles else otherwise


CHANNELS = ("email", "meeting", "chat", "call", "message")
"""Channels that other sources have too: "Meeting" is a meeting, where nobody reaches anybody."""


def _channel(table: Table, roles: Mapping[str, str]) -> str:
    text = _text(table, roles, "channel", _literal("contact"))
    usual = ", ".join(map(_literal, CHANNELS))
    return f"CASE WHEN lower({text}) IN ({usual}) THEN lower({text}) ELSE {text} END"


def _query(
    table: Table,
    roles: Mapping[str, str],
    time: str,
    people: Mapping[str, str],
    *,
    undirected: bool,
) -> str:
    """Return the query that gives the contacts of a table."""
    empty = "cast(NULL AS string)"
    size = "cast(NULL AS bigint)"
    if "size" in roles:
        size = f"try_cast(try_cast({quoted(roles['size'])} AS double) AS bigint)"
    inner = (
        f"SELECT record, {time} AS time, {_id(table, roles['source'])} AS source, "
        f"{_id(table, roles['target'])} AS target, "
        f"{_channel(table, roles)} AS channel, "
        f"{_text(table, roles, 'event', empty)} AS event, {size} AS size, "
        f"{_directed(roles, undirected=undirected)} AS flag, "
        f"{_text(table, roles, 'role', empty)} AS role, "
        f"{_text(table, roles, 'reply_to', empty)} AS reply_to, "
        f"{_text(table, roles, 'origin', empty)} AS origin FROM {table.name}"
    )
    chosen = {role: f"coalesce({role}_.person, x.{role})" for role in people}
    joins = "".join(
        f" LEFT JOIN {name} {role}_ ON x.{role} = {role}_.cell" for role, name in people.items()
    )
    return (
        f"SELECT x.record, {chosen.get('source', 'x.source')} AS source, "
        f"{chosen.get('target', 'x.target')} AS target, x.time, x.channel, x.event, x.size, "
        f"coalesce(x.flag, x.channel <> 'meeting') AS directed, x.role, x.reply_to, x.origin "
        f"FROM ({inner}) AS x{joins}"
    )


def _directed(roles: Mapping[str, str], *, undirected: bool) -> str:
    """Return the expression of the direction; null leaves it to the channel."""
    if undirected:
        return "false"
    if "directed" not in roles:
        return "cast(NULL AS boolean)"
    cell = f"lower(trim(cast({quoted(roles['directed'])} AS string)))"
    no = "('false', '0', 'no', 'n', 'f', '0.0')"
    return f"CASE WHEN {cell} IN {no} THEN false WHEN {cell} <> '' THEN true END"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
