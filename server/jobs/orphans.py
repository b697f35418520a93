"""Child processes that have no use without their server end with it, also when it is killed."""

import contextlib
import fcntl
import multiprocessing
import os
import signal
import threading
from multiprocessing.connection import wait

GONE = 0


def end_with_parent() -> None:
    """This process is killed as soon as the process that asked for it is gone, whatever it does then.

    A library's native code may hold Python up for minutes, or for ever over a damaged file, so no thread of ours and no
    look at a pipe would do: the kernel is asked to send SIGKILL once the other end of the pipe is closed that
    `multiprocessing` keeps to the parent for that purpose. Where the kernel cannot, a thread waits for it.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    sentinel = parent.sentinel
    with contextlib.suppress(OSError, AttributeError):
        fcntl.fcntl(sentinel, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(sentinel, fcntl.F_SETSIG, signal.SIGKILL)
        fcntl.fcntl(sentinel, fcntl.F_SETFL, fcntl.fcntl(sentinel, fcntl.F_GETFL) | os.O_ASYNC)
    if wait([sentinel], timeout=0):
        # It was gone before the kernel was asked.
        os._exit(GONE)
    threading.Thread(target=_wait_for_end, args=(sentinel,), name="parent-watch", daemon=True).start()


def _wait_for_end(sentinel: int) -> None:
    wait([sentinel])
    os._exit(GONE)
