"""Graphs of every shape that a drawing can have, each of which Keras can build."""

from collections.abc import Callable

from engine.graph.document import Graph, TensorReference
from tests.engine.models.sketch import Sketch, make_chain


def chain() -> Graph:
    return make_chain(
        ("Conv2D", {"filters": 4, "kernel_size": [3, 3], "activation": "relu", "kernel_initializer": "he_normal"}),
        ("BatchNormalization", {}),
        ("MaxPooling2D", {}),
        ("Flatten", {}),
        ("Dropout", {"rate": 0.25}),
        ("Dense", {"units": 3, "kernel_regularizer": {"class_name": "L2", "config": {"l2": 0.5}}}),
        shape=[8, 8, 1],
    )


def two_inputs_two_outputs() -> Graph:
    sketch = Sketch()
    sketch.add("left", "InputLayer", shape=[4])
    sketch.add("right", "InputLayer", shape=[6])
    sketch.add("right_small", "Dense", "right", units=4)
    sketch.add("both", "Concatenate", ["right_small", "left"])
    sketch.add("main", "Dense", "both", units=2, activation="softmax")
    sketch.add("extra", "Dense", "right_small", units=1)
    graph = sketch.end("extra", "main")
    graph.inputs = [TensorReference(node="right"), TensorReference(node="left")]
    return graph


def shared_layer() -> Graph:
    sketch = Sketch()
    sketch.add("first", "InputLayer", shape=[5, 3])
    sketch.add("second", "InputLayer", shape=[5, 3])
    sketch.add("encoder", "LSTM", "first", units=4)
    sketch.call("encoder", "second", node="encoder_again")
    sketch.add("gap", "Subtract", ["encoder", "encoder_again"])
    sketch.add("same", "Dense", "gap", units=1, activation="sigmoid")
    return sketch.graph


def states_by_keyword() -> Graph:
    sketch = Sketch()
    sketch.add("words", "InputLayer", shape=[None], dtype="int32")
    sketch.add("embed", "Embedding", "words", input_dim=20, output_dim=6, mask_zero=True)
    sketch.add("encoder", "LSTM", "embed", units=4, return_state=True)
    sketch.add("decoder", "LSTM", "embed", units=4, return_sequences=True)
    sketch.connect(("encoder", 1), "decoder", argument="initial_state", path=[0])
    sketch.connect(("encoder", 2), "decoder", argument="initial_state", path=[1])
    return sketch.end("decoder", ("encoder", 0))


def attention() -> Graph:
    sketch = Sketch()
    sketch.add("tokens", "InputLayer", shape=[7, 8])
    sketch.add("memory", "InputLayer", shape=[5, 8])
    sketch.add(
        "attend",
        "MultiHeadAttention",
        keywords={"query": "tokens", "value": "memory"},
        arguments={"return_attention_scores": True},
        num_heads=2,
        key_dim=4,
    )
    sketch.add("residual", "Add", ["tokens", ("attend", 0)])
    sketch.add("norm", "LayerNormalization", "residual")
    return sketch.end("norm", ("attend", 1))


def nested_twice() -> Graph:
    block = Sketch()
    block.add("inner", "InputLayer", shape=[4])
    block.add("dense", "Dense", "inner", units=4, activation="relu")
    block.add("skip", "Add", ["inner", "dense"])
    sketch = Sketch()
    sketch.add("x", "InputLayer", shape=[4])
    sketch.add("block", "Functional", "x", graph=block.graph, trainable=False)
    sketch.call("block", "block", node="block_again")
    sketch.add("y", "Dense", "block_again", units=2, trainable=False)
    return sketch.graph


def nested_layers() -> Graph:
    return make_chain(
        ("TimeDistributed", {"layer": {"class_name": "Dense", "config": {"units": 3}}}),
        ("Bidirectional", {"layer": {"class_name": "LSTM", "config": {"units": 4, "return_sequences": True}}}),
        ("RNN", {"cell": {"class_name": "GRUCell", "config": {"units": 2}}}),
        shape=[6, 5],
    )


SAMPLES: dict[str, Callable[[], Graph]] = {
    made.__name__: made
    for made in (chain, two_inputs_two_outputs, shared_layer, states_by_keyword, attention, nested_twice, nested_layers)
}
