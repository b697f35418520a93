"""Training from the page: curves that arrive live, a run that is stopped, runs that are still there afterwards."""

import os
import re
import signal
import sqlite3

import httpx
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.e2e.conftest import Server
from tests.e2e.editor import Editor, use_template

TRAINING_MS = 120_000
STEPS = re.compile(r"Curve of loss: ([\d,\u202f\u2009 ]+) steps")


def open_training(page: Page, editor: Editor, **settings: str) -> None:
    """Opens the train panel and types the given settings, by their labels."""
    page.get_by_role("toolbar", name="Model").get_by_role("button", name="Train").click()
    for setting, value in settings.items():
        label = setting.replace("_", " ").capitalize()
        field = page.get_by_role("region", name="Training").get_by_label(label, exact=True)
        field.fill(value)
        field.press("Tab")
    expect(editor.status).to_contain_text("No issues")


def press_train(page: Page) -> None:
    page.get_by_role("region", name="Training").get_by_role("button", name="Train").click()
    expect(page.get_by_role("region", name="Newest run")).to_be_visible()


def count_steps(page: Page) -> int:
    label = page.get_by_role("figure", name=re.compile("Curve of loss")).first.get_attribute("aria-label") or ""
    found = STEPS.search(label)
    return int(re.sub(r"\D", "", found.group(1))) if found else 0


def read_run(server: Server) -> dict[str, object]:
    """The newest run, as the API tells it."""
    run: dict[str, object] = httpx.get(f"{server.url}/api/runs").json()["items"][0]
    return run


def kill_worker(server: Server) -> None:
    """Ends the worker of the run that trains, as the system does when memory is short."""
    with sqlite3.connect(f"file:{server.home / 'layerloom.db'}?mode=ro", uri=True) as database:
        (pid,) = database.execute("SELECT attempt_pid FROM runs WHERE status = 'running'").fetchone()
    os.kill(pid, signal.SIGKILL)


def test_a_digits_classifier_learns_while_its_curve_grows_and_is_still_there_after_a_reload(
    page: Page, server: Server
) -> None:
    editor = use_template(page, "Digits MLP")
    expect(editor.edge_label("(None, 64)")).to_have_count(2)
    open_training(page, editor, epochs="200")
    press_train(page)
    seen = {0}
    strip = page.get_by_role("region", name="Newest run")
    finished = strip.get_by_text("finished", exact=True)
    expect(page.get_by_role("figure", name=re.compile("Curve of loss: [1-9]")).first).to_be_visible(timeout=30_000)
    while not finished.is_visible():
        seen.add(count_steps(page))
        page.wait_for_timeout(100)
    assert len(seen) > 5, f"the curve did not grow while the run trained: {sorted(seen)}"
    strip.get_by_role("link", name="Open the run").click()
    page.wait_for_url("**/runs/*")
    expect(page.get_by_role("figure", name=re.compile("Curve of accuracy"))).to_be_visible()
    total = count_steps(page)
    assert total == 200 * 45
    page.reload()
    expect(page.get_by_role("figure", name=re.compile("Curve of loss: [1-9]"))).to_be_visible()
    assert count_steps(page) == total
    history = httpx.get(f"{server.url}/api/runs/{read_run(server)['id']}/history").json()["history"]
    assert set(history) == {"loss", "accuracy", "val_loss", "val_accuracy"}
    assert max(history["val_accuracy"]) >= 0.95


def test_a_run_can_be_stopped_and_opened_again(page: Page, server: Server) -> None:
    editor = use_template(page, "Digits MLP")
    open_training(page, editor, epochs="5000")
    press_train(page)
    strip = page.get_by_role("region", name="Newest run")
    expect(page.get_by_role("figure", name=re.compile("Curve of loss: [1-9]")).first).to_be_visible(timeout=30_000)
    strip.get_by_role("button", name="Stop").click()
    page.get_by_role("dialog", name="Stop this run?").get_by_role("button", name="Stop run").click()
    expect(strip.get_by_text("stopped", exact=True)).to_be_visible(timeout=30_000)
    page.get_by_role("link", name="Runs").first.click()
    page.get_by_role("link", name="Digits MLP #1").click()
    expect(page.get_by_text("stopped", exact=True).first).to_be_visible()
    expect(page.get_by_role("figure", name=re.compile("Curve of loss: [1-9]"))).to_be_visible()
    checkpoints = httpx.get(f"{server.url}/api/runs/{read_run(server)['id']}/checkpoints").json()["items"]
    assert checkpoints, "a stopped run keeps a checkpoint"


def test_a_page_whose_connection_is_cut_misses_no_step(page: Page, server: Server) -> None:
    connections: list[WebSocketRoute] = []

    def pass_on(connection: WebSocketRoute) -> None:
        connections.append(connection)
        connection.connect_to_server()

    page.route_web_socket("**/api/stream", pass_on)
    editor = use_template(page, "Digits MLP")
    open_training(page, editor, epochs="40")
    press_train(page)
    expect(page.get_by_role("figure", name=re.compile("Curve of loss: [1-9]")).first).to_be_visible(timeout=30_000)
    connections[-1].close(code=1012, reason="cut by the test")
    strip = page.get_by_role("region", name="Newest run")
    expect(strip.get_by_text("finished", exact=True)).to_be_visible(timeout=TRAINING_MS)
    assert len(connections) > 1, "the page did not connect again"
    assert count_steps(page) == read_run(server)["step"] == 40 * 45


def test_a_server_that_is_killed_and_started_again_loses_no_step(
    page: Page, server: Server, page_problems: list[str]
) -> None:
    editor = use_template(page, "Digits MLP")
    open_training(page, editor, epochs="60")
    press_train(page)
    expect(page.get_by_role("figure", name=re.compile("Curve of loss: [1-9]")).first).to_be_visible(timeout=30_000)
    server.stop(signal.SIGKILL)
    server.start()
    strip = page.get_by_role("region", name="Newest run")
    expect(strip.get_by_text("finished", exact=True)).to_be_visible(timeout=TRAINING_MS)
    assert count_steps(page) == read_run(server)["step"] == 60 * 45
    page_problems[:] = [problem for problem in page_problems if "ERR_CONNECTION" not in problem]


def test_a_run_whose_workers_are_killed_again_and_again_has_failed_with_the_reason(page: Page, server: Server) -> None:
    editor = use_template(page, "Iris MLP")
    open_training(page, editor, epochs="100000")
    press_train(page)
    expect(page.get_by_role("figure", name=re.compile("Curve of loss: [1-9]")).first).to_be_visible(timeout=30_000)
    for attempt in range(1, 5):
        while (run := read_run(server))["attempts"] != attempt or run["status"] != "running":
            page.wait_for_timeout(100)
        kill_worker(server)
    strip = page.get_by_role("region", name="Newest run")
    expect(strip.get_by_text("failed", exact=True)).to_be_visible(timeout=30_000)
    expect(strip).to_contain_text("killed")
