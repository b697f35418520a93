"""The arrays of people's own data sets that were asked for last, so that no check reads texts that are read already."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal, TypeVar, cast

from cachetools import LRUCache

from engine.data.library.library import find_folder, read_manifest
from engine.data.source import Arrays

KEPT = 4
"""Two data sets with their test parts. Numbers are mapped and take no memory, texts are Python's strings."""

Version = tuple[str, str]
Kept = TypeVar("Kept", bound=Arrays | None)

_kept: LRUCache[tuple[Version, str], Arrays | None] = LRUCache(KEPT)


def keep_own(name: str, part: Literal["training", "test"], read: Callable[[], Kept]) -> Kept:
    """What `read` reads of a part of somebody's own data set; read once as long as the data set is the same.

    What was deleted is let go of, as a file that is mapped takes room on the disk until then.
    """
    for key in [key for key in _kept if not Path(key[0][0]).exists()]:
        del _kept[key]
    version = tell_version(name)
    if version is None:
        return read()
    if (version, part) not in _kept:
        arrays: Arrays | None = read()
        for array in () if arrays is None else (*arrays.inputs.values(), *arrays.targets.values()):
            # It is kept and handed out again, so nobody may change it.
            array.setflags(write=False)
        _kept[version, part] = arrays
    return cast("Kept", _kept[version, part])


def tell_version(name: str) -> Version | None:
    """What tells a data set of somebody's own from others, as one may be deleted and another be given its name; None
    for those that come with Layerloom."""
    manifest, folder = read_manifest(name), find_folder(name)
    return None if manifest is None or folder is None else (str(folder), manifest.created_at.isoformat())
