"""Takeout as it is downloaded, and tars: read in place, and nothing hostile gets through."""

from __future__ import annotations

import contextlib
import gzip
import io
import tarfile
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netanalytics.engine import DuckDBEngine
from netanalytics.errors import LoaderError
from netanalytics.loaders import Options, _archive, _tar, discover, takeout, zulip
from netanalytics.loaders._archive import DamagedError
from netanalytics.loaders._tar import BROKEN, Held, Tar, first_names, is_tar

from .exports import (
    CANARY,
    as_bytes,
    broken,
    contacts,
    counts,
    everything,
    lay_out,
    load,
    read_safely,
    zip_bytes,
    zipped,
)
from .test_loaders_zulip import EXPORT, GOOD

discover()  # A Takeout is read by the loaders of its parts, whichever test comes first.


def mail(number: int, target: str = "ben@y.org") -> str:
    return (
        f"From 179{number}@xxx Mon Apr 07 14:31:02 +0000 2025\n"
        f"From: Ada <ada@x.org>\nTo: {target}\nMessage-ID: <{number}@x.org>\n"
        f"Date: Mon, 7 Apr 2025 14:{number:02d}:02 +0000\n"
        f"X-Gmail-Labels: =?UTF-8?Q?{CANARY}?=\nSubject: {CANARY}\n\n{CANARY}\n\n"
    )


MBOX = "".join(map(mail, range(5))) + mail(4)
ICS = "\r\n".join(
    [
        "BEGIN:VCALENDAR",
        "BEGIN:VEVENT",
        "UID:1",
        "DTSTAMP:20250501T100000Z",
        "DTSTART:20250408T100000Z",
        "DTEND:20250408T110000Z",
        f"SUMMARY:{CANARY}",
        "ORGANIZER:mailto:ada@x.org",
        "ATTENDEE:mailto:ada@x.org",
        "ATTENDEE:mailto:cy@z.org",
        "END:VEVENT",
        "BEGIN:VTODO",
        f"SUMMARY:{CANARY}",
        "END:VTODO",
        "END:VCALENDAR",
        "",
    ]
)
VCF = f"BEGIN:VCARD\nVERSION:3.0\nFN:Cy Two\nEMAIL:cy@z.org\nORG:Zed\nNOTE:{CANARY}\nEND:VCARD\n"
FILES = {
    "Takeout/archive_browser.html": f"<html>{CANARY}</html>",
    "Takeout/Mail/All mail Including Spam and Trash.mbox": MBOX,
    "Takeout/Mail/User Settings/Vacation.json": "{}",
    "Takeout/Kalender/ada@x.org.ics": ICS,
    "Takeout/Contacts/All Contacts/All Contacts.vcf": VCF,
    "Takeout/Contacts/All Contacts/Cy Two.jpg": "photo",
    "Takeout/Google Fotos/one.jpg": "photo",
    "Takeout/Google Fotos/2025/two.jpg": "photo",
    "Takeout/Kalender/broken.ics": "no calendar",
}


def entry(name: str, size: int = 0, **more) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size = size
    for key, value in more.items():
        setattr(info, key, value)
    return info


def tarred(files, *, mode: str = "w:gz", more=()) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as packed:
        for name, content in files.items():
            data = as_bytes(content)
            packed.addfile(entry(name, len(data)), io.BytesIO(data))
        for info in more:
            packed.addfile(info, io.BytesIO(b"x" * info.size))
    return buffer.getvalue()


PACKED = {
    "takeout.zip": zip_bytes(FILES),
    "takeout.tgz": tarred(FILES),
    "takeout.tar": tarred(FILES, mode="w"),
}


@pytest.fixture(params=sorted(PACKED))
def log(request, tmp_path):
    return load(lay_out(tmp_path, {request.param: PACKED[request.param]}) / request.param)


def test_mail_calendars_and_contacts_are_read(log):
    assert contacts(log, "source", "target", "channel", "role") == [
        *[("ada@x.org", "ben@y.org", "email", "to")] * 5,
        ("ada@x.org", "cy@z.org", "meeting", "attendee"),
    ]
    assert dict(log.people["name"].dropna()) == {"ada@x.org": "Ada", "cy@z.org": "Cy Two"}
    assert log.people.loc["cy@z.org", "organisation"] == "Zed"
    assert sorted(log.coverage["channel"]) == ["email", "meeting"]


def test_every_record_and_file_is_counted_in_its_unit(log):
    assert counts(log, "mail") == {"kept": 5, "repeat": 1}
    assert counts(log, "event") == {"kept": 1}
    assert counts(log, "component") == {"not read: task": 1}
    assert counts(log, "card") == {"kept": 1}
    files = log.card[log.card["unit"] == "file"]
    unread = {
        row["file"].partition("/")[2]: row["n"]
        for _, row in files.iterrows()
        if row["reason"] == takeout.OTHER
    }
    assert unread == {"archive_browser.html": 1, "Contacts": 1, "Google Fotos": 2, "Mail": 1}
    damaged = files[files["reason"] != takeout.OTHER]
    assert damaged["file"].str.endswith("/Kalender/broken.ics").all()
    assert damaged["reason"].tolist() == ["not read: broken.ics: there is no calendar in this file"]
    # Files: three that were read, and those that were not.
    assert 3 + files["n"].sum() == len(FILES)


def test_no_text_is_kept(log):
    assert CANARY not in everything(log)


def test_the_unpacked_folder_says_the_same(log, tmp_path):
    folder = lay_out(tmp_path / "unpacked", FILES)
    assert contacts(load(folder)) == contacts(log)


def test_the_parts_of_a_takeout_are_one_log(tmp_path):
    first = {name: FILES[name] for name in sorted(FILES)[:5]}
    second = {name: FILES[name] for name in sorted(FILES)[5:]}
    zipped(tmp_path / "takeout-001.zip", first)
    zipped(tmp_path / "takeout-002.zip", second)
    photos = {"Takeout/Google Fotos/three.jpg": "photo"}
    zipped(tmp_path / "takeout-003.zip", photos)
    log = load(tmp_path)
    assert len(log) == 6
    reasons = log.card[log.card["file"] == "takeout-003.zip"]["reason"].tolist()
    assert reasons == ["not read: takeout-003.zip: holds no mail, calendar or contacts"]


def test_what_google_calendar_exports_is_read(tmp_path):
    log = load(zipped(tmp_path / "ada.ical.zip", {"ada@x.org.ics": ICS, "Team.ics": ICS}))
    assert counts(log, "event") == {"kept": 1, "repeat": 1}
    assert len(log) == 1


def test_options_reach_the_files(tmp_path):
    local = ICS.replace("00000Z\r\nDTEND", "00000\r\nDTEND")
    path = zipped(tmp_path / "a.zip", {"Takeout/Calendar/a.ics": local})
    assert load(path, zone="Europe/Paris").to_frame()["time"].dt.hour.tolist() == [8]
    assert load(path).to_frame()["time"].dt.hour.tolist() == [10]


def test_a_takeout_without_anything_to_read(tmp_path):
    path = zipped(tmp_path / "a.zip", {"Takeout/Google Fotos/a.jpg": "x"})
    with pytest.raises(LoaderError, match=r"^a\.zip: holds no mail, calendar or contacts$"):
        load(path)


def test_a_takeout_in_which_nothing_could_be_read_says_why(tmp_path):
    path = zipped(tmp_path / "a.zip", {"Takeout/Kalender/a.ics": "no calendar"})
    with pytest.raises(LoaderError, match=r"^a\.ics: there is no calendar in this file$"):
        load(path)


@pytest.mark.parametrize("packed", sorted(PACKED))
def test_progress_ends_at_the_size_of_the_archive(tmp_path, packed):
    path = lay_out(tmp_path, {packed: PACKED[packed]}) / packed
    told = []
    load(path, progress=lambda *one: told.append(one))
    assert told[-1] == (packed, path.stat().st_size, path.stat().st_size)


# ---- hostile archives --------------------------------------------------------------------------

BAD = ("../up.ics", "Takeout/../../up.ics", "/etc/up.ics", "C:\\up.ics")


def test_names_that_lead_out_of_it(tmp_path):
    bad = dict.fromkeys(BAD, ICS)
    packed = {"a.zip": zip_bytes({**FILES, **bad}), "a.tgz": tarred({**FILES, **bad})}
    for name, data in packed.items():
        log = load(lay_out(tmp_path, {name: data}) / name)
        assert counts(log, "event") == {"kept": 1}
        refused = log.card[log.card["file"] == f"{name}/other entries"]
        assert refused["n"].tolist() == [len(BAD)]
        assert refused["reason"].str.contains("a name that leads out of").all()


def test_links_and_devices_in_a_tar(tmp_path):
    secret = lay_out(tmp_path, {"secret.ics": ICS}) / "secret.ics"
    more = [
        entry("Takeout/Calendar/link.ics", type=tarfile.SYMTYPE, linkname=str(secret)),
        entry("Takeout/Calendar/hard.ics", type=tarfile.LNKTYPE, linkname=str(secret)),
        entry("Takeout/Calendar/pipe.ics", type=tarfile.FIFOTYPE),
        entry("Takeout/Calendar/device.ics", type=tarfile.CHRTYPE),
        entry("Takeout/Calendar", type=tarfile.DIRTYPE),
    ]
    data = tarred({"Takeout/Mail/a.mbox": MBOX}, more=more)
    log = load(lay_out(tmp_path / "x", {"a.tgz": data}) / "a.tgz")
    assert counts(log, "file") == {"not read: a link": 2, "not read: no plain file": 2}
    assert counts(log, "event") == {}


def test_of_two_files_with_one_name_the_first_is_read(tmp_path):
    more = [entry("Takeout/Mail/a.mbox", 10)]
    data = tarred({"Takeout/Mail/a.mbox": MBOX}, more=more)
    log = load(lay_out(tmp_path, {"a.tgz": data}) / "a.tgz")
    assert counts(log, "mail") == {"kept": 5, "repeat": 1}
    assert counts(log, "file") == {"not read: a second file of the same name": 1}


@pytest.mark.parametrize("name", ["Takeout/Mail/a.mbox", "Takeout/Calendar/a.ics", "Takeout/a.jpg"])
def test_a_tar_that_is_a_bomb(tmp_path, monkeypatch, name):
    monkeypatch.setattr(_archive, "FREE", 1_000_000)
    data = tarred({"Takeout/Mail/0.mbox": MBOX, name: MBOX + "\0" * 30_000_000})
    with pytest.raises(LoaderError, match="200 times its size") as caught:
        load(lay_out(tmp_path, {"a.tgz": data}) / "a.tgz")
    assert not isinstance(caught.value, DamagedError)


def test_a_zip_that_is_a_bomb_costs_that_file(tmp_path, monkeypatch):
    monkeypatch.setattr(_archive, "FREE", 1_000_000)
    files = {"Takeout/Mail/a.mbox": MBOX, "Takeout/Mail/b.mbox": MBOX + "\0" * 30_000_000}
    log = load(zipped(tmp_path / "a.zip", files))
    assert counts(log, "mail") == {"kept": 5, "repeat": 1}
    assert [reason for reason in counts(log, "file") if "200 times its size" in reason]


def test_a_header_without_end_is_not_held(tmp_path):
    """A long name is a file of its own that tarfile reads whole."""
    size = 40_000_000
    name = entry("././@LongLink", size, type=tarfile.GNUTYPE_LONGNAME)
    raw = name.tobuf(tarfile.GNU_FORMAT) + b"a" * size + b"\0" * 512
    data = gzip.compress(tarred({"Takeout/Mail/a.mbox": MBOX}, mode="w")[:4096] + raw)
    path = lay_out(tmp_path, {"a.tgz": data}) / "a.tgz"
    tracemalloc.start()
    log = load(path, engine=DuckDBEngine(threads=1))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert counts(log, "mail") == {"kept": 5, "repeat": 1}
    assert counts(log, "file") == {f"not read: {BROKEN}": 1}
    assert peak < 20_000_000


def test_a_tar_that_breaks_off(tmp_path):
    """What stands before the break is read, and that there is one is said, wherever it is."""
    whole = tarred(FILES, mode="w")
    names = [name for name in FILES if not name.endswith(".html")]
    for end in range(512, len(whole) - tarfile.RECORDSIZE, 512):
        for cut in (whole[:end], whole[: end + 100]):
            path = lay_out(tmp_path, {"a.tar": cut}) / "a.tar"
            with Tar(path) as tar:
                read = 0
                for _, size, stream in tar:
                    with contextlib.suppress(DamagedError):
                        read += len(stream.read()) == size
            assert tar.refused == {BROKEN: 1}
    assert read == len(names) + 1
    log = load(lay_out(tmp_path, {"b.tgz": gzip.compress(whole)[:-300]}) / "b.tgz")
    assert counts(log, "mail") == {"kept": 5, "repeat": 1}
    assert counts(log, "file")[f"not read: {BROKEN}"] == 1


def test_a_header_that_is_damaged_is_no_end(tmp_path):
    data = bytearray(tarred(FILES, mode="w"))
    place = data.index(b"Takeout/Kalender/ada")
    data[place] ^= 0x20
    with Tar(lay_out(tmp_path, {"a.tar": bytes(data)}) / "a.tar") as tar:
        assert len(list(tar)) == 3
    assert tar.refused == {BROKEN: 1}


def test_a_mailbox_in_a_tar_is_streamed(tmp_path):
    many = "".join(mail(n % 60, f"p{n}@x.org") + "body\n" * 200_000 for n in range(40))
    path = lay_out(tmp_path, {"a.tgz": tarred({"Takeout/Mail/a.mbox": many})}) / "a.tgz"
    for packed in (path, zipped(tmp_path / "a.zip", {"Takeout/Mail/a.mbox": many})):
        tracemalloc.start()
        batches = takeout.read(packed, Options(), DuckDBEngine(threads=1))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert len(many) > 40_000_000 and peak < 12_000_000
        assert sum(batch.query is not None for batch in batches) == 1


def test_too_many_files_in_a_tar(tmp_path, monkeypatch):
    monkeypatch.setattr(_archive, "MOST_FILES", 10)
    path = lay_out(tmp_path, {"a.tar": tarred({f"{n}": "" for n in range(12)}, mode="w")}) / "a.tar"
    with Tar(path) as tar, pytest.raises(LoaderError, match="more than 10 files"):
        list(tar)


def test_a_large_calendar_in_a_tar_is_not_held(tmp_path, monkeypatch):
    monkeypatch.setattr(takeout, "LARGEST_HELD", 100)
    log = load(lay_out(tmp_path, {"a.tgz": PACKED["takeout.tgz"]}) / "a.tgz")
    assert counts(log, "event") == {} and counts(log, "mail") == {"kept": 5, "repeat": 1}
    assert [reason for reason in counts(log, "file") if "unpack it and name the folder" in reason]


def test_what_is_no_tar(tmp_path):
    path = lay_out(tmp_path, {"a.tgz": gzip.compress(b"no tar at all")}) / "a.tgz"
    assert not is_tar(path) and not is_tar("a.tgz") and not is_tar(tmp_path)
    assert first_names(path) == () and not takeout.recognises(path)
    with pytest.raises(LoaderError, match=r"^a\.tgz: cannot be read"):
        takeout.read(path, Options(), DuckDBEngine(threads=1))
    with pytest.raises(LoaderError, match="cannot be read"), Tar(tmp_path / "none.tar"):
        pass


def test_a_mailbox_packed_in_a_takeout(tmp_path):
    log = load(zipped(tmp_path / "a.zip", {**FILES, "Takeout/b.mbox": gzip.compress(b"From x")}))
    assert [reason for reason in counts(log, "file") if "packed twice" in reason] == []
    packed = {**FILES, "Takeout/b.mbox": gzip.compress(MBOX.encode())}
    log = load(zipped(tmp_path / "b.zip", packed))
    assert [reason for reason in counts(log, "file") if "packed twice" in reason]


# ---- Zulip as it is handed out -----------------------------------------------------------------

TOP = "zulip-export-abc123"


def _zulip(path, files=EXPORT, mode="w:gz"):
    data = tarred({f"{TOP}/{name}": content for name, content in files.items()}, mode=mode)
    return lay_out(path, {"a.tar.gz": data}) / "a.tar.gz"


def test_a_zulip_export_is_read_from_its_tar(tmp_path):
    backwards = {name: EXPORT[name] for name in sorted(EXPORT, reverse=True)}
    packed = load(_zulip(tmp_path, backwards))
    folder = load(lay_out(tmp_path / "export", EXPORT))
    assert packed.to_frame().drop(columns="origin").equals(folder.to_frame().drop(columns="origin"))
    assert packed.people.equals(folder.people)
    assert counts(packed, "message") == counts(folder, "message")
    assert counts(packed, "file") == counts(folder, "file")
    assert CANARY not in everything(packed)


def test_a_zulip_tar_that_breaks_off_or_holds_too_much(tmp_path, monkeypatch):
    path = _zulip(tmp_path, mode="w")
    path.write_bytes(path.read_bytes()[: -tarfile.RECORDSIZE])
    log = load(path)
    assert counts(log, "file")[f"not read: {BROKEN}"] == 1
    monkeypatch.setattr(_tar, "MOST_HELD", 100)
    with pytest.raises(LoaderError, match="too much to be read packed: unpack it"):
        load(path)


def test_what_of_a_tar_is_not_held_cannot_be_opened(tmp_path):
    held = Held(_zulip(tmp_path), lambda name: name.endswith("realm.json"))
    assert held.names == tuple(sorted(EXPORT))
    with pytest.raises(DamagedError, match="is not held"):
        held.open("messages-000001.json")


# ---- broken files ------------------------------------------------------------------------------


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_broken_archives(tmp_path_factory, data):
    _read_broken(tmp_path_factory, data)


@pytest.mark.nightly
@given(st.data())
@settings(max_examples=2_000, deadline=None)
def test_broken_archives_nightly(tmp_path_factory, data):
    _read_broken(tmp_path_factory, data)


ZULIP_TAR = tarred({f"{TOP}/{name}": content for name, content in GOOD.items()}, mode="w")


def _read_broken(tmp_path_factory, data):
    """Break the archive, also below its packing, where no checksum catches it at once."""
    name = data.draw(st.sampled_from([*sorted(PACKED), "inner.tgz", "zulip.tar", "zulip.tar.gz"]))
    if name in PACKED:
        content = data.draw(broken(PACKED[name]))
    else:
        inner = ZULIP_TAR if name.startswith("zulip") else PACKED["takeout.tar"]
        content = data.draw(broken(inner))
        content = gzip.compress(content, 1) if name.endswith("gz") else content
    path = lay_out(tmp_path_factory.mktemp("x"), {name: content}) / name
    for loader in (takeout, zulip):
        assert loader.recognises(path) in (True, False)
        read_safely(loader.read, path)
