"""What the server may ask of the process that has Keras, and the shapes of questions and answers."""

from enum import StrEnum
from pathlib import Path
from typing import Protocol

from pydantic import BaseModel, ConfigDict, JsonValue, TypeAdapter

from engine.data.schema import DatasetPreview, DatasetSummary
from engine.errors import EngineError
from engine.graph.document import Graph
from engine.models.formats import ExportChoices
from engine.models.results import CheckResult, CompileResult
from engine.training.config import RunConfig
from server.jobs.framing import FileAnswer


class Operation(StrEnum):
    """What can be asked. The question and the answer are JSON; `export` answers a framed file."""

    CATALOGUE = "catalogue"
    CHECK = "check"
    COMPILE = "compile"
    EXPORT = "export"
    LIST_EXPORTS = "list_exports"
    LIST_DATASETS = "list_datasets"
    INSPECT_FILES = "inspect_files"
    PREVIEW_DATASET = "preview_dataset"
    DIVIDE_DATASET = "divide_dataset"
    PREVIEW_STEPS = "preview_steps"
    IMPORT_MODEL = "import_model"
    DOWNLOAD_APPLICATION = "download_application"
    DESCRIBE_WEIGHTS = "describe_weights"
    CHANGE_WEIGHTS = "change_weights"
    PACK_LAYER = "pack_layer"
    CALL_FUNCTION = "call_function"
    TAKE_GRADIENTS = "take_gradients"
    COSTS = "costs"
    SUMMARY = "summary"
    DIFF = "diff"
    DRAW_DIFF = "draw_diff"
    PREVIEW = "preview"
    ADAPT = "adapt"
    DESCRIBE_AUGMENTATION = "describe_augmentation"
    AUGMENT = "augment"
    EXPLAIN_MEMORY = "explain_memory"
    EVALUATE = "evaluate"
    EVALUATE_FOLDS = "evaluate_folds"
    PREDICT = "predict"
    OPEN_SESSION = "open_session"
    TRAIN_ON_BATCH = "train_on_batch"
    TEST_ON_BATCH = "test_on_batch"
    PREDICT_ON_BATCH = "predict_on_batch"
    SAVE_SESSION = "save_session"


class Question(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CompileQuestion(Question):
    """`weights` is the file of the weights that the config names, None where there is none."""

    graph: Graph
    config: RunConfig
    weights: Path | None = None


class ExportQuestion(Question):
    """`training` says how the exported model is compiled, None leaves it uncompiled.

    `weights` is the file whose weights the model gets, None for new ones; `options` are the arguments of a drawing.
    """

    graph: Graph
    format: str
    name: str
    training: RunConfig | None = None
    weights: Path | None = None
    options: dict[str, str] = {}


class ExportsQuestion(Question):
    """`weights` is the file of the model's weights, None where it has none."""

    graph: Graph
    weights: Path | None = None


class DatasetQuestion(Question):
    """`rows` is how many samples a preview shows."""

    name: str
    arguments: dict[str, JsonValue] = {}
    rows: int = 20


UNREADABLE_GRAPH = "unreadable_graph"
"""The refusal of a check whose payload is no graph document."""


class CompilerError(Exception):
    """The compiler process could not answer, for a reason that has nothing to do with what was asked."""


class CompilerTimeout(CompilerError):  # noqa: N818
    """The operation took longer than its time limit; the process was replaced."""


class CompilerCrashed(CompilerError):  # noqa: N818
    """The process died while it worked; it was replaced. The message says how it died."""


class Compiler(Protocol):
    """Answers one operation at a time, in a process of its own.

    Raises:
        EngineError: what was asked cannot be done (the graph does not build, the data set is unknown, ...).
        CompilerTimeout: it took too long.
        CompilerCrashed: the process died.
    """

    async def call(self, operation: Operation, payload: bytes) -> bytes: ...


DATASETS = TypeAdapter[list[DatasetSummary]](list[DatasetSummary])


async def fetch_catalogue(compiler: Compiler) -> bytes:
    """The catalogue as JSON (`engine.layers.schema.Catalogue`): large, and served as it is."""
    return await compiler.call(Operation.CATALOGUE, b"")


async def check_graph(compiler: Compiler, graph: Graph) -> CheckResult:
    """Shapes, parameters and issues of every node."""
    answer = await compiler.call(Operation.CHECK, graph.model_dump_json().encode())
    return CheckResult.model_validate_json(answer)


async def check_training(
    compiler: Compiler, graph: Graph, config: RunConfig, weights: Path | None = None
) -> CompileResult:
    """Graph and training config checked together; `weights` is the file of those that the config names."""
    question = CompileQuestion(graph=graph, config=config, weights=weights)
    answer = await compiler.call(Operation.COMPILE, question.model_dump_json().encode())
    return CompileResult.model_validate_json(answer)


async def export_graph(compiler: Compiler, question: ExportQuestion) -> FileAnswer:
    """The model as a file.

    Raises:
        GraphError: the graph does not build, or the format cannot hold it.
    """
    answer = await compiler.call(Operation.EXPORT, question.model_dump_json().encode())
    return FileAnswer.decode(answer)


async def list_exports(compiler: Compiler, question: ExportsQuestion) -> ExportChoices:
    """Every format, and what of the model it cannot hold."""
    answer = await compiler.call(Operation.LIST_EXPORTS, question.model_dump_json().encode())
    return ExportChoices.model_validate_json(answer)


async def list_datasets(compiler: Compiler) -> list[DatasetSummary]:
    """All data sets by name."""
    return DATASETS.validate_json(await compiler.call(Operation.LIST_DATASETS, b""))


async def preview_dataset(compiler: Compiler, question: DatasetQuestion) -> DatasetPreview:
    """The first rows and the statistics of a data set."""
    answer = await compiler.call(Operation.PREVIEW_DATASET, question.model_dump_json().encode())
    return DatasetPreview.model_validate_json(answer)


async def find_dataset(compiler: Compiler, name: str) -> DatasetSummary:
    """One data set by its name. Raises `EngineError` `unknown_dataset`."""
    known = {one.name: one for one in await list_datasets(compiler)}
    if name not in known:
        raise EngineError(
            "unknown_dataset", f"There is no data set {name[:100]!r}; expected one of {', '.join(known)}."
        )
    return known[name]
