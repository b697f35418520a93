"""A small graph and settings for a training, for tests that need any."""

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
