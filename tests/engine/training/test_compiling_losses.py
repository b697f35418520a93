"""Losses that do not fit output and target are explained, and each fix that is offered mends it."""

import keras
import numpy as np
import pytest
from sklearn.datasets import load_digits

from engine.data import datasets
from engine.data.schema import ArraySpec
from engine.data.source import Arguments, Array, Source
from engine.models.check import GraphChecker
from engine.training.compiling import check_compile
from tests.engine.training.mending import mend

SPARSE = "sparse_categorical_crossentropy"
ONE_HOT = "categorical_crossentropy"
BINARY = "binary_crossentropy"


@pytest.fixture(scope="module")
def checker():
    return GraphChecker()


def make_object(class_name, **config):
    return {"class_name": class_name, "config": config}


def make_source(name, make_target):
    """Digits with another target."""

    def load() -> dict[str, Array]:
        digits = load_digits()
        return {"image": digits.data.astype("float32"), "target": make_target(digits.target)}

    shape = list(make_target(np.arange(10)).shape[1:])
    return Source(
        name=name,
        title=name,
        origin="scikit-learn",
        task="classification",
        samples=1797,
        description="Digits with another target.",
        inputs=(ArraySpec(name="image", shape=[64], dtype="float32"),),
        targets=(ArraySpec(name="target", shape=shape, dtype="float32"),),
        arguments=Arguments,
        load=load,
    )


TARGETS = {
    "one_hot": lambda digits: keras.utils.to_categorical(digits, 10),
    "bits": lambda digits: np.stack([digits >> place & 1 for place in range(4)], axis=1).astype("float32"),
    "shifted": lambda digits: digits - 1,
    "signed": lambda digits: (digits - 4.5).astype("float32"),
    "halved": lambda digits: np.stack([digits, digits / 2, -digits], axis=1).astype("float32"),
}


@pytest.fixture
def target(request, monkeypatch):
    """The name of a data set: digits with the target of `TARGETS` of that name."""
    source = make_source(request.param, TARGETS[request.param])
    monkeypatch.setitem(datasets.SOURCES, request.param, source)
    return request.param


@pytest.mark.parametrize(
    ("units", "activation", "loss", "code", "first"),
    [
        (10, "softmax", BINARY, "loss_does_not_fit", f"Take the loss {SPARSE}"),
        (10, "softmax", ONE_HOT, "loss_does_not_fit", f"Take the loss {SPARSE}"),
        (10, None, ONE_HOT, "loss_does_not_fit", f"Take the loss {SPARSE} with from_logits"),
        (10, "softmax", "mse", "loss_does_not_fit", f"Take the loss {SPARSE}"),
        (5, "softmax", SPARSE, "loss_does_not_fit", "Give 'answer' 10 units"),
        (1, "sigmoid", BINARY, "loss_does_not_fit", f"Give 'answer' 10 units (softmax), and take {SPARSE}"),
        (1, "sigmoid", ONE_HOT, "loss_does_not_fit", f"Give 'answer' 10 units (softmax), and take {SPARSE}"),
        (1, None, ONE_HOT, "loss_does_not_fit", f"Give 'answer' 10 units (softmax), and take {SPARSE}"),
        (10, None, SPARSE, "logits_as_probabilities", "Set the activation of 'answer' to softmax"),
        (10, "relu", SPARSE, "logits_as_probabilities", "Set the activation of 'answer' to softmax"),
        (10, "sigmoid", SPARSE, "units_do_not_fit_loss", "Set the activation of 'answer' to softmax"),
        (
            10,
            "softmax",
            make_object("SparseCategoricalCrossentropy", from_logits=True),
            "probabilities_as_logits",
            "Set from_logits of the loss to False",
        ),
    ],
)
def test_a_mistake_with_labels_is_mended(
    units, activation, loss, code, first, checker, make_graph, make_config, tmp_path
):
    graph, config = make_graph(units=units, activation=activation), make_config(compile={"loss": loss})
    issue, labels = mend(checker, graph, config, code, tmp_path)
    assert (issue.argument, issue.node, labels[0]) == ("compile.loss", "node_answer", first)


def test_a_single_softmax_unit_learns_nothing_and_is_mended(checker, make_graph, make_config, tmp_path):
    config = make_config(compile={"loss": BINARY}, data={"dataset": "breast_cancer"})
    issue, labels = mend(checker, make_graph((30,), 1), config, "constant_output", tmp_path)
    assert issue.severity == "error"
    assert labels == ["Set the activation of 'answer' to sigmoid", f"Give 'answer' 2 units, and take {SPARSE}"]


@pytest.mark.parametrize(
    ("target", "units", "activation", "loss", "code", "first"),
    [
        ("one_hot", 10, "softmax", SPARSE, "loss_does_not_fit", f"Take the loss {ONE_HOT}"),
        ("one_hot", 10, "softmax", BINARY, "units_do_not_fit_loss", f"Take the loss {ONE_HOT}"),
        ("one_hot", 4, "softmax", ONE_HOT, "loss_does_not_fit", "Give 'answer' 10 units"),
        ("one_hot", 10, None, ONE_HOT, "logits_as_probabilities", "Set the activation of 'answer' to softmax"),
        ("bits", 4, "sigmoid", ONE_HOT, "units_do_not_fit_loss", f"Take the loss {BINARY}"),
        ("bits", 4, "softmax", BINARY, None, None),
        ("bits", 3, "sigmoid", BINARY, "loss_does_not_fit", "Give 'answer' 4 units"),
        ("signed", 1, "relu", "mse", "target_out_of_range", "Set the activation of 'answer' to linear"),
        ("signed", 1, "sigmoid", "mae", "target_out_of_range", "Set the activation of 'answer' to linear"),
        ("signed", 1, None, BINARY, "loss_does_not_fit", "Take the loss mean_squared_error"),
        ("halved", 1, None, "mse", "loss_does_not_fit", "Give 'answer' 3 units"),
        (
            "halved",
            3,
            "tanh",
            make_object("Huber", delta=2.0),
            "target_out_of_range",
            "Set the activation of 'answer' to linear",
        ),
    ],
    indirect=["target"],
)
def test_a_mistake_with_other_targets_is_mended(
    target, units, activation, loss, code, first, checker, make_graph, make_config, tmp_path
):
    graph = make_graph((64,), units, activation)
    config = make_config(compile={"loss": loss}, data={"dataset": target})
    if code is None:
        assert check_compile(checker, graph, config).ok
        return
    _, labels = mend(checker, graph, config, code, tmp_path)
    assert labels[0] == first


@pytest.mark.parametrize("target", ["shifted"], indirect=True)
def test_labels_below_zero_are_explained(target, checker, make_graph, make_config):
    config = make_config(compile={"loss": SPARSE}, data={"dataset": target})
    (issue,) = check_compile(checker, make_graph((64,)), config).issues
    assert issue.code == "loss_does_not_fit"
    assert "labels count from 0, and the least one is -1" in issue.message


@pytest.mark.parametrize("ending", ["Softmax", "ReLU"])
def test_an_activation_that_is_a_layer_is_found_and_replaced(ending, checker, make_graph, make_config, tmp_path):
    graph = make_graph(units=1 if ending == "ReLU" else 10, activation=None).model_copy(deep=True)
    document = graph.model_dump()
    document["layers"].append({"id": "ending", "class_name": ending})
    document["nodes"].append({"id": "ending", "layer": "ending"})
    document["edges"].append({"id": "last", "source": "node_answer", "target": "ending"})
    graph = type(graph).model_validate(document)
    if ending == "ReLU":
        config = make_config(compile={"loss": BINARY}, data={"dataset": "breast_cancer"})
        graph.layers[0].config["batch_shape"] = [None, 30]
        _, labels = mend(checker, graph, config, "logits_as_probabilities", tmp_path)
        assert labels == ["Set the activation of 'answer' to sigmoid", "Make 'ending' an Activation with sigmoid"]
    else:
        loss = make_object("SparseCategoricalCrossentropy", from_logits=True)
        _, labels = mend(checker, graph, make_config(compile={"loss": loss}), "probabilities_as_logits", tmp_path)
        assert labels == ["Set from_logits of the loss to False", "Make 'ending' an Activation with linear"]


def test_nothing_is_offered_that_does_not_mend(checker, make_graph, make_config):
    config = make_config(compile={"loss": "mse"}, data={"dataset": "diabetes", "targets": {"answer": "features"}})
    (issue,) = check_compile(checker, make_graph((10,), 3, None), config).issues
    assert [fix.label for fix in issue.fixes] == ["Give 'answer' 10 units"]
