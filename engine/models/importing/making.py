"""Makes a layer from the config of any Keras: this one's, an older one's, a newer one's with arguments unknown here."""

from contextlib import suppress
from copy import deepcopy

import keras
from keras.src.legacy.saving import saving_utils
from keras.src.legacy.saving.saving_options import keras_option_scope
from keras.src.saving import serialization_lib
from pydantic import JsonValue

from engine.layers.discover import find_class
from engine.models.explain import list_constructor_arguments
from engine.models.instantiate import complete_config, construct

Config = dict[str, JsonValue]


def make_tolerantly(layer_class: type, config: Config) -> tuple["keras.Operation", tuple[str, ...]]:
    """The layer, and the paths of those arguments that had to be left out because this Keras does not take them.

    Raises what Keras raises where it cannot make the layer even so.
    """
    dropped: list[str] = []
    while True:
        try:
            return _make(layer_class, config), tuple(dropped)
        except (TypeError, ValueError) as error:
            unknown = _list_unknown(layer_class, config, str(error))
            mended = {key: _mend_nested(value, key, dropped) for key, value in config.items() if key not in unknown}
            dropped += unknown
            if mended == config:
                raise
            config = mended


def _make(layer_class: type, config: Config) -> "keras.Operation":
    try:
        return construct(layer_class, complete_config(config))
    except Exception:
        # As Keras itself reads its old files: it renames some arguments.
        with suppress(Exception), keras_option_scope(use_legacy_config=True), serialization_lib.SafeModeScope(True):
            made = saving_utils.model_from_config({"class_name": layer_class.__name__, "config": deepcopy(config)})
            if type(made) is layer_class:
                return made
        raise


def _list_unknown(layer_class: type, config: Config, error: str) -> list[str]:
    """The arguments that Keras says it does not know."""
    known = list_constructor_arguments(layer_class)
    return [key for key in config if key not in known and repr(key) in error]


def _mend_nested(value: JsonValue, path: str, dropped: list[str]) -> JsonValue:
    """A nested layer without the arguments that it does not take."""
    if isinstance(value, list):
        return [_mend_nested(one, path, dropped) for one in value]
    if not isinstance(value, dict) or not isinstance(config := value.get("config"), dict):
        return value
    inner = find_class("layers", str(value.get("class_name")))
    if inner is None:
        return value
    try:
        _, unknown = make_tolerantly(inner, config)
    except Exception:  # noqa: BLE001 - the layer around it says what is wrong
        return value
    dropped += [f"{path}.{one}" for one in unknown]
    return {**value, "config": {key: one for key, one in config.items() if key not in unknown}}
