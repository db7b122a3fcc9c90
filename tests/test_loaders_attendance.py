"""Who met whom is who was there at the same time."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings

import netanalytics as na
from netanalytics.engine import DuckDBEngine
from netanalytics.errors import LoaderError, SchemaError
from netanalytics.loaders.attendance import recognises

from ._exports import counts, everything, pairs, read, spoiled, written
from .conftest import shared

TEAMS = """1. Zusammenfassung
Besprechungstitel\tCANARY Entlassungen
Teilnehmende\t4
Startzeit\t15.01.26, 09:00:00
Endzeit\t15.01.26, 10:00:00
Dauer der Besprechung\t1 Std.

2. Teilnehmende
Name\tErster Beitritt\tLetztes Verlassen\tDauer\tE-Mail\tTeilnehmer-ID (UPN)\tRolle
Berg, Ada (Acme GmbH)\t15.01.26, 09:00:00\t15.01.26, 10:00:00\t1 Std.\tAda@x.org\tada@x.org\tOrganisator
Ben Ek\t15.01.26, 09:01:00\t15.01.26, 09:50:00\t38 Min.\tben@x.org\tben@x.org\tReferent
Cy Dahl (Gast)\t15.01.26, 09:30:00\t15.01.26, 09:31:40\t1 Min. 40 Sek.\t\t\tTeilnehmer
Dee Ek\t15.01.26, 09:20:00\t15.01.26, 09:25:00\t5 Min.\tdee@x.org\tdee@x.org\tTeilnehmer

3. Aktivitäten während der Besprechung
Name\tBeitrittszeit\tAustrittszeit\tDauer\tE-Mail\tRolle
Berg, Ada (Acme GmbH)\t15.01.26, 09:00:00\t15.01.26, 10:00:00\t1 Std.\tada@x.org\tOrganisator
Ben Ek\t15.01.26, 09:01:00\t15.01.26, 09:20:00\t19 Min.\t\tReferent
Ben Ek\t15.01.26, 09:31:00\t15.01.26, 09:50:00\t19 Min.\t\tReferent
Cy Dahl (Gast)\t15.01.26, 09:30:00\t15.01.26, 09:31:40\t1 Min. 40 Sek.\t\tTeilnehmer
Dee Ek\t15.01.26, 09:20:00\t15.01.26, 09:25:00\t5 Min.\tdee@x.org\tTeilnehmer
"""  # noqa: E501

ZOOM = """Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants

852 1848 6288,CANARY budget,01/15/2026 09:00:00 AM,01/15/2026 10:00:00 AM,host@x.org,60,5

Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest,In Waiting Room
Hanna Host,host@x.org,01/15/2026 09:00:00 AM,01/15/2026 10:00:00 AM,60,No,No
Brian Smith,brian@x.org,01/15/2026 09:05:00 AM,01/15/2026 09:10:00 AM,5,No,No
iPhone (Brian Smith),,01/15/2026 09:10:00 AM,01/15/2026 09:30:00 AM,20,Yes,No
Guest iPhone,,01/15/2026 09:10:00 AM,01/15/2026 09:30:00 AM,20,Yes,No
"Gast, Ida (she/her)",,01/15/2026 09:12:00 AM,01/15/2026 09:30:00 AM,18,Yes,No
Hanna Host,host@x.org,01/15/2026 08:55:00 AM,01/15/2026 09:00:00 AM,5,No,Yes
"""

MEET = """First name,Last name,Email,Duration,Time joined,Time exited
Ada,Berg,ada@x.org,30 min,2026-01-15 09:00,2026-01-15 09:30
Ben,Ek,ben@x.org,20 min,2026-01-15 09:10,2026-01-15 09:30
"""

CALLS = """Date,Event name,Meeting code,Participant identifier,Participant name,Duration (seconds),Organizer Email,Conference ID
2026-01-15T10:00:00Z,Endpoint left,abc-defg-hij,ada@x.org,Ada,3600,ada@x.org,c1
2026-01-15T09:40:00Z,Endpoint left,abc-defg-hij,ben@x.org,Ben,600,ada@x.org,c1
2026-01-16T09:40:00Z,Endpoint left,abc-defg-hij,ben@x.org,Ben,600,ada@x.org,c2
2026-01-16T09:40:00Z,Recording started,abc-defg-hij,ben@x.org,Ben,,ada@x.org,c2
"""  # noqa: E501


def at(log, source, target) -> str:
    frame = log.to_frame().set_index(["source", "target"])
    return frame.loc[(source, target), "time"].strftime("%m-%d %H:%M:%S")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8", "utf-8-sig"])
def test_teams_in_any_language_and_encoding(tmp_path, encoding):
    file = written(tmp_path / "report.csv", TEAMS, encoding)
    assert recognises(file)
    log = na.load(file)
    assert pairs(log) == [
        ("ada@x.org", "ben@x.org"),
        ("ada@x.org", "dee@x.org"),
        ("ada@x.org", "name:cy-dahl"),
    ]
    frame = log.to_frame()
    assert not frame["directed"].any()
    assert set(frame["channel"]) == {"meeting"}
    # Ada organised it and is the source of each pair.
    assert frame["role"].tolist() == ["attendee"] * 3
    assert frame["size"].tolist() == [4] * 3
    assert frame["event"].nunique() == 1
    assert counts(log) == {"kept": 5, "summary of the rows below": 4}
    assert log.people.loc["ada@x.org", "name"] == "Berg, Ada"
    assert "CANARY" not in everything(log)
    assert any("read as UTC" in note for note in log.notes)


def test_two_people_in_one_list_who_were_never_there_together_did_not_meet(tmp_path):
    log = na.load(written(tmp_path / "report.csv", TEAMS))
    # Dee came when Ben had gone, and Ben came back for 40 seconds of Cy.
    assert ("ben@x.org", "dee@x.org") not in pairs(log)
    assert ("ben@x.org", "name:cy-dahl") not in pairs(log)
    assert at(log, "ada@x.org", "ben@x.org") == "01-15 09:01:00"


def test_rejoins_are_one_presence(tmp_path):
    rows = [
        "Ada,ada@x.org,2026-01-15 09:00:00,2026-01-15 10:00:00,60,No",
        "Ben,ben@x.org,2026-01-15 09:10:00,2026-01-15 09:10:40,1,No",
        "Ben,ben@x.org,2026-01-15 09:10:20,2026-01-15 09:11:00,1,No",
    ]
    head = "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest\n"
    log = na.load(written(tmp_path / "zoom.csv", head + "\n".join(rows)))
    assert at(log, "ada@x.org", "ben@x.org") == "01-15 09:10:00"
    assert counts(log) == {"kept": 3}
    short = na.load(written(tmp_path / "zoom.csv", head + "\n".join(rows[:2])))
    assert counts(short) == {"nobody else was present for a minute": 2}


def test_teams_without_rejoins_and_with_more_blocks(tmp_path):
    text = TEAMS[: TEAMS.index("3. Akt")] + "4. Umfragen\nFrage\tAntwort\tName\nCANARY\tJa\tAda\n"
    log = na.load(written(tmp_path / "report.csv", text))
    assert len(log) == 5  # first joining to last leaving is all that is known of Ben
    assert counts(log) == {"kept": 4, "not read: block 4": 1}
    assert "CANARY" not in everything(log)


def test_older_teams_lists(tmp_path):
    one = (
        "Meeting Summary\nTotal Number of Participants\t2\nMeeting Title\tCANARY\n"
        "Meeting Start Time\t1/15/2026, 9:00:00 AM\n\n"
        "Full Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole\tParticipant ID (UPN)\n"
        "Ada\t1/15/2026, 9:00:00\u202fAM\t1/15/2026, 9:30:00\u202fPM\t30m\ta@x.org\tOrganizer\ta@x.org\n"  # noqa: E501
        "Ben\t9:05:00 AM\t9:25:00 AM\t20m\tb@x.org\tPresenter\tb@x.org\n"
        "lonely\n"
    )
    log = na.load(written(tmp_path / "old.csv", one, "utf-16"))
    assert at(log, "a@x.org", "b@x.org") == "01-15 09:05:00"
    assert counts(log) == {"kept": 2, "malformed row": 1}
    oldest = (
        "Full Name\tUser Action\tTimestamp\n"
        "Ada\tJoined\t1/15/2026, 9:00:00 AM\n"
        "Ben\tJoined before\t1/15/2026, 9:01:00 AM\n"
        "Ben\tLeft\t1/15/2026, 9:20:00 AM\n"
        "Ada\tLeft\t1/15/2026, 9:30:00 AM\n"
        "Cy\tJoined\t1/15/2026, 9:02:00 AM\n"
    )
    log = na.load(written(tmp_path / "oldest.csv", oldest))
    assert pairs(log) == [("name:ada", "name:ben")]
    assert counts(log) == {"kept": 2, "end of the row above": 2, "no time of leaving": 1}


def test_zoom_with_guests_devices_and_a_waiting_room(tmp_path):
    log = na.load(written(tmp_path / "participants.csv", ZOOM))
    assert set(pairs(log)) == {
        ("brian@x.org", "host@x.org"),
        ("brian@x.org", "name:gast-ida"),
        ("host@x.org", "name:gast-ida"),
    }
    roles = log.to_frame().set_index(["source", "target"])["role"]
    assert roles["brian@x.org", "host@x.org"] == "organiser"
    assert roles["host@x.org", "name:gast-ida"] == "attendee"
    assert pd.isna(roles["brian@x.org", "name:gast-ida"])
    assert counts(log) == {
        "kept": 4,
        "a device or telephone, no person named": 1,
        "in the waiting room": 1,
    }
    assert "CANARY" not in everything(log)


def test_the_short_form_of_zoom_says_who_but_not_when(tmp_path):
    text = "Name (Original Name),User Email,Total Duration (Minutes),Guest\nAda,a@x.org,5,No\n"
    log = na.load(written(tmp_path / "short.csv", text))
    assert counts(log) == {"no times of joining and leaving": 1}
    assert list(log.people.index) == ["a@x.org"]
    assert any("without times" in note for note in log.notes)


def test_zoom_headers_in_another_language(tmp_path):
    text = (
        "Name (Ursprünglicher Name),Benutzer-E-Mail,Eintritt,Austritt,Dauer (Minuten),Gast\n"
        "Ada,a@x.org,15.01.2026 09:00:00,15.01.2026 09:30:00,30,Nein\n"
        "Ben,b@x.org,15.01.2026 09:00:00,15.01.2026 09:30:00,30,Nein\n"
    )
    assert pairs(na.load(written(tmp_path / "z.csv", text))) == [("a@x.org", "b@x.org")]


def test_several_meetings_in_one_zoom_file(tmp_path):
    head = "Topic,Meeting ID,Start_Time,NameOriginalName,User_Email_2,Join_Time,Leave_Time\n"
    row = "CANARY,{},2026-01-{}T09:00:00Z,{},{}@x.org,2026-01-{}T09:00:00Z,2026-01-{}T09:30:00Z\n"
    rows = [
        row.format(7, day, who, who, day, day) for day, who in ((15, "a"), (15, "b"), (16, "c"))
    ]
    log = na.load(written(tmp_path / "z.csv", head + "".join(rows)))
    assert pairs(log) == [("a@x.org", "b@x.org")]
    assert not log.notes


def test_meet(tmp_path):
    log = na.load(written(tmp_path / "meet.csv", MEET))
    assert at(log, "ada@x.org", "ben@x.org") == "01-15 09:10:00"
    hours = MEET.replace("2026-01-15 ", "")
    log = na.load(written(tmp_path / "2026-01-15 stand-up.csv", hours))
    assert at(log, "ada@x.org", "ben@x.org") == "01-15 09:10:00"
    assert counts(na.load(written(tmp_path / "undated.csv", hours))) == {"no date": 2}


def test_the_log_of_meet_calls(tmp_path):
    log = na.load(written(tmp_path / "calls.csv", CALLS))
    assert at(log, "ada@x.org", "ben@x.org") == "01-15 09:30:00"
    assert log.to_frame()["role"].tolist() == ["attendee"]
    assert counts(log) == {
        "kept": 2,
        "nobody else was present for a minute": 1,
        "not the end of a call": 1,
    }


def test_an_open_order_of_day_and_month_is_a_question(tmp_path):
    file = written(tmp_path / "report.csv", TEAMS.replace("15.01.26", "03.04.26"))
    with pytest.raises(LoaderError, match="--date-order dmy or --date-order mdy"):
        na.load(file)
    for order, month in (("dmy", 4), ("mdy", 3)):
        assert na.load(file, date_order=order).to_frame()["time"].dt.month.tolist() == [month] * 3
    same = written(tmp_path / "same.csv", TEAMS.replace("15.01.26", "04.04.26"))
    assert len(na.load(same)) == 3


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("1/15/2026, 9:00:00 PM", 21),
        ("1/15/26, 12:05 AM", 0),
        ("15/1/2026 9:00:00 p. m.", 21),
        ("2026. 1. 15. 오후 9:00:00", 21),
        ("2026/1/15 下午9:00:00", 21),
        ("2026年1月15日 9:00:00", 9),
        ("15.01.2026, 21.00.00", 21),
        ("Jan 15, 2026 09:00 AM", 9),
        ("15-Jan-2026 09:00", 9),
        ("2026-01-15T09:00:00+02:00", 7),
    ],
)
def test_dates_as_people_write_them(tmp_path, text, hour):
    until = text.replace(":00:00", ":30:00").replace(".00.00", ".30.00")
    until = until.replace(":05", ":30").replace("09:00", "09:30")
    rows = "".join(f'{who},{who}@x.org,"{text}","{until}",30,No\n' for who in "ab")
    head = "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest\n"
    time = na.load(written(tmp_path / "z.csv", head + rows)).to_frame()["time"].iloc[0]
    assert (time.month, time.day, time.hour) == (1, 15, hour)


def test_a_zone_moves_times(tmp_path):
    log = na.load(written(tmp_path / "report.csv", TEAMS), zone="Europe/Berlin")
    assert at(log, "ada@x.org", "ben@x.org") == "01-15 08:01:00"


def test_a_meeting_of_many_is_set_apart(tmp_path):
    head = "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest\n"
    row = "p{0},p{0}@x.org,2026-01-15 09:00:00,2026-01-15 10:00:00,60,No\n"
    rows = "".join(row.format(n) for n in range(60))
    late = "late,late@x.org,2026-01-15 11:00:00,2026-01-15 12:00:00,60,No\n"
    log = na.load(written(tmp_path / "all-hands.csv", head + rows + late))
    assert len(log) == 0
    assert counts(log) == {
        "event of more than 50 people": 60,
        "nobody else was present for a minute": 1,
    }


def test_the_same_meeting_in_two_lists_counts_once(tmp_path):
    written(tmp_path / "a.csv", TEAMS)
    written(tmp_path / "b.csv", TEAMS, "utf-16")
    log = na.load(tmp_path)
    assert len(log) == 3
    assert log.card.loc[log.card["reason"] == "repeat", "n"].sum() >= 3


def test_what_is_no_list_is_not_recognised(tmp_path):
    for name, text in (
        ("a.csv", "time,source,target\n2026-01-05,a,b\n"),
        ("b.csv", "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"),
        ("c.txt", "1. Buy milk\n2. Call Ada\n"),
        ("d.csv", "Name (x),y,z\n"),
        ("e.csv", ""),
        ("f.bin", "\x00\x01PNG"),
    ):
        assert not recognises(written(tmp_path / name, text)), name
    assert not recognises(tmp_path)
    assert not recognises(tmp_path / "none")
    assert not recognises(pd.DataFrame())
    with pytest.raises(LoaderError, match="no list of attendance"):
        na.load(written(tmp_path / "a.csv", "a,b\n"), kind="attendance")


def test_a_line_without_end_is_refused(tmp_path):
    file = written(tmp_path / "report.csv", TEAMS + "x" * 1_100_000)
    with pytest.raises(LoaderError, match="longer than 1,000,000 characters"):
        na.load(file)


@pytest.mark.parametrize(
    "name", ["teams_attendance.tsv", "zoom_participants.csv", "zoom_participants_short.csv"]
)
def test_headers_of_real_lists(name):
    file = shared(f"data/formats/headers_only/{name}")
    assert recognises(file)
    log = na.load(file)
    assert set(log.card["kind"]) == {"attendance"}
    assert log.card["n"].sum() == 0


def test_names_of_other_people_with_one_address_are_not_mixed(tmp_path):
    text = TEAMS.replace("dee@x.org\tdee@x.org", "ben2@x.org\tben2@x.org").replace(
        "Dee Ek", "Ben Ek"
    )
    log = na.load(written(tmp_path / "report.csv", text.replace("\tdee@x.org", "\t")))
    # Two people are called Ben Ek: rows without an address are neither of them.
    assert "name:ben-ek" in log.ids()


ENGINE = DuckDBEngine(threads=1)
SPOILED = spoiled(TEAMS, TEAMS.encode("utf-16"), ZOOM, MEET, CALLS)


def fuzz(folder, data):
    file = written(folder / "a.csv", data)
    try:
        read("attendance", file, ENGINE)
        read("attendance", file, ENGINE, date_order="dmy", zone="Europe/Paris")
    except (LoaderError, SchemaError) as error:
        assert "\n" not in str(error)


@settings(max_examples=100, deadline=None)
@given(data=SPOILED)
def test_no_bytes_raise_anything_but_a_loader_error(tmp_path_factory, data):
    fuzz(tmp_path_factory.getbasetemp(), data)


@pytest.mark.nightly
@settings(max_examples=2_000, deadline=None)
@given(data=SPOILED)
def test_no_bytes_raise_anything_but_a_loader_error_for_long(tmp_path_factory, data):
    fuzz(tmp_path_factory.getbasetemp(), data)
