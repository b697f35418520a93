"""Runs the steps of a training or of a validation in chunks, by the plan that was chosen."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from engine.backend.programs import BlockProgram, KerasSteps, Logs, PythonSteps, ResidentProgram, StepKind
from engine.training.chunk_length import MAX_CHUNK, ChunkLength
from engine.training.events import PlanData, PlanMode
from engine.training.reading_ahead import Block, ReadAhead
from engine.training.reasons import describe_error
from engine.training.sample_order import SampleOrder
from engine.training.samples import Indices, Nested, Samples
from engine.training.xla_obstacles import find_xla_obstacle

Program = ResidentProgram | BlockProgram | PythonSteps | KerasSteps


@dataclass(frozen=True, slots=True)
class Plan:
    """How steps are run. `steps_per_chunk` None lets the chunks grow until they take `CHUNK_SECONDS`."""

    mode: PlanMode
    data: PlanData
    steps_per_chunk: int | None = None


class ChunkRunner:
    """Runs chunks of steps of one kind on one set of samples in one order. Who has one closes it."""

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
        self._ahead = ReadAhead(samples, order) if self._tensors is None else None
        self._seconds = 0.0
        self._programs: dict[PlanMode, Program] = {}
        self._lengths: dict[PlanMode, int] = {}
        self.samples = samples
        self.batch_size = order.batch_size
        self.last_wait: float | None = None
        """For how many seconds the last chunk waited for its samples; None where they lie on the device."""
        self.trace_seconds = 0.0
        """How long it took to make the program of the graph."""
        self.first_run_seconds: float | None = None
        """How long the first chunk of the plan took, compilation included; None before it has run."""
        self.reason: str | None = "A callback has to see every batch before the next one." if single else None
        """Why no faster plan is in force."""
        self.use(plan)

    def use(self, plan: Plan) -> None:
        """Goes on by another plan. The programs of others are kept until `keep_only`, for one may be the fastest."""
        if plan.mode == "xla" and self._tensors is None:
            plan = Plan("graph", plan.data, plan.steps_per_chunk)
            self.reason = "XLA runs many steps at a time only where the whole data lies on the device."
        if plan.mode == "xla" and (obstacle := find_xla_obstacle(self._model, self.samples)):
            plan = Plan("graph", plan.data, plan.steps_per_chunk)
            self.reason = obstacle
        self.plan = plan
        self.length = ChunkLength(1 if self._single else plan.steps_per_chunk, self._lengths.get(plan.mode, 1))
        self.first_run_seconds = None

    def find_chunk(self, mode: PlanMode) -> int:
        """How many steps the last chunk had that was run by a plan of this mode."""
        return self._lengths.get(mode, 1)

    def keep_only(self, mode: PlanMode) -> None:
        """Lets go of the programs of all other plans."""
        self._programs = {kept: program for kept, program in self._programs.items() if kept == mode}

    @property
    def xla_obstacle(self) -> str | None:
        """Why the steps cannot be compiled by XLA, None where nothing is known against it."""
        return find_xla_obstacle(self._model, self.samples)

    @property
    def is_single(self) -> bool:
        """Whether each chunk has one step, because somebody has to see every batch."""
        return self._single

    @property
    def has_convolutions(self) -> bool:
        """Whether the program of the graph convolves; looking takes long for a large model."""
        graph = self._programs.get("graph")
        return isinstance(graph, ResidentProgram | BlockProgram) and graph.has_convolutions

    @property
    def draws_other_numbers(self) -> bool:
        """Whether the plan's program may draw other random numbers than Keras's `fit`."""
        program = self._find_program()
        return isinstance(program, ResidentProgram) and program.draws_other_numbers

    @property
    def goes_on_after_pass(self) -> bool:
        """Whether a chunk may go on with the next pass over the data where one ends."""
        return not self._single and isinstance(self._find_program(), ResidentProgram)

    @property
    def wait_share(self) -> float | None:
        """Which share of the time of all chunks was spent waiting for samples; None before there was one."""
        return self._waited / self._seconds if self._seconds else None

    @property
    def _waited(self) -> float:
        return 0.0 if self._ahead is None else self._ahead.waited

    def close(self) -> None:
        """Ends what reads ahead."""
        if self._ahead is not None:
            self._ahead.close()

    def list_rows(self, batch: int) -> Indices:
        """The numbers of the samples in a batch; batches are counted from the beginning of a pass."""
        return self._order.split(batch % self._order.batches_in_pass, 1)[0].reshape(-1)

    def run(self, first: int, count: int, *, halt: bool = False, restart: bool = False) -> Logs:
        """Runs `count` steps from batch number `first` of a pass on; see `ResidentProgram.run`.

        They are of one pass, unless `goes_on_after_pass`.
        """
        began = time.perf_counter()
        program = self._find_program()
        found, waited = time.perf_counter(), self._waited
        if isinstance(program, ResidentProgram):
            logs = program.run(first, count, halt=halt, restart=restart)
        else:
            if restart:
                self._model.reset_metrics()
            parts = self._run_places(program, first, count, halt=halt)
            if self._ahead is not None:
                parts = self._run_blocks(program, self._ahead, first, count, halt=halt)
            logs = _join(_take_finite(parts) if halt else parts)
        ended = time.perf_counter()
        self.last_wait = None if self._ahead is None else self._waited - waited
        self._seconds += ended - found
        seconds = ended - began
        if self.first_run_seconds is None:
            self.first_run_seconds = seconds
        else:
            self.length.note(count, seconds)
            self._lengths[self.plan.mode] = self.length.steps
        return logs

    def _run_places(
        self, program: BlockProgram | PythonSteps | KerasSteps, first: int, count: int, *, halt: bool
    ) -> Iterator[Logs]:
        """Whole batches first and then the smaller one at the end, which has other shapes."""
        if isinstance(program, BlockProgram):
            raise TypeError(
                "expected a program for samples on the device, received one for samples that come in blocks"
            )
        for places in self._order.split_places(first, count):
            yield program.run(self._tensors, places, halt=halt)

    def _run_blocks(
        self, program: BlockProgram | PythonSteps | KerasSteps, ahead: ReadAhead, first: int, count: int, *, halt: bool
    ) -> Iterator[Logs]:
        """As many batches at a time as the block has that was read."""
        end = min(first + count, self._order.batches_in_pass)
        while first < end:
            block = ahead.find(first)
            place, part = first - block.first, min(end, block.end) - first
            if isinstance(program, BlockProgram):
                yield program.run(block.tensors, place, part, halt=halt)
            else:
                yield program.run(*_flatten(block, place, part), halt=halt)
            first += part

    def _find_program(self) -> Program:
        mode = self.plan.mode
        if mode not in self._programs:
            # A model that cannot be compiled changes the plan to single steps, which stand for what was asked for.
            self._programs[mode] = self._make_program(mode)
        return self._programs[mode]

    def _make_program(self, mode: PlanMode) -> Program:
        match mode:
            case "graph":
                return self._make_graph()
            case "xla":
                return self._trace(self._make_resident(jit=True))
            case "fit":
                return KerasSteps(self._model)
            case "step":
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
                first = self.samples.take(self._order.take_batches(0, 1))
                program.trace(tf.nest.map_structure(tf.constant, first), self.batch_size)
            else:
                program.trace()
            self.trace_seconds = self.trace_seconds or time.perf_counter() - began
        except Exception as error:  # noqa: BLE001 - a model's Python may raise anything; a real fault shows in the step
            self.plan = Plan("step", self.plan.data)
            self.reason = f"The model cannot be compiled, so each step runs in Python: {describe_error(error)}"
            return PythonSteps(self._model, self._kind)
        return program


def _flatten(block: Block, first: int, count: int) -> tuple[Nested, Indices]:
    """Some batches of a block as samples one after the other, and which of them are in each batch."""
    flat = tf.nest.map_structure(
        lambda one: tf.reshape(one[first : first + count], (-1, *one.shape[2:])), block.tensors
    )
    return flat, np.arange(len(tf.nest.flatten(flat)[0])).reshape(count, -1)


def _take_finite(parts: Iterable[Logs]) -> Iterator[Logs]:
    """Up to the part that ended because its last loss was not finite."""
    for logs in parts:
        yield logs
        if not np.isfinite(logs.get("loss", [0.0])[-1]):
            return


def _join(parts: Iterable[Logs]) -> Logs:
    """The logs of all steps, one after the other."""
    found = list(parts)
    return {name: np.concatenate([one[name] for one in found]) for name in found[0]}
