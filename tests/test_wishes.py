"""My own wishes outrank what is learnt from the log."""

from __future__ import annotations

import pandas as pd
import pytest

import netanalytics as na
from netanalytics.errors import OptionError

from .conftest import AS_OF, log_of

COLUMNS = ("time", "source", "target", "channel")


def days(first: int, last: int, step: int, other: str) -> list[tuple]:
    start = pd.Timestamp("2026-01-01 09:00", tz="UTC")
    return [(start + pd.Timedelta(days=d), "ada", other, "email") for d in range(first, last, step)]


@pytest.fixture(scope="module")
def net():
    rows = [*days(0, 181, 5, "ben"), *days(0, 100, 5, "cy"), *days(0, 130, 10, "dee")]
    rows += [*days(100, 101, 1, "eve"), *days(20, 21, 1, "fay")]
    people = pd.DataFrame({"person": ["ada", "gil"]})
    return na.build_network(log_of(*rows, columns=COLUMNS), people=people, as_of=AS_OF)


def wishes(**told: dict) -> pd.DataFrame:
    rows = [
        (name, one.get("every", float("nan")), one.get("keep", False), one.get("let_rest", False))
        for name, one in told.items()
    ]
    columns = ["contact", "every_days", "keep", "let_rest"]
    return pd.DataFrame(rows, columns=columns).set_index("contact")


def listed(net, **told: dict) -> list[str]:
    return na.check_ins(net, person="ada", wishes=wishes(**told))["contact"].tolist()


def test_without_wishes_the_log_decides(net):
    assert listed(net) == ["dee", "cy"]
    plain = na.check_ins(net, person="ada")
    pd.testing.assert_frame_equal(plain, na.check_ins(net, person="ada", wishes=wishes()))


def test_let_rest_takes_off_the_list(net):
    assert listed(net, dee={"let_rest": True}) == ["cy"]


def test_every_is_due_by_its_own_rhythm_and_not_before(net):
    assert listed(net, eve={"every": 42.0}) == ["eve", "dee", "cy"]
    assert listed(net, dee={"every": 90.0}) == ["cy"]  # fading by the log, not due by my wish
    assert listed(net, cy={"every": 60.0}) == ["cy", "dee"]
    assert listed(net, ben={"every": 1.0}) == ["dee", "cy"]  # last seen today
    assert listed(net, gil={"every": 300.0})[0] == "gil"  # never seen at all


def test_keep_asks_where_the_log_is_too_thin_to_judge(net):
    assert listed(net, fay={"keep": True}) == ["fay", "dee", "cy"]
    assert listed(net, eve={"keep": True}) == ["dee", "cy"]  # silent for less than a half-life
    assert listed(net, cy={"keep": True}) == ["cy", "dee"]


def test_reasons_ranks_and_scores_say_so(net):
    table = na.check_ins(
        net,
        person="ada",
        wishes=wishes(eve={"every": 42.0}, fay={"keep": True}, gil={"every": 9.0}),
    )
    assert table["rank"].tolist() == list(range(1, len(table) + 1))
    assert (table["score"].diff().dropna() <= 0).all()
    why = table.set_index("contact")["because"]
    assert why["eve"] == "Your own wish: about every 6 weeks; no contact seen for 80 days."
    assert why["fay"] == "Your own wish: to keep this contact; no contact seen for 160 days."
    assert why["gil"] == "Your own wish: about every 9 days; no contact seen."
    assert list(table.columns) == [
        "rank",
        "person",
        "contact",
        "last",
        "silence",
        "score",
        "because",
    ]
    assert pd.isna(table.set_index("contact").loc["gil", "last"])


def test_whoever_has_a_meeting_planned_is_on_no_list_even_if_wished():
    rows = [*days(0, 100, 5, "cy"), *days(0, 181, 5, "ben")]
    rows.append((pd.Timestamp("2026-07-20", tz="UTC"), "ada", "cy", "meeting"))
    busy = na.build_network(log_of(*rows, columns=COLUMNS), as_of=AS_OF)
    assert listed(busy, cy={"every": 7.0}) == []


def test_wishes_are_one_persons_own(net):
    with pytest.raises(OptionError, match="one person's own"):
        na.check_ins(net, wishes=wishes(ben={"keep": True}))


def test_a_snooze_in_the_journal_ends_as_its_words_say(tmp_path):
    rows = [*days(0, 100, 5, "cy"), *days(0, 181, 5, "ben"), *days(0, 100, 9, "dee")]
    pd.DataFrame(rows, columns=list(COLUMNS)).to_csv(tmp_path / "mail.csv", index=False)
    (tmp_path / "netanalytics.toml").write_text(
        'me = "ada"\nas_of = 2026-06-30\n[[sources]]\npath = "mail.csv"\n', encoding="utf-8"
    )
    (tmp_path / "journal.csv").write_text(
        "# journal of ada\ndate,person,kind,words\n2026-06-20,cy,snooze,for 3 weeks\n"
        "2026-06-20,dee,snooze,private words\n2026-06-25,dee,done,\n"
        "2026-06-20,ben,snooze,2026-08-01\n2026-07-05,eve,snooze,\n",
        encoding="utf-8",
    )
    project = na.open_project(tmp_path)
    net = project.network()
    table = project.wishes_for(net)
    until = table["snoozed_until"].dt.strftime("%Y-%m-%d").to_dict()
    assert until == {"ben": "2026-08-01", "cy": "2026-07-11"}  # done ends it; later is not known
    assert net.ties_of("ada").loc["dee", "last"].date().isoformat() == "2026-06-25"
    assert "cy" in set(na.check_ins(net, person="ada")["contact"])
    assert "cy" not in set(na.check_ins(net, person="ada", wishes=table)["contact"])
    plan = na.check_in_plan(net, person="ada", wishes=table).set_index("contact")["day"]
    assert plan["cy"] >= pd.Timestamp("2026-07-11", tz="UTC")


def test_a_wish_for_somebody_never_seen_is_in_the_plan(net):
    plan = na.check_in_plan(net, person="ada", wishes=wishes(gil={"every": 90.0}))
    row = plan.set_index("contact").loc["gil"]
    assert row["day"] == pd.Timestamp("2026-07-01", tz="UTC")
    assert row["because"] == "Your own wish: about every 3 months; no contact seen."
    assert pd.isna(row["last"]) and pd.isna(row["probability"])
    assert "UID:" in na.calendar(net, plan, person="ada")


def test_wishes_of_a_project_by_person_and_role(tmp_path, caplog):
    rows = [*days(0, 100, 5, "cy"), *days(0, 100, 10, "dee"), *days(0, 100, 5, "ben")]
    rows += days(0, 181, 5, "eve")
    pd.DataFrame(rows, columns=list(COLUMNS)).to_csv(tmp_path / "mail.csv", index=False)
    (tmp_path / "relations.csv").write_text(
        "source,target,kind,until\ncy,ada,mentor,\nada,dee,Mentor,\nben,ada,mentor,2026-01-31\n",
        encoding="utf-8",
    )
    (tmp_path / "netanalytics.toml").write_text(
        'me = "ada"\nrelations = "relations.csv"\nas_of = 2026-06-30\n'
        '[[sources]]\npath = "mail.csv"\n'
        '[[wishes]]\nperson = "cy"\nlet_rest = true\n'
        '[[wishes]]\nrole = "mentor"\nevery = "6 weeks"\n'
        '[[wishes]]\nrole = "mentor of"\nkeep = true\n'
        '[[wishes]]\nperson = "nobody"\nkeep = true\n',
        encoding="utf-8",
    )
    project = na.open_project(tmp_path)
    net = project.network()
    table = project.wishes_for(net)
    assert list(table.index) == ["cy", "dee"]  # ben is a mentor no longer
    assert bool(table.loc["cy", "let_rest"])  # the person's wish outranks the role's
    assert bool(table.loc["dee", "keep"])
    assert "a wish rests: nobody is called 'nobody'" in caplog.text
    assert table["snoozed_until"].isna().all()
    report = na.build_report(net, person="ada", wishes=table)
    assert list(report.files["check_ins.csv"]["contact"]) == ["dee", "ben"]
    assert "You wished it so" in report.markdown
