"""Writing a network: GraphML and GEXF through networkx, Pajek and edge lists as plain text.

networkx refuses missing values, lists and timestamps, so these are left out or become text; what a
format cannot hold is said.
"""

from __future__ import annotations

import csv
import datetime as dt
import os
import re
import tempfile
from collections.abc import Hashable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from netanalytics import registry
from netanalytics.errors import LoaderError, SchemaError
from netanalytics.loaders import _pajek

if TYPE_CHECKING:
    import networkx

    from netanalytics.network import Network

_KINDS = {
    ".graphml": "graphml",
    ".gexf": "gexf",
    ".net": "pajek",
    ".paj": "pajek",
    ".csv": "edges",
    ".tsv": "edges",
}
_RESERVED = {
    "graphml": frozenset({"person"}),
    "gexf": frozenset(
        ["person", "id", "label", "pid", "viz", "start", "end", "slices", "spells", "parents"]
    ),
}
# What XML 1.0 cannot say, not even as a reference.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Row = tuple[str, str, float, bool]


def save_network(net: Network, path: str | Path, *, kind: str | None = None) -> tuple[str, ...]:
    """Write a network to a file that :func:`load_network` and other programs read.

    Parameters
    ----------
    net : Network
        Any network.
    path : str or Path
        ``.graphml``, ``.gexf``, ``.net`` (Pajek), or ``.csv`` and ``.tsv`` (an edge list). The
        file is written whole or not at all.
    kind : {"graphml", "gexf", "pajek", "edges"}, optional
        Found from the name by default.

    Returns
    -------
    tuple of str
        What the file does not hold, in sentences.

    Raises
    ------
    LoaderError
        If the name tells no kind, or the file cannot be written.
    SchemaError
        If two people would have one id in the file.

    Examples
    --------
    >>> import tempfile
    >>> from netanalytics.network import Network
    >>> net = Network.from_ties(pd.DataFrame({"source": ["ada"], "target": ["ben"]}))
    >>> save_network(net, Path(tempfile.mkdtemp()) / "net.graphml")
    ()
    """
    path = Path(path)
    kind = kind or _KINDS.get(path.suffix.lower())
    if kind is None:
        raise LoaderError(f"{path.name}: name it .graphml, .gexf, .net or .csv, or give kind=")
    if kind not in _KINDS.values():
        raise registry.unknown("kind of network file", kind, set(_KINDS.values()))
    notes = _undated(net)
    try:
        with _whole(path) as part:
            if kind in ("graphml", "gexf"):
                notes += _write_graph(net, part, kind)
            elif kind == "pajek":
                notes += _write_pajek(net, part)
            else:
                notes += _write_edges(net, part, "\t" if path.suffix.lower() == ".tsv" else ",")
    except OSError as error:
        raise LoaderError(f"{path.name}: cannot be written ({error.strerror})") from None
    return tuple(notes)


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """Give a file beside the one wanted, and put it in its place when it is complete."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)
    os.close(handle)
    part = Path(name)
    try:
        yield part
        part.chmod(0o644)
        part.replace(path)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()


def _undated(net: Network) -> list[str]:
    """Say what no network file holds."""
    if "last" not in net.ties.columns:
        return []
    return ["the dates, channels and answers of ties are not in the file"]


def _rows(net: Network) -> list[Row]:
    """Return every direction of every tie: forward, back, and what has none."""
    ties = net.ties
    together = ties["n"] - ties["n_forward"] - ties["n_back"]
    shared = ties["strength"] - ties["strength_forward"] - ties["strength_back"]
    columns = (
        ties["n_forward"], ties["strength_forward"], ties["n_back"], ties["strength_back"],
        together, shared,
    )  # fmt: skip
    rows: list[Row] = []
    for (source, target), sent, forward, received, back, both, either in zip(
        ties.index.tolist(), *(column.tolist() for column in columns), strict=True
    ):
        if sent:
            rows.append((source, target, float(forward), True))
        if received:
            rows.append((target, source, float(back), True))
        if both > 0:
            rows.append((source, target, float(either), False))
    return rows


# ---- edge lists and Pajek ----------------------------------------------------------------------


def _write_edges(net: Network, path: Path, delimiter: str) -> list[str]:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator="\n")
        writer.writerow(["source", "target", "strength", "directed"])
        for source, target, strength, directed in _rows(net):
            writer.writerow([source, target, repr(strength), str(directed).lower()])
    notes = []
    if len(net.people.columns):
        notes.append("an edge list holds no attributes of people: save net.people beside it")
    alone = len(net.people) - len(set(net.ties.index.to_frame().to_numpy().ravel()))
    if alone:
        notes.append(f"{alone:,} people without ties are not in an edge list")
    return notes


def _write_pajek(net: Network, path: Path) -> list[str]:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(_pajek.written(net.people.index, _rows(net)))
    if len(net.people.columns):
        return ["Pajek holds no attributes of people: save net.people beside it"]
    return []


# ---- GraphML and GEXF --------------------------------------------------------------------------


def _write_graph(net: Network, path: Path, kind: str) -> list[str]:
    import networkx as nx

    graph, notes = _graph(net, kind)
    if kind == "graphml":
        nx.write_graphml_xml(graph, path, encoding="utf-8")
    else:
        nx.write_gexf(graph, path, encoding="utf-8", version="1.2draft")
    return notes


def _graph(net: Network, kind: str) -> tuple[networkx.Graph[Any], list[str]]:
    """Return a graph that networkx can write, and what it lacks."""
    import networkx as nx

    rows = _rows(net)
    directed = any(row[3] for row in rows)
    graph: networkx.Graph[Any] = nx.DiGraph() if directed else nx.Graph()
    names = _column_names(net.people, kind)
    ids = [_text(person) for person in net.people.index]
    if len(set(ids)) < len(ids):
        raise SchemaError("people", ["two ids differ only in signs that XML cannot hold"])
    columns = [net.people[column].tolist() for column in names]
    for place, person in enumerate(ids):
        cells = zip(names.values(), (column[place] for column in columns), strict=True)
        told = {name: value for name, cell in cells if (value := _value(cell)) is not None}
        if kind == "gexf":
            told["label"] = str(told.get("name", person))
        graph.add_node(person, **told)
    for source, target, strength, one_way in rows:
        ends = (_text(source), _text(target))
        for one, other in [ends] if one_way or not directed else [ends, ends[::-1]]:
            before = graph.edges[one, other]["weight"] if graph.has_edge(one, other) else 0.0
            graph.add_edge(one, other, weight=before + strength)
    return graph, _lost(net, rows, names, ids)


def _lost(net: Network, rows: list[Row], names: dict[Hashable, str], ids: list[str]) -> list[str]:
    notes = []
    if {row[3] for row in rows} == {True, False}:
        notes.append("ties without a direction are written in both directions")
    renamed = [f"{old} as {new}" for old, new in names.items() if str(old) != new]
    if renamed:
        notes.append(f"columns are written under another name: {', '.join(renamed)}")
    if ids != list(net.people.index):
        notes.append("signs that XML cannot hold are replaced in ids")
    return notes


def _column_names(people: pd.DataFrame, kind: str) -> dict[Hashable, str]:
    """Return the name of each column in the file: some mean something else there."""
    names: dict[Hashable, str] = {}
    for column in people.columns:
        wanted = _text(str(column)) or "column"
        while wanted in _RESERVED[kind] or wanted in names.values():
            wanted += "_"
        names[column] = wanted
    return names


def _value(cell: Any) -> Any:
    """Return a cell as networkx writes it, or None for a missing one."""
    if isinstance(cell, list | tuple | set | frozenset | np.ndarray):
        parts = sorted(map(str, cell)) if isinstance(cell, set | frozenset) else map(str, cell)
        return _text(";".join(parts))
    if cell is None or pd.isna(cell):
        return None
    if isinstance(cell, dt.date):  # timestamps too
        return cell.isoformat()
    if isinstance(cell, np.generic):
        cell = cell.item()
    return cell if isinstance(cell, bool | int | float) else _text(str(cell))


def _text(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)
