"""The config of a layer as a document holds it: only what differs from Keras's defaults, proved by making it again."""

import json
from collections.abc import Callable, Mapping
from copy import deepcopy

import keras
from keras.src.saving import serialization_lib
from pydantic import JsonValue

from engine.layers.discover import SECTIONS, find_class
from engine.layers.scope import record_warnings
from engine.models.importing.making import make_tolerantly
from engine.models.instantiate import complete_config, construct, read_defaults

Config = dict[str, JsonValue]

IDENTITY = ("name", "trainable")
"""What the document keeps beside the config."""


class ConfigCompactor:
    """Makes configs short, each distinct one once: a large model repeats a few."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Config, tuple[str, ...]]] = {}

    def compact(self, layer_class: type, config: Config) -> tuple[Config, tuple[str, ...]]:
        """The short config, and the arguments that this Keras does not have and that were left out.

        Raises whatever Keras raises where it cannot make the layer at all.
        """
        config = {key: value for key, value in config.items() if key not in IDENTITY}
        key = json.dumps([layer_class.__module__, layer_class.__name__, config], sort_keys=True)
        if key not in self._known:
            with record_warnings():
                self._known[key] = _compact(layer_class, config)
        short, dropped = self._known[key]
        return deepcopy(short), dropped


def _compact(layer_class: type, config: Config) -> tuple[Config, tuple[str, ...]]:
    layer, dropped = make_tolerantly(layer_class, config)
    full = _read(layer)

    def says_the_same(candidate: Config) -> bool:
        try:
            return _read(construct(layer_class, complete_config(candidate))) == full
        except Exception:  # noqa: BLE001 - Keras raises what it likes, and any of it means no
            return False

    short = _drop_defaults(layer_class, full, says_the_same)
    simple = {key: _simplify(value) for key, value in short.items()}
    if simple != short and not says_the_same(simple):
        simple = {
            key: plain if says_the_same(short | {key: plain}) else value
            for (key, value), plain in zip(short.items(), simple.values(), strict=True)
        }
    return simple if says_the_same(simple) else full, dropped


def _read(layer: "keras.Operation") -> Config:
    """What Keras says of the layer, as plain JSON."""
    config = serialization_lib.serialize_dict(layer.get_config())
    plain: Config = json.loads(json.dumps(config))
    return {key: _drop_build(value) for key, value in plain.items() if key not in IDENTITY}


def _drop_build(value: JsonValue) -> JsonValue:
    """Nested layers without what they were built for, which is found out again."""
    if isinstance(value, list):
        return [_drop_build(one) for one in value]
    if isinstance(value, dict):
        return {key: _drop_build(one) for key, one in value.items() if key not in ("build_config", "compile_config")}
    return value


def _drop_own_defaults(class_name: str, config: Config) -> Config:
    """The config of a nested object without Keras's defaults."""
    for section in SECTIONS:
        if (value := find_class(section, class_name)) is not None:
            defaults = json.loads(json.dumps(read_defaults(value, config), default=str))
            # A name is kept even where Keras would just now make up the same one: it counts them.
            return {key: one for key, one in config.items() if key == "name" or defaults.get(key, defaults) != one}
    return config


def _drop_defaults(layer_class: type, full: Config, says_the_same: Callable[[Config], bool]) -> Config:
    defaults: Mapping[str, object] = json.loads(json.dumps(read_defaults(layer_class, full), default=str))
    short = {key: value for key, value in full.items() if key not in defaults or defaults[key] != value}
    if short != full and says_the_same(short):
        return short
    for key in list(full):
        fewer = {other: value for other, value in full.items() if other != key}
        if says_the_same(fewer):
            full = fewer
    return _prefer_shape(full, says_the_same)


def _prefer_shape(config: Config, says_the_same: Callable[[Config], bool]) -> Config:
    """An input of any batch size is said by its shape without the batch, as a person would."""
    shape = config.get("batch_shape")
    if isinstance(shape, list) and shape and shape[0] is None:
        spoken = {"shape": shape[1:], **{key: value for key, value in config.items() if key != "batch_shape"}}
        return spoken if says_the_same(spoken) else config
    return config


def _simplify(value: JsonValue) -> JsonValue:
    """Keras's objects by class name and config alone, and dtype policies by their names."""
    if isinstance(value, list):
        return [_simplify(one) for one in value]
    if not isinstance(value, dict):
        return value
    config = value.get("config")
    if isinstance(value.get("class_name"), str) and isinstance(config, dict) and "registered_name" in value:
        if value["class_name"] == "DTypePolicy" and list(config) == ["name"]:
            return config["name"]
        own = _drop_own_defaults(str(value["class_name"]), config)
        return {"class_name": value["class_name"], "config": {key: _simplify(one) for key, one in own.items()}}
    return {key: _simplify(one) for key, one in value.items()}
