"""The drawing that Keras makes of a model, as DOT and laid out."""

import keras
import pygraphviz

from engine.errors import EngineError
from engine.graph.document import Graph
from engine.layers.scope import open_symbolic_scope
from engine.models.builder import link_graph
from engine.models.limits import Limits

SCREEN_RESOLUTION = "-Gdpi=96"
"""Keras asks for 200 dots per inch, for paper."""


def draw_dot(graph: Graph, name: str, limits: Limits) -> str:
    """Exactly what `keras.utils.model_to_dot` makes, with everything that it can show.

    Raises `GraphError`, and `EngineError` `drawing_too_large`.
    """
    with open_symbolic_scope():
        model = link_graph(graph, name)
        if len(model.operations) > limits.max_drawn_nodes:
            raise EngineError(
                "drawing_too_large",
                f"The model has {len(model.operations)} layers; expected at most {limits.max_drawn_nodes} to draw.",
                "Look at it on the canvas, or put parts of it into a nested graph.",
            )
        dot = keras.utils.model_to_dot(
            model,
            show_shapes=True,
            show_dtype=True,
            show_layer_names=True,
            show_layer_activations=True,
            show_trainable=True,
            expand_nested=True,
        )
    return str(dot.to_string())


def lay_out(dot: str, file_format: str) -> bytes:
    """The drawing laid out by Graphviz's `dot` as an image.

    Graphviz comes as a library inside the `pygraphviz` wheel: nothing has to be installed, and there is no program on
    the search path that a model could make Keras start.
    """
    with pygraphviz.AGraph(string=dot) as drawing:
        image: bytes = drawing.draw(format=file_format, prog="dot", args=SCREEN_RESOLUTION)
    return image
