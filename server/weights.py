"""Weights of models, between the store, the files that come and the process that has Keras."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4
from weakref import WeakValueDictionary

from cachetools import LRUCache
from fastapi.concurrency import run_in_threadpool

from engine.errors import EngineError
from engine.graph.document import Graph
from engine.models.weight_results import LayerWeightsDescription, StoredWeights, WeightsDescription
from server.checkpoint_files import CheckpointOnDisk
from server.jobs.compiler import Compiler
from server.jobs.weight_questions import ChangeQuestion, DescribeQuestion, change_weights, describe_weights, pack_layer
from server.schemas.weights import WeightsReceipt, WeightsSource
from server.storage.models import ModelStore
from server.storage.weights import WeightsFile, WeightStore, WrittenWeights

REMEMBERED = 32
"""Descriptions that are kept, so that looking at one layer after the other reads the weights once."""


class WeightService:
    """Describes and changes weights. A model's changes come one after the other, so that none is lost.

    Every method raises `EngineError`: `not_found`, and what the engine refuses.
    """

    def __init__(self, models: ModelStore, store: WeightStore, compiler: Compiler, folder: Path):
        self._models = models
        self._store = store
        self._compiler = compiler
        self._folder = folder
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._described: LRUCache[str, WeightsDescription] = LRUCache(REMEMBERED)

    async def check_model(self, model_id: str) -> None:
        """Returns where there is such a model, so that nobody sends a file for none."""
        await run_in_threadpool(self._models.get_draft, model_id)

    async def describe(self, model_id: str) -> WeightsDescription:
        """The weights of the model's draft; shapes alone where it has none stored."""
        graph = await self._read_graph(model_id)
        found = await run_in_threadpool(self._store.find, model_id)
        path, content = (None, "none") if found is None else (found.path, found.weights.sha256)
        return await self._describe(DescribeQuestion(graph=graph, path=path), content)

    async def describe_checkpoint(self, graph: Graph, file: CheckpointOnDisk) -> WeightsDescription:
        """The weights in a checkpoint of the graph's model."""
        return await self._describe(DescribeQuestion(graph=graph, path=file.path, is_checkpoint=True), file.sha256)

    async def find_file(self, model_id: str) -> WeightsFile:
        """The stored file."""
        found = await run_in_threadpool(self._store.find, model_id)
        if found is None:
            raise EngineError("not_found", "The model has no weights stored.", "Upload some, or take a run's.")
        return found

    async def pack_layer(self, model_id: str, layer: str) -> bytes:
        """One layer's stored weights as an npz file."""
        return await pack_layer(self._compiler, (await self.find_file(model_id)).path, layer)

    async def replace_all(
        self, model_id: str, upload: Path, source: WeightsSource, *, strict: bool = True
    ) -> WeightsReceipt:
        """Takes all layers' weights from an uploaded file."""
        return await self._change(model_id, source, upload, strict=strict)

    async def replace_layer(self, model_id: str, layer: str, upload: Path) -> WeightsReceipt:
        """Takes one layer's weights from an uploaded file; the others keep theirs, or get new ones."""
        return await self._change(model_id, WeightsSource(kind="layer", name=layer), upload, layer=layer)

    async def take_checkpoint(
        self, model_id: str, checkpoint: Path, checkpoint_graph: Graph, source: WeightsSource
    ) -> WeightsReceipt:
        """Takes the weights of those layers that fit, by name, from a checkpoint of another graph's model."""
        return await self._change(model_id, source, checkpoint, source_graph=checkpoint_graph)

    @asynccontextmanager
    async def pick_fitting(
        self, graph: Graph, checkpoint: Path, checkpoint_graph: Graph
    ) -> AsyncIterator[WrittenWeights]:
        """A file with those of a checkpoint's weights that fit another graph's model; gone where nobody keeps it."""
        async with self._destination() as destination:
            question = ChangeQuestion(
                graph=graph,
                source=checkpoint,
                destination=destination,
                base=None,
                source_graph=checkpoint_graph,
                only_fitting=True,
            )
            stored = await change_weights(self._compiler, question)
            yield self._store.expect(destination, stored)

    @asynccontextmanager
    async def unpack(self, graph: Graph, checkpoint: Path, model_id: str | None) -> AsyncIterator[WrittenWeights]:
        """A file with the weights of a checkpoint of the graph's model; gone where nobody keeps it.

        Nobody else changes the weights of the model, where there is one, meanwhile.
        """
        async with self._lock(model_id or uuid4().hex), self._destination() as destination:
            question = ChangeQuestion(graph=graph, source=checkpoint, destination=destination, base=None)
            stored = await change_weights(self._compiler, question)
            yield self._store.expect(destination, stored)

    async def collect(self) -> None:
        """Removes the files that no model and no run names any more."""
        await run_in_threadpool(self._store.collect)

    async def keep(
        self, model_id: str, source: WeightsSource, write: Callable[[Path], Awaitable[StoredWeights]]
    ) -> WeightsReceipt:
        """Makes what `write` writes to a place the weights of the model."""
        async with self._lock(model_id), self._destination() as destination:
            stored = await write(destination)
            weights = await run_in_threadpool(self._store.keep, model_id, destination, stored, source)
            return WeightsReceipt(weights=weights, fit=stored.fit)

    async def forget(self, model_id: str) -> None:
        """Leaves the model without weights."""
        async with self._lock(model_id):
            await run_in_threadpool(self._store.forget, model_id)

    async def _change(
        self,
        model_id: str,
        source: WeightsSource,
        file: Path,
        *,
        layer: str | None = None,
        source_graph: Graph | None = None,
        strict: bool = True,
    ) -> WeightsReceipt:
        async with self._lock(model_id), self._destination() as destination:
            graph = await self._read_graph(model_id)
            base = await run_in_threadpool(self._store.find, model_id)
            question = ChangeQuestion(
                graph=graph,
                source=file,
                destination=destination,
                base=None if base is None else base.path,
                layer=layer,
                source_graph=source_graph,
                strict=strict,
            )
            stored = await change_weights(self._compiler, question)
            weights = await run_in_threadpool(self._store.keep, model_id, destination, stored, source)
            return WeightsReceipt(weights=weights, fit=stored.fit)

    async def _read_graph(self, model_id: str) -> Graph:
        return await run_in_threadpool(lambda: self._models.get_draft(model_id).to_draft().graph)

    async def _describe(self, question: DescribeQuestion, content: str) -> WeightsDescription:
        key = hashlib.sha256(f"{content} {question.graph.model_dump_json()}".encode()).hexdigest()
        if (known := self._described.get(key)) is not None:
            return known
        described = await describe_weights(self._compiler, question)
        self._described[key] = described
        return described

    @asynccontextmanager
    async def _destination(self) -> AsyncIterator[Path]:
        """A place for a file beside those that are kept, empty again afterwards."""
        path = self._folder / f"unfinished-{uuid4().hex}.npz"
        try:
            yield path
        finally:
            await run_in_threadpool(path.unlink, missing_ok=True)

    def _lock(self, model_id: str) -> asyncio.Lock:
        return self._locks.setdefault(model_id, asyncio.Lock())


def without_histograms(described: WeightsDescription) -> WeightsDescription:
    """The same description, shorter."""
    return described.model_copy(update={"layers": [_without_histograms(layer) for layer in described.layers]})


def find_layer(described: WeightsDescription, layer: str) -> LayerWeightsDescription:
    """One layer by its Keras name. Raises `EngineError` (`not_found`)."""
    for one in described.layers:
        if one.layer == layer:
            return one
    names = ", ".join(one.layer for one in described.layers[:20])
    raise EngineError(
        "not_found",
        f"The model has no layer {layer[:200]!r} with weights.",
        f"Its layers with weights are {names}." if names else "It has none.",
    )


def _without_histograms(layer: LayerWeightsDescription) -> LayerWeightsDescription:
    variables = [
        variable
        if variable.statistics is None
        else variable.model_copy(update={"statistics": variable.statistics.model_copy(update={"histogram": None})})
        for variable in layer.variables
    ]
    return layer.model_copy(update={"variables": variables})
