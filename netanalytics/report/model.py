"""The report as a tree of values; nothing in it is computed and nothing is rendered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netanalytics.arguments import shortened
from netanalytics.errors import NetAnalyticsError
from netanalytics.interactions import counted
from netanalytics.maps.page import MARK as MAP
from netanalytics.writing import bears, spare, write_whole

if TYPE_CHECKING:
    import pandas as pd

GENERATOR = "netanalytics"
MARK = f'name="generator" content="{GENERATOR}"'
"""What every page begins with: by this a report knows an older one, which it may replace."""


@dataclass(frozen=True, eq=False)
class Table:
    """A table of a report.

    Parameters
    ----------
    name : str
        Short name, unique in the report.
    caption : str
        What it shows.
    frame : pandas.DataFrame
        Its cells; headings are the column names.
    note : str
        How to read it.
    """

    name: str
    caption: str
    frame: pd.DataFrame
    note: str = ""


@dataclass(frozen=True)
class Figure:
    """A figure: one picture for light pages and one for dark ones, both data URIs."""

    caption: str
    alt: str
    light: str
    dark: str


@dataclass(frozen=True)
class Act:
    """One thing that the reader could do: what, the facts, and why it is suggested."""

    title: str
    text: str
    why: str


@dataclass(frozen=True)
class Letter:
    """What opens a report: one line on what was looked at, a few acts or findings, an ending."""

    heading: str
    seen: str
    acts: tuple[Act, ...] = ()
    findings: tuple[str, ...] = ()
    ending: str = ""


@dataclass(frozen=True, eq=False)
class Section:
    """A folded part of a report."""

    name: str
    title: str
    paragraphs: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True, eq=False)
class Report:
    """A report, ready to be rendered and saved.

    Parameters
    ----------
    title : str
        Its title.
    audience : {"me", "names", "group"}
        Whom it is made for: one person about their own ties; somebody who may see everybody's
        names; or anybody, without individuals.
    letter : Letter
        What it opens with.
    sections : tuple of Section
        The rest, folded.
    files : mapping of str to pandas.DataFrame
        Tables to save beside it.
    map_html : str
        The page of the interactive map.
    person : str, optional
        Id of the reader, of a report for "me".
    """

    title: str
    audience: str
    letter: Letter
    sections: tuple[Section, ...]
    files: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    map_html: str = ""
    person: str | None = None

    def __repr__(self) -> str:
        """Say for whom it is and how large."""
        reader = "" if self.person is None else f" ({shortened(self.person)})"
        return (
            f"Report(for {self.audience}{reader}, {counted(len(self.sections), 'section')}, "
            f"{counted(len(self.tables), 'table')}, a map of {len(self.map_html) // 1000:,} kB)"
        )

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table of the report by name."""
        return {table.name: table.frame for section in self.sections for table in section.tables}

    @property
    def html(self) -> str:
        """The page, self-contained."""
        from netanalytics.report.render import to_html

        return to_html(self)

    @property
    def markdown(self) -> str:
        """The report as Markdown."""
        from netanalytics.report.render import to_markdown

        return to_markdown(self)

    def _repr_html_(self) -> str:
        """Show the page in a notebook, in a frame that can do nothing."""
        from netanalytics.report.render import framed

        return framed(self.html)

    def save(self, folder: str | Path) -> Path:
        """Write the report into a folder.

        Parameters
        ----------
        folder : str or Path
            Made if it does not exist. Files of an older report there are replaced, and those
            that this one does not have (they may name people) are removed.

        Returns
        -------
        Path
            Of ``index.html``, which is written last.

        Raises
        ------
        NetAnalyticsError
            If the folder cannot be written.
        """
        from netanalytics.report.render import to_csv

        # The map comes first: by it a report that was interrupted is known as one.
        texts = {"map.html": self.map_html, "report.md": self.markdown}
        texts |= {name: to_csv(frame) for name, frame in self.files.items()}
        texts["index.html"] = self.html
        return _write(Path(folder), texts)


OWN_FILES = ("introductions.csv", "check_ins.csv", "metrics.csv", "groups.csv", "contacts.csv")


def _write(folder: Path, texts: Mapping[str, str]) -> Path:
    spare_others(folder, texts)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in _left_over(folder, texts):
            (folder / name).unlink(missing_ok=True)
        for name, text in texts.items():
            write_whole(folder / name, text)
    except OSError as error:
        reason = error.strerror or str(error)
        raise NetAnalyticsError(f"{folder.name}: cannot be written ({reason})") from None
    return folder / "index.html"


def spare_others(folder: Path, names: Iterable[str] = ()) -> None:
    """Refuse a folder that holds a page or one of these files which are of no report of ours.

    Raises
    ------
    NetAnalyticsError
        If it does: nothing there may be lost.
    """
    spare(folder / "index.html", MARK, "report")
    spare(folder / "map.html", MAP, "map")
    if bears(folder / "index.html", MARK) or bears(folder / "map.html", MAP):
        return
    there = [name for name in names if (folder / name).exists()]
    if there:
        raise NetAnalyticsError(
            f"{folder.name} holds {there[0]} and no report of netanalytics: choose another folder"
        )


def _left_over(folder: Path, texts: Mapping[str, Any]) -> Sequence[str]:
    """Return the files of an older report that the new one would not replace."""
    ours = bears(folder / "index.html", MARK)
    return [name for name in OWN_FILES if name not in texts] if ours else []
