"""No child process outlives the server that needs it, whatever it is doing when the server is killed."""

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.server.live_server import wait_until_gone

SERVER = """
import multiprocessing, sys
from tests.server.jobs.test_orphans import {work}

if __name__ == "__main__":
    context = multiprocessing.get_context("{method}")
    ours, theirs = context.Pipe()
    child = context.Process(target={work}, args=(theirs,), daemon=True)
    child.start()
    theirs.close()
    assert ours.recv() == "busy"
    print(child.pid, flush=True)
    sys.stdin.read()
"""


def hold_the_interpreter(pipe) -> None:
    """Native code that lets no other thread of Python run, for much longer than the test: a search that goes back."""
    import re

    from server.jobs.orphans import end_with_parent

    end_with_parent()
    pipe.send("busy")
    re.match(r"(a+)+b", "a" * 60)


def wait_for_ever(pipe) -> None:
    from server.jobs.orphans import end_with_parent

    end_with_parent()
    pipe.send("busy")
    pipe.poll(None)


@pytest.mark.parametrize("method", ["forkserver", "spawn"])
@pytest.mark.parametrize("work", [hold_the_interpreter, wait_for_ever])
def test_a_child_ends_when_its_server_is_killed(tmp_path: Path, method: str, work):
    script = tmp_path / "parent.py"
    script.write_text(SERVER.format(work=work.__name__, method=method))
    environment = os.environ | {"PYTHONPATH": os.getcwd()}
    with subprocess.Popen(
        [sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    ) as server:
        assert server.stdout is not None
        child = psutil.Process(int(server.stdout.readline()))
        assert child.is_running()
        server.kill()
    assert wait_until_gone([child]) == []


def test_a_process_without_a_parent_goes_on():
    code = "from server.jobs.orphans import end_with_parent; end_with_parent(); print('on')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "on\n"
