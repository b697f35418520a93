"""Workers that the kernel ends because memory is short: told from those that somebody killed, and explained."""

from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from engine.graph.document import Graph
from engine.training.config import RunConfig
from server.jobs.attempt import RunningAttempt
from server.jobs.endings import EndingWriter
from server.jobs.lack_of_memory import MemoryJudge
from server.jobs.oom_kills import count_oom_kills
from server.schemas.model import ModelCreate
from server.schemas.run import RunCreate, RunPublic
from server.storage.attempts import AttemptStore
from server.storage.checkpoints import CheckpointStore
from server.storage.commands import CommandStore
from server.storage.models import ModelStore
from server.storage.runs import RunStore
from tests.server.live_server import DIGITS, make_config

HUGE = 2_000_000
SECOND = ("0::/user.slice/layerloom", "user.slice/layerloom/memory.events", "low 0\noom 3\noom_kill {}\n")
FIRST = ("4:cpu,memory:/user.slice", "memory/user.slice/memory.oom_control", "under_oom 0\noom_kill {}\n")
INSIDE = ("0::/../outside", "memory.events", "oom_kill {}\n")


class Machine:
    """The files in which a kernel says how many processes it has ended."""

    def __init__(self, folder: Path, group: str, file: str, text: str):
        self.root, self.proc = folder / "cgroup", folder / "proc"
        self._file, self._text = self.root / file, text
        self._file.parent.mkdir(parents=True)
        (self.proc / "self").mkdir(parents=True)
        (self.proc / "self/cgroup").write_text(f"9:pids:/\n{group}\n")
        (self.proc / "vmstat").write_text("nr_free_pages 5\noom_kill 70\n")
        self.kill(0)

    def kill(self, count: int) -> None:
        """By now it has ended so many."""
        self._file.write_text(self._text.format(count))

    def count(self) -> int | None:
        return count_oom_kills(self.root, self.proc)


@pytest.mark.parametrize("kind", [SECOND, FIRST, INSIDE])
def test_what_the_kernel_ended_is_counted_where_it_says_so(tmp_path: Path, kind: tuple[str, str, str]):
    machine = Machine(tmp_path, *kind)
    assert machine.count() == 0
    machine.kill(2)
    assert machine.count() == 2


def test_where_the_group_does_not_count_the_machine_does_and_else_nobody(tmp_path: Path):
    machine = Machine(tmp_path, "0::/", "cgroup.procs", "")
    assert machine.count() == 70
    (machine.proc / "vmstat").unlink()
    assert machine.count() is None


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path, *SECOND)


def end_worker(
    client: TestClient, folder: Path, machine: Machine, exit_code: int, kills: int
) -> tuple[bool, RunPublic]:
    """Whether the run goes on after its worker ended so, while the kernel ended so many processes; and the run then."""
    app = client.app
    assert isinstance(app, FastAPI)
    database = app.state.database
    runs, attempts = RunStore(database), AttemptStore(database)
    model = ModelStore(database).create(ModelCreate(name="Digits", graph=Graph.model_validate(DIGITS)))
    config = RunConfig.model_validate(make_config(3, fit={"epochs": 3, "batch_size": HUGE}))
    run = runs.create(RunCreate(model_id=model.id, config=config), Graph.model_validate(DIGITS).model_dump_json())
    attempts.begin(run.id, "token")
    judge = MemoryJudge(app.state.compiler, runs, worker_bytes=2**28, count_kills=machine.count)
    endings = EndingWriter(
        app.state.ingest, attempts, runs, CommandStore(database), CheckpointStore(database), judge, tail_lines=5
    )
    attempt = RunningAttempt(run.id)

    async def live_and_die() -> bool:
        await endings.note_beginning(attempt)
        machine.kill(kills)
        return await endings.end_attempt(attempt, folder / "attempt", exit_code)

    assert client.portal is not None
    return client.portal.call(live_and_die), runs.get(run.id)


def test_a_worker_that_the_kernel_ended_is_not_replaced_and_what_would_fit_is_said(
    keras_client: TestClient, tmp_path: Path, machine: Machine
):
    goes_on, run = end_worker(keras_client, tmp_path, machine, exit_code=-9, kills=1)
    assert (goes_on, run.status) == (False, "failed")
    told = str(run.reason)
    assert told.startswith("The training ran out of memory, and the kernel ended its worker: about "), told
    assert f"are needed for a batch of {HUGE:,}; " in told
    assert told.endswith("; 262,144 would fit into 256 MiB."), told


@pytest.mark.parametrize(("exit_code", "kills"), [(-9, 0), (-11, 1), (1, 1)])
def test_a_worker_that_died_of_something_else_is_replaced(
    keras_client: TestClient, tmp_path: Path, machine: Machine, exit_code: int, kills: int
):
    goes_on, run = end_worker(keras_client, tmp_path, machine, exit_code, kills)
    assert (goes_on, run.status) == (True, "queued")
    assert str(run.reason).startswith("The worker died: ")
