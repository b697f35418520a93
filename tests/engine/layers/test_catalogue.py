"""The catalogue as a whole, and what it says about well-known classes."""

import keras
import pytest

from engine.layers.discover import SECTIONS, discover_classes, find_class
from engine.layers.making import make_object
from engine.layers.safety import REFUSED_CLASSES
from engine.layers.schema import Argument, Catalogue, Entry

OTHERS = [
    (section, name)
    for section in SECTIONS
    if section != "layers"
    for name in discover_classes(section)
    if name not in REFUSED_CLASSES
]


def find_argument(entry: Entry, name: str) -> Argument:
    return next(one for one in entry.arguments if one.name == name)


@pytest.mark.parametrize(("section", "name"), OTHERS)
def test_what_is_no_layer_is_made_from_its_example_and_its_defaults(
    catalogue: Catalogue, section: str, name: str
) -> None:
    entry = next(one for one in getattr(catalogue, section) if one.class_name == name)
    value = find_class(section, name)
    assert value is not None
    defaults = {one.name: one.default for one in entry.arguments if not one.required}

    assert entry.unavailable is None
    assert isinstance(make_object(value, entry.example), SECTIONS[section][1])
    assert isinstance(make_object(value, defaults | entry.example), SECTIONS[section][1])


def test_every_exported_layer_is_in_it(layers: dict[str, Entry]) -> None:
    exported = {
        name
        for name, value in vars(keras.layers).items()
        if isinstance(value, type) and issubclass(value, keras.layers.Layer)
    }
    known = {name for entry in layers.values() for name in (entry.class_name, *entry.aliases)}

    assert exported - known == {"Layer", "Wrapper"}


def test_refused_layers_say_why(layers: dict[str, Entry]) -> None:
    refused = {name: entry.unavailable for name, entry in layers.items() if entry.unavailable}

    assert set(refused) == {"Lambda", "TorchModuleWrapper", "FlaxLayer", "JaxLayer", "TFSMLayer"}
    assert all("cannot be used: it" in reason for reason in refused.values())


def test_aliases_stand_with_their_class(layers: dict[str, Entry]) -> None:
    assert layers["Conv2D"].aliases == ["Convolution2D"]
    assert layers["MaxPooling2D"].aliases == ["MaxPool2D"]
    assert "Convolution2D" not in layers


def test_headings_come_from_the_folders_of_keras(catalogue: Catalogue, layers: dict[str, Entry]) -> None:
    assert layers["Conv2D"].category == "Convolutional"
    assert layers["LSTM"].category == "Recurrent"
    assert layers["RandomFlip"].category == "Image preprocessing"
    assert set(catalogue.categories) == {entry.category for entry in layers.values()}
    assert catalogue.categories[0] == "Core"


def test_dense_units_are_a_positive_integer(layers: dict[str, Entry]) -> None:
    units = find_argument(layers["Dense"], "units")

    assert (units.kinds, units.required, units.minimum) == (["integer"], True, 1)
    assert "dimensionality of the output space" in units.help


def test_a_kernel_size_is_an_integer_or_a_tuple_of_the_rank(layers: dict[str, Entry]) -> None:
    for rank in (1, 2, 3):
        size = find_argument(layers[f"Conv{rank}D"], "kernel_size")
        assert (size.kinds, size.items, size.lengths) == (["integer", "tuple"], ["integer"], [rank])


def test_choices_are_the_words_that_keras_accepts(layers: dict[str, Entry]) -> None:
    assert find_argument(layers["Conv2D"], "padding").choices == ["valid", "same"]
    assert find_argument(layers["Conv1D"], "padding").choices == ["valid", "same", "causal"]
    assert find_argument(layers["RandomFlip"], "data_format").choices == ["channels_first", "channels_last"]


def test_a_dropout_rate_lies_between_zero_and_one(layers: dict[str, Entry]) -> None:
    rate = find_argument(layers["Dropout"], "rate")

    assert (rate.kinds, rate.minimum, rate.maximum) == (["float"], 0, 1)


def test_keras_objects_are_edited_as_objects(layers: dict[str, Entry]) -> None:
    kinds = {one.name: one.kinds for one in layers["Dense"].arguments}

    assert kinds["activation"] == ["activation"]
    assert kinds["kernel_initializer"] == ["initializer"]
    assert kinds["kernel_regularizer"] == ["regularizer"]
    assert kinds["kernel_constraint"] == ["constraint"]
    assert kinds["dtype"] == ["dtype"]
    assert find_argument(layers["TimeDistributed"], "layer").kinds == ["layer"]
    assert find_argument(layers["StackedRNNCells"], "cells").items == ["layer"]


def test_the_document_keeps_name_and_trainable_itself(layers: dict[str, Entry]) -> None:
    names = {argument.name for entry in layers.values() for argument in entry.arguments}

    assert not names & {"name", "trainable", "autocast", "kwargs", "self"}


def test_an_optimizer_takes_a_number_or_a_schedule(catalogue: Catalogue) -> None:
    adam = next(one for one in catalogue.optimizers if one.class_name == "Adam")

    assert find_argument(adam, "learning_rate").kinds == ["float", "learning_rate_schedule"]


@pytest.mark.parametrize(
    ("name", "tensors", "many"),
    [
        ("Dense", ["inputs"], []),
        ("Add", ["inputs"], ["inputs"]),
        ("LSTM", ["sequences", "initial_state", "mask"], ["initial_state"]),
        ("Attention", ["inputs", "mask"], ["inputs", "mask"]),
        ("LSTMCell", ["inputs", "states"], ["states"]),
        ("InputLayer", [], []),
    ],
)
def test_a_call_says_where_tensors_go(layers: dict[str, Entry], name: str, tensors: list[str], many: list[str]) -> None:
    call = layers[name].call

    assert [one.name for one in call if one.tensor] == tensors
    assert [one.name for one in call if one.many] == many


def test_attention_takes_its_tensors_by_name_and_its_flags_as_constants(layers: dict[str, Entry]) -> None:
    call = {one.name: one for one in layers["MultiHeadAttention"].call}

    assert [name for name, one in call.items() if one.required] == ["query", "value"]
    assert call["key"].tensor
    assert call["attention_mask"].tensor
    assert not call["use_causal_mask"].tensor
    assert call["use_causal_mask"].default is False
    assert not call["training"].tensor


def test_the_rest_of_keras_is_listed_by_name(catalogue: Catalogue) -> None:
    assert {"relu", "softmax", "swish"} <= set(catalogue.activations)
    assert {"float32", "int32", "bool", "mixed_float16"} <= set(catalogue.dtypes)
    assert {"ResNet50", "MobileNetV2"} <= {one.class_name for one in catalogue.applications}
    assert catalogue.keras_version == keras.__version__


def test_an_architecture_offers_its_choices(catalogue: Catalogue) -> None:
    resnet = next(one for one in catalogue.applications if one.class_name == "ResNet50")
    pooling = find_argument(resnet, "pooling")

    assert (pooling.kinds, pooling.choices, pooling.nullable) == (["choice"], ["avg", "max"], True)
    assert resnet.example == {"weights": None}
    assert not {"input_tensor"} & {one.name for one in resnet.arguments}


def test_it_survives_the_way_through_json(catalogue: Catalogue) -> None:
    assert Catalogue.model_validate_json(catalogue.model_dump_json()) == catalogue
