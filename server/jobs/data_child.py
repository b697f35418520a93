"""The server's side of a process that works on data: started, heard of while it works, and gone afterwards."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
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

    `doing` says what it does to what, for messages. It may say nothing for `silence_s`. Where it is to end before it is
    done it has `grace_s` to put things in order.
    """

    name: str
    doing: str
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
    # A message may be larger than a pipe holds, and uvloop makes a pipe that it watches answer with half of it: so a
    # thread waits for messages.
    thread = ThreadPoolExecutor(1, thread_name_prefix=work.name)
    try:
        return await _listen(child, lambda: thread.submit(ours.recv_bytes), work, hear)
    finally:
        await asyncio.shield(_end(child, work.grace_s, thread))
        ours.close()


async def _end(child: Child, grace_s: float, thread: ThreadPoolExecutor) -> None:
    if grace_s:
        child.terminate()
        await child.wait_for(grace_s)
    child.kill()
    await child.wait()
    # The end of the process is the end of the pipe, and so of the waiting.
    await asyncio.to_thread(thread.shutdown)


async def _listen(child: Child, receive: Callable[[], "Future[bytes]"], work: DataWork, hear: Hear) -> bytes:
    """Hears of progress until the process has said how it ended."""
    while True:
        message = await _receive(child, receive(), work)
        kind, body = message[:1], message[1:]
        if kind != PROGRESS:
            return _read_outcome(work.name, kind, body)
        hear(JobProgress.model_validate_json(body))


async def _receive(child: Child, coming: "Future[bytes]", work: DataWork) -> bytes:
    """The next message. The libraries that read files may loop for ever over a damaged one."""
    message = asyncio.wrap_future(coming)
    # Where nobody waits for it any more nobody asks how it ended.
    message.add_done_callback(lambda done: done.cancelled() or done.exception())
    try:
        return await asyncio.wait_for(asyncio.shield(message), work.silence_s)
    except TimeoutError:
        raise EngineError(
            "no_progress",
            f"{work.doing} came no further for {work.silence_s:g} s (LAYERLOOM_DATA_SILENCE_S) and was broken off.",
            "A file may be damaged.",
        ) from None
    except (EOFError, OSError):
        raise _describe_death(work.doing, await child.wait()) from None


def _read_outcome(name: str, kind: bytes, body: bytes) -> bytes:
    if kind == Outcome.ANSWER:
        return body
    if kind == Outcome.REFUSAL:
        raise decode_refusal(body)
    text = body.decode("utf-8", "replace").strip()
    logger.error("%s failed:\n%s", name, text)
    raise EngineError("fault", f"A fault while the data was worked on ({text.splitlines()[-1]}).", "The log says more.")


def _describe_death(doing: str, code: int) -> EngineError:
    return EngineError(
        "process_died",
        f"{doing} failed, as its process died: {describe_exit(code)}.",
        "Out of memory? It may take LAYERLOOM_DATA_MEMORY_BYTES.",
    )
