"""One sample of a data set on its way into the inputs of a graph."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from pydantic import JsonValue

from engine.data.datasets import Dataset
from engine.data.value_range import Range, find_limits
from engine.evaluation.arrays import Array
from engine.evaluation.preprocessing.schema import PreviewSettings
from engine.graph.document import Graph, Layer
from engine.graph.topology import Topology
from engine.models.results import CheckResult
from engine.training.config import DataSettings
from engine.training.input_arrays import choose_input_arrays
from engine.training.keras_objects import ConfigIssues
from engine.training.trial import TrialError, try_input


@dataclass(frozen=True, slots=True)
class Fed:
    """What goes into one input: the array's name, the sample (1, …), the input's shape, and black and white."""

    array: str
    sample: Array
    shape: list[int]
    limits: Range | None


def choose_example(dataset: Dataset, settings: PreviewSettings) -> int:
    """The number of the sample. Raises `ConfigError` where the data set has none of that number."""
    if settings.example is None:
        return int(np.random.default_rng(settings.seed).integers(dataset.samples))
    if settings.example >= dataset.samples:
        problems = ConfigIssues()
        problems.add(
            "no_such_example",
            "example",
            f"The data set {dataset.name!r} has no example {settings.example}; expected a number from 0 to"
            f" {dataset.samples - 1}.",
        )
        problems.raise_if_any()
    return settings.example


def feed_example(
    graph: Graph, check: CheckResult, nodes: list[str], dataset: Dataset, data: DataSettings, example: int
) -> dict[str, Fed]:
    """What goes into those of the nodes that are inputs, by node. `check` is that of the whole graph.

    Raises `ConfigError` where the data set has no array for an input, or one of another form.
    """
    arrays = {**dataset.targets, **dataset.inputs}
    topology, problems = Topology(graph), ConfigIssues()
    fed = {}
    for node_id, array in choose_input_arrays(graph, check, dataset, data).items():
        if node_id not in nodes:
            continue
        sample = np.array(arrays[array][example : example + 1])
        spec = check.nodes[node_id].outputs[0]
        try:
            try_input(tuple(spec.shape), spec.dtype, sample)
        except TrialError:
            name = topology.layers[topology.nodes[node_id].layer].keras_name
            problems.add(
                "input_does_not_fit",
                f"data.inputs.{name}",
                f"The input {name!r} takes samples of shape {spec.shape[1:]}; those of the data set"
                f" {dataset.name!r} have {list(sample.shape[1:])}.",
                f"Set the input's shape to {list(sample.shape[1:])}, or take another data set.",
            )
            continue
        fed[node_id] = Fed(array, sample, _fill_shape(spec.shape[1:], sample.shape[1:]), find_limits(arrays[array]))
    problems.raise_if_any()
    return fed


def give_shapes(graph: Graph, fed: Mapping[str, Fed]) -> Graph:
    """The graph with inputs of just the size that goes in, so that every size behind them is known."""
    shapes = {node.layer: fed[node.id].shape for node in graph.nodes if node.id in fed}
    return graph.model_copy(update={"layers": [_give_shape(layer, shapes.get(layer.id)) for layer in graph.layers]})


def _give_shape(layer: Layer, shape: list[int] | None) -> Layer:
    if shape is None:
        return layer
    config: dict[str, JsonValue] = {
        key: value for key, value in layer.config.items() if key not in ("batch_shape", "batch_size", "shape")
    }
    return layer.model_copy(update={"config": config | {"shape": shape}})


def _fill_shape(wanted: list[int | None], given: tuple[int, ...]) -> list[int]:
    """The input's shape, with the sample's sizes where it leaves them open."""
    return [(given[axis] if axis < len(given) else 1) if size is None else size for axis, size in enumerate(wanted)]
