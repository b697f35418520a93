"""How the bytes of a text are to be read."""

import codecs
from contextlib import suppress
from typing import Annotated

from charset_normalizer import from_bytes
from pydantic import AfterValidator, Field

NOT_FOR_FILES = {"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"}
"""Python's encodings of other things than files."""

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
USUAL = "cp1252"
"""What a text is read as that says nothing and is not UTF-8."""

GUESSED_BYTES = 64 << 10


def check_encoding(encoding: str) -> str:
    """The name of an encoding that files may have. Raises ValueError for another."""
    try:
        known = codecs.lookup(encoding).name not in NOT_FOR_FILES
        codecs.getincrementaldecoder(encoding)
        with suppress(UnicodeDecodeError):  # an "a" is not whole in UTF-16
            b"a".decode(encoding)  # raises LookupError for what does not make text of bytes: zlib, hex
    except (LookupError, ValueError):
        known = False
    if not known:
        raise ValueError(f"expected the name of a text encoding such as utf-8, cp1252 or utf-16, received {encoding!r}")
    return encoding


def find_mark(head: bytes) -> str | None:
    """The encoding that a text's byte order mark says."""
    return next((encoding for mark, encoding in BOMS if head.startswith(mark)), None)


Encoding = Annotated[str, Field(min_length=1, max_length=40), AfterValidator(check_encoding)]


def guess_encoding(head: bytes) -> str:
    """The encoding of a text by its first bytes: its mark, UTF-8 where that is what it is, or the likeliest other."""
    if (marked := find_mark(head)) is not None:
        return marked
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError as error:
        # Where the first strange byte is, there is something to tell encodings by.
        start = max(0, error.start - GUESSED_BYTES // 2)
        best = from_bytes(head[start : start + GUESSED_BYTES]).best()
        guessed = best.encoding if best else USUAL
        return USUAL if guessed in {"utf_8", "ascii"} else guessed
    return "utf-8"
