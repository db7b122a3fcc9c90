"""The texts of the queries stay in the subset that DuckDB and Spark both run."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from netanalytics import sql

TEXTS = sorted(file for file in files("netanalytics.sql").iterdir() if file.name.endswith(".sql"))
NOT_PORTABLE = (
    r"\bhash\s*\(",
    r"\bapprox_",
    r"\bquantile",
    r"\blist\s*\(",
    r"\bdate_",
    r"\bstrftime",
    r"\bepoch",
    r"\bASOF\b",
    r"\blevenshtein",
    r"::",
    r"\bEXCLUDE\b",
    r"(?<![\w.])\d+\.\d+(?!\d*e)",
    r"\bvarchar\b",
)


@pytest.mark.parametrize("text", TEXTS, ids=lambda file: file.name)
@pytest.mark.parametrize("pattern", NOT_PORTABLE)
def test_texts_avoid_what_one_engine_lacks(text, pattern):
    code = re.sub(r"--.*", "", text.read_text(encoding="utf-8"))
    assert not re.search(pattern, code, re.IGNORECASE)


def test_every_text_says_what_it_is_for():
    assert all(text.read_text(encoding="utf-8").startswith("-- ") for text in TEXTS)


@pytest.mark.parametrize("name", ["a; DROP TABLE b", "A", 'a"', "1a", ""])
def test_only_identifiers_go_into_a_text(name):
    with pytest.raises(ValueError, match="not an identifier"):
        sql.literal(name)


def test_floats_are_written_with_an_exponent():
    assert sql.literal(0.5) == "5.00000000000000000e-01"
    assert float(sql.literal(7776000000000.0)) == 7776000000000.0
