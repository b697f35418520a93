"""Where a training is in its epochs."""

from dataclasses import dataclass, field
from typing import Any

from engine.backend.programs import Logs
from engine.training.fold_position import FoldPosition
from engine.training.progress import last_logs
from engine.training.sample_order import EpochPlan
from engine.training.state import Position


@dataclass(slots=True)
class Place:
    """Epochs count from 0 on, steps from the beginning of their epoch; `epochs` of them are to be by now.

    `newest_logs` are those of the epoch's last step; `epoch_logs` are there once all its steps are done, and have the
    validation's, too, once it `is_epoch_over`. `began_epoch` is when it began, by the monotonic clock in seconds.
    """

    epoch: int
    epochs: int
    first_epoch: int
    fold: FoldPosition | None = None
    step_in_epoch: int = 0
    newest_logs: dict[str, Any] = field(default_factory=dict)
    epoch_logs: dict[str, Any] | None = None
    is_epoch_over: bool = False
    began_epoch: float = 0.0

    @property
    def is_last_epoch(self) -> bool:
        """Whether no epoch is to come after this one."""
        return self.epoch + 1 >= self.epochs

    def put_back(self, position: Position) -> None:
        """This is where a checkpoint was written; how many epochs are to be, and the fold, are settled before."""
        self.epoch, self.step_in_epoch = position.epoch, position.step_in_epoch
        self.epoch_logs = None if position.epoch_logs is None else dict(position.epoch_logs)

    def note_steps(self, plan: EpochPlan, logs: Logs) -> None:
        """These steps of the epoch are done."""
        self.step_in_epoch += len(next(iter(logs.values())))
        self.newest_logs = last_logs(logs)
        if self.step_in_epoch == plan.steps:
            self.epoch_logs = self.newest_logs

    def go_to_next_epoch(self) -> None:
        """The epoch has ended, and the next one begins."""
        self.epoch, self.step_in_epoch = self.epoch + 1, 0
        self.newest_logs, self.epoch_logs = {}, None
        self.is_epoch_over = False
