"""Write docs/measures.md from the registry and the docstrings: python docs/make_measures.py."""

from __future__ import annotations

import inspect
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from netanalytics import registry
from netanalytics.analysis import (
    bridges,
    brokerage,
    centrality,
    cohesion,
    communities,
    decay,
    diversity,
    rhythm,
)

CHAPTERS = (centrality, brokerage, bridges, cohesion, communities, diversity, decay, rhythm)
PAGE = Path(__file__).with_name("measures.md")

HEAD = """# The measures

Made from the registry by `python docs/make_measures.py`; do not edit.

`na.measure(net, [...])` and `na.measure_ties(net, [...])` give the measures of people and ties as
columns; each is also a function of its chapter, `na.brokerage.constraint(net, model="ego")`. Tables
of their own and single numbers are functions of their chapter only. Strength is closeness: where a
path has a length it is 1/strength. Undefined is NaN, never 0. "What stays the same" says which
changes of the input leave every value alone: other ids (renaming), another order of rows, one more
person without ties (isolate), all strengths times a constant (scaling).
"""


def functions(chapter: ModuleType) -> list[Any]:
    """Return the functions of a chapter: measures of people, of ties, then the rest."""
    cards = registry.metrics()
    rank = {"person": 0, "tie": 1}

    def place(name: str) -> tuple[int, str]:
        return (rank[cards[name].per] if name in cards else 2, name)

    registered = [
        name for name, card in cards.items() if card.function.__module__ == chapter.__name__
    ]
    names = getattr(chapter, "__all__", registered)
    return [getattr(chapter, name) for name in sorted(names, key=place)]


def sections(text: str) -> dict[str, str]:
    """Return the parts of a NumPy docstring by heading; the free text is under ''."""
    parts = re.split(r"^(\w[\w ]*)\n-{3,}$", inspect.cleandoc(text), flags=re.MULTILINE)
    return {"": parts[0].strip()} | {
        name: body.strip("\n") for name, body in zip(parts[1::2], parts[2::2], strict=True)
    }


def plain(text: str) -> str:
    """Turn docstring markup into Markdown."""
    text = re.sub(r":(?:func|class|mod|meth|attr):`~?([^`]*)`", r"`\1`", text)
    return text.replace("``", "`")


def joined(text: str) -> str:
    """Return the paragraphs of a text, each on one line, its label in bold."""
    paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", text)]
    labels = r"^(How to read it|Formula|Method)(:|,|s:)"
    return "\n\n".join(re.sub(labels, r"**\1**\2", plain(part)) for part in paragraphs if part)


def fields(text: str) -> str:
    """Return the parameters of a docstring as a list."""
    lines: list[str] = []
    for line in text.splitlines():
        if line and not line.startswith(" "):
            name, _, kind = line.partition(" : ")
            lines.append(f"- `{name}`" + (f" ({kind})" if kind else "") + ":")
        elif line.strip():
            lines[-1] += f" {plain(line.strip())}"
    return "\n".join(lines)


def returned(text: str) -> str:
    """Say what a function returns, in one paragraph after its type."""
    kind, _, rest = inspect.cleandoc(text).partition("\n")
    return f"`{kind.strip()}`: {plain(' '.join(rest.split()))}"


def entry(function: Any) -> str:
    """Return the part of one function."""
    card = registry.metrics().get(function.__name__)
    parts = sections(function.__doc__)
    lines = [f"### {function.__name__}", ""]
    if card is not None:
        by = ", over a people column (`by=`)" if card.by else ""
        stays = ", ".join(sorted(card.invariant))
        lines += [
            f"*Of each {card.per}{by}. Unit: {card.unit}. What stays the same under: {stays}.*",
            "",
            f"{card.read}",
            "",
            f"`{card.formula}`",
            "",
        ]
    lines += [joined(parts[""]), ""]
    signature = re.sub(r"(: |-> )'([^']*)'", r"\1\2", str(inspect.signature(function)))
    signature = re.sub(r"\b(pd|np)\.", "", signature)
    lines += [f"`{function.__name__}{signature}`", "", fields(parts["Parameters"]), ""]
    lines += [f"**Returns** {returned(parts['Returns'])}", ""]
    if "References" in parts:
        lines += [f"**References** {' '.join(plain(parts['References']).split())}", ""]
    lines += ["```python", parts["Examples"].strip(), "```", ""]
    return "\n".join(lines)


def page() -> str:
    """Return the whole page."""
    parts = [HEAD]
    for chapter in CHAPTERS:
        name = chapter.__name__.rpartition(".")[2]
        parts.append(f"## {name}\n\n{inspect.cleandoc(chapter.__doc__)}\n")
        parts += [entry(function) for function in functions(chapter)]
    return "\n".join(parts).rstrip() + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"wrote {PAGE}\n")
