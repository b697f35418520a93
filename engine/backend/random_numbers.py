"""The random numbers of compiled programs: XLA has to draw those that TensorFlow draws without it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import tensorflow as tf
from tensorflow.python.ops import stateless_random_ops

ALGORITHM = "philox"
"""By which TensorFlow draws bits on CPUs and GPUs. XLA left to itself takes another, and a hundred times longer."""

MANTISSA, ONE = 0x7FFFFF, 0x3F800000
"""The bits of a float32 that follow the point, and the float32 1.0."""

SAME_BY_XLA = frozenset({"StatelessRandomUniformFullIntV2", "StatelessRandomUniformIntV2"})
"""Operations that give the same by XLA as without, given the algorithm: integers."""

DRAWING = ("Random", "StatelessRandom", "StatelessTruncated", "StatelessMultinomial", "StatelessParameterized",
           "StatelessShuffle", "StatefulRandom", "StatefulUniform", "StatefulStandardNormal", "StatefulTruncated",
           "TruncatedNormal", "Multinomial", "ParameterizedTruncated")  # fmt: skip
"""How the names of the operations begin that draw random numbers."""

_draw_uniform = stateless_random_ops.stateless_random_uniform


@contextmanager
def draw_as_without_xla() -> Iterator[None]:
    """What is traced within draws uniform numbers, as Dropout does, that are the same with and without XLA."""
    # TensorFlow has no public way to say which algorithm is the default, nor how bits become a float.
    with (
        patch.object(stateless_random_ops, "stateless_random_uniform", _draw_uniform_by_name),
        patch.object(tf.random, "stateless_uniform", _draw_uniform_by_name),
    ):
        yield


def draws_other_numbers(program: Any) -> bool:  # noqa: ANN401 - TensorFlow's functions have no public type
    """Whether a program that was traced so may draw other random numbers by XLA than without, such as normal ones."""
    return any(name.startswith(DRAWING) and name not in SAME_BY_XLA for name in list_operations(program))


def list_operations(program: Any) -> set[str]:  # noqa: ANN401
    """The names of the operations in a traced program, and in the functions that it calls."""
    graph = program.graph.as_graph_def()
    nodes = [*graph.node, *(node for function in graph.library.function for node in function.node_def)]
    return {node.op for node in nodes}


def _draw_uniform_by_name(
    shape: Any,  # noqa: ANN401 - whatever TensorFlow takes
    seed: Any,  # noqa: ANN401
    minval: Any = 0,  # noqa: ANN401
    maxval: Any = None,  # noqa: ANN401
    dtype: Any = tf.float32,  # noqa: ANN401
    name: str | None = None,
    alg: Any = "auto_select",  # noqa: ANN401
) -> tf.Tensor:
    """`tf.random.stateless_uniform`, float32 made of bits as TensorFlow's own kernels do: of the lowest 23 of 32.

    XLA takes the highest ones. Source: `Uint32ToFloat` in tensorflow/core/lib/random/random_distributions_utils.h.
    """
    # Dropout names none.
    alg = ALGORITHM if alg in (None, "auto_select") else alg
    if tf.as_dtype(dtype) != tf.float32:
        return _draw_uniform(shape, seed, minval, maxval, dtype, name, alg)
    bits = _draw_uniform(shape, seed, None, None, tf.uint32, name, alg)
    numbers = tf.bitcast(tf.bitwise.bitwise_or(bits & MANTISSA, ONE), tf.float32) - 1.0
    least = tf.cast(minval, tf.float32)
    return numbers * (tf.cast(1 if maxval is None else maxval, tf.float32) - least) + least
