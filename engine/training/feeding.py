"""Which array of a data set goes into which input of the model, and which one an output is compared with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.data.datasets import Dataset
from engine.data.source import Array
from engine.training.config import DataSettings
from engine.training.keras_objects import ConfigIssues, suggest_name


@dataclass(frozen=True, slots=True)
class FedData:
    """The arrays of a data set in the order of the model's inputs and of its outputs, samples along axis 0.

    `sample_weights` has one number per sample, for all outputs; None where all count the same.
    """

    inputs: list[Array]
    targets: list[Array]
    target_names: list[str]
    sample_weights: Array | None = None

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


def feed_model(
    dataset: Dataset, settings: DataSettings, input_names: Sequence[str], output_names: Sequence[str]
) -> FedData:
    """Puts arrays and the model's ends together, by name where the settings name them and by order where not.

    Raises:
        ConfigError: a name is unknown, an input or output is left over, or the numbers differ; the issues say which.
    """
    known = {"input": list(dataset.inputs), "output": list(dataset.targets)}
    inputs, targets = choose_arrays(dataset.name, known, settings, input_names, output_names)
    everything = {**dataset.targets, **dataset.inputs}
    return FedData([everything[name] for name in inputs], [everything[name] for name in targets], targets)


def choose_arrays(
    dataset: str,
    known: Mapping[str, Sequence[str]],
    settings: DataSettings,
    input_names: Sequence[str],
    output_names: Sequence[str],
) -> tuple[list[str], list[str]]:
    """The names of the arrays for inputs and outputs. `known` has the data set's own for `input` and for `output`.

    Raises `ConfigError` as `feed_model` does.
    """
    problems = ConfigIssues()
    inputs = _choose(dataset, "input", input_names, known, settings.inputs, problems)
    targets = _choose(dataset, "output", output_names, known, settings.targets, problems)
    problems.raise_if_any()
    return inputs, targets


def _choose(
    dataset: str,
    end: str,
    names: Sequence[str],
    known: Mapping[str, Sequence[str]],
    chosen: Mapping[str, str] | None,
    problems: ConfigIssues,
) -> list[str]:
    """The array's name for each of the model's inputs or outputs, in their order."""
    setting = "data.inputs" if end == "input" else "data.targets"
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
            problems.add(
                "unknown_array",
                f"{setting}.{name}",
                f"The data set {dataset!r} has no array {array!r}; expected one of {', '.join(known)}.",
                suggest_name(array, list(known)),
            )
    for name in names:
        if name not in chosen:
            problems.add(
                f"missing_{end}",
                f"{setting}.{name}",
                f"The {end} {name!r} gets no array; expected one of {', '.join(known)}.",
                f"Add it to {setting}.",
            )
