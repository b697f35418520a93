"""The compiler process's side for the memory that a training needs. Runs in child processes only."""

from collections.abc import Callable
from typing import Final

from server.jobs.compiler import Operation
from server.jobs.memory_questions import SENTENCE, MemoryQuestion


def explain_memory(payload: bytes) -> bytes:
    """Answers a `MemoryQuestion`."""
    from engine.training.expected_memory import explain_graph_out_of_memory

    question = MemoryQuestion.model_validate_json(payload)
    told = explain_graph_out_of_memory(question.graph, question.config, question.limit_bytes, question.happened)
    return SENTENCE.dump_json(told)


MEMORY_ANSWERS: Final[dict[Operation, Callable[[bytes], bytes]]] = {Operation.EXPLAIN_MEMORY: explain_memory}
