"""What a model's first layers make of texts, computed once before the training, and not for each batch of each epoch.

The steps run the rest of the model on it. The model stays whole: it is saved, exported and evaluated as it was drawn.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import keras
import tensorflow as tf
from keras.src.models.functional import operation_fn, unpack_singleton

from engine.data.source import Array
from engine.data.steps.faults import StepFault
from engine.data.steps.rows import make_room
from engine.training.adapting import read_batches
from engine.training.config import FitSettings
from engine.training.feeding import FedData
from engine.training.reasons import describe_error
from engine.training.splitting import count_samples
from engine.training.text_layers import TextPart, find_input, find_text_part, list_names

MOST_BYTES = 4 << 30
"""More than that is not written before a training: reading it again would take as long as making it."""

LEAST_PASSES = 2


@dataclass(frozen=True, slots=True)
class PreparedData(FedData):
    """Data whose inputs are what the layers of texts made of those of `raw`: whatever tells one data set from another
    looks at that."""

    raw: FedData | None = None

    @property
    def arrays(self) -> list[Array]:
        return [] if self.raw is None else self.raw.arrays


@dataclass(frozen=True, slots=True)
class Prepared:
    """The data to train on. `part` is what was computed of it, None where nothing was; `reason` says why either way,
    None where no texts go in."""

    data: FedData
    part: TextPart | None = None
    reason: str | None = None


def prepare_texts(model: "keras.Model", data: FedData, fit: FitSettings) -> Prepared:
    """The data with the model's texts prepared, where that changes nothing but the time it takes.

    Reads and computes in pieces; a large result lies in a file without a name.
    """
    part = find_text_part(model)
    if part is None:
        return Prepared(data)
    obstacle = part if isinstance(part, str) else _find_obstacle(part, data, fit)
    if obstacle is not None or isinstance(part, str):
        return Prepared(data, reason=f"Texts are prepared anew for each batch: {obstacle}.")
    try:
        prepared = _prepare(part, data)
    except StepFault as fault:
        return Prepared(data, reason=f"Texts are prepared anew for each batch: {fault.message.rstrip('.')}.")
    except tf.errors.OpError as error:
        # The samples that are kept for testing are among them: where training meets the fault too, it says so.
        why = describe_error(error).rstrip(".")
        return Prepared(data, reason=f"Texts are prepared anew for each batch, as some cannot be: {why}.")
    names = ", ".join(list_names(part.layers))
    reason = f"{names} made their numbers of the texts once, before the training: they are the same in each epoch."
    return Prepared(prepared, part, reason)


@contextmanager
def begin_behind_texts(part: TextPart | None) -> Iterator[None]:
    """Meanwhile the model, called with what the layers of texts make, runs the rest; called with texts it is whole."""
    if part is None:
        yield
        return
    model = part.model
    rest = _Rest(part)
    model.call, model.compute_output_spec, model.input_spec = rest.call, rest.compute_output_spec, None
    try:
        yield
    finally:
        del model.call, model.compute_output_spec
        del model._manual_input_spec  # noqa: SLF001 - what setting `input_spec` has made


class _Rest:
    """The model's calls: behind the layers of texts where it is given what they make."""

    def __init__(self, part: TextPart):
        self._part = part
        self._call, self._compute_output_spec = part.model.call, part.model.compute_output_spec
        self._function = keras.Function(part.ends, part.model.outputs)

    def call(self, inputs: object, training: bool | None = None, mask: object = None, **kwargs: object) -> object:
        if _has_texts(inputs):
            return self._call(inputs, training=training, mask=mask, **kwargs)
        given = self._standardize(inputs)
        # As Keras's own `call` of such a model does.
        answers = self._function._run_through_graph(  # noqa: SLF001
            given, operation_fn=lambda operation: operation_fn(operation, training=training, **kwargs)
        )
        return self._pack(answers)

    def compute_output_spec(self, inputs: object, training: bool | None = None, mask: object = None) -> object:
        if _has_texts(inputs):
            return self._compute_output_spec(inputs, training=training, mask=mask)
        return self._pack(self._function.compute_output_spec(self._standardize(inputs)))

    def _pack(self, answers: "list[keras.KerasTensor]") -> object:
        structure = self._part.model._outputs_struct  # noqa: SLF001 - dicts and lists of outputs stay what they are
        return unpack_singleton(keras.tree.pack_sequence_as(structure, answers))

    def _standardize(self, inputs: object) -> "list[keras.KerasTensor]":
        """What the model itself does to its inputs: its dtypes, and a last dimension of 1 where one is meant."""
        model, flat = self._part.model, keras.tree.flatten(inputs)
        given = []
        for end, tensor in zip(self._part.ends, flat, strict=True):
            place = find_input(model, end)
            if place is not None:
                alone = [None] * len(model.inputs)
                alone[place] = keras.ops.convert_to_tensor(tensor, dtype=end.dtype)
                tensor = model._adjust_input_rank(alone)[place]  # noqa: SLF001, PLW2901
            given.append(tensor)
        return given


def _has_texts(inputs: object) -> bool:
    return any(
        keras.backend.standardize_dtype(one.dtype) == "string" if hasattr(one, "dtype") else True
        for one in keras.tree.flatten(inputs)
    )


def _find_obstacle(part: TextPart, data: FedData, fit: FitSettings) -> str | None:
    """Why it is not worth it."""
    training, _ = count_samples(data, fit)
    steps = (fit.epochs - fit.initial_epoch) * (fit.steps_per_epoch or math.ceil(training / fit.batch_size))
    if steps * fit.batch_size < LEAST_PASSES * training:
        return f"each sample is trained on less than {LEAST_PASSES} times"
    samples = data.samples + (data.validation.samples if data.validation else 0)
    size = samples * part.sample_bytes
    if size > MOST_BYTES:
        return f"their numbers would take {size / 1e9:.1f} GB, more than {MOST_BYTES / 1e9:.1f} GB"
    return None


def _prepare(part: TextPart, data: FedData) -> PreparedData:
    validation = None if data.validation is None else _prepare(part, data.validation)
    made = iter(_compute(part, data))
    places = [find_input(part.model, end) for end in part.ends]
    inputs = [next(made) if place is None else data.inputs[place] for place in places]
    return PreparedData(inputs, data.targets, data.target_names, data.sample_weights, validation, data.splits, raw=data)


def _compute(part: TextPart, data: FedData) -> list[Array]:
    """What the layers make of all samples, an array for each of the tensors."""
    rooms = [make_room((data.samples, *end.shape[1:]), end.dtype) for end in part.made]
    sources = {id(source) for end in part.made for source in keras.utils.get_source_inputs(end)}
    needed = [place for place, tensor in enumerate(part.model.inputs) if id(tensor) in sources]
    layers = keras.Model([part.model.inputs[place] for place in needed], part.made)
    start = 0
    for tensors in read_batches([data.inputs[place] for place in needed])():
        answers = keras.tree.flatten(layers(tensors if len(tensors) > 1 else tensors[0], training=False))
        for (written, _), answer in zip(rooms, answers, strict=True):
            written[start : start + len(answer)] = keras.ops.convert_to_numpy(answer)
        start += len(tensors[0])
    for _, read in rooms:
        read.setflags(write=False)
    return [read for _, read in rooms]
