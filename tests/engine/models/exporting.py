"""What the tests of exports share: batches for a model, and what it answers for them."""

import keras
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.number]
WORDS: Array = np.array([["a"], ["b"], ["unknown"]], dtype=object)


def make_batch(model: keras.Model, samples: int = 3) -> list[Array]:
    random = np.random.default_rng(0)
    batch: list[Array] = []
    for tensor in model.inputs:
        shape = [samples, *(size or 4 for size in tensor.shape[1:])]
        if tensor.dtype == "string":
            batch.append(WORDS[:samples])
        elif "int" in tensor.dtype:
            batch.append(random.integers(0, 9, shape).astype(tensor.dtype))
        else:
            batch.append(random.normal(size=shape).astype(tensor.dtype))
    return batch


def answer_batch(model: keras.Model, samples: int = 3) -> list[Array]:
    """What the model infers, as `predict` does."""
    batch = [keras.ops.convert_to_tensor(array) for array in make_batch(model, samples)]
    answers = keras.tree.flatten(model(batch if len(batch) > 1 else batch[0], training=False))
    return [keras.ops.convert_to_numpy(answer) for answer in answers]
