"""The commands of docs/data.md bring a file to a data set, as they stand."""

from pathlib import Path

from tests.docs.shell_pages import run_commands


def test_every_command_works(tmp_path: Path):
    printed = run_commands("data.md", tmp_path)
    assert '"samples":300' in printed
    assert '"state":"finished"' in printed
    assert '"name":"features"' in printed
