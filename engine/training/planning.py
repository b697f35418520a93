"""Which plan a training's steps are run by: the pinned one, or the fastest that was found for the model.

Plans are tried on steps of the training itself, so that nothing is done twice, and only where what is left to train is
long enough for a faster plan to make up for the trial.
"""

import time
from dataclasses import dataclass

import keras
import tensorflow as tf

from engine.training.config import PinnedPlan
from engine.training.data_place import find_place
from engine.training.events import PlanData, PlanMode, PlanTrial
from engine.training.peak_memory import measure_peak_memory
from engine.training.plan_memory import PlanMemory, Verdict, describe_model
from engine.training.plan_race import DECISIVE, PlanRace
from engine.training.reporting import Reporter
from engine.training.samples import Samples
from engine.training.state import PlanState
from engine.training.stepping import ChunkRunner, Plan

SETTLING_SECONDS = 0.5
"""After so long a plan's speed is known well enough to be compared for the first time."""

TURN_SECONDS = 0.25
"""How long each of two plans runs that turned out to be close, before the other one runs again."""

NEWS_SECONDS = 30.0
NEWS_SHARE = 0.01
"""So long after the plan was told it is told again, where the share of the time that it waits has changed so much."""

WORTH = 10
"""So many times what a trial costs has to be left to train."""

XLA_COMPILE_TIMES_TRACE = 4
"""Compiling by XLA takes about so many times as long as making the program, measured on small models."""

OTHER_NUMBERS = "Left out: the model draws random numbers of which XLA would draw others than Keras's fit."

PINNED_NUMBERS = "XLA draws other random numbers than Keras's fit for layers of this model."

FIT_TRIAL_STEPS = 16
FIT_TRIAL_MINUTES = 1.0
"""How long a training has to be for Keras's own loop to be measured beside, only to be shown."""


@dataclass(frozen=True, slots=True)
class _Trial:
    """The plan that was in force and the one that is tried; with a `race` they run in turns."""

    home: Plan
    rival: Plan
    race: PlanRace | None


class Planner:
    """Chooses the plan of one training, and reports it: once its speed is known, and whenever it changes.

    `restored` is the plan of the checkpoint that training goes on from: another one would round in another way.
    """

    def __init__(
        self,
        wanted: "str | PinnedPlan",
        report: Reporter,
        samples: Samples,
        memory: PlanMemory,
        restored: PlanState | None = None,
    ):
        self._wanted = wanted
        self._report = report
        self._samples = samples
        self._memory = memory
        self._restored = restored
        self._tried: list[PlanTrial] = []
        self._began = time.monotonic()
        self._trial: _Trial | None = None
        self._turn_began = 0.0
        self._turn_seconds = 0.0
        self._waiting: list[Plan] | None = None
        self._speeds: dict[PlanMode, float] = {}
        self._compile_seconds: float | None = None
        self._told_at: float | None = None
        self._told_share: float | None = None
        self._data_reason: str | None = None

    def start(self) -> Plan:
        """The plan to begin with: a graph, which is ready the soonest, unless another one is pinned."""
        self._began = time.monotonic()
        if self._restored is not None:
            return Plan(self._restored.mode, self._restored.data, self._restored.steps_per_chunk)
        if isinstance(self._wanted, PinnedPlan):
            if self._wanted.data is not None:
                return Plan(self._wanted.mode, self._wanted.data, self._wanted.steps_per_chunk)
            return Plan(self._wanted.mode, self._find_place(), self._wanted.steps_per_chunk)
        return Plan("graph", self._find_place())

    def _find_place(self) -> PlanData:
        place = find_place(self._samples)
        self._data_reason = place.reason
        return place.data

    @staticmethod
    def for_validation(plan: Plan, samples: Samples) -> Plan:
        """The plan of the validation that goes with it."""
        # Part of data that is too large for the device: a copy of it would only take memory.
        place = "stream" if plan.data == "stream" and samples.are_mapped else find_place(samples).data
        return Plan("step" if plan.mode == "step" else "graph", place)

    @property
    def is_free(self) -> bool:
        """Whether other plans may be tried."""
        return self._wanted == "auto" and self._restored is None

    def note(self, model: keras.Model, runner: ChunkRunner, steps_left: int) -> None:
        """After each chunk: measures, and changes the runner's plan where another one is tried or better."""
        seconds = runner.length.seconds_per_step
        if self._trial is not None:
            self._judge(model, runner, self._trial)
        elif seconds is not None and runner.length.is_settled and time.monotonic() - self._began > SETTLING_SECONDS:
            if self._waiting is None:
                self._speeds[runner.plan.mode] = 1 / seconds
                self._waiting = self._list_trials(model, runner, steps_left * seconds) if self.is_free else []
            if self._waiting:
                self._begin(runner, self._waiting.pop(0))
            elif self._told_at is None or self._has_news(runner, self._told_at):
                self.tell(runner)

    def finish(self, runner: ChunkRunner) -> None:
        """At the end: tells what the plan took in all, and the plan itself after a short training."""
        self.tell(runner)

    def tell(self, runner: ChunkRunner) -> None:
        """Reports the plan that is in force."""
        self._told_at, self._told_share = time.monotonic(), runner.wait_share
        plan = runner.plan
        seconds = runner.length.seconds_per_step
        measured = self._speeds.get(plan.mode, None if not seconds else 1 / seconds)
        self._report.plan(
            {
                "mode": plan.mode,
                "steps_per_chunk": runner.length.steps,
                "data": plan.data,
                "pinned": isinstance(self._wanted, PinnedPlan),
                "reason": runner.reason or (PINNED_NUMBERS if runner.draws_other_numbers else None),
                "data_reason": self._data_reason if plan.data == "stream" else None,
                "wait_share": runner.wait_share,
                "peak_memory": measure_peak_memory(),
                "steps_per_second": measured,
                "fit_steps_per_second": self._speeds.get("fit"),
                "tried": [one.model_dump() for one in self._tried],
            }
        )

    def _has_news(self, runner: ChunkRunner, told_at: float) -> bool:
        if time.monotonic() - told_at < NEWS_SECONDS:
            return False
        return abs((runner.wait_share or 0.0) - (self._told_share or 0.0)) >= NEWS_SHARE

    @staticmethod
    def state(plan: Plan) -> PlanState:
        """What a checkpoint keeps of a plan."""
        return PlanState(mode=plan.mode, data=plan.data, steps_per_chunk=plan.steps_per_chunk)

    def _list_trials(self, model: keras.Model, runner: ChunkRunner, seconds_left: float) -> list[Plan]:
        known = self._memory.find(describe_model(model, self._samples, runner.batch_size))
        trials = []
        place = runner.plan.data
        if known is not None and "fit" in known.steps_per_second:
            self._speeds["fit"] = known.steps_per_second["fit"]
        elif seconds_left > 60 * FIT_TRIAL_MINUTES:
            trials.append(Plan("fit", place, FIT_TRIAL_STEPS))
        if runner.plan.mode != "graph" or runner.is_single:
            return trials
        obstacle = self._find_obstacle(runner, seconds_left, known)
        if obstacle is None:
            trials.append(Plan("xla", place))
        else:
            self._tried.append(PlanTrial(mode="xla", data=place, note=obstacle))
        return trials

    @staticmethod
    def _find_obstacle(runner: ChunkRunner, seconds_left: float, known: Verdict | None) -> str | None:
        """Why XLA is not tried, None where it is."""
        if runner.plan.data == "stream":
            return "Left out: it runs many steps at a time only where the whole data lies on the device."
        if runner.xla_obstacle is not None:
            return f"Left out: {runner.xla_obstacle}"
        if runner.has_convolutions and not tf.config.list_physical_devices("GPU"):
            return "Left out: on a CPU, XLA takes many times longer for convolutions."
        if known is not None and "xla" in known.steps_per_second:
            graph, xla = known.steps_per_second.get("graph", 0.0), known.steps_per_second["xla"]
            if xla * DECISIVE <= graph:
                return f"Left out: {xla:,.0f} steps/s the last time, the graph {graph:,.0f}."
            # Close ones race again: what was measured on a busy machine is not kept for ever.
            needed = (known.xla_compile_seconds or 0.0) / max(1 - graph / xla, 1 / WORTH)
            return None if seconds_left > needed else "Left out: too little is left to train."
        if seconds_left < WORTH * XLA_COMPILE_TIMES_TRACE * runner.trace_seconds:
            return "Left out: too little is left to train for it to be worth compiling."
        return None

    def _begin(self, runner: ChunkRunner, plan: Plan) -> None:
        before, seconds = runner.plan, runner.length.seconds_per_step
        runner.use(plan)
        if runner.draws_other_numbers:
            self._tried.append(PlanTrial(mode=plan.mode, data=plan.data, note=OTHER_NUMBERS))
            runner.use(before)
            runner.keep_only(before.mode)
            return
        race = PlanRace(before.mode, plan.mode, seconds) if plan.mode == "xla" and seconds else None
        self._trial = _Trial(before, plan, race)
        self._turn_began, self._turn_seconds = time.monotonic(), SETTLING_SECONDS if race else 0.0

    def _judge(self, model: keras.Model, runner: ChunkRunner, trial: _Trial) -> None:
        seconds = runner.length.seconds_per_step
        if runner.first_run_seconds is None or seconds is None or not runner.length.is_settled:
            return
        if time.monotonic() - self._turn_began < runner.first_run_seconds + self._turn_seconds:
            return
        if trial.race is None:
            self._end_trial(model, runner, trial, {trial.rival.mode: seconds}, trial.home)
            return
        if self._compile_seconds is None:
            self._compile_seconds = runner.first_run_seconds
        trial.race.note(seconds)
        if trial.race.is_over:
            winner = trial.rival if trial.race.winner == trial.rival.mode else trial.home
            self._end_trial(model, runner, trial, trial.race.seconds, winner)
        else:
            runner.use(trial.rival if trial.race.running == trial.rival.mode else trial.home)
            self._turn_began, self._turn_seconds = time.monotonic(), TURN_SECONDS

    def _end_trial(
        self, model: keras.Model, runner: ChunkRunner, trial: _Trial, seconds: dict[PlanMode, float], winner: Plan
    ) -> None:
        """Goes on by the winner; `seconds` are those per step of each plan that was measured."""
        self._trial = None
        self._speeds |= {mode: 1 / measured for mode, measured in seconds.items()}
        self._tried.append(
            PlanTrial(
                mode=trial.rival.mode,
                steps_per_chunk=runner.find_chunk(trial.rival.mode),
                data=trial.rival.data,
                steps_per_second=self._speeds[trial.rival.mode],
            )
        )
        if runner.plan.mode != winner.mode:
            runner.use(winner)
        runner.keep_only(winner.mode)
        self._memory.keep(
            describe_model(model, self._samples, runner.batch_size),
            Verdict(steps_per_second=self._speeds, xla_compile_seconds=self._compile_seconds),
        )
