"""What the body of an import can be, for the API's documentation."""

from server.schemas.importing import ImportRequest

CONFIG: dict[str, object] = {
    "class_name": "Sequential",
    "config": {
        "name": "digits",
        "layers": [
            {"class_name": "InputLayer", "config": {"batch_shape": [None, 64], "name": "pixels"}},
            {"class_name": "Dense", "config": {"units": 10, "activation": "softmax", "name": "digit"}},
        ],
    },
}

REQUEST: dict[str, object] = ImportRequest.model_json_schema(ref_template="#/components/schemas/{model}")
REQUEST.pop("$defs", None)

IMPORT_BODY: dict[str, object] = {
    "required": True,
    "content": {
        "application/json": {
            "schema": REQUEST,
            "examples": {
                "template": {"summary": "A copy of a template", "value": {"template": "digits_mlp"}},
                "application": {
                    "summary": "An architecture of keras.applications",
                    "value": {"application": "MobileNetV2", "arguments": {"input_shape": [96, 96, 3], "classes": 5}},
                },
                "config": {"summary": "What model.to_json() gives", "value": {"config": CONFIG}},
            },
        },
        "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
    },
}
"""The JSON and the file, of which a request has one."""
