"""The arguments of `ImageDataGenerator` as Keras's random layers: the same as Keras does for both, there and back."""

import inspect

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keras.src.legacy.preprocessing.image import ImageDataGenerator, apply_affine_transform
from pydantic import JsonValue

from engine.data.value_range import find_limits
from engine.errors import ConfigError, EngineError
from engine.graph.document import Graph
from engine.graph.topology import Topology
from engine.models.check import GraphChecker
from engine.training.augmentation.arguments import UNAVAILABLE, describe_augmentation
from engine.training.augmentation.augment import augment_graph
from engine.training.augmentation.schema import Augmentation
from engine.training.config import DataSettings
from tests.engine.training.augmentation_graphs import draw_chain

pytestmark = pytest.mark.filterwarnings("ignore:Please import `affine_transform`:DeprecationWarning")
"""Keras's own function takes scipy's by its old name."""

DENSE: tuple[str, dict[str, JsonValue]] = ("Dense", {"units": 3})
CHECKER = GraphChecker()


def augment(graph: Graph, arguments: dict[str, JsonValue] | None, data: str | None = "digits") -> Augmentation:
    return augment_graph(CHECKER, graph, None, arguments, None if data is None else DataSettings(dataset=data))


def list_layers(graph: Graph) -> list[tuple[str, dict[str, JsonValue]]]:
    """Class and config of each layer, in the order of the calls."""
    topology = Topology(graph)
    layers = [topology.layers[topology.nodes[node].layer] for node in topology.order()]
    return [(layer.class_name, layer.config) for layer in layers]


def make_layer(**arguments: JsonValue) -> keras.layers.Layer:
    """The first layer that the arguments stand for, as Keras makes it."""
    _, (class_name, config), *_ = list_layers(augment(draw_chain(DENSE), arguments).graph)
    return getattr(keras.layers, class_name)(**config)


def refuse(arguments: dict[str, JsonValue], shape: list[JsonValue] | None = None) -> ConfigError:
    with pytest.raises(ConfigError) as error:
        augment(draw_chain(DENSE, shape=shape or [8, 8, 1]), arguments)
    return error.value


def test_every_argument_of_keras_is_a_field_or_explained():
    form = describe_augmentation()
    fields = {one.name for one in form.arguments}
    parameters = inspect.signature(ImageDataGenerator).parameters
    assert fields | {*UNAVAILABLE} == {*parameters}
    assert not fields & {*UNAVAILABLE}
    assert {one.name: one.default for one in form.arguments} == {name: parameters[name].default for name in fields}


def test_keras_takes_every_field_that_the_form_offers():
    generator = ImageDataGenerator(
        rotation_range=40, width_shift_range=0.2, height_shift_range=0.2, shear_range=20, zoom_range=[0.8, 1.2],
        brightness_range=[0.8, 1.2], channel_shift_range=20, horizontal_flip=True, vertical_flip=True,
        fill_mode="wrap", cval=3.0, rescale=1 / 255, interpolation_order=0,
    )  # fmt: skip
    picture = np.full((8, 8, 3), 100.0)
    assert generator.random_transform(picture).shape == (8, 8, 3)


def test_degrees_become_parts_of_a_full_turn():
    layer = make_layer(rotation_range=90)
    assert layer.factor == (-0.25, 0.25)
    # Keras's layer, held at its end, against Keras's function, held at its own.
    picture = np.arange(64, dtype="float32").reshape(8, 8, 1)
    turned = keras.layers.RandomRotation(factor=(0.25, 0.25), fill_mode="nearest")(picture[None], training=True)[0]
    expected = apply_affine_transform(picture, theta=90, row_axis=0, col_axis=1, channel_axis=2)
    other = apply_affine_transform(picture, theta=-90, row_axis=0, col_axis=1, channel_axis=2)
    found = np.asarray(turned)
    assert np.allclose(found, expected, atol=1e-3) or np.allclose(found, other, atol=1e-3)


def test_shifts_are_parts_of_the_side_and_pixels_from_one_on():
    layer = make_layer(width_shift_range=0.25, height_shift_range=2)
    assert (layer.width_lower, layer.width_upper) == (-0.25, 0.25)
    assert (layer.height_lower, layer.height_upper) == (-0.25, 0.25)
    remarks = augment(draw_chain(DENSE), {"height_shift_range": 2}).remarks
    assert any("2 pixels are 0.25 of the height of 8" in one for one in remarks)


@pytest.mark.parametrize("zoom", [0.5, [0.5, 1.5]])
def test_a_zoom_shows_as_much_of_the_picture_as_before(zoom: JsonValue):
    layer = make_layer(zoom_range=zoom)
    known = ImageDataGenerator(zoom_range=zoom).zoom_range
    assert [1 + layer.height_lower, 1 + layer.height_upper] == list(known)
    assert [1 + layer.width_lower, 1 + layer.width_upper] == list(known)
    # At the upper end both show half as much again, smaller: what was at the edge has moved inwards by as much.
    picture = np.zeros((9, 9, 1), "float32")
    picture[2, 2] = picture[5, 3] = 1
    out = keras.layers.RandomZoom(height_factor=(0.5, 0.5), width_factor=(0.5, 0.5), fill_mode="constant")
    expected = apply_affine_transform(
        picture, zx=1.5, zy=1.5, row_axis=0, col_axis=1, channel_axis=2, fill_mode="constant"
    )
    np.testing.assert_allclose(np.asarray(out(picture[None], training=True))[0], expected, atol=1e-3)


def test_a_shear_slants_lines_that_stand_by_as_much_and_leaves_those_that_lie():
    layer = make_layer(shear_range=30)
    assert layer.x_factor == pytest.approx((-0.5, 0.5))
    assert layer.y_factor == (0, 0)
    lying = np.zeros((41, 41, 1), "float32")
    lying[20] = 1
    standing = lying.transpose(1, 0, 2)
    known = {"row_axis": 0, "col_axis": 1, "channel_axis": 2, "fill_mode": "constant"}
    # Keras's layer, held at its end, against Keras's function, held at its own.
    held = keras.layers.RandomShear(x_factor=(0.5, 0.5), fill_mode="constant")
    for shear in (
        lambda picture: apply_affine_transform(picture, shear=30, **known),
        lambda picture: np.asarray(held(picture[None], training=True))[0],
    ):
        assert abs(measure_slope(shear(standing)[..., 0].T)) == pytest.approx(np.sin(np.radians(30)), abs=0.01)
        assert abs(measure_slope(shear(lying)[..., 0])) == pytest.approx(0, abs=0.01)


def measure_slope(picture: np.ndarray) -> float:
    """By how many rows the line falls with each column, where it is in the picture."""
    columns = [column for column in range(picture.shape[1]) if picture[1:-1, column].sum() > 0.9]
    rows = [np.average(np.arange(picture.shape[0]), weights=picture[:, column]) for column in columns]
    return float(np.polyfit(columns, rows, 1)[0])


def test_a_channel_shift_is_so_much_of_the_range_of_the_data():
    low, high = find_limits_of_digits()
    layer = make_layer(channel_shift_range=(high - low) / 4)
    assert layer.factor == (-0.25, 0.25)
    assert list(layer.value_range) == [low, high]


def find_limits_of_digits() -> tuple[float, float]:
    from engine.data.datasets import load_dataset

    limits = find_limits(load_dataset("digits").inputs["image"])
    assert limits is not None
    return limits


def test_both_flips_are_drawn_apart():
    """One layer for both would flip a picture both ways or not at all, as Keras's own code does."""
    graph = augment(draw_chain(DENSE), {"horizontal_flip": True, "vertical_flip": True}).graph
    flips = [config for name, config in list_layers(graph) if name == "RandomFlip"]
    assert flips == [{"mode": "horizontal"}, {"mode": "vertical"}]
    both = keras.layers.RandomFlip(seed=0)
    picture = np.arange(4, dtype="float32").reshape(1, 2, 2, 1)
    drawn = {tuple(np.asarray(both(picture, training=True)).ravel()) for _ in range(30)}
    assert drawn == {(0.0, 1.0, 2.0, 3.0), (3.0, 2.0, 1.0, 0.0)}


ARGUMENTS = st.fixed_dictionaries(
    {},
    optional={
        "rotation_range": st.integers(1, 360),
        "width_shift_range": st.sampled_from([0.1, 0.25, 0.5]),
        "height_shift_range": st.sampled_from([0.1, 0.3]),
        "shear_range": st.integers(1, 90),
        "zoom_range": st.one_of(st.sampled_from([0.2, 0.9]), st.sampled_from([[0.5, 1.25], [1.0, 1.5]])),
        "channel_shift_range": st.sampled_from([0.1, 0.5]),
        "brightness_range": st.sampled_from([[0.5, 1.5], [0.25, 1.0]]),
        "horizontal_flip": st.just(True),
        "vertical_flip": st.just(True),
        "rescale": st.sampled_from([0.5, 1 / 255]),
    },
)


@settings(max_examples=25, deadline=None)
@given(ARGUMENTS, ARGUMENTS, st.sampled_from(["nearest", "reflect", "constant"]))
def test_what_is_said_is_read_back_and_saying_it_again_changes_nothing(
    first: dict[str, JsonValue], second: dict[str, JsonValue], fill: str
):
    once = augment(draw_chain(("Rescaling", {"scale": 2.0, "offset": 1.0}), DENSE), first)
    wanted = second | ({"fill_mode": fill} if {"rotation_range", "zoom_range", "shear_range"} & {*second} else {})
    twice = augment(once.graph, wanted)
    assert twice.arguments == {name: value for name, value in wanted.items() if value != "nearest"}
    again = augment(twice.graph, twice.arguments)
    assert again.graph == twice.graph
    assert CHECKER.check(twice.graph).ok
    assert list_layers(augment(twice.graph, {}).graph) == list_layers(
        draw_chain(("Rescaling", {"scale": 2.0, "offset": 1.0}), DENSE)
    )


def test_layers_that_are_there_are_changed_and_keep_what_no_argument_says():
    graph = draw_chain(
        ("RandomFlip", {"mode": "horizontal"}),
        ("RandomZoom", {"height_factor": 0.2, "seed": 7}),
        ("Rescaling", {"scale": 0.5}),
        DENSE,
    )
    assert augment(graph, None).arguments == {
        "horizontal_flip": True, "zoom_range": 0.2, "fill_mode": "reflect", "rescale": 0.5,
    }  # fmt: skip
    changed = augment(graph, {"zoom_range": 0.4, "rotation_range": 36, "rescale": 0.5, "fill_mode": "reflect"})
    assert list_layers(changed.graph)[1:] == [
        ("RandomZoom", {"seed": 7, "height_factor": 0.4}),
        ("RandomRotation", {"factor": 0.1}),
        ("Rescaling", {"scale": 0.5}),
        DENSE,
    ]
    assert changed.nodes == ["step_1", "random_rotation", "step_2"]


def test_a_layer_that_does_what_no_argument_says_stays_and_is_named():
    graph = draw_chain(("RandomRotation", {"factor": [0.0, 0.2]}), ("RandomContrast", {"factor": 0.2}), DENSE)
    answer = augment(graph, {"horizontal_flip": True})
    assert [name for name, _ in list_layers(answer.graph)][1:4] == ["RandomRotation", "RandomContrast", "RandomFlip"]
    assert [one for one in answer.remarks if "stays as it is" in one]


def test_new_layers_join_the_frame_and_outputs_follow():
    groups = [{"id": "g", "title": "Augmentation", "nodes": ["step_0"]}]
    outputs = [{"node": "step_0"}]
    graph = draw_chain(("RandomFlip", {}), groups=groups, outputs=outputs)
    answer = augment(graph, {"horizontal_flip": True, "vertical_flip": True, "rotation_range": 20})
    assert answer.graph.groups[0].nodes == ["step_0", "random_rotation"]
    assert answer.graph.outputs is not None
    assert answer.graph.outputs[0].node == "random_rotation"


@pytest.mark.parametrize(
    ("arguments", "place", "words"),
    [
        ({"rotation_range": 400}, "rotation_range", "from 0 to 360"),
        ({"rotation_range": "a lot"}, "rotation_range", "a finite number"),
        ({"rotation_range": True}, "rotation_range", "a finite number"),
        ({"zoom_range": [1.2, 0.8]}, "zoom_range", "the smaller one first"),
        ({"zoom_range": [0.8, 1.0, 1.2]}, "zoom_range", "two numbers"),
        ({"zoom_range": 3}, "zoom_range", "1.0"),
        ({"brightness_range": 0.5}, "brightness_range", "two numbers"),
        ({"horizontal_flip": 1}, "horizontal_flip", "true or false"),
        ({"fill_mode": "mirror"}, "fill_mode", "nearest"),
        ({"width_shift_range": [1, 2]}, "width_shift_range", "a finite number"),
        ({"width_shift_range": 50}, "width_shift_range", "at most the input's width of 8"),
        ({"interpolation_order": 3}, "interpolation_order", "a whole number"),
        ({"rotation": 20}, "rotation", "no argument 'rotation'"),
        ({"zca_whitening": True}, "zca_whitening", "No layer"),
        ({"featurewise_center": True}, "featurewise_center", "No layer"),
    ],
)
def test_what_cannot_be_said_is_refused_at_its_argument(arguments: dict[str, JsonValue], place: str, words: str):
    error = refuse(arguments)
    assert error.issues[0].argument == f"arguments.{place}"
    assert words in error.issues[0].message


def test_pixels_need_a_size():
    assert "is not fixed" in refuse({"width_shift_range": 10}, [None, None, 3]).message


def test_defaults_of_arguments_that_no_layer_stands_for_say_nothing():
    assert augment(draw_chain(DENSE), {"zca_whitening": False, "dtype": None}).nodes == []


def test_a_graph_without_images_is_refused():
    with pytest.raises(EngineError, match="no input of images"):
        augment(draw_chain(DENSE, shape=[4]), {})
    with pytest.raises(EngineError, match="no node 'nobody'"):
        augment_graph(CHECKER, draw_chain(DENSE), "nobody", {}, None)
    with pytest.raises(EngineError, match="is no input of images"):
        augment_graph(CHECKER, draw_chain(DENSE), "step_0", {}, None)


def test_without_data_black_and_white_are_those_of_bytes_and_that_is_said():
    answer = augment(draw_chain(DENSE), {"channel_shift_range": 51}, data=None)
    assert ("RandomBrightness", {"factor": 0.2}) in list_layers(answer.graph)
    assert "0 and 255" in answer.remarks[0]
