"""Writes the checkpoints of a training, with all that it needs to go on exactly from there."""

from dataclasses import dataclass

import keras

from engine.training.checkpoints import CheckpointError, CheckpointKeeper
from engine.training.controls import Controls
from engine.training.events import CheckpointCause
from engine.training.place import Place
from engine.training.planning import Planner
from engine.training.progress import StepsBuffer
from engine.training.reporting import scalar_logs
from engine.training.state import CallbackMemory, Position, TrainingState, take_variables
from engine.training.stepping import ChunkRunner


@dataclass(frozen=True, slots=True)
class Saving:
    """Takes the state of one training from those that hold a part of it. `data` is the fingerprint of its samples."""

    model: keras.Model
    data: str
    keeper: CheckpointKeeper
    place: Place
    buffer: StepsBuffer
    planner: Planner
    steps: ChunkRunner
    memory: CallbackMemory
    controls: Controls

    def save_if_due(self) -> None:
        """Writes a checkpoint where the last one is old enough."""
        if self.keeper.is_due:
            self.save("interval")

    def save(self, cause: CheckpointCause) -> None:
        """Writes a checkpoint; where there is no room the run pauses, so that nothing is trained in vain."""
        self.buffer.flush()
        try:
            self.keeper.save(
                self.model,
                self.place.epoch,
                self.buffer.step,
                self.buffer.logs,
                cause=cause,
                state=self._take_state(),
                position=self.place.step_in_epoch,
            )
        except CheckpointError as error:
            if cause == "interval":
                self.controls.pause(str(error))

    def _take_state(self) -> TrainingState:
        place = self.place
        states, arrays = self.memory.take()
        logs = None if place.is_epoch_over else place.epoch_logs
        position = Position(
            epoch=place.epoch + place.is_epoch_over,
            step_in_epoch=0 if place.is_epoch_over else place.step_in_epoch,
            step=self.buffer.step,
            epochs=place.epochs,
            data=self.data,
            plan=self.planner.state(self.steps.plan),
            epoch_logs=None if logs is None else scalar_logs(logs),
            commands_done=self.controls.done,
            callbacks=states,
            fold=place.fold,
        )
        return TrainingState(position=position, arrays={**take_variables(self.model), **arrays})
