"""The worker process: trains one attempt of one run, and reports to the server for as long as it listens."""

import faulthandler
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.graph.document import Graph
from engine.training.commands import COMMANDS
from engine.training.config import RunConfig
from engine.training.events import FINAL_STATUSES, Event, RunStatus
from engine.training.reasons import describe_error
from engine.training.reporting import Reporter
from server.jobs.address import ServerAddress
from server.jobs.memory_limit import limit_memory
from server.jobs.output import OutputCapture
from server.jobs.spool import SPOOL_NAME, Spool, SpoolCursor

if TYPE_CHECKING:
    from server.jobs.worker_commands import WorkerCommands

LAST_WORDS_SECONDS = 15.0
LAST_WORDS_WHEN_LEAVING_SECONDS = 1.0
"""Shorter, as a server that is about to stop listens no more: it reads the spool."""

EXIT_DONE = 0
EXIT_FAILED = 1
EXIT_REVOKED = 3
EXIT_LEFT = 4
RAN_OUT_OF_MEMORY = "The training ran out of memory."
PLANS_NAME = "plans.json"
"""The file, beside the folders of all runs, that remembers which plan was the fastest for a model."""

SWITCH_SECONDS = 0.0005
SECONDS_BETWEEN_LINES = 1.0
"""The run's log has a line for each epoch; where epochs are shorter than this, for some of them."""


@dataclass(frozen=True, slots=True)
class WorkerJob:
    """What a worker is told. It travels to the process by pickle, so it holds plain values only.

    `allow_code` lets the Python that the graph brings run, `remote_monitors` are the addresses that its callbacks may
    send to.

    `first_seq` is the number of the first event that it reports, `token` what it shows to the server, `directory` the
    folder of the attempt, `graph` and `config` the JSON of a `Graph` and of a `RunConfig`, `weights` the file with
    which training starts, None for new weights.

    `address_file` says where the server is once it is no longer at `server_url`. `resume` is the checkpoint to go on
    from, `past_commands` and `open_commands` the JSON of the commands to repeat and of those still to be obeyed.
    `threads` limits TensorFlow's threads, `memory_bytes` what may be allocated, `gpu` is the one to use.
    `library` is the folder of people's own data sets.
    """

    run_id: str
    attempt_id: str
    first_seq: int
    server_url: str
    token: str
    directory: str
    graph: str
    config: str
    allow_code: bool = False
    remote_monitors: tuple[str, ...] = ()
    weights: str | None = None
    address_file: str | None = None
    resume: str | None = None
    past_commands: str = "[]"
    open_commands: str = "[]"
    threads: int | None = None
    memory_bytes: int | None = None
    gpu: str | None = None
    library: str | None = None


class WorkerReporter(Reporter):
    """Reports into the spool, and sees to it that nothing printed comes after the run's final status."""

    def __init__(self, spool: Spool, wake_sender: Callable[[], None], job: WorkerJob):
        super().__init__(self._record, job.first_seq)
        self._spool = spool
        self._wake_sender = wake_sender
        self.has_ended = False
        self.output = OutputCapture(Path(job.directory), self.log)
        self._line: str | None = None
        self._next_line_at = 0.0

    def status(self, status: RunStatus, reason: str | None = None) -> None:
        if status in FINAL_STATUSES:
            self._log_epoch()
            self.output.drain()
            self.has_ended = True
        super().status(status, reason)

    def epoch(self, epoch: int, step: int, logs: dict[str, float], seconds: float) -> None:
        super().epoch(epoch, step, logs, seconds)
        values = " - ".join(f"{name}: {value:.4g}" for name, value in logs.items())
        fold = "" if self.fold is None else f"Fold {self.fold} - "
        self._line = f"{fold}Epoch {epoch + 1} - {seconds:.3g} s - {values}"
        if time.monotonic() >= self._next_line_at:
            self._log_epoch()

    def _log_epoch(self) -> None:
        """The log tells of the newest epoch that it has not told of."""
        if self._line is not None:
            self.log(self._line)
        self._line = None
        self._next_line_at = time.monotonic() + SECONDS_BETWEEN_LINES

    def leave(self) -> None:
        """The last words of a worker that ends while its run goes on."""
        self.output.drain()

    def _record(self, event: Event) -> None:
        self._spool.append(event)
        self._wake_sender()


def run_worker(job: WorkerJob) -> None:
    """Trains, then ends the process: a target for `multiprocessing.Process`, forked or spawned.

    SIGTERM asks it to write a checkpoint and leave; SIGINT and SIGHUP are the server's to handle. The death of the
    server is no reason to stop: training goes on, and the spool keeps what the server has not stored.

    Raises:
        SystemExit: with 0 where the run finished or was stopped, 1 where it failed, 4 where the process had to leave
            and the run goes on elsewhere. Where the server revokes the attempt, the process ends with 3 at once,
            without unwinding.
    """
    # Only the worker talks to the server, so only the worker pays for the HTTP client.
    from server.jobs.sender import Sender
    from server.jobs.worker_commands import CommandListener, WorkerCommands

    waiting = COMMANDS.validate_json(job.open_commands)
    commands = WorkerCommands(waiting)
    signal.signal(signal.SIGTERM, commands.leave)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    directory = Path(job.directory)
    directory.mkdir(parents=True, exist_ok=True)
    address = ServerAddress(job.server_url, None if job.address_file is None else Path(job.address_file))
    route = f"/api/runs/{job.run_id}"
    last = max((one.number for one in [*waiting, *COMMANDS.validate_json(job.past_commands)]), default=0)
    spool_path = directory / SPOOL_NAME
    sender = Sender(SpoolCursor(spool_path, job.first_seq), address, f"{route}/events", job.token, _leave)
    listener = CommandListener(address, f"{route}/commands", job.token, last, commands.add, _leave)
    with Spool(spool_path) as spool:
        reporter = WorkerReporter(spool, sender.wake, job)
        reporter.output.start()
        faulthandler.enable()
        sender.start()
        listener.start()
        code = _train(job, reporter, commands)
    sender.finish(LAST_WORDS_WHEN_LEAVING_SECONDS if commands.is_leaving else LAST_WORDS_SECONDS)
    sys.exit(code)


def _train(job: WorkerJob, reporter: WorkerReporter, commands: "WorkerCommands") -> int:
    try:
        # The training's thread gets the interpreter back from those that send and listen ten times sooner.
        sys.setswitchinterval(SWITCH_SECONDS)
        _take_share(job)
        # Imported here, so that the server can import this file without Keras.
        from engine.data.library.library import use_library
        from engine.layers.code import allow_code
        from engine.training.loop import train
        from engine.training.monitor_addresses import allow_remote_monitors

        if job.allow_code:
            allow_code()
        allow_remote_monitors(job.remote_monitors)
        use_library(None if job.library is None else Path(job.library))
        train(
            Graph.model_validate_json(job.graph),
            RunConfig.model_validate_json(job.config),
            Path(job.directory),
            reporter,
            weights=None if job.weights is None else Path(job.weights),
            commands=commands,
            resume=None if job.resume is None else Path(job.resume),
            past_commands=COMMANDS.validate_json(job.past_commands),
            plans=Path(job.directory).parents[1] / PLANS_NAME,
        )
    except Exception as error:  # noqa: BLE001 - whatever it is, the run ends with a reason instead of in silence
        reporter.log(traceback.format_exc(), "error")
        reporter.status("failed", _explain(error, job))
        return EXIT_FAILED
    if not reporter.has_ended:
        reporter.leave()
        return EXIT_LEFT
    return EXIT_DONE


def _explain(error: Exception, job: WorkerJob) -> str:
    reason = describe_error(error)
    if job.memory_bytes is None or not reason.startswith(RAN_OUT_OF_MEMORY):
        return reason
    return f"{reason} A worker may take {job.memory_bytes / 2**20:,.0f} MiB here (LAYERLOOM_WORKER_MEMORY_BYTES)."


def _take_share(job: WorkerJob) -> None:
    """Takes no more of the machine than this worker's share. Once TensorFlow has run anything it is too late."""
    if job.gpu is not None:
        os.environ["CUDA_VISIBLE_DEVICES"] = job.gpu
    if job.threads is not None:
        from engine.backend.threads import limit_threads

        limit_threads(job.threads)
    if job.memory_bytes is not None:
        limit_memory(job.memory_bytes)


def _leave(answer: str) -> None:
    """Ends the process at once: the attempt is not wanted any more, so nothing that it could still do is of use."""
    sys.stderr.write(f"This attempt of the run was revoked: {answer}\n")
    sys.stderr.flush()
    os._exit(EXIT_REVOKED)
