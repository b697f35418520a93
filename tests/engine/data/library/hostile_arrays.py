"""Files of arrays that lie, for the tests."""

import io
import struct
import zipfile
from pathlib import Path

import numpy as np
from numpy.lib import format as npy

from tests.engine.data.library.array_files import (
    X,
    Y,
    find_warnings,
)


def make_npy(shape: str, descr: str = "'<f4'", content: bytes = b"", order: str = "False") -> bytes:
    header = f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}}}".encode()
    header = header.ljust(117) + b"\n"
    return npy.magic(1, 0) + struct.pack("<H", len(header)) + header + content


def zip_up(path: Path, members: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def as_npy(array: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


GOOD = {"x.npy": as_npy(X), "y.npy": as_npy(Y)}


def why(found, name: str) -> str:
    """Why an array cannot be used."""
    return next(one for one in find_warnings(found, "unusable_array") if repr(name) in one)
