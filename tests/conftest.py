"""What several tests share."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import netanalytics as na

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
AS_OF = "2026-06-30"


def shared(path: str) -> Path:
    """Return a file of the real logs, or skip the test where they are not laid out."""
    file = SHARED / path
    if not file.exists():
        pytest.skip(f"the real log {path} is not on this machine")
    return file


@pytest.fixture(scope="session")
def office() -> na.datasets.Office:
    return na.datasets.office(seed=7)


@pytest.fixture(scope="session")
def office_log(office):
    return na.load(office.interactions)


@pytest.fixture(scope="session")
def office_net(office, office_log):
    return na.build_network(office_log, people=office.people, as_of=AS_OF)


@pytest.fixture(scope="session")
def enron_net():
    log = na.load(shared("data/enron/interactions.csv"))
    return na.build_network(log, people=shared("data/enron/people.csv"))


def log_of(*rows: tuple, columns: tuple[str, ...] = ("time", "source", "target"), **options):
    """Return a log of a few rows."""
    return na.load(pd.DataFrame(list(rows), columns=list(columns)), **options)
