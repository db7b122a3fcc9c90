"""Which files a source means, and which loader reads each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netanalytics import registry
from netanalytics.errors import LoaderError, MissingFileError
from netanalytics.loaders._frames import pandas_of, paths_of

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Found:
    """A file, or a frame, with what to call it and which loader reads it."""

    label: str
    card: registry.Loader
    path: Path | pd.DataFrame
    named: bool


def files_of(source: Any, kind: str | None) -> tuple[list[Found], list[str]]:
    """Find the files and their loaders, and the files of a folder that nobody knows."""
    frame = pandas_of(source)
    if frame is not None:
        return [Found("DataFrame", registry.loaders()["table"], frame, named=True)], []
    sources = paths_of(source)
    found: list[Found] = []
    others: list[str] = []
    for one in sources:
        path = Path(one)
        if path.is_dir():
            inside, unknown = _in_folder(path, kind)
            found += inside
            others += unknown
        else:
            found.append(Found(path.name, _loader_of(path, kind), path, named=True))
    if not found:
        raise LoaderError(f"{Path(sources[0]).name}: no file in this folder is of a known kind")
    return found, others


def _in_folder(folder: Path, kind: str | None) -> tuple[list[Found], list[str]]:
    """Find what a folder holds: folders that are an export of their own, and files."""
    if kind is not None and _named(kind).recognises(folder):
        return [Found(folder.name, _named(kind), folder, named=True)], []
    whole = recognised(folder)
    if whole is not None and kind is None:
        return [Found(folder.name, whole, folder, named=True)], []
    found: list[Found] = []
    others: list[str] = []
    _walk(folder, folder, kind, (found, others))
    return found, others


def _walk(top: Path, folder: Path, kind: str | None, into: tuple[list[Found], list[str]]) -> None:
    """Go through a folder in the order of names; links may lead anywhere and are not followed."""
    found, others = into
    for path in sorted(folder.iterdir()):
        label = path.relative_to(top).as_posix()
        if path.name.startswith("."):
            continue
        if path.is_symlink() or not _is_text(label):
            why = "a link" if path.is_symlink() else "a name that is not UTF-8"
            others.append(f"{_as_text(label)} ({why})")
            continue
        card = recognised(path) if kind is None or path.is_dir() else _named(kind)
        if card is not None and not (path.is_dir() and kind is not None and card.name != kind):
            found.append(Found(label, card, path, named=False))
        elif path.is_dir():
            _walk(top, path, kind, into)
        elif path.is_file():
            others.append(label)


def _as_text(name: str) -> str:
    return name.encode("utf-8", "replace").decode()


def _is_text(name: str) -> bool:
    """Say whether a name can be written as UTF-8: the names of files need not be."""
    return _as_text(name) == name


def _loader_of(path: Path, kind: str | None) -> registry.Loader:
    if not path.exists():
        raise MissingFileError(f"{_as_text(path.name)}: there is no such file or folder")
    if not _is_text(path.name):
        raise LoaderError(f"{_as_text(path.name)}: its name is not UTF-8: rename it")
    if not path.is_file():
        raise LoaderError(f"{path.name}: this is neither a file nor a folder")
    if kind is not None:
        return _named(kind)
    return recognised(path) or registry.loaders()["table"]


def _named(kind: str) -> registry.Loader:
    cards = registry.loaders()
    if kind not in cards:
        raise registry.unknown("loader", kind, cards)
    return cards[kind]


def recognised(path: Path) -> registry.Loader | None:
    """Return the loader that knows a file or folder; the one for any table is asked last."""
    cards = sorted(registry.loaders().values(), key=lambda card: (card.name == "table", card.name))
    return next((card for card in cards if card.recognises(path)), None)
