"""Example requests for the API's documentation."""

from fastapi.openapi.models import Example

SMALL_GRAPH: dict[str, object] = {
    "format": 1,
    "layers": [
        {"id": "pixels", "class_name": "InputLayer", "config": {"shape": [64]}},
        {"id": "hidden", "class_name": "Dense", "config": {"units": 64, "activation": "relu"}},
        {"id": "digit", "class_name": "Dense", "config": {"units": 10, "activation": "softmax"}},
    ],
    "nodes": [
        {"id": "pixels", "layer": "pixels"},
        {"id": "hidden", "layer": "hidden"},
        {"id": "digit", "layer": "digit"},
    ],
    "edges": [
        {"id": "e1", "source": "pixels", "target": "hidden"},
        {"id": "e2", "source": "hidden", "target": "digit"},
    ],
}
TRAINING: dict[str, object] = {
    "compile": {"optimizer": "adam", "loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]},
    "fit": {"epochs": 20, "batch_size": 32, "validation_split": 0.2},
    "data": {"dataset": "digits"},
}

MODEL_CREATE: dict[str, Example] = {
    "empty": Example(summary="An empty model", value={"name": "My first model"}),
    "digits": Example(
        summary="A digits classifier", value={"name": "Digits", "graph": SMALL_GRAPH, "training": TRAINING}
    ),
}
GRAPH_BODY: dict[str, object] = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {"$ref": "#/components/schemas/Graph"},
            "examples": {"digits": {"summary": "A digits classifier", "value": SMALL_GRAPH}},
        }
    },
}
"""The body of a route that does not read the graph itself."""
DRAFT: dict[str, Example] = {"digits": Example(summary="A digits classifier", value={"graph": SMALL_GRAPH})}
RUN_CONFIG: dict[str, Example] = {"digits": Example(summary="Train on digits", value=TRAINING)}
PATCH: dict[str, Example] = {
    "units": Example(
        summary="Set the units of the second layer",
        value=[{"op": "replace", "path": "/graph/layers/1/config/units", "value": 128}],
    )
}
