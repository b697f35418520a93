"""The templates: checked, laid out, and trained for real."""

import subprocess
import sys

import keras
import pytest

from engine.data.datasets import load_dataset
from engine.models.builder import build_model
from engine.models.check import GraphChecker
from engine.models.templates import ORDER, Template, list_templates
from engine.training.config import RunConfig

TEMPLATES = {template.id: template for template in list_templates()}


def test_there_are_four_and_a_newcomer_sees_the_digits_first():
    assert [template.title for template in list_templates()] == [
        "Digits MLP",
        "Digits CNN",
        "Iris MLP",
        "Diabetes regression",
    ]


def test_changing_a_template_changes_only_a_copy():
    list_templates()[0].graph.layers.clear()

    assert list_templates()[0].graph.layers


def test_listing_them_imports_no_keras():
    code = (
        "import sys; from engine.models.templates import list_templates; list_templates();"
        "assert not {'keras', 'tensorflow', 'numpy'} & set(sys.modules)"
    )

    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@pytest.mark.parametrize("name", ORDER)
def test_the_graph_has_no_issue_and_every_node_has_a_place_of_its_own(name: str):
    template = TEMPLATES[name]

    assert GraphChecker().check(template.graph).issues == []
    places = template.layout.positions
    assert set(places) == {node.id for node in template.graph.nodes}
    assert len({(place.x, place.y) for place in places.values()}) == len(places)


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
