"""TensorFlow's notes are kept from the terminal, its errors are not."""

import logging
import os
import subprocess
import sys

import pytest

from engine.backend.quiet_import import without_notes


def test_importing_tensorflow_says_nothing():
    code = "import engine.backend.quiet_import, tensorflow as tf; tf.constant(1) + 1"
    environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "2"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")


ERROR = b"E0000 00:00:1.5 7 a.cc:1] no such device\n"


def test_what_is_no_note_is_written_afterwards(capfd: pytest.CaptureFixture[str]):
    with without_notes():
        os.write(2, ERROR + b"I0000 00:00:1.5 7 port.cc:153] oneDNN\nno end of a line")
    assert capfd.readouterr().err == ERROR.decode() + "no end of a line"


def fail() -> None:
    with without_notes():
        os.write(2, ERROR)
        raise ImportError


def test_what_was_written_before_an_error_is_kept(capfd: pytest.CaptureFixture[str]):
    with pytest.raises(ImportError):
        fail()
    assert capfd.readouterr().err == ERROR.decode()


def test_only_the_slow_conversion_is_left_out_of_what_tensorflow_logs(caplog: pytest.LogCaptureFixture):
    logger = logging.getLogger("tensorflow")
    with caplog.at_level(logging.WARNING, "tensorflow"):
        logger.propagate, before = True, logger.propagate
        try:
            logger.warning("Using a while_loop for converting %s cause there is no registered converter.", "Sort")
            logger.warning("Retracing is expensive")
        finally:
            logger.propagate = before
    assert [record.message for record in caplog.records] == ["Retracing is expensive"]
