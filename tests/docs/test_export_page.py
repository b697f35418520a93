"""The page on export: its commands run against a real server, and it names every format there is."""

from pathlib import Path

import pytest

from engine.models.formats import FORMATS
from tests.docs.shell_pages import DOCS, run_commands

PAGE = (DOCS / "export.md").read_text()


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exported")
    run_commands("export.md", folder)
    return folder


def test_every_command_of_the_page_writes_its_file(written: Path):
    starts = {
        "digits.py": b'"""', "digits.savedmodel.zip": b"PK", "digits.svg": b"<?xml", "digits.png": b"\x89PNG",
    }  # fmt: skip
    for name, start in starts.items():
        assert (written / name).read_bytes().startswith(start), name
    assert (written / "digits.tflite").read_bytes()[4:8] == b"TFL3"
    assert (written / "digits.onnx").stat().st_size > 1000


def test_the_page_names_every_format():
    assert [name for name in FORMATS if f"`{name}`" not in PAGE] == []
