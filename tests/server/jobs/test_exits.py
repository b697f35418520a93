"""What is said of how a process died."""

import pytest

from server.jobs.exits import describe_exit, tells_of_lack_of_memory


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (-9, "killed by signal 9 (SIGKILL; often: out of memory)"),
        (-11, "crashed in native code (SIGSEGV)"),
        (-7, "crashed in native code (SIGBUS; often: a file of the data was cut off while it was read)"),
        (-6, "crashed in native code (SIGABRT)"),
        (-15, "killed by signal 15 (SIGTERM)"),
        (-250, "killed by signal 250"),
        (0, "the process ended without a word"),
        (255, "the process that it was forked from is gone (often: out of memory)"),
        (1, "the process ended with exit code 1"),
        (None, "the process is gone, and nothing is known of how it ended"),
    ],
)
def test_an_exit_code_is_said_for_a_person(code: int | None, text: str):
    assert describe_exit(code) == text


@pytest.mark.parametrize(
    ("last_words", "lacked"),
    [
        ("terminate called after throwing an instance of 'std::bad_alloc'\n  what():  std::bad_alloc", True),
        ("numpy._core._exceptions._ArrayMemoryError: Unable to allocate 3.58 GiB", True),
        ("Fatal Python error: Segmentation fault", False),
        ("", False),
    ],
)
def test_last_words_tell_whether_memory_was_short(last_words: str, lacked: bool):
    assert tells_of_lack_of_memory(last_words) is lacked
