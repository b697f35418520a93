"""The compiler process's side for models from elsewhere. Runs in child processes only, where there is Keras."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from server.jobs.compiler import Operation
from server.jobs.import_questions import ImportAnswer, ImportQuestion

if TYPE_CHECKING:
    from engine.models.importing.results import ImportResult


def import_model(payload: bytes) -> bytes:
    """Answers an `ImportQuestion`."""
    from engine.models.layouting import lay_out_graph
    from engine.training.imported_config import make_run_config

    result = _import(ImportQuestion.model_validate_json(payload))
    training, told = make_run_config(result.compile, result.graph) if result.compile is not None else (None, [])
    answer = ImportAnswer(
        name=result.name,
        graph=result.graph,
        layout=lay_out_graph(result.graph),
        training=training,
        report=[*result.report, *told],
        weights=result.weights,
    )
    return answer.model_dump_json().encode()


def _import(question: ImportQuestion) -> "ImportResult":
    if question.file is not None:
        from engine.models.importing.files import import_file

        return import_file(question.file, question.weights)
    if question.application is not None:
        from engine.models.importing.applications import import_application

        return import_application(question.application, question.arguments, question.weights)
    from engine.models.importing.configs import import_config

    return import_config(question.config)


IMPORT_ANSWERS: Final[dict[Operation, Callable[[bytes], bytes]]] = {
    Operation.IMPORT_MODEL: import_model,
    Operation.DOWNLOAD_APPLICATION: import_model,
}
