"""How many steps are run as one program: so many that control and display stay prompt."""

CHUNK_SECONDS = 0.08
"""As long as this a chunk may take: so late a command or a picture of the newest step can be."""

MAX_CHUNK = 4096
"""The longest chunk, and of XLA's programs, whose shapes are fixed, the room for the logs of one."""


class ChunkLength:
    """How many steps the next chunk has: one at first, so that it is seen soon, then more while time allows.

    `first` is for what ran before, and is known to take so many.
    """

    def __init__(self, fixed: int | None, first: int = 1):
        self._fixed = None if fixed is None else min(fixed, MAX_CHUNK)
        self._length = first
        self.seconds_per_step: float | None = None
        self.is_settled = False
        """Whether chunks are as long as they are to be, so that `seconds_per_step` can be compared."""

    @property
    def steps(self) -> int:
        return self._fixed or self._length

    def note(self, steps: int, seconds: float) -> None:
        """A chunk of so many steps took so long."""
        took = seconds / steps
        before = self.seconds_per_step
        # The first chunk of a new length may pay for something once; a single slow one must not shorten all others.
        self.seconds_per_step = took if before is None else min(took, 0.7 * before + 0.3 * took)
        if self._fixed is None:
            fitting = int(CHUNK_SECONDS / max(self.seconds_per_step, 1e-9))
            longer = max(1, min(2 * self._length, fitting, MAX_CHUNK))
            self.is_settled = self.is_settled or longer < 2 * self._length
            self._length = longer
        else:
            self.is_settled = True
