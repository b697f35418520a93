"""What the server may ask of the process that has Keras about the memory that a training needs."""

from pydantic import TypeAdapter

from engine.graph.document import Graph
from engine.training.config import RunConfig
from server.jobs.compiler import Compiler, Operation, Question

SENTENCE = TypeAdapter[str](str)


class MemoryQuestion(Question):
    """`limit_bytes` is what there is for a step, `happened` how the answer begins."""

    graph: Graph
    config: RunConfig
    limit_bytes: int
    happened: str


async def explain_memory(compiler: Compiler, question: MemoryQuestion) -> str:
    """A sentence: what the training needs, and what would fit."""
    return SENTENCE.validate_json(await compiler.call(Operation.EXPLAIN_MEMORY, question.model_dump_json().encode()))
