"""What a training needs and what would fit, told of a graph that nobody has built: no weight is allocated for it."""

from engine.graph.document import Graph
from engine.models.check import GraphChecker
from engine.training.compile_settings import compile_model
from engine.training.config import RunConfig
from engine.training.linked_graph import link_checked_graph
from engine.training.memory_estimate import Shapes, explain_out_of_memory
from engine.training.run_data import load_training_data


def explain_graph_out_of_memory(graph: Graph, config: RunConfig, limit_bytes: int, happened: str) -> str:
    """One sentence, which begins with `happened`: what a step of this training needs, and what would fit.

    `limit_bytes` is what there is for it. For a process that does nothing else: a model that others share is compiled.

    Raises:
        GraphError: the graph does not build.
        ConfigError, EngineError: the config does not fit, or the data set cannot be had.
    """
    model = link_checked_graph(graph, GraphChecker().check(graph)).model
    shapes: Shapes | None = None
    if any(size is None for tensor in model.inputs for size in tensor.shape[1:]):
        shapes = [array.shape[1:] for array in load_training_data(config.data, model).inputs]
    compile_model(model, config.compile)
    return explain_out_of_memory(model, config.fit.batch_size, limit_bytes, shapes, happened=happened)
