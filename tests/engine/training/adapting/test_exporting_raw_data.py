"""Exported Python fits preprocessing layers to the training samples, as the run does."""

from pathlib import Path

import pytest
from pydantic import JsonValue

from engine.errors import GraphError
from engine.graph.document import Graph
from engine.models.export import export_model, list_choices
from engine.training.config import RunConfig
from tests.engine.models.sketch import Sketch
from tests.engine.training.adapting.reviews import configure, draw_reviews
from tests.engine.training.exported_apart import Case, Histories, assert_alike, run_apart, write

pytestmark = pytest.mark.usefixtures("reviews")


def on_iris(**data: JsonValue) -> RunConfig:
    return configure(
        compile={"loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]},
        fit={"epochs": 2},
        data={"dataset": "iris", **data},
    )


def draw_chain(class_name: str) -> Graph:
    sketch = Sketch()
    sketch.add("features", "InputLayer", shape=[4])
    sketch.add("smaller", "Rescaling", "features", scale=0.5)
    sketch.add("scaled", "Normalization", "smaller")
    sketch.add("bins", "Discretization", "scaled", num_bins=5, output_mode="one_hot")
    flat = sketch.add("flat", "Flatten", "bins")
    graph = sketch.end(sketch.add("answer", "Dense", flat, units=3, activation="softmax"))
    if class_name == "Sequential":
        return graph.model_copy(update={"class_name": "Sequential", "inputs": None, "outputs": None})
    return graph


def draw_nested() -> Graph:
    """A model that learns inside another one, and a layer that learns from both of its calls."""
    inner = Sketch()
    inner.add("value", "InputLayer", shape=[4])
    inner.add("inner_scaled", "Normalization", "value")
    inside = inner.end("inner_scaled")
    sketch = Sketch()
    sketch.add("features", "InputLayer", shape=[4])
    sketch.add("doubled", "Rescaling", "features", scale=2.0)
    sketch.add("preparing", "Functional", "doubled", graph=inside)
    sketch.add("rounded", "Rescaling", "preparing", scale=3.0)
    sketch.add("shared", "Normalization", "features")
    sketch.call("shared", "rounded", node="again")
    sketch.add("joined", "Concatenate", ["shared", "again"])
    return sketch.end(sketch.add("answer", "Dense", "joined", units=3, activation="softmax"))


STRATIFIED: JsonValue = {"kind": "stratified", "validation": 0.3, "seed": 2}


def list_cases() -> dict[str, Case]:
    return {
        "words": (draw_reviews(), configure()),
        "weighed_words": (draw_reviews(words="tf_idf"), configure(fit={"epochs": 2, "batch_size": 16})),
        "one_after_the_other": (draw_chain("Functional"), on_iris(split=STRATIFIED)),
        "sequential": (draw_chain("Sequential"), on_iris(split=STRATIFIED)),
        "folds": (draw_chain("Functional"), on_iris(split={"kind": "k_fold", "folds": 2})),
        "inside_and_shared": (draw_nested(), on_iris()),
    }


@pytest.fixture(scope="module")
def apart(reviews: None, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], dict[str, Histories]]:
    codes = {name: write(*case) for name, case in list_cases().items()}
    return codes, run_apart(codes, tmp_path_factory.mktemp("apart"))


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", list_cases())
def test_the_file_learns_and_trains_as_the_run_does(
    name: str, apart: tuple[dict[str, str], dict[str, Histories]], tmp_path: Path
) -> None:
    assert_alike(apart[1][name], list_cases()[name], tmp_path)


def test_the_file_says_nothing_of_the_data_and_learns_from_the_rows_that_train() -> None:
    words, folds = (write(*list_cases()[name]) for name in ("words", "folds"))

    assert "Gdańsk" not in words
    assert "[one[: math.floor(len(one) * (1 - 0.2))] for one in x]" in words
    assert "model = build_model(x[training])" in folds


def test_without_data_the_file_says_what_to_give_and_trains_nothing() -> None:
    code = export_model(draw_chain("Functional"), "python", "m").content.decode()

    assert "fitted to x, the samples that train it" in " ".join(code.split())
    assert "__main__" not in code
    compile(code, "exported.py", "exec")


def test_a_formula_takes_no_name_that_the_fitting_needs() -> None:
    formula: JsonValue = {"class_name": "ExpressionMetric", "config": {"expression": "y_pred", "name": "read_batches"}}
    compiled: JsonValue = {"loss": "sparse_categorical_crossentropy", "metrics": [formula]}
    config = RunConfig.model_validate({"compile": compiled, "data": {"dataset": "iris"}})

    code = write(draw_chain("Functional"), config)

    assert code.count("def read_batches(") == 1
    assert "def read_batches_2(" in code


def draw_behind_weights() -> Graph:
    sketch = Sketch()
    sketch.add("features", "InputLayer", shape=[4])
    sketch.add("hidden", "Dense", "features", units=4)
    sketch.add("scaled", "Normalization", "hidden")
    return sketch.end(sketch.add("answer", "Dense", "scaled", units=3))


def test_a_layer_behind_weights_is_refused_on_its_node() -> None:
    graph = draw_behind_weights()

    with pytest.raises(GraphError, match="stands behind 'hidden'") as caught:
        write(graph, on_iris())

    assert [(one.code, one.node) for one in caught.value.issues] == [("format_cannot_hold", "scaled")]
    obstacles = {one.name: one.obstacles for one in list_choices(graph).formats}
    assert obstacles["python"] == caught.value.issues
    assert {one.name: one.obstacles for one in list_choices(draw_reviews()).formats}["python"] == []


def test_what_would_be_computed_in_16_bits_is_refused() -> None:
    half = on_iris().model_copy(update={"precision": "mixed_bfloat16"})

    with pytest.raises(GraphError, match="computed in 16 bits"):
        write(draw_chain("Functional"), half)
