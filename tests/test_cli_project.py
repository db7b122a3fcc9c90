"""Commands without arguments, init and note, as a user meets them."""

from __future__ import annotations

import datetime as dt
import json
import os
import pickle
import pty
import subprocess
import sys
import tomllib
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

import netanalytics as na
from netanalytics.cli import cli, main
from netanalytics.cli import project as project_commands

from .test_project import MAIL, PEOPLE

CANARY = "zxq-private-canary"


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder with a project, and the present folder."""
    (tmp_path / "mail.csv").write_text(MAIL, encoding="utf-8")
    (tmp_path / "people.csv").write_text(
        PEOPLE + "b2@z.org,Ben Cho\nben@home.example,Benno Berg\n", encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    run("init", ".", "--me", "Ada Berg")
    return tmp_path


def run(*arguments: str, code: int = 0) -> str:
    """Run a command in this process; return what it prints, or its one line of failure."""
    runner = CliRunner()
    with runner.isolation() as (out, err, _):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
            sys.exit(0)
        texts = out.getvalue().decode(), err.getvalue().decode()
    assert (ended.value.code or 0) == code, texts
    return texts[1] if code else texts[0]


def everything(folder) -> bytes:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return b"".join(path.name.encode() + path.read_bytes() for path in files)


def test_every_command_needs_no_arguments(place):
    assert run("measure", "--metric", "degree").count("\n") == 7
    assert run("measure-ties", "--metric", "silence").startswith("source,target,silence")
    assert run("inspect").startswith("month,channel,contacts,people")
    for name in ("check-ins", "introductions", "moves", "follow-ups"):
        assert run(name).split(",")[0] in ("rank", "person")
    assert run("plan").startswith("day,week,contact,kind")
    assert run("return-probability").startswith("source,target,probability,low,high,fit")
    run("map")
    assert (place / "report" / "map.html").is_file()


def test_groups_of_the_project_are_used_where_a_measure_takes_them(place):
    file = place / "netanalytics.toml"
    text = file.read_text(encoding="utf-8").replace('# by = "department"', 'by = "team"')
    file.write_text(text, encoding="utf-8")
    people = "person,name,team\nada@x.org,Ada Berg,A\nben@x.org,Ben Cho,B\n"
    (place / "people.csv").write_text(people, encoding="utf-8")
    assert run("measure", "--metric", "degree").startswith("person,degree\n")
    assert run("measure", "--metric", "ei_index_team").startswith("person,ei_index_team\n")
    assert run("measure", "--metric", "degree", "ei_index").startswith(
        "person,degree,ei_index_team\n"
    )
    assert "ei_index_team" in run("measure").splitlines()[0]
    refused = run("measure", "--metric", "degree", "--by", "team", code=1)
    assert "none of degree is taken over a people column" in refused


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("staff.csv", "person,team,since\ncy@y.org,Oak,2025\ndr@clinic.example,Elm,2025\n"
         "ben@x.org,Oak,soon\nada@x.org,Elm,soon\n",
         "table 'directory' (staff.csv): column 'since' is no day in rows 3, 4"),
        ("staff.csv", "team,since\nOak,2025-01-01\n",
         "table 'directory' (staff.csv): column 'person' is missing"),
        ("people.csv", "person,name\ndr@clinic.example,Dr\nada@x.org,Ada\nada@x.org,Ada\n",
         "table 'people' (people.csv): column 'person' repeats ada@x.org in row 3"),
        ("people.csv", "person,team,since\nada@x.org,Oak,soon\n",
         "table 'people' (people.csv): column 'since' is no day in row 1"),
        ("people.csv", "name,team\nAda,Oak\n", "table 'people' (people.csv): column 'person' is"),
        ("rel.csv", "source,target,kind\nada@x.org,cy@y.org,peer\nada@x.org,,peer\n",
         "table 'relations' (rel.csv): column 'target' is empty in row 2"),
    ],
)  # fmt: skip
def test_a_table_that_is_wrong_is_named_with_its_file_and_rows(place, name, text, message):
    more = 'do_not_map = ["dr@clinic.example"]\n'
    if name != "people.csv":
        key = 'directories = ["staff.csv"]' if name == "staff.csv" else 'relations = "rel.csv"'
        more += f"{key}\n"
    file = place / "netanalytics.toml"
    file.write_text(more + file.read_text(encoding="utf-8"), encoding="utf-8")
    (place / name).write_text(text, encoding="utf-8")
    for command in ("measure", "moves"):
        told = run(command, code=1)
        assert told.startswith(f"netanalytics: {message}")
        assert told.count("\n") == 1
        assert "clinic" not in told


def test_wishes_and_journal_of_the_project_rule_the_plan_and_the_check_ins(place):
    with (place / "netanalytics.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[wishes]]\nperson = "cy@y.org"\nevery = "1 day"\n')
    day = run("plan", "--as-of", "2026-07-20", "--json")
    assert '"contact": "cy@y.org"' in day
    assert '"kind": "wish"' in day
    assert "cy@y.org" in run("check-ins", "--as-of", "2026-07-20")
    run("note", "snooze cy@y.org until 2026-12-31", "--date", "2026-07-19")
    for name in ("plan", "check-ins"):
        assert "cy@y.org" not in run(name, "--as-of", "2026-07-20")
        assert "cy@y.org" in run(name, "--as-of", "2027-01-02")
    run("note", "done cy@y.org", "--date", "2027-01-02")
    assert "cy@y.org" not in run("check-ins", "--as-of", "2027-01-02")
    assert "2027-01-03" in run("plan", "--as-of", "2027-01-02")


def test_a_note_ahead_of_today_is_told_what_it_does(place):
    done = CliRunner().invoke(cli, ["note", "coffee cy@y.org", "--date", "9998-01-02"])
    assert "note: 9998-01-02 is still to come" in done.stderr
    done = CliRunner().invoke(cli, ["note", "coffee cy@y.org", "--date", "2026-01-02"])
    assert done.stderr == ""


def test_what_is_said_outranks_the_file_and_a_source_of_its_own_the_project(place):
    assert "3" in run("measure", "--metric", "degree", "--me", "ada@x.org")
    (place / "own.csv").write_text("time,source,target\n2026-01-05,x,y\n", encoding="utf-8")
    alone = "person,degree\nx,1\ny,1\n"
    assert run("measure", "own.csv", "--no-project", "--metric", "degree") == alone
    # The sources are others; who people are still holds.
    assert run("measure", "own.csv", "--metric", "degree").splitlines()[-2:] == ["x,1", "y,1"]
    assert "ada@x.org,0" in run("measure", "own.csv", "--metric", "degree")
    assert "Missing option '--out'" in run("report", "own.csv", code=2)
    inside = place / "deep"
    inside.mkdir()
    os.chdir(inside)
    assert run("measure", "--metric", "degree").count("\n") == 7


def test_whom_not_to_map_is_never_forgotten(place, tmp_path_factory, monkeypatch):
    file = place / "netanalytics.toml"
    file.write_text(f'do_not_map = ["ben@x.org"]\n{file.read_text(encoding="utf-8")}', "utf-8")
    row = "2026-01-05,ben+news@x.org,cy@y.org\n2026-01-05,ada@x.org,cy@y.org\n"
    (place / "own.csv").write_text(f"time,source,target\n{row}", encoding="utf-8")
    named = ("own.csv", str(place / "own.csv"))
    for source, folder in zip(named, (place, tmp_path_factory.mktemp("other")), strict=True):
        monkeypatch.chdir(folder)
        for command in (["measure"], ["measure-ties"], ["inspect"], ["identity", "people"]):
            told = run(*command, source, "--json")
            assert "ben" not in told.replace("ben@home.example", "").replace("Benno", "")
            assert "cy@y.org" in told or command == ["inspect"]
        assert "ben+news@x.org" in run("measure", source, "--no-project")


def test_who_is_who_is_one_in_every_command_once_decided(place):
    mail = (place / "mail.csv").read_text(encoding="utf-8")
    (place / "mail.csv").write_text(
        mail + "2026-03-09,info@y.org,ada@x.org\n2026-03-09,ada.berg@z.org,cy@y.org\n", "utf-8"
    )
    before = [run(name) for name in ("measure", "measure-ties", "inspect", "check-ins")]
    assert "info@y.org" not in before[0] + before[1]
    assert "info@y.org" in run("identity", "people")
    assert "ada.berg@z.org" in before[0]
    offered = run("identity", "suggest")
    assert "ada.berg@z.org,ada@x.org" in offered
    run("identity", "apply", "--at-least", "0.01")
    assert (place / "decisions.txt").is_file()
    after = [run(name) for name in ("measure", "measure-ties")]
    assert "ada.berg@z.org" not in after[0] + after[1]
    assert "decided in line" in run("identity", "why", "Ada Berg")
    os.chdir(place.parent)
    assert "ada.berg@z.org" not in run("measure", str(place))
    os.chdir(place)
    run("identity", "undo")
    assert [run(name) for name in ("measure", "measure-ties", "inspect", "check-ins")] == before


def told_with(place, do_not_map: str, *arguments: str) -> str:
    """Return what a command tells of a list of whom not to map."""
    file = place / "netanalytics.toml"
    text = "\n".join(
        line for line in file.read_text(encoding="utf-8").splitlines() if "do_not_map" not in line
    )
    file.write_text(f"do_not_map = [{do_not_map}]\n{text}\n", encoding="utf-8")
    done = CliRunner().invoke(cli, list(arguments))
    assert done.exit_code == 0, done.output
    assert "do_not_map" not in done.stdout
    lines = done.stderr.splitlines(keepends=True)
    return "".join(line for line in lines if "do_not_map" in line or "more" in line)


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("cyy@y.org", "'cyy@y.org' meets nobody; did you mean cy@y.org?"),
        ("cy", "'cy' meets nobody; did you mean Cy Eze or cy@y.org?"),
        ("@cilnic.example", "'@cilnic.example' meets nobody; did you mean @clinic.example?"),
        ("clinic.example", "'clinic.example' meets nobody; a domain needs an @: '@clinic.example'"),
        ("Zoe Quist", "'Zoe Quist' meets nobody"),
        ("zoe@x.org", "'zoe@x.org' meets nobody"),  # a domain alone makes nobody look like another
        ("bne@x.org", "'bne@x.org' meets nobody; did you mean ben@x.org?"),
        ("ben@x.rog", "'ben@x.rog' meets nobody; did you mean ben@x.org?"),
    ],
)
def test_an_entry_of_whom_not_to_map_that_meets_nobody_is_told(place, entry, told):
    for command in (["measure"], ["inspect", "--json"], ["identity", "people"]):
        assert told_with(place, f'"{entry}"', *command) == f"note: do_not_map: {told}\n"
    # One file says nothing of whom the others hold.
    (place / "own.csv").write_text("time,source,target\n2026-01-05,x,y\n", encoding="utf-8")
    assert told_with(place, f'"{entry}"', "measure", "own.csv") == ""


@pytest.mark.parametrize(
    "entry",
    ["CY@y.org", "Cy Eze", "cy+news@y.org", "@y.org", "@z.org", "b2@z.org", "second@z.org",
     "third@z.org", "fourth@z.org"],
)  # fmt: skip
def test_an_entry_that_meets_somebody_in_whatever_table_says_nothing(place, entry):
    (place / "decisions.txt").write_text("same: second@z.org = cy@y.org\n", encoding="utf-8")
    (place / "staff.csv").write_text("person,team,since\nthird@z.org,Oak,2025-01-01\n", "utf-8")
    (place / "rel.csv").write_text("source,target,kind\nfourth@z.org,ada@x.org,peer\n", "utf-8")
    file = place / "netanalytics.toml"
    more = 'directories = ["staff.csv"]\nrelations = "rel.csv"\n'
    file.write_text(more + file.read_text(encoding="utf-8"), encoding="utf-8")
    assert told_with(place, f'"{entry}"', "measure") == ""


def test_who_is_left_out_is_not_named_as_what_an_entry_may_mean(place):
    told = told_with(
        place, '"cyy@y.org", "cy@y.org", "eze", "dr@clinic.exampel", "@example"', "report"
    )
    assert told.splitlines()[:3] == [
        "note: do_not_map: 'cyy@y.org' meets nobody",
        "note: do_not_map: 'eze' meets nobody",
        "note: do_not_map: 'dr@clinic.exampel' meets nobody",
    ]
    assert b"do_not_map" not in everything(place / "report")
    many = ", ".join(f'"nobody{place}"' for place in range(9))
    assert told_with(place, many, "measure").endswith(
        "'nobody4' meets nobody\nnote: and 4 entries more\n"
    )


HIDDEN = ("zzhidden", "qqname", "xxclinic")


def test_who_is_left_out_appears_in_no_output_at_all(tmp_path, monkeypatch):
    """Over report, group page, map, tables, a saved network, cards, whatever names them."""
    office = na.datasets.office(seed=3)
    files = office.interactions.assign(event=None, reply_to=None).head(1_200)
    who = files["source"].iloc[0]
    rows = files.replace({"source": {who: "zzhidden@x.org"}, "target": {who: "zzhidden@x.org"}})
    rows.loc[rows.index[::40], "target"] = "dr@xxclinic.example"
    rows = rows[rows["source"] != rows["target"]]
    people = office.people.replace({"person": {who: "zzhidden@x.org"}})
    people.loc[people["person"] == "zzhidden@x.org", "name"] = "Qqname Person"
    people["manager"] = "zzhidden@x.org"
    me = files["target"].iloc[3]
    rows.to_csv(tmp_path / "zzhidden@x.org.csv", index=False)
    people.to_csv(tmp_path / "people.csv", index=False)
    entries = {"person": ["zzhidden@x.org", me], "team": "Oak", "since": ["2025-01-01"] * 2}
    pd.DataFrame(entries).to_csv(tmp_path / "staff.csv", index=False)
    (tmp_path / "relations.csv").write_text(
        f"source,target,kind\nzzhidden+a@x.org,{me},mentor\n{me},Qqname Person,peer\n", "utf-8"
    )
    (tmp_path / "decisions.txt").write_text("same: zzhidden@x.org = zzhidden2@y.org\n", "utf-8")
    (tmp_path / "journal.csv").write_text(
        f"# journal of {me}\ndate,person,kind,words\n2026-01-05,zzhidden2@y.org,coffee,\n", "utf-8"
    )
    (tmp_path / "netanalytics.toml").write_text(
        f'me = "{me}"\npeople = "people.csv"\nrelations = "relations.csv"\n'
        'directories = ["staff.csv"]\ndo_not_map = ["Qqname Person", "@xxclinic.example"]\n'
        '[[wishes]]\nperson = "zzhidden@x.org"\nevery = "6 weeks"\n'
        '[[sources]]\npath = "zzhidden@x.org.csv"\nkind = "table"\n',
        encoding="utf-8",
    )
    monkeypatch.chdir(tmp_path)
    commands = [
        ["report"], ["report", "--group"], ["report", "--names", "--out", "all"], ["measure"],
        ["measure-ties"], ["inspect", "--json"], ["check-ins", "--names"], ["moves", "--names"],
        ["identity", "people", "--json"], ["identity", "suggest"], ["note"],
    ]  # fmt: skip
    shown = run("measure", "zzhidden@x.org.csv", "--no-project", "--metric", "degree")
    assert "zzhidden@x.org," in shown
    assert "dr@xxclinic.example," in shown
    told = b"".join(run(*command).encode() for command in commands)
    pages = [everything(tmp_path / folder) for folder in ("report", "all")]
    net = na.open_project(tmp_path).network()
    na.save_network(net, tmp_path / "saved.graphml")
    whole = b"".join([told, *pages, (tmp_path / "saved.graphml").read_bytes(), pickle.dumps(net)])
    assert me.encode() in whole
    assert [word for word in HIDDEN if word.encode() in whole.lower()] == []
    assert (tmp_path / "report" / "group" / "index.html").is_file()


def test_a_decided_second_address_of_somebody_left_out_is_left_out(place):
    file = place / "netanalytics.toml"
    file.write_text(f'do_not_map = ["cy@y.org"]\n{file.read_text(encoding="utf-8")}', "utf-8")
    assert "ben@home.example" in run("measure")
    (place / "decisions.txt").write_text("same: ben@home.example = cy@y.org\n", encoding="utf-8")
    told = [run(name, "--json") for name in ("measure", "measure-ties", "inspect", "moves")]
    told.append(run("identity", "people"))
    assert not any(text in "".join(told) for text in ("ben@home", "cy@y", "Benno", "Cy Eze"))


def test_a_file_of_decisions_that_is_named_must_be_there(place):
    assert "there is no such file" in run("measure", "--decisions", "typo.txt", code=1)


def test_no_source_and_no_project_is_wrong_usage(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "Missing argument 'SOURCE...'" in run("measure", code=2)
    assert "(netanalytics init FOLDER makes one)" in run("note", "coffee ben", code=1)
    assert "no export to read" in run("init", code=1)


def test_one_note_moves_the_last_contact_and_removing_it_restores_every_byte(place):
    # The mails end on 19 March: a note alone does not move the end of observation.
    on = ("--as-of", "2026-03-31")
    run("report", "--out", "one", *on)
    before = everything(place / "one")
    assert run("note", f"coffee cy@y.org {CANARY} and more", "--date", "2026-03-25")
    journal = place / "journal.csv"
    assert journal.read_text(encoding="utf-8") == (
        "# journal of ada@x.org\ndate,person,kind,words\n"
        f"2026-03-25,cy@y.org,coffee,{CANARY} and more\n"
    )
    run("report", "--out", "one", *on)
    run("report", "--out", "all", "--names", *on)
    after = everything(place / "one")
    assert b"2026-03-25" in after or b"25 March" in after
    for folder in ("one", "all"):
        assert CANARY.encode() not in everything(place / folder)
    printed = [run("measure"), run("inspect", "--json"), run("check-ins", "--json"), run("moves")]
    assert not any(CANARY in text for text in printed)
    assert CANARY in run("note")
    journal.write_text("# journal of ada@x.org\ndate,person,kind,words\n", encoding="utf-8")
    run("report", "--out", "empty", *on)
    journal.unlink()
    run("report", "--out", "one", *on)
    assert everything(place / "one") == before


def test_an_ambiguous_name_asks_and_never_guesses(place, monkeypatch):
    line = run("note", "coffee Ben Cho", code=1)
    assert "'Ben Cho' may mean" in line
    assert "ben@x.org" in line
    assert "b2@z.org" in line
    assert line.count("\n") == 1
    assert "may mean cy@y.org" in run("note", "coffee Cy", code=1)  # one bearer of a first name
    assert not (place / "journal.csv").exists()
    monkeypatch.setattr(project_commands, "_asks", lambda: True)
    done = CliRunner().invoke(cli, ["note", "lunch Ben Cho"], input="2\n")
    assert done.exit_code == 0, done.output
    assert ",ben@x.org,lunch," in (place / "journal.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "person", "kind", "words"),
    [
        ("thanked Cy Eze", "cy@y.org", "thanked", ""),
        ("Helped: cy@y.org: with the move", "cy@y.org", "helped", "with the move"),
        ("asked CY@y.org for advice", "cy@y.org", "asked", "for advice"),
        ("declined Benno Berg", "ben@home.example", "declined", ""),
        ("done dr@clinic.example", "dr@clinic.example", "done", ""),
    ],
)
def test_kind_person_and_private_words(place, text, person, kind, words):
    run("note", text)
    last = (place / "journal.csv").read_text(encoding="utf-8").splitlines()[-1]
    assert last == f"{dt.date.today().isoformat()},{person},{kind},{words}"


def test_notes_that_cannot_be_taken_are_one_line(place):
    assert "nobody is called 'zed'" in run("note", "coffee zed", code=1)
    assert run("note", "coffee zed at lunch", "--new")
    assert "say with whom" in run("note", "coffee", code=1)
    assert "date is 'soon'" in run("note", "coffee cy@y.org", "--date", "soon", code=1)
    (place / "netanalytics.toml").write_text('[[sources]]\npath = "mail.csv"\n', encoding="utf-8")
    assert "the journal has no owner" in run("note", "coffee cy@y.org", code=1)


@pytest.mark.parametrize(
    ("text", "person", "words"),
    [
        ("lunch Brandneue Person", "Brandneue Person", ""),
        ('lunch "Brandneue Person"', "Brandneue Person", ""),
        ("lunch 'Ludwig van Beek': at the Fair", "Ludwig van Beek", "at the Fair"),
        ("lunch „Eva Noll“ sagt „ja“", "Eva Noll", "sagt „ja“"),
        ("lunch Brandneue Person: Berlin", "Brandneue Person", "Berlin"),
        ("lunch Brandneue Person on Berlin", "Brandneue Person", "on Berlin"),
        ("lunch new@x.org Berlin trip", "new@x.org", "Berlin trip"),
        ('lunch "\'t Hooft" Berlin', "'t Hooft", "Berlin"),
        ('lunch "Cy Eze" on "this"', "cy@y.org", 'on "this"'),
        ("lunch Cy Eze Berlin", "cy@y.org", "Berlin"),
    ],
)
def test_the_name_of_somebody_new_is_whole(place, text, person, words):
    run("note", text, "--new", "--date", "2026-03-25")
    entry = na.open_project(place).entries()[-1]
    assert (entry.person, entry.kind, entry.words) == (person, "lunch", words)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("coffee Gustaf Geber", "nobody is called 'Gustaf Geber' in the sources: give"),
        (
            "coffee Ceye Eze about it",
            "called 'Ceye Eze' in the sources; did you mean Cy Eze? (give",
        ),
        ("coffee Benno Quist", "'Benno Quist' in the sources; did you mean Benno Berg? (give"),
        (
            "coffee 'Cy Ezze' about it",
            "called 'Cy Ezze' in the sources; did you mean Cy Eze? (give",
        ),
        ("coffee Eze Cy", "'Eze Cy' may mean cy@y.org (Cy Eze): give the id"),
        ('coffee "" about it', "there is no name between the quotes"),
        ("coffee Ada Berg", "ada@x.org is you: a note is about somebody else"),
    ],
)
def test_an_unknown_name_is_said_whole_with_who_comes_near(place, text, message):
    line = run("note", text, code=1)
    assert message in line
    assert line.count("\n") == 1
    assert not (place / "journal.csv").exists()


def test_on_a_terminal_init_asks_whether_each_export_may_be_used(tmp_path):
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text(MAIL, encoding="utf-8")
    ours, theirs = pty.openpty()
    os.write(ours, b"ada@x.org\ny\nn\n")
    done = subprocess.run(
        [sys.executable, "-m", "netanalytics", "init", str(tmp_path)],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=theirs,
        check=True,
        timeout=120,
    )
    os.close(theirs)
    asked = os.read(ours, 10_000).decode()
    os.close(ours)
    assert "May a.csv (table) be used?" in asked
    told = tomllib.loads((tmp_path / "netanalytics.toml").read_text(encoding="utf-8"))
    assert told["me"] == "ada@x.org"
    assert [one["may_use"] for one in told["sources"]] == ["yes", "no"]
    assert done.stdout.decode().strip().endswith("netanalytics.toml")


def test_init_tells_what_it_passes_over_and_why(tmp_path):
    (tmp_path / "mail.csv").write_text(MAIL, encoding="utf-8")
    (tmp_path / "photo.png").write_bytes(b"\x89PNG")
    (tmp_path / "sums.csv").write_text("month,sum\n2026-01,3\n", encoding="utf-8")
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text(PEOPLE, encoding="utf-8")
    done = CliRunner().invoke(cli, ["init", str(tmp_path)])
    assert done.stdout == f"{tmp_path / 'netanalytics.toml'}\n"
    notes = done.stderr.splitlines()
    assert notes[:2] == [
        "note: passed over b.csv: a.csv is taken as people",
        "note: passed over photo.png: no loader knows it",
    ]
    assert notes[2].startswith("note: passed over sums.csv: no column for ")
    assert len(notes) == 3
    (tmp_path / "netanalytics.toml").unlink()
    for place in range(40):
        (tmp_path / f"{place}.png").write_bytes(b"\x89PNG")
    done = CliRunner().invoke(cli, ["init", str(tmp_path)])
    assert done.stderr.endswith("\nnote: and 23 files more\n")


def test_without_a_terminal_init_records_that_nobody_was_asked(place):
    told = tomllib.loads((place / "netanalytics.toml").read_text(encoding="utf-8"))
    assert [one["may_use"] for one in told["sources"]] == ["not asked"]
    assert told["people"] == "people.csv"


def test_moves_of_the_office_finds_all_that_was_planted_before_anything_is_decided():
    folder = Path(__file__).parents[1] / "data" / "office"
    rows = json.loads(run("moves", str(folder), "--names", "--json"))["rows"]
    truth = pd.read_csv(folder / "truth.csv", parse_dates=["when"])
    truth = truth[truth["kind"].isin(["team_move", "employer_move"])]
    planted = {
        (row.person, row.source, row.target, f"{row.when:%Y-%m}") for row in truth.itertuples()
    }
    found = [(row["person"], row["before"], row["after"], row["month"]) for row in rows]
    assert len(planted) == 9
    assert sorted(found) == sorted(planted)
    assert sum("which is not decided" in row["because"] for row in rows) == 3


def test_nothing_that_is_somebody_elses_is_written_over(tmp_path):
    log = str(tmp_path / "log.csv")
    Path(log).write_text(
        "time,source,target\n" + "".join(f"2026-0{m}-0{m},a@x.org,b@x.org\n" for m in range(1, 7)),
        encoding="utf-8",
    )
    before = Path(log).read_bytes()
    told = run("plan", log, "--me", "a@x.org", "--ics", log, code=1)
    assert "log.csv: is there and is no calendar that netanalytics wrote" in told
    assert Path(log).read_bytes() == before
    assert "is a folder" in run("plan", log, "--me", "a@x.org", "--ics", str(tmp_path), code=1)
    calendar = str(tmp_path / "plan.ics")
    for _ in range(2):  # an older one may go
        run("plan", log, "--me", "a@x.org", "--ics", calendar)
    mine = tmp_path / "mine"
    for name, text in {"index.html": "<p>mine", "map.html": "mine", "metrics.csv": "a,b\n"}.items():
        mine.mkdir()
        (mine / name).write_text(text, encoding="utf-8")
        told = run("report", log, "--me", "a@x.org", "--out", str(mine), code=1)
        assert name in told
        assert "choose another" in told
        assert [path.name for path in mine.iterdir()] == [name]
        if name == "map.html":
            assert name in run("map", log, "--me", "a@x.org", "--out", str(mine), code=1)
        (mine / name).unlink()
        mine.rmdir()
    for command in ("report", "report", "map", "map"):
        run(command, log, "--me", "a@x.org", "--out", str(mine))
    (mine / "index.html").unlink()  # as if the first one had been interrupted
    run("report", log, "--me", "a@x.org", "--out", str(mine))


def test_another_id_of_the_readers_name_is_said(tmp_path):
    log, people = tmp_path / "log.csv", tmp_path / "people.csv"
    log.write_text(
        "time,source,target\n2026-01-05,ana@x.org,b@x.org\n2026-01-06,Ana Berg,b@x.org\n", "utf-8"
    )
    people.write_text('person,name\nana@x.org,"Berg, Ana"\n', encoding="utf-8")
    done = CliRunner().invoke(
        cli, ["check-ins", str(log), "--people", str(people), "--me", "ana@x.org"]
    )
    assert "note: Ana Berg has the name of ana@x.org: if that is you, " in done.stderr
