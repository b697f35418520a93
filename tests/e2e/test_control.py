"""Controlling a run from its page: pause, another learning rate, resume, stop, and what is told of it afterwards."""

import re

import httpx
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Server
from tests.e2e.editor import use_template
from tests.e2e.test_training import count_steps, open_training, press_train, read_run

FIRST_STEP_MS = 60_000
STEPS_ON_THE_CURVE = re.compile(r"Curve of loss: [1-9]")


def open_long_run(page: Page) -> Locator:
    """Trains the digits for so many epochs that it does not end by itself, on the run's page; answers its controls."""
    editor = use_template(page, "Digits MLP")
    expect(editor.status).to_contain_text("No issues", timeout=FIRST_STEP_MS)
    open_training(page, editor, epochs="100000")
    press_train(page)
    page.get_by_role("region", name="Newest run").get_by_role("link", name="Open the run").click()
    page.wait_for_url("**/runs/*")
    expect(page.get_by_role("figure", name=STEPS_ON_THE_CURVE).first).to_be_visible(timeout=FIRST_STEP_MS)
    return page.get_by_role("region", name="Control")


def wait_for_steps_after(page: Page, steps: int) -> None:
    """Until the curve has more than so many steps."""
    page.wait_for_function(
        "steps => Number((document.querySelector('figure').ariaLabel.match(/loss: ([\\d,]+)/)?.[1] ?? '0')"
        ".replaceAll(',', '')) > steps",
        arg=steps,
        timeout=FIRST_STEP_MS,
    )


def read_marks(server: Server) -> list[tuple[str, str]]:
    """What happened to the newest run, and who did it."""
    address = f"{server.url}/api/runs/{read_run(server)['id']}/events"
    events = httpx.get(address, params={"type": "mark", "limit": 500}).json()["items"]
    return [(event["kind"], event["source"]) for event in events]


def test_a_run_is_paused_changed_resumed_and_stopped(page: Page, server: Server) -> None:
    control = open_long_run(page)
    control.get_by_role("button", name="Pause").click()
    expect(control.get_by_role("button", name="Resume")).to_be_visible()
    paused_at = read_run(server)["step"]
    rate = control.get_by_label("Learning rate")
    rate.fill("fast")
    rate.press("Enter")
    expect(page.get_by_role("tooltip", name="Expected a number")).to_be_visible()
    rate.fill("1e-4")
    rate.press("Enter")
    happened = page.get_by_role("region", name="What happened")
    expect(happened.get_by_role("row", name="Learning rate").first).to_contain_text("0.0001")
    expect(rate).to_have_value("0.0001")
    assert read_run(server)["step"] == paused_at, "a paused run does not train"

    control.get_by_role("button", name="Resume").click()
    expect(control.get_by_role("button", name="Pause")).to_be_visible()
    wait_for_steps_after(page, count_steps(page))
    control.get_by_role("button", name="Stop").click()
    page.get_by_role("menuitem", name="After this epoch").click()
    expect(page.get_by_text("stopped", exact=True).first).to_be_visible(timeout=30_000)
    expect(happened.get_by_role("row", name="Stopped")).to_be_visible()
    expect(control.get_by_role("button", name="Resume")).to_be_visible()
    run = read_run(server)
    assert run["can_resume"] is True
    by_person = [kind for kind, source in read_marks(server) if source == "person"]
    assert by_person == ["paused", "learning_rate", "resumed", "stopped"]
    assert count_steps(page) == run["step"]
    assert count_steps(page) % 45 == 0, "it stopped at the end of an epoch"


def test_a_stopped_run_goes_on_and_its_checkpoint_starts_another(page: Page, server: Server) -> None:
    control = open_long_run(page)
    control.get_by_role("button", name="Stop").click()
    page.get_by_role("menuitem", name="After this step").click()
    resume = control.get_by_role("button", name="Resume")
    expect(resume).to_be_visible(timeout=30_000)
    stopped_at = count_steps(page)
    resume.click()
    expect(control.get_by_role("button", name="Pause")).to_be_visible(timeout=30_000)
    wait_for_steps_after(page, stopped_at)
    assert read_run(server)["attempts"] == 2
    control.get_by_role("button", name="Stop").click()
    page.get_by_role("menuitem", name="After this step").click()
    expect(resume).to_be_visible(timeout=30_000)

    checkpoints = page.get_by_role("region", name="Checkpoints")
    checkpoints.get_by_role("button", name="What to do with the checkpoint").first.click()
    page.get_by_role("menuitem", name="Fork a new run").click()
    dialog = page.get_by_role("dialog", name="Fork a new run")
    dialog.get_by_label("Name").fill("A fork")
    dialog.get_by_label("Epochs").fill("2")
    dialog.get_by_role("button", name="Fork and train").click()
    expect(page.get_by_role("heading", name="A fork")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("finished", exact=True).first).to_be_visible(timeout=FIRST_STEP_MS)
    fork = read_run(server)
    report = fork["start_report"]
    assert isinstance(report, dict)
    assert (len(report["kept"]), report["new"], report["unused"]) == (3, [], [])
