"""The layers at the beginning of a model that take texts: what they make of a sample is the same in every epoch."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf
from keras.src.models.functional import Functional
from keras.src.ops.node import Node

from engine.data.library.text_arrays import TEXT
from engine.training.samples import convert_as_keras


@dataclass(frozen=True, slots=True)
class TextPart:
    """What a model computes of texts. `layers` do it, and `ends` is what all other layers take: at least one tensor
    that these layers make, and those inputs of the model that go elsewhere too."""

    model: "keras.Model"
    layers: list["keras.layers.Layer"]
    ends: list["keras.KerasTensor"]

    @property
    def made(self) -> list["keras.KerasTensor"]:
        """Those of the ends that are computed."""
        return [end for end in self.ends if find_input(self.model, end) is None]

    @property
    def sample_bytes(self) -> int:
        """What they take of memory for one sample."""
        return sum(math.prod(end.shape[1:]) * np.dtype(end.dtype).itemsize for end in self.made)


def find_input(model: "keras.Model", tensor: "keras.KerasTensor") -> int | None:
    """Which of the model's inputs the tensor is, None where it is none."""
    return next((place for place, one in enumerate(model.inputs) if one is tensor), None)


def find_text_part(model: "keras.Model") -> TextPart | str | None:
    """The part of the model that takes texts, or why it cannot be told from the rest; None where there are no texts."""
    if not isinstance(model, Functional):
        return None
    nodes = [node for depth in model._nodes_by_depth.values() for node in depth if not node.is_input]  # noqa: SLF001
    part = _find_nodes(nodes)
    if not part:
        return None
    layers = list({id(node.operation): node.operation for node in nodes if node in part}.values())
    taken = [tensor for node in nodes if node not in part for tensor in node.input_tensors]
    made = {id(tensor) for node in part for tensor in node.outputs} | {id(tensor) for tensor in model.inputs}
    ends = list({id(one): one for one in [*taken, *model.outputs] if id(one) in made}.values())
    fault = next((fault for one in layers if (fault := _find_layer_fault(one))), None)
    fault = fault or next((fault for one in ends if (fault := _find_end_fault(one))), None)
    return fault or TextPart(model, layers, ends)


def _find_nodes(nodes: list[Node]) -> set[Node]:
    """The calls that take or give texts, and all before them."""
    makers = {id(tensor): node for node in nodes for tensor in node.outputs}
    waiting = [
        node
        for node in nodes
        if any(one.dtype == TEXT for one in (*node.input_tensors, *tf.nest.flatten(node.outputs)))
    ]
    found: set[Node] = set()
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting.extend(makers[id(one)] for one in node.input_tensors if id(one) in makers)
    return found


def _find_layer_fault(layer: "keras.Operation") -> str | None:
    """Why what it makes may be another thing in the next epoch, or in another batch."""
    if not isinstance(layer, keras.layers.Layer):
        return f"{layer.name!r} is an operation, which may look at a whole batch"
    # What is drawn at random has a seed's state, and what learns has weights.
    if layer.variables:
        return f"{layer.name!r} has weights or draws at random"
    if layer.losses or getattr(layer, "activity_regularizer", None) is not None:
        return f"{layer.name!r} adds to the loss"
    return None


def _find_end_fault(end: "keras.KerasTensor") -> str | None:
    name = end._keras_history.operation.name  # noqa: SLF001 - Keras says in no other way where a tensor comes from
    if end.dtype == TEXT:
        return f"what {name!r} gives are texts"
    if end.sparse or getattr(end, "ragged", False):
        return f"what {name!r} gives is sparse or ragged"
    if None in end.shape[1:]:
        return f"the length of what {name!r} gives differs from batch to batch"
    dtype = str(end.dtype)
    if dtype == "bfloat16" or convert_as_keras(np.zeros(1, dtype)).dtype != dtype:
        return f"what {name!r} gives is {dtype}, which would not stay as exact"
    return None


def list_names(layers: "list[keras.layers.Layer]") -> Iterator[str]:
    """As a person knows them."""
    return (f"{one.name} ({type(one).__name__})" for one in layers)
