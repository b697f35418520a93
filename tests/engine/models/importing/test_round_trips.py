"""What Keras saves of a model comes back from its config and its files as the same model."""

import json
import re

import keras
import numpy as np
import pytest
from keras import layers, ops

from engine.layers.scope import open_symbolic_scope
from engine.models.builder import build_model, link_graph
from engine.models.check import GraphChecker
from engine.models.importing.configs import import_config
from engine.models.importing.files import import_file
from engine.models.weights import apply_weights, read_weights
from tests.engine.models.samples import SAMPLES


def shared_and_nested():
    """A layer called three times, a model in a model in a model, called twice, with a frozen layer."""
    shared = layers.Dense(4, activation="tanh", name="shared")
    deepest = keras.Sequential([keras.Input((4,)), layers.Dense(4, name="deep")], name="deepest")
    start = keras.Input((4,), name="inner_in")
    inner = keras.Model(start, layers.Add(name="skip")([start, deepest(shared(start))]), name="inner")
    inner.get_layer("deepest").trainable = False
    a, b = keras.Input((4,), name="a"), keras.Input((4,), name="b")
    outer = layers.Dense(4, kernel_regularizer=keras.regularizers.L2(0.5), name="outer")
    both = layers.Concatenate(name="both")([inner(outer(a)), inner(outer(b))])
    return keras.Model([b, a], [layers.Dense(1, name="one")(both), outer(a)], name="nested")


def wrapped():
    inner = keras.Sequential([keras.Input((3,)), layers.Dense(2, name="dense")], name="per_step")
    words = keras.Input((5, 3), name="words")
    steps = layers.TimeDistributed(inner, name="wrapper")(words)
    both_ways = layers.Bidirectional(layers.LSTM(2, return_sequences=True), merge_mode="sum", name="both")(steps)
    cells = layers.RNN([layers.LSTMCell(3), layers.GRUCell(2)], name="cells")(both_ways)
    return keras.Model(words, layers.SpectralNormalization(layers.Dense(2), name="norm")(cells), name="wrapped")


def operations():
    x, y = keras.Input((4, 6), name="x"), keras.Input((4, 6), name="y")
    z = ops.add(x, 2.0) * y
    piece = z[:, 1:3, ..., :-1]
    both = ops.concatenate([piece, ops.flip(piece, axis=1)], axis=-1)
    return keras.Model([x, y], [ops.mean(both, axis=[1, 2]), ops.split(z, 2, axis=1)[1]], name="operations")


def states_and_masks():
    words = keras.Input((None,), dtype="int32", name="words")
    embedded = layers.Embedding(9, 4, mask_zero=True, name="embed")(words)
    _, h, c = layers.LSTM(3, return_state=True, name="encoder")(embedded, training=False)
    read = layers.LSTM(3, name="decoder")(embedded, initial_state=[h, c])
    query = layers.Dense(4, name="query")(embedded)
    attended = layers.MultiHeadAttention(2, 2, name="attend")(query, embedded, use_causal_mask=True)
    return keras.Model(words, [read, layers.GlobalAveragePooling1D(name="pool")(attended)], name="states")


def dictionaries():
    inputs = {"left": keras.Input((3,), name="left"), "after": keras.Input((3,), name="after")}
    summed = layers.Add(name="sum")([inputs["left"], inputs["after"]])
    outputs = {"z": layers.Dense(1, name="z_out")(summed), "b": layers.Dense(2, name="b_out")(summed)}
    return keras.Model(inputs, outputs, name="dictionaries")


def mixed_precision():
    x = keras.Input((4,), batch_size=2, name="x")
    h = layers.Dense(4, dtype="mixed_float16", name="half")(x)
    return keras.Model(x, layers.Dense(2, dtype="float32", kernel_initializer="he_normal", name="out")(h), name="mixed")


def augmented():
    return keras.Sequential(
        [
            keras.Input((8, 8, 3), name="pictures"),
            layers.RandomFlip("horizontal", seed=3, name="flip"),
            layers.Rescaling([1.0, 2.0, 3.0], offset=-1.0, name="scale"),
            layers.Conv2D(2, 3, padding="same", data_format="channels_last", name="conv"),
            layers.BatchNormalization(momentum=0.9, name="norm"),
            layers.Flatten(name="flat"),
        ],
        name="augmented",
    )


MODELS = (shared_and_nested, wrapped, operations, states_and_masks, dictionaries, mixed_precision, augmented)


def make_model(name):
    for made in MODELS:
        if made.__name__ == name:
            return made()
    return build_model(SAMPLES[name](), name)


NAMES = [*SAMPLES, *(made.__name__ for made in MODELS)]


@pytest.fixture(scope="module")
def models():
    """Every model by name, with random weights. Seeded, so that states of random layers are the same too.

    The names that Keras makes up start from zero, whatever was made before.
    """
    keras.utils.clear_session()
    keras.utils.set_random_seed(5)
    return {name: make_model(name) for name in NAMES}


def describe(model):
    """All that Keras says of a model and its layers, but for the order of equal keys and structures of ends."""
    text = json.loads(model.to_json())
    for end in ("input_layers", "output_layers"):
        text["config"].pop(end, None)
    return drop_builds(text)


def compare(found, expected, path=""):
    """The paths at which two values of JSON differ. An argument that is null and one that is left out are the same."""
    if isinstance(found, dict) and isinstance(expected, dict):
        for key in sorted(found.keys() | expected.keys()):
            yield from compare(found.get(key), expected.get(key), f"{path}/{key}")
    elif isinstance(found, list) and isinstance(expected, list) and len(found) == len(expected):
        for place, (one, other) in enumerate(zip(found, expected, strict=True)):
            yield from compare(one, other, f"{path}/{place}")
    elif found != expected:
        yield path, found, expected


def drop_builds(value):
    """Without what layers were built for, which not every one of Keras's models says again."""
    if isinstance(value, dict):
        return {key: drop_builds(one) for key, one in value.items() if key not in ("build_config", "compile_config")}
    return [drop_builds(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", NAMES)
def test_a_config_comes_back_as_the_same_layers_and_calls(models, name):
    model = models[name]
    result = import_config(json.loads(model.to_json()))
    with open_symbolic_scope():
        rebuilt = link_graph(result.graph, model.name)
        assert list(compare(describe(rebuilt), describe(model))) == []
        assert [one.name for one in rebuilt.inputs] == [one.name for one in model.inputs]
        assert [tuple(one.shape) for one in rebuilt.outputs] == [tuple(one.shape) for one in model.outputs]
    assert GraphChecker().check(result.graph).ok
    assert [issue.code for issue in result.report] == (["structure_flattened"] * 2 if name == "dictionaries" else [])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("extension", [".keras", ".h5"])
def test_a_file_brings_model_and_weights(models, name, extension, tmp_path):
    model = models[name]
    path = tmp_path / f"model{extension}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("warnings.warn", lambda *_args, **_kwargs: None)
        model.save(path)
    destination = tmp_path / "weights.npz"
    result = import_file(path, destination)
    assert [issue.code for issue in result.report if issue.code != "structure_flattened"] == []
    assert (result.weights is not None) == bool(model.weights)
    rebuilt = build_model(result.graph, model.name)
    if result.weights is not None:
        apply_weights(rebuilt, read_weights(destination))
    inputs = [draw(one) for one in model.inputs]
    for found, expected in zip(answer(rebuilt, inputs), answer(model, inputs), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


def draw(tensor):
    random = np.random.default_rng(3)
    shape = [2 if size is None else size for size in tensor.shape]
    if tensor.dtype == "int32":
        return random.integers(0, 9, shape, dtype="int32")
    return random.normal(size=shape).astype("float32")


def answer(model, inputs):
    # A Sequential, like a model of one input, takes the tensor itself.
    structure = keras.tree.pack_sequence_as(getattr(model, "_inputs_struct", 0), inputs)
    return [np.asarray(one) for one in keras.tree.flatten(model(structure, training=False))]


def test_a_config_without_its_class_is_one_too(models):
    whole = import_config(json.loads(models["shared_and_nested"].to_json()))
    inner = json.loads(models["shared_and_nested"].to_json())["config"]
    assert import_config(inner).graph == whole.graph
    sequential = json.loads(models["augmented"].to_json())
    assert import_config(sequential["config"]).graph == import_config(sequential).graph


def test_the_document_says_only_what_differs_from_keras(models):
    graph = import_config(json.loads(models["shared_and_nested"].to_json())).graph
    outer = next(layer for layer in graph.layers if layer.id == "outer")
    assert outer.config == {"units": 4, "kernel_regularizer": {"class_name": "L2", "config": {"l2": 0.5}}}
    inner = next(layer for layer in graph.layers if layer.id == "inner").graph
    assert inner is not None
    assert [(layer.class_name, layer.trainable) for layer in inner.layers if layer.graph] == [("Sequential", False)]
    assert graph.inputs is not None
    assert [reference.node for reference in graph.inputs] == ["b", "a"]


def test_a_chain_has_no_ends_of_its_own_so_that_it_can_grow(models):
    graph = import_config(json.loads(models["augmented"].to_json())).graph
    assert (graph.class_name, graph.inputs, graph.outputs) == ("Sequential", None, None)


def test_constants_of_calls_are_kept(models):
    graph = import_config(json.loads(models["operations"].to_json())).graph
    arguments = {node.id: node.arguments for node in graph.nodes if node.arguments}
    assert arguments["add"] == {"1": 2.0}
    markers = re.findall(r"__\w+__", json.dumps(arguments["get_item"]["1"]))
    assert markers == ["__slice__", "__slice__", "__ellipsis__", "__slice__"]
    edges = sorted((edge.path, edge.source) for edge in graph.edges if edge.target == "concatenate")
    assert edges == [([0], "get_item"), ([1], "flip")]


def test_compile_settings_come_along():
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2, name="y")])
    model.compile(
        keras.optimizers.AdamW(0.003, clipnorm=1.0),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy", keras.metrics.TopKCategoricalAccuracy(k=2)],
        run_eagerly=True,
    )
    result = import_config(json.loads(model.to_json()))
    assert result.compile == {
        "optimizer": {"class_name": "AdamW", "config": {"learning_rate": 0.003, "clipnorm": 1.0}},
        "loss": {"class_name": "SparseCategoricalCrossentropy", "config": {"from_logits": True}},
        "metrics": ["accuracy", {"class_name": "TopKCategoricalAccuracy", "config": {"k": 2}}],
    }
    assert [issue.message for issue in result.report] == [
        "compile(run_eagerly=True) has no place in a run's config; it was left out."
    ]
