"""What layers have learned before a training, in words for its log."""

import numpy as np

from engine.graph.document import Graph, Layer


def list_learned(before: Graph, after: Graph) -> list[str]:
    """What each layer has learned from one graph to the other, in words."""
    lines = []
    for old, new in zip(before.layers, after.layers, strict=True):
        if old.graph is not None and new.graph is not None:
            lines += list_learned(old.graph, new.graph)
        elif old.config != new.config:
            learned = [key for key in new.config if key not in old.config or old.config[key] != new.config[key]]
            lines.append(f"{new.keras_name} ({new.class_name}): " + ", ".join(_describe(new, key) for key in learned))
    return lines


def _describe(layer: Layer, argument: str) -> str:
    value = layer.config[argument]
    return (
        f"{argument} of {np.asarray(value, dtype=object).size:,}" if isinstance(value, list) else f"{argument} {value}"
    )
