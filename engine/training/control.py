"""How a training hears what people ask of it, and how it is told to leave its process."""

from collections.abc import Sequence
from typing import Protocol

from engine.training.commands import Command


class CommandSource(Protocol):
    """Where commands come from. The loop asks between chunks, a few times a second; any thread may fill it."""

    def take(self) -> Sequence[Command]:
        """What has come in since it was asked last, in order; returns at once."""

    def wait(self, seconds: float) -> None:
        """Returns when there is something to take, or after so many seconds: what a paused training does."""

    @property
    def is_leaving(self) -> bool:
        """Whether the process has to end: a checkpoint is written, and no final status, as it goes on elsewhere."""


class NoCommands:
    """For a training that nobody controls."""

    is_leaving = False

    def take(self) -> Sequence[Command]:
        return ()

    def wait(self, seconds: float) -> None:
        raise RuntimeError(f"nothing can end a pause without a source of commands (asked to wait {seconds} s)")
