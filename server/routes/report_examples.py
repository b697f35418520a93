"""Example requests for the documentation of costs."""

from fastapi.openapi.models import Example

from server.routes.examples import FLOWERS_GRAPH

GRAPH_COSTS: dict[str, Example] = {
    "flowers": Example(
        summary="A classifier of flowers, trained with Adam on 32 samples at once",
        value={"graph": FLOWERS_GRAPH, "batch_size": 32, "optimizer": "adam"},
    )
}
MODEL_COSTS: dict[str, Example] = {
    "defaults": Example(summary="As the model is trained", value={}),
    "other": Example(
        summary="Another batch size and optimizer; the size of an input where the graph leaves it open",
        value={
            "batch_size": 64,
            "optimizer": {"class_name": "SGD", "config": {"momentum": 0.9}},
            "dims": {"features": [4]},
        },
    ),
}
