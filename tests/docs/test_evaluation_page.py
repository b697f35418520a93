"""What the page about evaluation shows with curl works, against a real server."""

import json

from tests.docs.shell_pages import run_commands


def test_every_command_of_the_page_about_evaluation_works(tmp_path):
    printed = run_commands("evaluation.md", tmp_path)
    evaluation = json.loads((tmp_path / "evaluation.json").read_text())
    assert (evaluation["samples"], len(evaluation["reports"][0]["classes"]["confusion"])) == (30, 3)
    assert '"kind":"session"' in printed
    assert '"version_id":null' in printed
