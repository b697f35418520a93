"""What a training has from those before it in its run: nothing, but in a K-fold run."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from engine.training.commands import Command
from engine.training.fold_position import FoldPosition
from engine.training.state import PlanState, TrainingState

Outcome = Literal["finished", "stopped", "left"]
"""How a training ended: by itself, because somebody asked for it, or because its process had to end."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a training begins with.

    `step` updates were done before in the run, whose steps go on, and `commands_done` is the number of the newest
    command that took effect. `past` are commands to repeat at their steps. `plan` is the plan to run the steps by, None
    where it is to be found.
    """

    step: int = 0
    commands_done: int = 0
    past: Sequence[Command] = ()
    plan: PlanState | None = None
    fold: FoldPosition | None = None

    @staticmethod
    def from_state(state: TrainingState, past: Sequence[Command]) -> "Beginning":
        """What a training has that goes on from a checkpoint."""
        position = state.position
        return Beginning(position.step, position.commands_done, past, position.plan, position.fold)


FIRST = Beginning()
"""Nothing was before."""
