"""Every error is a problem document, whatever was sent."""

import json
import math

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx import Response
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from engine.graph.issues import Issue
from server.invalid_input import explain_validation
from server.problem_response import PROBLEM_JSON, encode_problem, make_problem
from server.schemas.problem import Problem


def assert_is_problem(response: Response, status: int) -> Problem:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == PROBLEM_JSON
    assert set(response.json()) == {"type", "title", "status", "detail", "issues"}
    problem = Problem.model_validate(response.json())
    assert problem.status == status
    return problem


def test_an_unknown_address_is_a_problem(client: TestClient):
    assert "/api/nope" in assert_is_problem(client.get("/api/nope"), 404).detail


def test_a_wrong_method_is_a_problem_that_names_the_right_ones(client: TestClient):
    response = client.put("/api/health")
    assert "GET" in assert_is_problem(response, 405).detail
    assert response.headers["allow"] == "GET"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"nonsense",
        b'{"name": "a", }',
        b'{"name": NaN}',
        b'{"name": "\\ud800"}',
        b'{"name": "\xff\xfe"}',
        b"[" * 100_000,
        b'{"name": "a", "graph": '
        + b'{"layers":[{"id":"a","class_name":"b","graph":' * 300
        + b"{}"
        + b"}]}" * 300
        + b"}",
        b'{"name": "a", "training": {"compile": {"loss": "mse", "loss_weights": ["NaN"]}, "data": {"dataset": "d"}}}',
        b'{"name": "a", "graph": {"layers": [{"id": "d", "class_name": "Dense", "config": {"units": Infinity}}]}}',
        b'{"name": "a", "graph": {"layers": [{"id": "d", "class_name": "Dense", "config": {"a": "\\udfff"}}]}}',
        b'{"name": "a", "name2": 1}',
        b"[]",
        b"7",
        b"null",
        b'"name"',
    ],
)
def test_a_body_that_is_no_model_is_refused_with_a_problem(client: TestClient, body: bytes):
    response = client.post("/api/models", content=body, headers={"Content-Type": "application/json"})
    problem = assert_is_problem(response, 422)
    assert problem.issues
    assert len(response.content) < 20_000


def test_a_body_of_another_kind_is_refused_with_a_word_on_what_to_send(client: TestClient):
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        response = client.post("/api/models", content=b'{"name": "a"}', headers={"Content-Type": kind})
        hint = assert_is_problem(response, 422).issues[0].hint
        assert hint is not None
        assert "application/json" in hint


def test_the_detail_says_where_what_was_expected_and_what_came(client: TestClient):
    problem = assert_is_problem(client.get("/api/models", params={"limit": "many"}), 422)
    assert problem.detail == (
        "query.limit: Input should be a valid integer, unable to parse string as an integer. Received 'many'."
    )


def test_what_came_is_cut_short(client: TestClient):
    response = client.post("/api/models", json={"name": "x" * 1_000_000})
    assert_is_problem(response, 422)
    assert len(response.content) < 1000


@pytest.mark.parametrize("cursor", ["", "x", "!!!", "e30", "bnVsbA", "é", "A" * 900, "eyJzb3J0IjoiLXVwZGF0ZWRfYXQifQ"])
def test_a_cursor_that_was_tampered_with_is_a_problem(client: TestClient, cursor: str):
    assert_is_problem(client.get("/api/models", params={"cursor": cursor}), 422)


def test_a_cursor_of_another_order_is_a_problem(client: TestClient):
    for name in ("a", "b"):
        client.post("/api/models", json={"name": name})
    cursor = client.get("/api/models", params={"limit": 1, "sort": "name"}).json()["next_cursor"]
    response = client.get("/api/models", params={"limit": 1, "sort": "-name", "cursor": cursor})
    assert assert_is_problem(response, 422).type == "/problems/invalid-cursor"


@given(st.text())
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
def test_no_cursor_can_make_the_server_fail(client: TestClient, cursor: str):
    assert client.get("/api/models", params={"cursor": cursor}).status_code in {200, 422}


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=[])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(ANYTHING)
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100, deadline=None)
def test_no_json_can_make_the_server_fail(client: TestClient, value: object):
    # Python's own writer makes NaN and lone surrogates too, which are no JSON: those have to be refused.
    body = json.dumps({"name": "a", "graph": {"layers": [{"id": "a", "class_name": "A", "config": {"v": value}}]}})
    response = client.post("/api/models", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code in {201, 422}
    if response.status_code == 201:
        assert client.get(f"{response.headers['location']}/graph").status_code == 200
    else:
        assert_is_problem(response, 422)


@given(ANYTHING, ANYTHING)
def test_whatever_is_wrong_can_be_explained_and_written(value: object, body: object):
    error = {"type": "x", "loc": ("body", "graph", "layers", 0), "msg": "wrong", "input": value}
    issues = explain_validation([error], body)
    assert json.loads(encode_problem(make_problem(422, issues[0].message, issues=issues)))["issues"]


def test_a_problem_with_lone_surrogates_can_still_be_written():
    problem = make_problem(422, "\ud800", issues=[Issue(code="c", message="\udfff", hint=str(math.nan))])
    assert json.loads(encode_problem(problem))["detail"] == "?"


def test_a_fault_of_the_server_is_a_problem_without_a_trace_of_its_inside(app: FastAPI, client: TestClient):
    def fail() -> None:
        raise ZeroDivisionError("secret 42")

    app.add_api_route("/api/fail", fail)
    response = client.get("/api/fail")
    problem = assert_is_problem(response, 500)
    assert "secret" not in response.text
    assert "Traceback" not in response.text
    assert "ZeroDivisionError" in problem.detail
    assert response.headers["x-content-type-options"] == "nosniff"
