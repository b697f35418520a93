"""A layer of the document made into a Keras layer."""

import inspect
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from copy import deepcopy

import keras
from keras.src.saving.serialization_lib import SafeModeScope
from pydantic import JsonValue

from engine.errors import EngineError
from engine.graph.document import Graph, Layer
from engine.graph.name_rules import LAYER_NAME, suggest_name
from engine.layers.arguments import find_layer_argument
from engine.layers.code import explain_code_error
from engine.layers.code_time import limit_time
from engine.layers.discover import find_class
from engine.layers.making import make_object
from engine.layers.mistyped import find_mistyped
from engine.layers.operations import is_operation, name_class
from engine.layers.own.registry import PACKAGE, find_named_class
from engine.layers.safety import UnsafeConfigError, check_config_is_safe, resolve_layer_class
from engine.models.explain import (
    Culprit,
    explain_constructor_error,
    explain_unknown_argument,
    list_constructor_arguments,
)
from engine.models.faults import LayerError, describe_value

MODEL_CLASSES = {"Functional", "Sequential", "Model"}
FIELDS = {"name": "name", "trainable": "trainable"}
"""Arguments of every Keras layer that the document keeps outside `config`."""

OBJECT_SECTIONS = ("initializers", "regularizers", "constraints")

GraphLinker = Callable[[Graph, str], "keras.Model"]


def make_layer(layer: Layer, link_graph: GraphLinker, name: str | None = None) -> "keras.layers.Layer":
    """The Keras layer, not built yet, under its own name or under `name`.

    `link_graph` makes the model of a layer that holds a graph. Raises `LayerError`.
    """
    if layer.graph is not None:
        instance = _make_model(layer, read_inner_graph(layer), link_graph, name)
    else:
        instance = _make_plain_layer(layer, name)
    if not layer.trainable and not is_operation(instance):
        instance.trainable = False
    return instance


def read_inner_graph(layer: Layer) -> Graph:
    """The graph that the layer holds, as what its class says: the one of a `Sequential` has to be a chain."""
    if layer.graph is None:
        raise ValueError(f"Layer {layer.id!r} holds no graph.")
    if layer.class_name == "Sequential":
        return layer.graph.model_copy(update={"class_name": "Sequential"})
    return layer.graph


def _make_model(layer: Layer, graph: Graph, link_graph: GraphLinker, name: str | None) -> "keras.layers.Layer":
    if layer.class_name not in MODEL_CLASSES:
        return _make_wrapper(layer, graph, link_graph, name)
    if layer.config:
        raise LayerError(
            "unknown_argument",
            f"A layer that holds a graph has no arguments; it got {describe_value(sorted(layer.config))}.",
            "Take them out.",
            next(iter(layer.config)),
        )
    return link_graph(graph, name or layer.keras_name)


def _make_wrapper(layer: Layer, graph: Graph, link_graph: GraphLinker, name: str | None) -> "keras.layers.Layer":
    """A layer around a model, such as `TimeDistributed`: the graph stands for the one argument that takes a layer."""
    layer_class = _resolve(layer)
    if (argument := find_layer_argument(layer_class)) is None or argument in layer.config:
        raise LayerError(
            "unexpected_graph",
            f"{layer.class_name} holds a graph; expected one of {', '.join(sorted(MODEL_CLASSES))}, or a layer that"
            " wraps another one and is not given it in its config.",
            "Take the graph out of the layer, or make the layer a Functional.",
            "graph",
        )
    _refuse_misplaced(layer_class, layer.config)
    model = link_graph(graph, graph.name or layer.keras_name)
    try:
        made: keras.layers.Layer = layer_class(
            **{argument: model}, **deepcopy(layer.config), name=name or layer.keras_name
        )
    except Exception as error:
        raise explain_constructor_error(layer_class, layer.config, error) from error
    return made


def _make_plain_layer(layer: Layer, name: str | None) -> "keras.layers.Layer":
    layer_class = _resolve(layer)
    _refuse_misplaced(layer_class, layer.config)
    _refuse_nested_names(layer.config)
    config = complete_config(layer.config)
    identity: dict[str, JsonValue] = {"name": name or layer.keras_name}
    try:
        with limit_time() if layer.code is not None else nullcontext():
            made = construct(layer_class, config | identity)
    except LayerError:
        raise
    except EngineError as error:
        raise LayerError.of(error) from error
    except Exception as error:
        explained = explain_code_error(layer.class_name, error)
        if explained and set(config) <= {*list_constructor_arguments(layer_class)}:
            raise LayerError.of(explained) from error
        culprit = find_culprit(layer_class, config)
        raise explain_constructor_error(layer_class, layer.config, error, culprit) from error
    _refuse_mistyped(layer_class, layer.config)
    return made


def construct(layer_class: type, config: Mapping[str, JsonValue]) -> "keras.layers.Layer":
    """The layer that the class makes from the config (which is left as it is), in Keras's safe mode."""
    with SafeModeScope(True):
        made: keras.layers.Layer = make_object(layer_class, config)
        return made


def find_culprit(layer_class: type, config: Mapping[str, JsonValue]) -> Culprit | None:
    """The argument that keeps the layer from being made; None where no single one is to blame.

    It is the one with which the layer can be made once it is left out, or once it is a number. That is Keras's own
    answer, asked for once per argument, so it holds for every layer there is.
    """
    for suspect in config:
        others = {key: value for key, value in config.items() if key != suspect}
        if _can_construct(layer_class, others):
            return Culprit(suspect)
        if not isinstance(config[suspect], int | float) and _can_construct(layer_class, others | {suspect: 1}):
            return Culprit(suspect, "a number")
    return None


def _can_construct(layer_class: type, config: Mapping[str, JsonValue]) -> bool:
    try:
        construct(layer_class, config)
    except Exception:  # noqa: BLE001 - Keras raises what it likes, and any of it means no
        return False
    return True


def read_defaults(layer_class: type, config: Mapping[str, JsonValue]) -> dict[str, object]:
    """The config that Keras reports for the layer when only its required arguments are given; empty where it cannot.

    To see which arguments say nothing new, even where Keras spells a default in another way.
    """
    parameters = inspect.signature(layer_class).parameters
    required = {key: value for key, value in config.items() if key in parameters and _is_required(parameters[key])}
    try:
        defaults: dict[str, object] = construct(layer_class, required).get_config()
    except Exception:  # noqa: BLE001 - Keras raises what it likes; then there is nothing to compare with
        return {}
    return {key: value for key, value in defaults.items() if key not in required}


def _is_required(parameter: inspect.Parameter) -> bool:
    return parameter.default is parameter.empty and parameter.kind is parameter.POSITIONAL_OR_KEYWORD


def _resolve(layer: Layer) -> type:
    try:
        layer_class = resolve_layer_class(layer.class_name, layer.package, layer.code)
        check_config_is_safe(layer.class_name, layer.config)
    except UnsafeConfigError as error:
        raise LayerError(error.code, error.message, error.hint, error.argument) from error
    except EngineError as error:
        raise LayerError(error.code, error.message, error.hint, getattr(error, "argument", "class_name")) from error
    return layer_class


def _refuse_misplaced(layer_class: type, config: Mapping[str, JsonValue]) -> None:
    """Refuses what Keras would take without a word: a second name, and what `InputLayer` swallows unread."""
    for argument in config:
        if field := FIELDS.get(argument):
            raise LayerError(
                "misplaced_argument",
                f"The config of {name_class(layer_class)} has {argument!r}; expected it beside the config.",
                f"Set the layer's own field {field!r}.",
                argument,
            )
        if layer_class is keras.layers.InputLayer and argument not in list_constructor_arguments(layer_class):
            raise explain_unknown_argument(layer_class, argument, config)


def _refuse_mistyped(layer_class: type, config: Mapping[str, JsonValue]) -> None:
    """Refuses what Keras keeps without a word, and would stumble over much later or never."""
    if argument := find_mistyped(layer_class, config):
        raise LayerError(
            "invalid_argument",
            f"{name_class(layer_class)} takes {' or '.join(argument.kinds)} for {argument.name!r};"
            f" it got {describe_value(config[argument.name])}.",
            f"Change {argument.name!r}.",
            argument.name,
        )


def _refuse_nested_names(config: Mapping[str, JsonValue]) -> None:
    """Nested layers have names too, which end up in the same files, graphs and drawings."""
    waiting: list[tuple[str, JsonValue]] = list(config.items())
    while waiting:
        argument, value = waiting.pop()
        if isinstance(value, list):
            waiting.extend((argument, inner) for inner in value)
        elif isinstance(value, dict):
            waiting.extend((argument, inner) for inner in value.values())
            inner_config = value.get("config")
            names = [value.get("name"), inner_config.get("name") if isinstance(inner_config, dict) else None]
            for name in names if "class_name" in value else []:
                if isinstance(name, str) and not LAYER_NAME.fullmatch(name):
                    raise LayerError(
                        "invalid_name",
                        f"A layer inside {argument!r} has the name {describe_value(name)};"
                        " expected letters from a to z, digits, and _ . - after the first character.",
                        f"Call it {suggest_name(name)!r}, for example.",
                        argument,
                    )


def complete_config(config: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """A copy of the config with the modules by which Keras finds nested layers."""
    return {key: _complete_layer(deepcopy(value)) for key, value in config.items()}


def _complete_layer(value: JsonValue) -> JsonValue:
    """Adds to every nested layer the module by which Keras finds it, where the document says only its class."""
    if isinstance(value, list):
        return [_complete_layer(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    completed = {key: _complete_layer(inner) for key, inner in value.items()}
    name = completed.get("class_name")
    if isinstance(name, str) and "config" in completed and "module" not in completed and _is_layer(name):
        return completed | {"module": "keras.layers", "registered_name": None}
    if own := find_named_class("layers", completed):
        return completed | {"module": None, "registered_name": f"{PACKAGE}>{own.__name__}"}
    return completed


def _is_layer(class_name: str) -> bool:
    return find_class("layers", class_name) is not None and not any(
        find_class(section, class_name) for section in OBJECT_SECTIONS
    )
