"""Time 200 resamples of a log for each measure that has bands of its own.

Run from the root of the project: ``python -m benchmarks.bands [people]``. CPU seconds, one process;
1,000 people make about 113,000 contacts.
"""

from __future__ import annotations

import resource
import sys
import time

from netanalytics.analysis.uncertainty import resample
from tests.worlds import World

MEASURES = (
    "total_strength",
    "degree",
    "constraint",
    "effective_size",
    "pagerank",
    "entropy",
    "betweenness",
)
LIMIT = 10.0
"""CPU seconds that the first six may take together, reading the contacts included."""


def main(people: int = 1000) -> float:
    world = World.of(1, people=people)
    net = world.network(world.log("weekly", 78, 0))
    start = time.process_time()
    sample = resample(net, seed=1)
    seconds = {"reading": time.process_time() - start}
    for name in MEASURES:
        start = time.process_time()
        sample.bands(name, by="department" if name == "entropy" else None)
        seconds[name] = time.process_time() - start
    events = int(sample.contacts.event.max()) + 1
    print(f"{len(net.log):,} contacts in {events:,} events, {net!r}, κ {sample.burstiness:.2f}")
    for name, spent in seconds.items():
        print(f"{name:16}{spent:8.2f} s")
    six = sum(spent for name, spent in seconds.items() if name != "betweenness")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"all but betweenness {six:.2f} s (limit {LIMIT:.0f}), peak memory {peak:,.0f} MB")
    return six


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])) > LIMIT)
