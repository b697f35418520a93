"""The data of a run: what trains its model, and what it is validated on."""

from dataclasses import replace

import keras

from engine.data.datasets import Dataset, find_source, load_dataset
from engine.data.remembering import ArrayMemory
from engine.data.source import Array
from engine.data.steps.apply import settle_steps
from engine.data.steps.loading import load_stepped, load_stepped_test
from engine.data.steps.settings import DataStep
from engine.data.test_parts import list_with_test_part
from engine.errors import ConfigError, EngineError
from engine.graph.issues import Issue
from engine.models.model_ends import list_output_names
from engine.training.config import DataSettings, ValidationData
from engine.training.feeding import FedData, feed_model
from engine.training.kept_splits import recall_splits
from engine.training.keras_objects import ConfigIssues
from engine.training.split_rows import SplitRows
from engine.training.split_settings import StoredSplit
from engine.training.splits import make_splits
from engine.training.stored_splits import read_stored_split, tell_stored_version

PLACE = "data.validation"

Shape = tuple[int | None, ...]

_steps: ArrayMemory[list[DataStep]] = ArrayMemory()


def load_run_data(settings: DataSettings, model: "keras.Model") -> FedData:
    """The arrays that train the model, those that it is validated on where there are such, and how all are divided.

    Raises:
        ConfigError: the settings do not fit data or model; what is wrong with the validation data is one of these.
        EngineError: the data set to train on is unknown or not here.
    """
    data = load_training_data(settings, model)
    validation = load_validation_data(settings, model, data)
    return replace(data, validation=validation, splits=load_splits(settings, data))


def load_training_data(settings: DataSettings, model: "keras.Model") -> FedData:
    """The arrays that train the model. Raises as `load_run_data` does."""
    dataset = load_training_dataset(settings)
    return feed_model(dataset, settings, [tensor.name for tensor in model.inputs], list_output_names(model))


def load_training_dataset(settings: DataSettings) -> Dataset:
    """The data set that trains the model, after its steps. Raises as `load_stepped` does."""
    return load_stepped(settings.dataset, settings.arguments, settings.steps)


def load_splits(settings: DataSettings, data: FedData) -> tuple[SplitRows, ...]:
    """Which samples train and which validate: one entry, or one per model of a K-fold run; none without a split.

    Raises:
        ConfigError: the samples cannot be divided so, or there is no such stored split for this data.
    """
    split = settings.split
    if split is None:
        return ()
    if isinstance(split, StoredSplit):
        # What a split was stored of is the data set itself, before any steps.
        dataset = load_dataset(settings.dataset, settings.arguments)
        return recall_splits(
            data,
            dataset,
            (*tell_stored_version(dataset.name, split.name), repr(settings.arguments)),
            lambda: read_stored_split(split.name, dataset, settings.arguments, data.samples),
        )
    stepped = load_training_dataset(settings)
    return recall_splits(data, stepped, split.model_dump_json(), lambda: make_splits(split, data, stepped))


def load_validation_data(settings: DataSettings, model: "keras.Model", training: FedData) -> FedData | None:
    """The arrays that the model is validated on, of the same form as those for training; None where none are set.

    Raises:
        ConfigError: the data set is not here, the settings do not fit it, or its arrays are of another form.
    """
    wanted = settings.validation
    if wanted is None:
        return None
    settled = settle_validation(settings, wanted)
    if settled.steps and wanted.steps is None:
        # What the steps find out of data, they find out of that for training.
        known = load_dataset(settings.dataset, settings.arguments)
        arrays = [*known.inputs.values(), *known.targets.values()]
        steps = _steps.recall(arrays, repr(settings.steps), lambda: settle_steps(known, settings.steps))
        settled = settled.model_copy(update={"steps": steps})
    try:
        dataset = load_part(settled, wanted.part)
        names = [tensor.name for tensor in model.inputs]
        data = feed_model(dataset, settled, names, list_output_names(model), PLACE)
    except ConfigError as error:
        raise ConfigError(error.code, error.message, error.hint, [_move(issue) for issue in error.issues]) from error
    except EngineError as error:
        issue = Issue(code=error.code, message=error.message, argument=f"{PLACE}.dataset", hint=error.hint)
        raise ConfigError(error.code, error.message, error.hint, [issue]) from error
    _compare_forms(settled, model, training, data)
    return data


def settle_validation(training: DataSettings, wanted: ValidationData) -> DataSettings:
    """Which arrays the model is validated on, with what is left open taken from the training on the same data set.

    Steps are taken from the training on any data set: the model takes what they make.
    """
    like = training if wanted.dataset == training.dataset else DataSettings(dataset=wanted.dataset)
    return DataSettings(
        dataset=wanted.dataset,
        arguments=like.arguments if wanted.arguments is None else wanted.arguments,
        steps=training.steps if wanted.steps is None else wanted.steps,
        inputs=like.inputs if wanted.inputs is None else wanted.inputs,
        targets=like.targets if wanted.targets is None else wanted.targets,
        sample_weights=wanted.sample_weights,
    )


def load_part(settings: DataSettings, part: str | None) -> Dataset:
    """A data set, or its test part, after the steps.

    Raises:
        ConfigError: it has no such part, or nothing is in it; the issue is at `data.validation.part`. Or the steps do
            not fit.
        EngineError: as `load_dataset` does.
    """
    if part is None:
        return load_stepped(settings.dataset, settings.arguments, settings.steps)
    fault = f"has no {part} part; expected one of {', '.join(list_with_test_part())}, or no part"
    if find_source(settings.dataset).load_test is not None:
        test = load_stepped_test(settings.dataset, settings.arguments, settings.steps)
        if test is not None:
            return test
        fault = f"has no samples in its {part} part with these arguments; expected at least one"
    hint = "Leave part out, or take another data set."
    issue = Issue(
        code="no_such_part", message=f"The data set {settings.dataset!r} {fault}.", argument=f"{PLACE}.part", hint=hint
    )
    raise ConfigError("invalid_config", issue.message, hint, [issue])


def _move(issue: Issue) -> Issue:
    """The issue at the place of the validation data: arguments and steps are checked without knowing it."""
    argument = issue.argument or ""
    if argument.startswith(("data.arguments", "data.steps")):
        return issue.model_copy(update={"argument": argument.replace("data", PLACE, 1)})
    return issue


def _compare_forms(settings: DataSettings, model: "keras.Model", training: FedData, validation: FedData) -> None:
    """Whether the arrays have the form of those for training; only where the model leaves a size open may it differ."""
    problems = ConfigIssues()
    outputs = list_output_names(model)
    ends = [
        *(("inputs", one.name, one.shape) for one in model.inputs),
        *(("targets", name, one.shape) for name, one in zip(outputs, model.outputs, strict=True)),
    ]
    pairs = zip([*training.inputs, *training.targets], [*validation.inputs, *validation.targets], strict=True)
    for (setting, name, shape), (known, given) in zip(ends, pairs, strict=True):
        if _holds_numbers(known) == _holds_numbers(given) and _has_form(given.shape, known.shape, shape):
            continue
        problems.add(
            "validation_does_not_fit",
            f"{PLACE}.{setting}.{name}",
            f"The validation data for {name!r} ({settings.dataset!r}) has samples of shape {list(given.shape[1:])}"
            f" ({given.dtype}); expected {list(known.shape[1:])} ({known.dtype}), as the training data has.",
            "Validate on data of the same form: the same arguments, and the same arrays.",
        )
    problems.raise_if_any()


def _holds_numbers(array: Array) -> bool:
    return array.dtype.kind in "biufc"


def _has_form(given: Shape, known: Shape, end: Shape) -> bool:
    """`end` is the shape of the model's input or output, the batch first."""
    return len(given) == len(known) and all(
        one == other or (axis < len(end) and end[axis] is None)
        for axis, (one, other) in enumerate(zip(given, known, strict=True))
    )
