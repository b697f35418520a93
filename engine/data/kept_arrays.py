"""The arrays of people's own data sets that were asked for last, so that no check reads texts that are read already."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Literal, TypeVar, cast

from cachetools import LRUCache

from engine.data.library.library import find_folder, read_manifest
from engine.data.source import Arrays

KEPT = 4
"""Two data sets with their test parts, where their texts have room. Numbers are mapped and take no memory."""

MOST_TEXT_BYTES = 1 << 30
"""Texts are Python's strings in memory: more of them are read each time that they are asked for."""

STRING_BYTES = 60
"""What Python takes for a string beside its characters."""

Version = tuple[str, str]
Kept = TypeVar("Kept", bound=Arrays | None)


def _weigh(arrays: Arrays | None) -> int:
    """At least so much that no more than `KEPT` have room."""
    every = [] if arrays is None else [*arrays.inputs.values(), *arrays.targets.values()]
    texts = sum(STRING_BYTES + len(str(text)) for one in every if one.dtype.hasobject for text in one.flat)
    return max(MOST_TEXT_BYTES // KEPT, texts)


_kept: LRUCache[tuple[Version, str], Arrays | None] = LRUCache(MOST_TEXT_BYTES, _weigh)


def keep_own(name: str, part: Literal["training", "test"], read: Callable[[], Kept]) -> Kept:
    """What `read` reads of a part of somebody's own data set; read once as long as the data set is the same.

    What was deleted is let go of, as a file that is mapped takes room on the disk until then.
    """
    for key in [key for key in _kept if not Path(key[0][0]).exists()]:
        del _kept[key]
    version = tell_version(name)
    if version is None:
        return read()
    if (version, part) in _kept:
        return cast("Kept", _kept[version, part])
    arrays = read()
    for array in () if arrays is None else (*arrays.inputs.values(), *arrays.targets.values()):
        # It is kept and handed out again, so nobody may change it.
        array.setflags(write=False)
    with suppress(ValueError):
        # It says so where something is larger than all that may be kept.
        _kept[version, part] = arrays
    return arrays


def tell_version(name: str) -> Version | None:
    """What tells a data set of somebody's own from others, as one may be deleted and another be given its name; None
    for those that come with Layerloom."""
    manifest, folder = read_manifest(name), find_folder(name)
    return None if manifest is None or folder is None else (str(folder), manifest.created_at.isoformat())
