"""A whole model's config, as `model.to_json()` or `model.get_config()` gives it, made into a document."""

import keras
from pydantic import JsonValue, ValidationError

from engine.errors import EngineError
from engine.graph.document import Graph
from engine.layers.scope import open_symbolic_scope, record_warnings
from engine.models.check import GraphChecker
from engine.models.importing.compile_settings import read_compile_settings
from engine.models.importing.functional import read_functional
from engine.models.importing.layers import LayerReader, name_model, tell_subclass
from engine.models.importing.node_calls import bad_config
from engine.models.importing.plain_json import parse_json, simplify_markers
from engine.models.importing.report import Report
from engine.models.importing.results import ImportResult
from engine.models.importing.sequential import read_sequential
from engine.models.limits import DEFAULT_LIMITS, Limits


def import_config(config: JsonValue, limits: Limits = DEFAULT_LIMITS, training: JsonValue = None) -> ImportResult:
    """The document of a model's config. `training` is the compile config, where it does not stand in the config.

    What is not known becomes a placeholder, and the report says so. Raises `EngineError`: `invalid_model_file` where
    this is no config of a model, `subclassed_model` where it is one without layers, `too_large`.
    """
    if isinstance(config, str) and config.lstrip().startswith("{"):
        config = parse_json(config.encode("utf-8", "surrogatepass"), limits)
    data = _wrap(simplify_markers(config, limits))
    report = Report()
    class_name = name_model(data)
    if class_name is None:
        raise _explain_no_model(data)
    if data["class_name"] not in ("Functional", "Sequential", "Model"):
        tell_subclass(str(data["class_name"]), report)
    try:
        with open_symbolic_scope(), record_warnings():
            graph = _Reader(limits).read(class_name, data["config"], report, 0)
            graph = derive_ends(graph)
    except ValidationError as error:
        first = error.errors()[0]
        raise bad_config(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    inner = data["config"]
    name = inner.get("name") if isinstance(inner, dict) else None
    compiled = read_compile_settings(training if training is not None else data.get("compile_config"), report)
    return ImportResult(name=str(name or "model"), graph=graph, compile=compiled, report=report.list_issues())


class _Reader:
    """Reads graphs inside graphs."""

    def __init__(self, limits: Limits):
        self._limits = limits
        self._layers = LayerReader(self.read)

    def read(self, class_name: str, config: JsonValue, report: Report, depth: int) -> Graph:
        """The graph of a model's config, `depth` graphs below the outermost."""
        if depth > self._limits.max_depth:
            raise EngineError(
                "too_large", f"Models are nested more than {self._limits.max_depth} deep; expected at most that many."
            )
        read = read_sequential if class_name == "Sequential" else read_functional
        graph = read(config, self._layers, report, depth)
        return derive_ends(graph) if depth else graph


def derive_ends(graph: Graph) -> Graph:
    """The graph without ends that say no more than its edges do, so that drawing on it moves them along."""
    if graph.inputs is None and graph.outputs is None:
        return graph
    plain = graph.model_copy(update={"inputs": None, "outputs": None})
    inputs = {layer.id for layer in graph.layers if layer.class_name == "InputLayer" and layer.package is None}
    drawn = [node.id for node in graph.nodes if node.layer in inputs]
    if [reference.node for reference in graph.inputs or []] != drawn:
        plain.inputs = graph.inputs
    sources = {edge.source for edge in graph.edges}
    ends = [node.id for node in graph.nodes if node.id not in sources]
    wanted = [(reference.node, reference.output) for reference in graph.outputs or []]
    if list(dict.fromkeys(node for node, _ in wanted)) != ends:
        plain.outputs = graph.outputs
        return plain
    nodes = GraphChecker().check(plain).nodes
    given = [(node, index) for node in ends if node in nodes for index in range(len(nodes[node].outputs))]
    if given != wanted:
        plain.outputs = graph.outputs
    return plain


def _wrap(config: JsonValue) -> dict[str, JsonValue]:
    """The config with its class around it, which `get_config()` leaves out."""
    if isinstance(config, list):
        return {"class_name": "Sequential", "config": config}
    if not isinstance(config, dict):
        raise bad_config(f"it is {'nothing' if config is None else type(config).__name__}, expected an object")
    if "class_name" in config and "config" in config:
        return config
    if isinstance(config.get("layers"), list):
        return {"class_name": "Functional" if "input_layers" in config else "Sequential", "config": config}
    raise bad_config("it has neither class_name and config nor layers")


def _explain_no_model(data: dict[str, JsonValue]) -> EngineError:
    name = str(data.get("class_name"))[:100]
    if name in ("Functional", "Sequential") or hasattr(keras.layers, name):
        return bad_config(f"its class is {name}, and it has no layers")
    return EngineError(
        "subclassed_model",
        f"{name} is a subclass of keras.Model: what it computes is written in Python, and its file says nothing of its"
        " layers, so it cannot be drawn.",
        "Make it a functional model, or import the models that it is made of.",
    )
