"""The arguments of a data set, set in the train panel: a wrong one is refused at its field, a right one is used."""

import httpx
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Server
from tests.e2e.test_mending import forgive_refusals
from tests.e2e.test_training import TRAINING_MS, press_train, read_run

GRAPH = {
    "layers": [
        {"id": "point", "class_name": "InputLayer", "config": {"shape": [2]}},
        {"id": "arm", "class_name": "Dense", "config": {"units": 3, "activation": "softmax"}},
    ],
    "nodes": [{"id": "point", "layer": "point"}, {"id": "arm", "layer": "arm"}],
    "edges": [{"id": "e", "source": "point", "target": "arm"}],
}
TRAINING = {
    "compile": {"loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]},
    "fit": {"epochs": 2},
    "data": {"dataset": "spirals"},
}


def test_a_data_set_is_drawn_with_the_arguments_of_its_form(
    page: Page, server: Server, page_problems: list[str]
) -> None:
    created = httpx.post(f"{server.url}/api/models", json={"name": "Spirals", "graph": GRAPH}, timeout=60)
    model_id = created.raise_for_status().json()["id"]
    httpx.patch(f"{server.url}/api/models/{model_id}", json={"training": TRAINING}, timeout=60).raise_for_status()
    page.goto(f"/models/{model_id}")
    page.get_by_role("toolbar", name="Model").get_by_role("button", name="Train").click()
    training = page.get_by_role("region", name="Training")
    training.get_by_role("button", name="Arguments of the data set").click(timeout=TRAINING_MS)

    arms = training.get_by_label("arms", exact=True)
    arms.fill("30")
    arms.press("Tab")
    expect(training.get_by_text("less than or equal to 20")).to_be_visible(timeout=TRAINING_MS)
    arms.fill("3")
    arms.press("Tab")
    expect(training.get_by_text("less than or equal to 20")).to_have_count(0, timeout=TRAINING_MS)

    press_train(page)
    strip = page.get_by_role("region", name="Newest run")
    expect(strip.get_by_text("finished", exact=True)).to_be_visible(timeout=TRAINING_MS)
    config = read_run(server)["config"]
    assert isinstance(config, dict)
    assert config["data"]["arguments"] == {"arms": 3}
    forgive_refusals(page_problems)
