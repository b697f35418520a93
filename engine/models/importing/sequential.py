"""The config of a Sequential as a graph: a chain."""

from itertools import pairwise

from pydantic import JsonValue

from engine.graph.document import Edge, Graph, Layer, Node
from engine.models.importing.layers import FIRST_SHAPE, LayerReader
from engine.models.importing.names import Names
from engine.models.importing.node_calls import bad_config
from engine.models.importing.report import Report

INPUT = "InputLayer"


def read_sequential(config: JsonValue, layers: LayerReader, report: Report, depth: int) -> Graph:
    """The graph of a Sequential's config, which starts with an input whether the config has one or not.

    Raises `EngineError` `invalid_model_file`.
    """
    entries = config.get("layers") if isinstance(config, dict) else config
    if not isinstance(entries, list):
        raise bad_config("it has no list of layers")
    names = Names()
    found: list[Layer] = []
    if not entries or not _is_input(entries[0]):
        built = config.get("build_input_shape") if isinstance(config, dict) else None
        found.append(_make_input(entries, built, names, report))
    found += [layers.read(entry, names, report, depth).layer for entry in entries]
    nodes = [Node(id=layer.id, layer=layer.id) for layer in found]
    edges = [
        Edge(id=f"e{number}", source=before.id, target=after.id)
        for number, (before, after) in enumerate(pairwise(nodes), start=1)
    ]
    return Graph(class_name="Sequential", layers=found, nodes=nodes, edges=edges)


def _is_input(entry: JsonValue) -> bool:
    return isinstance(entry, dict) and entry.get("class_name") == INPUT


def _make_input(entries: list[JsonValue], built: JsonValue, names: Names, report: Report) -> Layer:
    shape, dtype = _find_shape(entries[0]) if entries else (None, None)
    shape = shape if shape is not None else built
    layer = Layer(id=names.take_id(names.take_name("input_layer")), class_name=INPUT)
    if isinstance(shape, list) and shape and all(size is None or isinstance(size, int) for size in shape):
        layer.config = {"shape": shape[1:]} if shape[0] is None else {"batch_shape": shape}
        if isinstance(dtype, str) and dtype != "float32":
            layer.config["dtype"] = dtype
    else:
        report.tell(
            "no_input_shape",
            "The Sequential was saved before it knew the shape of its input, so its input has none",
            "Set the shape of the input.",
            layer.id,
        )
    return layer


def _find_shape(entry: JsonValue) -> tuple[JsonValue, JsonValue]:
    """The shape and dtype that Keras 2 keeps in a first layer, also where that is a model itself."""
    config = entry.get("config") if isinstance(entry, dict) else None
    if isinstance(config, dict) and FIRST_SHAPE in config:
        return config[FIRST_SHAPE], config.get("dtype")
    inner = config.get("layers") if isinstance(config, dict) else config
    if isinstance(inner, list) and inner:
        first = inner[0]
        if isinstance(first, dict) and isinstance(own := first.get("config"), dict):
            shape = own.get("batch_shape") or own.get(FIRST_SHAPE)
            return (shape, own.get("dtype")) if shape is not None else _find_shape(first)
    return None, None
