"""What the layers that prepare data make of one real example, step by step."""

from collections.abc import Mapping

from engine.data.datasets import Dataset, find_source
from engine.data.steps.names import follow_words
from engine.data.words import Words
from engine.evaluation.preprocessing.beginning import Beginning, find_beginning
from engine.evaluation.preprocessing.example import Fed, choose_example, feed_example, give_shapes
from engine.evaluation.preprocessing.pictures import preview_array
from engine.evaluation.preprocessing.running import Answer, Preparation
from engine.evaluation.preprocessing.schema import Preview, PreviewSettings, PreviewStep
from engine.graph.document import Graph
from engine.graph.topology import Topology
from engine.layers.learned import has_unlearned
from engine.layers.preprocessing import is_preprocessing
from engine.models.check import GraphChecker
from engine.training.adapting import adapt_graph
from engine.training.config import DataSettings
from engine.training.feeding import FedData
from engine.training.run_data import load_part

MOST_FITTED = 2000
"""Samples that layers learn from for a preview."""

FITTED_TO_SOME = (
    f"What layers learn of the data they have learned here of the first {MOST_FITTED:,} samples, or of fewer where"
    " there are fewer; a training takes all of its training samples."
)


def preview_graph(checker: GraphChecker, graph: Graph, data: DataSettings, settings: PreviewSettings) -> Preview:
    """One example before and after every layer that prepares data, and what random ones draw in training.

    Raises:
        EngineError: the data set is unknown or not here, or the layers cannot be called on the example.
        ConfigError: the data set does not fit the graph's inputs, or has no such example.
        GraphError: the layers cannot be made.
    """
    check = checker.check(graph)
    beginning = find_beginning(graph, check, settings.node)
    dataset = load_part(data, None)
    example = choose_example(dataset, settings)
    fed = feed_example(graph, check, beginning.nodes, dataset, data, example)
    words = find_source(data.dataset).read_words(data.arguments)
    texts = set() if words is None else follow_words(words.arrays, data.steps)
    answers: dict[str, Answer] = {}
    draws = []
    remarks = [] if words is None or words.reason is None else [f"Texts are shown as word numbers: {words.reason}"]
    if beginning.graph.outputs:
        sized = give_shapes(beginning.graph, fed)
        if has_unlearned(sized):
            sized = _fit_to_some(sized, dataset, fed)
            remarks.append(FITTED_TO_SOME)
        preparation = Preparation(sized, checker.check(sized), fed, settings.seed)
        answers = preparation.run()
        last = answers[beginning.nodes[-1]]
        if settings.training and last.random:
            draws = [preview_array(one, last.limits) for one in preparation.draw(settings.count)]
    return Preview(
        dataset=dataset.name,
        samples=dataset.samples,
        example=example,
        target=_name_target(dataset, example),
        steps=_describe_steps(beginning, fed, answers, words, texts),
        draws=draws,
        left_out=beginning.left_out,
        remarks=remarks,
    )


def _fit_to_some(graph: Graph, dataset: Dataset, fed: Mapping[str, Fed]) -> Graph:
    """The graph whose layers have learned from the first samples: enough to show what they do, and soon done."""
    arrays = {**dataset.targets, **dataset.inputs}
    inputs = [arrays[fed[reference.node].array] for reference in graph.inputs or []]
    return adapt_graph(graph, FedData(inputs, [], []), slice(0, MOST_FITTED))


def _describe_steps(
    beginning: Beginning, fed: Mapping[str, Fed], answers: Mapping[str, Answer], words: Words | None, texts: set[str]
) -> list[PreviewStep]:
    topology = Topology(beginning.graph)
    steps = []
    for node_id in beginning.nodes:
        layer = topology.layers[topology.nodes[node_id].layer]
        if node_id in fed:
            # As it is in the data set: the first layer is where it becomes something else.
            one = fed[node_id]
            known = words if one.array in texts else None
            output, random = preview_array(one.sample[0, ...], one.limits, known), False
        else:
            answer = answers[node_id]
            output, random = preview_array(answer.array, answer.limits), answer.random
        steps.append(
            PreviewStep(
                node=node_id,
                layer=layer.id,
                class_name=layer.class_name,
                sources=list(dict.fromkeys(edge.source for edge in topology.incoming[node_id])),
                preparing=is_preprocessing(layer),
                random=random,
                output=output,
            )
        )
    return steps


def _name_target(dataset: Dataset, example: int) -> str | None:
    """The class of the example, where its first target is one."""
    spec = dataset.target_specs[0] if dataset.target_specs else None
    if spec is None or spec.classes is None or dataset.targets[spec.name][example].size != 1:
        return None
    label = int(dataset.targets[spec.name][example].ravel()[0])
    return dataset.class_names[label] if 0 <= label < len(dataset.class_names) else str(label)
