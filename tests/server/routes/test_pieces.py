"""The draft graph piece by piece through the API."""

import pytest
from fastapi.testclient import TestClient

from engine.graph.document import Graph
from tests.server.small_graph import SMALL_GRAPH


@pytest.fixture
def address(client: TestClient) -> str:
    model = client.post("/api/models", json={"name": "Digits", "graph": SMALL_GRAPH}).json()
    return f"/api/models/{model['id']}/graph"


def test_a_model_can_be_drawn_from_nothing_one_piece_at_a_time(client: TestClient):
    model = client.post("/api/models", json={"name": "Digits"}).json()
    address = f"/api/models/{model['id']}/graph"
    whole = Graph.model_validate(SMALL_GRAPH).model_dump(mode="json")
    for kind in ("layers", "nodes", "edges"):
        for piece in whole[kind]:
            response = client.post(f"{address}/{kind}", json=piece)
            assert response.status_code == 201, response.text
            assert response.headers["etag"] == f'"{response.json()["revision"]}"'
    at_once = client.post("/api/models", json={"name": "At once", "graph": SMALL_GRAPH}).json()
    assert client.get(address).json()["hash"] == at_once["hash"]


def test_a_layers_config_is_merged_key_by_key(client: TestClient, address: str):
    changed = client.patch(f"{address}/layers/hidden", json={"config": {"units": 32, "use_bias": False}}).json()
    layer = changed["graph"]["layers"][1]
    assert layer["config"] == {"units": 32, "activation": "relu", "use_bias": False}
    assert layer["class_name"] == "Dense"


def test_null_is_a_value_of_a_config(client: TestClient, address: str):
    changed = client.patch(f"{address}/layers/hidden", json={"config": {"activation": None}}).json()
    assert changed["graph"]["layers"][1]["config"] == {"units": 64, "activation": None}


def test_a_layer_can_be_frozen_and_renamed(client: TestClient, address: str):
    changed = client.patch(f"{address}/layers/hidden", json={"trainable": False, "name": "features"}).json()
    layer = changed["graph"]["layers"][1]
    assert (layer["trainable"], layer["name"]) == (False, "features")


def test_deleting_a_layer_takes_its_nodes_their_edges_and_their_places_along(client: TestClient, address: str):
    places = {"positions": {"hidden": {"x": 1, "y": 1}, "digit": {"x": 2, "y": 2}}}
    client.put(address, json={"graph": SMALL_GRAPH, "layout": places})
    left = client.delete(f"{address}/layers/hidden").json()
    assert [layer["id"] for layer in left["graph"]["layers"]] == ["pixels", "digit"]
    assert [node["id"] for node in left["graph"]["nodes"]] == ["pixels", "digit"]
    assert left["graph"]["edges"] == []
    assert left["layout"]["positions"] == {"digit": {"x": 2.0, "y": 2.0}}


def test_a_node_can_get_call_arguments_and_be_deleted(client: TestClient, address: str):
    changed = client.patch(f"{address}/nodes/hidden", json={"arguments": {"training": False}}).json()
    assert changed["graph"]["nodes"][1]["arguments"] == {"training": False}
    left = client.delete(f"{address}/nodes/hidden").json()
    assert [node["id"] for node in left["graph"]["nodes"]] == ["pixels", "digit"]


def test_an_edge_can_be_moved_to_another_argument_and_deleted(client: TestClient, address: str):
    moved = client.patch(f"{address}/edges/e2", json={"argument": "query", "path": [1]}).json()
    assert (moved["graph"]["edges"][1]["argument"], moved["graph"]["edges"][1]["path"]) == ("query", [1])
    left = client.delete(f"{address}/edges/e2").json()
    assert [edge["id"] for edge in left["graph"]["edges"]] == ["e1"]


@pytest.mark.parametrize(
    ("kind", "piece"),
    [
        ("layers", {"id": "hidden", "class_name": "Dense"}),
        ("nodes", {"id": "hidden", "layer": "hidden"}),
        ("edges", {"id": "e1", "source": "pixels", "target": "digit"}),
    ],
)
def test_an_id_that_is_taken_is_a_conflict(client: TestClient, address: str, kind: str, piece: dict[str, str]):
    response = client.post(f"{address}/{kind}", json=piece)
    assert (response.status_code, response.json()["type"]) == (409, "/problems/conflict")
    assert client.get(address).json()["revision"] == 1


@pytest.mark.parametrize("kind", ["layers", "nodes", "edges"])
def test_a_piece_that_is_not_there_is_not_found(client: TestClient, address: str, kind: str):
    assert client.patch(f"{address}/{kind}/nope", json={}).status_code == 404
    assert client.delete(f"{address}/{kind}/nope").status_code == 404


@pytest.mark.parametrize(
    ("address_of_piece", "change"),
    [
        ("layers/hidden", {"colour": "red"}),
        ("layers/hidden", {"id": "other"}),
        ("layers/hidden", {"class_name": None}),
        ("layers/hidden", {"trainable": "perhaps"}),
        ("nodes/hidden", {"layer": "has space"}),
        ("edges/e1", {"output": -1}),
        ("edges/e1", {"argument": 100}),
        ("edges/e1", {"path": [{}]}),
    ],
)
def test_a_change_that_makes_no_piece_is_refused(
    client: TestClient, address: str, address_of_piece: str, change: dict[str, object]
):
    assert client.patch(f"{address}/{address_of_piece}", json=change).status_code == 422
    assert client.get(address).json()["revision"] == 1


def test_a_change_of_an_older_revision_is_refused(client: TestClient, address: str):
    client.delete(f"{address}/edges/e2")
    stale = client.post(f"{address}/layers", json={"id": "new", "class_name": "Dense"}, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
