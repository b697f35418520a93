"""The compiler process's side for weights and values. Runs in child processes only, where there is Keras."""

from collections.abc import Callable
from typing import Final

from server.jobs.compiler import Operation
from server.jobs.sent_values import read_question
from server.jobs.value_questions import FunctionQuestion, GradientsQuestion
from server.jobs.weight_questions import ChangeQuestion, DescribeQuestion, PackQuestion


def describe_weights(payload: bytes) -> bytes:
    """Answers a `DescribeQuestion`."""
    from engine.models import weight_changes as changes

    question = DescribeQuestion.model_validate_json(payload)
    if question.is_checkpoint and question.path is not None:
        described = changes.describe_checkpoint_weights(question.graph, question.path)
    else:
        described = changes.describe_stored_weights(question.graph, question.path)
    return described.model_dump_json().encode()


def change_weights(payload: bytes) -> bytes:
    """Answers a `ChangeQuestion`."""
    from engine.models import weight_changes as changes
    from engine.models.fitting_weights import pick_fitting_weights

    question = ChangeQuestion.model_validate_json(payload)
    graph, source, destination, base = question.graph, question.source, question.destination, question.base
    if question.layer is not None:
        stored = changes.replace_layer_weights(graph, question.layer, source, destination, base)
    elif question.source_graph is not None and question.only_fitting:
        stored = pick_fitting_weights(graph, question.source_graph, source, destination)
    elif question.source_graph is not None:
        stored = changes.take_weights(graph, question.source_graph, source, destination, base)
    else:
        stored = changes.replace_all_weights(graph, source, destination, base, strict=question.strict)
    return stored.model_dump_json().encode()


def pack_layer(payload: bytes) -> bytes:
    """Answers a `PackQuestion`."""
    from engine.models.weight_changes import pack_layer

    question = PackQuestion.model_validate_json(payload)
    return pack_layer(question.path, question.layer)


def call_function(payload: bytes) -> bytes:
    """Answers a `FunctionQuestion`."""
    from engine.backend.graph_values import compute_values

    question = read_question(FunctionQuestion, payload)
    return compute_values(question.graph, question.weights, question.request).model_dump_json().encode()


def take_gradients(payload: bytes) -> bytes:
    """Answers a `GradientsQuestion`."""
    from engine.backend.graph_values import compute_gradients

    question = read_question(GradientsQuestion, payload)
    return compute_gradients(question.graph, question.weights, question.request).model_dump_json().encode()


WEIGHT_ANSWERS: Final[dict[Operation, Callable[[bytes], bytes]]] = {
    Operation.DESCRIBE_WEIGHTS: describe_weights,
    Operation.CHANGE_WEIGHTS: change_weights,
    Operation.PACK_LAYER: pack_layer,
    Operation.CALL_FUNCTION: call_function,
    Operation.TAKE_GRADIENTS: take_gradients,
}
