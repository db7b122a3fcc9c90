"""Each measure side by side with its peers, in one run: time, memory and agreement of values.

    python -m benchmarks.measures --people 1000 10000 100000 1000000

from the root of the project. Every tool gets a process of its own for each size, which builds its
graph once and forks for each measure: CPU seconds of the measure alone, after compilation, and the
most memory above the graph. A measure is stopped after ten minutes, and not started where its own
growth from smaller networks would take it beyond. All run on one thread, so that CPU time is
compared with CPU time. Tools that are not installed are left out.

What was found is kept in ``--results`` as it comes, one file a tool, so that a run that was broken
off goes on where it was, and tools can be run at the same time; ``--write`` only writes the page.
A process may take 13 GB, or as many as ``BENCHMARK_GB`` says.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import resource
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.peers import BUILD, SAMPLED, made

warnings.simplefilter("ignore")
TOOLS = tuple(BUILD)
PEOPLE = (1_000, 10_000, 100_000, 1_000_000)
STOP = 600
MEMORY = float(os.environ.get("BENCHMARK_GB", "13"))
"""GB of address space that a process may take: more would stop the machine and not the measure."""

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
ALL_PAIRS = (
    "betweenness",
    "betweenness, 1/strength",
    "edge betweenness",
    "closeness",
    "harmonic closeness",
)
PAIRS_UP_TO = 10_000
"""Measures that look at all pairs of people are asked up to this size, sampled ones beyond."""

FORKED_UP_TO = 100_000
"""Larger graphs of Python objects would be copied by a fork as soon as they are looked at."""

OBJECTS = ("networkx", "easygraph")
SHORT = 0.05
"""Seconds below which one call says too little."""

GRAPH, END = "graph", "end"
Row = dict[str, Any]


def asked(name: str, people: int) -> bool:
    """Whether a measure is asked of a network of this size."""
    if name in ALL_PAIRS:
        return people <= PAIRS_UP_TO
    return name != SAMPLED or people > PAIRS_UP_TO


# ---- one process: a tool at a size ---------------------------------------------------------------


def child(tool: str, people: int, *, folder: Path, skip: list[str], stop: int) -> None:
    """Build the graph of one tool, then run each measure and print a line of JSON about it."""
    limit = int(MEMORY * 1e9)
    resource.setrlimit(resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY))
    signal.signal(signal.SIGXCPU, _stopped)
    data = made(people)
    before, base = time.process_time(), _megabytes()
    tasks = BUILD[tool](data, people)
    built = {"cpu": time.process_time() - before, "megabytes": _megabytes() - base}
    _tell(measure=GRAPH, state="done", **built)
    forked = tool not in OBJECTS or people <= FORKED_UP_TO
    for name, task in tasks.items():
        if name in skip or not asked(name, people):
            continue
        _tell(measure=name, state="started")
        file = folder / _file(tool, people, name)
        _tell(measure=name, **(_in_fork if forked else _run)(task, file, stop))


def _tell(**row: Any) -> None:
    print(json.dumps(row), flush=True)


def _stopped(*_: Any) -> None:
    raise TimeoutError


def _in_fork(task: Callable[[], Any], file: Path, stop: int) -> Row:
    """Run a task in a fork, whose end is not that of the others."""
    read, write = os.pipe()
    process = os.fork()
    if process == 0:
        try:
            resource.setrlimit(resource.RLIMIT_CPU, (stop, stop + 5))
            os.write(write, json.dumps(_run(task, file, None)).encode())
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read) as answer:
        text = answer.read()
    _, status, used = os.wait4(process, 0)
    if text:
        row: Row = json.loads(text)
        return row
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) in {signal.SIGXCPU, signal.SIGKILL}:
        whole = used.ru_utime + used.ru_stime
        return {"state": "stopped" if whole >= stop else "ended", "why": "no memory left"}
    number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    return {"state": "ended", "why": f"signal {number}"}


def _run(task: Callable[[], Any], file: Path, stop: int | None) -> Row:
    """Run a task here; with ``stop``, a limit on what this process takes from now on."""
    if stop is not None:
        until = int(time.process_time()) + stop
        resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")  # resets the mark
    before, base = time.process_time(), _megabytes()
    try:
        values = task()
        cpu, peak = time.process_time() - before, _megabytes()
        if cpu < SHORT:
            cpu = _mean(task)
        np.save(file, np.asarray(values, dtype=float))
    except TimeoutError:
        return {"state": "stopped"}
    except MemoryError:
        return {"state": "ended", "why": f"more than {MEMORY:.0f} GB"}
    except Exception as error:
        return {"state": "ended", "why": f"{type(error).__name__}: {str(error)[:80]}"}
    return {"state": "done", "cpu": cpu, "megabytes": peak - base, "peak": peak}


def _mean(task: Callable[[], Any]) -> float:
    """The mean of as many calls as half a second holds: the clock of the CPU moves in jerks."""
    before, calls, until = time.process_time(), 0, time.perf_counter() + 0.5
    while calls < 10 or time.perf_counter() < until:
        task()
        calls += 1
    return (time.process_time() - before) / calls


def _megabytes() -> float:
    """The most memory that this process has used since the mark was last reset."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def _file(tool: str, people: int, name: str) -> str:
    return f"{tool} {people} {name.replace('/', '_')}.npy"


# ---- the run -------------------------------------------------------------------------------------


def run(tool: str, people: int, *, folder: Path, stop: int) -> None:
    """Ask a tool everything that is not known yet about a network of this size."""
    known = _known(folder, tool)
    mine = {row["measure"]: row for row in known if row["people"] == people}
    for name in {row["measure"] for row in known} - {GRAPH, END} - set(mine):
        basis = foreseen([row for row in known if row["measure"] == name], people, stop)
        if basis and asked(name, people):
            row = {"measure": name, "state": "not started", "why": basis}
            mine[name] = _keep(folder, tool, people, row)
    too_large = too_large_for(known, people)
    if too_large and GRAPH not in mine:
        row = {"measure": GRAPH, "state": "not started", "why": too_large}
        mine[GRAPH] = _keep(folder, tool, people, row)
    done = END in mine or mine.get(GRAPH, {}).get("state") == "not started"
    while not done:
        before = len(mine)
        done = _pass(tool, people, mine, folder=folder, stop=stop)
        done = done or len(mine) == before or mine.get(GRAPH, {}).get("state") == "ended"
        if done:
            _keep(folder, tool, people, {"measure": END, "state": "done"})


def _pass(tool: str, people: int, mine: dict[str, Row], *, folder: Path, stop: int) -> bool:
    """Run one process to its end, or until it dies in a measure; say whether it came through."""
    command = [sys.executable, "-m", "benchmarks.measures", "--child", tool]
    command += ["--people", str(people), "--results", str(folder), "--stop", str(stop)]
    command += ["--skip", *mine]
    process = subprocess.Popen(
        command,
        env=os.environ | dict.fromkeys(THREADS, "1"),
        stdout=subprocess.PIPE,
        stderr=(folder / f"{tool} {people}.log").open("a"),
        text=True,
    )
    at = GRAPH
    assert process.stdout is not None
    for line in process.stdout:
        if not line.startswith("{"):  # some tools greet
            continue
        row = json.loads(line)
        at = row["measure"] if row["state"] == "started" else ""
        if not at and row["measure"] not in mine:
            mine[row["measure"]] = _keep(folder, tool, people, row)
    code = process.wait()
    if code and at:
        row = {"measure": at, "state": "ended", "why": f"the process ended ({code})"}
        mine[at] = _keep(folder, tool, people, row)
    return not code


def foreseen(rows: list[Row], people: int, stop: int) -> str:
    """Say why a measure would take too long, from the two next smaller networks, if it would.

    Two sizes show how it grows; from one size alone it is taken to grow as its work does at least,
    with the ties, or with people times ties where all pairs are looked at.
    """
    before = sorted((row for row in rows if row["people"] < people), key=lambda row: row["people"])
    if not before:
        return ""
    last = before[-1]
    if last["state"] != "done":
        return f"{last['state']} at {last['people']:,}"
    step = people / last["people"]
    least = step**2 if last["measure"] in ALL_PAIRS else step
    growth = least
    if len(before) > 1 and before[-2]["state"] == "done":
        ratio = last["cpu"] / max(before[-2]["cpu"], 1e-4)
        growth = max(least, ratio ** (np.log(step) / np.log(last["people"] / before[-2]["people"])))
    wanted = last["cpu"] * growth
    if wanted <= stop:
        return ""
    seconds = f"{last['cpu']:,.0f}" if last["cpu"] >= 10 else f"{last['cpu']:.2g}"
    return f"{seconds} s at {last['people']:,}, × {growth:,.0f}"


def too_large_for(rows: list[Row], people: int) -> str:
    """Say how large the graph would be, from the next smaller one, if that is too much."""
    built = {row["people"]: row for row in rows if row["measure"] == GRAPH}
    before = max((size for size in built if size < people), default=0)
    if not before:
        return ""
    last, step = built[before], people / before
    if last["state"] == "not started":
        return f"the graph was too large at {before:,}"
    if last["state"] != "done" or last["megabytes"] * step <= 1e3 * MEMORY:
        return ""
    return f"the graph takes {last['megabytes'] / 1e3:.1f} GB at {before:,}, × {step:,.0f}"


def _known(folder: Path, tool: str) -> list[Row]:
    file = folder / f"{tool}.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return [json.loads(line) for line in lines]


def _keep(folder: Path, tool: str, people: int, row: Row) -> Row:
    row = {"tool": tool, "people": people, **row}
    with (folder / f"{tool}.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")
    print(f"{tool:13}{people:10,}  {row}", file=sys.stderr, flush=True)
    return row


def apart(folder: Path, row: Row) -> float | None:
    """The largest difference from our values, relative to the largest of ours."""
    ours, theirs = (
        folder / _file(tool, row["people"], row["measure"]) for tool in (TOOLS[0], row["tool"])
    )
    if row["tool"] == TOOLS[0] or not (ours.exists() and theirs.exists()):
        return None
    one, other = np.load(ours), np.load(theirs)
    if one.shape != other.shape:
        return float("nan")
    known = np.isfinite(one) & np.isfinite(other)
    scale = np.abs(one[known]).max(initial=1e-300)
    return float(np.abs(one[known] - other[known]).max(initial=0.0) / scale)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, nargs="+", default=list(PEOPLE))
    parser.add_argument("--tools", nargs="+", default=list(TOOLS), choices=TOOLS)
    parser.add_argument("--stop", type=int, default=STOP)
    parser.add_argument("--results", type=Path, default=Path("build/benchmarks"))
    parser.add_argument("--out", type=Path, default=Path("docs/performance.md"))
    parser.add_argument("--write", action="store_true", help="measure nothing, write the page")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--skip", nargs="*", default=[], help=argparse.SUPPRESS)
    options = parser.parse_args()
    folder = options.results
    if options.child:
        size = options.people[0]
        child(options.child, size, folder=folder, skip=options.skip, stop=options.stop)
        return
    folder.mkdir(parents=True, exist_ok=True)
    tools = [tool for tool in options.tools if importlib.util.find_spec(tool)]
    if not options.write:
        for people in options.people:
            for tool in tools:
                run(tool, people, folder=folder, stop=options.stop)
    from benchmarks.page import page  # a long run need not wait for it

    rows = [row for tool in TOOLS for row in _known(folder, tool) if row["measure"] != END]
    rows = [row | {"apart": apart(folder, row)} for row in rows if row["people"] in options.people]
    options.out.write_text(page(rows, stop=options.stop, memory=MEMORY), encoding="utf-8")


if __name__ == "__main__":
    main()
