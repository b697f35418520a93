"""Whether each metric fits the output and the target that it compares."""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass

import keras
import numpy as np

from engine.data.source import Array
from engine.errors import ConfigError
from engine.graph.issues import Change, Fix
from engine.training.changes import point, write_reference
from engine.training.config import KerasObject, KerasReference, MetricsPerOutput
from engine.training.keras_objects import SHORTHANDS, make_loss_or_metric
from engine.training.situation import FedSituation
from engine.training.targets import TargetKind, measure_widths
from engine.training.trial import TrialError

ROWS = 32
DISTURBANCE = 1e-3
"""By what part of its spread a prediction of numbers misses its target, so that only equality finds it wrong."""


@dataclass(frozen=True, slots=True)
class MetricPlace:
    """One metric of the config: its setting and the steps to it, its output, and its fellows there."""

    steps: tuple[str | int, ...]
    output: int
    reference: KerasReference
    fellows: tuple[str, ...]

    @property
    def path(self) -> str:
        """The setting, such as `compile.metrics.0`."""
        return ".".join(map(str, ("compile", *self.steps)))

    @property
    def pointer(self) -> str:
        """The RFC 6901 pointer."""
        return point("training", "compile", *self.steps)


def check_metrics(situation: FedSituation, setting: str, metrics: MetricsPerOutput) -> None:
    """Tries each metric on its output and target: Keras must take it, and it must tell right from wrong."""
    for place in _list_places(setting, metrics, situation.names):
        _check_metric(situation, place)


def _list_places(setting: str, metrics: MetricsPerOutput, names: list[str]) -> Iterator[MetricPlace]:
    entries: list[tuple[tuple[str | int, ...], int, object]]
    if isinstance(metrics, dict):
        entries = [((setting, name), names.index(name), value) for name, value in metrics.items() if name in names]
    elif len(names) > 1:
        entries = [((setting, index), index, value) for index, value in enumerate(metrics)]
    else:
        entries = [((setting,), 0, metrics)]
    for steps, output, value in entries:
        yield from _list_inner(steps, output, value)


def _list_inner(steps: tuple[str | int, ...], output: int, value: object) -> Iterator[MetricPlace]:
    if isinstance(value, str | KerasObject):
        yield MetricPlace(steps, output, value, (name_metric(value),))
    elif isinstance(value, list):
        fellows = tuple(name_metric(one) for one in value if isinstance(one, str | KerasObject))
        for index, one in enumerate(value):
            for place in _list_inner((*steps, index), output, one):
                yield MetricPlace(place.steps, output, place.reference, fellows)


def name_metric(reference: KerasReference) -> str:
    """A metric as a person would call it."""
    return reference.class_name if isinstance(reference, KerasObject) else reference


def _check_metric(situation: FedSituation, place: MetricPlace) -> None:
    index, trial = place.output, situation.trial
    name, end, kind = name_metric(place.reference), situation.outputs[index], situation.kinds[index]
    try:
        made = _make(place)
    except ConfigError:
        return
    if isinstance(made, keras.metrics.Metric) and not compares_with_target(made):
        _refuse(situation, place, f"{name} sums up numbers and compares no output with its target")
        return
    try:
        trial.measure_metric(made, index, trial.y_true[index], trial.y_pred[index])
    except TrialError as error:
        _refuse(situation, place, str(error).rstrip("."))
        return
    widths = measure_widths(trial.y_true[index]), measure_widths(trial.y_pred[index])
    if widths[0] != widths[1] and _stretches(situation, place):
        _warn(
            situation, place, f"{name} compares numbers one by one, and {end.name!r} has another shape than its target"
        )
    elif not _tells_apart(situation, place):
        _warn(situation, place, f"{name} is the same for right and for wrong predictions of {kind.describe()}")
    elif _mixes_labels(made, end.shape, kind):
        _warn(situation, place, f"{name} takes all {kind.width} units of {end.name!r} for one, as multi_label is False")


def _make(place: MetricPlace) -> object:
    """Metrics remember what they saw, so each trial gets a new one."""
    return make_loss_or_metric("metrics", place.reference, place.path)


def compares_with_target(metric: "keras.metrics.Metric") -> bool:
    """Whether the metric is given targets and predictions; a Mean only takes numbers."""
    return "y_pred" in inspect.signature(metric.update_state).parameters


def _stretches(situation: FedSituation, place: MetricPlace) -> bool:
    """Whether it takes a target of the output's own shape too, so that the present one was only stretched to fit."""
    if isinstance(place.reference, str) and place.reference in SHORTHANDS["metrics"]:
        return False
    predicted = situation.trial.y_pred[place.output]
    try:
        situation.trial.measure_metric(_make(place), place.output, np.zeros_like(predicted), predicted)
    except TrialError:
        return False
    return True


def _tells_apart(situation: FedSituation, place: MetricPlace) -> bool:
    """Whether right predictions get another value than wrong ones; True where no such predictions can be made."""
    target, predicted = situation.data.targets[place.output], situation.trial.y_pred[place.output]
    rows = np.unique(np.linspace(0, len(target) - 1, ROWS).astype(int))
    true = np.array(target[rows])
    made = make_predictions(true, predicted.shape[1:], situation.kinds[place.output])
    if made is None:
        return True
    try:
        values = [situation.trial.measure_metric(_make(place), place.output, true, one) for one in made]
    except TrialError:
        return True
    return bool(np.isnan(values[0]).any()) or not np.allclose(values[0], values[1], rtol=1e-6, atol=1e-9)


def make_predictions(true: Array, shape: tuple[int, ...], kind: TargetKind) -> tuple[Array, Array] | None:
    """A right and a wrong prediction for the rows of a target; None where the output's shape allows neither."""
    if kind.nature == "labels" and shape and shape[-1] > 1 and kind.low >= 0:
        if true.size != len(true) * _count(shape[:-1]) or true.max() >= shape[-1]:
            return None
        labels = true.reshape(len(true), *shape[:-1]).astype(int)
        one_hot = np.eye(shape[-1], dtype="float32")
        # A wrong one holds every class for likelier than the right one, so that it is not among the first few either.
        return one_hot[labels], (1 - one_hot[labels]) / (shape[-1] - 1)
    if true.size != len(true) * _count(shape):
        return None
    right = true.reshape(len(true), *shape).astype("float32")
    if kind.nature in ("one_hot", "yes_or_no") or (kind.nature == "labels" and kind.width == 2):
        return right, 1 - right
    spread = float(right.std()) or 1.0
    random = np.random.default_rng(0)
    disturbed = right + DISTURBANCE * spread * random.choice([-1.0, 1.0], right.shape)
    return disturbed.astype("float32"), (disturbed[::-1] + 3 * spread).astype("float32")


def _count(shape: tuple[int, ...]) -> int:
    return int(np.prod(shape, dtype="int64"))


def _mixes_labels(metric: object, shape: tuple[int | None, ...], kind: TargetKind) -> bool:
    if not isinstance(metric, keras.metrics.Metric) or shape[-1] in (None, 1) or kind.nature == "labels":
        return False
    return metric.get_config().get("multi_label") is False


def _refuse(situation: FedSituation, place: MetricPlace, why: str) -> None:
    situation.findings.error(
        f"invalid_{place.steps[0]}",
        place.path,
        f"The metric {name_metric(place.reference)} does not fit the output"
        f" {situation.outputs[place.output].name!r}: {why}.",
        _advise(situation, place),
        propose=lambda: _propose(situation, place),
    )


def _warn(situation: FedSituation, place: MetricPlace, why: str) -> None:
    situation.findings.warn(
        "metric_does_not_fit",
        place.path,
        f"The metric says nothing here: {why}.",
        _advise(situation, place),
        propose=lambda: _propose(situation, place),
    )


def _usual(kind: TargetKind) -> str:
    return "mean_absolute_error" if kind.nature == "numbers" else "accuracy"


def _advise(situation: FedSituation, place: MetricPlace) -> str:
    kind = situation.kinds[place.output]
    return f"The target holds {kind.describe()}: usual is {_usual(kind)}."


def _propose(situation: FedSituation, place: MetricPlace) -> Iterator[Fix]:
    reference = place.reference
    if isinstance(reference, str):
        reference = KerasObject(class_name=reference)
    multi = KerasObject(class_name=reference.class_name, config={**reference.config, "multi_label": True})
    usual = _usual(situation.kinds[place.output])
    made = _make(place)
    if isinstance(made, keras.metrics.Metric) and made.get_config().get("multi_label") is False:
        change = Change(op="replace", path=place.pointer, value=write_reference(multi))
        yield Fix(label="Set multi_label to True", changes=[change])
    if usual not in place.fellows:
        yield Fix(label=f"Take {usual} instead", changes=[Change(op="replace", path=place.pointer, value=usual)])
    yield Fix(label="Take the metric out", changes=[Change(op="remove", path=place.pointer)])
