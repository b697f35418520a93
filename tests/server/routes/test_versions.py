"""Versions through the API."""

import pytest
from fastapi.testclient import TestClient

from tests.server.small_graph import SMALL_GRAPH


@pytest.fixture
def address(client: TestClient) -> str:
    model = client.post("/api/models", json={"name": "Digits", "graph": SMALL_GRAPH}).json()
    return f"/api/models/{model['id']}"


def set_units(client: TestClient, address: str, units: int) -> None:
    operation = {"op": "replace", "path": "/graph/layers/1/config/units", "value": units}
    assert client.patch(f"{address}/graph", json=[operation]).status_code == 200


def test_a_version_keeps_the_graph_as_it_was(client: TestClient, address: str):
    draft = client.get(f"{address}/graph").json()
    made = client.post(f"{address}/versions", json={"message": "before the change"})
    set_units(client, address, 7)
    assert made.status_code == 201
    version = client.get(made.headers["location"]).json()
    assert version == made.json() | {"graph": draft["graph"], "layout": draft["layout"]}
    assert (version["number"], version["hash"], version["message"]) == (1, draft["hash"], "before the change")


def test_the_same_graph_makes_no_second_version(client: TestClient, address: str):
    first = client.post(f"{address}/versions")
    client.put(f"{address}/graph", json={"graph": SMALL_GRAPH, "layout": {"positions": {"digit": {"x": 1, "y": 1}}}})
    second = client.post(f"{address}/versions", json={"message": "only moved"})
    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json() == first.json()


def test_going_back_to_an_older_graph_makes_a_new_version_with_the_old_hash(client: TestClient, address: str):
    for units in (64, 65, 64):
        set_units(client, address, units)
        client.post(f"{address}/versions")
    versions = client.get(f"{address}/versions").json()["items"]
    assert [version["number"] for version in versions] == [3, 2, 1]
    assert versions[0]["hash"] == versions[2]["hash"] != versions[1]["hash"]


def test_versions_come_in_pages_with_the_newest_first(client: TestClient, address: str):
    for units in range(1, 13):
        set_units(client, address, units)
        client.post(f"{address}/versions")
    first = client.get(f"{address}/versions", params={"limit": 8}).json()
    second = client.get(f"{address}/versions", params={"limit": 8, "cursor": first["next_cursor"]}).json()
    assert [version["number"] for version in first["items"] + second["items"]] == list(range(12, 0, -1))
    assert second["next_cursor"] is None
    assert client.get(address).json()["versions"] == 12


def test_a_version_of_another_model_is_not_found(client: TestClient, address: str):
    version = client.post(f"{address}/versions").json()
    other = client.post("/api/models", json={"name": "Other"}).json()
    assert client.get(f"/api/models/{other['id']}/versions/{version['id']}").status_code == 404
    assert client.get("/api/models/nope/versions").status_code == 404
    assert client.post("/api/models/nope/versions").status_code == 404


def test_a_message_that_is_too_long_is_refused(client: TestClient, address: str):
    assert client.post(f"{address}/versions", json={"message": "x" * 501}).status_code == 422
