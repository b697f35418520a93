"""Texts on disk: the UTF-8 of all of them in one array, and where each ends in another, so that any can be read."""

from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Final

import numpy as np
import numpy.typing as npt

from engine.data.library.growing_array import GrowingArray
from engine.data.loaders.own_arrays import read_texts
from engine.errors import IssuesError
from engine.graph.issues import Issue

TEXT: Final = "string"
"""The dtype of an array of texts, as Keras and TensorFlow call it."""

MAX_TEXT_BYTES = 512 << 20
"""UTF-8 of one array: texts are objects in memory while a model is trained on them."""

MAX_TEXTS = 10_000_000
"""Texts in one array: each takes some 60 bytes of memory beside its characters."""

Texts = npt.NDArray[np.object_]


def name_files(path: Path) -> tuple[Path, Path]:
    """Where the bytes are, and where their ends: `path` is that of an array of numbers, `0.npy`."""
    return path.with_suffix(".utf8.npy"), path.with_suffix(".ends.npy")


class GrowingTexts:
    """An array of texts that grows. Memory: what is appended, no more.

    Raises:
        OSError: there is no room on the disk.
        IssuesError: there is more text than one array may have (`too_much_text`).
    """

    def __init__(self, path: Path, name: str):
        encoded, ends = name_files(path)
        self._name = name
        self._bytes = GrowingArray(encoded, (), np.dtype("uint8"))
        self._ends = GrowingArray(ends, (), np.dtype("int64"))

    @property
    def samples(self) -> int:
        """How many texts there are."""
        return self._ends.samples

    def append(self, texts: Iterable[str]) -> None:
        """Adds texts. Lone surrogates, which no UTF-8 has, become question marks."""
        pieces = [text.encode("utf-8", "replace") for text in texts]
        start = self._bytes.samples
        ends = start + np.cumsum([len(piece) for piece in pieces], dtype="int64")
        self._check(self.samples + len(pieces), int(ends[-1]) if pieces else start)
        self._bytes.append(np.frombuffer(b"".join(pieces), "uint8"))
        self._ends.append(ends)

    def _check(self, texts: int, size: int) -> None:
        for found, limit, what in ((texts, MAX_TEXTS, "texts"), (size, MAX_TEXT_BYTES, "bytes of text (UTF-8)")):
            if found > limit:
                message = f"The array {self._name!r} has {found:,} {what} or more; expected at most {limit:,}."
                hint = "Leave some out, or shorten them: texts lie in memory while a model is trained on them."
                issue = Issue(code="too_much_text", message=message, hint=hint)
                raise IssuesError(issue.code, message, hint, [issue])

    def close(self) -> None:
        """The files are whole now."""
        self._bytes.close()
        self._ends.close()

    def __enter__(self) -> "GrowingTexts":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bytes.__exit__(kind, error, trace)
        self._ends.__exit__(kind, error, trace)


class MappedTexts:
    """An array of texts on disk, of which only those are read that are asked for. Raises OSError, ValueError."""

    def __init__(self, path: Path):
        encoded, ends = name_files(path)
        self._bytes = np.load(encoded, mmap_mode="r")
        self._ends = np.load(ends, mmap_mode="r")

    def __len__(self) -> int:
        return len(self._ends)

    @property
    def nbytes(self) -> int:
        """On the disk."""
        return int(self._bytes.nbytes + self._ends.nbytes)

    def read(self, start: int, stop: int) -> Texts:
        """The texts from number `start` up to `stop`, shape (stop - start,)."""
        return read_texts(self._bytes, self._ends, start, min(stop, len(self)))
