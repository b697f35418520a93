"""npz: a zip archive with an npy for each array. What its list of members says is checked before any is opened."""

import zipfile
from pathlib import Path, PurePosixPath

from engine.data.library.arrays.entries import (
    HARMLESS_BYTES,
    MAX_COMPRESSION,
    MAX_ENTRIES,
    MAX_PATH_LENGTH,
    Entry,
    Unusable,
    check_packing,
)
from engine.data.library.arrays.faults import printable, refuse
from engine.data.library.arrays.npy_files import Opener, describe
from engine.data.library.kinds import GivenFile

MAGIC = b"PK"
SUFFIX = ".npy"
COMPRESSIONS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
MAX_DIRECTORY_BYTES = 8 * 2**20


def holds_arrays(path: Path) -> bool:
    """Whether it is a zip whose members are npy files, most of them."""
    try:
        if _measure_directory(path) > MAX_DIRECTORY_BYTES:
            return False
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError):
        return False
    return sum(name.endswith(SUFFIX) for name in names) * 2 > len(names)


def list_npz(given: GivenFile, archive: zipfile.ZipFile) -> list[Entry | Unusable]:
    """The arrays of an npz that is open, in its order. Raises `IssuesError` where the archive as a whole is hostile."""
    members = archive.infolist()
    if len(members) > MAX_ENTRIES:
        raise refuse("too_large", f"{given.name!r} has {len(members):,} members; expected {MAX_ENTRIES:,} at most.")
    names = [member.filename for member in members]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise refuse(
            "damaged_file",
            f"{given.name!r} has two members named {printable(twice)[:MAX_PATH_LENGTH]!r}; expected one.",
        )
    total, packed = sum(member.file_size for member in members), given.path.stat().st_size
    if total > HARMLESS_BYTES and total > MAX_COMPRESSION * packed:
        # Also where members share their bytes, so that each for itself looks harmless.
        raise refuse(
            "too_large",
            f"{given.name!r} has {packed:,} bytes and says that it unpacks to {total:,}; expected at most"
            f" {MAX_COMPRESSION} times as many.",
        )
    return [_describe(given.name, archive, member) for member in members if not member.is_dir()]


def open_archive(given: GivenFile) -> zipfile.ZipFile:
    """The archive. Raises `IssuesError` where it is none, and where its list of members is too large to be read."""
    try:
        size = _measure_directory(given.path)
        if size > MAX_DIRECTORY_BYTES:
            raise refuse(
                "too_large",
                f"The list of members in {given.name!r} has {size:,} bytes; expected {MAX_DIRECTORY_BYTES:,} at most.",
            )
        return zipfile.ZipFile(given.path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise refuse(
            "damaged_file",
            f"{given.name!r} begins like a zip archive, and cannot be read as one ({error}).",
            "It may be cut off: copy or save it again.",
        ) from error


def _measure_directory(path: Path) -> int:
    """The bytes of the list of members, which is read as a whole when an archive is opened."""
    with path.open("rb") as file:
        end = zipfile._EndRecData(file)  # type: ignore[attr-defined]  # noqa: SLF001 - the only reader of that record
    if end is None:
        raise zipfile.BadZipFile("it has no end")
    return int(end[5])


def _describe(file: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Entry | Unusable:
    path = printable(member.filename.removesuffix(SUFFIX))[:MAX_PATH_LENGTH]
    if fault := _find_fault(member):
        return Unusable(file, path, fault)
    opener: Opener = lambda: archive.open(member)  # noqa: E731 - a function in one line, with a type
    return describe(file, path, opener, member.file_size)


def _find_fault(member: zipfile.ZipInfo) -> str | None:
    name = member.filename
    place = PurePosixPath(name.replace("\\", "/"))
    if place.is_absolute() or ".." in place.parts:
        return "its name leads out of the archive"
    if len(name) > MAX_PATH_LENGTH:
        return f"its name has {len(name):,} characters; expected {MAX_PATH_LENGTH} at most"
    if not name.endswith(SUFFIX):
        return f"it is no array; expected a name that ends in {SUFFIX}"
    if member.flag_bits & 0x1 or member.compress_type not in COMPRESSIONS:
        return "it is encrypted, or compressed in a way that numpy does not use"
    return check_packing(member.file_size, member.compress_size)
