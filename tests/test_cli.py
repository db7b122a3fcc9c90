"""The command line as a new user meets it: in a process of its own, in a pipe."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from rich.cells import cell_len

import netanalytics as na
from netanalytics.cli import cli
from netanalytics.cli.tables import not_kept, show_table
from netanalytics.report.render import cell

from .conftest import AS_OF, ROOT

OFFICE = str(ROOT / "data" / "office" / "interactions.csv")
PEOPLE = str(ROOT / "data" / "office" / "people.csv")
SAME = ["--people", PEOPLE, "--as-of", AS_OF]


def run(*arguments: str, **options) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "netanalytics", *arguments],
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
        **options,
    )


def fails(code: int, *arguments: str) -> str:
    """Return the one line of a failure, after checking that there is no more than that."""
    done = run(*arguments)
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    if code == 1:
        assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


@pytest.fixture(scope="module")
def net():
    return na.build_network(na.load(OFFICE), people=PEOPLE, as_of=AS_OF)


@pytest.fixture(scope="module")
def me(net):
    return str(na.check_ins(net)["person"].value_counts().index[0])


def test_a_pipe_gets_csv_and_nothing_else_on_stdout(net):
    done = run("measure", OFFICE, *SAME, "--metric", "constraint", "betweenness")
    assert done.returncode == 0
    assert done.stderr == ""
    frame = pd.read_csv(io.StringIO(done.stdout)).set_index("person")
    expected = na.measure(net, ["constraint", "betweenness"])
    pd.testing.assert_frame_equal(frame, expected, check_index_type=False, rtol=1e-12)


def test_json_has_rows_and_card_and_null_for_nan(net):
    done = run("measure", OFFICE, *SAME, "--metric", "ei_index", "--by", "department", "--json")
    whole = json.loads(done.stdout)
    assert set(whole) == {"rows", "card"}
    assert {"person", "ei_index_department"} == set(whole["rows"][0])
    values = na.measure(net, "ei_index", by="department")["ei_index_department"]
    assert (
        sum(row["ei_index_department"] is None for row in whole["rows"]) == values.isna().sum() > 0
    )
    read = pd.DataFrame(whole["card"])
    rows = len(Path(OFFICE).read_text(encoding="utf-8").splitlines()) - 1
    assert read.loc[read["unit"] == "row", "n"].sum() == rows


def test_me_gets_their_own_row(me):
    whole = json.loads(run("measure", OFFICE, *SAME, "--me", me, "--json").stdout)
    assert [row["person"] for row in whole["rows"]] == [me]
    ties = json.loads(run("measure-ties", OFFICE, *SAME, "--me", me, "--json").stdout)["rows"]
    assert ties
    assert all(me in (row["source"], row["target"]) for row in ties)


@pytest.mark.parametrize("command", ["introductions", "check-ins"])
def test_lists_of_people_need_somebody_to_be_for(command, me):
    assert "--me PERSON" in fails(2, command, OFFICE)
    rows = json.loads(run(command, OFFICE, *SAME, "--me", me, "--json", "-n", "3").stdout)["rows"]
    assert [row["rank"] for row in rows] == [1, 2, 3]
    assert {row["person"] for row in rows} == {me}
    everybody = run(command, OFFICE, *SAME, "--names")
    assert len(set(csv.reader(io.StringIO(everybody.stdout)).__next__())) >= 6


def test_inspect_shows_card_and_coverage():
    whole = json.loads(run("inspect", OFFICE, "--json").stdout)
    assert {"month", "channel", "contacts", "people"} == set(whole["rows"][0])
    assert {row["channel"] for row in whole["rows"]} == {"email", "meeting", "chat"}
    assert "kept" in {row["reason"] for row in whole["card"]}
    piped = run("inspect", OFFICE)
    assert piped.stdout.startswith("month,channel,contacts,people\n")
    assert piped.stderr.startswith(
        "interactions.csv: 55,346 rows kept\ninteractions.csv: 3 rows left out: repeat\n"
    )


def test_list_names_every_family():
    rows = json.loads(run("list", "--json").stdout)["rows"]
    assert {row["family"] for row in rows} == {"metric", "loader", "section"}
    assert all(row["read"] for row in rows)


def test_channel_and_options_of_a_file(tmp_path):
    file = tmp_path / "a.dat"
    file.write_text("1767603600 1 2\n1767690000 2 3\n", encoding="utf-8")
    done = run("measure", str(file), "--columns", "time,source,target", "--metric", "degree")
    assert done.stdout == "person,degree\n1,1\n2,2\n3,1\n"
    only = json.loads(run("inspect", OFFICE, "--channel", "chat", "--json").stdout)
    assert {row["channel"] for row in only["rows"]} == {"chat"}
    assert "did you mean chat" in fails(1, "inspect", OFFICE, "--channel", "chats")


BAD = {
    "a missing column": ("a.csv", b"time,source\n2026-01-01,a\n", [], "no column for 'target'"),
    "an unreadable date": ("a.csv", b"time,source,target\nsoon,a,b\n", [], "'soon'"),
    "an empty log": ("a.csv", b"time,source,target\n", [], "no contact"),
    "an empty file": ("a.csv", b"", [], "is empty"),
    "a binary file": ("a.csv", bytes(range(256)), [], "binary file"),
    "a log of one person": ("a.csv", b"time,source,target\n2026-01-01,a,a\n", [], "self-contact"),
    "nobody of that name": (
        "a.csv",
        b"time,source,target\n2026-01-01,ada,b\n",
        ["--me", "adda"],
        "did you mean ada",
    ),
    "a date that is none": (
        "a.csv",
        b"time,source,target\n2026-01-01,a,b\n",
        ["--as-of", "soon"],
        "as_of is 'soon'",
    ),
    "no people file": (
        "a.csv",
        b"time,source,target\n2026-01-01,a,b\n",
        ["--people", "none.csv"],
        "none.csv",
    ),
    "an unknown group column": (
        "a.csv",
        b"time,source,target\n2026-01-01,a,b\n",
        ["--by", "team"],
        "'team'",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_one_line_and_leaves_nothing(case, tmp_path):
    name, content, options, message = BAD[case]
    (tmp_path / name).write_bytes(content)
    line = fails(1, "report", str(tmp_path / name), *options, "--out", str(tmp_path / "out"))
    assert line.startswith("netanalytics: ")
    assert message in line
    assert not (tmp_path / "out").exists()


def test_missing_and_useless_places(tmp_path):
    assert "no such file" in fails(1, "report", str(tmp_path / "x"), "--out", str(tmp_path / "o"))
    (tmp_path / "photo.png").write_bytes(b"\x89PNG")
    line = fails(1, "report", str(tmp_path), "--out", str(tmp_path / "o"))
    assert "no file in this folder is of a known kind" in line
    (tmp_path / "taken").write_text("x", encoding="utf-8")
    line = fails(1, "report", OFFICE, "--out", str(tmp_path / "taken"))
    assert "cannot be written" in line


def test_a_useless_place_is_refused_before_anything_is_read(tmp_path):
    (tmp_path / "taken").write_text("x", encoding="utf-8")
    for command in ("report", "map"):
        line = fails(1, command, str(tmp_path / "no log.csv"), "--out", str(tmp_path / "taken/x"))
        assert "x: cannot be written (taken is a file)" in line


def test_what_takes_hours_is_said_before(monkeypatch):
    monkeypatch.setattr("netanalytics.cli.measures.MANY", 100)

    def said(*arguments: str) -> str:
        done = CliRunner().invoke(cli, [*arguments[:1], OFFICE, *SAME, *arguments[1:]])
        assert done.exit_code == 0, done.output
        return done.stderr

    both = ("--metric", "betweenness", "degree")
    assert "betweenness: the paths between all 293 people" in said("measure", *both)
    assert "--samples 256" in said("measure", *both)
    assert "take hours" not in said("measure", *both, "--samples", "20")
    assert "take hours" not in said("measure", "--metric", "degree")
    assert "edge_betweenness: the paths" in said("measure-ties", "--metric", "edge_betweenness")


def test_an_ambiguous_name_is_one_line(tmp_path):
    (tmp_path / "a.csv").write_text("time,source,target\n2026-01-01,a,b\n", encoding="utf-8")
    (tmp_path / "p.csv").write_text("person,name\na,Kim\nb,Kim\n", encoding="utf-8")
    options = ["--people", str(tmp_path / "p.csv"), "--me", "kim", "--out", str(tmp_path / "o")]
    assert "means 2 people (a, b)" in fails(1, "report", str(tmp_path / "a.csv"), *options)


def test_wrong_usage_is_2():
    assert "No such command" in fails(2, "reprot")
    assert "Missing option '--out'" in fails(2, "report", OFFICE)
    assert "target=recipient" in fails(2, "inspect", OFFICE, "--map", "target")
    twice = fails(2, "inspect", OFFICE, "--map", "target=a", "--map", "target =b")
    assert "'target' is named twice, as 'a' and 'b'" in twice


def test_every_command_has_examples_in_its_help():
    runner = CliRunner()
    for name in cli.commands:
        text = runner.invoke(cli, [name, "--help"]).output
        assert "Examples:" in text, name
        assert f"netanalytics {name}" in text, name
        assert "\\b" not in text, name


def test_help_shows_an_example_a_line():
    text = CliRunner().invoke(cli, ["--help"]).output
    assert "Examples:\n    netanalytics inspect mail.csv\n    netanalytics report" in text
    text = CliRunner().invoke(cli, ["identity", "why", "--help"]).output
    assert 'Examples:\n    netanalytics identity why "Ada Berg"' in text


def in_terminal(monkeypatch, capsys, frame: pd.DataFrame, width: int = 80) -> str:
    monkeypatch.setenv("COLUMNS", str(width))
    show_table(frame)
    return capsys.readouterr().out


def test_a_table_wider_than_the_terminal_is_divided_and_loses_nothing(monkeypatch, capsys):
    names = [f"measure_number_{place}" for place in range(12)]
    frame = pd.DataFrame({name: [place + 0.125] for place, name in enumerate(names)})
    frame.insert(0, "person", "somebody.with.a.name@x.org")
    text = in_terminal(monkeypatch, capsys, frame)
    assert "…" not in text
    assert max(map(len, text.splitlines())) <= 80
    assert all(name in text for name in names)
    assert all(f"{place}.125" in text for place in range(12))
    parts = text.count("│ somebody.with.a.name@x.org │")
    assert parts == text.count("┃ person ") > 1


@pytest.mark.parametrize(
    "who",
    [
        {"day": "2026-07-01", "week": 1, "contact": "ida.rossi"},
        {"model": "half_life_180"},
        {"rank": 1, "person": "ada@x.org"},
    ],
)
def test_every_part_of_a_divided_table_says_whose_row_it_is(monkeypatch, capsys, who):
    values = {f"a_rather_long_name_{place}": [0.125] for place in range(6)}
    frame = pd.DataFrame({name: [value] for name, value in who.items()} | values)
    text = in_terminal(monkeypatch, capsys, frame)
    assert text.count("┏") > 1
    assert text.count(f"{list(who.values())[-1]} ") == text.count("┏━")  # whole, in each part


def test_a_table_that_fits_is_one_table(monkeypatch, capsys):
    frame = pd.DataFrame({"person": ["ada"], "because": ["They have met on many days. " * 9]})
    assert in_terminal(monkeypatch, capsys, frame).count("┏") == 1


def test_long_cells_of_a_table_without_persons_take_more_lines(monkeypatch, capsys):
    frame = pd.DataFrame({"file": ["a/" * 60], "reason": ["not read " * 9], "n": [123456]})
    text = in_terminal(monkeypatch, capsys, frame)
    assert text.count("┏") == 1
    assert "123456" in text
    assert "…" not in text


LONG_IDS = (
    "juergen.mueller@firma.example",
    "anastasia.konstantinopoulou@firma.example",
    "田中太郎・山田花子@会社.example",
)
BECAUSE = (
    "Contact on 21 days, usually about every 4 weeks; none seen for 111 days (longest pause "
    "before: 47 days)."
)


def wide(**who) -> pd.DataFrame:
    values = {"silence": [2.362, 3.5, 41.125], "via": LONG_IDS[::-1], "because": [BECAUSE] * 3}
    return pd.DataFrame(who | values)


def letters(text: str) -> Counter[str]:
    return Counter("".join(text.split()))


@pytest.mark.parametrize("width", [40, 60, 80])
@pytest.mark.parametrize(
    "frame",
    [
        wide(rank=[1, 2, 3], person=LONG_IDS, contact=LONG_IDS[::-1]),
        wide(rank=[1, 2, 3], week=["2026-06-01"] * 3, person=LONG_IDS, contact=LONG_IDS),
        wide(rank=[1, 2, 3], person="maximiliane.oberhuber@firma.example", target=LONG_IDS),
        wide(file=["a/" * 30] * 3, reason=["not read " * 5] * 3, n=[123456, 2, 3]),
        pd.DataFrame({f"measure_{place}": [place + 0.125] for place in range(15)}),
    ],
    ids=["names", "plan", "me", "card", "many"],
)
def test_no_sign_is_cut_off_on_a_narrow_terminal(monkeypatch, capsys, frame, width):
    text = in_terminal(monkeypatch, capsys, frame, width)
    assert "…" not in text
    assert max(map(cell_len, text.splitlines())) <= width
    assert all(
        line[0] + line[-1] in ("┏┓", "┃┃", "┡┩", "││", "└┘")
        for line in text.splitlines()
        if not line.startswith(("person: ", "maximiliane"))
    )
    shown = letters(re.sub("[┏━┳┓┃┡╇┩│└─┴┘]", "", text))
    # Columns that say whose row it is stand in each part; a person whose rows all are stands once.
    columns = [c for c in frame if c != "person" or frame["person"].nunique() > 1]
    values = letters("".join(cell(v) for c in columns for v in frame[c]) + "".join(columns))
    assert not values - shown


def test_a_person_whose_rows_all_are_is_said_once_where_there_is_no_room(monkeypatch, capsys):
    me = "maximiliane.oberhuber@firma.example"
    frame = wide(rank=[1, 2, 3], person=me, target=LONG_IDS)
    text = in_terminal(monkeypatch, capsys, frame)
    assert text.startswith(f"person: {me}\n")
    assert text.count("maximiliane") == 1
    assert me in in_terminal(monkeypatch, capsys, frame, 250).splitlines()[3]


def log_file(tmp_path, text="time,source,target\n2026-01-01,ada,ben\n"):
    file = tmp_path / "a.csv"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_what_is_not_known_says_what_there_is(tmp_path):
    file = log_file(tmp_path)
    assert "no channel is called 'mail' (there are: contact)" in fails(
        1, "inspect", file, "--channel", "mail"
    )
    assert "(there are: attendance, calendar, " in fails(1, "inspect", file, "--kind", "csv")
    assert "(there are: addresses, is_bot)" in fails(
        1, "measure", file, "--metric", "ei_index", "--by", "team"
    )
    assert "did you mean ada?" in fails(1, "measure", file, "--me", "Adda")
    told = fails(1, "measure", file, "--metric", "stage")
    assert "netanalytics measure-ties --metric stage" in told
    assert "--by" in fails(1, "measure", file, "--metric", "ei_index")


def test_people_without_contacts_say_what_is_missing(tmp_path):
    cards = tmp_path / "a.vcf"
    cards.write_text("BEGIN:VCARD\nVERSION:3.0\nFN:Ben\nEMAIL:b@x.org\nEND:VCARD\n", "utf-8")
    told = fails(1, "inspect", str(cards))
    assert "(1 card kept): it tells of people, not who met or wrote when; name a log" in told
    told = fails(1, "measure", log_file(tmp_path), "--people", str(cards))
    assert "a.vcf is no table but contact cards" in told
    told = fails(1, "inspect", log_file(tmp_path, "date,from,to\n2026-01-05\n"))
    assert "(0 rows kept, 1 row left out: malformed row)" in told


def test_what_was_left_out_is_counted_by_unit():
    card = pd.DataFrame(
        [
            ("mail", "kept", 9),
            ("mail", "repeat", 6),
            ("contact", "kept", 90),
            ("contact", "repeat", 6),
            ("file", "read for a name", 1),
        ],
        columns=["unit", "reason", "n"],
    )
    assert not_kept(card) == ["6 of 15 mails were not kept: see the card"]


def test_a_file_that_could_not_be_read_is_told_by_every_command(tmp_path):
    log_file(tmp_path)
    (tmp_path / "b.csv").write_text("date,from,to\n03/04/2026,a,b\n", encoding="utf-8")
    done = run("measure", str(tmp_path), "--metric", "degree")
    assert done.stdout == "person,degree\nada,1\nben,1\n"
    assert done.stderr.startswith("note: not read: b.csv: column 'date' leaves open whether day")
    assert done.stderr.count("\n") == 1


def test_a_doubtful_end_is_told_by_every_command(tmp_path):
    rows = "".join(f"2026-01-{day:02},ada,ben\n" for day in range(1, 29))
    file = log_file(tmp_path, f"time,source,target\n{rows}2062-01-05,ben,ada\n")
    for command in (("measure", file, "--metric", "degree"), ("inspect", file)):
        told = run(*command).stderr
        assert "note: the last contact, of 2062-01-05, is more than a year after" in told
    assert run("measure", file, "--metric", "degree", "--as-of", "2026-01-31").stderr == ""


def test_no_row_is_said_in_one_line(tmp_path):
    done = run("check-ins", log_file(tmp_path), "--me", "ada")
    assert done.stdout.startswith("rank,person,")
    assert done.stderr == (
        "note: no rows: no tie with enough history to judge has broken its own rhythm\n"
    )


def test_a_reader_that_stops_reading_is_no_error():
    done = subprocess.run(
        f'"{sys.executable}" -m netanalytics measure "{OFFICE}" | head -n 1',
        shell=True,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout.startswith("person,")
    assert "Traceback" not in done.stderr


def test_output_is_utf8_in_any_locale(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("time,source,target\n2026-01-01,zoë,børge\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "netanalytics", "measure", str(file), "--metric", "degree"],
        capture_output=True,
        check=True,
        env={**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"},
    )
    assert "zoë,1" in done.stdout.decode("utf-8")


def test_importing_and_help_load_nothing_heavy():
    heavy = {"matplotlib", "pyvis", "igraph", "networkx", "duckdb", "pandas", "scipy", "jinja2"}
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", "import netanalytics, netanalytics.cli"],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    loaded = {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in done.stderr.splitlines()}
    assert not heavy & loaded
    assert "click" in loaded
