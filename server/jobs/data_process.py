"""The process that prepares one data set, and ends: whatever a file does to it costs nobody else anything."""

import os
import shutil
import signal
import tempfile
import time
import traceback
from multiprocessing.connection import Connection
from pathlib import Path

from engine.errors import EngineError
from server.jobs.data_questions import MakeQuestion
from server.jobs.memory_limit import limit_memory
from server.jobs.refusals import Outcome, encode_refusal

PROGRESS = b"%"
"""The first byte of a message that tells how far the work has come; `Outcome` has those of the last message."""

SECONDS_BETWEEN_LOOKS = 0.2
SET_NAME, SCRATCH_NAME = "set", "scratch"
"""The folders inside that of the job: what becomes the data set, and temporary files."""


class ProgressTeller:
    """Tells the server now and then, and ends the work where nobody listens or the disk gets full."""

    def __init__(self, pipe: Connection, question: MakeQuestion):
        self._pipe = pipe
        self._question = question
        self._next_look = 0.0

    def __call__(self, share: float) -> None:
        """Raises `EngineError` where there is no room, `OSError` where the server has gone."""
        if time.monotonic() < self._next_look:
            return
        self._next_look = time.monotonic() + SECONDS_BETWEEN_LOOKS
        self._look_at_disk()
        self._pipe.send_bytes(PROGRESS + f"{share:.6f}".encode())

    def _look_at_disk(self) -> None:
        folder, question = self._question.folder, self._question
        written = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        free = shutil.disk_usage(folder).free
        if written > question.room:
            raise no_room(f"it has taken {written} bytes, more than the {question.room} that are left for data sets")
        if free < question.min_free_bytes:
            raise no_room(f"the disk has only {free // 2**20} MiB left")


def no_room(why: str) -> EngineError:
    """The error for a data set that does not fit on the disk."""
    hint = "Delete a data set that nobody needs, or raise LAYERLOOM_MAX_DATA_BYTES."
    return EngineError("no_room", f"The data set could not be prepared: {why}.", hint)


def make_dataset(pipe: Connection, memory_bytes: int, payload: bytes) -> None:
    """Answers a `MakeQuestion` with progress and one outcome: a target for `multiprocessing.Process`."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # Arrow's own allocator reserves a gigabyte at once, which counts as memory.
    os.environ["ARROW_DEFAULT_MEMORY_POOL"] = "system"
    question = MakeQuestion.model_validate_json(payload)
    scratch = question.folder / SCRATCH_NAME
    scratch.mkdir(parents=True, exist_ok=True)
    tempfile.tempdir = os.environ["TMPDIR"] = str(scratch)
    try:
        pipe.send_bytes(_make(question, ProgressTeller(pipe, question), memory_bytes))
    except OSError:
        # The server has gone, and with it the wish for this data set.
        return


def _make(question: MakeQuestion, tell: ProgressTeller, memory_bytes: int) -> bytes:
    try:
        _prepare(question, tell, memory_bytes)
    except EngineError as error:
        return Outcome.REFUSAL + encode_refusal(error)
    except MemoryError:
        limit = f"{memory_bytes / 2**20:,.0f} MiB"
        message = f"Preparing the data set needs more than the {limit} that it may take."
        hint = "Raise LAYERLOOM_DATA_MEMORY_BYTES, or bring the data in a form that is read in smaller pieces."
        return Outcome.REFUSAL + encode_refusal(EngineError("out_of_memory", message, hint))
    except Exception as error:  # noqa: BLE001 - whatever it is, the job ends with a reason
        if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
            reason = error.strerror or str(error)
            return Outcome.REFUSAL + encode_refusal(no_room(f"reading or writing failed ({reason})"))
        return Outcome.FAULT + traceback.format_exc().encode("utf-8", "replace")
    return Outcome.ANSWER


def _prepare(question: MakeQuestion, tell: ProgressTeller, memory_bytes: int) -> None:
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
