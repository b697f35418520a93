"""The most memory that this process has had at once. Imports no Keras: worker and server ask it."""

import resource
import sys

BYTES_PER_UNIT = 1 if sys.platform == "darwin" else 1024
"""What the system counts in: macOS in bytes, Linux in KiB."""


def measure_peak_memory() -> int:
    """In bytes, with what it shares with other processes and the pages of files that it has mapped."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * BYTES_PER_UNIT
