"""The validation at the end of an epoch, in chunks of steps, with everything that callbacks and people may do in it."""

from typing import Any

from engine.training.config import FitSettings
from engine.training.controls import Controls
from engine.training.epoch_callbacks import EpochCallbacks
from engine.training.progress import last_logs
from engine.training.sample_order import SampleOrder
from engine.training.samples import Samples
from engine.training.stepping import ChunkRunner


class Validation:
    """Validates after every so many epochs, as the settings have it."""

    def __init__(self, fit: FitSettings, tests: ChunkRunner, steps: int):
        self._every = fit.validation_freq
        self._tests = tests
        self._steps = steps

    def is_due(self, epoch: int) -> bool:
        """Whether it comes at the end of this epoch, counted from 0."""
        return (epoch + 1) % self._every == 0

    def run(self, callbacks: EpochCallbacks, controls: Controls) -> dict[str, Any]:
        """Its logs, by Keras's names without `val_`."""
        callbacks.begin_test()
        done = 0
        logs: dict[str, Any] = {}
        while done < self._steps:
            callbacks.begin_test_steps(done)
            count = min(self._tests.length.steps, self._steps - done)
            chunk = self._tests.run(done, count, restart=done == 0)
            callbacks.end_test_steps(done, chunk)
            logs = last_logs(chunk)
            done += count
            if done < self._steps:
                controls.heed(validating=True)
        callbacks.end_test(logs)
        # More epochs may have been asked for in the midst of it, where this time nobody looked.
        controls.repeat_past(validating=True)
        return logs


def order_validation(samples: Samples, fit: FitSettings) -> tuple[SampleOrder, int]:
    """The batches of a validation, never shuffled, and how many of them are taken."""
    size = fit.validation_batch_size or fit.batch_size
    order = SampleOrder(samples.count, FitSettings(batch_size=size, shuffle=False))
    return order, min(fit.validation_steps or order.batches_in_pass, order.batches_in_pass)
