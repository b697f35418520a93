"""The process that looks through one data set for copies, and ends."""

from multiprocessing.connection import Connection

from engine.errors import EngineError
from server.jobs.data_process import ProgressTeller, answer, begin_data_process, out_of_memory
from server.jobs.data_questions import DuplicatesQuestion
from server.jobs.memory_limit import limit_memory


def find_duplicates(pipe: Connection, memory_bytes: int, payload: bytes) -> None:
    """Answers a `DuplicatesQuestion` with progress and a `DuplicateReport`: a target for `multiprocessing.Process`."""
    begin_data_process()
    question = DuplicatesQuestion.model_validate_json(payload)
    tell = ProgressTeller(pipe)
    hint = ", or choose arguments that make the samples smaller"
    too_much = out_of_memory("Looking for copies", memory_bytes, "LAYERLOOM_COMPILER_MEMORY_BYTES", hint)
    answer(pipe, lambda: _look(question, tell, memory_bytes), too_much, _explain)


def _look(question: DuplicatesQuestion, tell: ProgressTeller, memory_bytes: int) -> bytes:
    from engine.data.library.library import use_library
    from engine.training.split_leaks import look_for_duplicates

    limit_memory(memory_bytes)
    use_library(question.library)
    report = look_for_duplicates(question.name, question.arguments, question.split, tell)
    return report.model_dump_json().encode()


def _explain(error: OSError) -> EngineError:
    return EngineError("unreadable_data", f"The data set cannot be read: {error.strerror or error}.")
