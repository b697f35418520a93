"""Evaluates a trained model on a part of its run's data, with Keras and scikit-learn."""

from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np

from engine.evaluation.arrays import Array
from engine.evaluation.reporting import report_output
from engine.evaluation.results import EvaluateRequest, Evaluation
from engine.evaluation.subject import open_subject
from engine.graph.document import Graph
from engine.training.compile_settings import compile_model
from engine.training.config import RunConfig


def evaluate(graph: Graph, config: RunConfig, weights: Path, request: EvaluateRequest) -> Evaluation:
    """Keras's own metrics on a split, and a report about each output.

    Without a split the validation data is taken, or the test data, or what trained the model. Raises what
    `engine.evaluation.subject.open_subject` does, and `EngineError` `no_such_split`.
    """
    with open_subject(graph, config, weights) as subject:
        split, data = subject.choose(request.split)
        batch_size = request.batch_size or config.fit.validation_batch_size or config.fit.batch_size
        compile_model(subject.model, config.compile)
        metrics = subject.model.evaluate(data.x, data.y, batch_size=batch_size, verbose=0, return_dict=True)
        reports = []
        if request.report:
            predicted = predict_arrays(subject.model, data.x, batch_size)
            reports = [
                report_output(reading, data, subject.input_names, target, one, request.worst)
                for reading, target, one in zip(subject.readings, data.targets, predicted, strict=True)
            ]
        return Evaluation(
            split=split,
            samples=data.samples,
            batch_size=batch_size,
            metrics={name: float(value) for name, value in metrics.items()},
            splits=subject.sizes,
            reports=reports,
        )


def predict_arrays(model: "keras.Model", x: Array | Sequence[Array], batch_size: int) -> list[Array]:
    """What `model.predict` answers, one array for each output."""
    answered = keras.tree.flatten(model.predict(x, batch_size=batch_size, verbose=0))
    return [np.asarray(keras.ops.convert_to_numpy(one)) for one in answered]
