"""The worker process: trains one attempt of one run, and reports to the server for as long as it listens."""

import faulthandler
import os
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from engine.graph.document import Graph
from engine.training.config import RunConfig
from engine.training.events import FINAL_STATUSES, Event, RunStatus
from engine.training.reasons import describe_error
from engine.training.reporting import Reporter
from server.jobs.output import OutputCapture
from server.jobs.spool import SPOOL_NAME, Spool, SpoolCursor

LAST_WORDS_SECONDS = 15.0
LAST_WORDS_WHEN_STOPPED_SECONDS = 1.0
"""Shorter, as a server that is about to stop listens no more: it reads the spool."""

EXIT_DONE = 0
EXIT_FAILED = 1
EXIT_REVOKED = 3
LINE_PER_EPOCH = 2
"""Keras's `verbose` with which the run's log shows each epoch as one line."""


@dataclass(frozen=True, slots=True)
class WorkerJob:
    """What a worker is told. It travels to the process by pickle, so it holds plain values only.

    `allow_code` lets the Python that the graph brings run.

    `first_seq` is the number of the first event that it reports, `token` what it shows to the server, `directory` the
    folder of the attempt, `graph` and `config` the JSON of a `Graph` and of a `RunConfig`, `weights` the file with
    which training starts, None for new weights.
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
    weights: str | None = None

    @property
    def events_url(self) -> str:
        return f"{self.server_url.rstrip('/')}/api/runs/{self.run_id}/events"


class StopRequest:
    """Whether the worker was asked to stop. A plain flag: a signal handler must not wait for any lock."""

    def __init__(self) -> None:
        self._requested = False

    def request(self, signal_number: int, frame: FrameType | None) -> None:
        """What SIGTERM does."""
        del signal_number, frame
        self._requested = True

    def __call__(self) -> bool:
        return self._requested


class WorkerReporter(Reporter):
    """Reports into the spool, and sees to it that nothing printed comes after the run's final status."""

    def __init__(self, spool: Spool, wake_sender: Callable[[], None], job: WorkerJob):
        super().__init__(self._record, job.first_seq)
        self._spool = spool
        self._wake_sender = wake_sender
        self.output = OutputCapture(Path(job.directory), self.log)

    def status(self, status: RunStatus, reason: str | None = None) -> None:
        if status in FINAL_STATUSES:
            self.output.drain()
        super().status(status, reason)

    def _record(self, event: Event) -> None:
        self._spool.append(event)
        self._wake_sender()


def run_worker(job: WorkerJob) -> None:
    """Trains, then ends the process: a target for `multiprocessing.Process`, forked or spawned.

    SIGTERM asks for a stop after the current step; SIGINT and SIGHUP are the server's to handle. The death of the
    server is no reason to stop: training goes on, and the spool keeps what the server has not stored.

    Raises:
        SystemExit: with 0 where the run finished or was stopped, 1 where it failed. Where the server revokes the
            attempt, the process ends with 3 at once, without unwinding.
    """
    # Only the worker sends, so only the worker pays for the HTTP client.
    from server.jobs.sender import Sender

    stop = StopRequest()
    signal.signal(signal.SIGTERM, stop.request)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    directory = Path(job.directory)
    directory.mkdir(parents=True, exist_ok=True)
    spool_path = directory / SPOOL_NAME
    sender = Sender(SpoolCursor(spool_path, job.first_seq), job.events_url, job.token, _leave)
    with Spool(spool_path) as spool:
        reporter = WorkerReporter(spool, sender.wake, job)
        reporter.output.start()
        faulthandler.enable()
        sender.start()
        code = _train(job, reporter, stop)
    sender.finish(LAST_WORDS_WHEN_STOPPED_SECONDS if stop() else LAST_WORDS_SECONDS)
    sys.exit(code)


def _train(job: WorkerJob, reporter: Reporter, stop: StopRequest) -> int:
    try:
        # Imported here, so that the server can import this file without Keras.
        from engine.layers.code import allow_code
        from engine.training.loop import train

        if job.allow_code:
            allow_code()
        graph = Graph.model_validate_json(job.graph)
        config = RunConfig.model_validate_json(job.config)
        weights = None if job.weights is None else Path(job.weights)
        train(graph, config, Path(job.directory), reporter, weights=weights, should_stop=stop, verbose=LINE_PER_EPOCH)
    except Exception as error:  # noqa: BLE001 - whatever it is, the run ends with a reason instead of in silence
        reporter.log(traceback.format_exc(), "error")
        reporter.status("failed", describe_error(error))
        return EXIT_FAILED
    return EXIT_DONE


def _leave(answer: str) -> None:
    """Ends the process at once: the attempt is not wanted any more, so nothing that it could still do is of use."""
    sys.stderr.write(f"This attempt of the run was revoked: {answer}\n")
    sys.stderr.flush()
    os._exit(EXIT_REVOKED)
