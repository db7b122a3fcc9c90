r"""Git: who writes code with whom.

Git itself reads its repositories, with ``git log`` in a format of our own and the project's
mailmap: no library knows every form in which a repository is stored. Subjects and bodies of commits
never leave git, only the trailers named here. A file with the same content is read too, made by::

    git log --reverse --use-mailmap --no-renames --name-only --format='%x1e%H%x1f%at%x1f%aN <%aE>
    %x1f%(trailers:key=Co-authored-by,key=Reviewed-by,key=Signed-off-by,unfold)%x1f' > git-log.txt

(in one line, without the break inside the quotes).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from netanalytics import registry
from netanalytics.errors import LoaderError
from netanalytics.loaders._delimited import LONGEST_LINE, head_of, lines_of
from netanalytics.loaders._gitlog import FORMAT, TRAILERS, git_log, mapped
from netanalytics.loaders._persons import People, address_in, tidy
from netanalytics.loaders._rows import Rows

if TYPE_CHECKING:
    from netanalytics.engine import Engine
    from netanalytics.loaders import Batch, Options

WINDOW_DAYS = 7
"""Two people who change one file within so many days are in touch about it."""

MOST_FILES = 100
"""A commit of more files is a move or a reformatting, not work on each of them."""

MOST_PAIRS = 1_000
"""Contacts that one file makes: a changelog that everybody touches is no conversation."""

_MOST_AUTHORS = 20
_PRUNE_EVERY = 5_000
_DAY = 86_400
_WINDOW = WINDOW_DAYS * _DAY
_EARLIEST, _LATEST = -2_208_988_800, 7_258_118_400  # 1900 and 2200
_HASH = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_TRAILER = re.compile(rf"({'|'.join(TRAILERS)})\s*:\s*(\S.*)", re.IGNORECASE)
_PERSON = re.compile(r"\s*([^<>]*?)\s*<([^<>]*)>")
_BOT = re.compile(r"\[bot\]|^(dependabot|renovate|github-actions|greenkeeper)\b", re.IGNORECASE)
_RECORD, _FIELD = "\x1e", "\x1f"


def recognises(path: Path) -> bool:
    """Say whether a folder is a repository, or a file the output of the command above."""
    try:
        if isinstance(path, Path) and path.is_dir():
            git = path / ".git"
            return not git.is_symlink() and (git / "HEAD").is_file() and (git / "objects").is_dir()
    except OSError:
        return False
    return re.match(r"\s*\x1e[0-9a-f]{40,64}\x1f", head_of(path)) is not None


@registry.loader(
    "git",
    unit="commit",
    read="a git repository, or the output of a documented git log: co-authors, reviewers, and "
    f"authors who change one file within {WINDOW_DAYS} days",
    recognises=recognises,
)
def read(source: Path, options: Options, engine: Engine) -> Batch:
    """Read the history of a repository.

    Parameters
    ----------
    source : Path
        A folder with ``.git``, or a file made by the command in the description of this module.
    options : Options
        Not used: git states the zone of every time.
    engine : Engine
        Where the rows go.

    Returns
    -------
    Batch
        Co-authors (channel ``code``) and reviewers (``review``) are reached by the author of the
        commit; authors of one file are in touch without a direction (``code``).

    Raises
    ------
    LoaderError
        If it is neither, or git is missing, fails or takes too long.
    """
    if not isinstance(source, Path) or not recognises(source):
        label = source.name if isinstance(source, Path) else "DataFrame"
        raise LoaderError(f"{label}: this is neither a git repository nor a git log as documented")
    if not source.is_dir():
        history = _History(Rows(engine), {})
        history.take(_records(lines_of(source), source.name))
        return history.batch()
    history = _History(Rows(engine), _mailmap(source))
    history.notes.append(f"of {source.name} the history is read, not the files in it")
    shown = ["--reverse", "--use-mailmap", "--no-renames", "--name-only", "--no-notes"]
    with git_log(source, [*shown, "--no-ext-diff", f"--format={FORMAT}", "HEAD"]) as lines:
        history.take(_records(lines, source.name))
    return history.batch()


def _mailmap(folder: Path) -> dict[str, str]:
    """Return what the mailmap makes of the people in trailers, asked once for all of them."""
    if not (folder / ".mailmap").is_file():
        return {}
    keys = ",".join(f"key={key}" for key in TRAILERS)
    with git_log(folder, [f"--format=%(trailers:{keys},unfold)", "HEAD"]) as lines:
        people = {found.group(2).strip() for line in lines if (found := _TRAILER.match(line))}
    return mapped(folder, people)


def _records(lines: Iterable[str], label: str) -> Iterator[str]:
    """Join the lines of each commit."""
    held: list[str] = []
    size = 0
    for line in lines:
        if line.startswith(_RECORD) and held:
            yield "".join(held)
            held, size = [], 0
        held.append(line)
        size += len(line)
        if size > 20 * LONGEST_LINE:
            raise LoaderError(f"{label}: a commit of more than {20 * LONGEST_LINE:,} characters")
    whole = "".join(held)
    if whole.strip():
        yield whole


@dataclass(frozen=True)
class _Commit:
    hash: str
    second: int
    author: str
    trailers: str
    files: tuple[str, ...]


def _commit(record: str) -> _Commit | None:
    """Cut a record into its fields; None where it is not one."""
    fields = record.lstrip().removeprefix(_RECORD).split(_FIELD, 4)
    if (
        len(fields) < 5
        or not _HASH.fullmatch(fields[0])
        or not re.fullmatch(r"-?[0-9]{1,12}", fields[1])
    ):
        return None
    files = tuple(line for line in fields[4].splitlines() if line.strip())
    return _Commit(fields[0], int(fields[1]), fields[2], fields[3], files)


class _History:
    """Goes through commits, oldest first, and remembers who changed each file lately."""

    def __init__(self, rows: Rows, mailmap: Mapping[str, str]) -> None:
        self._rows = rows
        self._mailmap = mailmap
        self._people = People()
        self._recent: dict[str, dict[str, int]] = {}
        self._made: Counter[str] = Counter()
        self._full = False
        self._wide = 0
        self.notes: list[str] = []

    def take(self, records: Iterable[str]) -> None:
        """Read all commits."""
        for number, record in enumerate(records, start=1):
            self._rows.record()
            commit = _commit(record)
            if commit is None:
                self._rows.skip("malformed record")
            elif not _EARLIEST < commit.second < _LATEST:
                self._rows.skip("unreadable time")
            else:
                self._take(commit)
                if number % _PRUNE_EVERY == 0:
                    self._forget(commit.second - _WINDOW)

    def _take(self, commit: _Commit) -> None:
        author = self._person(commit.author)
        if author is None:
            self._rows.skip("nobody is named as the author")
            return
        others = self._others(commit, author)
        for other, channel in others.items():
            self._rows.contact(
                commit.second * 1_000_000,
                author,
                other,
                channel=channel,
                event=commit.hash,
                size=len(others) + 1,
            )
        near = self._near(commit, author)
        for number, (other, second) in enumerate(sorted(near.items())):
            one, two = sorted((author, other))
            self._rows.contact(
                max(commit.second, second) * 1_000_000,
                one,
                two,
                channel="code",
                event=f"{commit.hash}:{number}",
                size=2,
                directed=False,
            )
        if not others and not near:
            self._rows.skip("nobody else in it, or in its files within days")

    def _person(self, text: str) -> str | None:
        """Return the id of somebody written as ``Name <address>``."""
        found = _PERSON.match(text)
        if found is None:
            return None
        name, mail = (tidy(part) or "" for part in found.groups())
        if address_in(mail) is None and not name:
            name = mail.split("@")[0]
        known = self._people.known(name) if address_in(mail) is None else None
        if known is not None:
            return known
        bot = True if _BOT.search(name) or _BOT.search(mail) else None
        added = self._people.add(name, [mail], {"is_bot": bot})
        return added[0] if added else None

    def _others(self, commit: _Commit, author: str) -> dict[str, str]:
        """Return whom a commit names besides its author, and on which channel."""
        others: dict[str, str] = {}
        for line in commit.trailers.splitlines():
            found = _TRAILER.match(line.strip())
            if not found:
                continue
            key, text = found.group(1).casefold(), found.group(2).strip()
            other = self._person(self._mailmap.get(text, text))
            if other is not None and other != author:
                # Whoever wrote it and signed it off too is a co-author.
                channel = "code" if key == "co-authored-by" else "review"
                others[other] = "code" if others.get(other) == "code" else channel
        return others

    def _near(self, commit: _Commit, author: str) -> dict[str, int]:
        """Return who else changed a file of this commit within the window, and when last."""
        near: dict[str, int] = {}
        if len(commit.files) > MOST_FILES:
            self._wide += 1
            return near
        for file in commit.files:
            recent = self._recent.setdefault(file, {})
            self._meet(file, recent, (author, commit.second), near)
            recent.pop(author, None)
            recent[author] = commit.second
            if len(recent) > _MOST_AUTHORS:
                del recent[next(iter(recent))]
        return near

    def _meet(
        self, file: str, recent: Mapping[str, int], me: tuple[str, int], near: dict[str, int]
    ) -> None:
        author, second = me
        for other, when in recent.items():
            if other == author or abs(second - when) > _WINDOW:
                continue
            if self._made[file] >= MOST_PAIRS:
                self._full = True
                return
            if other not in near:
                self._made[file] += 1
            near[other] = max(near.get(other, when), when)

    def _forget(self, before: int) -> None:
        """Drop what is older than the window, so that memory does not grow with the history."""
        self._recent = {
            file: recent
            for file, recent in self._recent.items()
            if max(recent.values(), default=before) >= before
        }

    def batch(self) -> Batch:
        """Hand everything over."""
        notes: Sequence[str] = (
            *self.notes,
            f"authors of one file within {WINDOW_DAYS} days count as in touch",
            f"the files of {self._wide:,} commits of more than {MOST_FILES} files are left out"
            if self._wide
            else "",
            f"a file makes {MOST_PAIRS:,} contacts at most" if self._full else "",
        )
        return self._rows.batch(
            notes=[note for note in (*notes, *self._people.notes()) if note],
            people=self._people.frame(),
        )
