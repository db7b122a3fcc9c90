"""Networks for tests: random ones, hostile ones, and a small dated one built by hand."""

from __future__ import annotations

import random

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from netanalytics.network import Network

TEAMS = ("red", "green", "blue", None)


def tie_rows(
    seed: int, people: int = 12, ties: int = 22, *, weighted: bool = True, directed: bool = False
) -> pd.DataFrame:
    """Distinct pairs (ordered ones where directed) with strengths that make no two paths equal."""
    chance = random.Random(seed)
    pairs: set[tuple[int, int]] = set()
    while len(pairs) < min(ties, people * (people - 1) // 2):
        a, b = chance.sample(range(people), 2)
        pairs.add((a, b) if directed else (min(a, b), max(a, b)))
    rows = [
        (f"p{a:02}", f"p{b:02}", chance.uniform(0.1, 5.0) if weighted else 1.0)
        for a, b in sorted(pairs)
    ]
    return pd.DataFrame(rows, columns=["source", "target", "strength"])


def people_rows(seed: int, people: int = 12) -> pd.DataFrame:
    chance = random.Random(seed)
    return pd.DataFrame(
        {
            "person": [f"p{place:02}" for place in range(people)],
            "team": [chance.choice(TEAMS) for _ in range(people)],
        }
    )


def network(seed: int, people: int = 12, ties: int = 22, **kind: bool) -> Network:
    """A random network whose people have a team, or none."""
    frame = tie_rows(seed, people, ties, **kind)
    return Network.from_ties(frame, people_rows(seed, people), directed=kind.get("directed", False))


DATED_TIES = (
    # source, target, first, last, days, longest, last_return, covered_days, covered_gap, ended
    ("ada", "ben", "2026-01-05", "2026-06-20", 20, 12, None, 20, 12, False),
    ("ada", "cy", "2025-03-01", "2026-05-20", 9, 20, None, 9, 20, False),
    ("ada", "dee", "2025-01-01", "2026-01-10", 12, 30, None, 12, 30, False),
    ("ben", "cy", "2024-01-01", "2026-06-10", 8, 200, "2026-05-01", 8, 200, False),
    ("ben", "dee", "2026-06-01", "2026-06-28", 4, 10, None, 4, 10, False),
    ("ben", "eve", "2026-01-01", "2026-03-01", 2, 59, None, 2, 59, False),
    ("cy", "dee", "2025-01-01", "2026-05-01", 30, 5, None, 4, 5, True),
    ("cy", "eve", "2025-01-01", "2026-05-01", 30, 5, None, 28, 45, True),
    ("dee", "eve", "2026-06-01", "2026-06-20", 12, 5, None, 12, 5, True),
    ("eve", "fay", "2025-01-01", "2026-06-30", 4, 100, "2026-06-30", 4, 100, False),
    ("fay", "gus", "2026-03-01", "2026-03-01", 1, None, None, 1, None, False),
)


def dated_frame() -> pd.DataFrame:
    """Ties with dates, in the columns of a network that was built from a log."""
    names = "source target first last days longest_gap_days last_return covered_days "
    table = pd.DataFrame(DATED_TIES, columns=[*names.split(), "covered_gap_days", "ended"])
    for column in ("first", "last", "last_return"):
        table[column] = pd.to_datetime(table[column], utc=True).astype("datetime64[us, UTC]")
    table["last"] += pd.Timedelta(hours=13)
    table["median_gap_days"] = table["longest_gap_days"] / 2
    table["n"] = table["days"] + 3
    table["n_forward"], table["n_back"] = table["days"], 3
    table["strength"] = np.linspace(0.2, 3.0, len(table))
    table["strength_forward"] = table["strength"] * 0.75
    table["strength_back"] = table["strength"] * 0.25
    return table


def dated_network(frame: pd.DataFrame | None = None, *, extra: tuple[str, ...] = ()) -> Network:
    """The network of :func:`dated_frame` as seen at the end of June 2026."""
    table = dated_frame() if frame is None else frame
    ids = sorted({*table["source"], *table["target"], *extra})
    groups = {"ada": "red", "ben": "red", "cy": "green", "dee": "green", "eve": "blue"}
    people = pd.DataFrame(
        {"team": pd.Series([groups.get(person) for person in ids], dtype="str").to_numpy()},
        index=pd.Index(ids, name="person", dtype="str"),
    )
    return Network(
        people=people,
        ties=table.set_index(["source", "target"]).sort_index(),
        as_of=pd.Timestamp("2026-06-30 23:59:59.999999", tz="UTC"),
        half_life_days=90.0,
    )


def hostile() -> dict[str, Network]:
    """Networks at the edges of what the definitions cover."""
    empty = pd.DataFrame({"source": [], "target": [], "strength": []})

    def people(count: int) -> pd.DataFrame:
        return pd.DataFrame({"person": [f"p{i}" for i in range(count)], "team": ["red"] * count})

    def made(pairs: list[tuple[str, str]], count: int = 1) -> Network:
        frame = pd.DataFrame(pairs, columns=["source", "target"])
        return Network.from_ties(frame, people(count))

    star = [("p0", f"p{leaf}") for leaf in range(1, 6)]
    decayed = pd.DataFrame(
        {"source": list("aab"), "target": list("bcc"), "strength": [1e-320, 1e-290, 1.0]}
    )
    return {
        "one person": Network.from_ties(empty, people(1)),
        "no ties": Network.from_ties(empty, people(4)),
        "one tie": made([("p0", "p1")]),
        "star": made(star),
        "triangle": made([("p0", "p1"), ("p1", "p2"), ("p0", "p2")]),
        "two pieces and an isolate": made([("p0", "p1"), ("p2", "p3"), ("p3", "p4")], 6),
        "decayed to nothing": Network.from_ties(decayed, people(1)),
        "hostile names": made([("p0", "<b>&;"), ("<b>&;", "né, 'x'"), ("p0", "né, 'x'")]),
    }


@st.composite
def drawn_networks(draw: st.DrawFn) -> Network:
    """Any small network, directed or not, with strengths over twelve orders of magnitude."""
    size = draw(st.integers(2, 9))
    end = st.integers(0, size - 1)
    strength = st.floats(1e-6, 1e6, allow_nan=False)
    rows = draw(st.lists(st.tuples(end, end, strength), max_size=25))
    frame = pd.DataFrame(rows, columns=["source", "target", "strength"])
    frame = frame.astype({"source": "str", "target": "str", "strength": float})
    people = pd.DataFrame(
        {
            "person": [str(place) for place in range(size)],
            "team": [draw(st.sampled_from(TEAMS)) for _ in range(size)],
        }
    )
    return Network.from_ties(frame, people, directed=draw(st.booleans()))
