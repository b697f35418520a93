"""Finds symbolic inputs that a layer of the catalogue can be called on, by trying."""

from itertools import product

import keras

from engine.layers.making import make_object
from engine.layers.schema import CallArgument, Entry

SHAPES: list[tuple[int, ...]] = [(8,), (6, 8), (8, 8, 3), (8, 8, 8, 3), (4, 8, 8, 8, 3), (4096,), (512, 1)]
DTYPES = ["float32", "int32", "string"]

Called = keras.KerasTensor | list[keras.KerasTensor] | dict[str, keras.KerasTensor]


def call_somehow(value: type, entry: Entry) -> list[keras.KerasTensor]:
    """The outputs of the layer on the first kind of input that it takes. Raises AssertionError where it takes none."""
    refusals = []
    for shape, dtype in product(SHAPES, DTYPES):
        layer: keras.layers.Layer = make_object(value, entry.example)
        one = [keras.Input(shape, dtype=dtype)]
        for inputs in (_inputs(layer, entry.call, shape, dtype), [_labelled_images(shape)], one):
            try:
                outputs = layer(*inputs)
            except Exception as error:  # noqa: BLE001 - any error means that this is not the input for this layer
                refusals.append(f"{dtype}{shape}: {type(error).__name__}: {error}"[:300])
            else:
                return list(keras.tree.flatten(outputs))
    raise AssertionError("\n".join([f"{entry.class_name} takes none of these:", *refusals]))


def _inputs(layer: keras.layers.Layer, call: list[CallArgument], shape: tuple[int, ...], dtype: str) -> list[object]:
    """What the required arguments of the call get, in their order."""
    return [
        _states(layer) if argument.name == "states" else _tensor(argument, shape, dtype)
        for argument in call
        if argument.required and argument.tensor
    ]


def _tensor(argument: CallArgument, shape: tuple[int, ...], dtype: str) -> object:
    one = keras.Input(shape, dtype=dtype)
    return [one, keras.Input(shape, dtype=dtype)] if argument.many else one


def _states(cell: keras.layers.Layer) -> object:
    return keras.tree.map_structure(lambda size: keras.Input((size,)), cell.state_size)


def _labelled_images(shape: tuple[int, ...]) -> dict[str, object]:
    """What the augmentations that mix images take: the images with their labels and boxes."""
    boxes = {"boxes": keras.Input((5, 4)), "labels": keras.Input((5,))}
    return {"images": keras.Input(shape), "labels": keras.Input((10,)), "bounding_boxes": boxes}
