"""Layers that take texts do it once before a training, and nothing but the time it takes is another."""

from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from engine.errors import EngineError
from engine.training import prepared_texts, text_layers
from engine.training.config import RunConfig
from engine.training.events import CheckpointEvent, Event, SetupEvent, StepsEvent
from engine.training.feeding import FedData
from engine.training.loop import fit_model
from engine.training.prepared_texts import begin_behind_texts, prepare_texts
from engine.training.reporting import Reporter
from tests.engine.training.command_sources import Script, steps_done

SAMPLES = 61
WORDS = ["good", "bad", "long", "short", "film", "book"]
STREAM = {"mode": "graph", "data": "stream"}
CITIES = ["Köln", "東京", "Lyon"]


@pytest.fixture
def data() -> FedData:
    """Texts, a column of words, numbers, and whether somebody liked it."""
    random = np.random.default_rng(3)
    texts = np.array([" ".join(random.choice(WORDS, random.integers(1, 7))) for _ in range(SAMPLES)], dtype=object)
    cities = random.choice(np.array(CITIES, dtype=object), (SAMPLES, 1))
    numbers = random.normal(size=(SAMPLES, 3))
    liked = np.array([text.count("good") > text.count("bad") for text in texts]).astype("int32")
    return FedData([texts, cities, numbers], [liked], ["liked"])


def make_model(**words: object) -> keras.Model:
    """A vocabulary for each kind of text, a hash that both kinds share, and what learns behind them."""
    keras.utils.set_random_seed(5)
    text = keras.Input([], dtype="string", name="text")
    city, numbers = keras.Input([1], dtype="string", name="city"), keras.Input([3], name="numbers")
    settings = {"vocabulary": WORDS, "output_sequence_length": 5, **words}
    hashed, tokens = keras.layers.Hashing(7, name="hashed"), keras.layers.TextVectorization(**settings, name="words")
    looked_up = keras.layers.StringLookup(vocabulary=CITIES, num_oov_indices=0, output_mode="one_hot", name="cities")(
        city
    )
    vectors = keras.layers.Embedding(10, 4, mask_zero=True)(tokens(text))
    joined = keras.layers.Concatenate()(
        [
            keras.layers.GlobalAveragePooling1D()(vectors),
            keras.layers.Flatten()(keras.layers.Embedding(7, 2)(hashed(city))),
            looked_up,
            keras.layers.BatchNormalization()(numbers),
        ]
    )
    hidden = keras.layers.Dropout(0.3)(keras.layers.Dense(8, "relu")(joined))
    return keras.Model([text, city, numbers], keras.layers.Dense(1, "sigmoid", name="liked")(hidden))


def configure(plan: object = "auto", **fit: object) -> RunConfig:
    compiled = {"optimizer": "adam", "loss": "binary_crossentropy", "metrics": ["accuracy"]}
    settings = {"epochs": 3, "batch_size": 8, "validation_split": 0.2, **fit}
    return RunConfig.model_validate({"compile": compiled, "fit": settings, "data": {"dataset": "given"}, "plan": plan})


class Training:
    """What a training left."""

    def __init__(self, folder: Path):
        self.folder, self.events, self.model = folder, list[Event](), make_model()

    def run(self, data: FedData, config: RunConfig, **settings) -> "Training":
        report = Reporter(self.events.append)
        keras.utils.set_random_seed(5)
        self.history = fit_model(self.model, data, config, self.folder, report, **settings).history
        return self

    @property
    def prepared(self) -> str:
        return next(one.prepared or "" for one in self.events if isinstance(one, SetupEvent))

    @property
    def losses(self) -> list[float]:
        return [value for one in self.events if isinstance(one, StepsEvent) for value in one.values["loss"]]

    @property
    def checkpoint(self) -> Path:
        return self.folder / [one for one in self.events if isinstance(one, CheckpointEvent)][-1].path


class Losses(keras.callbacks.Callback):
    """The loss after each step, as Keras tells it."""

    def __init__(self):
        super().__init__()
        self.seen: list[float] = []

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        self.seen.append((logs or {})["loss"])


def fit_plainly(data: FedData) -> tuple[dict[str, list[float]], list[float], keras.Model]:
    model, losses = make_model(), Losses()
    keras.utils.set_random_seed(5)
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    given = [tf.constant(data.inputs[0]), tf.constant(data.inputs[1]), data.inputs[2]]
    fitted = model.fit(
        given, data.targets[0], epochs=3, batch_size=8, validation_split=0.2, verbose=0, callbacks=[losses]
    )
    return fitted.history, losses.seen, model


@pytest.fixture
def calls(monkeypatch) -> list[tuple[int, ...]]:
    """The shapes of what Hashing was called with: traced once for a program, and again for each piece beforehand."""
    seen: list[tuple[int, ...]] = []
    call = keras.layers.Hashing.call

    def counting(self, inputs):
        seen.append(tuple(inputs.shape))
        return call(self, inputs)

    monkeypatch.setattr(keras.layers.Hashing, "call", counting)
    return seen


PLANS = ["auto", {"mode": "step"}, STREAM, {"mode": "graph"}]


@pytest.mark.parametrize("plan", PLANS, ids=str)
def test_every_step_is_that_of_fit(plan, data, tmp_path):
    ours = Training(tmp_path).run(data, configure(plan))
    history, losses, model = fit_plainly(data)
    assert ours.history.keys() == history.keys()
    for name, values in history.items():
        np.testing.assert_allclose(ours.history[name], values, rtol=1e-5, err_msg=name)
    np.testing.assert_allclose(ours.losses, losses, rtol=1e-5)
    for mine, plain in zip(ours.model.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_allclose(mine, plain, rtol=1e-4, atol=1e-6)
    assert "once, before the training" in ours.prepared


def test_what_was_done_once_and_why_stands_in_the_setup(data, tmp_path, calls):
    ours = Training(tmp_path).run(data, configure({"mode": "step"}))
    for named in ("hashed (Hashing)", "words (TextVectorization)", "cities (StringLookup)"):
        assert named in ours.prepared
    assert (SAMPLES, 1) in calls
    assert not [one for one in calls if one[0] == 8], "no batch of the training went through it"


def test_the_model_is_whole_again_and_so_is_its_checkpoint(data, tmp_path):
    ours = Training(tmp_path)
    config = ours.model.get_config()
    ours.run(data, configure())
    given = [tf.constant(data.inputs[0]), tf.constant(data.inputs[1]), data.inputs[2]]
    expected = ours.model.predict(given, verbose=0)
    assert not {"call", "compute_output_spec", "_manual_input_spec"} & set(vars(ours.model))
    loaded = keras.models.load_model(ours.checkpoint)
    assert ours.model.get_config() == config
    assert [one.name for one in loaded.layers] == [one.name for one in ours.model.layers]
    np.testing.assert_array_equal(loaded.predict(given, verbose=0), expected)


def test_a_callback_may_give_the_model_texts_meanwhile(data, tmp_path):
    seen: list[np.ndarray] = []
    given = [tf.constant(data.inputs[0][:4]), tf.constant(data.inputs[1][:4]), data.inputs[2][:4]]

    class Predicting(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            seen.append(self.model.predict(given, verbose=0))

    ours = Training(tmp_path).run(data, configure(), callbacks=[Predicting()])
    assert len(seen) == 3
    np.testing.assert_allclose(seen[-1], ours.model.predict(given, verbose=0), rtol=1e-5)


def test_a_paused_run_goes_on_where_it_was_and_knows_its_data(data, tmp_path):
    whole = Training(tmp_path / "whole").run(data, configure(STREAM))
    first = Training(tmp_path / "first")
    first.run(data, configure(STREAM), commands=Script(leaves=lambda: steps_done(first.events) > 7))
    again = Training(tmp_path / "again").run(data, configure(STREAM), resume=first.checkpoint)
    assert not [one for one in again.events if getattr(one, "level", None) == "warning"], "the data is the same"
    assert again.history == whole.history


def test_validation_data_of_its_own_is_prepared_too(data, tmp_path):
    rows = np.arange(SAMPLES)
    training, validation = data.take(rows[:48]), data.take(rows[48:])
    given = FedData(training.inputs, training.targets, ["liked"], validation=validation)
    ours = Training(tmp_path).run(given, configure(validation_split=0.0))
    assert ours.history["val_loss"] == pytest.approx(
        Training(tmp_path / "split").run(data, configure()).history["val_loss"], rel=1e-5
    )


def test_a_large_result_lies_in_a_file_and_is_made_in_pieces(data, tmp_path, monkeypatch):
    monkeypatch.setattr("engine.data.steps.rows.IN_MEMORY_BYTES", 0)
    model = make_model()
    prepared = prepare_texts(model, data, configure().fit)
    assert {type(getattr(one, "base", None)) for one in prepared.data.inputs[:1]} == {np.memmap}
    with begin_behind_texts(prepared.part):
        behind = model([tf.constant(one) for one in prepared.data.inputs], training=False)
    whole = model([tf.constant(one) for one in data.inputs], training=False)
    np.testing.assert_array_equal(behind, whole)


@pytest.mark.parametrize(
    ("words", "fit", "why"),
    [
        ({"output_sequence_length": None}, {}, "the length of what 'words' gives differs from batch to batch"),
        ({}, {"epochs": 1}, "each sample is trained on less than 2 times"),
        ({}, {"epochs": 3, "steps_per_epoch": 1}, "each sample is trained on less than 2 times"),
    ],
)
def test_where_it_would_not_be_the_same_or_not_worth_it_each_batch_is_prepared(words, fit, why, data):
    prepared = prepare_texts(make_model(**words), data, configure(**fit).fit)
    assert prepared.part is None
    assert prepared.data is data
    assert why in str(prepared.reason)


def test_a_word_that_a_layer_refuses_is_left_to_the_batch_that_has_it(data):
    cities = np.where(np.arange(SAMPLES) == SAMPLES - 1, "Gdańsk", data.inputs[1][:, 0])[:, np.newaxis].astype(object)
    given = FedData([data.inputs[0], cities, data.inputs[2]], data.targets, ["liked"])
    prepared = prepare_texts(make_model(), given, configure().fit)
    assert prepared.part is None
    assert "as some cannot be" in str(prepared.reason)


def test_numbers_that_need_too_much_room_are_made_batch_by_batch(data, monkeypatch):
    monkeypatch.setattr(prepared_texts, "MOST_BYTES", 100)
    assert "more than" in str(prepare_texts(make_model(), data, configure().fit).reason)


def test_a_model_that_learns_or_draws_before_its_texts_are_read_is_left_alone():
    text = keras.Input([1], dtype="string")
    learns = keras.Sequential([keras.layers.StringLookup(vocabulary=CITIES), keras.layers.Embedding(4, 2)], name="both")
    answer = keras.layers.Dense(1)(keras.layers.Flatten()(learns(text)))
    assert text_layers.find_text_part(keras.Model(text, answer)) == "'both' has weights or draws at random"


def test_a_model_without_texts_has_nothing_to_prepare(data):
    numbers = keras.Input([3])
    prepared = prepare_texts(keras.Model(numbers, keras.layers.Dense(1)(numbers)), data, configure().fit)
    assert (prepared.part, prepared.reason) == (None, None)


def test_what_fails_in_a_layer_of_texts_is_an_error_and_leaves_the_model_whole(data, tmp_path):
    model = make_model()
    prepared = prepare_texts(model, data, configure().fit)
    with pytest.raises(EngineError), begin_behind_texts(prepared.part):
        raise EngineError("any", "Something went wrong.")
    assert "call" not in vars(model)


@pytest.mark.parametrize("named", [True, False])
def test_a_model_of_several_outputs_answers_the_same_behind_its_texts(named, data):
    keras.utils.set_random_seed(1)
    city = keras.Input([1], dtype="string", name="city")
    hashed = keras.layers.Hashing(7, name="hashed")(city)
    vector = keras.layers.Flatten()(keras.layers.Embedding(7, 2)(hashed))
    outputs = {"b": keras.layers.Dense(2)(vector), "a": keras.layers.Dense(3)(vector), "c": hashed}
    model = keras.Model(city, outputs if named else list(outputs.values()))
    given = FedData(data.inputs[1:2], data.targets * 3, ["liked"] * 3)
    prepared = prepare_texts(model, given, configure().fit)
    with begin_behind_texts(prepared.part):
        behind, symbolic = model(tf.constant(prepared.data.x)), model(keras.Input([1], dtype="int64"))
    whole = model(tf.constant(data.inputs[1]))
    keras.tree.assert_same_structure(behind, whole)
    keras.tree.map_structure(np.testing.assert_array_equal, behind, whole)
    assert keras.tree.map_structure(lambda one: one.shape[1], symbolic) == keras.tree.map_structure(
        lambda one: one.shape[1], whole
    )
