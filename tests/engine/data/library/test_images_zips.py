"""Zips that are broken, or made to harm: refused with the name of the file at fault, before anything is read."""

import io
import stat
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data.library.folders import members, zip_container
from engine.data.library.folders.containers import open_container
from engine.data.library.images.kind import KIND
from engine.data.library.kinds import GivenFile
from engine.errors import IssuesError
from tests.engine.data.library.image_files import make, paint, paint_classes, refuse, write_zip

PICTURES = paint_classes("a", "b")


def write_entry(path: Path, entry: zipfile.ZipInfo, content: bytes = b"x") -> GivenFile:
    """Ordinary pictures, and one more entry."""
    file = write_zip(path, PICTURES)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(entry, content)
    return file


@pytest.mark.parametrize(
    "name",
    [
        "../evil.png",
        "a/../../evil.png",
        "/etc/evil.png",
        "\\evil.png",
        "a\\..\\..\\evil.png",
        "C:\\evil.png",
        "C:x.png",
    ],
)
def test_a_path_that_leads_out_of_the_zip_is_refused(tmp_path, name):
    error = refuse([write_zip(tmp_path / "a.zip", PICTURES | {name: paint()})])

    assert error.code == "unsafe_path"
    assert "a.zip" in error.message
    assert "evil" in error.message or "x.png" in error.message
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.zip"]


@pytest.mark.parametrize(
    ("kind", "said"), [(stat.S_IFLNK, "a link"), (stat.S_IFCHR, "no ordinary"), (stat.S_IFIFO, "no")]
)
def test_links_and_devices_are_refused(tmp_path, kind, said):
    entry = zipfile.ZipInfo("a/link.png")
    entry.create_system = 3
    entry.external_attr = (kind | 0o777) << 16

    error = refuse([write_entry(tmp_path / "a.zip", entry, b"/etc/passwd")])

    assert (error.code, said in error.message, "'a/link.png'" in error.message) == ("not_a_file", True, True)


def test_an_encrypted_file_is_named(tmp_path):
    file = write_zip(tmp_path / "a.zip", PICTURES)
    data = bytearray(file.path.read_bytes())
    start = data.index(b"PK\x01\x02")
    data[start + 8] |= 1
    file.path.write_bytes(data)

    error = refuse([file])

    assert (error.code, "'a/0.png'" in error.message) == ("encrypted_file", True)


def test_two_files_of_one_name_are_refused_also_in_other_letters_for_the_same_name(tmp_path):
    composed, decomposed = "a/\u00e9.png", "a/e\u0301.png"

    error = refuse([write_zip(tmp_path / "a.zip", PICTURES | {composed: paint(1), decomposed: paint(2)})])

    assert error.code == "same_name_twice"


def test_gigabytes_of_zeros_are_refused_before_they_are_unpacked(tmp_path):
    file = write_zip(
        tmp_path / "a.zip", PICTURES | {"a/zeros.png": bytes(members.MAX_FILE_BYTES + 1)}, zipfile.ZIP_DEFLATED
    )

    error = refuse([file])

    assert file.path.stat().st_size < 100_000
    assert (error.code, "'a/zeros.png'" in error.message) == ("file_too_large", True)


def test_zeros_in_many_files_are_refused_by_what_they_unpack_to(tmp_path, monkeypatch):
    monkeypatch.setattr(zip_container, "RATIO_FROM_BYTES", 1_000_000)
    zeros = {f"a/{number}.bmp": bytes(100_000) for number in range(20)}

    error = refuse([write_zip(tmp_path / "a.zip", zeros, zipfile.ZIP_DEFLATED)])

    assert error.code == "zip_bomb"
    assert "2,000,000" in error.message


def test_a_file_is_never_read_beyond_the_size_that_is_allowed(tmp_path):
    file = write_zip(tmp_path / "a.zip", PICTURES | {"a/big.png": bytes(100_000)}, zipfile.ZIP_DEFLATED)
    with open_container(file) as container:
        member = next(one for one in container.listing.members if one.name == "a/big.png")
        with pytest.raises(IssuesError) as caught:
            container.read(member, limit=99_999)

    assert caught.value.code == "file_too_large"


def test_a_size_that_is_a_lie_is_found_out_while_reading(tmp_path):
    file = write_zip(tmp_path / "a.zip", {"a/zeros.png": bytes(50_000_000)} | PICTURES, zipfile.ZIP_DEFLATED)
    data = bytearray(file.path.read_bytes())
    start = data.index(b"PK\x01\x02")
    data[start + 24 : start + 28] = struct.pack("<I", 1_000)
    file.path.write_bytes(data)

    issues = KIND.inspect([file], None).issues

    assert [(issue.code, "'a/zeros.png'" in issue.message) for issue in issues] == [("broken_file", True)]


def test_too_many_files_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(members, "MAX_FILES", 5)

    assert refuse([write_zip(tmp_path / "a.zip", PICTURES)]).code == "too_many_files"


def test_a_list_of_files_that_would_fill_memory_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(zip_container, "MAX_DIRECTORY_BYTES", 200)

    error = refuse([write_zip(tmp_path / "a.zip", PICTURES)])

    assert error.code == "broken_zip"
    assert "its list of files has" in error.message


def test_an_unusual_packing_is_refused_by_name(tmp_path):
    error = refuse([write_zip(tmp_path / "a.zip", PICTURES, zipfile.ZIP_LZMA)])

    assert (error.code, "'a/0.png'" in error.message) == ("unknown_compression", True)


@pytest.mark.parametrize("keep", [4, 30, 1_000, -30])
def test_a_zip_that_was_cut_off_is_told_so(tmp_path, keep):
    file = write_zip(tmp_path / "a.zip", PICTURES)
    file.path.write_bytes(file.path.read_bytes()[:keep])

    assert refuse([file]).code == "broken_zip"


def test_names_in_any_script_stay_as_they_are(tmp_path):
    pictures = {f"{name}/1.png": paint(number) for number, name in enumerate(("猫", "كلب", "Ελλάδα", "🐦"))}

    made = make([write_zip(tmp_path / "a.zip", pictures)], tmp_path / "set")

    assert made.prepared.targets[0].class_names == sorted(["猫", "كلب", "Ελλάδα", "🐦"])


def test_utf8_names_are_read_though_the_zip_does_not_say_that_they_are(tmp_path):
    file = write_zip(tmp_path / "a.zip", {"猫/1.png": paint(), "犬/1.png": paint(1)})
    data = bytearray(file.path.read_bytes())
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        start = data.find(mark)
        while start >= 0:
            data[start + offset + 1] &= ~0x08
            start = data.find(mark, start + 4)
    file.path.write_bytes(data)

    assert KIND.inspect([file], None).fields[1].classes == ["犬", "猫"]


def test_backslashes_divide_folders_as_some_programs_write_them(tmp_path):
    pictures = {name.replace("/", "\\"): data for name, data in PICTURES.items()}

    assert KIND.inspect([write_zip(tmp_path / "a.zip", pictures)], None).fields[1].classes == ["a", "b"]


def test_a_name_with_control_characters_is_refused(tmp_path):
    error = refuse([write_zip(tmp_path / "a.zip", PICTURES | {"a/\x1b[2J.png": paint()})])

    assert error.code == "unreadable_name"
    assert "\x1b" not in error.message


def test_a_file_that_does_not_unpack_is_named(tmp_path):
    file = write_zip(tmp_path / "a.zip", PICTURES)
    data = bytearray(file.path.read_bytes())
    data[data.index(b"\x89PNG") + 60] ^= 0xFF
    file.path.write_bytes(data)

    inspection = KIND.inspect([file], None)

    assert [(issue.code, issue.severity) for issue in inspection.issues] == [("broken_file", "error")]
    assert "'a/0.png'" in inspection.issues[0].message


WHOLE = io.BytesIO()
with zipfile.ZipFile(WHOLE, "w", zipfile.ZIP_DEFLATED) as archive_of_pictures:
    for picture_name, picture in PICTURES.items():
        archive_of_pictures.writestr(picture_name, picture)


@given(st.lists(st.tuples(st.integers(0, len(WHOLE.getvalue()) - 1), st.integers(0, 255)), min_size=1, max_size=6))
@settings(deadline=None, max_examples=150)
def test_a_zip_with_wrong_bytes_is_read_or_refused_but_never_anything_else(tmp_path_factory, changes):
    data = bytearray(WHOLE.getvalue())
    for place, value in changes:
        data[place] = value
    folder = tmp_path_factory.mktemp("zip")
    path = folder / "a.zip"
    path.write_bytes(data)

    try:
        made = make([GivenFile("a.zip", path)], folder / "set", broken="skip")
    except IssuesError as error:
        made = None
        issues = error.issues
    if made is None:
        assert issues
        return
    assert len(made.training["image"]) == len(made.training["label"])
    assert set(np.unique(made.training["label"])) == set(range(len(made.prepared.targets[0].class_names)))
