"""The names of a model's outputs, and settings by those names, for a Sequential too: Keras gives it no names."""

from collections.abc import Mapping

import keras


def list_output_names(model: "keras.Model") -> list[str]:
    """The names of the layers that the outputs come from, in order."""
    if isinstance(model, keras.Sequential):
        model = keras.Model(model.inputs, model.outputs)
    names: list[str] = model.output_names
    return names


def unwrap_only_output(settings: Mapping[str, object], output: str) -> dict[str, object]:
    """The arguments of `compile` for a model with one output of that name, not by its name any more.

    They mean the same, and a `keras.Sequential` knows no names of outputs.
    """

    def unwrap(key: str, value: object) -> object:
        if not isinstance(value, dict) or list(value) != [output]:
            return value
        inner: object = value[output]
        return inner if key == "loss" or isinstance(inner, list) else [inner]

    return {key: unwrap(key, value) for key, value in settings.items()}
