"""Files that hold a network: GraphML, GEXF, Pajek, edge lists, queries and surveys.

networkx reads and writes GraphML and GEXF, after defusedxml has looked through the file: it is pure
Python, so that a damaged file ends in an error (a reader in C is ten times as fast and can end the
process). Pajek is read and written here: of a file with arcs and edges networkx and igraph lose
which is which, and networkx cannot read one without lines for its vertices.
"""

from __future__ import annotations

import io
import warnings
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from netanalytics import registry, schema
from netanalytics.errors import EmptyLogError, LoaderError, MissingFileError
from netanalytics.graph_writing import save_network
from netanalytics.identity import people_of
from netanalytics.loaders import _pajek, survey, viva
from netanalytics.loaders._delimited import HEAD, head_of, table_of
from netanalytics.loaders._table import USUAL_NAMES
from netanalytics.network import Network

if TYPE_CHECKING:
    import networkx

__all__ = ["load_network", "save_network"]

LARGEST_XML = 500_000_000
STRENGTHS = ("strength", "weight", "w", "value", "n", "count")
_SOURCES = (*USUAL_NAMES["source"], "i", "ego", "node1", "fromnode")
_TARGETS = (*USUAL_NAMES["target"], "j", "alter", "node2", "tonode")
_NO = ("false", "0", "no", "n", "f", "undirected")
_GEXF_NEW, _GEXF_KNOWN = b"http://gexf.net/1.3", b"http://www.gexf.net/1.2draft"


@dataclass
class Found:
    """What a file holds, before it becomes a network.

    Parameters
    ----------
    ties : pandas.DataFrame
        Columns source, target, strength and directed, one row a tie of the file.
    unit : str
        What a row is, for the card.
    people : pandas.DataFrame, optional
        Column person and attributes.
    counted : Counter
        Rows that were skipped before, and for files that count for themselves those kept.
    notes : list of str
        What a reader should know.
    assumed : str
        What was assumed about direction, where the file says nothing.
    """

    ties: pd.DataFrame
    unit: str = "tie"
    people: pd.DataFrame | None = None
    counted: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    assumed: str = ""


def load_network(
    path: str | Path,
    *,
    kind: str | None = None,
    directed: bool | None = None,
    people: Any = None,
    strength: str | None = None,
) -> Network:
    r"""Read a network from a file: who is tied to whom, without a day.

    Parameters
    ----------
    path : str or Path
        GraphML, GEXF, Pajek, an edge list (CSV or TSV with a source and a target column), a
        person-to-person query of Viva Insights, or a survey.
    kind : {"graphml", "gexf", "pajek", "edges", "viva", "survey"}, optional
        Found from the file by default.
    directed : bool, optional
        Whether a tie goes from source to target. By default as the file says; an edge list that
        does not say is directed if some pair stands in it in both orders.
    people : DataFrame, str, Path, or several of them, optional
        Attributes by person; node files with the columns node and value become a column that is
        named after the file.
    strength : str, optional
        Column or attribute with the strength; by default strength, weight, w, value or n, and 1
        where there is none. Ties of a strength of 0 or less are dropped and counted.

    Returns
    -------
    Network
        Without dates; ``card`` counts what was read, kept and dropped.

    Raises
    ------
    LoaderError
        If the file is missing, damaged, hostile, or holds nobody.
    SchemaError
        If it or the table of people breaks the rules of a network.

    Examples
    --------
    >>> from pathlib import Path
    >>> _ = Path("ties.csv").write_text("source,target,weight\nada,ben,2\n")  # doctest: +SKIP
    >>> load_network("ties.csv")  # doctest: +SKIP
    Network(2 people, 1 ties)
    """
    path = Path(path)
    if not path.is_file():
        raise MissingFileError(f"{path.name}: there is no such file")
    kind = kind or kind_of(path)
    if kind not in _READERS:
        raise registry.unknown("kind of network file", kind, _READERS)
    found = _READERS[kind](path, strength)
    if directed is not None:
        found.ties["directed"] = directed
    elif found.assumed:
        found.notes.append(found.assumed)
    ties = _cleaned(found)
    tables = [found.people, _attributes(people)]
    try:
        net = _network(ties, [table for table in tables if table is not None])
    except EmptyLogError:
        raise LoaderError(f"{path.name}: there is nobody in this network") from None
    card = pd.DataFrame(
        [(path.name, kind, found.unit, reason, n) for reason, n in _reasons(found.counted)],
        columns=list(schema.CARD_COLUMNS),
    )
    return replace(net, card=card, notes=tuple(found.notes))


def kind_of(path: Path) -> str:
    """Return which kind of network file a file is, by its beginning; ``edges`` if none other."""
    head = head_of(path)
    if head.lstrip().startswith("<"):
        return "gexf" if "<gexf" in head else "graphml"
    if _pajek.looks_like(head):
        return "pajek"
    if viva.query_of(path) == "person-to-person":
        return "viva"
    return "survey" if survey.recognises(path) else "edges"


# ---- readers -----------------------------------------------------------------------------------


def _graphml(path: Path, strength: str | None) -> Found:
    import networkx as nx

    return _from_graph(_parsed(path, nx.read_graphml), strength)


def _gexf(path: Path, strength: str | None) -> Found:
    import networkx as nx

    return _from_graph(_parsed(path, nx.read_gexf), strength)


def _parsed(path: Path, reader: Any) -> networkx.Graph[Any]:
    """Look through an XML file for entities, then read it; a reader may fail in any way."""
    if path.stat().st_size > LARGEST_XML:
        raise LoaderError(f"{path.name}: larger than {LARGEST_XML // 1_000_000} MB: use a CSV")
    data = path.read_bytes().replace(_GEXF_NEW, _GEXF_KNOWN)
    _refuse_entities(data, path.name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # networkx warns of attribute types that it reads
            graph: networkx.Graph[Any] = reader(io.BytesIO(data))
    except Exception as error:
        line = (str(error).strip().splitlines() or [type(error).__name__])[0][:160]
        raise LoaderError(f"{path.name}: cannot be read as a network ({line})") from None
    return graph


class _Nothing:
    """Takes the parts of a document and keeps none."""

    def close(self) -> None:
        """End the document."""


def _refuse_entities(data: bytes, label: str) -> None:
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import DefusedXMLParser, ParseError

    parser = DefusedXMLParser(target=_Nothing(), forbid_entities=True, forbid_external=True)
    try:
        for start in range(0, len(data), HEAD):
            parser.feed(data[start : start + HEAD])
        parser.close()
    except DefusedXmlException:
        raise LoaderError(
            f"{label}: it defines entities or names other files, which no network needs: refused"
        ) from None
    except (ParseError, ValueError, LookupError) as error:
        raise LoaderError(f"{label}: this is no XML ({error})") from None


def _from_graph(graph: networkx.Graph[Any], strength: str | None) -> Found:
    edges = list(graph.edges(data=True))
    stated = {key for _, _, data in edges for key in data}
    name = strength or next((one for one in STRENGTHS if one in stated), "")
    ties = pd.DataFrame(
        [(str(u), str(v), data.get(name, 1.0)) for u, v, data in edges],
        columns=["source", "target", "strength"],
    )
    ties["directed"] = graph.is_directed()
    people = pd.DataFrame(
        [{**_scalars(data), "person": str(node)} for node, data in graph.nodes(data=True)]
    )
    if people.empty:
        people = pd.DataFrame({"person": pd.Series(dtype="str")})
    if "label" in people.columns:
        # GEXF asks for a label, so that programs repeat the id or the name in it.
        if "name" not in people.columns and not (people["label"] == people["person"]).all():
            people["name"] = people["label"]
        people = people.drop(columns="label")
    return Found(ties, people=people)


def _scalars(data: Mapping[Any, Any]) -> dict[str, Any]:
    """Return the attributes of a node that a table can hold: no positions, no lists."""
    return {
        str(key): value
        for key, value in data.items()
        if isinstance(value, str | int | float | bool) and key != "person"
    }


def _read_pajek(path: Path, strength: str | None) -> Found:
    vertices, ties, skipped = _pajek.read(path)
    people = pd.DataFrame({"person": list(dict.fromkeys(vertices.values()))}, dtype="str")
    columns = ["source", "target", "strength", "directed"]
    return Found(pd.DataFrame(ties, columns=columns), people=people, counted=Counter(skipped))


def _viva(path: Path, strength: str | None) -> Found:
    ties, counted, notes = viva.ties_in(path, strength)
    people = viva.people_in(path)
    return Found(ties.assign(directed=False), "row", people, counted, notes)


def _survey(path: Path, strength: str | None) -> Found:
    counted: Counter[str] = Counter()
    rows, kinds = [], set()
    for one in survey.answers(path):
        counted[one.skip or "kept"] += 1
        if one.skip is None:
            rows.append((one.source, one.target, one.weight, True))
            kinds.add(one.kind)
    ties = pd.DataFrame(rows, columns=["source", "target", "strength", "directed"])
    notes = [f"the answers to {len(kinds)} questions add up"] if len(kinds) > 1 else []
    return Found(ties, "answer", None, counted, notes)


def _edges(path: Path, strength: str | None) -> Found:
    table, malformed = table_of(path)
    names = {_simple(name): name for name in reversed(list(table.columns))}
    source = next((names[name] for name in _SOURCES if name in names), None)
    target = next((names[name] for name in _TARGETS if name in names), None)
    weight = names.get(_simple(strength)) if strength else None
    if source is None or target is None or (strength and weight is None):
        missing = "source" if source is None else "target" if target is None else strength
        has = ", ".join(repr(str(name)[:40]) for name in list(table.columns)[:12])
        raise LoaderError(f"{path.name}: no column for {missing!r} (its columns: {has})")
    if weight is None:
        weight = next((names[name] for name in STRENGTHS if name in names), None)
    ties = pd.DataFrame({"source": table[source], "target": table[target]})
    ties["strength"] = table[weight] if weight is not None else 1.0
    stated = names.get("directed") or names.get("type")
    found = Found(ties, counted=Counter({"malformed row": malformed}))
    if weight is not None:
        found.notes.append(f"strength is the column {weight}")
    if stated is not None:
        ties["directed"] = ~table[stated].fillna("").str.strip().str.casefold().isin(_NO)
        return found
    ties["directed"] = _both_orders(ties)
    way = "directed, as some pair stands in both orders" if ties["directed"].any() else "undirected"
    found.assumed = f"ties are read as {way} (directed= says otherwise)"
    return found


def _simple(name: Any) -> str:
    return "".join(sign for sign in str(name).casefold() if sign.isalnum())


def _both_orders(ties: pd.DataFrame) -> bool:
    pairs = set(zip(ties["source"], ties["target"], strict=True))
    return any(one != other and (other, one) in pairs for one, other in pairs)


_READERS = {
    "graphml": _graphml,
    "gexf": _gexf,
    "pajek": _read_pajek,
    "edges": _edges,
    "viva": _viva,
    "survey": _survey,
}


# ---- from rows to a network --------------------------------------------------------------------


def _cleaned(found: Found) -> pd.DataFrame:
    """Drop what is no tie and count it; readers that count for themselves drop nothing here."""
    ties = found.ties.reset_index(drop=True)
    for column in ("source", "target"):
        ties[column] = schema.text_ids(ties[column])
    ties["strength"] = pd.to_numeric(ties["strength"], errors="coerce").astype(float)
    empty = ties[["source", "target"]].isna().any(axis=1)
    self = ((ties["source"] == ties["target"]) & ~empty).fillna(False)
    strange = ~np.isfinite(ties["strength"]) & ~empty & ~self
    weak = (ties["strength"] <= 0) & ~empty & ~self & ~strange
    reasons = {
        "no source or target": empty,
        "self-contact": self,
        "unreadable strength": strange,
        "strength of 0 or less": weak,
    }
    for reason, rows in reasons.items():
        found.counted[reason] += int(rows.sum())
    kept: pd.DataFrame = ties[~(empty | self | strange | weak).astype(bool)]
    found.counted.setdefault(schema.KEPT, len(kept))
    return kept


def _reasons(counted: Counter[str]) -> list[tuple[str, int]]:
    first = (schema.KEPT, counted[schema.KEPT])
    return [first, *sorted((r, n) for r, n in counted.items() if n and r != schema.KEPT)]


def _network(ties: pd.DataFrame, tables: Sequence[pd.DataFrame]) -> Network:
    """Put ties with and without a direction into one network, and join the attributes."""
    people = None
    for table in map(schema.people_table, reversed(tables)):
        people = table if people is None else people.combine_first(table)
    ids = pd.Index(pd.concat([ties["source"], ties["target"]]).unique(), dtype="str")
    everyone = ids if people is None else people.index.union(ids)
    whole = (people if people is not None else pd.DataFrame(index=ids)).reindex(everyone)
    whole.index = pd.Index(whole.index, dtype="str", name="person")
    found = [way for way in (True, False) if (ties["directed"] == way).any()] or [False]
    ways = [Network.from_ties(ties[ties["directed"] == way], whole, directed=way) for way in found]
    if len(ways) == 1:
        return ways[0]
    both = pd.concat([net.ties for net in ways]).groupby(level=["source", "target"]).sum()
    return replace(ways[0], ties=both)


def _attributes(people: Any) -> pd.DataFrame | None:
    """Read one or several tables of people; the first that states a value is believed."""
    if people is None:
        return None
    if isinstance(people, str | Path | pd.DataFrame):
        return _table_of(people)
    if not isinstance(people, Iterable):
        raise LoaderError(f"{type(people).__name__}: this is neither a path nor a table of people")
    whole: pd.DataFrame = pd.DataFrame()
    for table in map(_table_of, people):
        whole = whole if table is None else whole.combine_first(table)
    return whole


def _table_of(source: str | Path | pd.DataFrame) -> pd.DataFrame | None:
    if isinstance(source, pd.DataFrame):
        frame = source
    elif Path(source).suffix.lower() in (".csv", ".tsv", ".txt"):
        frame, _ = table_of(Path(source))
    else:
        return people_of(source)
    plain = {_simple(name): name for name in frame.columns}
    if "node" in plain:
        names = {plain["node"]: "person"}
        if set(plain) == {"node", "value"} and not isinstance(source, pd.DataFrame):
            names[plain["value"]] = Path(source).stem.split(".")[-1]
        frame = frame.rename(columns=names)
    return people_of(frame)
