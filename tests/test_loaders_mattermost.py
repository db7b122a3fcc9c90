"""Mattermost bulk exports: posts, replies, reactions, direct channels."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import netanalytics as na
from netanalytics.errors import LoaderError
from netanalytics.loaders import mattermost

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

START = 1_767_600_000_000  # 2026-01-05 08:00


def said(user: str, minute: float, text: str = CANARY, **more) -> dict:
    return {"user": user, "message": text, "create_at": START + int(minute * 60_000), **more}


def post(channel: str, content: dict) -> dict:
    return {"type": "post", "post": {"team": "acme", "channel": channel, **content}}


def direct(members: list[str], content: dict) -> dict:
    return {"type": "direct_post", "direct_post": {"channel_members": members, **content}}


def user(name: str, *channels: str, **more) -> dict:
    teams = [{"name": "acme", "channels": [{"name": channel} for channel in channels]}]
    return {
        "type": "user",
        "user": {"username": name, "email": f"{name}@X.org", "teams": teams, **more},
    }


LINES = [
    {"type": "version", "version": 1, "info": {"generator": "mattermost"}},
    {"type": "team", "team": {"name": "acme", "description": CANARY}},
    {"type": "channel", "channel": {"team": "acme", "name": "town", "header": CANARY}},
    user("ada", "town", first_name="Ada", last_name="Berg", position="Chief"),
    user("ben", "town", nickname="Benny"),
    user("cy.d", "town"),
    *(user(f"u{n}", "huge") for n in range(60)),
    {"type": "bot", "bot": {"username": "robot", "display_name": "Robot", "owner": "ada"}},
    post("town", said("ada", 0, f"hello @ben, @cy.d. @nobody x@ada {CANARY}")),
    post("town", said("ben", 1, reactions=[
        {"user": "ada", "emoji_name": CANARY, "create_at": START + 180_000},
        {"user": "ada", "emoji_name": "x", "create_at": START + 240_000},
        {"user": "ben", "emoji_name": "x", "create_at": START + 240_000},
        {"user": "cy.d", "emoji_name": "x"},
    ], replies=[
        said("ada", 2),
        said("ben", 3, "to my own post"),
        said("Cy.D", 4, "@ada"),
        {"user": "ada", "message": "undated"},
    ])),
    post("town", said("ada", 5, "@channel")),
    post("huge", said("u1", 6)),
    post("huge", said("u1", 7, "@u2")),
    post("unlisted", said("ada", 8)),
    post("town", said("ada", 9, "beep", props={"from_webhook": "true"})),
    post("town", said("ada", 10, "ada joined", type="system_join_channel")),
    post("town", {"message": "nobody", "create_at": START}),
    {"type": "direct_channel", "direct_channel": {"members": ["ada", "ben"], "header": CANARY}},
    direct(["ada", "ben"], said("ada", 20)),
    direct(["ben", "ada"], said("ben", 21)),
    direct(["ada", "ada"], said("ada", 22)),
    direct(["ada", "ben", "cy.d"], said("cy.d", 23, replies=[said("ada", 24)])),
    {"type": "wave", "wave": {}},
]  # fmt: skip
TEXT = "\n".join([*map(json.dumps, LINES), "{broken", "", '["list"]', ""])


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    folder = tmp_path_factory.mktemp("export")
    return load(lay_out(folder, {"export.jsonl": TEXT}) / "export.jsonl")


def at(log, minute: float, *columns: str) -> list[tuple]:
    time = pd.Timestamp(START + int(minute * 60_000), unit="ms", tz="UTC")
    columns = columns or ("source", "target", "role", "size")
    return contacts(log.between(time, time + pd.Timedelta(1, "us")), *columns)


def test_who_is_reached_in_which_role(log):
    assert at(log, 0) == [("ada", "ben", "mention", 3), ("ada", "cy.d", "mention", 3)]
    assert at(log, 1) == [
        ("ben", "ada", "broadcast", 3),
        ("ben", "cy.d", "broadcast", 3),
        ("cy.d", "ben", "reaction", 2),
    ]
    assert at(log, 2) == [("ada", "ben", "reply", 2)]
    # Whoever wrote the post answers the last other person under it; the reaction has a time.
    assert at(log, 3) == [("ada", "ben", "reaction", 2), ("ben", "ada", "reply", 2)]
    assert at(log, 4) == [("cy.d", "ada", "mention", 3), ("cy.d", "ben", "reply", 3)]
    assert at(log, 5) == [("ada", "ben", "broadcast", 3), ("ada", "cy.d", "broadcast", 3)]
    assert at(log, 7) == [("u1", "u2", "mention", 2)]


def test_direct_posts(log):
    assert at(log, 20) == [("ada", "ben", "to", 2)]
    assert at(log, 23) == [("cy.d", "ada", "to", 3), ("cy.d", "ben", "to", 3)]
    assert at(log, 24) == [("ada", "ben", "to", 3), ("ada", "cy.d", "reply", 3)]


def test_replies_are_linked(log):
    events = {minute: at(log, minute, "event")[0][0] for minute in (2, 20, 23)}
    post_event = at(log, 1, "event")[0][0]
    assert at(log, 2, "reply_to") == [(post_event,)]
    assert at(log, 3, "reply_to") == [(post_event,), (events[2],)]
    assert at(log, 21, "reply_to") == [(events[20],)]
    assert at(log, 24, "reply_to") == [(events[23],)] * 2
    assert at(log, 1, "reply_to") == [(None,)] * 3
    net = na.build_network(log, people=log.people, as_of="2026-02-01")
    # The answer; the reaction in the minute after it is none.
    assert net.ties.loc[("ada", "ben"), "answered_forward"] == 1


def test_every_line_is_counted(log):
    assert counts(log, "message") == {
        "kept": 11,
        "message of a bot": 1,
        "message to a channel, nobody named": 2,
        "message to oneself": 1,
        "no author": 1,
        "no readable time": 1,
        "not written by a person to people: system message": 1,
    }
    assert counts(log, "person") == {"kept": 63}
    assert counts(log, "line") == {
        "not read: describes a bot": 1,
        "not read: describes a channel": 1,
        "not read: describes a direct channel": 1,
        "not read: describes a team": 1,
        "not read: describes a version": 1,
        "unreadable or unknown line": 3,
    }


def test_people(log):
    assert log.people.loc["ada", ["name", "addresses", "title"]].tolist() == [
        "Ada Berg",
        "ada@x.org",
        "Chief",
    ]
    assert log.people.loc["ben", "name"] == "Benny"
    assert log.people.index[log.people["is_bot"]].tolist() == ["robot"]


def test_no_text_is_kept(log):
    assert CANARY not in everything(log)


@pytest.mark.parametrize("kind", ["zip", "folder"])
def test_exports_with_their_files(log, tmp_path, kind):
    files = {"import.jsonl": TEXT, "data/a.png": b"x", "data/b.png": b"x"}
    if kind == "zip":
        path = zipped(tmp_path / "export.zip", files)
    else:
        path = lay_out(tmp_path / "export", files)
    packed = load(path)
    pd.testing.assert_frame_equal(
        packed.to_frame().drop(columns="origin"), log.to_frame().drop(columns="origin")
    )
    assert counts(packed, "file") == {"not read: holds no messages": 2}


def test_what_is_no_export(tmp_path):
    lay_out(tmp_path, {"a.jsonl": '{"time": 1}\n', "b.json": "[]", "c.jsonl": "", "data/x": ""})
    assert not any(mattermost.recognises(path) for path in [tmp_path, *tmp_path.iterdir()])
    assert not mattermost.recognises(None) and not mattermost.recognises(tmp_path / "gone.jsonl")
    for path in (tmp_path / "a.jsonl", zipped(tmp_path / "a.zip", {"a.jsonl": "{}"})):
        with pytest.raises(LoaderError, match="does not begin with the version"):
            load(path, kind="mattermost")


def test_long_lines_are_counted(tmp_path):
    long = json.dumps(post("town", said("ada", 1, "x" * 1_500_000)))
    text = "\n".join([json.dumps(LINES[0]), long, json.dumps(post("town", said("ada", 1, "@ada")))])
    log = load(lay_out(tmp_path, {"a.jsonl": text}) / "a.jsonl")
    assert counts(log, "line")["unreadable or unknown line"] == 1


GOOD = TEXT.encode()


@given(broken(GOOD))
@settings(max_examples=100, deadline=None)
def test_broken_exports(tmp_path_factory, data):
    _read_broken(tmp_path_factory, data)


@pytest.mark.nightly
@given(broken(GOOD))
@settings(max_examples=2_000, deadline=None)
def test_broken_exports_nightly(tmp_path_factory, data):
    _read_broken(tmp_path_factory, data)


def _read_broken(tmp_path_factory, data):
    path = lay_out(tmp_path_factory.mktemp("x"), {"a.jsonl": data}) / "a.jsonl"
    assert mattermost.recognises(path) in (True, False)
    read_safely(mattermost.read, path)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
COLUMNS = st.sampled_from(
    (
        *("user", "message", "create_at", "reactions", "replies", "props", "type"),
        *("channel_members", "team", "channel", "teams", "username", "email"),
    )
)


@given(st.lists(st.dictionaries(COLUMNS, ANYTHING), max_size=4), st.booleans())
@settings(max_examples=50, deadline=None)
def test_posts_may_hold_anything(tmp_path_factory, records, private):
    lines = [LINES[0]]
    for record in records:
        lines.append({"type": "user", "user": record})
        lines.append(
            direct(["ada", "ben"], {**said("ada", 1), **record})
            if private
            else post("town", {**said("ada", 1), **record})
        )
    text = "\n".join(map(json.dumps, lines))
    path = lay_out(tmp_path_factory.mktemp("x"), {"a.jsonl": text}) / "a.jsonl"
    assert mattermost.recognises(path)
    read_safely(mattermost.read, path)
