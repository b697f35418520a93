"""The arguments of `keras.Model.compile`, made from a config."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

import keras

from engine.errors import ConfigError
from engine.models.model_ends import list_output_names, unwrap_only_output
from engine.training.config import CompileSettings, KerasObject, KerasReference, MetricsPerOutput, PerOutput
from engine.training.keras_objects import ConfigIssues, make_loss_or_metric, make_optimizer

MadeT = TypeVar("MadeT")

Losses = object | list[object] | dict[str, object]
Metrics = list[object] | dict[str, object]


@dataclass(frozen=True, slots=True)
class CompileArguments:
    """What `keras.Model.compile` is called with; the objects are new and belong to one model."""

    optimizer: "keras.optimizers.Optimizer"
    loss: Losses
    loss_weights: list[float] | dict[str, float] | None
    metrics: Metrics
    weighted_metrics: Metrics

    def take_apart(self, outputs: int) -> "Iterator[tuple[str, CompileArguments]]":
        """Each setting's path with all others left out (the loss first), to find the one at fault.

        With several outputs the metrics of one setting belong together, as their order means something.
        """
        bare = replace(self, loss_weights=None, metrics=[], weighted_metrics=[])
        yield "compile.loss", bare
        yield "compile.loss_weights", replace(bare, loss_weights=self.loss_weights)
        for metric, alone in _separate(self.metrics, outputs):
            yield f"compile.metrics{metric}", replace(bare, metrics=alone)
        for metric, alone in _separate(self.weighted_metrics, outputs):
            yield f"compile.weighted_metrics{metric}", replace(bare, weighted_metrics=alone)


def _separate(metrics: Metrics, outputs: int) -> Iterator[tuple[str, Metrics]]:
    if isinstance(metrics, dict) or outputs > 1:
        yield "", metrics
    else:
        for index, one in enumerate(metrics):
            yield f".{index}", [one]


def make_compile_arguments(settings: CompileSettings) -> CompileArguments:
    """Makes the optimizer, the losses and the metrics.

    Raises:
        ConfigError: Keras has no such object, or does not take its arguments; one issue per setting at fault.
    """
    problems = ConfigIssues()
    optimizer = _gather(problems, lambda: make_optimizer(settings.optimizer, "compile.optimizer"))
    loss = _gather(problems, lambda: make_losses(settings.loss))
    metrics = _gather(problems, lambda: _make_metrics(settings.metrics, "compile.metrics"))
    weighted = _gather(problems, lambda: _make_metrics(settings.weighted_metrics, "compile.weighted_metrics"))
    problems.raise_if_any()
    return CompileArguments(optimizer, loss, settings.loss_weights, metrics or [], weighted or [])


def compile_model(model: "keras.Model", settings: CompileSettings) -> None:
    """Compiles a model, as `model.compile` does with the objects that the settings name.

    Raises:
        ConfigError: as `make_compile_arguments` does, or where Keras refuses them together (`compile`).
    """
    if isinstance(model, keras.Sequential):
        plain = unwrap_only_output(dict(settings), list_output_names(model)[0])
        settings = settings.model_copy(update=plain)
    arguments = make_compile_arguments(settings)
    try:
        model.compile(
            optimizer=arguments.optimizer,
            loss=arguments.loss,
            loss_weights=arguments.loss_weights,
            metrics=arguments.metrics,
            weighted_metrics=arguments.weighted_metrics,
        )
    except (TypeError, ValueError) as error:
        problems = ConfigIssues()
        problems.add("invalid_compile", "compile", " ".join(str(error).split()))
        problems.raise_if_any()


def make_losses(value: PerOutput, path: str = "compile.loss") -> Losses:
    """The loss of every output, in the structure of the config.

    Raises:
        ConfigError: as `make_compile_arguments` does.
    """

    def make(reference: KerasReference | None, where: str) -> object:
        return None if reference is None else make_loss_or_metric("losses", reference, where)

    if isinstance(value, list):
        return [make(one, f"{path}.{index}") for index, one in enumerate(value)]
    if isinstance(value, dict):
        return {name: make(one, f"{path}.{name}") for name, one in value.items()}
    return make(value, path)


def _make_metrics(value: MetricsPerOutput, path: str) -> Metrics:
    def make(reference: KerasReference | list[KerasReference], where: str) -> object:
        if isinstance(reference, (str, KerasObject)):
            return make_loss_or_metric("metrics", reference, where)
        return [make(one, f"{where}.{index}") for index, one in enumerate(reference)]

    if isinstance(value, list):
        return [make(one, f"{path}.{index}") for index, one in enumerate(value)]
    return {name: make(one, f"{path}.{name}") for name, one in value.items()}


def _gather(problems: ConfigIssues, make: Callable[[], MadeT]) -> MadeT | None:
    try:
        return make()
    except ConfigError as error:
        problems.issues.extend(error.issues)
        return None
