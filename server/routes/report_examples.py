"""Example requests for the documentation of costs."""

from fastapi.openapi.models import Example

from server.routes.examples import SMALL_GRAPH

GRAPH_COSTS: dict[str, Example] = {
    "digits": Example(
        summary="A digits classifier, trained with Adam on 32 samples at once",
        value={"graph": SMALL_GRAPH, "batch_size": 32, "optimizer": "adam"},
    )
}
MODEL_COSTS: dict[str, Example] = {
    "defaults": Example(summary="As the model is trained", value={}),
    "other": Example(
        summary="Another batch size and optimizer, and texts of 200 words",
        value={
            "batch_size": 64,
            "optimizer": {"class_name": "SGD", "config": {"momentum": 0.9}},
            "dims": {"words": [200]},
        },
    ),
}
