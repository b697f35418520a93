"""What will become of a run by the commands that have not taken effect yet."""

from collections.abc import Sequence

from engine.training.commands import Command, Pause, Resume, Stop
from engine.training.events import FINAL_STATUSES, RunStatus


def expect_status(status: RunStatus, waiting: Sequence[Command]) -> RunStatus:
    """The status that a run will have. A stop after the epoch leaves time to ask for something else."""
    if status in FINAL_STATUSES:
        return status
    for command in waiting:
        match command.action:
            case Stop(when="step"):
                return "stopped"
            case Pause():
                status = "paused"
            case Resume() if status == "paused":
                status = "running"
            case _:
                pass
    return status


def find_pointless(waiting: Sequence[Command]) -> list[int]:
    """The numbers of the commands that a new worker need not hear of: a pause that was taken back, and a resume."""
    pointless: list[int] = []
    pauses: list[int] = []
    for command in waiting:
        match command.action:
            case Pause():
                pauses.append(command.number)
            case Resume():
                pointless += [*pauses, command.number]
                pauses = []
            case _:
                pass
    return pointless
