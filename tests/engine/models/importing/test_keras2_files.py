"""Files of the real Keras 2.15 (folder keras2; its README says how they were made) give the answers that it gave."""

from pathlib import Path

import numpy as np
import pytest

from engine.errors import EngineError
from engine.models.builder import build_model
from engine.models.check import GraphChecker
from engine.models.importing.files import import_file
from engine.models.weight_sources import receive_weights
from engine.models.weights import apply_weights, read_weights

FILES = Path(__file__).parent / "keras2"


def read_arrays(name):
    with np.load(FILES / f"{name}.npz") as arrays:
        inputs = [arrays[key] for key in sorted(arrays) if key.startswith("x")]
        return inputs, [arrays[key] for key in sorted(arrays) if key.startswith("y")]


def answer(model, inputs):
    found = model(inputs if len(inputs) > 1 else inputs[0], training=False)
    return [np.asarray(one) for one in (found if isinstance(found, list) else [found])]


@pytest.mark.parametrize("name", ["sequential", "functional", "masked"])
def test_a_model_answers_what_it_answered_in_keras_2(name, tmp_path):
    destination = tmp_path / "weights.npz"
    result = import_file(FILES / f"{name}.h5", destination)
    model = build_model(result.graph)
    apply_weights(model, read_weights(destination))
    inputs, expected = read_arrays(name)
    for one, other in zip(answer(model, inputs), expected, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)


@pytest.mark.parametrize("name", ["sequential", "functional", "masked", "custom"])
def test_the_json_gives_the_same_document_as_the_file(name):
    assert import_file(FILES / f"{name}.json").graph == import_file(FILES / f"{name}.h5").graph


def test_structure_is_kept():
    graph = import_file(FILES / "functional.json").graph
    layers = {layer.id: layer for layer in graph.layers}
    calls = [node.layer for node in graph.nodes]
    assert calls.count("shared") == calls.count("inner") == 2
    inner = layers["inner"].graph
    assert inner is not None
    assert [(one.id, one.trainable) for one in inner.layers[1:]] == [("norm", False), ("inside", True)]
    wrapped = layers["td"].graph
    assert wrapped is not None
    assert (wrapped.class_name, wrapped.name) == ("Sequential", "per_step")
    places = sorted((edge.source, edge.output, edge.path) for edge in graph.edges if edge.argument == "initial_state")
    assert places == [("encoder", 1, [0]), ("encoder", 2, [1])]
    assert [one.argument for one in graph.edges if one.target == "att"] == [0, "value"]


def test_arguments_that_keras_3_lacks_are_told_once_for_all_layers():
    report = import_file(FILES / "functional.h5").report
    assert {issue.code for issue in report} == {"argument_left_out"}
    assert any("time_major=False" in one.message and "2 layers: encoder, decoder" in one.message for one in report)


def test_compile_settings_are_read():
    sequential = import_file(FILES / "sequential.h5").compile
    assert sequential == {
        "optimizer": {"class_name": "Adam", "config": {"learning_rate": 0.002, "beta_1": 0.8}},
        "loss": "sparse_categorical_crossentropy",
        "metrics": ["accuracy"],
    }
    functional = import_file(FILES / "functional.h5").compile
    assert functional is not None
    assert (functional["loss"], functional["loss_weights"]) == (["mse", "mae", None, None], [1.0, 0.5, 0, 0])


def test_what_is_not_known_is_a_placeholder_with_an_issue_on_its_node():
    result = import_file(FILES / "custom.h5")
    told = [issue.layer for issue in result.report if issue.code == "placeholder"]
    assert told == ["twice", "plus", "tf.math.multiply"]
    kept = {layer.id: layer for layer in result.graph.layers}
    assert kept["twice"].class_name == "Twice"
    assert "function" in kept["plus"].config
    assert [(edge.source, edge.target) for edge in result.graph.edges] == [
        ("input_2" if "input_2" in kept else result.graph.nodes[0].id, "twice"),
        ("twice", "plus"),
        ("plus", "tf.math.multiply"),
        ("tf.math.multiply", "end"),
    ]
    assert [issue.node for issue in GraphChecker().check(result.graph).issues] == ["twice"]


def test_the_first_layer_of_an_old_sequential_says_the_shape():
    graph = import_file(FILES / "no_input_layer.json").graph
    assert (graph.layers[0].class_name, graph.layers[0].config) == ("InputLayer", {"shape": [3]})
    assert GraphChecker().check(graph).parameters == 26


def test_a_weights_file_is_no_model_and_fits_its_model_by_layer_names():
    with pytest.raises(EngineError, match="holds weights and no model"):
        import_file(FILES / "masked_weights.h5")
    model = build_model(import_file(FILES / "masked.json").graph)
    received = receive_weights(model, FILES / "masked_weights.h5")
    assert received.fit.fits
    apply_weights(model, received.weights)
    inputs, expected = read_arrays("masked")
    np.testing.assert_allclose(answer(model, inputs)[0], expected[0], atol=1e-6)
