"""Which plan a training's steps are run by: the pinned one, or the fastest that was found for the model."""

import time

from engine.training.config import PinnedPlan
from engine.training.events import PlanData, PlanTrial
from engine.training.reporting import Reporter
from engine.training.samples import Samples
from engine.training.state import PlanState
from engine.training.stepping import DEVICE_BYTES, ChunkRunner, Plan

SETTLING_SECONDS = 1.0
"""After so long a plan's speed is known well enough to be told."""


class Planner:
    """Chooses the plan of one training, and reports it: at the start, and again when its speed is known.

    `restored` is the plan of the checkpoint that training goes on from: another one would round in another way.
    """

    def __init__(
        self, wanted: "str | PinnedPlan", report: Reporter, samples: Samples, restored: PlanState | None = None
    ):
        self._wanted = wanted
        self._report = report
        self._samples = samples
        self._restored = restored
        self._tried: list[PlanTrial] = []
        self._began = time.monotonic()
        self._told_speed = False

    def start(self) -> Plan:
        """The plan to begin with."""
        if self._restored is not None:
            plan = Plan(self._restored.mode, self._restored.data, self._restored.steps_per_chunk)
        elif isinstance(self._wanted, PinnedPlan):
            place = self._wanted.data or self._find_place(self._samples)
            plan = Plan(self._wanted.mode, place, self._wanted.steps_per_chunk)
        else:
            plan = Plan("graph", self._find_place(self._samples))
        self._began = time.monotonic()
        return plan

    def for_validation(self, plan: Plan, samples: Samples) -> Plan:
        """The plan of the validation that goes with it."""
        return Plan("graph" if plan.mode == "xla" else plan.mode, self._find_place(samples))

    def finish(self, runner: ChunkRunner) -> None:
        """At the end: tells the plan of a training that was too short for its speed to be known."""
        if not self._told_speed:
            self.tell(runner)

    def note(self, runner: ChunkRunner) -> None:
        """After each chunk: tells the plan once its speed is known."""
        if self._told_speed or time.monotonic() - self._began < SETTLING_SECONDS:
            return
        if runner.length.seconds_per_step is None:
            return
        self._told_speed = True
        self.tell(runner)

    def tell(self, runner: ChunkRunner) -> None:
        """Reports the plan that is in force."""
        seconds = runner.length.seconds_per_step
        plan = runner.plan
        self._report.plan(
            {
                "mode": plan.mode,
                "steps_per_chunk": runner.length.steps,
                "data": plan.data,
                "pinned": isinstance(self._wanted, PinnedPlan),
                "reason": runner.reason,
                "steps_per_second": None if not seconds else 1 / seconds,
                "tried": [one.model_dump() for one in self._tried],
            }
        )

    @staticmethod
    def state(plan: Plan) -> PlanState:
        """What a checkpoint keeps of a plan."""
        return PlanState(mode=plan.mode, data=plan.data, steps_per_chunk=plan.steps_per_chunk)

    @staticmethod
    def _find_place(samples: Samples) -> PlanData:
        return "device" if samples.bytes <= DEVICE_BYTES else "stream"
