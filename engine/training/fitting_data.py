"""Whether the arrays of the data set go into the model's inputs, and whether they can be learned from."""

import math
from collections.abc import Iterator

import keras
import numpy as np
from pydantic import JsonValue

from engine.data.library.text_arrays import TEXT
from engine.data.remembering import once_per_array
from engine.data.source import Array
from engine.errors import ConfigError
from engine.graph.document import Graph
from engine.graph.issues import Change, Fix
from engine.training.changes import point
from engine.training.class_weights import settle_class_weight
from engine.training.config import FitSettings
from engine.training.feeding import FedData
from engine.training.findings import Findings
from engine.training.situation import FedSituation, Situation
from engine.training.splitting import list_class_weights
from engine.training.texts import holds_texts
from engine.training.trial import TrialError, try_input

COUNTED_AT_ONCE = 1 << 24
"""So many values are looked at together for NaN and infinities."""


def check_inputs(situation: Situation, data: FedData) -> None:
    """Feeds samples to each input, as Keras would."""
    model, nodes = situation.linked.model, situation.linked.input_nodes
    for tensor, node, array in zip(model.inputs, nodes, data.inputs, strict=True):
        try:
            try_input(tensor.shape, tensor.dtype, array)
        except TrialError:
            if holds_texts(array) != (tensor.dtype == TEXT):
                _refuse_dtype(situation, tensor, node, array)
            else:
                _refuse_input(situation, tensor, node, array.shape[1:])


def _refuse_dtype(situation: Situation, tensor: "keras.KerasTensor", node: str, array: Array) -> None:
    """Texts for an input of numbers, or the other way round: no shape would help."""
    given, taken = ("texts", "numbers") if holds_texts(array) else ("numbers", "texts")
    hint = (
        "Set the input's dtype to string and its shape to [], and let a StringLookup or TextVectorization follow."
        if given == "texts"
        else "Take string out of the input's dtype."
    )
    situation.findings.error(
        "input_does_not_fit",
        f"data.inputs.{tensor.name}",
        f"The input {tensor.name!r} takes {taken} ({tensor.dtype}); those of the data set"
        f" {situation.config.data.dataset!r} are {given}.",
        hint,
        node=node,
    )


def _refuse_input(situation: Situation, tensor: "keras.KerasTensor", node: str, shape: tuple[int, ...]) -> None:
    situation.findings.error(
        "input_does_not_fit",
        f"data.inputs.{tensor.name}",
        f"The input {tensor.name!r} takes samples of shape {list(tensor.shape[1:])}; those of the data set"
        f" {situation.config.data.dataset!r} have {list(shape)}.",
        f"Set the input's shape to {list(shape)}"
        + (", and put a Flatten layer after it." if len(shape) > len(tensor.shape) - 1 else "."),
        node=node,
        propose=lambda: _propose_inputs(situation.graph, node, tensor.shape[1:], shape),
    )


def _propose_inputs(graph: Graph, node: str, present: tuple[int | None, ...], shape: tuple[int, ...]) -> Iterator[Fix]:
    """The input in the data's shape, alone or with a layer behind it that brings it back to the present one."""
    resize = _resize_input(graph, node, shape)
    yield Fix(label=f"Set the input's shape to {list(shape)}", changes=[resize])
    if len(present) == 1:
        label = f"Set the input's shape to {list(shape)} and flatten it"
        yield Fix(label=label, changes=[resize, *_insert_after(graph, node, "Flatten", {})])
    elif None not in present and np.prod(shape) == np.prod([size or 0 for size in present]):
        label = f"Set the input's shape to {list(shape)} and reshape it to {list(present)}"
        config: dict[str, JsonValue] = {"target_shape": list(present)}
        yield Fix(label=label, changes=[resize, *_insert_after(graph, node, "Reshape", config)])


def _resize_input(graph: Graph, node: str, shape: tuple[int, ...]) -> Change:
    layer_id = next(one.layer for one in graph.nodes if one.id == node)
    place = next(index for index, layer in enumerate(graph.layers) if layer.id == layer_id)
    config = graph.layers[place].config
    batch = config.get("batch_shape")
    value: list[JsonValue] = [*shape]
    if isinstance(batch, list) and batch:
        return Change(op="add", path=point("graph", "layers", place, "config", "batch_shape"), value=[batch[0], *value])
    return Change(op="add", path=point("graph", "layers", place, "config", "shape"), value=value)


def _insert_after(graph: Graph, node: str, class_name: str, config: dict[str, JsonValue]) -> list[Change]:
    """A new layer between a node and everything that follows it."""
    taken = {one.id for part in (graph.layers, graph.nodes, graph.edges) for one in part}
    taken |= {layer.keras_name for layer in graph.layers}
    layer = _find_free(class_name.lower(), taken)
    edge = _find_free(f"{node}_{layer}", taken)
    moved = [
        Change(op="replace", path=point("graph", "edges", index, "source"), value=layer)
        for index, one in enumerate(graph.edges)
        if one.source == node
    ]
    added: list[tuple[str, dict[str, JsonValue]]] = [
        ("layers", {"id": layer, "class_name": class_name, "config": config}),
        ("nodes", {"id": layer, "layer": layer}),
        ("edges", {"id": edge, "source": node, "target": layer}),
    ]
    return [*moved, *(Change(op="add", path=point("graph", part, "-"), value=value) for part, value in added)]


def _find_free(name: str, taken: set[str]) -> str:
    number = 1
    while (candidate := name if number == 1 else f"{name}_{number}") in taken:
        number += 1
    return candidate


def warn_of_missing_numbers(situation: Situation, data: FedData, place: str = "data") -> None:
    """NaN and infinities in the arrays: one of them is enough to make every weight NaN.

    `place` is where the settings of the data stand in the config.
    """
    of = "data" if place == "data" else "validation data"
    names = [tensor.name for tensor in situation.linked.model.inputs]
    ends = [("inputs", name, array) for name, array in zip(names, data.inputs, strict=True)]
    outputs = [end.name for end in situation.linked.outputs]
    ends += [("targets", name, array) for name, array in zip(outputs, data.targets, strict=True)]
    for setting, name, array in ends:
        if count := count_missing(array):
            kind = "input" if setting == "inputs" else "target of"
            situation.findings.warn(
                "missing_numbers",
                f"{place}.{setting}.{name}",
                f"The {of} for the {kind} {name!r} has {count:,} of {array.size:,} values that are NaN or infinite;"
                " a single one makes the loss NaN.",
                "Fill them in or leave those samples out before training.",
            )


@once_per_array
def count_missing(array: Array) -> int:
    """How many values are NaN or infinite. A sum finds out without a copy whether there are any."""
    if array.dtype.kind != "f":
        return 0
    with np.errstate(invalid="ignore", over="ignore"):
        if np.isfinite(array.sum()):
            return 0
    # Block by block: windows of a series are many times as large as what they show.
    rows = max(1, COUNTED_AT_ONCE // max(1, math.prod(array.shape[1:])))
    blocks = (array[start : start + rows] for start in range(0, len(array), rows))
    return sum(int(block.size - np.count_nonzero(np.isfinite(block))) for block in blocks)


def check_class_weights(situation: FedSituation, fit: FitSettings) -> None:
    """Whether there are samples for each class that gets a weight."""
    if not fit.class_weight or len(situation.outputs) != 1:
        return
    if fit.class_weight == "balanced":
        _check_balance(situation, fit)
        return
    (kind,), (target,) = situation.kinds, situation.data.targets
    if kind.nature == "numbers":
        situation.findings.warn(
            "class_weight_not_possible",
            "fit.class_weight",
            f"Classes are weighted, but the target holds {kind.describe()}, and no classes.",
            "Leave class_weight out.",
            propose=lambda: iter([_drop_weights()]),
        )
        return
    labels = set(range(kind.width)) if kind.nature != "labels" else _list_labels(target)
    for label in list_class_weights(fit):
        if label not in labels:
            _warn_of_class(situation.findings, label, kind.describe())


@once_per_array
def _list_labels(target: Array) -> set[int]:
    return set(np.unique(target).astype(int).tolist())


def _check_balance(situation: FedSituation, fit: FitSettings) -> None:
    try:
        settle_class_weight(situation.data, fit)
    except ConfigError as error:
        situation.findings.error(
            error.issues[0].code,
            error.issues[0].argument,
            error.message,
            error.hint,
            propose=lambda: iter([_drop_weights()]),
        )


def _warn_of_class(findings: Findings, label: int, target: str) -> None:
    change = Change(op="remove", path=point("training", "fit", "class_weight", str(label)))
    findings.warn(
        "unknown_class",
        f"fit.class_weight.{label}",
        f"Class {label} has a weight, and no sample has that label: the target holds {target}.",
        "Take it out.",
        propose=lambda: iter([Fix(label=f"Take class {label} out", changes=[change])]),
    )


def _drop_weights() -> Fix:
    return Fix(
        label="Leave class_weight out",
        changes=[Change(op="add", path=point("training", "fit", "class_weight"), value=None)],
    )
