"""How long the Python of a layer may take when it is tried: a loop without end becomes an issue at its line."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

CODE_SECONDS = 5.0
"""For one run of the code: its definition, its constructor, or one call on symbolic tensors."""


@contextmanager
def limit_time(seconds: float = CODE_SECONDS) -> Iterator[None]:
    """Raises `TimeoutError` inside the block, at the line that runs when the time is over.

    By the signal of a timer, which reaches Python code in the main thread only; code that waits in a library, or
    catches everything, is ended by the compiler's own limit, together with its process. A timer that was set before
    goes on afterwards.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise TimeoutError(f"it ran longer than {seconds:g} s")

    handler = signal.signal(signal.SIGALRM, stop)
    earlier = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, *earlier)
        signal.signal(signal.SIGALRM, handler)
