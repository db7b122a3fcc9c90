"""Decisions about who is who: a text file that a person can edit, and that always wins.

One decision a line; the rest of a line after `` #`` is a comment, and so are empty lines::

    same: ada@x.org = ada@home.example
    never the same: ana.frey@x.org = ana.frey@y.org
    not a person: build-bot@x.org
    a person: hello@ada.example

Ids with unusual signs stand in double quotes, as JSON writes them.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict, deque
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from netanalytics.errors import MissingFileError, OptionError, SchemaError
from netanalytics.registry import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

SAME, NEVER, NOBODY, SOMEBODY = "same", "never the same", "not a person", "a person"
WORDS = (NEVER, NOBODY, SOMEBODY, SAME)
_ALSO = {"not the same": NEVER, "never": NEVER, "different": NEVER, "person": SOMEBODY}
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_BETWEEN = re.compile(r"\s+=\s+|\s*;\s*|\s*\t\s*|\s+\|\s+|\s*,\s+")
_PLAIN = re.compile(r"[^\s\"#=;,|]+(?: [^\s\"#=;,|]+)*")
_BEGIN = re.compile(r"# applied (\d+):")


@dataclass(frozen=True)
class Decision:
    """One line: what it says, about whom, and where it stands.

    Parameters
    ----------
    word : str
        One of :data:`WORDS`.
    who : tuple of str
        The identities.
    line : int
        Line of the file, from 1.
    """

    word: str
    who: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class Decisions:
    """All decisions of a file, checked: none contradicts another.

    Parameters
    ----------
    lines : tuple of Decision
        In the order of the file.
    """

    lines: tuple[Decision, ...] = field(default=())

    def pairs(self, word: str) -> list[tuple[str, str]]:
        """Return the pairs of ids that lines of this word are about."""
        lines = [line for line in self.lines if line.word == word]
        return [(line.who[0], other) for line in lines for other in line.who[1:]]

    def spelt(self, ids: Iterable[str]) -> Decisions:
        """Return the same about these ids, in their spelling: capitals make no other person.

        Raises
        ------
        SchemaError
            If lines that differed in capitals alone contradict each other.
        """
        exact = list(ids)
        folded = {text.casefold(): text for text in reversed(exact)}
        known = {text: text for text in exact}
        lines = tuple(
            replace(line, who=tuple(known.get(w, folded.get(w.casefold(), w)) for w in line.who))
            for line in self.lines
        )
        if lines != self.lines and (wrong := _contradictions(lines)):
            raise SchemaError("decisions", wrong)
        return Decisions(lines)

    def unmet(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Say of each line with an id that is not among these what may have been meant."""
        known = set(ids)
        return tuple(
            f"line {line.line} ({written(line)}): no source holds {who}{nearest(who, known)}"
            for line in self.lines
            for who in line.who
            if who not in known
        )

    def without(self, hides: Callable[[str], bool]) -> Decisions:
        """Leave out the lines about an id that is hidden: they must not be told either."""
        return Decisions(tuple(line for line in self.lines if not any(map(hides, line.who))))

    def ids(self, word: str) -> frozenset[str]:
        """Return all ids in lines of this word."""
        return frozenset(who for line in self.lines if line.word == word for who in line.who)


def read_decisions(path: str | Path, *, missing_ok: bool = False) -> Decisions:
    """Read a file of decisions.

    Parameters
    ----------
    path : str or Path
        The file.
    missing_ok : bool
        Whether a file that does not exist says nothing, instead of being an error.

    Returns
    -------
    Decisions

    Raises
    ------
    MissingFileError
        If there is no such file.
    SchemaError
        If a line says nothing known, or two lines contradict each other.
    """
    path = Path(path)
    if not path.is_file():
        if missing_ok and not path.exists():
            return Decisions()
        raise MissingFileError(f"{path.name}: there is no such file (for the decisions)")
    return parse_decisions(path.read_text(encoding="utf-8-sig", errors="replace"))


def parse_decisions(text: str) -> Decisions:
    r"""Read decisions from text; see :func:`read_decisions`.

    Examples
    --------
    >>> parse_decisions("same: ada@x.org = ada@home.example  # told me so").lines
    (Decision(word='same', who=('ada@x.org', 'ada@home.example'), line=1),)
    >>> parse_decisions("same: a = b\nnever the same: b = a")
    Traceback (most recent call last):
        ...
    netanalytics.errors.SchemaError: table 'decisions': line 2 (never the same: b = a) contradicts
    line 1 (same: a = b): take one of them out
    """
    lines, wrong = [], []
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            found = _line(line, number)
        except ValueError as error:
            wrong.append(f"line {number}: {error}")
            continue
        if found:
            lines.append(found)
    wrong += _contradictions(lines)
    if wrong:
        raise SchemaError("decisions", wrong)
    return Decisions(tuple(lines))


def _line(text: str, number: int) -> Decision | None:
    quoted: list[str] = []

    def keep(match: re.Match[str]) -> str:
        quoted.append(match.group(0))
        return f"\x00{len(quoted) - 1}\x00"

    bare = re.split(r"(?:^|\s)#", _QUOTED.sub(keep, text), maxsplit=1)[0].strip()
    if not bare:
        return None
    lower = bare.casefold()
    word = next((w for w in (*WORDS, *_ALSO) if re.match(rf"{w}(?:\s*:|\s|$)", lower)), None)
    if word is None:
        raise ValueError(f"it begins with none of {', '.join(WORDS)}")
    rest = bare[len(word) :].lstrip().removeprefix(":").strip()
    fields = [part for part in _BETWEEN.split(rest) if part]
    if len(fields) == 1 and word in (SAME, NEVER, *_ALSO):
        fields = fields[0].split()
    word = _ALSO.get(word, word)
    who = tuple(dict.fromkeys(_unquoted(part, quoted) for part in fields))
    least = 2 if word in (SAME, NEVER) else 1
    if len(who) < least or (word == NEVER and len(who) > 2):
        needed = "two ids" if least == 2 else "an id"
        raise ValueError(f"{word} needs {needed}, as {word}: {_EX[word]}")
    return Decision(word, who, number)


_EX = {SAME: "a@x.org = b@y.org", NEVER: "a@x.org = b@y.org", NOBODY: "info@x.org"}
_EX[SOMEBODY] = "hello@x.org"


def _unquoted(part: str, quoted: Sequence[str]) -> str:
    def back(match: re.Match[str]) -> str:
        try:
            return str(json.loads(quoted[int(match.group(1))]))
        except json.JSONDecodeError:
            raise ValueError("what stands in quotes is not written as JSON writes it") from None

    return re.sub("\x00(\\d+)\x00", back, part)


def written(decision: Decision) -> str:
    """Return a decision as a line.

    Examples
    --------
    >>> written(Decision("same", ("ada@x.org", "Ada = Berg"), 1))
    'same: ada@x.org = "Ada = Berg"'
    """
    return f"{decision.word}: {' = '.join(map(_quoted, decision.who))}"


def _quoted(text: str) -> str:
    return text if _PLAIN.fullmatch(text) and text.isprintable() else json.dumps(text)


# ---- contradictions ----------------------------------------------------------------------------


def _contradictions(lines: Sequence[Decision]) -> list[str]:
    """Name both lines of each contradiction: the one that parts, and those that join."""
    joins: dict[str, list[tuple[str, Decision]]] = defaultdict(list)
    for line in lines:
        if line.word == SAME:
            for other in line.who[1:]:
                joins[line.who[0]].append((other, line))
                joins[other].append((line.who[0], line))
    wrong = []
    for line in lines:
        if line.word == NEVER:
            path = _path(joins, *line.who)
            if path:
                wrong.append(_against(line, path))
    return wrong + _somebody_and_nobody(lines)


def _somebody_and_nobody(lines: Sequence[Decision]) -> list[str]:
    wrong: list[str] = []
    first: dict[str, Decision] = {}
    for line in lines:
        for who in line.who if line.word in (SOMEBODY, NOBODY) else ():
            before = first.setdefault(who, line)
            if before.word != line.word:
                wrong.append(_against(line, [before]))
    return wrong


def _against(line: Decision, others: Iterable[Decision]) -> str:
    named = ", ".join(f"line {other.line} ({written(other)})" for other in others)
    return f"line {line.line} ({written(line)}) contradicts {named}: take one of them out"


def _path(
    joins: dict[str, list[tuple[str, Decision]]], start: str, end: str
) -> list[Decision] | None:
    """Return the lines that make two ids one, the shortest way."""
    came: dict[str, tuple[str, Decision] | None] = {start: None}
    queue = deque([start])
    while queue and end not in came:
        here = queue.popleft()
        for other, line in joins.get(here, ()):
            if other not in came:
                came[other] = (here, line)
                queue.append(other)
    path: list[Decision] = []
    step = came.get(end)
    while step is not None:
        path.append(step[1])
        step = came[step[0]]
    return sorted(dict.fromkeys(path), key=lambda line: line.line) if path else None


# ---- writing -----------------------------------------------------------------------------------


def append(text: str, lines: Sequence[str], what: str) -> str:
    """Return a file of decisions with a block of lines added, which :func:`undo` takes off again.

    Examples
    --------
    >>> before = "# mine"
    >>> after = append(before, ["same: a = b"], "1 pair")
    >>> print(after)
    # mine
    # applied 1: 1 pair
    same: a = b
    # end of 1, which began inside a line
    <BLANKLINE>
    >>> undo(after) == before
    True
    """
    number = 1 + max((int(found) for found in _BEGIN.findall(text)), default=0)
    broken = bool(text) and not text.endswith("\n")
    ending = ", which began inside a line" if broken else ""
    block = [f"# applied {number}: {what}", *lines, f"# end of {number}{ending}"]
    return text + "\n" * broken + "\n".join(block) + "\n"


def undo(text: str) -> str:
    """Return a file of decisions without the block that was applied last, as it was before.

    Raises
    ------
    OptionError
        If nothing was applied.
    """
    found = list(re.finditer(r"^# applied (\d+):[^\n]*\n", text, re.MULTILINE))
    if not found:
        raise OptionError("nothing was applied to this file: there is nothing to undo")
    last = max(found, key=lambda match: int(match.group(1)))
    ends = re.compile(rf"^# end of {last.group(1)}(, which began inside a line)?\n", re.MULTILINE)
    end = ends.search(text, last.end())
    if end is None:
        raise OptionError(
            f"the end of what was applied as {last.group(1)} is gone from this file: "
            "take its lines out by hand"
        )
    start = last.start() - (1 if end.group(1) else 0)
    return text[:start] + text[end.end() :]


def undo_pair(text: str, pair: tuple[str, str]) -> str:
    """Return a file of decisions without the lines that say that these two are the same.

    Raises
    ------
    OptionError
        If no line says so.
    """
    kept, gone, wanted = [], 0, {who.casefold() for who in pair}
    for number, line in enumerate(text.splitlines(keepends=True), start=1):
        found = _line(line, number)
        if found and found.word == SAME and {w.casefold() for w in found.who} == wanted:
            gone += 1
        else:
            kept.append(line)
    if not gone:
        raise OptionError(f"no line says that {pair[0]!r} and {pair[1]!r} are the same")
    return "".join(kept)
