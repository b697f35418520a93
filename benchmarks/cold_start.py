"""Server cold start → first 200, and idle memory, beside a bare FastAPI."""

import sys
import tempfile
import time
from pathlib import Path

import httpx

from benchmarks.graphs import draw_digits_mlp
from benchmarks.measurement import Measurement
from benchmarks.serving import make_home, post_json, run_layerloom_in, run_server

STARTS = 6
RESTS = 2
SETTLE_S = 2.0
BARE_FASTAPI = """
import sys, uvicorn
from fastapi import FastAPI
app = FastAPI()
@app.get("/")
async def read_root() -> dict[str, str]:
    return {"status": "ok"}
uvicorn.run(app, port=int(sys.argv[1]), log_level="error")
"""


def measure() -> list[Measurement]:
    """Each start is a new process; the first one, which makes the database and compiles bytecode, is left out."""
    with make_home() as home:
        seconds = [start_layerloom(home) for _ in range(STARTS)]
        megabytes = [rest_layerloom(home) for _ in range(RESTS)]
    bare_seconds, bare_megabytes = zip(*(start_bare_fastapi() for _ in range(STARTS)), strict=True)
    return [
        Measurement("server cold start → first 200", "s", seconds[1:], 0.5),
        Measurement("… a bare FastAPI", "s", bare_seconds[1:]),
        Measurement("server idle memory (compiler process apart)", "MB", megabytes, 68),
        Measurement("… a bare FastAPI", "MB", bare_megabytes[1:]),
    ]


def start_layerloom(home: Path) -> float:
    """Seconds to the first 200."""
    with run_layerloom_in(home) as server:
        return server.seconds_to_answer


def rest_layerloom(home: Path) -> float:
    """Resident MB once the compiler process has answered and all is quiet."""
    with run_layerloom_in(home) as server:
        with httpx.Client(base_url=server.url, timeout=120) as client:
            post_json(client, "/api/check", draw_digits_mlp())
        time.sleep(SETTLE_S)
        return server.resident_megabytes()


def start_bare_fastapi() -> tuple[float, float]:
    with tempfile.TemporaryDirectory() as folder:

        def make_command(port: int) -> list[str]:
            return [sys.executable, "-c", BARE_FASTAPI, str(port)]

        with run_server(make_command, "/", Path(folder) / "log") as server:
            return server.seconds_to_answer, server.resident_megabytes()
