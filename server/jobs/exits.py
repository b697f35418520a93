"""How a process died, said for a person."""

import signal

NATIVE_CRASHES = frozenset({signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGILL, signal.SIGFPE})

FORK_SERVER_GONE = 255
"""What `multiprocessing` answers where the fork server died, which alone reads exit codes. No worker ends with it."""

LACK_OF_MEMORY = ("std::bad_alloc", "Cannot allocate memory", "MemoryError")
"""What native code and Python print where an allocation fails and nobody expects that."""


def tells_of_lack_of_memory(last_words: str) -> bool:
    """Whether the last words of a dead process say that it ran out of memory. The kernel's killing leaves no words."""
    return any(sign in last_words for sign in LACK_OF_MEMORY)


def describe_exit(code: int | None) -> str:
    """What an exit code means: negative for a signal, as `multiprocessing` has it; None where nobody could read it."""
    if code is None:
        return "the process is gone, and nothing is known of how it ended"
    if code == FORK_SERVER_GONE:
        return "the process that it was forked from is gone (often: out of memory)"
    if code >= 0:
        return "the process ended without a word" if code == 0 else f"the process ended with exit code {code}"
    try:
        number = signal.Signals(-code)
    except ValueError:
        return f"killed by signal {-code}"
    if number == signal.SIGBUS:
        return "crashed in native code (SIGBUS; often: a file of the data was cut off while it was read)"
    if number in NATIVE_CRASHES:
        return f"crashed in native code ({number.name})"
    if number == signal.SIGKILL:
        return "killed by signal 9 (SIGKILL; often: out of memory)"
    return f"killed by signal {-code} ({number.name})"
