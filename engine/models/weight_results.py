"""What is told of weights: shapes, statistics, and how they fit a model. Imports no Keras: the server serves it."""

from typing import Literal

from pydantic import BaseModel

from engine.graph.document import Graph
from engine.graph.issues import Issue

Shapes = list[list[int]]
Fit = Literal["fits", "different_shapes", "missing", "unknown"]


class Histogram(BaseModel):
    """`numpy.histogram` of the finite values: bin `i` goes from `edges[i]` to `edges[i + 1]` and has `counts[i]`."""

    edges: list[float]
    counts: list[int]


class Statistics(BaseModel):
    """Numbers about one array. NaN and infinities are counted, and left out of everything else.

    `zeros` is the share of all values that are exactly 0, from 0 to 1. `min`, `max`, `mean` and `std` are None where no
    value is finite, or where the result is too large for a float of 64 bits. `std` is that of the whole population.
    """

    min: float | None
    max: float | None
    mean: float | None
    std: float | None
    zeros: float
    nan: int
    infinite: int
    histogram: Histogram | None


class VariableDescription(BaseModel):
    """One of Keras's variables, in the order of `layer.get_weights()`. `count` is how many numbers it has.

    `statistics` is None where the model has no weights stored.
    """

    index: int
    name: str
    path: str
    shape: list[int]
    dtype: str
    trainable: bool
    count: int
    bytes: int
    statistics: Statistics | None


class LayerWeightsDescription(BaseModel):
    """The weights of one layer of the model (a nested model is one layer). `layer` is its Keras name.

    `layer_id` is its id in the graph, None for weights that belong to no layer of it; then nothing is known of the
    variables but their places. `fit` says how what is stored fits the layer, None where nothing is stored.
    """

    layer: str
    layer_id: str | None
    fit: Fit | None
    message: str | None = None
    count: int
    bytes: int
    variables: list[VariableDescription]


class WeightsDescription(BaseModel):
    """All weights of a model. Where `stored` is False there are none: these are the shapes that the graph asks for.

    `fits` says whether the stored weights fit the graph, layer by layer and without a rest.
    """

    stored: bool
    fits: bool
    count: int
    bytes: int
    layers: list[LayerWeightsDescription]


class LayerFit(BaseModel):
    """How the weights for one layer fit it. `layer` is the Keras name, shapes are in the order of `get_weights()`."""

    layer: str
    fit: Fit
    expected: Shapes | None = None
    received: Shapes | None = None

    @property
    def message(self) -> str | None:
        """What is wrong, None where nothing is."""
        match self.fit:
            case "fits":
                return None
            case "missing":
                return f"There are no weights for the layer {self.layer!r}; expected {_list(self.expected)}."
            case "unknown":
                return f"There are weights for {self.layer!r}, and the model has no layer with weights of that name."
            case "different_shapes":
                return (
                    f"The weights for the layer {self.layer!r} have the shapes {_list(self.received)};"
                    f" expected {_list(self.expected)}."
                )


class WeightsFit(BaseModel):
    """How weights fit a model: one entry for each layer with weights, in the model's order, then the unknown ones."""

    layers: list[LayerFit]

    @property
    def fits(self) -> bool:
        """Whether every layer gets its weights and nothing is left over."""
        return all(layer.fit == "fits" for layer in self.layers)

    @property
    def kept(self) -> list[str]:
        """The layers that get their weights."""
        return [layer.layer for layer in self.layers if layer.fit == "fits"]

    @property
    def not_kept(self) -> list[LayerFit]:
        """The layers that do not, and the weights that no layer takes."""
        return [layer for layer in self.layers if layer.fit != "fits"]


class StoredWeights(BaseModel):
    """Weights that were written to a file: its hash, its size in bytes, and the shapes by layer.

    `fit` says which layers got them from where they were taken; the others were filled with what was there before, or
    with new values.
    """

    sha256: str
    size: int
    layers: dict[str, Shapes]
    fit: WeightsFit


def compare_shapes(expected: dict[str, Shapes], received: dict[str, Shapes]) -> WeightsFit:
    """How weights of the received shapes fit layers with the expected ones, both by the layer's Keras name."""
    layers = [
        LayerFit(layer=name, fit=_compare(shapes, received.get(name)), expected=shapes, received=received.get(name))
        for name, shapes in expected.items()
    ]
    unknown = [
        LayerFit(layer=name, fit="unknown", received=shapes)
        for name, shapes in received.items()
        if name not in expected
    ]
    return WeightsFit(layers=layers + unknown)


def _compare(expected: Shapes, received: Shapes | None) -> Fit:
    if received is None:
        return "missing"
    return "fits" if expected == received else "different_shapes"


def list_fit_issues(fit: WeightsFit, graph: Graph | None = None) -> list[Issue]:
    """One issue `weights_do_not_fit` for each layer that does not get its weights, on the first node that calls it."""
    layer_ids = {} if graph is None else {layer.keras_name: layer.id for layer in graph.layers}
    nodes = {} if graph is None else {node.layer: node.id for node in reversed(graph.nodes)}
    return [
        Issue(
            code="weights_do_not_fit",
            message=layer.message or "",
            layer=(layer_id := layer_ids.get(layer.layer)),
            node=nodes.get(layer_id) if layer_id is not None else None,
            hint="Take weights of the same model, or change the layer back to what it was.",
        )
        for layer in fit.not_kept
    ]


MOST_SHAPES = 6


def _list(shapes: Shapes | None) -> str:
    if not shapes:
        return "none"
    more = f" and {len(shapes) - MOST_SHAPES} more" if len(shapes) > MOST_SHAPES else ""
    return ", ".join(str(shape) for shape in shapes[:MOST_SHAPES]) + more
