"""The files of a data set, open, with the arrays in all of them by the name of their field."""

import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from engine.data.library.arrays import hdf5_files, npy_files, npz_files
from engine.data.library.arrays.entries import MAX_ENTRIES, Entry, Unusable
from engine.data.library.arrays.faults import MAX_NOTES, refuse, tell
from engine.data.library.kinds import GivenFile
from engine.graph.issues import Issue

HDF5_OFFSETS = (0, 512, 1024, 2048)
"""HDF5 leaves room for somebody else's header at the beginning; MATLAB uses that."""

BEGINNING = HDF5_OFFSETS[-1] + len(hdf5_files.MAGIC)


@dataclass(frozen=True)
class OpenFiles:
    """The arrays that can be read, and those that cannot, by the name of their field.

    A field is named by its array's path, or `file:path` where several files have that path.
    """

    entries: dict[str, Entry]
    unusable: dict[str, Unusable]

    def find(self, field: str) -> Entry:
        """The array of a field. Raises `IssuesError` `unknown_field` or `unusable_array`."""
        if (entry := self.entries.get(field)) is not None:
            return entry
        if (unusable := self.unusable.get(field)) is not None:
            raise refuse("unusable_array", unusable.message, unusable.hint, field)
        known = ", ".join(repr(name) for name in list(self.entries)[:20])
        raise refuse(
            "unknown_field", f"There is no array {field!r} in the files; expected one of {known}.", field=field
        )

    def list_notes(self) -> list[Issue]:
        """A warning for each array that cannot be used."""
        notes = [tell("unusable_array", one.message, one.hint, field) for field, one in self.unusable.items()]
        if len(notes) > MAX_NOTES:
            left = len(notes) - MAX_NOTES
            notes = [*notes[:MAX_NOTES], tell("unusable_array", f"{left:,} more arrays cannot be used.")]
        return notes


def takes(files: Sequence[GivenFile]) -> bool:
    """Whether all files are npy, npz or HDF5, by what is in them."""
    return bool(files) and all(_find_format(one.path) is not None for one in files)


@contextmanager
def open_files(files: Sequence[GivenFile]) -> Iterator[OpenFiles]:
    """Opens all files. Raises `IssuesError` for what is wrong with a file as a whole."""
    names = [one.name for one in files]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise refuse("same_name", f"Two files are named {twice!r}; expected a name of its own for each.")
    with ExitStack() as stack:
        found = [piece for one in files for piece in _list_arrays(one, stack)]
        yield _name_fields(found)


def _find_format(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            beginning = file.read(BEGINNING)
    except OSError:
        return None
    if beginning.startswith(npy_files.MAGIC):
        return "npy"
    if any(beginning[offset:].startswith(hdf5_files.MAGIC) for offset in HDF5_OFFSETS):
        return "hdf5"
    return "npz" if beginning.startswith(npz_files.MAGIC) and npz_files.holds_arrays(path) else None


def _list_arrays(given: GivenFile, stack: ExitStack) -> list[Entry | Unusable]:
    match _find_format(given.path):
        case "npy":
            return npy_files.list_npy(given)
        case "npz":
            archive: zipfile.ZipFile = stack.enter_context(npz_files.open_archive(given))
            return npz_files.list_npz(given, archive)
        case "hdf5":
            return hdf5_files.list_hdf5(given, stack.enter_context(hdf5_files.open_hdf5(given)))
        case _:
            raise refuse(
                "unknown_format",
                f"{given.name!r} is no file of arrays; expected npy, npz or HDF5.",
                "A file that was cut off no longer looks like what it was: copy or save it again.",
            )


def _name_fields(found: Sequence[Entry | Unusable]) -> OpenFiles:
    if len(found) > MAX_ENTRIES:
        raise refuse("too_large", f"The files have {len(found):,} arrays; expected {MAX_ENTRIES:,} at most.")
    often = Counter(piece.path for piece in found)
    opened = OpenFiles({}, {})
    for piece in found:
        field = piece.path if often[piece.path] == 1 else f"{piece.file}:{piece.path}"
        if isinstance(piece, Entry):
            opened.entries[field] = piece
        else:
            opened.unusable[field] = piece
    return opened
