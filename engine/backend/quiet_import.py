"""Imports TensorFlow without the notes that it prints whatever its settings are: nobody can do anything about them.

`TF_CPP_MIN_LOG_LEVEL` does not reach what is logged before TensorFlow has set up its logging, such as that oneDNN is in
use. Whoever imports this module first has TensorFlow, and forks of its process are as quiet.
"""

import logging
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

NOTE = re.compile(rb"(I\d{4} |WARNING: All log messages before absl::InitializeLog\(\)).*\n?")
"""A line of the level INFO, and the one that says where it goes."""

SLOW_CONVERSION = "Using a while_loop for converting "
"""A way to do something that takes longer: the catalogue's trials of operations do not care."""


@contextmanager
def without_notes() -> Iterator[None]:
    """What native code writes to stderr meanwhile comes at the end, without notes. Other threads must not write."""
    sys.stderr.flush()
    stderr = os.dup(2)
    with tempfile.TemporaryFile() as written:
        os.dup2(written.fileno(), 2)
        try:
            yield
        finally:
            sys.stderr.flush()
            os.dup2(stderr, 2)
            os.close(stderr)
            written.seek(0)
            os.write(2, b"".join(line for line in written if not NOTE.fullmatch(line)))


def is_worth_telling(record: logging.LogRecord) -> bool:
    """Whether a line of TensorFlow's Python code says something that a person may want to know."""
    return not str(record.msg).startswith(SLOW_CONVERSION)


with without_notes():
    import tensorflow as tf

tf.get_logger().addFilter(is_worth_telling)
