"""Example requests for the documentation of previews and of augmentation."""

from fastapi.openapi.models import Example

DIGITS_GRAPH: dict[str, object] = {
    "layers": [
        {"id": "image", "class_name": "InputLayer", "config": {"shape": [8, 8, 1]}},
        {"id": "turned", "class_name": "RandomRotation", "config": {"factor": 0.1}},
        {"id": "scaled", "class_name": "Rescaling", "config": {"scale": 0.0625}},
    ],
    "nodes": [
        {"id": "image", "layer": "image"},
        {"id": "turned", "layer": "turned"},
        {"id": "scaled", "layer": "scaled"},
    ],
    "edges": [
        {"id": "e1", "source": "image", "target": "turned"},
        {"id": "e2", "source": "turned", "target": "scaled"},
    ],
}

GRAPH_PREVIEW: dict[str, Example] = {
    "digits": Example(
        summary="A digit turned nine times, and scaled",
        value={"graph": DIGITS_GRAPH, "data": {"dataset": "digits"}, "example": 7, "seed": 1, "count": 9},
    )
}
MODEL_PREVIEW: dict[str, Example] = {"defaults": Example(summary="Of the data that trains the model", value={})}
AUGMENT: dict[str, Example] = {
    "read": Example(summary="How the graph augments its images", value={"graph": DIGITS_GRAPH}),
    "change": Example(
        summary="As ImageDataGenerator's arguments say",
        value={
            "graph": DIGITS_GRAPH,
            "arguments": {"rotation_range": 20, "width_shift_range": 0.1, "horizontal_flip": True},
            "data": {"dataset": "digits"},
        },
    ),
}
