"""What a document may not ask for is refused, with the argument named, and all that Keras itself writes passes."""

import contextlib
import json
import pickle

import keras
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from engine.errors import EngineError
from engine.layers.safety import (
    MAX_CONFIG_DEPTH,
    UnsafeConfigError,
    check_config_is_safe,
    check_path_is_relative,
    resolve_layer_class,
)


def nested(class_name: str, **config: JsonValue) -> dict[str, JsonValue]:
    return {"class_name": class_name, "config": config}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Dense", keras.layers.Dense),
        ("MaxPool2D", keras.layers.MaxPooling2D),
        ("GroupQueryAttention", keras.layers.GroupQueryAttention),
        ("GroupedQueryAttention", keras.layers.GroupQueryAttention),
    ],
)
def test_a_layer_is_found_by_its_name_and_its_aliases(name: str, expected: type) -> None:
    assert resolve_layer_class(name) is expected


@pytest.mark.parametrize(
    ("name", "package", "code"),
    [
        ("Lambda", None, "refused_layer_class"),
        ("TorchModuleWrapper", None, "refused_layer_class"),
        ("Dens", None, "unknown_layer_class"),
        ("Layer", None, "unknown_layer_class"),
        ("os.system", None, "unknown_layer_class"),
        ("<script>", None, "unknown_layer_class"),
        ("Dense", "evil", "unknown_package"),
    ],
)
def test_a_layer_that_cannot_be_had_is_refused(name: str, package: str | None, code: str) -> None:
    with pytest.raises(EngineError) as caught:
        resolve_layer_class(name, package)

    assert caught.value.code == code
    assert caught.value.hint


def test_a_misspelt_layer_gets_a_suggestion() -> None:
    with pytest.raises(EngineError) as caught:
        resolve_layer_class("conv2d")

    assert caught.value.hint is not None
    assert "Conv2D" in caught.value.hint


@pytest.mark.parametrize(
    ("config", "code", "argument"),
    [
        ({"vocabulary": "/etc/passwd"}, "refused_path", "vocabulary"),
        ({"layer": nested("StringLookup", vocabulary="x")}, "refused_path", "layer.config.vocabulary"),
        ({"layer": nested("Lambda", function="f")}, "refused_class", "layer"),
        ({"layers": [nested("Dense", units=1), nested("Lambda")]}, "refused_class", "layers.1"),
        ({"layer": nested("__lambda__", value="code")}, "unknown_class", "layer"),
        ({"layer": nested("__typespec__")}, "unknown_class", "layer"),
        ({"layer": {"class_name": "Popen", "module": "subprocess", "config": {}}}, "unknown_class", "layer"),
        ({"layer": {"class_name": "Dense", "module": "evil", "config": {}}}, "unknown_class", "layer"),
        ({"layer": nested("Dense") | {"registered_name": "evil>Dense"}}, "unknown_class", "layer"),
        ({"layer": {"class_name": ["Dense"], "config": {}}}, "unknown_class", "layer"),
        ({"activation": {"class_name": "function", "config": "eval"}}, "refused_function", "activation"),
        (
            {"activation": {"class_name": "function", "config": "get_file", "module": "keras.utils"}},
            "refused_function",
            "activation",
        ),
    ],
)
def test_a_dangerous_config_is_refused_by_its_argument(config: dict[str, JsonValue], code: str, argument: str) -> None:
    with pytest.raises(UnsafeConfigError) as caught:
        check_config_is_safe("TimeDistributed", config)

    assert (caught.value.code, caught.value.argument) == (code, argument)
    assert caught.value.hint


def test_a_config_that_is_nested_too_deep_is_refused() -> None:
    config: JsonValue = 0
    for _ in range(MAX_CONFIG_DEPTH + 1):
        config = [config]

    with pytest.raises(UnsafeConfigError) as caught:
        check_config_is_safe("Dense", {"units": config})

    assert (caught.value.code, caught.value.argument) == ("config_too_large", "units")


def test_what_keras_itself_writes_is_accepted() -> None:
    inputs = keras.Input((3,))
    hidden = keras.layers.Dense(3, activation="relu", kernel_regularizer="l2", dtype="mixed_float16")(inputs)
    model = keras.Model(inputs, keras.layers.Dropout(0.1, seed=1)(hidden))
    wrapped = [
        keras.layers.TimeDistributed(model),
        keras.layers.TimeDistributed(keras.Sequential([keras.layers.Dense(2, kernel_initializer="he_normal")])),
        keras.layers.Bidirectional(keras.layers.LSTM(2, recurrent_constraint="max_norm")),
        keras.layers.RNN([keras.layers.GRUCell(2), keras.layers.LSTMCell(2)]),
    ]

    for layer in wrapped:
        saved = json.loads(json.dumps(keras.saving.serialize_keras_object(layer)))
        check_config_is_safe(saved["class_name"], saved["config"])


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../x", "a/../../b", "~/x", "gs://bucket/x", "C:\\x", "a\\..\\..\\b", "", "a\0b"]
)
def test_a_path_out_of_the_folder_is_refused(path: str) -> None:
    with pytest.raises(UnsafeConfigError) as caught:
        check_path_is_relative("CSVLogger", "filename", path)

    assert (caught.value.code, caught.value.argument) == ("refused_path", "filename")


def test_a_path_inside_the_folder_is_accepted() -> None:
    check_path_is_relative("ModelCheckpoint", "filepath", "checkpoints/{epoch:02d}-{val_loss:.2f}.keras")


def test_the_error_travels_between_processes_whole() -> None:
    error = UnsafeConfigError("refused_path", "message", "hint", "vocabulary")

    copy = pickle.loads(pickle.dumps(error))

    assert (copy.code, copy.message, copy.hint, copy.argument) == ("refused_path", "message", "hint", "vocabulary")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text() | st.just("class_name"), inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(st.text(), VALUES, max_size=5))
def test_any_json_is_either_accepted_or_refused(config: dict[str, JsonValue]) -> None:
    with contextlib.suppress(UnsafeConfigError):
        check_config_is_safe("Dense", config)
