"""Models from elsewhere: what the process that has Keras makes of them, stored with its weights."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path, PurePath
from uuid import uuid4

from fastapi.concurrency import run_in_threadpool

from server.jobs.compiler import Compiler
from server.jobs.import_questions import ImportAnswer, ImportQuestion, import_model
from server.schemas.importing import ImportedModel, ImportRequest
from server.schemas.model import ModelCreate
from server.schemas.weights import WeightsSource
from server.storage.models import ModelStore
from server.storage.weights import WeightStore
from server.templates import make_from_template

LONGEST_NAME = 120
EXTENSIONS = re.compile(r"(\.(keras|h5|hdf5|json|weights|txt))+$", re.IGNORECASE)


class ModelImporter:
    """Makes models from templates, applications, configs and files. Every method raises `EngineError`."""

    def __init__(self, models: ModelStore, weights: WeightStore, compiler: Compiler, folder: Path):
        self._models = models
        self._weights = weights
        self._compiler = compiler
        self._folder = folder

    async def import_request(self, request: ImportRequest) -> ImportedModel:
        """A model from what a request names."""
        if request.template is not None:
            model = await run_in_threadpool(self._models.create, make_from_template(request))
            return ImportedModel(**model.model_dump(), report=[])
        async with self._place_for_weights() as weights:
            question = ImportQuestion(
                weights=weights,
                config=request.config,
                application=request.application,
                arguments=request.arguments,
            )
            answer = await import_model(self._compiler, question)
            name = request.name or clean_name(request.application or answer.name)
            return await self._store(answer, name, request.application or "config", weights)

    async def import_file(self, file: Path, filename: str | None, name: str | None) -> ImportedModel:
        """A model from an uploaded file."""
        async with self._place_for_weights() as weights:
            answer = await import_model(self._compiler, ImportQuestion(weights=weights, file=file))
            stem = EXTENSIONS.sub("", PurePath(filename.replace("\\", "/")).name) if filename else answer.name
            return await self._store(answer, name or clean_name(stem), filename or "a file", weights)

    async def _store(self, answer: ImportAnswer, name: str, source: str, weights: Path) -> ImportedModel:
        new = ModelCreate(name=name, graph=answer.graph, layout=answer.layout, training=answer.training)
        model = await run_in_threadpool(self._models.create, new)
        if answer.weights is not None:
            origin = WeightsSource(kind="import", name=source[:LONGEST_NAME])
            await run_in_threadpool(self._weights.keep, model.id, weights, answer.weights, origin)
            model = await run_in_threadpool(self._models.get, model.id)
        return ImportedModel(**model.model_dump(), report=answer.report)

    @asynccontextmanager
    async def _place_for_weights(self) -> AsyncIterator[Path]:
        """A place for a file beside the weights that are kept, empty again afterwards."""
        await run_in_threadpool(self._folder.mkdir, parents=True, exist_ok=True)
        path = self._folder / f"unfinished-{uuid4().hex}.npz"
        try:
            yield path
        finally:
            await run_in_threadpool(path.unlink, missing_ok=True)


def clean_name(wanted: str) -> str:
    """The nearest name that a model can have."""
    plain = "".join(c if c.isalnum() or c in " _-.,()+:#" else "_" for c in wanted).strip()[:LONGEST_NAME].strip()
    return plain if any(c.isalnum() for c in plain) else "Imported model"
