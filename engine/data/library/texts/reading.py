"""Reads the text of a file: one at a time, in its own encoding."""

import hashlib
from dataclasses import dataclass

from engine.data.library.encodings import find_mark, guess_encoding
from engine.data.library.folders.faults import refuse, show
from engine.data.library.folders.layout import Sample
from engine.data.library.folders.members import Container
from engine.data.library.texts.options import TextOptions
from engine.errors import IssuesError

MAX_TEXT_FILE_BYTES = 4 * 1024**2
"""The size of one file."""

UTF_8 = "utf-8"


@dataclass(frozen=True, slots=True)
class Read:
    """A text, or what is wrong with its file. `digest` tells files with the same bytes."""

    sample: Sample
    digest: bytes
    text: str | None
    encoding: str = UTF_8
    fault: IssuesError | None = None


class TextReader:
    """Reads texts by the options. The encoding of what is neither marked nor UTF-8 is guessed once, then kept."""

    def __init__(self, container: Container, options: TextOptions):
        self._container = container
        self._encoding = options.encoding
        self.other_encoding = options.other_encoding

    def read(self, sample: Sample) -> Read:
        """The text as it is, without its byte order mark."""
        digest = b""
        try:
            data = self._container.read(sample.member, MAX_TEXT_FILE_BYTES)
            digest = hashlib.blake2b(data, digest_size=16).digest()
            encoding = self._encoding or self._choose(data)
            return Read(sample, digest, decode(data, sample.member.name, encoding), encoding)
        except IssuesError as error:
            return Read(sample, digest, None, fault=error)

    def _choose(self, data: bytes) -> str:
        if (marked := find_mark(data)) is not None:
            return marked
        try:
            data.decode(UTF_8)
        except UnicodeDecodeError:
            if b"\0" in data:
                return UTF_8  # not a text in any other way; UTF-8 says where
            self.other_encoding = self.other_encoding or guess_encoding(data)
            return self.other_encoding
        return UTF_8


def decode(data: bytes, name: str, encoding: str) -> str:
    """The text of a file. Raises `IssuesError` that names the byte which is none."""
    try:
        text = data.decode(encoding).removeprefix("\ufeff")
    except UnicodeError as error:
        where, received = "", ""
        if isinstance(error, UnicodeDecodeError):
            where = f", byte {error.start:,}"
            received = f", received {error.object[error.start : error.end][:8].hex(' ')}"
        raise refuse(
            "wrong_encoding",
            f"{show(name)}{where}: expected text in {encoding}{received}.",
            "Say another encoding, for instance cp1252 (Western European, Windows) or gb18030 (Chinese).",
        ) from error
    if "\0" in text:
        raise refuse(
            "not_text",
            f"{show(name)}, byte {max(0, data.find(0)):,}: expected text, received a NUL byte.",
            "Is it no text? One in UTF-16 needs `encoding` to say so.",
        )
    return text
