"""However a server is asked to end, and in the midst of whatever: no process of its session is left."""

import os
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.server.live_server import LiveServer, wait_until_gone


def list_session(leader: int) -> list[psutil.Process]:
    """All processes that a server brought into being, also those whose parents are gone."""
    found = []
    for process in psutil.process_iter():
        try:
            if os.getsid(process.pid) == leader:
                found.append(process)
        except (ProcessLookupError, PermissionError):
            continue
    return found


@pytest.mark.parametrize("how", [LiveServer.terminate, LiveServer.interrupt])
def test_a_server_that_is_told_to_end_while_it_starts_its_processes_leaves_none(
    tmp_path: Path, how: Callable[[LiveServer], None]
):
    server = LiveServer(tmp_path)
    try:
        server.start()
        (leader,) = (process.pid for process in psutil.process_iter() if _serves(process, tmp_path))
        how(server)
        assert wait_until_gone(list_session(leader)) == []
    finally:
        server.close()


def _serves(process: psutil.Process, home: Path) -> bool:
    try:
        return str(home) in process.cmdline() and os.getsid(process.pid) == process.pid
    except (psutil.Error, ProcessLookupError):
        return False
