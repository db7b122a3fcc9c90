"""A note after the exports end: it moves no end of observation, and what it says is heeded."""

from __future__ import annotations

import pandas as pd
import pytest
from click.testing import CliRunner

import netanalytics as na
from netanalytics.cli import cli

WEEKLY = pd.date_range("2026-01-03", "2026-06-27", freq="7D")
WHY = "mail ends 27 June 2026: export again, or --as-of 2026-06-27"


@pytest.fixture
def folder(tmp_path):
    """Weekly mail with dee to 27 June; gus and hal fell silent in April."""
    rows = [(day, "ada", who, "email") for day in WEEKLY[:14] for who in ("gus", "hal")]
    rows += [(day, "dee", "ada", "email") for day in WEEKLY]
    frame = pd.DataFrame(rows, columns=["time", "source", "target", "channel"])
    frame.to_csv(tmp_path / "mail.csv", index=False)
    return tmp_path


def noted(folder, *lines):
    text = "".join(f"{line}\n" for line in ("# journal of ada", "date,person,kind,words", *lines))
    (folder / "journal.csv").write_text(text, encoding="utf-8")
    return na.load([folder / "mail.csv", folder / "journal.csv"])


def listed(net, **more):
    return sorted(na.check_ins(net, person="ada", **more)["contact"])


def test_a_note_moves_no_end_and_is_counted_as_later(folder):
    without = na.build_network(na.load(folder / "mail.csv"))
    net = na.build_network(noted(folder, "2026-07-20,gus,coffee,"))
    assert net.as_of == without.as_of == pd.Timestamp("2026-06-27", tz="UTC")
    pd.testing.assert_frame_equal(net.ties, without.ties, check_exact=True)
    assert net.card.loc[net.card["reason"] == "after as_of", "n"].tolist() == [1]
    assert listed(without) == ["gus", "hal"]


def test_a_journal_alone_ends_with_its_last_entry(tmp_path):
    (tmp_path / "journal.csv").write_text("# journal of ada\n2026-07-20,gus,coffee\n", "utf-8")
    net = na.build_network(na.load(tmp_path / "journal.csv"))
    assert net.as_of == pd.Timestamp("2026-07-20 12:00", tz="UTC")


def test_what_was_noted_since_resets_check_ins_wishes_and_the_plan(folder):
    net = na.build_network(noted(folder, "2026-07-20,gus,coffee,", "2026-07-21,new,coffee,"))
    assert listed(net) == ["hal"]
    plan = na.check_in_plan(net, person="ada", budget=na.Budget(threshold=0.0))
    assert plan["contact"].tolist() == ["hal"]
    wishes = pd.DataFrame({"person": ["gus"], "every_days": [3]})
    assert listed(net, wishes=wishes) == ["hal"]
    row = na.check_in_plan(net, person="ada", wishes=wishes).set_index("contact").loc["gus"]
    assert row["day"] == pd.Timestamp("2026-07-23", tz="UTC")
    assert "-" not in row["because"]
    # On a day that was chosen, nothing later is known.
    chosen = na.build_network(net.log, as_of="2026-06-27")
    assert listed(chosen) == ["gus", "hal"]


def test_a_table_of_journal_entries_is_read_past_the_end_of_the_exports_only(folder):
    journal = pd.DataFrame({"date": ["2026-07-20"], "person": ["gus"], "kind": ["done"]})
    log = na.load(folder / "mail.csv")
    assert listed(na.build_network(log), journal=journal) == ["hal"]
    assert listed(na.build_network(log, as_of="2026-06-27"), journal=journal) == ["gus", "hal"]


def test_a_snooze_since_puts_off(folder):
    noted(folder, "2026-07-20,gus,snooze,until 2026-12-31")
    (folder / "netanalytics.toml").write_text(
        'me = "ada"\n[[sources]]\npath = "mail.csv"\n', encoding="utf-8"
    )
    project = na.open_project(folder)
    net = project.network()
    assert listed(net, wishes=project.wishes_for(net)) == ["hal"]


def run(*arguments):
    found = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    assert found.exit_code == 0, found.output
    return found.stderr


@pytest.mark.parametrize("command", ["check-ins", "plan"])
def test_commands_say_why_nothing_could_be_judged(folder, command):
    asked = (command, folder / "mail.csv", "--me", "ada", "--no-project")
    assert f"no rows: no tie could be judged: {WHY}" in run(*asked, "--as-of", "2026-08-20")
    assert "could be judged" not in run(*asked)
    assert "could be judged" not in run(*asked, "--as-of", "2026-06-27")


def test_the_report_says_why_nothing_could_be_judged(folder):
    log = na.load(folder / "mail.csv")
    mine = na.build_report(na.build_network(log, as_of="2026-08-20"), person="ada")
    text = mine.markdown
    assert text.count(f"No tie could be judged: {WHY}.") >= 2
    assert "No tie has paused" not in text
    assert "Nothing needs doing" not in text
    named = na.build_report(na.build_network(log, as_of="2026-08-20"), names=True)
    assert f"No tie could be judged: {WHY}." in named.letter.findings
    assert "could be judged" not in na.build_report(na.build_network(log), person="ada").markdown


def test_one_channel_that_goes_on_is_enough_to_judge(folder):
    from netanalytics.advice.reasons import unjudged

    frame = na.load(folder / "mail.csv").to_frame()
    calls = frame[frame["source"] == "dee"].assign(channel="call")
    later = calls.assign(time=calls["time"] + pd.Timedelta(days=56))
    both = na.load(pd.concat([frame, later])[["time", "source", "target", "channel"]])
    assert unjudged(na.build_network(both, as_of="2026-08-22")) == ""
    ended = unjudged(na.build_network(both, as_of="2026-11-20"))
    assert ended == (
        "no tie could be judged: calls end 22 August 2026 and mail ends 27 June 2026: "
        "export again, or --as-of 2026-08-22"
    )
