"""Bodies that are strict JSON, and nothing else."""

import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError

from engine.training.config import RunConfig


@pytest.mark.parametrize("number", ["NaN", "nan", "Infinity", "-inf"])
def test_a_setting_is_never_nan_not_even_as_a_word(client: TestClient, number: str):
    config = {"compile": {"loss": "mse", "loss_weights": [number]}, "data": {"dataset": "iris"}}
    assert client.post("/api/models", json={"name": "a", "training": config}).status_code == 422
    with pytest.raises(ValidationError):
        RunConfig.model_validate(config)


def test_large_and_precise_numbers_come_back_as_they_went(client: TestClient):
    numbers = [2**53 - 1, -(2**63), 2**64 - 1, 0.1, 1e-308, 5e-324, 1.7976931348623157e308]
    graph = {"layers": [{"id": "a", "class_name": "A", "config": {"numbers": numbers}}]}
    model = client.post("/api/models", json={"name": "a", "graph": graph}).json()
    stored = client.get(f"/api/models/{model['id']}/graph").json()
    assert stored["graph"]["layers"][0]["config"]["numbers"] == numbers


def test_every_character_of_unicode_comes_back_as_it_went(client: TestClient):
    text = "".join(map(chr, [*range(0xD800), *range(0xE000, 0x110000, 97)]))
    graph = {"notes": [{"id": f"n{start}", "text": text[start : start + 9000]} for start in range(0, len(text), 9000)]}
    model = client.post("/api/models", json={"name": "a", "graph": graph}).json()
    stored = client.get(f"/api/models/{model['id']}/graph").json()
    assert "".join(note["text"] for note in stored["graph"]["notes"]) == text
