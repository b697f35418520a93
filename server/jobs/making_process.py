"""The process that prepares one data set of a person's own, and ends."""

import os
import shutil
import tempfile
from multiprocessing.connection import Connection
from pathlib import Path

from engine.errors import EngineError
from server.jobs.data_process import ProgressTeller, answer, begin_data_process, out_of_memory
from server.jobs.data_questions import MakeQuestion
from server.jobs.memory_limit import limit_memory

SET_NAME, SCRATCH_NAME = "set", "scratch"
"""The folders inside that of the job: what becomes the data set, and temporary files."""


def make_dataset(pipe: Connection, memory_bytes: int, payload: bytes) -> None:
    """Answers a `MakeQuestion` with progress and one outcome: a target for `multiprocessing.Process`."""
    begin_data_process()
    # Arrow's own allocator reserves a gigabyte at once, which counts as memory.
    os.environ["ARROW_DEFAULT_MEMORY_POOL"] = "system"
    question = MakeQuestion.model_validate_json(payload)
    scratch = question.folder / SCRATCH_NAME
    scratch.mkdir(parents=True, exist_ok=True)
    tempfile.tempdir = os.environ["TMPDIR"] = str(scratch)
    tell = ProgressTeller(pipe, lambda: _look_at_disk(question))
    hint = ", or bring the data in a form that is read in smaller pieces"
    too_much = out_of_memory("Preparing the data set", memory_bytes, "LAYERLOOM_DATA_MEMORY_BYTES", hint)
    answer(pipe, lambda: _prepare(question, tell, memory_bytes), too_much, _explain)


def _prepare(question: MakeQuestion, tell: ProgressTeller, memory_bytes: int) -> bytes:
    # Imported here, so that the server can import this file without numpy.
    from engine.data.library.kinds import GivenFile
    from engine.data.library.make import Naming, load_kind, make

    # What reads the files comes first: the limit is for what is in them.
    load_kind(question.definition.kind)
    limit_memory(memory_bytes)
    folder = question.folder / SET_NAME
    folder.mkdir()
    files = [GivenFile(one.name, Path(one.path)) for one in question.files]
    naming = Naming(question.name, question.title, question.description, question.sources)
    make(files, question.definition, folder, naming, tell)
    return b""


def _look_at_disk(question: MakeQuestion) -> None:
    """Raises `EngineError` where there is no room."""
    folder = question.folder
    written = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    free = shutil.disk_usage(folder).free
    if written > question.room:
        raise _no_room(f"it has taken {written} bytes, more than the {question.room} that are left for data sets")
    if free < question.min_free_bytes:
        raise _no_room(f"the disk has only {free // 2**20} MiB left")


def _explain(error: OSError) -> EngineError:
    return _no_room(f"reading or writing failed ({error.strerror or error})")


def _no_room(why: str) -> EngineError:
    hint = "Delete a data set that nobody needs, or raise LAYERLOOM_MAX_DATA_BYTES."
    return EngineError("no_room", f"The data set could not be prepared: {why}.", hint)
