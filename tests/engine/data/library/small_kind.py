"""A kind of data for tests: files of numbers, one byte each, whose last bit is the label."""

from collections.abc import Sequence

import numpy as np

from engine.data.library.array_folder import ArrayFolder
from engine.data.library.kinds import GivenFile, Prepared, Progress
from engine.data.library.manifest import (
    ArrayPlan,
    Definition,
    FieldSummary,
    Inspection,
    Kind,
    PreparedArray,
)
from engine.errors import IssuesError
from engine.graph.issues import Issue

FIELDS = [
    FieldSummary(name="value", kind="number", dtype="uint8"),
    FieldSummary(name="odd", kind="category", dtype="uint8"),
]


class SmallKind:
    """Refuses the number 255, by its place."""

    name: Kind = "table"

    def takes(self, files: Sequence[GivenFile]) -> bool:
        return files[0].path.read_bytes()[:1] != b"?"

    def inspect(self, files: Sequence[GivenFile], definition: Definition | None) -> Inspection:
        given = definition or Definition(kind="table")
        settled = given.model_copy(
            update={
                "inputs": given.inputs or [ArrayPlan(name="value", fields=["value"])],
                "targets": given.targets or [ArrayPlan(name="odd", fields=["odd"])],
            }
        )
        return Inspection(definition=settled, choices={}, samples=None, fields=FIELDS, rows=[])

    def prepare(
        self, files: Sequence[GivenFile], definition: Definition, arrays: ArrayFolder, progress: Progress
    ) -> Prepared:
        numbers = np.frombuffer(files[0].path.read_bytes(), "uint8")
        if (wrong := np.flatnonzero(numbers == 255)).size:
            message = f"{files[0].name}, row {wrong[0] + 1}: expected a number below 255; received 255."
            raise IssuesError("bad_value", message, issues=[Issue(code="bad_value", message=message)])
        with arrays.grow("value", [1], "float32") as values, arrays.grow("odd", [], "int32") as odd:
            for number in numbers:
                values.append(np.array([[number]], "float32"))
                odd.append(np.array([number % 2], "int32"))
                progress(odd.samples / len(numbers))
        return Prepared(
            task="binary_classification",
            samples=len(numbers),
            fields=FIELDS,
            inputs=[PreparedArray(name="value", shape=[1], dtype="float32")],
            targets=[PreparedArray(name="odd", shape=[], dtype="int32", classes=2, class_names=["even", "odd"])],
        )
