"""The compiler process's side for dividing data sets. Runs in child processes only."""

from collections.abc import Callable
from typing import Final

from server.jobs.compiler import Operation
from server.jobs.split_questions import DivideQuestion


def divide_dataset(payload: bytes) -> bytes:
    """Answers a `DivideQuestion` with a `SplitReport`, or a `StoredSplitInfo` where it stores the split."""
    from engine.training.split_reports import divide_dataset as divide
    from engine.training.stored_splits import write_stored_split

    question = DivideQuestion.model_validate_json(payload)
    dataset, splits, report = divide(question.dataset, question.arguments, question.definition)
    if question.folder is not None and question.name is not None:
        report = write_stored_split(question.folder, question.name, report, splits, dataset)
    return report.model_dump_json().encode()


SPLIT_ANSWERS: Final[dict[Operation, Callable[[bytes], bytes]]] = {Operation.DIVIDE_DATASET: divide_dataset}
"""What a process is asked about splits."""
