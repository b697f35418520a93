"""What a kind of file cannot hold of a model, said on the nodes before anything is written."""

from collections.abc import Iterable, Iterator

import keras

from engine.errors import GraphError
from engine.graph.document import Graph
from engine.graph.issues import Issue, Severity
from engine.graph.name_rules import suggest_name
from engine.layers.learned import has_unlearned
from engine.layers.scope import open_symbolic_scope
from engine.models.builder import link_graph, trace_graph
from engine.models.counting import count_parameters
from engine.models.formats import FORMATS, FileFormat
from engine.models.limits import DEFAULT_LIMITS, Limits
from engine.models.loops import is_loop
from engine.models.places import Found, Place, find_operations, list_operations
from engine.models.python_adapting import refuse_what_cannot_learn
from engine.models.unlearned import list_unlearned_in_file, stand_in

OWN_PACKAGES = ("layerloom", "code")
"""Where layers come from that plain Keras does not have."""

CLASS_FORMATS = ("keras", "h5", "json")
"""Formats that name a layer's class, so that whoever loads one has to have it."""


def list_obstacles(graph: Graph, format: str, name: str = "model", limits: Limits = DEFAULT_LIMITS) -> list[Issue]:  # noqa: A002
    """What keeps the graph out of a file of this format (errors), and what to know of the file (warnings).

    What only the converter to a format knows is told by the export itself. Raises `GraphError` with the issues where
    the graph does not build.
    """
    with open_symbolic_scope():
        model = link_graph(stand_in(graph), suggest_name(name), limits)
        return find_obstacles(graph, model, FORMATS[format], limits)


def find_obstacles(graph: Graph, model: "keras.Model", file: FileFormat, limits: Limits) -> list[Issue]:
    """As `list_obstacles`, for a linked model whose weights need have no values yet."""
    issues: list[Issue] = list_unlearned_in_file(graph, file)
    if file.holds_weights:
        issues += _find_size(model, file, limits)
    if file.group == "drawing":
        issues += _find_crowd(model, limits)
    if file.group == "code" and has_unlearned(graph):
        issues += _find_what_code_cannot_fit(graph)
    found = list(find_operations(graph, model))
    if file.name == "h5":
        issues += _find_operations_in_h5(found, model)
        issues += _find_unlisted_in_h5(found)
    if file.name in CLASS_FORMATS:
        issues += _find_own_classes(found)
    if file.name == "litert":
        issues += _find_recurrence(found)
    return issues


def _find_what_code_cannot_fit(graph: Graph) -> list[Issue]:
    try:
        refuse_what_cannot_learn(graph, trace_graph(stand_in(graph), "model"), None)
    except GraphError as error:
        return error.issues
    return []


def tell_nodes(place: Place, message: str, hint: str, severity: Severity = "error") -> list[Issue]:
    """The issue that a format cannot hold a layer, once for each node that calls it."""
    return [
        Issue(
            code="format_cannot_hold" if severity == "error" else "format_changes",
            message=message,
            severity=severity,
            node=node,
            layer=place.layer.id,
            hint=hint,
            within=place.within,
        )
        for node in place.nodes
    ]


def _find_size(model: "keras.Model", file: FileFormat, limits: Limits) -> list[Issue]:
    size = count_parameters("The model", model, limits).parameter_bytes
    most = min(limits.max_export_bytes, file.max_bytes or limits.max_export_bytes)
    if size <= most:
        return []
    return [
        Issue(
            code="model_too_large",
            message=f"The model's parameters take {size:,} bytes; expected at most {most:,} in a file.",
            hint="Export it as Python or JSON, which hold no weights, or make it smaller.",
        )
    ]


def _find_crowd(model: "keras.Model", limits: Limits) -> list[Issue]:
    count = len(list_operations(model))
    if count <= limits.max_drawn_nodes:
        return []
    return [
        Issue(
            code="drawing_too_large",
            message=f"The model has {count} layers; expected at most {limits.max_drawn_nodes} to draw.",
            hint="Look at it on the canvas, or put parts of it into a nested graph.",
        )
    ]


def _find_operations_in_h5(found: list[Found], model: "keras.Model") -> list[Issue]:
    """Keras writes operations that are no layers into such files without a word, and then cannot read them."""
    by_operation = {id(one.operation): one for one in found}
    models = {id(one.model): one.model for one in found} | {id(model): model}
    issues: list[Issue] = []
    for holder in models.values():
        for operation in list_operations(holder):
            if not isinstance(operation, keras.layers.Layer):
                issues += _tell_operation(operation, by_operation)
    return list(dict.fromkeys(issues))


def _find_unlisted_in_h5(found: Iterable[Found]) -> list[Issue]:
    """Keras looks classes of such files up by name among its layers, where those inside its applications are not."""
    issues: list[Issue] = []
    for one in found:
        kind = type(one.operation)
        is_kerass = isinstance(one.operation, keras.layers.Layer) and one.place.layer.package is None
        if is_kerass and not isinstance(one.operation, keras.Model) and kind.__name__ not in vars(keras.src.layers):
            message = f"Keras has no {kind.__name__} among its layers, and cannot read it again from a .h5 file."
            issues += tell_nodes(one.place, message, "Export it as .keras, or its weights alone.")
    return issues


def _tell_operation(operation: "keras.Operation", by_operation: dict[int, Found]) -> Iterator[Issue]:
    kind = type(operation).__name__
    hint = "Export it as .keras, or its weights alone."
    if own := by_operation.get(id(operation)):
        message = (
            f"{own.place.layer.keras_name!r} is the operation {kind}, which Keras cannot read again from a .h5 file."
        )
        yield from tell_nodes(own.place, message, hint)
        return
    for user in _find_users(operation, by_operation):
        message = (
            f"The mask of {user.place.layer.keras_name!r} is computed by the operation {kind}, which Keras cannot read"
            " again from a .h5 file."
        )
        yield from tell_nodes(user.place, message, hint)


def _find_users(operation: "keras.Operation", by_operation: dict[int, Found]) -> list[Found]:
    """The layers of the document that what the operation answers goes into, through others that it has not."""
    users: dict[int, Found] = {}
    waiting, seen = [operation], {id(operation)}
    while waiting:
        # Keras has no public list of the calls that use what an operation answers.
        for node in waiting.pop()._outbound_nodes:  # noqa: SLF001
            if user := by_operation.get(id(node.operation)):
                users[id(node.operation)] = user
            elif id(node.operation) not in seen:
                seen.add(id(node.operation))
                waiting.append(node.operation)
    return list(users.values())


def _find_own_classes(found: Iterable[Found]) -> list[Issue]:
    issues = []
    for one in found:
        layer = one.place.layer
        if layer.package in OWN_PACKAGES:
            where = "Layerloom's own" if layer.package == "layerloom" else "written in this model"
            message = f"The class {layer.class_name} is {where}: whoever loads the file needs it."
            hint = "Load it where the class is registered, or export a SavedModel, which needs no classes."
            issues += tell_nodes(one.place, message, hint, "warning")
    return issues


def _find_recurrence(found: Iterable[Found]) -> list[Issue]:
    """LiteRT's loops want a batch of known size, so the export gives such a model a batch of one."""
    issues = []
    for one in found:
        if is_loop(one):
            message = (
                f"{one.place.layer.keras_name!r} loops over time, which LiteRT does for batches of a known size only:"
                " the file may take one sample at a time."
            )
            issues += tell_nodes(one.place, message, "Set its unroll for batches of any size.", "warning")
    return issues
