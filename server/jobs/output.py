"""What a worker prints: kept in a file from the first byte, so that a crash cannot take it along, and reported."""

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

LOG_NAME = "worker.log"
REPORTED_NAME = "worker.log.reported"
POLL_SECONDS = 0.2
CHUNK_BYTES = 64 * 1024


class OutputCapture:
    """Sends this process's stdout and stderr, that of native code too, into `worker.log` in `directory`.

    A thread looks at the file a few times a second and hands new lines to `report`. How far it came is kept beside the
    log, so that whoever finds the worker dead can tell what was never reported (`read_unreported_output`).
    """

    def __init__(self, directory: Path, report: Callable[[str], None]):
        self._report = report
        self._file = os.open(directory / LOG_NAME, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        self._mark = os.open(directory / REPORTED_NAME, os.O_RDWR | os.O_CREAT, 0o600)
        self._offset = 0
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._poll, name="output-capture", daemon=True)

    def start(self) -> None:
        """Takes over file descriptors 1 and 2, for the rest of the process's life."""
        for stream, descriptor in ((sys.stdout, 1), (sys.stderr, 2)):
            stream.flush()
            os.dup2(self._file, descriptor)
            reconfigure = getattr(stream, "reconfigure", None)
            if reconfigure is not None:
                reconfigure(line_buffering=True)
        self._thread.start()

    def drain(self) -> None:
        """Reports everything that was printed so far, an unfinished line too, and ends the thread."""
        self._ended.set()
        self._thread.join()
        sys.stdout.flush()
        sys.stderr.flush()
        self._report_new(whole_lines=False)

    def _poll(self) -> None:
        while not self._ended.wait(POLL_SECONDS):
            self._report_new(whole_lines=True)

    def _report_new(self, *, whole_lines: bool) -> None:
        with self._lock:
            while chunk := os.pread(self._file, CHUNK_BYTES, self._offset):
                end = chunk.rfind(b"\n") + 1
                if end == 0 and (whole_lines and len(chunk) < CHUNK_BYTES):
                    return
                passed = chunk[: end or len(chunk)]
                self._offset += len(passed)
                self._report(passed.decode(errors="replace").rstrip("\n"))
                os.pwrite(self._mark, b"%020d" % self._offset, 0)


def read_unreported_output(directory: Path, limit: int = CHUNK_BYTES) -> str:
    """The end of what a worker printed and never reported, `limit` bytes at most: the last words of one that died."""
    log, mark = directory / LOG_NAME, directory / REPORTED_NAME
    if not log.exists():
        return ""
    reported = int(mark.read_bytes() or b"0") if mark.exists() else 0
    with log.open("rb") as file:
        file.seek(max(reported, log.stat().st_size - limit))
        return file.read().decode(errors="replace").strip("\n")
