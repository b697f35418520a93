"""What Keras's own `fit` is given: arrays, or a stream of the same batches where memory is no place for the samples."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from types import TracebackType

import numpy as np
import tensorflow as tf

from engine.errors import EngineError
from engine.training.config import FitSettings
from engine.training.data_place import find_place
from engine.training.feeding import FedData
from engine.training.reading_ahead import ReadAhead
from engine.training.sample_order import SampleOrder
from engine.training.samples import Nested, Samples, split_data
from engine.training.split_rows import find_slice
from engine.training.texts import to_keras

READY = 2
"""So many batches lie ready for Keras, beside the block that is read ahead."""

SAID_BY_BATCHES = ("batch_size", "validation_batch_size", "validation_split", "shuffle", "class_weight")
"""Arguments of `fit` that a stream of batches leaves nothing to say to."""


class KerasFeed:
    """The samples of a training with `fit`. Used with `with`, which ends what reads ahead.

    `reason` says why they are streamed, None where Keras gets arrays. Raises what `split_data` does.
    """

    def __init__(self, data: FedData, fit: FitSettings):
        self._data, self._fit = data, fit
        self._training, self._validation = split_data(data, fit)
        places = [find_place(one) for one in (self._training, self._validation) if one is not None]
        self.reason = next((place.reason for place in places if place.data == "stream"), None)
        self._open = ExitStack()
        self._fault: EngineError | None = None

    def __enter__(self) -> "KerasFeed":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()
        if isinstance(error, tf.errors.OpError) and self._fault is not None:
            # TensorFlow tells of an error of Python's only in a text, with its whole trace.
            raise self._fault from None

    def list_arguments(self) -> dict[str, object]:
        """The arguments of `fit` but its callbacks: data and settings."""
        settings = self._fit.model_dump()
        if self.reason is None:
            training, validation = _divide(self._data)
            return {
                "x": to_keras(training.x),
                "y": to_keras(training.y),
                "sample_weight": training.sample_weights,
                "validation_data": _list_validation(validation),
                **settings,
            }
        held = None
        if self._validation is not None:
            size = self._fit.validation_batch_size or self._fit.batch_size
            held = self._stream(self._validation, FitSettings(batch_size=size, shuffle=False))
        rest = {name: value for name, value in settings.items() if name not in SAID_BY_BATCHES}
        return {"x": self._stream(self._training, self._fit), "validation_data": held, "shuffle": False, **rest}

    def _stream(self, samples: Samples, fit: FitSettings) -> tf.data.Dataset:
        """The batches of one pass after the other, in the order in which `fit` shuffles arrays."""
        order = SampleOrder(samples.count, fit)
        ahead = self._open.enter_context(closing(ReadAhead(samples, order)))

        def read() -> Iterator[Nested]:
            try:
                for batch in range(order.batches_in_pass):
                    block = ahead.find(batch)
                    place = batch - block.first
                    yield tf.nest.map_structure(lambda tensor, place=place: tensor[place], block.tensors)
            except EngineError as error:
                self._fault = error
                raise

        one = samples.take(np.zeros(1, np.int64))
        forms = tf.nest.map_structure(lambda array: tf.TensorSpec((None, *array.shape[1:]), _name_type(array)), one)
        batches = tf.data.Dataset.from_generator(read, output_signature=forms)
        counted = batches.apply(tf.data.experimental.assert_cardinality(order.batches_in_pass))
        return counted.prefetch(READY)


def _name_type(array: np.ndarray) -> tf.DType:
    return tf.string if array.dtype.hasobject else tf.as_dtype(array.dtype)


def _divide(data: FedData) -> tuple[FedData, FedData | None]:
    if data.split is None:
        return data, data.validation
    return data.take(find_slice(data.split.training)), data.take(find_slice(data.split.validation))


def _list_validation(given: FedData | None) -> tuple[object, ...] | None:
    """What `fit` takes as `validation_data`."""
    return None if given is None else (to_keras(given.x), to_keras(given.y), given.sample_weights)
