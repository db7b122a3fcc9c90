"""Figures of a report: drawn once for light and once for dark pages, as SVG without a request.

A figure is an image in a data URI, because matplotlib writes inline styles that a page's policy
refuses. The same table gives the same bytes.
"""

from __future__ import annotations

import base64
import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from netanalytics import schema
from netanalytics.maps.style import DARK, LIGHT, MONTHS, Theme, contrast, counted, mix, plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LONGEST_LABEL = 24
"""Names on a figure are cut at this length."""

MOST_LINES = 6
"""Channels drawn by themselves; the rest are one line called "other"."""

_settings = threading.Lock()  # matplotlib's settings belong to the whole process


@dataclass(frozen=True)
class Chart:
    """A figure in both themes.

    Parameters
    ----------
    light, dark : bytes
        SVG for light and for dark pages.
    alt : str
        What the figure shows, for readers who do not see it.
    """

    light: bytes = field(repr=False)
    dark: bytes = field(repr=False)
    alt: str

    @property
    def light_uri(self) -> str:
        """The light figure as a data URI."""
        return _uri(self.light)

    @property
    def dark_uri(self) -> str:
        """The dark figure as a data URI."""
        return _uri(self.dark)


def monthly_contacts(frame: pd.DataFrame) -> Chart:
    """Draw how many contacts each month saw, a line a channel, labelled where it ends.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns ``month`` (a date, a period or text such as ``2026-05``), ``channel`` and ``n``;
        rows of one month and channel add up. Months without a row count 0.

    Returns
    -------
    Chart
        The figure.

    Raises
    ------
    SchemaError
        If a column is missing.

    Examples
    --------
    >>> frame = pd.DataFrame({"month": ["2026-01", "2026-02"], "channel": "email", "n": [3, 5]})
    >>> monthly_contacts(frame).alt
    'Contacts per month from January 2026 to February 2026, by channel: email 8.'
    """
    schema.require_columns(frame, "monthly contacts", ["month", "channel", "n"])
    table = _months(frame)
    totals = ", ".join(f"{name} {int(table[name].sum()):,}" for name in table.columns)
    if not len(table):
        return _both(_nothing, (7.2, 1.2), "No contact in any month.")
    ends = (table.index[0], table.index[-1])
    first, last = (f"{MONTHS[when.month - 1]} {when.year}" for when in ends)
    alt = f"Contacts per month from {first} to {last}, by channel: {totals}."
    return _both(lambda axes, theme: _lines(axes, table, theme), (7.2, 3.0), alt)


def contact_matrix(contacts: pd.DataFrame) -> Chart:
    """Draw the contact between groups as a square table of shades, with the values in it.

    Parameters
    ----------
    contacts : pandas.DataFrame
        Columns (or index) ``source`` and ``target``, column ``per_100`` (ties per 100 possible
        pairs). A pair may come in either order; NaN and pairs without a row are withheld.

    Returns
    -------
    Chart
        The figure.

    Raises
    ------
    SchemaError
        If a column is missing.

    Examples
    --------
    >>> contacts = pd.DataFrame({"source": ["R&D"], "target": ["Sales"], "per_100": [14.0]})
    >>> contact_matrix(contacts).alt
    'Ties per 100 possible pairs between 2 groups.'
    """
    flat = contacts.reset_index()
    schema.require_columns(flat, "contacts", ["source", "target", "per_100"])
    names = sorted({*flat["source"].astype(str), *flat["target"].astype(str)})
    values = np.full((len(names), len(names)), np.nan)
    places = {name: place for place, name in enumerate(names)}
    for source, target, value in zip(
        flat["source"].astype(str), flat["target"].astype(str), flat["per_100"], strict=True
    ):
        values[places[source], places[target]] = values[places[target], places[source]] = value
    alt = f"Ties per 100 possible pairs between {counted(len(names), 'group', 'groups')}."
    if not names:
        return _both(_nothing, (7.2, 1.2), "No groups to show.")
    shown = [_drawable(name) for name in names]
    side = min(2.2 + 0.52 * len(names), 11.0)
    return _both(lambda axes, theme: _shades(axes, (shown, values), theme), (side, side), alt)


def reliability(parts: pd.DataFrame) -> Chart:
    """Draw what was said against what happened: on the diagonal, both are the same.

    Parameters
    ----------
    parts : pandas.DataFrame
        Columns ``said`` and ``observed`` (0 to 1) and ``pairs``, one row a part; empty parts are
        left out.

    Returns
    -------
    Chart
        The figure; the area of a dot grows with the pairs, its line is one standard error.

    Raises
    ------
    SchemaError
        If a column is missing.

    Examples
    --------
    >>> parts = pd.DataFrame({"said": [0.2, 0.8], "observed": [0.1, 0.9], "pairs": [10, 40]})
    >>> reliability(parts).alt
    'What was said and what happened: 20 % said, 10 % seen; 80 % said, 90 % seen.'
    """
    schema.require_columns(parts, "parts", ["said", "observed", "pairs"])
    full = parts[parts["pairs"] > 0]
    if full.empty:
        return _both(_nothing, (7.2, 1.2), "Nothing was said.")
    told = "; ".join(
        f"{100 * said:.0f} % said, {100 * seen:.0f} % seen"
        for said, seen in zip(full["said"], full["observed"], strict=True)
    )
    alt = f"What was said and what happened: {told}."
    return _both(lambda axes, theme: _dots(axes, full, theme), (4.6, 4.4), alt)


# ---- tables ----------------------------------------------------------------------------------


def _months(frame: pd.DataFrame) -> pd.DataFrame:
    """Return contacts with a row a month without gaps and a column a channel, the largest first."""
    if not len(frame):
        return pd.DataFrame(index=pd.DatetimeIndex([]))
    month = pd.to_datetime(frame["month"].astype("string").str.slice(0, 7), format="%Y-%m")
    channel = frame["channel"].astype("string").fillna("unknown")
    table = frame["n"].groupby([month, channel]).sum().unstack(fill_value=0)
    table = table.reindex(pd.date_range(month.min(), month.max(), freq="MS"), fill_value=0)
    order = sorted(table.columns, key=lambda name: (-table[name].sum(), name))
    table = table[order]
    if len(order) > MOST_LINES:
        rest = table[order[MOST_LINES - 1 :]].sum(axis=1)
        table = table[order[: MOST_LINES - 1]].assign(other=rest)
    table.columns = [_drawable(name) for name in table.columns]
    return table


@cache
def _glyphs() -> frozenset[int]:
    """Return the characters that the bundled font has."""
    from matplotlib import font_manager

    path = font_manager.findfont("DejaVu Sans", fallback_to_default=True)
    return frozenset(font_manager.get_font(path).get_charmap())


def _drawable(text: object) -> str:
    """Return text cut short, with a box for every character that the font does not have."""
    known = _glyphs()
    return "".join(char if ord(char) in known else "▯" for char in plain(text, LONGEST_LABEL))


# ---- drawing ---------------------------------------------------------------------------------


def _both(draw: Callable[[Axes, Theme], None], size: tuple[float, float], alt: str) -> Chart:
    return Chart(light=_svg(draw, size, LIGHT), dark=_svg(draw, size, DARK), alt=alt)


def _svg(draw: Callable[[Axes, Theme], None], size: tuple[float, float], theme: Theme) -> bytes:
    """Return a figure as SVG bytes; drawing and saving happen under one set of settings."""
    from matplotlib.figure import Figure

    with _styled(theme):
        figure: Figure = Figure(figsize=size, layout="constrained")
        draw(figure.add_subplot(), theme)
        stream = io.BytesIO()
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    return stream.getvalue()


@contextmanager
def _styled(theme: Theme) -> Iterator[None]:
    import matplotlib as mpl

    settings: Any = {
        "svg.hashsalt": "netanalytics",
        "svg.fonttype": "path",
        "text.usetex": False,
        "text.parse_math": False,
        "font.family": ["DejaVu Sans"],
        "font.size": 9,
        "figure.facecolor": theme.background,
        "savefig.facecolor": theme.background,
        "axes.facecolor": theme.background,
        "axes.edgecolor": theme.line,
        "axes.labelcolor": theme.muted,
        "text.color": theme.ink,
        "xtick.color": theme.muted,
        "ytick.color": theme.muted,
    }
    with _settings, mpl.rc_context(settings):
        yield


def _bare(axes: Axes) -> None:
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.tick_params(length=0)


def _nothing(axes: Axes, theme: Theme) -> None:
    axes.set_axis_off()
    axes.text(0.5, 0.5, "Nothing to show", ha="center", va="center", color=theme.muted)


def _lines(axes: Axes, table: pd.DataFrame, theme: Theme) -> None:
    places = np.arange(len(table))
    top = float(table.to_numpy().max(initial=0)) or 1.0
    for rank, name in enumerate(table.columns):
        values = table[name].to_numpy(dtype=float)
        axes.plot(places, values, color=theme.colour(rank), lw=2, clip_on=False)
        axes.plot(places[-1:], values[-1:], "o", color=theme.colour(rank), ms=4, clip_on=False)
    heights = _spread([float(table[name].iloc[-1]) for name in table.columns], 0.085 * top)
    for rank, (name, height) in enumerate(zip(table.columns, heights, strict=True)):
        colour = mix(theme.colour(rank), theme.ink, 0.35)
        axes.annotate(
            name,
            (places[-1], height),
            xytext=(8, 0),
            textcoords="offset points",
            va="center",
            color=colour,
            fontweight="bold",
            annotation_clip=False,
        )
    _bare(axes)
    axes.set_ylim(0, max(top, *heights) * 1.06)
    axes.set_xlim(-0.2, max(len(table) - 1, 1))
    axes.grid(axis="y", color=theme.line, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.locator_params(axis="y", integer=True, nbins=5)
    ticks = _month_ticks(table.index)
    axes.set_xticks([place for place, _ in ticks], [label for _, label in ticks])
    axes.set_title("Contacts per month", loc="left", fontsize=9, color=theme.muted)


def _dots(axes: Axes, parts: pd.DataFrame, theme: Theme) -> None:
    said, seen, pairs = (
        parts[name].to_numpy(dtype=float) for name in ("said", "observed", "pairs")
    )
    axes.plot([0, 1], [0, 1], color=theme.muted, lw=1, ls=(0, (4, 3)))
    axes.annotate(
        "as said",
        (0.3, 0.3),
        xytext=(0, 5),
        textcoords="offset points",
        rotation=45,
        ha="center",
        va="bottom",
        rotation_mode="anchor",
        color=theme.muted,
    )
    error = np.sqrt(np.maximum(seen * (1.0 - seen), 0.0) / pairs)
    axes.vlines(said, seen - error, seen + error, color=theme.colour(0), lw=1.5)
    axes.scatter(said, seen, s=18 + 130 * pairs / pairs.max(), color=theme.colour(0), zorder=3)
    _bare(axes)
    axes.set(xlim=(-0.04, 1.04), ylim=(-0.04, 1.04), aspect="equal")
    axes.grid(color=theme.line, linewidth=0.8)
    axes.set_axisbelow(True)
    steps = np.linspace(0, 1, 6)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_ticks(steps, [f"{100 * step:.0f} %" for step in steps])
    axes.set_xlabel("Said")
    axes.set_title("Seen in contact", loc="left", fontsize=9, color=theme.muted)


def _spread(heights: list[float], apart: float) -> list[float]:
    """Return label heights near the wanted ones, none nearer to the next than ``apart``."""
    order = sorted(range(len(heights)), key=lambda at: (heights[at], -at))
    placed = list(heights)
    floor = -np.inf
    for at in order:
        placed[at] = max(placed[at], floor)
        floor = placed[at] + apart
    return placed


def _month_ticks(months: pd.Index) -> list[tuple[int, str]]:
    """Return at most some ten months to name, with the year under the first of each year."""
    step = next(step for step in (1, 2, 3, 6, 12, 24, 60, 120, 1200) if len(months) <= 11 * step)
    ticks: list[tuple[int, str]] = []
    year = None
    for place, when in enumerate(months):
        if (when.month - 1) % min(step, 12) or (step > 12 and when.year % (step // 12)):
            continue
        label = MONTHS[when.month - 1][:3]
        ticks.append((place, f"{label}\n{when.year}" if when.year != year else label))
        year = when.year
    return ticks or [(0, f"{MONTHS[months[0].month - 1][:3]}\n{months[0].year}")]


def _shades(axes: Axes, table: tuple[list[str], np.ndarray], theme: Theme) -> None:
    from matplotlib.colors import LinearSegmentedColormap

    names, values = table
    low = mix(theme.background, theme.palette[0], 0.06)
    shades = LinearSegmentedColormap.from_list("contact", [low, theme.palette[0]])
    top = float(np.nanmax(values)) if np.isfinite(values).any() else 1.0
    axes.imshow(np.ma.masked_invalid(values), cmap=shades, vmin=0, vmax=top or 1.0, aspect="equal")
    for row, column in np.ndindex(*values.shape):
        value = float(values[row, column])
        known = bool(np.isfinite(value))
        colour = _ink_on(mix(low, theme.palette[0], value / (top or 1.0))) if known else theme.muted
        text = f"{value:.0f}" if known and value >= 10 else f"{value:.1f}" if known else "–"
        size = 9 if len(names) <= 14 else 6.5
        axes.text(column, row, text, ha="center", va="center", color=colour, fontsize=size)
    _bare(axes)
    axes.set_xticks(np.arange(len(names)), names, rotation=40, ha="left", rotation_mode="anchor")
    axes.set_yticks(np.arange(len(names)), names)
    axes.xaxis.tick_top()
    axes.tick_params(length=0, labelcolor=theme.ink)
    axes.set_xticks(np.arange(len(names) + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(len(names) + 1) - 0.5, minor=True)
    axes.grid(which="minor", color=theme.background, linewidth=2)
    axes.tick_params(which="minor", length=0)
    axes.set_xlabel("Ties per 100 possible pairs; – withheld or not known", color=theme.muted)


def _ink_on(colour: str) -> str:
    return max(("#10141d", "#ffffff"), key=lambda ink: contrast(ink, colour))


def _uri(svg: bytes) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg).decode()
