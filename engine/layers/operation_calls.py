"""The call of an operation on symbolic tensors: what it answers, and whether it can be computed."""

from collections.abc import Mapping, Sequence

import keras
from keras.src.backend import compute_output_spec

STAND_IN = 64
"""What a dimension of unknown size is taken to be where an operation cannot be traced without knowing it."""


def trace_operation(operation: "keras.Operation", args: Sequence[object], kwargs: Mapping[str, object]) -> None:
    """Traces the computation as training would, because an operation's own rule for shapes lets much through.

    Says nothing where it works with the dimensions unknown, or with some size for them: a batch that is there has one.
    Raises whatever Keras and the backend raise otherwise.
    """
    try:
        compute_output_spec(operation.call, *args, **kwargs)
    except Exception:
        known = keras.tree.map_structure(_fix_shape, [list(args), dict(kwargs)])
        if not _has_unknown([list(args), dict(kwargs)]):
            raise
        try:
            compute_output_spec(operation.call, *known[0], **known[1])
        except Exception:  # noqa: BLE001, S110 - the first error says more: it is about the shapes that are really there
            pass
        else:
            return
        raise


def _has_unknown(values: object) -> bool:
    return any(isinstance(one, keras.KerasTensor) and None in one.shape for one in keras.tree.flatten(values))


def _fix_shape(value: object) -> object:
    if not isinstance(value, keras.KerasTensor):
        return value
    return keras.KerasTensor([STAND_IN if size is None else size for size in value.shape], value.dtype)
