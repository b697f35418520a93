"""The compiler process's side for people's own data. Runs in child processes only."""

import os
from collections.abc import Callable
from typing import Final

from server.jobs.compiler import DatasetQuestion, Operation
from server.jobs.data_questions import InspectQuestion, StepsQuestion


def inspect_files(payload: bytes) -> bytes:
    """Answers an `InspectQuestion` with an `Inspection`."""
    # Arrow's own allocator reserves a gigabyte at once, which counts as memory.
    os.environ["ARROW_DEFAULT_MEMORY_POOL"] = "system"
    from engine.data.library.kinds import GivenFile
    from engine.data.library.make import inspect

    question = InspectQuestion.model_validate_json(payload)
    files = [GivenFile(one.name, one.path) for one in question.files]
    return inspect(files, question.definition).model_dump_json().encode()


def preview_dataset(payload: bytes) -> bytes:
    """Answers a `DatasetQuestion` with a `DatasetPreview`."""
    question = DatasetQuestion.model_validate_json(payload)
    from engine.data.library.preview import preview_own

    if (own := preview_own(question.name, question.rows)) is not None:
        return own.model_dump_json().encode()
    from engine.data import datasets

    return datasets.preview_dataset(question.name, question.rows, question.arguments).model_dump_json().encode()


def preview_steps(payload: bytes) -> bytes:
    """Answers a `StepsQuestion` with a `StepsPreview`."""
    from engine.evaluation.step_preview import preview_steps as preview

    asked = StepsQuestion.model_validate_json(payload)
    return preview(asked.name, asked.arguments, asked.steps, asked.start, asked.rows).model_dump_json().encode()


DATA_ANSWERS: Final[dict[Operation, Callable[[bytes], bytes]]] = {
    Operation.INSPECT_FILES: inspect_files,
    Operation.PREVIEW_DATASET: preview_dataset,
    Operation.PREVIEW_STEPS: preview_steps,
}
