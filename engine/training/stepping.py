"""Runs the steps of a training or of a validation in chunks, by the plan that was chosen."""

import time
from dataclasses import dataclass

import keras
import numpy as np
import psutil
import tensorflow as tf

from engine.backend.programs import BlockProgram, KerasSteps, Logs, PythonSteps, ResidentProgram, StepKind
from engine.training.events import PlanData, PlanMode
from engine.training.reasons import describe_error
from engine.training.sample_order import SampleOrder
from engine.training.samples import Indices, Samples

Program = ResidentProgram | BlockProgram | PythonSteps | KerasSteps

CHUNK_SECONDS = 0.08
"""As long as this a chunk may take: so late a command or a picture of the newest step can be."""

MAX_CHUNK = 4096
"""The longest chunk, and of XLA's programs, whose shapes are fixed, the room for the logs of one."""

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

    def __init__(self, fixed: int | None):
        self._fixed = None if fixed is None else min(fixed, MAX_CHUNK)
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
            longer = max(1, min(2 * self._length, fitting, MAX_CHUNK))
            self.is_settled = self.is_settled or longer < 2 * self._length
            self._length = longer
        else:
            self.is_settled = True


def find_place(samples: Samples) -> PlanData:
    """Where the samples are best kept."""
    room = min(MOST_ON_DEVICE, SHARE_ON_DEVICE * psutil.virtual_memory().available)
    return "device" if samples.bytes <= room else "stream"


class ChunkRunner:
    """Runs chunks of steps of one kind on one set of samples in one order."""

    def __init__(
        self,
        model: keras.Model,
        kind: StepKind,
        samples: Samples,
        order: SampleOrder,
        plan: Plan,
        *,
        single: bool = False,
    ):
        self._model = model
        self._kind: StepKind = kind
        self._single = single
        self._order = order
        # In the order in which batches take them: a slice of a tensor costs next to nothing, gathering samples a lot.
        self._tensors = samples.to_tensors(order.permutation) if plan.data == "device" else None
        self._graph: Program | None = None
        self._other: Program | None = None
        self.samples = samples
        self.batch_size = order.batch_size
        self.trace_seconds = 0.0
        """How long it took to make the program of the graph."""
        self.first_run_seconds: float | None = None
        """How long the first chunk of the plan took, compilation included; None before it has run."""
        self.reason: str | None = "A callback has to see every batch before the next one." if single else None
        """Why no faster plan is in force."""
        self.use(plan)

    def use(self, plan: Plan) -> None:
        """Goes on by another plan; the graph is kept, for it may be the fastest after all."""
        if plan.mode == "xla" and self._tensors is None:
            plan = Plan("graph", plan.data, plan.steps_per_chunk)
            self.reason = "XLA runs many steps at a time only where the whole data lies on the device."
        self.plan = plan
        self.length = ChunkLength(1 if self._single else plan.steps_per_chunk)
        self._other = None
        self.first_run_seconds = None

    @property
    def is_single(self) -> bool:
        """Whether each chunk has one step, because somebody has to see every batch."""
        return self._single

    @property
    def has_convolutions(self) -> bool:
        """Whether the program of the graph convolves; looking takes long for a large model."""
        return isinstance(self._graph, ResidentProgram | BlockProgram) and self._graph.has_convolutions

    @property
    def draws_other_numbers(self) -> bool:
        """Whether the plan's program may draw other random numbers than Keras's `fit`."""
        program = self._find_program()
        return isinstance(program, ResidentProgram) and program.draws_other_numbers

    @property
    def goes_on_after_pass(self) -> bool:
        """Whether a chunk may go on with the next pass over the data where one ends."""
        return not self._single and isinstance(self._find_program(), ResidentProgram)

    def list_rows(self, batch: int) -> Indices:
        """The numbers of the samples in a batch; batches are counted from the beginning of a pass."""
        return self._order.split(batch % self._order.batches_in_pass, 1)[0].reshape(-1)

    def run(self, first: int, count: int, *, halt: bool = False, restart: bool = False) -> Logs:
        """Runs `count` steps from batch number `first` of a pass on; see `ResidentProgram.run`.

        They are of one pass, unless `goes_on_after_pass`.
        """
        began = time.perf_counter()
        program = self._find_program()
        if isinstance(program, ResidentProgram):
            logs = program.run(first, count, halt=halt, restart=restart)
        else:
            if restart:
                self._model.reset_metrics()
            logs = self._run_parts(program, first, count, halt=halt)
        seconds = time.perf_counter() - began
        if self.first_run_seconds is None:
            self.first_run_seconds = seconds
        else:
            self.length.note(count, seconds)
        return logs

    def _run_parts(
        self, program: BlockProgram | PythonSteps | KerasSteps, first: int, count: int, *, halt: bool
    ) -> Logs:
        """Whole batches first and then the smaller one at the end, which has other shapes."""
        found: list[Logs] = []
        parts = self._order.split(first, count) if self._tensors is None else self._order.split_places(first, count)
        for rows in parts:
            if isinstance(program, BlockProgram):
                block = tf.nest.map_structure(tf.constant, self.samples.take(rows))
                found.append(program.run(block, halt=halt))
            elif self._tensors is None:
                block = tf.nest.map_structure(tf.constant, self.samples.take(rows.reshape(-1)))
                found.append(program.run(block, np.arange(rows.size).reshape(rows.shape), halt=halt))
            else:
                found.append(program.run(self._tensors, rows, halt=halt))
            if halt and not np.isfinite(found[-1].get("loss", [0.0])[-1]):
                break
        return {name: np.concatenate([one[name] for one in found]) for name in found[0]}

    def _find_program(self) -> Program:
        if self.plan.mode == "graph":
            self._graph = self._graph or self._make_graph()
            return self._graph
        self._other = self._other or self._make_other()
        return self._other

    def _make_other(self) -> Program:
        if self.plan.mode == "fit":
            return KerasSteps(self._model)
        if self.plan.mode == "xla":
            return self._trace(self._make_resident(jit=True))
        return PythonSteps(self._model, self._kind)

    def _make_graph(self) -> Program:
        if self._tensors is None:
            return self._trace(BlockProgram(self._model, self._kind))
        return self._trace(self._make_resident(jit=False))

    def _make_resident(self, *, jit: bool) -> ResidentProgram:
        return ResidentProgram(
            self._model,
            self._kind,
            self._tensors,
            self.batch_size,
            jit=jit,
            room=MAX_CHUNK if jit else None,
        )

    def _trace(self, program: ResidentProgram | BlockProgram) -> Program:
        began = time.perf_counter()
        try:
            if isinstance(program, BlockProgram):
                first = self.samples.take(self._order.split(0, 1)[0])
                program.trace(tf.nest.map_structure(tf.constant, first), self.batch_size)
            else:
                program.trace()
            self.trace_seconds = self.trace_seconds or time.perf_counter() - began
        except Exception as error:  # noqa: BLE001 - a model's Python may raise anything; a real fault shows in the step
            self.plan = Plan("step", self.plan.data)
            self.reason = f"The model cannot be compiled, so each step runs in Python: {describe_error(error)}"
            return PythonSteps(self._model, self._kind)
        return program
