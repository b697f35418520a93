"""Where child processes come from: a fork server that has imported TensorFlow, or new interpreters where that fails."""

import asyncio
import contextlib
import logging
import multiprocessing
import os
import signal
import sys
import threading
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess
from typing import ParamSpec

import psutil

from server.jobs.child import Child

logger = logging.getLogger(__name__)

P = ParamSpec("P")
Context = ForkServerContext | SpawnContext

PRELOAD = [
    "engine.backend.quiet_import",
    "numpy",
    "tensorflow",
    "keras",
    "sklearn.datasets",
    "server.jobs.sender",
    "engine.training.loop",
    "engine.models.check",
    "server.jobs.worker",
    "server.jobs.operations",
]
"""Imported before any fork. Importing them runs no TensorFlow operation: after one, every forked process would hang."""

ENVIRONMENT = {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "2", "GRPC_VERBOSITY": "ERROR"}
"""What children find in their environment unless the person who started the server has set it."""

TOO_LATE = "no process is started any more: the server is about to end"

_starting = threading.Lock()
"""`multiprocessing` keeps its children in one table for the whole process, whoever starts them."""

_contexts: "set[ProcessContext]" = set()
"""Those that are in use. They share `multiprocessing`'s one fork server, which goes with the last of them."""


class ProcessContext:
    """Starts child processes, from the fork server once a forked process has shown that it works.

    `ready_timeout_s` is how long the first forked process may take, TensorFlow's import included.
    """

    def __init__(self, ready_timeout_s: float = 60):
        self._ready_timeout_s = ready_timeout_s
        self._choice: asyncio.Task[Context] | None = None
        self._closed = threading.Event()

    def prepare(self) -> None:
        """Starts the fork server in the background, so that the first child need not wait for it."""
        self._choice = self._choose()

    async def start(self, name: str, target: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> Child:
        """Starts `target` in a child process of its own; arguments travel by pickle.

        Raises:
            OSError: no process could be started.
        """
        if self._closed.is_set():
            raise OSError(TOO_LATE)
        self._choice = self._choose()
        context = await asyncio.shield(self._choice)
        process = context.Process(target=target, name=name, args=args, kwargs=kwargs, daemon=True)
        await _start_whole(process, self._closed)
        return Child(process, _starting)

    async def close(self) -> None:
        """Ends the fork server, also in the midst of its imports. Children are ended before by whoever started them."""
        self._closed.set()
        if self._choice is None:
            return
        _contexts.discard(self)
        # First, so that the fork server's end is not taken for a fault of it.
        self._choice.cancel()
        if not _contexts:
            await asyncio.to_thread(_kill_fork_server)
        await asyncio.gather(self._choice, return_exceptions=True)

    def _choose(self) -> asyncio.Task[Context]:
        if self._choice is not None:
            return self._choice
        _contexts.add(self)
        return asyncio.get_running_loop().create_task(self._choose_context())

    async def _choose_context(self) -> Context:
        for variable, value in ENVIRONMENT.items():
            os.environ.setdefault(variable, value)
        if "forkserver" in multiprocessing.get_all_start_methods():
            context = multiprocessing.get_context("forkserver")
            context.set_forkserver_preload(PRELOAD)
            if await self._prove(context):
                return context
            logger.warning("forked processes do not get ready here: each process imports TensorFlow by itself instead")
        return multiprocessing.get_context("spawn")

    async def _prove(self, context: ForkServerContext) -> bool:
        """Whether a forked process can run one TensorFlow operation."""
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=_prove_ready, name="layerloom-probe", args=(theirs,), daemon=True)
        try:
            await _start_whole(process, self._closed)
        except (OSError, EOFError) as error:
            logger.warning("the fork server does not work: %s", error)
            return False
        finally:
            theirs.close()
        waiting = asyncio.ensure_future(asyncio.to_thread(_is_ready, ours, self._ready_timeout_s))
        try:
            return await asyncio.shield(waiting)
        finally:
            # The end of the process is the end of the pipe, and so of the waiting.
            await asyncio.to_thread(_end_process, process)
            await asyncio.wait([waiting])
            ours.close()


async def _start_whole(process: BaseProcess, closed: threading.Event) -> None:
    """Starts a process, unless `closed` says that it is too late.

    Where this is cancelled the process is ended, as nobody would know of it.
    """
    starting = asyncio.ensure_future(asyncio.to_thread(_start_process, process, closed))
    try:
        await asyncio.shield(starting)
    except asyncio.CancelledError:
        with contextlib.suppress(OSError, EOFError):
            await starting
            await asyncio.to_thread(_end_process, process)
        raise


def _prove_ready(connection: Connection) -> None:
    """Runs in the first forked process."""
    from server.jobs.operations import run_one_tensor_operation

    run_one_tensor_operation()
    connection.send_bytes(b"ready")


def _is_ready(connection: Connection, timeout_s: float) -> bool:
    try:
        return connection.poll(timeout_s) and connection.recv_bytes() == b"ready"
    except EOFError:
        return False


def _start_process(process: BaseProcess, closed: threading.Event) -> None:
    with _starting, _without_main_module(), _without_interrupts():
        if closed.is_set():
            # It would bring a fork server with it that nobody ends.
            raise OSError(TOO_LATE)
        process.start()


def _end_process(process: BaseProcess) -> None:
    with _starting:
        process.kill()
        process.join()
        process.close()


def _kill_fork_server() -> None:
    """It has nothing to put in order, and after TensorFlow's import an orderly exit takes long.

    Returns once it is dead, so that whoever needs the next one is not sent to it; `multiprocessing` itself reaps it.
    """
    _kill_fork_servers()
    # Whoever waited for it gives up now, but may have started another one just before.
    with _starting:
        _kill_fork_servers()


def _kill_fork_servers() -> None:
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied, ChildProcessError):
            if any("multiprocessing.forkserver" in argument for argument in child.cmdline()):
                child.kill()
                os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)


@contextmanager
def _without_main_module() -> Iterator[None]:
    """Children need nothing of the script that runs the server, so `multiprocessing` is not to run it again in them."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Ctrl-C reaches all processes of a terminal. Only the server heeds it, and then ends its children in good order.

    A new process inherits the mask of the thread that starts it. The resource tracker comes first, as starting it
    unblocks the signal.
    """
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
