"""The calls of a layer as a config has them, of Keras 3 (`args`, `kwargs`) or of Keras 2 (nested lists)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from pydantic import JsonValue

from engine.errors import EngineError
from engine.graph.document import Edge, Node

LEGACY_CONSTANT = "_CONSTANT_VALUE"
LONGEST_PATH = 8


@dataclass(frozen=True)
class TensorMark:
    """Output `tensor` of call `node` of the layer of that name."""

    layer: str
    node: int
    tensor: int


Value = object
"""Plain JSON with `TensorMark`s in it."""

Path = tuple[int | str, ...]


@dataclass
class LayerCall:
    """One call: positional and keyword arguments. `legacy`: as Keras 2 counts the calls of nested models."""

    args: list[Value] = field(default_factory=list)
    kwargs: dict[str, Value] = field(default_factory=dict)
    legacy: bool = False

    def list_marks(self) -> Iterator[TensorMark]:
        """All tensors of the call."""
        for value in (*self.args, *self.kwargs.values()):
            for _, mark in find_marks(value):
                yield mark


def read_calls(data: JsonValue) -> list[LayerCall]:
    """The calls in a layer's `inbound_nodes`. Raises `EngineError` `invalid_model_file`."""
    if not isinstance(data, list):
        raise bad_config(f"a layer's inbound_nodes are {type(data).__name__}, expected a list")
    return [read_call(one) for one in data if one not in ([], None)]


def read_call(data: JsonValue) -> LayerCall:
    """One call, of either format. Raises `EngineError` `invalid_model_file`."""
    if isinstance(data, dict) and isinstance(data.get("args"), list) and isinstance(data.get("kwargs"), dict):
        args, kwargs = data["args"], data["kwargs"]
        return LayerCall(
            [_read_value(one) for one in args] if isinstance(args, list) else [],
            {key: _read_value(one) for key, one in kwargs.items()} if isinstance(kwargs, dict) else {},
        )
    return _read_legacy_call(data)


def _read_value(value: JsonValue) -> Value:
    if isinstance(value, list):
        return [_read_value(one) for one in value]
    if not isinstance(value, dict):
        return value
    if value.get("class_name") == "__keras_tensor__":
        config = value.get("config")
        history = config.get("keras_history") if isinstance(config, dict) else None
        if (mark := read_reference(history)) is None:
            raise bad_config("a tensor of a call does not say where it comes from")
        return mark
    return {key: _read_value(one) for key, one in value.items()}


def read_reference(value: JsonValue) -> TensorMark | None:
    """The tensor that `[layer, node, tensor]` names (the keyword arguments of Keras 2 may follow); None for others."""
    if (
        isinstance(value, list)
        and len(value) in (3, 4)
        and isinstance(value[0], str)
        and all(isinstance(one, int) and not isinstance(one, bool) for one in value[1:3])
    ):
        return TensorMark(value[0], int(str(value[1])), int(str(value[2])))
    return None


def _read_legacy_call(data: JsonValue) -> LayerCall:
    """The inputs are `[layer, node, tensor]` in any structure; keyword arguments follow in each as a fourth item."""
    kwargs = {key: _read_legacy_value(one) for keywords in _find_keywords(data) for key, one in keywords.items()}
    inputs = _read_legacy_value(data)
    if isinstance(inputs, list) and len(inputs) == 1:
        inputs = inputs[0]
    return LayerCall([inputs], kwargs, legacy=True)


def _find_keywords(data: JsonValue) -> Iterator[dict[str, JsonValue]]:
    if isinstance(data, list) and len(data) == 4 and isinstance(data[0], str) and isinstance(data[3], dict):
        yield data[3]
    elif isinstance(data, list | dict):
        for one in data.values() if isinstance(data, dict) else data:
            yield from _find_keywords(one)


def _read_legacy_value(value: JsonValue) -> Value:
    if isinstance(value, list) and len(value) in (3, 4) and value[0] == LEGACY_CONSTANT:
        return value[2]
    if (mark := read_reference(value)) is not None:
        return mark
    if isinstance(value, list):
        return [_read_legacy_value(one) for one in value]
    return {key: _read_legacy_value(one) for key, one in value.items()} if isinstance(value, dict) else value


def find_marks(value: Value, path: Path = ()) -> Iterator[tuple[Path, TensorMark]]:
    """Every tensor in a value, with the path to it."""
    if isinstance(value, TensorMark):
        yield path, value
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from find_marks(one, (*path, index))
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from find_marks(one, (*path, key))


def place_call(
    call: LayerCall, node: Node, find_source: Callable[[TensorMark], tuple[str, int] | None], make_id: Callable[[], str]
) -> list[Edge]:
    """The edges of the call; its constants go into the node. `find_source` has the node and output of a tensor.

    Raises `EngineError` `invalid_model_file`.
    """
    edges: list[Edge] = []
    for argument, value in (*enumerate(call.args), *call.kwargs.items()):
        marks = list(find_marks(value))
        if not marks or has_constants(value):
            node.arguments[str(argument)] = _blank_marks(value)
        for path, mark in marks:
            if len(path) > LONGEST_PATH:
                raise bad_config(f"a tensor stands {len(path)} deep in a call, expected at most {LONGEST_PATH}")
            if (source := find_source(mark)) is not None:
                edges.append(
                    Edge(
                        id=make_id(),
                        source=source[0],
                        output=source[1],
                        target=node.id,
                        argument=argument,
                        path=list(path),
                    )
                )
    return edges


def has_constants(value: Value) -> bool:
    """Whether anything in the value is not a tensor."""
    if isinstance(value, TensorMark):
        return False
    if isinstance(value, list):
        return not value or any(has_constants(one) for one in value)
    if isinstance(value, dict):
        return not value or any(has_constants(one) for one in value.values())
    return True


def _blank_marks(value: Value) -> JsonValue:
    """The value with null where edges bring tensors."""
    if isinstance(value, list):
        return [_blank_marks(one) for one in value]
    if isinstance(value, dict):
        return {str(key): _blank_marks(one) for key, one in value.items()}
    if value is None or isinstance(value, str | int | float):
        return value
    return None


def bad_config(what: str) -> EngineError:
    """The error for JSON that is no config of a Keras model."""
    return EngineError(
        "invalid_model_file",
        f"This is no model that Keras has saved: {what}.",
        "Take what model.to_json() or model.save() writes.",
    )
