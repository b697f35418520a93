"""The canvas in a real browser: how long a graph of 1,000 nodes takes to open, and how smoothly it moves."""

import itertools
import shutil
import statistics
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.graphs import Json, draw_chain
from benchmarks.measurement import Measurement
from benchmarks.serving import post_json, run_layerloom

NODES = 1000
OPENINGS = 4
MOVES = 3
STEPS = 60
COLUMN = 40
BROWSER_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")
OPEN_BUDGET_S = 1.5
FRAME_BUDGET_MS = 1000 / 60 * 1.1
"""Sixty frames a second, with a tenth for the clock of a browser without a screen."""

DRAWN = ".react-flow__node, canvas[aria-label*='nodes']"
TRANSFORM = "() => document.querySelector('.react-flow__viewport').style.transform"
AFTER_PAINT = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now()))))"
COUNT_FRAMES = """() => {
  window.frames_seen = [];
  const note = (time) => { window.frames_seen.push(time); window.counting = requestAnimationFrame(note); };
  window.counting = requestAnimationFrame(note);
}"""
STOP_COUNTING = "() => { cancelAnimationFrame(window.counting); return window.frames_seen; }"


def measure() -> list[Measurement]:
    with run_layerloom() as server, httpx.Client(base_url=server.url, timeout=120) as client, open_browser() as browser:
        laid_out = create_model(client, lay_out(NODES))
        bare = create_model(client, {"positions": {}})
        openings = [time_opening(browser, server.url, laid_out) for _ in range(OPENINGS)]
        first_openings = [time_opening(browser, server.url, bare) for _ in range(OPENINGS)]
        moves = measure_moves(browser, f"{server.url}/models/{laid_out}")
    return [
        Measurement(f"{NODES} nodes open", "s", openings, OPEN_BUDGET_S),
        Measurement(f"{NODES} nodes open, laid out first", "s", first_openings),
        *(
            Measurement(f"frame, {name} {NODES} nodes", "ms", samples, FRAME_BUDGET_MS)
            for name, samples in moves.items()
        ),
    ]


@contextmanager
def open_browser() -> Iterator[Browser]:
    """The distribution's Chromium where there is one, otherwise Playwright's own."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=list(BROWSER_FLAGS))
        yield browser
        browser.close()


def create_model(client: httpx.Client, layout: Json) -> str:
    graph = draw_chain(NODES, "relu")
    answer = client.post("/api/models", json={"name": "Large", "graph": graph, "layout": layout}).json()
    post_json(client, "/api/check", graph)
    return str(answer["id"])


def lay_out(count: int) -> Json:
    """Columns of a chain, from left to right."""
    names = ["inputlayer_0", *(f"dense_{index}" for index in range(1, count))]
    places = {name: {"x": 280 * (i // COLUMN), "y": 144 * (i % COLUMN)} for i, name in enumerate(names)}
    return {"positions": places}


def time_opening(browser: Browser, url: str, model_id: str) -> float:
    """Seconds from asking for the editor's address, with an empty cache, to the first picture of the graph."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{url}/models/{model_id}", wait_until="commit")
    page.wait_for_selector(DRAWN)
    drawn = page.evaluate(
        "() => new Promise((r) => requestAnimationFrame(() => setTimeout(() => r(performance.now()))))"
    )
    page.close()
    return float(drawn) / 1000


def measure_moves(browser: Browser, address: str) -> dict[str, list[float]]:
    """Milliseconds per frame, as medians of whole movements: all in view, and near enough to read."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(address)
    page.wait_for_selector(DRAWN)
    page.get_by_text("parameters").first.wait_for()
    samples = {"panning all of": [time_drag(page) for _ in range(MOVES)]}
    samples["zooming"] = [time_zoom(page, direction) for direction in (-1, 1) * MOVES]
    for _ in range(14):
        zoom(page, -1)
    page.wait_for_timeout(500)
    samples["panning a part of"] = [time_drag(page) for _ in range(MOVES)]
    page.close()
    return samples


def time_drag(page: Page) -> float:
    """One drag of the empty canvas there and back. Raises `AssertionError` where the view does not follow."""
    before = page.evaluate(TRANSFORM)
    page.evaluate(COUNT_FRAMES)
    page.mouse.move(330, 130)
    page.mouse.down()
    page.mouse.move(700, 330, steps=STEPS)
    moved = page.evaluate(TRANSFORM)
    page.mouse.move(340, 140, steps=STEPS)
    page.mouse.up()
    assert moved != before, "the view did not follow the mouse"
    return frame_time(page.evaluate(STOP_COUNTING))


def time_zoom(page: Page, direction: int) -> float:
    before = page.evaluate(TRANSFORM)
    page.evaluate(COUNT_FRAMES)
    for _ in range(STEPS // 4):
        zoom(page, direction, 30)
    assert page.evaluate(TRANSFORM) != before, "the view did not follow the wheel"
    return frame_time(page.evaluate(STOP_COUNTING))


def zoom(page: Page, direction: int, distance: float = 60) -> None:
    page.mouse.move(620, 460)
    page.mouse.wheel(0, direction * distance)


def frame_time(times: list[float]) -> float:
    """Mean milliseconds between frames: a single long one counts as it is felt."""
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    return statistics.fmean(gaps)
