"""The check of graph and training config together, before anything is trained or allocated."""

import math
from pathlib import Path

import keras

from engine.data.datasets import load_dataset
from engine.errors import ConfigError, EngineError
from engine.graph.document import Graph
from engine.graph.issues import Issue, Severity
from engine.graph.topology import Topology
from engine.layers.scope import open_symbolic_scope
from engine.models.builder import link_graph
from engine.models.check import GraphChecker
from engine.models.results import CheckResult, CompileResult
from engine.models.summary import summarize_model
from engine.training.callbacks import check_monitors, check_schedules, make_callbacks
from engine.training.compile_settings import CompileArguments, compile_model, make_compile_arguments
from engine.training.config import FitSettings, RunConfig
from engine.training.feeding import FedData, feed_model
from engine.training.fitting_losses import check_losses
from engine.training.splitting import check_fit_settings, split_samples
from engine.training.trial import OutputEnd, Trial, TrialError, try_input, try_optimizer

__all__ = ["check_compile", "compile_model"]

MODEL_NAME = "model"


def check_compile(checker: GraphChecker, graph: Graph, config: RunConfig) -> CompileResult:
    """What would be trained, and everything that speaks against it. Allocates no weights and raises for no document.

    Optimizer, losses and metrics are tried for real on a few samples of the data set.
    """
    check = checker.check(graph)
    if not check.ok:
        return CompileResult(ok=False, issues=check.issues, check=check, epochs=config.fit.epochs)
    return _CompileCheck(graph, config, check).run()


class _CompileCheck:
    """One check. Each step goes on with what the earlier ones found, and leaves its issues."""

    def __init__(self, graph: Graph, config: RunConfig, check: CheckResult):
        self.topology = Topology(graph)
        self.config = config
        self.check = check
        self.issues: list[Issue] = [*check.issues]
        self.metrics_names: list[str] = []
        with open_symbolic_scope():
            self.model = link_graph(graph, MODEL_NAME)
            self.summary = summarize_model(self.model)

    def run(self) -> CompileResult:
        arguments = self._make_arguments()
        data = self._feed_data()
        counts = self._count_samples(data) if data else None
        if data and arguments:
            self._try_arguments(data, arguments)
        self._check_callbacks(arguments, has_validation=bool(counts and counts[1]))
        samples, validation = counts or (None, None)
        return CompileResult(
            ok=not any(issue.severity == "error" for issue in self.issues),
            issues=self.issues,
            check=self.check,
            summary=self.summary,
            samples=samples,
            validation_samples=validation,
            steps_per_epoch=_count_steps(samples, self.config.fit),
            epochs=self.config.fit.epochs,
            metrics_names=self.metrics_names,
        )

    def _make_arguments(self) -> CompileArguments | None:
        try:
            arguments = make_compile_arguments(self.config.compile)
        except ConfigError as error:
            self.issues.extend(error.issues)
            return None
        try:
            try_optimizer(arguments.optimizer)
        except TrialError as error:
            self._add("invalid_optimizer", "compile.optimizer", f"The optimizer cannot make a step: {error}")
        return arguments

    def _feed_data(self) -> FedData | None:
        settings = self.config.data
        try:
            dataset = load_dataset(settings.dataset, settings.arguments)
            data = feed_model(dataset, settings, [t.name for t in self.model.inputs], self.model.output_names)
        except ConfigError as error:
            self.issues.extend(error.issues)
            return None
        except EngineError as error:
            self._add(error.code, "data.dataset", error.message, error.hint)
            return None
        nodes = [reference.node for reference in self.topology.inputs()]
        for tensor, node, array in zip(self.model.inputs, nodes, data.inputs, strict=True):
            try:
                try_input(tensor.shape, tensor.dtype, array)
            except TrialError:
                self._refuse_input(tensor, node, array.shape[1:])
        return data

    def _refuse_input(self, tensor: "keras.KerasTensor", node: str, shape: tuple[int, ...]) -> None:
        self._add(
            "input_does_not_fit",
            f"data.inputs.{tensor.name}",
            f"The input {tensor.name!r} takes samples of shape {list(tensor.shape[1:])}; those of the data set"
            f" {self.config.data.dataset!r} have {list(shape)}.",
            f"Set the input's shape to {list(shape)}"
            + (", and put a Flatten layer after it." if len(shape) > len(tensor.shape) - 1 else "."),
            node,
        )

    def _count_samples(self, data: FedData) -> tuple[int, int] | None:
        try:
            training, validation = split_samples(data.samples, self.config.fit)
        except ConfigError as error:
            self.issues.extend(error.issues)
            return None
        self.issues.extend(check_fit_settings(self.config.fit, training, len(data.targets)))
        if not self.model.trainable_weights:
            self._add(
                "nothing_to_train",
                None,
                "The model has no trainable weights, so training changes nothing.",
                None,
                None,
                "warning",
            )
        return training, validation

    def _try_arguments(self, data: FedData, arguments: CompileArguments) -> None:
        outputs = self._list_outputs()
        trial = Trial(outputs, data.targets)
        issues = check_losses(trial, outputs, data.targets, data.target_names, arguments.loss)
        self.issues.extend(issues)
        if issues:
            return
        try:
            self.metrics_names = trial.try_everything(arguments.loss, arguments)
        except TrialError:
            self._blame_setting(trial, arguments)

    def _blame_setting(self, trial: Trial, arguments: CompileArguments) -> None:
        """Finds out which settings Keras refuses, by leaving out the others."""
        for setting, alone in arguments.take_apart(len(trial.names)):
            try:
                trial.try_everything(arguments.loss, alone)
            except TrialError as error:
                code = f"invalid_{setting.split('.')[1]}"
                self._add(code, setting, f"The setting {setting} does not fit the model's outputs: {error}")
                if setting == "compile.loss":
                    return

    def _list_outputs(self) -> list[OutputEnd]:
        """The model's outputs, each with the node that makes it."""
        topology = self.topology
        of_layer = {topology.layers[topology.nodes[n].layer].keras_name: n for n in reversed(topology.output_nodes())}
        return [
            OutputEnd(name, of_layer.get(name), tuple(tensor.shape), tensor.dtype)
            for name, tensor in zip(self.model.output_names, self.model.outputs, strict=True)
        ]

    def _check_callbacks(self, arguments: CompileArguments | None, *, has_validation: bool) -> None:
        try:
            callbacks = make_callbacks(self.config.callbacks, Path("run"))
            if arguments:
                check_schedules(callbacks, self.config.fit.epochs, arguments.optimizer)
            if self.metrics_names:
                validation = [f"val_{name}" for name in self.metrics_names] if has_validation else []
                check_monitors(callbacks, [*self.metrics_names, *validation])
        except ConfigError as error:
            self.issues.extend(error.issues)

    def _add(
        self,
        code: str,
        argument: str | None,
        message: str,
        hint: str | None = None,
        node: str | None = None,
        severity: Severity = "error",
    ) -> None:
        self.issues.append(
            Issue(code=code, message=message, argument=argument, hint=hint, node=node, severity=severity)
        )


def _count_steps(samples: int | None, fit: FitSettings) -> int | None:
    return None if samples is None else fit.steps_per_epoch or math.ceil(samples / fit.batch_size)
