"""Exported Python divides the samples as a stored split says, row for row, or says that it cannot."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from pydantic import JsonValue, TypeAdapter

from engine.data.library.library import use_library
from engine.errors import EngineError
from engine.models.python_data import DataCode, LoaderCode, write_load_functions
from engine.training.config import DataSettings, RunConfig
from engine.training.exported_data import make_data_finder
from engine.training.run_data import load_splits
from engine.training.split_manifest import ROWS_NAME
from engine.training.split_reports import divide_dataset
from engine.training.split_settings import ComputedSplit
from engine.training.stored_splits import write_stored_split
from tests.engine.models.sketch import Sketch
from tests.engine.training.divided_data import INPUTS, NAME, feed, install, load
from tests.engine.training.exported_apart import assert_alike, run_apart, write

MINE: JsonValue = {"kind": "stored", "name": "mine"}
STEP: JsonValue = {"function": "to_categorical", "array": "kind"}
DEFINITIONS: list[dict[str, JsonValue]] = [
    {"kind": "stratified", "validation": 0.2, "test": 0.1, "seed": 3},
    {"kind": "grouped", "by": "patient"},
    {"kind": "time", "by": "day", "gap": 2},
    {"kind": "k_fold", "variant": "stratified_grouped", "by": "patient", "folds": 3, "repeats": 2},
]

Store = Callable[[str, dict[str, JsonValue]], Path]


@pytest.fixture(autouse=True)
def patients(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Stores a split of a data set as `mine`, in a library that is in use."""
    use_library(tmp_path / "sets")

    def store(dataset_name: str, definition: dict[str, JsonValue]) -> Path:
        folder = tmp_path / "splits" / dataset_name / "mine"
        folder.mkdir(parents=True)
        settings: ComputedSplit = TypeAdapter(ComputedSplit).validate_python(definition)
        dataset, splits, report = divide_dataset(dataset_name, {}, settings)
        write_stored_split(folder, "mine", report, splits, dataset)
        return folder

    yield store
    use_library(None)


def configure(target: str = "kind", steps: list[JsonValue] | None = None) -> DataSettings:
    return DataSettings.model_validate(
        {"dataset": NAME, "inputs": INPUTS, "targets": {"answer": target}, "steps": steps or [], "split": MINE}
    )


def load_exported(settings: DataSettings, seed: int = 0) -> tuple[object, ...]:
    """What the exported function answers of the data, drawn with the seed."""
    code = make_data_finder(settings)(["features"], ["answer"])
    loader = LoaderCode("load_patients", (), (), frozenset())
    steps = [line for line in code.steps if code.steps]
    written = write_load_functions(DataCode(NAME, loader, {}, code.inputs, code.targets, steps=steps, split=code.split))
    scope: dict[str, object] = {"load_patients": lambda: load(seed=seed)}
    exec("\n".join([*code.imports, "import keras", *written]), scope)
    answer: tuple[object, ...] = scope["load_data"]()  # type: ignore[operator]
    return answer


@pytest.mark.parametrize("definition", DEFINITIONS, ids=str)
@pytest.mark.parametrize(
    ("target", "steps"), [("kind", []), ("kind", [STEP]), ("height", [])], ids=["labels", "one-hot", "other target"]
)
def test_the_rows_are_the_stored_ones_whatever_is_trained(
    definition: dict[str, JsonValue], target: str, steps: list[JsonValue], store: Store
) -> None:
    store(NAME, definition)
    settings = configure(target, steps)

    answer = load_exported(settings)

    splits = load_splits(settings, feed()[0])
    if definition["kind"] == "k_fold":
        folds = [[one.training.tolist(), one.validation.tolist()] for one in splits]
        assert [[side.tolist() for side in pair] for pair in answer[-1]] == folds  # type: ignore[attr-defined]
        return
    (rows,) = splits
    point = load()["point"]
    np.testing.assert_array_equal(answer[0], point[rows.training])
    np.testing.assert_array_equal(answer[-1][0], point[rows.validation])  # type: ignore[index]


def test_rows_that_come_out_otherwise_end_the_program(store: Store) -> None:
    store(NAME, DEFINITIONS[0])

    with pytest.raises(ValueError, match="not divided as in the stored split 'mine'"):
        load_exported(configure(), seed=7)


def test_a_split_whose_rows_cannot_be_read_is_not_made_up(store: Store) -> None:
    (store(NAME, DEFINITIONS[0]) / ROWS_NAME).write_bytes(b"no rows")

    with pytest.raises(EngineError, match="'mine' cannot be read"):
        load_exported(configure())


@pytest.mark.timeout(300)
def test_plain_keras_trains_on_a_stored_split_and_on_repeated_folds_of_groups_as_the_run_does(
    store: Store, tmp_path: Path
) -> None:
    store("wine", {"kind": "stratified", "validation": 0.3, "seed": 6})
    folds: JsonValue = {
        "kind": "k_fold", "variant": "grouped", "by": "cultivar", "folds": 2, "repeats": 2, "seed": 1,
    }  # fmt: skip
    sketch = Sketch()
    sketch.add("features", "InputLayer", shape=[13])
    graph = sketch.end(sketch.add("answer", "Dense", "features", units=3, activation="softmax"))
    cases = {
        name: (
            graph,
            RunConfig.model_validate(
                {
                    "compile": {"loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]},
                    "fit": {"epochs": 2, "class_weight": "balanced"},
                    "data": {"dataset": "wine", "split": split},
                }
            ),
        )
        for name, split in {"stored": MINE, "repeated": folds}.items()
    }

    found = run_apart({name: write(*case) for name, case in cases.items()}, tmp_path / "apart")

    for name, case in cases.items():
        assert_alike(found[name], case, tmp_path / name)
