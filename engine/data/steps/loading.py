"""Data sets as a run's steps leave them."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache

from pydantic import JsonValue, TypeAdapter

from engine.data.datasets import Dataset, load_dataset
from engine.data.kept_arrays import tell_version
from engine.data.steps.apply import apply_steps, settle_steps
from engine.data.steps.settings import DataStep
from engine.data.test_parts import load_test_part

STEPS = TypeAdapter[list[DataStep]](list[DataStep])
Arguments = Mapping[str, JsonValue]


def load_stepped(name: str, arguments: Arguments, steps: Sequence[DataStep]) -> Dataset:
    """The data set with the steps applied. What was asked for last is kept in memory.

    Raises `EngineError` and `ConfigError` as `load_dataset` and `apply_steps` do.
    """
    if not steps:
        return load_dataset(name, arguments)
    return _load(name, _write(arguments), STEPS.dump_json(list(steps)), _tell_version(name))


def load_stepped_test(name: str, arguments: Arguments, steps: Sequence[DataStep]) -> Dataset | None:
    """The same of the test part, which gets as many classes as the training part; None where there is none."""
    if not steps:
        return load_test_part(load_dataset(name, arguments), arguments)
    return _load_test(name, _write(arguments), STEPS.dump_json(list(steps)), _tell_version(name))


@lru_cache(maxsize=2)
def _load(name: str, arguments: str, steps: bytes, version: str) -> Dataset:
    del version
    return apply_steps(load_dataset(name, json.loads(arguments)), STEPS.validate_json(steps))


@lru_cache(maxsize=1)
def _load_test(name: str, arguments: str, steps: bytes, version: str) -> Dataset | None:
    del version
    training = load_dataset(name, json.loads(arguments))
    test = load_test_part(training, json.loads(arguments))
    return None if test is None else apply_steps(test, settle_steps(training, STEPS.validate_json(steps)))


def _tell_version(name: str) -> str:
    """A data set of somebody's own may be deleted, and another one be given its name."""
    return repr(tell_version(name))


def _write(arguments: Arguments) -> str:
    return json.dumps(dict(arguments), sort_keys=True)
