"""Models that somebody drives batch by batch, each in a process of its own that ends when nobody uses it any more."""

import asyncio
import logging
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing import Pipe
from pathlib import Path
from uuid import uuid4

from engine.errors import EngineError
from engine.evaluation.session_schema import SessionFacts, SessionStart
from server.jobs.compiler import CompilerCrashed, CompilerError, CompilerTimeout, Operation
from server.jobs.compiler_process import CompilerChild, unwrap
from server.jobs.exits import describe_exit
from server.jobs.operations import serve_questions
from server.jobs.processes import ProcessContext
from server.settings import Settings
from server.storage.columns import utc_now

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SessionOrigin:
    """What the session's model was made from."""

    model_id: str | None
    version_id: str | None
    run_id: str | None
    checkpoint_id: str | None


@dataclass
class BatchSession:
    """A process with a compiled model. Its questions are answered one after the other."""

    id: str
    origin: SessionOrigin
    child: CompilerChild
    facts: SessionFacts
    created_at: datetime
    used_at: datetime
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    timer: asyncio.TimerHandle | None = None


class BatchSessions:
    """All sessions. Every method raises `EngineError` (`not_found`, `too_many`) and `CompilerError`."""

    def __init__(self, processes: ProcessContext, settings: Settings):
        self._processes = processes
        self._settings = settings
        self._sessions: dict[str, BatchSession] = {}
        self._starting = 0
        self._threads = ThreadPoolExecutor(settings.max_sessions, thread_name_prefix="session-pipe")
        self._endings: set[asyncio.Task[None]] = set()

    async def open(self, start: SessionStart, origin: SessionOrigin) -> BatchSession:
        """Starts a process and builds the model in it."""
        for dead in [one for one in self._sessions.values() if one.child.process.ended]:
            if dead.id in self._sessions:
                await self.close_session(dead.id)
        self._refuse_too_many()
        self._starting += 1
        try:
            child = await self._start_child()
            try:
                payload = start.model_dump_json().encode()
                answer = await self._ask(child, Operation.OPEN_SESSION, payload)
            except BaseException:
                await self._end(child)
                raise
        finally:
            self._starting -= 1
        now = utc_now()
        facts = SessionFacts.model_validate_json(answer)
        session = BatchSession(uuid4().hex, origin, child, facts, created_at=now, used_at=now)
        self._sessions[session.id] = session
        self._set_timer(session)
        return session

    def list(self) -> list[BatchSession]:
        """Those that are open, the oldest first."""
        return [session for session in self._sessions.values() if not session.child.process.ended]

    def get(self, session_id: str) -> BatchSession:
        """One session."""
        session = self._sessions.get(session_id)
        if session is None:
            idle = f"{self._settings.session_idle_s:g}"
            raise EngineError(
                "not_found",
                f"There is no session {session_id[:100]!r}.",
                f"A session ends after {idle} s without a question, and with the server; open a new one.",
            )
        return session

    async def call(self, session_id: str, operation: Operation, payload: bytes) -> bytes:
        """The answer of the session's process."""
        session = self.get(session_id)
        async with session.turn:
            # It may have ended while others were being answered.
            self.get(session_id)
            try:
                return await self._ask(session.child, operation, payload)
            except CompilerError:
                if session.child.process.ended and session_id in self._sessions:
                    await self.close_session(session_id)
                raise
            finally:
                session.used_at = utc_now()
                self._set_timer(session)

    def count_steps(self, session_id: str, steps: int) -> None:
        """Notes how many updates the session's model has had."""
        session = self._sessions.get(session_id)
        if session is not None:
            session.facts = session.facts.model_copy(update={"steps": steps})

    async def close_session(self, session_id: str) -> None:
        """Ends the session's process, also in the midst of a batch."""
        session = self.get(session_id)
        # Whoever comes second finds none.
        del self._sessions[session_id]
        if session.timer is not None:
            session.timer.cancel()
        await self._end(session.child)

    async def close(self) -> None:
        """Ends all of them."""
        for session_id in list(self._sessions):
            await self.close_session(session_id)
        await asyncio.gather(*self._endings, return_exceptions=True)
        self._threads.shutdown(wait=False)

    def _refuse_too_many(self) -> None:
        most = self._settings.max_sessions
        if len(self._sessions) + self._starting >= most:
            raise EngineError(
                "too_many",
                f"There are {most} sessions already, which is as many as the server allows.",
                "End one (DELETE /api/sessions/{id}), or raise LAYERLOOM_MAX_SESSIONS.",
            )

    def _set_timer(self, session: BatchSession) -> None:
        if session.timer is not None:
            session.timer.cancel()
        if session.id in self._sessions:
            loop = asyncio.get_running_loop()
            session.timer = loop.call_later(self._settings.session_idle_s, self._end_if_idle, session)

    def _end_if_idle(self, session: BatchSession) -> None:
        if session.turn.locked():
            self._set_timer(session)
        elif session.id in self._sessions:
            logger.info("session %s was not used for %g s and ends", session.id, self._settings.session_idle_s)
            ending = asyncio.get_running_loop().create_task(self.close_session(session.id))
            self._endings.add(ending)
            ending.add_done_callback(self._endings.discard)

    async def _ask(self, child: CompilerChild, operation: Operation, payload: bytes) -> bytes:
        limit = self._settings.compiler_timeout_s
        exchange = asyncio.get_running_loop().run_in_executor(self._threads, child.exchange, operation, payload)
        exchange.add_done_callback(lambda done: done.cancelled() or done.exception())
        try:
            return unwrap(operation, await asyncio.wait_for(asyncio.shield(exchange), limit))
        except TimeoutError:
            await self._kill(child)
            raise CompilerTimeout(f"{operation.value} took longer than {limit:g} s; the session was ended") from None
        except asyncio.CancelledError:
            # The answer would be taken for that of the next question.
            await asyncio.shield(self._kill(child))
            raise
        except (EOFError, OSError):
            code = await child.process.wait()
            raise CompilerCrashed(
                f"the session's process died at {operation.value}: {describe_exit(code)}; the session is over"
            ) from None

    async def _start_child(self) -> CompilerChild:
        scratch = await asyncio.to_thread(self._make_scratch)
        ours, theirs = Pipe()
        try:
            process = await self._processes.start(
                "layerloom-session",
                serve_questions,
                theirs,
                self._settings.compiler_memory_bytes,
                self._settings.allow_code,
                str(scratch),
                library=str(self._settings.library_folder),
            )
        except BaseException as error:
            shutil.rmtree(scratch, ignore_errors=True)
            ours.close()
            if isinstance(error, OSError):
                raise CompilerError(f"no process can be started for the session: {error}") from error
            raise
        finally:
            theirs.close()
        return CompilerChild(process, ours, scratch)

    async def _kill(self, child: CompilerChild) -> None:
        child.process.kill()
        await child.process.wait()

    async def _end(self, child: CompilerChild) -> None:
        await self._kill(child)
        child.pipe.close()
        await asyncio.to_thread(shutil.rmtree, child.scratch, ignore_errors=True)

    def _make_scratch(self) -> Path:
        self._settings.scratch_folder.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(dir=self._settings.scratch_folder))
