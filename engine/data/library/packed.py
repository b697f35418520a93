"""Packed files that no kind of data reads: said before anybody wonders what is wrong with them."""

from collections.abc import Sequence

from engine.data.library.kinds import GivenFile
from engine.errors import IssuesError
from engine.graph.issues import Issue

PACKINGS = {
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\0": "xz",
    b"\x28\xb5\x2f\xfd": "Zstandard",
    b"7z\xbc\xaf\x27\x1c": "7-Zip",
    b"Rar!\x1a\x07": "RAR",
}
"""By the first bytes. A zip may hold images, texts and arrays, so it is read."""


def refuse_packed(files: Sequence[GivenFile]) -> None:
    """Raises `IssuesError` for the first file that is packed."""
    for file in files:
        if not file.path.is_file():
            continue
        with file.path.open("rb") as opened:
            head = opened.read(max(map(len, PACKINGS)))
        packing = next((name for start, name in PACKINGS.items() if head.startswith(start)), None)
        if packing is not None:
            message = (
                f"{file.name!r} is packed by {packing}; expected a file that is not packed, a zip, or a table as text"
                " (CSV, TSV) packed by gzip, bzip2 or Zstandard."
            )
            hint = "Unpack it, and bring what is in it."
            raise IssuesError("packed_file", message, hint, [Issue(code="packed_file", message=message, hint=hint)])
