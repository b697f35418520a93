"""Evaluates a trained model on a part of its data, with Keras and scikit-learn."""

from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np

from engine.errors import EngineError
from engine.evaluation.arrays import Array
from engine.evaluation.reporting import report_output
from engine.evaluation.results import EvaluateRequest, Evaluation
from engine.evaluation.settings import AnyConfig
from engine.evaluation.subject import open_subject
from engine.graph.document import Graph
from engine.models.explain import read_message
from engine.training.compile_settings import compile_model
from engine.training.config import CompileSettings
from engine.training.feeding import FedData
from engine.training.texts import to_keras


def evaluate(graph: Graph, config: AnyConfig, weights: Path, request: EvaluateRequest) -> Evaluation:
    """Keras's own metrics on a split, and a report about each output.

    Without a split the validation data is taken, or the test data, or what trained the model. Raises what
    `engine.evaluation.subject.open_subject` does, and `EngineError` `no_such_split`, `no_data` and `no_loss`.
    """
    settings = require_compile(config)
    with open_subject(graph, config, weights) as subject:
        split, data = subject.choose(request.split)
        batch_size = request.batch_size or config.fit.validation_batch_size or config.fit.batch_size
        compile_model(subject.model, settings)
        metrics = measure_metrics(subject.model, data, batch_size)
        reports = []
        if request.report:
            ends = subject.show_inputs(data.inputs)
            predicted = predict_arrays(subject.model, data.x, batch_size)
            reports = [
                report_output(reading, data, ends, target, one, request.worst)
                for reading, target, one in zip(subject.readings, data.targets, predicted, strict=True)
            ]
        return Evaluation(
            split=split,
            samples=data.samples,
            batch_size=batch_size,
            metrics={name: float(value) for name, value in metrics.items()},
            splits=subject.sizes,
            reports=reports,
            remarks=[*remark_weights(data), *subject.remarks] if reports else [],
        )


def require_compile(config: AnyConfig) -> CompileSettings:
    """What the model is compiled with. Raises `EngineError` `no_loss` where nothing says it."""
    if config.compile is None:
        raise EngineError(
            "no_loss", "No loss is named, so nothing can be measured.", 'Name one: {"compile": {"loss": "mse"}}.'
        )
    return config.compile


def remark_weights(data: FedData) -> list[str]:
    """What a reader has to know where samples do not count the same."""
    if data.sample_weights is None:
        return []
    return [
        "The loss and the weighted metrics count samples by their weights; everything else counts them all the same."
    ]


def measure_metrics(
    model: "keras.Model",
    data: FedData,
    batch_size: int,
    callbacks: "Sequence[keras.callbacks.Callback]" = (),
) -> dict[str, float]:
    """What Keras's `evaluate` answers. Raises `EngineError` `cannot_compute`."""
    try:
        metrics: dict[str, float] = model.evaluate(
            to_keras(data.x),
            to_keras(data.y),
            sample_weight=data.sample_weights,
            batch_size=batch_size,
            verbose=0,
            callbacks=list(callbacks),
            return_dict=True,
        )
    except MemoryError:
        raise
    except Exception as error:  # whatever it is, it comes from this loss and these targets
        raise EngineError(
            "cannot_compute",
            f"Keras cannot evaluate the model on this data: {read_message(error)[:1000]}",
            "Look at the loss and the metrics: whether they suit the targets.",
        ) from error
    return metrics


def predict_arrays(model: "keras.Model", x: Array | Sequence[Array], batch_size: int) -> list[Array]:
    """What `model.predict` answers, one array for each output."""
    answered = keras.tree.flatten(model.predict(to_keras(x), batch_size=batch_size, verbose=0))
    return [np.asarray(keras.ops.convert_to_numpy(one)) for one in answered]
