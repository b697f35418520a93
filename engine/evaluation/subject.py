"""What is evaluated: a trained model with its weights from a file, and the data that its run divided."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import keras

from engine.data.datasets import Dataset, load_dataset
from engine.data.test_parts import load_test_part
from engine.errors import EngineError
from engine.evaluation.arrays import Array
from engine.evaluation.reading import OutputReading, read_outputs
from engine.evaluation.results import Split, SplitSize
from engine.graph.document import Graph
from engine.models.builder import build_model
from engine.models.model_ends import list_output_names
from engine.models.weight_sources import receive_weights
from engine.models.weights import apply_weights, refuse_misfit
from engine.training.compile_settings import make_losses
from engine.training.config import RunConfig
from engine.training.feeding import FedData, feed_model
from engine.training.splitting import split_samples

MODEL_NAME = "model"


@dataclass(frozen=True, slots=True)
class Subject:
    """A model, and its run's data by split. `readings` say how each output is to be understood."""

    model: "keras.Model"
    config: RunConfig
    data: dict[Split, FedData]
    readings: list[OutputReading]

    @property
    def input_names(self) -> list[str]:
        return [tensor.name for tensor in self.model.inputs]

    @property
    def sizes(self) -> list[SplitSize]:
        return [SplitSize(split=split, samples=data.samples) for split, data in self.data.items()]

    @property
    def default_split(self) -> Split:
        """What says most about a model is data that it was not trained on."""
        return next(split for split in ("validation", "test", "training") if split in self.data)

    def choose(self, split: Split | None) -> tuple[Split, FedData]:
        """The split with its data. Raises `EngineError` `no_such_split`."""
        chosen = split or self.default_split
        if chosen not in self.data:
            hint = {
                "validation": "The run had a validation_split of 0, so all samples trained the model.",
                "test": f"The data set {self.config.data.dataset!r} has no samples apart from those.",
            }
            raise EngineError(
                "no_such_split",
                f"There is no {chosen} data; expected one of {', '.join(self.data)}.",
                hint.get(chosen),
            )
        return chosen, self.data[chosen]


@contextmanager
def open_subject(graph: Graph, config: RunConfig, weights: Path) -> Iterator[Subject]:
    """The graph's model with the weights of the file (a checkpoint, or npz), and the data of the run's config.

    Keras computes with the run's precision meanwhile. Raises `GraphError`; `IssuesError` `weights_do_not_fit` where a
    layer gets no weights; `ConfigError` where the data does not fit; `EngineError` where a file or the data set cannot
    be read.
    """
    with use_precision(config.precision):
        model = load_model(graph, weights)
        dataset = load_dataset(config.data.dataset, config.data.arguments)
        data = feed_model(dataset, config.data, [tensor.name for tensor in model.inputs], list_output_names(model))
        readings = read_outputs(model, make_losses(config.compile.loss), data, dataset)
        yield Subject(model, config, _divide(dataset, data, model, config), readings)


def load_model(graph: Graph, weights: Path) -> "keras.Model":
    """The graph's model with the file's weights. Nothing else that the file brings is looked at. Raises the same."""
    model = build_model(graph, MODEL_NAME)
    received = receive_weights(model, weights)
    refuse_misfit(received.fit, graph)
    apply_weights(model, received.weights, strict=False)
    return model


@contextmanager
def use_precision(precision: str) -> Iterator[None]:
    """Sets Keras's dtype policy, and puts the earlier one back."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(precision)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def _divide(dataset: Dataset, data: FedData, model: "keras.Model", config: RunConfig) -> dict[Split, FedData]:
    training, validation = split_samples(data.samples, config.fit)
    parts: dict[Split, FedData] = {"training": _cut(data, slice(0, training))}
    if validation:
        parts["validation"] = _cut(data, slice(training, None))
    if (test := load_test_part(dataset, config.data.arguments)) is not None:
        names = [tensor.name for tensor in model.inputs]
        parts["test"] = feed_model(test, config.data, names, list_output_names(model))
    return parts


def _cut(data: FedData, rows: slice) -> FedData:
    return FedData([one[rows] for one in data.inputs], [one[rows] for one in data.targets], data.target_names)


def take_rows(data: FedData, rows: "list[int] | Array") -> FedData:
    """These samples, in that order."""
    return FedData([one[rows] for one in data.inputs], [one[rows] for one in data.targets], data.target_names)
