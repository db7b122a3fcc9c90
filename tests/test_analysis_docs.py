"""The page of measures is the one that the registry makes now."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from netanalytics import registry

DOCS = Path(__file__).parents[1] / "docs"


def test_the_page_of_measures_is_up_to_date() -> None:
    spec = importlib.util.spec_from_file_location("make_measures", DOCS / "make_measures.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    page = (DOCS / "measures.md").read_text(encoding="utf-8")
    assert page == module.page(), "run python docs/make_measures.py"
    for name, card in registry.metrics().items():
        if card.function.__module__.startswith("netanalytics.analysis."):
            assert f"### {name}\n" in page
            assert card.formula in page and card.read in page
