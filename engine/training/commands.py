"""What a person can ask of a run that trains. Imports no Keras: server and worker speak it."""

import math
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter


class CommandBase(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class Pause(CommandBase):
    """Write a checkpoint after the current step and wait."""

    action: Literal["pause"] = "pause"


class Resume(CommandBase):
    """Go on where training paused."""

    action: Literal["resume"] = "resume"


class Stop(CommandBase):
    """End with a checkpoint after the current step, or after the current epoch with its validation."""

    action: Literal["stop"] = "stop"
    when: Literal["step", "epoch"] = "step"


class SetLearningRate(CommandBase):
    """Train on with another learning rate."""

    action: Literal["set_learning_rate"] = "set_learning_rate"
    learning_rate: Annotated[float, Field(gt=0, lt=math.inf)]


class SaveCheckpoint(CommandBase):
    """Write a checkpoint after the current step."""

    action: Literal["save_checkpoint"] = "save_checkpoint"


class SetEpochs(CommandBase):
    """Train until `epochs` are done, counted from the run's start."""

    action: Literal["set_epochs"] = "set_epochs"
    epochs: Annotated[int, Field(ge=1, le=1_000_000)]


Action = Annotated[Pause | Resume | Stop | SetLearningRate | SaveCheckpoint | SetEpochs, Field(discriminator="action")]


class Command(BaseModel):
    """One thing that was asked. `number` counts the commands of a run from 1.

    `at_step` is the step before which it took effect, None where it has not yet: a run that goes on from a checkpoint
    before that step repeats it there.
    """

    number: Annotated[int, Field(ge=1)]
    action: Action
    at_step: Annotated[int, Field(ge=0)] | None = None


COMMANDS = TypeAdapter[list[Command]](list[Command])
