"""More graphs for the formats that need no Keras: what their converters have trouble with."""

from collections.abc import Callable

from engine.graph.document import Graph
from tests.engine.models.samples import SAMPLES
from tests.engine.models.sketch import Sketch, make_chain


def convolutions() -> Graph:
    return make_chain(
        ("Conv2D", {"filters": 4, "kernel_size": 3, "padding": "same"}),
        ("BatchNormalization", {}),
        ("DepthwiseConv2D", {"kernel_size": 3}),
        ("Conv2DTranspose", {"filters": 2, "kernel_size": 3, "strides": 2}),
        ("GlobalAveragePooling2D", {}),
        ("Dense", {"units": 3}),
        shape=[8, 8, 1],
    )


def recurrent() -> Graph:
    return make_chain(
        ("LSTM", {"units": 4, "return_sequences": True}),
        ("Bidirectional", {"layer": {"class_name": "GRU", "config": {"units": 3}}}),
        shape=[6, 5],
    )


def masked_words() -> Graph:
    graph = make_chain(
        ("Embedding", {"input_dim": 20, "output_dim": 4, "mask_zero": True}),
        ("LSTM", {"units": 4}),
        ("Dense", {"units": 2}),
        shape=[7],
    )
    graph.layers[0].config = {"shape": [7], "dtype": "int32"}
    return graph


def augmented() -> Graph:
    """In inference none of these changes anything."""
    return make_chain(
        ("RandomFlip", {}), ("RandomRotation", {"factor": 0.5}), ("Dropout", {"rate": 0.5}), shape=[8, 8, 1]
    )


def operations() -> Graph:
    """Operations of `keras.ops` as nodes, with constants and with two tensors."""
    sketch = Sketch()
    sketch.add("x", "InputLayer", shape=[6, 4])
    sketch.add("dense", "Dense", "x", units=4)
    sketch.add("total", "add", "x")
    sketch.connect("dense", "total", argument=1)
    sketch.add("bent", "tanh", "total")
    sketch.add("middle", "mean", "bent", axis=1)
    sketch.add("shares", "softmax", "middle", axis=-1)
    for layer in sketch.graph.layers[2:]:
        layer.package = "keras.ops"
    return sketch.graph


def own_layers() -> Graph:
    """Every layer that Keras has not, and a formula."""
    sketch = Sketch()
    sketch.add("x", "InputLayer", shape=[6, 4])
    sketch.add("local", "LocallyConnected1D", "x", filters=3, kernel_size=2)
    sketch.add("bent", "SReLU", "local")
    sketch.add("cut", "ThresholdedReLU", "bent", theta=0.1)
    sketch.add("gate", "Expression", "cut", expression="x * sigmoid(x)")
    sketch.add("highway", "Highway", "gate")
    sketch.add("best", "MaxoutDense", "highway", units=2)
    for layer in sketch.graph.layers[1:]:
        layer.package = "layerloom"
    sketch.add("picture", "InputLayer", shape=[5, 5, 1])
    sketch.add("patches", "LocallyConnected2D", "picture", filters=2, kernel_size=3)
    sketch.graph.layers[-1].package = "layerloom"
    return sketch.graph


def looked_up() -> Graph:
    graph = make_chain(("StringLookup", {"vocabulary": ["a", "b"]}), shape=[1])
    graph.layers[0].config = {"shape": [1], "dtype": "string"}
    return graph


def pooled_inside() -> Graph:
    """LiteRT has no pooling in three dimensions, and here it is inside a nested graph that is used twice."""
    inner = Sketch()
    inner.add("volume", "InputLayer", shape=[None, None, None, 1])
    inner.add("pool", "MaxPooling3D", "volume")
    sketch = Sketch()
    sketch.add("x", "InputLayer", shape=[8, 8, 8, 1])
    sketch.add("shrink", "Functional", "x", graph=inner.graph)
    sketch.call("shrink", "shrink", node="shrink_again")
    return sketch.graph


SERVED: dict[str, Callable[[], Graph]] = {
    **SAMPLES,
    **{made.__name__: made for made in (convolutions, recurrent, masked_words, augmented, operations, own_layers)},
}
"""What every format holds."""

CELLS = {"nested_layers", "recurrent", "shared_layer", "states_by_keyword", "masked_words"}
"""Those that loop over time."""
