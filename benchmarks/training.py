"""Train pressed → first step, and step → browser: real runs, a real WebSocket, a real Chromium."""

import json
import shutil
import time
from datetime import datetime

import httpx
from playwright.sync_api import Page, sync_playwright
from websockets.sync.client import connect

from benchmarks.graphs import Json, draw_digits_mlp
from benchmarks.measurement import Measurement
from benchmarks.serving import ServerProcess, post_json, run_layerloom

LAUNCHES = 7
WATCHED_S = 10.0
RUN_LIMIT_S = 60.0
FINAL_STATUSES = {"finished", "failed", "stopped"}
BROWSER_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]

# A step is visible once the frame after its message is painted, which is when the second animation frame begins.
KEEP_ARRIVALS = """
window.arrivals = [];
const Original = window.WebSocket;
window.WebSocket = class extends Original {
  constructor(...parameters) {
    super(...parameters);
    this.addEventListener("message", ({ data }) => {
      const notification = JSON.parse(data);
      if (notification.type !== "events") return;
      const times = notification.events.filter((event) => event.type === "steps").map((event) => event.time);
      const arrived = Date.now();
      requestAnimationFrame(() => requestAnimationFrame(() => {
        for (const time of times) window.arrivals.push([time, arrived, Date.now()]);
      }));
    });
  }
};
"""


def measure() -> list[Measurement]:
    with run_layerloom() as server, httpx.Client(base_url=server.url, timeout=60) as client:
        model = post_json(client, "/api/models", {"name": "Benchmark", "graph": draw_digits_mlp()})
        model_id = str(model["id"])
        launches = [launch(server, client, model_id) for _ in range(LAUNCHES)]
        arrived, painted = watch_in_browser(server, client, model_id)
    return [
        # The first launch warms the machine's caches up.
        Measurement("Train pressed → first step (warm)", "s", launches[1:], 1.5),
        Measurement("step finished → message in the browser", "ms", arrived),
        Measurement("step finished → painted in the browser", "ms", painted, 200, judged_by="p95"),
    ]


def describe_run(model_id: str, epochs: int) -> Json:
    """A run on scikit-learn's handwritten digits."""
    compile_settings = {"optimizer": "adam", "loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]}
    config = {
        "compile": compile_settings,
        "fit": {"epochs": epochs, "batch_size": 32, "validation_split": 0.2},
        "data": {"dataset": "digits"},
    }
    return {"model_id": model_id, "config": config}


def launch(server: ServerProcess, client: httpx.Client, model_id: str) -> float:
    """Seconds from the request to the first step's message. Waits for the run's end before it returns."""
    began = time.perf_counter()
    run_id = str(post_json(client, "/api/runs", describe_run(model_id, epochs=3))["id"])
    with connect(server.websocket_url, max_size=None) as socket:
        socket.send(json.dumps({"type": "subscribe", "run_id": run_id}))
        first_step: float | None = None
        while True:
            notification = json.loads(socket.recv(timeout=RUN_LIMIT_S))
            for event in notification.get("events", []):
                if event["type"] == "steps" and first_step is None:
                    first_step = time.perf_counter() - began
                if event["type"] == "status" and event["status"] in FINAL_STATUSES:
                    if first_step is None or event["status"] != "finished":
                        raise ValueError(f"The benchmark's run did not train: {event}")
                    return first_step


def watch_in_browser(server: ServerProcess, client: httpx.Client, model_id: str) -> tuple[list[float], list[float]]:
    """Milliseconds from each steps event's own time to its message, and to the frame that shows it."""
    with sync_playwright() as driver:
        executable = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = driver.chromium.launch(executable_path=executable, args=BROWSER_FLAGS)
        # The page forbids evaluating text, which is how the browser is asked here.
        page = browser.new_page(bypass_csp=True)
        page.add_init_script(KEEP_ARRIVALS)
        run_id = str(post_json(client, "/api/runs", describe_run(model_id, epochs=1_000_000))["id"])
        page.goto(f"{server.url}/runs/{run_id}")
        page.wait_for_function("window.arrivals.length > 0", timeout=RUN_LIMIT_S * 1000)
        # What was stored before the page was open is history, not delay.
        page.evaluate("window.arrivals = []")
        page.wait_for_timeout(WATCHED_S * 1000)
        times = read_delays(page)
        client.post(f"/api/runs/{run_id}/stop").raise_for_status()
        browser.close()
    if not times:
        raise ValueError("The browser saw no step: the run's page did not follow the run.")
    arrived, painted = zip(*times, strict=True)
    return list(arrived), list(painted)


def read_delays(page: Page) -> list[tuple[float, float]]:
    """(to the message, to the paint) in milliseconds, by the one clock of this machine."""
    delays = []
    for finished, arrived, painted in page.evaluate("window.arrivals"):
        finished_ms = datetime.fromisoformat(finished).timestamp() * 1000
        delays.append((arrived - finished_ms, painted - finished_ms))
    return delays
