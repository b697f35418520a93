"""The draft graph through the API: whole, by JSON Patch, with revisions."""

import threading

import pytest
from fastapi.testclient import TestClient

from engine.graph.document import Graph
from tests.server.small_graph import SMALL_GRAPH


@pytest.fixture
def address(client: TestClient) -> str:
    model = client.post("/api/models", json={"name": "Digits", "graph": SMALL_GRAPH}).json()
    return f"/api/models/{model['id']}/graph"


def test_saving_a_graph_counts_the_revision_up_and_changes_the_hash(client: TestClient, address: str):
    before = client.get(address)
    graph = Graph.model_validate(SMALL_GRAPH)
    graph.layers[1].config["units"] = 128
    after = client.put(address, json={"graph": graph.model_dump(mode="json")})
    assert (before.json()["revision"], after.json()["revision"]) == (1, 2)
    assert (before.headers["etag"], after.headers["etag"]) == ('"1"', '"2"')
    assert before.json()["hash"] != after.json()["hash"]
    assert client.get(address).json() == after.json()


def test_moving_a_node_changes_the_revision_but_not_the_hash(client: TestClient, address: str):
    before = client.get(address).json()
    draft = {"graph": SMALL_GRAPH, "layout": {"positions": {"hidden": {"x": 10.5, "y": -3}}}}
    after = client.put(address, json=draft).json()
    assert (after["revision"], after["hash"]) == (2, before["hash"])
    assert after["layout"] == {"positions": {"hidden": {"x": 10.5, "y": -3.0}}, "nested": {}}


def test_saving_what_is_there_already_is_no_change(client: TestClient, address: str):
    draft = client.get(address).json()
    saved = client.put(address, json={"graph": draft["graph"], "layout": draft["layout"]})
    assert saved.json() == draft


def test_a_half_drawn_graph_with_every_kind_of_fault_can_be_saved(client: TestClient, address: str):
    graph = {
        "layers": [
            {"id": "d", "class_name": "Dense", "config": {"units": 10**12}},
            {"id": "d", "class_name": "NoSuchLayer"},
        ],
        "nodes": [{"id": "a", "layer": "d"}, {"id": "b", "layer": "missing"}],
        "edges": [
            {"id": "e1", "source": "a", "target": "b"},
            {"id": "e2", "source": "b", "target": "a"},
            {"id": "e3", "source": "nowhere", "target": "a"},
        ],
    }
    saved = client.put(address, json={"graph": graph})
    assert saved.status_code == 200
    assert [layer["class_name"] for layer in saved.json()["graph"]["layers"]] == ["Dense", "NoSuchLayer"]


def test_a_change_of_an_older_revision_is_refused_and_changes_nothing(client: TestClient, address: str):
    client.patch(address, json=[{"op": "replace", "path": "/graph/layers/1/config/units", "value": 1}])
    before = client.get(address).json()
    refused = client.put(address, json={"graph": {}}, headers={"If-Match": '"1"'})
    assert refused.status_code == 412
    assert refused.json()["type"] == "/problems/stale"
    assert client.get(address).json() == before
    accepted = client.put(address, json={"graph": {}}, headers={"If-Match": '"2"'})
    assert (accepted.status_code, accepted.json()["revision"]) == (200, 3)


@pytest.mark.parametrize("etag", ["3", 'W/"3"', '"3"', "*"])
def test_any_spelling_of_the_current_revision_matches(client: TestClient, address: str, etag: str):
    for units in (1, 2):
        client.patch(address, json=[{"op": "replace", "path": "/graph/layers/1/config/units", "value": units}])
    assert client.put(address, json={"graph": {}}, headers={"If-Match": etag}).status_code == 200


@pytest.mark.parametrize("etag", ["banana", '"1e3"', '"-1"', '""', '"99999999999999999999"', '"٣"'.encode()])
def test_an_etag_that_is_no_revision_matches_nothing(client: TestClient, address: str, etag: str | bytes):
    assert client.put(address, json={"graph": {}}, headers={"If-Match": etag}).status_code == 412


def test_a_patch_is_carried_out_as_a_whole_or_not_at_all(client: TestClient, address: str):
    before = client.get(address).json()
    refused = client.patch(
        address,
        json=[
            {"op": "replace", "path": "/graph/layers/1/config/units", "value": 5},
            {"op": "remove", "path": "/graph/layers/17"},
        ],
    )
    assert refused.status_code == 422
    assert refused.json()["type"] == "/problems/patch-failed"
    assert client.get(address).json() == before


def test_a_patch_can_add_move_test_and_remove(client: TestClient, address: str):
    patched = client.patch(
        address,
        json=[
            {"op": "test", "path": "/graph/layers/1/id", "value": "hidden"},
            {"op": "add", "path": "/graph/notes/-", "value": {"id": "n1", "text": "wide"}},
            {"op": "add", "path": "/layout/positions/hidden", "value": {"x": 1, "y": 2}},
            {"op": "remove", "path": "/graph/edges/1"},
        ],
        headers={"If-Match": '"1"'},
    ).json()
    assert patched["graph"]["notes"] == [{"id": "n1", "text": "wide"}]
    assert patched["layout"]["positions"] == {"hidden": {"x": 1.0, "y": 2.0}}
    assert [edge["id"] for edge in patched["graph"]["edges"]] == ["e1"]


@pytest.mark.parametrize(
    ("operations", "problem"),
    [
        ([{"op": "fly", "path": "/graph"}], "patch-failed"),
        ([{"op": "add"}], "patch-failed"),
        ([{"path": "/graph"}], "patch-failed"),
        ([{}], "patch-failed"),
        ([{"op": "add", "path": 7, "value": 1}], "patch-failed"),
        ([{"op": "add", "path": "graph", "value": 1}], "patch-failed"),
        ([{"op": "replace", "path": "", "value": 7}], "invalid-graph"),
        ([{"op": "move", "from": "/graph", "path": "/graph/layers"}], "patch-failed"),
        ([{"op": "copy", "from": None, "path": "/graph"}], "patch-failed"),
        ([{"op": "test", "path": "/graph/format", "value": 2}], "patch-failed"),
        ([{"op": "replace", "path": "/graph/layers", "value": "many"}], "invalid-graph"),
        ([{"op": "add", "path": "/graph/colour", "value": "red"}], "invalid-graph"),
        ([{"op": "remove", "path": "/graph"}], "invalid-graph"),
        (
            [{"op": "add", "path": "/graph/layers/1/config", "value": {"a": 1}}, {"op": "remove", "path": "/x"}],
            "patch-failed",
        ),
    ],
)
def test_a_patch_that_does_not_fit_is_a_problem(
    client: TestClient, address: str, operations: list[dict[str, object]], problem: str
):
    response = client.patch(address, json=operations)
    assert (response.status_code, response.json()["type"]) == (422, f"/problems/{problem}")
    assert client.get(address).json()["revision"] == 1


def test_two_changes_of_the_same_revision_cannot_both_succeed(client: TestClient, address: str):
    answers: list[int] = []

    def save(units: int) -> None:
        operation = [{"op": "replace", "path": "/graph/layers/1/config/units", "value": units}]
        answers.append(client.patch(address, json=operation, headers={"If-Match": '"1"'}).status_code)

    threads = [threading.Thread(target=save, args=(units,)) for units in range(100, 108)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200] + [412] * 7
    assert client.get(address).json()["revision"] == 2


def test_a_graph_of_another_format_is_refused(client: TestClient, address: str):
    response = client.put(address, json={"graph": {"format": 2}})
    assert response.status_code == 422
    assert "graph.format" in response.json()["detail"]


def test_a_fault_in_the_document_names_the_piece(client: TestClient, address: str):
    graph = Graph.model_validate(SMALL_GRAPH)
    graph.edges[1].output = -1
    issue = client.put(address, json={"graph": graph.model_dump(mode="json")}).json()["issues"][0]
    assert (issue["edge"], issue["argument"]) == ("e2", "graph.edges.1.output")
    assert issue["message"].endswith("Input should be greater than or equal to 0. Received -1.")
