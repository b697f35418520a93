"""How many threads TensorFlow may use in this process."""

import tensorflow as tf


def limit_threads(threads: int) -> None:
    """Operations share so many threads, and as many operations run at once.

    Raises:
        RuntimeError: TensorFlow has run something in this process before.
    """
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)
