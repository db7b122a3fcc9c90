"""The page about speed, written from what a run has found: no figure in it comes by hand."""

from __future__ import annotations

import sys
from importlib.metadata import version
from itertools import count
from typing import Any

import numpy as np

from benchmarks.peers import BUILD, SAMPLED, samples

Row = dict[str, Any]
Found = dict[tuple[str, str], Row]

OURS, IGRAPH, *_ = TOOLS = tuple(BUILD)
GRAPH = "graph"
SAME = 1e-6
NOT_LOCAL = (
    GRAPH,
    "betweenness",
    "betweenness, 1/strength",
    SAMPLED,
    "edge betweenness",
    "closeness",
    "harmonic closeness",
    "eigenvector",
    "PageRank",
    "Katz",
    "Leiden",
)
ORDER = (
    *NOT_LOCAL[:-1],
    "coreness",
    "constraint",
    "constraint, ego model",
    "effective size",
    "hierarchy",
    "indirect constraint",
    "Gould–Fernandez",
    "bridges",
    "articulation points",
    "local bridges",
    "span",
    "if gone",
    "clustering",
    "embeddedness",
    "overlap",
    "Simmelian ties",
    "tie entropy",
    "entropy over groups",
    "E-I index",
    "assortativity",
    "Leiden",
)
BASE = "constraint"
PROTOTYPE = {
    (100_000, "effective size"): 0.19 / 0.55,
    (100_000, "Gould–Fernandez"): 0.16 / 0.55,
    (1_000_000, "effective size"): 3.0 / 16,
    (1_000_000, "Gould–Fernandez"): 2.5 / 16,
    (1_000_000, "entropy over groups"): 0.3 / 16,
}
"""CPU time of the first compiled prototypes over that of igraph's weighted constraint."""

HEAD = """# How fast the measures are

Made by `make bench` (`benchmarks/measures.py`); do not edit. CPU seconds of the measure alone, on
one thread, after compilation, each tool on the graph it had built before; in brackets by how many
MB the process grew beyond that. The networks have circles, ten times as many ties as people, and
lognormal strengths. What takes less than 0.05 s is the mean of as many calls as half a second
holds; below a millisecond a ratio is the cost of making a table. Cores that are shared with other
work move CPU times too.

- ≠: values differ from ours by more than 1e-6 of the largest; why is said at the end.
- Stopped: still at work after {stop} s.
- Over: not started, because by its own growth it would need more than {stop} s. How it grows is
  seen from the two next smaller networks; from one alone it is taken to grow as its work does at
  least, with the ties, or with people times ties where all pairs are looked at.
- Ended: the tool's process ended by itself, or ran out of {memory:.0f} GB. Too large: the graph
  would take more than that, as it has ten times as many ties as the one before.
- Not run: the tool was left out of the run at this size.
- A cell is empty where a tool does not have the measure, or was not asked: all pairs of people are
  looked at up to 10,000 people, and from a sample of {few} people ({fewer} at a million) beyond.
- The graph is what a tool holds before it is asked: its import, and for netanalytics the compiled
  functions, tables of arcs, both graphs and the ties from both ends, are in its time.
- Faster than both: a tool that takes less time than netanalytics and igraph, and how many times
  less than the faster of the two, where it is a twentieth or more.

{versions}
"""

WHY = """## Where values differ

- networkx: `eigenvector_centrality` is scaled to a norm of 1, not to a largest value of 1, and
  `pagerank` stops when a step moves less than people × 1e-12. Sampled betweenness rests on other
  samples, in every tool.
- NetworKit: betweenness counts each unordered pair twice (halved here); closeness, clustering and
  the sampled estimate have no value for people with too few contacts or other samples. Its
  eigenvector, asked for an error of 1e-10, is farther off.
- EasyGraph: several of its measures ignore strengths, have another scale, or give a pendant no
  value, and its betweenness on its compiled graph is beyond any number of paths. `import
  easygraph` needs torch without requiring it; a stand-in is used, as no measure here calls it.
- Leiden is compared by the modularity it reaches: a difference may be ours or theirs.
- Sampled betweenness of ours states its error, and counts a way for those on it by how far along
  they lie: other values than igraph's from the same people, nearer to all pairs.
- Effective size in networkx is asked with `nodes=`: without it, strengths are left out.
"""


def page(rows: list[Row], *, stop: int, memory: float) -> str:
    """Write the whole page."""
    numbers = {"few": samples(100_000), "fewer": samples(1_000_000)}
    head = HEAD.format(stop=stop, memory=memory, versions=_versions(), **numbers)
    parts = [head]
    for people in sorted({row["people"] for row in rows}):
        parts += [_size([row for row in rows if row["people"] == people], people, stop)]
    return "\n".join([*parts, WHY])


def _size(rows: list[Row], people: int, stop: int) -> str:
    found = {(row["measure"], row["tool"]): row for row in rows}
    names = sorted({name for name, _ in found}, key=ORDER.index)
    notes: dict[str, int] = {}
    numbers = count(1)
    lines = [f"## {people:,} people, {people * 10:,} ties", ""]
    lines += [f"| measure | {' | '.join(TOOLS)} | ours / igraph | faster than both |"]
    lines += ["| --- |" + " --- |" * (len(TOOLS) + 2)]
    for name in names:
        cells = []
        for tool in TOOLS:
            row = found.get((name, tool))
            cell = _cell(row, stop) if (GRAPH, tool) in found else "not run"
            if row and row.get("why"):
                why = _why(row)
                notes.setdefault(why, 0)
                notes[why] = notes[why] or next(numbers)
                cell = f"{cell} [{notes[why]}]"
            cells.append(cell)
        last = f"{_ratio(found, name)} | {_faster(found, name)}"
        lines.append(f"| {name} | {' | '.join(cells)} | {last} |")
    lines += ["", *(f"[{number}] {why}.  " for why, number in notes.items()), ""]
    lines += _together(found, people)
    return "\n".join(lines) + "\n"


def _cell(row: Row | None, stop: int) -> str:
    if row is None:
        return ""
    if row["state"] == "done":
        cpu = row["cpu"]
        digits = f"{cpu:.4f}" if cpu < 0.1 else f"{cpu:.2f}" if cpu < 100 else f"{cpu:.0f}"
        return f"{digits}{' ≠' if _differs(row) else ''} ({max(row['megabytes'], 0):,.0f})"
    minutes = f"{stop // 60} min" if stop % 60 == 0 else f"{stop} s"
    over = "too large" if row["measure"] == GRAPH else f"over {minutes}"
    said = {"stopped": f"stopped at {minutes}", "not started": over, "ended": "ended"}
    return said[row["state"]]


def _why(row: Row) -> str:
    if row["state"] == "not started":
        return f"By its growth: {row['why']}"
    return f"It ended by itself: {row['why'].replace('|', '/')}"


def _differs(row: Row) -> bool:
    return row.get("apart") is not None and not row["apart"] <= SAME


def _seconds(found: Found, name: str, tool: str) -> float:
    row = found.get((name, tool))
    return row["cpu"] if row and row["state"] == "done" else float("nan")


def _ratio(found: Found, name: str) -> str:
    ratio = _seconds(found, name, OURS) / max(_seconds(found, name, IGRAPH), 1e-6)
    return "" if np.isnan(ratio) or name == GRAPH else f"{ratio:.2f}"


def _faster(found: Found, name: str) -> str:
    best = np.nanmin([_seconds(found, name, tool) for tool in (OURS, IGRAPH)] + [np.inf])
    others = {tool: _seconds(found, name, tool) for tool in TOOLS[2:]}
    quicker = {tool: cpu for tool, cpu in others.items() if cpu < best < np.inf}
    if not quicker or name == GRAPH:
        return ""
    tool = min(quicker, key=lambda tool: quicker[tool])
    times = best / max(quicker[tool], 1e-6)
    if times < 1.05:
        return ""
    return f"{tool}{' ≠' if _differs(found[name, tool]) else ''}, {times:.1f} times"


def _together(found: Found, people: int) -> list[str]:
    """Say what all of ours take together, and how measures that igraph lacks compare."""
    mine = {name: row for (name, tool), row in found.items() if tool == OURS and "peak" in row}
    mine.pop(GRAPH, None)
    local = {name: row for name, row in mine.items() if name not in NOT_LOCAL}
    if not mine:
        return []
    whole, near = (sum(row["cpu"] for row in part.values()) for part in (mine, local))
    peak = max(row["peak"] for row in local.values()) / 1024
    lines = [
        f"All of ours together take {whole:,.1f} s of CPU; the {len(local)} local ones (all but "
        f"paths, walks and communities) {near:,.1f} s, in a process of at most {peak:.1f} GB, "
        "tables and graphs included."
    ]
    base = _seconds(found, BASE, IGRAPH)
    known = {name: ratio for (size, name), ratio in PROTOTYPE.items() if size == people}
    if known and base > 0:
        said = "; ".join(
            f"{name} {mine[name]['cpu'] / base:.2f} (prototype {ratio:.2f}, "
            f"{mine[name]['cpu'] / base / ratio:.1f} times)"
            for name, ratio in known.items()
            if name in mine
        )
        lines += ["", f"Where igraph has no such measure, ours over its constraint: {said}."]
    return lines


def _versions() -> str:
    named = {"easygraph": "python-easygraph"}
    there = [f"{tool} {version(named.get(tool, tool))}" for tool in TOOLS[1:]]
    numbers = f"numpy {np.__version__}, Python {sys.version.split()[0]}"
    return f"Peers: {', '.join(there)}; {numbers}."
