"""Slack exports, and what all chats have in common."""

from __future__ import annotations

import json
import random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import netanalytics as na
from netanalytics.errors import LoaderError
from netanalytics.loaders import Options, _archive, slack
from netanalytics.loaders._chat import DAY, Talk, micros_of_seconds

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
    zip_bytes,
    zipped,
)

START = 1_767_600_000  # 2026-01-05 08:00


def ts(minute: float) -> str:
    return f"{START + int(minute * 60)}.{int(minute * 10) % 10:06}"


def said(user: str | None, minute: float, text: str = CANARY, **more) -> dict:
    record = {"type": "message", "ts": ts(minute), "text": text, **more}
    return record if user is None else {**record, "user": user}


def user(number: str, name: str, **more) -> dict:
    profile = {"real_name": name, "email": f"{name}@X.org", "title": f"{name} of Acme"}
    return {"id": number, "name": name.lower(), "profile": profile, **more}


USERS = [
    user("U01", "Ada"),
    user("U02", "Ben"),
    user("U03", "Cy", deleted=True),
    user("U04", "Dee"),
    user("U05", "Robot", is_bot=True),
    {"id": "U06", "name": "plain", "profile": {"status_text": CANARY}},
    {"name": "no id"},
]
CHANNELS = [
    {
        "id": "C01",
        "name": "general",
        "members": ["U01", "U02", "U03", "U04"],
        "topic": {"value": CANARY},
        "purpose": {"value": CANARY},
    },
    {"id": "C02", "name": "huge", "members": [f"U{n}" for n in range(100, 180)]},
    {"id": "C03", "name": "unlisted"},
]
GENERAL_1 = [
    said("U01", 0, f"<@U01> has joined {CANARY}", subtype="channel_join"),
    said("U01", 1, "Hello"),
    said("U01", 2, f"<@U02|ben> and <@U03> {CANARY} <@U02>"),
    said("U02", 3, "look", thread_ts=ts(3), reply_count=4, reply_users=["U01"]),
    said("U01", 4, "a reply", thread_ts=ts(3), parent_user_id="U02"),
    said("U03", 5, "and <@U04>", thread_ts=ts(3), subtype="thread_broadcast"),
    said("U02", 6, "to my own thread", thread_ts=ts(3)),
    said(None, 7, "beep", subtype="bot_message", bot_id="B01", username="robot"),
    said(None, 8, "beep", bot_id="B01"),
    said(None, 8.5, "nobody"),
    said("U01", 9, "gone", subtype="tombstone"),
    said("U01", 9.5, "odd", subtype=f"Weird {CANARY}!"),
    {"type": "wave", "ts": ts(9)},
    "text instead of a record",
    said(
        "U02",
        10,
        "<@U03>",
        reactions=[
            {"name": CANARY, "users": ["U01", "U04", "U02"], "count": 9},
            {"name": "+1", "users": ["U01"], "count": 1},
        ],
    ),
    said("U01", 11, f"<!channel> <@U02> {CANARY}"),
    said("UEXT", 12, "<@U01> from outside", user_profile={"real_name": "Xena", "name": "xe"}),
    {"type": "message", "user": "U01", "text": "never", "ts": "soon"},
    {
        "type": "message",
        "subtype": "file_comment",
        "ts": ts(13),
        "text": "on <@U02>'s file",
        "comment": {"user": "U01", "comment": CANARY},
        "file": {"user": "U02", "title": CANARY},
    },
]
EXPORT = {
    "users.json": USERS,
    "channels.json": CHANNELS,
    "dms.json": [
        {"id": "D0001", "members": ["U01", "U02"]},
        {"id": "D0002", "members": ["U01", "USLACKBOT"]},
        {"id": "D0003", "members": ["U01", "U01"]},
    ],
    "mpims.json": [{"id": "G01", "name": "mpdm-ada--ben--cy-1", "members": ["U01", "U02", "U03"]}],
    "integration_logs.json": [{"user_id": "U01", "change_type": CANARY}],
    "general/2026-01-05.json": GENERAL_1,
    "general/2026-01-06.json": [
        said("U04", 1_440, "late", thread_ts=ts(3), parent_user_id="U02"),
        said("U04", 1_441, "its parent is not here", thread_ts=ts(-99), parent_user_id="U03"),
    ],
    "general/canvas.json": {"a": CANARY},
    "huge/2026-01-05.json": [
        said("U101", 501),
        said("U101", 502, "<!everyone>"),
        said("U101", 503, "<@U102>"),
    ],
    "unlisted/2026-01-05.json": [said("U01", 504)],
    "D0001/2026-01-05.json": [
        said("U01", 100),
        said("U02", 101),
        said("U02", 102, subtype="me_message"),
        said("U01", 3_000),
    ],
    "D0002/2026-01-05.json": [said("U01", 103), said("USLACKBOT", 104)],
    "D0003/2026-01-05.json": [said("U01", 105)],
    "D0009ABCD/2026-01-05.json": [said("U01", 106)],
    "mpdm-ada--ben--cy-1/2026-01-05.json": [
        said("U01", 200, "<@U02>", thread_ts=ts(200)),
        said("U02", 201, thread_ts=ts(200)),
    ],
    "mpdm-ada--dee-2/2026-01-05.json": [said("U04", 202)],
}  # fmt: skip


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    return load(lay_out(tmp_path_factory.mktemp("export") / "slack", EXPORT))


def at(log, minute: float, *columns: str) -> list[tuple]:
    micros = micros_of_seconds(ts(minute))
    time = pd.Timestamp(micros, unit="us", tz="UTC")
    return contacts(log.between(time, time + pd.Timedelta(1, "us")), *columns)


def test_who_is_reached_in_which_role(log):
    columns = ("source", "target", "role", "size")
    members = ("U02", "U03", "U04")
    assert at(log, 1, *columns) == [("U01", one, "broadcast", 4) for one in members]
    assert at(log, 2, *columns) == [("U01", one, "mention", 3) for one in ("U02", "U03")]
    assert at(log, 4, *columns) == [("U01", "U02", "reply", 2)]
    assert at(log, 5, *columns) == [("U03", "U02", "reply", 3), ("U03", "U04", "mention", 3)]
    # Whoever opened the thread answers the last other person in it.
    assert at(log, 6, *columns) == [("U02", "U03", "reply", 2)]
    assert at(log, 10, *columns) == [
        ("U01", "U02", "reaction", 2),
        ("U02", "U03", "mention", 2),
        ("U04", "U02", "reaction", 2),
    ]
    assert at(log, 11, *columns) == [
        ("U01", "U02", "mention", 4),
        ("U01", "U03", "broadcast", 4),
        ("U01", "U04", "broadcast", 4),
    ]
    assert at(log, 13, *columns) == [("U01", "U02", "mention", 2)]
    assert at(log, 1_440, *columns) == [("U04", "U02", "reply", 2)]
    assert at(log, 1_441, *columns) == [("U04", "U03", "reply", 2)]


def test_direct_messages(log):
    columns = ("source", "target", "role", "size")
    assert at(log, 100, *columns) == [("U01", "U02", "to", 2)]
    assert at(log, 200, *columns) == [("U01", "U02", "to", 3), ("U01", "U03", "to", 3)]
    assert at(log, 201, *columns) == [("U02", "U01", "reply", 3), ("U02", "U03", "to", 3)]
    # No list names this one; its folder does.
    assert at(log, 202, *columns) == [("U04", "U01", "to", 2)]


def test_replies_are_linked(log):
    frame = log.to_frame()
    event = dict(zip(frame["time"], frame["event"], strict=True))
    by_minute = {
        minute: event[pd.Timestamp(micros_of_seconds(ts(minute)), unit="us", tz="UTC")]
        for minute in (3, 5, 100, 102, 200)
    }
    assert at(log, 4, "reply_to") == [(by_minute[3],)]
    assert at(log, 6, "reply_to") == [(by_minute[5],)]
    assert at(log, 1_440, "reply_to") == [(by_minute[3],)]
    assert at(log, 101, "reply_to") == at(log, 102, "reply_to") == [(by_minute[100],)]
    assert at(log, 3_000, "reply_to") == [(None,)]  # more than a day later
    assert at(log, 201, "reply_to") == [(by_minute[200],)] * 2
    assert at(log, 1, "reply_to") == [(None,)] * 3
    net = na.build_network(log, people=log.people, as_of="2026-02-01")
    tie = net.ties.loc[("U01", "U02")]
    assert tie["answered_back"] == 3 and tie["answered_forward"] == 1


def test_times_keep_their_microseconds(log):
    assert at(log, 1, "time")[0][0].microsecond == 0
    assert micros_of_seconds("1452837318.000002") == 1_452_837_318_000_002
    assert micros_of_seconds("1452837318") == micros_of_seconds(1_452_837_318)
    for bad in ("", "soon", None, True, 1.5, "1e9", "-5", "99999999999", {}):
        assert micros_of_seconds(bad) is None


def test_every_record_is_counted(log):
    records = sum(len(content) for name, content in EXPORT.items() if "/2026" in name)
    found = counts(log, "message")
    assert sum(found.values()) == records
    prefix = "not written by a person to people: "
    assert found == {
        "kept": records - 14,
        "message to a channel, nobody named": 3,
        "message to oneself": 1,
        "direct message, its recipient is not in the export": 1,
        "message of a bot": 1,
        "no author": 1,
        "no readable time": 1,
        "not a message": 1,
        "unreadable record": 1,
        prefix + "bot_message": 1,
        prefix + "channel_join": 1,
        prefix + "tombstone": 1,
        prefix + "another subtype": 1,
    }
    assert counts(log, "person") == {"kept": 6, "no id": 1}
    files = log.card[(log.card["unit"] == "file") & (log.card["n"] > 0)]
    assert files[["file", "reason", "n"]].to_numpy().tolist() == [
        ["slack/integration_logs.json", "not read: holds no messages", 1],
        ["slack/other files", "not read: holds no messages", 1],
    ]


def test_people(log):
    people = log.people
    assert people.loc["U01", ["name", "addresses", "title"]].tolist() == [
        "Ada",
        "ada@x.org",
        "Ada of Acme",
    ]
    assert people.loc["UEXT", "name"] == "Xena"
    assert people.index[people["is_bot"]].tolist() == ["U05", "USLACKBOT"]
    assert people.loc["U06", "name"] == "plain"


def test_no_text_is_kept(log):
    assert CANARY not in everything(log)
    assert "general" not in log.to_frame()["event"].str.cat()


def test_a_zip_and_a_folder_in_it_give_the_same_log(log, tmp_path):
    columns = ["time", "source", "target", "channel", "event", "size", "role", "reply_to"]
    expected = log.to_frame()[columns]
    for number, prefix in enumerate(("", "Acme Slack export/")):
        files = {prefix + name: content for name, content in EXPORT.items()}
        packed = load(zipped(tmp_path / f"{number}.zip", files))
        pd.testing.assert_frame_equal(packed.to_frame()[columns], expected)


@pytest.mark.parametrize("gone", ["users.json", "channels.json", "dms.json", "mpims.json"])
def test_any_list_may_be_absent(tmp_path, gone):
    files = {name: content for name, content in EXPORT.items() if name != gone}
    log = load(lay_out(tmp_path / "x", files))
    assert ("U01", "U02", "mention") in contacts(log)


def test_users_of_an_organisation(tmp_path):
    files = {"org_users.json": USERS[:1], "a/2026-01-05.json": [said("U01", 1, "<@U02>")]}
    log = load(lay_out(tmp_path / "x", files))
    assert log.people.loc["U01", "name"] == "Ada"


def test_lists_and_days_may_be_damaged(tmp_path):
    files = {
        **EXPORT,
        "dms.json": json.dumps(EXPORT["dms.json"])[:-30],
        "general/2026-01-05.json": json.dumps(GENERAL_1)[:400],
    }
    log = load(lay_out(tmp_path / "x", files))
    damaged = log.card[log.card["reason"] == "not read to its end: damaged"]
    assert damaged["file"].tolist() == ["x/dms.json", "x/general/2026-01-05.json"]
    assert at(log, 1_440) and at(log, 100)


def test_members_of_a_large_channel_are_no_audience_of_one_message(tmp_path):
    def reached(members: int) -> dict[str, int]:
        channel = {"id": "C1", "name": "c", "members": [f"U{n}" for n in range(1, members + 1)]}
        files = {"channels.json": [channel], "c/2026-01-05.json": [said("U1", 1)]}
        return counts(load(lay_out(tmp_path / f"{members}", files)), "message")

    assert reached(50) == {"kept": 1}
    assert reached(51) == {"message to a channel, nobody named": 1}
    assert reached(1) == {"message to a channel, nobody named": 1}


def test_what_is_no_export(tmp_path):
    lay_out(tmp_path, {"users.json": [], "a/notes.json": [], "a.zip": "", "b.json": "[]"})
    assert not any(slack.recognises(path) for path in [tmp_path, *tmp_path.iterdir()])
    assert not slack.recognises(None) and not slack.recognises(pd.DataFrame())
    with pytest.raises(LoaderError, match="neither a folder nor a zip"):
        load(tmp_path / "b.json", kind="slack")


def test_the_sample_is_accounted_for():
    log = load(shared("data/formats/slack/testarchive_scrubbed.zip"))
    prefix = "not written by a person to people: "
    assert counts(log, "message") == {
        "kept": 49 + 3 + 1,
        prefix + "bot_message": 94,
        prefix + "channel_join": 8,
        prefix + "bot_add": 3,
    }
    assert counts(log, "person") == {"kept": 4}
    assert "integration_logs.json" in " ".join(log.card["file"])


def test_a_bomb_among_the_days_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(_archive, "FREE", 100_000)
    days = {"general/2026-01-07.json": b"[" + b" " * 5_000_000 + b"]"}
    path = zipped(tmp_path / "a.zip", {**EXPORT, **days})
    with pytest.raises(LoaderError, match="unpacks to more than 200 times its size") as caught:
        load(path)
    assert len(str(caught.value).splitlines()) == 1


def test_what_leads_out_of_the_export_is_counted(tmp_path):
    path = zipped(tmp_path / "a.zip", {**EXPORT, "../general/2026-01-07.json": [said("U01", 1)]})
    assert counts(load(path), "file")["not read: a name that leads out of the zip"] == 1
    outside = lay_out(tmp_path / "outside", {"2026-01-08.json": [said("U01", 9_000, "<@U02>")]})
    folder = lay_out(tmp_path / "x", EXPORT)
    (folder / "general" / "2026-01-08.json").symlink_to(outside / "2026-01-08.json")
    (folder / "secret").symlink_to(outside)
    log = load(folder)
    assert counts(log, "file")["not read: a link"] == 2
    assert not at(log, 9_000)


def test_hostile_text(tmp_path):
    odd = "\ud800\x00\u202e<script>alert(1)</script>"
    files = {
        "users.json": json.dumps([user("U01\ud800", odd, is_bot=odd)]),
        "channels.json": json.dumps([{"id": odd, "name": "c", "members": [odd, "U01\ud800"]}]),
        "c/2026-01-05.json": json.dumps(
            [
                said("U01\ud800", 1),
                said("U02", 2, "<@U01|" * 50_000 + "<!here|" * 50_000),
                said("U" * 5_000_000, 3, "<@U01>"),
            ]
        ),
    }
    log = load(lay_out(tmp_path / "x", files))
    assert max(map(len, log.ids())) <= 500
    assert "\ud800" not in everything(log)


def test_memory_is_that_of_one_record(tmp_path):
    import tracemalloc

    day = [said("U01", minute, "x" * 20_000) for minute in range(2_000)]
    files = {"channels.json": CHANNELS, "general/2026-01-05.json": day}
    folder = lay_out(tmp_path / "x", files)
    tracemalloc.start()
    slack.read(folder, Options(), ENGINE)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 12_000_000  # of a file of 40 MB


def test_one_person_in_two_exports_is_one(tmp_path):
    lay_out(tmp_path / "slack", EXPORT)
    lay_out(
        tmp_path,
        {
            "Connections.csv": "First Name,Last Name,URL,Email Address,Connected On\n"
            "Ada,Berg,https://linkedin.com/in/ada-berg,ADA@x.org,1 May 2026\n"
        },
    )
    log = load(tmp_path)
    net = na.build_network(log, people=log.people)
    assert ("U01" in net.people.index) != ("ada-berg" in net.people.index)
    assert {"chat", "connection"} <= set(log.coverage["channel"])


# ---- answers -----------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3)), max_size=12))
def test_an_answer_is_to_the_last_of_somebody_else(turns):
    talk, told, time = Talk(within=2), [], 0
    for number, (who, wait) in enumerate(turns):
        time += wait
        author, event = talk.answers("room", who, time, str(number))
        others = [one for one in told if one[0] != who]
        expected = others[-1] if others and time - others[-1][1] <= 2 else None
        assert (author, event) == ((expected[0], expected[2]) if expected else (None, None))
        told.append((who, time, str(number)))


def test_places_do_not_mix():
    talk = Talk(within=DAY)
    talk.answers("one", "a", 0, "m0")
    assert talk.answers("other", "b", 1, "m1") == (None, None)


# ---- broken files ------------------------------------------------------------------------------

GOOD = {name: json.dumps(content).encode() for name, content in EXPORT.items()}


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_broken_exports(tmp_path_factory, data):
    _read_broken(tmp_path_factory, data)


@pytest.mark.nightly
@given(st.data())
@settings(max_examples=2_000, deadline=None)
def test_broken_exports_nightly(tmp_path_factory, data):
    _read_broken(tmp_path_factory, data)


def _read_broken(tmp_path_factory, data):
    name = data.draw(st.sampled_from(sorted(GOOD)))
    files = {**GOOD, name: data.draw(broken(GOOD[name]))}
    path = tmp_path_factory.mktemp("x") / "x.zip"
    if data.draw(st.booleans()):
        path.write_bytes(zip_bytes(files))
    else:
        path.write_bytes(data.draw(broken(zip_bytes(GOOD))))
    assert slack.recognises(path) in (True, False)
    read_safely(slack.read, path)


def test_broken_samples(tmp_path):
    good = shared("data/formats/slack/testarchive_scrubbed.zip").read_bytes()
    for seed in range(30):
        path = tmp_path / "a.zip"
        path.write_bytes(mutated(good, random.Random(seed)))
        read_safely(slack.read, path)


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.sampled_from(["U01", ts(1)]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
FIELDS = ("type", "user", "ts", "text", "thread_ts", "subtype", "reactions", "comment", "bot_id")
ODD_RECORD = st.dictionaries(
    st.sampled_from((*FIELDS, "user_profile", "parent_user_id")), ANYTHING
).map(lambda record: {**said("U01", 1), **record})


@given(st.lists(ODD_RECORD, max_size=4), st.lists(ANYTHING, max_size=3))
@settings(max_examples=50, deadline=None)
def test_records_may_hold_anything(tmp_path_factory, records, users):
    files = {
        "users.json": json.dumps(users),
        "channels.json": json.dumps([*CHANNELS, *users]),
        "general/2026-01-05.json": json.dumps(records),
    }
    folder = lay_out(tmp_path_factory.mktemp("x"), files)
    batches = read_safely(slack.read, folder)
    main = batches[0]
    kept = ENGINE.query(f"SELECT count(DISTINCT record) AS n FROM ({main.query}) AS rows")
    assert kept["n"].iloc[0] + sum(n for _, n in main.skipped) == len(records)
