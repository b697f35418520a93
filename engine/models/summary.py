"""Keras's own summary of a model, as text."""

import keras

LINE_LENGTH = 100


def summarize_model(model: "keras.Model") -> str:
    """The table that `model.summary` prints, with nested models opened. The weights need have no values yet."""
    lines: list[str] = []
    model.summary(print_fn=lines.append, line_length=LINE_LENGTH, expand_nested=True, show_trainable=False)
    return "\n".join(lines)
