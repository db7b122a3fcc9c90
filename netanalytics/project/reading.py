"""Finding a project file and reading it strictly: all that is wrong is said at once."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from netanalytics.errors import MissingFileError, ProjectError
from netanalytics.loaders import options_of
from netanalytics.project import NAME, Project, Source
from netanalytics.project.settings import KEYS, SOURCE_KEYS, WISH_KEYS, Check
from netanalytics.project.wishes import Wish


def find_project(start: str | Path = ".") -> Path | None:
    """Return the project file of a folder or of the nearest folder above it."""
    place = Path(start).absolute()
    return next((f / NAME for f in [place, *place.parents] if (f / NAME).is_file()), None)


def open_project(path: str | Path = ".") -> Project:
    """Read a project file.

    Parameters
    ----------
    path : str or Path
        The file, or the folder that holds it.

    Returns
    -------
    Project
        With ``log()``, ``network()`` and ``wishes_for(net)``.

    Raises
    ------
    MissingFileError
        If there is none.
    ProjectError
        If a key is unknown (the nearest valid one is named) or a value makes no sense; all that
        is wrong is said at once.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> _ = (folder / "netanalytics.toml").write_text('me = "ada"')
    >>> open_project(folder).me
    'ada'
    """
    path = Path(path)
    path = path / NAME if path.is_dir() else path
    if not path.is_file():
        raise MissingFileError(
            f"{path.name}: there is no project file (netanalytics init makes one)"
        )
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProjectError(f"{path.name}: {error}") from None
    return _Reader(path.absolute().parent).project(told)


class _Reader:
    """Checks what a file says, and gathers all that is wrong."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.wrong: list[str] = []

    def project(self, told: Mapping[str, Any]) -> Project:
        values = self.table(told, KEYS, "")
        zone = values.get("zone")
        values["sources"] = tuple(
            source for one in values.pop("sources", ()) if (source := self.source(one, zone))
        )
        values["wishes"] = tuple(self.wish(one) for one in values.pop("wishes", ()))
        for name in ("people", "relations", "decisions", "journal", "out"):
            if name in values or name in ("decisions", "journal", "out"):
                values[name] = self.folder / values.get(name, getattr(Project, name, ""))
        values["directories"] = tuple(self.folder / name for name in values.get("directories", ()))
        if self.wrong:
            raise ProjectError(f"{NAME}: " + "; ".join(self.wrong))
        return Project(folder=self.folder, **values)

    def source(self, told: Mapping[str, Any], zone: str | None) -> Source | None:
        values = self.table(told, SOURCE_KEYS, "[[sources]] ")
        if "path" not in values:
            self.wrong.append("a [[sources]] entry has no path")
            return None
        options = options_of(
            columns=values.get("columns"),
            mapping=values.get("map"),
            zone=values.get("zone", zone),
            date_order=values.get("date_order"),
            undirected=values.get("undirected", False),
        )
        return Source(
            self.folder / values["path"],
            values.get("kind"),
            options,
            values.get("may_use", "not asked"),
        )

    def wish(self, told: Mapping[str, Any]) -> Wish:
        values = self.table(told, WISH_KEYS, "[[wishes]] ")
        if ("person" in values) == ("role" in values):
            self.wrong.append("a [[wishes]] entry needs either person or role")
        if values.get("let_rest") and ({"every", "keep"} & set(values)):
            self.wrong.append("a [[wishes]] entry says let_rest and something else")
        values["every_days"] = values.pop("every", None)
        return Wish(**values)

    def table(self, told: Any, keys: Mapping[str, Check], where: str) -> dict[str, Any]:
        """Return the checked values of one table."""
        if not isinstance(told, Mapping):
            self.wrong.append(f"{where.strip()} must be a table")
            return {}
        values = {}
        for key, value in told.items():
            if key not in keys:
                self.wrong.append(f"{where}{key!r} is no key; did you mean {_nearest(key, keys)}?")
                continue
            try:
                values[key] = keys[key](value)
            except ValueError as error:
                self.wrong.append(f"{where}{key} = {value!r}: {error}")
        return values


def _nearest(key: str, keys: Iterable[str]) -> str:
    return difflib.get_close_matches(key, list(keys), n=1, cutoff=0.0)[0]
