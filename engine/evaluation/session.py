"""A model that somebody else drives, batch by batch."""

import hashlib
import math
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import keras
import numpy as np
from pydantic import JsonValue

from engine.backend.values import refuse_too_many, write_values
from engine.errors import EngineError
from engine.evaluation.arrays import Array
from engine.evaluation.incoming.json_rows import read_inputs
from engine.evaluation.incoming.received import RowIssues
from engine.evaluation.session_schema import (
    Batch,
    BatchLogs,
    BatchPredictions,
    EndFacts,
    Inputs,
    OutputValues,
    SessionFacts,
    SessionStart,
    TrainingBatch,
)
from engine.evaluation.subject import MODEL_NAME, load_model, use_precision
from engine.models.builder import build_model
from engine.models.explain import read_message
from engine.models.model_ends import list_output_names
from engine.models.weight_results import StoredWeights, compare_shapes
from engine.models.weights import get_weights, write_weights
from engine.training.compile_settings import compile_model
from engine.training.texts import to_keras

Answer = TypeVar("Answer")


class BatchSession:
    """A compiled model. Its weights and the state of its optimizer and metrics stay from call to call.

    Raises `GraphError`, `ConfigError`, `IssuesError` and `EngineError` where the graph does not build, the compile
    settings do not suit it, or the weights do not fit.
    """

    def __init__(self, start: SessionStart):
        with use_precision(start.precision):
            keras.utils.set_random_seed(start.seed)
            if start.weights is None:
                self.model = build_model(start.graph, MODEL_NAME)
            else:
                self.model = load_model(start.graph, start.weights)
            compile_model(self.model, start.compile)
        self.model.optimizer.build(self.model.trainable_variables)
        if start.optimizer_state and start.weights is not None:
            # Of the same graph, so that everything has its place: the weights once more, and the optimizer's variables.
            self.model.load_weights(start.weights)
        self._outputs = list_output_names(self.model)

    @property
    def steps(self) -> int:
        """How many updates the optimizer has made."""
        return int(self.model.optimizer.iterations)

    def describe(self) -> SessionFacts:
        """The model's ends and sizes."""
        return SessionFacts(
            inputs=[_describe_end(tensor.name, tensor) for tensor in self.model.inputs],
            outputs=[_describe_end(n, t) for n, t in zip(self._outputs, self.model.outputs, strict=True)],
            parameters=self.model.count_params(),
            trainable_parameters=sum(math.prod(weight.shape) for weight in self.model.trainable_weights),
            steps=self.steps,
        )

    def train_on_batch(self, batch: TrainingBatch) -> BatchLogs:
        """One update. Raises `IssuesError` where the batch does not fit, `EngineError` `cannot_compute`."""
        x, y, weight = self._read_batch(batch)
        return self._log(
            lambda: self.model.train_on_batch(
                to_keras(x), y, sample_weight=weight, class_weight=batch.class_weight, return_dict=True
            )
        )

    def test_on_batch(self, batch: Batch) -> BatchLogs:
        """The loss and the metrics, without an update. Raises as `train_on_batch`."""
        x, y, weight = self._read_batch(batch)
        return self._log(lambda: self.model.test_on_batch(to_keras(x), y, sample_weight=weight, return_dict=True))

    def predict_on_batch(self, batch: Inputs) -> BatchPredictions:
        """What every output answers. Raises as `train_on_batch`."""
        x = self._read_inputs(batch.inputs)
        answered = keras.tree.flatten(_compute(lambda: self.model.predict_on_batch(to_keras(x))))
        refuse_too_many(sum(math.prod(one.shape) for one in answered))
        return BatchPredictions(
            outputs=[
                OutputValues(output=name, **write_values(one).model_dump())
                for name, one in zip(self._outputs, answered, strict=True)
            ]
        )

    def save(self, destination: Path) -> StoredWeights:
        """Writes the weights as npz."""
        weights = get_weights(self.model)
        write_weights(destination, weights)
        with destination.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        shapes = {name: [list(array.shape) for array in group] for name, group in weights.items()}
        fit = compare_shapes(shapes, shapes)
        return StoredWeights(sha256=digest, size=destination.stat().st_size, layers=shapes, fit=fit)

    def _log(self, run: Callable[[], dict[str, float]]) -> BatchLogs:
        logs = _compute(run)
        return BatchLogs(logs={name: float(value) for name, value in logs.items()}, steps=self.steps)

    def _read_batch(self, batch: Batch) -> tuple[Array | list[Array], Array | list[Array], Array | None]:
        x = self._read_inputs(batch.inputs)
        samples = len(x[0]) if isinstance(x, list) else len(x)
        y = self._read_targets(batch.targets, samples)
        weight = None if batch.sample_weight is None else np.asarray(batch.sample_weight, "float32")
        if weight is not None and len(weight) != samples:
            problems = RowIssues()
            message = f"There are {len(weight)} sample weights for {samples} samples; expected one for each."
            problems.add("different_numbers_of_samples", "sample_weight", message)
            problems.raise_if_any()
        if batch.reset_metrics:
            self.model.reset_metrics()
        return x, y, weight

    def _read_inputs(self, values: JsonValue) -> Array | list[Array]:
        names = [tensor.name for tensor in self.model.inputs]
        by_name = values if isinstance(values, dict) else {names[0]: values} if len(names) == 1 else {}
        arrays = read_inputs(by_name, self.model.inputs).arrays
        return arrays[0] if len(arrays) == 1 else arrays

    def _read_targets(self, values: JsonValue, samples: int) -> Array | list[Array]:
        by_name = values if isinstance(values, dict) else {self._outputs[0]: values} if len(self._outputs) == 1 else {}
        problems = RowIssues()
        for name in by_name.keys() - set(self._outputs):
            expected = ", ".join(map(repr, self._outputs))
            problems.add("unknown_output", f"targets.{name}", f"The model has no output {name!r}; expected {expected}.")
        arrays = []
        for name in self._outputs:
            if name not in by_name:
                problems.add("missing_target", f"targets.{name}", f"The targets of the output {name!r} are missing.")
                continue
            try:
                arrays.append(_read_target(by_name[name], samples))
            except ValueError as error:
                problems.add("invalid_target", f"targets.{name}", f"The targets of the output {name!r}: {error}")
        problems.raise_if_any()
        return arrays[0] if len(arrays) == 1 else arrays


def _describe_end(name: str, tensor: "keras.KerasTensor") -> EndFacts:
    return EndFacts(name=name, shape=list(tensor.shape), dtype=tensor.dtype)


def _read_target(values: JsonValue, samples: int) -> Array:
    """Raises `ValueError` with what was expected and what came."""
    try:
        array = np.array(values)
    except (ValueError, OverflowError) as error:
        raise ValueError("the lists are not equally long everywhere") from error
    if array.dtype.kind not in "biuf" or not array.ndim:
        raise ValueError("expected nested lists of numbers, the samples first")
    if len(array) != samples:
        raise ValueError(f"expected {samples} samples, as many as the inputs have; received {len(array)}")
    return array.astype("float32") if array.dtype.kind == "f" else array


def _compute(run: Callable[[], Answer]) -> Answer:
    try:
        return run()
    except MemoryError:
        raise
    except Exception as error:  # whatever it is, it comes from this batch in this model
        raise EngineError(
            "cannot_compute",
            f"Keras refuses the batch: {read_message(error)[:1000]}",
            "Look at the shapes of the targets, and at the range of the values.",
        ) from error
