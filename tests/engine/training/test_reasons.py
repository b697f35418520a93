"""Why a run failed, in one sentence."""

import errno

import keras
import numpy as np
import pytest
import tensorflow as tf

from engine.errors import EngineError
from engine.training.reasons import MAX_REASON, describe_error, is_out_of_memory


def catch(action):
    with pytest.raises(Exception) as caught:  # noqa: PT011 - whatever Keras raises is what is to be described
        action()
    return caught.value


def test_an_error_from_within_a_compiled_program_loses_its_decoration():
    model = keras.Sequential([keras.Input((3,), dtype="int32"), keras.layers.Embedding(10, 2)])
    model.compile(optimizer="sgd", loss="mse")
    error = catch(lambda: model.fit(np.full((2, 3), 99), np.zeros((2, 3, 2)), verbose=0))
    assert "\n" in str(error)
    assert describe_error(error) == "indices[0,0] = 99 is not in [0, 10)"


def test_an_error_of_shapes_is_what_keras_says():
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    sentence = describe_error(catch(lambda: model(np.zeros((1, 4)))))
    assert "expected axis -1 of input shape to have value 3" in sentence
    assert "\n" not in sentence


def test_memory_disk_and_our_own_errors_are_said_plainly():
    assert "ran out of memory" in describe_error(MemoryError())
    disk = describe_error(OSError(errno.ENOSPC, "No space left on device", "/data/x"))
    assert disk == "The operating system refused: No space left on device (/data/x)."
    assert describe_error(EngineError("code", "What was wrong.", "a hint")) == "What was wrong."


def test_a_reason_is_never_empty_and_never_long():
    assert describe_error(RuntimeError()) == "RuntimeError without a message."
    assert len(describe_error(ValueError("x" * 5000))) == MAX_REASON


def test_what_ran_out_of_memory_is_known_whoever_says_it():
    huge = catch(lambda: np.zeros(2**60, "uint8"))
    tensorflow = catch(lambda: tf.fill([2**43], 0.5))
    xla = tf.errors.InternalError(None, None, "RESOURCE_EXHAUSTED: Out of memory allocating 17179869184 bytes.")
    for error in (huge, tensorflow, xla):
        assert is_out_of_memory(error)
        assert "ran out of memory" in describe_error(error)
    explained = EngineError("out_of_memory", "About 3 GiB are needed (OOM when allocating).")
    for error in (ValueError("out of range"), explained):
        assert not is_out_of_memory(error)
