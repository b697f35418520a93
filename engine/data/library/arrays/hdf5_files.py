"""HDF5: the tree of a file, with every array in it that can be read, and why each other one cannot."""

from math import prod

import h5py
import numpy as np

from engine.data.library.arrays.entries import (
    MAX_ENTRIES,
    MAX_PATH_LENGTH,
    MAX_TEXT_BYTES,
    Array,
    Blocks,
    Entry,
    Unusable,
    check_packing,
    find_fault,
)
from engine.data.library.arrays.faults import printable, refuse
from engine.data.library.kinds import GivenFile

MAGIC = b"\x89HDF\r\n\x1a\n"
MAX_DEPTH = 64
MAX_CHUNK_BYTES = 64 * 2**20
"""HDF5 unpacks a chunk as a whole."""

CACHE_BYTES = 32 * 2**20
"""For the chunks of one array, so that a chunk is unpacked once and not for each block of samples."""

TEXTS_AT_ONCE = 64
"""Texts of any length tell how long they are only when they are read."""


def open_hdf5(given: GivenFile) -> "h5py.File":
    """The file, for reading. Raises `IssuesError` where it is damaged."""
    try:
        return h5py.File(given.path, "r", rdcc_nbytes=CACHE_BYTES, rdcc_nslots=10_007, locking=False)
    except (OSError, ValueError, RuntimeError) as error:
        raise refuse(
            "damaged_file",
            f"{given.name!r} begins like an HDF5 file, and cannot be read as one ({printable(str(error))}).",
            "It may be cut off: copy or save it again.",
        ) from error


def list_hdf5(given: GivenFile, file: "h5py.File") -> list[Entry | Unusable]:
    """Every array in the tree by its path. Links are never followed.

    Raises `IssuesError` for a tree without end, and for a damaged one.
    """
    try:
        return _go_through(given, file)
    except (OSError, KeyError, ValueError, TypeError, RuntimeError, AttributeError, IndexError) as error:
        raise refuse(
            "damaged_file",
            f"{given.name!r} is a damaged HDF5 file ({printable(str(error))}).",
            "Copy or save it again.",
        ) from error


def _go_through(given: GivenFile, file: "h5py.File") -> list[Entry | Unusable]:
    found: list[Entry | Unusable] = []
    seen = {_identify(file)}
    waiting: list[tuple[str, h5py.Group]] = [("", file)]
    looked_at = 0
    while waiting:
        prefix, group = waiting.pop(0)
        for name in group:
            looked_at += 1
            is_text = isinstance(name, str)
            path = printable(f"{prefix}{name if is_text else name.decode('utf-8', 'backslashreplace')}")
            _check_tree(given.name, looked_at, path)
            if not is_text:
                found.append(Unusable(given.name, path, "its name is no text in UTF-8", "Give it another name."))
                continue
            link = group.get(name, getlink=True)
            if not isinstance(link, h5py.HardLink):
                found.append(Unusable(given.name, path, _describe_link(link), "Copy the array into the file."))
                continue
            inner = group[name]
            if isinstance(inner, h5py.Group):
                if (identity := _identify(inner)) in seen:
                    raise refuse(
                        "damaged_file",
                        f"The group {path!r} in {given.name!r} is one that the file has in another place too;"
                        " expected a tree.",
                    )
                seen.add(identity)
                waiting.append((f"{prefix}{name}/", inner))
            elif isinstance(inner, h5py.Dataset):
                found.append(_describe(given.name, path, inner))
    return found


def _check_tree(file: str, looked_at: int, path: str) -> None:
    if looked_at > MAX_ENTRIES:
        raise refuse("too_large", f"{file!r} has more than {MAX_ENTRIES:,} groups and arrays; expected at most that.")
    if len(path) > MAX_PATH_LENGTH or path.count("/") > MAX_DEPTH:
        raise refuse(
            "too_large",
            f"{path[:60]!r}… in {file!r} lies too deep: expected at most {MAX_DEPTH} groups inside each other, and"
            f" names of {MAX_PATH_LENGTH} characters together.",
        )


def _identify(piece: "h5py.Group") -> int:
    """The group's place in the file."""
    return int(h5py.h5o.get_info(piece.id).addr)


def _describe_link(link: object) -> str:
    if isinstance(link, h5py.ExternalLink):
        return f"it lies in another file, {printable(link.filename)[:100]!r}, which is not opened"
    return "it is a link to another place in the file"


def _describe(file: str, path: str, dataset: "h5py.Dataset") -> Entry | Unusable:
    if reason := _find_fault(dataset):
        return Unusable(file, path, reason)
    shape, dtype = tuple(map(int, dataset.shape)), dataset.dtype
    text = h5py.check_string_dtype(dtype) is not None
    if fault := find_fault(shape, np.dtype("S1") if text and dtype.hasobject else dtype):
        return Unusable(file, path, *fault)
    return Entry(file, path, shape, dtype, lambda rows: _read(file, path, dataset, rows))


def _find_fault(dataset: "h5py.Dataset") -> str | None:
    if dataset.is_virtual or dataset.external:
        return "its numbers lie in other files, which are not opened"
    if dataset.shape is None:
        return "it is empty"
    try:
        dtype = dataset.dtype
    except (TypeError, ValueError) as error:
        return f"it holds what numpy has no type for ({printable(str(error))})"
    if h5py.check_ref_dtype(dtype) is not None:
        return "it holds references; expected numbers, truth values or texts"
    if h5py.check_vlen_dtype(dtype) is not None and h5py.check_string_dtype(dtype) is None:
        return "its samples have different lengths; expected the same shape for all"
    properties = dataset.id.get_create_plist()
    for number in range(properties.get_nfilters()):
        code, _, _, name = properties.get_filter(number)
        if not h5py.h5z.filter_avail(code):
            return f"it is packed by {printable(name.decode('utf-8', 'replace'))!r} (filter {code}), which is not here"
    if dataset.chunks and prod(dataset.chunks) * dtype.itemsize > MAX_CHUNK_BYTES:
        size = prod(dataset.chunks) * dtype.itemsize
        return f"it is packed in pieces of {size:,} bytes; expected {MAX_CHUNK_BYTES:,} at most"
    return check_packing(prod(dataset.shape) * dtype.itemsize, dataset.id.get_storage_size())


def _read(file: str, path: str, dataset: "h5py.Dataset", rows: int) -> Blocks:
    step = min(rows, TEXTS_AT_ONCE) if dataset.dtype.hasobject else rows
    for start in range(0, dataset.shape[0], rows):
        stop = min(start + rows, dataset.shape[0])
        pieces = [
            _read_piece(file, path, dataset, first, min(first + step, stop)) for first in range(start, stop, step)
        ]
        yield pieces[0] if len(pieces) == 1 else np.concatenate(pieces)


def _read_piece(file: str, path: str, dataset: "h5py.Dataset", start: int, stop: int) -> Array:
    try:
        piece: Array = dataset[start:stop]
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        raise refuse(
            "damaged_file",
            f"The array {path!r} in {file!r} cannot be read from sample {start:,} on ({printable(str(error))}).",
            "Copy or save the file again.",
            path,
        ) from error
    if piece.dtype.hasobject:
        for row, text in enumerate(piece.ravel().tolist()):
            if len(text) > MAX_TEXT_BYTES:
                raise refuse(
                    "too_large",
                    f"The text of sample {start + row:,} of {path!r} in {file!r} has {len(text):,} bytes; expected"
                    f" {MAX_TEXT_BYTES:,} at most.",
                    field=path,
                )
    return piece
