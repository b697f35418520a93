"""Files of tables, written and refused."""

import pytest

from engine.data.library.array_folder import ArrayFolder
from engine.data.library.kinds import GivenFile
from engine.data.library.manifest import ArrayPlan, Definition
from engine.data.library.table.kind import KIND
from engine.errors import IssuesError


@pytest.fixture
def write(tmp_path):
    def write_file(content, name="table.csv"):
        path = tmp_path / "given"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return [GivenFile(name, path)]

    return write_file


@pytest.fixture
def refuse(tmp_path):
    """Prepares files, which must fail; answers the first issue."""

    def refuse_files(files, inputs=("a",), targets=("b",), **options):
        definition = Definition(
            kind="table",
            options=options,
            inputs=[ArrayPlan(name="features", fields=list(inputs))],
            targets=[ArrayPlan(name="target", fields=list(targets))],
        )
        with pytest.raises(IssuesError) as caught:
            KIND.prepare(files, definition, ArrayFolder(tmp_path / "set", ["features", "target"]), lambda _: None)
        assert caught.value.issues
        assert len(caught.value.message) < 1_000
        return caught.value.issues[0]

    return refuse_files
