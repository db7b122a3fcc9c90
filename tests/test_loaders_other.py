"""Git, Viva, surveys, workbooks, databases, and tables of other libraries."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import zipfile

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import netanalytics as na
from netanalytics.engine import DuckDBEngine
from netanalytics.errors import LoaderError, SchemaError
from netanalytics.loaders import Options, _gitlog, _workbook, database, excel, git, survey, viva

from ._exports import counts, everything, pairs, read, spoiled, written
from .conftest import shared

# ---- git ---------------------------------------------------------------------------------------

ADA, BEN, CY = "Ada Berg <Ada@X.org>", "Ben Ek <ben@x.org>", "Cy <12+cy@users.noreply.github.com>"
BOT = "dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>"


def commit(folder, author: str, day: str, files: dict[str, str], message: str = "CANARY") -> None:
    for name, text in files.items():
        written(folder / name, text)
    run(folder, "add", "-A")
    run(folder, "commit", "-q", "--allow-empty", "--author", author, "-m", message, day=day)


def run(folder, *arguments: str, day: str = "2026-01-05") -> None:
    when = f"{day}T09:00:00+00:00"
    environment = {
        **os.environ,
        "HOME": str(folder),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_DATE": when,
        "GIT_COMMITTER_DATE": when,
        "GIT_COMMITTER_NAME": "GitHub",
        "GIT_COMMITTER_EMAIL": "noreply@github.com",
    }
    command = ["git", "-c", "init.defaultBranch=main", "-C", str(folder), *arguments]
    subprocess.run(command, check=True, env=environment, capture_output=True)


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    folder = tmp_path_factory.mktemp("repo")
    run(folder, "init", "-q")
    trailers = (
        f"CANARY subject\n\nCANARY body\n\nCo-authored-by: {CY}\nReviewed-by: Benny <ben@old.org>\n"
        f"Signed-off-by: {ADA}\nSigned-off-by: {BOT}\nFixes: CANARY\n"
    )
    commit(folder, ADA, "2026-01-05", {"a.py": "1", "b.py": "1"}, trailers)
    commit(folder, BEN, "2026-01-10", {"a.py": "2", "b.py": "2"})
    commit(folder, "Dee <dee@x.org>", "2026-03-01", {"a.py": "3"})
    commit(folder, "Eve <eve@x.org>", "2026-03-02", {f"f{n}.py": "1" for n in range(101)})
    commit(folder, "Dee <dee@x.org>", "2026-03-03", {"f1.py": "2"})
    written(folder / ".mailmap", f"{BEN} <ben@old.org>\n")
    written(folder / 'odd\n"name".py', "1")
    commit(folder, "Fay <>", "2026-06-01", {})
    return folder


def test_a_repository(repository):
    log = na.load(repository)
    frame = log.to_frame()
    rows = frame[["source", "target", "channel", "directed", "size"]].to_numpy().tolist()
    bot = "49699333+dependabot[bot]@users.noreply.github.com"
    assert rows == [
        ["ada@x.org", "12+cy@users.noreply.github.com", "code", True, 4],
        ["ada@x.org", bot, "review", True, 4],
        # The mailmap knows that ben@old.org is Ben.
        ["ada@x.org", "ben@x.org", "review", True, 4],
        ["ada@x.org", "ben@x.org", "code", False, 2],
    ]
    assert frame["time"].dt.strftime("%m-%d").tolist() == ["01-05"] * 3 + ["01-10"]
    assert frame["event"].iloc[:3].nunique() == 1
    # Eve's commit of 101 files is no work on each of them; Dee and Eve never shared another.
    assert counts(log) == {"kept": 2, "nobody else in it, or in its files within days": 4}
    assert any("more than 100 files" in note for note in log.notes)
    people = log.people
    assert people.index[people["is_bot"]].tolist() == [bot]
    assert people.loc["name:fay", "name"] == "Fay"
    assert "CANARY" not in everything(log)


def test_the_documented_command_gives_the_same_log(repository, tmp_path):
    command = git.__doc__.split("git log", 2)[2].split("> git-log.txt")[0]
    words = " ".join(command.split()).replace("%aE> %x1f", "%aE>%x1f").split("--format=")
    arguments = [*words[0].split(), f"--format={words[1].strip(chr(39))}"]
    done = subprocess.run(
        ["git", "-C", repository, "-c", "safe.directory=*", "log", *arguments],
        capture_output=True,
        check=True,
    )
    file = written(tmp_path / "git-log.txt", done.stdout)
    assert git.recognises(file)
    log, whole = na.load(file), na.load(repository)
    assert counts(log) == counts(whole)
    # A file has no mailmap for the people in trailers.
    named = log.to_frame().replace("ben@old.org", "ben@x.org").drop(columns="origin")
    expected = whole.to_frame().drop(columns="origin")
    order = ["time", "source", "target", "channel"]
    pd.testing.assert_frame_equal(
        named.sort_values(order, ignore_index=True), expected.sort_values(order, ignore_index=True)
    )


def test_nothing_in_a_repository_starts_a_program(repository, tmp_path):
    copy = tmp_path / "hostile"
    shutil.copytree(repository, copy)
    trap = tmp_path / "trap.sh"
    written(trap, f"#!/bin/sh\ntouch {tmp_path}/sprung\ncat\n").chmod(0o755)
    settings_of = (
        ("log.showSignature", "true"),
        ("gpg.program", str(trap)),
        ("core.fsmonitor", str(trap)),
        ("core.pager", str(trap)),
        ("pager.log", str(trap)),
        ("diff.external", str(trap)),
        ("core.hooksPath", str(tmp_path)),
        ("core.sshCommand", str(trap)),
    )
    for name, value in settings_of:
        run(copy, "config", name, value)
    assert len(na.load(copy)) == 4
    assert not (tmp_path / "sprung").exists()


def test_a_repository_inside_a_folder_of_exports(repository, tmp_path):
    shutil.copytree(repository, tmp_path / "code")
    written(tmp_path / "log.csv", "time,source,target\n2026-01-05,ada@x.org,ben@x.org\n")
    log = na.load(tmp_path)
    assert set(log.card["kind"]) == {"git", "table"}
    assert len(log) == 5


def test_what_is_no_repository(tmp_path, monkeypatch):
    assert not git.recognises(tmp_path)
    assert not git.recognises(pd.DataFrame())
    run(tmp_path, "init", "-q")
    assert git.recognises(tmp_path)
    with pytest.raises(LoaderError, match="git cannot read this repository"):
        na.load(tmp_path)  # nothing was ever committed
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LoaderError, match="git is not installed"):
        na.load(tmp_path)
    linked = tmp_path / "linked"
    linked.mkdir()
    (linked / ".git").symlink_to(tmp_path / ".git")
    assert not git.recognises(linked)


def test_a_git_that_hangs_is_stopped(repository, tmp_path, monkeypatch):
    slow = written(tmp_path / "git", "#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(_gitlog, "SECONDS", 0.2)
    with pytest.raises(LoaderError, match="git took more than"):
        na.load(repository)


def history(*commits: tuple[str, int, str, str, tuple[str, ...]]) -> str:
    return "".join(
        f"\x1e{number:040x}\x1f{second}\x1f{author}\x1f{trailers}\x1f\n\n" + "\n".join(files) + "\n"
        for number, (author, second, trailers, files) in enumerate(commits)
    )


def test_pairs_of_one_file_are_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(git, "MOST_PAIRS", 5)
    commits = [
        (f"p{n % 7} <p{n % 7}@x.org>", 1_700_000_000 + n, "", ("CHANGES",)) for n in range(99)
    ]
    log = na.load(written(tmp_path / "log.txt", history(*commits)))
    assert len(log) == 5
    assert any("5 contacts at most" in note for note in log.notes)


def test_odd_commits_are_counted(tmp_path):
    text = history(
        (ADA, 1_700_000_000, "", ("a",)),
        (BEN, 1_700_000_000, "Co-authored-by: nobody\nReviewed-by:\n", ("a",)),
        ("", 1_700_000_000, "", ("a",)),
        (ADA, 999_999_999_999, "", ("a",)),
    )
    log = na.load(written(tmp_path / "log.txt", text + "\x1enothing\n"))
    assert counts(log) == {
        "kept": 1,
        "malformed record": 1,
        "nobody else in it, or in its files within days": 1,
        "nobody is named as the author": 1,
        "unreadable time": 1,
    }


# ---- Viva --------------------------------------------------------------------------------------

VIVA = (
    "\ufeffPrimaryCollaborator_PersonId,SecondaryCollaborator_PersonId,MetricDate,"
    "Diverse_tie_score,Strong_tie_score\np1,p2,01/04/2023,0.1,0.5\n"
)


def test_ties_without_a_day_are_no_log(tmp_path):
    file = written(tmp_path / "p2p.csv", VIVA)
    with pytest.raises(LoaderError, match="read it with load_network") as error:
        na.load(file)
    assert "\n" not in str(error.value)
    written(tmp_path / "log.csv", "time,source,target\n2026-01-05,a,b\n")
    card = na.load(tmp_path).card.set_index("file")["reason"]
    assert card["p2p.csv"].startswith("not read: ")
    assert not viva.recognises(tmp_path / "log.csv")


def test_the_real_meeting_query_is_counted_as_not_read():
    log = na.load(shared("data/formats/viva/mt_data.csv"))
    assert counts(log) == {"not read: a meeting query says nothing of who met whom": 612}
    assert "Focus time" not in everything(log)
    with pytest.raises(LoaderError, match="load_network"):
        na.load(shared("data/formats/viva/p2p_data.csv"))


# ---- surveys -----------------------------------------------------------------------------------

SURVEY = (
    "Respondent;Named person;Question;Weight;Date\n"
    "ada;ben;advice;3;2026-01-05\nada;ben;advice;2;2026-01-05\nada;ben;trust;1,5;\n"
    "ben;ada;advice;0;\nben;;advice;1;\nben;ben;advice;1;\nben;cy;advice;often;\ncy;ada;;;soon\n"
)


def test_a_survey_gives_relations(tmp_path):
    file = written(tmp_path / "survey.csv", SURVEY)
    assert survey.recognises(file)
    log = na.load(file)
    assert len(log) == 0
    rows = log.relations[["source", "target", "kind"]].to_numpy().tolist()
    assert rows == [["ada", "ben", "advice"], ["ada", "ben", "trust"], ["cy", "ada", "named"]]
    assert log.relations["since"].iloc[0] == pd.Timestamp("2026-01-05", tz="UTC")
    assert counts(log) == {
        "kept": 3,
        "repeat": 1,
        "a weight of 0 or less": 1,
        "no source or target": 1,
        "self-contact": 1,
        "unreadable weight": 1,
    }
    assert not survey.recognises(written(tmp_path / "log.csv", "time,source,target\n"))


# ---- workbooks ---------------------------------------------------------------------------------

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def cell(value, place: str) -> str:
    if value is None:
        return ""
    if isinstance(value, int | float):
        return f'<c r="{place}"><v>{value}</v></c>'
    text = value.replace("&", "&amp;").replace("<", "&lt;")
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def sheet(rows) -> str:
    lines = [
        f'<row r="{number}">'
        + "".join(cell(value, f"{chr(65 + at)}{number}") for at, value in enumerate(row))
        + "</row>"
        for number, row in enumerate(rows, 1)
    ]
    return f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(lines)}</sheetData></worksheet>'


def workbook(path, sheets: dict[str, str]):
    """Write a workbook by hand, so that no second library is needed and anything can be wrong."""
    names = list(enumerate(sheets, 1))
    tabs = "".join(f'<sheet name="{n}" sheetId="{i}" r:id="rId{i}"/>' for i, n in names)
    links = "".join(
        f'<Relationship Id="rId{i}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{i}.xml"/>'
        for i, _ in names
    )
    root = f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{PACKAGE}/content-types"/>')
        for name, inside in (("_rels/.rels", root), ("xl/_rels/workbook.xml.rels", links)):
            text = f'<Relationships xmlns="{PACKAGE}/relationships">{inside}</Relationships>'
            archive.writestr(name, text)
        book = f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{tabs}</sheets></workbook>'
        archive.writestr("xl/workbook.xml", book)
        for (i, _), text in zip(names, sheets.values(), strict=True):
            archive.writestr(f"xl/worksheets/sheet{i}.xml", text)
    return path


GOOD = {
    "mails": sheet(
        [
            ["Report"],
            [],
            ["Date", "From", "To", "Subject"],
            [46027.375, "ada", "ben; cy", "CANARY"],
            [46028, "ben", 7, "CANARY"],
            [None, "ben", "ada", "CANARY"],
        ]
    ),
    "staff": sheet([["E-mail", "Name", "Company"], ["ada", "Ada Berg", "Acme"], [None, "x", ""]]),
    "notes": sheet([["a", "b"], ["CANARY", 2]]),
    "empty": sheet([]),
}


def test_a_workbook(tmp_path):
    file = workbook(tmp_path / "book.xlsx", GOOD)
    log = na.load(file)
    assert pairs(log) == [("ada", "ben"), ("ada", "cy"), ("ben", "7")]
    assert log.to_frame()["time"].dt.strftime("%m-%d %H:%M").tolist()[::2] == [
        "01-05 09:00",
        "01-06 00:00",
    ]
    assert counts(log, "book.xlsx/mails") == {"kept": 2, "unreadable time": 1}
    assert counts(log, "book.xlsx/staff") == {"kept": 1, "no id": 1}
    assert list(counts(log, "book.xlsx/notes")) == [
        "not read: neither the columns of a log nor of people"
    ]
    assert list(counts(log, "book.xlsx/empty")) == ["not read: an empty sheet"]
    assert log.people.loc["ada", "organisation"] == "Acme"
    assert "CANARY" not in everything(log)


def test_a_workbook_asks_for_the_order_of_day_and_month(tmp_path):
    rows = [["date", "from", "to"], ["03/04/2026", "a", "b"]]
    file = workbook(tmp_path / "book.xlsx", {"log": sheet(rows)})
    with pytest.raises(LoaderError, match="--date-order"):
        na.load(file)
    assert na.load(file, date_order="dmy").to_frame()["time"].dt.month.tolist() == [4]


def test_a_workbook_of_nothing_is_an_error(tmp_path):
    file = workbook(tmp_path / "book.xlsx", {"notes": sheet([["a", "b"], [1, 2]])})
    with pytest.raises(LoaderError, match=r"no table in it is a log .*notes"):
        na.load(file)
    old = written(tmp_path / "old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    with pytest.raises(LoaderError, match=r"save it as \.xlsx"):
        na.load(old)
    for name in ("a.csv", "b.zip"):
        assert not excel.recognises(written(tmp_path / name, "PK, time\n"))
    assert not excel.recognises(tmp_path)
    assert not excel.recognises(pd.DataFrame())


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    bomb = workbook(tmp_path / "bomb.xlsx", {"log": sheet([]) + " " * 60_000_000})
    assert bomb.stat().st_size < 200_000
    with pytest.raises(LoaderError, match="unpacks to far more"):
        na.load(bomb)
    monkeypatch.setattr(_workbook, "MOST_BYTES", 1_000)
    with pytest.raises(LoaderError, match="unpacks to far more"):
        na.load(workbook(tmp_path / "book.xlsx", GOOD))


def test_a_workbook_that_lies_about_its_size_is_measured(tmp_path):
    file = workbook(tmp_path / "bomb.xlsx", {"log": sheet([]) + " " * 60_000_000})
    data = bytearray(file.read_bytes())
    with zipfile.ZipFile(file) as archive:
        info = archive.getinfo("xl/worksheets/sheet1.xml")
    for size in (info.file_size.to_bytes(4, "little"),):
        data = data.replace(size, (400).to_bytes(4, "little"))
    with pytest.raises(LoaderError, match="unpacks to far more"):
        na.load(written(file, bytes(data)))


@pytest.mark.parametrize(
    "far",
    [
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        "<row r='1048576'><c a='>' r='XFD1048576'><v>1</v></c></row>",
        '<x:row xmlns:x="y"><x:c r="XFD1048576"/></x:row>',
        f'<row><c {"a" * 3000}="" r="XFD1048576"/></row>',
    ],
)
def test_two_cells_far_apart_are_refused(tmp_path, far):
    text = sheet([["date", "from", "to"]]).replace("</sheetData>", far + "</sheetData>")
    with pytest.raises(LoaderError, match="17,179,869,184 cells"):
        na.load(workbook(tmp_path / "far.xlsx", {"log": text}))


def test_entities_in_a_workbook_are_not_expanded(tmp_path):
    lol = "".join(
        f'<!ENTITY l{n} "{"&l" + str(n - 1) + ";" if n else "ha"}{"x" * 9}">' for n in range(9)
    )
    rows = sheet([["date", "from", "to"], ["2026-01-05", "a", "b"]]).replace(">b<", ">&l8;<")
    file = workbook(tmp_path / "lol.xlsx", {"log": f"<!DOCTYPE x [{lol}]>{rows}"})
    try:
        log = na.load(file)
    except LoaderError:
        return
    assert "xxxx" not in everything(log)


# ---- databases ---------------------------------------------------------------------------------


def filled(path, *statements: str):
    path.unlink(missing_ok=True)
    with sqlite3.connect(path) as base:
        for statement in statements:
            base.execute(statement)
    base.close()
    return path


TABLES = (
    "CREATE TABLE mails (sent TEXT, sender, recipient, id, body)",
    "INSERT INTO mails VALUES ('2026-01-05 09:00', 'ada', 'ben; cy', 1, 'CANARY')",
    "INSERT INTO mails VALUES ('2026-01-06 09:00', 2.0, 7, NULL, x'00ff')",
    "INSERT INTO mails VALUES (NULL, 'a', 'b', NULL, NULL)",
    "CREATE TABLE calls (started INTEGER, caller TEXT, callee TEXT)",
    "CREATE VIEW by_call AS SELECT started AS time, caller, callee FROM calls",
    "INSERT INTO calls VALUES (1767603600, 'ada', 'dee')",
    "CREATE TABLE staff (email TEXT, name TEXT, is_bot TEXT)",
    "INSERT INTO staff VALUES ('ada', 'Ada Berg', 'maybe'), ('ada', 'x', 'no'), (NULL, 'y', '')",
    'CREATE TABLE "other ""table" (a, b)',
    'INSERT INTO "other ""table" VALUES (\'CANARY\', 2)',
)


def test_a_database(tmp_path):
    file = filled(tmp_path / "base ?#%20.db", *TABLES)
    before = file.read_bytes(), sorted(path.name for path in tmp_path.iterdir())
    log = na.load(file)
    assert sorted(pairs(log)) == [("2", "7"), ("ada", "ben"), ("ada", "cy"), ("ada", "dee")]
    name = file.name
    assert counts(log, f"{name}/mails") == {"kept": 2, "unreadable time": 1}
    assert counts(log, f"{name}/by_call") == {"kept": 1}
    assert counts(log, f"{name}/staff") == {
        "kept": 1,
        "no id": 1,
        "another row of the same person": 1,
    }
    unread = "not read: neither the columns of a log nor of people"
    assert counts(log, f'{name}/other "table') == counts(log, f"{name}/calls") == {unread: 1}
    assert "is_bot" not in log.people.columns
    assert "CANARY" not in everything(log)
    # Nothing was written, into the file or beside it.
    assert before == (file.read_bytes(), sorted(path.name for path in tmp_path.iterdir()))


def test_a_view_without_end_is_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(database, "VIEW_SECONDS", 0.3)
    endless = (
        "CREATE VIEW log AS WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r) "
        "SELECT i AS time, i AS source, i + 1 AS target FROM r"
    )
    log = na.load(filled(tmp_path / "a.db", *TABLES, endless))
    assert "works for more than" in next(iter(counts(log, "a.db/log")))
    monkeypatch.setattr(database, "VIEW_SECONDS", 60)
    monkeypatch.setattr(database, "MOST_VIEW_ROWS", 1_000)
    log = na.load(tmp_path / "a.db")
    assert "more than 1,000 rows" in next(iter(counts(log, "a.db/log")))


def test_what_waits_beside_a_database_is_named(tmp_path):
    file = filled(tmp_path / "a.db", *TABLES)
    written(tmp_path / "a.db-wal", b"x")
    log = na.load(file)
    assert "wait beside" in next(iter(counts(log, "a.db/a.db-wal")))


def test_what_is_no_database(tmp_path):
    assert not database.recognises(written(tmp_path / "a.db", "text"))
    assert not database.recognises(tmp_path)
    assert not database.recognises(pd.DataFrame())
    broken = written(tmp_path / "b.db", database.MAGIC + b"\xff" * 4_000)
    with pytest.raises(LoaderError, match="cannot be read as SQLite"):
        na.load(broken)
    with pytest.raises(LoaderError, match="no table in it"):
        na.load(filled(tmp_path / "c.db", "CREATE TABLE a (b)"))


def test_a_database_through_its_driver(tmp_path):
    pytest.importorskip("adbc_driver_sqlite")
    pytest.importorskip("pyarrow")
    file = filled(tmp_path / "a.db", *TABLES)
    query = "SELECT started AS time, caller AS source, callee AS target FROM calls"
    log = na.load(database.from_adbc("adbc_driver_sqlite", str(file), query))
    assert pairs(log) == [("ada", "dee")]
    with pytest.raises(LoaderError, match="the database cannot be read"):
        database.from_adbc("adbc_driver_sqlite", str(file), "SELEC")
    with pytest.raises(LoaderError, match="not installed"):
        database.from_adbc("adbc_driver_none", "", "")
    with pytest.raises(LoaderError, match="is no ADBC driver"):
        database.from_adbc("os", "", "")


# ---- tables of other libraries -----------------------------------------------------------------


def test_tables_of_other_libraries_are_read_like_pandas(tmp_path):
    polars = pytest.importorskip("polars")
    pytest.importorskip("pyarrow")
    import duckdb

    frame = pd.DataFrame(
        {
            "time": pd.to_datetime(["2026-01-05 09:00", "2026-01-06 10:30"]),
            "source": ["ada", "ben"],
            "target": ["ben;cy", "zoë"],
        }
    )
    expected = na.load(frame).to_frame()
    one = polars.from_pandas(frame)
    tables = (
        one,
        one.lazy(),
        one.to_arrow(),
        one.to_arrow().to_reader(),
        duckdb.from_df(frame),
        one.with_columns(polars.col("target").str.split(";")),
        one.with_columns(polars.col("source").cast(polars.Categorical)),
    )
    for table in tables:
        pd.testing.assert_frame_equal(na.load(table).to_frame(), expected)


def test_polars_without_pyarrow(monkeypatch):
    polars = pytest.importorskip("polars")
    table = polars.DataFrame({"time": ["2026-01-05"], "source": ["a"], "target": ["b"]})
    monkeypatch.setattr(polars.DataFrame, "to_pandas", _no_pyarrow)
    assert len(na.load(table)) == 1


def _no_pyarrow(*_args, **_options):
    raise ModuleNotFoundError("pyarrow")


@pytest.mark.parametrize("source", [5, None, object(), [], [5], [pd.DataFrame()], iter(())])
def test_what_is_neither_a_path_nor_a_table(source):
    with pytest.raises(LoaderError):
        na.load(source)


def test_a_query_that_fails_is_one_line():
    import duckdb

    with pytest.raises(LoaderError, match="cannot be taken as a table"):
        na.load(duckdb.sql("SELECT error('no') AS time, 1 AS source, 2 AS target FROM range(3)"))


def test_pandas_frames_and_paths_do_not_load_narwhals():
    code = (
        "import sys, pandas as pd, netanalytics as na\n"
        "na.load(pd.DataFrame({'time': ['2026-01-05'], 'source': ['a'], 'target': ['b']}))\n"
        "assert 'narwhals' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# ---- anything else -----------------------------------------------------------------------------

ENGINE = DuckDBEngine(threads=1)
HISTORY = history(
    (ADA, 1_700_000_000, f"Co-authored-by: {CY}\nReviewed-by: {BEN}\n", ("a", '"b\\303"')),
    (BEN, 1_700_090_000, f"Signed-off-by: {BOT}\n", ("a",)),
)


@pytest.fixture(scope="module")
def seeds(tmp_path_factory):
    folder = tmp_path_factory.mktemp("seeds")
    return {
        "git": [HISTORY.encode()],
        "viva": [VIVA.encode(), VIVA.replace("Primary", "X").encode()],
        "survey": [SURVEY.encode()],
        "excel": [workbook(folder / "a.xlsx", GOOD).read_bytes()],
        "sqlite": [filled(folder / "a.db", *TABLES).read_bytes()],
    }


KINDS = ("git", "viva", "survey", "excel", "sqlite")


def fuzz(folder, kind, data):
    file = written(folder / f"a.{kind}", data)
    try:
        read(kind, file, ENGINE)
    except (LoaderError, SchemaError) as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize("kind", KINDS)
def test_no_bytes_raise_anything_but_a_loader_error(tmp_path, seeds, kind):
    @settings(max_examples=100, deadline=None)
    @given(data=spoiled(*seeds[kind]))
    def body(data):
        fuzz(tmp_path, kind, data)

    body()


@pytest.mark.nightly
@pytest.mark.parametrize("kind", KINDS)
def test_no_bytes_raise_anything_but_a_loader_error_for_long(tmp_path, seeds, kind):
    @settings(max_examples=2_000, deadline=None)
    @given(data=spoiled(*seeds[kind]))
    def body(data):
        fuzz(tmp_path, kind, data)

    body()


def strange_sheets():
    """Sheets that are workbooks, with cells that are not what they should be."""
    values = st.one_of(
        st.none(),
        st.sampled_from(
            [46027, 46027.5, -1, 1e300, "2026-01-05", "31/12/2026", "a;b", "<x@y>", ""]
        ),
        st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=5),
    )
    head = st.lists(
        st.sampled_from(["time", "source", "target", "size", "email", "name", "is_bot", ""]),
        min_size=1,
        max_size=6,
    )
    return st.tuples(head, st.lists(st.lists(values, max_size=6), max_size=5))


@settings(max_examples=60, deadline=None)
@given(table=strange_sheets())
def test_strange_cells_end_well(tmp_path_factory, table):
    head, rows = table
    folder = tmp_path_factory.getbasetemp()
    try:
        read("excel", workbook(folder / "strange.xlsx", {"one": sheet([head, *rows])}), ENGINE)
    except (LoaderError, SchemaError) as error:
        assert "\n" not in str(error)


def test_options_reach_the_tables_inside(tmp_path):
    file = filled(tmp_path / "a.db", "CREATE TABLE a (x, y, z)", "INSERT INTO a VALUES (1, 2, 3)")
    mapping = {"time": "x", "source": "y", "target": "z"}
    assert read("sqlite", file, ENGINE, mapping=mapping) == 1
    assert excel._is_time("x", Options(mapping=mapping))
