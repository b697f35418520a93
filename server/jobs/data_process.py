"""What every process that works on data does: tells how far it is, and ends with one outcome.

Whatever a file does to such a process costs nobody else anything.
"""

import signal
import time
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import NoReturn

from engine.errors import EngineError
from server.jobs.orphans import end_with_parent
from server.jobs.refusals import Outcome, encode_refusal
from server.schemas.data_jobs import JobProgress

PROGRESS = b"%"
"""The first byte of a message that tells how far the work has come; `Outcome` has those of the last message."""

SECONDS_BETWEEN_LOOKS = 0.2


class ProgressTeller:
    """Tells the server now and then. `look` is called as often, and raises where the work cannot go on."""

    def __init__(self, pipe: Connection, look: Callable[[], None] | None = None):
        self._pipe = pipe
        self._look = look
        self._next_look = 0.0

    def __call__(self, share: float, received_bytes: int | None = None, total_bytes: int | None = None) -> None:
        """Raises what `look` raises, and `OSError` where the server has gone."""
        if time.monotonic() < self._next_look:
            return
        self._next_look = time.monotonic() + SECONDS_BETWEEN_LOOKS
        if self._look is not None:
            self._look()
        told = JobProgress(progress=share, received_bytes=received_bytes, total_bytes=total_bytes)
        self._pipe.send_bytes(PROGRESS + told.model_dump_json().encode())


def answer(
    pipe: Connection, work: Callable[[], bytes], too_much_memory: EngineError, explain: Callable[[OSError], EngineError]
) -> None:
    """Does the work and sends its answer, or why there is none: all that such a process does.

    `explain` says what an error of the disk means for this work.
    """
    try:
        pipe.send_bytes(_try(work, too_much_memory, explain))
    except OSError:
        # The server has gone, and with it the wish for this work.
        return


def begin_data_process(*, may_clean_up: bool = False) -> None:
    """To be called first. With `may_clean_up` SIGTERM interrupts the work as Ctrl-C does, so that it can clean up."""
    signal.signal(signal.SIGTERM, _leave if may_clean_up else signal.SIG_DFL)
    end_with_parent()


def _leave(_number: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt


def _try(work: Callable[[], bytes], too_much_memory: EngineError, explain: Callable[[OSError], EngineError]) -> bytes:
    try:
        return Outcome.ANSWER + work()
    except EngineError as error:
        return Outcome.REFUSAL + encode_refusal(error)
    except MemoryError:
        return Outcome.REFUSAL + encode_refusal(too_much_memory)
    except Exception as error:  # noqa: BLE001 - whatever it is, the job ends with a reason
        if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
            return Outcome.REFUSAL + encode_refusal(explain(error))
        return Outcome.FAULT + traceback.format_exc().encode("utf-8", "replace")


def out_of_memory(what: str, memory_bytes: int, variable: str, hint: str) -> EngineError:
    """The error for work that needs more memory than it may take."""
    limit = f"{memory_bytes / 2**20:,.0f} MiB"
    return EngineError(
        "out_of_memory", f"{what} needs more than the {limit} that it may take.", f"Raise {variable}{hint}."
    )
