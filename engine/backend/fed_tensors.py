"""Which symbolic tensors a question feeds and asks for, and whether the ones suffice for the others."""

from dataclasses import dataclass

import keras
from pydantic import JsonValue

from engine.backend.results import Request
from engine.backend.values import ValuesError, read_values
from engine.errors import GraphError
from engine.graph.document import Graph, TensorReference
from engine.graph.issues import Issue
from engine.graph.topology import Topology
from engine.models.builder import Trace

Place = tuple[str, int]


@dataclass(frozen=True)
class FedTensors:
    """The tensors that are fed, with their values and their places in the graph, and the tensors that are asked for."""

    inputs: list["keras.KerasTensor"]
    values: list[object]
    places: list[TensorReference]
    outputs: list["keras.KerasTensor"]


def feed_tensors(graph: Graph, trace: Trace, request: Request) -> FedTensors:
    """Lays a question beside the linked graph. Raises `GraphError` with an issue for everything that does not fit."""
    feeding = _Feeding(Topology(graph), trace)
    for node, values in request.inputs.items():
        feeding.feed(node, values)
    for index, reference in enumerate(request.outputs):
        feeding.find((reference.node, reference.output), f"outputs.{index}")
    feeding.raise_issues()
    feeding.compare([(reference.node, reference.output) for reference in request.outputs])
    feeding.raise_issues()
    return FedTensors(
        inputs=[trace.tensors[node][output] for node, output in feeding.values],
        values=list(feeding.values.values()),
        places=[TensorReference(node=node, output=output) for node, output in feeding.values],
        outputs=[trace.tensors[reference.node][reference.output] for reference in request.outputs],
    )


class _Feeding:
    """What was fed so far, and what is wrong with it."""

    def __init__(self, topology: Topology, trace: Trace):
        self.topology = topology
        self.trace = trace
        self.values: dict[Place, object] = {}
        self.issues: list[Issue] = []

    def feed(self, node: str, values: JsonValue) -> None:
        """Takes the values for one node: of its output 0 or, as an object, of outputs by number."""
        by_output = values if isinstance(values, dict) else {"0": values}
        for output, inner in by_output.items():
            if not (output.isascii() and output.isdigit() and len(output) <= 4):
                self._add(
                    "unknown_output", f"inputs.{node}", f"Outputs are numbered from 0; {output[:50]!r} came.", node
                )
                continue
            tensor = self.find((node, int(output)), f"inputs.{node}")
            if tensor is None:
                continue
            try:
                self.values[node, int(output)] = read_values(inner, tensor)
            except ValuesError as error:
                self._add(error.code, f"inputs.{node}", f"For the node {node!r}: {error.message}", node, error.hint)

    def find(self, place: Place, argument: str) -> "keras.KerasTensor | None":
        """The tensor at a place in the graph; where there is none, that becomes an issue."""
        node, output = place
        tensors = self.trace.tensors.get(node)
        if tensors is None:
            self._add("unknown_node", argument, f"The graph has no node {node!r}.")
        elif output >= len(tensors):
            many = f"{len(tensors)} output{'s' * (len(tensors) != 1)}, counted from 0"
            self._add("unknown_output", argument, f"The node {node!r} has {many}; output {output} was asked for.", node)
        else:
            return tensors[output]
        return None

    def compare(self, wanted: list[Place]) -> None:
        """Goes back from what is wanted to what is fed: inputs on the way have to be fed, and all that is fed met."""
        waiting, seen, used = [*wanted], set[Place](), set[Place]()
        while waiting:
            place = waiting.pop()
            if place in seen:
                continue
            seen.add(place)
            if place in self.values:
                used.add(place)
            elif self.topology.is_input(place[0]):
                hint = "Give its values, or those of every node between it and the outputs."
                self._add(
                    "not_fed",
                    "inputs",
                    f"The outputs depend on the input {place[0]!r}, which has no values.",
                    place[0],
                    hint,
                )
            else:
                waiting.extend((edge.source, edge.output) for edge in self.topology.incoming[place[0]])
        for node, output in self.values.keys() - used:
            message = f"The outputs do not depend on output {output} of the node {node!r}, which has values."
            self._add("not_needed", f"inputs.{node}", message, node, "Leave it out.")

    def raise_issues(self) -> None:
        """Raises `GraphError` where there are any."""
        if self.issues:
            more = f" (and {len(self.issues) - 1} more)" if len(self.issues) > 1 else ""
            raise GraphError("values_do_not_fit", self.issues[0].message + more, self.issues[0].hint, self.issues)

    def _add(self, code: str, argument: str, message: str, node: str | None = None, hint: str | None = None) -> None:
        known = node if node in self.topology.nodes else None
        self.issues.append(Issue(code=code, message=message, hint=hint, node=known, argument=argument))
