"""A zip, read without trust: nothing is extracted, and no size that it claims is believed."""

import io
import stat
import threading
import zipfile
import zlib
from pathlib import Path
from typing import IO

from engine.data.library.folders.contents import is_sample
from engine.data.library.folders.faults import refuse, show
from engine.data.library.folders.members import (
    MAX_FILE_BYTES,
    Listing,
    Member,
    is_hidden,
    note_hidden,
    refuse_equal_paths,
    refuse_too_large,
    refuse_too_many,
    split_name,
)
from engine.errors import IssuesError

MAX_DIRECTORY_BYTES = 24 * 1024**2
"""The list of a zip's files, which Python reads whole."""

ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")

RATIO_FROM_BYTES = 256 * 1024**2
MAX_RATIO = 100
"""How much larger than the archive its images, texts or tables may be, from `RATIO_FROM_BYTES` on. A zip makes texts
a few times smaller, and images hardly at all."""

ENCRYPTED = 0x1 | 0x40
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
UTF8_NAME = 0x800
CHUNK_BYTES = 1024**2


def is_zip(path: Path) -> bool:
    """Whether it starts as a zip does."""
    try:
        with path.open("rb") as file:
            return file.read(4) in ZIP_STARTS
    except OSError:
        return False


class ZipContainer:
    """The files of a zip.

    Raises:
        IssuesError: it is broken, encrypted, too large, or holds links or paths that lead out of it.
    """

    def __init__(self, name: str, path: Path):
        self.name = name
        self._lock = threading.Lock()
        self._file = _open(name, path)
        try:
            self._zip = zipfile.ZipFile(self._file)
            self._archive_bytes = path.stat().st_size
            self.listing = self._list(self._archive_bytes)
        except (zipfile.BadZipFile, OSError, ValueError, OverflowError) as error:
            self._file.close()
            raise _describe_broken(name, error) from error
        except IssuesError:
            self._file.close()
            raise

    def read(self, member: Member, limit: int = MAX_FILE_BYTES) -> bytes:
        """The content of a file. Raises `IssuesError` where it is broken, or larger than `limit` or than it claims."""
        with self._lock:
            try:
                with self._zip.open(self._infos[member.key]) as file:
                    return _read_at_most(file, limit, member.name)
            except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError) as error:
                raise refuse(
                    "broken_file", f"The file {show(member.name)} in {show(self.name)} cannot be unpacked: {error}."
                ) from error

    def open(self, member: Member) -> IO[bytes]:
        """The content of a file as a stream, which gives no more than the file claims. Raises `IssuesError`."""
        info = self._infos[member.key]
        self._check_method(info, member)
        try:
            return self._zip.open(info)
        except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError) as error:
            raise refuse(
                "broken_file", f"The file {show(member.name)} in {show(self.name)} cannot be unpacked: {error}."
            ) from error

    def measure(self, member: Member) -> tuple[int, int]:
        """How many bytes a file claims to have, and how many are stored of it."""
        info = self._infos[member.key]
        return info.file_size, info.compress_size

    def refuse_bomb(self, members: list[Member]) -> None:
        """Raises `IssuesError` where these files claim to unpack to far more than the archive."""
        self._refuse_bomb([self._infos[one.key] for one in members], self._archive_bytes)

    def close(self) -> None:
        self._zip.close()
        self._file.close()

    def _list(self, archive_bytes: int) -> Listing:
        entries = self._zip.infolist()
        refuse_too_many(len(entries), self.name)
        self._infos: dict[str, zipfile.ZipInfo] = {}
        members, folders, hidden = [], set(), []
        for number, entry in enumerate(entries):
            path = split_name(_read_name(entry), self.name)
            self._refuse_special(entry, path)
            if not path:
                continue
            if is_hidden(path):
                hidden.append("/".join(path))
            elif entry.is_dir() or entry.orig_filename.endswith("\\"):
                folders.add(path)
            else:
                key = str(number)
                self._infos[key] = entry
                members.append(Member(path, key))
        refuse_equal_paths(members, self.name)
        samples = [member for member in members if is_sample(member.name)]
        self._refuse_bomb([self._infos[one.key] for one in samples], archive_bytes)
        for member in samples:
            self._check_size(member)
        return Listing(sorted(members, key=lambda one: one.path), folders, note_hidden(hidden))

    def _check_size(self, member: Member) -> None:
        info = self._infos[member.key]
        refuse_too_large(member.name, info.file_size, MAX_FILE_BYTES)
        self._check_method(info, member)

    def _check_method(self, info: zipfile.ZipInfo, member: Member) -> None:
        if info.compress_type not in METHODS:
            raise refuse(
                "unknown_compression",
                f"The file {show(member.name)} in {show(self.name)} is packed by method {info.compress_type};"
                " expected a zip that is stored or deflated.",
                "Make the zip anew with the usual method (Deflate).",
            )

    def _refuse_special(self, entry: zipfile.ZipInfo, path: tuple[str, ...]) -> None:
        """Encrypted files, links and devices."""
        name = "/".join(path)
        if entry.flag_bits & ENCRYPTED:
            raise refuse(
                "encrypted_file",
                f"The file {show(name)} in {show(self.name)} is encrypted; expected a zip without a password.",
            )
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            what = "a link" if kind == stat.S_IFLNK else "no ordinary file"
            raise refuse("not_a_file", f"{show(name)} in {show(self.name)} is {what}; expected files and folders only.")

    def _refuse_bomb(self, samples: list[zipfile.ZipInfo], archive_bytes: int) -> None:
        unpacked = sum(info.file_size for info in samples)
        if unpacked > RATIO_FROM_BYTES and unpacked > MAX_RATIO * archive_bytes:
            raise refuse(
                "zip_bomb",
                f"{show(self.name)} has {archive_bytes:,} bytes and says that they unpack to {unpacked:,};"
                f" expected at most {MAX_RATIO} times its size.",
            )


class _CautiousFile(io.BufferedReader):
    """A file that is never read in large pieces: Python asks for a zip's whole directory by the size that it claims."""

    def __init__(self, path: Path):
        super().__init__(io.FileIO(path))

    def read(self, size: int | None = -1, /) -> bytes:
        """As a file does. Raises `zipfile.BadZipFile` for a piece that is too large."""
        if size is not None and size > MAX_DIRECTORY_BYTES:
            raise zipfile.BadZipFile(f"its list of files has {size:,} bytes, expected at most {MAX_DIRECTORY_BYTES:,}")
        return super().read(size)


def _open(name: str, path: Path) -> _CautiousFile:
    try:
        return _CautiousFile(path)
    except OSError as error:
        raise refuse("unreadable_file", f"The file {show(name)} cannot be read: {error.strerror}.") from error


def _read_name(entry: zipfile.ZipInfo) -> str:
    """The name as its writer meant it: several programs (macOS among them) write UTF-8 and do not say so."""
    name = entry.orig_filename
    if entry.flag_bits & UTF8_NAME:
        return name
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def _read_at_most(file: IO[bytes], limit: int, name: str) -> bytes:
    content = io.BytesIO()
    while piece := file.read(CHUNK_BYTES):
        content.write(piece)
        refuse_too_large(name, content.tell(), limit)
    return content.getvalue()


def _describe_broken(name: str, error: Exception) -> IssuesError:
    return refuse(
        "broken_zip",
        f"{show(name)} cannot be read as a zip: {error}.",
        "It may have been cut off while it was copied. Make it anew.",
    )
