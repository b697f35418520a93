"""The worker as a real process: it trains, reports, stops, fails, dies and outlives the server."""

import json
import multiprocessing
import os
import signal
from collections.abc import Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from pydantic import JsonValue

from engine.training.commands import COMMANDS, Command, Pause, Resume, SetLearningRate, Stop
from engine.training.events import CheckpointEvent, LogEvent, MarkEvent, StatusEvent, StepsEvent
from server.jobs.address import ADDRESS_NAME, publish_address
from server.jobs.processes import PRELOAD
from server.jobs.spool import read_spool
from server.jobs.worker import EXIT_DONE, EXIT_FAILED, EXIT_LEFT, EXIT_REVOKED, WorkerJob, run_worker
from tests.server.jobs.event_server import TOKEN, EventServer

FIRST_SEQ = 2
GRAPH = """{
  "layers": [{"id": "x", "class_name": "InputLayer", "config": {"batch_shape": [null, 4]}},
             {"id": "y", "class_name": "Dense", "config": {"units": 3, "activation": "softmax"}}],
  "nodes": [{"id": "x", "layer": "x"}, {"id": "y", "layer": "y"}],
  "edges": [{"id": "e", "source": "x", "target": "y"}]
}"""
CONFIG = """{
  "compile": {"loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]},
  "fit": {"epochs": %d, "batch_size": 16, "validation_split": 0.2}, "data": %s
}"""


IRIS: JsonValue = {"dataset": "iris"}


@pytest.fixture
def server() -> Iterator[EventServer]:
    server = EventServer(last_seq=FIRST_SEQ - 1)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def start(server, tmp_path):
    """Starts a worker, forked from a process that has imported TensorFlow; kills it where the test did not end it."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOAD)
    started: list[BaseProcess] = []

    def start(
        epochs: int = 2, data: JsonValue = IRIS, folder: str = "a1", resume: str | None = None, **settings: object
    ) -> BaseProcess:
        job = WorkerJob(
            run_id="r1",
            attempt_id=folder,
            first_seq=server.last_seq + 1,
            server_url=server.url,
            token=TOKEN,
            directory=str(tmp_path / folder),
            config=CONFIG % (epochs, json.dumps(data)),
            resume=None if resume is None else str(tmp_path / "a1" / resume),
            **{"graph": GRAPH, **settings},  # type: ignore[arg-type]
        )
        process = context.Process(target=run_worker, args=(job,))
        process.start()
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.join()
        process.close()


def has_steps(server: EventServer) -> bool:
    return any(isinstance(event, StepsEvent) for event in server.events)


def steps_since(server: EventServer, step: int) -> bool:
    """Whether steps were reported that come after so many."""
    return any(isinstance(event, StepsEvent) and event.first_step >= step for event in server.events)


def is_paused(server: EventServer) -> bool:
    return list_statuses(server.events)[-1:] == ["paused"]


def list_statuses(events) -> list[str]:
    return [event.status for event in events if isinstance(event, StatusEvent)]


def read_events(directory: Path):
    return list(read_spool(directory / "events.jsonl"))


def test_a_worker_trains_to_the_end_and_the_server_has_all_of_it(server, start, tmp_path):
    process = start()
    process.join(60)
    assert process.exitcode == EXIT_DONE
    assert server.events == read_events(tmp_path / "a1")
    assert [event.seq for event in server.events] == list(range(FIRST_SEQ, FIRST_SEQ + len(server.events)))
    assert list_statuses(server.events) == ["running", "finished"]
    assert (server.events[0].type, server.events[-1].type) == ("status", "status")
    (checkpoint,) = [event for event in server.events if isinstance(event, CheckpointEvent)]
    assert (tmp_path / "a1" / checkpoint.path).stat().st_size == checkpoint.size


def test_sigterm_lets_a_worker_write_a_checkpoint_and_leave_without_ending_the_run(server, start):
    process = start(epochs=100_000)
    server.wait_for(has_steps)
    process.terminate()
    process.join(60)
    assert process.exitcode == EXIT_LEFT
    assert list_statuses(server.events) == ["running"]
    (checkpoint,) = [event for event in server.events if isinstance(event, CheckpointEvent)]
    assert checkpoint.position is not None


@pytest.mark.parametrize(
    ("data", "warns"),
    [(IRIS, False), ({"dataset": "iris", "sample_weights": "species"}, True)],
    ids=["same", "changed"],
)
def test_a_worker_that_goes_on_with_other_data_says_so(data, warns, server, start):
    process = start(epochs=100_000)
    server.wait_for(has_steps)
    process.terminate()
    process.join(60)
    (checkpoint,) = [event for event in server.events if isinstance(event, CheckpointEvent)]
    start(epochs=100_000, folder="second", resume=checkpoint.path, data=data)
    server.wait_for(lambda it: steps_since(it, checkpoint.step))
    said = [event.message for event in server.events if isinstance(event, LogEvent) and event.level == "warning"]
    assert any("data is not what it was" in message for message in said) == warns


def test_a_command_to_stop_is_obeyed_after_the_step_with_a_checkpoint(server, start):
    process = start(epochs=100_000)
    server.wait_for(has_steps)
    server.ask(Stop())
    process.join(60)
    assert process.exitcode == EXIT_DONE
    assert list_statuses(server.events) == ["running", "stopped"]
    assert [event.type for event in server.events[-2:]] == ["checkpoint", "status"]
    assert [event.command for event in server.events if isinstance(event, MarkEvent)] == [1]


def test_commands_that_came_before_the_worker_are_obeyed_and_come_once(server, start):
    server.commands = [Command(number=1, action=SetLearningRate(learning_rate=0.5)), Command(number=2, action=Pause())]
    start(epochs=100_000, open_commands=COMMANDS.dump_json(server.commands).decode())
    server.wait_for(is_paused)
    server.ask(Resume())
    server.wait_for(lambda it: list_statuses(it.events)[-1] == "running")
    assert [event.command for event in server.events if isinstance(event, MarkEvent)] == [1, 2, 3]


def test_a_paused_worker_leaves_when_it_is_told_to(server, start):
    process = start(epochs=100_000)
    server.wait_for(has_steps)
    server.ask(Pause())
    server.wait_for(is_paused)
    process.terminate()
    process.join(60)
    assert process.exitcode == EXIT_LEFT
    assert list_statuses(server.events)[-1] == "paused"


def test_a_worker_goes_on_where_the_one_before_it_left(server, start):
    first = start(epochs=100_000)
    server.wait_for(has_steps)
    first.terminate()
    first.join(60)
    (checkpoint,) = [event for event in server.events if isinstance(event, CheckpointEvent)]
    left = len(server.events)
    start(epochs=100_000, folder="second", resume=checkpoint.path)
    server.wait_for(lambda it: any(isinstance(event, StepsEvent) for event in it.events[left:]))
    steps = next(event for event in server.events[left:] if isinstance(event, StepsEvent))
    assert steps.first_step == checkpoint.step


def test_a_worker_finds_the_server_at_the_address_in_the_file(server, start, tmp_path):
    publish_address(tmp_path, "http://127.0.0.1:9")
    process = start(epochs=3, address_file=str(tmp_path / ADDRESS_NAME))
    publish_address(tmp_path, server.url)
    process.join(60)
    assert process.exitcode == EXIT_DONE
    assert server.events == read_events(tmp_path / "a1")


def test_a_worker_that_needs_more_memory_than_it_may_take_fails_with_that_reason(server, start):
    process = start(memory_bytes=512 * 2**20, graph=GRAPH.replace('"units": 3', '"units": 300000000'))
    process.join(60)
    assert (process.exitcode, list_statuses(server.events)) == (EXIT_FAILED, ["running", "failed"])
    assert server.events[-1].reason.startswith("The training ran out of memory.")
    assert "512 MiB" in server.events[-1].reason


def test_ctrl_c_is_left_to_the_server(server, start):
    process = start(epochs=100_000)
    server.wait_for(has_steps)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGINT)
    os.kill(process.pid, signal.SIGHUP)
    count = len(server.events)
    server.wait_for(lambda it: len(it.events) > count + 5)
    assert process.is_alive()


def test_a_killed_worker_leaves_a_readable_spool(server, start, tmp_path):
    process = start(epochs=100_000)
    server.wait_for(has_steps)
    process.kill()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    events = read_events(tmp_path / "a1")
    assert [event.seq for event in events] == list(range(FIRST_SEQ, FIRST_SEQ + len(events)))
    assert events[: len(server.events)] == server.events
    assert list_statuses(events) == ["running"]


def test_training_goes_on_without_the_server_and_everything_is_sent_when_it_is_back(server, start, tmp_path):
    process = start(epochs=3)
    server.wait_for(lambda it: it.requests > 0)
    server.stop()
    while list_statuses(read_events(tmp_path / "a1")) != ["running", "finished"]:
        process.join(0.05)
    server.start()
    process.join(60)
    assert process.exitcode == EXIT_DONE
    assert server.events == read_events(tmp_path / "a1")


def test_a_run_that_cannot_work_fails_with_a_sentence_and_the_traceback_in_the_log(server, start):
    process = start(data={"dataset": "no_such_data"})
    process.join(60)
    assert process.exitcode == EXIT_FAILED
    last = server.events[-1]
    assert isinstance(last, StatusEvent)
    assert last.status == "failed"
    assert (last.reason or "").startswith("There is no data set 'no_such_data'; expected one of digits, iris")
    assert "Traceback" not in (last.reason or "")
    (log,) = [event for event in server.events if isinstance(event, LogEvent)]
    assert (log.level, log.message.startswith("Traceback")) == ("error", True)


def test_a_revoked_worker_ends_at_once(server, start, tmp_path):
    process = start(epochs=100_000)
    server.wait_for(has_steps)
    server.answers = [410] * 1000
    process.join(60)
    assert process.exitcode == EXIT_REVOKED
    assert "revoked" in (tmp_path / "a1" / "worker.log").read_text()
