"""Keras's own cache folder: which data files are there, whole and unchanged."""

import hashlib
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from keras.src.backend.config import keras_home


@dataclass(frozen=True, slots=True)
class CachedFile:
    """A file that Keras downloads: its place below the cache's `datasets` folder, and the hash that Keras expects."""

    path: str
    sha256: str


def locate_cache() -> Path:
    """The folder that Keras keeps data sets in: below KERAS_HOME, or in /tmp where that cannot be written."""
    home = Path(keras_home()).expanduser()
    return (home if os.access(home, os.W_OK) else Path("/tmp/.keras")) / "datasets"  # noqa: S108 - Keras's own choice


def explain_absence(files: tuple[CachedFile, ...]) -> str | None:
    """Why the files cannot be used, in one sentence; None where each is there with the right hash."""
    folder = locate_cache()
    for file in files:
        path = folder / file.path
        try:
            state = path.stat()
            digest = _hash_file(path, state.st_size, state.st_mtime_ns)
        except OSError:
            return f"{path} is not there yet. Download it, or put the file there."
        if digest != file.sha256:
            return f"{path} is not the file that Keras expects (its hash is another one). Download it again."
    return None


@lru_cache(maxsize=64)
def _hash_file(path: Path, size: int, changed: int) -> str:
    """SHA-256 in hexadecimal. Size and time of change are part of the key, so a changed file is read again."""
    del size, changed
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
