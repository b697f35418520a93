"""Arrays in `.npz` files: what a file declares is compared with the limits before anything of it is read."""

import os
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import IO, Literal

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from engine.errors import EngineError

Array = NDArray[np.generic]

SUFFIX = ".npy"
KINDS = "biuf"
"""Truth values, integers with and without sign, and floating-point numbers: numpy's one-letter codes."""

ITEM_SIZES = {1, 2, 4, 8}
COMPRESSIONS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
HEADER_BYTES = 10_000
DIRECTORY_BYTES_PER_ARRAY = 1_000
END_OF_DIRECTORY = struct.Struct("<4s4H2LH")
LONGEST_COMMENT = 2**16


@dataclass(frozen=True)
class NpzLimits:
    """What a file may hold. Every number is inclusive; `max_bytes` counts the arrays as they are in memory."""

    max_arrays: int = 20_000
    max_bytes: int = 4 * 2**30
    max_dimensions: int = 16
    max_name_length: int = 300


DEFAULT_NPZ_LIMITS = NpzLimits()


@dataclass(frozen=True)
class ArrayHeader:
    """What an array says of itself before its numbers come."""

    shape: tuple[int, ...]
    fortran_order: bool
    dtype: "np.dtype[np.generic]"

    @property
    def size(self) -> int:
        """The array's bytes."""
        return prod(self.shape) * self.dtype.itemsize


def write_npz(path: Path, arrays: Iterable[tuple[str, Array]]) -> None:
    """Writes the arrays under their names, uncompressed. The file is at `path` once it is whole and on disk.

    The same arrays under the same names give the same bytes.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, unfinished = tempfile.mkstemp(dir=path.parent, prefix=".unfinished-", suffix=".npz")
    try:
        with os.fdopen(descriptor, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
                for name, array in arrays:
                    # Without a date of its own a member is of 1980: the bytes say only what the arrays are.
                    with archive.open(zipfile.ZipInfo(name + SUFFIX), "w", force_zip64=True) as member:
                        npy.write_array(member, np.asanyarray(array, order="C"), allow_pickle=False)
            file.flush()
            os.fsync(file.fileno())
        Path(unfinished).replace(path)
    finally:
        Path(unfinished).unlink(missing_ok=True)
    _sync_folder(path.parent)


def read_npz(
    path: Path, limits: NpzLimits = DEFAULT_NPZ_LIMITS, wanted: Callable[[str], bool] = lambda _name: True
) -> dict[str, Array]:
    """The arrays with wanted names, in the order of the file, in this machine's byte order.

    Raises `EngineError` `invalid_weights` or `too_large`; what the file declares is looked at before its numbers are.
    """
    with _open_archive(path, limits) as archive:
        headers = _read_headers(archive, limits)
        return {
            name: _read_numbers(archive, member, header) for name, (member, header) in headers.items() if wanted(name)
        }


def read_npz_headers(path: Path, limits: NpzLimits = DEFAULT_NPZ_LIMITS) -> dict[str, ArrayHeader]:
    """What `read_npz` would give, without the numbers. Raises the same."""
    with _open_archive(path, limits) as archive:
        return {name: header for name, (_, header) in _read_headers(archive, limits).items()}


def _open_archive(path: Path, limits: NpzLimits) -> zipfile.ZipFile:
    try:
        _refuse_large_directory(path, limits)
        return zipfile.ZipFile(path)
    except FileNotFoundError as error:
        raise EngineError("not_found", f"The weights file {path.name!r} is not there.") from error
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise _invalid(f"the file is no npz archive ({error})") from error


def _refuse_large_directory(path: Path, limits: NpzLimits) -> None:
    """A zip file's list of members is read as a whole when it is opened, so its size is looked at before."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        tail_size = min(size, END_OF_DIRECTORY.size + LONGEST_COMMENT)
        file.seek(size - tail_size)
        tail = file.read(tail_size)
    start = tail.rfind(b"PK\x05\x06")
    if start < 0 or len(tail) - start < END_OF_DIRECTORY.size:
        raise zipfile.BadZipFile("it has no list of members")
    directory_bytes = END_OF_DIRECTORY.unpack_from(tail, start)[5]
    if directory_bytes > limits.max_arrays * DIRECTORY_BYTES_PER_ARRAY:
        raise _too_large(f"its list of members takes {directory_bytes:,} bytes", f"{limits.max_arrays:,} arrays")


def _read_headers(archive: zipfile.ZipFile, limits: NpzLimits) -> dict[str, tuple[zipfile.ZipInfo, ArrayHeader]]:
    members = archive.infolist()
    if len(members) > limits.max_arrays:
        raise _too_large(f"it has {len(members):,} arrays", f"{limits.max_arrays:,}")
    declared = sum(member.file_size for member in members)
    if declared > limits.max_bytes + HEADER_BYTES * len(members):
        raise _too_large(f"its arrays take {declared:,} bytes", f"{limits.max_bytes:,}")
    found: dict[str, tuple[zipfile.ZipInfo, ArrayHeader]] = {}
    for member in members:
        name = _read_name(member, limits)
        if name in found:
            raise _invalid(f"the array {name!r} is in the file twice")
        found[name] = member, _read_header(archive, member, name, limits)
    return found


def _read_name(member: zipfile.ZipInfo, limits: NpzLimits) -> str:
    name = member.filename.removesuffix(SUFFIX)
    if name == member.filename or not name or len(name) > limits.max_name_length:
        raise _invalid(f"there is a member {name[:50]!r}, which is no array; expected names that end in {SUFFIX}")
    if member.flag_bits & 0x1:
        raise _invalid(f"the array {name!r} is encrypted")
    if member.compress_type not in COMPRESSIONS:
        raise _invalid(f"the array {name!r} is compressed in an unknown way; expected numpy's own or none")
    return name


def _read_header(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, limits: NpzLimits) -> ArrayHeader:
    try:
        with archive.open(member) as file:
            header = _parse_header(file)
            offset = file.tell()
    except EngineError:
        raise
    except Exception as error:  # a file may be broken in any way, and numpy and zipfile raise accordingly
        raise _invalid(f"the array {name!r} has no readable header ({error})") from error
    if header.dtype.kind not in KINDS or header.dtype.itemsize not in ITEM_SIZES or header.dtype.hasobject:
        kind = "objects" if header.dtype.hasobject else str(header.dtype)
        raise _invalid(f"the array {name!r} holds {kind[:100]}; expected numbers or truth values of up to 64 bits")
    if len(header.shape) > limits.max_dimensions or any(size < 0 for size in header.shape):
        raise _invalid(f"the array {name!r} has the shape {header.shape}")
    if header.size > limits.max_bytes:
        raise _too_large(f"its array {name!r} has the shape {header.shape}", f"{limits.max_bytes:,} bytes")
    if header.size != member.file_size - offset:
        raise _invalid(
            f"the array {name!r} says that it has {header.size:,} bytes, and has {member.file_size - offset:,}"
        )
    return header


def _parse_header(file: IO[bytes]) -> ArrayHeader:
    version = npy.read_magic(file)
    if version == (1, 0):
        shape, fortran_order, dtype = npy.read_array_header_1_0(file, max_header_size=HEADER_BYTES)
    elif version == (2, 0):
        shape, fortran_order, dtype = npy.read_array_header_2_0(file, max_header_size=HEADER_BYTES)
    else:
        raise ValueError(f"version {version} of numpy's format")
    if any(isinstance(size, bool) or not isinstance(size, int) for size in shape):
        raise ValueError(f"the shape {shape}")
    return ArrayHeader(tuple(shape), bool(fortran_order), dtype)


def _read_numbers(archive: zipfile.ZipFile, member: zipfile.ZipInfo, header: ArrayHeader) -> Array:
    try:
        with archive.open(member) as file:
            _parse_header(file)
            content = file.read(header.size + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        raise _invalid(f"the array {member.filename!r} is damaged ({error})") from error
    if len(content) != header.size:
        raise _invalid(f"the array {member.filename!r} is damaged: {len(content):,} of {header.size:,} bytes")
    order: Literal["F", "C"] = "F" if header.fortran_order else "C"
    array: Array = np.frombuffer(content, header.dtype).reshape(header.shape, order=order)
    return array.astype(header.dtype.newbyteorder("="), copy=False)


def _sync_folder(folder: Path) -> None:
    """Forces the new name to disk, not only the file's content."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _invalid(what: str) -> EngineError:
    return EngineError(
        "invalid_weights", f"The weights cannot be read: {what}.", "Write it with numpy.savez, without objects."
    )


def _too_large(received: str, expected: str) -> EngineError:
    return EngineError("too_large", f"The weights file is too large: {received}; expected at most {expected}.")


def name_arrays(arrays: Mapping[str, list[Array]]) -> Iterable[tuple[str, Array]]:
    """Lists of arrays as single ones, named `{list}/{place}`."""
    return ((f"{name}/{place}", array) for name, group in arrays.items() for place, array in enumerate(group))
