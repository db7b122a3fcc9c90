"""What the commands show: tables that fit the terminal, and a word where there is nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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


def nothing(command: str | None) -> str:
    """Return what to say of a table without rows."""
    why = NOTHING.get(command or "")
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

    def width(self) -> int:
        """Return the narrowest that still reads well: whole words, or lines of a sentence."""
        from rich.cells import cell_len

        texts = [self.name, *self.cells]
        longest = max(map(cell_len, texts))
        if self.number or longest <= NARROWEST_SENTENCE:
            return longest
        words = max(cell_len(word) for text in texts for word in text.split() or [""])
        sentence = any(len(text.split()) > 3 for text in self.cells)
        return min(max(words, NARROWEST_SENTENCE) if sentence else longest, LONGEST_NAME)


def show_table(frame: pd.DataFrame, title: str | None = None) -> None:
    """Print a table; one that is wider than the terminal is divided, a part below the other."""
    from rich.console import Console

    from netanalytics.report.render import numeric, rows

    lines = [[printable(text) for text in row] for row in rows(frame)]
    columns = [
        _Column(str(name), [line[place] for line in lines], number)
        for place, (name, number) in enumerate(zip(frame.columns, numeric(frame), strict=True))
    ]
    console = Console()
    for part in _parts(columns, console.width):
        console.print(_table(part, title))
        title = None


def _parts(columns: Sequence[_Column], width: int) -> Iterator[list[_Column]]:
    """Divide columns into parts that fit, each with the columns that say whose row it is."""
    first = 0
    while first < len(columns) - 1 and columns[first].name in WHO:
        first += 1
    if not first:  # Parts would not say whose they are: long cells take more lines instead.
        yield list(columns)
        return
    keys = list(columns[:first])
    part = list(keys)
    for column in columns[first:]:
        if len(part) > len(keys) and _needs([*part, column]) > width:
            yield part
            part = list(keys)
        part.append(column)
    yield part


def _needs(part: Sequence[_Column]) -> int:
    """Return the width of a table: two blanks and a border to a column, and the last border."""
    return sum(column.width() + 3 for column in part) + 1


def _table(part: Sequence[_Column], title: str | None) -> Table:
    from rich.table import Table
    from rich.text import Text

    keyed = part[0].name in WHO
    table = Table(title=title, title_justify="left", header_style="bold")
    for column in part:
        table.add_column(
            Text(column.name),
            justify="right" if column.number else "left",
            overflow="fold",
            min_width=column.width() if keyed or column.number else None,
        )
    for row in zip(*(column.cells for column in part), strict=True):
        table.add_row(*map(Text, row))
    return table
