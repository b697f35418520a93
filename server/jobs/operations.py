"""The compiler process's side: takes one question after the other from its pipe and answers it with the engine."""

import gc
import logging
import os
import signal
import tempfile
import traceback
from collections.abc import Callable
from functools import cached_property
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from engine.data.schema import DatasetSummary
from engine.errors import EngineError
from engine.graph.document import Graph
from server.jobs.compiler import (
    UNREADABLE_GRAPH,
    CompileQuestion,
    ExportQuestion,
    ExportsQuestion,
    Operation,
)
from server.jobs.data_operations import DATA_ANSWERS
from server.jobs.evaluation_operations import EvaluationAnswers
from server.jobs.framing import FileAnswer
from server.jobs.import_operations import IMPORT_ANSWERS
from server.jobs.memory_limit import limit_memory
from server.jobs.memory_operations import MEMORY_ANSWERS
from server.jobs.orphans import end_with_parent
from server.jobs.preview_operations import PreviewAnswers
from server.jobs.refusals import Outcome, encode_refusal
from server.jobs.report_operations import ReportAnswers
from server.jobs.split_operations import SPLIT_ANSWERS
from server.jobs.weight_operations import WEIGHT_ANSWERS

if TYPE_CHECKING:
    from engine.models.check import GraphChecker

logger = logging.getLogger(__name__)

IDLE_SECONDS = 0.02
"""After so long without a question the garbage of the last ones is collected, while nobody waits for an answer."""

MOST_GARBAGE = 500_000
"""So many objects more than before are collected at once, for when questions come without a pause."""

DATASETS = TypeAdapter[list[DatasetSummary]](list[DatasetSummary])


class Operations:
    """The engine's entry points by operation. The engine is imported when the first question needs it."""

    def answer(self, operation: Operation, payload: bytes) -> bytes:
        """The answer's bytes.

        Raises:
            EngineError: what was asked cannot be done.
        """
        answers: dict[Operation, Callable[[bytes], bytes]] = {
            Operation.CATALOGUE: self._catalogue,
            Operation.CHECK: self._check,
            Operation.COMPILE: self._compile,
            Operation.EXPORT: self._export,
            Operation.LIST_EXPORTS: self._list_exports,
            Operation.LIST_DATASETS: self._list_datasets,
            **WEIGHT_ANSWERS,
            **IMPORT_ANSWERS,
            **DATA_ANSWERS,
            **MEMORY_ANSWERS,
            **SPLIT_ANSWERS,
            **self._reports.answers,
            **self._previews.answers,
            **self._evaluations.answers,
        }
        return answers[operation](payload)

    @cached_property
    def _reports(self) -> ReportAnswers:
        return ReportAnswers(lambda: self._checker)

    @cached_property
    def _previews(self) -> PreviewAnswers:
        return PreviewAnswers(lambda: self._checker)

    @cached_property
    def _evaluations(self) -> EvaluationAnswers:
        return EvaluationAnswers()

    @cached_property
    def _checker(self) -> "GraphChecker":
        from engine.models.check import GraphChecker

        return GraphChecker()

    def _catalogue(self, _payload: bytes) -> bytes:
        from engine.data.steps.entries import list_entries
        from engine.layers.catalogue import build_catalogue

        catalogue = build_catalogue().model_copy(update={"data_steps": list(list_entries().values())})
        return catalogue.model_dump_json().encode()

    def _check(self, payload: bytes) -> bytes:
        try:
            graph = Graph.model_validate_json(payload)
        except ValidationError as error:
            raise EngineError(UNREADABLE_GRAPH, "The document is not a graph") from error
        return self._checker.check(graph).model_dump_json().encode()

    def _compile(self, payload: bytes) -> bytes:
        from engine.training.compiling import check_compile
        from engine.training.starting_weights import check_starting_weights

        question = CompileQuestion.model_validate_json(payload)
        result = check_compile(self._checker, question.graph, question.config)
        result = check_starting_weights(result, question.graph, question.config, question.weights)
        return result.model_dump_json().encode()

    def _export(self, payload: bytes) -> bytes:
        from engine.models.export import export_model
        from engine.training.exported_data import make_data_finder

        question = ExportQuestion.model_validate_json(payload)
        settings = question.training
        export = export_model(
            question.graph,
            question.format,
            question.name,
            settings.model_dump(mode="json") if settings else None,
            find_data=make_data_finder(settings.data) if settings else None,
            weights=question.weights,
            options=question.options,
        )
        return FileAnswer(export.content, export.media_type, export.filename).encode()

    def _list_exports(self, payload: bytes) -> bytes:
        from engine.models.export import list_choices

        question = ExportsQuestion.model_validate_json(payload)
        return list_choices(question.graph, weights=question.weights).model_dump_json().encode()

    def _list_datasets(self, _payload: bytes) -> bytes:
        from engine.data.datasets import list_datasets

        return DATASETS.dump_json(list_datasets())


def serve_questions(
    pipe: Connection,
    memory_bytes: int,
    allow_code: bool = False,
    scratch: str | None = None,
    remote_monitors: tuple[str, ...] = (),
    library: str | None = None,
) -> None:
    """Answers until the other end of the pipe is closed: a target for `multiprocessing.Process`, forked or spawned.

    `memory_bytes` is what the process may allocate beyond what it has at its start. With `allow_code` it runs the
    Python that models bring. `scratch` is the folder for its temporary files, which outlive it where it is killed.
    `remote_monitors` are the addresses that callbacks of runs may send to; here they are only compared.
    `library` is the folder of people's own data sets.
    """
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    end_with_parent()
    if scratch is not None:
        tempfile.tempdir = os.environ["TMPDIR"] = scratch
    run_one_tensor_operation()
    _allow(allow_code=allow_code, remote_monitors=remote_monitors, library=library)
    # Keras's half a million objects stay for good: looking through them again and again would make checks wait.
    gc.freeze()
    gc.set_threshold(MOST_GARBAGE)
    limit_memory(memory_bytes)
    _answer_until_closed(pipe, memory_bytes)


def _allow(*, allow_code: bool, remote_monitors: tuple[str, ...], library: str | None) -> None:
    """What the owner of the server has settled, for the engine in this process."""
    from engine.data.library.library import use_library
    from engine.training.monitor_addresses import allow_remote_monitors

    if allow_code:
        from engine.layers.code import allow_code as allow_code_of_models

        allow_code_of_models()
    allow_remote_monitors(remote_monitors)
    use_library(None if library is None else Path(library))


def _answer_until_closed(pipe: Connection, memory_bytes: int) -> None:
    operations = Operations()
    while True:
        try:
            operation = Operation(pipe.recv_bytes().decode())
            payload = pipe.recv_bytes()
        except EOFError:
            return
        pipe.send_bytes(_answer_safely(operations, operation, payload, memory_bytes))
        if not pipe.poll(IDLE_SECONDS):
            gc.collect()
            # What is left is what the checker remembers, which is freed without the collector: the next collection
            # looks only at what is new, so that no question waits long behind it.
            gc.freeze()


def run_one_tensor_operation() -> None:
    """Starts TensorFlow, so that the first question finds it running."""
    from engine.backend import selftest

    selftest.run_one_tensor_operation()


def _answer_safely(operations: Operations, operation: Operation, payload: bytes, memory_bytes: int) -> bytes:
    """The answer, a refusal, or what went wrong inside: whatever it is, the process goes on."""
    try:
        return Outcome.ANSWER + operations.answer(operation, payload)
    except EngineError as error:
        return Outcome.REFUSAL + encode_refusal(error)
    except MemoryError:
        limit = f"{memory_bytes / 2**20:,.0f} MiB"
        message = f"{operation.value} needs more memory than the {limit} that the compiler process may take"
        hint = "Make the model smaller, or raise LAYERLOOM_COMPILER_MEMORY_BYTES."
        return Outcome.REFUSAL + encode_refusal(EngineError("out_of_memory", message, hint))
    except Exception:  # noqa: BLE001 - a fault of the engine must not take the process along
        return Outcome.FAULT + traceback.format_exc().encode("utf-8", "replace")
