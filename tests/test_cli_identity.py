"""``netanalytics identity`` as a user meets it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

import netanalytics as na
from netanalytics.cli import cli, main
from netanalytics.cli import identity as identity_commands

PEOPLE = """person,name,organisation
ana.frey@lumen.example,Ana Frey,Lumen
ana.frey+news@lumen.example,,
a.frey@lumen.example,Ana Frey,Lumen
kai.vidal@lumen.example,Kai Vidal,Lumen
eva.ong@lumen.example,Eva Ong,Lumen
uma.sato@lumen.example,Uma Sato,Lumen
info@lumen.example,,Lumen
"""
LOG = "time,source,target\n" + "".join(
    f"2026-01-{day:02d},{one}@lumen.example,{other}@lumen.example\n"
    for day, one, other in [
        (day, one, other)
        for day in range(5, 9)
        for one in ("ana.frey", "a.frey")
        for other in ("kai.vidal", "eva.ong", "uma.sato", "info")
    ]
)


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    (tmp_path / "log.csv").write_text(LOG, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str):
    return CliRunner().invoke(cli, ["identity", *arguments])


def whole(command: str, *arguments: str) -> dict:
    done = run(command, *arguments, "log.csv", "--people", "people.csv", "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_people_gives_every_identity_its_person(folder):
    found = whole("people")
    owner = {row["identity"]: row["person"] for row in found["rows"]}
    assert len(owner) == 7
    assert owner["ana.frey+news@lumen.example"] == owner["ana.frey@lumen.example"]
    assert owner["a.frey@lumen.example"] != owner["ana.frey@lumen.example"]
    assert {row["reason"]: row["n"] for row in found["card"]} == {"person": 6, "role": 1}


def test_suggest_apply_undo_leave_no_trace(folder):
    before = whole("people"), whole("suggest")
    (row,) = (row for row in before[1]["rows"] if row["a"] == "a.frey@lumen.example")
    assert set(row) == {"a", "b", "confidence", "because"}
    assert "same name" in row["because"]
    applied = whole("apply", "--at-least", f"{row['confidence']}")
    assert row["a"] in {one["a"] for one in applied["rows"]}
    text = (folder / "decisions.txt").read_text(encoding="utf-8")
    assert "same: a.frey@lumen.example = ana.frey@lumen.example  # " in text
    owner = {one["identity"]: one["person"] for one in whole("people")["rows"]}
    assert owner["a.frey@lumen.example"] == owner["ana.frey@lumen.example"]
    assert run("undo").exit_code == 0
    assert not (folder / "decisions.txt").exists()
    assert (whole("people"), whole("suggest")) == before


def test_undo_leaves_what_was_there_byte_by_byte(folder):
    mine = b"# mine\r\nnever the same: kai.vidal@lumen.example = eva.ong@lumen.example"
    (folder / "decisions.txt").write_bytes(mine)
    whole("apply", "--at-least", "0.2")
    assert (folder / "decisions.txt").read_bytes() != mine
    assert run("undo", "--pair", "ana.frey@lumen.example", "a.frey@lumen.example").exit_code == 0
    assert run("undo").exit_code == 0
    assert (folder / "decisions.txt").read_bytes() == mine


def test_nothing_sure_enough_writes_nothing(folder):
    assert whole("apply", "--at-least", "1")["rows"] == []
    assert not (folder / "decisions.txt").exists()


def test_why_says_what_joins_and_what_might(folder):
    done = run("why", "ana.frey@lumen.example", "log.csv", "--people", "people.csv", "--json")
    rows = json.loads(done.stdout)["rows"]
    assert {row["state"] for row in rows} == {"joined", "proposed"}
    assert "both are ana.frey@lumen.example" in {row["because"] for row in rows}


def test_what_a_decision_says_wins(folder):
    (folder / "decisions.txt").write_text(
        "never the same: ana.frey@lumen.example = ana.frey+news@lumen.example\n"
        "a person: info@lumen.example\n",
        encoding="utf-8",
    )
    found = whole("people")
    owner = {row["identity"]: row["person"] for row in found["rows"]}
    assert owner["ana.frey+news@lumen.example"] == "ana.frey+news@lumen.example"
    assert {row["reason"]: row["n"] for row in found["card"]} == {"person": 7}


def test_a_decision_about_nobody_is_said(folder):
    gone = [f"same: a.frey@lumen.example = away{n}@lumen.example" for n in range(6)]
    (folder / "decisions.txt").write_text(
        "same: ANA.FREY@lumen.example = ana.frei@lumen.example\n" + "\n".join(gone), "utf-8"
    )
    told = run("people", "log.csv", "--people", "people.csv").stderr.splitlines()
    assert told[0] == (
        "note: decisions, line 1 (same: ana.frey@lumen.example = ana.frei@lumen.example): "
        "no source holds ana.frei@lumen.example; did you mean ana.frey@lumen.example or "
        "a.frey@lumen.example or ana.frey+news@lumen.example?"
    )
    assert [line for line in told if line.startswith("note: ")][5] == "note: and 2 ids more"
    (folder / "netanalytics.toml").write_text(
        'people = "people.csv"\n[[sources]]\npath = "log.csv"\n'
    )
    net = na.open_project(folder).network()
    assert net.notes[-1] == "ids that decisions name and no source holds: 7 (identity people)"


def test_a_decision_about_somebody_who_is_not_mapped_is_not_told(folder):
    (folder / "decisions.txt").write_text("same: eva.ong@lumen.example = eva@home.example\n")
    (folder / "netanalytics.toml").write_text(
        'do_not_map = ["eva.ong@lumen.example"]\n[[sources]]\npath = "log.csv"\n'
    )
    done = run("people")
    assert done.exit_code == 0
    assert "eva" not in done.output
    assert not any("decisions" in note for note in na.open_project(folder).network().notes)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "same: a = b\nnever the same: a = b\n",
            "line 2 (never the same: a = b) contradicts line 1",
        ),
        ("marry: a = b\n", "line 1: it begins with none of"),
    ],
)
def test_a_bad_file_of_decisions_is_one_line(folder, text, message):
    (folder / "decisions.txt").write_text(text, encoding="utf-8")
    done = run("people", "log.csv")
    assert message in str(done.exception)
    assert "\n" not in str(done.exception)


def test_undo_without_anything_applied_is_one_line(folder):
    assert "nothing was applied" in str(run("undo").exception)


def test_decisions_that_cannot_be_written_are_told_in_one_line(folder, capsys):
    source = ["log.csv", "--people", "people.csv", "--at-least", "0.1"]
    with pytest.raises(SystemExit) as ended:
        main(["identity", "apply", *source, "--decisions", "none/d.txt"])
    assert ended.value.code == 1
    assert capsys.readouterr().err.startswith("netanalytics: d.txt: cannot be written (")


@pytest.mark.parametrize(
    ("n", "told"),
    [(1, "1 less sure pair is not listed"), (1200, "1,200 less sure pairs are not listed")],
)
def test_pairs_that_are_not_listed_are_counted_in_words(folder, monkeypatch, n, told):
    real = identity_commands._resolved
    monkeypatch.setattr(
        identity_commands, "_resolved", lambda asked: replace(real(asked), omitted=n)
    )
    assert f"note: {told}\n" in run("suggest", "log.csv", "--people", "people.csv").stderr
