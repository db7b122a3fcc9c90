"""WhatsApp chats: any layout, an order of days that is found or asked for, nothing of a text."""

from __future__ import annotations

import random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import netanalytics as na
from netanalytics.errors import LoaderError
from netanalytics.loaders import Options, whatsapp
from netanalytics.loaders._orders import DayOrder, day_of, micros_in

from .conftest import shared
from .exports import (
    CANARY,
    ENGINE,
    broken,
    contacts,
    counts,
    everything,
    lay_out,
    load,
    mutated,
    read_safely,
    zipped,
)


def chat(tmp_path, text: str | bytes, name: str = "chat.txt"):
    return lay_out(tmp_path, {name: text}) / name


def times(path, **options) -> list[str]:
    frame = load(path, **options).to_frame().drop_duplicates("event")
    return frame["time"].dt.strftime("%Y-%m-%d %H:%M:%S").tolist()


LAYOUTS = {
    "[2026-01-25 09:05] {}": "2026-01-25 09:05:00",
    "[25.01.26, 09:05:12] {}": "2026-01-25 09:05:12",
    "\u200e[25/01/2026, 9:05:12\u202fPM] {}": "2026-01-25 21:05:12",
    "[1/25/26, 12:05:12 AM] {}": "2026-01-25 00:05:12",
    "25.01.26, 09:05 - {}": "2026-01-25 09:05:00",
    "25/01/2026, 09:05 - {}": "2026-01-25 09:05:00",
    "1/25/26, 9:05 PM - {}": "2026-01-25 21:05:00",
    "1/25/26, 9:05\u202fPM - {}": "2026-01-25 21:05:00",
    "25/1/2026 9:05 p. m. - {}": "2026-01-25 21:05:00",
    "25/1/26 12:05 a.\u00a0m. - {}": "2026-01-25 00:05:00",
    "25/01/2026 à 09:05 - {}": "2026-01-25 09:05:00",
    "25-01-2026 09:05 - {}": "2026-01-25 09:05:00",
    "2026-01-25, 09:05 - {}": "2026-01-25 09:05:00",
    "2026/1/25 下午9:05 - {}": "2026-01-25 21:05:00",
    "2026. 1. 25. 오후 9:05 - {}": "2026-01-25 21:05:00",
    "٢٥\u200f/١\u200f/٢٠٢٦، ٩:٠٥ م - {}": "2026-01-25 21:05:00",
    "25.01.2026 um 09.05 – {}": "2026-01-25 09:05:00",
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts(tmp_path, layout):
    lines = [layout.format(f"Ada: {CANARY}"), layout.format("Ben: yes"), layout.format("Ben left")]
    path = chat(tmp_path, "\ufeff" + "\n".join(lines))
    assert whatsapp.recognises(path)
    assert times(path) == [LAYOUTS[layout]] * 2
    assert counts(load(path), "message") == {"kept": 2, "line of the system": 1}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encodings_and_line_ends(tmp_path, encoding, end):
    text = end.join(["25.01.26, 09:05 - Zoë: a", "25.01.26, 09:06 - Ben: b", ""])
    log = load(chat(tmp_path, text.encode(encoding)))
    assert contacts(log) == [("Zoë", "Ben", "to"), ("Ben", "Zoë", "to")]


GROUP = (
    "[25.01.26, 09:00:00] The Group: \u200eMessages and calls are end-to-end encrypted. No one\n"
    "[25.01.26, 09:00:01] The Group: \u200eAda created this group\n"
    "[25.01.26, 09:00:02] Ada: \u200eAda added Cy\n"
    f"[25.01.26, 09:01:00] Ada: Hello {CANARY}: and\n"
    f"goes on {CANARY}\n"
    "\n"
    "25.01.26, 09:01 - Eve: a line of another layout is part of the message\n"
    "\u200e[25.01.26, 09:02:00] ~\u202fBen: \u200eimage omitted\n"
    "[25.01.26, 09:03:00] \u202a+49\u00a0170\u00a01234567\u202c: \u200e<attached: 1-PHOTO.jpg>\n"
    "[25.01.26, 09:04:00] Ben: are calls end-to-end encrypted?\n"
    "[25.01.26, 09:05:00] Ben:\n"
    "[26.01.26, 10:00:00] Ada: late\n"
    '[26.01.26, 10:01:00] Ada changed the subject from "a" to "b: c"\n'
    "[26.01.26, 25:01:00] Ada: no such hour\n"
    "[99.01.26, 10:01:00] Ada: no such day\n"
)


def test_a_group(tmp_path):
    log = load(chat(tmp_path, GROUP))
    phone = "+49 170 1234567"
    assert sorted(log.people.index) == [phone, "Ada", "Ben"]
    assert counts(log, "message") == {
        "kept": 6,
        "line of the system": 4,
        "no readable time": 2,
    }
    frame = log.to_frame()
    assert set(frame["size"]) == {3} and set(frame["role"]) == {"to"}
    assert frame.groupby("event").size().tolist() == [2] * 6
    assert set(contacts(log, "source", "target")) == {
        (one, other) for one in log.people.index for other in log.people.index if one != other
    }
    assert CANARY not in everything(log)
    assert "Eve" not in log.ids()


@pytest.mark.parametrize(
    "line",
    [
        "Ada hat den Betreff zu „x: y“ geändert",
        "Ada changed the subject to “x: y”",
        "Ada a changé le sujet en « x: y »",
        "Ada がグループ名を「x: y」に変更しました",
    ],
)
def test_a_subject_with_a_colon_is_nobody(tmp_path, line):
    text = f"[25.01.26, 09:01:00] Ada: Hi\n[25.01.26, 09:02:00] Ben „Bo“ Cho: {CANARY}\n"
    log = load(chat(tmp_path, text + f"[25.01.26, 09:03:00] {line}\n"))
    assert sorted(log.people.index) == ["Ada", "Ben „Bo“ Cho"]
    assert set(log.to_frame()["size"]) == {2}
    assert counts(log, "message") == {"kept": 2, "line of the system": 1}


def test_an_answer_is_to_the_last_message_of_somebody_else_within_a_day(tmp_path):
    frame = load(chat(tmp_path, GROUP)).to_frame().drop_duplicates("event")
    event = dict(zip(frame["time"].dt.strftime("%d %H:%M"), frame["event"], strict=True))
    replies = dict(zip(frame["event"], frame["reply_to"].astype(object), strict=True))
    assert pd.isna(replies[event["25 09:01"]])
    assert replies[event["25 09:02"]] == event["25 09:01"]
    assert replies[event["25 09:04"]] == replies[event["25 09:05"]] == event["25 09:03"]
    assert pd.isna(replies[event["26 10:00"]])


def test_a_chat_of_two_is_one_to_one(tmp_path):
    text = "25.01.26, 09:05 - Ada: a\n25.01.26, 09:07 - Ben: b\n25.01.26, 09:07 - Ben: c\n"
    log = load(chat(tmp_path, text))
    assert counts(log, "message") == {"kept": 2, "repeat": 1}
    assert log.to_frame()["size"].tolist() == [2, 2]
    assert any("no seconds" in note for note in log.notes)
    net = na.build_network(log, as_of="2026-02-01")
    assert net.ties.iloc[0]["answered_back"] == 1


def test_an_answer_to_the_second_message_of_a_minute_is_not_lost(tmp_path):
    text = "25.01.26, 09:05 - Ada: a\n25.01.26, 09:05 - Ada: b\n25.01.26, 09:07 - Ben: c\n"
    net = na.build_network(load(chat(tmp_path, text)), as_of="2026-02-01")
    assert net.ties.iloc[0]["answered_back"] == 1


def test_a_chat_of_one(tmp_path):
    log = load(chat(tmp_path, "25.01.26, 09:05 - Ada: a\n25.01.26, 09:07 - Ada: b\n"))
    assert counts(log, "message") == {"nobody else wrote in this chat": 2}


def test_a_crowd_is_set_apart_by_its_size(tmp_path):
    text = "".join(f"25.01.26, 09:05 - P{n}: a\n" for n in range(60))
    log = load(chat(tmp_path, text))
    assert len(log) == 0
    assert counts(log, "message") == {"event of more than 50 people": 60}


def test_two_exports_of_one_chat_are_one(tmp_path):
    lines = [f"{day:02}.01.26, 09:05 - {'Ada' if day % 2 else 'Ben'}: x\n" for day in range(1, 29)]
    lay_out(tmp_path, {"a.txt": "".join(lines[:20]), "b.txt": "".join(lines[8:])})
    log = load(tmp_path)
    assert counts(log, "message") == {"kept": 28, "repeat": 12}


def test_the_zip_with_its_media(tmp_path):
    files = {"_chat.txt": GROUP, "00001-PHOTO.jpg": b"\xff\xd8", "notes.txt": "no chat"}
    path = zipped(tmp_path / "WhatsApp Chat.zip", files)
    log = load(path)
    pd.testing.assert_frame_equal(
        log.to_frame().drop(columns="origin"),
        load(chat(tmp_path, GROUP)).to_frame().drop(columns="origin"),
    )
    assert counts(log, "file") == {"not read: media": 2}
    two = load(zipped(tmp_path / "two.zip", {"a.txt": GROUP, "b.txt": GROUP}))
    assert set(two.card["file"]) == {"two.zip/a.txt", "two.zip/b.txt"}


def test_text_before_the_first_message_is_counted(tmp_path):
    path = chat(tmp_path, "\n25.01.26, 09:05 - Ada: a\n25.01.26, 09:05 - Ben: b\n")
    assert not whatsapp.read(path, Options(), ENGINE)[0].skipped
    # A line of a layout that the rest does not have.
    path = chat(
        tmp_path, "[25.01.26, 09:05] x: y\n25.01.26, 09:05 - A: a\n25.01.26, 09:05 - B: b\n"
    )
    assert whatsapp.read(path, Options(), ENGINE)[0].skipped == (
        ("text before the first message", 1),
    )


# ---- the order of days -------------------------------------------------------------------------


def days(*dates: str) -> str:
    who = ("Ada", "Ben")
    return "".join(f"{date}, 09:0{n % 9} - {who[n % 2]}: x\n" for n, date in enumerate(dates))


@pytest.mark.parametrize(
    ("dates", "first"),
    [
        (("05/06/24", "13/06/24"), "2024-06-05"),
        (("05/06/24", "05/13/24"), "2024-05-06"),
        # Only one order keeps the chat in the order of time.
        (("01/02/24", "02/02/24", "01/03/24"), "2024-02-01"),
        (("01/12/24", "02/01/24", "02/02/24", "12/01/24"), "2024-01-12"),
        # A year of two digits stands first only where nothing else can be.
        (("24/05/06", "24/05/30"), "2024-05-06"),
        (("15-01-20", "16-01-20", "31-01-20", "01-02-20"), "2020-01-15"),
        (("2024/05/06", "2024/05/07"), "2024-05-06"),
        (("5/5/24", "6/6/24"), "2024-05-05"),
        (("10.06.20", "20.06.20", "30.06.20"), "2020-06-10"),
        (("20/10/11", "20/11/09"), "2020-10-11"),
        # One date that is none of a calendar turns nothing around.
        ((*("25.01.26",) * 12, "99.01.26"), "2026-01-25"),
    ],
)
def test_the_order_of_days_is_found_from_the_whole_file(tmp_path, dates, first):
    assert times(chat(tmp_path, days(*dates)))[0][:10] == first


def test_an_open_order_is_asked_for_in_one_line(tmp_path):
    path = chat(tmp_path, days("01/02/24", "03/04/24", "05/06/24"))
    with pytest.raises(LoaderError, match="--date-order dmy or --date-order mdy") as caught:
        load(path)
    assert "\n" not in str(caught.value) and "chat.txt" in str(caught.value)
    assert times(path, date_order="dmy")[0][:10] == "2024-02-01"
    assert times(path, date_order="mdy")[0][:10] == "2024-01-02"


def test_an_order_with_the_year_in_front_may_be_open_too(tmp_path):
    path = chat(tmp_path, days("20/10/11", "20/10/12", "20/10/13"))
    with pytest.raises(LoaderError, match="--date-order dmy or --date-order ymd"):
        load(path)
    assert times(path, date_order="ymd")[0][:10] == "2020-10-11"


def test_what_the_file_shows_is_believed_before_what_is_said(tmp_path):
    path = chat(tmp_path, days("13/02/24", "14/03/24", "15/04/24"))
    assert times(path, date_order="mdy")[0][:10] == "2024-02-13"


def test_one_quoted_line_does_not_outweigh_what_is_said(tmp_path):
    path = chat(tmp_path, days(*["01/02/24"] * 20, "13/02/24"))
    assert times(path)[0][:10] == "2024-02-01"
    assert times(path, date_order="mdy")[0][:10] == "2024-01-02"


@given(
    st.lists(
        st.dates(pd.Timestamp("2010-01-01").date(), pd.Timestamp("2035-12-31").date()), min_size=1
    ),
    st.sampled_from(["%d/%m/%Y", "%m/%d/%Y", "%d/%m/%y", "%m/%d/%y", "%Y/%m/%d"]),
)
def test_an_order_that_is_found_is_never_wrong(dates, form):
    order = DayOrder(2009, chronological=True)
    ordered = sorted(dates)
    for day in ordered:
        order.add(*day.strftime(form).split("/"))
    try:
        found = order.found(None, "chat.txt")
    except LoaderError:
        return
    read = [day_of(tuple(day.strftime(form).split("/")), found, 2009) for day in ordered]
    if read != [day.toordinal() for day in ordered]:
        # Only where the other reading is as good in every way: the dates cannot tell.
        assert sorted(one for one in read if one) == read


def test_a_zone_moves_the_clock(tmp_path):
    path = chat(tmp_path, days("13/07/24", "14/07/24"))
    assert times(path, zone="Europe/Paris")[0] == "2024-07-13 07:00:00"
    assert any("Europe/Paris" in note for note in load(path, zone="Europe/Paris").notes)
    assert any("UTC" in note for note in load(path).notes)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31 mai 2026", "2026-05-31"),
        ("1. Juli 2026", "2026-07-01"),
        ("15 août 2026", "2026-08-15"),
        ("29 Feb 2024", "2024-02-29"),
        ("29 Feb 2023", None),
        ("May 5, 2026", "2026-05-05"),
        ("5 dez. 2026", "2026-12-05"),
        ("2026-02-30", None),
        ("x" * 100_000, None),
        ("1" + " " * 100_000, None),
    ],
)
def test_dates_by_words(text, day):
    micros = micros_in(text, "dmy", None, 2003)
    expected = None if day is None else int(pd.Timestamp(day).timestamp()) * 1_000_000
    assert micros == expected


# ---- samples, other files, broken ones ---------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kept", "system"),
    [
        ("lorem-2000", 2_000, 0),
        ("lorem", 500, 0),
        ("lorem-merge-part1", 300, 0),
        ("lorem-merge-part2", 300, 0),
        ("pokemon", 18, 2),
    ],
)
def test_the_samples_are_accounted_for(name, kept, system):
    log = load(shared(f"data/formats/whatsapp/{name}.txt"))
    expected = {"kept": kept, "line of the system": system}
    assert counts(log, "message") == {reason: n for reason, n in expected.items() if n}
    assert "lorem" not in "".join(log.ids()).casefold()
    assert log.coverage["first"].iloc[0].year >= 2016


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "time,source,target\n2026-01-05,a,b\n",
        "2026-01-05 09:00,ada,ben\n",
        "Dear Ada,\n25.01.26, 09:05 - Ada: a\n",
        "28820 492 938\n",
        "From ada@x.org Mon Jan  5 09:00:00 2026\n",
    ],
)
def test_what_is_no_chat(tmp_path, text):
    path = chat(tmp_path, text)
    assert not whatsapp.recognises(path)
    with pytest.raises(LoaderError, match="does not begin as a WhatsApp chat does"):
        load(path, kind="whatsapp")


def test_what_is_no_file(tmp_path):
    zipped(tmp_path / "a.zip", {"notes.txt": "no chat"})
    paths = [tmp_path, tmp_path / "gone.txt", tmp_path / "a.zip", None, "a.txt", pd.DataFrame()]
    assert not any(whatsapp.recognises(path) for path in paths)
    with pytest.raises(LoaderError, match="holds no WhatsApp chat"):
        load(tmp_path / "a.zip", kind="whatsapp")


def test_long_lines_and_names(tmp_path):
    text = (
        f"25.01.26, 09:05 - {'N' * 5_000}: a\n25.01.26, 09:05 - Ada: {'x' * 3_000_000}\n"
        "25.01.26, 09:06 - Ben: b\n25.01.26, 09:06 - Ada: <script>alert(1)</script>\n"
    )
    log = load(chat(tmp_path, text))
    assert sorted(log.ids()) == ["Ada", "Ben"]


GOOD = GROUP.encode()


@given(broken(GOOD))
@settings(max_examples=100, deadline=None)
def test_broken_chats(tmp_path_factory, data):
    _read_broken(tmp_path_factory, data)


@pytest.mark.nightly
@given(broken(GOOD))
@settings(max_examples=2_000, deadline=None)
def test_broken_chats_nightly(tmp_path_factory, data):
    _read_broken(tmp_path_factory, data)


def _read_broken(tmp_path_factory, data):
    path = chat(tmp_path_factory.mktemp("x"), data)
    recognised = whatsapp.recognises(path)
    batches = read_safely(whatsapp.read, path)
    assert recognised or not batches


@pytest.mark.parametrize("name", ["pokemon", "lorem-merge-part1"])
def test_broken_samples(tmp_path, name):
    good = shared(f"data/formats/whatsapp/{name}.txt").read_bytes()
    for seed in range(20):
        data = mutated(good, random.Random(seed))
        read_safely(whatsapp.read, chat(tmp_path, data))
