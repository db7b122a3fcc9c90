"""The journal as a loader: what no log sees, without the private words."""

from __future__ import annotations

import pandas as pd
import pytest

import netanalytics as na
from netanalytics.errors import LoaderError
from netanalytics.loaders.journal import Entry, line_of, read_journal

CANARY = "zxq-private-canary"
TEXT = f"""# journal of ada
date,person,kind,words
2026-06-03,ben,coffee,{CANARY} about his team
2026-06-04,ben,thanked,"{CANARY}, with a comma"
2026-06-05,cy,declined,
2026-06-31,ben,lunch,no such day
# a comment of mine
2026-06-06,dee,Chess
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "journal.csv"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_entries_are_contacts_of_the_owner(file):
    log = na.load(file)
    rows = log.to_frame()
    assert rows[["source", "target", "role", "directed"]].to_numpy().tolist() == [
        ["ada", "ben", "coffee", False],
        ["ada", "ben", "thanked", True],
        ["ada", "dee", "chess", False],
    ]
    assert set(rows["channel"]) == {"journal"}
    assert rows["time"].iloc[0] == pd.Timestamp("2026-06-03 12:00", tz="UTC")
    assert log.card.set_index("reason")["n"].to_dict() == {
        "kept": 3,
        "unreadable time": 1,
        "no contact, a decision": 1,
    }


def test_private_words_are_in_the_file_and_in_no_table(file):
    log = na.load(file)
    net = na.build_network(log)
    text = log.to_frame().to_csv() + log.card.to_csv() + log.coverage.to_csv() + repr(log.notes)
    assert CANARY not in text + net.ties.to_csv() + net.people.to_csv() + net.card.to_csv()
    tables = log.engine.query("SELECT table_name AS name FROM information_schema.tables")["name"]
    assert len(tables)
    for name in tables:
        assert CANARY not in log.engine.query(f"SELECT * FROM {name}").to_csv()
    assert CANARY in read_journal(file)[1][0].words


def test_one_entry_moves_the_last_contact_and_removing_it_restores_all(file, tmp_path):
    mail = tmp_path / "mail.csv"
    mail.write_text(
        "time,source,target\n2026-01-05,ada,ben\n2026-02-05,ben,ada\n2026-03-05,ada,ben\n",
        encoding="utf-8",
    )

    def seen() -> tuple[str, pd.Timestamp]:
        net = na.build_network(na.load([mail, file]), as_of="2026-06-30")
        everything = net.ties.to_csv() + net.card.to_csv() + net.people.to_csv()
        return everything, net.ties.loc[("ada", "ben"), "last"]

    before, last = seen()
    assert last == pd.Timestamp("2026-06-04 12:00", tz="UTC")
    file.write_text(TEXT + "2026-06-20,ben,call,\n", encoding="utf-8")
    after, moved = seen()
    assert moved == pd.Timestamp("2026-06-20 12:00", tz="UTC")
    assert after != before
    file.write_text(TEXT, encoding="utf-8")
    assert seen() == (before, last)


def test_a_journal_never_ends_and_does_not_stop_ties_from_being_judged(tmp_path):
    days = pd.date_range("2026-01-01", "2026-06-28", freq="7D").strftime("%Y-%m-%d")
    rows = pd.DataFrame({"time": [*days, *days[:18]], "source": "ada"})
    rows["target"] = ["dee"] * len(days) + ["ben"] * 18
    rows["channel"] = "email"
    rows.to_csv(tmp_path / "mail.csv", index=False)
    (tmp_path / "j.csv").write_text("# journal of ada\n2026-01-03,ben,lunch\n", encoding="utf-8")
    net = na.build_network(na.load([tmp_path / "mail.csv", tmp_path / "j.csv"]))
    assert not net.ties["ended"].any()
    assert not [note for note in net.notes if "nothing more was read" in note]
    assert na.measure_ties(net, "stage")["stage"].to_dict()[("ada", "ben")] == "cooling"


def test_lines_survive_commas_quotes_and_signs_that_would_break_them():
    words = 'he said "go, now"\nand left'
    entry = Entry(0, "2026-06-03", "ben", "coffee", words)
    line = line_of(entry)
    assert line.count("\n") == 1
    from netanalytics.loaders.journal import _entries

    assert _entries([line.rstrip("\n")])[0].words == 'he said "go, now" and left'


def test_a_journal_without_an_owner_is_one_line(tmp_path):
    path = tmp_path / "j.csv"
    path.write_text("# journal of \n2026-01-03,ben,lunch\n", encoding="utf-8")
    with pytest.raises(LoaderError, match="must say whose it is"):
        na.load(path)
