"""The compiler in child processes: a warm one for what a person waits for, throw-away ones for the rest."""

import asyncio
import logging
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

from server.jobs.child import Child
from server.jobs.compiler import CompilerCrashed, CompilerError, CompilerTimeout, Operation
from server.jobs.exits import describe_exit
from server.jobs.operations import serve_questions
from server.jobs.processes import ProcessContext
from server.jobs.refusals import Outcome, decode_refusal
from server.settings import Settings

logger = logging.getLogger(__name__)

THROW_AWAY = frozenset(
    {
        Operation.EXPORT,
        Operation.IMPORT_MODEL,
        Operation.INSPECT_FILES,
        Operation.DOWNLOAD_APPLICATION,
        Operation.DESCRIBE_WEIGHTS,
        Operation.CHANGE_WEIGHTS,
        Operation.PACK_LAYER,
        Operation.CALL_FUNCTION,
        Operation.DIVIDE_DATASET,
        Operation.TAKE_GRADIENTS,
        Operation.CATALOGUE,
        Operation.DRAW_DIFF,
        Operation.EXPLAIN_MEMORY,
        Operation.ADAPT,
        Operation.EVALUATE,
        Operation.EVALUATE_FOLDS,
        Operation.PREDICT,
    }
)
"""These take long or much memory: each has a process of its own, so no check waits and nothing is left over."""

SLOW = frozenset(
    {
        Operation.EXPORT,
        Operation.IMPORT_MODEL,
        Operation.DOWNLOAD_APPLICATION,
        Operation.ADAPT,
        Operation.EVALUATE,
        Operation.EVALUATE_FOLDS,
    }
)
"""These may take minutes, so they have places of their own and no short question waits behind them."""

PARALLEL_THROW_AWAY = 2
"""So many of the slow ones work at the same time, and so many of the others."""


class CompilerProcess:
    """A `Compiler`. Questions are answered in the order in which they come."""

    def __init__(self, processes: ProcessContext, settings: Settings):
        self._processes = processes
        self._settings = settings
        self._warm: asyncio.Task[CompilerChild] | None = None
        self._turn = asyncio.Lock()
        self._slow = asyncio.Semaphore(PARALLEL_THROW_AWAY)
        self._short = asyncio.Semaphore(PARALLEL_THROW_AWAY)
        self._threads = ThreadPoolExecutor(1 + 2 * PARALLEL_THROW_AWAY, thread_name_prefix="compiler-pipe")
        self._children: set[CompilerChild] = set()
        self._calls: set[asyncio.Task[bytes]] = set()

    def prepare(self) -> None:
        """Starts the warm process in the background, where it does not run already."""
        self._warm = self._keep_warm()

    def _keep_warm(self) -> "asyncio.Task[CompilerChild]":
        if self._warm is None or _is_dead(self._warm):
            return asyncio.get_running_loop().create_task(self._start_child())
        return self._warm

    async def call(self, operation: Operation, payload: bytes) -> bytes:
        """See `Compiler.call`. A caller that is cancelled ends a throw-away process; the warm one answers in vain."""
        work = self._call_throw_away if operation in THROW_AWAY else self._call_warm
        call = asyncio.get_running_loop().create_task(work(operation, payload))
        self._calls.add(call)
        call.add_done_callback(self._calls.discard)
        try:
            return unwrap(operation, await asyncio.shield(call))
        except asyncio.CancelledError:
            if operation in THROW_AWAY:
                call.cancel()
            raise

    async def close(self) -> None:
        """Ends all processes, also those that work."""
        for task in (*self._calls, *filter(None, [self._warm])):
            task.cancel()
        await asyncio.gather(*self._calls, *filter(None, [self._warm]), return_exceptions=True)
        await asyncio.gather(*(self._end(child) for child in list(self._children)))
        self._threads.shutdown(wait=False)

    async def _call_warm(self, operation: Operation, payload: bytes) -> bytes:
        async with self._turn:
            try:
                self._warm = self._keep_warm()
                child = await self._warm
            except OSError as error:
                raise CompilerError(f"the compiler process cannot be started: {error}") from error
            try:
                return await self._ask(child, operation, payload)
            except CompilerError:
                self.prepare()
                raise

    async def _call_throw_away(self, operation: Operation, payload: bytes) -> bytes:
        async with self._slow if operation in SLOW else self._short:
            try:
                child = await self._start_child()
            except OSError as error:
                raise CompilerError(f"no process can be started for {operation.value}: {error}") from error
            try:
                return await self._ask(child, operation, payload)
            finally:
                await self._end(child)

    async def _ask(self, child: "CompilerChild", operation: Operation, payload: bytes) -> bytes:
        limit = self._limit_of(operation)
        exchange = asyncio.get_running_loop().run_in_executor(self._threads, child.exchange, operation, payload)
        # Where the caller goes away the process is ended, and nobody asks how the exchange went.
        exchange.add_done_callback(lambda done: done.cancelled() or done.exception())
        try:
            return await asyncio.wait_for(asyncio.shield(exchange), limit)
        except TimeoutError:
            await self._end(child)
            await asyncio.gather(exchange, return_exceptions=True)
            raise CompilerTimeout(
                f"{operation.value} took longer than {limit:g} s and was broken off; the compiler process was replaced"
            ) from None
        except (EOFError, OSError):
            code = await child.process.wait()
            await self._forget(child)
            raise CompilerCrashed(
                f"the compiler process died at {operation.value}: {describe_exit(code)}; it was replaced"
            ) from None

    def _limit_of(self, operation: Operation) -> float:
        limits = {
            Operation.CATALOGUE: self._settings.catalogue_timeout_s,
            Operation.DOWNLOAD_APPLICATION: self._settings.download_timeout_s,
            Operation.EXPORT: self._settings.export_timeout_s,
            Operation.IMPORT_MODEL: self._settings.import_timeout_s,
            Operation.ADAPT: self._settings.evaluation_timeout_s,
            Operation.EVALUATE: self._settings.evaluation_timeout_s,
            Operation.EVALUATE_FOLDS: self._settings.evaluation_timeout_s,
            Operation.PREDICT: self._settings.evaluation_timeout_s,
        }
        return limits.get(operation, self._settings.compiler_timeout_s)

    async def _start_child(self) -> "CompilerChild":
        scratch = await asyncio.to_thread(self._make_scratch)
        ours, theirs = Pipe()
        try:
            process = await self._processes.start(
                "layerloom-compiler",
                serve_questions,
                theirs,
                self._settings.compiler_memory_bytes,
                self._settings.allow_code,
                str(scratch),
                tuple(self._settings.remote_monitors),
                str(self._settings.library_folder),
            )
        except BaseException:
            shutil.rmtree(scratch, ignore_errors=True)
            ours.close()
            raise
        finally:
            theirs.close()
        child = CompilerChild(process, ours, scratch)
        self._children.add(child)
        return child

    async def _end(self, child: "CompilerChild") -> None:
        child.process.kill()
        await child.process.wait()
        child.pipe.close()
        await self._forget(child)

    async def _forget(self, child: "CompilerChild") -> None:
        """What is left to do once the process is gone: the files that it could not remove itself."""
        self._children.discard(child)
        await asyncio.to_thread(shutil.rmtree, child.scratch, ignore_errors=True)

    def _make_scratch(self) -> Path:
        self._settings.scratch_folder.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(dir=self._settings.scratch_folder))


class CompilerChild:
    """One compiler process, our end of its pipe, and the folder for its temporary files."""

    def __init__(self, process: Child, pipe: Connection, scratch: Path):
        self.process = process
        self.pipe = pipe
        self.scratch = scratch

    def exchange(self, operation: Operation, payload: bytes) -> bytes:
        """Sends a question and waits for the answer, in a thread.

        Raises:
            EOFError, OSError: the process is gone.
        """
        self.pipe.send_bytes(operation.value.encode())
        self.pipe.send_bytes(payload)
        return self.pipe.recv_bytes()


def _is_dead(start: "asyncio.Task[CompilerChild]") -> bool:
    """Whether a child could not be started or has ended since: then the next question gets a new one."""
    return start.done() and (start.cancelled() or start.exception() is not None or start.result().process.ended)


def unwrap(operation: Operation, message: bytes) -> bytes:
    """The answer in a process's message. Raises what the process refused, or `CompilerError` for a fault of it."""
    outcome, body = message[:1], message[1:]
    if outcome == Outcome.ANSWER:
        return body
    if outcome == Outcome.REFUSAL:
        raise decode_refusal(body)
    logger.error("%s failed in the engine:\n%s", operation.value, body.decode())
    last_line = body.decode().strip().rsplit("\n", 1)[-1]
    raise CompilerError(f"{operation.value} failed through a fault of the engine: {last_line}")
