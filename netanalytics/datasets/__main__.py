"""Write an invented office: ``python -m netanalytics.datasets FOLDER --seed 7``."""

from __future__ import annotations

import argparse

from netanalytics.datasets import write_office

parser = argparse.ArgumentParser(
    prog="python -m netanalytics.datasets", description="Write an invented office as CSV files."
)
parser.add_argument("folder")
parser.add_argument("--seed", type=int, default=0)
wish = parser.parse_args()
write_office(wish.folder, seed=wish.seed)
