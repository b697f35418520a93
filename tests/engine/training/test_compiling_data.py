"""What the data says about inputs, class weights and learning rates, before anything is trained on it."""

import numpy as np
import pytest
from sklearn.datasets import load_iris

from engine.data import datasets
from engine.data.library.library import use_library
from engine.data.schema import ArraySpec
from engine.data.source import Arguments, Array, Source
from engine.models.check import GraphChecker
from engine.training.compiling import check_compile
from engine.training.fitting_data import count_missing
from tests.engine.models.sketch import Sketch
from tests.engine.training.adapting.reviews import make_reviews
from tests.engine.training.mending import apply, find_issue, mend, train_one_step


@pytest.fixture(scope="module")
def checker():
    return GraphChecker()


def make_object(class_name, **config):
    return {"class_name": class_name, "config": config}


@pytest.mark.parametrize(
    ("shape", "first"),
    [
        ((64,), "Set the input's shape to [8, 8, 1]"),
        ((4, 4, 4), "Set the input's shape to [8, 8, 1]"),
        ((8, 8, 3), "Set the input's shape to [8, 8, 1]"),
    ],
)
def test_an_input_of_another_shape_is_mended(shape, first, checker, make_graph, make_config, tmp_path):
    _, labels = mend(checker, make_graph(shape), make_config(), "input_does_not_fit", tmp_path)
    assert labels[0] == first


def test_a_layer_that_flattens_is_put_in_where_the_rest_needs_it(checker, make_graph, make_config, tmp_path):
    graph = make_graph((64,)).model_copy(deep=True)
    document = graph.model_dump()
    document["nodes"] = [node for node in document["nodes"] if node["id"] != "node_flatten"]
    document["layers"] = [layer for layer in document["layers"] if layer["id"] != "flatten"]
    document["edges"] = [edge for edge in document["edges"] if edge["id"] != "edge_flatten"]
    document["edges"][0]["source"] = "node_features"
    graph = type(graph).model_validate(document)
    issue, labels = mend(checker, graph, make_config(), "input_does_not_fit", tmp_path)
    assert labels == ["Set the input's shape to [8, 8, 1] and flatten it"]
    mended, _ = apply(issue.fixes[0], graph, make_config())
    assert [layer.class_name for layer in mended.layers] == ["InputLayer", "Dense", "Dense", "Flatten"]
    assert [(edge.source, edge.target) for edge in mended.edges] == [
        ("flatten", "node_hidden"),
        ("node_hidden", "node_answer"),
        ("node_features", "flatten"),
    ]


@pytest.fixture
def holey_iris(monkeypatch):
    """Iris with three numbers missing."""

    def load() -> dict[str, Array]:
        iris = load_iris()
        features = iris.data.astype("float32")
        features[[0, 1], [2, 3]], features[7, 0] = np.nan, np.inf
        return {"features": features, "species": iris.target}

    source = Source(
        name="holey_iris",
        title="Iris with holes",
        origin="scikit-learn",
        task="classification",
        samples=150,
        description="",
        inputs=(ArraySpec(name="features", shape=[4], dtype="float32"),),
        targets=(ArraySpec(name="species", shape=[], dtype="int64", classes=3),),
        arguments=Arguments,
        load=load,
    )
    monkeypatch.setitem(datasets.SOURCES, "holey_iris", source)


def test_missing_numbers_are_counted(holey_iris, checker, make_graph, make_config):
    result = check_compile(checker, make_graph((4,), 3), make_config(data={"dataset": "holey_iris"}))
    issue = find_issue(result, "missing_numbers")
    assert (result.ok, issue.severity, issue.argument) == (True, "warning", "data.inputs.features")
    assert "3 of 600 values" in issue.message


@pytest.mark.parametrize(
    ("array", "count"),
    [
        (np.array([1.0, 2.0]), 0),
        (np.array([1, 2]), 0),
        (np.array([1.0, np.nan, -np.inf]), 2),
        (np.array([np.inf, -np.inf]), 2),
        (np.full(3, np.finfo("float32").max, "float32"), 0),
    ],
)
def test_missing_numbers_of_any_array_are_counted(array, count):
    assert count_missing(array) == count


def test_a_weight_for_a_class_that_no_sample_has_is_taken_out(checker, make_graph, make_config, tmp_path):
    config = make_config(fit={"epochs": 1, "class_weight": {"0": 1.0, "12": 3.0}})
    issue, labels = mend(checker, make_graph(), config, "unknown_class", tmp_path)
    assert (issue.argument, labels) == ("fit.class_weight.12", ["Take class 12 out"])


def test_weights_of_classes_are_no_use_where_there_are_none(checker, make_graph, make_config, tmp_path):
    config = make_config(
        compile={"loss": "mse"}, fit={"epochs": 1, "class_weight": {"0": 1.0}}, data={"dataset": "diabetes"}
    )
    _, labels = mend(checker, make_graph((10,), 1, None), config, "class_weight_not_possible", tmp_path)
    assert labels == ["Leave class_weight out"]


@pytest.mark.parametrize(
    ("optimizer", "odd"),
    [
        ("adam", False),
        (make_object("Adam", learning_rate=0.1), False),
        (make_object("Adadelta", learning_rate=1.0), False),
        (make_object("Adam", learning_rate=10.0), True),
        (make_object("SGD", learning_rate=0.0), True),
        (make_object("SGD", learning_rate=-0.1), True),
        (make_object("Adam", learning_rate=1e-12), True),
        (make_object("LossScaleOptimizer", inner_optimizer=make_object("Adam", learning_rate=50.0)), True),
    ],
)
def test_an_odd_learning_rate_is_set_to_keras_default(optimizer, odd, checker, make_graph, make_config):
    config = make_config(compile={"optimizer": optimizer, "loss": "sparse_categorical_crossentropy"})
    result = check_compile(checker, make_graph(), config)
    assert [(issue.code, issue.severity) for issue in result.issues] == [("odd_learning_rate", "warning")] * odd
    for issue in result.issues:
        mended = apply(issue.fixes[0], make_graph(), config)
        assert check_compile(checker, *mended).issues == []


def test_a_schedule_that_starts_from_zero_is_not_odd(checker, make_graph, make_config, tmp_path):
    warming = make_object("CosineDecay", initial_learning_rate=0.0, decay_steps=100, warmup_target=0.01, warmup_steps=9)
    settings = {"optimizer": make_object("Adam", learning_rate=warming), "loss": "sparse_categorical_crossentropy"}
    config = make_config(compile=settings)
    assert check_compile(checker, make_graph(), config).issues == []
    train_one_step(make_graph(), config, tmp_path)


def test_texts_for_an_input_of_numbers_are_refused_as_such_and_so_are_numbers_for_texts(checker, make_config, tmp_path):
    make_reviews(tmp_path)
    try:
        sketch = Sketch()
        sketch.add("stars", "InputLayer", shape=[1], dtype="string")
        sketch.add("city", "InputLayer", shape=[1])
        sketch.add("text", "InputLayer", shape=[], dtype="string")
        sketch.add("answer", "Dense", "city", units=1)
        config = make_config(compile={"loss": "mse"}, data={"dataset": "reviews"})
        issues = check_compile(checker, sketch.end("answer"), config).issues
    finally:
        use_library(None)
    assert {issue.argument: issue.message for issue in issues if issue.code == "input_does_not_fit"} == {
        "data.inputs.stars": "The input 'stars' takes texts (string); those of the data set 'reviews' are numbers.",
        "data.inputs.city": "The input 'city' takes numbers (float32); those of the data set 'reviews' are texts.",
    }
