"""Edit → checked: the check of a whole graph, and the check after an edit, through the HTTP API."""

import copy
import itertools
import random
import time
from collections.abc import Callable

import httpx

from benchmarks.graphs import Json, draw_chain, draw_digits_mlp, draw_resnet50
from benchmarks.measurement import Measurement
from benchmarks.serving import post_json, run_layerloom

FIRST_CHECKS = 4
EDITS = 30
ACTIVATIONS = ("relu", "tanh", "gelu", "selu", "elu", "silu")


def measure() -> list[Measurement]:
    measurements = []
    with run_layerloom() as server, httpx.Client(base_url=server.url, timeout=120) as client:
        post_json(client, "/api/check", draw_digits_mlp())
        # Another input size makes all shapes new, another activation all layers, so that nothing comes from the cache.
        sizes = itertools.count(224, 32)
        measurements += measure_graph(client, "ResNet50", lambda: draw_resnet50(next(sizes)), 0.6)
        activations = iter(ACTIVATIONS)
        measurements += measure_graph(client, "1,000 nodes", lambda: draw_chain(1000, next(activations)), 3)
    return measurements


def measure_graph(client: httpx.Client, name: str, draw: Callable[[], Json], budget_s: float) -> list[Measurement]:
    """`draw` has to give a graph with shapes of its own each time."""
    firsts = []
    for _ in range(FIRST_CHECKS):
        graph = draw()
        firsts.append(time_check(client, graph))
    generator = random.Random(0)
    edits = []
    for _ in range(EDITS):
        edit_graph(graph, generator)
        edits.append(1000 * time_check(client, graph))
    return [
        Measurement(f"first check of {name}", "s", firsts, budget_s),
        Measurement(f"edit → checked, {name}", "ms", edits, 100, judged_by="p95"),
    ]


def edit_graph(graph: Json, generator: random.Random) -> None:
    """Gives one layer, anywhere in the graph, another activation, and a Dense as often another width."""
    layers = graph["layers"]
    assert isinstance(layers, list)
    layer = generator.choice([layer for layer in layers if "activation" in layer["config"]])
    if "units" in layer["config"] and generator.random() < 0.5:
        layer["config"]["units"] += generator.randint(1, 100)
        return
    others = [name for name in ACTIVATIONS if name != layer["config"]["activation"]]
    layer["config"]["activation"] = generator.choice(others)


def time_check(client: httpx.Client, graph: Json) -> float:
    """Seconds from sending the graph to having the parsed answer. Raises ValueError where the graph has issues."""
    body = copy.deepcopy(graph)
    began = time.perf_counter()
    result = post_json(client, "/api/check", body)
    elapsed = time.perf_counter() - began
    if result["issues"]:
        raise ValueError(f"The benchmark's graph has issues: {result['issues']}")
    return elapsed
