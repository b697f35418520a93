"""The build: the model that Keras would make by hand, with the right names, flags and order."""

import keras
import numpy as np
import pytest

from engine.errors import GraphError
from engine.graph.document import Graph
from engine.models.builder import build_model
from engine.models.limits import Limits
from tests.engine.models.samples import SAMPLES, nested_twice, shared_layer, states_by_keyword, two_inputs_two_outputs
from tests.engine.models.sketch import Sketch, dense, make_chain


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_sample_builds_and_answers_a_batch(sample: str):
    model = build_model(SAMPLES[sample]())

    batch = [np.ones([2, *(size or 5 for size in tensor.shape[1:])], tensor.dtype) for tensor in model.inputs]
    answers = keras.tree.flatten(model(batch if len(batch) > 1 else batch[0]))

    assert [answer.shape[0] for answer in answers] == [2] * len(model.outputs)
    assert all(np.isfinite(answer).all() for answer in answers)


def test_the_model_has_the_names_and_the_order_of_the_document():
    model = build_model(two_inputs_two_outputs(), "Left & right")

    assert model.name == "Left_right"
    assert [tensor.name for tensor in model.inputs] == ["right", "left"]
    assert model.output_names == ["extra", "main"]
    assert [layer.name for layer in model.layers] == ["right", "right_small", "left", "both", "extra", "main"]


def test_a_shared_layer_is_one_layer_with_one_set_of_weights():
    model = build_model(shared_layer())

    assert [layer.name for layer in model.layers].count("encoder") == 1
    twins = [np.full((1, 5, 3), 0.5, "float32")] * 2
    assert model(twins).numpy() == pytest.approx(0.5)


def test_a_nested_graph_is_a_model_in_the_model_and_keeps_its_trainable_flag():
    model = build_model(nested_twice())

    block = model.get_layer("block")
    assert isinstance(block, keras.Model)
    assert [layer.name for layer in block.layers] == ["inner", "dense", "skip"]
    assert (len(model.weights), len(model.trainable_weights)) == (4, 0)


def test_masks_reach_the_layers_that_use_them():
    model = build_model(states_by_keyword())

    padded, cut = np.array([[3, 4, 0, 0]]), np.array([[3, 4]])

    assert model(padded)[1].numpy() == pytest.approx(model(cut)[1].numpy())


def test_the_same_seed_gives_the_same_weights_however_many_models_were_built_before():
    graph = make_chain(("Dense", {"units": 3}))
    keras.utils.set_random_seed(7)
    first = build_model(graph).get_weights()
    build_model(SAMPLES["nested_layers"]())
    keras.utils.set_random_seed(7)

    second = build_model(graph).get_weights()

    assert all((a == b).all() for a, b in zip(first, second, strict=True))


def test_the_layers_that_keras_names_itself_get_the_same_names_in_every_build():
    names = [[weight.path for weight in build_model(SAMPLES["nested_layers"]()).weights] for _ in range(2)]

    assert names[0] == names[1]


def test_a_graph_with_faults_raises_all_of_them_and_allocates_nothing():
    graph = make_chain(("Dense", {"units": 10**9}), ("Dense", {"units": 10**5}), ("Dense", {"units": "many"}))

    with pytest.raises(GraphError) as caught:
        build_model(graph)

    assert [(issue.code, issue.node) for issue in caught.value.issues] == [("too_many_parameters", "layer_1")]
    keras.Input((2,))
    build_model(make_chain(("Dense", {"units": 1})))


def test_a_model_that_is_too_large_as_a_whole_is_refused():
    graph = make_chain(*[dense(8)] * 3)

    with pytest.raises(GraphError, match="The model has 216 parameters; expected at most 100") as caught:
        build_model(graph, limits=Limits(max_parameters=100))

    assert caught.value.code == "invalid_graph"


def test_a_graph_nested_too_deeply_is_refused():
    graph = make_chain(("Dense", {"units": 2}))
    for _ in range(3):
        sketch = Sketch()
        sketch.add("x", "InputLayer", shape=[8])
        sketch.add("inner", "Functional", "x", graph=graph)
        graph = sketch.graph

    assert build_model(graph, limits=Limits(max_depth=3)).count_params() == 18
    with pytest.raises(GraphError, match="Graphs are nested more than 2 deep"):
        build_model(graph, limits=Limits(max_depth=2))


def test_an_empty_graph_is_refused():
    with pytest.raises(GraphError, match="The graph has no input"):
        build_model(Graph())
