"""Which calls of a model loop over time: TensorFlow is asked, by tracing them."""

import json

import keras
import tensorflow as tf
from cachetools import LRUCache
from keras.src.backend import compute_output_spec

from engine.models.places import Found

LOOPS = ("While", "StatelessWhile")
"""TensorFlow's operations that loop."""

KEPT_CALLS = 10_000

_known: LRUCache[str, bool] = LRUCache(maxsize=KEPT_CALLS)


def is_loop(found: Found) -> bool:
    """Whether one of the layer's calls loops; what is in a model inside is asked there. Remembers the last calls.

    To be called in `open_symbolic_scope`. A call that TensorFlow cannot trace alone does not count as a loop.
    """
    if isinstance(found.operation, keras.Model):
        return False
    # Keras has no public list of a layer's calls.
    return any(_loops(found.operation, node.arguments) for node in found.operation._inbound_nodes)  # noqa: SLF001


def _loops(operation: "keras.Operation", arguments: "keras.src.ops.symbolic_arguments.SymbolicArguments") -> bool:
    key = _describe_call(operation, arguments.args, arguments.kwargs)
    if key not in _known:
        try:
            _known[key] = _trace(operation, arguments.args, arguments.kwargs)
        except Exception:  # noqa: BLE001 - TensorFlow raises what it likes; the converter will say more
            _known[key] = False
    return _known[key]


def _describe_call(operation: "keras.Operation", args: object, kwargs: object) -> str:
    """The call without the name of what is called: most layers of a large model are alike."""
    config = {key: value for key, value in operation.get_config().items() if key != "name"}
    specs = keras.tree.map_structure(
        lambda one: (one.shape, one.dtype) if isinstance(one, keras.KerasTensor) else repr(one), (args, kwargs)
    )
    return json.dumps([type(operation).__qualname__, config, specs], default=repr, sort_keys=True)


def _trace(operation: "keras.Operation", args: tuple[object, ...], kwargs: dict[str, object]) -> bool:
    kinds: set[str] = set()

    def call(*args: object, **kwargs: object) -> object:
        variables = getattr(operation, "variables", [])
        values = [(one, tf.compat.v1.placeholder(one.dtype, one.shape)) for one in variables]
        with keras.StatelessScope(state_mapping=values):
            result = operation(*args, **kwargs)
        kinds.update(one.type for one in tf.compat.v1.get_default_graph().get_operations())
        return result

    compute_output_spec(call, *args, **kwargs)
    return not kinds.isdisjoint(LOOPS)
