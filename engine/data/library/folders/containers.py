"""Opens a folder or a zip as what it is."""

from collections.abc import Iterator
from contextlib import contextmanager

from engine.data.library.folders.folder_container import FolderContainer
from engine.data.library.folders.members import Container
from engine.data.library.folders.zip_container import ZipContainer
from engine.data.library.kinds import GivenFile


@contextmanager
def open_container(file: GivenFile) -> Iterator[Container]:
    """The files of a folder or zip, for as long as the block lasts. Raises `IssuesError`."""
    container: Container
    container = FolderContainer(file.name, file.path) if file.path.is_dir() else ZipContainer(file.name, file.path)
    try:
        yield container
    finally:
        container.close()
