"""Example requests for the API's documentation."""

from fastapi.openapi.models import Example

FLOWERS_GRAPH: dict[str, object] = {
    "format": 1,
    "layers": [
        {"id": "features", "class_name": "InputLayer", "config": {"shape": [4]}},
        {"id": "hidden", "class_name": "Dense", "config": {"units": 16, "activation": "relu"}},
        {"id": "species", "class_name": "Dense", "config": {"units": 3, "activation": "softmax"}},
    ],
    "nodes": [
        {"id": "features", "layer": "features"},
        {"id": "hidden", "layer": "hidden"},
        {"id": "species", "layer": "species"},
    ],
    "edges": [
        {"id": "e1", "source": "features", "target": "hidden"},
        {"id": "e2", "source": "hidden", "target": "species"},
    ],
}
FLOWERS_TRAINING: dict[str, object] = {
    "compile": {"optimizer": "adam", "loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]},
    "fit": {"epochs": 20, "batch_size": 16, "validation_split": 0.2},
    "data": {"dataset": "iris"},
}
"""One example fits the other: what is tried one after the other succeeds, as a test does."""

MODEL_CREATE: dict[str, Example] = {
    "empty": Example(summary="An empty model", value={"name": "My first model"}),
    "flowers": Example(
        summary="A classifier of flowers",
        value={"name": "Flowers", "graph": FLOWERS_GRAPH, "training": FLOWERS_TRAINING},
    ),
}
GRAPH_BODY: dict[str, object] = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {"$ref": "#/components/schemas/Graph"},
            "examples": {"flowers": {"summary": "A classifier of flowers", "value": FLOWERS_GRAPH}},
        }
    },
}
"""The body of a route that does not read the graph itself."""
DRAFT: dict[str, Example] = {"flowers": Example(summary="A classifier of flowers", value={"graph": FLOWERS_GRAPH})}
RUN_CONFIG: dict[str, Example] = {"flowers": Example(summary="Train on iris flowers", value=FLOWERS_TRAINING)}
PATCH: dict[str, Example] = {
    "units": Example(
        summary="Set the units of the second layer",
        value=[{"op": "replace", "path": "/graph/layers/1/config/units", "value": 128}],
    )
}
