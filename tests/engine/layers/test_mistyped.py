"""Values of a wrong type are found, and no value that Keras itself writes is taken for one."""

import json

import keras
import pytest
from pydantic import JsonValue

from engine.layers.catalogue import build_catalogue
from engine.layers.making import make_object
from engine.layers.mistyped import find_mistyped
from engine.layers.safety import resolve_layer_class
from engine.layers.schema import Entry

AVAILABLE = [entry for entry in build_catalogue().layers if not entry.unavailable]


@pytest.mark.parametrize("entry", AVAILABLE, ids=lambda entry: entry.class_name)
def test_what_keras_writes_into_a_config_is_never_mistyped(entry: Entry):
    found = resolve_layer_class(entry.class_name, entry.package)
    config: dict[str, JsonValue] = json.loads(json.dumps(make_object(found, entry.example).get_config(), default=str))
    assert find_mistyped(found, config) is None


@pytest.mark.parametrize(
    ("layer", "argument", "value"),
    [
        (keras.layers.Dense, "use_bias", "x"),
        (keras.layers.BatchNormalization, "momentum", "high"),
        (keras.layers.LSTM, "return_sequences", {"a": 1}),
    ],
)
def test_a_text_or_object_where_a_number_belongs_is_found(layer: type, argument: str, value: JsonValue):
    found = find_mistyped(layer, {argument: value})
    assert found is not None
    assert found.name == argument


def test_numbers_lists_and_none_are_for_keras_to_judge():
    assert (
        find_mistyped(keras.layers.Dense, {"use_bias": 1, "units": None, "activation": "relu", "lora_rank": [1]})
        is None
    )
