"""One thing that a training can have, trained through plain `keras.Model.fit` and through our loop, and compared."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path

import keras
import numpy as np
from pydantic import JsonValue

from engine.data.source import Array
from engine.layers.own.registry import find_own_class
from engine.training.config import KerasObject, RunConfig
from engine.training.events import EpochEvent, Event, PlanEvent, StepsEvent
from engine.training.feeding import FedData
from engine.training.loop import fit_model
from engine.training.reporting import Reporter

SEED = 11
Plan = JsonValue
Arrays = Array | Sequence[Array]

GRAPH: Plan = {"mode": "graph"}
XLA: Plan = {"mode": "xla"}
STEP: Plan = {"mode": "step"}

MOMENTUM: JsonValue = {"class_name": "SGD", "config": {"learning_rate": 0.05, "momentum": 0.9}}
"""An optimizer with a state that takes little time to be traced."""

PLAN_NAMES = {"auto": "auto", "fit": "fit", str(GRAPH): "graph", str(XLA): "xla", str(STEP): "step"}


@dataclass(frozen=True, eq=False)
class Feature:
    """What is trained, and how. `compile` and `fit` are a run's own settings; `model` makes a new model each time."""

    name: str
    model: Callable[[], keras.Model]
    inputs: Arrays
    targets: Arrays
    compile: Mapping[str, object] = field(default_factory=dict)
    fit: Mapping[str, object] = field(default_factory=dict)
    sample_weights: Array | None = None
    validation: tuple[Arrays, Arrays, Array | None] | None = None
    """Inputs, targets and weights of the samples that the model is validated on."""
    precision: str = "float32"

    def make_config(self, plan: Plan) -> RunConfig:
        """The config of a run that trains this."""
        sections = {
            "compile": {"optimizer": MOMENTUM, "loss": "mse", **self.compile},
            "fit": {"epochs": 2, "batch_size": 4, **self.fit},
            "data": {"dataset": "given"},
            "seed": SEED,
            "precision": self.precision,
            "plan": plan,
        }
        return RunConfig.model_validate(sections)


@dataclass(frozen=True)
class Training:
    """What a training left: History, the logs of every step, and the value of each variable."""

    history: keras.callbacks.History
    steps: list[dict[str, float]]
    variables: dict[str, Array]
    iterations: int
    events: list[Event] = field(default_factory=list)


class StepRecorder(keras.callbacks.Callback):
    """Keeps the logs that `fit` shows after every step."""

    def __init__(self) -> None:
        super().__init__()
        self.steps: list[dict[str, float]] = []

    def on_train_batch_end(self, batch, logs=None):
        self.steps.append({name: value for name, value in logs.items() if isinstance(value, int | float)})


@contextmanager
def begin(feature: Feature, seed: int = SEED) -> Iterator[keras.Model]:
    """A new model, named and initialised as the last time, under the dtype policy of the feature."""
    # Names count from 1 again. Freeing memory as well would take as long as the training.
    keras.utils.clear_session(free_memory=False)
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(feature.precision)
    keras.utils.set_random_seed(seed)
    try:
        yield feature.model()
    finally:
        keras.config.set_dtype_policy(before)


@cache
def train_with_keras(feature: Feature) -> Training:
    """Trains with `keras.Model.fit`. The answer is kept, as several plans are compared with it."""
    return fit_with_keras(feature)


def fit_with_keras(feature: Feature, callbacks: Sequence[keras.callbacks.Callback] = (), verbose: int = 0) -> Training:
    """Trains with `keras.Model.fit` and callbacks."""
    config = feature.make_config("auto")
    settings = config.compile.model_dump()
    recorder = StepRecorder()
    with begin(feature) as model:
        model.compile(
            optimizer=make_keras_object("optimizers", settings["optimizer"]),
            loss=make_keras_object("losses", settings["loss"]),
            loss_weights=settings["loss_weights"],
            metrics=make_keras_object("metrics", settings["metrics"]),
            weighted_metrics=make_keras_object("metrics", settings["weighted_metrics"]),
        )
        history = model.fit(
            unpack(feature.inputs),
            unpack(feature.targets),
            sample_weight=feature.sample_weights,
            validation_data=list_validation(feature),
            callbacks=[*callbacks, recorder],
            verbose=verbose,
            **config.fit.model_dump(),
        )
        return Training(history, recorder.steps, read_variables(model), int(model.optimizer.iterations))


def train_with_us(
    feature: Feature,
    plan: Plan,
    folder: Path,
    *,
    seed: int = SEED,
    named: Sequence[Mapping[str, object]] = (),
    callbacks: Sequence[keras.callbacks.Callback] = (),
    verbose: int = 0,
) -> Training:
    """Trains with our loop. `named` are callbacks as a run's config names them, `callbacks` are objects."""
    changes = {"seed": seed, "callbacks": [KerasObject.model_validate(one) for one in named]}
    config = feature.make_config(plan).model_copy(update=changes)
    events: list[Event] = []
    targets = as_list(feature.targets)
    names = [f"target_{index}" for index in range(len(targets))]
    validation = feed_validation(feature, names)
    data = FedData(as_list(feature.inputs), targets, names, feature.sample_weights, validation)
    with begin(feature, seed) as model:
        report = Reporter(events.append)
        history = fit_model(model, data, config, folder, report, callbacks=callbacks, verbose=verbose)
        iterations = int(model.optimizer.iterations)
        return Training(history, read_steps(events), read_variables(model), iterations, events)


def make_keras_object(section: str, value: JsonValue) -> object:
    """What Keras itself makes of a config, in whatever structure it stands. Formulas are ours."""
    if isinstance(value, list):
        return [make_keras_object(section, one) for one in value]
    if not isinstance(value, dict):
        return value
    if value.keys() - {"class_name", "config"}:
        return {name: make_keras_object(section, one) for name, one in value.items()}
    name, config = str(value["class_name"]), value["config"]
    schedules = keras.optimizers.schedules
    found = find_own_class(section, name) or getattr(getattr(keras, section), name, None) or getattr(schedules, name)
    assert isinstance(config, dict)
    return found(**{key: make_keras_object(section, one) for key, one in config.items()})


def read_steps(events: Sequence[Event]) -> list[dict[str, float]]:
    """The logs of every step, each of which has to be reported once, in order and in the right epoch."""
    steps: list[dict[str, float]] = []
    epochs = [event.epoch for event in events if isinstance(event, StepsEvent)]
    assert epochs == sorted(epochs)
    for event in events:
        if isinstance(event, StepsEvent):
            assert event.first_step == len(steps)
            names, columns = event.values.keys(), zip(*event.values.values(), strict=True)
            steps += [dict(zip(names, column, strict=True)) for column in columns]
        elif isinstance(event, EpochEvent):
            assert event.step == len(steps)
    return steps


def read_variables(model: keras.Model) -> dict[str, Array]:
    """Weights, the state of the random numbers, and what the optimizer keeps.

    The optimizer's are named by their places only: their names depend on where they are made.
    """
    named = [(one.path, one) for one in model.variables] + [("optimizer", one) for one in model.optimizer.variables]
    return {f"{index} {name}": np.array(keras.ops.convert_to_numpy(one)) for index, (name, one) in enumerate(named)}


def compare(theirs: Training, ours: Training, tolerance: float) -> None:
    """Fails where the two trainings differ by more than the tolerance, absolute or relative."""
    assert_close = partial(np.testing.assert_allclose, rtol=tolerance, atol=tolerance)
    assert ours.history.epoch == theirs.history.epoch
    assert list(ours.history.history) == list(theirs.history.history)
    for name, values in theirs.history.history.items():
        assert_close(ours.history.history[name], values, err_msg=f"History of {name}")
    assert ours.iterations == theirs.iterations
    assert len(ours.steps) == len(theirs.steps)
    for index, (mine, other) in enumerate(zip(ours.steps, theirs.steps, strict=True)):
        assert mine.keys() == other.keys()
        for name, value in other.items():
            assert_close(mine[name], value, err_msg=f"{name} of step {index}")
    assert list(ours.variables) == list(theirs.variables)
    for name, array in theirs.variables.items():
        assert_close(ours.variables[name], array, err_msg=name)


def compare_with_keras(feature: Feature, plan: Plan, folder: Path) -> None:
    """Trains both ways and compares: to 1e-5, with XLA to 1e-4 as it computes in another order."""
    ours = train_with_us(feature, plan, folder)
    modes = {event.mode for event in ours.events if isinstance(event, PlanEvent)}
    if isinstance(plan, dict):
        assert modes == {plan["mode"]}, "the plan that was pinned is the one that is used"
    compare(train_with_keras(feature), ours, 1e-4 if "xla" in modes else 1e-5)


def name_plan(plan: Plan) -> str:
    """A test's id for a plan."""
    return PLAN_NAMES[str(plan)]


def name_feature(feature: Feature) -> str:
    """A test's id for a feature."""
    return feature.name


def as_list(arrays: Arrays) -> list[Array]:
    """Arrays, one per input or output."""
    return [arrays] if isinstance(arrays, np.ndarray) else list(arrays)


def list_validation(feature: Feature) -> tuple[Arrays | None, ...] | None:
    """What `fit` takes as `validation_data`: two or three parts."""
    if feature.validation is None:
        return None
    inputs, targets, weights = feature.validation
    return (unpack(inputs), unpack(targets), *([] if weights is None else [weights]))


def feed_validation(feature: Feature, names: list[str]) -> FedData | None:
    """The validation data as our loop takes it."""
    if feature.validation is None:
        return None
    inputs, targets, weights = feature.validation
    return FedData(as_list(inputs), as_list(targets), names, weights)


def unpack(arrays: Arrays) -> Arrays:
    """One array, or the list of them, as `fit` takes it."""
    return arrays if isinstance(arrays, np.ndarray) else list(arrays)
