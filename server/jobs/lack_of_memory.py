"""A worker that the kernel ended because memory was short: known as such, and explained with what would fit."""

import asyncio
import logging
import signal
from collections.abc import Callable

from engine.errors import EngineError
from engine.graph.document import Graph
from engine.training.free_memory import measure_free_memory
from server.jobs.compiler import Compiler, CompilerError
from server.jobs.memory_questions import MemoryQuestion, explain_memory
from server.jobs.oom_kills import count_oom_kills
from server.schemas.run import RunPublic
from server.storage.runs import RunStore

logger = logging.getLogger(__name__)

KILLED_BY_KERNEL = "The training ran out of memory, and the kernel ended its worker"
EXPLAIN_SECONDS = 30
"""A large model is traced for many seconds; so long a run may look as if it still trained."""

ADVICE = "Try a smaller batch size or a smaller model."


class MemoryJudge:
    """Compares how many processes the kernel ended for lack of memory before and after a worker lived.

    `worker_bytes` is what a worker may take where that is limited. `count_kills` answers None where nobody counts.
    """

    def __init__(
        self,
        compiler: Compiler,
        runs: RunStore,
        worker_bytes: int | None = None,
        count_kills: Callable[[], int | None] = count_oom_kills,
    ):
        self._compiler = compiler
        self._runs = runs
        self._worker_bytes = worker_bytes
        self._count_kills = count_kills

    async def count(self) -> int | None:
        """How many so far, to be compared with what `was_ended_by_kernel` finds."""
        return await asyncio.to_thread(self._count_kills)

    async def was_ended_by_kernel(self, exit_code: int | None, before: int | None) -> bool:
        """Whether a worker that somebody killed was killed for lack of memory, where that can be told.

        `before` is what was counted before it began.
        """
        if exit_code != -signal.SIGKILL or before is None:
            return False
        now = await self.count()
        return now is not None and now > before

    async def explain(self, run: RunPublic) -> str:
        """A sentence or two: what happened, what a step of the run needs, and what would fit."""
        free = await asyncio.to_thread(measure_free_memory)
        limit = free if self._worker_bytes is None else min(free, self._worker_bytes)
        graph = Graph.model_validate_json(await asyncio.to_thread(self._runs.get_graph, run.id))
        question = MemoryQuestion(graph=graph, config=run.config, limit_bytes=limit, happened=KILLED_BY_KERNEL)
        try:
            return await asyncio.wait_for(explain_memory(self._compiler, question), EXPLAIN_SECONDS)
        except (CompilerError, EngineError, TimeoutError) as error:
            logger.info("what run %s would have needed is not known: %s", run.id, error)
            return f"{KILLED_BY_KERNEL}. {ADVICE}"
