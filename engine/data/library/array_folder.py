"""Arrays on disk that grow piece by piece, and are mapped into memory once they are whole."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.data.library.growing_array import Array, GrowingArray
from engine.data.library.text_arrays import GrowingTexts, MappedTexts, name_files

__all__ = ["TEST", "TRAINING", "Array", "ArrayFolder", "GrowingArray"]

TRAINING, TEST = "training", "test"


class ArrayFolder:
    """The arrays of a data set: `training/<number>.npy` and `test/<number>.npy`, numbered in the order of `names`.

    Plain npy files, so numpy alone can read them; texts take two of them. Names stay out of paths: they may be in any
    script.
    """

    def __init__(self, folder: Path, names: Sequence[str]):
        self._folder = folder
        self._names = list(names)

    @property
    def path(self) -> Path:
        """Where the arrays lie: its disk is the one that may be full."""
        return self._folder

    def grow(self, name: str, row_shape: Sequence[int], dtype: npt.DTypeLike, part: str = TRAINING) -> "GrowingArray":
        """A new array to append samples to, each of shape `row_shape`. Raises ValueError for a name that is not one."""
        return GrowingArray(self._make_room(name, part), tuple(row_shape), np.dtype(dtype))

    def grow_texts(self, name: str, part: str = TRAINING) -> GrowingTexts:
        """A new array of texts to append to. Raises as `grow` does."""
        return GrowingTexts(self._make_room(name, part), name)

    def map(self, part: str = TRAINING) -> dict[str, Array]:
        """The arrays of numbers of a part by name, mapped into memory, read-only: nothing is read before it is used.

        Raises OSError, ValueError where a file is gone or broken.
        """
        return {
            name: np.load(self._find_path(name, part), mmap_mode="r")
            for name in self._names
            if not self._is_text(name, part)
        }

    def map_texts(self, part: str = TRAINING) -> dict[str, MappedTexts]:
        """The arrays of texts of a part by name. Raises as `map` does."""
        return {name: MappedTexts(self._find_path(name, part)) for name in self._names if self._is_text(name, part)}

    @contextmanager
    def replace(self, name: str, part: str = TRAINING) -> Iterator[GrowingArray | GrowingTexts]:
        """An array of the same form to append to, which takes the place of the one that is there once it is whole.

        Raises as `map` does, and OSError where there is no room on the disk.
        """
        path = self._find_path(name, part)
        beside = path.with_name(f"new-{path.name}")
        if self._is_text(name, part):
            with GrowingTexts(beside, name) as texts:
                yield texts
            for new, old in zip(name_files(beside), name_files(path), strict=True):
                new.replace(old)
        else:
            mapped = np.load(path, mmap_mode="r")
            with GrowingArray(beside, mapped.shape[1:], mapped.dtype) as growing:
                yield growing
            beside.replace(path)

    def _make_room(self, name: str, part: str) -> Path:
        path = self._find_path(name, part)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def _is_text(self, name: str, part: str) -> bool:
        return name_files(self._find_path(name, part))[1].exists()

    def _find_path(self, name: str, part: str) -> Path:
        return self._folder / part / f"{self._names.index(name)}.npy"
