"""Exported code that fits preprocessing layers to the training samples: what it calls, and what it cannot do."""

import ast
import inspect
from collections.abc import Iterable, Sequence
from functools import cache

import keras
from pydantic import JsonValue

from engine.errors import GraphError
from engine.graph.document import Graph, Layer
from engine.graph.issues import Issue
from engine.graph.topology import Topology
from engine.layers.learned import has_to_learn, has_unlearned, is_unlearned, learns_words
from engine.models import adapting_code
from engine.models.builder import Trace, trace_graph
from engine.models.instantiate import MODEL_CLASSES, read_inner_graph
from engine.models.python_values import call, name
from engine.models.unlearned import stand_in

ADAPT = "adapt_layer"
COMPUTE = "compute_samples"
SAMPLES = "x"
"""What a function that makes a model calls the samples that its layers are fitted to."""

CODE = "format_cannot_hold"
FIT_FIRST = "Fit it to the data first, or export a trained run: what its layers learned comes with it."


def write_learning(layer: Layer, made: ast.Call, reached: Sequence[ast.expr], inputs: Sequence[ast.expr]) -> ast.Call:
    """The call that makes a layer, with what fits it to what it gets: `reached`, a tensor for each of its calls, or all
    tensors of the one call of a model. `inputs` are the tensors for which the samples are given."""
    tensors, ends = (some[0] if len(some) == 1 else ast.List([*some]) for some in (reached, inputs))
    if layer.graph is None:
        return call(name(ADAPT), [made, tensors, ends, name(SAMPLES)])
    return call(made.func, [*made.args, call(name(COMPUTE), [tensors, ends, name(SAMPLES)])])


def list_adapt_sources(functions: Iterable[ast.stmt]) -> tuple[list[str], list[str]]:
    """The imports and the source of what the functions call to fit layers; empty where none does."""
    names = {one.id for function in functions for one in ast.walk(function) if isinstance(one, ast.Name)}
    if not names & {ADAPT, COMPUTE}:
        return [], []
    source, statements = _read_module()
    imports = [ast.unparse(one) for one in statements if isinstance(one, ast.Import | ast.ImportFrom)]
    pieces: list[str] = []
    for one in statements[len(imports) :]:
        text = ast.get_source_segment(source, one) or ""
        if isinstance(one, ast.Expr):
            # What is said about a constant stands after it.
            text = f"{pieces.pop()}\n{text}"
        pieces.append(text)
    return imports, pieces


def list_adapt_names() -> set[str]:
    """All that the source of `list_adapt_sources` names, which nothing else in a file may be called."""
    _, statements = _read_module()
    imported = {alias.asname or alias.name for one in statements if isinstance(one, ast.Import | ast.ImportFrom)
                for alias in one.names}  # fmt: skip
    defined = {one.name for one in statements if isinstance(one, ast.FunctionDef)}
    assigned = {target.id for one in statements if isinstance(one, ast.Assign)
                for target in one.targets if isinstance(target, ast.Name)}  # fmt: skip
    return imported | defined | assigned


@cache
def _read_module() -> tuple[str, list[ast.stmt]]:
    """The code and its statements but for what is said of the module. Cached for good: it is one file of ours."""
    source = inspect.getsource(adapting_code)
    return source, ast.parse(source).body[1:]


def find_learning_calls(topology: Topology, layer: Layer) -> list[str]:
    """The calls that a layer learns from: those that do not depend on another one of it."""
    own = {node.id for node in topology.nodes.values() if node.layer == layer.id}
    return [
        node_id
        for node_id in topology.order()
        if node_id in own and not own & topology.before([edge.source for edge in topology.incoming[node_id]])
    ]


def refuse_what_cannot_learn(graph: Graph, trace: Trace, precision: JsonValue, within: tuple[str, ...] = ()) -> None:
    """Raises `GraphError` (`format_cannot_hold`) where code could not fit a layer as a training does.

    `trace` is that of the graph with stand-ins for what is not learned yet.
    """
    if not has_unlearned(graph):
        return
    topology = Topology(graph)
    for layer in graph.layers:
        if not is_unlearned(layer):
            continue
        calls = [node.id for node in graph.nodes if node.layer == layer.id]
        before = {one for node_id in calls for one in topology.before([e.source for e in topology.incoming[node_id]])}
        if calls and (fault := _find_fault(topology, layer, calls, before, trace, precision)):
            message = f"{layer.class_name} {layer.keras_name!r} cannot be fitted by exported code: {fault}."
            place = {"node": calls[0], "layer": layer.id, "within": within}
            issue = Issue.model_validate({"code": CODE, "message": message, "hint": FIT_FIRST, **place})
            raise GraphError(CODE, message, FIT_FIRST, [issue])
        if layer.graph is not None and layer.id in trace.layers:
            inner = trace_graph(stand_in(read_inner_graph(layer)), layer.keras_name)
            refuse_what_cannot_learn(layer.graph, inner, precision, (*within, layer.id))


def _find_fault(
    topology: Topology,
    layer: Layer,
    calls: Sequence[str],
    before: Iterable[str],
    trace: Trace,
    precision: JsonValue,
) -> str | None:
    earlier = [one for node_id in before if (one := topology.layer_of(node_id)) is not None and one.id != layer.id]
    # What a layer that has still to learn keeps in weights is known by then.
    weighted = [one.keras_name for one in earlier if not is_unlearned(one) and _has_weights(trace.layers.get(one.id))]
    if weighted:
        return f"it stands behind {weighted[0]!r}, whose weights are only known once the model is trained"
    if layer.graph is not None and layer.class_name not in MODEL_CLASSES:
        return f"it stands inside {layer.class_name}, which calls it on parts of what it gets"
    if layer.graph is not None and len(find_learning_calls(topology, layer)) > 1:
        return f"it is called {len(calls)} times, and what is inside has still to learn"
    if has_to_learn(layer) and layer.config.get("invert") and learns_words(layer):
        return "it turns numbers back into words, from which it cannot learn them"
    if _waits_for_itself(topology, layer):
        return "it and another layer that has still to learn each stand before the other"
    if str(precision).startswith("mixed") and any(not topology.is_input(one) for one in before):
        return f"what stands before it would be computed in 16 bits ({precision}), and a run does that in 32"
    return None


def _has_weights(layer: "keras.layers.Layer | None") -> bool:
    return layer is not None and bool(layer.weights)


def _waits_for_itself(topology: Topology, layer: Layer) -> bool:
    """Whether a layer that has to be fitted before this one needs this one fitted first."""
    needed: dict[str, Layer] = {layer.id: layer}
    waiting = [layer]
    while waiting:
        calls = find_learning_calls(topology, waiting.pop())
        sources = [edge.source for node_id in calls for edge in topology.incoming[node_id]]
        for node_id in topology.before(sources):
            found = topology.layer_of(node_id)
            if found is None or not is_unlearned(found):
                continue
            if found.id == layer.id:
                return True
            if found.id not in needed:
                needed[found.id] = found
                waiting.append(found)
    return False
