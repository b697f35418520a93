"""What runs beside the requests for as long as the server does: child processes and what feeds from them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from server.jobs.compiler_process import CompilerProcess
from server.jobs.processes import ProcessContext
from server.settings import Settings
from server.storage.database import Database


@asynccontextmanager
async def open_jobs(app: FastAPI, settings: Settings, database: Database) -> AsyncIterator[None]:
    """Starts everything without waiting for it, puts it into `app.state`, and ends it all at the end."""
    processes = ProcessContext(settings.compiler_start_timeout_s)
    compiler = CompilerProcess(processes, settings)
    app.state.compiler = compiler
    compiler.prepare()
    try:
        yield
    finally:
        await compiler.close()
        await processes.close()
