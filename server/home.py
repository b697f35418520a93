"""The data folder: made, writable, with room on its disk, and used by one server at a time."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class HomeError(Exception):
    """The data folder cannot be used. The message is one sentence that says what to do."""


@contextmanager
def hold_home(home: Path, min_free_bytes: int) -> Iterator[None]:
    """Makes the folder where it is missing and keeps other servers out of it meanwhile.

    SQLite has a rare bug when two processes write one database, and two servers would start each run twice.

    Raises:
        HomeError: the folder cannot be written, its disk is full, or another server uses it.
    """
    _prepare_folder(home, min_free_bytes)
    with (home / "layerloom.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            holder = file.read(20).strip() or "unknown"
            raise HomeError(
                f"Another Layerloom (process {holder}) uses the data folder {home};"
                " stop it, or choose another folder with --home."
            ) from error
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def _prepare_folder(home: Path, min_free_bytes: int) -> None:
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            pass
        free = shutil.disk_usage(home).free
    except OSError as error:
        raise HomeError(
            f"The data folder {home} cannot be written ({error.strerror}); choose another one with --home."
        ) from error
    if free < min_free_bytes:
        raise HomeError(
            f"The disk of the data folder {home} has {free // 2**20} MiB left, and Layerloom needs"
            f" {min_free_bytes // 2**20} MiB; free some space, or choose another folder with --home."
        )
