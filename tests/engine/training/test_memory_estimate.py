"""What a training step needs: compared with what can be added up by hand, and with what there is."""

import keras
import numpy as np
import pytest

from engine.training.memory_estimate import MemoryEstimate, estimate_memory, explain_out_of_memory, format_bytes

MIB = 2**20


def make_mlp(optimizer: str = "adam", units: int = 1000) -> "keras.Model":
    hidden = [keras.layers.Dense(units, activation="relu") for _ in range(2)]
    model = keras.Sequential([keras.Input((100,)), *hidden, keras.layers.Dense(10)])
    model.compile(optimizer, "mse")
    return model


@pytest.mark.parametrize(("optimizer", "copies"), [("sgd", 1), ("adam", 3)])
def test_weights_and_the_optimizers_variables_are_needed_whatever_the_batch(optimizer: str, copies: int):
    model = make_mlp(optimizer)
    weights = 4 * model.count_params()
    estimate = estimate_memory(model, 64)
    # Weights, what the optimizer keeps for each, and gradients, of which two are not there at the same time.
    assert copies * weights < estimate.fixed_bytes < (copies + 1.2) * weights
    model.optimizer.build(model.trainable_variables)
    assert estimate_memory(model, 64).fixed_bytes == estimate.fixed_bytes


def test_what_the_backward_pass_needs_grows_with_the_batch():
    estimate = estimate_memory(make_mlp(), 512)
    input_and_two_layers = 4 * (100 + 2 * 1000)
    assert input_and_two_layers < estimate.sample_bytes < 3 * input_and_two_layers
    assert estimate.count_bytes(2048) - estimate.count_bytes(1024) == 1024 * estimate.sample_bytes


@pytest.mark.parametrize("steps", [20, 200])
def test_a_recurrent_layer_keeps_every_step_though_it_gives_the_last_one_only(steps: int):
    units = 64
    model = keras.Sequential([keras.Input((steps, 16)), keras.layers.LSTM(units), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    estimate = estimate_memory(model, 32)
    assert 6 * 4 * steps * units < estimate.sample_bytes < 12 * 4 * steps * units


def test_open_dimensions_are_taken_from_the_data():
    model = keras.Sequential([keras.Input((None,), dtype="int32"), keras.layers.Embedding(1000, 8)])
    model.compile("adam", "mse")
    with pytest.raises(ValueError, match="has the shape"):
        estimate_memory(model, 32)
    short, long = (estimate_memory(model, 32, [(length,)]).sample_bytes for length in (10, 100))
    assert long == pytest.approx(10 * short, rel=0.01)


@pytest.mark.parametrize("kind", ["nested", "named", "convolution", "attention"])
def test_models_of_all_kinds_can_be_traced_and_stay_as_they_are(kind: str):
    inputs = keras.Input((16, 8), name="one")
    match kind:
        case "nested":
            inner = keras.Sequential([keras.Input((8,)), keras.layers.Dense(4), keras.layers.Dropout(0.5)])
            model = keras.Model(inputs, keras.layers.TimeDistributed(inner)(inputs))
        case "named":
            other = keras.Input((16, 8), name="two")
            outputs = {"sum": keras.layers.Add()([inputs, other]), "one": keras.layers.Dense(1)(inputs)}
            model = keras.Model({"one": inputs, "two": other}, outputs)
        case "convolution":
            hidden = keras.layers.BatchNormalization()(keras.layers.Conv1D(4, 3)(inputs))
            model = keras.Model(inputs, keras.layers.GlobalMaxPooling1D()(hidden))
        case "attention":
            hidden = keras.layers.MultiHeadAttention(2, 4)(inputs, inputs)
            model = keras.Model(inputs, keras.layers.LayerNormalization()(inputs + hidden))
    model.compile("adam", "mse")
    before = [np.array(variable.value) for variable in model.variables]
    assert estimate_memory(model, 8).sample_bytes >= 4 * 16 * 8
    assert all(np.array_equal(a, b.value) for a, b in zip(before, model.variables, strict=True))


def test_the_largest_batch_that_fits_is_a_power_of_two():
    estimate = MemoryEstimate(fixed_bytes=1000, sample_bytes=10)
    assert [estimate.find_batch_size(limit) for limit in (1262, 1263, 1449, 1450, 10**6)] == [None, 1, 8, 16, 65536]


def test_the_sentence_says_what_is_needed_and_what_would_fit():
    model = make_mlp()
    estimate = estimate_memory(model, 65536)
    limit = int(1.25 * estimate.count_bytes(1000))
    needed = format_bytes(estimate.count_bytes(65536))
    assert explain_out_of_memory(model, 65536, limit) == (
        f"The training ran out of memory: about {needed} are needed for a batch of 65,536;"
        f" 512 would fit into {format_bytes(limit)}."
    )


def test_the_sentence_is_true_too_where_nothing_fits_or_everything_should():
    model = make_mlp()
    assert explain_out_of_memory(model, 32, 5 * MIB).endswith(
        "there are 5 MiB. The model is too large for this machine."
    )
    assert "the rest is taken by something else" in explain_out_of_memory(model, 32, 2**40)
    assert explain_out_of_memory(model, 32).endswith("for a batch of 32. Try a smaller batch size or a smaller model.")


def test_a_model_that_cannot_be_measured_still_gets_a_sentence():
    model = keras.Sequential([keras.Input((None, 4)), keras.layers.Dense(1)])
    model.compile("adam", "mse")
    expected = "The training ran out of memory. Try a smaller batch size or a smaller model."
    assert explain_out_of_memory(model, 32, MIB) == expected


def test_bytes_are_written_for_people():
    sizes = [0, 1023, 1024, 1536, 3.1 * 2**30, 2**20 - 1, 5000 * 2**40]
    written = ["0 bytes", "1023 bytes", "1 KiB", "1.5 KiB", "3.1 GiB", "1 MiB", "5000 TiB"]
    assert [format_bytes(int(size)) for size in sizes] == written
