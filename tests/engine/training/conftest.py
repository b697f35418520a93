"""A small classifier as a graph, and configs for it."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from pydantic import JsonValue

from engine.graph.document import Graph
from engine.training import verified_fixes
from engine.training.config import RunConfig

MakeGraph = Callable[..., Graph]
MakeConfig = Callable[..., RunConfig]


@pytest.fixture(scope="session")
def make_graph() -> MakeGraph:
    """An MLP: input `features`, one hidden layer, output `answer`."""

    def make(shape: tuple[int, ...] = (8, 8, 1), units: int = 10, activation: str | None = "softmax") -> Graph:
        chain = ["features", "flatten", "hidden", "answer"]
        layers: list[JsonValue] = [
            {"id": "features", "class_name": "InputLayer", "config": {"batch_shape": [None, *shape]}},
            {"id": "flatten", "class_name": "Flatten"},
            {"id": "hidden", "class_name": "Dense", "config": {"units": 16, "activation": "relu"}},
            {"id": "answer", "class_name": "Dense", "config": {"units": units, "activation": activation}},
        ]
        return Graph.model_validate(
            {
                "layers": layers,
                "nodes": [{"id": f"node_{name}", "layer": name} for name in chain],
                "edges": [
                    {"id": f"edge_{target}", "source": f"node_{source}", "target": f"node_{target}"}
                    for source, target in pairwise(chain)
                ],
            }
        )

    return make


@pytest.fixture(scope="session")
def make_config() -> MakeConfig:
    """A config for digits; keyword arguments replace whole sections of it."""

    def make(**sections: JsonValue) -> RunConfig:
        return RunConfig.model_validate(
            {
                "compile": {"loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]},
                "fit": {"epochs": 2, "batch_size": 64, "validation_split": 0.2},
                "data": {"dataset": "digits"},
                "seed": 7,
                **sections,
            }
        )

    return make


@pytest.fixture(autouse=True)
def time_to_try_fixes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every proposed fix is tried, however slow the machine is: which ones mend is not a question of time."""
    monkeypatch.setattr(verified_fixes, "MOST_SECONDS", 600.0)
