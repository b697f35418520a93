"""Export in Keras's own formats: each file opens again as the same model, and what cannot be written is refused."""

import io
import json
import zipfile
from pathlib import Path

import keras
import numpy as np
import pytest

from engine.errors import EngineError, GraphError, IssuesError
from engine.graph.document import Graph
from engine.layers.scope import open_symbolic_scope
from engine.models.builder import build_model, link_graph
from engine.models.export import WRITERS, export_model
from engine.models.formats import FORMATS
from engine.models.summary import summarize_model
from engine.models.weights import get_weights, write_weights
from tests.engine.models.exporting import answer_batch
from tests.engine.models.samples import SAMPLES, chain, nested_twice, two_inputs_two_outputs
from tests.engine.models.sketch import make_chain

UNREADABLE = ("states_by_keyword", "h5")
"""Keras writes this one and cannot read it, so it is refused."""


@pytest.mark.parametrize(
    ("sample", "kind"),
    [(sample, kind) for sample in SAMPLES for kind in ("keras", "h5") if (sample, kind) != UNREADABLE],
)
def test_a_saved_model_opens_in_plain_keras_and_answers_the_same(sample: str, kind: str, tmp_path: Path):
    graph = SAMPLES[sample]()
    original = build_model(graph)
    export = export_model(graph, kind, "Saved model", weights=get_weights(original))
    path = tmp_path / export.filename
    path.write_bytes(export.content)

    loaded = keras.models.load_model(path)

    assert export.filename == f"Saved_model.{kind}"
    assert [layer.name for layer in loaded.layers] == [layer.name for layer in original.layers]
    for answer, truth in zip(answer_batch(loaded), answer_batch(original), strict=True):
        np.testing.assert_allclose(answer, truth, atol=1e-6)


def test_a_file_that_keras_could_not_read_again_is_refused():
    with pytest.raises(
        GraphError, match=r"operation NotEqual, which Keras cannot read again from a \.h5 file"
    ) as caught:
        export_model(SAMPLES[UNREADABLE[0]](), UNREADABLE[1])

    assert caught.value.code == "format_cannot_hold"


def test_exported_weights_load_into_the_model(tmp_path: Path):
    path = tmp_path / "small.weights.h5"
    path.write_bytes(export_model(chain(), "weights", "small").content)

    build_model(chain()).load_weights(path)


@pytest.mark.parametrize("suffix", [".npz", ".keras", ".weights.h5"])
def test_an_export_holds_the_weights_of_a_file(suffix: str, tmp_path: Path):
    trained = build_model(chain())
    kept = tmp_path / f"kept{suffix}"
    if suffix == ".npz":
        write_weights(kept, get_weights(trained))
    elif suffix == ".keras":
        trained.save(kept)
    else:
        trained.save_weights(kept)

    path = tmp_path / "exported.keras"
    path.write_bytes(export_model(chain(), "keras", weights=kept).content)

    np.testing.assert_array_equal(answer_batch(keras.models.load_model(path))[0], answer_batch(trained)[0])


def test_weights_of_another_model_are_refused_with_issues():
    weights = get_weights(build_model(make_chain(("Dense", {"units": 3}))))

    with pytest.raises(IssuesError) as caught:
        export_model(make_chain(("Dense", {"units": 4})), "keras", weights=weights)

    assert caught.value.code == "weights_do_not_fit"
    assert {issue.layer for issue in caught.value.issues} == {"layer_0"}


@pytest.mark.parametrize("sample", SAMPLES)
def test_exported_json_makes_the_same_model(sample: str):
    graph = SAMPLES[sample]()

    loaded = keras.models.model_from_json(export_model(graph, "json", "m").content.decode())

    assert summarize_model(loaded) == summarize_model(build_model(graph, "m"))


def test_a_summary_opens_nested_models_and_counts_without_weights():
    with open_symbolic_scope():
        summary = summarize_model(link_graph(nested_twice(), "m"))

    assert "dense (Dense)" in summary
    assert "Total params: 30 (120.00 B)" in summary


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_refuses_a_broken_graph_with_its_issues(kind: str):
    graph = two_inputs_two_outputs()
    graph.layers[2].config = {"units": 0}

    with pytest.raises(GraphError) as caught:
        export_model(graph, kind)

    assert [(issue.node, issue.argument) for issue in caught.value.issues] == [("right_small", "units")]


def test_every_format_has_its_writer():
    assert set(WRITERS) == set(FORMATS)


def test_an_unknown_format_names_the_known_ones():
    with pytest.raises(
        EngineError, match="expected one of keras, h5, weights, json, python, savedmodel, onnx"
    ) as caught:
        export_model(chain(), "docx")

    assert caught.value.code == "unknown_format"


def test_a_model_too_large_for_a_file_is_refused_before_anything_is_allocated():
    graph = make_chain(("Dense", {"units": 10**9}))

    with pytest.raises(EngineError, match=r"take 36,000,000,000 bytes; expected at most 4,294,967,296") as caught:
        export_model(graph, "keras")

    assert caught.value.code == "model_too_large"


def test_a_keras_file_holds_what_keras_puts_into_one():
    archive = zipfile.ZipFile(io.BytesIO(export_model(chain(), "keras", "m").content))

    assert set(archive.namelist()) == {"metadata.json", "config.json", "model.weights.h5"}
    assert json.loads(archive.read("config.json"))["config"]["name"] == "m"


def test_an_empty_graph_cannot_be_exported():
    with pytest.raises(GraphError):
        export_model(Graph(), "python")
