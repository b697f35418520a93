"""Models and weights in the files that Keras writes."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import keras

from engine.layers.scope import record_warnings
from engine.models.order import Order, fill_order


def save_file(order: Order, save: Callable[["keras.Model", str], None]) -> bytes:
    """What `save` writes for the model. Nothing stays on the disk. Raises what `fill_order` does."""
    model = fill_order(order)
    with TemporaryDirectory(prefix="layerloom-export-") as folder, record_warnings():
        path = Path(folder) / f"model{order.format.extension}"
        save(model, str(path))
        return path.read_bytes()
