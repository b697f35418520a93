"""Settings that are given per output name the model's outputs, and what they leave out is said and mended."""

import pytest

from engine.graph.document import Graph
from engine.models.check import GraphChecker
from engine.training.compiling import check_compile
from tests.engine.training.mending import mend, train_one_step

SPARSE = "sparse_categorical_crossentropy"
DATA = {"dataset": "iris", "targets": {"species": "species", "again": "features"}}
LOSSES = {"species": SPARSE, "again": "mse"}


@pytest.fixture(scope="module")
def checker():
    return GraphChecker()


@pytest.fixture(scope="module")
def graph():
    """Two outputs: `species`, a softmax of 3, and `again`, the 4 inputs once more."""
    return Graph.model_validate(
        {
            "layers": [
                {"id": "x", "class_name": "InputLayer", "config": {"batch_shape": [None, 4]}},
                {"id": "species", "class_name": "Dense", "config": {"units": 3, "activation": "softmax"}},
                {"id": "again", "class_name": "Dense", "config": {"units": 4}},
            ],
            "nodes": [{"id": f"n_{name}", "layer": name} for name in ("x", "species", "again")],
            "edges": [
                {"id": "a", "source": "n_x", "target": "n_species"},
                {"id": "b", "source": "n_x", "target": "n_again"},
            ],
        }
    )


@pytest.mark.parametrize(
    "settings",
    [
        {"loss": LOSSES},
        {"loss": [SPARSE, "mse"]},
        {"loss": LOSSES, "loss_weights": {"species": 1.0, "again": 0.5}},
        {"loss": [SPARSE, "mse"], "loss_weights": [1.0, 0.5]},
        {"loss": LOSSES, "metrics": {"species": ["accuracy"], "again": "mae"}},
        {"loss": LOSSES, "metrics": [["accuracy"], ["mae", "mse"]], "weighted_metrics": {"species": ["accuracy"]}},
        {"loss": LOSSES, "metrics": ["accuracy", "mae"]},
        {"loss": LOSSES, "weighted_metrics": [["accuracy"], []]},
    ],
)
def test_every_way_to_say_it_per_output_trains(settings, checker, graph, make_config, tmp_path):
    config = make_config(compile=settings, data=DATA)
    result = check_compile(checker, graph, config)
    assert (result.ok, result.issues) == (True, [])
    assert sorted(train_one_step(graph, config, tmp_path)) == sorted(result.metrics_names)


@pytest.mark.parametrize(
    ("settings", "code", "argument", "first"),
    [
        ({"loss": {"species": SPARSE}}, "missing_loss", "loss", "Give 'again' the loss mean_squared_error"),
        ({"loss": {"specis": SPARSE, "again": "mse"}}, "unknown_output", "loss.specis", "Rename 'specis' to 'species'"),
        ({"loss": [SPARSE]}, "wrong_number_of_losses", "loss", f"Take species: {SPARSE}, again: mean_squared_error"),
        ({"loss": [SPARSE, "mse", "mae"]}, "wrong_number_of_losses", "loss", None),
        ({"loss": {"species": None, "again": None}}, "no_loss", "loss", None),
        ({"loss": SPARSE}, "loss_does_not_fit", "loss", "Take the loss mean_squared_error"),
        ({"loss": {"species": SPARSE, "again": SPARSE}}, "loss_does_not_fit", "loss.again", None),
        ({"loss": LOSSES, "loss_weights": [1.0]}, "invalid_loss_weights", "loss_weights", None),
        ({"loss": LOSSES, "loss_weights": [1.0, 2.0]}, "invalid_loss_weights", "loss_weights", None),
        ({"loss": LOSSES, "loss_weights": {"species": 1.0}}, "invalid_loss_weights", "loss_weights", None),
        ({"loss": LOSSES, "loss_weights": {"species": 1.0, "x": 1.0}}, "unknown_output", "loss_weights.x", None),
        ({"loss": LOSSES, "metrics": {"specie": ["accuracy"]}}, "unknown_output", "metrics.specie", None),
        ({"loss": LOSSES, "metrics": ["accuracy"]}, "metrics_not_per_output", "metrics", "Watch them at 'species'"),
        ({"loss": LOSSES, "weighted_metrics": {"x": "mae"}}, "unknown_output", "weighted_metrics.x", None),
        ({"loss": LOSSES, "metrics": {"species": ["AUC"]}}, "invalid_metrics", "metrics.species.0", None),
    ],
)
def test_a_setting_that_does_not_match_the_outputs_is_mended(
    settings, code, argument, first, checker, graph, make_config, tmp_path
):
    issue, labels = mend(checker, graph, make_config(compile=settings, data=DATA), code, tmp_path)
    assert (issue.argument, issue.severity) == (f"compile.{argument}", "error")
    assert first in (None, labels[0])


@pytest.mark.filterwarnings("ignore:Gradients do not exist")
def test_an_output_without_a_loss_is_only_warned_of_and_trains(checker, graph, make_config, tmp_path):
    config = make_config(compile={"loss": {"species": SPARSE, "again": None}}, data=DATA)
    result = check_compile(checker, graph, config)
    assert (result.ok, [issue.code for issue in result.issues]) == (True, ["output_without_loss"])
    assert "loss" in train_one_step(graph, config, tmp_path)


def test_a_negative_weight_is_warned_of(checker, graph, make_config):
    config = make_config(compile={"loss": LOSSES, "loss_weights": {"species": 1.0, "again": -1.0}}, data=DATA)
    assert [issue.code for issue in check_compile(checker, graph, config).issues] == ["negative_weight"]


def test_two_wrong_losses_are_mended_one_after_the_other(checker, graph, make_config):
    config = make_config(compile={"loss": "binary_crossentropy"}, data=DATA)
    issues = check_compile(checker, graph, config).issues
    assert [(issue.code, issue.node, bool(issue.fixes)) for issue in issues] == [
        ("loss_does_not_fit", "n_species", True),
        ("loss_does_not_fit", "n_again", True),
    ]


@pytest.mark.parametrize("name", ["a/b", "~", "ä", "", "x" * 500])
def test_strange_names_of_outputs_are_refused_with_a_way_out(name, checker, graph, make_config):
    config = make_config(compile={"loss": {**LOSSES, name: "mse"}}, data=DATA)
    (issue,) = check_compile(checker, graph, config).issues
    assert (issue.code, [fix.label for fix in issue.fixes]) == ("unknown_output", [f"Take {name!r} out"])
