"""What the page about weights shows with curl works, against a real server."""

import numpy as np

from tests.docs.shell_pages import run_commands


def test_every_command_of_the_page_about_weights_works(tmp_path):
    printed = run_commands("weights.md", tmp_path)
    assert '"kind":"stored"' in printed
    assert '"path":"hidden/kernel"' in printed
    with np.load(tmp_path / "iris.npz") as weights:
        assert weights.files == ["hidden/0", "hidden/1", "species/0", "species/1"]
