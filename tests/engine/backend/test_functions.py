"""Functions between any tensors, and gradients: compared with Keras's own answers and with finite differences."""

import keras
import numpy as np
import pytest

from engine.backend.functions import function, gradients, image_data_format
from engine.backend.graph_values import build_traced, compute_gradients, compute_values
from engine.backend.results import FunctionRequest, GradientsRequest
from engine.errors import EngineError, GraphError
from engine.graph.document import Graph
from tests.engine.models.sketch import Sketch, dense, make_chain

CHAIN = make_chain(dense(3), ("Dropout", {"rate": 0.5}), ("BatchNormalization", {}), dense(2), shape=[4])
X = np.random.default_rng(0).normal(size=(5, 4)).astype("float32")


def make_recurrent() -> Graph:
    """Masked words through an embedding and an LSTM with three outputs."""
    sketch = Sketch()
    words = sketch.add("words", "InputLayer", shape=[5], dtype="int32")
    embedded = sketch.add("embedded", "Embedding", words, input_dim=10, output_dim=2, mask_zero=True)
    lstm = sketch.add("lstm", "LSTM", embedded, units=2, return_state=True)
    return sketch.end((lstm, 0), (lstm, 2))


def ask(graph: Graph, inputs: object, *outputs: str, training: bool = False):
    request = {"inputs": inputs, "outputs": [{"node": node} for node in outputs], "training": training}
    return compute_values(graph, None, FunctionRequest.model_validate(request))


def test_a_function_answers_what_the_model_answers_and_honours_the_training_flag():
    trace, _ = build_traced(CHAIN, None)
    start, end = trace.tensors["x"], trace.tensors["layer_3"]
    (found,) = function(start, end)([X])
    assert np.allclose(found, trace.model(X, training=False), atol=1e-6)
    (dropped,) = function(start, trace.tensors["layer_1"], training=True)([X])
    (kept,) = function(start, trace.tensors["layer_1"])([X])
    assert np.count_nonzero(dropped) < np.count_nonzero(kept) == 15


def test_an_inner_tensor_can_be_fed_and_be_an_output_too():
    trace, _ = build_traced(CHAIN, None)
    inner = trace.tensors["layer_1"]
    (middle,) = function(trace.tensors["x"], inner)([X])
    end, same = function(inner, [*trace.tensors["layer_3"], *inner])([middle])
    assert np.allclose(end, trace.model(X), atol=1e-6)
    assert np.array_equal(same, middle)


def test_gradients_agree_with_finite_differences():
    trace, _ = build_traced(CHAIN, None)
    start, end = trace.tensors["x"], trace.tensors["layer_3"]
    kernel = trace.layers["layer_0"].kernel
    before = keras.ops.convert_to_numpy(kernel)
    (found,) = gradients(start, end, [kernel])([X])
    step = np.zeros_like(before)
    step[1, 2] = 1e-2
    run = function(start, end)
    sums = []
    for sign in (1, -1):
        kernel.assign(before + sign * step)
        sums.append(float(np.sum(run([X])[0])))
    assert float(found[1, 2]) == pytest.approx((sums[0] - sums[1]) / 2e-2, rel=1e-2, abs=1e-3)
    (by_input,) = gradients(start, end, [0])([X])
    assert by_input.shape == (5, 4)


def test_what_the_outputs_do_not_depend_on_has_no_gradient():
    request = {"inputs": {"x": X.tolist()}, "outputs": [{"node": "layer_0"}]}
    asked = GradientsRequest.model_validate({**request, "with_respect_to": {"variables": ["layer_3", "layer_0"]}})
    found = compute_gradients(CHAIN, None, asked).gradients
    assert [(one.path, one.gradient is None) for one in found] == [
        ("layer_3/kernel", True), ("layer_3/bias", True), ("layer_0/kernel", False), ("layer_0/bias", False),
    ]  # fmt: skip


def test_masks_and_several_outputs_work():
    found = compute_values(
        make_recurrent(),
        None,
        FunctionRequest.model_validate(
            {"inputs": {"words": [[1, 2, 0, 0, 0]]}, "outputs": [{"node": "lstm", "output": 2}, {"node": "lstm"}]}
        ),
    )
    short = ask(make_recurrent(), {"words": [[1, 2, 0, 0, 0]]}, "lstm")
    assert found.outputs[1].values == short.outputs[0].values
    asked = {"inputs": {"words": [[1, 2, 0, 0, 0]]}, "outputs": [{"node": "lstm"}]}
    (gradient,) = compute_gradients(
        make_recurrent(), None, GradientsRequest.model_validate({**asked, "with_respect_to": {"inputs": ["words"]}})
    ).gradients
    assert gradient.gradient is None


def test_nan_and_infinities_travel_as_strings():
    found = ask(CHAIN, {"layer_2": [[1, "NaN", "-Infinity"]]}, "layer_2", "layer_3").outputs
    assert found[0].values == [[1, "NaN", "-Infinity"]]
    assert found[1].values == [["NaN", "NaN"]]


def test_new_weights_are_the_same_every_time():
    assert ask(CHAIN, {"x": X.tolist()}, "layer_3") == ask(CHAIN, {"x": X.tolist()}, "layer_3")


@pytest.mark.parametrize(
    ("inputs", "code", "node"),
    [
        ({"x": [[1, 2], [3]]}, "ragged_values", "x"),
        ({"x": [[1, 2, 3, "x"]]}, "invalid_values", "x"),
        ({"x": [[1, 2, 3, None]]}, "invalid_values", "x"),
        ({"x": [[1, 2, 3, 10**30]]}, "invalid_values", "x"),
        ({"x": 1}, "values_do_not_fit", "x"),
        ({"x": []}, "values_do_not_fit", "x"),
        ({"x": [[]]}, "values_do_not_fit", "x"),
        ({"x": {"a": 1}}, "unknown_output", "x"),
        ({"x": {"7": [[1]]}}, "unknown_output", "x"),
        ({"gone": [[1]]}, "unknown_node", None),
        ({"layer_3": [[1, 2]]}, "not_fed", "x"),
        ({"x": [[1] * 4], "layer_3": [[1, 2]]}, "not_needed", "layer_3"),
    ],
)
def test_values_that_do_not_fit_are_explained_on_their_node(inputs: object, code: str, node: str | None):
    with pytest.raises(GraphError) as refusal:
        ask(CHAIN, inputs, "layer_2")
    assert (code, node) in {(issue.code, issue.node) for issue in refusal.value.issues}


def test_deep_lists_and_too_many_numbers_are_refused():
    deep: list[object] = [1.0]
    for _ in range(50):
        deep = [deep]
    for values in (deep, [[0] * 4] * 300_000):
        with pytest.raises(GraphError):
            ask(CHAIN, {"x": values}, "layer_2")


def test_numbers_beyond_what_a_layer_takes_are_explained():
    with pytest.raises(EngineError) as refusal:
        ask(make_recurrent(), {"words": [[1, 2, 3, 4, 99]]}, "embedded")
    assert refusal.value.code == "cannot_compute"
    with pytest.raises(GraphError):
        ask(make_recurrent(), {"words": [[1, 2, 3, 4, 0.5]]}, "embedded")


def test_the_image_data_format_is_kerass():
    assert image_data_format() == keras.config.image_data_format()
