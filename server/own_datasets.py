"""People's own data sets: which files they are made of, and whether one may go."""

import shutil
from collections.abc import Sequence

from engine.data.library.library_name import RESERVED
from engine.data.library.manifest import Definition, PlacedFile
from engine.data.library.store import LibraryStore, taken
from server.data_folders import DataFolders
from server.jobs.compiler import Compiler, CompilerCrashed, CompilerTimeout, Operation, list_datasets
from server.jobs.data_making import DatasetMaker, Source, name_files
from server.jobs.data_questions import InspectQuestion, NamedPath
from server.schemas.data_jobs import DataJob
from server.schemas.own_datasets import FileInPlace, KeptFile, NewDataset, SentFile, UploadedFile
from server.settings import Settings
from server.splits import SplitStore
from server.storage.dataset_users import DatasetUsers
from server.uploads_store import UploadStore


class FileFinder:
    """Where the files are that a request names. Waits for the disk, so call it in a thread."""

    def __init__(self, settings: Settings, library: LibraryStore, uploads: UploadStore):
        self._folders = DataFolders(settings.data_folders)
        self._library = library
        self._uploads = uploads

    def find(self, files: Sequence[SentFile]) -> list[Source]:
        """The files in their order.

        Raises:
            EngineError: `not_found`; `conflict` where one is not whole; `forbidden` where it lies elsewhere.
        """
        return [self._find(one) for one in files]

    def _find(self, file: SentFile) -> Source:
        match file:
            case UploadedFile():
                stored = self._uploads.find_stored(file.upload)
            case KeptFile():
                stored = self._uploads.find_kept(file.sha256, file.name)
            case FileInPlace():
                path = self._folders.find(file.path)
                return Source(PlacedFile(path=str(path)), path.name, path)
        return Source(stored, stored.name, self._library.file(stored.sha256))


async def look_at_files(sources: Sequence[Source], definition: Definition | None, compiler: Compiler) -> bytes:
    """The answer to an `InspectQuestion`.

    Raises:
        EngineError: nothing can be made of the files. CompilerTimeout, CompilerCrashed: a damaged one made the library
            that reads it go round in circles, or crash.
    """
    files = [NamedPath(name=one.name, path=one.path) for one in sources]
    question = InspectQuestion(files=files, definition=definition)
    try:
        return await compiler.call(Operation.INSPECT_FILES, question.model_dump_json().encode())
    except (CompilerTimeout, CompilerCrashed) as error:
        end = "came to no end" if isinstance(error, CompilerTimeout) else "ended its process"
        raise type(error)(f"Reading {name_files(sources)} {end}; it may be damaged ({error}).") from error


async def begin_dataset(new: NewDataset, sources: Sequence[Source], compiler: Compiler, maker: DatasetMaker) -> DataJob:
    """Begins to prepare a data set, unless one that comes with Layerloom has its name.

    Raises:
        EngineError: as `DatasetMaker.begin` does; `conflict` for a name that is taken.
    """
    if new.name in RESERVED or any(one.name == new.name for one in await list_datasets(compiler)):
        raise taken(new.name)
    return maker.begin(new, sources)


def delete_dataset(name: str, library: LibraryStore, uploads: UploadStore, users: DatasetUsers) -> None:
    """Removes a data set, and its files where nothing else names them.

    Raises:
        EngineError: `unknown_dataset`; `conflict` while a run that is not over uses it.
    """
    with users.refuse_used(name):
        gone = library.take_away(name)
        SplitStore(library.sets.parent).delete_all(name)
    shutil.rmtree(gone, ignore_errors=True)
    uploads.sweep()
