"""The text of a file as UTF-8, piece by piece, with the line and the byte at fault where it is not text."""

import codecs

from engine.data.library.kinds import GivenFile
from engine.data.library.table.byte_stream import ByteStream
from engine.data.library.table.problems import refuse

NEWLINE = "\n"


class Utf8Stream:
    """A readable file of UTF-8 without byte order mark, whatever the file's encoding. Memory: what is asked for.

    Raises `IssuesError` as a `ByteStream` does, for bytes that are not text in that encoding, and for NUL, which no
    text has. Bytes are counted as they are once they are unpacked.
    """

    def __init__(self, file: GivenFile, encoding: str):
        self._file = file
        self._encoding = encoding
        self._bytes = ByteStream(file)
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._pending = b""
        self._consumed = 0
        self._lines = 1
        self._ended = False
        self._started = False

    @property
    def share(self) -> float:
        """How much of the file was read, from 0 to 1."""
        return self._bytes.share

    @property
    def closed(self) -> bool:
        """Whether nothing can be read any more."""
        return self._bytes.closed

    def readable(self) -> bool:
        """It is."""
        return True

    def close(self) -> None:
        """Closes the file."""
        self._bytes.close()

    def read(self, size: int) -> bytes:
        """At most `size` bytes; none at the end."""
        while len(self._pending) < size and not self._ended:
            self._pending += self._read_piece(size)
        piece, self._pending = self._pending[:size], self._pending[size:]
        return piece

    def _read_piece(self, size: int) -> bytes:
        raw = self._bytes.read(size)
        self._ended = not raw
        try:
            text = self._decoder.decode(raw, final=not raw)
            if text and not self._started:
                self._started = True
                text = text.removeprefix("\ufeff")
            encoded = text.encode()
        except UnicodeError as error:
            raise self._explain(error, raw) from error
        if "\0" in text:
            raise refuse(
                "not_text",
                f"{self._file.name}: expected text, received a NUL byte within the {len(raw):,} bytes from byte"
                f" {self._consumed + max(0, raw.find(0)):,} on",
                "A table is a text file or Parquet. A text in UTF-16 needs `encoding` to say so.",
                "options.encoding",
            )
        self._consumed += len(raw)
        self._lines += encoded.count(b"\n")
        return encoded

    def _explain(self, error: UnicodeError, raw: bytes) -> Exception:
        where, received = f"in the {len(raw):,} bytes from byte {self._consumed:,} on", ""
        if isinstance(error, UnicodeDecodeError):
            kept = len(error.object) - len(raw)
            before = error.object[: error.start].decode(self._encoding, errors="ignore")
            where = f"line {self._lines + before.count(NEWLINE):,}, byte {self._consumed - kept + error.start:,}"
            received = f", received {error.object[error.start : error.end][:8].hex(' ')}"
        return refuse(
            "wrong_encoding",
            f"{self._file.name}: {where}: expected text in {self._encoding}{received}",
            "Say another encoding, for instance cp1252 (Western European, Windows) or gb18030 (Chinese).",
            "options.encoding",
        )
