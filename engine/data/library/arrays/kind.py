"""The kind `arrays`: npy, npz and HDF5 files, whose arrays become inputs and targets."""

from collections.abc import Sequence

from engine.data.library.array_folder import ArrayFolder
from engine.data.library.arrays import opening
from engine.data.library.arrays.looking import list_rows, look_at, settle
from engine.data.library.arrays.options import ArrayOptions
from engine.data.library.arrays.plan import make_plan
from engine.data.library.arrays.preparing import Preparation
from engine.data.library.kinds import DataKind, GivenFile, Prepared, Progress
from engine.data.library.manifest import Definition, Inspection, Kind
from engine.errors import IssuesError

MAX_SUMMARIES = 1_000


class ArraysKind:
    """See `DataKind`. No two files have one name; samples lie along axis 0 of every array."""

    name: Kind = "arrays"

    def takes(self, files: Sequence[GivenFile]) -> bool:
        """Whether all are npy, npz or HDF5, in any mixture."""
        return opening.takes(files)

    def inspect(self, files: Sequence[GivenFile], definition: Definition | None) -> Inspection:
        """The arrays of all files as fields, with those that cannot be used among the issues."""
        with opening.open_files(files) as opened:
            look = look_at(opened)
            settled, options = settle(opened, look, definition)
            issues = [*look.issues, *opened.list_notes()]
            samples = None
            try:
                samples = make_plan(opened, settled, options).training.samples
            except IssuesError as error:
                issues = [*error.issues, *issues]
            return Inspection(
                definition=settled,
                choices=ArrayOptions.model_json_schema(),
                samples=samples,
                fields=look.summaries[:MAX_SUMMARIES],
                rows=list_rows(look, samples, options),
                issues=issues,
            )

    def prepare(
        self, files: Sequence[GivenFile], definition: Definition, arrays: ArrayFolder, progress: Progress
    ) -> Prepared:
        """Reads all samples twice, in blocks of some megabytes, and writes them once."""
        with opening.open_files(files) as opened:
            settled, options = settle(opened, look_at(opened), definition)
            return Preparation(make_plan(opened, settled, options), arrays, progress).run()


KIND: DataKind = ArraysKind()
