"""A contender in a process of its own: prepared once, then asked for round after round."""

import multiprocessing
import time
import traceback
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, SpawnContext
from pathlib import Path

from benchmarks.reference_data import read_arrays
from benchmarks.reference_models import find_model

PRELOAD = ["numpy", "tensorflow", "keras", "benchmarks.throughput_contenders", "benchmarks.reference_data"]
ROUND_LIMIT_S = 120.0
MOST_EPOCHS = 5_000
NOT_INSTALLED = "not installed"


@dataclass(frozen=True)
class Ready:
    """`first_epoch_s` from the import of its library to the end of the first epoch that is trained as chosen."""

    settings: str
    steps_per_epoch: int
    first_epoch_s: float
    steps_per_second: float


@dataclass(frozen=True)
class Refusal:
    """Why a contender does not train."""

    reason: str


@dataclass(frozen=True)
class Contexts:
    """Processes that have TensorFlow imported, and processes that have nothing imported, for PyTorch."""

    forking: ForkServerContext
    fresh: SpawnContext


def make_contexts() -> Contexts:
    forking = multiprocessing.get_context("forkserver")
    forking.set_forkserver_preload(PRELOAD)
    return Contexts(forking, multiprocessing.get_context("spawn"))


class ContenderProcess:
    """The parent's side. A contender that is not ready after `limit_s` seconds is killed, and takes no part."""

    def __init__(self, context: ForkServerContext | SpawnContext, name: str, model: str, data: Path, limit_s: float):
        self.name = name
        self.refusal: str | None = None
        self.ready: Ready | None = None
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=run_contender, args=(theirs, name, model, data), daemon=True)
        self._process.start()
        theirs.close()
        self._prepare(limit_s)

    @property
    def trial_rate(self) -> float:
        """Steps per second when it got ready, 0 where it did not."""
        return 0.0 if self.ready is None else self.ready.steps_per_second

    def measure(self, seconds: float) -> float | None:
        """Steps per second of a round of about so many seconds; None where it takes no part any more."""
        if self.refusal is not None:
            return None
        self._connection.send(seconds)
        answer = self._receive(ROUND_LIMIT_S)
        return answer if isinstance(answer, float) else None

    def close(self) -> None:
        """Ends the process, where that is not done."""
        self._process.kill()
        self._process.join()
        self._connection.close()

    def _prepare(self, limit_s: float) -> None:
        answer = self._receive(limit_s)
        if isinstance(answer, Ready):
            self.ready = answer

    def _receive(self, limit_s: float) -> object:
        try:
            if self._connection.poll(limit_s):
                answer = self._connection.recv()
            else:
                answer = Refusal(f"given up after {limit_s:.0f} s")
        except EOFError:
            answer = Refusal("its process died")
        if isinstance(answer, Refusal):
            self.refusal = answer.reason
            self._process.kill()
        return answer


def run_contender(connection: Connection, name: str, model_name: str, data: Path) -> None:
    """The child's side: prepares, says so, and trains whenever it is told for how long."""
    try:
        if name == "torch":
            from benchmarks.reference_torch import add_torch_to_path

            add_torch_to_path()
            import torch  # noqa: F401 - first, so that its import is not counted
        from benchmarks.throughput_contenders import CONTENDERS, count_steps, time_epoch

        began = time.perf_counter()
        model, arrays = find_model(model_name), read_arrays(model_name, data)
        contender = CONTENDERS[name](model, arrays)
        first_epoch_s = contender.train(1)[-1] - began
        epoch_s, steps = time_epoch(contender), count_steps(model, arrays)
        connection.send(Ready(contender.settings, steps, first_epoch_s, steps / epoch_s))
        while True:
            epochs = min(max(1, round(connection.recv() / epoch_s)), MOST_EPOCHS)
            ends = contender.train(1 + epochs)
            epoch_s = (ends[-1] - ends[0]) / epochs
            connection.send(steps / epoch_s)
    except EOFError:
        return
    except ModuleNotFoundError as error:
        connection.send(Refusal(NOT_INSTALLED if error.name == "torch" else str(error)))
    except Exception as error:  # noqa: BLE001 - the table has a cell for whatever it is
        traceback.print_exc()
        connection.send(Refusal(f"{type(error).__name__}: {str(error)[:200]}"))


def run_apart(target: object, *arguments: object) -> object:
    """The answer of a function that is run in a process of its own: what it imported goes with it."""
    context = multiprocessing.get_context("forkserver")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(theirs, target, *arguments), daemon=True)
    process.start()
    theirs.close()
    try:
        answer = ours.recv()
    except EOFError:
        raise RuntimeError(f"{target} died") from None
    finally:
        process.join()
        ours.close()
    if isinstance(answer, Refusal):
        raise RuntimeError(answer.reason)
    return answer


def _answer(connection: Connection, target: object, *arguments: object) -> None:
    try:
        connection.send(target(*arguments) if callable(target) else target)
    except Exception as error:  # noqa: BLE001 - handed on to whoever asked
        connection.send(Refusal(f"{type(error).__name__}: {str(error)[:2000]}"))
