"""The examples of docs/expressions.md do what the page says."""

import json
import re
from pathlib import Path

import pytest

from engine.graph.document import Graph
from engine.layers import code as layer_code
from engine.layers.expressions import arithmetic, grammar, schedule, symbolic
from engine.models.check import GraphChecker
from engine.training.compiling import check_compile
from engine.training.config import RunConfig

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "expressions.md").read_text()
EXAMPLES = [(kind, json.loads(text)) for kind, text in re.findall(r"```json (\w+)\n(.*?)\n```", PAGE, re.DOTALL)]


def list_examples(*kinds):
    return [
        pytest.param(kind, example, id=f"{kind} {i}") for i, (kind, example) in enumerate(EXAMPLES) if kind in kinds
    ]


def make_graph(layer, units=1):
    inputs = layer["config"].get("variables", ["x"]) if "config" in layer else ["x"]
    layers = [{"id": f"in_{name}", "class_name": "InputLayer", "config": {"shape": [4]}} for name in inputs]
    layers += [{"id": "it", **layer}, {"id": "out", "class_name": "Dense", "config": {"units": units}}]
    paths = [[i] if len(inputs) > 1 else [] for i in range(len(inputs))]
    edges = [
        {"id": f"e_{name}", "source": f"in_{name}", "target": "it", "path": path}
        for name, path in zip(inputs, paths, strict=True)
    ]
    edges.append({"id": "e", "source": "it", "target": "out"})
    return Graph.model_validate(
        {"layers": layers, "nodes": [{"id": one["id"], "layer": one["id"]} for one in layers], "edges": edges}
    )


@pytest.mark.parametrize(("kind", "layer"), list_examples("layer"))
def test_every_layer_of_the_page_is_right(kind, layer, monkeypatch):
    monkeypatch.setattr(layer_code._Switch, "allowed", True)
    result = GraphChecker().check(make_graph(layer))
    assert result.ok, (kind, result.issues)
    assert result.nodes["it"].outputs[0].shape == [None, 4]


@pytest.mark.parametrize(("kind", "setting"), list_examples("loss", "metric", "callback"))
def test_every_setting_of_the_page_fits_a_training(kind, setting):
    compile_settings = {"loss": setting if kind == "loss" else "mean_squared_error"}
    compile_settings["metrics"] = [setting] if kind == "metric" else []
    config = RunConfig.model_validate(
        {
            "compile": compile_settings,
            "fit": {"epochs": 60, "batch_size": 32},
            "callbacks": [setting] if kind == "callback" else [],
            "data": {"dataset": "iris"},
        }
    )
    graph = make_graph({"class_name": "Dense", "config": {"units": 4}})
    result = check_compile(GraphChecker(), graph, config)
    assert not [issue for issue in result.issues if issue.severity == "error"], result.issues


def test_the_limits_of_the_page_are_those_of_the_language():
    assert f"{grammar.MAX_LENGTH:,} characters, {grammar.MAX_NODES} parts and {grammar.MAX_DEPTH} levels" in PAGE
    assert f"at most {arithmetic.MAX_INTEGER.bit_length()} bits" in PAGE
    assert f"{symbolic.MAX_ELEMENTS:,} numbers" in PAGE
    assert f"{symbolic.MAX_CONSTANT:,} numbers" in PAGE
    assert f"the first {schedule.TRIED_EPOCHS:,} and the last" in PAGE
    assert len(EXAMPLES) >= 8
