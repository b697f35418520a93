"""The bytes of a table's file, unpacked where it is packed, with a bound on how much may come out of it."""

import zipfile
import zlib
from dataclasses import dataclass
from typing import IO

import pyarrow as pa

from engine.data.library.folders.members import Member
from engine.data.library.folders.zip_container import MAX_RATIO, RATIO_FROM_BYTES, ZipContainer
from engine.data.library.kinds import GivenFile
from engine.data.library.table.problems import refuse

PACKINGS = {b"\x1f\x8b": "gzip", b"BZh": "bz2", b"\x28\xb5\x2f\xfd": "zstd"}
"""By the first bytes: what Arrow unpacks as a stream, by Arrow's names."""

LONGEST_START = max(map(len, PACKINGS))


@dataclass(frozen=True, slots=True)
class ZippedFile(GivenFile):
    """A file in a zip, which is never unpacked to the disk; `path` is the zip's."""

    container: ZipContainer
    member: Member


class ByteStream:
    """A file, read once from its beginning. Memory: what is asked for, and what unpacking looks back at.

    Raises:
        IssuesError: it is packed and damaged, or unpacks to more than `MAX_RATIO` times its size.
        OSError: it cannot be read.
    """

    def __init__(self, file: GivenFile):
        self._file = file
        self._source, self._size, self._packed_size = _open(file)
        try:
            start = self._source.read(LONGEST_START)
            self._source.seek(0)
            self.packing = next((name for known, name in PACKINGS.items() if start.startswith(known)), None)
            self._stream: IO[bytes] | pa.CompressedInputStream = self._source
            if self.packing:
                self._stream = pa.CompressedInputStream(pa.PythonFile(self._source, mode="r"), self.packing)
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            self._source.close()
            raise self._explain(error) from error
        except BaseException:
            self._source.close()
            raise
        self._came = 0

    @property
    def share(self) -> float:
        """How much of the file was read, from 0 to 1."""
        return min(1.0, self._source.tell() / self._size) if not self.closed else 1.0

    @property
    def closed(self) -> bool:
        """Whether nothing can be read any more."""
        return self._source.closed

    def read(self, size: int) -> bytes:
        """At most `size` bytes; none at the end."""
        try:
            piece: bytes = self._stream.read(size)
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise self._explain(error) from error
        except OSError as error:
            if self.packing is None:
                raise
            raise self._explain(error) from error
        self._came += len(piece)
        if self.packing:
            self._refuse_bomb()
        return piece

    def close(self) -> None:
        """Closes the file."""
        self._stream.close()
        self._source.close()

    def _refuse_bomb(self) -> None:
        allowed = max(RATIO_FROM_BYTES, MAX_RATIO * self._packed_size)
        if self._came > allowed:
            raise refuse(
                "unpacks_too_large",
                f"{self._file.name}: expected at most {allowed:,} bytes once it is unpacked, received"
                f" {self._came:,} and more, out of {self._packed_size:,} packed by {self.packing}",
                f"A packed table may become {MAX_RATIO} times as large, or {RATIO_FROM_BYTES:,} bytes. Unpack it"
                " yourself if that is what it holds.",
            )

    def _explain(self, error: Exception) -> Exception:
        return refuse(
            "broken_packing",
            f"{self._file.name}: after {getattr(self, '_came', 0):,} bytes: expected a whole packed file, received one"
            f" that cannot be unpacked: {str(error)[:200] or type(error).__name__}",
            "The file may have been cut off while it was copied.",
        )


def is_packed(file: GivenFile) -> bool:
    """Whether it lies in a zip or is packed itself. Raises as a `ByteStream` does."""
    stream = ByteStream(file)
    stream.close()
    return stream.packing is not None or isinstance(file, ZippedFile)


def read_start(file: GivenFile, size: int) -> bytes:
    """The first bytes, unpacked. Raises as a `ByteStream` does."""
    stream = ByteStream(file)
    try:
        start = b""
        while len(start) < size and (piece := stream.read(size - len(start))):
            start += piece
        return start
    finally:
        stream.close()


def measure(file: GivenFile) -> int:
    """Bytes of the file as it is stored."""
    return file.container.measure(file.member)[1] if isinstance(file, ZippedFile) else file.path.stat().st_size


def _open(file: GivenFile) -> tuple[IO[bytes], int, int]:
    """The file as it lies there, the bytes that can be read of it, and those that are stored."""
    if isinstance(file, ZippedFile):
        unpacked, packed = file.container.measure(file.member)
        return file.container.open(file.member), max(1, unpacked), packed
    size = file.path.stat().st_size
    return file.path.open("rb"), max(1, size), size
