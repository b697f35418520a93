"""Example requests about runs for the API's documentation."""

from fastapi.openapi.models import Example

from server.routes.examples import FLOWERS_TRAINING

RUN_CREATE: dict[str, Example] = {
    "draft": Example(
        summary="Train the draft",
        value={"model_id": "4c5d1f0e9a8b4c7d8e6f5a4b3c2d1e0f", "config": FLOWERS_TRAINING},
    ),
    "named": Example(
        summary="Train one version, under a name",
        value={
            "model_id": "4c5d1f0e9a8b4c7d8e6f5a4b3c2d1e0f",
            "version_id": "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
            "name": "Flowers with a smaller batch",
            "config": {**FLOWERS_TRAINING, "fit": {"epochs": 20, "batch_size": 8, "validation_split": 0.2}},
        },
    ),
    "fork": Example(
        summary="Start with the weights of another run's checkpoint",
        value={
            "model_id": "4c5d1f0e9a8b4c7d8e6f5a4b3c2d1e0f",
            "config": FLOWERS_TRAINING,
            "start": {
                "run_id": "0d3f2a8c6b5e4f1d9a7c3b2e1f0d4c5b",
                "checkpoint_id": "5b4c0d1f2e3b4c7a9d1f4e5b6c8a2f3d",
            },
        },
    ),
}
RUN_UPDATE: dict[str, Example] = {
    "rename": Example(summary="Rename", value={"name": "Baseline"}),
    "notes": Example(summary="Take notes", value={"notes": "Overfits from epoch 12 on."}),
    "learning_rate": Example(summary="Train on with another learning rate", value={"learning_rate": 0.0001}),
    "epochs": Example(summary="Train for more epochs", value={"epochs": 50}),
}
RUN_RESUME: dict[str, Example] = {
    "newest": Example(summary="From the newest checkpoint", value={}),
    "older": Example(summary="From an older one", value={"checkpoint": "5b4c0d1f2e3b4c7a9d1f4e5b6c8a2f3d"}),
}
RUN_STOP: dict[str, Example] = {
    "step": Example(summary="After this step", value={"when": "step"}),
    "epoch": Example(summary="After this epoch and its validation", value={"when": "epoch"}),
}
EVENTS: dict[str, Example] = {
    "steps": Example(
        summary="Two steps and the end of an epoch",
        value=[
            {
                "seq": 2,
                "time": "2026-01-31T12:00:00Z",
                "type": "steps",
                "epoch": 0,
                "first_step": 0,
                "values": {"loss": [2.31, 2.12], "accuracy": [0.09, "NaN"]},
            },
            {
                "seq": 3,
                "time": "2026-01-31T12:00:01Z",
                "type": "epoch",
                "epoch": 0,
                "step": 2,
                "logs": {"loss": 2.12, "val_loss": 1.98},
                "seconds": 0.8,
            },
        ],
    )
}
