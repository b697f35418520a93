"""What a worker prints is on disk from the first byte, and whatever was not reported can be told apart."""

import subprocess
import sys
from pathlib import Path

from server.jobs.output import read_unreported_output

ROOT = Path(__file__).parents[3]
START = """
import ctypes, faulthandler, os, sys, time
from pathlib import Path
from server.jobs.output import OutputCapture
directory = Path(sys.argv[1])
reported = (directory / "reported").open("a")
capture = OutputCapture(directory, lambda text: (reported.write(text + "|"), reported.flush()))
capture.start()
faulthandler.enable()
"""


def run(directory, code):
    command = [sys.executable, "-c", START + code, str(directory)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, timeout=60, check=False)


def test_everything_printed_is_kept_and_reported_in_order(tmp_path):
    done = run(
        tmp_path,
        """
print("from Python")
sys.stderr.write("from stderr\\n")
os.write(1, b"from native code\\n")
os.system("echo from a child")
os.write(2, b"no line end, not UTF-8: \\xff")
capture.drain()
""",
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    lines = ["from Python", "from stderr", "from native code", "from a child", "no line end, not UTF-8: \ufffd"]
    assert (tmp_path / "reported").read_text().replace("|", "\n").splitlines() == lines
    assert (tmp_path / "worker.log").read_text(errors="replace").splitlines() == lines
    assert read_unreported_output(tmp_path) == ""


def test_the_last_words_of_a_crash_are_there_though_nobody_reported_them(tmp_path):
    done = run(
        tmp_path,
        """
print("all is well")
while not (directory / "reported").read_text():
    time.sleep(0.01)
os.write(2, b"native code says: no\\n")
ctypes.string_at(0)
""",
    )
    assert done.returncode < 0
    assert (tmp_path / "reported").read_text() == "all is well|"
    words = read_unreported_output(tmp_path)
    assert words.startswith("native code says: no")
    assert "Segmentation fault" in words


def test_where_nothing_was_printed_there_is_nothing_to_read(tmp_path):
    assert read_unreported_output(tmp_path) == ""
