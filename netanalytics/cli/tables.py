"""What the commands show: tables that fit the terminal, and a word where there is nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

WHO = (
    "rank",
    "day",
    "week",
    "person",
    "contact",
    "source",
    "target",
    "a",
    "b",
    "identity",
    "model",
)
"""Columns that say whose row it is, or which: every part of a divided table begins with them."""

LONGEST_NAME = 30
"""A word longer than this is folded into lines instead of widening its column."""

NARROWEST_SENTENCE = 20

TIGHT = 12
"""A name is folded to this width where there is no room for more beside it."""

FEWEST = 4
"""A cell narrower than this is read letter by letter."""

FRAME = 3
"""Two blanks and a border that each column takes; the last border is one more."""

NOTHING = {
    "check-ins": "no tie with enough history to judge has broken its own rhythm",
    "follow-ups": "no first contact of the last 45 days is without a second one",
    "identity": "no single address belongs to anybody here",
    "introductions": "nobody new was found through a contact in common",
    "moves": "no change of employer, department or team stands in addresses, directories or "
    "dated profiles",
    "plan": "nobody is due in these weeks, and no wish asks for anybody",
    "return-probability": "there is no tie to judge",
    "suggest": "no two look like one person",
    "why": "nothing joins anybody else, and nothing is proposed",
}
"""Why a command may have no row to print."""


def keep_examples(group: click.Group) -> None:
    r"""Let help show examples a line each.

    Docstrings with a backslash are raw, so that the mark of click, one sign, stands in them as the
    two signs ``\b``.
    """
    for command in group.commands.values():
        command.help = (command.help or "").replace("\\b\n", "\b\n")
        if isinstance(command, click.Group):
            keep_examples(command)
    group.help = (group.help or "").replace("\\b\n", "\b\n")


def nothing(command: str | None, why: str = "") -> str:
    """Return what to say of a table without rows; ``why`` is what is known of this one."""
    why = why or NOTHING.get(command or "", "")
    return f"note: no rows: {why}" if why else "note: no rows"


MUCH = 0.2
"""With more than this share of one unit left out, the reader is told."""


def not_kept(card: pd.DataFrame) -> list[str]:
    """Say of each unit of a card of which much was left out how many; no two units add up."""
    from netanalytics.interactions import counted

    told = []
    for unit, part in card[card["unit"] != "file"].groupby("unit", sort=False):
        every = int(part["n"].sum())
        left = every - int(part.loc[part["reason"] == "kept", "n"].sum())
        if left > MUCH * every:
            told.append(f"{left:,} of {counted(every, str(unit))} were not kept: see the card")
    return told


def printable(text: str) -> str:
    """Take control signs out: a name from a log must not steer the terminal."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


@dataclass(frozen=True)
class _Column:
    name: str
    cells: list[str]
    number: bool

    @cached_property
    def longest(self) -> int:
        """The width of the longest cell on one line."""
        from rich.cells import cell_len

        return max(map(cell_len, [self.name, *self.cells]))

    @cached_property
    def comfortable(self) -> int:
        """The narrowest that still reads well: whole words, or lines of a sentence."""
        from rich.cells import cell_len

        if self.number or self.longest <= NARROWEST_SENTENCE:
            return self.longest
        texts = [self.name, *self.cells]
        words = max(cell_len(word) for text in texts for word in text.split() or [""])
        sentence = any(len(text.split()) > 3 for text in self.cells)
        return min(max(words, NARROWEST_SENTENCE) if sentence else self.longest, LONGEST_NAME)

    @cached_property
    def tight(self) -> int:
        """The narrowest that still can be read, with words folded; a number stays whole."""
        return self.comfortable if self.number else min(self.comfortable, TIGHT)


def show_table(frame: pd.DataFrame, title: str | None = None) -> None:
    """Print a table; one that is wider than the terminal is divided, a part below the other."""
    from rich.console import Console
    from rich.text import Text

    from netanalytics.report.render import numeric, rows

    lines = [[printable(text) for text in row] for row in rows(frame)]
    columns = [
        _Column(str(name), [line[place] for line in lines], number)
        for place, (name, number) in enumerate(zip(frame.columns, numeric(frame), strict=True))
    ]
    console = Console()
    columns, whose = _said_once(columns, console.width)
    if whose:
        console.print(Text(whose), overflow="fold")
    for part in _parts(columns, console.width):
        console.print(_table(part, console.width, title))
        title = None


def _keys(columns: Sequence[_Column]) -> int:
    """Count the columns at the beginning that say whose row it is; one other column is left."""
    first = 0
    while first < len(columns) - 1 and columns[first].name in WHO:
        first += 1
    return first


def _said_once(columns: list[_Column], width: int) -> tuple[list[_Column], str]:
    """Take out the one person whose rows all are, if they would crowd out the rest; say who."""
    first = _keys(columns)
    place = next((n for n, column in enumerate(columns[:first]) if column.name == "person"), None)
    if place is None or first < 2 or len(set(columns[place].cells)) != 1:
        return columns, ""
    if all(_fit([*columns[:first], column], width) for column in columns[first:]):
        return columns, ""
    rest = columns[:place] + columns[place + 1 :]
    return rest, f"person: {columns[place].cells[0]}"


def _parts(columns: Sequence[_Column], width: int) -> Iterator[list[_Column]]:
    """Divide columns into parts that fit, each with the columns that say whose row it is."""
    first = _keys(columns)
    if not first and len(columns) * (FEWEST + FRAME) < width:
        # Parts would not say whose they are: long cells take more lines instead.
        yield list(columns)
        return
    keys = list(columns[:first])
    folded = not all(_fit([*keys, column], width) for column in columns[first:])
    part = list(keys)
    for column in columns[first:]:
        if len(part) > len(keys) and not _fit([*part, column], width, first if folded else 0):
            yield part
            part = list(keys)
        part.append(column)
    yield part


def _fit(part: Sequence[_Column], width: int, folded: int = 0) -> bool:
    """Say whether columns fit side by side, the first so many of them folded."""
    needs = sum(column.tight for column in part[:folded])
    return needs + sum(column.comfortable for column in part[folded:]) <= _room(part, width)


def _room(part: Sequence[_Column], width: int) -> int:
    """Return what borders and blanks leave to the cells."""
    return width - FRAME * len(part) - 1


def _widths(part: Sequence[_Column], width: int) -> list[int]:
    """Share the terminal out, so that cells are folded and nothing is cut off.

    What reads well comes first, and what is left over goes to long cells. Where there is less than
    that, words are folded, then dates and short names, and numbers last.
    """
    room = _room(part, width)
    longest = [column.longest for column in part]
    comfortable = [column.comfortable for column in part]
    tight = [column.tight for column in part]
    numbers = [c.tight if c.number else min(c.tight, FEWEST) for c in part]
    fewest = [1] * len(part)
    least = next((some for some in (comfortable, tight, numbers) if sum(some) <= room), fewest)
    most = longest if least is comfortable else comfortable
    widths = list(least)
    for _ in range(room - sum(least)):
        growing = [place for place, width in enumerate(widths) if width < most[place]]
        if not growing:
            break
        # Cells of many lines gain most by more room; where words are folded, the narrowest do.
        gain = longest if most is longest else [1] * len(part)
        widths[max(growing, key=lambda place: gain[place] / widths[place])] += 1
    return widths


def _table(part: Sequence[_Column], width: int, title: str | None) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left", header_style="bold")
    for column, cells in zip(part, _widths(part, width), strict=True):
        table.add_column(
            Text(column.name),
            justify="right" if column.number else "left",
            overflow="fold",
            width=cells,
        )
    for row in zip(*(column.cells for column in part), strict=True):
        table.add_row(*map(Text, row))
    return table
