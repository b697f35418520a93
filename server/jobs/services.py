"""What runs beside the requests for as long as the server does: child processes and what feeds from them."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI

from server.jobs.broadcast import Broadcast
from server.jobs.compiler_process import CompilerProcess
from server.jobs.endings import EndingWriter
from server.jobs.executor import LocalExecutor
from server.jobs.ingest import EventIngest
from server.jobs.processes import ProcessContext
from server.settings import Settings
from server.storage.attempts import AttemptStore
from server.storage.database import Database
from server.storage.runs import RunStore


@asynccontextmanager
async def open_jobs(app: FastAPI, settings: Settings, database: Database) -> AsyncIterator[None]:
    """Starts everything without waiting for it, puts it into `app.state`, and ends it all at the end."""
    processes = ProcessContext(settings.compiler_start_timeout_s)
    compiler = CompilerProcess(processes, settings)
    broadcast = Broadcast()
    ingest = EventIngest(database, broadcast)
    attempts = AttemptStore(database)
    endings = EndingWriter(ingest, attempts, RunStore(database), settings.log_tail_lines)
    executor = LocalExecutor(processes, attempts, endings, settings)
    ingest.supervisor = executor
    app.state.compiler, app.state.executor = compiler, executor
    app.state.broadcast, app.state.ingest = broadcast, ingest
    async with AsyncExitStack() as ending:
        ending.push_async_callback(processes.close)
        ending.push_async_callback(compiler.close)
        ending.push_async_callback(executor.close)
        if settings.prepare_compiler:
            compiler.prepare()
        await executor.recover()
        yield
