"""Evaluates a run of several folds on all its samples, each predicted by a model that did not train on it."""

import gc
from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np

from engine.data.mapped import take_rows
from engine.data.steps.loading import load_stepped_test
from engine.errors import EngineError
from engine.evaluation.arrays import Array
from engine.evaluation.evaluate import measure_metrics, predict_arrays, remark_weights, require_compile
from engine.evaluation.parts import Parts
from engine.evaluation.reading import read_outputs
from engine.evaluation.reporting import report_output
from engine.evaluation.requests import FoldModel
from engine.evaluation.results import OUT_OF_FOLD, EvaluateRequest, Evaluation, SplitSize
from engine.evaluation.subject import Subject, check_shapes, find_words, load_model, use_precision
from engine.graph.document import Graph
from engine.training.compile_settings import compile_model, make_losses
from engine.training.config import RunConfig
from engine.training.feeding import FedData
from engine.training.run_data import load_run_data, load_training_dataset
from engine.training.split_rows import find_slice


def evaluate_out_of_fold(models: Sequence[FoldModel], config: RunConfig, request: EvaluateRequest) -> Evaluation:
    """Keras's metrics over the validation samples of all folds, and a report about each output.

    `models` has the model of every fold, in their order. Metrics are counted on from fold to fold, so that they are
    those of all samples and not a mean of the folds' own. Of repeated folds every prediction counts.

    Raises what `engine.evaluation.evaluate.evaluate` does; `EngineError` `conflict` where the data is not divided into
    as many folds as there are models.
    """
    batch_size = request.batch_size or config.fit.validation_batch_size or config.fit.batch_size
    with use_precision(config.precision):
        subject, data = _open(models[0].graph, models[0].weights, config)
        _refuse_other_folds(data, len(models))
        pooled = _PooledFolds(config, data, batch_size, predicts=request.report)
        pooled.add(subject.model, fold=1)
        for one in models[1:]:
            # The model of a fold goes before the next one comes.
            gc.collect()
            pooled.add(load_model(one.graph, one.weights), one.fold)
        rows = np.concatenate([split.validation for split in data.splits])
        order = np.argsort(rows, kind="stable")
        numbers = rows[order]
        reports = []
        if request.report:
            ends = subject.show_inputs(data.inputs)
            answered = [np.concatenate(parts)[order] for parts in pooled.predicted]
            reports = [
                report_output(reading, data, ends, take_rows(target, numbers), one, request.worst, numbers)
                for reading, target, one in zip(subject.readings, data.targets, answered, strict=True)
            ]
    remarks = [*_remark_samples(numbers, data.samples), *remark_weights(data), *subject.remarks]
    return Evaluation(
        split=OUT_OF_FOLD,
        samples=len(numbers),
        batch_size=batch_size,
        metrics={name: float(value) for name, value in pooled.metrics.items()},
        splits=_list_sizes(config, data, len(numbers)),
        reports=reports,
        remarks=remarks if reports else [],
    )


def _open(graph: Graph, weights: Path, config: RunConfig) -> tuple[Subject, FedData]:
    """The first fold's model with how its outputs are read, and the data of all folds."""
    model = load_model(graph, weights)
    dataset = load_training_dataset(config.data)
    data = load_run_data(config.data, model)
    check_shapes(model, data, dataset.name)
    readings = read_outputs(model, make_losses(require_compile(config).loss), data, dataset)
    return Subject(model, config, Parts({}), readings, find_words(dataset, model, config.data)), data


def _refuse_other_folds(data: FedData, models: int) -> None:
    if len(data.splits) != models:
        raise EngineError(
            "conflict",
            f"The run has trained {models} folds, and its data is divided into {len(data.splits)} now; expected as"
            " many.",
            "Train again: the data set, or its stored split, is not what it was.",
        )


def _list_sizes(config: RunConfig, data: FedData, pooled: int) -> list[SplitSize]:
    """As many samples as a fold has, of which the first stands for all, and what there is besides."""
    test = load_stepped_test(config.data.dataset, config.data.arguments, config.data.steps)
    return [
        SplitSize(split="training", samples=len(data.splits[0].training)),
        SplitSize(split="validation", samples=len(data.splits[0].validation)),
        *([] if test is None else [SplitSize(split="test", samples=test.samples)]),
        SplitSize(split=OUT_OF_FOLD, samples=pooled),
    ]


def _remark_samples(numbers: Array, samples: int) -> list[str]:
    """What a reader has to know where not every sample is predicted exactly once."""
    there, counts = np.unique(numbers, return_counts=True)
    remarks = []
    if counts.max() > 1:
        remarks.append(f"The folds are repeated: each sample is predicted {counts.max()} times, and all of it counts.")
    if left := samples - len(there):
        remarks.append(f"{left:,} of {samples:,} samples validate no fold, so they are left out.")
    return remarks


class _PooledFolds:
    """Metrics over all folds so far, and what each output answered: one array for each fold, in their order."""

    def __init__(self, config: RunConfig, data: FedData, batch_size: int, *, predicts: bool):
        self.metrics: dict[str, float] = {}
        self.predicted: list[list[Array]] = [[] for _ in data.targets]
        self._compile = require_compile(config)
        self._data = data
        self._batch_size = batch_size
        self._predicts = predicts
        self._counted: list[Array] = []

    def add(self, model: "keras.Model", fold: int) -> None:
        """Evaluates a fold's model on the samples that validated it."""
        compile_model(model, self._compile)
        rows = self._data.splits[fold - 1].validation
        part = self._data.take(find_slice(rows))
        if self._counted:
            # One sample makes the metrics' variables, which are put where the fold before has left them.
            measure_metrics(model, part.take(slice(0, 1)), 1)
        self.metrics = measure_metrics(model, part, self._batch_size, [_GoOnCounting(self._counted)])
        self._counted = [np.asarray(keras.ops.convert_to_numpy(one)) for one in model.metrics_variables]
        if self._predicts:
            answers = predict_arrays(model, part.x, self._batch_size)
            for known, answer in zip(self.predicted, answers, strict=True):
                known.append(answer)


class _GoOnCounting(keras.callbacks.Callback):
    """Puts the metrics where another `evaluate` has left them: Keras sets them to zero at its beginning."""

    def __init__(self, counted: Sequence[Array]):
        super().__init__()
        self._counted = counted

    def on_test_batch_begin(self, batch: int, logs: object = None) -> None:
        """Before anything is counted."""
        del logs
        if batch == 0 and self._counted:
            for variable, value in zip(self.model.metrics_variables, self._counted, strict=True):
                variable.assign(value)
