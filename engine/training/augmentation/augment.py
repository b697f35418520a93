"""The random layers behind an input of images: what they do now, and the graph in which they do something else."""

from collections.abc import Mapping

from pydantic import JsonValue

from engine.data.value_range import Range, find_limits
from engine.errors import EngineError
from engine.graph.document import Graph
from engine.graph.topology import Topology
from engine.models.check import GraphChecker
from engine.models.results import CheckResult
from engine.training.augmentation.arguments import check_arguments, leave_out_defaults
from engine.training.augmentation.drawn import BRIGHTENING, Drawn
from engine.training.augmentation.schema import Augmentation
from engine.training.augmentation.translating import Images, Planned, plan_layers
from engine.training.config import DataSettings
from engine.training.input_arrays import choose_input_arrays
from engine.training.keras_objects import ConfigIssues
from engine.training.run_data import load_part

BYTES: Range = (0.0, 255.0)

IMAGE_RANK = 3
"""Height, width, channels."""


def augment_graph(
    checker: GraphChecker,
    graph: Graph,
    node: str | None,
    arguments: Mapping[str, JsonValue] | None,
    data: DataSettings | None,
) -> Augmentation:
    """The graph whose random layers behind the input do what the arguments say; with None as they are.

    `node` is the input, None for the first one of images; `data` tells what is black and white. Layers that are there
    already are changed, so that they keep their names, and new ones follow them.

    Raises:
        EngineError: `no_image_input`, or `unknown_node`.
        ConfigError: an argument is unknown, cannot be expressed, or is refused by Keras; issues at `arguments.<name>`.
    """
    check = checker.check(graph)
    input_node = _find_input(graph, check, node)
    drawn = Drawn(graph, input_node)
    remarks = list(drawn.remarks)
    if arguments is not None:
        values = check_arguments(arguments)
        limits, doubt = _find_limits(graph, check, input_node, data)
        height, width = [*check.nodes[input_node].outputs[0].shape[1:3]]
        planned, notes = plan_layers(values, Images(height, width, drawn.find_limits(limits)))
        remarks = [*notes, *(doubt if any(one.part in BRIGHTENING for one in planned) else []), *drawn.kept]
        graph, places = drawn.change(planned)
        _refuse_what_keras_refuses(checker.check(graph), places)
        drawn = Drawn(graph, input_node)
    return Augmentation(
        graph=graph,
        node=input_node,
        arguments=leave_out_defaults(drawn.arguments),
        nodes=list(drawn.read),
        last=next(reversed(drawn.read), input_node),
        remarks=remarks,
    )


def _find_input(graph: Graph, check: CheckResult, node: str | None) -> str:
    topology = Topology(graph)
    inputs = [one for one in topology.nodes if topology.is_input(one) and one in check.nodes]
    if node is not None:
        if node not in topology.nodes:
            raise EngineError("unknown_node", f"The graph has no node {node!r}; expected one of {', '.join(inputs)}.")
        inputs = [one for one in inputs if one == node]
    images = [one for one in inputs if len(check.nodes[one].outputs[0].shape) == 1 + IMAGE_RANK]
    if not images:
        which = "The graph has no input" if node is None else f"The node {node!r} is no input"
        raise EngineError(
            "no_image_input",
            f"{which} of images; expected an InputLayer of shape (height, width, channels).",
            "Give an input such a shape.",
        )
    return images[0]


def _find_limits(
    graph: Graph, check: CheckResult, input_node: str, data: DataSettings | None
) -> tuple[Range, list[str]]:
    """What is black and white in the input's images, and the doubt about it."""
    if data is None:
        return BYTES, ["Black and white are taken to be 0 and 255: no data set is named."]
    try:
        dataset = load_part(data, None)
        array = choose_input_arrays(graph, check, dataset, data)[input_node]
        limits = find_limits({**dataset.targets, **dataset.inputs}[array])
    except EngineError as error:
        return BYTES, [f"Black and white are taken to be 0 and 255: {error.message}"]
    return (BYTES, []) if limits is None else (limits, [])


def _refuse_what_keras_refuses(check: CheckResult, places: Mapping[str, Planned]) -> None:
    """Raises `ConfigError` with Keras's words at the arguments that a layer stands for."""
    problems = ConfigIssues()
    for issue in check.issues:
        planned = places.get(issue.node or "")
        if issue.severity == "error" and planned is not None:
            for argument in planned.arguments:
                problems.add(issue.code, f"arguments.{argument}", issue.message, issue.hint)
    problems.raise_if_any()
