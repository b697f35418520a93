"""A file as one run of bytes between processes: a length, a JSON header, the content."""

import struct
from dataclasses import dataclass

from pydantic import BaseModel

LENGTH = struct.Struct(">I")


class _Header(BaseModel):
    media_type: str
    filename: str


@dataclass(frozen=True, slots=True)
class FileAnswer:
    """A file with its name and media type."""

    content: bytes
    media_type: str
    filename: str

    def encode(self) -> bytes:
        header = _Header(media_type=self.media_type, filename=self.filename).model_dump_json().encode()
        return b"".join((LENGTH.pack(len(header)), header, self.content))

    @classmethod
    def decode(cls, frame: bytes) -> "FileAnswer":
        """The file that `encode` framed.

        Raises:
            ValueError: the bytes are no such frame.
        """
        if len(frame) < LENGTH.size:
            raise ValueError(f"a framed file has at least {LENGTH.size} bytes; {len(frame)} came")
        (length,) = LENGTH.unpack_from(frame)
        end = LENGTH.size + length
        if len(frame) < end:
            raise ValueError(f"the frame's header has {length} bytes; only {len(frame) - LENGTH.size} came")
        header = _Header.model_validate_json(frame[LENGTH.size : end])
        return cls(frame[end:], header.media_type, header.filename)
