"""What people ask of runs: looked at, stored, and brought to the worker, or carried out here where there is none."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from engine.errors import EngineError
from engine.training.commands import Action, Command, Pause, Resume, SaveCheckpoint, SetEpochs, SetLearningRate, Stop
from engine.training.events import FINAL_STATUSES, Event, MarkEvent, MarkKind, RunStatus, StatusEvent
from server.checkpoint_files import CheckpointOnDisk
from server.jobs.command_board import CommandBoard
from server.jobs.endings import MORE_EPOCHS, RESUMED_BY_PERSON, STOPPED_BY_PERSON, STOPPED_IN_QUEUE
from server.jobs.executor import Executor
from server.jobs.expectations import expect_status
from server.jobs.ingest import EventIngest
from server.jobs.permissions import (
    refuse_end,
    refuse_epochs,
    refuse_going_back,
    refuse_learning_rate,
    refuse_over,
    refuse_pause,
    refuse_resume,
    refuse_save,
)
from server.jobs.resumption import find_chosen, find_resume_point
from server.schemas.run import RunPublic
from server.settings import Settings
from server.storage.attempts import AttemptStore
from server.storage.checkpoints import CheckpointStore
from server.storage.commands import REPEATED, CommandStore
from server.storage.database import Database
from server.storage.runs import RunStore

PAUSED_IN_QUEUE = "Paused before it began."
PAUSED_WHILE_WAITING = "Paused while it waited."


class RunControl:
    """Pauses, resumes, stops and changes runs. Of one run one thing at a time."""

    def __init__(
        self, database: Database, executor: Executor, ingest: EventIngest, board: CommandBoard, settings: Settings
    ):
        self._runs = RunStore(database)
        self._commands = CommandStore(database)
        self._attempts = AttemptStore(database)
        self._checkpoints = CheckpointStore(database)
        self._executor = executor
        self._ingest = ingest
        self._board = board
        self._settings = settings

    async def pause(self, run_id: str) -> RunPublic:
        """Asks the worker to pause; a run that waits is paused at once.

        Raises:
            EngineError: `not_found`; `conflict` where the run is over or paused.
        """
        async with self._decide(run_id) as (run, waiting):
            refuse_pause(run, expect_status(run.status, waiting))
            if self._executor.withdraw(run_id):
                message = PAUSED_WHILE_WAITING if run.attempts else PAUSED_IN_QUEUE
                await self._carry_out(run, Pause(), "paused", "paused", message)
            else:
                await self._ask(run_id, [Pause()])
        return await self._get(run_id)

    async def resume(self, run_id: str, checkpoint_id: str | None = None) -> RunPublic:
        """Lets a paused run go on, or one that was stopped or has failed, from its last checkpoint or a chosen one.

        Raises:
            EngineError: `not_found`; `conflict` where it trains, is finished, or there is nothing to go on from.
        """
        if checkpoint_id is not None:
            return await self._go_back(run_id, checkpoint_id)
        async with self._decide(run_id) as (run, waiting):
            refuse_resume(run, expect_status(run.status, waiting))
            if self._executor.has_worker(run_id) or run.status == "queued":
                await self._ask(run_id, [Resume()])
            else:
                if run.status in FINAL_STATUSES:
                    await self._require_checkpoint(run)
                await self._start_again(run, waiting, [Resume()], RESUMED_BY_PERSON)
        return await self._get(run_id)

    async def _go_back(self, run_id: str, checkpoint_id: str) -> RunPublic:
        """Lets a run that does not train go on from the checkpoint; a finished one, too, where that was not its end."""
        while not await self._start_from(run_id, checkpoint_id):
            await self._executor.wait_for_end(run_id)
        return await self._get(run_id)

    async def _start_from(self, run_id: str, checkpoint_id: str) -> bool:
        """Whether the run is on its way from the checkpoint; else its paused worker has been sent off."""
        async with self._decide(run_id) as (run, waiting):
            refuse_going_back(run, expect_status(run.status, waiting))
            chosen = await asyncio.to_thread(
                find_chosen, self._checkpoints, self._settings.runs_folder, run_id, checkpoint_id
            )
            refuse_end(run, chosen.step)
            if self._executor.has_worker(run_id):
                # It has in memory what is to be forgotten.
                self._executor.dismiss(run_id)
                return False
            await self._ingest.append(run_id, lambda seq: [_tell_going_back(seq, chosen)])
            await self._start_again(run, waiting, [Resume()], RESUMED_BY_PERSON)
        return True

    async def stop(self, run_id: str, stop: Stop) -> RunPublic:
        """Asks the worker to end with a checkpoint; a run without one is stopped at once.

        Raises:
            EngineError: `not_found`; `conflict` where the run is over.
        """
        async with self._decide(run_id) as (run, waiting):
            refuse_over(run, "stopped")
            if self._executor.withdraw(run_id) or not self._executor.has_worker(run_id):
                message = STOPPED_BY_PERSON if run.attempts else STOPPED_IN_QUEUE
                await self._carry_out(run, Stop(), "stopped", "stopped", message)
            else:
                # A paused training does not get to the end of its epoch.
                asked = Stop() if run.status == "paused" else stop
                if all(one.action != asked for one in waiting):
                    await self._ask(run_id, [asked])
                self._executor.expect_stop(run_id, asked)
        return await self._get(run_id)

    async def save_checkpoint(self, run_id: str) -> RunPublic:
        """Asks the worker for a checkpoint after the current step.

        Raises:
            EngineError: `not_found`; `conflict` where the run does not train.
        """
        async with self._decide(run_id) as (run, waiting):
            has_worker = self._executor.has_worker(run_id)
            refuse_save(run, expect_status(run.status, waiting), has_worker=has_worker)
            await self._ask(run_id, [SaveCheckpoint()])
        return await self._get(run_id)

    async def change(self, run_id: str, learning_rate: float | None, epochs: int | None) -> None:
        """Trains on with another learning rate, or until other epochs are done; a finished run goes on for them.

        Raises:
            EngineError: `not_found`; `conflict` where that cannot be. Nothing is changed then.
        """
        async with self._decide(run_id) as (run, waiting):
            expected = expect_status(run.status, waiting)
            actions: list[Action] = []
            if learning_rate is not None:
                refuse_learning_rate(run, expected)
                actions.append(SetLearningRate(learning_rate=learning_rate))
            if epochs is not None:
                refuse_epochs(run, expected, epochs, await self._count_epochs(run))
                actions.append(SetEpochs(epochs=epochs))
            if run.status == "finished":
                await self._require_checkpoint(run)
                await self._start_again(run, waiting, [*actions, Resume()], MORE_EPOCHS)
            elif actions:
                await self._ask(run_id, actions)

    @asynccontextmanager
    async def _decide(self, run_id: str) -> AsyncIterator[tuple[RunPublic, list[Command]]]:
        """The run and its open commands, while nothing else decides about it. A run that is over has no worker then."""
        while True:
            async with self._executor.hold(run_id):
                run, waiting = await self._read(run_id)
                if run.status not in FINAL_STATUSES or not self._executor.has_worker(run_id):
                    yield run, waiting
                    return
            await self._executor.wait_for_end(run_id)

    async def _read(self, run_id: str) -> tuple[RunPublic, list[Command]]:
        run = await self._get(run_id)
        return run, await asyncio.to_thread(self._commands.list_open, run_id)

    async def _get(self, run_id: str) -> RunPublic:
        return await asyncio.to_thread(self._runs.get, run_id)

    async def _count_epochs(self, run: RunPublic) -> int:
        """How many epochs the run has ended, those before its first one included."""
        ended = (await asyncio.to_thread(self._runs.read_history, run.id)).epoch
        return ended[-1] + 1 if ended else run.config.fit.initial_epoch

    async def _ask(self, run_id: str, actions: Sequence[Action]) -> None:
        await asyncio.to_thread(self._commands.add, run_id, actions)
        self._board.wake(run_id)

    async def _carry_out(self, run: RunPublic, action: Action, kind: MarkKind, status: RunStatus, message: str) -> None:
        """Does for a run without a worker what its worker would."""
        (command,) = await asyncio.to_thread(self._commands.add, run.id, [action])

        def make_events(seq: int) -> list[Event]:
            now, epoch, step = datetime.now(UTC), run.epoch or 0, run.step or 0
            mark = MarkEvent(
                seq=seq, time=now, kind=kind, source="person", message=message, epoch=epoch, step=step,
                command=command.number,
            )  # fmt: skip
            return [mark, StatusEvent(seq=seq + 1, time=now, status=status, reason=message)]

        await self._ingest.append(run.id, make_events)

    async def _start_again(
        self, run: RunPublic, waiting: Sequence[Command], actions: Sequence[Action], reason: str
    ) -> None:
        """Queues a run that has no worker. What was asked of the moment when it had one is forgotten."""
        past = [one.number for one in waiting if not isinstance(one.action, REPEATED)]
        await asyncio.to_thread(self._commands.close, run.id, past)
        await asyncio.to_thread(self._attempts.forget_restarts, run.id)
        await asyncio.to_thread(self._commands.add, run.id, actions)
        await self._ingest.append(
            run.id,
            lambda seq: [StatusEvent(seq=seq, time=datetime.now(UTC), status="queued", reason=reason)],
            reopens=True,
        )
        self._executor.submit(run.id)

    async def _require_checkpoint(self, run: RunPublic) -> None:
        point = await asyncio.to_thread(find_resume_point, self._checkpoints, self._settings.runs_folder, run.id)
        if point.path is None:
            why = " ".join(point.refused) or "it has written none that training can go on from, or its files are gone."
            raise EngineError(
                "conflict",
                f"Run {run.id!r} is {run.status} and has no checkpoint to go on from: {why}",
                "Start a new run; it can begin with the weights of a checkpoint.",
            )


def _tell_going_back(seq: int, chosen: CheckpointOnDisk) -> Event:
    """This mark is what keeps the run on its new way: checkpoints of later steps, written before it, count no more."""
    return MarkEvent(
        seq=seq,
        time=datetime.now(UTC),
        kind="resumed",
        source="person",
        message=f"Went back to the checkpoint after step {chosen.step}: asked for",
        epoch=chosen.epoch,
        step=chosen.step,
        fold=chosen.fold,
    )
