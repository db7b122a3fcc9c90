"""Zulip: exports, archives and messages of the API; topics, quotes, mentions and reactions."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import netanalytics as na
from netanalytics.errors import LoaderError
from netanalytics.loaders import zulip

from .exports import (
    CANARY,
    broken,
    contacts,
    counts,
    everything,
    lay_out,
    load,
    read_safely,
    zipped,
)

START = 1_767_600_000  # 2026-01-05 08:00


def person(number: int, name: str, **more) -> dict:
    return {
        "id": number,
        "full_name": name,
        "email": f"user{number}@zulip.x.org",
        "delivery_email": f"{name}@X.org",
        "is_bot": False,
        **more,
    }


def row(
    number: int, sender: int, recipient: int, minute: float, text: str = CANARY, **more
) -> dict:
    return {
        "id": number,
        "sender": sender,
        "recipient": recipient,
        "subject": f"topic {CANARY}",
        "content": text,
        "rendered_content": f"<p>{CANARY}</p>",
        "date_sent": START + minute * 60 + 0.25,
        **more,
    }


REALM = {
    "zerver_realm": [{"id": 1, "name": CANARY}],
    "zerver_userprofile": [
        person(1, "Ada"),
        person(2, "Ben"),
        person(3, "Cy"),
        person(4, "Robot", is_bot=True),
        person(5, "Twin"),
        person(6, "Twin", delivery_email="twin2@x.org"),
        person(7, "Mute", delivery_email=None, email="hidden"),
    ],
    "zerver_userprofile_crossrealm": [{"id": 90, "email": "notification-bot@zulip.com"}],
    "zerver_stream": [{"id": 11, "name": CANARY}],
    "zerver_recipient": [
        {"id": 101, "type": 2, "type_id": 11},
        {"id": 102, "type": 1, "type_id": 2},
        {"id": 103, "type": 1, "type_id": 1},
        {"id": 104, "type": 3, "type_id": 21},
        {"id": 105, "type": 2, "type_id": 12},
    ],
    "zerver_subscription": [
        *({"id": n, "user_profile": n, "recipient": 101, "active": True} for n in (1, 2, 3)),
        {"id": 9, "user_profile": 4, "recipient": 101, "active": False},
        *({"id": n, "user_profile": n, "recipient": 104} for n in (1, 2, 3)),
        *({"id": n, "user_profile": n, "recipient": 105} for n in range(200, 260)),
    ],
    "zerver_reaction": [
        {"id": 1, "user_profile": 2, "message": 1_001, "emoji_name": CANARY},
        {"id": 2, "user_profile": 2, "message": 1_001, "emoji_name": "+1"},
        {"id": 3, "user_profile": 3, "message": 1_001, "emoji_name": "+1"},
        {"id": 4, "user_profile": 1, "message": 1_001, "emoji_name": "+1"},
    ],
}
FIRST = [
    row(1_001, 1, 101, 0, f"first {CANARY}"),
    row(1_002, 2, 101, 1, "answers"),
    row(1_003, 2, 101, 2, "@**Cy** and @**Ada|1** and @_**Twin|5** and @**Twin** and @**Nobody**"),
    row(1_004, 3, 101, 3, "another topic", subject="other"),
    row(
        1_005,
        3,
        101,
        4,
        f"@_**Ada|1** [said](https://x.org/#narrow/stream/11-a/topic/b/near/1001):\n> {CANARY}",
    ),
    row(1_006, 1, 101, 3_000, "@**all** a day later"),
]
SECOND = [
    row(1_007, 1, 102, 10),
    row(1_008, 2, 103, 11),
    row(1_009, 1, 103, 12),
    row(1_010, 3, 104, 13),
    row(1_011, 1, 104, 14),
    row(1_012, 200, 105, 15, "to a large stream"),
    row(1_013, 1, 999, 16, "to a place that is not in the export"),
    row(1_014, 90, 101, 17, "@**Ada** by a bot", subject="third"),
    {**row(1_015, 1, 101, 18), "date_sent": "soon"},
    {**row(1_016, 1, 101, 19), "sender": None},
    "no record",
]
EXPORT = {
    "realm.json": REALM,
    "messages-000001.json": {"zerver_message": FIRST, "zerver_usermessage": [{"id": 1}] * 5},
    "messages-000002.json": {"zerver_usermessage": [], "zerver_message": SECOND},
    "attachment.json": {"zerver_attachment": [{"file_name": CANARY}]},
    "uploads/a/b.png": b"\x89PNG",
    "avatars/records.json": [],
}


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    return load(lay_out(tmp_path_factory.mktemp("export") / "zulip", EXPORT))


def of(log, number: int, *columns: str) -> list[tuple]:
    frame = log.to_frame()
    frame = frame[frame["event"] == f"zulip {number}"]
    shown = frame[list(columns or ("source", "target", "role", "size"))].astype(object)
    return list(shown.where(shown.notna(), None).itertuples(index=False, name=None))


def test_topics_mentions_and_quotes(log):
    assert of(log, 1_001) == [
        ("ada@x.org", "ben@x.org", "broadcast", 3),
        ("ada@x.org", "cy@x.org", "broadcast", 3),
    ]
    assert of(log, 1_002) == [("ben@x.org", "ada@x.org", "reply", 2)]
    # A quiet mention reaches nobody, nor does a name that two people have.
    assert of(log, 1_003) == [
        ("ben@x.org", "ada@x.org", "reply", 3),
        ("ben@x.org", "cy@x.org", "mention", 3),
    ]
    assert of(log, 1_004)[0][2] == "broadcast"
    # A quote says what is answered, although somebody else wrote in between.
    assert of(log, 1_005, "target", "role", "reply_to") == [("ada@x.org", "reply", "zulip 1001")]
    assert of(log, 1_006, "target", "role", "reply_to") == [
        ("ben@x.org", "broadcast", None),
        ("cy@x.org", "broadcast", None),
    ]
    assert of(log, 1_003, "reply_to") == [("zulip 1001",)] * 2
    assert of(log, 1_001, "time")[0][0] == pd.Timestamp("2026-01-05 08:00:00.25", tz="UTC")


def test_direct_messages(log):
    assert of(log, 1_007) == [("ada@x.org", "ben@x.org", "to", 2)]
    # Where somebody writes to is a number of the other, so the two directions have two numbers.
    assert of(log, 1_008, "target", "reply_to") == [("ada@x.org", "zulip 1007")]
    assert of(log, 1_010) == [("cy@x.org", one, "to", 3) for one in ("ada@x.org", "ben@x.org")]
    assert of(log, 1_011, "reply_to") == [("zulip 1010",)] * 2


def test_reactions(log):
    rows = contacts(log.where(role="reaction"), "source", "target", "size", "reply_to")
    assert rows == [("ben@x.org", "ada@x.org", 2, None), ("cy@x.org", "ada@x.org", 2, None)]


def test_every_message_is_counted(log):
    assert counts(log, "message") == {
        "kept": 11,
        "message to oneself, or to nobody known": 1,
        "message to a channel, nobody named": 2,
        "no readable time": 1,
        "no author": 1,
        "unreadable record": 1,
    }
    assert counts(log, "file") == {"not read: holds no messages": 3}


def test_people(log):
    people = log.people
    assert people.loc["ada@x.org", "name"] == "Ada"
    assert people.index[people["is_bot"]].tolist() == ["notification-bot@zulip.com", "robot@x.org"]
    assert "Mute" in people.index


def test_no_text_is_kept(log):
    assert CANARY not in everything(log)


def test_a_zip_gives_the_same_log(log, tmp_path):
    files = {f"zulip-export-2026/{name}": content for name, content in EXPORT.items()}
    packed = load(zipped(tmp_path / "a.zip", files))
    pd.testing.assert_frame_equal(
        packed.to_frame().drop(columns="origin"), log.to_frame().drop(columns="origin")
    )


def test_a_damaged_file_of_messages(tmp_path):
    text = json.dumps(EXPORT["messages-000001.json"])
    files = {**EXPORT, "messages-000001.json": text[: text.index('"id": 1004')]}
    log = load(lay_out(tmp_path / "x", files))
    assert of(log, 1_003) and not of(log, 1_004) and of(log, 1_007)
    damaged = log.card[log.card["reason"] == "not read to its end: damaged"]
    assert damaged["file"].tolist() == ["x/messages-000001.json"]


# ---- archives and the API ----------------------------------------------------------------------


def slim(number: int, name: str, minute: float, text: str = CANARY) -> dict:
    return {
        "content": f"<p>{text}</p>",
        "id": number,
        "sender_full_name": name,
        "timestamp": START + int(minute * 60),
    }


def mention(number: int, name: str, kind: str = "") -> str:
    at = "" if kind else "@"
    return f'<span class="user-mention{kind}" data-user-id="{number}">{at}{name}</span>'


def test_an_archive_of_streams(tmp_path):
    quote = mention(1, "Ada &amp; Co", " silent") + (
        ' <a href="https://x.org/#narrow/stream/1-a/topic/b/near/1">said</a>:'
    )
    files = {
        "stream_index.json": {"time": 1, "streams": {CANARY: {"id": 1, "topic_data": {}}}},
        "1-general/welcome.json": [
            slim(1, "Ada & Co", 0),
            slim(2, "Ben", 1),
            slim(3, "Cy", 2, f"{mention(1, 'Ada &amp; Co')} {mention(9, 'Never')} {CANARY}"),
            slim(4, "Dee", 3, quote),
            slim(5, "Dee", 9_000),
            slim(6, "Eve", 9_001, '<span class="user-mention" data-user-id="*">@all</span>'),
        ],
        "1-general/other.json": [slim(7, "Ben", 0.5)],
        "style.css": "",
    }
    log = load(lay_out(tmp_path / "x", files))
    assert of(log, 2) == [("Ben", "Ada & Co", "reply", 2)]
    assert of(log, 3) == [("Cy", "Ada & Co", "mention", 3), ("Cy", "Ben", "reply", 3)]
    assert of(log, 4, "target", "reply_to") == [("Ada & Co", "zulip 1")]
    assert of(log, 6, "target", "reply_to") == [("Dee", "zulip 5")]
    assert counts(log, "message") == {"kept": 4, "message to a channel, nobody named": 3}
    assert counts(log, "file") == {"not read: holds no messages": 1}
    assert CANARY not in everything(log)


def api(number: int, name: str, minute: float, **more) -> dict:
    return {
        **slim(number, name, minute),
        "sender_email": f"{name}@X.org",
        "sender_id": number % 10,
        "type": "stream",
        "stream_id": 7,
        "display_recipient": f"stream {CANARY}",
        "subject": f"topic {CANARY}",
        **more,
    }


API = [
    api(1, "Ada", 0),
    api(2, "Ben", 1, reactions=[
        {"emoji_name": "+1", "user_id": 1},
        {"emoji_name": "x", "user": {"email": "new@x.org", "id": 77}},
    ]),
    api(3, "Ada", 2, subject="other", content=mention(4, "Cy")),
    api(4, "Cy", 3, type="private", display_recipient=[
        {"id": 4, "email": "Cy@x.org", "full_name": "Cy"},
        {"id": 1, "email": "Ada@x.org", "full_name": "Ada"},
    ]),
    api(11, "notification-bot", 4, sender_email="notification-bot@zulip.com", subject="third"),
]  # fmt: skip


@pytest.mark.parametrize("inside", [True, False])
def test_messages_of_the_api(tmp_path, inside):
    content = {"result": "success", "anchor": 0, "messages": API} if inside else API
    path = lay_out(tmp_path, {"messages.json": content}) / "messages.json"
    assert zulip.recognises(path)
    log = load(path)
    assert contacts(log, "source", "target", "role", "size") == [
        ("ada@x.org", "ben@x.org", "reaction", 2),
        ("ben@x.org", "ada@x.org", "reply", 2),
        ("new@x.org", "ben@x.org", "reaction", 2),
        ("ada@x.org", "cy@x.org", "mention", 2),
        ("cy@x.org", "ada@x.org", "to", 2),
    ]
    assert log.people.loc["notification-bot@zulip.com", "is_bot"]
    assert not log.people.loc["ada@x.org", "is_bot"]
    assert counts(log, "message") == {"kept": 3, "message to a channel, nobody named": 2}
    assert CANARY not in everything(log)


def test_hostile_text(tmp_path):
    text = '<span class="user-mention" ' * 30_000 + "@**" * 30_000 + "@_**Ada** [said](" * 30_000
    records = [
        api(0, "Ada", 0),
        api(1, "Ada", 0, content=text),
        api(2, "B\ud800\u202e<b>", 1, subject="x" * 10**6),
    ]
    path = lay_out(tmp_path, {"a.json": json.dumps(records)}) / "a.json"
    assert "\ud800" not in everything(load(path))


def test_what_is_no_export(tmp_path):
    lay_out(tmp_path, {"realm.json": {}, "a.json": [{"sender": "x"}], "b.json": "", "c.json": "{"})
    assert not any(zulip.recognises(path) for path in [tmp_path, *tmp_path.iterdir()])
    assert not zulip.recognises(None) and not zulip.recognises(tmp_path / "gone.json")
    with pytest.raises(LoaderError, match="no list of Zulip messages"):
        load(tmp_path / "a.json", kind="zulip")
    with pytest.raises(LoaderError, match="holds neither realm"):
        load(zipped(tmp_path / "a.zip", {"a.txt": ""}), kind="zulip")


def test_answers_reach_the_ties(log):
    net = na.build_network(log, people=log.people, as_of="2026-02-01")
    assert net.ties.loc[("ada@x.org", "ben@x.org"), "answered_back"] == 3
    assert "robot@x.org" not in net.people.index


# ---- broken files ------------------------------------------------------------------------------

GOOD = {name: json.dumps(EXPORT[name]).encode() for name in EXPORT if name.endswith("1.json")}
GOOD["realm.json"] = json.dumps(REALM).encode()
GOOD_API = json.dumps(API).encode()


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
    folder = tmp_path_factory.mktemp("x")
    if data.draw(st.booleans()):
        path = lay_out(folder, {"a.json": data.draw(broken(GOOD_API))}) / "a.json"
    else:
        name = data.draw(st.sampled_from(sorted(GOOD)))
        path = lay_out(folder, {**GOOD, name: data.draw(broken(GOOD[name]))})
    assert zulip.recognises(path) in (True, False)
    read_safely(zulip.read, path)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
COLUMNS = st.sampled_from(sorted({*API[1], *API[3], "reactions"}))


@given(st.lists(st.dictionaries(COLUMNS, ANYTHING).map(lambda odd: {**API[3], **odd}), max_size=4))
@settings(max_examples=50, deadline=None)
def test_messages_may_hold_anything(tmp_path_factory, records):
    folder = tmp_path_factory.mktemp("x")
    path = lay_out(folder, {"a.json": json.dumps([API[0], *records])}) / "a.json"
    main = read_safely(zulip.read, path)[0]
    assert CANARY not in str(main.notes)


KEYS = st.sampled_from(sorted({key for key in REALM if key != "zerver_realm"}))
FIELDS = ("id", "user_profile", "recipient", "type", "type_id", "email", "full_name", "message")


@given(
    st.dictionaries(KEYS, st.lists(st.dictionaries(st.sampled_from(FIELDS), ANYTHING), max_size=4))
)
@settings(max_examples=50, deadline=None)
def test_realms_may_hold_anything(tmp_path_factory, realm):
    files = {**EXPORT, "realm.json": json.dumps(realm)}
    read_safely(zulip.read, lay_out(tmp_path_factory.mktemp("x"), files))
