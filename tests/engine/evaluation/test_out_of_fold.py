"""A run of several folds on all its samples: each is predicted by the model that did not train on it."""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import keras
import numpy as np
import pytest
from pydantic import JsonValue
from sklearn.metrics import confusion_matrix, mean_absolute_error
from sklearn.model_selection import KFold, RepeatedKFold, TimeSeriesSplit

from engine.data.datasets import load_dataset
from engine.errors import EngineError
from engine.evaluation.evaluate import evaluate
from engine.evaluation.out_of_fold import evaluate_out_of_fold
from engine.evaluation.requests import FoldModel
from engine.evaluation.results import EvaluateRequest, Evaluation
from engine.graph.document import Graph
from engine.training.checkpoint_graph import read_graph
from engine.training.config import RunConfig
from engine.training.events import CheckpointEvent, Event
from engine.training.loop import train
from engine.training.reporting import Reporter

CLASSES: dict[str, JsonValue] = {"loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]}
SEED = 4


def make_graph(features: int, units: int, activation: str, *first: str, **last: JsonValue) -> Graph:
    """`first` are layers behind the input, `last` further arguments of the last one."""
    chain: list[tuple[str, dict[str, JsonValue]]] = [
        ("InputLayer", {"shape": [features]}),
        *((class_name, {}) for class_name in first),
        ("Dense", {"units": 8, "activation": "relu"}),
        ("Dense", {"units": units, "activation": activation, **last}),
    ]
    names = [f"layer_{place}" for place in range(len(chain))]
    return Graph.model_validate(
        {
            "layers": [
                {"id": name, "class_name": class_name, "config": config}
                for name, (class_name, config) in zip(names, chain, strict=True)
            ],
            "nodes": [{"id": name, "layer": name} for name in names],
            "edges": [{"id": f"to_{after}", "source": before, "target": after} for before, after in pairwise(names)],
        }
    )


@dataclass(frozen=True)
class FoldedRun:
    """A K-fold run that is over."""

    graph: Graph
    config: RunConfig
    folder: Path
    checkpoints: dict[int, Path]

    @property
    def models(self) -> list[FoldModel]:
        return [
            FoldModel(fold=fold, graph=read_graph(path) or self.graph, weights=path)
            for fold, path in self.checkpoints.items()
        ]

    def evaluate(self, **request: JsonValue) -> Evaluation:
        return evaluate_out_of_fold(self.models, self.config, EvaluateRequest.model_validate(request))

    def predict(self, x: np.ndarray, parts: list[np.ndarray]) -> list[np.ndarray]:
        """What plain Keras says about the part of each fold."""
        loaded = [keras.saving.load_model(path) for path in self.checkpoints.values()]
        return [model.predict(x[rows], verbose=0) for model, rows in zip(loaded, parts, strict=True)]


def run_folds(folder: Path, graph: Graph, dataset: str, split: JsonValue, **compile_settings: JsonValue) -> FoldedRun:
    config = RunConfig.model_validate(
        {
            "compile": {"optimizer": {"class_name": "Adam", "config": {"learning_rate": 0.01}}, **compile_settings},
            "fit": {"epochs": 4, "batch_size": 20},
            "data": {"dataset": dataset, "split": split},
            "plan": {"mode": "graph"},
        }
    )
    events: list[Event] = []
    train(graph, config, folder, Reporter(events.append))
    ends = [one for one in events if isinstance(one, CheckpointEvent) and one.cause == "end" and one.fold is not None]
    return FoldedRun(graph, config, folder, {one.fold or 0: folder / one.path for one in ends})


@pytest.fixture(scope="module")
def iris(tmp_path_factory: pytest.TempPathFactory) -> FoldedRun:
    graph = make_graph(4, 3, "softmax", kernel_regularizer="l2")
    split: JsonValue = {"kind": "k_fold", "folds": 4, "seed": SEED}
    return run_folds(tmp_path_factory.mktemp("iris"), graph, "iris", split, **CLASSES)


def load_arrays(name: str) -> tuple[np.ndarray, np.ndarray]:
    dataset = load_dataset(name)
    (x,), (y,) = dataset.inputs.values(), dataset.targets.values()
    return x, y


def list_parts() -> list[np.ndarray]:
    return [rows for _, rows in KFold(4, shuffle=True, random_state=SEED).split(np.zeros(150))]


def test_every_sample_of_the_confusion_matrix_is_predicted_by_the_model_that_did_not_train_on_it(iris: FoldedRun):
    evaluation = iris.evaluate()
    parts = list_parts()
    x, y = load_arrays("iris")
    rows = np.concatenate(parts)
    predicted = np.concatenate(iris.predict(x, parts)).argmax(axis=-1)
    (report,) = evaluation.reports
    assert report.classes is not None
    assert report.classes.confusion == confusion_matrix(y[rows], predicted).tolist()
    assert (evaluation.split, evaluation.samples, report.samples) == ("out_of_fold", 150, 150)
    assert [(one.split, one.samples) for one in evaluation.splits] == [
        ("training", 112),
        ("validation", 38),
        ("out_of_fold", 150),
    ]
    assert evaluation.remarks == []


def test_keras_counts_its_metrics_on_from_fold_to_fold(iris: FoldedRun):
    evaluation = iris.evaluate(report=False)
    parts = list_parts()
    x, y = load_arrays("iris")
    expected: dict[str, float] = {"loss": 0.0, "accuracy": 0.0}
    for rows, path in zip(parts, iris.checkpoints.values(), strict=True):
        # With its penalty on weights, as `evaluate` has it.
        one = keras.saving.load_model(path).evaluate(x[rows], y[rows], verbose=0, return_dict=True)
        expected = {name: total + one[name] * len(rows) / 150 for name, total in expected.items()}
    assert evaluation.metrics == pytest.approx(expected, rel=1e-5)
    assert evaluation.reports == []


def test_the_worst_examples_are_named_by_their_places_in_the_data_set(iris: FoldedRun):
    (report,) = iris.evaluate(worst=5).reports
    x, y = load_arrays("iris")
    assert len(report.worst) == 5
    losses = [one.outputs[0].loss or 0.0 for one in report.worst]
    assert losses == sorted(losses, reverse=True)
    for sample in report.worst:
        (shown,) = sample.inputs.values()
        assert shown.values == pytest.approx(x[sample.index].tolist(), abs=1e-5)
        assert sample.outputs[0].target_label == y[sample.index]


def test_repeated_folds_count_every_prediction_and_name_a_sample_once(tmp_path: Path):
    split: JsonValue = {"kind": "k_fold", "folds": 2, "repeats": 2, "seed": SEED}
    run = run_folds(tmp_path, make_graph(4, 3, "softmax"), "iris", split, **CLASSES)
    evaluation = run.evaluate(worst=48)
    x, y = load_arrays("iris")
    parts = [rows for _, rows in RepeatedKFold(n_splits=2, n_repeats=2, random_state=SEED).split(x)]
    predicted = np.concatenate(run.predict(x, parts)).argmax(axis=-1)
    (report,) = evaluation.reports
    assert report.classes is not None
    assert report.classes.confusion == confusion_matrix(y[np.concatenate(parts)], predicted).tolist()
    assert evaluation.samples == 300
    assert evaluation.remarks == ["The folds are repeated: each sample is predicted 2 times, and all of it counts."]
    assert len({one.index for one in report.worst}) == len(report.worst) == 48


def test_each_fold_prepares_its_samples_by_what_it_learned_of_those_that_trained_it(tmp_path: Path):
    split: JsonValue = {"kind": "k_fold", "folds": 4, "seed": SEED}
    run = run_folds(tmp_path, make_graph(4, 3, "softmax", "Normalization"), "iris", split, **CLASSES)
    assert len({model.graph.model_dump_json() for model in run.models}) == 4
    x, y = load_arrays("iris")
    predicted = np.concatenate(run.predict(x, list_parts())).argmax(axis=-1)
    (report,) = run.evaluate().reports
    assert report.classes is not None
    assert report.classes.confusion == confusion_matrix(y[np.concatenate(list_parts())], predicted).tolist()


def test_numbers_are_told_by_residuals_and_samples_that_validate_nothing_are_left_out(tmp_path: Path):
    split: JsonValue = {"kind": "k_fold", "folds": 3, "variant": "time"}
    run = run_folds(tmp_path, make_graph(10, 1, "linear"), "diabetes", split, loss="mse", metrics=["mae"])
    evaluation = run.evaluate()
    x, y = load_arrays("diabetes")
    parts = [rows for _, rows in TimeSeriesSplit(3).split(x)]
    predicted = np.concatenate(run.predict(x, parts))[:, 0]
    true = y[np.concatenate(parts)]
    (report,) = evaluation.reports
    assert report.numbers is not None
    assert report.numbers.mean_absolute_error == pytest.approx(mean_absolute_error(true, predicted), rel=1e-4)
    assert evaluation.metrics["mae"] == pytest.approx(report.numbers.mean_absolute_error, rel=1e-4)
    assert evaluation.remarks == [f"{442 - len(true)} of 442 samples validate no fold, so they are left out."]


def test_data_that_is_divided_in_another_way_than_the_run_was_is_refused(iris: FoldedRun):
    with pytest.raises(EngineError, match="trained 3 folds, and its data is divided into 4 now") as refused:
        evaluate_out_of_fold(iris.models[:3], iris.config, EvaluateRequest())
    assert refused.value.code == "conflict"


def test_one_checkpoint_alone_offers_the_folds_and_does_not_stand_for_them(iris: FoldedRun):
    one = evaluate(iris.graph, iris.config, iris.checkpoints[2], EvaluateRequest(report=False))
    assert (one.splits[-1].split, one.splits[-1].samples) == ("out_of_fold", 150)
    with pytest.raises(EngineError, match="no out_of_fold data; expected one of training, validation"):
        evaluate(iris.graph, iris.config, iris.checkpoints[2], EvaluateRequest(split="out_of_fold"))
