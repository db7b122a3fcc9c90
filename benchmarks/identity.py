"""Fit the model of who is who on invented populations, and measure it on others.

Run from the root of the clone::

    python -m benchmarks.identity fit           # writes netanalytics/identity/weights.py
    python -m benchmarks.identity measure 10000 # and 100000: every figure that is promised

Populations to fit on and to measure on have different seeds; ``measure --varied N`` draws one whose
quirks were drawn too, ``measure --towns`` one of another kind, which the model never saw.
"""

from __future__ import annotations

import argparse
import resource
import time
from multiprocessing import Pool
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.population import Population, Quirks, population
from benchmarks.towns import towns
from netanalytics.identity import model
from netanalytics.identity.blocking import candidates
from netanalytics.identity.features import Evidence, evidence
from netanalytics.identity.profiles import profiles
from netanalytics.identity.resolution import clusters_of, resolve

WEIGHTS = Path(__file__).parents[1] / "netanalytics" / "identity" / "weights.py"


def contacts_of(log: pd.DataFrame) -> pd.DataFrame:
    """Count how often each reached each."""
    return log.groupby(["source", "target"]).size().rename("n").reset_index()


def varied(seed: int) -> Quirks:
    """Draw how hard a population is."""
    draw = np.random.default_rng(seed).uniform
    return Quirks(
        namesakes=draw(0.15, 0.55),
        at_one_company=draw(0.05, 0.4),
        nickname=draw(0.05, 0.4),
        accents=draw(0.2, 0.8),
        initial=draw(0.02, 0.2),
        swapped=draw(0.02, 0.15),
        typo=draw(0.01, 0.1),
        maiden=draw(0.01, 0.1),
        title=draw(0, 0.06),
        middle=draw(0.03, 0.25),
        unnamed=draw(0, 0.3),
        organisation=draw(0.3, 0.95),
        variants=draw(0.2, 0.7),
        contacts=draw(4, 14),
        shared=draw(0.1, 0.6),
        company=int(draw(8, 120)),
        surnames=float(np.exp(draw(np.log(0.1), np.log(0.6)))),
        close=draw(0, 0.9) ** 2,
        team=int(draw(4, 14)),
    )


# ---- fitting -----------------------------------------------------------------------------------


def pairs_of(place: Population) -> tuple[Evidence, np.ndarray]:
    """Return the candidate pairs of a population, and whether each is one person."""
    known = profiles(place.people.set_index("person"), contacts_of(place.log))
    cluster = clusters_of(known)
    found = evidence(known, cluster, candidates(known, cluster))
    truth = place.truth.reindex(known.ids).to_numpy()
    return found, truth[found.through[:, 0]] == truth[found.through[:, 1]]


def plan() -> list[tuple[int, int, Quirks]]:
    """Return size, seed and quirks of the populations to fit on."""
    sizes = (600, 2_000, 5_000, 10_000)
    usual = [(10_000, 700, Quirks()), (10_000, 701, Quirks()), (60_000, 801, Quirks())]
    return usual + [(sizes[i % 4], 500 + i, varied(i)) for i in range(12)]


def _drawn(wish: tuple[int, int, Quirks]) -> tuple[Evidence, np.ndarray, float]:
    n, seed, quirks = wish
    # A population of any size counts alike; two thirds of all weight lie on the usual ones.
    weight = min(1.0, 20_000 / n) * (5 if seed >= 700 else 1)
    return (*pairs_of(population(n, seed=seed, quirks=quirks)), weight)


def fit_all(drawn: list[tuple[Evidence, np.ndarray, float]]) -> None:
    """Fit both passes, and write the weights; each population comes with its own weight."""
    tables: dict[str, dict[str, float]] = {"WEIGHTS": {}, "COMPANY_WEIGHTS": {}}
    alone = [np.zeros(0)] * len(drawn)
    for table in list(tables):
        facts, truths, weights = [], [], []
        names: list[str] = []
        for number, (found, truth, weight) in enumerate(drawn):
            if table == "WEIGHTS":
                known = model.design(found.columns)
            else:
                known = model.company_design(model.company(found, alone[number]))
            names = list(known)
            kept, weight_of = _worth(found, truth)
            whole = np.stack([known[name] for name in names], axis=1).astype(np.float32)
            facts.append(whole[kept])
            truths.append(truth[kept])
            weights.append(weight * weight_of[kept])
        found_values = fit(np.concatenate(facts), np.concatenate(truths), np.concatenate(weights))
        tables[table] = dict(zip(names, np.round(found_values, 4).tolist(), strict=True))
        if table == "WEIGHTS":
            model.WEIGHTS.clear()
            model.WEIGHTS.update(tables[table])
            alone = [model.weighed(found.columns, model.WEIGHTS) for found, _, _ in drawn]
    write(tables)


def _worth(found: Evidence, truth: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Keep one in five of the pairs that are clearly two people, at five times the weight."""
    c = found.columns
    dull = (c["score"] < 3) & (c["shared"] == 0) & (c["local"] < 3) & ~truth
    kept = ~dull | (np.random.default_rng(0).random(len(truth)) < 0.2)
    return kept, np.where(dull, 5.0, 1.0)


def fit(facts: np.ndarray, truth: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the coefficients of a logistic regression, by Newton's method with a small ridge."""
    found = np.zeros(facts.shape[1])
    for _ in range(25):
        p = 1 / (1 + np.exp(-np.clip(facts @ found, -30, 30)))
        slope = facts.T @ ((p - truth) * weights) + found
        bend = (facts * (p * (1 - p) * weights).astype(np.float32)[:, None]).T @ facts
        step = np.linalg.solve(bend.astype(float) + np.eye(len(found)), slope)
        largest = np.abs(step).max()
        found -= step * min(1, 5 / largest)
        if largest < 1e-3:
            break
    return found


def write(tables: dict[str, dict[str, float]]) -> None:
    """Write the coefficients as a module."""
    text = '"""What each fact weighs; written by ``python -m benchmarks.identity fit``."""\n'
    for table, values in tables.items():
        lines = "".join(f'    "{name}": {value},\n' for name, value in values.items())
        text += f"\n{table}: dict[str, float] = {{\n{lines}}}\n"
    WEIGHTS.write_text(text, encoding="utf-8")


# ---- measuring ---------------------------------------------------------------------------------


def together(*labels: np.ndarray) -> int:
    """Count pairs that agree in all labels."""
    sizes = pd.DataFrame(dict(enumerate(labels))).value_counts().to_numpy()
    return int((sizes * (sizes - 1) // 2).sum())


def measure(place: Population) -> dict[str, float]:
    """Return every figure that is promised of a population."""
    people, contacts = place.people.set_index("person"), contacts_of(place.log)
    start = time.process_time()
    result = resolve(people, contacts)
    figures = {"cpu_s": time.process_time() - start}
    truth = place.truth
    owner = truth.reindex(result.people["identity"]).to_numpy()
    size = len(owner)

    def quality(person: np.ndarray) -> tuple[float, float]:
        right = together(person, owner)
        return right / max(1, together(person)), right / together(owner)

    figures["auto_precision"], figures["auto_recall"] = quality(result.people["person"].to_numpy())
    offered = result.proposals.sort_values("confidence", ascending=False, kind="stable")
    right = truth.reindex(offered["a"]).to_numpy() == truth.reindex(offered["b"]).to_numpy()
    figures["proposals_per_1000"] = 1000 * len(offered) / size
    precision = np.cumsum(right) / np.arange(1, len(right) + 1)
    last = int(np.flatnonzero(precision >= 0.95).max(initial=-1)) + 1
    chosen = offered.iloc[:last]
    figures["total_precision"], figures["total_recall"] = quality(_joined(result, chosen))
    figures["confirmed_recall"] = quality(_joined(result, chosen[right[:last]]))[1]
    figures["closed_recall"] = _closed(result, offered, owner)
    sure = result.sure(0.98)
    start = time.process_time()
    after = resolve(people, contacts, same=list(zip(sure["a"], sure["b"], strict=True)))
    figures["second_cpu_s"] = time.process_time() - start
    truly = truth.reindex(sure["a"]).to_numpy() == truth.reindex(sure["b"]).to_numpy()
    figures["sure_precision_rows"] = _share(truly)
    figures["sure_precision"], figures["sure_recall"] = quality(after.people["person"].to_numpy())
    figures["left_per_1000"] = 1000 * len(after.proposals) / size
    p = offered["confidence"].to_numpy()
    for name, low, high in (("at_90", 0.85, 0.95), ("near_90", 0.88, 0.92), ("at_50", 0.4, 0.6)):
        figures[name] = _share(right[(p >= low) & (p < high)])
    figures["namesakes_one_company"] = _namesakes(place, sure, truly)
    figures["peak_gb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return figures


def _closed(result, offered: pd.DataFrame, owner: np.ndarray) -> float:
    """Return the recall of as many proposals as leave the merged people at precision .95."""
    best = 0.0
    for count in np.linspace(0, len(offered), 41).astype(int):
        person = _joined(result, offered.iloc[:count])
        right = together(person, owner)
        if right >= 0.95 * together(person):
            best = max(best, right / together(owner))
    return best


def _share(right: np.ndarray) -> float:
    return float(right.mean()) if len(right) else float("nan")


def _joined(result, pairs: pd.DataFrame) -> np.ndarray:
    from scipy import sparse
    from scipy.sparse import csgraph

    names = result.people["person"].to_numpy()
    number = {name: place for place, name in enumerate(dict.fromkeys(names))}
    person = dict(zip(result.people["identity"], names, strict=True))
    a = [number[person[text]] for text in pairs["a"]]
    b = [number[person[text]] for text in pairs["b"]]
    graph = sparse.coo_array((np.ones(len(a)), (a, b)), shape=(len(number), len(number)))
    label = csgraph.connected_components(graph, directed=False)[1]
    return label[[number[name] for name in names]]


def _namesakes(place: Population, sure: pd.DataFrame, truly: np.ndarray) -> float:
    """Return how many are right of those accepted that share a name and a company."""
    people = place.people.set_index("person")
    name, firm = people["name"].str.casefold(), people["organisation"].str.casefold()
    a, b = sure["a"], sure["b"]
    same = name.reindex(a).to_numpy() == name.reindex(b).to_numpy()
    same &= firm.reindex(a).to_numpy() == firm.reindex(b).to_numpy()
    return _share(truly[same])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["fit", "measure"])
    parser.add_argument("size", nargs="?", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=901)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--towns", action="store_true", help="A population of another kind.")
    parser.add_argument("--varied", type=int, help="Draw the quirks too, from this seed.")
    wish = parser.parse_args()
    if wish.what == "fit":
        with Pool(wish.workers) as pool:
            drawn = pool.map(_drawn, plan(), chunksize=1)
        fit_all(drawn)
        return
    quirks = None if wish.varied is None else varied(wish.varied)
    if wish.towns:
        place = towns(wish.size, seed=wish.seed)
    else:
        place = population(wish.size, seed=wish.seed, quirks=quirks)
    for name, value in measure(place).items():
        print(f"{name:24s} {value:.4f}")


if __name__ == "__main__":
    main()
