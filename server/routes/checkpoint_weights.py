"""The weights in a run's checkpoints."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.concurrency import run_in_threadpool

from engine.models.weight_results import LayerWeightsDescription, WeightsDescription
from server.checkpoint_files import find_checkpoint_file
from server.dependencies import SettingsDep
from server.model_graphs import read_trained_graph
from server.routes.problems import COMPILER_PROBLEMS, problems
from server.routes.weights import LayerPath
from server.run_dependencies import CheckpointStoreDep, RunStoreDep
from server.weight_dependencies import WeightServiceDep
from server.weights import find_layer, without_histograms

router = APIRouter(
    prefix="/runs/{run_id}/checkpoints/{checkpoint_id}/weights",
    tags=["weights"],
    responses={**problems(404, 409), **COMPILER_PROBLEMS},
)


async def describe_checkpoint(
    run_id: str,
    checkpoint_id: str,
    runs: RunStoreDep,
    checkpoints: CheckpointStoreDep,
    settings: SettingsDep,
    weights: WeightServiceDep,
) -> WeightsDescription:
    """The description that both routes answer from."""
    file = await run_in_threadpool(find_checkpoint_file, checkpoints, settings.runs_folder, run_id, checkpoint_id)
    graph = await run_in_threadpool(read_trained_graph, runs, run_id, file.path)
    return await weights.describe_checkpoint(graph, file)


Described = Annotated[WeightsDescription, Depends(describe_checkpoint)]


@router.get("", summary="Describe a checkpoint's weights")
async def describe_checkpoint_weights(described: Described) -> WeightsDescription:
    """Shapes and statistics of every layer's weights at that step of the run."""
    return without_histograms(described)


@router.get("/{layer}", summary="Describe one layer's weights in a checkpoint")
async def describe_checkpoint_layer(layer: LayerPath, described: Described) -> LayerWeightsDescription:
    """Shapes, statistics and a histogram of each variable."""
    return find_layer(described, layer)
