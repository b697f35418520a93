"""Reads samples in the order of the batches, one block ahead of the training, so that no step waits for them."""

import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import tensorflow as tf

from engine.errors import EngineError
from engine.training.sample_order import SampleOrder
from engine.training.samples import Indices, Nested, Samples

BLOCK_BYTES = 8 << 20
"""The most that a block has, unless one batch has more. There are two: the one that is trained on, and the next one.
Small rows come from all over a file, which is gone through once for each block: so blocks are large."""


@dataclass(frozen=True, slots=True)
class Block:
    """Batches number `first` to `first + count - 1` of a pass. `tensors` have the shape `(count, batch, …)`."""

    first: int
    count: int
    tensors: Nested

    @property
    def end(self) -> int:
        return self.first + self.count


class ReadAhead:
    """The samples of one pass after the other, from any batch on.

    While the caller works with one block a thread reads the next one. Batches are the same, whichever blocks they come
    in; a batch that is not the next one begins a new block.
    """

    def __init__(self, samples: Samples, order: SampleOrder):
        self._samples = samples
        self._order = order
        per_batch = max(1, samples.bytes // max(1, samples.count)) * order.batch_size
        self._most = max(1, BLOCK_BYTES // per_batch)
        self._length = 1
        self._current: Block | None = None
        self._next: tuple[int, Future[Block]] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="read-ahead")
        self.waited = 0.0
        """Seconds for which blocks were waited for, in all."""

    def find(self, batch: int) -> Block:
        """The block that has this batch of a pass.

        Raises:
            EngineError: the data cannot be read any more.
        """
        if self._current is not None and self._current.first <= batch < self._current.end:
            return self._current
        began = time.perf_counter()
        coming, self._next = self._next, None
        # The old block goes before the new one is asked for, so that there are never three.
        self._current = None
        if coming is None or coming[0] != batch:
            if coming is not None:
                coming[1].cancel()
            coming = self._begin(batch)
        try:
            self._current = coming[1].result()
        except OSError as error:
            raise EngineError("unreadable_data", f"The data could not be read any more: {error}.") from error
        self.waited += time.perf_counter() - began
        self._next = self._begin(self._current.end % self._order.batches_in_pass)
        return self._current

    def close(self) -> None:
        """Ends the thread. What it was reading is not used."""
        self._current, self._next = None, None
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _begin(self, batch: int) -> tuple[int, "Future[Block]"]:
        # Short at first, so that the first step is seen soon.
        count = self._length
        self._length = min(2 * self._length, self._most)
        return batch, self._thread.submit(self._read, batch, count)

    def _read(self, batch: int, count: int) -> Block:
        rows = self._order.take_batches(batch, count)
        return Block(batch, len(rows), take_samples(self._samples, rows))


def take_samples(samples: Samples, rows: Indices) -> Nested:
    """Samples as tensors. Raises OSError, EngineError."""
    return tf.nest.map_structure(tf.constant, samples.take(rows))
