"""The commands of docs/data-steps.md try steps, and train on windows of a series, as they stand."""

from pathlib import Path

from tests.docs.shell_pages import run_commands


def test_every_command_works(tmp_path: Path):
    printed = run_commands("data-steps.md", tmp_path)
    assert '"function":"to_categorical"' in printed
    assert '"shape":[30,20,1]' in printed
    assert '"issues":[]' in printed
    assert '"val_mae":[' in printed
