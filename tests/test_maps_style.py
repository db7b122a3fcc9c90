"""Colours that can be told apart, and text that does nothing."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from netanalytics.maps import pack, style

from .test_maps_samples import HOSTILE


@pytest.mark.parametrize("theme", style.THEMES, ids=lambda theme: theme.name)
def test_every_colour_is_legible(theme):
    for colour in (*theme.palette, theme.other, theme.suggestion, theme.accent):
        assert style.contrast(colour, theme.background) >= 3, colour
    for colour in (theme.ink, theme.muted):
        assert style.contrast(colour, theme.background) >= 4.5
        assert style.contrast(colour, theme.panel) >= 4.5
    assert len(set(theme.palette)) == style.COLOURS == 6


def test_more_groups_than_colours_are_grey():
    assert style.LIGHT.colour(5) == style.LIGHT.palette[5]
    assert style.LIGHT.colour(6) == style.LIGHT.colour(-1) == style.LIGHT.other


def test_plain_text_has_no_controls_and_no_direction_overrides():
    for text in HOSTILE:
        clean = style.plain(text)
        assert len(clean) <= style.LONGEST_NAME
        assert not set("\u202e\u202a\u2066\u2069\n\r\t\x00\u2028") & set(clean)
    assert style.plain("a\udc80b\x00\x07") == "ab"
    assert style.plain("👩‍👩‍👧 Zoë") == "👩‍👩‍👧 Zoë"
    assert style.plain("  \u202e ") == ""


def test_radii_follow_the_square_root():
    sizes = style.radii([0, 4, 16, np.nan])
    assert sizes.tolist() == [4.0, 9.5, 15.0, 4.0]
    assert style.radii([]).size == 0
    assert style.radii([0, 0]).tolist() == [4.0, 4.0]


@pytest.mark.parametrize("name", HOSTILE)
def test_json_for_a_page_holds_no_character_that_acts(name):
    text = pack.to_json({"name": [name]})
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text)["name"] == [name]


def test_fields_are_short_and_exact():
    frame = pd.DataFrame(
        {
            "measure": [0.123456, np.nan],
            "word": ["a", None],
            "when": pd.to_datetime(["2026-05-03", None], utc=True),
            "flag": [True, False],
            "gone": [1, 2],
        },
        index=["p", "q"],
    )
    found = pack.columns(frame, pd.Index(["q", "p"]), skip=["gone"])
    assert found == [
        {"label": "Measure", "numbers": [None, 0.1235]},
        {"label": "Word", "words": ["a"], "codes": [-1, 0]},
        {"label": "When", "days": [None, 20576]},
        {"label": "Flag", "words": ["False", "True"], "codes": [0, 1]},
    ]
    assert pack.numbers("n", [float("inf"), 12345678])["numbers"] == [None, 12350000]
