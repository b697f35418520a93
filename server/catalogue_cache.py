"""Keeps the catalogue on disk, so that it is made once per installed Keras and not once per start."""

import asyncio
import hashlib
import logging
import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path

from fastapi.concurrency import run_in_threadpool

from server.jobs.compiler import Compiler, CompilerError, fetch_catalogue
from server.version import get_version

log = logging.getLogger("layerloom.catalogue")

MADE_BY = ("keras", "tensorflow", "tensorflow-cpu")


@dataclass(frozen=True, slots=True)
class CatalogueDocument:
    """The catalogue as JSON, and its ETag."""

    body: bytes
    etag: str


class CatalogueCache:
    """Reads the catalogue from memory, else from disk, else from the process that has Keras."""

    def __init__(self, folder: Path, compiler: Compiler):
        self._folder = folder
        self._compiler = compiler
        self._turn = asyncio.Lock()
        self._document: CatalogueDocument | None = None

    async def fetch(self) -> CatalogueDocument:
        """The catalogue. Raises `CompilerError` where it has to be made and cannot."""
        async with self._turn:
            if self._document is None:
                path = self._folder / f"catalogue-{await run_in_threadpool(compute_fingerprint)}.json"
                body = await run_in_threadpool(_read_file, path)
                if body is None:
                    body = await fetch_catalogue(self._compiler)
                    await run_in_threadpool(_write_file, path, body)
                self._document = CatalogueDocument(body, f'"{hashlib.sha256(body).hexdigest()[:32]}"')
            return self._document

    @asynccontextmanager
    async def made_beforehand(self, wanted: bool) -> AsyncIterator[None]:
        """Inside, the catalogue is made without being asked for, so that the first editor need not wait for it."""
        task = asyncio.create_task(self._make()) if wanted else None
        try:
            yield
        finally:
            if task is not None:
                task.cancel()
                await asyncio.wait([task])

    async def _make(self) -> None:
        try:
            await self.fetch()
        except CompilerError as error:
            log.warning("the catalogue will be made when it is asked for: %s", error)


def compute_fingerprint() -> str:
    """Changes with everything that the catalogue is made from: the installed packages and our own sources."""
    parts = [get_version(), *(f"{name} {_find_version(name)}" for name in MADE_BY)]
    for source in sorted(Path(str(files("engine") / "layers")).rglob("*.py")):
        stat = source.stat()
        parts.append(f"{source.name} {stat.st_size} {stat.st_mtime_ns}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _find_version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "none"


def _read_file(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _write_file(path: Path, body: bytes) -> None:
    """Whole or not at all: a reader never sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for old in path.parent.glob("catalogue-*.json"):
        old.unlink(missing_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
    with os.fdopen(descriptor, "wb") as file:
        file.write(body)
    Path(temporary).replace(path)
