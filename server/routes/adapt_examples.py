"""Example requests for the documentation of what is fitted to data."""

from fastapi.openapi.models import Example

WINE_GRAPH: dict[str, object] = {
    "layers": [
        {"id": "features", "class_name": "InputLayer", "config": {"shape": [13]}},
        {"id": "scaled", "class_name": "Normalization"},
        {"id": "answer", "class_name": "Dense", "config": {"units": 3, "activation": "softmax"}},
    ],
    "nodes": [
        {"id": "features", "layer": "features"},
        {"id": "scaled", "layer": "scaled"},
        {"id": "answer", "layer": "answer"},
    ],
    "edges": [
        {"id": "e1", "source": "features", "target": "scaled"},
        {"id": "e2", "source": "scaled", "target": "answer"},
    ],
}
ADAPT_GRAPH: dict[str, Example] = {
    "wine": Example(
        summary="Mean and variance of the columns, of those rows that train",
        value={"graph": WINE_GRAPH, "data": {"dataset": "wine"}, "validation_split": 0.2},
    )
}
ADAPT_MODEL: dict[str, Example] = {"defaults": Example(summary="To the data that trains the model", value={})}
