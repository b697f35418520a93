"""One real example before and after every layer that prepares data, and what random layers draw in training."""

import base64
import io

import keras
import numpy as np
import pytest
from PIL import Image
from pydantic import JsonValue

from engine.data.datasets import load_dataset
from engine.data.library.kinds import GivenFile
from engine.data.library.library import use_library
from engine.data.library.make import Naming, inspect, make
from engine.data.library.store import LibraryStore
from engine.errors import ConfigError, EngineError, GraphError
from engine.evaluation.preprocessing.preview import FITTED_TO_SOME, preview_graph
from engine.evaluation.preprocessing.schema import Preview, PreviewArray, PreviewSettings
from engine.graph.document import Graph
from engine.models.check import GraphChecker
from engine.training.config import DataSettings
from tests.engine.training.augmentation_graphs import draw_chain

CHECKER = GraphChecker()
DIGITS = DataSettings(dataset="digits")
TURN: tuple[str, dict[str, JsonValue]] = ("RandomRotation", {"factor": 0.2})
SCALE: tuple[str, dict[str, JsonValue]] = ("Rescaling", {"scale": 4.0, "offset": -1.0})
DENSE: tuple[str, dict[str, JsonValue]] = ("Dense", {"units": 3})


def look(graph: Graph, data: DataSettings = DIGITS, **settings: object) -> Preview:
    return preview_graph(CHECKER, graph, data, PreviewSettings.model_validate(settings))


def read_picture(array: PreviewArray) -> np.ndarray:
    assert array.picture is not None
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(array.picture.split(",", 1)[1]))))


def read_outputs(preview: Preview) -> dict[str, PreviewArray]:
    return {step.node: step.output for step in preview.steps}


def test_an_example_is_shown_as_it_is_and_after_each_layer():
    preview = look(draw_chain(SCALE, TURN, DENSE), example=7)
    dataset = load_dataset("digits")
    picture = dataset.inputs["image"][7]
    assert (preview.dataset, preview.samples, preview.example) == ("digits", dataset.samples, 7)
    assert preview.target == str(dataset.targets["digit"][7])
    assert [step.node for step in preview.steps] == ["image", "step_0", "step_1"]
    assert [step.sources for step in preview.steps] == [[], ["image"], ["step_0"]]
    assert [step.preparing for step in preview.steps] == [False, True, True]
    assert [step.random for step in preview.steps] == [False, False, True]
    before, scaled, turned = read_outputs(preview).values()
    assert before.shape == [8, 8, 1]
    assert (scaled.minimum, scaled.maximum) == (4 * picture.min() - 1, 4 * picture.max() - 1)
    # Black and white are carried along, so that scaling changes no picture; and nothing turns while nothing is trained.
    np.testing.assert_array_equal(read_picture(before), np.round(picture[..., 0] / picture.max() * 255))
    np.testing.assert_array_equal(read_picture(before), read_picture(scaled))
    np.testing.assert_array_equal(read_picture(before), read_picture(turned))


def test_random_layers_draw_as_in_training_and_the_same_for_the_same_seed():
    graph = draw_chain(TURN, DENSE)
    first, again, other = (look(graph, example=3, seed=seed, count=4) for seed in (1, 1, 2))
    assert len({draw.picture for draw in first.draws}) == 4
    assert first == again
    assert {draw.picture for draw in first.draws}.isdisjoint({draw.picture for draw in other.draws})
    assert look(graph, example=3, training=False).draws == []


def test_draws_are_those_of_kerass_layer():
    preview = look(draw_chain(("RandomFlip", {"mode": "horizontal", "seed": 5}), DENSE), example=3, count=6)
    layer = keras.layers.RandomFlip("horizontal", seed=5)
    sample = load_dataset("digits").inputs["image"][3:4]
    expected = np.asarray(layer(np.repeat(sample, 6, axis=0), training=True))[..., 0]
    for draw, one in zip(preview.draws, expected, strict=True):
        np.testing.assert_array_equal(read_picture(draw), np.round(one / one.max() * 255))


def test_large_draws_are_made_one_after_the_other(monkeypatch):
    monkeypatch.setattr("engine.evaluation.preprocessing.running.MOST_AT_ONCE", 1)
    draws = look(draw_chain(TURN), example=3, count=3).draws
    assert len({draw.picture for draw in draws}) == 3


@pytest.mark.parametrize("mix", [("MixUp", {"alpha": 0.9}), ("CutMix", {})])
def test_layers_that_mix_samples_draw_different_ones_and_say_what_is_in_each(mix: tuple[str, dict[str, JsonValue]]):
    graph = draw_chain(SCALE, (mix[0], mix[1] | {"seed": 3}), DENSE)
    preview = look(graph, example=7, seed=1)

    dataset = load_dataset("digits")
    assert len({draw.picture for draw in preview.draws}) == len(preview.draws) == len(preview.draw_targets) == 9
    assert preview.draw_targets[0].startswith(str(dataset.targets["digit"][7]))
    assert len({text[0] for text in preview.draw_targets}) > 2
    assert any(mix[0] in remark for remark in preview.remarks)
    assert preview == look(graph, example=7, seed=1)


def test_what_is_said_to_be_in_a_mixed_picture_is_in_it():
    preview = look(draw_chain(("MixUp", {"alpha": 1.0, "seed": 3})), example=7, seed=1, count=2)

    first, other = preview.draw_targets[0].split(", ")
    share = int(other.split("(")[1].removesuffix(" %)"))
    assert first.startswith(f"{load_dataset('digits').targets['digit'][7]} ({100 - share} %)")
    images = load_dataset("digits").inputs["image"]
    places = np.random.default_rng(1).permutation(len(images))
    second = images[next(place for place in places if place != 7)]
    np.testing.assert_allclose(
        read_picture(preview.draws[0]) / 255 * images.max(),
        ((100 - share) * images[7] + share * second)[..., 0] / 100,
        atol=0.2,
    )


def test_layers_that_mix_nothing_name_no_samples():
    preview = look(draw_chain(TURN, DENSE), example=7)
    assert (preview.draw_targets, preview.remarks) == ([], [])


def test_layers_without_randomness_draw_nothing():
    assert look(draw_chain(SCALE, DENSE)).draws == []


def test_an_example_is_taken_by_the_seed_where_none_is_named():
    graph = draw_chain(SCALE)
    assert look(graph, seed=1).example == look(graph, seed=1).example
    assert len({look(graph, seed=seed).example for seed in range(5)}) > 1


def test_only_what_leads_to_the_node_is_looked_at():
    graph = draw_chain(SCALE, TURN, DENSE)
    assert [step.node for step in look(graph, node="step_0").steps] == ["image", "step_0"]
    assert look(graph, node="step_0").draws == []
    assert [step.node for step in look(graph, node="image").steps] == ["image"]


def test_what_comes_after_weights_is_left_out_with_the_reason():
    graph = draw_chain(SCALE, ("Flatten", {}), DENSE, ("Rescaling", {"scale": 2.0}))
    preview = look(graph)
    assert [step.node for step in preview.steps] == ["image", "step_0"]
    assert [(one.node, "weights" in one.reason) for one in preview.left_out] == [("step_3", True)]
    with pytest.raises(EngineError, match="Dense has weights"):
        look(graph, node="step_2")
    with pytest.raises(EngineError, match="comes after 'step_2'"):
        look(graph, node="step_3")


def test_layers_on_the_way_are_steps_too():
    preview = look(draw_chain(("Flatten", {}), SCALE))
    assert [(step.node, step.preparing) for step in preview.steps[1:]] == [("step_0", False), ("step_1", True)]
    shown = read_outputs(preview)["step_1"]
    assert shown.picture is None
    assert shown.shown is not None
    assert shown.shown.kind == "numbers"


def test_a_model_of_nothing_but_such_layers_is_one_step():
    inner = draw_chain(TURN, SCALE).model_dump(mode="json")
    graph = draw_chain(("Functional", {}), DENSE)
    layers = [
        one if one.id != "step_0" else one.model_copy(update={"graph": Graph.model_validate(inner)})
        for one in graph.layers
    ]
    preview = look(graph.model_copy(update={"layers": layers}), example=3)
    assert [(step.node, step.random) for step in preview.steps] == [("image", False), ("step_0", True)]
    assert len(preview.draws) == 9


def test_layers_that_learn_from_data_are_fitted_to_some_of_it():
    preview = look(draw_chain(("Normalization", {}), DENSE), example=0)
    assert preview.remarks == [FITTED_TO_SOME]
    layer = keras.layers.Normalization()
    images = load_dataset("digits").inputs["image"]
    layer.adapt(images[:2000])
    expected = np.asarray(layer(images[:1]))
    assert read_outputs(preview)["step_0"].maximum == pytest.approx(expected.max(), rel=1e-4)


def test_texts_are_shown_as_texts(tmp_path):
    rows = "\n".join(f"{'a fine day' if i % 2 else 'rain again'} {i},{i % 2}" for i in range(40))
    file = tmp_path / "days.csv"
    file.write_text(f"words,good\n{rows}\n")
    files = [GivenFile("days.csv", file)]
    definition = inspect(files).definition
    store = LibraryStore(tmp_path / "data")
    making = store.begin() / "set"
    making.mkdir()
    make(files, definition, making, Naming("days", "Days", "", []), lambda _: None)
    store.publish(making, "days")
    use_library(store.sets)
    try:
        graph = draw_chain(("TextVectorization", {"output_sequence_length": 4}), shape=[])
        layers = [
            one if one.id != "image" else one.model_copy(update={"config": {"shape": [], "dtype": "string"}})
            for one in graph.layers
        ]
        preview = look(graph.model_copy(update={"layers": layers}), DataSettings(dataset="days"), example=1)
    finally:
        use_library(None)
    before, after = read_outputs(preview).values()
    assert before.dtype == "string"
    assert before.shown is not None
    assert "a fine day 1" in str(before.shown.values)
    assert after.shown is not None
    assert (after.shape, after.shown.kind) == ([4], "tokens")


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (("Resizing", {"height": 100_000, "width": 100_000}), "expected at most 100,000,000"),
        (("CategoryEncoding", {"num_tokens": 2_000_000_000, "output_mode": "one_hot"}), "expected at most 100,000,000"),
    ],
)
def test_hostile_sizes_are_refused_before_anything_is_computed(step: tuple[str, dict[str, JsonValue]], words: str):
    with pytest.raises(EngineError, match=words) as error:
        look(draw_chain(step))
    assert error.value.code == "too_large_to_preview"


def test_what_does_not_fit_is_refused_at_its_place():
    with pytest.raises(ConfigError, match="takes samples of shape") as error:
        look(draw_chain(SCALE, shape=[9, 9, 1]))
    assert error.value.issues[0].argument == "data.inputs.image"
    with pytest.raises(ConfigError, match="expected a number from 0 to 1796") as error:
        look(draw_chain(SCALE), example=1797)
    assert error.value.issues[0].argument == "example"
    with pytest.raises(EngineError, match="no data set 'nothing'"):
        look(draw_chain(SCALE), DataSettings(dataset="nothing"))
    with pytest.raises(EngineError, match="no node 'nobody'"):
        look(draw_chain(SCALE), node="nobody")


def test_a_layer_that_cannot_be_called_is_left_out_or_refused_with_kerass_words():
    graph = draw_chain(SCALE, ("RandomRotation", {"factor": 20}), DENSE)
    preview = look(graph)
    assert [step.node for step in preview.steps] == ["image", "step_0"]
    assert preview.left_out[0].node == "step_1"
    assert "factor" in preview.left_out[0].reason
    with pytest.raises((EngineError, GraphError), match="factor"):
        look(graph, node="step_1")


def test_an_empty_drawing_is_refused():
    with pytest.raises(EngineError, match="no input"):
        look(Graph())
