"""Colours, sizes and words that the map and the figures share.

The six group colours of each theme keep 3:1 against their background and stay apart for readers
with protan, deutan and tritan vision. Groups beyond the sixth are grey: a seventh colour would be
one that somebody takes for another.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd


@dataclass(frozen=True)
class Theme:
    """The colours of one theme.

    Parameters
    ----------
    name : str
        ``light`` or ``dark``.
    palette : tuple of str
        Six colours for groups, the largest group first.
    other : str
        Colour of every further group.
    background, panel, ink, muted, line : str
        Page, side panel, text, secondary text, hairlines.
    tie, faint : str
        Ties between groups; ties and people not seen lately.
    suggestion, accent : str
        Suggested introductions; focus and selection.
    """

    name: str
    palette: tuple[str, ...]
    other: str
    background: str
    panel: str
    ink: str
    muted: str
    line: str
    tie: str
    faint: str
    suggestion: str
    accent: str

    def colour(self, rank: int) -> str:
        """Return the colour of the group of this rank, counted from 0; grey past the sixth."""
        return self.palette[rank] if 0 <= rank < len(self.palette) else self.other

    def as_dict(self) -> dict[str, Any]:
        """Return the colours as the viewer reads them."""
        return {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in vars(self).items()
        }


LIGHT = Theme(
    name="light",
    palette=("#274a7d", "#049ce3", "#f3548a", "#83710c", "#474afd", "#674112"),
    other="#868b96",
    background="#ffffff",
    panel="#f8f9fc",
    ink="#1a2233",
    muted="#566076",
    line="#dde1eb",
    tie="#8b95a8",
    faint="#c3c9d4",
    suggestion="#b3401f",
    accent="#2450a6",
)
DARK = Theme(
    name="dark",
    palette=("#69a2e2", "#8be6ff", "#be2c69", "#f1df08", "#7446e3", "#cc9250"),
    other="#7d8699",
    background="#12161f",
    panel="#191e2a",
    ink="#e8ecf5",
    muted="#a5afc3",
    line="#2f374a",
    tie="#66718a",
    faint="#444d61",
    suggestion="#ffa45c",
    accent="#8ab4f8",
)
THEMES: tuple[Theme, Theme] = (LIGHT, DARK)

COLOURS = len(LIGHT.palette)
"""How many groups have a colour of their own."""

SMALLEST_DOT, LARGEST_DOT = 4.0, 15.0
"""Radii of the person with no tie and of the person with the most, in units of the layout."""

LONGEST_NAME = 200
"""Names longer than this are cut in the file; a drawing cuts them much earlier."""

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def plain(text: object, most: int = LONGEST_NAME) -> str:
    r"""Return text from a log as one harmless line.

    Control characters, direction overrides and unpaired surrogates are taken out, white space is
    collapsed, and what is too long ends in an ellipsis. Nothing is escaped here: that is the work
    of whoever writes the text into a page.

    Parameters
    ----------
    text : object
        Anything; its text is taken.
    most : int
        Longest result, in characters.

    Returns
    -------
    str
        One line.

    Examples
    --------
    >>> plain("Ada\n  Lovelace\u202e")
    'Ada Lovelace'
    """
    kept = "".join(" " if char.isspace() else char for char in str(text) if _harmless(char))
    return elide(" ".join(kept.split()), most)


def _harmless(char: str) -> bool:
    if char.isspace():
        return True
    if unicodedata.category(char) in ("Cc", "Cs"):
        return False
    return unicodedata.bidirectional(char) not in _DIRECTIONS and char not in "\u200e\u200f\u061c"


_DIRECTIONS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def elide(text: str, most: int = 24) -> str:
    """Return the text, or its beginning and an ellipsis where it is longer than ``most``.

    Examples
    --------
    >>> elide("Department of long names", 12)
    'Department…'
    """
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def radii(values: Iterable[float]) -> np.ndarray:
    """Return dot radii whose growth follows the square root of the values; NaN counts as 0.

    Examples
    --------
    >>> radii([0, 1, 4]).tolist()
    [4.0, 9.5, 15.0]
    """
    known = np.nan_to_num(np.asarray(list(values), dtype=float), nan=0.0, posinf=0.0, neginf=0.0)
    known = np.maximum(known, 0.0)
    top = known.max(initial=0.0)
    share = np.sqrt(known / top) if top > 0 else np.zeros_like(known)
    sizes: np.ndarray = SMALLEST_DOT + (LARGEST_DOT - SMALLEST_DOT) * share
    return sizes


def long_date(when: pd.Timestamp) -> str:
    """Return a date as text, the same in every locale.

    Examples
    --------
    >>> import pandas as pd
    >>> long_date(pd.Timestamp("2026-06-03"))
    '3 June 2026'
    """
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def counted(number: int, one: str, many: str) -> str:
    """Return a number with its noun.

    Examples
    --------
    >>> counted(1, "tie", "ties"), counted(1200, "tie", "ties")
    ('1 tie', '1,200 ties')
    """
    return f"{number:,} {one if number == 1 else many}"


def contrast(first: str, second: str) -> float:
    """Return the WCAG contrast ratio of two colours written as ``#rrggbb``.

    Examples
    --------
    >>> round(contrast("#000000", "#ffffff"), 1)
    21.0
    """
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def mix(first: str, second: str, share: float) -> str:
    """Return the colour that lies ``share`` of the way from the first to the second.

    Examples
    --------
    >>> mix("#000000", "#ffffff", 0.5)
    '#808080'
    """
    parts = (
        round(int(first[at : at + 2], 16) * (1 - share) + int(second[at : at + 2], 16) * share)
        for at in (1, 3, 5)
    )
    return "#" + "".join(f"{part:02x}" for part in parts)
