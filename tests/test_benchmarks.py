"""What the benchmark does not start, and how its page says what it found."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks import measures, page
from benchmarks.peers import made, with_igraph, with_netanalytics


def row(measure: str, people: int, cpu: float = 0.0, **more: Any) -> dict[str, Any]:
    found = {"tool": "netanalytics", "measure": measure, "people": people, "state": "done"}
    return found | {"cpu": cpu, "megabytes": 3.2, "peak": 2048.0, "apart": None} | more


@pytest.mark.parametrize(
    ("rows", "people", "expected"),
    [
        ([], 1_000, ""),
        ([row("katz", 1_000, 59.0)], 10_000, ""),
        ([row("katz", 1_000, 61.0)], 10_000, "61 s at 1,000, × 10"),
        ([row("closeness", 1_000, 7.0)], 10_000, "7 s at 1,000, × 100"),
        # From 2 to 40 s it grew twentyfold: the next step takes 800 s.
        ([row("katz", 1_000, 2.0), row("katz", 10_000, 40.0)], 100_000, "40 s at 10,000, × 20"),
        ([row("katz", 1_000, 4.0), row("katz", 10_000, 40.0)], 100_000, ""),
        ([row("katz", 1_000, state="stopped")], 10_000, "stopped at 1,000"),
        ([row("katz", 100_000, 900.0)], 10_000, ""),
    ],
)
def test_what_would_take_too_long_is_not_started(rows, people, expected):
    assert measures.foreseen(rows, people, 600) == expected


def test_a_graph_that_would_not_fit_is_not_built():
    rows = [row("graph", 10_000, megabytes=130.0), row("graph", 100_000, megabytes=1310.0)]
    assert measures.too_large_for(rows[:1], 100_000) == ""
    assert measures.too_large_for(rows, 1_000_000) == "the graph takes 1.3 GB at 100,000, × 10"
    assert measures.too_large_for([], 1_000) == ""


def test_pairs_are_looked_at_in_small_networks_and_samples_in_large_ones():
    for people, pairs in ((10_000, True), (100_000, False)):
        assert measures.asked("closeness", people) is pairs
        assert measures.asked("betweenness, sampled", people) is not pairs
        assert measures.asked("coreness", people)


def test_the_page_says_what_was_found():
    rows = [
        *(row("graph", 100_000, 1.0, tool=tool) for tool in measures.TOOLS[1:]),
        row("graph", 100_000, 1.0, peak=0.0),
        row("constraint", 100_000, 0.2),
        row("constraint", 100_000, 0.5, tool="igraph", apart=1e-15),
        row("constraint", 100_000, 0.1, tool="easygraph", apart=0.5),
        row("effective size", 100_000, 0.25),
        row("effective size", 100_000, tool="networkx", state="not started", why="9 s, × 100"),
        row("Leiden", 100_000, 30.0),
        row("Leiden", 100_000, tool="networkit", state="stopped"),
        row("Leiden", 100_000, tool="igraph", state="ended", why="a | b"),
    ]
    said = page._size(rows, 100_000, 600).splitlines()
    assert (
        "| constraint | 0.20 (3) | 0.50 (3) |  |  | 0.10 ≠ (3) | 0.40 | easygraph ≠, 2.0 times |"
        in said
    )
    assert "| effective size | 0.25 (3) |  | over 10 min [1] |  |  |  |  |" in said
    assert "| Leiden | 30.00 (3) | ended [2] |  | stopped at 10 min |  |  |  |" in said
    assert "[1] By its growth: 9 s, × 100.  " in said
    assert "[2] It ended by itself: a / b.  " in said
    assert said[-3].startswith("All of ours together take 30.4 s of CPU; the 2 local ones")
    assert "0.5 s, in a process of at most 2.0 GB" in said[-3]
    assert "effective size 0.50 (prototype 0.35, 1.4 times)" in said[-1]


def test_the_page_knows_every_measure_that_is_asked():
    asked = set().union(*(build(made(60), 60) for build in (with_netanalytics, with_igraph)))
    assert asked == set(page.ORDER) - {page.GRAPH}
    said = page._size([row("graph", 1_000), row("span", 1_000)], 1_000, 600)
    assert "| span | 0.0000 (3) | not run | not run | not run | not run |  |  |" in said


def test_a_network_to_measure_has_ten_times_as_many_ties_as_people():
    first, second, strength, group = made(500)
    assert len(set(zip(first.tolist(), second.tolist(), strict=True))) == 5_000
    assert (first < second).all()
    assert (strength > 0).all()
    assert len(group) == 500
