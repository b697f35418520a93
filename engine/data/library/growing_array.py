"""An npy file that grows piece by piece."""

from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
from numpy.lib import format as npy

Array = npt.NDArray[np.generic]
HEADER_BYTES = 256
"""Room for a header whose number of samples is only known at the end; a multiple of npy's 64."""


class GrowingArray:
    """An npy file that grows. Memory: what is appended, no more.

    Raises:
        OSError: there is no room on the disk.
    """

    def __init__(self, path: Path, row_shape: tuple[int, ...], dtype: np.dtype[np.generic]):
        self._path = path
        self._row_shape = row_shape
        self._dtype = dtype
        self._file: BinaryIO = path.open("wb")
        self._file.write(bytes(HEADER_BYTES))
        self.samples = 0

    def append(self, rows: Array) -> None:
        """Adds samples: an array of shape `(n, *row_shape)`."""
        if rows.shape[1:] != self._row_shape:
            raise ValueError(f"expected samples of shape {self._row_shape}, received {rows.shape[1:]}")
        self._file.write(np.ascontiguousarray(rows, dtype=self._dtype).data)
        self.samples += len(rows)

    def close(self) -> None:
        """Writes the header: the file is whole now."""
        header = {"descr": npy.dtype_to_descr(self._dtype), "fortran_order": False,
                  "shape": (self.samples, *self._row_shape)}  # fmt: skip
        text = repr(header).encode("latin1")
        magic = npy.magic(1, 0)
        room = HEADER_BYTES - len(magic) - 2
        self._file.seek(0)
        self._file.write(magic + room.to_bytes(2, "little") + text.ljust(room - 1) + b"\n")
        self._file.close()

    def __enter__(self) -> "GrowingArray":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.close()
        else:
            self._file.close()
