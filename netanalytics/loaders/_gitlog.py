"""Running git on a repository that is not trusted: nothing in it may start a program or a network.

The settings of the user and of the system are left out, and those of the repository that could run
something are overridden. Git's own check of who owns the folder stays on.
"""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from netanalytics.errors import LoaderError
from netanalytics.loaders._delimited import LONGEST_LINE

SECONDS = 900
TRAILERS = ("Co-authored-by", "Reviewed-by", "Signed-off-by")
_KEYS = ",".join(f"key={key}" for key in TRAILERS)
FORMAT = f"%x1e%H%x1f%at%x1f%aN <%aE>%x1f%(trailers:{_KEYS},unfold)%x1f"
_SAFE = (
    "log.showSignature=false",
    "gpg.program=false",
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.quotePath=true",
    "protocol.allow=never",
)


@contextmanager
def git_log(folder: Path, arguments: Sequence[str]) -> Iterator[Iterable[str]]:
    """Run ``git log`` in a folder and give its lines.

    Parameters
    ----------
    folder : Path
        With ``.git``; folders above are not looked at.
    arguments : sequence of str
        Format and what to show.

    Yields
    ------
    iterable of str
        Lines; one of more than a million characters is an error.

    Raises
    ------
    LoaderError
        If git is missing, fails, or takes more than a quarter of an hour.
    """
    process = _started(folder, ["log", "--no-show-signature", "--no-color", *arguments])
    errors: list[str] = []
    late = threading.Event()

    def stop() -> None:
        late.set()
        process.kill()

    reader = threading.Thread(target=_drain, args=(process.stderr, errors), daemon=True)
    clock = threading.Timer(SECONDS, stop)
    clock.daemon = True
    reader.start()
    clock.start()
    try:
        yield _lines(process.stdout, folder.name)
        process.wait(timeout=SECONDS)
    finally:
        clock.cancel()
        process.kill()
        process.wait()
        reader.join(timeout=5)
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()
    if late.is_set():
        raise LoaderError(f"{folder.name}: git took more than {SECONDS // 60} minutes")
    if process.returncode:
        line = (errors or ["no reason given"])[0].strip()[:160]
        raise LoaderError(f"{folder.name}: git cannot read this repository ({line})")


def mapped(folder: Path, people: Iterable[str]) -> dict[str, str]:
    """Return what the project's mailmap makes of people, written as ``Name <address>``.

    ``git log`` applies the mailmap to authors, not to the people named in trailers.
    """
    asked = sorted({one for one in people if "\n" not in one and one.strip().endswith(">")})
    if not asked or not (folder / ".mailmap").is_file():
        return {}
    command = _command(folder, ["check-mailmap", "--stdin"])
    try:
        done = subprocess.run(
            command,
            input="\n".join(asked) + "\n",
            capture_output=True,
            timeout=SECONDS,
            env=_environment(folder),
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return {}
    answers = done.stdout.splitlines()
    return dict(zip(asked, answers, strict=True)) if len(answers) == len(asked) else {}


def _command(folder: Path, arguments: Sequence[str]) -> list[str]:
    safe = [part for setting in _SAFE for part in ("-c", setting)]
    return [
        "git",
        "--no-pager",
        "--no-optional-locks",
        "--no-replace-objects",
        *safe,
        "-C",
        str(folder.resolve()),
        *arguments,
    ]


def _environment(folder: Path) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LC_ALL": "C.UTF-8",
        "HOME": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_CEILING_DIRECTORIES": str(folder.resolve().parent),
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "none",
    }


def _started(folder: Path, arguments: Sequence[str]) -> subprocess.Popen[str]:
    try:
        return subprocess.Popen(
            _command(folder, arguments),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment(folder),
            encoding="utf-8",
            errors="replace",
        )
    except OSError:
        raise LoaderError(
            f"{folder.name}: git is not installed, and only git reads a repository"
        ) from None


def _drain(pipe: IO[str] | None, into: list[str]) -> None:
    """Read errors as they come: a full pipe would stop git."""
    for line in pipe or ():
        if len(into) < 5:
            into.append(line)


def _lines(pipe: IO[str] | None, label: str) -> Iterator[str]:
    while pipe is not None and (line := pipe.readline(LONGEST_LINE)):
        if len(line) == LONGEST_LINE and not line.endswith("\n"):
            raise LoaderError(f"{label}: git gave a line of more than {LONGEST_LINE:,} characters")
        yield line
