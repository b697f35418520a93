"""Which array of a data set goes into which input of the model, and which one an output is compared with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.data.datasets import Dataset
from engine.data.remembering import once_per_array
from engine.data.source import Array
from engine.training.config import DataSettings
from engine.training.keras_objects import ConfigIssues, suggest_name
from engine.training.split_rows import SplitRows


@dataclass(frozen=True, slots=True)
class FedData:
    """The arrays of a data set in the order of the model's inputs and of its outputs, samples along axis 0.

    `sample_weights` has one number per sample, for all outputs; None where all count the same. `validation` is data of
    the same form that the model is validated on; None where it is validated on a part of these samples, or not at all.
    `splits` say which samples train and which validate: one, or one for each model of a K-fold run; empty where
    `fit.validation_split` says it.
    """

    inputs: list[Array]
    targets: list[Array]
    target_names: list[str]
    sample_weights: Array | None = None
    validation: "FedData | None" = None
    splits: tuple[SplitRows, ...] = ()

    @property
    def split(self) -> SplitRows | None:
        """What divides the samples for the model that is trained: of a K-fold run, for the first one."""
        return self.splits[0] if self.splits else None

    @property
    def samples(self) -> int:
        return len(self.inputs[0])

    @property
    def x(self) -> Array | list[Array]:
        """What `fit` takes as `x`."""
        return self.inputs[0] if len(self.inputs) == 1 else self.inputs

    @property
    def y(self) -> Array | list[Array]:
        """What `fit` takes as `y`."""
        return self.targets[0] if len(self.targets) == 1 else self.targets

    @property
    def arrays(self) -> list[Array]:
        """Everything that a training sees, also what it is validated on and how it is divided."""
        weights = [] if self.sample_weights is None else [self.sample_weights]
        divided = [] if self.split is None else self.split.arrays
        validation = [] if self.validation is None else self.validation.arrays
        return [*self.inputs, *self.targets, *weights, *validation, *divided]

    def of_fold(self, fold: int | None) -> "FedData":
        """The same samples, divided as for one model of a K-fold run, counted from 1; None leaves them as they are."""
        return self if fold is None or fold > len(self.splits) else replace(self, splits=(self.splits[fold - 1],))

    def take(self, rows: "slice | Sequence[int] | Array") -> "FedData":
        """These samples with their weights, in that order, without validation data."""
        inputs, targets = ([array[rows] for array in arrays] for arrays in (self.inputs, self.targets))
        weights = None if self.sample_weights is None else self.sample_weights[rows]
        return FedData(inputs, targets, self.target_names, weights)


def feed_model(
    dataset: Dataset,
    settings: DataSettings,
    input_names: Sequence[str],
    output_names: Sequence[str],
    place: str = "data",
) -> FedData:
    """Puts arrays and the model's ends together, by name where the settings name them and by order where not.

    `place` is where the settings stand in a run's config. What they say of validation data is left out.

    Raises:
        ConfigError: a name is unknown, an input or output is left over, the numbers differ, or the weights are none;
            the issues say which.
    """
    known = {"input": list(dataset.inputs), "output": list(dataset.targets)}
    inputs, targets = choose_arrays(dataset.name, known, settings, input_names, output_names, place)
    everything = {**dataset.targets, **dataset.inputs}
    _refuse_texts(dataset.name, {name: everything[one] for name, one in zip(output_names, targets, strict=True)}, place)
    weights = None if settings.sample_weights is None else everything[settings.sample_weights]
    if weights is not None:
        _check_weights(dataset.name, str(settings.sample_weights), weights, f"{place}.sample_weights")
    return FedData([everything[name] for name in inputs], [everything[name] for name in targets], targets, weights)


def choose_arrays(
    dataset: str,
    known: Mapping[str, Sequence[str]],
    settings: DataSettings,
    input_names: Sequence[str],
    output_names: Sequence[str],
    place: str = "data",
) -> tuple[list[str], list[str]]:
    """The names of the arrays for inputs and outputs. `known` has the data set's own for `input` and for `output`.

    Raises `ConfigError` as `feed_model` does, also where there is no array for the weights of samples.
    """
    problems = ConfigIssues()
    inputs = _choose(dataset, "input", input_names, known, settings.inputs, f"{place}.inputs", problems)
    targets = _choose(dataset, "output", output_names, known, settings.targets, f"{place}.targets", problems)
    arrays = [*known["input"], *known["output"]]
    if settings.sample_weights is not None and settings.sample_weights not in arrays:
        _refuse_array(dataset, settings.sample_weights, arrays, f"{place}.sample_weights", problems)
    problems.raise_if_any()
    return inputs, targets


def _choose(
    dataset: str,
    end: str,
    names: Sequence[str],
    known: Mapping[str, Sequence[str]],
    chosen: Mapping[str, str] | None,
    setting: str,
    problems: ConfigIssues,
) -> list[str]:
    """The array's name for each of the model's inputs or outputs, in their order."""
    arrays = known[end]
    if chosen is None:
        if len(arrays) != len(names):
            problems.add(
                f"wrong_number_of_{end}s",
                setting,
                f"The model has {len(names)} {end}(s) ({', '.join(names)}); the data set {dataset!r} has"
                f" {len(arrays)} for them ({', '.join(arrays)}).",
                f"Say in {setting} which array belongs to which {end}, or change the number of {end}s.",
            )
        return list(arrays)
    # An array may go anywhere: an autoencoder's target is its input.
    _check_choice(dataset, [*known["input"], *known["output"]], end, setting, names, chosen, problems)
    return [chosen[name] for name in names if name in chosen]


def _check_choice(
    dataset: str,
    known: Sequence[str],
    end: str,
    setting: str,
    names: Sequence[str],
    chosen: Mapping[str, str],
    problems: ConfigIssues,
) -> None:
    """Whether each input or output gets an array that there is, and nothing else gets one."""
    for name, array in chosen.items():
        if name not in names:
            problems.add(
                f"unknown_{end}",
                f"{setting}.{name}",
                f"The model has no {end} {name!r}; expected one of {', '.join(names)}.",
                suggest_name(name, list(names)),
            )
        if array not in known:
            _refuse_array(dataset, array, known, f"{setting}.{name}", problems)
    for name in names:
        if name not in chosen:
            problems.add(
                f"missing_{end}",
                f"{setting}.{name}",
                f"The {end} {name!r} gets no array; expected one of {', '.join(known)}.",
                f"Add it to {setting}.",
            )


def _refuse_array(dataset: str, array: str, known: Sequence[str], setting: str, problems: ConfigIssues) -> None:
    message = f"The data set {dataset!r} has no array {array!r}; expected one of {', '.join(known)}."
    problems.add("unknown_array", setting, message, suggest_name(array, list(known)))


def _refuse_texts(dataset: str, targets: Mapping[str, Array], place: str) -> None:
    """An output is compared with numbers. What goes into a model may be texts."""
    problems = ConfigIssues()
    for name, array in targets.items():
        if array.dtype.kind in "OUS":
            problems.add(
                "target_is_text",
                f"{place}.targets.{name}",
                f"The output {name!r} would be compared with texts of the data set {dataset!r}; expected numbers.",
                "Take another array, or make labels of the texts: a category whose values are numbered.",
            )
    problems.raise_if_any()


def _check_weights(dataset: str, name: str, weights: Array, setting: str) -> None:
    """Whether there is one number per sample, finite and not negative."""
    if (fault := _find_weights_fault(weights)) is not None:
        problems = ConfigIssues()
        expected = "expected one finite number per sample, none of them negative"
        message = f"The array {name!r} of the data set {dataset!r} {fault}; {expected}."
        problems.add("invalid_sample_weights", setting, message, "Take another array, or none.")
        problems.raise_if_any()


@once_per_array
def _find_weights_fault(weights: Array) -> str | None:
    fault = None
    if weights.ndim != 1:
        fault = f"has {list(weights.shape[1:])} numbers per sample"
    elif weights.dtype.kind not in "biuf":
        fault = f"holds {weights.dtype}"
    elif count := int(np.count_nonzero(~np.isfinite(weights))):
        fault = f"has {count:,} of {weights.size:,} values that are NaN or infinite"
    elif weights.size and (least := weights.min()) < 0:
        fault = f"has negative numbers, down to {least:g}"
    return fault
