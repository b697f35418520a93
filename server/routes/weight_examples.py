"""Example requests about weights and values for the API's documentation."""

from fastapi.openapi.models import Example

FROM_RUN: dict[str, Example] = {
    "checkpoint": Example(
        summary="Take a checkpoint's weights",
        value={"run": "0d3f2a8c6b5e4f1d9a7c3b2e1f0d4c5b", "checkpoint": "5b4c0d1f2e3b4c7a9d1f4e5b6c8a2f3d"},
    )
}
FREEZE: dict[str, Example] = {
    "base": Example(
        summary="Freeze everything from a node back to the inputs",
        value={"nodes": ["hidden"], "with_ancestors": True, "trainable": False},
    )
}
FUNCTION: dict[str, Example] = {
    "inner": Example(
        summary="What the hidden layer answers to one sample",
        value={"inputs": {"features": [[5.1, 3.5, 1.4, 0.2]]}, "outputs": [{"node": "hidden"}]},
    )
}
GRADIENTS: dict[str, Example] = {
    "weights": Example(
        summary="How the outputs depend on a layer's weights",
        value={
            "inputs": {"features": [[5.1, 3.5, 1.4, 0.2]]},
            "outputs": [{"node": "species"}],
            "with_respect_to": {"variables": ["hidden"]},
        },
    ),
    "features": Example(
        summary="How the outputs depend on the inputs",
        value={
            "inputs": {"features": [[5.1, 3.5, 1.4, 0.2]]},
            "outputs": [{"node": "species"}],
            "with_respect_to": {"inputs": ["features"]},
        },
    ),
}
