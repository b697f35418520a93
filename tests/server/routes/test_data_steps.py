"""Steps on data are tried over the API: samples before and after every one."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from server.app import create_app
from server.settings import Settings
from tests.server.own_data import make_dataset


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    home: Path = tmp_path_factory.mktemp("steps-home")
    settings = Settings(home=home, prepare_compiler=False)
    with TestClient(create_app(settings), base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        yield client


def preview(client: TestClient, name: str, **body: object) -> dict[str, Any]:
    response = client.post(f"/api/datasets/{name}/preview", json=body)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def find(stage: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in stage["arrays"] if one["name"] == name)
    return found


def test_an_example_is_shown_before_and_after_every_step(client: TestClient):
    steps = [
        {"function": "normalize", "array": "image", "arguments": {"axis": 1}},
        {"function": "to_categorical", "array": "digit"},
    ]

    seen = preview(client, "digits", steps=steps, start=5, rows=2)

    assert [stage["function"] for stage in seen["stages"]] == [None, "normalize", "to_categorical"]
    assert [stage["changed"] for stage in seen["stages"]] == [[], ["image"], ["digit"]]
    assert seen["issues"] == []
    before, after = (find(stage, "image") for stage in seen["stages"][:2])
    assert (before["shape"], before["maximum"]) == ([8, 8, 1], 1.0)
    assert after["dtype"] == "float32"
    assert after["maximum"] <= 1
    assert [one["kind"] for one in after["shown"]] == ["image", "image"]
    row = find(seen["stages"][2], "digit")
    assert (row["shape"], row["classes"], row["part"]) == ([10], 10, "target")
    label = find(seen["stages"][0], "digit")["shown"][0]["values"]
    assert [place for place, one in enumerate(row["shown"][0]["values"]) if one == 1] == [label]


def test_a_step_at_fault_ends_the_stages_and_is_named(client: TestClient):
    steps = [
        {"function": "windows", "array": "window", "arguments": {"sequence_length": 4}},
        {"function": "normalize", "array": "windows"},
        {"function": "normalize", "array": "window"},
    ]

    seen = preview(client, "sine_windows", steps=steps)

    assert [stage["samples"] for stage in seen["stages"]] == [1_000, 996]
    assert seen["stages"][1]["changed"] == ["window", "next"]
    (issue,) = seen["issues"]
    assert issue["argument"] == "data.steps.1.array"
    assert issue["hint"] == "Did you mean 'window'?"


def test_steps_are_tried_on_data_of_ones_own(client: TestClient):
    assert make_dataset(client, "steps-mine")["state"] == "finished"

    seen = preview(client, "steps-mine", steps=[{"function": "to_categorical", "array": "y"}], start=10**9, rows=1)

    assert find(seen["stages"][1], "y")["shape"] == [2]
    assert len(find(seen["stages"][1], "x")["shown"]) == 1


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("nowhere", {}, 404),
        ("digits", {"arguments": {"x": 1}}, 422),
        ("digits", {"steps": [{"function": "pickle.loads", "array": "image"}]}, 422),
        ("digits", {"steps": [{"function": "normalize", "array": "image", "name": "../x"}]}, 422),
        ("digits", {"steps": [{"function": "normalize", "array": "image", "more": 1}]}, 422),
        ("digits", {"steps": [{"function": "normalize", "array": "image"}] * 51}, 422),
        ("digits", {"rows": 0}, 422),
        ("digits", {"start": -1}, 422),
        ("digits", {"start": 1e400}, 422),
    ],
)
def test_what_is_none_is_refused(client: TestClient, name: str, body: dict[str, object], status: int):
    response = client.post(
        f"/api/datasets/{name}/preview",
        content=json.dumps(body),
        headers={"Content-Type": "application/json"},
    )

    assert response.status_code == status, response.text
    assert response.json()["detail"]


@pytest.mark.parametrize(
    "arguments",
    [
        {"num_classes": 10**15},
        {"num_classes": -1},
        {"num_classes": [1]},
        {"num_classes": {"a": 1}},
        {"num_classes": True},
        {"x": [1, 2]},
        {"a" * 10_000: 1},
    ],
)
def test_hostile_arguments_are_issues(client: TestClient, arguments: dict[str, object]):
    steps = [{"function": "to_categorical", "array": "digit", "arguments": arguments}]

    (issue,) = preview(client, "digits", steps=steps)["issues"]

    assert issue["argument"].startswith("data.steps.0.arguments.")


def test_the_catalogue_lists_the_functions_with_their_arguments(client: TestClient):
    entries = {entry["class_name"]: entry for entry in client.get("/api/catalogue").json()["data_steps"]}

    assert list(entries) == ["to_categorical", "normalize", "pad_sequences", "multi_hot", "windows"]
    maxlen = entries["pad_sequences"]["arguments"][0]
    assert (maxlen["name"], maxlen["kinds"], maxlen["nullable"]) == ("maxlen", ["integer"], True)
    assert all(argument["help"] for entry in entries.values() for argument in entry["arguments"])
