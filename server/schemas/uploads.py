"""Files that are sent in pieces and kept by their content."""

import unicodedata
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from engine.data.library.manifest import Sha256

MOST_NAME_BYTES = 255
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that show what follows in another order: a name with one reads as another name."""
REFUSED_KINDS = frozenset({"Cc", "Cs", "Zl", "Zp"})


def _check_filename(name: str) -> str:
    strange = next((one for one in name if one in TURNING or unicodedata.category(one) in REFUSED_KINDS), None)
    if strange is not None:
        raise ValueError(f"a file's name has no control characters; this one has U+{ord(strange):04X}")
    if "/" in name or "\\" in name:
        raise ValueError("expected the name of a file; this one has parts of a path (/ or \\)")
    if name.strip() in {"", ".", ".."}:
        raise ValueError(f"expected the name of a file; received {name!r}")
    if len(name.encode()) > MOST_NAME_BYTES:
        raise ValueError(f"a file's name has at most {MOST_NAME_BYTES} bytes; this one has {len(name.encode())}")
    return name


FileName = Annotated[str, Field(min_length=1, max_length=MOST_NAME_BYTES), AfterValidator(_check_filename)]
"""What a sender calls a file, in any script. It is shown and never used as a path."""


class UploadCreate(BaseModel):
    """A file that is about to be sent: what it is called, and how many bytes it has."""

    model_config = ConfigDict(extra="forbid")

    filename: FileName
    size: Annotated[int, Field(ge=1, le=2**53 - 1, strict=True)]


class UploadPublic(BaseModel):
    """How far a file has come. Send the bytes from `offset` on, at most `piece_size` at once.

    `sha256` is there once the file is whole, and only then can it be read. What is not used until `expires_at` is
    removed; every piece that comes moves that on.
    """

    id: str
    filename: str
    size: int
    offset: int
    complete: bool
    sha256: Sha256 | None = None
    piece_size: int
    created_at: datetime
    expires_at: datetime
