"""Models with stored weights, evaluated and asked without any run, with a real server and real processes."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import keras
import numpy as np
import pytest

from engine.data.datasets import load_dataset
from tests.server.live_server import LiveServer, serve
from tests.server.routes.test_evaluation import make_png

FLOWERS = [[5.1, 3.5, 1.4, 0.2], [6.7, 3.0, 5.2, 2.3]]
ON_IRIS = {
    "data": {"dataset": "iris"},
    "compile": {"loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]},
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with serve(tmp_path_factory.mktemp("model_evaluation")) as live:
        yield live


@pytest.fixture(scope="module")
def species() -> keras.Model:
    """A classifier of flowers that was never compiled."""
    keras.utils.set_random_seed(0)
    layers = keras.layers
    return keras.Sequential([keras.Input((4,), name="features"), layers.Dense(3, "softmax", name="species")])


@pytest.fixture(scope="module")
def imported(server: LiveServer, species: keras.Model, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The id of the classifier, imported from its file."""
    return import_model(server, species, tmp_path_factory.mktemp("files") / "species.keras")


def import_model(server: LiveServer, model: keras.Model, path: Path) -> str:
    model.save(path)
    kind = {"Content-Type": "application/octet-stream"}
    answer = server.api.post("/models/import", params={"filename": path.name}, content=path.read_bytes(), headers=kind)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def test_an_imported_model_is_evaluated_as_keras_does_it(server: LiveServer, imported: str, species: keras.Model):
    answer = server.api.post(f"/models/{imported}/evaluate", json={**ON_IRIS, "validation_split": 0.2})
    assert answer.status_code == 200, answer.text
    evaluation = answer.json()
    iris = load_dataset("iris")
    species.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    expected = species.evaluate(
        iris.inputs["features"][120:], iris.targets["species"][120:], verbose=0, return_dict=True
    )
    assert evaluation["metrics"] == pytest.approx(expected, rel=1e-4)
    assert (evaluation["split"], evaluation["samples"], evaluation["version_id"]) == ("validation", 30, None)
    assert evaluation["weights"] == server.api.get(f"/models/{imported}").json()["weights"]["sha256"]
    assert sum(map(sum, evaluation["reports"][0]["classes"]["confusion"])) == 30


def test_a_version_is_asked_with_the_weights_of_its_model(server: LiveServer, imported: str, species: keras.Model):
    version = server.api.post(f"/models/{imported}/versions").json()["id"]
    expected = species.predict(np.array(FLOWERS, "float32"), verbose=0)
    for body in ({"rows": FLOWERS}, {"inputs": {"features": FLOWERS}, "data": {"dataset": "iris"}}):
        answer = server.api.post(f"/models/{imported}/predict", json={**body, "version_id": version}).json()
        assert (answer["version_id"], answer["raw"][0]["kind"]) == (version, "classes")
        np.testing.assert_allclose(answer["raw"][0]["values"], expected, atol=1e-6)
    lines = "\n".join(",".join(map(str, row)) for row in FLOWERS)
    address = f"/models/{imported}/predict?version_id={version}"
    answer = server.api.post(address, content=lines, headers={"Content-Type": "text/csv"}).json()
    assert (answer["version_id"], [one["outputs"][0]["label"] for one in answer["samples"]]) == (
        version, expected.argmax(axis=-1).tolist(),
    )  # fmt: skip


def test_an_image_needs_no_data_where_black_and_white_are_said(server: LiveServer, tmp_path: Path):
    layers = [keras.Input((4, 4, 1), name="pixels"), keras.layers.Flatten(), keras.layers.Dense(1, "sigmoid")]
    model = import_model(server, keras.Sequential(layers), tmp_path / "picture.keras")

    def send(query: str) -> httpx.Response:
        kind = {"Content-Type": "image/png"}
        return server.api.post(f"/models/{model}/predict{query}", content=make_png(8, 8), headers=kind)

    answer = send("?black=-1&white=1")
    assert answer.status_code == 200, answer.text
    assert answer.json()["samples"][0]["inputs"]["pixels"]["values"][0][0] == [1.0]
    assert (send("").status_code, "numbers for black and white" in send("").json()["detail"]) == (422, True)
    assert "The number for white is missing" in send("?black=0").json()["detail"]


def test_a_model_without_weights_is_refused(server: LiveServer):
    model = server.create_model()
    for question, body in (("evaluate", {}), ("predict", {"rows": [[0.5] * 64]})):
        answer = server.api.post(f"/models/{model}/{question}", json=body)
        assert (answer.status_code, "'Digits' has no weights stored" in answer.json()["detail"]) == (422, True)


def test_weights_that_do_not_fit_the_graph_are_refused_with_the_layer(
    server: LiveServer, species: keras.Model, tmp_path: Path
):
    model = import_model(server, species, tmp_path / "changed.keras")
    version = server.api.post(f"/models/{model}/versions").json()["id"]
    draft = server.api.get(f"/models/{model}/graph")
    graph = draft.json()["graph"]
    (dense,) = [layer for layer in graph["layers"] if layer["class_name"] == "Dense"]
    dense["config"]["units"] = 5
    changed = {"graph": graph, "layout": draft.json()["layout"]}
    server.api.put(
        f"/models/{model}/graph", json=changed, headers={"If-Match": draft.headers["ETag"]}
    ).raise_for_status()
    refused = server.api.post(f"/models/{model}/predict", json={"rows": FLOWERS})
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/weights-do-not-fit")
    assert "[4, 3], [3]; expected [4, 5], [5]" in refused.json()["issues"][0]["message"]
    asked = {"rows": FLOWERS, "version_id": version}
    assert server.api.post(f"/models/{model}/predict", json=asked).status_code == 200


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"data": {"dataset": "iris"}}, 422, "No loss is named"),
        ({"compile": {"loss": "mse"}}, 422, "No data set is named"),
        ({"data": {"dataset": "wine"}, "compile": {"loss": "mse"}}, 422, "takes samples of shape [4]; those of"),
        ({"data": {"dataset": "irsi"}, "compile": {"loss": "mse"}}, 404, "no data set 'irsi'"),
        ({"data": {"dataset": "iris"}, "compile": {"loss": "nonsense"}}, 422, "nonsense"),
        ({"data": {"dataset": "iris"}, "compile": {"loss": "categorical_crossentropy"}}, 422, "cannot evaluate"),
        ({**ON_IRIS, "split": "test"}, 422, "There is no test data"),
        ({**ON_IRIS, "version_id": "nobody"}, 404, "no version with id 'nobody'"),
        ({**ON_IRIS, "validation_split": 1}, 422, "validation_split"),
        ({**ON_IRIS, "checkpoint_id": "last"}, 422, "checkpoint_id"),
    ],
)
def test_an_evaluation_that_cannot_be_is_refused_in_words(
    server: LiveServer, imported: str, body: dict[str, object], status: int, words: str
):
    answer = server.api.post(f"/models/{imported}/evaluate", json=body)
    assert (answer.status_code, words in answer.json()["detail"]) == (status, True), answer.text


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"rows": ' + b"[" * 200 + b"1" + b"]" * 200 + b"}", 422),
        (b'{"rows": ' + b"[" * 900 + b"1" + b"]" * 900 + b"}", 422),
        (b'{"rows": ' + b"[" * 100_000 + b"1" + b"]" * 100_000 + b"}", 422),
        (b'{"rows": [[1, 2, 3, 1' + b"0" * 400 + b"]]}", 422),
        (b'{"rows": [[1, 2, 3, 36893488147419103232]]}', 200),
        (b'{"rows": [[1, 2, 3, 1e999]]}', 422),
        (b'{"rows": [[1, 2, 3, NaN]]}', 422),
        (rb'{"rows": [[1, 2, 3, "\ud800"]]}', 422),
        (b'{"rows": [[true, 2, 3, 4]], "rows": [[5.1, 3.5, 1.4, 0.2]]}', 200),
        (b'{"rows": [[' + b"1," * 1_100_000 + b"1]]}", 422),
        (b'{"rows": [[' + b" " * (33 << 20) + b"1]]}", 413),
    ],
    ids=["deep", "deeper", "deepest", "huge", "large", "overflow", "nan", "surrogate", "twice", "wide", "too large"],
)
def test_hostile_json_is_answered_in_words(server: LiveServer, imported: str, body: bytes, status: int):
    kind = {"Content-Type": "application/json"}
    answer = server.api.post(f"/models/{imported}/predict", content=body, headers=kind)
    assert answer.status_code == status, answer.text[:1000]
    assert status == 200 or answer.json()["detail"]


def test_a_model_whose_data_does_not_fit_still_answers_what_is_sent(server: LiveServer, imported: str):
    training = {**ON_IRIS, "data": {"dataset": "wine"}}
    changed = server.api.patch(f"/models/{imported}", json={"training": training})
    assert changed.status_code == 200, changed.text
    answer = server.api.post(f"/models/{imported}/predict", json={"rows": FLOWERS}).json()
    assert "Asked without data: The input 'features' takes samples of shape [4]" in answer["remarks"][0]
    refused = server.api.post(f"/models/{imported}/predict", json={"indices": [0]})
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/invalid-config")
    assert server.api.post(f"/models/{imported}/evaluate", json={}).status_code == 422


def test_a_model_that_is_not_there_is_refused(server: LiveServer):
    for question in ("evaluate", "predict"):
        assert server.api.post(f"/models/nobody/{question}", json={"indices": [0]} if question == "predict" else {}
                               ).status_code == 404  # fmt: skip
