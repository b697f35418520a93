"""The words behind the word numbers of a data set of texts, where Keras's word index is on this machine."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from engine.data.cache import CachedFile, explain_absence, locate_cache

PADDING = 0
START = "[START]"
UNKNOWN = "[OOV]"
UNUSED = "[?]"
"""A number that stands for no word: with `index_from=3`, 3 does."""


@dataclass(frozen=True, slots=True)
class WordFile:
    """The word index of a data set: its file, the arrays that hold word numbers, and Keras's function that fetches it.

    The three numbers are those of arrays that were made without arguments of that name.
    """

    file: CachedFile
    arrays: tuple[str, ...]
    fetch: Callable[[], object]
    start_char: int | None = 1
    oov_char: int | None = 2
    index_from: int = 3


@dataclass(frozen=True, slots=True)
class Words:
    """`reason` says in a sentence why there are no words; None where there are."""

    arrays: tuple[str, ...]
    by_number: Mapping[int, str] = field(default_factory=dict)
    reason: str | None = None

    def write(self, numbers: np.ndarray) -> str | None:
        """The text of a row of word numbers, without its padding; None where there are no words."""
        if self.reason is not None:
            return None
        return " ".join(self.by_number.get(int(one), UNUSED) for one in numbers if one != PADDING)


def read_words(file: WordFile, arguments: Mapping[str, object]) -> Words:
    """The words of arrays that were made with these arguments. Nothing is downloaded.

    Numbers are turned round as the docstring of `keras.datasets.imdb.get_word_index` does it.
    """
    if reason := explain_absence((file.file,)):
        return Words(file.arrays, reason=reason)
    path = locate_cache() / file.file.path
    state = path.stat()
    words = _read_index(str(path), state.st_size, state.st_mtime_ns)
    settings = {name: arguments.get(name, getattr(file, name)) for name in ("start_char", "oov_char", "index_from")}
    return Words(file.arrays, _turn_round(words, **settings))  # type: ignore[arg-type]


def _turn_round(
    words: Mapping[str, int], start_char: int | None, oov_char: int | None, index_from: int
) -> dict[int, str]:
    by_number = {number + index_from: word for word, number in words.items()}
    if start_char is not None:
        by_number[start_char] = START
    if oov_char is not None:
        by_number[oov_char] = UNKNOWN
    return by_number


@lru_cache(maxsize=2)
def _read_index(path: str, size: int, changed: int) -> dict[str, int]:
    """Keras's file as it is. Size and time of change are part of the key, so a changed file is read again."""
    del size, changed
    with open(path, encoding="utf-8") as file:
        found: dict[str, int] = json.load(file)
    return found
