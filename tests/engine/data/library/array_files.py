"""Files of arrays for the tests, and what the kind `arrays` makes of them."""

from collections.abc import Mapping
from pathlib import Path

import h5py
import numpy as np
import pytest
from pydantic import JsonValue

from engine.data.library.array_folder import TEST, TRAINING, Array, ArrayFolder
from engine.data.library.arrays.kind import KIND
from engine.data.library.kinds import GivenFile, Prepared
from engine.data.library.manifest import ArrayPlan, Definition, Inspection
from engine.errors import IssuesError
from engine.graph.issues import Issue

X = np.arange(60, dtype="float32").reshape(20, 3)
Y = np.arange(20, dtype="int64") % 4


def give(*paths: Path) -> list[GivenFile]:
    return [GivenFile(path.name, path) for path in paths]


def write_npz(path: Path, **arrays: Array) -> Path:
    np.savez(path, allow_pickle=True, **arrays)
    return path


def write_hdf5(path: Path, **arrays: Array) -> Path:
    with h5py.File(path, "w") as file:
        for name, array in arrays.items():
            file[name] = array
    return path


def define(inputs: str = "x", targets: str = "y", **options: JsonValue) -> Definition:
    """Fields apart by commas, an array of each."""
    return Definition(
        kind="arrays",
        options=options,
        inputs=[ArrayPlan(name=f"input_{n}", fields=[one]) for n, one in enumerate(inputs.split(","))],
        targets=[ArrayPlan(name=f"target_{n}", fields=[one]) for n, one in enumerate(targets.split(","))],
    )


def inspect(*paths: Path, definition: Definition | None = None) -> Inspection:
    files = give(*paths)
    assert KIND.takes(files)
    found = KIND.inspect(files, definition)
    # It travels as JSON, and comes back as it was.
    assert Inspection.model_validate_json(found.model_dump_json()) == found
    return found


def prepare(folder: Path, *paths: Path, definition: Definition | None = None) -> tuple[Prepared, Mapping[str, Array]]:
    """The training arrays, and with `test/` before their names those for the test."""
    files = give(*paths)
    definition = definition or KIND.inspect(files, None).definition
    arrays = ArrayFolder(folder, definition.array_names)
    told: list[float] = []
    prepared = KIND.prepare(files, definition, arrays, told.append)
    assert told == sorted(told)
    assert told[-1] == 1
    found = dict(arrays.map(TRAINING))
    if prepared.test_samples:
        found |= {f"test/{name}": array for name, array in arrays.map(TEST).items()}
    for one in [*prepared.inputs, *prepared.targets]:
        expected = ((prepared.samples, *one.shape), one.dtype)
        assert (found[one.name].shape, str(found[one.name].dtype)) == expected
    return prepared, found


def refuse(folder: Path, *paths: Path, definition: Definition | None = None) -> Issue:
    """The first issue of what is refused, by looking or by preparing."""
    try:
        found = inspect(*paths, definition=definition)
    except IssuesError as error:
        return error.issues[0]
    errors = [one for one in found.issues if one.severity == "error"]
    if errors:
        return errors[0]
    with pytest.raises(IssuesError) as caught:
        prepare(folder, *paths, definition=found.definition)
    return caught.value.issues[0]


def find_warnings(found: Inspection, code: str) -> list[str]:
    return [one.message for one in found.issues if one.code == code]
