"""What the layers that prepare data make of one real example, step by step."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from engine.data.datasets import Dataset, find_source
from engine.data.steps.names import follow_words
from engine.data.words import Words
from engine.evaluation.arrays import Array
from engine.evaluation.preprocessing.beginning import Beginning, find_beginning
from engine.evaluation.preprocessing.example import Fed, choose_example, feed_example, give_shapes
from engine.evaluation.preprocessing.mixing import describe_shares
from engine.evaluation.preprocessing.pictures import preview_array
from engine.evaluation.preprocessing.running import Answer, Preparation
from engine.evaluation.preprocessing.schema import Preview, PreviewArray, PreviewSettings, PreviewStep
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

MIXED = (
    "{who}: the samples of a batch are mixed, so each draw begins with another one, named first. Inside a model only"
    " what goes in is mixed: training still compares with the target of the sample that each began with."
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
    draws: list[PreviewArray] = []
    targets: list[str] = []
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
            drawn = _draw(preparation, dataset, fed, example, settings)
            draws = [preview_array(one, last.limits) for one in drawn.arrays]
            targets, remarks = drawn.targets, remarks + drawn.remarks
    return Preview(
        dataset=dataset.name,
        samples=dataset.samples,
        example=example,
        target=_name_target(dataset, example),
        steps=_describe_steps(beginning, fed, answers, words, texts),
        draws=draws,
        draw_targets=targets,
        left_out=beginning.left_out,
        remarks=remarks,
    )


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What random layers made; `targets` as in `Preview.draw_targets`."""

    arrays: Iterable[Array]
    targets: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def _draw(
    preparation: Preparation, dataset: Dataset, fed: Mapping[str, Fed], example: int, settings: PreviewSettings
) -> _Drawn:
    """The example, drawn again and again; where layers mix the samples of a batch, a batch with the example first."""
    count = min(settings.count, dataset.samples)
    mixing = preparation.find_mixing(count)
    if not mixing:
        return _Drawn(preparation.draw(settings.count))
    others = np.random.default_rng(settings.seed).permutation(dataset.samples)
    places = [example, *others[others != example][: count - 1].tolist()]
    arrays = {**dataset.targets, **dataset.inputs}
    mixed = list(preparation.draw_mixed(mixing, {node: arrays[one.array][places] for node, one in fed.items()}))
    names = [_name_target(dataset, place) or f"sample {place}" for place in places]
    who = " and ".join(dict.fromkeys(type(layer).__name__ for layer in mixing))
    return _Drawn(
        [array for array, _ in mixed],
        [describe_shares(names, place, shares) for place, (_, shares) in enumerate(mixed)],
        [MIXED.format(who=who)],
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
