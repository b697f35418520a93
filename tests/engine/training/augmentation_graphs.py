"""Chains of layers behind an input of images, for tests of augmentation and of previews."""

from itertools import pairwise

from pydantic import JsonValue

from engine.graph.document import Graph

SHAPE: list[JsonValue] = [8, 8, 1]


def draw_chain(*steps: tuple[str, dict[str, JsonValue]], shape: list[JsonValue] = SHAPE, **more: object) -> Graph:
    """An input `image`, and the layers behind it: `step_0`, `step_1`, …"""
    layers: list[tuple[str, str, dict[str, JsonValue]]] = [("image", "InputLayer", {"shape": shape})]
    layers += [(f"step_{place}", class_name, config) for place, (class_name, config) in enumerate(steps)]
    names = [name for name, _, _ in layers]
    return Graph.model_validate(
        {
            "layers": [{"id": name, "class_name": kind, "config": config} for name, kind, config in layers],
            "nodes": [{"id": name, "layer": name} for name in names],
            "edges": [{"id": f"{a}_{b}", "source": a, "target": b} for a, b in pairwise(names)],
            **more,
        }
    )
