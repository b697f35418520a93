"""The test parts that `keras.datasets` keeps apart: never trained on, there to be validated and evaluated on."""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from pydantic import JsonValue

from engine.data.datasets import SOURCES, Dataset, find_source
from engine.data.kept_arrays import keep_own
from engine.data.library.library import list_names
from engine.data.source import Arrays


def list_with_test_part() -> list[str]:
    """The names of the data sets that have one."""
    return [name for name in [*list_names(), *SOURCES] if find_source(name).load_test is not None]


def load_test_part(dataset: Dataset, arguments: Mapping[str, JsonValue]) -> Dataset | None:
    """The test part in the form of the data set, which was loaded with these arguments; None where it has none.

    Texts are cut and padded to the length of those in the data set, so that the same model takes them. The last ones
    are kept in memory.
    """
    if dataset.name in SOURCES:
        arrays = _read_test_part(dataset.name, json.dumps(dict(arguments), sort_keys=True))
    else:
        source = find_source(dataset.name)
        source.check_arguments(arguments)
        arrays = keep_own(dataset.name, "test", lambda: source.read_test({}))
    if arrays is None or not all(len(array) for array in arrays.targets.values()):
        return None
    return replace(dataset, inputs=arrays.inputs, targets=arrays.targets)


@lru_cache(maxsize=1)
def _read_test_part(name: str, arguments: str) -> Arrays | None:
    arrays = find_source(name).read_test(json.loads(arguments))
    if arrays is not None:
        for array in (*arrays.inputs.values(), *arrays.targets.values()):
            # It is kept and handed out again, so nobody may change it.
            array.setflags(write=False)
    return arrays
