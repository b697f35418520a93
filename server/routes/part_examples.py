"""Examples for the routes that change a draft by larger parts: what they do to the example graph."""

from fastapi.openapi.models import Example

NEST: dict[str, Example] = {
    "block": Example(summary="Make the hidden layer a model of its own", value={"nodes": ["hidden"], "name": "block"})
}
DISSOLVE: dict[str, Example] = {"block": Example(summary="Take that model apart again", value={"layer": "block"})}
INSERT: dict[str, Example] = {
    "dropout": Example(
        summary="Put dropout before the last layer",
        value={"layer": {"id": "drop", "class_name": "Dropout", "config": {"rate": 0.5}}, "index": 2},
    )
}
POP: dict[str, Example] = {
    "last": Example(summary="Remove the last layer", value={}),
    "second": Example(summary="Remove the second layer", value={"index": 1}),
}
