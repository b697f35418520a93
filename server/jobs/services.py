"""What runs beside the requests for as long as the server does: child processes and what feeds from them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI

from server.duplicate_reports import DuplicateReports
from server.jobs.address import publish_address
from server.jobs.batch_sessions import BatchSessions
from server.jobs.broadcast import Broadcast
from server.jobs.command_board import CommandBoard
from server.jobs.compiler_process import CompilerProcess
from server.jobs.control import RunControl
from server.jobs.data_downloads import DatasetDownloads
from server.jobs.data_duplicates import DuplicateSearch
from server.jobs.data_job_records import DataJobRecords
from server.jobs.data_jobs import DataJobs
from server.jobs.data_making import DatasetMaker
from server.jobs.endings import EndingWriter
from server.jobs.executor import LocalExecutor
from server.jobs.ingest import EventIngest
from server.jobs.job_maker import JobMaker
from server.jobs.lack_of_memory import MemoryJudge
from server.jobs.processes import ProcessContext
from server.settings import Settings
from server.storage.attempts import AttemptStore
from server.storage.checkpoints import CheckpointStore
from server.storage.commands import CommandStore
from server.storage.database import Database
from server.storage.runs import RunStore


@asynccontextmanager
async def open_jobs(app: FastAPI, settings: Settings, database: Database) -> AsyncIterator[None]:
    """Starts everything without waiting for it, puts it into `app.state`, and ends it all at the end."""
    processes = ProcessContext(settings.compiler_start_timeout_s)
    compiler = CompilerProcess(processes, settings)
    sessions = BatchSessions(processes, settings)
    app.state.sessions = sessions
    data_jobs = await open_data_jobs(app, settings, processes)
    broadcast = Broadcast()
    ingest = EventIngest(database, broadcast)
    attempts, commands = AttemptStore(database), CommandStore(database)
    board = CommandBoard(commands, attempts)
    runs = RunStore(database)
    memory = MemoryJudge(compiler, runs, settings.worker_memory_bytes)
    endings = EndingWriter(ingest, attempts, runs, commands, CheckpointStore(database), memory, settings.log_tail_lines)
    jobs = JobMaker(database, attempts, ingest, settings)
    executor = LocalExecutor(processes, attempts, jobs, endings, settings)
    ingest.supervisor = executor
    app.state.compiler, app.state.executor = compiler, executor
    app.state.broadcast, app.state.ingest = broadcast, ingest
    app.state.board = board
    app.state.control = RunControl(database, executor, ingest, board, settings)
    await asyncio.to_thread(publish_address, settings.home, settings.worker_url)
    async with AsyncExitStack() as ending:
        ending.push_async_callback(processes.close)
        ending.push_async_callback(compiler.close)
        ending.push_async_callback(sessions.close)
        ending.push_async_callback(data_jobs.close)
        ending.push_async_callback(executor.close)
        ending.callback(board.close)
        if settings.prepare_compiler:
            compiler.prepare()
        await executor.recover()
        yield


async def open_data_jobs(app: FastAPI, settings: Settings, processes: ProcessContext) -> DataJobs:
    """What works on data, put into `app.state`."""
    records = await asyncio.to_thread(DataJobRecords, settings.data_folder / "jobs")
    jobs = DataJobs(records, settings.max_data_jobs)
    library, uploads = app.state.library, app.state.upload_store
    reports = DuplicateReports(settings.data_folder / "duplicates", library)
    app.state.data_jobs = jobs
    app.state.dataset_maker = DatasetMaker(jobs, processes, settings, library, uploads)
    app.state.dataset_downloads = DatasetDownloads(jobs, processes, settings)
    app.state.duplicate_search = DuplicateSearch(jobs, processes, settings, reports)
    return jobs
