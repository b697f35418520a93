"""A series in time, from a person's file to a model that predicts what comes next."""

import os
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from pydantic import JsonValue

from engine.data.library.array_folder import TRAINING, ArrayFolder
from engine.data.library.kinds import GivenFile
from engine.data.library.library import use_library
from engine.data.library.make import inspect
from engine.data.library.manifest import MANIFEST_NAME, Definition, Manifest, PlacedFile
from engine.data.library.table.kind import KIND
from engine.data.steps.loading import load_stepped
from engine.graph.document import Graph
from engine.models.check import GraphChecker
from engine.training.compiling import check_compile
from engine.training.config import RunConfig
from engine.training.linked_graph import link_checked_graph
from engine.training.loop import train
from engine.training.reporting import Reporter
from engine.training.run_data import load_splits, load_training_data
from tests.engine.training.mending import mend

SHARED = Path(os.environ.get("LAYERLOOM_TEST_DATA", Path(__file__).parents[4] / "shared" / "data"))
FILE = SHARED / "csv" / "daily-min-temperatures.csv"
LENGTH = 14
ADAM = {"class_name": "Adam", "config": {"learning_rate": 0.01}}


def make_set(folder: Path, path: Path) -> None:
    """What the server makes of the file, with what the page proposes for a series."""
    files = [GivenFile(path.name, path)]
    proposed = inspect(files, Definition(kind="table", options={"series": True})).definition
    target = folder / "sets" / "series"
    target.mkdir(parents=True)
    arrays = ArrayFolder(target, proposed.array_names)
    prepared = KIND.prepare(files, proposed, arrays, lambda _: None)
    manifest = Manifest(
        name="series",
        title="Series",
        created_at=datetime.now(UTC),
        files=[PlacedFile(path=str(path))],
        definition=proposed,
        task=prepared.task,
        samples=prepared.samples,
        fields=prepared.fields,
        inputs=prepared.inputs,
        targets=prepared.targets,
    )
    (target / MANIFEST_NAME).write_text(manifest.model_dump_json())
    assert (target / TRAINING).is_dir()
    use_library(folder / "sets")


@pytest.fixture
def library(tmp_path):
    yield tmp_path
    use_library(None)


@pytest.fixture
def wave(library):
    """A wave with a date beside it: 400 days."""
    days = np.arange(400)
    rows = [f"2020-{day // 28 % 12 + 1:02}-{day % 28 + 1:02},{10 + 5 * np.sin(day / 9):.3f}" for day in days]
    path = library / "wave.csv"
    path.write_text("\n".join(["Date,Temp", *rows]))
    make_set(library, path)


def configure(**settings) -> RunConfig:
    steps = [{"function": "windows", "array": "features", "arguments": {"sequence_length": LENGTH}}]
    sections = {
        "compile": {"loss": "mse", "metrics": ["mae"], "optimizer": ADAM},
        "fit": {"epochs": 5, "batch_size": 32},
        "data": {"dataset": "series", "steps": steps, "split": {"kind": "time", "validation": 0.25}},
        "seed": 3,
    }  # fmt: skip
    return RunConfig.model_validate({**sections, **settings})


@pytest.fixture
def graph():
    layers: list[dict[str, JsonValue]] = [
        {"id": "past", "class_name": "InputLayer", "config": {"shape": [LENGTH, 1]}},
        {"id": "flat", "class_name": "Flatten"},
        {"id": "next", "class_name": "Dense", "config": {"units": 1}},
    ]
    edges = [{"id": "a", "source": "past", "target": "flat"}, {"id": "b", "source": "flat", "target": "next"}]
    nodes = [{"id": one["id"], "layer": one["id"]} for one in layers]
    return Graph.model_validate({"layers": layers, "nodes": nodes, "edges": edges})


def test_a_column_is_cut_into_windows_of_itself(wave):
    config = configure()

    made = load_stepped("series", {}, config.data.steps)

    assert made.inputs["features"].shape == (400 - LENGTH, LENGTH, 1)
    np.testing.assert_array_equal(made.targets["Temp"][:-1], made.inputs["features"][1:, -1, 0])
    # Nothing was read from the disk into memory for it.
    assert not made.inputs["features"].flags.owndata


def test_no_step_of_time_is_on_both_sides_of_the_border(wave, graph):
    config = configure()
    check = GraphChecker().check(graph)
    made = load_stepped("series", {}, config.data.steps)
    linked = link_checked_graph(graph, check).model
    (split,) = load_splits(config.data, load_training_data(config.data, linked))

    last_known = split.training[-1] + LENGTH  # the step that the last training window is to predict
    assert split.validation[0] == last_known + 1
    assert split.validation[-1] == made.samples - 1


def test_windows_by_chance_are_warned_of_and_divided_by_time_with_one_click(wave, graph, tmp_path):
    checker = GraphChecker()
    data = configure().model_dump(mode="json")["data"]
    by_chance = configure(data={**data, "split": {"kind": "holdout", "validation": 0.25}})
    last = configure(data={**data, "split": None}, fit={"epochs": 1, "validation_split": 0.25})

    for config, place in ((by_chance, "data.split"), (last, "fit.validation_split")):
        issue, labels = mend(checker, graph, config, "windows_overlap", tmp_path / place)
        assert (issue.argument, labels) == (place, ["Divide by time instead"])
    assert not check_compile(checker, graph, configure()).issues


def test_a_model_learns_to_predict_the_next_value(wave, graph, tmp_path):
    history = train(graph, configure(fit={"epochs": 40, "batch_size": 32}), tmp_path / "run", Reporter(lambda _: None))

    assert history.history["val_mae"][-1] < 1


@pytest.mark.skipif(not FILE.is_file(), reason="the data files for tests are not here")
def test_real_temperatures_are_predicted_better_than_by_their_mean(library, graph, tmp_path):
    make_set(library, FILE)
    config = configure()
    values = load_stepped("series", {}, config.data.steps).targets["Temp"]

    history = train(graph, config, tmp_path / "run", Reporter(lambda _: None)).history

    assert history["val_mae"][-1] < 0.8 * np.abs(values - values.mean()).mean()
