"""Symbolic tensors as plain values, which can be compared, cached and turned into Keras's own again."""

from dataclasses import dataclass
from functools import cached_property

import keras
from keras.src.backend.common.masking import get_keras_mask, set_keras_mask


@dataclass(frozen=True)
class Spec:
    """All that a layer can learn of a symbolic tensor: shape (None where unknown), dtype, storage, and its mask."""

    shape: tuple[int | None, ...]
    dtype: str
    sparse: bool = False
    ragged: bool = False
    mask: "Spec | None" = None

    @cached_property
    def key(self) -> str:
        """All of it as text, made once: a spec lives as long as the memory of the call that gave it."""
        return repr(self)


def read_spec(tensor: "keras.KerasTensor") -> Spec:
    """The plain value of a symbolic tensor."""
    mask = get_keras_mask(tensor)
    return Spec(
        shape=tuple(None if size is None else int(size) for size in tensor.shape),
        dtype=str(tensor.dtype),
        sparse=bool(tensor.sparse),
        ragged=bool(tensor.ragged),
        mask=read_spec(mask) if isinstance(mask, keras.KerasTensor) else None,
    )


def make_tensor(spec: Spec) -> "keras.KerasTensor":
    """A symbolic tensor that no layer has made, as good as one that did for whatever is called on it."""
    tensor = keras.KerasTensor(spec.shape, dtype=spec.dtype, sparse=spec.sparse, ragged=spec.ragged)
    if spec.mask is not None:
        set_keras_mask(tensor, make_tensor(spec.mask))
    return tensor
