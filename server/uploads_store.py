"""Files that come in pieces: how far each has come, and where each is once it is whole. All of it is on the disk.

An upload is a record and a part, `<id>.json` and `<id>.part`; the part's length is the offset, so the two never differ
after a crash. A whole file moves to its content's hash. What nothing names any more is swept.
"""

import hashlib
import os
import re
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException

from engine.data.library.manifest import StoredFile
from engine.data.library.store import LibraryStore, sync_folder
from engine.errors import EngineError
from server.schemas.uploads import UploadCreate, UploadPublic
from server.settings import MIB, Settings
from server.uploads import refuse_full_disk

ID = re.compile(r"[0-9a-f]{32}")


class Record(BaseModel):
    """What is kept of an upload beside its bytes. `sha256` is there once all of them have come."""

    id: str
    filename: str
    size: int
    created_at: datetime
    sha256: str | None = None


class UploadStore:
    """All uploads and all whole files. Its methods wait for the disk, so call them in a thread."""

    def __init__(self, settings: Settings, library: LibraryStore):
        self._settings = settings
        self._library = library
        self._folder = settings.data_folder / "uploads"
        self._lock = threading.RLock()
        self._held: Counter[str] = Counter()

    def create(self, new: UploadCreate) -> UploadPublic:
        """Begins an upload.

        Raises:
            HTTPException: 413 for a file that is too large, 507 where there is no room for it.
        """
        if new.size > self._settings.max_upload_bytes:
            limit = self._settings.max_upload_bytes
            raise HTTPException(
                413, f"{new.filename!r} has {new.size} bytes; expected at most {limit} (LAYERLOOM_MAX_UPLOAD_BYTES)."
            )
        with self._lock:
            self.sweep()
            self._folder.mkdir(parents=True, exist_ok=True)
            self._refuse_lack_of_room(new.size)
            record = Record(id=uuid4().hex, filename=new.filename, size=new.size, created_at=datetime.now(UTC))
            self.part(record.id).touch()
            self._write(record)
        return self._show(record)

    def read(self, upload_id: str) -> UploadPublic:
        """How far an upload has come. Raises `EngineError` `not_found`."""
        return self._show(self._find(upload_id))

    def part(self, upload_id: str) -> Path:
        """The file that the bytes of an upload go into."""
        return self._folder / f"{upload_id}.part"

    def complete(self, upload_id: str) -> UploadPublic:
        """Gives a file whose bytes are all on the disk its place. Reads it once, for its hash."""
        with self._part_of(upload_id).open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        with self._lock:
            record = self._find(upload_id).model_copy(update={"sha256": sha256})
            # First: a server that is killed now finds both, and finishes.
            self._write(record)
            self._move(record)
        return self._show(record)

    def delete(self, upload_id: str) -> None:
        """Forgets an upload, and its file where nothing else names it. Raises `EngineError` `not_found`."""
        with self._lock:
            self._forget(self._find(upload_id))
            self.sweep()

    def release(self, upload_ids: Iterable[str]) -> None:
        """Forgets uploads whose files a data set names now; they go with that."""
        with self._lock:
            for upload_id in upload_ids:
                with suppress(EngineError):
                    self._forget(self._find(upload_id))

    def find_stored(self, upload_id: str) -> StoredFile:
        """The file of an upload that is whole.

        Raises:
            EngineError: `not_found`; `conflict` where bytes are missing.
        """
        record = self._find(upload_id)
        if record.sha256 is None:
            offset = self._show(record).offset
            raise EngineError(
                "conflict",
                f"Only {offset} of {record.size} bytes of {record.filename!r} have come; expected a whole file.",
                f"Send the rest to /api/uploads/{upload_id}.",
            )
        return StoredFile(name=record.filename, sha256=record.sha256, size=record.size)

    def find_kept(self, sha256: str, name: str) -> StoredFile:
        """A file by its content. Raises `EngineError` `not_found`."""
        try:
            size = self._library.file(sha256).stat().st_size
        except OSError as error:
            raise EngineError(
                "not_found", f"There is no file with the SHA-256 {sha256} ({name!r}) here.", "Upload it again."
            ) from error
        return StoredFile(name=name, sha256=sha256, size=size)

    @contextmanager
    def hold(self, hashes: Iterable[str]) -> Iterator[None]:
        """Keeps files from being swept while they are read."""
        held = Counter(hashes)
        with self._lock:
            self._held += held
        try:
            yield
        finally:
            with self._lock:
                self._held -= held

    def sweep(self) -> None:
        """Removes uploads whose time is over, and files that no upload and no data set names."""
        with self._lock:
            now, named = datetime.now(UTC), {*self._held, *self._library.list_used()}
            for record in self._list():
                self._finish(record)
                if self._show(record).expires_at < now:
                    self._forget(record)
                elif record.sha256 is not None:
                    named.add(record.sha256)
            for path in _list_files(self._library.files):
                if path.name not in named:
                    path.unlink(missing_ok=True)
            for path in _list_files(self._folder):
                if not path.with_suffix(".json").exists():
                    path.unlink(missing_ok=True)

    def measure(self) -> int:
        """Bytes that files and data sets take, and those that are still to come."""
        written = sum(
            file.stat().st_size
            for folder in (self._library.files, self._library.sets, self._library.making)
            for file in folder.rglob("*")
            if file.is_file()
        )
        return written + sum(one.size for one in self._list() if one.sha256 is None)

    def _refuse_lack_of_room(self, size: int) -> None:
        used, limit = self.measure(), self._settings.max_data_bytes
        if used + size > limit:
            raise HTTPException(
                507,
                f"Data sets and their files take {used // MIB} MiB of at most {limit // MIB} MiB"
                f" (LAYERLOOM_MAX_DATA_BYTES), too much for {size} bytes more. Delete a data set that nobody needs.",
            )
        to_come = sum(one.size - self._show(one).offset for one in self._list() if one.sha256 is None)
        refuse_full_disk(self._settings, size + to_come)

    def _list(self) -> list[Record]:
        found = (self._read(path) for path in sorted(self._folder.glob("*.json")))
        return [one for one in found if one is not None]

    def _find(self, upload_id: str) -> Record:
        path = self._folder / f"{upload_id}.json"
        if ID.fullmatch(upload_id) and (record := self._read(path)) is not None:
            return record
        raise EngineError(
            "not_found",
            f"There is no upload {upload_id!r}; one that is not used for"
            f" {self._settings.keep_uploads_hours:g} hours is removed.",
        )

    def _part_of(self, upload_id: str) -> Path:
        return self.part(self._find(upload_id).id)

    def _finish(self, record: Record) -> None:
        if record.sha256 is not None and self.part(record.id).exists():
            self._move(record)

    def _move(self, record: Record) -> None:
        part, place = self.part(record.id), self._library.file(str(record.sha256))
        self._library.files.mkdir(parents=True, exist_ok=True)
        if place.exists():
            part.unlink()
        else:
            part.replace(place)
            sync_folder(self._library.files)

    def _forget(self, record: Record) -> None:
        self.part(record.id).unlink(missing_ok=True)
        (self._folder / f"{record.id}.json").unlink(missing_ok=True)

    def _read(self, path: Path) -> Record | None:
        try:
            return Record.model_validate_json(path.read_bytes())
        except (OSError, ValidationError):
            return None

    def _write(self, record: Record) -> None:
        path = self._folder / f"{record.id}.json"
        fresh = path.with_suffix(".new")
        with fresh.open("wb") as file:
            file.write(record.model_dump_json().encode())
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
        sync_folder(self._folder)

    def _show(self, record: Record) -> UploadPublic:
        try:
            state = self.part(record.id).stat()
            offset, touched = state.st_size, datetime.fromtimestamp(state.st_mtime, UTC)
        except OSError:
            # It has moved to its place, or is about to be forgotten.
            offset, touched = record.size, record.created_at
            if (path := self._folder / f"{record.id}.json").exists():
                touched = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        return UploadPublic(
            id=record.id,
            filename=record.filename,
            size=record.size,
            offset=offset,
            complete=record.sha256 is not None,
            sha256=record.sha256,
            piece_size=min(self._settings.upload_piece_bytes, self._settings.max_upload_bytes),
            created_at=record.created_at,
            expires_at=touched + timedelta(hours=self._settings.keep_uploads_hours),
        )


def _list_files(folder: Path) -> list[Path]:
    return [path for path in folder.glob("*") if path.is_file()]
