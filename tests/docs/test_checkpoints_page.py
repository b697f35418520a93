"""What the page about checkpoints shows with curl works, against a real server."""

import keras

from tests.docs.shell_pages import run_commands


def test_every_command_of_the_page_about_checkpoints_works(tmp_path):
    printed = run_commands("checkpoints.md", tmp_path)
    assert '"message":"From run Iris #1, step 25"' in printed
    assert '"message":"Before going back to run Iris #1, step 25"' in printed
    assert '"is_whole":true,"can_resume":true' in printed
    assert '"kept":["hidden"],"new":[{"layer":"flower"' in printed
    assert '"unused":["species"]' in printed
    assert [layer.name for layer in keras.saving.load_model(tmp_path / "iris.keras").layers][-1] == "species"
