"""A report as a page, as Markdown, and its tables as CSV."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import html
import math
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import jinja2
    import pandas as pd

    from netanalytics.report.model import Report

DECIMALS = 3
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins with one of these runs as a formula in a spreadsheet."""


def cell(value: Any) -> str:
    """Write a value for people: three decimals, days for times, nothing for what is undefined.

    Examples
    --------
    >>> cell(0.12345), cell(12.0), cell(float("nan")), cell(True)
    ('0.123', '12', '', 'yes')
    """
    if isinstance(value, str):
        return value
    if _missing(value):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d}"
    return _number(value) if isinstance(value, int | float) else str(value)


def _missing(value: Any) -> bool:
    import pandas as pd

    return value is None or bool(pd.isna(value))


def _number(value: float) -> str:
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    return str(int(value)) if value == int(value) else f"{value:.{DECIMALS}f}"


def rows(frame: pd.DataFrame) -> list[list[str]]:
    """Return the cells of a table as text."""
    columns = [[cell(value) for value in frame[name].tolist()] for name in frame.columns]
    return [list(row) for row in zip(*columns, strict=True)]


def numeric(frame: pd.DataFrame) -> list[bool]:
    """Say which columns hold numbers or percentages, to align them.

    Examples
    --------
    >>> import pandas as pd
    >>> numeric(pd.DataFrame({"said": ["0 to 10 %"], "ties": [12], "in contact": ["4 %"]}))
    [False, True, True]
    """
    return [_is_numeric(frame[name]) for name in frame.columns]


def _is_numeric(values: pd.Series) -> bool:
    import pandas as pd

    if pd.api.types.is_numeric_dtype(values.dtype):
        return not pd.api.types.is_bool_dtype(values.dtype)
    texts = values.dropna().astype("str")
    return bool(len(texts)) and bool(texts.str.fullmatch(r"[0-9.]+ %").all())


# ---- CSV ---------------------------------------------------------------------------------------


def to_csv(frame: pd.DataFrame) -> str:
    r"""Write a table as CSV: full precision, UTC times, formulas made harmless.

    Examples
    --------
    >>> import pandas as pd
    >>> to_csv(pd.DataFrame({"person": ["=1+1", "ada"], "degree": [1, 2]}))
    "person,degree\n'=1+1,1\nada,2\n"
    """
    import pandas as pd

    safe = frame.copy()
    for name in safe.columns:
        dtype = safe[name].dtype
        if isinstance(dtype, pd.DatetimeTZDtype):
            safe[name] = safe[name].dt.strftime("%Y-%m-%dT%H:%M:%SZ")
        elif not pd.api.types.is_numeric_dtype(dtype):
            safe[name] = [guarded(_stamped(value)) for value in safe[name].tolist()]
    safe.columns = [guarded(str(name)) for name in safe.columns]
    return str(safe.to_csv(index=False, lineterminator="\n"))


def _stamped(value: Any) -> Any:
    """Write a time in a column of anything as one in a column of times."""
    if not isinstance(value, dt.datetime) or _missing(value) or value.tzinfo is None:
        return value
    return f"{value.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"


def guarded(value: Any) -> Any:
    """Put an apostrophe before text that a spreadsheet would run."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


# ---- Markdown ----------------------------------------------------------------------------------


def to_markdown(report: Report) -> str:
    """Write a report as Markdown."""
    letter = report.letter
    parts = [f"# {_plain(report.title)}", f"*{_plain(letter.heading)}*", _plain(letter.seen)]
    parts += [
        f"{number}. **{_plain(act.title)}.** {_plain(act.text)} *{_plain(act.why)}*"
        for number, act in enumerate(letter.acts, start=1)
    ]
    parts += [f"- {_plain(finding)}" for finding in letter.findings]
    parts.append(_plain(letter.ending))
    for section in report.sections:
        parts.append(f"## {_plain(section.title)}")
        parts += [_plain(text) for text in section.paragraphs]
        for table in section.tables:
            parts.append(f"**{_plain(table.caption)}**")
            parts += [_pipe_table(table.frame)] if len(table.frame) else ["None."]
            parts += [_plain(table.note)] if table.note else []
    return "\n\n".join(parts) + "\n"


_MARKS = {ord(sign): f"\\{sign}" for sign in "\\`*_[]|#"} | {
    ord("<"): "&lt;",
    ord(">"): "&gt;",
}


def _plain(text: str) -> str:
    """Make text from a log harmless in Markdown: one line, no marks, no tags, no links."""
    line = re.sub(r"&(?=[#\w])", "&amp;", " ".join(text.split()))
    return line.translate(_MARKS)


def _pipe_table(frame: pd.DataFrame) -> str:
    aligned = ["---:" if number else "---" for number in numeric(frame)]
    lines = [
        [_plain(str(name)) for name in frame.columns],
        aligned,
        *([_plain(text) for text in row] for row in rows(frame)),
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


# ---- HTML --------------------------------------------------------------------------------------


def to_html(report: Report) -> str:
    """Write a report as one page that asks the network for nothing."""
    from netanalytics.report.model import GENERATOR

    style = _asset("report.css")
    return (
        _templates()
        .get_template("report.html.j2")
        .render(
            report=report,
            generator=GENERATOR,
            style=style,
            style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
            rows=rows,
            numeric=numeric,
        )
    )


def framed(page: str) -> str:
    """Return a frame for a notebook in which a page can run no script and reach nobody."""
    return (
        f'<iframe srcdoc="{html.escape(page, quote=True)}" sandbox '
        f'style="width:100%;height:640px;border:1px solid #8884"></iframe>'
    )


@cache
def _asset(name: str) -> str:
    return files("netanalytics.report").joinpath("templates", name).read_text(encoding="utf-8")


@cache
def _templates() -> jinja2.Environment:
    import jinja2
    from markupsafe import Markup

    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_asset),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # Only our own style sheet is put in as it is; everything else is escaped.
    environment.filters["style"] = Markup
    return environment
