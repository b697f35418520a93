"""Models through the API: create, list, read, change, delete."""

import pytest
from fastapi.testclient import TestClient

from tests.server.small_graph import SMALL_GRAPH, TRAINING


def create(client: TestClient, name: str = "Digits", **more: object) -> dict[str, object]:
    response = client.post("/api/models", json={"name": name, **more})
    assert response.status_code == 201, response.text
    model: dict[str, object] = response.json()
    return model


def test_a_new_model_is_answered_with_its_address_and_is_there_afterwards(client: TestClient):
    response = client.post("/api/models", json={"name": "Digits", "graph": SMALL_GRAPH, "training": TRAINING})
    model = response.json()
    assert response.status_code == 201
    assert response.headers["location"] == f"/api/models/{model['id']}"
    assert client.get(response.headers["location"]).json() == model
    assert (model["name"], model["nodes"], model["revision"], model["versions"], model["runs"]) == (
        "Digits",
        3,
        1,
        0,
        0,
    )
    assert model["training"]["compile"]["loss"] == "sparse_categorical_crossentropy"
    assert model["created_at"].endswith("Z")


def test_a_model_needs_nothing_but_a_name(client: TestClient):
    model = create(client)
    assert (model["nodes"], model["training"]) == (0, None)
    assert client.get(f"/api/models/{model['id']}/graph").json()["graph"]["nodes"] == []


def test_renaming_leaves_the_training_config_alone_and_null_forgets_it(client: TestClient):
    model = create(client, training=TRAINING)
    renamed = client.patch(f"/api/models/{model['id']}", json={"name": "Numbers"}).json()
    assert (renamed["name"], renamed["training"]) == ("Numbers", model["training"])
    forgotten = client.patch(f"/api/models/{model['id']}", json={"training": None}).json()
    assert (forgotten["name"], forgotten["training"]) == ("Numbers", None)


def test_a_deleted_model_is_gone_with_its_versions(client: TestClient):
    model = create(client, graph=SMALL_GRAPH)
    version = client.post(f"/api/models/{model['id']}/versions").json()
    assert client.delete(f"/api/models/{model['id']}").status_code == 204
    assert client.get(f"/api/models/{model['id']}").status_code == 404
    assert client.get(f"/api/models/{model['id']}/versions/{version['id']}").status_code == 404
    assert client.delete(f"/api/models/{model['id']}").status_code == 404


@pytest.mark.parametrize("sort", ["name", "-name", "created_at", "-created_at", "updated_at", "-updated_at"])
def test_pages_show_every_model_once_in_order_whatever_the_order(client: TestClient, sort: str):
    # Two share a name, so that the order within equal names has to hold too.
    made = [create(client, name)["id"] for name in ("b", "a", "c", "a", "d")]
    seen, cursor = [], None
    for _page in range(3):
        parameters = {"limit": 2, "sort": sort} | ({"cursor": cursor} if cursor is not None else {})
        page = client.get("/api/models", params=parameters).json()
        seen += page["items"]
        cursor = page["next_cursor"]
    assert cursor is None
    keys = [(str(model[sort.removeprefix("-")]), str(model["id"])) for model in seen]
    assert keys == sorted(keys, reverse=sort.startswith("-"))
    assert (len(seen), {model["id"] for model in seen}) == (5, set(made))


def test_a_model_that_is_made_between_two_pages_shifts_nothing(client: TestClient):
    for name in ("a", "b", "c"):
        create(client, name)
    first = client.get("/api/models", params={"limit": 2, "sort": "-created_at"}).json()
    create(client, "d")
    second = client.get(
        "/api/models", params={"limit": 2, "sort": "-created_at", "cursor": first["next_cursor"]}
    ).json()
    assert [model["name"] for model in first["items"] + second["items"]] == ["c", "b", "a"]


@pytest.mark.parametrize("sought", ["net", "NET", "t (v"])
def test_searching_finds_parts_of_names_in_any_case(client: TestClient, sought: str):
    create(client, "ResNet (v2)")
    create(client, "Transformer")
    found = client.get("/api/models", params={"q": sought}).json()["items"]
    assert [model["name"] for model in found] == ["ResNet (v2)"]


@pytest.mark.parametrize("sought", ["%", "_", "\\"])
def test_the_wildcards_of_sql_mean_nothing_in_a_search(client: TestClient, sought: str):
    create(client, "Digits")
    assert client.get("/api/models", params={"q": sought}).json()["items"] == []


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "a/b",
        'say "hi"',
        "it's",
        "<script>alert(1)</script>",
        "🙂",
        "a\nb",
        "a\u202eb",
        "x" * 121,
        "..",
        None,
        7,
    ],
)
def test_a_name_that_could_do_harm_is_refused_and_nothing_is_made(client: TestClient, name: object):
    response = client.post("/api/models", json={"name": name})
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["issues"][0]["argument"] == "name"
    assert client.get("/api/models").json()["items"] == []


@pytest.mark.parametrize("name", ["Ziffern-Erkenner", "数字", "a_b-c.d, (v2) + x: #1"])
def test_a_name_may_be_of_any_alphabet(client: TestClient, name: str):
    assert create(client, name)["name"] == name


def test_an_unknown_model_is_a_problem_that_says_which(client: TestClient):
    assert client.get("/api/models/nope").json() == {
        "type": "/problems/not-found",
        "title": "Not found",
        "status": 404,
        "detail": "There is no model with id 'nope'. GET /api/models lists the models.",
        "issues": [],
    }
