"""Makes what a new worker is told: what to train, what to go on from, and what was asked meanwhile."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path

from engine.training.commands import COMMANDS, Command, Resume
from engine.training.earlier_checkpoints import write_earlier
from engine.training.events import Event, LogEvent, MarkEvent
from server.jobs.address import ADDRESS_NAME
from server.jobs.expectations import find_pointless
from server.jobs.gpus import list_gpus
from server.jobs.ingest import EventIngest
from server.jobs.leftovers import list_earlier
from server.jobs.resumption import ResumePoint, find_resume_point
from server.jobs.worker import WorkerJob
from server.schemas.run import RunPublic
from server.settings import Settings
from server.storage.attempts import AttemptStore
from server.storage.checkpoints import CheckpointStore
from server.storage.commands import CommandStore
from server.storage.database import Database
from server.storage.runs import RunStore


class JobMaker:
    """Opens attempts. Of one run one at a time, and only while it has no worker."""

    def __init__(self, database: Database, attempts: AttemptStore, ingest: EventIngest, settings: Settings):
        self._attempts = attempts
        self._runs = RunStore(database)
        self._commands = CommandStore(database)
        self._checkpoints = CheckpointStore(database)
        self._ingest = ingest
        self._settings = settings
        self._gpus: cycle[str] | None = None

    async def make_job(self, run_id: str, token: str) -> WorkerJob:
        """Opens an attempt whose worker shows `token`. A run that goes on says so in its events.

        Raises:
            EngineError: `not_found`.
        """
        run = await asyncio.to_thread(self._runs.get, run_id)
        waiting = await asyncio.to_thread(self._commands.list_open, run_id)
        point = await asyncio.to_thread(find_resume_point, self._checkpoints, self._settings.runs_folder, run_id)
        if run.attempts:
            await self._ingest.append(run_id, lambda seq: _tell_resumption(seq, run, point, waiting))
        await asyncio.to_thread(self._commands.close, run_id, find_pointless(waiting))
        return await asyncio.to_thread(self._open_attempt, run_id, token, point)

    def folder_of(self, run_id: str, attempt_id: str) -> Path:
        """Where an attempt has its files."""
        return self._settings.runs_folder / run_id / attempt_id

    def _open_attempt(self, run_id: str, token: str, point: ResumePoint) -> WorkerJob:
        settings = self._settings
        gpu = self._next_gpu()
        begun = self._attempts.begin(run_id, token)
        directory = self.folder_of(run_id, begun.attempt_id)
        directory.mkdir(parents=True)
        write_earlier(directory, list_earlier(self._checkpoints, settings.runs_folder, run_id))
        return WorkerJob(
            run_id=run_id,
            attempt_id=begun.attempt_id,
            first_seq=begun.first_seq,
            server_url=settings.worker_url,
            token=token,
            directory=str(directory),
            graph=begun.graph,
            config=begun.config,
            allow_code=settings.allow_code,
            remote_monitors=tuple(settings.remote_monitors),
            weights=None if begun.weights is None else str(settings.weights_file(begun.weights)),
            address_file=str(settings.home / ADDRESS_NAME),
            resume=None if point.path is None else str(point.path),
            past_commands=COMMANDS.dump_json(list(begun.past_commands)).decode(),
            open_commands=COMMANDS.dump_json(list(begun.open_commands)).decode(),
            threads=settings.threads_per_worker,
            memory_bytes=settings.worker_memory_bytes,
            gpu=gpu,
            library=str(settings.library_folder),
        )

    def _next_gpu(self) -> str | None:
        if self._gpus is None:
            self._gpus = cycle(list_gpus())
        return next(self._gpus, None)


def _tell_resumption(seq: int, run: RunPublic, point: ResumePoint, waiting: Sequence[Command]) -> list[Event]:
    """Which damaged checkpoints were passed over, and from where and why the run goes on."""
    now = datetime.now(UTC)
    events: list[Event] = [
        LogEvent(seq=seq + place, time=now, level="warning", message=message)
        for place, message in enumerate(point.refused)
    ]
    resume = next((one for one in waiting if isinstance(one.action, Resume)), None)
    where = (
        "It starts again from the beginning, as there is no checkpoint to go on from."
        if point.path is None
        else f"It goes on from the checkpoint after step {point.step}."
    )
    mark = MarkEvent(
        seq=seq + len(events),
        time=now,
        kind="resumed",
        source="run" if resume is None else "person",
        message=f"{(run.reason or '').splitlines()[0]} {where}" if run.reason else where,
        epoch=point.epoch,
        step=point.step,
        fold=point.fold,
        command=None if resume is None else resume.number,
    )
    return [*events, mark]
