"""What a loss compares, found by asking Keras and by trying it on a few numbers."""

import inspect
from dataclasses import dataclass

import keras
import numpy as np

from engine.layers.discover import discover_classes

ERRORS = (AttributeError, IndexError, KeyError, NotImplementedError, RuntimeError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class LossNature:
    """`class_name` is the Keras class (None for what is none), `from_logits` its setting (None where it has none).

    `apart` says that each unit of an output is judged on its own; None where that could not be found out.
    """

    class_name: str | None
    from_logits: bool | None
    apart: bool | None

    @property
    def takes_probabilities(self) -> bool:
        """Whether the output is read as probabilities."""
        return self.from_logits is False


def find_loss_nature(loss: object) -> LossNature:
    """The nature of a made loss: an object, a function of Keras, or a name that Keras resolves."""
    made = _make_instance(loss)
    if made is None:
        return LossNature(None, None, None)
    flag = made.get_config().get("from_logits") if _has_flag(type(made)) else None
    return LossNature(type(made).__name__, flag if isinstance(flag, bool) else None, _judges_apart(made))


def find_loss_class(name: str) -> type | None:
    """The class whose name Keras also writes as `name`: `binary_crossentropy` is BinaryCrossentropy."""
    wanted = _fold(name)
    return next((one.value for one in discover_classes("losses").values() if _fold(one.name) == wanted), None)


def _make_instance(loss: object) -> "keras.losses.Loss | None":
    if isinstance(loss, keras.losses.Loss):
        return loss
    if isinstance(loss, str):
        try:
            loss = keras.losses.get(loss)
        except (TypeError, ValueError):
            return None
    found = find_loss_class(getattr(loss, "__name__", ""))
    return found() if found is not None else None


def _has_flag(loss_class: type) -> bool:
    return "from_logits" in inspect.signature(loss_class).parameters


def _judges_apart(loss: "keras.losses.Loss") -> bool | None:
    """Whether it matters what the units say that the target does not ask for, while the asked-for one stays."""
    first, second = np.array([[0.5, 0.3, 0.2]], "float32"), np.array([[0.5, 0.1, 0.4]], "float32")
    for true in (np.array([[1.0, 0.0, 0.0]], "float32"), np.array([0], "int32")):
        try:
            values = [float(keras.ops.mean(loss(true, predicted))) for predicted in (first, second)]
        except ERRORS:
            continue
        if loss.get_config().get("from_logits"):
            # As logits the three make another sum, so only what was said of probabilities holds.
            return None
        return abs(values[0] - values[1]) > 1e-6
    return None


def _fold(name: str) -> str:
    return name.replace("_", "").lower()
