"""Tables are read as they come, and every row is accounted for."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import tarfile
import tempfile
import zipfile

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import netanalytics as na
from netanalytics.errors import LoaderError, MissingFileError, NetAnalyticsError, OptionError
from netanalytics.loaders._table import match_columns, people_in

from .conftest import log_of, shared

ROWS = "time,source,target\n2026-01-05 09:00,ada,ben\n2026-01-06 10:30,ben,cy\n"


def kept(log) -> int:
    return int(log.card.loc[log.card["reason"] == "kept", "n"].iloc[0])


def reasons(log) -> dict[str, int]:
    return dict(zip(log.card["reason"], log.card["n"], strict=True))


def write(path, text: str, encoding: str = "utf-8"):
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", ROWS),
        ("a.tsv", ROWS.replace(",", "\t")),
        ("a.csv", ROWS.replace(",", ";")),
        ("a.txt", ROWS.replace(",", "|")),
        ("a.csv", ROWS.replace("\n", "\r\n")),
        ("a.csv", "\ufeff" + ROWS),
        ("a.csv", "\n\n" + ROWS),
        ("a.csv", ROWS.rstrip("\n")),
        (
            "a.jsonl",
            '{"time":"2026-01-05 09:00","source":"ada","target":"ben"}\n'
            '{"target":"cy","time":"2026-01-06 10:30","source":"ben"}\n',
        ),
    ],
)
def test_every_form_of_a_text_file_gives_the_same_log(tmp_path, name, text):
    log = na.load(write(tmp_path / name, text))
    frame = log.to_frame()
    assert frame[["source", "target"]].to_numpy().tolist() == [["ada", "ben"], ["ben", "cy"]]
    assert frame["time"].dt.strftime("%m-%d %H:%M").tolist() == ["01-05 09:00", "01-06 10:30"]
    assert log.card["n"].sum() == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "latin-1", "cp1252"])
def test_encodings(tmp_path, encoding):
    file = write(tmp_path / "a.csv", ROWS.replace("ada", "zoë"), encoding)
    assert "zoë" in na.load(file).ids()


@pytest.mark.parametrize(
    ("suffix", "pack"), [(".gz", gzip.compress), (".bz2", bz2.compress), (".xz", lzma.compress)]
)
def test_compressed_files(tmp_path, suffix, pack):
    file = tmp_path / f"a.csv{suffix}"
    file.write_bytes(pack(ROWS.encode()))
    assert len(na.load(file)) == 2


def test_parquet_and_frames_give_the_same_log_as_text(tmp_path):
    pytest.importorskip("pyarrow")
    text = na.load(write(tmp_path / "a.csv", ROWS)).to_frame().drop(columns="origin")
    frame = pd.read_csv(tmp_path / "a.csv")
    frame["time"] = pd.to_datetime(frame["time"])
    frame.to_parquet(tmp_path / "a.parquet")
    for source in (frame, tmp_path / "a.parquet", frame.astype({"source": "category"})):
        pd.testing.assert_frame_equal(na.load(source).to_frame().drop(columns="origin"), text)


def test_a_frame_is_not_changed():
    frame = pd.DataFrame({"time": ["2026-01-05"], "from": ["a"], "to": [["b", "c"]]})
    before = frame.copy(deep=True)
    assert len(na.load(frame)) == 2
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize(
    "names",
    [
        ["Sender", "Recipient", "EventDate"],
        ["From", "To", "Date"],
        ["src", "dst", "t"],
        ["sender_id", "recipient-id", "Sent At"],
    ],
)
def test_usual_names_are_recognised(names):
    roles = match_columns([*names, "subject"], {}, "log.csv")
    assert [roles["source"], roles["target"], roles["time"]] == names


def test_unusual_names_can_be_mapped(tmp_path):
    file = write(tmp_path / "a.csv", ROWS.replace("target", "met"))
    with pytest.raises(LoaderError, match=r"no column for 'target'.*'met'.*--map target=COLUMN"):
        na.load(file)
    assert len(na.load(file, mapping={"target": "met"})) == 2
    with pytest.raises(LoaderError, match=r"no column 'mett'.*did you mean met"):
        na.load(file, mapping={"target": "mett"})
    with pytest.raises(NetAnalyticsError, match=r"'targe'.*did you mean target"):
        na.load(file, mapping={"targe": "met"})


def test_two_columns_for_one_role_are_a_question():
    with pytest.raises(LoaderError, match=r"'sender' and 'from' both fit 'source'.*--map"):
        log_of(("2026-01-05", "a", "a2", "b"), columns=("time", "sender", "from", "to"))
    log = log_of(
        ("2026-01-05", "a", "a2", "b"),
        columns=("time", "sender", "from", "to"),
        mapping={"source": "from"},
    )
    assert list(log.ids()) == ["a2", "b"]


def test_a_file_without_a_header(tmp_path):
    file = write(tmp_path / "a.dat", "28820 492 938\n28860 267 272\n")
    with pytest.raises(LoaderError, match="--columns time,source,target"):
        na.load(file)
    log = na.load(file, columns=["time", "source", "target"], undirected=True)
    assert len(log) == 2
    assert not log.to_frame()["directed"].any()
    with pytest.raises(LoaderError, match="names 4 columns, the file has 3"):
        na.load(file, columns=["time", "source", "target", "channel"])


@pytest.mark.parametrize(
    ("cell", "people"),
    [
        ("a@x.org; b@x.org", ["a@x.org", "b@x.org"]),
        ("a@x.org, b@x.org", ["a@x.org", "b@x.org"]),
        ("Doe, Jane", ["Doe, Jane"]),
        ("e1,e2", ["e1", "e2"]),
        ('["a", "b"]', ["a", "b"]),
        ('"Doe, Jane" <j@x.org>; Bob <b@y.org>', ["j@x.org", "b@y.org"]),
        ("a;;b;a", ["a", "b"]),
        ("plain", ["plain"]),
    ],
)
def test_several_people_in_one_cell(cell, people):
    assert people_in(cell) == people


def test_a_row_with_several_recipients_counts_once_as_a_record():
    log = log_of(("2026-01-05", "a", "b; c; a"), ("2026-01-06", "a", "a"))
    card = log.card
    rows = card[card["unit"] == "row"].set_index("reason")["n"].to_dict()
    contacts = card[card["unit"] == "contact"].set_index("reason")["n"].to_dict()
    assert rows == {"kept": 1, "self-contact": 1}
    assert contacts == {"kept": 2, "self-contact": 2}
    # a reached b and c: three people were in that event.
    assert log.to_frame()["size"].tolist() == [3, 3]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-01-05T09:00:00Z", "2026-01-05 09:00:00"),
        ("2026-01-05T09:00:00+02:00", "2026-01-05 07:00:00"),
        ("2026-01-05 09:00:00.250", "2026-01-05 09:00:00.250"),
        ("2026-01-05 09:00:00 UTC", "2026-01-05 09:00:00"),
        ("2026-01-05", "2026-01-05 00:00:00"),
        ("2026/01/05 09:00", "2026-01-05 09:00:00"),
        ("25.01.2026 09:00", "2026-01-25 09:00:00"),
        ("1/25/26, 3:43 PM", "2026-01-25 15:43:00"),
        ("25 Jan 2026", "2026-01-25 00:00:00"),
        ("January 25, 2026", "2026-01-25 00:00:00"),
        ("Mon, 05 Jan 2026 09:00:00 +0100", "2026-01-05 08:00:00"),
        ("20260105", "2026-01-05 00:00:00"),
        ("1767603600", "2026-01-05 09:00:00"),
        (1767603600, "2026-01-05 09:00:00"),
        (1767603600000, "2026-01-05 09:00:00"),
        (1767603600000000, "2026-01-05 09:00:00"),
        (1767603600.5, "2026-01-05 09:00:00.500"),
        (pd.Timestamp("2026-01-05 09:00"), "2026-01-05 09:00:00"),
        (pd.Timestamp("2026-01-05 09:00", tz="Europe/Paris"), "2026-01-05 08:00:00"),
    ],
)
def test_forms_of_a_time(value, expected):
    time = log_of((value, "a", "b")).to_frame()["time"].iloc[0]
    assert time == pd.Timestamp(expected, tz="UTC")


def test_a_zone_moves_only_times_that_name_none():
    rows = (("2026-07-05 09:00", "a", "b"), ("2026-07-05T09:00:00Z", "b", "c"))
    times = log_of(*rows, zone="Europe/Paris").to_frame()["time"].dt.hour
    assert times.tolist() == [7, 9]
    with pytest.raises(OptionError, match="Europe/Paris"):
        log_of(*rows, zone="Mars/Olympus")


def test_a_day_alone_names_no_zone():
    time = log_of(("2026-07-05", "a", "b"), zone="Asia/Tokyo").to_frame()["time"].iloc[0]
    assert time == pd.Timestamp("2026-07-04 15:00", tz="UTC")


def test_a_zone_that_was_assumed_is_said():
    assert "read as UTC" in log_of(("2026-07-05 09:00", "a", "b")).notes[0]
    assert not log_of(("2026-07-05T09:00:00Z", "a", "b")).notes


def test_an_open_order_of_day_and_month_is_a_question():
    rows = [("03/04/2026", "a", "b"), ("05/06/2026", "b", "c")]
    with pytest.raises(LoaderError, match="--date-order dmy or --date-order mdy"):
        log_of(*rows)
    months = log_of(*rows, date_order="dmy").to_frame()["time"].dt.month
    assert months.tolist() == [4, 6]
    # One date that can only be read one way settles the whole file.
    assert log_of(*rows, ("13/06/2026", "b", "c")).to_frame()["time"].dt.month.tolist() == [4, 6, 6]
    assert log_of(*rows, ("06/13/2026", "b", "c")).to_frame()["time"].dt.month.tolist() == [3, 5, 6]


@pytest.mark.parametrize("bad", ["soon", "31.2.2026", "0000-00-00", "n/a"])
@pytest.mark.parametrize(("unread", "read"), [(1, 6), (1, 2), (3, 4)])
def test_a_few_unreadable_times_do_not_reject_a_small_table(bad, unread, read):
    days = [f"2026-01-{day + 1:02d}" for day in range(read)] + [bad] * unread
    people = [f"p{place}" for place in range(len(days))]
    log = na.load(pd.DataFrame({"time": days, "source": "a", "target": people}))
    assert reasons(log) == {"kept": read, "unreadable time": unread}


@pytest.mark.parametrize(
    ("bad", "unread", "read"),
    [("soon", 1, 1), ("soon", 2, 2), ("soon", 3, 3), ("soon", 4, 20), ("14/02/2026", 1, 6)],
)
def test_half_or_more_than_a_few_unreadable_times_stop_and_so_do_two_ways_of_writing(
    bad, unread, read
):
    days = [f"2026-01-{day + 1:02d}" for day in range(read)] + [bad] * unread
    people = [f"p{place}" for place in range(len(days))]
    with pytest.raises(LoaderError, match=f"{unread} of {unread + read} rows"):
        na.load(pd.DataFrame({"time": days, "source": "a", "target": people}))


def test_one_unreadable_time_is_counted_and_many_stop():
    good = [(f"2026-01-{day:02d}", "a", "b") for day in range(1, 21)]
    log = log_of(*good, ("soon", "a", "c"))
    assert reasons(log) == {"kept": 20, "unreadable time": 1}
    with pytest.raises(LoaderError, match=r"row 1: 'soon' in column 'time' is no date"):
        log_of(("soon", "a", "c"), ("later", "a", "d"), *good[:2])


def test_malformed_rows_are_counted(tmp_path):
    file = write(tmp_path / "a.csv", ROWS + "2026-01-07,cy\n2026-01-08,a,b,c,d\n")
    assert reasons(na.load(file)) == {"kept": 2, "malformed row": 2}


def test_malformed_lines_of_json_are_counted_once_and_as_such(tmp_path):
    good = '{"date": "2026-01-05", "from": "ada", "to": ["ben", "cy"]}\n'
    log = na.load(write(tmp_path / "a.jsonl", good + "{bad\n" + good.replace("05", "06")))
    assert list(log.card[["unit", "reason", "n"]].itertuples(index=False, name=None)) == [
        ("row", "kept", 2),
        ("row", "malformed row", 1),
        ("contact", "kept", 4),
    ]


def test_a_row_is_not_numbered_wrongly_after_a_malformed_one(tmp_path):
    file = write(tmp_path / "a.csv", ROWS + "2026-01-07,cy\nsoon,a,b\nsoon,b,a\n")
    with pytest.raises(LoaderError, match=r"^a\.csv: 'soon' in column"):
        na.load(file)


def test_day_numbers_of_a_spreadsheet_are_no_seconds():
    with pytest.raises(LoaderError, match=r"day numbers of a spreadsheet \(46027 would be 2026-01"):
        log_of(("46027", "a", "b"), ("46028.5", "b", "a"))
    with pytest.raises(LoaderError, match="day numbers of a spreadsheet"):
        log_of((46027, "a", "b"))
    assert len(log_of((20, "a", "b"), (40_000, "b", "a")).to_frame()) == 2


def test_of_two_forms_of_dates_the_usual_one_is_not_called_wrong():
    rows = [("2026-01-05", "a", "b"), ("06/13/2026", "b", "a"), ("13/06/2026", "b", "a")]
    with pytest.raises(LoaderError, match=r"row 2: '06/13/2026' in column 'time' is no date"):
        log_of(*rows)


@pytest.mark.parametrize("mark", ["NULL", "None", "nan", "#N/A", " n/a "])
def test_what_programs_write_for_nothing_is_nobody(mark):
    log = log_of(("2026-01-05", "a", "b"), ("2026-01-06", mark, "b"), ("2026-01-07", "a", mark))
    assert reasons(log) == {"kept": 1, "no source or target": 2}
    assert list(log_of(("2026-01-05", "Nan", "none")).ids()) == ["Nan", "none"]


def test_a_usual_channel_is_the_same_in_capitals():
    rows = [("2026-01-05", "b", "a", "Meeting"), ("2026-01-06", "a", "b", "EMAIL ")]
    rows += [("2026-01-07", "a", "b", "Pigeon")]
    frame = pd.DataFrame(rows, columns=["time", "source", "target", "channel"])
    found = na.load(frame).to_frame().sort_values("time")
    assert found["channel"].tolist() == ["meeting", "email", "Pigeon"]
    assert found["directed"].tolist() == [False, True, True]


def test_repeats_selves_and_mass_events():
    mass = [("2026-01-05 10:00", "boss", f"p{number}") for number in range(50)]
    log = log_of(
        ("2026-01-05 09:00", "a", "b"),
        ("2026-01-05 09:00", "a", "b"),
        ("2026-01-05 09:00", "a", "a"),
        ("2026-01-05 09:00", "", "a"),
        *mass,
    )
    assert reasons(log) == {
        "kept": 1,
        "no source or target": 1,
        "self-contact": 1,
        "repeat": 1,
        "event of more than 50 people": 50,
    }


def test_an_event_may_be_spread_over_files(tmp_path):
    header = "time,source,target,message_id\n"
    one = write(tmp_path / "1.csv", header + "2026-01-05,a,b,m1\n")
    two = write(tmp_path / "2.csv", header + "2026-01-05,a,c,m1\n2026-01-05,a,b,m1\n")
    log = na.load([one, two])
    assert log.to_frame()["size"].tolist() == [3, 3]
    assert reasons(log)["repeat"] == 1
    assert sorted(set(log.card["file"])) == ["1.csv", "2.csv"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("\x00\x01\x02 PNG", "binary file"),
        ("time,source\n2026-01-01,a\n", "no column for 'target'"),
        ("hello\nworld\n", "no column for 'time' and 'source' and 'target'"),
        ("time,source,target\nx,a,b\n", "no date or time"),
        ("time,source,target\n,a,b\n", "is empty"),
    ],
)
def test_what_is_no_log_ends_in_one_line(tmp_path, text, message):
    with pytest.raises(LoaderError, match=message) as error:
        na.load(write(tmp_path / "a.csv", text))
    assert "\n" not in str(error.value)


def test_missing_files_and_folders(tmp_path):
    with pytest.raises(MissingFileError, match="no such file"):
        na.load(tmp_path / "none.csv")
    with pytest.raises(LoaderError, match="no file in this folder"):
        na.load(tmp_path)
    with pytest.raises(NetAnalyticsError, match="no loader is called 'tabel'; did you mean table"):
        na.load(write(tmp_path / "a.csv", ROWS), kind="tabel")


def test_a_folder_names_what_it_does_not_read(tmp_path):
    write(tmp_path / "log.csv", ROWS)
    write(tmp_path / "people.csv", "person,team\nada,x\n")
    write(tmp_path / "relations.csv", "source,target,kind,since\nada,ben,mentor,2025\n,x,y,\n")
    write(tmp_path / "notes.csv", "topic,words\nx,3\n")
    write(tmp_path / "photo.png", "\x89PNG")
    (tmp_path / "inner").mkdir()
    write(tmp_path / "inner" / "log.csv", ROWS.replace("2026", "2025"))
    log = na.load(tmp_path)
    card = log.card.set_index("file")["reason"].to_dict()
    assert card["photo.png"] == "no loader knows it"
    assert card["notes.csv"].startswith("not read: ")
    assert card["people.csv"] == "kept"
    assert log.people["team"].to_dict() == {"ada": "x"}
    assert log.relations[["source", "target", "kind"]].to_numpy().tolist() == [
        ["ada", "ben", "mentor"]
    ]
    assert card["log.csv"] == card["inner/log.csv"] == "kept"


@pytest.mark.skipif(os.name != "posix", reason="names of files are text there")
def test_a_file_name_that_is_no_text_is_named_and_left(tmp_path):
    write(tmp_path / "log.csv", ROWS)
    odd = os.path.join(os.fsencode(tmp_path), b"caf\xe9.csv")  # noqa: PTH118  # bytes, no path
    try:
        with open(odd, "wb") as file:  # noqa: PTH123
            file.write(ROWS.encode())
    except OSError:
        pytest.skip("this file system takes only text")
    log = na.load(tmp_path)
    assert "caf?.csv (a name that is not UTF-8)" in set(log.card["file"])
    with pytest.raises(LoaderError, match="rename it"):
        na.load(os.fsdecode(odd))


def test_brackets_and_quotes_in_a_file_name_are_no_pattern(tmp_path):
    file = write(tmp_path / "a [1]*'s.csv", ROWS)
    assert len(na.load(file)) == 2


LINES = st.lists(
    st.lists(
        st.sampled_from(
            [
                "2026-01-05",
                "31/12/2026",
                "1e400",
                "-5",
                "a",
                '"',
                "a;b",
                "<x@y>",
                "[",
                "é",
                "\x1c",
                "",
            ]
        ),
        min_size=1,
        max_size=5,
    ),
    max_size=6,
)


@settings(max_examples=100, deadline=None)
@given(
    head=st.sampled_from([b"", ROWS.encode(), b"time,source,target\n", b'{"time": 1}\n', b"PAR1"]),
    data=st.one_of(
        st.binary(max_size=300),
        LINES.map(lambda lines: "\n".join(",".join(line) for line in lines).encode()),
    ),
)
def test_no_bytes_raise_anything_but_a_loader_error(tmp_path_factory, data, head):
    file = tmp_path_factory.mktemp("fuzz") / "a.csv"
    file.write_bytes(head + data)
    try:
        log = na.load(file)
    except LoaderError:
        return
    assert log.card["n"].sum() >= len(log)


@pytest.mark.parametrize(
    ("path", "options", "read", "expected"),
    [
        ("enron/interactions.csv", {}, 38_388, 38_057),
        ("manufacturing/interactions.csv", {}, 82_927, 81_364),
        ("zulip/interactions_reply_mention.csv.gz", {}, 715_539, 713_001),
        ("college/CollegeMsg.txt", {"columns": ["source", "target", "time"]}, 59_835, 59_798),
        (
            "workplace_contacts/tij_InVS13.dat",
            {"columns": ["time", "source", "target"], "undirected": True},
            9_827,
            9_827,
        ),
    ],
)
def test_real_logs(path, options, read, expected):
    log = na.load(shared(f"data/{path}"), **options)
    assert len(log) == kept(log) == expected
    assert log.card["n"].sum() == read


def test_what_must_be_unpacked_or_saved_anew_is_said(tmp_path):
    mail = tmp_path / "All mail.mbox"
    mail.write_text("From ada@x.org Mon Jan  5 09:00:00 2026\n\n")
    with zipfile.ZipFile(tmp_path / "box.zip", "w") as packed:
        packed.write(mail, "home/ada/Mail/Inbox/All mail.mbox")
    with tarfile.open(tmp_path / "box.tgz", "w:gz") as packed:
        packed.add(mail, "home/ada/Mail/Inbox/All mail.mbox")
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    for name in ("box.zip", "box.tgz"):
        with pytest.raises(LoaderError, match=r"unpack it and name the folder"):
            na.load(tmp_path / name)
    with pytest.raises(LoaderError, match=r"a\.ods: an OpenDocument sheet: save it as \.xlsx"):
        na.load(tmp_path / "a.ods")


def test_the_unpacked_copy_of_a_table_does_not_stay(tmp_path, monkeypatch):
    """It holds what its owner packed away."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    packed = tmp_path / "log.csv.bz2"
    packed.write_bytes(bz2.compress(b"time,source,target\n2026-01-05,ada,ben\n"))
    assert len(na.load(packed)) == 1
    assert not any((tmp_path / "temporary").iterdir())
