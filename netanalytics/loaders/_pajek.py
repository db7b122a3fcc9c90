"""Pajek's .net files: vertices by number, arcs with a direction and edges without.

Labels carry signs that would end them as numeric references (``&#34;``), as Pajek writes them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from netanalytics.errors import LoaderError
from netanalytics.loaders._delimited import lines_of

MOST_VERTICES = 5_000_000
_VERTEX = re.compile(r'\s*(\d{1,9})\s*(?:"([^"]*)"|(\S+))?')
_REFERENCE = re.compile(r"&#(\d{1,7});")
_UNSAFE = re.compile(r'["&\x00-\x1f\x7f\x85\u2028\u2029]')
_UNWEIGHTED = ("arcslist", "edgeslist")

Tie = tuple[str, str, float | str, bool]


def looks_like(head: str) -> bool:
    """Say whether a text begins like a Pajek file."""
    for line in head.splitlines()[:50]:
        if line.strip() and not line.lstrip().startswith("%"):
            return bool(re.match(r"\s*\*(network|vertices|arcs|edges|matrix)\b", line, re.I))
    return False


@dataclass
class _Reader:
    section: str = ""
    row: int = 0
    claimed: int = 0
    vertices: dict[int, str] = field(default_factory=dict)
    lines: list[tuple[int, int, str, bool]] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)

    def take(self, line: str) -> None:
        """Take one line of the file."""
        text = line.strip()
        if not text or text.startswith("%"):
            return
        if text.startswith("*"):
            words = text[1:].casefold().split()
            self.section = words[0].split(":")[0] if words else ""
            self.row = 0
            if self.section == "vertices" and len(words) > 1 and words[1].isdecimal():
                self.claimed = int(words[1])
        elif self.section == "vertices":
            self._vertex(text)
        elif self.section in ("arcs", "edges"):
            self._tie(text.split(), directed=self.section == "arcs")
        elif self.section in _UNWEIGHTED:
            self._list(text.split(), directed=self.section == "arcslist")
        elif self.section == "matrix":
            self._matrix(text.split())
        elif self.section != "network":
            self.skipped[f"not read: *{re.sub('[^a-z]', '', self.section)[:20]}"] += 1

    def _vertex(self, text: str) -> None:
        found = _VERTEX.match(text)
        if not found:
            self.skipped["malformed vertex"] += 1
            return
        number, quoted, plain = found.groups()
        label = _REFERENCE.sub(_sign, quoted if quoted is not None else plain or "").strip()
        self.vertices[int(number)] = label or number

    def _tie(self, words: Sequence[str], *, directed: bool) -> None:
        numbers = _numbers(words[:2])
        if numbers is None or len(numbers) < 2:
            self.skipped["malformed row"] += 1
        else:
            weight = words[2] if len(words) > 2 else "1"
            self.lines.append((numbers[0], numbers[1], weight, directed))

    def _list(self, words: Sequence[str], *, directed: bool) -> None:
        numbers = _numbers(words)
        if numbers is None or len(numbers) < 2:
            self.skipped["malformed row"] += 1
            return
        self.lines += [(numbers[0], abs(other), "1", directed) for other in numbers[1:]]

    def _matrix(self, words: Sequence[str]) -> None:
        self.row += 1
        self.lines += [
            (self.row, place, word, True) for place, word in enumerate(words, 1) if word != "0"
        ]


def _numbers(words: Sequence[str]) -> list[int] | None:
    if not all(re.fullmatch(r"-?[0-9]{1,9}", word) for word in words):
        return None
    return [int(word) for word in words]


def _sign(found: re.Match[str]) -> str:
    number = int(found.group(1))
    return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"


def read(path: Path) -> tuple[dict[int, str], list[Tie], Counter[str]]:
    """Read a Pajek file.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    vertices : dict of int to str
        Labels by number; the number where there is no label, and vertices of one label told apart.
    ties : list of (str, str, float or str, bool)
        Source, target, weight as written, and whether it is directed.
    skipped : Counter
        Lines that hold nothing that is read, by reason.

    Raises
    ------
    LoaderError
        If it claims more vertices than memory should hold.
    """
    reader = _Reader()
    for line in lines_of(path):
        reader.take(line)
        if reader.claimed > MOST_VERTICES or len(reader.vertices) > MOST_VERTICES:
            raise LoaderError(f"{path.name}: more than {MOST_VERTICES:,} vertices are not read")
    for number in range(1, reader.claimed + 1):
        reader.vertices.setdefault(number, str(number))
    vertices = _told_apart(reader.vertices)
    ties: list[Tie] = []
    for one, other, weight, directed in reader.lines:
        if one in vertices and other in vertices:
            ties.append((vertices[one], vertices[other], weight, directed))
        else:
            reader.skipped["a vertex that is not there"] += 1
    return vertices, ties, reader.skipped


def _told_apart(vertices: dict[int, str]) -> dict[int, str]:
    """Give vertices of one label an id each: they are different people."""
    counts = Counter(vertices.values())
    return {
        number: label if counts[label] == 1 else f"{label} ({number})"
        for number, label in sorted(vertices.items())
    }


def written(people: Iterable[str], ties: Iterable[tuple[str, str, float, bool]]) -> Iterator[str]:
    """Yield the lines of a Pajek file.

    Parameters
    ----------
    people : iterable of str
        All ids.
    ties : iterable of (str, str, float, bool)
        Source, target, strength, and whether it is directed.

    Yields
    ------
    str
    """
    number = {person: place for place, person in enumerate(people, start=1)}
    yield f"*Vertices {len(number)}\n"
    for person, place in number.items():
        label = _UNSAFE.sub(lambda found: f"&#{ord(found.group())};", person)
        yield f'{place} "{label}"\n'
    rows = list(ties)
    for name, way in (("*Arcs", True), ("*Edges", False)):
        mine = [row for row in rows if row[3] is way]
        if mine:
            yield f"{name}\n"
        for source, target, strength, _ in mine:
            yield f"{number[source]} {number[target]} {strength!r}\n"
