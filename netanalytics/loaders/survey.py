"""Surveys of who turns to whom: a name generator or a roster, one row a person named.

Read by the standard library's ``csv``: four columns with headers that differ from survey to
survey. What somebody says in a survey is a relation, not a contact; it has no time.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from netanalytics import registry
from netanalytics.errors import LoaderError
from netanalytics.loaders import Batch
from netanalytics.loaders._dates import micros_at
from netanalytics.loaders._delimited import MALFORMED, cells, cells_in, delimiter_of, head_of
from netanalytics.loaders._persons import address_in, tidy

if TYPE_CHECKING:
    from netanalytics.engine import Engine
    from netanalytics.loaders import Options

_COLUMNS = {
    "respondent": ("respondent", "respondentid", "rater", "raterid", "ego", "egoid", "nominator"),
    "named": (
        "named", "namedperson", "nominee", "nomineeid", "nominated", "alter", "alterid",
        "personnamed", "ratee", "rateeid",
    ),
    "question": ("question", "questionid", "relation", "relationship", "kind", "item"),
    "weight": ("weight", "strength", "value", "score", "rating", "w", "frequency"),
    "since": ("date", "time", "since", "day", "timestamp", "submitted"),
}  # fmt: skip
UNNAMED = "named"
"""The kind of a relation in a survey of one question."""


@dataclass(frozen=True)
class Answer:
    """One row: somebody named somebody else; ``skip`` says why it counts for nothing."""

    source: str = ""
    target: str = ""
    kind: str = UNNAMED
    weight: float = 1.0
    since: str | None = None
    skip: str | None = None


def recognises(path: Path) -> bool:
    """Say whether a file has a column of respondents and one of people whom they named."""
    return {"respondent", "named"} <= set(_places(_header(head_of(path))))


def _header(head: str) -> Sequence[str]:
    first = next((line for line in head.splitlines() if line.strip()), "")
    return next(cells_in([first], delimiter_of(first)), ())


def _places(names: Sequence[str]) -> dict[str, int]:
    """Return where each column stands; the first one that fits."""
    plain = [re.sub(r"[\W_]+", "", name).casefold() for name in names]
    return {
        role: next(place for place, name in enumerate(plain) if name in usual)
        for role, usual in _COLUMNS.items()
        if set(plain) & set(usual)
    }


@registry.loader(
    "survey",
    unit="answer",
    read="surveys of who turns to whom (respondent, named person, question, weight): relations",
    recognises=recognises,
)
def read(source: Path, options: Options, engine: Engine) -> Batch:
    """Read a survey as declared relations: the question is their kind.

    Parameters
    ----------
    source : Path
        The file.
    options : Options
        Not used.
    engine : Engine
        Not used.

    Returns
    -------
    Batch
        With relations only; ``load_network`` makes ties of the same file.

    Raises
    ------
    LoaderError
        If it is no survey.
    """
    import pandas as pd

    counted: Counter[str] = Counter()
    found = []
    for one in answers(source):
        counted[one.skip or "kept"] += 1
        if one.skip is None:
            found.append((one.source, one.target, one.kind, one.since))
    columns = ["source", "target", "kind", "since"]
    return Batch(
        None,
        skipped=tuple(sorted(counted.items())),
        relations=pd.DataFrame(found, columns=columns) if found else None,
        notes=("a survey gives relations; load_network makes ties of its answers",),
    )


def answers(path: Path) -> Iterator[Answer]:
    """Yield each answer of a survey; the first of several equal ones counts.

    Raises
    ------
    LoaderError
        If the file is no survey.
    """
    if not isinstance(path, Path) or not recognises(path):
        label = path.name if isinstance(path, Path) else "DataFrame"
        raise LoaderError(f"{label}: this is no survey (columns respondent and named person)")
    names = _header(head_of(path))
    places = _places(names)
    first = next(line for line in head_of(path).splitlines() if line.strip())
    seen: set[tuple[str, str, str]] = set()
    header = True
    for row in cells(path, delimiter_of(first)):
        if row is MALFORMED:
            yield Answer(skip="malformed row")
        elif header:
            header = not any(row)
        elif any(row):
            one = _answer(row, places)
            key = (one.source, one.target, one.kind)
            yield Answer(skip="repeat") if one.skip is None and key in seen else one
            if one.skip is None:
                seen.add(key)


def _answer(row: Sequence[str], places: dict[str, int]) -> Answer:
    told = {role: row[place] for role, place in places.items() if place < len(row)}
    source, target = (_person(told.get(role, "")) for role in ("respondent", "named"))
    if source is None or target is None:
        return Answer(skip="no source or target")
    if source == target:
        return Answer(skip="self-contact")
    weight = _number(told.get("weight", ""))
    if weight is None:
        return Answer(skip="unreadable weight")
    if weight <= 0:
        return Answer(skip="a weight of 0 or less")
    kind = (tidy(told.get("question", "")) or UNNAMED)[:60]
    since = told.get("since", "")
    return Answer(source, target, kind, weight, since if micros_at(since) is not None else None)


def _person(text: str) -> str | None:
    return address_in(text) or tidy(text)


def _number(text: str) -> float | None:
    if not text:
        return 1.0
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None
