"""Sources of commands for tests: what is asked for depends on what has been reported, never on time."""

from collections.abc import Callable, Sequence

from engine.training.commands import Action, Command
from engine.training.events import Event, StepsEvent

Condition = Callable[[], bool]


class Script:
    """Gives each action once its condition holds, in order; leaves once `leaves` holds."""

    def __init__(self, *steps: tuple[Condition, Action], leaves: Condition = lambda: False):
        self._steps = list(steps)
        self._leaves = leaves
        self._given = 0

    @property
    def is_leaving(self) -> bool:
        return self._leaves()

    def take(self) -> Sequence[Command]:
        """See `CommandSource`."""
        if self._given == len(self._steps) or not self._steps[self._given][0]():
            return ()
        self._given += 1
        return [Command(number=self._given, action=self._steps[self._given - 1][1])]

    def wait(self, seconds: float) -> None:
        """Nothing comes in from elsewhere: what is next is asked for at once."""


def steps_done(events: Sequence[Event]) -> int:
    """How many steps were reported."""
    return max((one.first_step + len(one.values["loss"]) for one in events if isinstance(one, StepsEvent)), default=0)
