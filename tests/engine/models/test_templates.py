"""The templates: checked, laid out, and trained for real."""

import subprocess
import sys
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import keras
import numpy as np
import pytest
from keras.src.backend import config as keras_config

from engine.data.datasets import SOURCES, load_dataset
from engine.data.source import Source
from engine.graph.document import Graph, Layout
from engine.models.builder import build_model
from engine.models.check import GraphChecker
from engine.models.templates import FOLDER, ORDER, Template, list_templates
from engine.training.compiling import check_compile
from engine.training.config import RunConfig
from engine.training.loop import train as run

SHARED = Path(__file__).parents[4] / "shared" / "data"
CHECKER = GraphChecker()

TEMPLATES = {template.id: template for template in list_templates()}


def test_a_newcomer_sees_the_digits_first_and_every_category_once():
    templates = list_templates()

    assert [template.title for template in templates[:2]] == ["Digits MLP", "Digits CNN"]
    categories = [key for key, _ in groupby(templates, lambda template: template.category)]
    assert categories[0] == "Start here"
    assert len(categories) == len(set(categories))


def test_every_file_is_a_template_that_is_listed():
    assert {path.stem for path in FOLDER.glob("*.json")} == set(ORDER)
    assert all(template.id == name for name, template in TEMPLATES.items())


def test_changing_a_template_changes_only_a_copy():
    list_templates()[0].graph.layers.clear()

    assert list_templates()[0].graph.layers


def test_listing_them_imports_no_keras():
    code = (
        "import sys; from engine.models.templates import list_templates; list_templates();"
        "assert not {'keras', 'tensorflow', 'numpy'} & set(sys.modules)"
    )

    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def assert_laid_out(graph: Graph, layout: Layout) -> None:
    """Every node has a place of its own, in nested graphs too."""
    assert set(layout.positions) == {node.id for node in graph.nodes}
    assert len({(place.x, place.y) for place in layout.positions.values()}) == len(layout.positions)
    for layer in graph.layers:
        if layer.graph is not None:
            assert_laid_out(layer.graph, layout.nested[layer.id])


@pytest.mark.parametrize("name", ORDER)
def test_the_graph_has_no_issue_and_every_node_has_a_place_of_its_own(name: str):
    template = TEMPLATES[name]

    assert CHECKER.check(template.graph).issues == []
    assert_laid_out(template.graph, template.layout)


@pytest.fixture
def keras_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The data files of Keras where Keras looks for them, and photos where those of CIFAR-10 would be."""
    if not SHARED.is_dir():
        pytest.skip(f"the data files of keras.datasets are not in {SHARED}")
    monkeypatch.setattr(keras_config, "_KERAS_DIR", str(tmp_path))
    (tmp_path / "datasets").mkdir()
    for file in SHARED.glob("*.npz"):
        (tmp_path / "datasets" / file.name).symlink_to(file)

    def load_photos() -> object:
        with np.load(SHARED / "cifar10_subset.npz") as photos:
            return (photos["x_train"], photos["y_train"]), None

    source = SOURCES["cifar10_cats_dogs"]
    assert isinstance(source, Source)
    monkeypatch.setitem(SOURCES, source.name, replace(source, files=()))
    monkeypatch.setattr(keras.datasets.cifar10, "load_data", load_photos)


@pytest.mark.usefixtures("keras_files")
@pytest.mark.parametrize("name", ORDER)
def test_it_compiles_with_its_data_and_trains_a_few_steps(name: str, tmp_path: Path):
    template = TEMPLATES[name]
    config = RunConfig.model_validate(template.training)
    config.fit = config.fit.model_copy(update={"epochs": 1, "steps_per_epoch": 2, "validation_steps": 1})

    result = check_compile(CHECKER, template.graph, config)
    history = run(template.graph, config, tmp_path / "run").history

    assert (result.ok, result.issues) == (True, [])
    assert set(result.metrics_names) <= set(history)
    assert np.isfinite([value for values in history.values() for value in values]).all()


def train(template: Template) -> dict[str, list[float]]:
    """The History of a fit by Keras itself with the template's settings."""
    config = RunConfig.model_validate(template.training)
    data = load_dataset(config.data.dataset)
    keras.utils.set_random_seed(config.seed)
    model = build_model(template.graph, template.title)
    optimizer = config.compile.optimizer
    assert not isinstance(optimizer, str)
    model.compile(
        optimizer=keras.optimizers.deserialize(optimizer.model_dump()),
        loss=config.compile.loss,
        metrics=list(config.compile.metrics),
    )
    [x], [y] = data.inputs.values(), data.targets.values()
    history: dict[str, list[float]] = model.fit(
        x,
        y,
        epochs=config.fit.epochs,
        batch_size=config.fit.batch_size,
        validation_split=config.fit.validation_split,
        validation_freq=config.fit.epochs,
        verbose=0,
    ).history
    return history


@pytest.mark.parametrize("name", ["digits_mlp", "digits_cnn", "iris_mlp"])
def test_a_classifier_reaches_95_percent_validation_accuracy(name: str):
    assert train(TEMPLATES[name])["val_accuracy"][-1] >= 0.95


def test_the_regression_predicts_much_better_than_the_mean():
    history = train(TEMPLATES["diabetes_regression"])

    deviation = float(load_dataset("diabetes").targets["progression"].std())
    assert history["val_loss"][-1] < 0.75 * deviation**2
