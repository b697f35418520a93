"""Why a training failed, in one sentence for a person; the traceback belongs in the log."""

import re

from engine.errors import EngineError

MAX_REASON = 500
_NOISE = re.compile(
    r"^(Exception encountered when calling .*|Graph execution error:|Detected at node .*|<stack traces unavailable>"
    r"|\s*\[\[.*|File \".*)$"
)
"""Lines by which Keras and TensorFlow introduce what went wrong."""

_DECORATION = re.compile(
    r"\x1b\[\d*m|\{\{function_node [^}]*\}\}\s*|\s*\[Op:[^\]]*\]|\s*\[\[\{\{[^\]]*\]\]|\s+name:\s*$"
)
"""Colours and the names of operations, within a line."""

_EXHAUSTED = re.compile(r"\bRESOURCE_EXHAUSTED\b|\bOOM when allocating\b")
"""How XLA says it within an error of another kind."""


def describe_error(error: BaseException) -> str:
    """One sentence, without a stack trace. Imports no Keras: TensorFlow's errors are known by where they come from."""
    if isinstance(error, EngineError):
        return error.message
    if is_out_of_memory(error):
        return "The training ran out of memory. Try a smaller batch size or a smaller model."
    if isinstance(error, OSError) and error.strerror:
        where = f" ({error.filename})" if error.filename else ""
        return f"The operating system refused: {error.strerror}{where}."
    sentence = _first_meaningful_line(str(error))
    if not sentence:
        return f"{type(error).__name__} without a message."
    return sentence if len(sentence) <= MAX_REASON else sentence[: MAX_REASON - 1] + "…"


def is_out_of_memory(error: BaseException) -> bool:
    """Whether there was not enough memory. `engine.training.memory_estimate` says what would have been."""
    if isinstance(error, EngineError):
        return False
    if isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError":
        return True
    return _EXHAUSTED.search(str(error)) is not None


def _first_meaningful_line(message: str) -> str:
    for line in message.splitlines():
        text = _DECORATION.sub("", line).strip()
        if text and not _NOISE.match(text):
            return text
    return ""
