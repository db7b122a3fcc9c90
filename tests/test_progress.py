"""How much is read, told while it is read: to a caller, and as a bar on a terminal."""

from __future__ import annotations

import os
import pty
import re
import signal
import sys
import zipfile

import pytest

import netanalytics as na

MAIL = (
    "From ada@x.org Mon Jan  5 09:00:00 2026\nFrom: ada@x.org\nTo: ben@x.org\n"
    "Date: Mon, 5 Jan 2026 09:00:00 +0000\nMessage-ID: <{}@x.org>\n\n{}\n\n"
)


def mbox(path, mails, body=3_000):
    text = "".join(MAIL.format(number, "word " * (body // 5)) for number in range(mails))
    path.write_text(text)
    return path


def told(path, **options):
    seen = []
    na.load(path, progress=lambda *now: seen.append(now), **options)
    return seen


def test_the_bytes_read_are_told_now_and_then(tmp_path):
    path = mbox(tmp_path / "a.mbox", 2_000)
    seen = told(path)
    done = [now[1] for now in seen]
    assert {now[2] for now in seen} == {path.stat().st_size}
    assert done == sorted(done) and done[0] == 0 and done[-1] == path.stat().st_size
    assert 5 <= len(seen) <= 10  # 6 MB: not for each mail


def test_all_sources_of_a_folder_are_one_whole(tmp_path):
    mbox(tmp_path / "a.mbox", 900)
    (tmp_path / "mails").mkdir()
    for number in range(30):
        mail = MAIL.format(number, "x" * 90_000).partition("\n")[2]
        (tmp_path / "mails" / f"{number}.eml").write_text(mail)
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as packed:
        packed.writestr("_chat.txt", "[25/12/2025, 09:00:00] Ada: word\n" * 90_000)
    seen = told(tmp_path)
    done = [now[1] for now in seen]
    total = seen[-1][2]
    assert done == sorted(done) and done[-1] == total
    for label in ("a.mbox", "mails", "export.zip"):
        assert label in {now[0] for now in seen}
    inside = [now for now in seen if now[0] == "mails"]
    assert len(inside) > 2 and inside[1][1] > inside[0][1]


def terminal(*arguments, interrupt=False):
    """Run the command on a terminal; return its exit code and what it showed."""
    child, screen = pty.fork()
    if child == 0:
        os.environ.update(TERM="xterm", COLUMNS="100")
        os.execv(sys.executable, [sys.executable, "-m", "netanalytics", *map(str, arguments)])
    shown = b""
    while True:
        try:
            piece = os.read(screen, 65_536)
        except OSError:
            break
        if not piece:
            break
        shown += piece
        if interrupt and b"%" in shown:
            os.kill(child, signal.SIGINT)
            interrupt = False
    os.close(screen)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return code, re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode())


def test_a_terminal_shows_a_bar(tmp_path):
    path = mbox(tmp_path / "post[bold].mbox", 20_000, 500)
    code, shown = terminal("inspect", path)
    assert code == 0
    assert "Reading: post[bold].mbox" in shown and "%" in shown
    assert "20,000" in shown or "20000" in shown


@pytest.mark.parametrize("command", ["report", "map"])
def test_an_interruption_is_one_line_and_leaves_nothing(tmp_path, command):
    path = mbox(tmp_path / "large.mbox", 40_000, 2_000)
    out = tmp_path / "out"
    code, shown = terminal(command, path, "--out", out, interrupt=True)
    assert code == 130
    last = [line for line in re.split(r"[\r\n]+", shown) if line.strip()][-1]
    assert last == "netanalytics: interrupted: nothing is left half written"
    assert "Traceback" not in shown
    assert sorted(one.name for one in tmp_path.iterdir()) == ["large.mbox"]
