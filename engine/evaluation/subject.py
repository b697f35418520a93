"""What is evaluated: a trained model with its weights from a file, and its data, divided as its run did."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import keras

from engine.data.datasets import Dataset, find_source
from engine.data.steps.loading import load_stepped_test
from engine.data.steps.names import follow_words
from engine.data.words import Words
from engine.errors import EngineError
from engine.evaluation.answers import ShownInput
from engine.evaluation.arrays import Array
from engine.evaluation.parts import Part, Parts
from engine.evaluation.reading import OutputReading, guess_outputs, read_outputs
from engine.evaluation.results import OUT_OF_FOLD, EvaluatedSplit, Split, SplitSize
from engine.evaluation.settings import AnyConfig, SubjectSettings
from engine.evaluation.showing import measure_limits
from engine.graph.document import Graph
from engine.models.builder import build_model
from engine.models.model_ends import list_output_names
from engine.models.weight_sources import receive_weights
from engine.models.weights import apply_weights, refuse_misfit
from engine.training.checkpoint_names import find_fold
from engine.training.compile_settings import Losses, make_losses
from engine.training.config import DataSettings, FitSettings
from engine.training.feeding import FedData, feed_model
from engine.training.keras_objects import ConfigIssues
from engine.training.run_data import load_run_data, load_training_dataset
from engine.training.split_rows import find_slice
from engine.training.splitting import divide_rows
from engine.training.trial import TrialError, try_input

MODEL_NAME = "model"


@dataclass(frozen=True, slots=True)
class Subject:
    """A model, and its data by split, which is empty where no data set is named.

    `readings` say how each output is to be understood, `words` what the numbers of each input stand for where it takes
    a text. `missing` is why there is no data. `out_of_fold` is how many predictions the folds of a run make of samples
    that did not train them, 0 where there are no folds.
    """

    model: "keras.Model"
    config: AnyConfig
    data: Parts
    readings: list[OutputReading]
    words: list[Words | None]
    missing: EngineError | None = None
    out_of_fold: int = 0

    @property
    def remarks(self) -> list[str]:
        """What a reader would wonder about."""
        remarks = [] if self.missing is None or self.config.data is None else [f"Asked without data: {self.missing}"]
        reasons = dict.fromkeys(words.reason for words in self.words if words is not None)
        return [*remarks, *(f"Texts are shown as word numbers: {one}" for one in reasons if one is not None)]

    @property
    def sizes(self) -> list[SplitSize]:
        sizes = [SplitSize(split=split, samples=samples) for split, samples in self.data.sizes.items()]
        return [*sizes, SplitSize(split=OUT_OF_FOLD, samples=self.out_of_fold)] if self.out_of_fold else sizes

    @property
    def default_split(self) -> Split:
        """What says most about a model is data that it was not trained on."""
        return next(split for split in ("validation", "test", "training") if split in self.data)

    def choose(self, split: EvaluatedSplit | None) -> tuple[Split, FedData]:
        """The split with its data. Raises `EngineError` `no_such_split`, and what is `missing`."""
        if self.missing is not None:
            raise self.missing
        chosen = split or self.default_split
        if chosen == OUT_OF_FOLD or chosen not in self.data:
            data = self.config.data
            hint = {
                OUT_OF_FOLD: "It takes a run of several folds: the model of each predicts what it was not trained on.",
                "validation": "With a validation_split of 0 all samples train the model.",
                "test": f"The data set {data.dataset!r} has no samples apart from those." if data else None,
            }
            raise EngineError(
                "no_such_split",
                f"There is no {chosen} data; expected one of {', '.join(self.data)}.",
                hint.get(chosen),
            )
        return chosen, self.data[chosen]

    def show_inputs(self, shown: Sequence[Array]) -> list[ShownInput]:
        """How inputs are shown that have the range of these arrays."""
        limits = measure_limits(shown)
        names = [tensor.name for tensor in self.model.inputs]
        return [ShownInput(*end) for end in zip(names, limits, self.words, strict=True)]


@contextmanager
def open_subject(graph: Graph, config: AnyConfig, weights: Path) -> Iterator[Subject]:
    """The graph's model with the weights of the file (a checkpoint, or npz), and the data that the config names.

    Keras computes with the config's precision meanwhile. Raises `GraphError`; `IssuesError` `weights_do_not_fit` where
    a layer gets no weights; `ConfigError` where the data does not fit; `EngineError` where a file or the data set
    cannot be read.
    """
    with use_precision(config.precision):
        model = load_model(graph, weights)
        losses = None if config.compile is None else make_losses(config.compile.loss)
        try:
            subject = _feed(model, config, losses, find_fold(weights))
        except EngineError as error:
            if not isinstance(config, SubjectSettings) or not (config.data is None or config.data_may_miss):
                raise
            readings = guess_outputs(model, losses)
            subject = Subject(model, config, Parts({}), readings, [None for _ in model.inputs], error)
        yield subject


def _feed(model: "keras.Model", config: AnyConfig, losses: Losses, fold: int | None) -> Subject:
    if config.data is None:
        raise EngineError(
            "no_data", "No data set is named, so there are no samples.", 'Name one: {"data": {"dataset": "iris"}}.'
        )
    dataset = load_training_dataset(config.data)
    every = load_run_data(config.data, model)
    data = every.of_fold(fold)
    check_shapes(model, data, dataset.name)
    readings = read_outputs(model, losses, data, dataset)
    parts = _divide(data, model, config.data, config.fit)
    words = find_words(dataset, model, config.data)
    out_of_fold = sum(len(one.validation) for one in every.splits) if len(every.splits) > 1 else 0
    return Subject(model, config, parts, readings, words, out_of_fold=out_of_fold)


def check_shapes(model: "keras.Model", data: FedData, dataset: str) -> None:
    """Raises `ConfigError` where Keras would refuse the samples. A run's were checked before it began."""
    problems = ConfigIssues()
    for tensor, array in zip(model.inputs, data.inputs, strict=True):
        try:
            try_input(tensor.shape, tensor.dtype, array)
        except TrialError:
            problems.add(
                "input_does_not_fit",
                f"data.inputs.{tensor.name}",
                f"The input {tensor.name!r} takes samples of shape {list(tensor.shape[1:])}; those of the data set"
                f" {dataset!r} have {list(array.shape[1:])}.",
                "Name a data set that fits the model.",
            )
    problems.raise_if_any()


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


def find_words(dataset: Dataset, model: "keras.Model", settings: DataSettings) -> list[Words | None]:
    """What the numbers of each input stand for, None where it takes no word numbers."""
    words = find_source(dataset.name).read_words(settings.arguments)
    if words is None:
        return [None for _ in model.inputs]
    names = [tensor.name for tensor in model.inputs]
    arrays = [settings.inputs[name] for name in names] if settings.inputs is not None else list(dataset.inputs)
    held = follow_words(words.arrays, settings.steps)
    return [words if array in held else None for array in arrays]


def _divide(data: FedData, model: "keras.Model", settings: DataSettings, fit: FitSettings) -> Parts:
    training, validation = divide_rows(data, fit)
    parts: dict[Split, Part | FedData] = {"training": Part(data, training)}
    if data.validation is not None:
        parts["validation"] = data.validation
    elif (held := Part(data, validation)).samples:
        parts["validation"] = held
    if data.split is not None and len(data.split.test):
        parts["test"] = Part(data, find_slice(data.split.test))
    elif (test := load_stepped_test(settings.dataset, settings.arguments, settings.steps)) is not None:
        names = [tensor.name for tensor in model.inputs]
        # Nothing says how much its samples count.
        unweighted = settings.model_copy(update={"sample_weights": None})
        parts["test"] = feed_model(test, unweighted, names, list_output_names(model))
    return Parts(parts)
