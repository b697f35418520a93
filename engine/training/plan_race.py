"""Two plans in turns: on a machine that does other things too, one look at each says little about which is faster."""

from statistics import median

from engine.training.events import PlanMode

TURNS = 3
"""How often each one runs where they are close to each other; the first turns are enough where they are not."""

DECISIVE = 1.5
"""Of this ratio two speeds differ by more than by what else the machine does."""

BETTER = 0.95
"""So little of the time of the plan that is in force the other one has to take to be worth the change."""


class PlanRace:
    """Compares the plan that is in force with a rival, by the seconds per step of their turns.

    `home_seconds` is what the plan in force took already; the rival has the first turn.
    """

    def __init__(self, home: PlanMode, rival: PlanMode, home_seconds: float):
        self._home = home
        self._rival = rival
        self._turns: dict[PlanMode, list[float]] = {home: [home_seconds], rival: []}

    @property
    def running(self) -> PlanMode:
        """Whose turn it is."""
        return self._rival if len(self._turns[self._rival]) < len(self._turns[self._home]) else self._home

    @property
    def is_over(self) -> bool:
        """Whether it is known which one is faster."""
        home, rival = self._turns[self._home], self._turns[self._rival]
        if len(home) != len(rival):
            return False
        fast, slow = sorted(self.seconds.values())
        return len(home) == TURNS or slow > DECISIVE * fast

    @property
    def winner(self) -> PlanMode:
        """The plan to go on with; the one in force before unless the rival was clearly faster."""
        seconds = self.seconds
        return self._rival if seconds[self._rival] < BETTER * seconds[self._home] else self._home

    @property
    def seconds(self) -> dict[PlanMode, float]:
        """Seconds per step of each that had a turn: the median of its turns."""
        return {mode: median(turns) for mode, turns in self._turns.items() if turns}

    def note(self, seconds: float) -> None:
        """The turn of `running` is over; a step took so many seconds in it."""
        self._turns[self.running].append(seconds)
