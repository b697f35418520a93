"""Launching a run: nothing is written before Keras has agreed that the graph and the config can be trained."""

import asyncio

from engine.errors import ConfigError
from engine.graph.document import Graph
from engine.models.results import CompileResult
from server.forking import Forks
from server.jobs.broadcast import Broadcast
from server.jobs.compiler import Compiler, check_training
from server.jobs.executor import Executor
from server.schemas.run import RunCreate, RunPublic
from server.storage.runs import RunStore
from server.storage.weights import WeightStore


async def launch_run(
    new: RunCreate,
    store: RunStore,
    weights: WeightStore,
    forks: Forks,
    compiler: Compiler,
    executor: Executor,
    broadcast: Broadcast,
) -> RunPublic:
    """Checks, stores and queues a run.

    Raises:
        EngineError: `not_found`; `conflict` where the draft was changed meanwhile, or the checkpoint to start from is
            damaged; `weights_do_not_fit` where no layer of that still fits.
        ConfigError: it would not train; the issues say why.
    """
    graph = await asyncio.to_thread(store.read_graph, new)
    path = await asyncio.to_thread(weights.find_file, new.config.weights)
    parsed = await asyncio.to_thread(Graph.model_validate_json, graph)
    result = await check_training(compiler, parsed, new.config, path)
    if not result.ok:
        raise refuse_training(result)
    if new.start is None:
        run = await asyncio.to_thread(store.create, new, graph)
    else:
        async with forks.open(new.start, parsed) as fork:
            started = new.model_copy(update={"config": fork.set_weights(new.config)})
            run = await asyncio.to_thread(store.create, started, graph, fork)
    executor.submit(run.id)
    broadcast.publish_run(run)
    return run


def refuse_training(result: CompileResult) -> ConfigError:
    """The error for a graph and a config that would not train."""
    errors = [issue for issue in result.issues if issue.severity == "error"]
    first = errors[0].message if errors else "The model and the training config do not fit."
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return ConfigError("does_not_train", f"{first}{more}", issues=result.issues)
