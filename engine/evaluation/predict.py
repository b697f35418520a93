"""What a trained model says about samples of its data, or about what somebody sends."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from engine.backend.values import refuse_too_many, write_values
from engine.errors import EngineError, IssuesError
from engine.evaluation.answers import ShownInput, describe_samples, read_answers
from engine.evaluation.arrays import Array
from engine.evaluation.evaluate import predict_arrays
from engine.evaluation.incoming.csv_rows import read_csv
from engine.evaluation.incoming.images import read_image
from engine.evaluation.incoming.json_rows import read_inputs, read_rows
from engine.evaluation.incoming.received import Received
from engine.evaluation.requests import CsvRows, ImageFile, InputArrays, JsonRows, PredictRequest, SplitRows
from engine.evaluation.results import MAX_SAMPLES, OutputAnswer, Predictions, RawOutput
from engine.evaluation.settings import AnyConfig
from engine.evaluation.showing import measure_limits
from engine.evaluation.subject import Subject, open_subject
from engine.graph.document import Graph
from engine.graph.issues import Issue
from engine.models.explain import read_message

BYTES_ABOVE = 127
"""Bytes that go beyond this are taken for pixels from 0 to 255; digits of sixteen greys are bytes too."""


def predict(graph: Graph, config: AnyConfig, weights: Path, request: PredictRequest) -> Predictions:
    """The model's answers, as they are and in words.

    Raises what `engine.evaluation.subject.open_subject` does; `EngineError` `no_such_split` and `no_data`;
    `IssuesError` where what was sent does not fit the model, with an issue that names row and column; `EngineError`
    `cannot_compute` where Keras refuses it.
    """
    with open_subject(graph, config, weights) as subject:
        if isinstance(request, SplitRows):
            return _predict_split(subject, request)
        received = _receive(subject, request)
        raw = _run(subject, received.arrays)
        known = subject.data["training"].inputs if subject.data else received.arrays
        ends = subject.show_inputs(known)
        return _describe(subject, ends, received.arrays, raw, range(len(raw[0])), None, received.remarks)


def _predict_split(subject: Subject, request: SplitRows) -> Predictions:
    _, data = subject.choose(request.split)
    for place, index in enumerate(request.indices):
        if not 0 <= index < data.samples:
            message = (
                f"There is no sample {index}: the split has {data.samples:,}; expected a number from 0 to"
                f" {data.samples - 1}."
            )
            issue = Issue(code="no_such_sample", message=message, argument=f"indices.{place}")
            raise IssuesError("no_such_sample", message, None, [issue])
    rows = data.take(request.indices)
    raw = _run(subject, rows.inputs)
    return _describe(subject, subject.show_inputs(data.inputs), rows.inputs, raw, request.indices, rows.targets, [])


def _receive(subject: Subject, request: InputArrays | JsonRows | CsvRows | ImageFile) -> Received:
    inputs = subject.model.inputs
    match request:
        case InputArrays():
            received = read_inputs(request.inputs, inputs)
        case JsonRows():
            received = read_rows(request.rows, inputs)
        case CsvRows():
            received = read_csv(request.text, inputs)
        case ImageFile():
            received = read_image(request.content, inputs, _find_limits(subject, request), invert=request.invert)
    samples = len(received.arrays[0])
    if samples > MAX_SAMPLES:
        raise EngineError(
            "too_many_samples", f"There are {samples:,} samples; expected at most {MAX_SAMPLES:,}.", "Send fewer."
        )
    return received


def _find_limits(subject: Subject, request: ImageFile) -> tuple[float, float]:
    """The numbers for black and white."""
    if request.limits is not None:
        return request.limits
    if not subject.data:
        raise EngineError(
            "no_data",
            "An image is brought to the range of the training data, and no data set is named.",
            "Say the numbers for black and white, such as ?black=0&white=255, or name a data set.",
        )
    images = subject.data["training"].inputs[0]
    black, white = measure_limits([images])[0]
    if images.dtype == np.uint8 and white > BYTES_ABOVE:
        # Pixels as they are in files: the model is to see of a picture what it would see of it in the data.
        return 0.0, 255.0
    return black, white


def _run(subject: Subject, inputs: Sequence[Array]) -> list[Array]:
    try:
        return predict_arrays(subject.model, inputs[0] if len(inputs) == 1 else inputs, subject.config.fit.batch_size)
    except MemoryError:
        raise
    except Exception as error:  # whatever it is, it comes from these values in this model
        raise EngineError(
            "cannot_compute",
            f"The model cannot be called on this: {read_message(error)[:1000]}",
            "Look at the values: their range, and how many there are.",
        ) from error


def _describe(
    subject: Subject,
    ends: Sequence[ShownInput],
    inputs: Sequence[Array],
    raw: list[Array],
    indices: Sequence[int],
    targets: Sequence[Array] | None,
    remarks: list[str],
) -> Predictions:
    refuse_too_many(sum(one.size for one in raw))
    outputs: list[list[OutputAnswer]] = [
        read_answers(reading, one, None if targets is None else targets[place])
        for place, (reading, one) in enumerate(zip(subject.readings, raw, strict=True))
    ]
    by_sample = [list(answers) for answers in zip(*outputs, strict=True)]
    return Predictions(
        samples=describe_samples(ends, inputs, by_sample, list(indices)),
        raw=[
            RawOutput(
                output=reading.name,
                kind=reading.kind,
                scores=reading.scores,
                class_names=reading.class_names,
                **write_values(np.asarray(one)).model_dump(),
            )
            for reading, one in zip(subject.readings, raw, strict=True)
        ],
        remarks=[*remarks, *subject.remarks],
    )
