"""Which plan was the fastest for a model on this machine, remembered from one run to the next."""

import hashlib
import json
import os
import platform
from pathlib import Path

import keras
import tensorflow as tf
from pydantic import BaseModel, TypeAdapter, ValidationError

from engine.training.events import PlanMode
from engine.training.samples import Samples

MAX_REMEMBERED = 500


class Verdict(BaseModel):
    """How many steps a second each plan made; of one that is missing nothing is known."""

    steps_per_second: dict[PlanMode, float]
    xla_compile_seconds: float | None = None


_VERDICTS = TypeAdapter[dict[str, Verdict]](dict[str, Verdict])


class PlanMemory:
    """A small JSON file. It may be lost or damaged: then plans are measured again."""

    def __init__(self, path: Path | None):
        self._path = path

    def find(self, key: str) -> Verdict | None:
        """What is known of a model."""
        return self._read().get(key)

    def keep(self, key: str, verdict: Verdict) -> None:
        """Remembers it; the oldest are forgotten."""
        if self._path is None:
            return
        known = self._read()
        known.pop(key, None)
        newest = dict([*known.items(), (key, verdict)][-MAX_REMEMBERED:])
        unfinished = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        try:
            unfinished.write_bytes(_VERDICTS.dump_json(newest))
            unfinished.replace(self._path)
        except OSError:
            unfinished.unlink(missing_ok=True)

    def _read(self) -> dict[str, Verdict]:
        if self._path is None or not self._path.exists():
            return {}
        try:
            return _VERDICTS.validate_json(self._path.read_bytes())
        except (OSError, ValidationError):
            return {}


def describe_model(model: "keras.Model", samples: Samples, batch_size: int) -> str:
    """A key for everything that a plan's speed depends on: model, optimizer, samples, batch, library and machine."""
    everything = {
        "model": model.get_config(),
        "optimizer": model.optimizer.get_config(),
        # Texts that layers made numbers of before the training are others than those that the model takes.
        "samples": [[array.dtype.str, *array.shape[1:]] for array in tf.nest.flatten(samples.arrays)],
        "batch_size": batch_size,
        "precision": keras.config.dtype_policy().name,
        "library": [keras.__version__, tf.__version__],
        "machine": [platform.processor() or platform.machine(), os.cpu_count(), len(tf.config.list_physical_devices())],
        "threads": tf.config.threading.get_intra_op_parallelism_threads(),
    }
    return hashlib.sha256(json.dumps(everything, sort_keys=True, default=str).encode()).hexdigest()
