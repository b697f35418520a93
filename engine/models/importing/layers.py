"""One layer of a config made into a layer of the document."""

from dataclasses import dataclass
from typing import Protocol

import keras
from pydantic import JsonValue

from engine.graph.document import Graph, Layer
from engine.layers.arguments import find_layer_argument
from engine.layers.safety import UnsafeConfigError, check_config_is_safe
from engine.models.explain import read_message
from engine.models.faults import describe_value
from engine.models.importing.compacting import IDENTITY, ConfigCompactor
from engine.models.importing.identity import KERAS_MODULE, MODEL_CLASSES, Identity, identify
from engine.models.importing.names import Names
from engine.models.importing.node_calls import bad_config
from engine.models.importing.report import Report

Config = dict[str, JsonValue]

INPUT = keras.layers.InputLayer
FIRST_SHAPE = "batch_input_shape"
"""How Keras 2 says in a first layer what comes into the model."""


class GraphReader(Protocol):
    """Makes the graph of a model's config."""

    def __call__(self, class_name: str, config: JsonValue, report: Report, depth: int) -> Graph: ...


@dataclass(frozen=True)
class ReadLayer:
    """A layer of the document, and its class where it is known (None for models and placeholders)."""

    layer: Layer
    value: type | None = None

    @property
    def is_model(self) -> bool:
        return self.layer.class_name in MODEL_CLASSES and self.layer.graph is not None


class LayerReader:
    """Reads layers, at any depth of one model."""

    def __init__(self, read_graph: GraphReader):
        self._read_graph = read_graph
        self._compactor = ConfigCompactor()

    def read(self, data: JsonValue, names: Names, report: Report, depth: int) -> ReadLayer:
        """The layer of a config. What is not known becomes a placeholder. Raises `EngineError`."""
        if not isinstance(data, dict) or not isinstance(data.get("class_name"), str):
            raise bad_config("one of its layers has no class_name")
        config = data.get("config")
        if not isinstance(config, dict):
            config = {"layers": config} if isinstance(config, list) else {}
        layer = _name_layer(str(data.get("name") or config.get("name") or data["class_name"]), names, report)
        layer.trainable = config.get("trainable") is not False
        if class_name := name_model(data):
            return self._read_model(layer, class_name, data, config, report, depth)
        found = identify(data)
        layer.class_name, layer.package = found.class_name, found.package
        if found.value is None:
            layer.config = {key: value for key, value in config.items() if key not in IDENTITY}
            _tell_placeholder(layer, found, report)
            return ReadLayer(layer)
        rest = self._take_model(layer, found.value, config, report, depth)
        layer.config = self._read_config(layer, found, rest, report)
        return ReadLayer(layer, found.value)

    def _read_model(
        self, layer: Layer, class_name: str, data: Config, config: Config, report: Report, depth: int
    ) -> ReadLayer:
        if data["class_name"] != class_name:
            tell_subclass(str(data["class_name"]), report, layer.id)
        layer.class_name = class_name
        layer.graph = self._read_graph(class_name, config, report.inside(layer.id), depth + 1)
        return ReadLayer(layer)

    def _take_model(self, layer: Layer, value: type, config: Config, report: Report, depth: int) -> Config:
        """A wrapper's config without the model that it wraps, which becomes the layer's graph."""
        argument = find_layer_argument(value)
        inner = config.get(argument) if argument is not None else None
        if argument is None or not isinstance(inner, dict) or not (class_name := name_model(inner)):
            return config
        inner_config = inner.get("config")
        graph = self._read_graph(class_name, inner_config, report.inside(layer.id), depth + 1)
        name = inner_config.get("name") if isinstance(inner_config, dict) else None
        graph.name = Names().take_name(str(name)) if name else None
        layer.graph = graph
        return {key: one for key, one in config.items() if key != argument}

    def _read_config(self, layer: Layer, found: Identity, config: Config, report: Report) -> Config:
        beside = IDENTITY if found.value is INPUT else (*IDENTITY, FIRST_SHAPE)
        raw = {key: value for key, value in config.items() if key not in beside}
        if found.value is None or layer.graph is not None:
            return {key: value for key, value in raw.items() if key != "dtype" or not _is_default_policy(value)}
        try:
            check_config_is_safe(layer.class_name, raw)
            short, dropped = self._compactor.compact(found.value, raw)
        except UnsafeConfigError as error:
            report.tell("layer_not_usable", error.message, error.hint, layer.id)
            return raw
        except Exception as error:  # noqa: BLE001 - Keras raises what it likes; the check will say it on the node
            text = read_message(error)
            report.tell(
                "layer_not_usable", f"Keras cannot make {layer.class_name} from its config: {text}", None, layer.id
            )
            return raw
        if dropped:
            values = ", ".join(f"{path}={describe_value(_look_up(raw, path))}" for path in dropped)
            message = f"{layer.class_name} of Keras {keras.__version__} does not take {values}; this was left out"
            report.tell("argument_left_out", message, layer=layer.id)
        return short


def name_model(data: Config) -> str | None:
    """`Functional` or `Sequential` where the config is one of a model with layers; None for anything else.

    A subclass whose config has all that a functional model's has is one.
    """
    config = data.get("config")
    class_name, module = data.get("class_name"), data.get("module")
    own = not module or KERAS_MODULE.match(str(module)) is not None
    if isinstance(config, list):
        return "Sequential" if class_name == "Sequential" and own else None
    if not isinstance(config, dict) or not isinstance(config.get("layers"), list):
        return None
    if class_name == "Sequential" and own:
        return "Sequential"
    return "Functional" if "input_layers" in config and "output_layers" in config else None


def tell_subclass(class_name: str, report: Report, layer_id: str | None = None) -> None:
    """Tells that a subclass of Keras's models was drawn by its layers alone."""
    report.tell(
        "subclass_drawn",
        f"{class_name[:100]} is a subclass of keras.Model that was drawn as the functional model it was made as; what"
        " its Python adds (a training step, for example) is not in the file",
        layer=layer_id,
    )


def _name_layer(name: str, names: Names, report: Report) -> Layer:
    taken = names.take_name(name)
    identifier = names.take_id(taken)
    if taken != name:
        report.tell("renamed", f"The layer {name[:100]!r} is now called {taken!r}, which every file format can hold")
    return Layer(id=identifier, class_name="?", name=None if taken == identifier else taken)


def _tell_placeholder(layer: Layer, found: Identity, report: Report) -> None:
    report.tell(
        "placeholder",
        f"{found.problem} It is kept as a placeholder with its config",
        "Replace it by other layers, or give it its code.",
        layer.id,
    )


def _is_default_policy(value: JsonValue) -> bool:
    config = value.get("config") if isinstance(value, dict) else None
    return value == "float32" or (isinstance(config, dict) and config.get("name") == "float32")


def _look_up(config: Config, path: str) -> JsonValue:
    """The value at a path such as `layer.units`, which goes through the configs of nested layers."""
    first, *steps = path.split(".")
    value = config.get(first)
    for step in steps:
        inner = value.get("config") if isinstance(value, dict) else None
        value = inner.get(step) if isinstance(inner, dict) else None
    return value
