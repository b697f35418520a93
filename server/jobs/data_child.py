"""The server's side of a process that works on data: started, heard of while it works, and gone afterwards."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection

from engine.errors import EngineError
from server.jobs.child import Child
from server.jobs.data_process import PROGRESS
from server.jobs.exits import describe_exit
from server.jobs.processes import ProcessContext
from server.jobs.refusals import Outcome, decode_refusal
from server.schemas.data_jobs import JobProgress

logger = logging.getLogger(__name__)

Hear = Callable[[JobProgress], None]


@dataclass(frozen=True, slots=True)
class DataWork:
    """What to start: `target` takes a pipe, `memory_bytes` and `payload`, in a process called `name`.

    It may say nothing for `silence_s`. Where it is to end before it is done it has `grace_s` to put things in order.
    """

    name: str
    target: Callable[[Connection, int, bytes], None]
    memory_bytes: int
    payload: bytes
    silence_s: float
    grace_s: float = 0.0


async def run_in_process(processes: ProcessContext, work: DataWork, hear: Hear) -> bytes:
    """What the process answers.

    Raises:
        EngineError: what it refused; `no_progress`, `process_died` or `fault` where it went wrong.
    """
    ours, theirs = Pipe(duplex=False)
    try:
        child = await processes.start(work.name, work.target, theirs, work.memory_bytes, work.payload)
    except BaseException:
        ours.close()
        raise
    finally:
        theirs.close()
    try:
        return await _listen(child, ours, work, hear)
    finally:
        await asyncio.shield(_end(child, work.grace_s))
        ours.close()


async def _end(child: Child, grace_s: float) -> None:
    if grace_s:
        child.terminate()
        await child.wait_for(grace_s)
    child.kill()
    await child.wait()


async def _hear_something(heard: asyncio.Event, silence_s: float) -> None:
    """Waits for the next message. The libraries that read files may loop for ever over a damaged one."""
    try:
        async with asyncio.timeout(silence_s):
            await heard.wait()
    except TimeoutError:
        raise EngineError(
            "no_progress",
            f"It came no further for {silence_s:g} s (LAYERLOOM_DATA_SILENCE_S) and was broken off.",
            "A file may be damaged.",
        ) from None


async def _listen(child: Child, pipe: Connection, work: DataWork, hear: Hear) -> bytes:
    """Hears of progress until the process has said how it ended."""
    heard = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_reader(pipe.fileno(), heard.set)
    try:
        while True:
            await _hear_something(heard, work.silence_s)
            heard.clear()
            try:
                message = pipe.recv_bytes()
            except (EOFError, OSError):
                raise _describe_death(await child.wait()) from None
            kind, body = message[:1], message[1:]
            if kind != PROGRESS:
                return _read_outcome(work.name, kind, body)
            hear(JobProgress.model_validate_json(body))
    finally:
        loop.remove_reader(pipe.fileno())


def _read_outcome(name: str, kind: bytes, body: bytes) -> bytes:
    if kind == Outcome.ANSWER:
        return body
    if kind == Outcome.REFUSAL:
        raise decode_refusal(body)
    text = body.decode("utf-8", "replace").strip()
    logger.error("%s failed:\n%s", name, text)
    raise EngineError("fault", f"A fault while the data was worked on ({text.splitlines()[-1]}).", "The log says more.")


def _describe_death(code: int) -> EngineError:
    return EngineError(
        "process_died",
        f"The process that worked on it died: {describe_exit(code)}.",
        "Out of memory? It may take LAYERLOOM_DATA_MEMORY_BYTES.",
    )
