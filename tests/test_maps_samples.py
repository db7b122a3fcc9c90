"""Small networks that the tests of the maps share, and a check that they are what they claim."""

from __future__ import annotations

import json
import random
import re
from dataclasses import replace

import numpy as np
import pandas as pd

from netanalytics.network import Network

AS_OF = pd.Timestamp("2026-06-30 23:59:59.999999", tz="UTC")
TEAMS = ("Product & design", "Alumni", "Fintech", "Ex-consulting", "Open source", "Board", "Club")
HOSTILE = (
    "</script><script>window.hacked=1</script>",
    "<img src=x onerror=window.hacked=2>",
    "a href=<img src=x onerror='window.hacked=3'>",
    "\u202egnp.exe \u2066isolated",
    "$x_1$ {{ 7 * 7 }} ${hacked}",
    "N" * 300,
    "😀 👩‍👩‍👧 Zoë",
    "\"'`;window.hacked=4//--><!--",
    "&lt;b&gt; &amp; \u2028 line",
)


def sample(people: int = 60, *, seed: int = 1, dated: bool = True, mean: float = 6.0) -> Network:
    """Return a network of teams in which the last two people have no ties."""
    rng = random.Random(seed)
    ids = [f"p{at:05d}" for at in range(people)]
    team = [rng.choices(range(len(TEAMS)), [1.4**-k for k in range(len(TEAMS))])[0] for _ in ids]
    table = pd.DataFrame(
        {
            "person": ids,
            "name": [f"Name{at} Family{at % 17}" for at in range(people)],
            "team": [TEAMS[place] for place in team],
            "title": [rng.choice(["Engineer", "Partner", "Analyst"]) for _ in ids],
        }
    )
    members = {place: [at for at in range(people - 2) if team[at] == place] for place in set(team)}
    pairs: set[tuple[int, int]] = set()
    while len(pairs) < people * mean / 2:
        first = rng.randrange(people - 2)
        inside = members[team[first]] if rng.random() < 0.85 else range(people - 2)
        second = rng.choice(inside)
        if first != second:
            pairs.add((min(first, second), max(first, second)))
    return network(table, [(ids[a], ids[b]) for a, b in sorted(pairs)], dated=dated, seed=seed)


def network(
    table: pd.DataFrame, pairs: list[tuple[str, str]], *, dated: bool = True, seed: int = 1
) -> Network:
    """Return a network of these ties, with the columns that a log would give."""
    rng = random.Random(seed)
    frame = pd.DataFrame(pairs, columns=["source", "target"], dtype=str)
    frame["strength"] = [round(rng.paretovariate(1.2), 3) for _ in pairs]
    net = Network.from_ties(frame, table)
    if not dated:
        return net
    ties = net.ties.copy()
    size = len(ties)
    ago = np.array([min(int(rng.expovariate(1 / 80)), 900) for _ in range(size)], dtype=int)
    day = AS_OF.normalize()
    ties["last"] = (day - pd.to_timedelta(ago, unit="D")).astype("datetime64[us, UTC]")
    ties["first"] = ties["last"] - pd.Timedelta(days=200)
    ties["n"] = [max(1, int(3 * strength)) for strength in ties["strength"]]
    ties["days"] = (ties["n"] * 0.7).astype(int).clip(lower=1)
    ties["n_forward"] = ties["n"] // 2
    ties["n_back"] = ties["n"] // 3
    ties["channels"] = [rng.choice(["email", "email;meeting", "chat"]) for _ in range(size)]
    return replace(net, ties=ties, as_of=AS_OF, half_life_days=90.0)


def star(size: int) -> Network:
    """Return one person with a tie to everybody else."""
    table = pd.DataFrame({"person": [f"x{at}" for at in range(size)]})
    return network(table, [("x0", f"x{at}") for at in range(1, size)])


def hostile() -> Network:
    """Return a network whose ids, names and attributes would all like to be markup."""
    table = pd.DataFrame({"person": HOSTILE, "name": HOSTILE[::-1], "team": HOSTILE})
    table["title"] = HOSTILE
    return network(table, [(HOSTILE[0], other) for other in HOSTILE[1:]])


def stages(net: Network) -> pd.DataFrame:
    """Return a stage of every tie, by age alone: a stand-in that needs no habit."""
    ago = (net.as_of - net.ties["last"]).dt.days
    stage = np.where(ago > 200, "dormant", np.where(ago > 110, "cooling", "active"))
    return pd.DataFrame({"stage": stage}, index=net.ties.index)


def values(net: Network) -> pd.DataFrame:
    """Return a community of every person, and a measure that a personal map must not show."""
    codes = pd.factorize(net.people["team"])[0] if "team" in net.people.columns else 0
    return pd.DataFrame({"community": codes, "betweenness": 0.123456}, index=net.people.index)


def introductions(net: Network, person: str, most: int = 3) -> pd.DataFrame:
    """Return suggested introductions through the contacts of a person."""
    rows = []
    mine = net.contacts(person)
    for via in mine:
        strangers = [name for name in net.contacts(via) if name not in {*mine, person}]
        for target in strangers[:1]:
            rows.append((len(rows) + 1, person, target, via, 1.0, "two shared contacts"))
    columns = ["rank", "person", "target", "via", "score", "because"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.drop_duplicates("target").head(most)


def data_of(html: str) -> dict:
    """Return the data block of a map."""
    block = re.search(r'<script type="application/json" id="map-data">(.*?)</script>', html)
    return json.loads(block.group(1))


def hub(net: Network) -> str:
    """Return the person with the most ties."""
    degree = np.bincount(np.concatenate(net.ends), minlength=len(net.people))
    return str(net.people.index[degree.argmax()])


def test_the_samples_are_what_they_claim():
    net = sample()
    assert len(net.people) == 60
    assert not net.contacts("p00059")
    assert set(net.ties.index.names) == {"source", "target"}
    assert len(hostile().people) == len(HOSTILE)
    assert len(star(3).ties) == 2
