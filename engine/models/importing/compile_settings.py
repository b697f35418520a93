"""What a file says of `model.compile`, as the settings of a run's config; what these cannot say is told."""

import json
from collections.abc import Callable

import keras
import numpy as np
from keras.src.saving import serialization_lib
from pydantic import JsonValue

from engine.layers.discover import discover_functions, find_class
from engine.layers.making import make_object
from engine.layers.safety import REFUSED_CLASSES, UnsafeConfigError, check_config_is_safe
from engine.models.explain import list_constructor_arguments
from engine.models.importing.report import Report

Settings = dict[str, JsonValue]

FUNCTION_METRICS = {"accuracy", "acc", "crossentropy", "ce"}
"""Metrics that `compile` chooses by the output's shape; Keras has no functions of these names."""

WRAPPERS = ("MeanMetricWrapper", "LossFunctionWrapper")
"""The classes in which Keras keeps a function that was given as a loss or a metric."""

TAKEN = ("optimizer", "optimizer_config", "loss", "loss_weights", "metrics", "weighted_metrics")
UNSAID = {"run_eagerly": False, "steps_per_execution": 1, "jit_compile": False, "auto_scale_loss": True}
"""Settings that a run's config has no place for, with what says nothing new."""


def read_compile_settings(config: JsonValue, report: Report) -> Settings | None:
    """The settings; None where the model was not compiled, or where its loss cannot be taken over."""
    if not isinstance(config, dict) or not any(config.get(key) for key in ("loss", "optimizer", "optimizer_config")):
        return None
    config = {key: _simplify(value) for key, value in config.items()}
    try:
        check_config_is_safe("compile", config)
    except UnsafeConfigError as error:
        report.tell("compile_left_out", f"How the model is compiled could not be taken over: {error.message}")
        return None
    loss = _read_nested(config.get("loss"), "losses")
    if loss in (None, [], {}):
        report.tell(
            "compile_left_out", "The model's loss could not be taken over, so its compile settings were left out"
        )
        return None
    settings: Settings = {"loss": loss}
    optimizer = _read_reference(config.get("optimizer") or config.get("optimizer_config"), "optimizers")
    if optimizer is None:
        report.tell("compile_left_out", "The model's optimizer could not be taken over; Keras's default stands instead")
    else:
        settings["optimizer"] = optimizer
    for key in ("metrics", "weighted_metrics"):
        if config.get(key):
            settings[key] = _read_metrics(config[key], key, report)
    if config.get("loss_weights"):
        settings["loss_weights"] = config["loss_weights"]
    for key, value in config.items():
        if key not in TAKEN and value not in (UNSAID.get(key), "auto", None):
            report.tell("compile_left_out", f"compile({key}={value!r}) has no place in a run's config; it was left out")
    return settings


def _simplify(value: JsonValue) -> JsonValue:
    """Keras 2 registers its own classes as those of a person (`Custom>Adam`), and wraps its functions in objects."""
    if isinstance(value, list):
        return [_simplify(one) for one in value]
    if not isinstance(value, dict):
        return value
    name, config = value.get("class_name"), value.get("config")
    if name in WRAPPERS and isinstance(config, dict):
        words = (config.get("name"), config.get("fn"))
        section = "metrics" if name == "MeanMetricWrapper" else "losses"
        return next((one for one in words if isinstance(one, str) and _knows(one, section)), str(config.get("fn")))
    plain = {"class_name": name.removeprefix("Custom>")} if isinstance(name, str) else {}
    return {key: _simplify(one) for key, one in (value | plain).items()}


def _read_metrics(config: JsonValue, key: str, report: Report) -> JsonValue:
    metrics = _drop_empty(_read_nested(config, "metrics"))
    if _count(metrics) != _count(config):
        report.tell("compile_left_out", f"Some of the model's {key} could not be taken over; they were left out")
    if isinstance(metrics, list) and len(metrics) == 1 and isinstance(metrics[0], list):
        # A list of lists says which output each metric is for; a model of one output needs no such thing.
        metrics = metrics[0]
    return metrics if isinstance(metrics, list | dict) else [metrics] if metrics else []


def _drop_empty(value: JsonValue) -> JsonValue:
    if isinstance(value, list):
        return [inner for one in value if (inner := _drop_empty(one)) not in (None, [])]
    if isinstance(value, dict) and "class_name" not in value:
        return {key: inner for key, one in value.items() if (inner := _drop_empty(one)) not in (None, [])}
    return value


def _count(value: JsonValue) -> int:
    if isinstance(value, list):
        return sum(map(_count, value))
    if isinstance(value, dict) and "class_name" not in value:
        return sum(map(_count, value.values()))
    return value is not None


def _read_nested(value: JsonValue, section: str) -> JsonValue:
    """References in lists and dictionaries, by output."""
    if isinstance(value, list):
        return [_read_nested(one, section) for one in value]
    if isinstance(value, dict) and "class_name" not in value:
        return {key: _read_nested(one, section) for key, one in value.items()}
    return _read_reference(value, section)


def _read_reference(value: JsonValue, section: str) -> JsonValue:
    """A Keras object by name, or by class name and config; None for what Keras does not have."""
    if isinstance(value, str):
        return value if _knows(value, section) else None
    if not isinstance(value, dict):
        return None
    class_name, config = str(value.get("class_name")).rpartition(">")[2], value.get("config")
    if class_name == "function":
        return config if isinstance(config, str) and _knows(config, section) else None
    found = find_class(section, class_name)
    if found is None or class_name in REFUSED_CLASSES:
        return None
    return {"class_name": class_name, "config": _shorten(found, config if isinstance(config, dict) else {})}


def _knows(name: str, section: str) -> bool:
    if section == "metrics" and name in FUNCTION_METRICS:
        return True
    module = {"losses": keras.losses, "metrics": keras.metrics, "optimizers": keras.optimizers}[section]
    get: Callable[[str], object] = module.get
    if name in discover_functions(module):
        return True
    try:
        return get(name) is not None
    except ValueError:
        return False


def _shorten(value: type, config: Settings) -> Settings:
    """The config without what is Keras's default, and without the arguments of another Keras."""
    known = list_constructor_arguments(value)
    config = {key: one for key, one in config.items() if key in known and key != "name"}
    try:
        full, defaults = _read(value, config), _read(value, {})
    except Exception:  # noqa: BLE001 - Keras raises what it likes; the check of the training will say it
        return config
    return {key: _round(one) for key, one in full.items() if key != "name" and defaults.get(key, value) != one}


def _read(value: type, config: Settings) -> Settings:
    with serialization_lib.SafeModeScope(True):
        made = make_object(value, config)
    plain: Settings = json.loads(json.dumps(serialization_lib.serialize_dict(made.get_config()), default=str))
    return plain


def _round(value: JsonValue) -> JsonValue:
    """A number of 32 bits as a person would write it: 0.002, not 0.0020000000949949026."""
    if isinstance(value, float) and float(np.float32(value)) == value:
        return float(str(np.float32(value)))
    return value
