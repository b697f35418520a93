"""Finding the line that is too long, once it is known that there is one."""

from engine.data.library.table.text import Utf8Stream

PIECE_BYTES = 1 << 20


def find_long_line(stream: Utf8Stream, limit: int) -> int | None:
    """The number (from 1) of the first line of more than `limit` bytes; None where all are shorter.

    Reads no further than it has to, and holds `PIECE_BYTES` at a time. Raises what the stream raises.
    """
    number, length, after_return = 1, 0, False
    while piece := stream.read(PIECE_BYTES):
        if after_return and piece.startswith(b"\n"):
            piece = piece[1:]  # the other half of a line's end
        after_return = piece.endswith(b"\r")
        for part in piece.splitlines(keepends=True):
            length += len(part)
            if length > limit:
                return number
            if part.endswith((b"\n", b"\r")):
                number, length = number + 1, 0
    return None
