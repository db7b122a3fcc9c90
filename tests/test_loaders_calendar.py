"""Calendars: who met whom, when, and every event accounted for."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import netanalytics as na
from netanalytics import registry, schema
from netanalytics.errors import LoaderError
from netanalytics.loaders import Options, calendar, discover

from .conftest import shared

CANARY = "kumquat"
"""A word in every title, description and place: it may be found nowhere."""

STAMP = "DTSTAMP:20260601T000000Z"


def person(name: str, **parameters: str) -> str:
    extra = "".join(f";{key.upper()}={value}" for key, value in parameters.items())
    return f"ATTENDEE{extra}:mailto:{name}@x.org"


def event(
    *lines: str,
    uid: str = "1@x.org",
    start: str = "DTSTART:20260105T090000Z",
    end: str = "DURATION:PT30M",
    people: tuple[str, ...] = ("ben", "cy"),
    organiser: str | None = "ada",
    stamp: str = STAMP,
) -> str:
    """Write an event that ada called and ben and cy were asked to."""
    called = [f"ORGANIZER;CN=Ada Berg:mailto:{organiser}@x.org"] if organiser else []
    asked = [person(name, partstat="ACCEPTED") for name in people]
    texts = [f"SUMMARY:{CANARY}", f"DESCRIPTION:{CANARY}\n  and {CANARY}", f"LOCATION:{CANARY}"]
    every = [f"UID:{uid}", stamp, start, end, *called, *asked, *texts, *lines]
    return "\n".join(["BEGIN:VEVENT", *(line for line in every if line), "END:VEVENT", ""])


def calendar_of(*parts: str) -> str:
    return "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//EN\n" + "".join(parts) + "END:VCALENDAR\n"


@pytest.fixture
def read(tmp_path):
    """Load a calendar of some events."""

    def loaded(*parts: str, **options):
        (tmp_path / "a.ics").write_text(calendar_of(*parts), encoding="utf-8", newline="\r\n")
        return na.load(tmp_path / "a.ics", **options)

    return loaded


def reasons(log, unit: str = "event") -> dict[str, int]:
    card = log.card[(log.card["unit"] == unit) & (log.card["n"] > 0)]
    return card.groupby("reason")["n"].sum().to_dict()


def pairs(log) -> set[tuple[str, str, str | None]]:
    frame = log.to_frame()
    roles = frame["role"].astype(object).where(frame["role"].notna(), None)
    short = [frame[side].str.removesuffix("@x.org") for side in ("source", "target")]
    return set(zip(*short, roles, strict=True))


def times(log) -> list[str]:
    return sorted(log.to_frame()["time"].dt.strftime("%Y-%m-%d %H:%M").unique())


def everything(log) -> str:
    """Return all text that a log holds."""
    tables = [log.to_frame(), log.card, log.coverage, log.people, log.relations, log.planned]
    texts = [table.reset_index().to_csv() for table in tables if table is not None]
    return "\n".join([*texts, *log.notes]).casefold()


# ---- who was there -----------------------------------------------------------------------------


def test_everybody_in_a_meeting_met_everybody(read):
    log = read(event())
    frame = log.to_frame()
    assert pairs(log) == {
        ("ada", "ben", "attendee"),
        ("ada", "cy", "attendee"),
        ("ben", "cy", None),
    }
    assert not frame["directed"].any()
    assert set(frame["size"]) == {3}
    assert set(frame["channel"]) == {"meeting"}
    assert set(frame["event"]) == {"1@x.org 20260105T090000Z"}
    assert times(log) == ["2026-01-05 09:00"]
    assert log.people.loc["ada@x.org", "name"] == "Ada Berg"
    assert reasons(log) == {"kept": 1}


def test_the_organiser_keeps_the_role_on_either_side(read):
    log = read(event(people=("ada", "zoe", "ben"), organiser="mia"))
    assert pairs(log) == {
        ("ada", "ben", None), ("ada", "mia", "organiser"), ("ada", "zoe", None),
        ("ben", "mia", "organiser"), ("ben", "zoe", None), ("mia", "zoe", "attendee"),
    }  # fmt: skip


@pytest.mark.parametrize(
    "attendee",
    [
        "ATTENDEE:MAILTO:Dee@X.org",
        "ATTENDEE:mailto:dee@x.org",
        "ATTENDEE;CN=Dee;EMAIL=dee@x.org:invalid:nomail",
        "ATTENDEE;CN=dee@x.org:invalid:nomail",
        "ATTENDEE;EMAIL=dee@x.org:/principals/users/dee/",
        "ATTENDEE:dee@x.org",
        'ATTENDEE;CN="Dee; of X: one, two";X-A="b":mailto:dee@x.org',
        "ATTENDEE;CN=Dee ^'D^' Doe;PARTSTAT=TENTATIVE;\n ROLE=REQ-PARTICIPANT:mail\n\tto:dee@x.org",
        "attendee;partstat=needs-action:mailto:dee@x.org",
    ],
)
def test_forms_of_an_attendee(read, attendee):
    log = read(event(attendee, people=()))
    assert pairs(log) == {("ada", "dee", "attendee")}


def test_the_name_of_an_attendee(read):
    log = read(
        event("ATTENDEE;CN=Zoë ^'Z^' Doe:mailto:zoe@x.org", "ATTENDEE;CN=b@x.org:mailto:b@x.org")
    )
    assert log.people.loc["zoe@x.org", "name"] == 'Zoë "Z" Doe'
    assert pd.isna(log.people.loc["b@x.org", "name"])


@pytest.mark.parametrize(
    "parameters",
    [
        {"cutype": "ROOM"}, {"cutype": "RESOURCE"}, {"cutype": "group"}, {"partstat": "DECLINED"},
        {"partstat": "DELEGATED", "delegated-to": '"mailto:ben@x.org"'},
        {"role": "NON-PARTICIPANT"},
    ],
)  # fmt: skip
def test_rooms_and_those_who_declined_are_not_there(read, parameters):
    log = read(event(person("dee", **parameters)))
    assert "dee@x.org" not in everything(log)
    assert set(log.to_frame()["size"]) == {3}


def test_rooms_of_google_without_a_type_and_an_organiser_who_declined(read):
    log = read(
        event(
            "ATTENDEE:mailto:x_188@resource.calendar.google.com",
            person("ada", partstat="DECLINED"),
            organiser="ada",
        )
    )
    assert pairs(log) == {("ben", "cy", None)}


def test_attendees_of_an_alarm_are_not_there(read):
    alarm = f"BEGIN:VALARM\nACTION:EMAIL\nDTSTART:20200101T000000Z\n{person('eve')}\nEND:VALARM"
    assert "eve@x.org" not in everything(read(event(alarm)))


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (event(people=()), "one-person event"),
        (event(people=(), organiser=None), "one-person event"),
        (event(person("ben", partstat="DECLINED"), people=()), "one-person event"),
        (event(person("room", cutype="ROOM"), people=("ada",)), "one-person event"),
        (event("ATTENDEE;CN=Ben:invalid:nomail", people=()), "people without an address"),
        (event(start="DTSTART;VALUE=DATE:20260105", end=""), "all-day event"),
        (event(start="DTSTART:20260105T000000Z", end="DTEND:20260107T000000Z"), "all-day event"),
        (event(start="DTSTART:20260105T000000Z", end="DURATION:P1D"), "all-day event"),
        (event("X-MICROSOFT-CDO-ALLDAYEVENT:TRUE"), "all-day event"),
        (event("STATUS:CANCELLED"), "cancelled"),
        (event(start=""), "no readable date"),
        (event(start="DTSTART:16010101T000000Z"), "no readable date"),
        (event(start="DTSTART:INVALID-DATE"), "malformed event"),
        (event(end="DURATION:P999999999999999999W"), "malformed event"),
        (event("RRULE:FREQ=SOMETIMES"), "malformed event"),
        (event("RRULE:RSCALE=CHINESE;FREQ=YEARLY"), "malformed event"),
        (event("RDATE;VALUE=PERIOD:199709T180000Z/PT5H30M"), "malformed event"),
        (event("EXDATE:NEVER"), "malformed event"),
        (event().replace("END:VEVENT\n", ""), "malformed event"),
        (event("ATTENDEE:" + "x" * 1_100_000), "malformed event"),
        (event("\n".join(["ATTENDEE:"] + [" " + "x" * 70] * 20_000)), "malformed event"),
        (event("RRULE:FREQ=DAILY;UNTIL=20250101T000000Z", "EXDATE:20260105T090000Z"),
         "replaced, or takes place at no time that is looked at"),
    ],
)  # fmt: skip
def test_what_is_no_meeting_is_counted_and_the_next_is_read(read, made, reason):
    log = read(made, event(uid="next@x.org", start="DTSTART:20260201T090000Z"))
    assert reasons(log) == {reason: 1, "kept": 1}
    assert times(log) == ["2026-02-01 09:00"]


def test_a_notice_of_cancellation_cancels(tmp_path):
    (tmp_path / "a.ics").write_text(calendar_of("METHOD:CANCEL\n", event()))
    assert reasons(na.load(tmp_path / "a.ics")) == {"cancelled": 1}


def test_a_meeting_of_very_many_is_set_apart_by_its_true_size(read):
    log = read(
        event(people=tuple(f"p{n}" for n in range(300))),
        event(uid="2", start="DTSTART:20260301T090000Z"),
    )
    assert reasons(log) == {"kept": 1, "event of more than 50 people": 1}
    assert set(log.people.index) == {"ada@x.org", "ben@x.org", "cy@x.org"}
    raw = read(event(people=tuple(f"p{n}" for n in range(300)), organiser=None))
    assert reasons(raw, "event") == {"event of more than 50 people": 1}


def test_the_same_meeting_in_two_calendars_is_one(tmp_path):
    for name in ("ada.ics", "ben.ics"):
        (tmp_path / name).write_text(calendar_of(event("RRULE:FREQ=WEEKLY;COUNT=3")))
    log = na.load(tmp_path)
    assert len(log) == 9
    assert log.to_frame()["event"].nunique() == 3
    assert reasons(log) == {"kept": 1, "repeat": 1}


def test_an_event_without_an_id_has_the_same_one_everywhere(tmp_path):
    (tmp_path / "a.ics").write_text(calendar_of(event(uid="")))
    (tmp_path / "b.ics").write_text(calendar_of(event(uid="other"), event(uid="")))
    found = [set(na.load(tmp_path / name).to_frame()["event"]) for name in ("a.ics", "b.ics")]
    assert len(found[0]) == 1
    assert found[0] <= found[1]


# ---- recurrence --------------------------------------------------------------------------------

WEEKLY = "RRULE:FREQ=WEEKLY;COUNT=4"
PARIS = "DTSTART;TZID=Europe/Paris:20260316T100000"


def test_a_recurring_meeting_keeps_its_hour_through_the_change_of_clocks(read):
    log = read(event(WEEKLY, start=PARIS))
    assert times(log) == [
        "2026-03-16 09:00",
        "2026-03-23 09:00",
        "2026-03-30 08:00",
        "2026-04-06 08:00",
    ]
    assert reasons(log) == {"kept": 1}
    assert log.to_frame()["event"].nunique() == 4


def test_exceptions_of_a_recurring_meeting(read):
    moved = event(
        "RECURRENCE-ID;TZID=Europe/Paris:20260323T100000",
        "SEQUENCE:2",
        start="DTSTART;TZID=Europe/Paris:20260324T150000",
        people=("ben", "dee"),
    )
    off = event(
        "RECURRENCE-ID;TZID=Europe/Paris:20260330T100000",
        "STATUS:CANCELLED",
        start="DTSTART;TZID=Europe/Paris:20260330T100000",
    )
    skipped = "EXDATE;TZID=Europe/Paris:20260406T100000"
    log = read(
        moved, event(WEEKLY, skipped, "RDATE;TZID=Europe/Paris:20260501T100000", start=PARIS), off
    )
    assert times(log) == ["2026-03-16 09:00", "2026-03-24 14:00", "2026-05-01 08:00"]
    frame = log.to_frame()
    there = frame[frame["time"] == pd.Timestamp("2026-03-24 14:00", tz="UTC")]
    assert set(there["source"]) | set(there["target"]) == {"ada@x.org", "ben@x.org", "dee@x.org"}
    assert reasons(log) == {"kept": 2, "cancelled": 1}


def test_from_some_occurrence_on(read):
    later = event("RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Paris:20260330T100000",
                  start="DTSTART;TZID=Europe/Paris:20260330T110000", people=("ben",))  # fmt: skip
    log = read(event(WEEKLY, start=PARIS), later)
    assert times(log)[-2:] == ["2026-03-30 09:00", "2026-04-06 09:00"]
    frame = log.to_frame()
    assert (frame.loc[frame["time"] > pd.Timestamp("2026-03-30", tz="UTC"), "size"] == 2).all()


def test_a_later_version_replaces_an_earlier_one(read):
    log = read(
        event("SEQUENCE:1", start="DTSTART:20260105T090000Z"),
        event("SEQUENCE:3", start="DTSTART:20260106T090000Z"),
    )
    assert times(log) == ["2026-01-06 09:00"]
    assert reasons(log) == {"kept": 1, "replaced, or takes place at no time that is looked at": 1}


def test_an_exception_without_its_series_takes_place(read):
    log = read(event("RECURRENCE-ID:20260105T090000Z", start="DTSTART:20260107T090000Z"))
    assert times(log) == ["2026-01-07 09:00"]


def test_small_faults_of_a_rule_are_forgiven(read):
    log = read(event("RRULE:FREQ=WEEKLY;BYDAY=MO, TU;COUNT=2", "EXDATE:", "RDATE;VALUE=DATE-TIME:"))
    assert times(log) == ["2026-01-05 09:00", "2026-01-06 09:00"]


def test_a_meeting_without_end_is_followed_for_ninety_days(read):
    log = read(
        event("RRULE:FREQ=DAILY", stamp="DTSTAMP:20260110T120000Z"),
        event(uid="2", stamp="CREATED:20260101T000000Z\nLAST-MODIFIED:20260120T000000Z"),
    )
    assert times(log)[-1] == "2026-04-19 09:00"
    assert any("followed up to 2026-04-20, 90 days after" in note for note in log.notes)
    net = na.build_network(log)
    assert net.as_of == pd.Timestamp("2026-01-19 09:00", tz="UTC")
    assert (net.planned["time"] > net.as_of).all()
    assert len(net.planned)
    assert log.coverage["last"].max() == pd.Timestamp("2026-01-20", tz="UTC")


def test_without_any_stamp_the_last_single_event_tells_when_it_was_exported(read):
    plain = event(uid="2", stamp="", start="DTSTART;TZID=America/New_York:20260201T090000")
    log = read(event("RRULE:FREQ=WEEKLY", stamp=""), plain)
    assert na.build_network(log).as_of == pd.Timestamp("2026-02-01 14:00", tz="UTC")
    assert times(log)[-1] == "2026-04-27 09:00"
    only = read(event("RRULE:FREQ=WEEKLY", stamp=""))
    assert na.build_network(only).as_of == pd.Timestamp("2026-01-05 09:00", tz="UTC")


HOSTILE_RULES = [
    "FREQ=SECONDLY", "FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30", "FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=WEEKLY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=DAILY;INTERVAL=0", "FREQ=WEEKLY;INTERVAL=0", "FREQ=MINUTELY;INTERVAL=0",
    "FREQ=DAILY;INTERVAL=-1", "FREQ=DAILY;COUNT=1000000000", "FREQ=DAILY;UNTIL=99991231T235959Z",
    "FREQ=SECONDLY;BYSECOND=5;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=DAILY;BYHOUR=" + ",".join(map(str, range(24)))
    + ";BYMINUTE=" + ",".join(map(str, range(60))) + ";BYSECOND=" + ",".join(map(str, range(60))),
]  # fmt: skip


@pytest.mark.parametrize("rule", HOSTILE_RULES)
def test_no_rule_goes_on_for_ever(read, rule):
    began = time.process_time()
    log = read(event(f"RRULE:{rule}"), event(uid="next", start="DTSTART:20260201T090001Z"))
    assert time.process_time() - began < 5
    counted = reasons(log)
    assert sum(counted.values()) == 2
    assert set(counted) <= {"kept", "recurs without end", "malformed event"}
    assert "2026-02-01 09:00" in times(log)


def test_too_many_pairs_are_too_many(read, monkeypatch):
    monkeypatch.setattr(calendar, "MOST_ROWS", 100)
    log = read(event("RRULE:FREQ=DAILY;COUNT=34"), event("RRULE:FREQ=DAILY;COUNT=33", uid="2"))
    assert reasons(log) == {"recurs without end": 1, "kept": 1}


def test_events_of_one_id_are_read_together_up_to_a_number(read, monkeypatch):
    monkeypatch.setattr(calendar, "MOST_VERSIONS", 2)
    three = [event("SEQUENCE:1", start=f"DTSTART:2026010{day}T090000Z") for day in (5, 6, 7)]
    log = read(*three, event(uid="2"))
    assert reasons(log) == {"too many events of one id": 3, "kept": 1}


# ---- time zones --------------------------------------------------------------------------------


def zone(name: str, offset: str, *lines: str) -> str:
    extra = "".join(f"{line}\n" for line in lines)
    return (
        f"BEGIN:VTIMEZONE\nTZID:{name}\n{extra}BEGIN:STANDARD\nDTSTART:16010101T000000\n"
        f"TZOFFSETFROM:{offset}\nTZOFFSETTO:{offset}\nEND:STANDARD\nEND:VTIMEZONE\n"
    )


@pytest.mark.parametrize(
    ("name", "utc"),
    [
        ("Europe/Paris", "09:00"),
        ("W. Europe Standard Time", "09:00"),
        ('"Eastern Standard Time"', "15:00"),
        ("/freeassociation.sourceforge.net/Europe/Berlin", "09:00"),
        ("/x.org/20070129_1/America/Argentina/Buenos_Aires", "13:00"),
        ("UTC", "10:00"),
    ],
)
def test_names_of_zones(read, name, utc):
    assert times(read(event(start=f"DTSTART;TZID={name}:20260105T100000"))) == [f"2026-01-05 {utc}"]


@pytest.mark.parametrize("name", ['"(UTC+03:00) Somewhere"', "(UTC+03:00) Somewhere", "Mine/Own"])
def test_a_zone_may_be_defined_after_its_use(read, name):
    used = event(start=f"DTSTART;TZID={name}:20260105T100000")
    assert times(read(used, zone(name.strip('"'), "+0300"))) == ["2026-01-05 07:00"]


def test_two_files_may_define_a_zone_differently(tmp_path):
    used = event(start="DTSTART;TZID=Office:20260105T100000")
    found = []
    for offset in ("+0300", "-0500"):
        (tmp_path / "a.ics").write_text(calendar_of(zone("Office", offset), used))
        found += times(na.load(tmp_path / "a.ics"))
    assert found == ["2026-01-05 07:00", "2026-01-05 15:00"]


def test_two_calendars_of_a_file_may_define_a_zone_differently(tmp_path):
    used = event(start="DTSTART;TZID=Office:20260105T100000")
    calendars = [
        calendar_of(used, zone("Office", offset)) for offset in ("+0300", "-0500", "+0300")
    ]
    (tmp_path / "a.ics").write_text("".join(calendars))
    log = na.load(tmp_path / "a.ics")
    assert times(log) == ["2026-01-05 07:00", "2026-01-05 15:00"]
    assert reasons(log) == {"kept": 2, "repeat": 1}


def test_the_place_of_a_zone_says_more_than_its_rules(read):
    used = event(WEEKLY, start="DTSTART;TZID=Office:20260316T100000")
    assert (
        times(read(used, zone("Office", "+0700", "X-LIC-LOCATION:Europe/Paris")))[-1]
        == "2026-04-06 08:00"
    )


@pytest.mark.parametrize(
    "rule", ["FREQ=SECONDLY", "FREQ=DAILY", "FREQ=YEARLY;BYSECOND=" + "1," * 60 + "1"]
)
def test_the_rules_of_a_zone_cannot_stop_the_reading(read, rule):
    defined = zone("Slow", "+0300").replace("TZOFFSETFROM", f"RRULE:{rule}\nTZOFFSETFROM")
    log = read(defined, event(start="DTSTART;TZID=Slow:20260105T100000"), zone="Europe/Paris")
    assert times(log) == ["2026-01-05 09:00"]
    assert "time zones that are not defined: 1" in log.notes


def test_times_without_a_zone(read):
    floating = event(start="DTSTART:20260105T100000")
    assert times(read(floating)) == ["2026-01-05 10:00"]
    log = read(floating, zone="Europe/Paris")
    assert times(log) == ["2026-01-05 09:00"]
    assert "times without a zone are read as Europe/Paris" in log.notes
    unknown = read(event(start="DTSTART;TZID=Nowhere:20260105T100000"), zone="Europe/Paris")
    assert times(unknown) == ["2026-01-05 09:00"]


def test_the_zone_of_a_google_calendar(read):
    google = "X-WR-TIMEZONE:Europe/Paris\n"
    floating = event(start="DTSTART:20260105T100000")
    weekly = event(WEEKLY, uid="2", start="DTSTART:20260316T090000Z")
    log = read(google, floating, weekly, zone="Asia/Tokyo")
    assert times(log) == [
        "2026-01-05 09:00",
        "2026-03-16 09:00",
        "2026-03-23 09:00",
        "2026-03-30 08:00",
        "2026-04-06 08:00",
    ]
    assert not any("without a zone" in note for note in log.notes)


# ---- files -------------------------------------------------------------------------------------


def test_several_calendars_in_a_file(tmp_path):
    one, two = (
        calendar_of(event()),
        calendar_of("X-WR-TIMEZONE:Europe/Paris\n", event(start="DTSTART:20260106T100000")),
    )
    (tmp_path / "a.ics").write_text(one + two)
    log = na.load(tmp_path / "a.ics")
    assert times(log) == ["2026-01-05 09:00", "2026-01-06 09:00"]
    assert reasons(log) == {"kept": 2}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(tmp_path, encoding, ends):
    text = calendar_of(event("ATTENDEE;CN=Zoë:mailto:zoe@x.org")).replace("\n", ends)
    (tmp_path / "a").write_bytes(text.encode(encoding))
    log = na.load(tmp_path / "a")
    assert log.people.loc["zoe@x.org", "name"] == "Zoë"
    assert set(log.card["kind"]) == {"calendar"}


def test_events_without_a_calendar_around_them(tmp_path):
    text = event().replace("BEGIN:", "begin:").replace("END:VEVENT", "end:vevent")
    (tmp_path / "a.txt").write_text(text.replace("ORGANIZER", "organizer"))
    log = na.load(tmp_path / "a.txt")
    assert reasons(log) == {"kept": 1}
    assert set(log.card["kind"]) == {"calendar"}


def test_what_else_a_calendar_holds_is_counted_apart(read):
    log = read(
        event(),
        "BEGIN:VTODO\nUID:t\nEND:VTODO\n" * 2,
        "BEGIN:VJOURNAL\nUID:j\nEND:VJOURNAL\n",
        "BEGIN:VFREEBUSY\nUID:f\nEND:VFREEBUSY\n",
        "BEGIN:X-OTHER\nEND:X-OTHER\n",
    )
    assert reasons(log) == {"kept": 1}
    assert reasons(log, "component") == {
        "not read: task": 2,
        "not read: journal entry": 1,
        "not read: free and busy times": 1,
        "not read: another component": 1,
    }


def test_a_broken_nest_of_components_hides_no_event(read):
    log = read(
        "BEGIN:X-A\n" * 200,
        event(),
        "END:VALARM\nBEGIN:VEVENT\nBEGIN:VALARM\n",
        event(uid="2", start="DTSTART:20260201T090000Z"),
        "END:VEVENT\n",
    )
    assert reasons(log) == {"kept": 2, "malformed event": 1}


@pytest.mark.parametrize("text", ["", "no calendar", "\x00\xff" * 500])
def test_what_holds_no_calendar_is_refused_in_one_line(tmp_path, text):
    (tmp_path / "a.ics").write_text(text, encoding="latin-1")
    with pytest.raises(LoaderError, match=r"^a\.ics: there is no calendar in this file$"):
        na.load(tmp_path / "a.ics")


def test_an_empty_calendar_is_one(tmp_path):
    (tmp_path / "a.ics").write_text(calendar_of())
    log = na.load(tmp_path / "a.ics")
    assert log.card["n"].sum() == 0
    assert len(log) == 0


def test_kinds_are_told_apart(tmp_path):
    discover()
    texts = {
        "a.ics": "",
        "b": calendar_of(),
        "c.vcf": "BEGIN:VCARD\n",
        "d.csv": "time,source,target\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    recognises = registry.loaders()["calendar"].recognises
    assert {path.name for path in tmp_path.iterdir() if recognises(path)} == {"a.ics", "b"}
    for other in (tmp_path, pd.DataFrame(), None, "a.ics", tmp_path / "missing.ics"):
        assert not recognises(other)


def test_nothing_of_a_title_or_description_is_kept(read):
    log = read(
        f"X-WR-CALNAME:{CANARY}\nX-WR-CALDESC:{CANARY}\n",
        event(
            WEEKLY,
            f"CATEGORIES:{CANARY}",
            f"COMMENT:{CANARY}",
            f"X-ALT-DESC;FMTTYPE=text/html:{CANARY}",
            f"ATTACH;FILENAME={CANARY}:https://x.org/{CANARY}",
        ),
        event("STATUS:CANCELLED", uid="2"),
        f"BEGIN:VTODO\nSUMMARY:{CANARY}\nEND:VTODO\n",
    )
    assert len(log) == 12
    assert CANARY not in everything(log)


# ---- the samples of others ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("folder", "files", "events"), [("calendars", 116, 153), ("events", 34, 34)]
)
def test_sample_calendars(folder, files, events):
    path = shared(f"data/formats/icalendar/{folder}")
    log = na.load(path)
    assert sum(reasons(log).values()) == events
    unread = reasons(log, "file")
    whole = log.card[log.card["unit"].isin(["event", "file"])]
    assert whole["file"].nunique() == files
    # The two that are no calendar hold a stray time zone or nothing at all.
    assert all("there is no calendar in this file" in reason for reason in unread)
    for file in sorted(path.iterdir()):
        written = len(re.findall(rb"BEGIN:VEVENT", file.read_bytes()))
        rows = log.card[(log.card["file"] == file.name) & (log.card["unit"] == "event")]
        assert rows["n"].sum() == written, file.name


# ---- anything ----------------------------------------------------------------------------------

GOOD = [
    text.encode()
    for text in (
        calendar_of(
            zone("Office", "+0300"),
            event(
                WEEKLY,
                "EXDATE;TZID=Office:20260112T090000",
                start="DTSTART;TZID=Office:20260105T090000",
            ),
            event(
                "RECURRENCE-ID;TZID=Office:20260119T090000",
                start="DTSTART;TZID=Office:20260120T090000",
            ),
        ),
        calendar_of(
            "X-WR-TIMEZONE:Europe/Paris\n",
            event("RRULE:FREQ=MONTHLY;BYDAY=-1FR"),
            event(uid="2"),
        ),
    )
]


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """Random bytes, or a good file with pieces changed, moved, repeated or cut out."""
    if draw(st.integers(0, 6)) == 0:
        return b"BEGIN:VCALENDAR\n" + draw(st.binary(max_size=300))
    text = draw(st.sampled_from(GOOD))
    lines = text.split(b"\n")
    for _ in range(draw(st.integers(0, 3))):
        lines.insert(draw(st.integers(0, len(lines))), draw(st.sampled_from(lines)))
    text = b"\n".join(lines)
    for _ in range(draw(st.integers(0, 5))):
        start = draw(st.integers(0, len(text)))
        stop = min(len(text), start + draw(st.integers(0, 30)))
        other = draw(
            st.one_of(
                st.binary(max_size=6),
                st.sampled_from(
                    [b"\n", b"\r", b":", b";", b'"', b"\0", b"99999999", b"-", b"\xed\xa0\x80"]
                ),
                st.sampled_from(HOSTILE_RULES).map(
                    lambda rule: b"\nRRULE:" + rule.encode() + b"\n"
                ),
            )
        )
        text = text[:start] + other + text[stop:]
    return text


class Frames:
    """Takes rows as an engine does, without the time that one takes."""

    def __init__(self) -> None:
        self.taken: list[pd.DataFrame] = []

    def register(self, frame: pd.DataFrame) -> str:
        self.taken.append(frame)
        return "frame"


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    return tmp_path_factory.mktemp("calendar") / "any.ics"


def check_any(text: bytes, path: Path) -> None:
    path.write_bytes(text)
    calendar.recognises(path)
    engine = Frames()
    try:
        batch, *_ = calendar.read(path, Options(), engine)
    except LoaderError as error:
        assert "\n" not in str(error)
        return
    rows = pd.concat(engine.taken)
    events = [part for part in calendar.components(path) if part.name == "VEVENT"]
    assert rows["record"].nunique() + sum(n for _, n in batch.skipped) == len(events)
    assert rows["time"].notna().all()
    assert (rows["source"] < rows["target"]).all()
    assert CANARY not in rows.drop(columns="event").to_csv()
    if batch.people is not None:
        schema.people_table(batch.people)


ANY = {"deadline": timedelta(seconds=30), "suppress_health_check": [HealthCheck.too_slow]}


@settings(max_examples=100, **ANY)
@given(text=mutated())
def test_any_bytes_are_read_or_refused(scratch, text):
    check_any(text, scratch)


@pytest.mark.nightly
@settings(max_examples=2_000, **ANY)
@given(text=mutated())
def test_any_bytes_are_read_or_refused_at_length(scratch, text):
    check_any(text, scratch)
