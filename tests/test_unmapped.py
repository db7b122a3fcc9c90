"""Who is not to be mapped appears nowhere: the rest is as if they had never been there."""

from __future__ import annotations

import json
import zipfile

import pandas as pd
import pytest

import netanalytics as na
from netanalytics.unmapped import REASON, DoNotMap

COLUMNS = ["time", "source", "target", "channel", "event", "size", "directed", "role", "reply_to"]


def whole(log) -> tuple:
    """Everything that a log says, but for how many records were left out."""
    card = log.card[log.card["reason"] != REASON].reset_index(drop=True)
    return log.to_frame().to_csv(), card.to_csv(), log.coverage.to_csv(), log.notes


def without(frame: pd.DataFrame, hides) -> pd.DataFrame:
    """Rewrite a log by hand as if some had not been in it."""
    ends = frame.melt(["event"], ["source", "target"], value_name="person")
    gone = ends[ends["person"].map(hides)].groupby("event")["person"].nunique()
    keep = ~(frame["source"].map(hides) | frame["target"].map(hides))
    kept = frame[keep].copy()
    kept["size"] = (kept["size"] - kept["event"].map(gone).fillna(0)).clip(lower=2).astype("int64")
    lost = set(frame["event"]) - set(kept["event"])
    kept["reply_to"] = kept["reply_to"].where(~kept["reply_to"].isin(lost))
    return kept


def test_the_rest_is_what_would_have_been_read_without_them(office):
    broker = office.truth.loc[office.truth["kind"] == "broker", "person"].iloc[0]
    hidden = DoNotMap.of([broker, "@lumen.example"])
    left = na.load(office.interactions, do_not_map=hidden)
    expected = na.load(without(office.interactions, hidden.hides))
    assert left.to_frame().to_csv() == expected.to_frame().to_csv()
    pd.testing.assert_frame_equal(left.coverage, expected.coverage)
    read = left.card.loc[left.card["unit"] == "row", "n"].sum()
    assert read == len(office.interactions)
    gone = left.card.loc[left.card["reason"] == REASON, "n"].item()
    assert gone == len(office.interactions) - len(without(office.interactions, hidden.hides)) > 300
    net = na.build_network(left, people=hidden.table(office.people.set_index("person")))
    assert broker not in net.people.index
    assert not net.people.index.str.endswith("@lumen.example").any()


U = "u-dr@clinic.example"
ROWS = [
    ("2026-01-05 09:00", "ada@x.org", "ben@x.org", "email", "m1", 3, True, "to", None),
    ("2026-01-05 09:00", "ada@x.org", "dr@clinic.example", "email", "m1", 3, True, "to", None),
    ("2026-01-05 10:00", "dr@clinic.example", "ada@x.org", "email", "m2", 2, True, "reply", "m1"),
    ("2026-01-05 11:00", "ada@x.org", "ben@x.org", "email", "m3", 2, True, "to", "m2"),
    ("2026-02-02 09:00", "ada@x.org", "ben@x.org", "meeting", U, 3, False, None, None),
    ("2026-02-02 09:00", "ada@x.org", "dr@clinic.example", "meeting", U, 3, False, None, None),
    ("2026-02-02 09:00", "ben@x.org", "dr@clinic.example", "meeting", U, 3, False, None, None),
    ("2026-03-01 09:00", "dr@clinic.example", "ada@x.org", "call", "c1", 2, True, None, None),
]  # fmt: skip


@pytest.mark.parametrize("entry", ["@clinic.example", "dr@clinic.example", "DR@Clinic.example "])
def test_no_size_answer_event_name_day_or_channel_gives_them_away(entry):
    frame = pd.DataFrame(ROWS, columns=COLUMNS)
    log = na.load(frame, do_not_map=[entry])
    rows = log.to_frame()
    assert rows["size"].tolist() == [2, 2, 2]
    assert rows["reply_to"].isna().all()
    text = "".join(whole(log)[:3]) + repr(log.notes)
    assert "dr@" not in text
    assert "clinic" not in text
    assert "call" not in text
    assert log.coverage["last"].max() == pd.Timestamp("2026-02-02 09:00", tz="UTC")
    assert log.card.set_index("reason")["n"].to_dict() == {"kept": 3, REASON: 5}


def test_several_hidden_people_of_one_event_all_leave_its_size():
    rows = [("2026-01-05", "a", b, "email", "m", 5, True, "to", None) for b in ("b", "c", "d", "e")]
    log = na.load(pd.DataFrame(rows, columns=COLUMNS), do_not_map=["c", "d"])
    assert log.to_frame()["size"].tolist() == [3, 3]
    unnamed = pd.DataFrame({"time": "2026-01-05", "from": "a", "to": ["b", "c", "d"]})
    assert na.load(unnamed, do_not_map=["d"]).to_frame()["size"].tolist() == [3, 3]


def test_a_name_or_address_stands_for_all_addresses_of_a_person():
    people = pd.DataFrame(
        {
            "name": ["Ada Berg", "Ben Cho", "Ben Cho"],
            "addresses": ["ada@x.org;ada@clinic.example", "ben@y.org", None],
        },
        index=pd.Index(["a", "b", "c"], name="person"),
    )
    both = DoNotMap.of(["ben cho"], people)
    assert [both.hides(name) for name in ("a", "b", "ben@y.org", "c")] == [False, True, True, True]
    assert list(both.table(people).index) == ["a"]
    other = DoNotMap.of(["BEN@y.org"], people)
    assert [other.hides(name) for name in ("b", "c")] == [True, False]
    domain = DoNotMap.of(["@clinic.example"], people)
    assert domain.table(people)["addresses"].tolist()[0] == "ada@x.org"


def test_part_of_a_domain_is_another_domain():
    hidden = DoNotMap.of(["@clinic.example"])
    assert hidden.hides("a@clinic.example")
    assert hidden.hides("a@mail.clinic.example")
    assert not hidden.hides("a@myclinic.example")
    assert not hidden.hides("clinic.example")


def test_nobody_hidden_changes_nothing(office_log, office):
    again = na.load(office.interactions, do_not_map=["no.one", "@none.example"])
    assert whole(again) == whole(office_log)


def test_the_name_of_a_file_does_not_tell(tmp_path):
    folder = tmp_path / "all"
    folder.mkdir()
    pd.DataFrame(ROWS, columns=COLUMNS).to_csv(folder / "with dr@clinic.example.csv", index=False)
    (folder / "clinic.example.png").write_bytes(b"\x89PNG")
    log = na.load(folder, do_not_map=["@clinic.example"])
    assert "clinic" not in "".join(whole(log)[:3])
    assert set(log.coverage["origin"]) == {"a file"}


USERS = [
    {"id": "U1", "name": "ada", "profile": {"real_name": "Ada Berg", "email": "ada@x.org"}},
    {"id": "U2", "name": "ben", "profile": {"real_name": "Ben Cho", "email": "ben@y.org"}},
    {"id": "U3", "name": "cy", "profile": {"real_name": "Cy Dee", "email": "cy@x.org"}},
]


@pytest.mark.parametrize("entry", ["ben@y.org", "Ben Cho", "@y.org"])
def test_a_handle_of_a_chat_is_left_out_with_its_address(tmp_path, entry):
    said = [
        {"type": "message", "user": user, "ts": f"17676036{place}0.000100", "text": f"hi <@{to}>"}
        for place, (user, to) in enumerate([("U1", "U2"), ("U2", "U3"), ("U1", "U3")])
    ]
    with zipfile.ZipFile(tmp_path / "slack.zip", "w") as archive:
        archive.writestr("users.json", json.dumps(USERS))
        archive.writestr("channels.json", json.dumps([{"id": "C1", "name": "general"}]))
        archive.writestr("general/2026-01-05.json", json.dumps(said))
    log = na.load(tmp_path / "slack.zip", do_not_map=[entry])
    assert list(log.ids()) == ["U1", "U3"]
    assert "U2" not in set(log.people.index)
    assert len(log.to_frame()) == 1
