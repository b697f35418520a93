"""Graphs inside graphs in the ways that exported code has to write differently."""

from collections.abc import Callable

from engine.graph.document import Graph, TensorReference
from tests.engine.models.sketch import Sketch, make_chain


def make_block(name: str | None = None) -> Graph:
    """A small model with a skip connection, on vectors of four."""
    block = Sketch()
    block.add("inner", "InputLayer", shape=[4])
    block.add("dense", "Dense", "inner", units=4, activation="relu")
    block.add("skip", "Add", ["inner", "dense"])
    return block.graph.model_copy(update={"name": name})


def wrapped_model() -> Graph:
    """A model under TimeDistributed, with a name of its own."""
    sketch = Sketch()
    sketch.add("frames", "InputLayer", shape=[3, 4])
    sketch.add("each", "TimeDistributed", "frames", graph=make_block("frame_model"))
    sketch.add("sum", "GlobalAveragePooling1D", "each")
    return sketch.graph


def wrapped_and_shared() -> Graph:
    """The same, used twice, frozen, beside a layer with a name that is a word of Python."""
    sketch = Sketch()
    for name in ("first", "second"):
        sketch.add(name, "InputLayer", shape=[3, 4])
    sketch.add("each", "TimeDistributed", "first", graph=make_block(), trainable=False)
    sketch.call("each", "second", node="again")
    sketch.add("lambda", "Subtract", ["each", "again"])
    sketch.add("float", "ReLU", "lambda", max_value=2.5)
    return sketch.graph


def frozen_base() -> Graph:
    """What fine-tuning looks like: a chain on a frozen model."""
    sketch = Sketch()
    sketch.add("x", "InputLayer", shape=[4])
    sketch.add("base", "Functional", "x", graph=make_block(), trainable=False)
    sketch.add("head", "Dense", "base", units=2)
    return sketch.graph


def sequential_inside() -> Graph:
    sketch = Sketch()
    sketch.add("x", "InputLayer", shape=[8])
    chain = make_chain(("Dense", {"units": 4}), ("Dropout", {"rate": 0.5}))
    sketch.add("encoder", "Sequential", "x", graph=chain)
    sketch.add("twice", "Add", ["encoder", "encoder"])
    return sketch.graph


def sequential_with_named_ends() -> Graph:
    graph = make_chain(("Dense", {"units": 4}), ("Dense", {"units": 2}))
    graph.inputs, graph.outputs = [TensorReference(node="x")], [TensorReference(node="layer_1")]
    return graph.model_copy(update={"class_name": "Sequential"})


def several_inputs_inside() -> Graph:
    """A nested model with two inputs and two outputs, of which one is used."""
    inner = Sketch()
    inner.add("a", "InputLayer", shape=[4])
    inner.add("b", "InputLayer", shape=[4])
    inner.add("sum", "Add", ["a", "b"])
    inner.add("gap", "Subtract", ["a", "b"])
    sketch = Sketch()
    sketch.add("left", "InputLayer", shape=[4])
    sketch.add("right", "InputLayer", shape=[4])
    sketch.add("compare", "Functional", ["left", "right"], graph=inner.graph)
    sketch.add("end", "Dense", ("compare", 1), units=1)
    return sketch.end("end")


def three_deep() -> Graph:
    middle = Sketch()
    middle.add("m", "InputLayer", shape=[4])
    middle.add("block", "Functional", "m", graph=make_block())
    middle.call("block", "block", node="again")
    sketch = Sketch()
    sketch.add("x", "InputLayer", shape=[4])
    sketch.add("tower", "Functional", "x", graph=middle.graph)
    sketch.add("block", "Dense", "tower", units=2)
    return sketch.graph


NESTED: dict[str, Callable[[], Graph]] = {
    made.__name__: made
    for made in (
        wrapped_model, wrapped_and_shared, frozen_base, sequential_inside, sequential_with_named_ends,
        several_inputs_inside, three_deep,
    )
}  # fmt: skip
