"""Whatever graph is sent: the check answers, and the process that has Keras lives on."""

import psutil
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings

from tests.engine.models.random_graphs import Choices, break_graph, choices

FEW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


def list_descendants() -> set[int]:
    return {process.pid for process in psutil.Process().children(recursive=True)}


@FEW
@given(choices)
def test_no_broken_graph_ends_the_process_that_has_keras(keras_client: TestClient, numbers: Choices):
    graph, culprit = break_graph(numbers)
    keras_client.post("/api/check", json={}).raise_for_status()
    before = list_descendants()

    answer = keras_client.post("/api/check", json=graph.model_dump(mode="json"))

    # 422: the document itself is refused, because JSON cannot hold it.
    assert answer.status_code in {200, 422}, answer.text
    if culprit is not None:
        assert culprit in {issue["node"] for issue in answer.json()["issues"]}
    assert list_descendants() == before
