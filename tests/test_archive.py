"""A folder or a zip is one view, and nothing leads out of it or explodes in it."""

from __future__ import annotations

import io
import os
import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netanalytics.errors import LoaderError
from netanalytics.loaders import _archive
from netanalytics.loaders._archive import Archive, DamagedError, Files, is_zip, zip_names
from netanalytics.loaders._streams import items, lines, text_of, value_of

from .exports import broken, lay_out, zip_bytes, zipped

FILES = {"b/two.txt": "two" * 9_000, "a.txt": "one", "b/c/three.txt": ""}


def content_of(archive: Archive) -> dict[str, bytes]:
    read = {}
    for name in archive.names:
        with archive.open(name) as file:
            read[name] = file.read()
    return read


def test_a_folder_and_its_zip_are_read_alike(tmp_path):
    folder = lay_out(tmp_path / "export", FILES)
    packed = zipped(tmp_path / "export.zip", FILES)
    with Archive(folder) as one, Archive(packed) as other:
        assert one.names == other.names == ("a.txt", "b/c/three.txt", "b/two.txt")
        assert content_of(one) == content_of(other)
        assert content_of(other)["b/two.txt"] == b"two" * 9_000
        assert not one.refused and not other.refused


def test_one_folder_around_everything_is_left_out(tmp_path):
    files = {f"Export 2026/{name}": text for name, text in FILES.items()}
    packed = zipped(tmp_path / "a.zip", {**files, "__MACOSX/Export 2026/._a.txt": "x"})
    with Archive(packed) as archive:
        assert archive.names == ("a.txt", "b/c/three.txt", "b/two.txt")


def test_names_that_lead_out_are_refused(tmp_path):
    bad = ("../up.txt", "a/../../up.txt", "/etc/passwd", "C:\\x.txt", "..\\up.txt", "c:/x")
    packed = zipped(tmp_path / "a.zip", {**dict.fromkeys(bad, "x"), "good.txt": "y"})
    with Archive(packed) as archive:
        assert archive.names == ("good.txt",)
        assert archive.refused == {"a name that leads out of the zip": len(bad)}
        with pytest.raises(LoaderError, match="holds no file"):
            archive.open("../up.txt")


def test_links_are_refused(tmp_path):
    outside = lay_out(tmp_path / "outside", {"secret.txt": "secret"})
    folder = lay_out(tmp_path / "export", {"a.txt": "x"})
    (folder / "link.txt").symlink_to(outside / "secret.txt")
    (folder / "folder").symlink_to(outside)
    os.mkfifo(folder / "pipe")
    with Archive(folder) as archive:
        assert archive.names == ("a.txt",)
        assert archive.refused == {"a link": 2, "no plain file": 1}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = 0o120777 << 16
        packed.writestr(link, "/etc/passwd")
        packed.writestr("a.txt", "x")
    (tmp_path / "a.zip").write_bytes(buffer.getvalue())
    with Archive(tmp_path / "a.zip") as archive:
        assert archive.names == ("a.txt",)
        assert archive.refused == {"a link": 1}


def test_encrypted_and_oddly_packed_entries_are_refused(tmp_path):
    data = bytearray(zip_bytes({"a.txt": "x" * 50}))
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + place] |= 1
    (tmp_path / "a.zip").write_bytes(data)
    with Archive(tmp_path / "a.zip") as archive:
        assert archive.names == () and archive.refused == {"encrypted": 1}
    with zipfile.ZipFile(tmp_path / "b.zip", "w", zipfile.ZIP_BZIP2) as packed:
        packed.writestr("a.txt", "x" * 50)
    with Archive(tmp_path / "b.zip") as archive:
        assert archive.refused == {"packed in a way that is not read": 1}


def test_of_two_files_with_one_name_the_first_is_read(tmp_path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed, pytest.warns(UserWarning, match="Duplicate"):
        packed.writestr("a.txt", "first")
        packed.writestr("a.txt", "second")
    (tmp_path / "a.zip").write_bytes(buffer.getvalue())
    with Archive(tmp_path / "a.zip") as archive:
        assert content_of(archive) == {"a.txt": b"first"}
        assert archive.refused == {"a second file of the same name": 1}


def test_a_zip_in_a_zip_is_a_file_like_any_other(tmp_path):
    inner = zip_bytes({"deep.txt": "x"})
    with Archive(zipped(tmp_path / "a.zip", {"inner.zip": inner})) as archive:
        assert content_of(archive) == {"inner.zip": inner}


def test_a_bomb_is_refused_while_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(_archive, "FREE", 100_000)
    packed = zipped(tmp_path / "bomb.zip", {"zeros": b"\0" * 5_000_000})
    with Archive(packed) as archive, pytest.raises(LoaderError, match="200 times") as caught:
        archive.open("zeros").read()
    assert not isinstance(caught.value, DamagedError)
    assert len(str(caught.value).splitlines()) == 1


def test_a_bomb_that_lies_about_its_packed_size_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(_archive, "FREE", 100_000)
    data = bytearray(zip_bytes({"zeros": b"\0" * 5_000_000}))
    place = data.index(b"PK\x01\x02") + 20
    data[place : place + 4] = struct.pack("<I", 0x7FFFFFFF)
    (tmp_path / "bomb.zip").write_bytes(data)
    with Archive(tmp_path / "bomb.zip") as archive, pytest.raises(LoaderError):
        archive.open("zeros").read()


def test_many_small_entries_that_add_up_are_a_bomb_too(tmp_path, monkeypatch):
    monkeypatch.setattr(_archive, "FREE", 100_000)
    packed = zipped(tmp_path / "a.zip", {f"{n}": b"\0" * 99_000 for n in range(99)})
    with Archive(packed) as archive, pytest.raises(LoaderError, match="200 times"):
        content_of(archive)


def test_memory_stays_small_while_a_bomb_unpacks(tmp_path, monkeypatch):
    import tracemalloc

    monkeypatch.setattr(_archive, "RATIO", 10**9)
    packed = zipped(tmp_path / "a.zip", {"zeros": b"\0" * 60_000_000})
    with Archive(packed) as archive, archive.open("zeros") as file:
        tracemalloc.start()
        while file.read(65_536):
            pass
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 5_000_000


def test_too_many_files_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(_archive, "MOST_FILES", 10)
    with pytest.raises(LoaderError, match="more than 10 files"):
        Archive(zipped(tmp_path / "a.zip", {f"{n}": "" for n in range(12)}))


def test_a_broken_entry_leaves_the_others(tmp_path):
    data = bytearray(zip_bytes({"a.txt": os.urandom(400), "b.txt": "fine"}))
    data[60] ^= 0xFF
    (tmp_path / "a.zip").write_bytes(data)
    with Archive(tmp_path / "a.zip") as archive:
        with pytest.raises(DamagedError, match="cannot be read"), archive.open("a.txt") as file:
            file.read()
        assert archive.head("a.txt") == b""
        assert archive.head("b.txt") == b"fine"


def test_what_is_neither_folder_nor_zip(tmp_path):
    path = lay_out(tmp_path, {"a.zip": "no zip"}) / "a.zip"
    assert not is_zip(path) and not is_zip("a.zip") and zip_names(path) == ()
    with pytest.raises(LoaderError, match="neither a folder nor a zip"):
        Archive(path)
    path.write_bytes(b"PK\x03\x04 and nothing")
    with pytest.raises(LoaderError, match="cannot be opened"):
        Archive(path)
    assert zip_names(path) == ()


def test_names_that_are_no_text(tmp_path):
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / os.fsdecode(b"caf\xe9.txt")).write_text("x")
    with Archive(folder) as archive:
        assert archive.names == ("caf?.txt",)
        assert content_of(archive) == {"caf?.txt": b"x"}


def test_some_files_of_a_folder(tmp_path):
    lay_out(tmp_path, {"a.csv": "x", "b.csv": "y"})
    files = Files(tmp_path, ["b.csv", "gone.csv"])
    assert files.names == ("b.csv", "gone.csv")
    with files.open("b.csv") as file:
        assert file.read() == b"y"
    with pytest.raises(DamagedError):
        files.open("gone.csv")


# ---- streams -----------------------------------------------------------------------------------


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4)
        ),
        max_leaves=12,
    ).filter(lambda value: isinstance(value, list | dict)),
    st.integers(1, 7),
)
@settings(deadline=None)
def test_json_read_in_pieces_is_json(value, chunk):
    import json
    from unittest import mock

    from netanalytics.loaders import _streams

    with mock.patch.object(_streams, "_CHUNK", chunk):
        read = list(items(io.BytesIO(json.dumps(value).encode())))
    if isinstance(value, list):
        assert read == [(None, one) for one in value]
    else:
        flat = [
            (key, one)
            for key, held in value.items()
            for one in (held if isinstance(held, list) else [held])
        ]
        assert read == flat


@pytest.mark.parametrize(
    ("text", "before"),
    [
        (b"", 0),
        (b"[1, 2", 2),
        (b"[1 2]", 1),
        (b'{"a": [1], "b"', 1),
        (b"[" * 200_000, 0),
        (b'"text"', 0),
        (b"[1, " + b"9" * 5_000 + b"]", 1),
    ],
)
def test_what_stands_before_damage_is_read(text, before):
    read = []
    with pytest.raises(DamagedError):
        for item in items(io.BytesIO(text)):
            read.append(item)  # kept although the loop breaks off
    assert len(read) == before


def test_times_are_not_read_as_floats():
    assert list(items(io.BytesIO(b"[1452837318.000002, NaN]"))) == [
        (None, "1452837318.000002"),
        (None, None),
    ]


def test_lines_have_a_longest():
    text = text_of(io.BytesIO(b"a\r\n" + b"x" * 2_500_000 + b"\nb\rc"), "a.txt")
    assert list(lines(text)) == ["a\r\n", None, "b\r", "c"]
    assert value_of("{bad") is None
    with pytest.raises(DamagedError, match="binary"):
        text_of(io.BytesIO(b"a\0b" * 40), "a.bin")


GOOD = zip_bytes(FILES)


@given(broken(GOOD))
@settings(max_examples=100, deadline=None)
def test_broken_zips(tmp_path_factory, data):
    _read_broken(tmp_path_factory.mktemp("zip") / "a.zip", data)


@pytest.mark.nightly
@given(broken(GOOD))
@settings(max_examples=2_000, deadline=None)
def test_broken_zips_nightly(tmp_path_factory, data):
    _read_broken(tmp_path_factory.mktemp("zip") / "a.zip", data)


def _read_broken(path, data):
    path.write_bytes(data)
    zip_names(path)
    try:
        with Archive(path) as archive:
            content_of(archive)
    except LoaderError as error:
        assert len(str(error).splitlines()) == 1
