"""The check of graph, data and training config together, before anything is trained or allocated."""

import math
from dataclasses import replace
from pathlib import Path

from engine.errors import ConfigError, EngineError
from engine.graph.document import Graph
from engine.models.check import GraphChecker
from engine.models.results import CheckResult, CompileResult
from engine.training.callbacks import check_monitors, check_schedules, make_callbacks
from engine.training.compile_settings import CompileArguments, compile_model, make_compile_arguments
from engine.training.config import FitSettings, KerasReference, RunConfig
from engine.training.exclusive_settings import take_with_fixes
from engine.training.feeding import FedData
from engine.training.findings import Findings
from engine.training.fitting_data import check_class_weights, check_inputs, warn_of_missing_numbers
from engine.training.fitting_losses import check_losses
from engine.training.fitting_metrics import check_metrics
from engine.training.fitting_split import check_class_shares
from engine.training.fitting_validation import check_validation_targets
from engine.training.fitting_windows import check_windows
from engine.training.learning_rates import check_learning_rate
from engine.training.linked_graph import link_checked_graph
from engine.training.recipes import list_recipes
from engine.training.run_data import PLACE, load_splits, load_training_data, load_validation_data
from engine.training.setting_structure import check_structure
from engine.training.situation import FedSituation, Situation, feed_situation
from engine.training.splitting import check_fit_settings, count_samples
from engine.training.targets import describe_target
from engine.training.trial import Trial, TrialError, find_optimizer_fault
from engine.training.verified_fixes import attach_fixes

__all__ = ["check_compile", "compile_model"]


def check_compile(checker: GraphChecker, graph: Graph, config: RunConfig) -> CompileResult:
    """What would be trained, and everything that speaks against it. Allocates no weights and raises for no document.

    Optimizer, losses and metrics are tried for real on a few samples of the data set. Issues carry the fixes that were
    tried too: after each of them the issue is gone.
    """
    result, findings = _check(checker, graph, config)
    issues = attach_fixes(findings.all, graph, config, lambda *changed: _check(checker, *changed)[1].issues)
    return result.model_copy(update={"issues": issues})


def _check(checker: GraphChecker, graph: Graph, config: RunConfig) -> tuple[CompileResult, Findings]:
    check = checker.check(graph)
    findings = Findings()
    findings.take(check.issues)
    if not check.ok:
        return CompileResult(ok=False, issues=check.issues, check=check, epochs=config.fit.epochs), findings
    linked = link_checked_graph(graph, check)
    result = _CompileCheck(Situation(checker, graph, config, linked, findings), check).run()
    return result, findings


class _CompileCheck:
    """One check. Each step goes on with what the earlier ones found, and leaves its findings."""

    def __init__(self, situation: Situation, check: CheckResult):
        self.situation = situation
        self.config = situation.config
        self.findings = situation.findings
        self.model = situation.linked.model
        self.check = check
        self.metrics_names: list[str] = []

    def run(self) -> CompileResult:
        arguments = self._make_arguments()
        data = self._feed_data()
        broken = self._check_structure(data)
        counts = self._count_samples(data) if data else None
        if data:
            fed = feed_situation(self.situation, data)
            check_class_weights(fed, self.config.fit)
            check_class_shares(fed, self.config.fit)
            check_windows(fed)
            self._try_arguments(fed, arguments, broken)
        self._check_callbacks(arguments, has_validation=bool(counts and counts[1]))
        samples, validation = counts or (None, None)
        return CompileResult(
            ok=self.findings.ok,
            issues=self.findings.issues,
            check=self.check,
            summary=self.situation.linked.summary,
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
            self.findings.take(error.issues)
            return None
        if fault := find_optimizer_fault(arguments.optimizer):
            self.findings.error("invalid_optimizer", "compile.optimizer", f"The optimizer cannot make a step: {fault}")
        else:
            check_learning_rate(arguments.optimizer, self.config.compile.optimizer, self.findings)
        return arguments

    def _feed_data(self) -> FedData | None:
        try:
            data = load_training_data(self.config.data, self.model)
        except ConfigError as error:
            self.findings.take(error.issues)
            return None
        except EngineError as error:
            self.findings.error(error.code, "data.dataset", error.message, error.hint)
            return None
        check_inputs(self.situation, data)
        warn_of_missing_numbers(self.situation, data)
        data = self._divide(data)
        try:
            validation = load_validation_data(self.config.data, self.model, data)
        except ConfigError as error:
            self.findings.take(error.issues)
            return data
        if validation is not None:
            warn_of_missing_numbers(self.situation, validation, PLACE)
        return replace(data, validation=validation)

    def _divide(self, data: FedData) -> FedData:
        try:
            return replace(data, splits=load_splits(self.config.data, data))
        except ConfigError as error:
            take_with_fixes(self.findings, error.issues)
            return data

    def _check_structure(self, data: FedData | None) -> set[str]:
        outputs = self.situation.linked.outputs

        def suggest(index: int) -> KerasReference | None:
            if data is None:
                return None
            return list_recipes(describe_target(data.targets[index], len(outputs[index].shape)))[0].loss

        return check_structure(self.config.compile, [end.name for end in outputs], suggest, self.findings)

    def _count_samples(self, data: FedData) -> tuple[int, int] | None:
        try:
            training, validation = count_samples(data, self.config.fit)
        except ConfigError as error:
            take_with_fixes(self.findings, error.issues)
            return None
        self.findings.take(check_fit_settings(self.config.fit, training, len(data.targets)))
        if not self.model.trainable_weights:
            message = "The model has no trainable weights, so training changes nothing."
            self.findings.warn("nothing_to_train", None, message)
        return training, validation

    def _try_arguments(self, fed: FedSituation, arguments: CompileArguments | None, broken: set[str]) -> None:
        """Losses and metrics are looked at apart from each other, so that all that is wrong is seen at once."""
        settings = self.config.compile
        if arguments and "loss" not in broken:
            check_losses(fed, arguments.loss)
        for setting, metrics in (("metrics", settings.metrics), ("weighted_metrics", settings.weighted_metrics)):
            if setting not in broken:
                check_metrics(fed, setting, metrics)
        if arguments is None or any(
            issue.severity == "error" and (issue.argument or "").startswith("compile.")
            for issue in self.findings.issues
        ):
            return
        try:
            self.metrics_names = fed.trial.try_everything(arguments.loss, arguments)
        except TrialError:
            self._blame_setting(fed.trial, arguments)
        else:
            check_validation_targets(fed, arguments)

    def _blame_setting(self, trial: Trial, arguments: CompileArguments) -> None:
        """Finds out which settings Keras refuses, by leaving out the others."""
        for setting, alone in arguments.take_apart(len(trial.names)):
            try:
                trial.try_everything(arguments.loss, alone)
            except TrialError as error:
                code = f"invalid_{setting.split('.')[1]}"
                self.findings.error(code, setting, f"The setting {setting} does not fit the model's outputs: {error}")
                if setting == "compile.loss":
                    return

    def _check_callbacks(self, arguments: CompileArguments | None, *, has_validation: bool) -> None:
        try:
            callbacks = make_callbacks(self.config.callbacks, Path("run"))
            if arguments:
                check_schedules(callbacks, self.config.fit.epochs, arguments.optimizer)
            if self.metrics_names:
                validation = [f"val_{name}" for name in self.metrics_names] if has_validation else []
                check_monitors(callbacks, [*self.metrics_names, *validation])
        except ConfigError as error:
            self.findings.take(error.issues)


def _count_steps(samples: int | None, fit: FitSettings) -> int | None:
    return None if samples is None else fit.steps_per_epoch or math.ceil(samples / fit.batch_size)
