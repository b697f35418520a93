"""Edit → checked: the check of a whole graph, and the check after an edit, through the HTTP API."""

import copy
import itertools
import random
import time
from typing import cast

import httpx

from benchmarks.graphs import Json, draw_chain, draw_digits_mlp
from benchmarks.measurement import Measurement
from benchmarks.serving import post_json, run_layerloom

FIRST_CHECKS = 4
EDITS = 40
PAUSE_S = 0.08
"""Between an answer and the next edit: so long the page waits after an edit before it asks for a check."""

ACTIVATIONS = ("relu", "tanh", "gelu", "selu", "elu", "silu")
ARCHITECTURES = ("ResNet50", "DenseNet121", "EfficientNetB0")
PLACES = {"head": 0.0, "middle": 0.5, "tail": 1.0}
"""Where in the order of its layers a graph is edited."""


def measure() -> list[Measurement]:
    measurements = []
    with run_layerloom() as server, httpx.Client(base_url=server.url, timeout=120) as client:
        post_json(client, "/api/check", draw_digits_mlp())
        # Another input size makes all shapes new, another activation all layers, so that nothing comes from the cache.
        for name in ARCHITECTURES:
            sizes = itertools.count(96, 32)
            graphs = [import_architecture(client, name, next(sizes)) for _ in range(FIRST_CHECKS)]
            measurements += measure_graph(client, name, graphs, 0.6 if name == "ResNet50" else None)
        chains = [draw_chain(1000, activation) for activation in ACTIVATIONS[:FIRST_CHECKS]]
        measurements += measure_graph(client, "1,000 nodes", chains, 3)
    return measurements


def import_architecture(client: httpx.Client, name: str, size: int) -> Json:
    """The graph of an architecture of keras.applications, as it comes in through the API."""
    arguments = {"input_shape": [size, size, 3], "include_top": False}
    model = post_json(client, "/api/models/import", {"application": name, "arguments": arguments})
    answer: Json = client.get(f"/api/models/{model['id']}/graph").raise_for_status().json()["graph"]
    return answer


def measure_graph(client: httpx.Client, name: str, graphs: list[Json], budget_s: float | None) -> list[Measurement]:
    """Checks each graph for the first time, and then the last one after edits at its head, middle and tail."""
    firsts = [time_check(client, graph) for graph in graphs]
    generator = random.Random(0)
    measurements = [Measurement(f"first check of {name}", "s", firsts, budget_s)]
    for place, share in PLACES.items():
        edits = []
        for _ in range(EDITS):
            time.sleep(PAUSE_S)
            edit_graph(graphs[-1], share, generator)
            edits.append(1000 * time_check(client, graphs[-1]))
        what = f"edit at the {place} → checked, {name}"
        measurements.append(Measurement(what, "ms", edits, 100, judged_by="p95"))
    return measurements


def edit_graph(graph: Json, share: float, generator: random.Random) -> None:
    """Gives the layer at this share of those with an activation another one."""
    layers = graph["layers"]
    assert isinstance(layers, list)
    activated = [layer for layer in layers if "activation" in layer["config"]]
    layer = activated[round(share * (len(activated) - 1))]
    others = [name for name in ACTIVATIONS if name != layer["config"]["activation"]]
    layer["config"]["activation"] = generator.choice(others)


def time_check(client: httpx.Client, graph: Json) -> float:
    """Seconds from sending the graph to having the parsed answer. Raises ValueError where the graph has errors."""
    body = copy.deepcopy(graph)
    began = time.perf_counter()
    result = post_json(client, "/api/check", body)
    elapsed = time.perf_counter() - began
    # A `Normalization` that has learned nothing yet, as EfficientNet's, is a note and stops nothing.
    issues = cast("list[Json]", result["issues"])
    if errors := [issue for issue in issues if issue["severity"] == "error"]:
        raise ValueError(f"The benchmark's graph has errors: {errors}")
    return elapsed
