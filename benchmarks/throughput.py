"""Training throughput: Layerloom against `fit`, a tuned `fit`, hand-written TensorFlow loops and PyTorch.

Every contender trains in a process of its own, prepared once; then all of them train in turn, round after round, so
that the machine's noise hits them alike. Rates are steps per second after compilation, from end to end of epochs.
"""

import json
import os
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import click
import httpx

from benchmarks.graphs import Json
from benchmarks.measurement import Measurement
from benchmarks.reference_data import write_arrays
from benchmarks.reference_models import MODELS, ReferenceModel
from benchmarks.throughput_child import ContenderProcess, Contexts, make_contexts, run_apart
from benchmarks.throughput_fit import train_as_fit
from benchmarks.throughput_runs import LayerloomRuns, describe_as_graph, run_layerloom_with
from benchmarks.throughput_table import FIT, OURS, ModelResult, WayResult, judge

ENVIRONMENT = {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3", "GRPC_VERBOSITY": "ERROR"}
WAYS: dict[str, tuple[str, ...]] = {
    FIT: ("fit",),
    "fit, tuned": ("fit_graph", "fit_xla"),
    "TF loop": ("loop_graph", "loop_xla"),
    "PyTorch": ("torch",),
}
EQUAL_EPOCHS = 3
WORTH_KEEPING = 0.8
"""A variant that is slower than this share of its way's best at the trial takes no part in the rounds."""


@dataclass(frozen=True)
class Effort:
    """How long is measured. XLA needs longest to compile, and gets never ready with some models: `xla_limit_s`."""

    rounds: int = 3
    round_s: float = 1.2
    limit_s: float = 120.0
    xla_limit_s: float = 60.0


THOROUGH = Effort()
QUICK = Effort(rounds=1, round_s=0.2, xla_limit_s=45.0)


def measure(
    models: Sequence[ReferenceModel] = MODELS, effort: Effort = THOROUGH
) -> tuple[list[ModelResult], list[Measurement]]:
    """All results, and the budgets that they are judged by."""
    for variable, value in ENVIRONMENT.items():
        os.environ.setdefault(variable, value)
    contexts = make_contexts()
    results = []
    with TemporaryDirectory(prefix="layerloom-bench-data-") as folder:
        data = Path(folder)
        origins = {model.name: str(run_apart(write_arrays, model.name, data)) for model in models}
        with run_layerloom_with(data) as server, httpx.Client(base_url=server.url, timeout=60) as client:
            for model in models:
                result = ModelMeasurement(model, data, origins[model.name], contexts, client, effort).measure()
                results.append(result)
                click.echo(f"  {describe_briefly(result)}", err=True)
    return results, judge(results)


class ModelMeasurement:
    """Measures one model in all ways."""

    def __init__(
        self,
        model: ReferenceModel,
        data: Path,
        origin: str,
        contexts: Contexts,
        client: httpx.Client,
        effort: Effort,
    ):
        self._model = model
        self._data = data
        self._contexts = contexts
        self._effort = effort
        self._graph = cast("Json", run_apart(describe_as_graph, model.name))
        self._runs = LayerloomRuns(client, model, self._graph)
        self._mode: str | None = None
        ways = {name: WayResult() for name in (*WAYS, OURS)}
        self._result = ModelResult(model.title, origin, model.batch_size, 0, ways)

    def measure(self) -> ModelResult:
        """Prepares everybody, trains in rounds, and compares the losses."""
        with ExitStack() as stack:
            contenders = {name: self._prepare(stack, variants) for name, variants in WAYS.items()}
            for _ in range(self._effort.rounds):
                self._run_round(contenders)
        for name, variants in contenders.items():
            self._keep_best(self._result.ways[name], variants)
        self._result.difference = self._compare_losses()
        return self._result

    def _prepare(self, stack: ExitStack, variants: Sequence[str]) -> "list[Trained]":
        """The variants that are worth measuring, each in its process."""
        ready = []
        for variant in variants:
            contender = self._start(stack, variant)
            if contender.ready is None:
                self._result.left_out[variant] = contender.refusal or "not ready"
                continue
            self._result.steps_per_epoch = contender.ready.steps_per_epoch
            ready.append(Trained(contender, []))
        best = max((one.process.trial_rate for one in ready), default=0.0)
        for one in ready:
            if one.process.trial_rate < WORTH_KEEPING * best:
                one.process.close()
                self._result.left_out[one.process.name] = f"{one.process.trial_rate:,.0f} steps/s at the trial"
        return [one for one in ready if one.process.trial_rate >= WORTH_KEEPING * best]

    def _start(self, stack: ExitStack, variant: str) -> ContenderProcess:
        context = self._contexts.fresh if variant == "torch" else self._contexts.forking
        limit_s = self._effort.xla_limit_s if variant.endswith("_xla") else self._effort.limit_s
        contender = ContenderProcess(context, variant, self._model.name, self._data, limit_s)
        stack.callback(contender.close)
        return contender

    def _run_round(self, contenders: "dict[str, list[Trained]]") -> None:
        for one in (one for variants in contenders.values() for one in variants):
            rate = one.process.measure(self._effort.round_s)
            if rate is not None:
                one.rates.append(rate)
        ours = self._result.ways[OURS]
        try:
            run = self._runs.train_for(self._effort.round_s)
        except ValueError as error:
            ours.note = str(error)
            return
        ours.rates.append(run.steps_per_second)
        ours.settings = run.plan
        self._mode = run.mode
        ours.first_epoch_s = ours.first_epoch_s or run.first_epoch_s

    def _keep_best(self, way: WayResult, variants: "Sequence[Trained]") -> None:
        """Of a way's variants the fastest speaks for it."""
        measured = [one for one in variants if one.rates]
        if not measured:
            way.note = ", ".join(self._result.left_out.get(variant, "") for variant in self._variants_of(way))
            return
        best = max(measured, key=lambda one: sorted(one.rates)[len(one.rates) // 2])
        way.rates = best.rates
        if best.process.ready is not None:
            way.settings = best.process.ready.settings
            way.first_epoch_s = best.process.ready.first_epoch_s

    def _variants_of(self, way: WayResult) -> Sequence[str]:
        return next(variants for name, variants in WAYS.items() if self._result.ways[name] is way)

    def _compare_losses(self) -> float | None:
        """How far our final loss is from that of `fit`, with the same seed and without shuffling, by the same plan."""
        try:
            run = self._runs.train(EQUAL_EPOCHS, shuffle=False, mode=self._mode)
        except ValueError as error:
            self._result.ways[OURS].note = str(error)
            return None
        theirs = cast(
            "dict[str, list[float]]",
            run_apart(train_as_fit, self._model.name, self._graph, self._data, EQUAL_EPOCHS),
        )
        if run.history.keys() != theirs.keys():
            raise ValueError(f"{self._model.title}: History has {list(run.history)}, expected {list(theirs)}.")
        return abs(run.history["loss"][-1] - theirs["loss"][-1]) / abs(theirs["loss"][-1])


@dataclass
class Trained:
    """A variant's process, and its rate in each round."""

    process: ContenderProcess
    rates: list[float]


def describe_briefly(result: ModelResult) -> str:
    """One line, while the others are still to come."""
    rates = ", ".join(f"{name} {way.rate:,.0f}" for name, way in result.ways.items() if way.rate)
    return f"{result.title}: {rates} steps/s"


def write_details(results: Sequence[ModelResult], table: str, folder: Path, note: str) -> None:
    """Keeps the table (`throughput.md`) and every number (`throughput.json`)."""
    folder.mkdir(exist_ok=True)
    (folder / "throughput.md").write_text(f"# Training throughput\n\n{table}\n\n{note}\n")
    content = {"note": note, "models": [result.to_json() for result in results]}
    (folder / "throughput.json").write_text(json.dumps(content, indent=2) + "\n")
