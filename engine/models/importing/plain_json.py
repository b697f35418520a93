"""Keras's JSON brought into one form: without the markers of Keras 2, and within limits."""

import json

import orjson
from pydantic import JsonValue

from engine.errors import EngineError
from engine.models.limits import DEFAULT_LIMITS, Limits

LEGACY_TUPLES = ("__tuple__", "TensorShape")


def parse_json(text: bytes, limits: Limits = DEFAULT_LIMITS) -> JsonValue:
    """The value that the text says. Raises `EngineError` `invalid_model_file` or `too_large`."""
    if len(text) > limits.max_config_bytes:
        raise EngineError(
            "too_large",
            f"The model's config has {len(text):,} bytes; expected at most {limits.max_config_bytes:,}.",
        )
    try:
        value: JsonValue = orjson.loads(text)
    except orjson.JSONDecodeError:
        value = _parse_with_infinities(text)
    if isinstance(value, str) and value.lstrip().startswith("{"):
        return parse_json(value.encode("utf-8", "surrogatepass"), limits)
    return value


def _parse_with_infinities(text: bytes) -> JsonValue:
    """Keras writes NaN and infinities as Python does, which orjson refuses; no other config has them."""
    try:
        value: JsonValue = json.loads(text)
        # Numbers that no JSON has would be stored nowhere: as the words by which Keras reads them again.
        return _spell_infinities(value)
    except (ValueError, RecursionError) as error:
        raise EngineError(
            "invalid_model_file", f"The model's config is no JSON: {str(error)[:200]}.", "Save the model again."
        ) from error


def _spell_infinities(value: JsonValue) -> JsonValue:
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return str(value)
    if isinstance(value, list):
        return [_spell_infinities(one) for one in value]
    if isinstance(value, dict):
        return {key: _spell_infinities(one) for key, one in value.items()}
    return value


def simplify_markers(value: JsonValue, limits: Limits = DEFAULT_LIMITS, depth: int = 0) -> JsonValue:
    """The value with Keras 2's tuples and shapes as lists. Raises `EngineError` `too_large` where it is too deep."""
    if depth > limits.max_config_depth:
        raise EngineError(
            "too_large",
            f"The model's config is nested more than {limits.max_config_depth} deep;"
            f" expected at most {limits.max_config_depth}.",
        )
    if isinstance(value, list):
        return [simplify_markers(one, limits, depth + 1) for one in value]
    if not isinstance(value, dict):
        return value
    if value.get("class_name") in LEGACY_TUPLES and isinstance(value.get("items"), list):
        return simplify_markers(value["items"], limits, depth + 1)
    if value.get("class_name") == "__ellipsis__" and "config" not in value:
        return {"class_name": "__ellipsis__", "config": {}}
    return {key: simplify_markers(one, limits, depth + 1) for key, one in value.items()}
