"""Tells how far a walk through many samples has come, but not at each of them."""

from engine.data.library.kinds import Progress

TELLINGS = 1_000
"""How often it is told in all."""


def tell_now_and_then(progress: Progress, done: int, total: int) -> None:
    """So many of the samples are done; call it after each one. Raises what `progress` raises."""
    if done * TELLINGS // total > (done - 1) * TELLINGS // total:
        progress(done / total)
