"""Parts of a draft graph through the API: nested, dissolved, and chains that grow and shrink."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.testclient import TestClient

from engine.graph.document import Graph
from server.drafts import edit_graph
from server.jobs.compiler import Compiler, Operation
from server.storage.models import ModelStore
from tests.server.small_graph import SMALL_GRAPH


@pytest.fixture
def address(keras_client: TestClient) -> str:
    model = keras_client.post("/api/models", json={"name": "Digits", "graph": SMALL_GRAPH}).json()
    return f"/api/models/{model['id']}/graph"


def test_a_part_is_made_a_layer_edited_inside_and_taken_apart(keras_client: TestClient, address: str):
    nested = keras_client.post(f"{address}/nest", json={"nodes": ["hidden"], "name": "features"})
    assert nested.status_code == 200, nested.text
    assert [layer["id"] for layer in nested.json()["graph"]["layers"]] == ["pixels", "features", "digit"]

    inside = {"inside": ["features"]}
    changed = keras_client.patch(f"{address}/layers/hidden", params=inside, json={"config": {"units": 5}})
    assert changed.status_code == 200, changed.text
    assert changed.json()["graph"]["layers"][1]["graph"]["layers"][1]["config"]["units"] == 5

    flat = keras_client.post(f"{address}/dissolve", json={"layer": "features"}).json()["graph"]
    assert [layer["id"] for layer in flat["layers"]] == ["pixels", "hidden", "digit"]
    assert flat["layers"][1]["config"]["units"] == 5


def test_a_part_inside_a_nested_graph_can_be_made_a_layer(keras_client: TestClient, address: str):
    keras_client.post(f"{address}/nest", json={"nodes": ["hidden", "digit"], "name": "outer"})
    answer = keras_client.post(f"{address}/nest", params={"inside": ["outer"]}, json={"nodes": ["hidden"]})

    assert answer.status_code == 200, answer.text
    outer = answer.json()["graph"]["layers"][1]["graph"]
    assert "block" in [layer["id"] for layer in outer["layers"]]


@pytest.mark.parametrize("nodes", [["pixels"], ["nowhere"], []])
def test_a_part_that_cannot_be_a_layer_is_a_problem(keras_client: TestClient, address: str, nodes: list[str]):
    answer = keras_client.post(f"{address}/nest", json={"nodes": nodes})

    assert answer.status_code in {404, 422}
    assert answer.json()["detail"]


@pytest.mark.parametrize("route", ["nest", "dissolve", "insert", "pop"])
def test_a_place_that_is_not_there_is_not_found(keras_client: TestClient, address: str, route: str):
    bodies = {
        "nest": {"nodes": ["hidden"]},
        "dissolve": {"layer": "hidden"},
        "insert": {"layer": {"id": "new", "class_name": "Dropout"}},
        "pop": {},
    }
    answer = keras_client.post(f"{address}/{route}", params={"inside": ["hidden"]}, json=bodies[route])

    assert answer.status_code == 404, answer.text


def test_a_chain_grows_and_shrinks(keras_client: TestClient, address: str):
    layer = {"id": "drop", "class_name": "Dropout", "config": {"rate": 0.5}}
    longer = keras_client.post(f"{address}/insert", json={"layer": layer, "index": 2}).json()["graph"]
    assert [node["id"] for node in longer["nodes"]] == ["pixels", "hidden", "drop", "digit"]

    shorter = keras_client.post(f"{address}/pop", json={}).json()["graph"]
    assert [node["id"] for node in shorter["nodes"]] == ["pixels", "hidden", "drop"]

    assert keras_client.post(f"{address}/insert", json={"layer": layer}).status_code == 409
    assert keras_client.post(f"{address}/pop", json={"index": 9}).status_code == 422


def test_a_stale_change_of_a_part_is_refused(keras_client: TestClient, address: str):
    answer = keras_client.post(f"{address}/nest", json={"nodes": ["hidden"]}, headers={"If-Match": '"7"'})

    assert answer.status_code == 412


class EditedMeanwhile:
    """A compiler during whose answers somebody else edits a draft."""

    def __init__(self, compiler: Compiler, edit: Callable[[], object]):
        self._compiler = compiler
        self._edit = edit

    async def call(self, operation: Operation, payload: bytes) -> bytes:
        """The answer, once the draft is another one."""
        await run_in_threadpool(self._edit)
        return await self._compiler.call(operation, payload)


@pytest.mark.parametrize("expected", [0, 1])
def test_a_part_is_not_worked_out_on_one_revision_and_made_on_the_next(
    keras_client: TestClient, address: str, expected: int
):
    app = keras_client.app
    assert isinstance(app, FastAPI)
    compiler, store = app.state.compiler, ModelStore(app.state.database)
    revision = int(keras_client.get(address).headers["ETag"].strip('"'))

    def freeze(graph: Graph) -> Graph:
        return graph.model_copy(
            update={"layers": [one.model_copy(update={"trainable": False}) for one in graph.layers]}
        )

    app.state.compiler = EditedMeanwhile(
        compiler, lambda: store.edit_draft(address.split("/")[3], edit_graph(freeze), None)
    )
    try:
        header = {"If-Match": f'"{revision + expected}"'}
        answer = keras_client.post(f"{address}/nest", json={"nodes": ["hidden"]}, headers=header)
    finally:
        app.state.compiler = compiler

    assert answer.status_code == 412, answer.text
