"""What commands print: a table on a terminal, CSV in a pipe, JSON; the rest on stderr."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from netanalytics.cli.tables import nothing, printable, show_table

if TYPE_CHECKING:
    import pandas as pd

TELL = "netanalytics.tell"
"""Where a command keeps whom to tell how much is read."""


def show(frame: pd.DataFrame, card: pd.DataFrame, *, as_json: bool, why: str = "") -> None:
    """Print rows in the form that suits the terminal, the pipe or the flag.

    ``why`` says why there is none, where more is known than the command knows by itself.
    """
    if frame.empty:
        tell(nothing(click.get_current_context().command.name, why))
    if as_json:
        click.echo(_json(frame, card))
    elif sys.stdout.isatty():
        if len(frame):
            show_table(frame)
    else:
        from netanalytics.report.render import to_csv

        click.echo(to_csv(frame), nl=False)


def _json(frame: pd.DataFrame, card: pd.DataFrame) -> str:
    import json

    whole = {"rows": _records(frame), "card": _records(card)}
    return json.dumps(whole, ensure_ascii=False, allow_nan=False)


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    columns = {str(name): [_value(value) for value in frame[name].tolist()] for name in frame}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _value(value: Any) -> Any:
    import math

    import pandas as pd

    if isinstance(value, str | bool):
        return value
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, float) and math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return value


def tell(text: str) -> None:
    """Say a line on stderr."""
    click.echo(printable(text), err=True)


MOST_TOLD = 5
"""So many lines of one kind are told; of the others, how many there are."""


def tell_some(lines: Sequence[str], unit: str, *, most: int = MOST_TOLD) -> None:
    """Say notes on stderr, and of very many how many more there are."""
    from netanalytics.interactions import counted

    for line in lines[:most]:
        tell(f"note: {line}")
    if len(lines) > most:
        tell(f"note: and {counted(len(lines) - most, unit)} more")


@contextmanager
def busy(text: str) -> Iterator[None]:
    """Show on a terminal that something is going on and what is read; say nothing in a pipe."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn

    plain = TextColumn("{task.description}", markup=False)
    columns = (SpinnerColumn(), plain, BarColumn(), TaskProgressColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(text, total=None)

        def progress(name: str, done: int, total: int) -> None:
            whole = done >= total
            now = text if whole else f"{text}: {printable(name)[:40]}"
            bar.update(task, description=now, completed=done, total=None if whole else total)

        click.get_current_context().meta[TELL] = progress
        yield
