"""TensorFlow keeps to the threads that it is given, from the first operation on."""

import subprocess
import sys

SCRIPT = """
import tensorflow as tf
from engine.backend.threads import limit_threads

limit_threads(1)
print(float(tf.reduce_sum(tf.ones((300, 300)) @ tf.ones((300, 300)))))
print(tf.config.threading.get_intra_op_parallelism_threads(), tf.config.threading.get_inter_op_parallelism_threads())
"""


def test_tensorflow_has_as_many_threads_as_it_was_given():
    finished = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False)
    assert finished.stdout.splitlines() == ["27000000.0", "1 1"], finished.stderr
