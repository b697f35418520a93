"""What the server may ask of the process that has Keras about models from elsewhere."""

from pathlib import Path

from pydantic import BaseModel, JsonValue

from engine.graph.document import Graph, Layout
from engine.graph.issues import Issue
from engine.models.weight_results import StoredWeights
from engine.training.config import RunConfig
from server.jobs.compiler import Compiler, Operation, Question


class ImportQuestion(Question):
    """A model as one of: the `file` that holds it, its Keras `config`, an `application` with its `arguments`.

    Weights that come with it are written to `weights`.
    """

    weights: Path
    file: Path | None = None
    config: JsonValue = None
    application: str | None = None
    arguments: dict[str, JsonValue] = {}


class ImportAnswer(BaseModel):
    """The model as a document. `name` is what its own config calls it."""

    name: str
    graph: Graph
    layout: Layout
    training: RunConfig | None
    report: list[Issue]
    weights: StoredWeights | None


async def import_model(compiler: Compiler, question: ImportQuestion) -> ImportAnswer:
    """The model as a document, in a process that is thrown away afterwards.

    Raises:
        EngineError: this is no model that Keras has saved, or it is too large.
    """
    downloads = question.arguments.get("weights") is not None
    operation = Operation.DOWNLOAD_APPLICATION if downloads else Operation.IMPORT_MODEL
    answer = await compiler.call(operation, question.model_dump_json().encode())
    return ImportAnswer.model_validate_json(answer)
