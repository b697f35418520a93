"""Splits stored under a name: the same rows for whoever names them, and refused where the data is another."""

import pytest
from pydantic import TypeAdapter

from engine.data import datasets
from engine.data.library.library import use_library
from engine.errors import ConfigError
from engine.models.builder import build_model
from engine.training.config import DataSettings
from engine.training.run_data import load_run_data
from engine.training.split_manifest import MANIFEST_NAME, ROWS_NAME
from engine.training.split_reports import divide_dataset
from engine.training.split_settings import ComputedSplit
from engine.training.stored_splits import write_stored_split
from tests.engine.training.divided_data import INPUTS, NAME, TARGETS, install

COMPUTED = TypeAdapter[ComputedSplit](ComputedSplit)


@pytest.fixture(autouse=True)
def patients(monkeypatch):
    install(monkeypatch)


@pytest.fixture
def library(tmp_path):
    """The folder of data, in use."""
    use_library(tmp_path / "sets")
    yield tmp_path
    use_library(None)


@pytest.fixture
def store(library):
    def store(name="mine", arguments=None, **definition):
        folder = library / "splits" / NAME / name
        folder.mkdir(parents=True)
        dataset, splits, report = divide_dataset(NAME, arguments or {}, COMPUTED.validate_python(definition))
        return folder, write_stored_split(folder, name, report, splits, dataset)

    return store


@pytest.fixture
def load(make_graph):
    """The splits of a run whose data has these settings."""
    model = build_model(make_graph((4,), 3), "model")

    def load(split, **data):
        settings = {"dataset": NAME, "inputs": INPUTS, "targets": TARGETS, "split": split, **data}
        return load_run_data(DataSettings.model_validate(settings), model).splits

    return load


MINE = {"kind": "stored", "name": "mine"}


def list_rows(splits):
    return [[side.tolist() for side in one.arrays] for one in splits]


@pytest.mark.parametrize(
    "definition",
    [
        {"kind": "holdout", "seed": 8, "test": 0.1},
        {"kind": "k_fold", "variant": "stratified", "folds": 3},
        {"kind": "time", "by": "day"},
    ],
    ids=str,
)
def test_a_stored_split_has_the_rows_that_it_was_stored_with(definition, store, load):
    store(**definition)
    assert list_rows(load(MINE)) == list_rows(load(definition))


def test_sizes_and_classes_of_the_sides_are_kept_beside_the_rows(store):
    _, info = store(kind="stratified", validation=0.2)
    (side,) = info.sides
    assert (info.samples, side.training, side.validation, side.test) == (90, 72, 18, 0)
    assert info.class_names == ["well", "ill", "unsure"]
    assert side.classes == {"training": [36, 24, 12], "validation": [9, 6, 3]}


def refuse(load, **data) -> tuple[str, str]:
    with pytest.raises(ConfigError) as error:
        load(MINE, **data)
    (issue,) = error.value.issues
    assert issue.argument == "data.split.name"
    return issue.code, issue.message


def test_a_name_that_is_not_there_is_refused_with_those_that_are(store, load, library):
    store("other", kind="holdout")
    code, message = refuse(load)
    assert code == "unknown_split"
    assert "no stored split 'mine'; expected one of other" in message
    use_library(None)
    assert refuse(load)[1].endswith("expected one of (there is none).")


def test_a_changed_data_set_is_refused(store, load, monkeypatch):
    store(kind="holdout")
    changed = datasets.SOURCES[NAME].load(seed=1)
    source = datasets.SOURCES[NAME]
    monkeypatch.setitem(datasets.SOURCES, NAME, type(source)(**{**vars(source), "load": lambda scale, seed: changed}))
    datasets._read_dataset.cache_clear()
    code, message = refuse(load)
    assert code == "split_does_not_fit"
    assert f"The data set '{NAME}' is not what it was when the split 'mine' was stored" in message


def test_other_arguments_may_change_the_inputs_and_not_the_targets(store, load):
    store(kind="holdout", arguments={"scale": 2.0})
    assert len(load(MINE)) == 1
    assert refuse(load, arguments={"seed": 3})[0] == "split_does_not_fit"


@pytest.mark.parametrize("damage", [MANIFEST_NAME, ROWS_NAME])
def test_a_broken_file_is_refused(damage, store, load):
    folder, _ = store(kind="holdout")
    (folder / damage).write_bytes(b"PK\x03\x04 broken")
    code, _ = refuse(load)
    assert code == ("unknown_split" if damage == MANIFEST_NAME else "broken_split")
