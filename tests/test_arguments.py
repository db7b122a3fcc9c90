"""What public functions are given: nonsense is one line, wherever it is said."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest

import netanalytics as na
from netanalytics import registry
from netanalytics.analysis import bridges, brokerage, communities, diversity
from netanalytics.arguments import names, number, whole
from netanalytics.errors import NetAnalyticsError, OptionError

from .conftest import log_of

NUMBERS = ("x", math.nan, math.inf, -1, 2.5, [], None, True, object())
TEXTS = (-1, math.nan, [], {}, object(), "", "nobody of that name")
KINDS = {
    "int": NUMBERS,
    "float": NUMBERS,
    "str": TEXTS,
    "str | Sequence[str]": TEXTS,
    "str | Sequence[str] | None": TEXTS,
    "str | None": TEXTS,
    "int | None": NUMBERS,
    "float | None": NUMBERS,
    "pd.DataFrame | str | Path | None": (-1, [], object(), "gone.csv"),
}
NEEDED = {"by": "team", "person": "p1", "groups": pd.Series(dtype="object"), "measure": "degree"}
NEEDED["plan"] = pd.DataFrame({"day": [], "contact": []})


@pytest.fixture(scope="module")
def log():
    rows = [
        (f"2026-{month:02d}-{day:02d}", f"p{day % 5}", f"p{(day * month) % 7 + 5}")
        for month in range(1, 7)
        for day in range(1, 28)
    ]
    return log_of(*rows)


@pytest.fixture(scope="module")
def net(log):
    people = pd.DataFrame({"person": [f"p{n}" for n in range(12)], "team": list("xyz") * 4})
    return na.build_network(log, people=people)


def functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    public = [getattr(na, name) for name in na.__all__]
    chapters = (bridges, brokerage, communities, diversity)
    public += [getattr(chapter, name) for chapter in chapters for name in chapter.__all__]
    public += [card.function for card in registry.metrics().values()]
    for one in dict.fromkeys(filter(inspect.isfunction, public)):
        first = next(iter(inspect.signature(one).parameters), "")
        if first in ("net", "log") and one.__name__ not in ("save_network", "watch"):
            yield f"{one.__module__.removeprefix('netanalytics.')}.{one.__name__}", one


def cases() -> Iterator[Any]:
    for called, function in functions():
        for name, parameter in list(inspect.signature(function).parameters.items())[1:]:
            if parameter.annotation in KINDS:
                yield pytest.param(function, name, parameter.annotation, id=f"{called}-{name}")


@pytest.mark.parametrize(("function", "name", "kind"), list(cases()))
def test_nonsense_is_one_line(function, name, kind, net, log):
    parameters = inspect.signature(function).parameters
    source = {"net": net, "log": log}[next(iter(parameters))]
    needed = {
        other: NEEDED[other]
        for other, parameter in list(parameters.items())[1:]
        if parameter.default is parameter.empty and other in NEEDED
    }
    for value in KINDS[kind]:
        try:
            function(source, **{**needed, name: value})
        except NetAnalyticsError as error:
            assert "\n" not in str(error)
            assert len(str(error)) < 400


def test_the_cases_are_all_there():
    found = {case.id for case in cases()}
    assert len(found) > 60
    assert {
        "network.build_network-half_life_days",
        "analysis.decay.return_probability-model",
    } < found


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("3", "runs is '3'; give a whole number of 2 or more"),
        (3.0, "runs is 3.0; give a whole number of 2 or more"),
        (True, "runs is True; give a whole number of 2 or more"),
        (1, "runs is 1; give a whole number of 2 or more"),
        ([1] * 900, "runs is [1, 1, 1, 1, 1, 1, ...]; give a whole number of 2 or more"),
    ],
)
def test_what_is_no_whole_number(value, message):
    with pytest.raises(OptionError) as refused:
        whole("runs", value, least=2)
    assert str(refused.value) == message


def test_numbers_of_numpy_are_numbers():
    assert whole("runs", np.int64(3), least=2, most=3) == 3
    assert number("level", np.float32(0.5), least=0, most=1, open_ends=True) == 0.5
    assert number("level", 1, least=0, most=1) == 1.0


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        ({"least": 0, "most": 1}, "from 0 to 1"),
        ({"least": 0, "most": 1, "open_ends": True}, "between 0 and 1"),
        ({"least": 9}, "of 9 or more"),
        ({"least": 9, "open_ends": True}, "above 9"),
        ({"most": 1}, "up to 1"),
        ({"most": 1, "open_ends": True}, "below 1"),
    ],
)
@pytest.mark.parametrize("value", [5, math.nan, math.inf, "a\nb", None])
def test_what_lies_elsewhere(value, limits, message):
    with pytest.raises(OptionError, match=rf"^x is .*; give a number {message}$"):
        number("x", value, **limits)


def test_names_are_one_or_several():
    assert names("by", "team") == ["team"]
    assert names("by", ("team", "site")) == ["team", "site"]
    for value in ([], None, 5, ["team", 5]):
        with pytest.raises(OptionError, match=r"^by is .*; give the name of a people column"):
            names("by", value)
