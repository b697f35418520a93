"""Exported Python divides the samples as the run did, by scikit-learn's own functions."""

import numpy as np
import pytest

from engine.data.library.library import use_library
from engine.data.steps.settings import DataStep
from engine.models.export import export_model
from engine.models.python_data import DataCode, LoaderCode, write_load_functions
from engine.training.config import DataSettings
from engine.training.exported_data import make_data_finder
from engine.training.loop import train
from engine.training.run_data import load_splits, load_training_dataset
from engine.training.split_settings import StratifiedSplit
from tests.engine.training.divided_data import INPUTS, NAME, TARGETS, feed, install, load

SHARES = {"validation": 0.2, "test": 0.1}
DEFINITIONS = [
    {"kind": "holdout"},
    {"kind": "holdout", "shuffle": False, **SHARES},
    {"kind": "stratified", "seed": 3},
    {"kind": "stratified", **SHARES},
    {"kind": "stratified", "by": "one_hot"},
    {"kind": "grouped", "by": "patient"},
    {"kind": "grouped", "by": "patient", **SHARES},
    {"kind": "time"},
    {"kind": "time", "gap": 3, **SHARES},
    {"kind": "time", "by": "day", "gap": 2, **SHARES},
    {"kind": "k_fold"},
    {"kind": "k_fold", "repeats": 2},
    {"kind": "k_fold", "variant": "stratified", "folds": 3},
    {"kind": "k_fold", "variant": "stratified", "repeats": 2},
    {"kind": "k_fold", "variant": "grouped", "by": "patient"},
    {"kind": "k_fold", "variant": "grouped", "by": "patient", "folds": 3, "repeats": 2, "seed": 4},
    {"kind": "k_fold", "variant": "stratified_grouped", "by": "patient", "folds": 3},
    {"kind": "k_fold", "variant": "stratified_grouped", "by": "patient", "folds": 3, "repeats": 3},
    {"kind": "k_fold", "variant": "time", "gap": 1},
    {"kind": "k_fold", "variant": "time", "by": "day"},
]


@pytest.fixture(autouse=True)
def patients(monkeypatch):
    install(monkeypatch)


def configure(split) -> DataSettings:
    return DataSettings.model_validate({"dataset": NAME, "inputs": INPUTS, "targets": TARGETS, "split": split})


@pytest.mark.parametrize("definition", DEFINITIONS, ids=str)
def test_the_samples_are_those_of_the_run(definition):
    settings = configure(definition)
    code: DataCode = make_data_finder(settings)(["features"], ["answer"])
    scope: dict[str, object] = {"load_patients": load}
    loader = LoaderCode("load_patients", (), (), frozenset())
    written = write_load_functions(DataCode(NAME, loader, {}, code.inputs, code.targets, split=code.split))
    exec("\n".join([*code.imports, *written]), scope)
    answer = scope["load_data"]()  # type: ignore[operator]
    arrays = load()
    splits = load_splits(settings, feed()[0])
    if definition["kind"] == "k_fold":
        assert [[side.tolist() for side in pair] for pair in answer[-1]] == [
            [one.training.tolist(), one.validation.tolist()] for one in splits
        ]
        return
    x, y, (x_validation, y_validation) = answer
    (rows,) = splits
    for found, expected in (
        (x, arrays["point"][rows.training]),
        (y, arrays["kind"][rows.training]),
        (x_validation, arrays["point"][rows.validation]),
        (y_validation, arrays["kind"][rows.validation]),
    ):
        np.testing.assert_array_equal(found, expected)


def export(graph, config) -> str:
    training = config.model_dump(mode="json")
    return export_model(graph, "python", "m", training, find_data=make_data_finder(config.data)).content.decode()


def run_exported(code: str) -> dict[str, object]:
    scope: dict[str, object] = {"__name__": "__main__"}
    exec(compile(code, "exported.py", "exec"), scope)
    return scope


@pytest.mark.parametrize(
    ("data", "fit"),
    [
        ({"split": {"kind": "stratified", **SHARES}}, {"class_weight": "balanced"}),
        ({}, {"class_weight": "balanced", "validation_split": 0.2}),
    ],
    ids=["split", "last part"],
)
def test_the_history_is_the_one_of_the_training(data, fit, make_graph, make_config, tmp_path):
    graph = make_graph((4,), 3)
    config = make_config(data={"dataset": "iris", **data}, fit={"epochs": 2, **fit})
    expected = train(graph, config, tmp_path).history
    code = export(graph, config)
    found = run_exported(code)["history"].history  # type: ignore[attr-defined]
    assert list(found) == list(expected)
    for name, values in expected.items():
        np.testing.assert_allclose(found[name], values, rtol=1e-5, err_msg=name)


def test_folds_train_a_model_each(make_graph, make_config):
    graph = make_graph((4,), 3)
    split = {"kind": "k_fold", "folds": 3}
    config = make_config(data={"dataset": "iris", "split": split}, fit={"epochs": 1})
    scope = run_exported(export(graph, config))
    histories = scope["histories"]
    assert isinstance(histories, list)
    assert [sorted(one) for one in histories] == [["accuracy", "loss", "val_accuracy", "val_loss"]] * 3


def test_what_callbacks_write_is_kept_for_each_fold(make_graph, make_config, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    callbacks = [{"class_name": "CSVLogger", "config": {"filename": "logs/epochs.csv"}}]
    split = {"kind": "k_fold", "folds": 2}
    config = make_config(data={"dataset": "iris", "split": split}, fit={"epochs": 1}, callbacks=callbacks)
    run_exported(export(make_graph((4,), 3), config))
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["fold_1", "fold_2"]
    assert (tmp_path / "fold_2" / "logs" / "epochs.csv").stat().st_size
    assert "mean/val_loss" in capsys.readouterr().out


def test_windows_that_lie_across_a_border_are_left_out():
    windows = {"function": "windows", "array": "point", "arguments": {"sequence_length": 4, "targets": "height"}}
    both = {"function": "to_categorical", "array": "kind"}
    settings = DataSettings.model_validate(
        {
            "dataset": NAME,
            "inputs": INPUTS,
            "targets": {"answer": "height"},
            "steps": [windows],
            "split": {"kind": "time"},
        }
    )
    code = make_data_finder(settings)(["features"], ["answer"])
    assert code.split is not None
    overlap = load_training_dataset(settings).overlap
    assert overlap > 0
    assert any(f"order[:border - {overlap}]" in line for line in code.split.lines)
    settings = settings.model_copy(update={"steps": settings.steps[:0], "split": StratifiedSplit(by="kind")})
    settings.steps.append(DataStep.model_validate(both))
    code = make_data_finder(settings)(["features"], ["answer"])
    assert code.split is not None
    assert code.split.lines[0] == "labels = arrays['kind'].argmax(axis=1)"


@pytest.mark.parametrize(("array", "classes"), [("kind", 3), ("patient", 10)], ids=["known", "found in the data"])
def test_validation_data_has_as_many_classes_as_the_training_data(array, classes):
    steps = [{"function": "to_categorical", "array": array}]
    given = {"dataset": NAME, "inputs": INPUTS, "targets": TARGETS, "steps": steps, "validation": {"dataset": NAME}}
    code = make_data_finder(DataSettings.model_validate(given))(["features"], ["answer"])
    assert code.validation is not None
    assert f"num_classes={classes}" in code.validation.steps[0]


def test_what_cannot_be_written_is_left_to_the_reader(make_graph, make_config):
    use_library(None)
    split = {"kind": "stored", "name": "mine"}
    config = make_config(data={"dataset": "iris", "split": split}, fit={"epochs": 1})
    code = export(make_graph((4,), 3), config)
    assert "def load_data" not in code
    assert "no stored split 'mine'" in " ".join(code.split())
    assert "def train_model(model: keras.Model, x, y, validation_data)" in code
