"""Example questions to trained models for the API's documentation."""

from fastapi.openapi.models import Example
from pydantic import BaseModel

EVALUATE: dict[str, Example] = {
    "validation": Example(summary="The best checkpoint on the validation data", value={"split": "validation"}),
    "folds": Example(
        summary="All folds of a run, each sample predicted by the model that did not train on it",
        value={"split": "out_of_fold", "checkpoint_id": "best"},
    ),
    "metrics": Example(
        summary="Only Keras's metrics, of the last checkpoint",
        value={"checkpoint_id": "last", "split": "training", "report": False},
    ),
}
EVALUATE_MODEL: dict[str, Example] = {
    "settings": Example(summary="The draft, on the data and with the loss of its training settings", value={}),
    "named": Example(
        summary="Another data set and loss, only Keras's metrics",
        value={
            "data": {"dataset": "iris"},
            "compile": {"loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]},
            "report": False,
        },
    ),
}
BINARY: dict[str, object] = {"schema": {"type": "string", "format": "binary"}}
SESSION_CREATE: dict[str, Example] = {
    "model": Example(
        summary="A model's draft with its stored weights",
        value={
            "model_id": "0d3f2a8c6b5e4f1d9a7c3b2e1f0d4c5b",
            "compile": {"optimizer": "adam", "loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]},
        },
    ),
    "run": Example(summary="Go on from a run's best checkpoint", value={"run_id": "5b4c0d1f2e3b4c7a9d1f4e5b6c8a2f3d"}),
}
BATCH: dict[str, Example] = {
    "flowers": Example(
        summary="Two samples",
        value={"inputs": {"features": [[5.1, 3.5, 1.4, 0.2], [6.7, 3.0, 5.2, 2.3]]}, "targets": [0, 2]},
    )
}
INPUTS: dict[str, Example] = {
    "flowers": Example(summary="One sample", value={"inputs": {"features": [[5.1, 3.5, 1.4, 0.2]]}}),
}


def describe_predict_body(model: type[BaseModel]) -> dict[str, object]:
    """The kinds of body that can be predicted; `model` is that of JSON."""
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    # Other routes bring these definitions along.
    schema.pop("$defs", None)
    return {
        "required": True,
        "content": {
            "application/json": {
                "schema": schema,
                "examples": {
                    "samples": {
                        "summary": "The first samples of the validation data",
                        "value": {"split": "validation", "indices": [0, 1, 2]},
                    },
                    "rows": {"summary": "Two flowers", "value": {"rows": [[5.1, 3.5, 1.4, 0.2], [6.7, 3.0, 5.2, 2.3]]}},
                    "inputs": {"summary": "Whole arrays", "value": {"inputs": {"features": [[5.1, 3.5, 1.4, 0.2]]}}},
                },
            },
            "text/csv": {"schema": {"type": "string"}, "example": "5.1,3.5,1.4,0.2\n6.7,3.0,5.2,2.3\n"},
            "image/png": BINARY,
            "image/jpeg": BINARY,
        },
    }
