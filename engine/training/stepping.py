"""Runs the steps of a training or of a validation in chunks, by the plan that was chosen."""

import time
from dataclasses import dataclass

import keras
import numpy as np
import psutil
import tensorflow as tf

from engine.backend.programs import KerasSteps, Logs, PythonSteps, StepKind, StepProgram, Steps, has_fixed_batch
from engine.training.events import PlanData, PlanMode
from engine.training.reasons import describe_error
from engine.training.samples import Indices, Nested, Samples

CHUNK_SECONDS = 0.08
"""As long as this a chunk may take: so late a command or a picture of the newest step can be."""

MAX_CHUNK = 4096
XLA_CHUNK = 512
"""The longest chunk of XLA's programs, whose shapes are fixed."""

MOST_ON_DEVICE = 4 * 2**30
SHARE_ON_DEVICE = 0.25
"""Arrays that take no more than this of the free memory are copied to the device; of larger ones each chunk brings its
own samples."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How steps are run. `steps_per_chunk` None lets the chunks grow until they take `CHUNK_SECONDS`."""

    mode: PlanMode
    data: PlanData
    steps_per_chunk: int | None = None


class ChunkLength:
    """How many steps the next chunk has: one at first, so that it is seen soon, then more while time allows."""

    def __init__(self, fixed: int | None, most: int = MAX_CHUNK):
        self._fixed = None if fixed is None else min(fixed, most)
        self._most = most
        self._length = 1
        self.seconds_per_step: float | None = None
        self.is_settled = False
        """Whether chunks are as long as they are to be, so that `seconds_per_step` can be compared."""

    @property
    def steps(self) -> int:
        return self._fixed or self._length

    def note(self, steps: int, seconds: float) -> None:
        """A chunk of so many steps took so long."""
        took = seconds / steps
        before = self.seconds_per_step
        # The first chunk of a new length may pay for something once; a single slow one must not shorten all others.
        self.seconds_per_step = took if before is None else min(took, 0.7 * before + 0.3 * took)
        if self._fixed is None:
            fitting = int(CHUNK_SECONDS / max(self.seconds_per_step, 1e-9))
            longer = max(1, min(2 * self._length, fitting, self._most))
            self.is_settled = self.is_settled or longer < 2 * self._length
            self._length = longer
        else:
            self.is_settled = True


def find_place(samples: Samples) -> PlanData:
    """Where the samples are best kept."""
    room = min(MOST_ON_DEVICE, SHARE_ON_DEVICE * psutil.virtual_memory().available)
    return "device" if samples.bytes <= room else "stream"


class ChunkRunner:
    """Runs chunks of steps of one kind on one set of samples."""

    def __init__(
        self, model: keras.Model, kind: StepKind, samples: Samples, batch_size: int, plan: Plan, *, single: bool = False
    ):
        self._model = model
        self._kind: StepKind = kind
        self._single = single
        self._programs: dict[int | None, Steps] = {}
        self._tensors = samples.to_tensors() if plan.data == "device" else None
        self.samples = samples
        self.batch_size = batch_size
        self.trace_seconds = 0.0
        """How long it took to make the program of the graph."""
        self.has_convolutions = False
        self.first_run_seconds: float | None = None
        """How long the first chunk of the plan took, compilation included; None before it has run."""
        self.reason: str | None = "A callback has to see every batch before the next one." if single else None
        """Why no faster plan is in force."""
        self.use(plan)

    def use(self, plan: Plan) -> None:
        """Goes on by another plan; what was compiled before is kept for batches of another size."""
        self.plan = plan
        self.length = ChunkLength(
            1 if self._single else plan.steps_per_chunk, XLA_CHUNK if plan.mode == "xla" else MAX_CHUNK
        )
        self._main: Steps | None = None
        self.first_run_seconds = None

    @property
    def is_single(self) -> bool:
        """Whether each chunk has one step, because somebody has to see every batch."""
        return self._single

    def run(self, batches: Indices, *, halt: bool = False) -> Logs:
        """The logs of each step along axis 0, for the rows of `batches`; see `StepProgram.run`."""
        began = time.perf_counter()
        data, rows = self._tensors, batches
        if data is None:
            data = tf.nest.map_structure(tf.constant, self.samples.take(batches.reshape(-1)))
            rows = np.arange(batches.size, dtype=np.int64).reshape(batches.shape)
        steps = self._find_program(batches, data)
        logs = steps.run(data, rows, halt=halt)
        if batches.shape[1] == self.batch_size:
            seconds = time.perf_counter() - began
            if self.first_run_seconds is None:
                self.first_run_seconds = seconds
            else:
                self.length.note(len(batches), seconds)
        return logs

    def _find_program(self, batches: Indices, data: Nested) -> Steps:
        if batches.shape[1] == self.batch_size:
            self._main = self._main or self._make(data, self.batch_size, jit=self.plan.mode == "xla")
            return self._main
        # The last batch of a pass is a step of its own; compiling by XLA once more would not be worth it.
        return self._make(data, batches.shape[1], jit=False)

    def _make(self, data: Nested, batch_size: int, *, jit: bool) -> Steps:
        if self.plan.mode == "step":
            return PythonSteps(self._model, self._kind)
        if self.plan.mode == "fit" and batch_size == self.batch_size:
            return KerasSteps(self._model)
        if jit:
            program = StepProgram(self._model, self._kind, jit=True, chunk=XLA_CHUNK, batch_size=batch_size)
            return self._trace(program, data)
        size = batch_size if has_fixed_batch(self._model) else None
        if size not in self._programs:
            self._programs[size] = self._trace(StepProgram(self._model, self._kind, batch_size=size), data)
        return self._programs[size]

    def _trace(self, program: StepProgram, data: Nested) -> Steps:
        began = time.perf_counter()
        try:
            program.trace(data)
            self.trace_seconds = self.trace_seconds or time.perf_counter() - began
            self.has_convolutions = self.has_convolutions or program.has_convolutions
        except Exception as error:  # noqa: BLE001 - a model's Python may raise anything; a real fault shows in the step
            self.plan = Plan("step", self.plan.data)
            self.reason = f"The model cannot be compiled, so each step runs in Python: {describe_error(error)}"
            return PythonSteps(self._model, self._kind)
        return program
