"""Preprocessing layers fitted to the training samples before a training: Keras's `adapt`, kept in the graph's config.

A graph whose layers have learned what they need can be built, saved and exported like any other.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import keras
import numpy as np
import tensorflow as tf

from engine.data.mapped import release
from engine.data.source import Array
from engine.errors import GraphError
from engine.graph.document import Graph, Layer, TensorReference
from engine.graph.issues import Issue
from engine.graph.topology import Topology
from engine.layers.learned import has_unlearned, is_unlearned, learns_words, put_learned, read_learned
from engine.layers.overlay import LEARNED
from engine.models.adapting_code import MOST_IN_BATCH, adapt_to_batches, count_in_batch
from engine.models.builder import build_model
from engine.models.calls import sort_edges
from engine.models.explain import read_message
from engine.models.instantiate import MODEL_CLASSES, make_layer
from engine.models.unlearned import DEFAULT_MODE
from engine.training.feeding import FedData
from engine.training.samples import Indices
from engine.training.vocabulary_sizes import find_small_embeddings

MOST_WORDS = 500_000
"""The largest vocabulary: it is kept in the graph."""

Rows = slice | Indices
Batches = Callable[[], Iterator[list[tf.Tensor]]]
"""Goes through the samples, each time from the beginning: one tensor for each of a graph's inputs."""

ALL = slice(None)


def adapt_graph(graph: Graph, data: FedData, rows: Rows = ALL) -> Graph:
    """The graph with what its preprocessing layers learn from these samples in their configs.

    `data` has an array for each of the graph's inputs, `rows` says which samples train the model: only those are looked
    at. Layers that know already what they need stay as they are; so does a graph without any other.

    Raises:
        GraphError: the graph does not build, or a layer cannot be adapted (`cannot_adapt`); the issue is on its node.
    """
    if not has_unlearned(graph):
        return graph
    return _Adapting(graph, read_batches(data.inputs, rows), ()).run()


def read_batches(arrays: Sequence[Array], rows: Rows = ALL) -> Batches:
    """The samples in batches that need little memory."""
    chosen = np.arange(len(arrays[0]))[rows] if isinstance(rows, slice) else np.asarray(rows)
    size = count_in_batch(list(arrays), MOST_IN_BATCH)

    def read() -> Iterator[list[tf.Tensor]]:
        for start in range(0, len(chosen), size):
            some = chosen[start : start + size]
            # Rows that follow each other are read as one piece, which is faster from a disk.
            piece = slice(some[0], some[-1] + 1) if some[-1] - some[0] + 1 == len(some) else some
            tensors = [tf.constant(np.array(array[piece])) for array in arrays]
            for array in arrays:
                release(array)
            yield tensors

    return read


@dataclass
class _Adapting:
    """One graph whose layers are adapted one after the other, each on what the ones before it make of the samples."""

    graph: Graph
    batches: Batches
    within: tuple[str, ...]

    def run(self) -> Graph:
        while (layer := self._choose_next()) is not None:
            nodes = self._list_ready_nodes(layer)
            adapted = self._adapt(layer, nodes) if layer.graph is None else self._adapt_inside(layer, nodes)
            layers = [adapted if one.id == layer.id else one for one in self.graph.layers]
            self.graph = self.graph.model_copy(update={"layers": layers})
        return self.graph

    def _choose_next(self) -> Layer | None:
        """A layer that has still to learn, and all that comes before its calls has learned; else the first such one."""
        topology = Topology(self.graph)
        waiting = [
            layer
            for layer_id in dict.fromkeys(topology.nodes[node_id].layer for node_id in topology.callable_order())
            if (layer := topology.layers.get(layer_id)) is not None and is_unlearned(layer)
        ]
        calls = {layer.id: [node.id for node in self.graph.nodes if node.layer == layer.id] for layer in waiting}
        return next(
            (one for one in waiting if len(self._list_ready_nodes(one)) == len(calls[one.id])),
            waiting[0] if waiting else None,
        )

    def _list_ready_nodes(self, layer: Layer) -> list[str]:
        """The layer's calls before which nothing has still to learn."""
        topology = Topology(self.graph)
        ready = []
        for node_id in topology.callable_order():
            if topology.nodes[node_id].layer == layer.id:
                before = topology.before([edge.source for edge in topology.incoming[node_id]])
                layers = [topology.layer_of(one) for one in before]
                if not any(one is not None and is_unlearned(one) for one in layers):
                    ready.append(node_id)
        return ready

    def _adapt(self, layer: Layer, nodes: Sequence[str]) -> Layer:
        if layer.config.get("invert") and learns_words(layer):
            hint = f"Give it the {LEARNED[layer.class_name][0]} of the layer that it turns round."
            raise self._refuse(layer, nodes, "it turns numbers back into words, from which it cannot learn them", hint)
        instance = make_layer(layer, _refuse_graph)
        try:
            # What is not finite is said below, once and in words.
            with np.errstate(invalid="ignore", over="ignore"):
                adapt_to_batches(instance, (tensors[0] for tensors in self._read_inputs(layer, nodes)()))
            learned = read_learned(instance)
        except GraphError:
            raise
        except (ValueError, TypeError, RuntimeError, UnicodeDecodeError, tf.errors.OpError) as error:
            raise self._refuse(layer, nodes, read_message(error)[:1000]) from error
        values = learned[LEARNED[layer.class_name][0]]
        if isinstance(values, list) and len(values) > MOST_WORDS:
            fault = f"it has learned {len(values):,} words; expected at most {MOST_WORDS:,}"
            raise self._refuse(layer, nodes, fault, "Set max_tokens: the most frequent words are kept.")
        for argument, value in learned.items():
            if isinstance(value, float | list) and _has_no_number(value):
                fault = f"its {argument} would not be finite: there are NaN or infinite values among the samples"
                raise self._refuse(layer, nodes, fault, "Take those rows out of the data, or fill them.")
            if value == []:
                fault = "there is nothing to learn from in the training samples"
                raise self._refuse(layer, nodes, fault, "Look at the data: are all values empty?")
        self._refuse_small_embeddings(layer, nodes, instance)
        adapted = put_learned(layer, learned)
        make_layer(adapted, _refuse_graph)
        return adapted

    def _refuse_small_embeddings(self, layer: Layer, nodes: Sequence[str], instance: "keras.layers.Layer") -> None:
        if not learns_words(layer) or layer.config.get("output_mode", DEFAULT_MODE) != DEFAULT_MODE:
            return
        issues = list(find_small_embeddings(self.graph, nodes, int(instance.vocabulary_size()), self.within))
        if issues:
            raise GraphError("cannot_adapt", issues[0].message, issues[0].hint, issues)

    def _adapt_inside(self, layer: Layer, nodes: Sequence[str]) -> Layer:
        if layer.class_name not in MODEL_CLASSES:
            fault = f"it stands inside {layer.class_name}, which calls it on parts of what it gets"
            raise self._refuse(layer, nodes, fault, "Put the layer that learns before the wrapper.")
        inner = _Adapting(layer.graph or Graph(), self._read_inputs(layer, nodes), (*self.within, layer.id))
        return layer.model_copy(update={"graph": inner.run()})

    def _read_inputs(self, layer: Layer, nodes: Sequence[str]) -> Batches:
        """What the calls of the layer get, the calls one after the other."""
        readers = [self._read_before(layer, node_id) for node_id in nodes]
        return lambda: chain.from_iterable(read() for read in readers)

    def _read_before(self, layer: Layer, node_id: str) -> Batches:
        """What one call of the layer gets, computed by what stands before it."""
        topology = Topology(self.graph)
        edges = sort_edges(topology.incoming[node_id])
        sources = [TensorReference(node=edge.source, output=edge.output) for edge in edges]
        part, taken = _cut_out(topology, sources)
        model = build_model(part, "before")
        if weighted := [one.name for one in model.layers if one.weights]:
            fault = f"it stands behind {weighted[0]!r}, whose weights are only known once the model is trained"
            raise self._refuse(layer, [node_id], fault, f"Put it before {weighted[0]!r}.")

        def read() -> Iterator[list[tf.Tensor]]:
            for batch in self.batches():
                given = [batch[place] for place in taken]
                # As in a prediction: nothing is dropped, turned or shifted at random.
                answered = model(given if len(given) > 1 else given[0], training=False)
                yield keras.tree.flatten(answered)

        return read

    def _refuse(self, layer: Layer, nodes: Sequence[str], fault: str, hint: str | None = None) -> GraphError:
        message = f"{layer.class_name} {layer.keras_name!r} cannot be fitted to the data: {fault}."
        node = nodes[0] if nodes else None
        issue = Issue(
            code="cannot_adapt", message=message, node=node, layer=layer.id, hint=hint, within=self.within,
        )  # fmt: skip
        return GraphError("cannot_adapt", message, hint, [issue])


def _cut_out(topology: Topology, sources: list[TensorReference]) -> tuple[Graph, list[int]]:
    """The part of the graph that computes these tensors, and which of the graph's inputs it takes."""
    graph = topology.graph
    nodes = topology.before([source.node for source in sources])
    layers = {topology.nodes[node_id].layer for node_id in nodes}
    inputs = topology.inputs()
    taken = [place for place, reference in enumerate(inputs) if reference.node in nodes]
    part = Graph(
        layers=[layer for layer in graph.layers if layer.id in layers],
        nodes=[node for node in graph.nodes if node.id in nodes],
        edges=[edge for edge in graph.edges if edge.source in nodes and edge.target in nodes],
        inputs=[inputs[place] for place in taken],
        outputs=sources,
    )
    return part, taken


def _has_no_number(value: object) -> bool:
    try:
        numbers = np.asarray(value, dtype="float64")
    except ValueError:
        return False
    return not np.isfinite(numbers).all()


def _refuse_graph(graph: Graph, name: str) -> "keras.Model":
    raise TypeError(f"{name} holds a graph of {len(graph.nodes)} nodes; expected a layer")
