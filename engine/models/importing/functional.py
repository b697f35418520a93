"""The config of a functional model as a graph."""

import inspect
from itertools import count

import keras
from pydantic import JsonValue

from engine.graph.document import Edge, Graph, Node, TensorReference
from engine.models.importing.layers import LayerReader, ReadLayer
from engine.models.importing.names import Names
from engine.models.importing.node_calls import (
    LayerCall,
    TensorMark,
    bad_config,
    place_call,
    read_calls,
    read_reference,
)
from engine.models.importing.report import Report

STATE = "initial_state"


def read_functional(config: JsonValue, layers: LayerReader, report: Report, depth: int) -> Graph:
    """The graph of a functional model's config. Raises `EngineError` `invalid_model_file`."""
    if not isinstance(config, dict) or not isinstance(entries := config.get("layers"), list):
        raise bad_config("it has no list of layers")
    reading = _FunctionalReader(layers, report, depth)
    for entry in entries:
        reading.read_layer(entry)
    graph = reading.connect()
    graph.inputs = reading.read_ends(config.get("input_layers"), "inputs")
    graph.outputs = reading.read_ends(config.get("output_layers"), "outputs")
    return graph


class _FunctionalReader:
    """One graph: its layers by the names that the config has for them, and the nodes of each, in Keras's order."""

    def __init__(self, layers: LayerReader, report: Report, depth: int):
        self._layers = layers
        self._report = report
        self._depth = depth
        self._names = Names()
        self._node_ids = Names()
        self._read: dict[str, ReadLayer] = {}
        self._calls: dict[str, list[LayerCall]] = {}
        self._nodes: dict[str, list[Node]] = {}
        self._offsets: dict[str, int] = {}

    def read_layer(self, entry: JsonValue) -> None:
        """Adds a layer and a node for each of its calls."""
        if not isinstance(entry, dict):
            raise bad_config("one of its layers is no object")
        config = entry.get("config")
        inner = config.get("name") if isinstance(config, dict) else None
        name = str(entry.get("name") or inner or len(self._read))
        if name in self._read:
            raise bad_config(f"two of its layers are called {name[:100]!r}")
        found = self._layers.read(entry, self._names, self._report, self._depth)
        calls = [_tidy(call, found.value) for call in read_calls(entry.get("inbound_nodes") or [])]
        self._read[name], self._calls[name] = found, calls
        self._nodes[name] = [
            Node(id=self._node_ids.take_id(found.layer.id), layer=found.layer.id) for _ in range(len(calls) or 1)
        ]

    def connect(self) -> Graph:
        """The graph without its ends, which say less than the edges do."""
        self._offsets = self._count_from()
        edges: list[Edge] = []
        numbers = count(1)
        for name, calls in self._calls.items():
            for call, node in zip(calls, self._nodes[name], strict=False):

                def find(mark: TensorMark, call: LayerCall = call) -> tuple[str, int] | None:
                    return self._find(mark, self._offsets.get(mark.layer, 0) if call.legacy else 0)

                edges += place_call(call, node, find, lambda: f"e{next(numbers)}")
        nodes = [node for group in self._nodes.values() for node in group]
        return Graph(layers=[one.layer for one in self._read.values()], nodes=nodes, edges=edges)

    def read_ends(self, structure: JsonValue, what: str) -> list[TensorReference]:
        """The model's inputs or outputs, flat, in Keras's own order."""
        nested = _read_structure(structure)
        if not isinstance(nested, TensorMark) and not (
            isinstance(nested, list) and all(isinstance(one, TensorMark) for one in nested)
        ):
            self._report.tell(
                "structure_flattened",
                f"The model's {what} have a structure of their own (a dictionary, for example); they are now a list,"
                " in Keras's order",
            )
        marks = [mark for mark in keras.tree.flatten(nested) if isinstance(mark, TensorMark)]
        found = [(mark, self._find(mark, self._end_offset(mark))) for mark in marks]
        return [TensorReference(node=place[0], output=place[1]) for _, place in found if place is not None]

    def _end_offset(self, mark: TensorMark) -> int:
        """Keras counts the calls of a functional model inside another one from 1 among the ends of that."""
        read = self._read.get(mark.layer)
        if read is None or not read.is_model:
            return 0
        if any(call.legacy for calls in self._calls.values() for call in calls):
            return self._offsets.get(mark.layer, 0)
        return 1 if read.layer.class_name == "Functional" else 0

    def _count_from(self) -> dict[str, int]:
        """For each model in a config of Keras 2 the number of its first call: 1 unless some tensor comes from call 0.

        Keras 2 gives a model that knows its input one call of its own, which no config has.
        """
        marks = [mark for calls in self._calls.values() for call in calls if call.legacy for mark in call.list_marks()]
        zeros = {mark.layer for mark in marks if mark.node == 0}
        return {name: 1 for name, read in self._read.items() if read.is_model and name not in zeros}

    def _find(self, mark: TensorMark, offset: int) -> tuple[str, int] | None:
        nodes = self._nodes.get(mark.layer)
        place = mark.node - offset
        if nodes is None or not 0 <= place < len(nodes) or mark.tensor < 0 or mark.tensor >= 1000:
            self._report.tell(
                "missing_tensor",
                f"Something uses output {mark.tensor} of call {mark.node} of {mark.layer[:100]!r}, which the file does"
                " not have; it was left unconnected",
            )
            return None
        return nodes[place].id, mark.tensor


def _read_structure(structure: JsonValue) -> object:
    if (mark := read_reference(structure)) is not None:
        return mark
    if isinstance(structure, list):
        return [_read_structure(one) for one in structure]
    if isinstance(structure, dict):
        return {key: _read_structure(one) for key, one in structure.items()}
    return structure


def _tidy(call: LayerCall, value: type | None) -> LayerCall:
    """The call without arguments that say nothing, and with the states of Keras 2's recurrent layers named."""
    if value is None:
        return call
    parameters = inspect.signature(value.call).parameters if hasattr(value, "call") else {}
    kwargs = {
        key: one
        for key, one in call.kwargs.items()
        if one is not None or (key in parameters and parameters[key].default is not None)
    }
    inputs = call.args[0] if call.args else None
    if call.legacy and STATE in parameters and isinstance(inputs, list) and len(inputs) > 1:
        # Keras 2 puts the states behind the sequence, in one list.
        return LayerCall([inputs[0]], {**kwargs, STATE: inputs[1:]}, legacy=True)
    return LayerCall(call.args, kwargs, call.legacy)
